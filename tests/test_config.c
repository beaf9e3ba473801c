/* tests/test_config.c -- config files and -o: what is read, what is refused, and how. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lab/config.h"
#include "tests/lab_test.h"

#if defined(__SANITIZE_ADDRESS__)
static const double slow = 8; /* seconds */
#else
static const double slow = 1.5;
#endif

static char folder[] = "/tmp/lab_config_XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char *command = lab_text("rm -rf '%s'", folder);
    int status = chdir("/") || system(command);
    free(command);
    return status;
}

static void write_bytes(const char *name, const char *text, size_t length)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void write_file(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

/* All mistakes, one a line; free() it. */
static char *joined(const struct lab_mistakes *mistakes)
{
    char *all = lab_text("%s", "");
    for (size_t i = 0; i < mistakes->count; i++) {
        char *longer = lab_text("%s%s\n", all, mistakes->line[i]);
        free(all);
        all = longer;
    }
    return all;
}

/* Reads a file that must be complained of with all of `expected`, separated by |. */
static void assert_refused(const char *name, const char *expected)
{
    struct lab_mistakes mistakes = {0};
    struct lab_node *root = lab_config_read(name, &mistakes);
    char *all = joined(&mistakes), *parts = lab_text("%s", expected), *save = NULL;
    if (!mistakes.count)
        fail_msg("%s was read, expected: %s", name, expected);
    lab_node_free(root); /* a tree only where no more than values were wrong */
    for (char *p = strtok_r(parts, "|", &save); p; p = strtok_r(NULL, "|", &save))
        if (!strstr(all, p))
            fail_msg("expected: %s\nmistakes: %s", p, all);
    free(all), free(parts);
    lab_mistakes_free(&mistakes);
}

static struct lab_node *assert_read(const char *name)
{
    struct lab_mistakes mistakes = {0};
    struct lab_node *root = lab_config_read(name, &mistakes);
    if (!root || mistakes.count) {
        char *all = joined(&mistakes);
        fail_msg("%s was refused: %s", name, all);
    }
    lab_mistakes_free(&mistakes);
    return root;
}

static struct lab_node *assert_text_read(const char *text)
{
    write_file("a.cfg", text);
    return assert_read("a.cfg");
}

/* ---- files ------------------------------------------------------------ */

static void hostile_texts_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"a = 1;\n/* no end\nb = 2;\n", "a.cfg:2: this comment is never closed"},
        {"a = 1;\n\nb = \"no end;\nc = 2;\n", "a.cfg:3: this string is never closed"},
        {"a = \"x\ny\";\nb = \"z;\n",
         "a.cfg:3: this string is never closed (or the one begun in line 1)"},
        {"a = 99999999999999999999;\n", "a.cfg:1: a = 99999999999999999999 is too large"},
        {"a = -9223372036854775809;\n", "is too large"},
        {"a = 0xFFFFFFFFFFFFFFFF;\n", "is too large"},
        {"a = 9223372036854775808L;\n", "is too large"},
        {"\na = 1e999;\n", "a.cfg:2: a = 1e999 is too large"},
        {"a = [1.0, -1e400];\n", "a.cfg:1: a = -1e400 is too large"},
        {"a = 1e-999;\n", "a = 1e-999 is too small"},
        {"a = nan;\n", "a.cfg:1: a = nan is not finite"},
        {"a = -inf;\n", "a.cfg:1: a = -inf is not finite"},
        {"a = (1.0,\n Infinity);\n", "a.cfg:2: a = Infinity is not finite"},
        {"a = 1e5x;\n", "a = \"1e5x\" is not a number"},
        {"a = 1-2;\n", "a = \"1-2\" is not a number"},
        {"a = .;\n", "a = \".\" is not a number"},
        {"a = 0x;\n", "a = \"0x\" is not a number"},
        {"sampling = iid;\n", "a.cfg:1: sampling = \"iid\" must stand in quotes"},
        {"a = 1;\nb = 2;\na = 3;\n", "a.cfg:3: duplicate key 'a'"},
        {"a = { b = 1; c = 2; b = 3; };\n", "a.cfg:1: duplicate key 'b'"},
        {"a = 1;\nsteps 5;\n", "a.cfg:2: '=' is missing after 'steps'\n"},
        {"a = 1;;\n", "a.cfg:1: ';' is unexpected"},
        {"= 5;\n", "a.cfg:1: '=' is unexpected"},
        {"a = = 5;\n", "a.cfg:1: a value is missing before '='"},
        {"a = ;\n", "a.cfg:1: a value is missing before ';'"},
        {"a = {\nb = }\n", "a.cfg:2: a value is missing before '}'"},
        {"a = 1;\nb =\n", "a.cfg:2: a value is missing after 'b'"},
        {"a = 1;\nb\n\n", "a.cfg:2: '=' is missing after 'b'"},
        {"\"a\" = 1;\n", "a.cfg:1: \"a\" is unexpected: a key is meant"},
        {"true = 1;\n", "a.cfg:1: \"true\" is not a key"},
        {"a = 1;\n;b 1\nc = ,\n",
         "a.cfg:2: ';'|a.cfg:2: '=' is missing|a.cfg:3: a value"},
        {"a = (1, 2;\n", "a.cfg:1: ';' is unexpected"},
        {"a = (1 \"x\");\n", "a.cfg:1: a comma is missing before \"x\""},
        {"a = (1 2);\n", "a.cfg:1: a comma is missing before 2"},
        {"a = ({b = 1;} {b = 2;});\n", "a.cfg:1: '{' is unexpected: ',' is missing"},
        {"a = (,);\n", "a.cfg:1: ',' is unexpected"},
        {"a = (1,\n", "a.cfg:1: this '(' is never closed"},
        {"a = (\n{ b = 1; );\n", "a.cfg:2: ')' cannot close the '{' of a.cfg:2"},
        {"a = [1);\n", "a.cfg:1: ')' cannot close the '['"},
        {"a = 1; }\n", "a.cfg:1: '}' closes nothing"},
        {"5 = a;\n", "a.cfg:1: \"5\" is not a key"},
        {"a = 1;\n%$! = 3;\n", "a.cfg:2: \"%$!\" is not a key"},
        {"# caf\xE9\n", "a.cfg:1: byte 0xE9 is not valid UTF-8"},
        {"a = 1;\nb = \"\xC0\xAF\";", "a.cfg:2: byte 0xC0 is not valid UTF-8"},
        {"a = \"\\xFF\";", "a.cfg:1: this string has a NUL or invalid UTF-8"},
        {"a = \"x\\x00y\";", "a.cfg:1: this string has a NUL or invalid UTF-8"},
        {"a = 1;\n@include \"none.cfg\"\n",
         "a.cfg:2: @include \"none.cfg\": No such file"},
        {"@include none.cfg\n", "a.cfg:1: '@' is unexpected"},
        {"@include \"/dev/zero\"\n",
         "a.cfg:1: @include \"/dev/zero\": is not a regular file"},
        {"@include \"a.cfg\"\n", "a.cfg:1: @include goes round in circles"},
        {"a = 1e999;\nb = nan;\nc = (1 2);\n", "a.cfg:1: |a.cfg:2: |a.cfg:3: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_file("a.cfg", cases[i].text);
        assert_refused("a.cfg", cases[i].expected);
    }
    write_bytes("a.cfg", "a = 1;\n\0b = 2;\n", 15);
    assert_refused("a.cfg", "a.cfg:2: a NUL byte");
}

