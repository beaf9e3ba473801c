/* tests/test_domain.c -- domains: reading, projections, what theorems ask of them. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "lab/config.h"
#include "lab/domain.h"
#include "tests/lab_test.h"

/* ---- reading ------------------------------------------------------------- */

static struct lab_domain read(const char *text, struct lab_mistakes *mistakes)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "x.cfg");
    struct lab_node *group =
        lab_node_add(root, lab_config_value("domain", text, "x.cfg:9", mistakes));
    struct lab_domain c;
    lab_domain_read(&c, group, mistakes);
    lab_node_free(root);
    return c;
}

static struct lab_domain bound(const char *text, size_t d)
{
    struct lab_mistakes mistakes = {0};
    struct lab_error err = {""};
    struct lab_domain c = read(text, &mistakes);
    if (mistakes.count || lab_domain_bind(&c, d, &err))
        fail_msg("%s: %s", text, mistakes.count ? mistakes.line[0] : err.text);
    return c;
}

static void mistakes_are_named(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"{ type = \"bal\"; radius = 1; }",
         "x.cfg:9: domain.type = \"bal\" is not one of none, ball, box, simplex "
         "(did you mean \"ball\"?)"},
        {"{ type = 3; }",
         "x.cfg:9: domain.type = 3 is not one of none, ball, box, simplex"},
        {"{ radius = 3; }",
         "x.cfg:9: domain.type is missing: one of none, ball, box, simplex"},
        {"5", "x.cfg:9: domain = 5 is not a group { type = ...; }"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lab_mistakes mistakes = {0};
        struct lab_domain c = read(wrong[i][0], &mistakes);
        assert_int_equal(mistakes.count, 1);
        assert_string_equal(mistakes.line[0], wrong[i][1]);
        lab_domain_free(&c);
        lab_mistakes_free(&mistakes);
    }
}

static void options_are_checked(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"{ type = \"ball\"; }", "radius"},
        {"{ type = \"ball\"; radius = 0; }", "(0,inf)"},
        {"{ type = \"ball\"; radius = 1; centre = 2; }", "center"},
        {"{ type = \"box\"; lower = 0; }", "upper"},
        {"{ type = \"simplex\"; radius = 1; }", "radius"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lab_mistakes mistakes = {0};
        struct lab_domain c = read(wrong[i][0], &mistakes);
        assert_int_equal(mistakes.count, 1);
        assert_non_null(strstr(mistakes.line[0], wrong[i][1]));
        lab_domain_free(&c);
        lab_mistakes_free(&mistakes);
    }
}

static void options_must_fit_the_dimension(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"{ type = \"ball\"; radius = 1; center = [1, 2]; }",
         "domain.center has 2 numbers, the problem has d = 3"},
        {"{ type = \"box\"; lower = 0; upper = [1, -1, 1]; }",
         "domain: lower = 0 exceeds upper = -1 at x[1]"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lab_mistakes mistakes = {0};
        struct lab_error err = {""};
        struct lab_domain c = read(wrong[i][0], &mistakes);
        assert_int_equal(mistakes.count, 0);
        assert_int_equal(lab_domain_bind(&c, 3, &err), -1);
        assert_string_equal(err.text, wrong[i][1]);
        lab_domain_free(&c);
    }
}

static void written_and_read_it_is_the_same(void **state)
{
    (void)state;
    static const char *const text[] = {
        "{ type = \"ball\"; radius = 2.5; center = [1, 2, 3]; }",
        "{ type = \"box\"; lower = -1; upper = [1, 2, 3]; }",
        "{ type = \"simplex\"; }",
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct lab_domain c = bound(text[i], 3), again;
        struct lab_mistakes mistakes = {0};
        struct lab_node *group = lab_domain_write(&c);
        lab_domain_read(&again, group, &mistakes);
        assert_int_equal(mistakes.count, 0);
        assert_int_equal(lab_domain_bind(&again, 3, NULL), 0);
        assert_int_equal(again.kind, c.kind);
        for (size_t j = 0; j < 3 && c.kind == LAB_BALL; j++)
            assert_close(again.center[j], c.center[j], 0.0);
        for (size_t j = 0; j < 3 && c.kind == LAB_BOX; j++) {
            assert_close(again.lower[j], c.lower[j], 0.0);
            assert_close(again.upper[j], c.upper[j], 0.0);
        }
        lab_node_free(group);
        lab_domain_free(&c);
        lab_domain_free(&again);
    }
    struct lab_domain none;
    lab_domain_read(&none, NULL, NULL);
    assert_int_equal(none.kind, LAB_NO_DOMAIN);
    assert_null(lab_domain_write(&none));
}

