/*
 * tests/test_convex.c -- worst cases and counter-examples do what their papers say, with
 * numbers worked out by hand or by other means than the plug-ins use.
 */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_min.h>

#include "lab/facts.h"
#include "tests/helpers.h"

static struct lab_experiment *open_problem(const char *problem)
{
    return experiment("steps = 5; problems = ( { %s } ); " SGD STEP(0.1), problem);
}

static double value_at(const struct lab_problem_entry *p, const double *x, double *g)
{
    double f;
    p->problem->objective(p->self, 1, x, &f, g);
    return f;
}

/* ---- smooth worst cases ---------------------------------------------------------- */

/* Drori & Teboulle 2014: from 1, N steps 1/L on Huber's function with delta = 1/(2N+1) end at
 * f - f* = L/(4N+2): every step is 1/(2N+1) long, so x_{N+1} = (N+1)/(2N+1). */
static void test_huber(void **state)
{
    (void)state;
    for (size_t N = 1; N <= 100; N *= 10) {
        struct lab_experiment *e =
            experiment("steps = %zu; seeds = 1; metrics = ( 'gap' ); problems = ( { type "
                       "= 'huber_1d';"
                       " L = 4; delta = %.17g; start = 1; } );" SGD STEP(0.25),
                       N + 1, 1.0 / (2.0 * (double)N + 1.0));
        struct lab_run *run = run_with(e, 1, 0);
        const size_t last = run->rows - 1;
        assert_close(measured(run, 0, LAB_GAP, 0, last), 4.0 / (4.0 * (double)N + 2.0),
                     1e-12);
        close_run(run);
    }
}

/* x* solves the tridiagonal system, f* = -L x*_1/8, and the basis diagonalises it. */
static void test_tridiagonal(void **state)
{
    enum { D = 7 };
    (void)state;
    struct lab_experiment *e =
        open_problem("type = 'nesterov_tridiagonal'; d = 7; L = 8;");
    const struct lab_problem_entry *p = e->problem;
    const struct lab_facts *f = &p->facts;
    double A[D][D] = {{0}}, g[D];
    for (size_t i = 0; i < D; i++) { /* L/4 = 2 */
        A[i][i] = 4.0;
        if (i)
            A[i][i - 1] = A[i - 1][i] = -2.0;
    }
    for (size_t i = 0; i < D; i++) {
        double row = i == 0 ? -2.0 : 0.0;
        for (size_t j = 0; j < D; j++)
            row += A[i][j] * f->minimiser[j];
        assert_true(fabs(row) < 1e-14);
        for (size_t k = 0; k < D; k++) {
            double image = 0.0;
            for (size_t j = 0; j < D; j++)
                image += A[i][j] * f->basis[k * D + j];
            assert_true(fabs(image - f->lam[k] * f->basis[k * D + i]) < 1e-13);
        }
    }
    /* f(x*) = -(L/4) x*_1/2 = -x*_1 = -7/8 */
    assert_close(f->f_star.value, -0.875, 1e-15);
    assert_close(value_at(p, f->minimiser, g), -0.875, 1e-14);
    const double zero[D] = {0}, one[D] = {1};
    assert_true(fabs(value_at(p, zero, g)) < 1e-14);
    assert_close(g[0], -2.0, 1e-14);
    assert_close(value_at(p, one, g), 0.0, 1e-14); /* (L/4)((1 + 1)/2 - 1) = 0 */
    assert_close(g[0], 2.0, 1e-14), assert_close(g[1], -2.0, 1e-14);
    lab_experiment_free(e);
}

/* The exact recursion runs along the sines; and gradient descent cannot beat Nesterov's
 * bound 3 L R1^2/(32 (N+1)^2) at N = 50, d = 101. */
