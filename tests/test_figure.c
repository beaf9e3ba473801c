/* tests/test_figure.c -- CSV reader, quoting for gnuplot, figures of hostile and odd runs
 */
#include "tests/lab_test.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/csv.h"
#include "lab/figure.h"
#include "lab/gnuplot.h"

static char folder[64];

/* ---- small files ------------------------------------------------------- */

static const char *in_folder(const char *name)
{
    static char path[4][300];
    static size_t turn;
    char *p = path[turn++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static void write_bytes(const char *path, const char *bytes, size_t n)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static char *read_bytes(const char *path, size_t *n)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return NULL;
    char *bytes = malloc(1 << 20);
    *n = fread(bytes, 1, (1 << 20) - 1, in);
    bytes[*n] = '\0';
    fclose(in);
    return bytes;
}

static bool exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && status.st_size > 0;
}

static void remove_all(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char inner[600];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && unlink(inner))
            remove_all(inner);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/lab-test-figure-XXXXXX");
    signal(SIGPIPE, SIG_IGN);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    remove_all(folder);
    return 0;
}

/* ---- csv --------------------------------------------------------------- */

/* The records of `text` as "a|b/c|d/", then the message if there was one. */
static const char *parsed(const char *text, size_t n)
{
    static char result[1500];
    struct lab_error err = {""};
    struct lab_csv csv;
    int got = 0;
    result[0] = '\0';
    write_bytes(in_folder("some.csv"), text, n);
    if (lab_csv_open(&csv, in_folder("some.csv"), &err) == 0) {
        while ((got = lab_csv_next(&csv, &err)) == 1) {
            for (size_t i = 0; i < csv.columns; i++)
                sprintf(result + strlen(result), "%s%s", i ? "|" : "",
                        lab_csv_cell(&csv, i));
            strcat(result, "/");
        }
        lab_csv_close(&csv);
    }
    const char *what = strstr(err.text, "some.csv");
    strcat(result, what ? what + 8 : err.text);
    return result;
}

