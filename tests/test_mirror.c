/*
 * tests/test_mirror.c -- mirror descent and Hedge: weights stay weights, theorems hold.
 */
#include "tests/helpers.h"

#define SIMPLEX " domain = { type = 'simplex'; }; "

static const double *row(const struct lab_run *run, size_t k)
{
    return run->arm->measure->raw_x + k * run->e->problem->facts.d;
}

/* A hundred thousand steps, also so large that all weights but one are 0: never negative,
 * they sum up to 1. */
static void stay(const char *optimizer, const char *problem, double eta, bool underflow)
{
    struct lab_run *run = run_with(
        experiment("steps = 100000; seeds = 1; every = 100; bounds = (); metrics = ( "
                   "'loss' ); raw = true; raw_x = true; problems = ( { %s " SIMPLEX
                   " } ); optimizers = ( { type = '%s'; } ); schedules = ( { type = "
                   "'constant'; eta = %g; } );",
                   problem, optimizer, eta),
        1, 0);
    const size_t d = run->e->problem->facts.d;
    size_t zeros = 0;
    assert_true(run->rows >= 1000);
    for (size_t k = 0; k < run->rows; k++) {
        double sum = 0.0;
        for (size_t j = 0; j < d; j++) {
            assert_true(row(run, k)[j] >= 0.0);
            zeros += row(run, k)[j] == 0.0;
            sum += row(run, k)[j];
        }
        assert_true(fabs(sum - 1.0) <= 1e-12);
    }
    assert_true(underflow == (zeros > run->rows / 2));
    close_run(run);
}

static void test_stays_on_the_simplex(void **state)
{
    static const char *const optimizer[] = {"mirror_descent", "hedge"};
    const char *experts = "type = 'experts'; d = 100;",
               *noisy = "type = 'quadratic'; d = 7; rotate = true; start = "
                        "0.14285714285714285; noise = { sigma = 1e3; };";
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        stay(optimizer[i], experts, 1e-3, false);
        stay(optimizer[i], experts, 1e5, true);
        stay(optimizer[i], noisy, 1e-6, false);
        stay(optimizer[i], noisy, 1e3, true);
    }
}

/* Two experts, eta = 1e4: one step towards an expert and the other's weight is 0, as far as
 * doubles go.  As soon as the losses so far are level again, so are the weights. */
static void test_comes_back(void **state)
{
    static const char *const optimizer[] = {"mirror_descent", "hedge"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_run *run = run_with(
            experiment("steps = 2000; seeds = 1; every = 1; bounds = (); metrics = ( "
                       "'loss' ); raw = true; raw_x = true; problems = ( { type = "
                       "'experts'; d = 2; " SIMPLEX
                       " } ); optimizers = ( { type = '%s'; } "
                       ");" STEP(1e4),
                       optimizer[i]),
            1, 0);
        size_t first = 0, second = 0, level = 0;
        for (size_t k = 1; k < run->rows; k++) {
            const double *x = row(run, k);
            first += x[0] == 1.0 && x[1] == 0.0;
            second += x[1] == 1.0 && x[0] == 0.0;
            level += fabs(x[0] - 0.5) < 1e-9;
        }
        assert_true(first > 5 && second > 5 && level > 5);
        assert_int_equal(first + second + level, run->rows - 1);
        close_run(run);
    }
}

/* The Euclidean mirror is projected SGD, to the last bit; so is exponentiated gradient Hedge
 * where eta is constant, but for rounding. */
static void test_relatives(void **state)
{
    static const char *const twin[][3] = {
        {"type = 'mirror_descent'; mirror = 'euclidean';", "type = 'sgd';",
         "domain = { type = 'box'; lower = -0.3; upper = 0.6; };"},
        {"type = 'mirror_descent'; mirror = 'euclidean';", "type = 'sgd';", SIMPLEX},
        {"type = 'mirror_descent'; mirror = 'euclidean';", "type = 'sgd';", ""},
        {"type = 'mirror_descent';", "type = 'hedge';", SIMPLEX}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct lab_run *run[2];
        for (size_t k = 0; k < 2; k++)
            run[k] = run_with(
                experiment("steps = 300; seeds = 3; every = 1; bounds = (); raw = true; "
                           "raw_x = true; problems = ( { type = 'least_squares'; data = "
                           "'synthetic'; n = 50; d = 7; %s } ); optimizers = ( { %s } "
                           ");" STEP(0.05),
                           twin[i][2], twin[i][k]),
                1, 0);
        for (size_t j = 0; j < 3 * 300 * 7; j++)
            assert_close(run[0]->arm->measure->raw_x[j], run[1]->arm->measure->raw_x[j],
                         i < 3 ? 0.0 : 1e-12);
        close_run(run[0]), close_run(run[1]);
    }
}

/* The greatest average regret of 20 seeds at step T = 400 against the first of 10 experts. */
static double regret(const char *optimizer, const char *eta, double advantage)
{
    struct lab_run *run = run_with(
        experiment("steps = 400; seeds = 20; bounds = (); metrics = ( 'avg_regret' ); "
                   "problems = ( { type = 'experts'; advantage = %g; " SIMPLEX
                   " } ); optimizers = ( { type = '%s'; } ); schedules = ( { %s } );",
                   advantage, optimizer, eta),
        1, 0);
    double most = -INFINITY;
    for (size_t r = 0; r < 20; r++)
        most = fmax(most, measured(run, 0, LAB_AVG_REGRET, r, run->rows - 1));
    close_run(run);
    return most;
}

/* Regret against any point of the simplex, losses in [0,1], d = 10: at most log d/(eta T) +
 * eta/2 of exponentiated gradient (Bubeck 2015, thm 4.2), log d/(eta T) + eta/8 of Hedge with
 * constant eta (Cesa-Bianchi & Lugosi 2006, thm 2.2), sqrt(2 log(d)/T) + sqrt(log(d)/8)/T
 * with eta_t = sqrt(8 log(d)/t) (thm 2.3).  Where one expert never loses it comes near. */
static void test_regret(void **state)
{
    const double T = 400, log_d = log(10);
    static const double advantage[] = {0.0, 0.1, 0.5};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const double a = advantage[i];
        const double eg = regret("mirror_descent", "type = 'constant'; eta = 0.1;", a);
        const double hedge = regret("hedge", "type = 'constant'; eta = 0.2;", a);
        const double root =
            regret("hedge", "type = 'inv_sqrt'; eta = 4.291932052578694;", a);
        assert_true(eg <= log_d / (0.1 * T) + 0.1 / 2);
        assert_true(hedge <= log_d / (0.2 * T) + 0.2 / 8);
        assert_true(root <= sqrt(2 * log_d / T) + sqrt(log_d / 8) / T);
        if (a == 0.5) {
            assert_true(eg >= 0.5 * (log_d / (0.1 * T) + 0.1 / 2));
            assert_true(hedge >= 0.5 * (log_d / (0.2 * T) + 0.2 / 8));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stays_on_the_simplex),
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_relatives),
        cmocka_unit_test(test_regret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
