/*
 * tests/test_bounds_finite_sums.c -- theorems about variance reduction, Polyak steps and
 * reshuffling: formulas by hand, constants taken from a run by hand, runs on which they hold
 * about as tightly as is known, what they refuse, and that they would fail.
 */
#include "tests/helpers.h"

static bool says(const char *text, const char *word)
{
    if (strstr(text, word))
        return true;
    print_error("'%s' does not say '%s'\n", text, word);
    return false;
}

/* The formula of numbers like "R1=2 G=1". */
static double formula(const char *bound, const char *numbers)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "test");
    char key[32];
    double value;
    int used;
    for (; sscanf(numbers, " %31[A-Za-z0-9_]=%lf%n", key, &value, &used) == 2;
         numbers += used)
        lab_node_add(root, lab_node_real(key, "test", value));
    assert_int_equal(*numbers, '\0');
    return right_hand_side(bound_named(bound), root);
}

/* svrg: rho = 1/(0.1 0.8 100) + 0.2/0.8 = 3/8, squared times 3
 * saga: (7/8)^2 (4 + 3), (7/8)^2 (4 + 4), and where mu decides (5/6) (4 + 2)
 * sag: (15/16) (3 + 16 + 1);  lsvrg: (3/4)^2 (4 + 2)
 * sps_max, a = 1/2: 4/2 + (3/2) 3/(1/2); a = 1: 4/4 + 2 2 3/(1/2)
 * rr: 4/4 + 1 2 3/1; (3/4)^2 4 + (1/4) 2 3/(1/2); 4/(2 (1/2) 2 4) + (1/4) 2 3/4 */
static void test_by_hand(void **state)
{
    static const struct {
        const char *bound, *numbers;
        double value;
    } cases[] = {
        {"svrg_value", "gap1=3 mu=1 L=1 eta=0.1 m=100 s=2", 27.0 / 64},
        {"saga_distance_mu", "R1=2 gap1=3 mu=0.5 L=1 n=2 k=2", 343.0 / 64},
        {"saga_distance", "R1=2 gap1=3 mu=0.5 L=1 n=2 k=2", 49.0 / 8},
        {"saga_distance", "R1=2 gap1=3 mu=0.5 L=1 n=1 k=1", 5.0},
        {"sag_value", "R1=2 gap1=3 sigma2_star=16 mu=1 L=1 n=1 k=1", 75.0 / 4},
        {"lsvrg_distance", "R1=2 sigw0=4 mu=1 eta=0.25 p=0.5 k=2", 27.0 / 8},
        {"polyak_nonsmooth", "R1=2 G=3 T=4", 3.0},
        {"polyak_smooth", "R1=2 L=1 T=4", 2.0},
        {"sps_star_avg", "R1=2 G=3 T=4", 3.0},
        {"sps_max_convex", "R1=2 Lmax=1 gamma_b=1 sigma2_f=3 T=4", 11.0},
        {"sps_max_sc_distance", "R1=2 mu=0.5 Lmax=1 gamma_b=2 sigma2_f=3 T=2", 25.0},
        {"rr_sc_components", "R1=2 mu=0.5 L=1 sigma2_star=3 gamma=1 n=2 T=1", 7.0},
        {"rr_sc_convex_components", "R1=2 mu=0.5 L=1 sigma2_star=3 gamma=0.5 n=2 T=2",
         21.0 / 4},
        {"rr_convex", "R1=2 L=1 sigma2_star=3 gamma=0.5 n=2 T=4", 0.875},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(formula(cases[i].bound, cases[i].numbers), cases[i].value, 1e-14);
}

/* ---- data ------------------------------------------------------------------------- */

/* Least squares in one dimension, rows a = 1 and labels +1, then -1, n of them: l_i = (x ∓ 1)^2/2,
 * L = mu = 1, x* = 0, sigma*^2 = 1, f* = 1/2.  `spread` 0: all labels 0. */
static const char *signs(size_t n, double spread)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/lab-test-signs-%d.csv", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "1,%g\n", 2 * i < n ? spread : -spread);
    assert_int_equal(fclose(file), 0);
    return path;
}