static void csv_reads_rfc_4180(void **state)
{
    (void)state;
    static const struct {
        const char *text, *records;
    } cases[] = {
        {"a,b\n1,2\n3,4\n", "1|2/3|4/"},
        {"a,b\r\n1,2\r\n3,4", "1|2/3|4/"},
        {"a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", "x, y|say \"hi\"/"},
        {"a,b\n\"two\nlines\",2\n3,4\n", "two\nlines|2/3|4/"},
        {"a,b\n,\n\"\",x\n", "|/|x/"},
        {"a\n\"\"\n", "/"},
        {"", ":1: the file is empty"},
        {"a,b\n1\n", ":2: 1 cells, but 2 columns"},
        {"a,b\n1,2\n1,2,3\n", "1|2/:3: 3 cells, but 2 columns"},
        {"a,b\n\"1\n2\",3\n4\n", "1\n2|3/:4: 1 cells, but 2 columns"},
        {"a,b\n1,2\n\n", "1|2/:3: 1 cells, but 2 columns"},
        {"a,b\n1,\"2\n", ":2: a quote or byte that does not belong there"},
        {"a,b\n1,x\"2\"\n", ":2: a quote or byte that does not belong there"},
        {"a,b\n1,\"2\"x\n", ":2: a quote or byte that does not belong there"},
        {"a,b\n1\r,2\n", ":2: a quote or byte that does not belong there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(parsed(cases[i].text, strlen(cases[i].text)),
                            cases[i].records);
    assert_string_equal(parsed("a\n1\0\n", 5),
                        ":2: a quote or byte that does not belong there");
}

static void csv_finds_columns_and_numbers(void **state)
{
    (void)state;
    static const char text[] = "t,mean\n1e3,nan\n-2,inf\nx,\n";
    struct lab_csv csv;
    struct lab_error err = {""};
    size_t column;
    double value;
    write_bytes(in_folder("n.csv"), text, strlen(text));
    assert_int_equal(lab_csv_open(&csv, in_folder("n.csv"), &err), 0);
    assert_int_equal(lab_csv_column(&csv, "mean", &column, &err), 0);
    assert_int_equal(column, 1);
    assert_int_equal(lab_csv_column(&csv, "median", &column, &err), -1);
    assert_non_null(strstr(err.text, "n.csv: no column 'median'"));
    assert_int_equal(lab_csv_next(&csv, &err), 1);
    assert_int_equal(lab_csv_number(&csv, 0, &value, &err), 0);
    assert_close(value, 1000, 0);
    assert_int_equal(lab_csv_number(&csv, 1, &value, &err), 0);
    assert_true(isnan(value));
    assert_int_equal(lab_csv_next(&csv, &err), 1);
    assert_int_equal(lab_csv_number(&csv, 1, &value, &err), 0);
    assert_close(value, INFINITY, 0);
    assert_int_equal(lab_csv_next(&csv, &err), 1);
    assert_int_equal(lab_csv_number(&csv, 1, &value, NULL), -1);
    err.text[0] = '\0';
    assert_int_equal(lab_csv_number(&csv, 0, &value, &err), -1);
    assert_non_null(strstr(err.text, "n.csv:4: t = 'x' is not a number"));
    assert_int_equal(lab_csv_next(&csv, &err), 0);
    lab_csv_close(&csv);
    err.text[0] = '\0';
    assert_int_equal(lab_csv_open(&csv, in_folder("none.csv"), &err), -1);
    assert_non_null(strstr(err.text, "none.csv: No such file or directory"));
    err.text[0] = '\0';
    assert_int_equal(lab_csv_open(&csv, folder, &err), -1);
    assert_non_null(strstr(err.text, "Is a directory"));
}

/* ---- quoting ----------------------------------------------------------- */

static const char *quoted(const char *text, size_t limit)
{
    static char result[5000];
    FILE *out = fmemopen(result, sizeof result, "w");
    lab_gnuplot_quote(out, text, limit);
    fclose(out);
    return result;
}

static void quoting_lets_no_byte_through(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char text[2] = {(char)c, '\0'}, expected[16] = "\"?\"";
        bool plain = c < 128 && (isalnum(c) || strchr(" .,:;()+-=/_*?", c));
        if (plain)
            snprintf(expected, sizeof expected, "\"%c\"", c);
        else if (c == '\n' || c == '\r' || c == '\t')
            strcpy(expected, "\" \"");
        else if (c < 32 || c == 127)
            strcpy(expected, "\"\"");
        else if (c < 128)
            snprintf(expected, sizeof expected, "\"\\%03o\"", (unsigned)c);
        assert_string_equal(quoted(text, 100), expected); /* alone, >= 128 is no UTF-8 */
    }
}

static void quoting_knows_utf8(void **state)
{
    (void)state;
    assert_string_equal(quoted("é", 9), "\"\\303\\251\"");
    assert_string_equal(quoted("√😀", 9), "\"\\342\\210\\232\\360\\237\\230\\200\"");
    assert_string_equal(quoted("\xc0\xaf", 9), "\"??\"");               /* overlong */
    assert_string_equal(quoted("\xed\xa0\x80", 9), "\"???\"");          /* surrogate */
    assert_string_equal(quoted("\xe2\x88", 9), "\"??\"");               /* cut short */
    assert_string_equal(quoted("a\xe2\x80\xae\xc2\x9fz", 9), "\"az\""); /* RLO, C1 */
    assert_string_equal(quoted("ééé", 2), "\"\\303\\251\\303\\251...\"");
    assert_string_equal(quoted("ééé", 3), "\"\\303\\251\\303\\251\\303\\251\"");
}

/* ---- figures ----------------------------------------------------------- */

static const char *const HOSTILE = "\"; system(\"touch pwned\"); # `touch pwned` @m $x "
                                   "{/Bold=99 x} & <b>\\ ~a^b_c|d %d\n' newline";

