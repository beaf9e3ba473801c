/* lab/results.c -- see results.h: config.cfg and the CSV files; manifest.c does the rest
 */
#include "lab/results.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/csv.h"
#include "lab/output.h"
#include "lab/stats.h"

/* ---- rows --------------------------------------------------------------- */

static void put_numbers(FILE *out, const double *value, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        putc(',', out);
        lab_put_number(out, value[i]);
    }
}

static void put_curve(FILE *out, const struct lab_run *run, const struct lab_arm_run *a,
                      enum lab_metric metric, double *scratch)
{
    const struct lab_measure *m = a->measure;
    for (size_t k = 0; k < m->rows; k++) {
        struct lab_summary s =
            lab_summarise(m->seeds, m->value[metric] + k, m->rows, scratch);
        const double numbers[] = {s.mean, s.se,     s.sd,  s.min, s.q05,
                                  s.q25,  s.median, s.q75, s.q95, s.max};
        fprintf(out, "%zu,%s,%zu", a->arm.number, lab_metric_cards[metric].name,
                run->t[k]);
        put_numbers(out, numbers, sizeof numbers / sizeof *numbers);
        fprintf(out, ",%zu\n", m->seeds);
    }
}

static void put_curves(FILE *out, const struct lab_run *run)
{
    double *scratch = lab_alloc(run->e->seeds, sizeof *scratch);
    fputs("arm,metric,t,mean,se,sd,min,q05,q25,median,q75,q95,max,replicas\n", out);
    for (size_t i = 0; i < run->arms; i++)
        for (enum lab_metric k = 1; k < LAB_METRICS; k++)
            if (run->arm[i].measure->want[k])
                put_curve(out, run, &run->arm[i], k, scratch);
    free(scratch);
}

static void put_bounds(FILE *out, const struct lab_run *run)
{
    fputs("arm,bound,metric,t,bound_value,empirical,se,ratio\n", out);
    for (size_t i = 0; i < run->arms; i++)
        for (size_t c = 0; c < run->arm[i].claims; c++) {
            const struct lab_claim *claim = &run->arm[i].claim[c];
            for (size_t k = 0; claim->bound_value && k < claim->rows; k++) {
                const double numbers[] = {claim->bound_value[k], claim->empirical[k],
                                          claim->se[k], claim->ratio[k]};
                fprintf(out, "%zu,%s,%s,%zu", claim->arm, claim->entry->name,
                        lab_metric_cards[claim->metric].name, claim->t[k]);
                put_numbers(out, numbers, 4);
                putc('\n', out);
            }
        }
}

static void put_verdicts(FILE *out, const struct lab_run *run)
{
    fputs("arm,bound,metric,status,verdict,tightness,tightness_lo,tightness_hi,worst_t,"
          "reason\n",
          out);
    for (size_t i = 0; i < run->arms; i++)
        for (size_t c = 0; c < run->arm[i].claims; c++) {
            const struct lab_claim *claim = &run->arm[i].claim[c];
            const double numbers[] = {claim->tightness, claim->lo, claim->hi};
            fprintf(out, "%zu,%s,%s,%s,%s", claim->arm, claim->entry->name,
                    lab_metric_cards[claim->metric].name,
                    lab_standing_text[claim->status], lab_verdict_text[claim->verdict]);
            put_numbers(out, numbers, 3);
            if (claim->worst_t)
                fprintf(out, ",%zu,", claim->worst_t);
            else
                fputs(",nan,", out);
            lab_put_text(out, claim->reason);
            putc('\n', out);
        }
}

static void put_rate(FILE *out, const struct lab_arm_run *a, enum lab_metric m,
                     const struct lab_claim *claim)
{
    const struct lab_rate *rate = &a->rate[m];
    const double slopes[] = {rate->slope, rate->lo, rate->hi};
    fprintf(out, "%zu,%s,", a->arm.number, lab_metric_cards[m].name);
    if (rate->from)
        fprintf(out, "%zu,%zu", rate->from, rate->to);
    else
        fputs("nan,nan", out);
    put_numbers(out, slopes, 3);
    fprintf(out, ",%s,", claim ? claim->entry->name : "-");
    lab_put_number(out, claim ? lab_claim_slope(claim, rate) : NAN);
    fprintf(out, ",%s\n", lab_shape_text[rate->shape]);
}

