/*
 * tests/test_slack.c -- where proofs are loose: the parts add up to bound - measured on every
 * seed at every row, and none is negative where the theorem holds.
 */
#include "tests/helpers.h"

static double parts(const struct lab_run *run, size_t i, size_t r, size_t k,
                    enum lab_metric first, enum lab_metric last, double *least)
{
    double sum = 0.0;
    for (enum lab_metric m = first; m <= last; m++) {
        const double part = measured(run, i, m, r, k);
        sum += part;
        *least = fmin(*least, part);
    }
    return sum;
}

/* R^2/(2 t eta_t) + (G^2/(2 t)) sum eta: written again. */
static double average_bound(const struct lab_run *run, size_t i, size_t r, size_t k)
{
    const double *eta = run->arm[i].arm.eta->eta, T = (double)run->t[k];
    const double R = measured(run, i, LAB_R, r, k), G = measured(run, i, LAB_G, r, k);
    double sum = 0.0;
    for (size_t s = 0; s < run->t[k]; s++)
        sum += eta[s];
    return R * R / (2 * T * eta[run->t[k] - 1]) + G * G * sum / (2 * T);
}

/* The formula of last_iterate_any_schedule as it is in its source, with double sums. */
static double last_bound(const struct lab_run *run, size_t i, size_t k)
{
    const struct lab_facts *f = &run->arm[i].arm.problem->facts;
    const double *eta = run->arm[i].arm.eta->eta, R1 = f->R1.value, G2 = f->G2.value;
    const size_t T = run->t[k];
    double bound = 0.0;
    for (size_t j = 0; j < T; j++) {
        double sum = 0.0, sum2 = 0.0;
        for (size_t s = j; s < T; s++)
            sum += eta[s], sum2 += eta[s] * eta[s];
        if (j == 0)
            bound += (R1 * R1 + G2 * sum2) / (2 * sum);
        if (j + 1 < T)
            bound += G2 / 2 * eta[j] / (sum - eta[j]) * sum2 / sum;
    }
    return bound;
}

static const char *const problems[] = {
    "type = 'logistic'; data = 'breast_cancer'; max_row_norm = 1;"
    "domain = { type = 'ball'; radius = 5; };",
    "type = 'abs_value'; start = ( 3 ); noise = { type = 'rademacher'; sigma = 0.5; };"
    "domain = { type = 'box'; lower = 0; upper = 4; };",
    "type = 'l1_regression'; data = 'synthetic'; n = 40; d = 3;",
    "type = 'max_linear'; d = 20;",
    "type = 'quadratic'; d = 4; noise = { sigma = 0.3; };"
    "domain = { type = 'box'; lower = -0.5; upper = 2; };",
};

static struct lab_run *slack_of(const char *problem)
{
    return run_with(
        experiment("steps = 200; seeds = 4; every = 1; slack = true; metrics = ("
                   "'avg_regret', 'gap', 'R', 'G' ); problems = ( { %s } );" SGD
                   "schedules = ( { type = 'constant'; eta = 0.05; },"
                   "              { type = 'inv_sqrt'; eta = 0.3; },"
                   "              { type = 'linear'; eta = 0.2; } );",
                   problem),
        0, 3);
}

static void test_average(void **state)
{
    size_t gains = 0;
    (void)state;
    for (size_t p = 0; p < sizeof problems / sizeof *problems; p++) {
        struct lab_run *run = slack_of(problems[p]);
        for (size_t i = 0; i < run->arms; i++)
            for (size_t r = 0; r < 4; r++)
                for (size_t k = 0; k < run->rows; k++) {
                    const double bound = average_bound(run, i, r, k);
                    double least = INFINITY;
                    const double sum = parts(run, i, r, k, LAB_SLACK_CONVEXITY,
                                             LAB_SLACK_PROJECTION, &least);
                    const double slack = bound - measured(run, i, LAB_AVG_REGRET, r, k);
                    assert_close(sum, slack, 1e-9);
                    assert_true(least >= -1e-12 * bound);
                    gains += measured(run, i, LAB_SLACK_PROJECTION, r, k) > 1e-4 * bound;
                }
        close_run(run);
    }
    assert_true(gains > 100);
}