static int remove_signs(void **state)
{
    (void)state;
    unlink(signs(1, 1.0));
    return 0;
}

#define SIGNS                                                                            \
    "problems = ( { type = 'least_squares'; data = '%s'; normalize = 'none'; bias = "    \
    "false; start = %g; l2 = %g; } );"

#define TWELFTH "type = 'constant'; eta = 0.0833333333333333333333;"

/* l2 = 1, n = 4, start 2: L = mu_f = 2, mu_min = 1 (that the rows are 1 long is not seen), f =
 * x^2 + 1/2.  x* = 0, R1 = 2, gap1 = 4, sigma*^2 = 1.  grad l_i = 2x ∓ 1: sigw0 = 16.  inf l_i: x =
 * ±1/2, 1/8 + 1/8; at x* 1/2: sigma2_f = 1/4.  T = 3, so k = 2 for what speaks of x_{T+1}.
 *   saga_distance, eta 1/6: rate 1/16 (1/(4n)), (15/16)^2 (4 + 2 4 4/6)
 *   eta = 1/12, L' = 4: rate min(1/16, 1/12): (15/16)^2 (4 + 2 4 4/12)
 *   saga_distance_mu, eta 1/12 = 1/(2 (4 + 2)): (11/12)^2 (4 + 4 4/6)
 *   eta = 1/8, 4 = 4 mu' + 2, mu' = 1/2: (15/16)^2 (4 + 4 4/4);  eta = 1/20, 10 = 4 + 6:
 *   (19/20)^2 (4 + 16/10)
 *   sag, eta 1/32: rate min(2/32, 1/32): (31/32)^2 (4 + 4 2 4/4 + 1/32)
 *   lsvrg, eta 1/12, p = 1/4: rate 1/8: (7/8)^2 (4 + 4 16/144/(1/4)) = (49/64)(52/9)
 *   sps_max_convex, gamma_b = 1, a = 1/4: 4 4/3 + (7/4) (1/4) 4 = 85/12, T = 3
 *   sps_max_sc, gamma_b = 1, a = 1/2, mu = 1: (1/4) 4 + 2/4 2 = 2 */
static void test_constants_of_a_run(void **state)
{
    static const struct {
        const char *optimizer, *schedule, *bound;
        double value;
    } cases[] = {
        {"type = 'saga';", "type = 'theory'; bound = 'saga_distance';", "saga_distance",
         225.0 / 256 * 28 / 3},
        {"type = 'saga';", TWELFTH, "saga_distance", 225.0 / 256 * 20 / 3},
        {"type = 'saga';", TWELFTH, "saga_distance_mu", 121.0 / 144 * 20 / 3},
        {"type = 'saga';", "type = 'constant'; eta = 0.125;", "saga_distance_mu",
         225.0 / 256 * 8},
        {"type = 'saga';", "type = 'constant'; eta = 0.05;", "saga_distance_mu",
         361.0 / 400 * 5.6},
        {"type = 'sag';", "type = 'theory'; bound = 'sag_value';", "sag_value",
         961.0 / 1024 * (12 + 1.0 / 32)},
        {"type = 'lsvrg';", "type = 'theory'; bound = 'lsvrg_distance';",
         "lsvrg_distance", 49.0 / 64 * 52 / 9},
        {"type = 'lsvrg'; p = 0.25;", "type = 'theory'; bound = 'lsvrg_distance';",
         "lsvrg_distance", 49.0 / 64 * 52 / 9},
        {"type = 'sps_max'; c = 1;", "type = 'constant'; eta = 1;", "sps_max_convex",
         85.0 / 12},
        {"type = 'sps_max';", "type = 'constant'; eta = 1;", "sps_max_sc_distance", 2.0},
    };
    (void)state;
    const char *path = signs(4, 1.0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_experiment *e = experiment(
            "steps = 3; seeds = 20; every = 1; bounds = ( '%s' ); " SIGNS
            "optimizers = ( { %s } ); schedules = ( { %s } );",
            cases[i].bound, path, 2.0, 1.0, cases[i].optimizer, cases[i].schedule);
        struct lab_run *run = run_with(e, 1, 0);
        const struct lab_claim *c = claim_about(run, 0, cases[i].bound, LAB_NO_METRIC);
        if (c->status != LAB_CERTIFIED)
            fail_msg("%s: %s", cases[i].bound, c->reason);
        assert_close(c->final, cases[i].value, 1e-12);
        assert_int_not_equal(c->verdict, LAB_VIOLATED);
        close_run(run);
    }
}

