/* tests/test_param.c -- option tables: defaults, reading, messages, writing back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/config.h"
#include "lab/param.h"
#include "tests/lab_test.h"

struct options {
    double beta, eta, cap;
    size_t steps, every;
    bool nesterov;
    const char *sampling, *label;
    struct lab_vector start, lower;
    struct lab_steps eta_t;
};

/* clang-format off */
#define OPTION(name, fallback, range) LAB_PARAM(struct options, name, fallback, range, "help")
#define WORD(name, text, range) LAB_PARAM_TEXT(struct options, name, text, range, "help")
static const struct lab_param params[] = {
    OPTION(beta, 0.9, "[0,1)"),
    OPTION(eta, LAB_REQUIRED, "(0,inf)"),
    OPTION(cap, LAB_UNSET, NULL),
    OPTION(steps, 1000, "[1,inf)"),
    OPTION(every, LAB_UNSET, NULL),
    OPTION(nesterov, true, NULL),
    WORD(sampling, "iid", "iid|reshuffle"),
    WORD(label, NULL, NULL),
    OPTION(start, 0, "(-inf,inf)"),
    OPTION(lower, LAB_UNSET, "[0,10]"),
    OPTION(eta_t, LAB_UNSET, "(0,inf)"),
    LAB_PARAM_END,
};
/* clang-format on */

static const char *const known[] = {"type", "domain", NULL};

/* The group that `text` says, at configs/x.cfg:12, in optimizers.[0] of a root. */
static struct lab_node *parse(const char *text)
{
    struct lab_mistakes mistakes = {0};
    char *group = lab_text("( { %s } )", text);
    struct lab_node *list =
        lab_config_value("optimizers", group, "configs/x.cfg:12", &mistakes);
    if (!list)
        fail_msg("%s: %s", group, mistakes.line[0]);
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "configs/x.cfg");
    lab_node_add(root, list);
    free(group);
    return root;
}

static const struct lab_node *group_of(const struct lab_node *root)
{
    return root->child[0]->child[0];
}

/* Reads `text`, which must be right. */
static struct options filled(const char *text)
{
    struct options o = {0};
    struct lab_mistakes mistakes = {0};
    struct lab_node *root = parse(text);
    lab_param_fill(params, &o, group_of(root), known, &mistakes);
    if (mistakes.count)
        fail_msg("%s: %s", text, mistakes.line[0]);
    lab_node_free(root);
    return o;
}

static void defaults_are_those_of_the_table(void **state)
{
    (void)state;
    struct options o = {0};
    lab_param_defaults(params, &o);
    assert_close(o.beta, 0.9, 0);
    assert_true(isnan(o.eta) && isnan(o.cap) && isnan(o.lower.fill));
    assert_int_equal(o.steps, 1000);
    assert_int_equal(o.every, 0);
    assert_true(o.nesterov);
    assert_string_equal(o.sampling, "iid");
    assert_ptr_not_equal(o.sampling, params[6].text); /* a copy, as after reading */
    assert_null(o.label);
    assert_true(o.start.n == 0 && o.start.fill == 0);
    assert_int_equal(o.eta_t.T, 0);
    lab_param_release(params, &o);
    lab_param_release(params, &o);
}

static void values_reach_their_fields(void **state)
{
    (void)state;
    struct options o = filled("type = \"sgd\"; beta = 0; eta = 2; steps = 1e5; "
                              "every = 9223372036854775807; nesterov = false; "
                              "sampling = \"reshuffle\"; label = \"a|b\"; "
                              "start = [1, 2.5, -3]; lower = 3; eta_t = (0.5, 0.25);");
    assert_close(o.beta, 0, 0);
    assert_close(o.eta, 2, 0);
    assert_int_equal(o.steps, 100000);
    assert_true(o.every == INT64_MAX);
    assert_false(o.nesterov);
    assert_string_equal(o.sampling, "reshuffle");
    assert_string_equal(o.label, "a|b");
    assert_int_equal(o.start.n, 3);
    assert_close(lab_vector_at(&o.start, 1), 2.5, 0);
    assert_close(lab_vector_at(&o.lower, 77), 3, 0);
    assert_int_equal(o.eta_t.T, 2);
    assert_close(o.eta_t.sum[1], 0.75, 0);
    lab_param_release(params, &o);

    o = filled("eta = 1; start = \"zero\"; eta_t = 0.5; steps = 9007199254740992.0;");
    assert_true(o.start.n == 0 && o.start.fill == 0);
    assert_true(o.eta_t.T == 1 && o.eta_t.eta[0] == 0.5);
    assert_true(o.steps == (size_t)1 << 53);
    lab_param_release(params, &o);
}