static void test_tridiagonal_run(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 51; seeds = 300; bounds = ( 'exact_quad_loss' ); problems = ( { type = "
        "'nesterov_tridiagonal'; noise = { sigma = 0.05; }; }, { type = "
        "'nesterov_tridiagonal'; } );" SGD STEP(1));
    struct lab_run *run = run_with(e, 2, 0);
    assert_int_equal(claim_about(run, 0, "exact_quad_loss", LAB_GAP)->verdict, LAB_HOLDS);
    const double R1 = e->problem[1].facts.R1.value;
    const double gap = measured(run, 1, LAB_GAP, 0, run->rows - 1);
    assert_true(gap >= 3.0 * R1 * R1 / (32.0 * 51.0 * 51.0));
    close_run(run);
}

/* Lessard et al. 2016: heavy ball with alpha = 1/9, beta = 4/9 from 3.3 ends in the cycle
 * 792/1225, -2208/1225, 2592/1225. */
static void test_heavy_ball_cycle(void **state)
{
    const double cycle[] = {792.0 / 1225.0, -2208.0 / 1225.0, 2592.0 / 1225.0};
    (void)state;
    struct lab_experiment *e = open_problem("type = 'lessard';");
    double x = e->problem->facts.x1[0], before = x, g;
    assert_close(x, 3.3, 0.0);
    size_t met[3] = {0};
    for (int t = 1; t <= 600; t++) {
        value_at(e->problem, &x, &g);
        const double next = x - g / 9.0 + 4.0 / 9.0 * (x - before);
        before = x, x = next;
        for (size_t k = 0; t > 300 && k < 3; k++)
            met[k] += fabs(x - cycle[k]) < 1e-9;
    }
    for (size_t k = 0; k < 3; k++)
        assert_int_equal(met[k], 100);
    /* f at the joints and beyond, by hand: 12.5, 38, 12.5 x 9 - 72 + 36 */
    const double at[] = {1.0, 2.0, 3.0, -1.0}, f[] = {12.5, 38.0, 76.5, 12.5};
    for (size_t k = 0; k < 4; k++)
        assert_close(value_at(e->problem, &at[k], NULL), f[k], 1e-15);
    lab_experiment_free(e);
}

/* x_{t+1} = x_t (1 - 1/(5t)): f(x_{T+1}) = prod (1 - 1/(5t))^2/10, here by logarithms. */
static void test_nemirovski(void **state)
{
    double log_x = 0.0;
    (void)state;
    for (int t = 1; t <= 999; t++)
        log_x += log1p(-0.2 / t);
    struct lab_experiment *e = experiment(
        "steps = 1000; seeds = 1; metrics = ( 'gap' ); problems = ( { type = "
        "'nemirovski'; } );" SGD "schedules = ( { type = 'inv_t'; eta = 1; } );");
    struct lab_run *run = run_with(e, 1, 0);
    assert_close(measured(run, 0, LAB_GAP, 0, run->rows - 1), 0.1 * exp(2.0 * log_x),
                 1e-11);
    close_run(run);
}

/* ---- nonsmooth worst cases ------------------------------------------------------- */

/* Drori & Teboulle 2016: N + 1 = d evaluations of any subgradient method from 0 leave
 * f - f* >= G R/sqrt(d), whatever the steps. */
static void test_max_linear(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 25; seeds = 1; every = 1; metrics = ( 'gap_best' ); problems = ( { type "
        "= "
        "'max_linear'; d = 25; G = 3; R = 2; } );" SGD
        "schedules = ( { type = 'constant'; eta = [0.01, 0.1333, 5.0]; }, { type = "
        "'inv_sqrt'; eta = 0.2; } );");
    struct lab_run *run = run_with(e, 1, 0);
    for (size_t arm = 0; arm < 4; arm++)
        assert_true(measured(run, arm, LAB_GAP_BEST, 0, 24) >= 6.0 / 5.0 * (1 - 1e-12));
    close_run(run);
    /* G e_i of the first maximiser; G x/‖x‖ far out; the minimum along -(1,...,1) */
    e = open_problem("type = 'max_linear'; d = 4; G = 2; R = 1;");
    double x[4] = {-1, 0.25, 0.25, 0}, g[4];
    assert_close(value_at(e->problem, x, g), 0.5, 0.0);
    assert_true(g[0] == 0 && g[1] == 2 && g[2] == 0 && g[3] == 0);
    x[0] = -8, x[1] = x[2] = 0, x[3] = -6; /* 2 (10 - 1.5) = 17 */
    assert_close(value_at(e->problem, x, g), 17.0, 1e-15);
    assert_close(g[0], -1.6, 1e-15), assert_close(g[3], -1.2, 1e-15);
    for (double r = 0.5; r < 2.0; r += 0.125) {
        for (size_t j = 0; j < 4; j++)
            x[j] = -r / 2.0;
        assert_true(value_at(e->problem, x, NULL) >= -1.0 - 1e-15);
    }
    assert_close(e->problem->facts.f_star.value, -1.0, 0.0);
    lab_experiment_free(e);
}

/* Harvey et al. 2019, theorem 3.1, and its f at three points by hand (d = 2: a = 1/16, 1/8,
 * b = sqrt(1/2)/2, 1/2). */
static void test_last_iterate(void **state)
{
    (void)state;
    struct lab_experiment *e = open_problem("type = 'harvey_last_iterate'; d = 2;");
    double x[2] = {0, 0}, g[2];
    assert_close(value_at(e->problem, x, g), 0.0, 0.0);
    assert_close(g[0], -sqrt(0.5) / 2.0, 1e-15), assert_close(g[1], 0.0, 0.0);
    x[0] = 1.0; /* max(-b_1, a_1, a_1): the first of the two equal ones */
    assert_close(value_at(e->problem, x, g), 1.0 / 16.0, 0.0);
    assert_close(g[0], 1.0 / 16.0, 0.0), assert_close(g[1], -0.5, 0.0);
    x[1] = 1.0; /* h_3 = (a_1, a_2) */
    assert_close(value_at(e->problem, x, g), 3.0 / 16.0, 1e-15);
    assert_close(g[1], 1.0 / 8.0, 0.0);
    lab_experiment_free(e);
    for (size_t T = 10; T <= 1000; T *= 10) {
        e = experiment("steps = %zu; seeds = 1; metrics = ( 'gap', 'gap_mean_iterate' ); "
                       "problems = ( { type = 'harvey_last_iterate'; d = %zu; domain = { "
                       "type = 'ball'; radius = 1; }; } );" SGD
                       "schedules = ( { type = 'inv_sqrt'; eta = 1; } );",
                       T + 1, T);
        assert_true(e->problem->facts.G.value <= 1.0);
        struct lab_run *run = run_with(e, 1, 0);
        const double last = measured(run, 0, LAB_GAP, 0, run->rows - 1);
        assert_true(last >= log((double)T) / (32.0 * sqrt((double)T)));
        if (T == 1000) /* the average does not pay */
            assert_true(measured(run, 0, LAB_GAP_MEAN_ITERATE, 0, run->rows - 1) < last);
        close_run(run);
    }
}

/* The solver's linear programme against brute force: in one dimension f is a maximum of
 * lines, least where two of them cross. */
static void test_max_abs_affine(void **state)
{
    (void)state;
    struct lab_experiment *e =
        open_problem("type = 'max_abs_affine'; n = 9; d = 1; misfit = 1;");
    double f[2], g[2], least = INFINITY;
    const double far[2] = {-1e6, 1e6};
    for (double x = -4.0; x < 4.0; x += 1e-5) /* to 1e-5 times the greatest slope */
        least = fmin(least, value_at(e->problem, &x, NULL));
    e->problem->problem->objective(e->problem->self, 2, far, f, g);
    assert_true(e->problem->facts.f_star.value <= least);
    assert_true(e->problem->facts.f_star.value >= least - 1e-5 * fabs(g[1]));
    lab_experiment_free(e);
    e = open_problem("type = 'max_abs_affine';"); /* no misfit: f* = 0 at w, exactly */
    assert_close(value_at(e->problem, e->problem->facts.minimiser, g), 0.0, 0.0);
    assert_true(g[0] == 0.0 && g[1] == 0.0);
    lab_experiment_free(e);
}

/* ---- others ---------------------------------------------------------------------- */

static double line(double x, void *problem)
{
    return value_at(problem, &x, NULL);
}

/* f* in one dimension by GSL's minimiser; the temperature's limits: the maximum, and the
 * mean plus s log n. */
static void test_log_sum_exp(void **state)
{
    (void)state;
    struct lab_experiment *e =
        open_problem("type = 'log_sum_exp'; n = 8; d = 1; temperature = 0.5;");
    gsl_function F = {line, e->problem};
    gsl_min_fminimizer *s = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    gsl_min_fminimizer_set(s, &F, e->problem->facts.minimiser[0] + 0.1, -5.0, 5.0);
    for (int i = 0; i < 100; i++)
        gsl_min_fminimizer_iterate(s);
    assert_close(gsl_min_fminimizer_f_minimum(s), e->problem->facts.f_star.value, 1e-12);
    gsl_min_fminimizer_free(s);
    lab_experiment_free(e);
    /* two points on a line on the same side: no minimiser */
    size_t unknown = 0;
    for (size_t seed = 1; seed <= 8; seed++) {
        e = experiment("steps = 5; problems = ( { type = 'log_sum_exp'; n = 2; d = 1; "
                       "data_seed = %zu; } );" SGD STEP(0.1),
                       seed);
        const struct lab_facts *f = &e->problem->facts;
        const double x[2] = {-50.0, 50.0};
        double v[2], g[2];
        e->problem->problem->objective(e->problem->self, 2, x, v, g);
        assert_int_equal(f->f_star.status == LAB_UNKNOWN, g[0] * g[1] > 0.0);
        unknown += f->f_star.status == LAB_UNKNOWN;
        if (f->f_star.status == LAB_UNKNOWN)
            assert_non_null(strstr(f->f_star.source, "convex hull"));
        lab_experiment_free(e);
    }
    assert_in_range(unknown, 1, 7);
}

/* A minimiser over a domain is the point nearest to 0. */
static void test_nearest(void **state)
{
    static const char *const types[] = {"abs_value", "huber_1d", "lessard", "nemirovski"};
    const double f_star[] = {2.0, 0.5 * 1.0 * 1.0 + 1.0, 38.0, 0.4};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct lab_experiment *e = experiment(
            "steps = 5; problems = ( { type = '%s'; domain = { type = 'box'; lower = 2; "
            "upper = 3; }; } );" SGD STEP(0.1),
            types[i]);
        assert_close(e->problem->facts.minimiser[0], 2.0, 0.0);
        assert_close(e->problem->facts.f_star.value, f_star[i], 1e-15);
        lab_experiment_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_huber),           cmocka_unit_test(test_tridiagonal),
        cmocka_unit_test(test_tridiagonal_run), cmocka_unit_test(test_heavy_ball_cycle),
        cmocka_unit_test(test_nemirovski),      cmocka_unit_test(test_max_linear),
        cmocka_unit_test(test_last_iterate),    cmocka_unit_test(test_max_abs_affine),
        cmocka_unit_test(test_log_sum_exp),     cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