static void what_is_no_plain_file_is_refused(void **state)
{
    (void)state;
    write_file("momentum.cfg", "");
    assert_int_equal(mkdir("sub", 0700), 0);
    assert_int_equal(mkfifo("fifo.cfg", 0600), 0);
    write_file("sub/wine.cfg", "");
    assert_refused("nope.cfg", "nope.cfg: No such file or directory\n");
    assert_refused("momentun.cfg",
                   "momentun.cfg: No such file or directory (did you mean "
                   "'momentum.cfg'?)\n");
    assert_refused("momentum", "(did you mean 'momentum.cfg'?)\n");
    assert_refused("sub/wien.cfg", "(did you mean 'sub/wine.cfg'?)\n");
    assert_refused("", "No such file or directory");
    assert_refused("sub", "sub: is a directory");
    assert_refused("fifo.cfg", "fifo.cfg: is not a regular file");
    assert_refused("/dev/zero", "/dev/zero: is not a regular file");
}

/* 1 MiB of `unit` after `head`; at the end of it `tail`. */
static void write_big(const char *name, const char *head, const char *unit,
                      const char *tail)
{
    size_t limit = 1 << 20, length = strlen(head), step = strlen(unit);
    char *text = lab_alloc(limit + 1, 1);
    strcpy(text, head);
    for (; length + step + strlen(tail) <= limit; length += step)
        memcpy(text + length, unit, step);
    strcpy(text + length, tail);
    write_file(name, text);
    free(text);
}