static void filling_again_forgets_the_old_values(void **state)
{
    (void)state;
    struct options o = filled("eta = 1; label = \"x\"; start = [1, 2]; eta_t = [1, 2];");
    struct lab_mistakes mistakes = {0};
    struct lab_node *root = parse("eta = 2;");
    lab_param_fill(params, &o, group_of(root), known, &mistakes);
    assert_true(o.eta == 2 && !o.label && o.start.n == 0 && o.eta_t.T == 0);
    lab_param_release(params, &o);
    lab_node_free(root);
}

static void each_mistake_has_its_line(void **state)
{
    (void)state;
#define AT "configs/x.cfg:12: "
    static const struct {
        const char *text, *expected; /* the only line */
    } cases[] = {
        {"eta = 1; beta = 1.2;", AT "optimizers.[0].beta = 1.2 is not in [0,1)"},
        {"eta = 1; beta = 1;", AT "optimizers.[0].beta = 1 is not in [0,1)"},
        {"eta = 0;", AT "optimizers.[0].eta = 0 is not in (0,inf)"},
        {"", AT "optimizers.[0].eta is missing (a number in (0,inf))"},
        {"eta = 1; betaa = 1;",
         AT "unknown key 'optimizers.[0].betaa' (did you mean 'beta'?)"},
        {"eta = 1; domian = 1;",
         AT "unknown key 'optimizers.[0].domian' (did you mean 'domain'?)"},
        {"eta = 1; zzzzzzzz = 1;", AT "unknown key 'optimizers.[0].zzzzzzzz'"},
        {"eta = \"abc\";", AT "optimizers.[0].eta = \"abc\" is not a number"},
        {"eta = true;", AT "optimizers.[0].eta = true is not a number"},
        {"eta = { a = 1; };", AT "optimizers.[0].eta = { a = 1; } is not a number"},
        {"eta = [1, 2];", AT "optimizers.[0].eta is a list, but one number is meant"},
        {"eta = 1; steps = 2.7;", AT "optimizers.[0].steps = 2.7 is not a whole number"},
        {"eta = 1; steps = \"5\";",
         AT "optimizers.[0].steps = \"5\" is not a whole number"},
        {"eta = 1; steps = [5];",
         AT "optimizers.[0].steps is a list, but one whole number is meant"},
        {"eta = 1; steps = 0;", AT "optimizers.[0].steps = 0 is not in [1,inf)"},
        {"eta = 1; every = -1;", AT "optimizers.[0].every = -1 is not in [0,inf)"},
        {"eta = 1; every = -1.0;", AT "optimizers.[0].every = -1.0 is not in [0,inf)"},
        {"eta = 1; every = 1e16;",
         AT "optimizers.[0].every = 1e+16 is beyond 2^53, where "
            "it may mean several whole numbers"},
        {"eta = 1; nesterov = 1;", AT "optimizers.[0].nesterov = 1 is not true or false"},
        {"eta = 1; label = 5;", AT "optimizers.[0].label = 5 is not a string"},
        {"eta = 1; sampling = \"isd\";",
         AT "optimizers.[0].sampling = \"isd\" is not one of iid, reshuffle "
            "(did you mean \"iid\"?)"},
        {"eta = 1; sampling = \"ii\";",
         AT "optimizers.[0].sampling = \"ii\" is not one of iid, reshuffle "
            "(did you mean \"iid\"?)"},
        {"eta = 1; sampling = \"\";",
         AT "optimizers.[0].sampling = \"\" is not one of iid, reshuffle"},
        {"eta = 1; sampling = \"iid|reshuffle\";",
         AT "optimizers.[0].sampling = \"iid|reshuffle\" is not one of iid, reshuffle"},
        {"eta = 1; start = [];", AT "optimizers.[0].start = ( ) is empty"},
        {"eta = 1; start = \"one\";",
         AT "optimizers.[0].start = \"one\" is not a number, "
            "a list of numbers or \"zero\""},
        {"eta = 1; start = [1, \"a\"];",
         AT "optimizers.[0].start.[1] = \"a\" is not a number"},
        {"eta = 1; start = [1, [2]];",
         AT "optimizers.[0].start.[1] is a list, but one number is meant"},
        {"eta = 1; lower = [1, 11];",
         AT "optimizers.[0].lower.[1] = 11 is not in [0,10]"},
        {"eta = 1; lower = -1;", AT "optimizers.[0].lower = -1 is not in [0,10]"},
        {"eta = 1; eta_t = [0.1, 0];",
         AT "optimizers.[0].eta_t.[1] = 0 is not in (0,inf)"},
        {"eta = 1; eta_t = ();", AT "optimizers.[0].eta_t = ( ) is empty"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options o = {0};
        struct lab_mistakes mistakes = {0};
        struct lab_node *root = parse(cases[i].text);
        lab_param_fill(params, &o, group_of(root), known, &mistakes);
        assert_int_equal(mistakes.count, 1);
        assert_string_equal(mistakes.line[0], cases[i].expected);
        lab_param_release(params, &o);
        lab_mistakes_free(&mistakes);
        lab_node_free(root);
    }
}

static void all_mistakes_are_reported(void **state)
{
    (void)state;
    struct options o = {0};
    struct lab_mistakes mistakes = {0};
    struct lab_node *root = parse("beta = 2; stepz = 1; nesterov = 3; every = 1.5;");
    lab_param_fill(params, &o, group_of(root), known, &mistakes);
    assert_int_equal(mistakes.count, 5);                        /* and eta is missing */
    assert_true(isnan(o.eta) && o.beta == 0.9 && o.every == 0); /* nothing wrong got in */
    lab_param_release(params, &o);
    lab_mistakes_free(&mistakes);
    lab_node_free(root);
}

static void no_number_that_is_not_finite_gets_in(void **state)
{
    (void)state;
    const double bad[] = {NAN, INFINITY, -INFINITY};
    static const char *const keys[] = {"cap", "every", "start", "eta_t"};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 4; k++) {
            struct options o = {0};
            struct lab_mistakes mistakes = {0};
            struct lab_node *group = lab_node_new(LAB_NODE_GROUP, NULL, "x");
            lab_node_add(group, lab_node_real("eta", "x", 1));
            lab_node_add(group, lab_node_real(keys[k], "x", bad[i]));
            lab_param_fill(params, &o, group, NULL, &mistakes);
            assert_int_equal(mistakes.count, 1);
            assert_true(isnan(o.cap) && !o.every && o.start.fill == 0 && !o.eta_t.T);
            lab_param_release(params, &o);
            lab_mistakes_free(&mistakes);
            lab_node_free(group);
        }
}

