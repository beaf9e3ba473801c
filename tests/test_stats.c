/*
 * tests/test_stats.c -- statistics over seeds: numbers worked out by hand, coverage of
 * the confidence band by simulation, the interval of a tightness on data made for it.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/random.h"
#include "lab/stats.h"
#include "lab/error.h"
#include "tests/lab_test.h"

/* ---- summaries ------------------------------------------------------------------- */

/* a == b, where NaN stands for NaN. */
static void assert_same(double a, double b)
{
    if (!isnan(a) || !isnan(b))
        assert_close(a, b, 1e-14);
}

static void test_summaries(void **state)
{
    const double inf = INFINITY;
    const struct {
        size_t n;
        double v[5];
        struct lab_summary s; /* mean, se, sd, min, q05, q25, median, q75, q95, max */
    } cases[] = {
        {1, {3}, {3, NAN, NAN, 3, 3, 3, 3, 3, 3, 3}},
        {2, {5, 1}, {3, 2, sqrt(8), 1, 1.2, 2, 3, 4, 4.8, 5}},
        /* sum of squares about the mean 3.2: 4.84 + 4.84 + 0.04 + 0.64 + 14.44 = 24.8 */
        {5, {1, 1, 3, 4, 7}, {3.2, sqrt(6.2 / 5), sqrt(6.2), 1, 1, 1, 3, 4, 6.4, 7}},
        {5, {-2, -2, -2, -2, -2}, {-2, 0, 0, -2, -2, -2, -2, -2, -2, -2}},
        {5, {4, inf, 1, 2, 3}, {inf, NAN, NAN, 1, 1.2, 2, 3, 4, inf, inf}},
        {2, {inf, inf}, {inf, NAN, NAN, inf, inf, inf, inf, inf, inf, inf}},
        {1, {inf}, {inf, NAN, NAN, inf, inf, inf, inf, inf, inf, inf}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double spread[15],
            scratch[5]; /* every third number, as in a table of three rows */
        for (size_t k = 0; k < 5; k++)
            spread[3 * k] = cases[i].v[k], spread[3 * k + 1] = spread[3 * k + 2] = NAN;
        struct lab_summary s = lab_summarise(cases[i].n, spread, 3, scratch),
                           t = cases[i].s;
        assert_same(s.mean, t.mean), assert_same(s.se, t.se), assert_same(s.sd, t.sd);
        assert_same(s.min, t.min), assert_same(s.max, t.max);
        assert_same(s.q05, t.q05), assert_same(s.q25, t.q25),
            assert_same(s.median, t.median);
        assert_same(s.q75, t.q75), assert_same(s.q95, t.q95);
    }
}

/* A mean of numbers far from 0 keeps its digits, and equal numbers have no spread. */
static void test_summary_precision(void **state)
{
    double v[4] = {1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 6}, scratch[1000], equal[1000];
    (void)state;
    struct lab_summary s = lab_summarise(4, v, 1, scratch);
    assert_close(s.mean, 1e9 + 3, 1e-15);
    assert_close(s.sd, sqrt(14.0 / 3.0), 1e-12);
    for (size_t i = 0; i < 1000; i++)
        equal[i] = 0.1;
    s = lab_summarise(1000, equal, 1, scratch);
    assert_close(s.mean, 0.1, 0.0);
    assert_close(s.sd, 0.0, 0.0);
    const double huge[3] = {1e300, 2e300, 3e300};
    s = lab_summarise(3, huge, 1, scratch);
    assert_close(s.mean, 2e300, 1e-15), assert_close(s.sd, 1e300, 1e-15);
    assert_close(s.min, 1e300, 0.0), assert_close(s.q75, 2.5e300, 1e-15);
}

/* ---- bands ----------------------------------------------------------------------- */

enum { SEEDS = 32, ROWS = 20 };
enum law { NORMAL, EXPONENTIAL, CHI_SQUARE };

static double draw(gsl_rng *rng, enum law law)
{
    double z;
    if (law == EXPONENTIAL)
        return -log(1.0 - gsl_rng_uniform(rng));
    lab_draw_gaussian(rng, 1.0, 1, &z);
    return law == NORMAL ? 1.0 + z : z * z;
}

/* Rows with mean 1, each half made of its own numbers, half of one the rows share. */
static void sample_rows(gsl_rng *rng, enum law law, double *value)
{
    for (size_t r = 0; r < SEEDS; r++) {
        const double shared = draw(rng, law);
        for (size_t k = 0; k < ROWS; k++)
            value[r * ROWS + k] = 0.5 * shared + 0.5 * draw(rng, law);
    }
}

/* How often of `times` the band misses the mean, 1, at some row. */
static size_t misses(enum law law, double alpha, size_t times)
{
    double value[SEEDS * ROWS], lower[ROWS], upper[ROWS];
    gsl_rng *rng = lab_rng_new(11, (uint64_t)law, LAB_FOR_TESTS);
    size_t missed = 0;
    for (size_t i = 0; i < times; i++) {
        bool inside = true;
        sample_rows(rng, law, value);
        lab_band(SEEDS, ROWS, value, alpha, 0.0, i, lower, upper);
        for (size_t k = 0; k < ROWS; k++)
            inside = inside && lower[k] <= 1.0 && 1.0 <= upper[k];
        missed += !inside;
    }
    gsl_rng_free(rng);
    return missed;
}

/* At 5 % an exact band would miss 20 times of 400; of a skewed law 48 = 12 % are allowed.
 * At 0.1 %, that of verdicts, hardly any. */
static void test_coverage(void **state)
{
    (void)state;
    assert_in_range(misses(CHI_SQUARE, 0.05, 400), 1, 48);
    assert_in_range(misses(EXPONENTIAL, 0.05, 150), 1, 18);
    assert_in_range(misses(NORMAL, 0.05, 100), 0, 12);
    assert_in_range(misses(CHI_SQUARE, 1e-3, 100), 0, 3);
}

/* Narrow where it can be: with these seeds the half-width is a few standard errors. */
static void test_band_width(void **state)
{
    double value[SEEDS * ROWS], lower[ROWS], upper[ROWS], scratch[SEEDS];
    gsl_rng *rng = lab_rng_new(12, 0, LAB_FOR_TESTS);
    (void)state;
    sample_rows(rng, NORMAL, value);
    lab_band(SEEDS, ROWS, value, 0.05, 0.0, 1, lower, upper);
    for (size_t k = 0; k < ROWS; k++) {
        struct lab_summary s = lab_summarise(SEEDS, value + k, ROWS, scratch);
        assert_true(lower[k] < s.mean && s.mean < upper[k]);
        assert_true((upper[k] - s.mean) / s.se < 4.5 && (s.mean - lower[k]) / s.se < 4.5);
        /* Bonferroni: Student's quantile at 1 - 0.025/20 with 31 degrees of freedom, 3.31
         */
        assert_true((upper[k] - s.mean) / s.se > 3.2 && (s.mean - lower[k]) / s.se > 3.2);
    }
    gsl_rng_free(rng);
}

static void test_band_corners(void **state)
{
    /* constant; one inf; ordinary */
    double value[4][3] = {{2, 1, 1}, {2, 2, 2}, {2, INFINITY, 3}, {2, 4, 4}};
    double lower[3], upper[3];
    (void)state;
    lab_band(4, 3, &value[0][0], 0.05, 0.0, 1, lower, upper);
    assert_close(lower[0], 2.0, 1e-12), assert_close(upper[0], 2.0, 1e-12);
    assert_true(upper[1] == INFINITY);
    assert_true(isfinite(lower[2]) && isfinite(upper[2]) && lower[2] < 2.5 &&
                upper[2] > 2.5);
    lab_band(1, 3, &value[0][0], 0.05, 0.0, 1, lower, upper); /* one seed says nothing */
    for (size_t k = 0; k < 3; k++)
        assert_true(lower[k] == -INFINITY && upper[k] == INFINITY);
    lab_band(2, 3, &value[0][0], 0.05, 0.0, 1, lower, upper);
    assert_true(lower[1] < 1.5 - 6.0 && upper[1] > 1.5 + 6.0); /* t_1: heavy tails */
}

/* The same numbers in another order of rows give the same band row by row. */
static void test_band_rows(void **state)
{
    double value[SEEDS * ROWS], turned[SEEDS * ROWS];
    double lower[ROWS], upper[ROWS], low[ROWS], high[ROWS];
    gsl_rng *rng = lab_rng_new(13, 0, LAB_FOR_TESTS);
    (void)state;
    sample_rows(rng, EXPONENTIAL, value);
    for (size_t i = 0; i < SEEDS * ROWS; i++)
        turned[i] = value[i / ROWS * ROWS + ROWS - 1 - i % ROWS];
    lab_band(SEEDS, ROWS, value, 0.01, 0.0, 5, lower, upper);
    lab_band(SEEDS, ROWS, turned, 0.01, 0.0, 5, low, high);
    for (size_t k = 0; k < ROWS; k++) {
        assert_close(lower[k], low[ROWS - 1 - k], 1e-13);
        assert_close(upper[k], high[ROWS - 1 - k], 1e-13);
    }
    gsl_rng_free(rng);
}

/* ---- tightness ------------------------------------------------------------------- */

static void assert_tightness(struct lab_tightness t, double value, size_t worst)
{
    assert_same(t.value, value);
    assert_int_equal(t.worst, worst);
    if (!isnan(value))
        assert_true(t.lo <= t.value && t.value <= t.hi);
    else
        assert_true(isnan(t.lo) && isnan(t.hi));
}

static void test_tightness(void **state)
{
    const double value[3][4] = {
        {1, 4, 0, 2}, {3, 6, 0, 2}, {2, 5, 0, 2}}; /* means 2 5 0 2 */
    const double bound[4] = {4, 8, 1, 4}, unknown[4] = {NAN, INFINITY, NAN, NAN};
    (void)state;
    assert_tightness(lab_tightness(3, 4, &value[0][0], bound, 0, 1), 5.0 / 8, 1);
    assert_tightness(lab_tightness(3, 4, &value[0][0], unknown, 0, 1), NAN, 4);
    assert_tightness(lab_tightness(1, 4, &value[0][0], bound, 0, 1), 0.5, 1);
    const double partly[4] = {4, NAN, 1, 4};
    assert_tightness(lab_tightness(3, 4, &value[0][0], partly, 0, 1), 0.5, 0);
    /* bounds of each seed: the ratio is that of the means, 6/12 and 15/18 */
    const double each[3][4] = {{2, 9, 1, 9}, {4, 5, 1, 9}, {6, 4, 1, 9}};
    assert_tightness(lab_tightness(3, 4, &value[0][0], &each[0][0], 1, 1), 15.0 / 18, 1);
}

/* Row 1 has a seed that diverged: the row is out, also in resamples without that seed. */
static void test_tightness_leaves_out(void **state)
{
    double value[SEEDS][2], each[SEEDS][2];
    (void)state;
    for (size_t bad = 0; bad < 2; bad++) {
        for (size_t r = 0; r < SEEDS; r++) {
            value[r][0] = 1.0 + 0.01 * (double)(r % 2), value[r][1] = 1e6;
            each[r][0] = 2.0, each[r][1] = 1.0;
        }
        value[7][1] = bad ? INFINITY : value[7][1];
        each[7][1] = bad ? each[7][1] : NAN;
        struct lab_tightness t = lab_tightness(SEEDS, 2, &value[0][0], &each[0][0], 1, 3);
        assert_tightness(t, 0.5025, 0);
        assert_true(t.hi < 0.51 && t.lo > 0.49);
    }
}

/* The interval covers: of 200 samples with ratio 1/2 about 95 %. */
static void test_tightness_interval(void **state)
{
    double value[SEEDS], bound = 2.0;
    gsl_rng *rng = lab_rng_new(14, 0, LAB_FOR_TESTS);
    size_t inside = 0;
    (void)state;
    for (size_t i = 0; i < 200; i++) {
        for (size_t r = 0; r < SEEDS; r++)
            value[r] = draw(rng, NORMAL);
        struct lab_tightness t = lab_tightness(SEEDS, 1, value, &bound, 0, i);
        inside += t.lo <= 0.5 && 0.5 <= t.hi;
    }
    assert_in_range(inside, 172, 199); /* percentile intervals of 32 are a little short */
    gsl_rng_free(rng);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summaries),
        cmocka_unit_test(test_summary_precision),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_band_width),
        cmocka_unit_test(test_band_corners),
        cmocka_unit_test(test_band_rows),
        cmocka_unit_test(test_tightness),
        cmocka_unit_test(test_tightness_leaves_out),
        cmocka_unit_test(test_tightness_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