/* A run of `rows` rows and two arms; `kind` says what is odd about it. */
static json_t *make_run(size_t rows, const char *kind, const char *title)
{
    FILE *curves = fopen(in_folder("curves.csv"), "w");
    FILE *bounds = fopen(in_folder("bounds.csv"), "w");
    FILE *verdicts = fopen(in_folder("verdicts.csv"), "w");
    bool is_nan = strcmp(kind, "nan") == 0, negative = strcmp(kind, "negative") == 0;
    fputs("arm,metric,t,mean,se,sd,min,q05,q25,median,q75,q95,max,replicas\n", curves);
    fputs("arm,bound,metric,t,bound_value,empirical,se,ratio\n", bounds);
    fputs("arm,bound,metric,status,verdict,tightness,tightness_lo,tightness_hi,worst_t,"
          "reason\n",
          verdicts);
    for (int arm = 1; arm <= 2; arm++) {
        for (size_t k = 1; k <= rows; k++) {
            double t = (double)k, y = negative ? -1 / t : is_nan ? NAN : 1 / t;
            if (strcmp(kind, "inf") == 0 && k > rows / 2)
                y = INFINITY;
            fprintf(curves, "%d,gap,%zu,%g,0,0,0,%g,0,0,0,%g,0,8\n", arm, k, y, y / 2,
                    y * 2);
            fprintf(bounds, "%d,sgd_gap,gap,%zu,%g,0,0,0\n", arm, k, 1e9 / t);
            fprintf(bounds, "%d,other,gap,%zu,%g,0,0,0\n", arm, k, 3 / t);
        }
        fprintf(verdicts, "%d,sgd_gap,gap,certified,holds,1e-9,0,0,1,\n", arm);
        fprintf(verdicts, "%d,other,gap,estimated,undecided,0.98,0,0,1,\"a, b\"\n", arm);
    }
    fclose(curves), fclose(bounds), fclose(verdicts);
    return json_pack("{s:s, s:s, s:i, s:i, s:[{s:s}], s:{s:{s:s, s:s}},"
                     " s:[{s:i, s:s, s:s, s:s, s:s, s:[{s:i, s:i, s:f}]}, {s:i, s:s}]}",
                     "title", title, "run_id", "3f9c21ab77d0", "seeds",
                     strcmp(kind, "seed") == 0 ? 1 : 8, "batch", 4, "plots", "metric",
                     "gap", "metrics", "gap", "label", HOSTILE, "definition", HOSTILE,
                     "arms", "arm", 1, "label", HOSTILE, "problem", HOSTILE, "optimizer",
                     "sgd", "schedule", "constant", "diverged", "replica", 2, "t", 3,
                     "eta", 0.5, "arm", 2, "label", "the other");
}

static void has_no_scratch(void)
{
    DIR *dir = opendir(in_folder("figures"));
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        assert_true(entry->d_name[0] != '.' || strspn(entry->d_name, ".") <= 2);
    closedir(dir);
    assert_false(exists("pwned"));
    assert_false(exists(in_folder("pwned")));
    assert_false(exists(in_folder("figures/pwned")));
}