static void a_mebibyte_of_anything_is_answered_soon(void **state)
{
    (void)state;
    static const struct {
        const char *head, *unit, *tail, *expected; /* NULL: is read */
    } cases[] = {
        {"", "(", "", "nested deeper than 32"},
        {"a = ", "[", "", "nested deeper than 32"},
        {"a = ", "{a=", "", "nested deeper than 32"},
        {"a = \"", "x", "\";", "longer than 64 KiB"},
        {"a = \"", "x", "", "a.cfg:1: this string is never closed"},
        {"a = ", "\"\"", ";", "longer than 64 KiB"},
        {"", "%!@ ", "", "too many mistakes"},
        {"", "/* ", "", "a.cfg:1: this comment is never closed"},
        {"", "=", "", "a.cfg:1: '=' is unexpected"},
        {"a = 1", ";", "", "a.cfg:1: ';' is unexpected"},
        {"a = ", "9", ";", "is too large"},
        {"a = 1.", "9", ";", NULL},
        {"", "k", " = 1;", "is not a key"},
        {"", "a = 1;\n", "", "more than 256 settings in one group"},
        {"", "@include \"empty.cfg\"\n", "", "more than 100 @include"},
        {"a = [", "1,", "1];", "a.cfg:1: more than 65536 values in one list"},
        {"a = (", "{a=1;b=2;c=3},", "{});", "more than 65536 values"},
        {"a = (", "{a=1;b=2;c=3;d=4},", "{});", NULL},
        {"a = [", "0.123456789e-123,", "1];", NULL},
        {"", "\n", "", NULL},
        {"#", "x", "", NULL},
    };
    write_file("empty.cfg", "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_big("a.cfg", cases[i].head, cases[i].unit, cases[i].tail);
        clock_t begin = clock();
        if (cases[i].expected)
            assert_refused("a.cfg", cases[i].expected);
        else
            lab_node_free(assert_read("a.cfg"));
        double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
        if (seconds > slow)
            fail_msg("%s%s... took %g s", cases[i].head, cases[i].unit, seconds);
    }
    write_big("a.cfg", "", "\n", "\n");
    FILE *file = fopen("a.cfg", "ab");
    assert_true(fputs("\n\n", file) >= 0 && fclose(file) == 0);
    assert_refused("a.cfg", "a.cfg: is too large");
}

static void nesting_of_32_is_read(void **state)
{
    (void)state;
    char text[128] = "a = ";
    for (int i = 0; i < 32; i++)
        strcat(text, "(");
    for (int i = 0; i < 32; i++)
        strcat(text, ")");
    lab_node_free(assert_text_read(text));
}

/* ---- values ----------------------------------------------------------- */