static void ranges_are_read_as_in_print(void **state)
{
    (void)state;
    static const struct {
        const char *range;
        double value;
        bool in;
    } cases[] = {
        {"[0,1)", 0, true},
        {"[0,1)", 1, false},
        {"[0,1)", -1e-300, false},
        {"(0,inf)", 0, false},
        {"(0,inf)", 5e-324, true},
        {"(0,inf)", INFINITY, false},
        {"(-inf,inf)", -1e308, true},
        {"[-2.5,1e-3]", 1e-3, true},
        {"[-2.5,1e-3]", -2.5, true},
        {"[-2.5,1e-3]", 0.0011, false},
        {NULL, 7, true},
        {NULL, NAN, false},
        {"(-inf,inf)", NAN, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (lab_in_range(cases[i].range, cases[i].value) != cases[i].in)
            fail_msg("%g in %s", cases[i].value, cases[i].range);
}

static void prefix_sums_are_the_definitions(void **state)
{
    (void)state;
    const double eta[] = {0.5, 0.25, 1, 0.125};
    const double sum[] = {0.5, 0.75, 1.75, 1.875};
    const double sum2[] = {0.25, 0.3125, 1.3125, 1.328125};
    const double rise[] = {2, 4, 4, 11}; /* 2, +2, -3 does not count, +7 */
    struct lab_steps steps = lab_steps_new(4, eta);
    assert_int_equal(steps.T, 4);
    assert_ptr_not_equal(steps.eta, eta);
    for (size_t i = 0; i < 4; i++) {
        assert_close(steps.eta[i], eta[i], 0);
        assert_close(steps.sum[i], sum[i], 0);
        assert_close(steps.sum2[i], sum2[i], 0);
        assert_close(steps.rise[i], rise[i], 0);
    }
    lab_steps_free(&steps);
    assert_null(steps.eta);

    enum { T = 100000 };
    double *many = lab_alloc(T, sizeof *many);
    for (size_t i = 0; i < T; i++)
        many[i] = 0.1 / sqrt((double)i + 1);
    steps = lab_steps_new(T, many);
    assert_close(steps.rise[T - 1], 1 / many[T - 1], 1e-14); /* telescopes */
    lab_steps_free(&steps);
    free(many);
    steps = lab_steps_new(0, NULL);
    lab_steps_free(&steps);
}

/* Writes `o` as a config file and reads that into a new group; free() root. */
static struct lab_node *through_a_file(const struct options *o)
{
    char name[] = "/tmp/lab_param_XXXXXX";
    struct lab_node *group = lab_node_new(LAB_NODE_GROUP, NULL, NULL);
    lab_param_write(params, o, group);
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    lab_node_write(group, file);
    assert_int_equal(fclose(file), 0);
    struct lab_mistakes mistakes = {0};
    struct lab_node *back = lab_config_read(name, &mistakes);
    if (!back)
        fail_msg("%s", mistakes.line[0]);
    assert_int_equal(back->count, group->count);
    unlink(name);
    lab_node_free(group);
    return back;
}

static void assert_same_vector(const struct lab_vector *a, const struct lab_vector *b)
{
    assert_int_equal(a->n, b->n);
    if (!a->n)
        assert_true(a->fill == b->fill || (isnan(a->fill) && isnan(b->fill)));
    for (size_t i = 0; i < a->n; i++)
        assert_close(a->value[i], b->value[i], 0);
}

static void what_is_written_fills_the_same(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "eta = 0.1;",
        "eta = 3; beta = 0.333333333333333; cap = -1e-300; steps = 4294967297; every = "
        "7; "
        "nesterov = false; label = \"é \\\"x\\\" \\\\ \\n\"; sampling = \"reshuffle\";",
        "eta = 1e300; start = [0.1, 2, 3e-5]; lower = 0.7; eta_t = [0.1, 0.3];",
        "eta = 1; start = [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17];",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options a = filled(cases[i]), b = {0};
        struct lab_mistakes mistakes = {0};
        struct lab_node *root = through_a_file(&a);
        assert_null(lab_node_get(root, isnan(a.cap) ? "cap" : "none"));
        lab_param_fill(params, &b, root, NULL, &mistakes);
        assert_int_equal(mistakes.count, 0);
        assert_close(a.eta, b.eta, 0);
        assert_close(a.beta, b.beta, 0);
        assert_true(a.cap == b.cap || (isnan(a.cap) && isnan(b.cap)));
        assert_true(a.steps == b.steps && a.every == b.every && a.nesterov == b.nesterov);
        assert_string_equal(a.sampling, b.sampling);
        assert_string_equal(a.label ? a.label : "-", b.label ? b.label : "-");
        assert_same_vector(&a.start, &b.start);
        assert_same_vector(&a.lower, &b.lower);
        assert_int_equal(a.eta_t.T, b.eta_t.T);
        for (size_t t = 0; t < a.eta_t.T; t++)
            assert_close(a.eta_t.eta[t], b.eta_t.eta[t], 0);
        lab_param_release(params, &a), lab_param_release(params, &b);
        lab_node_free(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(values_reach_their_fields),
        cmocka_unit_test(filling_again_forgets_the_old_values),
        cmocka_unit_test(each_mistake_has_its_line),
        cmocka_unit_test(all_mistakes_are_reported),
        cmocka_unit_test(no_number_that_is_not_finite_gets_in),
        cmocka_unit_test(ranges_are_read_as_in_print),
        cmocka_unit_test(prefix_sums_are_the_definitions),
        cmocka_unit_test(what_is_written_fills_the_same),
    };
    return cmocka_run_group_tests_name("param", tests, NULL, NULL);
}
