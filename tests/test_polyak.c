/*
 * tests/test_polyak.c -- infima of sampled losses, worked out by hand; the theorems about
 * step sizes that know them.
 */
#include "tests/helpers.h"

/* ---- infima ---------------------------------------------------------------------- */

/* A problem on the rows (3, 4) and (0, 0) and more; infima of the first two losses. */
static void expect_infima(const char *rows, const char *problem, double first,
                          double second)
{
    char path[] = "/tmp/lab-test-XXXXXX.csv";
    const int fd = mkstemps(path, 4);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    fputs(rows, file);
    assert_int_equal(fclose(file), 0);
    struct lab_experiment *e = experiment(
        "problems = ( { data = '%s'; normalize = 'none'; bias = false; %s } ); " SGD STEP(
            1),
        path, problem);
    unlink(path);
    const struct lab_problem_entry *p = e->problem;
    double *low = lab_alloc(p->facts.n, sizeof *low);
    struct lab_error why = {""};
    assert_int_equal(p->problem->infima(p->self, low, &why), 0);
    if (fabs(low[0] - first) > 1e-15 || fabs(low[1] - second) > 1e-15)
        fail_msg("%s: %.17g, %.17g, not %.17g, %.17g", problem, low[0], low[1], first,
                 second);
    free(low), lab_experiment_free(e);
}

/* a_1 = (3, 4), ‖a_1‖^2 = 25; psi(z) = phi(z) + l2 z^2/50.  a_2 = 0: phi(0).
 *
 * Labels 2 and 1:
 * least_squares  l2 = 25: (z - 2)^2/2 + z^2/2 at z = 1
 * l1             25: |z - 2| + z^2/2 at z = 1; 6.25: z^2/8 at the kink z = 2
 * quantile 1/4   25: (2 - z)/4 + z^2/2 at z = 1/4; 2.5: z^2/20 at the kink
 * huber 1        25: 1/2 + 1/2 at z = 1; 6.25: z/4 = 2 - z at z = 8/5: 2/25 + 8/25
 * poisson        0: exp(z) = 2; 12.5/log(3/2): exp(z) = 3/2: 3/2 + 1/2 z = 2
 * lasso          |x|_1 = |z|/4: |z - 2|^2/2 + |z| at z = 1
 * elastic_net    l1 = 4, l2 = 4: x = (0, x_2), 4 (4 x_2 - 2) + 4 + 4 x_2 = 0 at 1/5:
 *                (6/5)^2/2 + 4/5 + 2/25
 * Labels +1 and -1:
 * hinge          25: z^2/2 at the kink z = 1; 100: 1 - z + 2 z^2 at z = 1/4
 * squared_hinge  50: (1 - z)^2 + z^2 at z = 1/2
 * logistic       25/(4 log 3): exp(-z)/(1 + exp(-z)) = 1/4 = z/(4 log 3) at z = log 3
 * Classes 1, 2, 3:
 * softmax        75/(4 log 2): exponentials 2, 1, 1; u = log 2, u^2/(4 log 2) is paid */
static void test_by_hand(void **state)
{
    const char *real = "3,4,2\n0,0,1\n1,0,1\n";
    const char *sign = "3,4,1\n0,0,-1\n1,0,-1\n";
    const char *classes = "3,4,1\n0,0,2\n1,0,3\n";
    const double log2 = M_LN2, log3 = log(3.0), e15 = log(1.5);
    char text[100];
    (void)state;
    expect_infima(real, "type = 'least_squares';", 0.0, 0.5);
    expect_infima(real, "type = 'least_squares'; l2 = 25;", 1.0, 0.5);
    expect_infima(real, "type = 'l1_regression';", 0.0, 1.0);
    expect_infima(real, "type = 'l1_regression'; l2 = 25;", 1.5, 1.0);
    expect_infima(real, "type = 'l1_regression'; l2 = 6.25;", 0.5, 1.0);
    expect_infima(real, "type = 'quantile_regression'; tau = 0.25; l2 = 25;", 0.46875,
                  0.25);
    expect_infima(real, "type = 'quantile_regression'; tau = 0.25; l2 = 2.5;", 0.2, 0.25);
    expect_infima(real, "type = 'huber_regression';", 0.0, 0.5);
    expect_infima(real, "type = 'huber_regression'; l2 = 25;", 1.0, 0.5);
    expect_infima(real, "type = 'huber_regression'; l2 = 6.25;", 0.4, 0.5);
    expect_infima(real, "type = 'poisson_regression';", 2.0 - log2, 1.0);
    snprintf(text, sizeof text, "type = 'poisson_regression'; l2 = %.17g;", 12.5 / e15);
    expect_infima(real, text, 1.5 - 2.0 * e15 + log2 + 0.25 * e15, 1.0);
    expect_infima(real, "type = 'lasso'; l1 = 4;", 1.5, 0.5);
    expect_infima(real, "type = 'lasso'; l1 = 9;", 2.0, 0.5);
    expect_infima(real, "type = 'elastic_net'; l1 = 4;", 1.5, 0.5);
    expect_infima(real, "type = 'elastic_net'; l1 = 4; l2 = 4;", 1.6, 0.5);
    expect_infima(sign, "type = 'hinge';", 0.0, 1.0);
    expect_infima(sign, "type = 'hinge'; l2 = 25;", 0.5, 1.0);
    expect_infima(sign, "type = 'hinge'; l2 = 100;", 0.875, 1.0);
    expect_infima(sign, "type = 'squared_hinge'; l2 = 50;", 0.5, 1.0);
    expect_infima(sign, "type = 'logistic';", 0.0, log2);
    snprintf(text, sizeof text, "type = 'logistic'; l2 = %.17g;", 6.25 / log3);
    expect_infima(sign, text, log(4.0 / 3.0) + log3 / 8.0, log2);
    expect_infima(classes, "type = 'softmax';", 0.0, log3);
    snprintf(text, sizeof text, "type = 'softmax'; l2 = %.17g;", 18.75 / log2);
    expect_infima(classes, text, 1.25 * log2, log3);
}