/* ---- projections --------------------------------------------------------- */

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-52 - 1.0;
}

static const char *const domains[] = {
    "{ type = \"ball\"; radius = 0.7; center = 0.25; }",
    "{ type = \"ball\"; radius = 1e-3; }",
    "{ type = \"box\"; lower = -0.5; upper = 0.25; }",
    "{ type = \"simplex\"; }",
};
enum { DOMAINS = sizeof domains / sizeof *domains };

/* P(x) is in C, and <x - P(x), s - P(x)> <= 0 for the s in C that makes it greatest:
 * what characterises the nearest point. */
static void projections_are_nearest_points(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t k = 0; k < DOMAINS; k++)
        for (size_t d = 1; d < 30; d++) {
            struct lab_domain c = bound(domains[k], d);
            double x[30], p[30], away[30], s[30];
            for (int size = -6; size <= 6; size++) {
                for (size_t j = 0; j < d; j++)
                    x[j] = p[j] = uniform(&seed) * pow(10.0, size);
                lab_domain_project(&c, 1, p);
                assert_true(lab_domain_contains(&c, p, 1e-15 * (double)d));
                for (size_t j = 0; j < d; j++)
                    away[j] = p[j] - x[j];
                lab_domain_minimise_linear(&c, away, s);
                double obtuse = 0.0;
                for (size_t j = 0; j < d; j++)
                    obtuse += away[j] * (p[j] - s[j]);
                assert_true(obtuse <= 1e-15 * (1.0 + pow(10.0, size)) * (double)d);
            }
            lab_domain_free(&c);
        }
}

static void interior_points_do_not_move_a_bit(void **state)
{
    (void)state;
    uint64_t seed = 2;
    struct lab_domain c = bound("{ type = \"ball\"; radius = 10; center = 0.1; }", 13);
    for (int i = 0; i < 1000; i++) {
        double x[13], p[13];
        for (size_t j = 0; j < 13; j++)
            p[j] = x[j] = 2.6 * uniform(&seed);
        lab_domain_project(&c, 1, p);
        assert_memory_equal(x, p, sizeof x);
    }
    lab_domain_free(&c);
}

static void rows_do_not_see_each_other(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (size_t k = 0; k < DOMAINS; k++) {
        struct lab_domain c = bound(domains[k], 19);
        double x[7 * 19], alone[7 * 19 + 1];
        for (size_t i = 0; i < 7 * 19; i++)
            x[i] = alone[i + 1] = uniform(&seed);
        lab_domain_project(&c, 7, x);
        for (size_t r = 7; r-- > 0;) /* from an odd place in memory, too */
            lab_domain_project(&c, 1, alone + 1 + r * 19);
        assert_memory_equal(x, alone + 1, sizeof x);
        lab_domain_free(&c);
    }
}

static void extreme_points_are_projected_too(void **state)
{
    (void)state;
    struct lab_domain ball = bound("{ type = \"ball\"; radius = 2; }", 2);
    double huge[] = {3e200, 4e200}, nan[] = {NAN, 1.0};
    lab_domain_project(&ball, 1, huge);
    assert_close(huge[0], 1.2, 1e-15);
    assert_close(huge[1], 1.6, 1e-15);
    lab_domain_free(&ball);

    for (size_t k = 0; k < DOMAINS; k++) { /* what is not a number is no point of C */
        struct lab_domain c = bound(domains[k], 2);
        for (size_t j = 0; j < 2; j++) {
            double x[] = {nan[j], nan[1 - j]};
            lab_domain_project(&c, 1, x);
            assert_true(isnan(x[j]));
            assert_false(lab_domain_contains(&c, x, 1.0));
        }
        lab_domain_free(&c);
    }
    struct lab_domain simplex = bound("{ type = \"simplex\"; }", 3);
    double far[] = {1e10 + 0.25, 1e10, 1e10 - 5.0};
    lab_domain_project(&simplex, 1, far);
    assert_close(far[0], 0.625, 1e-15);
    assert_close(far[1], 0.375, 1e-15);
    assert_close(far[2], 0.0, 0.0);
    lab_domain_free(&simplex);
}

/* ---- closed forms -------------------------------------------------------- */