static void values_are_read_as_they_are_meant(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
        enum lab_node_kind kind;
    } cases[] = {
        {"1", "1", LAB_NODE_INTEGER},
        {"-0", "0", LAB_NODE_INTEGER},
        {"+7", "7", LAB_NODE_INTEGER},
        {"5L", "5", LAB_NODE_INTEGER},
        {"0x10", "16", LAB_NODE_INTEGER},
        {"2147483648", "2147483648", LAB_NODE_INTEGER},
        {"4294967296", "4294967296", LAB_NODE_INTEGER},
        {"-9223372036854775808", "-9223372036854775808", LAB_NODE_INTEGER},
        {"9223372036854775807LL", "9223372036854775807", LAB_NODE_INTEGER},
        {"0xFFFFFFFF", "4294967295", LAB_NODE_INTEGER},
        {"1.0", "1.0", LAB_NODE_REAL},
        {".5", "0.5", LAB_NODE_REAL},
        {"5.", "5.0", LAB_NODE_REAL},
        {"-1e-3", "-0.001", LAB_NODE_REAL},
        {"0.1", "0.1", LAB_NODE_REAL},
        {"1E300", "1e+300", LAB_NODE_REAL},
        {"4.9406564584124654e-324", "5e-324", LAB_NODE_REAL},
        {"True", "true", LAB_NODE_FLAG},
        {"false", "false", LAB_NODE_FLAG},
        {"\"\"", "\"\"", LAB_NODE_STRING},
        {"\"a\" /* c */ \"b\"", "\"ab\"", LAB_NODE_STRING},
        {"\"a\\tb\\x41\\q\"", "\"a\\tbA\\\\q\"", LAB_NODE_STRING},
        {"\"# // /* é\"", "\"# // /* é\"", LAB_NODE_STRING},
        {"[1, 0.5, \"x\"]", "( 1, 0.5, \"x\" )", LAB_NODE_LIST},
        {"(1, 2,)", "( 1, 2 )", LAB_NODE_LIST},
        {"()", "( )", LAB_NODE_LIST},
        {"{ b = 1; c = [2] }", "{ b = 1; c = ( 2 ); }", LAB_NODE_GROUP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = lab_text("a = %s; # last line without newline", cases[i].text);
        struct lab_node *root = assert_text_read(text);
        char *shown = lab_node_value(root->child[0], 80);
        assert_string_equal(shown, cases[i].shown);
        assert_int_equal(root->child[0]->kind, cases[i].kind);
        if (lab_node_is_number(root->child[0]))
            assert_close(root->child[0]->real, lab_number(shown, NULL), 0);
        free(text), free(shown);
        lab_node_free(root);
    }
}

/* A locale with a decimal comma; made here where none is installed. */
static bool set_comma(void)
{
    static const char make[] = "localedef -i de_DE -f UTF-8 ./de_DE.UTF-8 2>/dev/null";
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") || setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
        return true;
    return system(make) == 0 && setenv("LOCPATH", folder, 1) == 0 &&
           setlocale(LC_NUMERIC, "de_DE.UTF-8");
}

static void the_locale_changes_nothing(void **state)
{
    (void)state;
    if (!set_comma())
        skip();
    assert_string_equal(localeconv()->decimal_point, ",");
    struct lab_node *root = assert_text_read("a = 2.5;");
    char *shown = lab_node_value(root->child[0], 80);
    assert_close(root->child[0]->real, 2.5, 0);
    assert_string_equal(shown, "2.5");
    setlocale(LC_NUMERIC, "C");
    free(shown);
    lab_node_free(root);
}