static void put_rates(FILE *out, const struct lab_run *run)
{
    fputs("arm,metric,from,to,slope,lo,hi,bound,bound_slope,shape\n", out);
    for (size_t i = 0; i < run->arms; i++)
        for (enum lab_metric m = 1; m < LAB_METRICS; m++) {
            const struct lab_arm_run *a = &run->arm[i];
            bool any = false;
            for (size_t c = 0; c < a->claims; c++)
                if (a->claim[c].metric == m && a->claim[c].bound_value) {
                    put_rate(out, a, m, &a->claim[c]);
                    any = true;
                }
            if (a->measure->want[m] && !any)
                put_rate(out, a, m, NULL);
        }
}

static void put_value(FILE *out, size_t arm, size_t replica, const char *metric, size_t t,
                      double value)
{
    fprintf(out, "%zu,%zu,%s,%zu,", arm, replica, metric, t);
    lab_put_number(out, value);
    putc('\n', out);
}

static void put_replicas(FILE *out, const struct lab_run *run)
{
    fputs("arm,replica,metric,t,value\n", out);
    for (size_t i = 0; i < run->arms; i++) {
        const struct lab_measure *m = run->arm[i].measure;
        const size_t d = run->arm[i].arm.problem->facts.d;
        for (size_t r = 0; r < m->seeds; r++) {
            for (enum lab_metric k = 1; k < LAB_METRICS; k++)
                for (size_t row = 0; m->want[k] && row < m->rows; row++)
                    put_value(out, i + 1, r + 1, lab_metric_cards[k].name, m->t[row],
                              m->value[k][r * m->rows + row]);
            for (size_t j = 0; m->raw_x && j < d; j++) {
                char name[32];
                snprintf(name, sizeof name, "x[%zu]", j);
                for (size_t row = 0; row < m->rows; row++)
                    put_value(out, i + 1, r + 1, name, m->t[row],
                              m->raw_x[(r * m->rows + row) * d + j]);
            }
        }
    }
}

static void put_config(FILE *out, const struct lab_run *run)
{
    struct lab_node *root = lab_experiment_write(run->e);
    fputs("# The effective config of this run: every default and override written out.\n",
          out);
    lab_node_write(root, out);
    lab_node_free(root);
}

/* ---- old files ---------------------------------------------------------- */

static int remove_file(const char *dir, const char *name, struct lab_error *err)
{
    char *path = lab_text("%s/%s", dir, name);
    int failed = 0;
    if (unlink(path) && errno != ENOENT && errno != ENOTDIR)
        failed = lab_fail(err, "cannot remove %s: %s", path, strerror(errno));
    free(path);
    return failed;
}

/* "avg_regret-2.svg": other files in that folder are not lab's. */
static bool is_figure(const char *name)
{
    static const char *const endings[] = {".svg", ".png", ".pdf", ".gp"};
    const char *dot = strrchr(name, '.');
    bool ending = false,
         metric = strncmp(name, "slack-", strlen("slack-")) == 0 ||
                  strncmp(name, "last_slack-", strlen("last_slack-")) == 0;
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        ending |= strcmp(dot, endings[i]) == 0;
    for (enum lab_metric m = 1; m < LAB_METRICS; m++) {
        const size_t length = strlen(lab_metric_cards[m].name);
        metric |= strncmp(name, lab_metric_cards[m].name, length) == 0 &&
                  strchr(".-_", name[length]);
    }
    return ending && metric;
}