/* ---- theorems -------------------------------------------------------------------- */

static struct lab_run *walk(size_t steps, size_t seeds, const char *batch,
                            const char *problem, const char *optimizer)
{
    return run_with(
        experiment(
            "steps = %zu; seeds = %zu; batch = %s; every = 1; bounds = (); metrics "
            "= ( 'gap', 'avg_gap', 'gap_best', 'dist2' ); problems = ( { %s } ); "
            "optimizers = ( { %s } );" STEP(1),
            steps, seeds, batch, problem, optimizer),
        1, 0);
}

/* The mean over seeds in row k. */
static double mean(const struct lab_run *run, enum lab_metric m, size_t k)
{
    const size_t seeds = run->e->seeds;
    double sum = 0.0;
    for (size_t r = 0; r < seeds; r++)
        sum += measured(run, 0, m, r, k);
    return sum / (double)seeds;
}

/* Hazan & Kakade (2019): sum of gap_t^2/‖g_t‖^2 <= R1^2, so R1 G/sqrt(t) bounds the best and
 * the average gap.  On the worst case for t <= d steps the best is exactly that at t = d. */
static void test_nonsmooth(void **state)
{
    (void)state;
    struct lab_run *run =
        walk(200, 1, "1", "type = 'max_linear'; d = 50;", "type = 'polyak';");
    for (size_t k = 0; k < run->rows; k++) {
        const double rhs = 1.0 / sqrt((double)run->t[k]);
        assert_true(measured(run, 0, LAB_GAP_BEST, 0, k) <= rhs * (1.0 + 1e-12));
        assert_true(measured(run, 0, LAB_AVG_GAP, 0, k) <= rhs * (1.0 + 1e-12));
    }
    assert_close(measured(run, 0, LAB_GAP_BEST, 0, 49), 1.0 / sqrt(50), 1e-9);
    close_run(run);
}

/* Smooth: ‖g‖^2 <= 2 L gap, so the sum of gaps is at most 2 L R1^2; of x^2/2, which halves x,
 * the first gap alone is a quarter of that. */
static void test_smooth(void **state)
{
    static const char *const problem[] = {
        "type = 'quadratic'; d = 20; L = 3; mu = 0.001; rotate = true; start = 1;",
        "type = 'quadratic'; eigenvalues = ( 1 ); start = 1;",
        "type = 'logistic'; data = 'synthetic'; n = 60; d = 5;"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab_run *run = walk(300, 1, "'full'", problem[i], "type = 'polyak';");
        const struct lab_facts *f = &run->e->problem->facts;
        const double most = 2.0 * f->L.value * f->R1.value * f->R1.value;
        assert_true(f->f1.value - f->f_star.value > 0.0);
        for (size_t k = 0; k < run->rows; k++)
            assert_true(measured(run, 0, LAB_AVG_GAP, 0, k) * (double)run->t[k] <= most);
        assert_true(measured(run, 0, LAB_GAP, 0, run->rows - 1) <
                    0.01 * measured(run, 0, LAB_GAP, 0, 0));
        close_run(run);
    }
}