static void every_format_and_odd_run_is_drawn(void **state)
{
    (void)state;
    static const char *const kinds[] = {"plain", "nan", "negative", "inf", "seed"};
    for (enum lab_format format = LAB_SVG; format <= LAB_PDF; format++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            for (size_t rows = 1; rows <= 64; rows *= 64) {
                struct lab_error err = {""};
                struct lab_figures made;
                json_t *manifest = make_run(rows, kinds[k], HOSTILE);
                assert_non_null(manifest);
                int failed =
                    lab_figures_draw(folder, manifest, format, NULL, &made, &err);
                assert_string_equal(err.text, "");
                assert_int_equal(failed, 0);
                assert_int_equal(made.drawn, 2);
                for (size_t i = 0; i < made.drawn; i++)
                    assert_true(exists(in_folder(made.path[i])));
                assert_true(exists(in_folder("figures/gap-2.gp")));
                lab_figures_free(&made);
                json_decref(manifest);
            }
    has_no_scratch();
}

static void script_redraws_without_lab(void **state)
{
    (void)state;
    struct lab_error err = {""};
    struct lab_figures made;
    size_t n, m;
    json_t *manifest = make_run(5000, "plain", "A title");
    assert_int_equal(lab_figures_draw(folder, manifest, LAB_SVG, NULL, &made, &err), 0);
    lab_figures_free(&made);
    json_decref(manifest);
    char *first = read_bytes(in_folder("figures/gap-1.svg"), &n);
    char *script = read_bytes(in_folder("figures/gap-1.gp"), &m);
    assert_non_null(strstr(script, "# redraw: gnuplot -d gap-1.gp\n"));
    assert_true(m < 250000); /* thinned */
    assert_int_equal(unlink(in_folder("figures/gap-1.svg")), 0);
    char command[400];
    snprintf(command, sizeof command, "cd %s/figures && gnuplot gap-1.gp", folder);
    assert_int_equal(system(command), 0);
    char *second = read_bytes(in_folder("figures/gap-1.svg"), &m);
    assert_non_null(second);
    assert_int_equal(n, m);
    assert_memory_equal(first, second, n);
    assert_non_null(strstr(first, "A title"));
    free(first), free(second), free(script);
}

/* Adds a plot of the gap against evaluations, of which arm `a` makes `each[a]` a step;
 * `spread`: seeds differ by that factor. */
static json_t *make_costly_run(size_t rows, const double each[2], double spread)
{
    json_t *manifest = make_run(rows, "plain", "A title");
    FILE *curves = fopen(in_folder("curves.csv"), "a");
    for (int arm = 1; arm <= 2; arm++)
        for (size_t k = 1; k <= rows; k++) {
            const double y = each[arm - 1] * (double)k;
            fprintf(curves, "%d,evaluations,%zu,%g,0,0,0,%g,0,0,0,%g,0,8\n", arm, k, y,
                    y / spread, y * spread);
        }
    fclose(curves);
    json_array_append_new(
        json_object_get(manifest, "plots"),
        json_pack("{s:s, s:s}", "metric", "gap", "against", "evaluations"));
    return manifest;
}

/* Adds a stack upon the gap, of parts that are 2, 1 and `third` times it, in arm 1 alone. */
static json_t *make_stacked_run(size_t rows, double third)
{
    json_t *manifest = make_run(rows, "plain", "A title");
    FILE *curves = fopen(in_folder("curves.csv"), "a");
    const double times[] = {2, 1, third};
    for (int p = 0; p < 3; p++)
        for (size_t k = 1; k <= rows; k++)
            fprintf(curves, "1,part_%d,%zu,%.17g,0,0,0,0,0,0,0,0,0,8\n", p, k,
                    times[p] / (double)k);
    fclose(curves);
    json_object_set_new(
        manifest, "stacks",
        json_pack("[{s:s, s:s, s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]}]",
                  "stack", "slack", "metric", "gap", "about", HOSTILE, "bound", HOSTILE,
                  "parts", "metric", "part_0", "label", "first step", "metric", "part_1",
                  "label", HOSTILE, "metric", "part_2", "label", "third step"));
    return manifest;
}

/* The lines of a script that begin with `word`, freed by the caller. */
static char *lines_with(const char *name, const char *word)
{
    size_t n = 0, length = 0;
    char *script = read_bytes(in_folder(name), &n);
    assert_non_null(script);
    char *found = calloc(1, n + 1);
    for (char *line = strtok(script, "\n"); line; line = strtok(NULL, "\n"))
        if (strncmp(line, word, strlen(word)) == 0)
            length += (size_t)sprintf(found + length, "%s\n", line);
    free(script);
    return found;
}

/* A row stands at its arm's own evaluations, bounds with it; on a log axis a constant cost
 * moves nothing else: strokes (the cross of the divergence, the slope) stay in place. */
static void evaluations_are_an_axis(void **state)
{
    (void)state;
    static const char *const names[] = {"figures/gap_by_evaluations-1.gp",
                                        "figures/gap_by_evaluations-2.gp"};
    static const char *const rows[] = {
        "$line0 << EOD\n3 1\n6 0.5\n", "$line2 << EOD\n3 3\n6 1.5\n9 1\n",
        "$line0 << EOD\n500 1\n1000 0.5\n", "$line2 << EOD\n500 3\n1000 1.5\n1500 1\n"};
    struct lab_error err = {""};
    struct lab_figures made;
    size_t n;
    json_t *manifest = make_costly_run(64, (const double[]){3, 500}, 1);
    assert_int_equal(lab_figures_draw(folder, manifest, LAB_PNG, NULL, &made, &err), 0);
    assert_int_equal(made.drawn, 4);
    assert_string_equal(made.path[2], "figures/gap_by_evaluations-1.png");
    for (size_t i = 0; i < 2; i++) {
        char *script = read_bytes(in_folder(names[i]), &n);
        assert_non_null(strstr(script, "\"gradient evaluations (single samples)\""));
        assert_null(strstr(script, "t, steps"));
        assert_non_null(strstr(script, rows[2 * i]));
        assert_non_null(strstr(script, rows[2 * i + 1]));
        assert_non_null(strstr(script, i ? "[500:32000]" : "[3:192]"));
        free(script);
    }
    char *plain = lines_with("figures/gap-1.gp", "set arrow");
    char *moved = lines_with(names[0], "set arrow");
    assert_non_null(strstr(plain, "lw 1.2")); /* the cross */
    assert_string_equal(plain, moved);
    free(plain), free(moved);
    char *axis = lines_with("figures/gap-1.gp", "set label \"t, steps");
    assert_true(strlen(axis) > 0);
    free(axis);
    lab_figures_free(&made);
    json_decref(manifest);
}

static void evaluations_of_seeds_that_differ(void **state)
{
    (void)state;
    struct lab_error err = {""};
    struct lab_figures made;
    char *text;
    size_t size;
    json_t *manifest = make_costly_run(8, (const double[]){3, 500}, 1.1);
    FILE *terminal = open_memstream(&text, &size);
    assert_int_equal(lab_figures_draw(folder, manifest, LAB_TXT, terminal, &made, &err),
                     0);
    fclose(terminal);
    assert_non_null(
        strstr(text, "gradient evaluations (single samples), mean over seeds\n"));
    assert_non_null(strstr(text, "t, steps\n"));
    free(text);
    lab_figures_free(&made);
    json_decref(manifest);
}

/* A table without that metric, with rows missing or with a count that falls. */
static void evaluations_that_are_no_axis(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *message;
    } cases[] = {
        {"", "curves.csv has no metric 'evaluations' of arm 1"},
        {"1,evaluations,1,5,0,0,0,0,0,0,0,0,0,8\n",
         "curves.csv: evaluations of arm 1 lacks rows"},
        {"1,evaluations,1,5,0,0,0,0,0,0,0,0,0,8\n1,evaluations,3,4,0,0,0,0,0,0,0,0,0,8\n",
         "curves.csv: evaluations of arm 1 is 4 at t = 3: no axis"},
        {"1,evaluations,1,nan,0,0,0,0,0,0,0,0,0,8\n",
         "curves.csv: evaluations of arm 1 is nan at t = 1: no axis"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_error err = {""};
        struct lab_figures made;
        json_t *manifest = make_costly_run(3, (const double[]){1, 1}, 1);
        json_decref(make_run(3, "plain", "A title")); /* the files without it */
        FILE *curves = fopen(in_folder("curves.csv"), "a");
        fputs(cases[i].rows, curves);
        fclose(curves);
        assert_int_equal(lab_figures_draw(folder, manifest, LAB_SVG, NULL, &made, &err),
                         -1);
        assert_string_equal(err.text, cases[i].message);
        lab_figures_free(&made);
        json_decref(manifest);
    }
}

/* Of 1 + 2 + 1 + 4 = 8: tops at 1/8, 3/8, 4/8, 1, at every row; labels say 12.5, 25, 12.5, 50 %. */
static void shares_of_a_bound_are_stacked(void **state)
{
    (void)state;
    struct lab_error err = {""};
    struct lab_figures made;
    size_t n;
    for (enum lab_format format = LAB_SVG; format <= LAB_PDF; format++)
        for (size_t rows = 1; rows <= 5000; rows = rows == 1 ? 10 : 500 * rows) {
            json_t *manifest = make_stacked_run(rows, 4);
            assert_int_equal(
                lab_figures_draw(folder, manifest, format, NULL, &made, &err), 0);
            assert_string_equal(err.text, "");
            assert_int_equal(made.drawn, 3); /* arm 2 has no parts */
            assert_non_null(strstr(made.path[2], "figures/slack-1."));
            assert_true(exists(in_folder(made.path[2])));
            lab_figures_free(&made);
            json_decref(manifest);
            char *script = read_bytes(in_folder("figures/slack-1.gp"), &n);
            assert_true(n < 100000); /* thinned */
            static const char *const wanted[] = {"$area0 << EOD\n1 0 0.125\n",
                                                 "$area1 << EOD\n1 0.125 0.375\n",
                                                 "$area2 << EOD\n1 0.375 0.5\n",
                                                 "$area3 << EOD\n1 0.5 1\n",
                                                 "set yrange [0:1]",
                                                 "\"12.5\\302\\240\\045",
                                                 "\"50.0\\302\\240\\045",
                                                 "share of the bound",
                                                 "A title: where the bound on "};
            for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
                if (!strstr(script, wanted[i]))
                    fail_msg("no '%s' in %.3000s", wanted[i], script);
            assert_null(strstr(script, "below 0"));
            free(script);
        }
    has_no_scratch();
}

/* Parts below 0 are said; without a bound above 0 nothing is drawn, and that is no failure. */
static void odd_shares_are_said(void **state)
{
    (void)state;
    struct lab_error err = {""};
    struct lab_figures made;
    size_t n;
    static const double thirds[] = {-1, -4, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        json_t *manifest = make_stacked_run(20, thirds[i]);
        assert_int_equal(lab_figures_draw(folder, manifest, LAB_SVG, NULL, &made, &err),
                         0);
        assert_int_equal(made.drawn, 3);
        lab_figures_free(&made);
        json_decref(manifest);
        char *script = read_bytes(in_folder("figures/slack-1.gp"), &n);
        assert_true((strstr(script, "a part is below 0 in 20 of 20 points") != NULL) ==
                    (i == 0));
        assert_true((strstr(script, "$area0 << EOD\n1 0 ") != NULL) == (i == 0));
        free(script);
    }
}

static void terminal_figure_fits(void **state)
{
    (void)state;
    struct lab_error err = {""};
    struct lab_figures made;
    char *text;
    size_t size, lines = 0;
    setenv("COLUMNS", "80", 1);
    setenv("LINES", "24", 1);
    FILE *terminal = open_memstream(&text, &size);
    json_t *manifest = make_run(64, "plain", "A title \033[31m");
    assert_int_equal(lab_figures_draw(folder, manifest, LAB_TXT, terminal, &made, &err),
                     0);
    fclose(terminal);
    assert_int_equal(made.drawn, 0);
    for (const char *p = text; *p; p++) {
        assert_true(*p == '\n' || (unsigned char)*p >= ' ');
        lines += *p == '\n';
    }
    assert_non_null(strstr(text, "A title"));
    assert_non_null(strstr(text, "other: estimated, undecided, tightness 0.98\n"));
    if (!isatty(STDOUT_FILENO))
        assert_true(lines <= 2 * 24);
    lab_figures_free(&made);
    json_decref(manifest);
    free(text);
}

/* ---- failures ---------------------------------------------------------- */

/* Draws a plain run with gnuplot replaced by a script (NULL: by nothing). */
static int draw_with(const char *gnuplot, struct lab_error *err)
{
    char *path = strdup(getenv("PATH"));
    struct lab_figures made;
    json_t *manifest = make_run(8, "plain", "A title");
    mkdir(in_folder("bin"), 0777);
    unlink(in_folder("bin/gnuplot"));
    if (gnuplot) {
        write_bytes(in_folder("bin/gnuplot"), gnuplot, strlen(gnuplot));
        assert_int_equal(chmod(in_folder("bin/gnuplot"), 0755), 0);
    }
    setenv("PATH", in_folder("bin"), 1);
    err->text[0] = '\0';
    int failed = lab_figures_draw(folder, manifest, LAB_SVG, NULL, &made, err);
    setenv("PATH", path, 1);
    assert_int_equal(made.drawn, 0);
    lab_figures_free(&made);
    json_decref(manifest);
    free(path);
    return failed;
}

static void missing_gnuplot_leaves_the_scripts(void **state)
{
    (void)state;
    struct lab_error err;
    char expected[300];
    assert_int_equal(draw_with(NULL, &err), -1);
    snprintf(expected, sizeof expected,
             "gnuplot is not installed: figures were not drawn; "
             "`apt-get install gnuplot-nox`, then `lab plot %s`",
             folder);
    assert_string_equal(err.text, expected);
    assert_true(exists(in_folder("figures/gap-1.gp")));
    assert_true(exists(in_folder("figures/gap-2.gp")));
    assert_false(exists(in_folder("figures/gap-1.svg")));
    has_no_scratch();
}

static void failing_gnuplot_is_quoted(void **state)
{
    (void)state;
    struct lab_error err;
    assert_int_equal(
        draw_with("#!/bin/sh\necho '         line 7: woe' >&2\nexit 1\n", &err), -1);
    assert_string_equal(err.text, "gnuplot failed: line 7: woe");
    assert_int_equal(draw_with("#!/bin/sh\nexit 0\n", &err), -1);
    assert_non_null(strstr(err.text, "gnuplot did not write "));
    assert_int_equal(draw_with("#!/bin/sh\n: >gap-1.svg\n: >gap-2.svg\n", &err), -1);
    assert_non_null(strstr(err.text, "gnuplot wrote nothing to "));
    assert_int_equal(draw_with("#!/bin/sh\nkill -9 $$\n", &err), -1);
    assert_string_equal(err.text, "gnuplot was ended by signal 9 (Killed)");
    assert_int_equal(
        draw_with("#!/bin/sh\necho 'unknown or ambiguous terminal type' >&2\nexit 1\n",
                  &err),
        -1);
    assert_non_null(strstr(err.text, "no such terminal"));
    assert_false(exists(in_folder("figures/gap-1.svg")));
    has_no_scratch();
}

static void unwritable_folder_is_named(void **state)
{
    (void)state;
    struct lab_error err;
    write_bytes(in_folder("figures"), "x", 1); /* a file where the folder should be */
    assert_int_equal(draw_with(NULL, &err), -1);
    assert_non_null(strstr(err.text, in_folder("figures")));
    assert_int_equal(unlink(in_folder("figures")), 0);
}

static void bad_rows_are_named(void **state)
{
    (void)state;
    struct lab_error err = {""};
    struct lab_figures made;
    json_t *manifest = make_run(3, "plain", "A title");
    FILE *curves = fopen(in_folder("curves.csv"), "a");
    fputs("1,gap,1,1,0,0,0,0,0,0,0,0,0,8\n", curves);
    fclose(curves);
    assert_int_equal(lab_figures_draw(folder, manifest, LAB_SVG, NULL, &made, &err), -1);
    assert_non_null(strstr(err.text, "curves.csv:8: t = 1 does not increase"));
    lab_figures_free(&made);
    json_decref(manifest);
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    enum lab_format format = LAB_SVG;
    struct lab_error err = {""};
    assert_int_equal(lab_format_find("pdf", &format, &err), 0);
    assert_int_equal(format, LAB_PDF);
    assert_int_equal(lab_format_find("jpeg", &format, &err), -1);
    assert_string_equal(err.text, "unknown format 'jpeg' (svg, png, pdf, txt)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(csv_reads_rfc_4180, set_up, tear_down),
        cmocka_unit_test_setup_teardown(csv_finds_columns_and_numbers, set_up, tear_down),
        cmocka_unit_test(quoting_lets_no_byte_through),
        cmocka_unit_test(quoting_knows_utf8),
        cmocka_unit_test_setup_teardown(every_format_and_odd_run_is_drawn, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(script_redraws_without_lab, set_up, tear_down),
        cmocka_unit_test_setup_teardown(evaluations_are_an_axis, set_up, tear_down),
        cmocka_unit_test_setup_teardown(evaluations_of_seeds_that_differ, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(evaluations_that_are_no_axis, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shares_of_a_bound_are_stacked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_shares_are_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(terminal_figure_fits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_gnuplot_leaves_the_scripts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(failing_gnuplot_is_quoted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unwritable_folder_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_rows_are_named, set_up, tear_down),
        cmocka_unit_test(formats_are_found_by_name),
    };
    return cmocka_run_group_tests_name("figure", tests, NULL, NULL);
}