static void every_node_knows_its_place(void **state)
{
    (void)state;
    write_file("sub/inner.cfg", "\nb = 2;\n@include \"deep.cfg\"\n");
    write_file("sub/deep.cfg", "# only this\nc = \"two\nlines\"; d = 3;\n");
    struct lab_node *root = assert_text_read("a = (\"x\"\n,\n[1,\n2], {\n  z = 5; });\n"
                                             "@include \"sub/inner.cfg\"\ne = 4;\n");
    static const struct {
        const char *key, *where;
    } cases[] = {{"a", "a.cfg:1"},
                 {"b", "sub/inner.cfg:2"},
                 {"c", "sub/deep.cfg:2"},
                 {"d", "sub/deep.cfg:3"},
                 {"e", "a.cfg:7"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(lab_node_get(root, cases[i].key)->where, cases[i].where);
    const struct lab_node *a = lab_node_get(root, "a");
    assert_string_equal(a->child[0]->where, "a.cfg:1");
    assert_string_equal(a->child[1]->where, "a.cfg:3");
    assert_string_equal(a->child[1]->child[1]->where, "a.cfg:4");
    assert_string_equal(a->child[2]->child[0]->where, "a.cfg:5");
    char *path = lab_node_path(a->child[2]->child[0]);
    assert_string_equal(path, "a.[2].z");
    assert_string_equal(root->where, "a.cfg");
    free(path);
    lab_node_free(root);
    write_file("sub/deep.cfg", "c = 1e999;\n\n");
    assert_refused("a.cfg", "sub/deep.cfg:1: c = 1e999");
    write_file("sub/deep.cfg", "\n\na = 5;\n");
    assert_refused("a.cfg", "sub/deep.cfg:3: duplicate key 'a'");
}

static void includes_nest_eight_deep(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        char *name = lab_text("n%d.cfg", i),
             *text = lab_text("@include \"n%d.cfg\"", i + 1);
        write_file(name, i < 9 ? text : "a = 1;");
        free(name), free(text);
    }
    lab_node_free(assert_read("n1.cfg"));
    assert_refused("n0.cfg", "n8.cfg:1: @include nested deeper than 8");
}

/* ---- writing ---------------------------------------------------------- */

static void assert_same(const struct lab_node *a, const struct lab_node *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->integer, b->integer);
    assert_memory_equal(&a->real, &b->real, sizeof a->real); /* -0.0 too */
    assert_true(!a->key == !b->key && !a->string == !b->string);
    if (a->key)
        assert_string_equal(a->key, b->key);
    if (a->string)
        assert_string_equal(a->string, b->string);
    for (size_t i = 0; i < a->count; i++)
        assert_same(a->child[i], b->child[i]);
}

static struct lab_node *nasty_tree(void)
{
    static const double reals[] = {0.1,
                                   1,
                                   -0.0,
                                   1e5,
                                   1e22,
                                   5e-324,
                                   1.7976931348623157e308,
                                   1.0 / 3,
                                   123456789012345680.0};
    static const long long integers[] = {0,          -1,        INT32_MAX, INT32_MIN,
                                         4294967296, INT64_MAX, INT64_MIN};
    char bytes[256];
    for (int i = 1; i < 128; i++)
        bytes[i - 1] = (char)i;
    strcpy(bytes + 127, "é \xC2\x9B ∞ 𝄞");
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, NULL);
    lab_node_add(root, lab_node_string("text", NULL, bytes));
    lab_node_add(root, lab_node_string("hex", NULL,
                                       "\001"
                                       "1 \\x41 \\"));
    lab_node_add(root, lab_node_flag("flag", NULL, true));
    struct lab_node *list = lab_node_add(root, lab_node_new(LAB_NODE_LIST, "list", NULL));
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        lab_node_add(list, lab_node_real(NULL, NULL, reals[i]));
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        lab_node_add(list, lab_node_integer(NULL, NULL, integers[i]));
    lab_node_add(root, lab_node_new(LAB_NODE_LIST, "none", NULL));
    lab_node_add(root, lab_node_new(LAB_NODE_GROUP, "nothing", NULL));
    struct lab_node *groups =
        lab_node_add(root, lab_node_new(LAB_NODE_LIST, "groups", NULL));
    for (int i = 0; i < 2; i++) {
        struct lab_node *group =
            lab_node_add(groups, lab_node_new(LAB_NODE_GROUP, NULL, NULL));
        lab_node_add(group, lab_node_string("type", NULL, "sgd"));
        struct lab_node *inner =
            lab_node_add(group, lab_node_new(LAB_NODE_GROUP, "domain", NULL));
        lab_node_add(inner, lab_node_real("radius", NULL, 10));
    }
    return root;
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    struct lab_node *tree = nasty_tree(), *copy = lab_node_copy(tree);
    FILE *file = fopen("a.cfg", "w");
    lab_node_write(copy, file);
    assert_int_equal(fclose(file), 0);
    struct lab_node *back = assert_read("a.cfg");
    assert_same(tree, back);
    lab_node_free(tree), lab_node_free(copy), lab_node_free(back);
}

static void the_layout_is_fit_to_read(void **state)
{
    (void)state;
    struct lab_node *root = assert_text_read(
        "name = \"x\"; steps = 5; big = 4294967296; o = ( { type = \"sgd\"; "
        "d = { type = \"ball\"; radius = 1.0; }; }, { type = \"sgd\"; } );");
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    lab_node_write(root, out);
    fclose(out);
    assert_string_equal(text, "name = \"x\";\nsteps = 5;\nbig = 4294967296L;\no = (\n"
                              "    {\n        type = \"sgd\";\n"
                              "        d = { type = \"ball\"; radius = 1.0; };\n    },\n"
                              "    { type = \"sgd\"; }\n);\n");
    free(text);
    lab_node_free(root);
}