/* Garrigos, Gower & Schaipp (2023): E avg gap <= R1 sqrt(G2/t); every step of a convex loss comes
 * nearer to x*, with noise too, since <z, x> is part of the loss. */
static void test_sps_star(void **state)
{
    static const char *const problem[] = {
        "type = 'l1_regression'; data = 'synthetic'; n = 50; d = 7;",
        "type = 'l1_regression'; data = 'synthetic'; n = 50; d = 7; noise = { sigma = "
        "0.5; "
        "};",
        "type = 'hinge'; data = 'breast_cancer'; l2 = 0.1; domain = { type = 'ball'; "
        "radius = 3; };",
        "type = 'max_linear'; d = 50;"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct lab_run *run = walk(200, 40, "1", problem[i], "type = 'sps_star';");
        const struct lab_facts *f = &run->e->problem->facts;
        for (size_t k = 0; k < run->rows; k++) {
            const double rhs = f->R1.value * sqrt(f->G2.value / (double)run->t[k]);
            assert_true(mean(run, LAB_AVG_GAP, k) <= rhs * (1.0 + 1e-12));
            for (size_t r = 0; k > 0 && r < 40; r++)
                assert_true(measured(run, 0, LAB_DIST2, r, k) <=
                            measured(run, 0, LAB_DIST2, r, k - 1) * (1.0 + 1e-9) + 1e-20);
        }
        close_run(run);
    }
}

/* Where one x minimises all losses, every step comes nearer to each such x if c >= 1/2, and the
 * gap falls geometrically; batches work as well.  Elsewhere it does not fall so far. */
static void test_sps_max_interpolates(void **state)
{
    static const char *const batch[] = {"1", "4", "'full'"};
    const char *fits = "type = 'least_squares'; data = 'synthetic'; n = 20; d = 40;";
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab_run *run =
            walk(3000, 5, batch[i], fits, "type = 'sps_max'; gamma_b = 1e3;");
        for (size_t k = 1; k < run->rows; k++)
            for (size_t r = 0; r < 5; r++)
                assert_true(measured(run, 0, LAB_DIST2, r, k) <=
                            measured(run, 0, LAB_DIST2, r, k - 1) * (1.0 + 1e-12) +
                                1e-20);
        const double start = mean(run, LAB_GAP, 0);
        assert_true(mean(run, LAB_GAP, 1500) < 1e-4 * start);
        assert_true(mean(run, LAB_GAP, 2999) < 1e-8 * start);
        close_run(run);
    }
    struct lab_run *run =
        walk(3000, 5, "1", "type = 'least_squares'; data = 'synthetic'; n = 50; d = 7;",
             "type = 'sps_max'; gamma_b = 1;");
    assert_true(mean(run, LAB_GAP, 2999) > 1e-3 * mean(run, LAB_GAP, 0));
    close_run(run);
}

/* Loizou et al. (2021), convex losses, c = 1, as R1^2/(a t) + (2 gamma_b - a) s2/a, where a =
 * min(1/(2 L_max), gamma_b), s2 = f* - mean of infima: losses that do not share a minimiser. */
static void test_sps_max(void **state)
{
    static const char *const problem[] = {
        "type = 'logistic'; data = 'breast_cancer'; l2 = 0.05;",
        "type = 'softmax'; data = 'wine'; l2 = 0.1;",
        "type = 'squared_hinge'; data = 'synthetic'; n = 50; d = 7; l2 = 0.2;",
        "type = 'least_squares'; data = 'synthetic'; n = 50; d = 7;"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct lab_run *run =
            walk(400, 20, "1", problem[i], "type = 'sps_max'; c = 1; gamma_b = 0.05;");
        const struct lab_problem_entry *p = run->e->problem;
        const double a = fmin(0.5 / p->facts.L_max.value, 0.05), R1 = p->facts.R1.value;
        double s2 = p->facts.f_star.value;
        assert_non_null(p->loss_low);
        for (size_t j = 0; j < p->facts.n; j++)
            s2 -= p->loss_low[j] / (double)p->facts.n;
        assert_true(s2 > 1e-3);
        for (size_t k = 0; k < run->rows; k++)
            assert_true(mean(run, LAB_AVG_GAP, k) <=
                        R1 * R1 / (a * (double)run->t[k]) + (0.1 - a) * s2 / a);
        assert_true(mean(run, LAB_GAP, 399) < 0.5 * mean(run, LAB_GAP, 0));
        close_run(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand), cmocka_unit_test(test_nonsmooth),
        cmocka_unit_test(test_smooth),  cmocka_unit_test(test_sps_star),
        cmocka_unit_test(test_sps_max), cmocka_unit_test(test_sps_max_interpolates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