/* Against points drawn from C and the minimiser itself. */
static void linear_functions_have_their_extent(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (size_t k = 0; k < DOMAINS; k++) {
        struct lab_domain c = bound(domains[k], 5);
        for (int i = 0; i < 200; i++) {
            double a[5], x[5], s[5], least, greatest, ax = 0.0, as = 0.0;
            for (size_t j = 0; j < 5; j++)
                a[j] = uniform(&seed), x[j] = 3.0 * uniform(&seed);
            lab_domain_project(&c, 1, x);
            lab_domain_extent(&c, a, &least, &greatest);
            lab_domain_minimise_linear(&c, a, s);
            assert_true(lab_domain_contains(&c, s, 1e-15));
            for (size_t j = 0; j < 5; j++)
                ax += a[j] * x[j], as += a[j] * s[j];
            assert_true(fabs(as - least) <= 1e-15);
            assert_true(ax >= least - 1e-15 && ax <= greatest + 1e-15);
        }
        lab_domain_free(&c);
    }
}

/* Zeros left out or stored, all or none of the entries there: the same numbers. */
static void sparse_linear_functions_have_the_same_extent(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (size_t k = 0; k < DOMAINS; k++) {
        struct lab_domain c = bound(domains[k], 5);
        for (unsigned kept = 0; kept < 32; kept++) {
            double a[5] = {0}, value[5], least[2], greatest[2];
            uint32_t column[5];
            size_t count = 0;
            for (uint32_t j = 0; j < 5; j++)
                if (kept >> j & 1) {
                    a[j] = kept % 3 ? uniform(&seed) : 1.0 + uniform(&seed);
                    value[count] = a[j];
                    column[count++] = j;
                }
            lab_domain_extent(&c, a, &least[0], &greatest[0]);
            lab_domain_extent_sparse(&c, count, column, value, &least[1], &greatest[1]);
            assert_true(fabs(least[0] - least[1]) <= 1e-15 * (1.0 + fabs(least[0])));
            assert_true(fabs(greatest[0] - greatest[1]) <=
                        1e-15 * (1.0 + fabs(greatest[0])));
        }
        lab_domain_free(&c);
    }
}

static void sizes_are_exact(void **state)
{
    (void)state;
    const double p[] = {1.0, 0.0};
    struct lab_domain ball =
        bound("{ type = \"ball\"; radius = 2; center = [4, 4]; }", 2);
    assert_close(lab_domain_diameter(&ball), 4.0, 0.0);
    assert_close(lab_domain_farthest(&ball, p), 7.0, 0.0);
    assert_close(lab_domain_farthest(&ball, NULL), sqrt(32.0) + 2.0, 1e-15);

    struct lab_domain box = bound("{ type = \"box\"; lower = -1; upper = [2, 3]; }", 2);
    assert_close(lab_domain_diameter(&box), 5.0, 0.0);
    assert_close(lab_domain_farthest(&box, p), sqrt(4.0 + 9.0), 1e-15);

    struct lab_domain simplex = bound("{ type = \"simplex\"; }", 2);
    assert_close(lab_domain_diameter(&simplex), sqrt(2.0), 0.0);
    assert_close(lab_domain_farthest(&simplex, p), sqrt(2.0), 1e-15);
    assert_close(lab_domain_farthest(&simplex, NULL), 1.0, 0.0);
    struct lab_domain point = bound("{ type = \"simplex\"; }", 1);
    assert_close(lab_domain_diameter(&point), 0.0, 0.0);

    struct lab_domain none = {.d = 2};
    double least, greatest;
    lab_domain_extent(&none, p, &least, &greatest);
    assert_true(least == -INFINITY && greatest == INFINITY);
    assert_true(isinf(lab_domain_diameter(&none)) &&
                isinf(lab_domain_farthest(&none, p)));
    lab_domain_free(&ball);
    lab_domain_free(&box);
    lab_domain_free(&simplex);
    lab_domain_free(&point);
}

static void domains_have_names(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"{ type = \"ball\"; radius = 10; }", "ball of radius 10"},
        {"{ type = \"box\"; lower = -1; upper = 0.5; }", "box [-1, 0.5]^d"},
        {"{ type = \"simplex\"; }", "simplex"},
        {"{ type = \"none\"; }", "R^d"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct lab_domain c = bound(names[i][0], 3);
        char *text = lab_domain_text(&c);
        assert_string_equal(text, names[i][1]);
        free(text);
        lab_domain_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(options_must_fit_the_dimension),
        cmocka_unit_test(written_and_read_it_is_the_same),
        cmocka_unit_test(projections_are_nearest_points),
        cmocka_unit_test(interior_points_do_not_move_a_bit),
        cmocka_unit_test(rows_do_not_see_each_other),
        cmocka_unit_test(extreme_points_are_projected_too),
        cmocka_unit_test(linear_functions_have_their_extent),
        cmocka_unit_test(sparse_linear_functions_have_the_same_extent),
        cmocka_unit_test(sizes_are_exact),
        cmocka_unit_test(domains_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