static void values_in_messages_are_cut_between_characters(void **state)
{
    (void)state;
    struct lab_node *node = lab_node_string(NULL, NULL, "ééééééé\n\033[31m");
    char *all = lab_node_value(node, 80), *some = lab_node_value(node, 9);
    assert_string_equal(all, "\"ééééééé\\n\\x1B[31m\"");
    assert_string_equal(some, "\"éé...");
    free(all), free(some);
    lab_node_free(node);
}

/* ---- -o --------------------------------------------------------------- */

static const char base[] = "steps = 10;\nsampling = \"iid\";\n"
                           "schedules = ( { type = \"constant\"; eta = 1.0; }, "
                           "{ type = \"inv_t\"; eta = [1, 2]; } );\n";

static void overrides_change_what_they_name(void **state)
{
    (void)state;
    static const struct {
        const char *assignment, *shown; /* the whole tree but for what is not touched */
    } cases[] = {
        {"steps=1000", "steps = 1000;"},
        {"steps = -5", "steps = -5;"},
        {"steps=1e-3", "steps = 0.001;"},
        {"steps=4294967296", "steps = 4294967296;"},
        {"sampling=reshuffle", "sampling = \"reshuffle\";"},
        {"sampling=\"cyclic\"", "sampling = \"cyclic\";"},
        {"sampling=a-b", "sampling = \"a-b\";"},
        {"sampling=data/foo.csv", "sampling = \"data/foo.csv\";"},
        {"sampling=/a//b.c_d", "sampling = \"/a//b.c_d\";"},
        {"sampling=2024-01-01", "sampling = \"2024-01-01\";"},
        {"sampling=#1", "sampling = \"#1\";"},
        {"sampling=größe", "sampling = \"größe\";"},
        {"raw=true", "raw = true;"},
        {"schedules.[0].eta=0.1", "{ type = \"constant\"; eta = 0.1; }"},
        {"schedules[0].eta=0.1", "{ type = \"constant\"; eta = 0.1; }"},
        {"schedules.[1].eta.[1]=7", "eta = ( 1, 7 );"},
        {"schedules.[1].eta=[3,4]", "eta = ( 3, 4 );"},
        {"schedules.[0].warmup=3", "eta = 1.0; warmup = 3; }"},
        {"schedules.[1]={ type = \"x\"; r = 3; }", "{ type = \"x\"; r = 3; } )"},
        {"schedules=( { type = \"sgd\"; } )", "schedules = ( { type = \"sgd\"; } );"},
        {"metrics=[gap, avg_loss]", "metrics = ( \"gap\", \"avg_loss\" );"},
        {"x.y.z=1", "x = { y = { z = 1; }; };"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_mistakes mistakes = {0};
        struct lab_node *root = assert_text_read(base);
        int status = lab_config_override(root, cases[i].assignment, &mistakes);
        char *all = joined(&mistakes), *shown = lab_node_value(root, 1000);
        if (status || mistakes.count)
            fail_msg("-o %s: %s", cases[i].assignment, all);
        if (!strstr(shown, cases[i].shown))
            fail_msg("-o %s: %s", cases[i].assignment, shown);
        free(all), free(shown);
        lab_node_free(root);
    }
}

static void bad_overrides_are_refused_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *assignment, *expected;
    } cases[] = {
        {"steps", "-o steps: KEY=VALUE is meant"},
        {"", "KEY=VALUE is meant"},
        {"=5", "not a key"},
        {"a..b=5", "not a key"},
        {"true=5", "not a key"},
        {"a.=5", "not a key"},
        {"[0]=5", "not a key"},
        {"a[x]=5", "not a key"},
        {"a b=5", "not a key"},
        {"a[-1]=5", "not a key"},
        {"steps=", "-o steps=: a value is missing"},
        {"steps=1; name=\"x\"", "';' is unexpected: one value is meant"},
        {"steps=1, name=\"x\"", "',' is unexpected"},
        {"steps=1); name=(\"x\"", "')' closes nothing"},
        {"steps=1) name=(2", "')' closes nothing"},
        {"steps=1 2", "2 is unexpected: one value is meant"},
        {"name=two words", "\"words\" is unexpected: one value is meant"},
        {"steps=(1,2", "this '(' is never closed"},
        {"steps=\"abc", "this string is never closed"},
        {"steps=1e999", "-o steps=1e999: 1e999 is too large"},
        {"steps=99999999999999999999", "is too large"},
        {"steps=nan", "nan is not finite"},
        {"steps={ a = -inf; }", "a = -inf is not finite"},
        {"steps={ a = 1; a = 2; }", "duplicate key 'a'"},
        {"steps={ a = 1;; }", "';' is unexpected"},
        {"name=\xFF", "byte 0xFF is not valid UTF-8"},
        {"schedules.[2].eta=1", "schedules.[2] does not exist: schedules has 2 entries"},
        {"schedules.[99999999999999999999999].eta=1", "does not exist"},
        {"schedules.eta=1", "schedules is a list: its entries are schedules.[0]"},
        {"schedule.[0].eta=1", "unknown key 'schedule' (did you mean 'schedules'?)"},
        {"steps.x=1", "steps = 10 is not a group"},
        {"steps.[0]=1", "steps = 10 is not a list"},
        {"schedules.[0].[0]=1", "schedules.[0] is a group, not a list"},
    };
    struct lab_node *root = assert_text_read(base), *before = lab_node_copy(root);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_mistakes mistakes = {0};
        int status = lab_config_override(root, cases[i].assignment, &mistakes);
        char *all = joined(&mistakes);
        if (status != -1 || !strstr(all, cases[i].expected))
            fail_msg("-o %s: %d: %s", cases[i].assignment, status, all);
        assert_same(root, before);
        free(all);
        lab_mistakes_free(&mistakes);
    }
    lab_node_free(root), lab_node_free(before);
}