/* Four rows of length 1, l2 = 1: mu_min = 1; the whole sum is one loss, with curvature 2.  A loss
 * times 1 - 1/4 has 3/4.  With importance sampling it is that of the loss of the least weight. */
static void test_mu_min(void **state)
{
    static const struct {
        const char *settings, *noise;
        double value;
    } cases[] = {
        {"", "", 1.0},
        {"batch = 'full';", "", 2.0},
        {"batch = 3;", "", 1.0},
        {"", "noise = { type = 'multiplicative'; sigma = 0.25; };", 0.75},
        {"", "noise = { type = 'gaussian'; sigma = 0.25; };", 1.0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_experiment *e = experiment(
            "steps = 2; %s problems = ( { type = 'least_squares'; data = '%s'; normalize "
            "= 'none'; bias = false; l2 = 1; %s } );" SGD STEP(0.1),
            cases[i].settings, signs(4, 1.0), cases[i].noise);
        assert_close(e->problem->facts.mu_min.value, cases[i].value, 1e-12);
        lab_experiment_free(e);
    }
    struct lab_experiment *e =
        experiment("steps = 2; sampling = 'importance'; problems = ( { type = "
                   "'least_squares'; n = 9; d = 3; l2 = 0.5; } );" SGD STEP(0.1));
    double least = INFINITY;
    for (size_t i = 0; i < 9; i++)
        least = fmin(least, e->problem->odds->weight[i]);
    assert_true(least < 0.9);
    assert_close(e->problem->facts.mu_min.value, 0.5 * least, 1e-14);
    lab_experiment_free(e);
}

/* ---- runs ------------------------------------------------------------------------- */

#define RIDGE                                                                            \
    "type = 'least_squares'; n = 20; d = 4; l2 = 0.1; normalize = 'none'; data_seed = "  \
    "3;"
#define LONE "type = 'constant'; eta = 1;"

/* Tightness of every theorem: between these. */
static void test_runs(void **state)
{
    static const struct {
        const char *bound, *settings, *problem, *optimizer, *schedule;
        enum lab_metric metric;
        double least, most;
    } cases[] = {
        {"svrg_value", "steps = 3001;", RIDGE,
         "type = 'svrg'; snapshot = 'random'; inner = 1000;",
         "type = 'constant'; eta = 0.008;", LAB_GAP, 0.05, 0.35},
        {"svrg_value", "steps = 1001; batch = 2;", RIDGE,
         "type = 'svrg'; snapshot = 'random'; inner = 1000;",
         "type = 'constant'; eta = 0.008;", LAB_GAP, 0.02, 0.35},
        {"saga_distance", "steps = 300;", RIDGE, "type = 'saga';",
         "type = 'theory'; bound = 'saga_distance';", LAB_DIST2, 0.2, 0.9},
        {"saga_distance_mu", "steps = 300;", RIDGE, "type = 'saga';",
         "type = 'constant'; eta = 0.03;", LAB_DIST2, 0.2, 0.9},
        {"sag_value", "steps = 300;", RIDGE, "type = 'sag';",
         "type = 'theory'; bound = 'sag_value';", LAB_GAP, 0.1, 0.6},
        {"lsvrg_distance", "steps = 300;", RIDGE, "type = 'lsvrg';",
         "type = 'theory'; bound = 'lsvrg_distance';", LAB_DIST2, 0.5, 0.999},
        {"lsvrg_distance", "steps = 300; batch = 3;", RIDGE, "type = 'lsvrg'; p = 0.2;",
         "type = 'theory'; bound = 'lsvrg_distance';", LAB_DIST2, 0.5, 0.999},
        {"polyak_nonsmooth", "steps = 30; every = 1;", "type = 'max_linear'; d = 30;",
         "type = 'polyak';", LONE, LAB_GAP_BEST, 1 - 1e-12, 1 + 1e-12},
        {"polyak_nonsmooth", "steps = 30; every = 1;", "type = 'max_linear'; d = 30;",
         "type = 'polyak';", LONE, LAB_AVG_GAP, 1 - 1e-12, 1 + 1e-12},
        {"polyak_nonsmooth", "steps = 30; every = 1;",
         "type = 'abs_value'; start = 2; domain = { type = 'ball'; radius = 3.0; };",
         "type = 'polyak';", LONE, LAB_GAP_MEAN_ITERATE, 1 - 1e-12, 1 + 1e-12},
        {"polyak_smooth", "steps = 30; every = 1;",
         "type = 'quadratic'; eigenvalues = [1.0]; start = 1;", "type = 'polyak';", LONE,
         LAB_AVG_GAP, 1.0 / 3 - 1e-9, 1.0 / 3 + 1e-9}, /* (1/2)(4/3)(1 - 4^-T) of 2 */
        {"polyak_smooth", "steps = 100; every = 1; batch = 'full';", RIDGE,
         "type = 'polyak';", LONE, LAB_AVG_GAP, 0.1, 0.4},
        {"sps_star_avg", "steps = 30; every = 1;", "type = 'max_linear'; d = 30;",
         "type = 'sps_star';", LONE, LAB_AVG_GAP, 1 - 1e-12, 1 + 1e-12},
        {"sps_star_avg", "steps = 100; every = 1;",
         "type = 'l1_regression'; n = 20; d = 4; normalize = 'none';",
         "type = 'sps_star';", LONE, LAB_AVG_GAP, 0.2, 0.7},
        {"sps_max_convex", "steps = 100; every = 1;", RIDGE,
         "type = 'sps_max'; c = 1; gamma_b = 0.1;", LONE, LAB_AVG_GAP, 0.05, 0.5},
        {"sps_max_sc_distance", "steps = 100;", RIDGE, "type = 'sps_max'; gamma_b = 1.0;",
         LONE, LAB_DIST2, 0.01, 0.3},
        {"rr_sc_components", "steps = 1001; sampling = 'reshuffle';", RIDGE,
         "type = 'sgd';", "type = 'constant'; eta = 0.02;", LAB_DIST2, 0.2, 0.95},
        {"rr_sc_components", "steps = 1001; sampling = 'shuffle_once';", RIDGE,
         "type = 'sgd';", "type = 'constant'; eta = 0.02;", LAB_DIST2, 0.2, 0.95},
        {"rr_sc_convex_components", "steps = 1001; sampling = 'reshuffle';", RIDGE,
         "type = 'sgd';", "type = 'constant'; eta = 0.003;", LAB_DIST2, 0.2, 0.99},
        {"rr_sc_convex_components", "steps = 1001; sampling = 'shuffle_once';", RIDGE,
         "type = 'sgd';", "type = 'constant'; eta = 0.003;", LAB_DIST2, 0.2, 0.99},
        {"rr_convex", "steps = 1001; sampling = 'reshuffle';", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.003;", LAB_OWN, 0.2, 0.6},
        {"rr_convex", "steps = 1001; sampling = 'shuffle_once';", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.003;", LAB_OWN, 0.2, 0.6},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_run *run = run_with(
            experiment("seeds = 100; bounds = ( '%s' ); %s problems = ( { %s } ); "
                       "optimizers = ( { %s } ); schedules = ( { %s } );",
                       cases[i].bound, cases[i].settings, cases[i].problem,
                       cases[i].optimizer, cases[i].schedule),
            2, 0);
        const struct lab_claim *c = claim_about(run, 0, cases[i].bound, cases[i].metric);
        if (c->status != LAB_CERTIFIED || c->verdict != LAB_HOLDS)
            fail_msg("%s: %s", cases[i].bound, c->reason);
        if (!(c->tightness >= cases[i].least && c->tightness <= cases[i].most))
            fail_msg("%s %zu: tightness %.9g", cases[i].bound, i, c->tightness);
        close_run(run);
    }
}

/* Snapshots of 7 steps: rows 8, 15, ... alone. */
static void test_rows_of_snapshots(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment("steps = 800; seeds = 4; bounds = ( 'svrg_value' ); problems = ( { "
                   "type = 'least_squares'; n = 20; d = 1; normalize = 'scale'; bias = "
                   "false; l2 = 10; } ); optimizers = ( { type = 'svrg'; snapshot = "
                   "'random'; inner = 70; } ); schedules = ( { type = 'constant'; eta = "
                   "0.01; } );"),
        1, 0);
    const struct lab_claim *c = claim_about(run, 0, "svrg_value", LAB_GAP);
    if (c->status != LAB_CERTIFIED)
        fail_msg("%s", c->reason);
    assert_true(c->rows > 5);
    for (size_t k = 0; k < c->rows; k++)
        assert_int_equal(c->t[k] % 70, 1);
    assert_int_equal(c->t[0], 71);
    close_run(run);
}

/* Labels 0, so that all samples are alike: x_t = (1-gamma)^(t-1), and the mean of the ends of
 * epochs is known; f = x^2/2. */
static void test_ends_of_epochs(void **state)
{
    (void)state;
    const double gamma = 0.1;
    const size_t n = 5;
    struct lab_run *run = run_with(
        experiment("steps = 31; seeds = 3; every = 1; sampling = 'reshuffle'; bounds = ( "
                   "'rr_convex' ); " SIGNS SGD STEP(0.1),
                   signs(n, 0.0), 1.0, 0.0),
        1, 0);
    const struct lab_claim *c = claim_about(run, 0, "rr_convex", LAB_OWN);
    if (c->status != LAB_CERTIFIED)
        fail_msg("%s", c->reason);
    assert_int_equal(c->rows, 6);
    double sum = 0.0;
    for (size_t k = 1; k <= c->rows; k++) {
        sum += pow(1 - gamma, (double)(k * n));
        const double mean = sum / (double)k;
        assert_int_equal(c->t[k - 1], 1 + k * n);
        assert_close(c->empirical[k - 1], 0.5 * mean * mean, 1e-12);
        assert_close(c->bound_value[k - 1], 1 / (2 * gamma * (double)(n * k)), 1e-12);
    }
    close_run(run);
}

/* ---- what they refuse --------------------------------------------------------------- */

static void test_refused(void **state)
{
    static const struct {
        const char *bound, *settings, *problem, *optimizer, *schedule, *why;
    } cases[] = {
        {"svrg_value", "", RIDGE, "type = 'svrg';", "type = 'constant'; eta = 0.008;",
         "snapshot = \"random\""},
        {"svrg_value", "", RIDGE, "type = 'svrg'; snapshot = 'random';",
         "type = 'constant'; eta = 0.008;", "is not below 1: epochs of m = 40"},
        {"svrg_value", "", RIDGE, "type = 'svrg'; snapshot = 'random';",
         "type = 'constant'; eta = 0.05;", "eta = 0.05 is not below 1/(2 L)"},
        {"svrg_value", "", RIDGE "noise = { sigma = 0.1; };",
         "type = 'svrg'; snapshot = 'random';", "type = 'constant'; eta = 0.008;",
         "noise is added"},
        {"saga_distance", "", "type = 'least_squares'; n = 20; d = 4;", "type = 'saga';",
         "type = 'constant'; eta = 0.01;", "mu_min = 0 (l2)"},
        {"saga_distance", "", RIDGE, "type = 'saga';", "type = 'constant'; eta = 0.1;",
         "eta_1 = 0.1 exceeds 0.333333/L_max"},
        {"saga_distance", "", RIDGE, "type = 'saga';", "type = 'inv_t'; eta = 0.01;",
         "needs a constant step"},
        {"saga_distance", "", RIDGE "domain = { type = 'ball'; radius = 9.0; };",
         "type = 'saga';", "type = 'constant'; eta = 0.01;", "needs unprojected steps"},
        {"saga_distance", "sampling = 'reshuffle';", RIDGE, "type = 'saga';",
         "type = 'constant'; eta = 0.01;", "needs iid"},
        {"saga_distance_mu", "", RIDGE, "type = 'saga';", "type = 'constant'; eta = 0.1;",
         "is not below 1/(2 L_max)"},
        {"saga_distance_mu", "", RIDGE, "type = 'sag';", "type = 'constant'; eta = 0.01;",
         "is about saga"},
        {"sag_value", "", RIDGE, "type = 'sag';", "type = 'constant'; eta = 0.01;",
         "eta_1 = 0.01 exceeds 0.0625/L_max"},
        {"lsvrg_distance", "", RIDGE, "type = 'lsvrg';", "type = 'constant'; eta = 0.02;",
         "eta_1 = 0.02 exceeds 0.166667/L_max"},
        {"lsvrg_distance", "sampling = 'importance';", RIDGE, "type = 'lsvrg';",
         "type = 'constant'; eta = 0.01;", "sampling is importance"},
        {"lsvrg_distance", "", "type = 'logistic'; data = 'synthetic'; n = 20;",
         "type = 'lsvrg';", "type = 'constant'; eta = 0.01;",
         "needs a strongly convex f"},
        {"polyak_nonsmooth", "", "type = 'abs_value'; start = 2;", "type = 'polyak';",
         "type = 'constant'; eta = 0.5;", "needs eta_t = 1, but eta_1 = 0.5"},
        {"polyak_nonsmooth", "batch = 'full';", "type = 'rosenbrock';",
         "type = 'polyak';", LONE, "not convex"},
        {"polyak_smooth", "", "type = 'abs_value'; start = 2;", "type = 'polyak';", LONE,
         "L is not known"},
        {"polyak_smooth", "",
         "type = 'quadratic'; domain = { type = 'ball'; radius = 1.0; };",
         "type = 'polyak';", LONE, "needs unprojected steps"},
        {"sps_star_avg", "", RIDGE, "type = 'sps_star';", LONE, "a bound on E‖g‖²"},
        {"sps_max_convex", "", RIDGE, "type = 'sps_max';", LONE, "needs c = 1"},
        {"sps_max_sc_distance", "", RIDGE, "type = 'sps_max'; c = 1;", LONE,
         "needs c = 1/2, but here it is 1"},
        {"sps_max_sc_distance", "", "type = 'least_squares'; n = 20; d = 4;",
         "type = 'sps_max';", LONE, "mu_min = 0 (l2)"},
        {"rr_sc_components", "", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.001;", "needs random permutations"},
        {"rr_sc_components", "sampling = 'cyclic';", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.001;", "but sampling is cyclic"},
        {"rr_sc_components", "sampling = 'reshuffle'; batch = 4;", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.001;", "needs batch = 1, but here it is 4"},
        {"rr_sc_components", "sampling = 'reshuffle'; batch = 'full';", RIDGE,
         "type = 'sgd';", "type = 'constant'; eta = 0.001;", "needs batch = 1"},
        {"rr_sc_components", "sampling = 'reshuffle';", RIDGE, "type = 'momentum';",
         "type = 'constant'; eta = 0.001;", "is about sgd"},
        {"rr_sc_components", "sampling = 'reshuffle';", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.1;", "exceeds 1/L_max"},
        {"rr_sc_convex_components", "sampling = 'reshuffle';", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.01;", "exceeds 0.0353553/L_max"},
        {"rr_convex", "sampling = 'reshuffle';", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.01;", "exceeds 0.0353553/L_max"},
        {"rr_convex", "steps = 20; sampling = 'reshuffle';", RIDGE, "type = 'sgd';",
         "type = 'constant'; eta = 0.001;", "speaks of x_t at t = 1 + 20 k"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *steps = strstr(cases[i].settings, "steps") ? "" : "steps = 50;";
        struct lab_experiment *e =
            experiment("%s seeds = 2; every = 1; bounds = ( '%s' ); %s problems = ( { %s "
                       "} ); optimizers = ( { %s } ); schedules = ( { %s } );",
                       steps, cases[i].bound, cases[i].settings, cases[i].problem,
                       cases[i].optimizer, cases[i].schedule);
        const struct lab_arm arm = lab_experiment_arm(e, 0);
        size_t count;
        struct lab_claim *claims = lab_claims(e, &arm, &count);
        assert_int_equal(count, 1); /* one reason for all limits */
        assert_int_equal(claims->status, LAB_NOT_APPLICABLE);
        if (!says(claims->reason, cases[i].why))
            fail_msg("%s", cases[i].bound);
        lab_claims_free(claims, count), lab_experiment_free(e);
    }
}

/* ---- that they would fail ------------------------------------------------------------- */

/* Runs what a theorem refuses; the mean of a metric in the last row. */
static double misused(const char *bound, const char *settings, enum lab_metric metric,
                      const char *path, double start, const char *optimizer, double eta)
{
    struct lab_experiment *e =
        experiment("%s every = 1; bounds = ( '%s' ); " SIGNS
                   "optimizers = ( { %s } ); schedules = ( { type = 'constant'; eta = "
                   "%.17g; } );",
                   settings, bound, path, start, 0.0, optimizer, eta);
    ask_everything(e);
    struct lab_run *run = run_with(e, 2, 0);
    double sum = 0.0;
    assert_int_equal(claim_about(run, 0, bound, LAB_NO_METRIC)->status,
                     LAB_NOT_APPLICABLE);
    for (size_t r = 0; r < run->e->seeds; r++)
        sum += measured(run, 0, metric, r, run->arm[0].measure->rows - 1);
    sum /= (double)run->e->seeds;
    close_run(run);
    return sum;
}

/* gamma = 0.01, 40 epochs of n = 10 from x*: with replacement E d^2 = gamma/(2 - gamma) = 0.005
 * where the theorem has gamma^2 n/2 = 0.0005, that for convex losses twice as much. */
static void test_with_replacement(void **state)
{
    (void)state;
    const double d2 = misused("rr_sc_convex_components", "steps = 401; seeds = 200;",
                              LAB_DIST2, signs(10, 1.0), 0.0, "type = 'sgd';", 0.01);
    const double sc =
        formula("rr_sc_components", "R1=0 mu=1 L=1 sigma2_star=1 gamma=0.01 n=10 T=40");
    const double convex = formula("rr_sc_convex_components",
                                  "R1=0 mu=1 L=1 sigma2_star=1 gamma=0.01 n=10 T=40");
    assert_close(sc, 0.0005, 1e-12);
    assert_true(d2 > 6.0 * sc && d2 < 16.0 * sc && d2 > 3.0 * convex);
}

/* All +1 before all -1: epochs of n = 40 end near gamma n/4, squared gamma^2 n^2/16, where the
 * theorem has gamma^2 n/2: n/8 times as much, and n/16. */
static void test_fixed_order(void **state)
{
    (void)state;
    const double d2 = misused("rr_sc_convex_components",
                              "steps = 20001; seeds = 1; sampling = 'cyclic';", LAB_DIST2,
                              signs(40, 1.0), 0.0, "type = 'sgd';", 0.001);
    assert_true(d2 > 4.5 * formula("rr_sc_components", "R1=0 mu=1 L=1 sigma2_star=1 "
                                                       "gamma=0.001 n=40 T=500"));
    assert_true(d2 > 2.2 * formula("rr_sc_convex_components",
                                   "R1=0 mu=1 L=1 sigma2_star=1 gamma=0.001 n=40 T=500"));
}

/* Steps far above their caps, and Polyak steps that are divided by too little: x^2/2 from 1, T =
 * 100 or 99 updates. */
static void test_too_long_steps(void **state)
{
    static const struct {
        const char *bound, *optimizer, *numbers;
        enum lab_metric metric;
        double eta;
    } cases[] = {
        {"svrg_value", "type = 'svrg'; snapshot = 'random'; inner = 33;",
         "gap1=0.5 mu=1 L=1 eta=0.1 m=33 s=3", LAB_GAP, 3.0},
        {"saga_distance", "type = 'saga';", "R1=1 gap1=0.5 mu=1 L=1 n=4 k=99", LAB_DIST2,
         3.0},
        {"saga_distance_mu", "type = 'saga';", "R1=1 gap1=0.5 mu=1 L=1 n=4 k=99",
         LAB_DIST2, 3.0},
        {"sag_value", "type = 'sag';", "R1=1 gap1=0.5 sigma2_star=0 mu=1 L=1 n=4 k=99",
         LAB_GAP, 20.0},
        {"lsvrg_distance", "type = 'lsvrg';", "R1=1 sigw0=1 mu=1 eta=0.1 p=0.25 k=99",
         LAB_DIST2, 3.0},
        {"polyak_smooth", "type = 'polyak';", "R1=1 L=1 T=100", LAB_AVG_GAP, 5.0},
        {"sps_max_convex", "type = 'sps_max'; c = 0.1; gamma_b = 9.0;",
         "R1=1 Lmax=1 gamma_b=9 sigma2_f=0 T=100", LAB_AVG_GAP, 1.0},
        {"sps_max_sc_distance", "type = 'sps_max'; c = 0.1; gamma_b = 9.0;",
         "R1=1 mu=1 Lmax=1 gamma_b=9 sigma2_f=0 T=99", LAB_DIST2, 1.0},
        {"rr_sc_components", "type = 'sgd';",
         "R1=1 mu=1 L=1 sigma2_star=0 gamma=1 n=4 T=25", LAB_DIST2, 3.0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bool polyak = strcmp(cases[i].bound, "polyak_smooth") == 0;
        const double value = misused(cases[i].bound,
                                     polyak ? "steps = 100; seeds = 2; batch = 'full';"
                                            : "steps = 100; seeds = 2;",
                                     cases[i].metric, signs(4, 0.0), 1.0,
                                     cases[i].optimizer, cases[i].eta);
        const double bound = formula(cases[i].bound, cases[i].numbers);
        if (!(value > 1e3 * bound))
            fail_msg("%s: %g does not violate %g", cases[i].bound, value, bound);
    }
}

/* eta_t = 5 on |x|, G = 1: the gap grows 4-fold every step. */
static void test_too_long_nonsmooth(void **state)
{
    static const char *const method[] = {"polyak", "sps_star"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_experiment *e = experiment(
            "steps = 20; seeds = 1; every = 1; bounds = ( '%s' ); problems = ( { type = "
            "'abs_value'; start = 1; } ); optimizers = ( { type = '%s'; } );" STEP(5),
            i ? "sps_star_avg" : "polyak_nonsmooth", method[i]);
        ask_everything(e);
        struct lab_run *run = run_with(e, 1, 0);
        const double bound =
            formula(i ? "sps_star_avg" : "polyak_nonsmooth", "R1=1 G=1 T=20");
        assert_int_equal(run->arm[0].claim[0].status, LAB_NOT_APPLICABLE);
        assert_true(measured(run, 0, LAB_AVG_GAP, 0, 19) > 100.0 * bound);
        close_run(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_constants_of_a_run),
        cmocka_unit_test(test_mu_min),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_rows_of_snapshots),
        cmocka_unit_test(test_ends_of_epochs),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_with_replacement),
        cmocka_unit_test(test_fixed_order),
        cmocka_unit_test(test_too_long_steps),
        cmocka_unit_test(test_too_long_nonsmooth),
    };
    return cmocka_run_group_tests(tests, NULL, remove_signs);
}