static void test_last_iterate(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof problems / sizeof *problems; p++) {
        struct lab_run *run = slack_of(problems[p]);
        for (size_t i = 0; i < run->arms; i++) {
            if (!run->arm[i].measure->want[LAB_LAST_SLACK_SUFFIX])
                continue;
            for (size_t k = 0; k < run->rows; k += 9) {
                const double bound = last_bound(run, i, k);
                for (size_t r = 0; r < 4; r++) {
                    double least = INFINITY;
                    const double sum = parts(run, i, r, k, LAB_LAST_SLACK_DISTANCE,
                                             LAB_LAST_SLACK_SUFFIX, &least);
                    assert_close(sum, bound - measured(run, i, LAB_GAP, r, k), 1e-9);
                    if (p == 3) /* nothing is random */
                        assert_true(least >= -1e-12 * bound);
                }
            }
        }
        close_run(run);
    }
}

/* |x| on [0, inf) by a box, x_1 = 2, eta = 1, 1/2, 1/2: x = 2, 1, 1/2, 0, g = 1, R = 2, G = 1.
 * convexity 0, gradient 0, projection 0.
 * t = 1: distance (4/2 - 4/2) = 0, last 1/2, bound 4/2 + 1/2 = 5/2, regret 2.
 * t = 2: distance 4/1 - [4/2 + (1/2)(2 - 1)] = 3/2, last (1/4)/1 = 1/4; bound - regret =
 *        4 + 3/4 - 3 = 7/4.
 * t = 3: distance 4 - [5/2 + 0] = 3/2, last 0; 4 + 1 - 3.5 = 3/2. */
static void test_by_hand(void **state)
{
    const double eta[] = {1, 0.5, 0.5}, distance[] = {0, 1.5, 1.5},
                 last[] = {0.5, 0.25, 0};
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 3; seeds = 1; every = 1; slack = true; problems = ( { type = "
        "'abs_value';"
        "start = ( 2 ); domain = { type = 'box'; lower = 0; upper = 9; }; } );" SGD STEP(
            1));
    set_eta(e, 0, eta);
    struct lab_run *run = run_with(e, 1, 1);
    for (size_t k = 0; k < 3; k++) {
        const double t = (double)(k + 1);
        assert_close(measured(run, 0, LAB_SLACK_CONVEXITY, 0, k), 0.0, 0.0);
        assert_close(measured(run, 0, LAB_SLACK_GRADIENT, 0, k), 0.0, 0.0);
        assert_close(measured(run, 0, LAB_SLACK_DISTANCE, 0, k), distance[k] / t, 1e-15);
        assert_close(measured(run, 0, LAB_SLACK_LAST, 0, k), last[k] / t, 1e-15);
        assert_close(measured(run, 0, LAB_SLACK_PROJECTION, 0, k), 0.0, 0.0);
    }
    close_run(run);
}

/* From 2 with eta = 3: -1 is projected to 0, which gains 1/(2 3) at t = 1. */
static void test_projection(void **state)
{
    const double eta[] = {3};
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 1; seeds = 1; every = 1; slack = true; problems = ( { type = "
        "'abs_value';"
        "start = ( 2 ); domain = { type = 'box'; lower = 0; upper = 9; }; } );" SGD STEP(
            1));
    set_eta(e, 0, eta);
    struct lab_run *run = run_with(e, 1, 1);
    assert_close(measured(run, 0, LAB_SLACK_PROJECTION, 0, 0), 1.0 / 6.0, 1e-15);
    assert_close(measured(run, 0, LAB_SLACK_LAST, 0, 0), 0.0, 0.0);
    close_run(run);
}

/* Only sgd is what the proof is about. */
static void test_others(void **state)
{
    struct lab_mistakes mistakes = {0};
    (void)state;
    struct lab_experiment *e = try_experiment("steps = 9; slack = true; problems = ( { "
                                              "type = 'quadratic'; } ); optimizers = ( { "
                                              "type = 'adam'; } );" STEP(0.1),
                                              &mistakes);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(mistakes.line[0], "that is sgd"));
    lab_mistakes_free(&mistakes), lab_experiment_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_average), cmocka_unit_test(test_last_iterate),
        cmocka_unit_test(test_by_hand), cmocka_unit_test(test_projection),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