/* What a killed lab was drawing. */
static void remove_drawing(int figures, const char *name)
{
    const int fd = openat(figures, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        unlinkat(fd, entry->d_name, 0);
    if (folder)
        closedir(folder);
    unlinkat(figures, name, AT_REMOVEDIR);
}

/* The commit mark first, then every file lab may have put there. */
static int clear(const char *dir, struct lab_error *err)
{
    static const char *const files[] = {"manifest.json", "config.cfg",   "curves.csv",
                                        "bounds.csv",    "verdicts.csv", "rates.csv",
                                        "replicas.csv"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (remove_file(dir, files[i], err))
            return -1;
        if (i == 0)
            lab_output_sync(dir);
    }
    char *figures = lab_text("%s/figures", dir);
    DIR *folder = opendir(figures);
    int failed = 0;
    for (struct dirent *entry; folder && !failed && (entry = readdir(folder));)
        if (is_figure(entry->d_name))
            failed = remove_file(figures, entry->d_name, err);
        else if (strncmp(entry->d_name, ".drawing-", strlen(".drawing-")) == 0)
            remove_drawing(dirfd(folder), entry->d_name);
    if (folder)
        closedir(folder);
    free(figures);
    return failed;
}

/* ---- new files ---------------------------------------------------------- */

static const struct file {
    const char *name;
    void (*put)(FILE *, const struct lab_run *);
    bool raw; /* only if asked for */
} files[] = {
    {"config.cfg", put_config, false}, {"curves.csv", put_curves, false},
    {"bounds.csv", put_bounds, false}, {"verdicts.csv", put_verdicts, false},
    {"rates.csv", put_rates, false},   {"replicas.csv", put_replicas, true},
};
enum { FILES = sizeof files / sizeof *files };

static int stage(const struct lab_run *run, const char *dir, struct lab_output out[],
                 struct lab_error *err)
{
    for (size_t i = 0; i < FILES; i++) {
        if (files[i].raw && !run->e->raw)
            continue;
        if (lab_output_open(&out[i], dir, files[i].name, err))
            return -1;
        files[i].put(out[i].file, run);
        if (lab_output_close(&out[i], err))
            return -1;
    }
    return 0;
}

int lab_results_write(const struct lab_run *run, const char *dir, struct lab_error *err)
{
    struct lab_output out[FILES] = {{0}};
    lab_output_sweep(dir);
    int failed = stage(run, dir, out, err) || clear(dir, err) ? -1 : 0;
    for (size_t i = 0; i < FILES && !failed; i++)
        if (out[i].path)
            failed = lab_output_publish(&out[i], err);
    for (size_t i = 0; i < FILES; i++)
        lab_output_discard(&out[i]);
    lab_output_sync(dir);
    return failed;
}

/* ---- reading back ------------------------------------------------------- */

const char *lab_results_missing(const char *dir)
{
    const char *missing = NULL;
    for (size_t i = 0; i < FILES && !missing; i++) {
        char *path = lab_text("%s/%s", dir, files[i].name);
        if (!files[i].raw && access(path, F_OK))
            missing = files[i].name;
        free(path);
    }
    return missing;
}

int lab_results_violated(const char *dir, size_t *count, struct lab_error *err)
{
    struct lab_csv csv;
    size_t status, verdict;
    char *path = lab_text("%s/verdicts.csv", dir);
    int more = lab_csv_open(&csv, path, err);
    free(path);
    *count = 0;
    if (more)
        return -1;
    if (lab_csv_column(&csv, "status", &status, err) ||
        lab_csv_column(&csv, "verdict", &verdict, err)) {
        lab_csv_close(&csv);
        return -1;
    }
    while ((more = lab_csv_next(&csv, err)) == 1)
        *count +=
            strcmp(lab_csv_cell(&csv, status), lab_standing_text[LAB_CERTIFIED]) == 0 &&
            strcmp(lab_csv_cell(&csv, verdict), lab_verdict_text[LAB_VIOLATED]) == 0;
    lab_csv_close(&csv);
    return more;
}