static void a_long_override_is_cut_in_messages(void **state)
{
    (void)state;
    struct lab_node *root = assert_text_read("");
    struct lab_mistakes mistakes = {0};
    char *deep = lab_text("a=%01000d", 0);
    memset(deep + 2, '(', 1000);
    assert_int_equal(lab_config_override(root, deep, &mistakes), -1);
    assert_int_equal(mistakes.count, 1);
    assert_true(strlen(mistakes.line[0]) < 120);
    assert_non_null(strstr(mistakes.line[0], "...: nested deeper than 32"));
    lab_mistakes_free(&mistakes);
    memset(deep, 'b', 999);
    deep[999] = '=', deep[1000] = '1', deep[1001] = '\0';
    assert_int_equal(lab_config_override(root, "long\n\033=1", &mistakes), -1);
    assert_null(strpbrk(mistakes.line[0], "\n\033"));
    lab_mistakes_free(&mistakes);
    assert_int_equal(lab_config_override(root, "a=5", &mistakes), 0);
    assert_string_equal(lab_node_get(root, "a")->where, "-o a=5");
    free(deep);
    lab_node_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_texts_are_refused_with_their_line),
        cmocka_unit_test(what_is_no_plain_file_is_refused),
        cmocka_unit_test(a_mebibyte_of_anything_is_answered_soon),
        cmocka_unit_test(nesting_of_32_is_read),
        cmocka_unit_test(values_are_read_as_they_are_meant),
        cmocka_unit_test(the_locale_changes_nothing),
        cmocka_unit_test(every_node_knows_its_place),
        cmocka_unit_test(includes_nest_eight_deep),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(the_layout_is_fit_to_read),
        cmocka_unit_test(values_in_messages_are_cut_between_characters),
        cmocka_unit_test(overrides_change_what_they_name),
        cmocka_unit_test(bad_overrides_are_refused_and_change_nothing),
        cmocka_unit_test(a_long_override_is_cut_in_messages),
    };
    return cmocka_run_group_tests_name("config", tests, make_folder, remove_folder);
}
