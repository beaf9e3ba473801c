/*
 * tests/test_bounds_lower.c -- lower bounds on their hard instances, exact recursions, coin betting
 * and distance over gradients: formulas by hand, runs that attain or meet them, what they refuse,
 * and what comes of it if they are misused.
 */
#include "tests/helpers.h"

static bool says(const char *text, const char *word)
{
    if (strstr(text, word))
        return true;
    print_error("'%s' does not say '%s'\n", text, word);
    return false;
}

/* ---- formulas -------------------------------------------------------------------- */

/* "R=2 A=1,2,3": a list where there is a comma, also a last one, "lam=2,". */
static struct lab_node *inputs(const char *text)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "test");
    char key[32];
    int used;
    for (; sscanf(text, " %31[A-Za-z0-9_]=%n", key, &used) == 1;) {
        char *end;
        double value = strtod(text += used, &end);
        struct lab_node *list =
            *end == ',' ? lab_node_add(root, lab_node_new(LAB_NODE_LIST, key, "test"))
                        : NULL;
        if (!list)
            lab_node_add(root, lab_node_real(key, "test", value));
        for (; list && end != text; value = strtod(text, &end)) {
            lab_node_add(list, lab_node_real(NULL, "test", value));
            text = *end == ',' ? end + 1 : end;
        }
        text = end;
    }
    assert_int_equal(*text, '\0');
    return root;
}

static double formula(const char *bound, const char *text)
{
    return right_hand_side(bound_named(bound), inputs(text));
}

/* lower_nonsmooth: 2 3/sqrt(9).  lower_smooth: 3 2 16/(32 4).
 * rademacher, D G/2 = 3: E|sum of 3 signs| = (2 3 + 6 1)/8 = 3/2; of 2 signs 1; of 4 signs
 *   (2 4 + 8 2)/16 = 3/2.
 * One eigenvalue 2, delta0 = 3, s2 = 5, eta = 1/4, 1/8: a = 1/2, 3/4; m = 3, 3/2, 9/8;
 *   s = 0, 5/16, 9/16 5/16 + 5/64 = 65/256; m^2 + s = 9, 41/16, 389/256, and their mean.
 *   The noise in x_1 + x_2 + x_3 is -(7/16) z_1 - (1/8) z_2, variance 5 53/256, mean 45/8.
 * Heavy ball with alpha = 1/4, beta = 1/2, k = 1: e_2 = 3/2 - z_1/4, e_3 = -(z_1 + z_2)/4,
 *   e_4 = e_3 - e_2/2 - z_3/4 = -3/4 - z_1/8 - z_2/4 - z_3/4: 9/16 + 5 9/64 = 81/64.
 * Gauss, lam = 1: p <- (1 - 2 eta + 3 eta^2) p + eta^2 3, E a^4 = 3, from 4 with 1/2, 1/2, 1/4:
 *   15/4, 57/16, 675/256, and half of it.
 * Least squares, a = 1, 2, b = 2, -1: x* = 0, S = 5/2; a step of 1/4 is x <- 3x/4 + 1/2 or -1/2.
 *   From 2: 2, -1/2; 2, -1/2, 1/8, -1/2; 2, 1/8, 19/32, 1/8 and four times -1/2: E x^2 =
 *   (4 + 2/64 + 361/1024 + 1)/8 = 5513/8192, and 5/4 of it.
 * Coin betting with 24 T^2 u^2/eps^2 = e - 1; dog: 3 (2 2 + 3) 5/(1 + 2). */
static void test_three_steps(void **state)
{
    static const struct {
        const char *bound, *inputs;
        double value;
    } cases[] = {
        {"lower_nonsmooth", "R=2 G=3 N=8", 2},
        {"lower_smooth", "R=4 L=2 N=1", 0.75},
        {"lower_regret_rademacher", "D=2 G=3 T=1", 3},
        {"lower_regret_rademacher", "D=2 G=3 T=2", 1.5},
        {"lower_regret_rademacher", "D=2 G=3 T=3", 1.5},
        {"lower_regret_rademacher", "D=2 G=3 T=4", 9.0 / 8},
        {"lower_last_iterate_harvey", "T=4", 0.021660849392498290},
        {"exact_quad_loss", "lam=2, delta0=3, s2=5, eta=0.25,0.125", 389.0 / 256},
        {"exact_quad_avg_loss", "lam=2, delta0=3, s2=5, eta=0.25,0.125,9", 3349.0 / 768},
        {"exact_quad_loss_at_avg", "lam=2, delta0=3, s2=5, eta=0.25,0.125,9",
         8365.0 / 2304},
        {"exact_quad_loss_at_avg", "lam=2, delta0=3, s2=5, eta=9,", 9},
        {"exact_quad_heavy_ball", "lam=2, delta0=3, s2=5, alpha=0.25 beta=0.5 T=3",
         81.0 / 64},
        {"exact_quad_heavy_ball", "lam=2, delta0=3, s2=5, alpha=0.25 beta=0.5 T=0", 9},
        {"exact_gauss_lsq_loss", "lam=1, delta0=2, noise_var=3 eta=0.5,0.5,0.25",
         675.0 / 512},
        {"exact_finite_lsq_loss", "A=1,2 b=2,-1 w1=2, eta=0.25,0.25,0.25",
         27565.0 / 32768},
        {"coin_betting_kt", "u=1 eps=3.737303970091787 T=1", 3.9616125210293593},
        {"dog_posteriori", "dbar=2 rbar=1,2,3 gnorm=3,4", 35},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double value = formula(cases[i].bound, cases[i].inputs);
        if (fabs(value - cases[i].value) > 1e-13 * cases[i].value)
            fail_msg("%s: %.17g", cases[i].bound, value);
    }
}

/* E|sum of signs| at long horizons: C(n, n/2)/2^n once more, and where the series takes over. */
static void test_many_signs(void **state)
{
    const double n = 1e5;
    (void)state;
    assert_close(formula("lower_regret_rademacher", "D=2 G=1 T=100001"),
                 exp(lgamma(n + 1) - 2 * lgamma(n / 2 + 1) - n * log(2)), 1e-9);
    assert_close(formula("lower_regret_rademacher", "D=2 G=1 T=2003"),
                 formula("lower_regret_rademacher", "D=2 G=1 T=2001") * 2001 / 2002,
                 1e-14);
}

/* ---- runs ------------------------------------------------------------------------ */

static struct lab_run *run_of(const char *config, const char *bound)
{
    return run_with(experiment("%s bounds = ( '%s' );", config, bound), 0, 0);
}

/* Every claim is certified and holds, and speaks of rows up to `last`; the ratio measured/bound in
 * its last row lies in [low, high]. */
static void meets(const char *config, const char *bound, size_t last, double low,
                  double high)
{
    struct lab_run *run = run_of(config, bound);
    for (size_t i = 0; i < run->arms; i++)
        for (size_t k = 0; k < run->arm[i].claims; k++) {
            const struct lab_claim *c = &run->arm[i].claim[k];
            if (c->status != LAB_CERTIFIED || c->verdict != LAB_HOLDS)
                fail_msg("%s, %s, claim %zu: %s, %s: %s", bound,
                         run->arm[i].arm.optimizer->type, k, lab_standing_text[c->status],
                         lab_verdict_text[c->verdict], c->reason);
            assert_int_equal(c->t[c->rows - 1], last);
            const double ratio = c->ratio[c->rows - 1];
            if (!(ratio >= low && ratio <= high))
                fail_msg("%s, %s, claim %zu: ratio %.6g", bound,
                         run->arm[i].arm.optimizer->type, k, ratio);
        }
    close_run(run);
}

/* A run that diverges is above what bounds it from below; the closest row is said. */
static void test_far_above(void **state)
{
    (void)state;
    struct lab_run *run =
        run_of("steps = 600; seeds = 1; problems = ( { type = 'nesterov_tridiagonal'; "
               "d = 1301; } ); " SGD STEP(40),
               "lower_smooth");
    const struct lab_claim *c = claim_about(run, 0, "lower_smooth", LAB_GAP);
    assert_int_equal(c->verdict, LAB_HOLDS);
    assert_true(isinf(c->empirical[c->rows - 1]));
    assert_true(says(c->reason, "0 of 1 seeds below the bound; closest:"));
    close_run(run);
    run = run_of("steps = 40; seeds = 1; problems = ( { type = 'max_linear'; d = 40; } "
                 "); optimizers = ( { type = 'momentum'; } ); " STEP(0.2),
                 "lower_nonsmooth");
    c = claim_about(run, 0, "lower_nonsmooth", LAB_GAP);
    assert_close(c->tightness, 1.0, 1e-12); /* at x_1 */
    assert_int_equal(c->worst_t, 1);
    assert_true(c->ratio[c->rows - 1] > 1.1);
    close_run(run);
}

/* What moves in the span of past gradients; steps for L = G = R = 1. */
#define SPAN                                                                             \
    "optimizers = ( { type = 'sgd'; }, { type = 'momentum'; }, { type = 'nesterov'; }, " \
    "{ type = 'heavy_ball'; }, { type = 'dual_averaging'; }, { type = 'polyak'; }, "     \
    "{ type = 'normalized_sgd'; }, { type = 'clipped_sgd'; limit = 0.5; }, "             \
    "{ type = 'adagrad_norm'; }, { type = 'dog'; }, { type = 'coin_betting'; }, "        \
    "{ type = 'schedule_free'; }, { type = 'lookahead'; }, { type = 'fista'; }, "        \
    "{ type = 'nesterov_sc'; kappa = 100; }, { type = 'ogm'; }, "                        \
    "{ type = 'momentum_ima'; }, { type = 'sps_star'; }, { type = 'sps_max'; } ); "

static void test_lower_nonsmooth(void **state)
{
    (void)state;
    meets("steps = 40; seeds = 1; problems = ( { type = 'max_linear'; d = 40; "
          "G = 2; R = 3; } ); " SPAN STEP(0.2),
          "lower_nonsmooth", 40, 1.0, INFINITY);
    /* the subgradient method with R/(G sqrt(T)) attains it, and more steps are not spoken of */
    meets("steps = 60; seeds = 1; every = 1; problems = ( { type = 'max_linear'; "
          "d = 49; } ); " SGD "schedules = ( { type = 'constant'; eta = "
          "0.14285714285714285; } ); ",
          "lower_nonsmooth", 49, 1.0 - 1e-12, 1.0 + 1e-12);
}

static void test_lower_smooth(void **state)
{
    (void)state;
    meets("steps = 51; seeds = 1; problems = ( { type = 'nesterov_tridiagonal'; "
          "d = 101; } ); " SPAN STEP(1),
          "lower_smooth", 51, 1.0, INFINITY);
    meets(
        "steps = 80; seeds = 1; every = 1; problems = ( { type = "
        "'nesterov_tridiagonal'; d = 101; } ); optimizers = ( { type = 'ogm'; } );" STEP(
            1),
        "lower_smooth", 51, 1.0, 6.0);
}

static void test_lower_harvey(void **state)
{
    (void)state;
    meets("steps = 1501; seeds = 1; problems = ( { type = 'harvey_last_iterate'; "
          "d = 1500; domain = { type = 'ball'; radius = 1; }; } ); " SGD
          "schedules = ( { type = 'inv_sqrt'; eta = 1; } ); ",
          "lower_last_iterate_harvey", 1501, 1 / 0.5867, 1 / 0.5865);
    meets("steps = 160; seeds = 1; every = 1; problems = ( { type = "
          "'harvey_last_iterate'; d = 100; } ); " SGD
          "schedules = ( { type = 'inv_sqrt'; eta = 1; } ); ",
          "lower_last_iterate_harvey", 101, 1.0, 3.0);
}

static void test_rademacher(void **state)
{
    (void)state;
    meets("steps = 50; seeds = 4000; problems = ( { type = 'linear_losses'; G = 2; "
          "domain = { type = 'ball'; radius = 1.5; }; } ); optimizers = ( "
          "{ type = 'sgd'; }, { type = 'adagrad_norm'; }, { type = 'adam'; }, "
          "{ type = 'extragradient'; }, { type = 'coin_betting'; G = 2; } ); " STEP(0.3),
          "lower_regret_rademacher", 50, 0.95, 1.05);
    meets("steps = 50; seeds = 2000; problems = ( { type = 'linear_losses'; d = 3; "
          "domain = { type = 'box'; lower = -1; upper = 2; }; } ); optimizers = ( "
          "{ type = 'dual_averaging'; } ); " STEP(0.3),
          "lower_regret_rademacher", 50, 0.95, 1.05);
}

#define NOISY                                                                            \
    "problems = ( { type = 'quadratic'; eigenvalues = ( 1, 0.3, 0.05 ); start = "        \
    "( 2, -1, 3 ); noise = { sigma = 0.7; }; } ); "

#define FOUR                                                                             \
    "schedules = ( { type = 'constant'; eta = 0.3; }, { type = 'inv_sqrt'; eta = 0.9; "  \
    "}, "                                                                                \
    "{ type = 'linear'; eta = 1; }, { type = 'cosine'; eta = 0.8; warmup = 9; } ); "

static void test_exact_quadratics(void **state)
{
    static const char *const bounds[] = {"exact_quad_avg_loss", "exact_quad_loss_at_avg"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        meets("steps = 60; seeds = 4000; " NOISY SGD FOUR, bounds[i], 60, 0.96, 1.04);
        meets("steps = 60; seeds = 1; problems = ( { type = 'nesterov_tridiagonal'; "
              "d = 9; } ); " SGD STEP(1),
              bounds[i], 60, 1 - 1e-9, 1 + 1e-9);
    }
    meets("steps = 60; seeds = 4000; " NOISY "optimizers = ( { type = 'heavy_ball'; "
          "beta = 0.5; }, { type = 'momentum'; beta = 0.8; } ); " STEP(0.3),
          "exact_quad_heavy_ball", 60, 0.95, 1.05);
    meets("steps = 60; seeds = 1; problems = ( { type = 'quadratic'; d = 5; rotate = "
          "true; start = 2; } ); optimizers = ( { type = 'heavy_ball'; } ); " STEP(0.3),
          "exact_quad_heavy_ball", 60, 1 - 1e-9, 1 + 1e-9);
}

#define GAUSS                                                                            \
    "problems = ( { type = 'gauss_least_squares'; eigenvalues = ( 1, 0.3, 0.05 ); "      \
    "start = ( 2, -1, 3 ); } ); " SGD

static void test_exact_least_squares(void **state)
{
    (void)state;
    meets("steps = 100; seeds = 6000; " GAUSS
          "schedules = ( { type = 'inv_sqrt'; eta = 0.2; } ); ",
          "exact_gauss_lsq_loss", 100, 0.96, 1.04);
    meets("steps = 60; seeds = 4000; problems = ( { type = 'least_squares'; "
          "data = 'synthetic'; n = 30; d = 4; start = 1; }, { type = 'least_squares'; "
          "data = 'synthetic'; n = 30; d = 4; l2 = 0.3; start = 1; } ); " SGD
          "schedules = ( { type = 'constant'; eta = 0.01; }, { type = 'constant'; "
          "eta = 0.08; }, { type = 'inv_sqrt'; eta = 0.1; }, { type = 'linear'; "
          "eta = 0.1; } ); ",
          "exact_finite_lsq_loss", 60, 0.94, 1.06);
}

/* All 4^6 paths of SGD on 4 data points, with an l2 term: steps of lab's own gradients. */
static void test_all_paths(void **state)
{
    enum { POINTS = 4, UPDATES = 6, PATHS = 4096 };
    (void)state;
    struct lab_run *run =
        run_of("steps = 7; seeds = 2; problems = ( { type = 'least_squares'; data = "
               "'synthetic'; n = 4; d = 2; l2 = 0.3; start = ( 1, -2 ); } ); " SGD
               "schedules = ( { type = 'inv_sqrt'; eta = 0.4; } ); ",
               "exact_finite_lsq_loss");
    const struct lab_arm *arm = &run->arm[0].arm;
    const struct lab_problem *p = arm->problem->problem;
    double sum = 0.0, f, g[2], loss;
    for (uint32_t path = 0; path < PATHS; path++) {
        double x[2] = {1.0, -2.0};
        uint32_t rest = path;
        for (size_t t = 0; t < UPDATES; t++, rest /= POINTS) {
            const uint32_t i = rest % POINTS;
            const struct lab_sample one = {.batch = 1, .index = &i, .known = 1};
            p->gradient(arm->problem->self, &one, 1, x, g, &loss);
            x[0] -= arm->eta->eta[t] * g[0], x[1] -= arm->eta->eta[t] * g[1];
        }
        p->objective(arm->problem->self, 1, x, &f, NULL);
        sum += f - arm->problem->facts.f_star.value;
    }
    assert_int_equal(run->arm[0].claim->status, LAB_CERTIFIED);
    assert_close(run->arm[0].claim->final, sum / PATHS, 1e-11);
    close_run(run);
}

static void test_coin_betting(void **state)
{
    (void)state;
    meets("steps = 300; seeds = 100; problems = ( { type = 'abs_value'; start = 3; "
          "noise = { type = 'rademacher'; sigma = 1; }; } ); optimizers = ( "
          "{ type = 'coin_betting'; G = 2; }, { type = 'coin_betting'; G = 5; "
          "eps = 0.1; } ); " STEP(1),
          "coin_betting_kt", 300, -1.0, 1.0);
    meets("steps = 1000; seeds = 1; problems = ( { type = 'abs_value'; start = 100; } "
          "); optimizers = ( { type = 'coin_betting'; } ); " STEP(1),
          "coin_betting_kt", 1000, 0.1, 1.0);
}

static void test_dog(void **state)
{
    (void)state;
    meets("steps = 200; seeds = 50; every = 1; problems = ( { type = 'l1_regression'; "
          "data = 'synthetic'; n = 50; d = 5; } ); optimizers = ( { type = 'dog'; r_eps "
          "= 1; } ); " STEP(1),
          "dog_posteriori", 200, -1.0, 1.0);
    meets("steps = 200; seeds = 50; problems = ( { type = 'logistic'; data = "
          "'breast_cancer'; domain = { type = 'ball'; radius = 3; }; } ); "
          "optimizers = ( { type = 'dog'; } ); " STEP(1),
          "dog_posteriori", 200, -1.0, 1.0);
}

/* |x| from 1, r_eps = 1: rbar_1 = 2, x_2 = -1, rbar = 2, Q = 1, 2: x_3 = -1 + sqrt(2).  After two
 * updates (2 1 + 2 1)/4 = 1 on the left, 2 (2 1 + 2) sqrt(2)/4 on the right. */
static void test_dog_by_hand(void **state)
{
    (void)state;
    struct lab_run *run =
        run_of("steps = 3; seeds = 1; every = 1; problems = ( { type = 'abs_value'; "
               "start = 1; } ); optimizers = ( { type = 'dog'; r_eps = 1; } ); " STEP(1),
               "dog_posteriori");
    const struct lab_claim *c = run->arm[0].claim;
    assert_int_equal(c->rows, 2); /* 2 and 3 */
    assert_close(c->empirical[1], 1.0, 1e-15);
    assert_close(c->bound_value[1], 2.0 * sqrt(2.0), 1e-15);
    close_run(run);
}

/* ---- what does not apply says why ------------------------------------------------ */

static void test_reasons(void **state)
{
    static const struct {
        const char *bound, *problem, *optimizer, *schedule, *rest, *why;
    } cases[] = {
        {"lower_nonsmooth", "'abs_value'", "'sgd'", "'constant'", "", "max_linear, not"},
        {"lower_nonsmooth", "'max_linear'", "'adam'", "'constant'", "", "not adam"},
        {"lower_nonsmooth", "'max_linear'; start = 1", "'sgd'", "'constant'", "",
         "needs x_1 = 0"},
        {"lower_nonsmooth", "'max_linear'; noise = { sigma = 1; }", "'sgd'", "'constant'",
         "", "needs exact gradients"},
        {"lower_nonsmooth", "'max_linear'; domain = { type = 'ball'; radius = 1; }",
         "'sgd'", "'constant'", "", "unprojected"},
        {"lower_smooth", "'quadratic'", "'sgd'", "'constant'", "",
         "nesterov_tridiagonal, not quadratic"},
        {"lower_smooth", "'nesterov_tridiagonal'; d = 10", "'sgd'", "'constant'", "",
         "d = 10 is even"},
        {"lower_regret_rademacher", "'linear_losses'; sequence = 'orthogonal'", "'sgd'",
         "'constant'", "", "bounded domain"},
        {"lower_regret_rademacher",
         "'linear_losses'; sequence = 'orthogonal'; d = 2; domain = { type = 'ball'; "
         "radius = 1; }",
         "'sgd'", "'constant'", "", "sequence = \"rademacher\""},
        {"lower_regret_rademacher",
         "'linear_losses'; d = 2; domain = { type = 'ball'; radius = 1; }", "'sgd'",
         "'constant'", "", "needs a box"},
        {"lower_regret_rademacher",
         "'linear_losses'; d = 2; domain = { type = 'box'; lower = 0; upper = ( 1, 2 ); "
         "}",
         "'sgd'", "'constant'", "", "equal sides"},
        {"lower_regret_rademacher",
         "'linear_losses'; domain = { type = 'ball'; radius = 1; }", "'sgd'",
         "'constant'", "batch = 2;", "not batch = 2"},
        {"lower_last_iterate_harvey", "'harvey_last_iterate'; d = 40", "'sgd'",
         "'inv_sqrt'", "", "in row 41 alone, but there are 40 steps"},
        {"lower_last_iterate_harvey", "'harvey_last_iterate'; d = 20", "'sgd'",
         "'constant'", "", "needs eta_t = 1/sqrt(t), but eta_2 = 1"},
        {"lower_last_iterate_harvey",
         "'harvey_last_iterate'; d = 20; domain = { type = 'ball'; radius = 2; }",
         "'sgd'", "'inv_sqrt'", "", "the unit ball"},
        {"exact_quad_avg_loss", "'gauss_least_squares'", "'sgd'", "'constant'", "",
         "samples are drawn"},
        {"exact_quad_loss", "'gauss_least_squares'", "'sgd'", "'constant'", "",
         "needs a quadratic with a known spectrum"},
        {"exact_quad_loss_at_avg",
         "'quadratic'; noise = { type = 'multiplicative'; sigma = 0.5; }", "'sgd'",
         "'constant'", "", "multiplicative"},
        {"exact_quad_heavy_ball", "'quadratic'", "'heavy_ball'", "'inv_sqrt'", "",
         "constant step"},
        {"exact_gauss_lsq_loss", "'quadratic'", "'sgd'", "'constant'", "",
         "gauss_least_squares, not"},
        {"exact_gauss_lsq_loss", "'gauss_least_squares'", "'sgd'", "'constant'",
         "batch = 4;", "not batch = 4"},
        {"exact_gauss_lsq_loss", "'gauss_least_squares'; noise = { sigma = 1; }", "'sgd'",
         "'constant'", "", "noise is added"},
        {"exact_finite_lsq_loss", "'logistic'; data = 'synthetic'; l2 = 1", "'sgd'",
         "'constant'", "", "least_squares, not logistic"},
        {"exact_finite_lsq_loss", "'least_squares'", "'sgd'", "'constant'", "batch = 2;",
         "not iid, batch = 2"},
        {"exact_finite_lsq_loss", "'least_squares'", "'sgd'", "'constant'",
         "sampling = 'cyclic';", "cyclic, batch = 1"},
        {"exact_finite_lsq_loss", "'least_squares'; n = 20000; d = 100", "'sgd'",
         "'constant'", "", "exceeds 1e+10"},
        {"coin_betting_kt", "'abs_value'", "'coin_betting'; G = 0.5", "'constant'", "",
         "needs ‖g‖ <= 0.5, the option G, but G = 1"},
        {"coin_betting_kt", "'quadratic'", "'coin_betting'", "'constant'", "",
         "G is not known"},
        {"coin_betting_kt", "'abs_value'; domain = { type = 'ball'; radius = 1; }",
         "'coin_betting'", "'constant'", "", "unprojected"},
        {"dog_posteriori", "'abs_value'", "'dog'", "'inv_sqrt'", "",
         "needs eta_t = 1, but eta_2"},
        {"dog_posteriori", "'rosenbrock'", "'sgd'", "'constant'", "", "about dog"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_experiment *e =
            experiment("steps = 40; seeds = 2; %s bounds = ( '%s' ); problems = ( { type "
                       "= %s; } ); optimizers = ( { type = %s; } ); "
                       "schedules = ( { type = %s; eta = 1; } );",
                       cases[i].rest, cases[i].bound, cases[i].problem,
                       cases[i].optimizer, cases[i].schedule);
        const struct lab_arm arm = lab_experiment_arm(e, 0);
        size_t count;
        struct lab_claim *claims = lab_claims(e, &arm, &count);
        assert_true(count > 0);
        for (size_t k = 0; k < count; k++) {
            if (claims[k].status != LAB_NOT_APPLICABLE)
                fail_msg("case %zu: %s applies to %s", i, cases[i].bound,
                         cases[i].problem);
            assert_true(says(claims[k].reason, cases[i].why));
        }
        lab_claims_free(claims, count), lab_experiment_free(e);
    }
}

/* ---- misused, they fail ---------------------------------------------------------- */

/* Mean over seeds in the last row; the theorem refuses, or (rows) is silent there. */
static double misused(const char *config, const char *bound, enum lab_metric metric,
                      size_t rows)
{
    struct lab_run *run =
        run_with(experiment("%s bounds = ( '%s' ); metrics = ( '%s' ); ", config, bound,
                            lab_metric_cards[metric].name),
                 0, 0);
    const struct lab_claim *c = run->arm[0].claim;
    if (rows)
        assert_in_range(c->t[c->rows - 1], 1, rows);
    else
        assert_int_equal(c->status, LAB_NOT_APPLICABLE);
    double sum = 0.0;
    for (size_t r = 0; r < run->e->seeds; r++)
        sum += measured(run, 0, metric, r, run->rows - 1);
    const double mean = sum / (double)run->e->seeds;
    close_run(run);
    return mean;
}

/* After more evaluations than dimensions, and outside the span, less is possible. */
static void test_beyond_the_span(void **state)
{
    (void)state;
    double value = misused("steps = 4000; seeds = 1; problems = ( { type = 'max_linear'; "
                           "d = 9; } ); optimizers = ( { type = 'polyak'; } ); " STEP(1),
                           "lower_nonsmooth", LAB_GAP_BEST, 9);
    assert_true(value < 0.2 * formula("lower_nonsmooth", "R=1 G=1 N=8"));
    value = misused("steps = 200; seeds = 1; problems = ( { type = "
                    "'nesterov_tridiagonal'; d = 11; } ); optimizers = ( { type = "
                    "'fista'; } ); " STEP(1),
                    "lower_smooth", LAB_GAP, 6);
    assert_true(value < 0.1 * formula("lower_smooth", "R=1.8 L=1 N=5"));
    value = misused("steps = 9; seeds = 1; problems = ( { type = 'max_linear'; d = 9; "
                    "start = -0.3; } ); " SGD STEP(0.1),
                    "lower_nonsmooth", LAB_GAP, 0);
    assert_true(value < 0.5 * formula("lower_nonsmooth", "R=1 G=1 N=8"));
}

/* Steps that fall linearly spare the last iterate the logarithm. */
static void test_other_steps(void **state)
{
    (void)state;
    const double value =
        misused("steps = 1501; seeds = 1; problems = ( { type = 'harvey_last_iterate'; "
                "d = 1500; domain = { type = 'ball'; radius = 1; }; } ); " SGD
                "schedules = ( { type = 'linear'; eta = 0.02; } ); ",
                "lower_last_iterate_harvey", LAB_GAP, 0);
    assert_true(value < 0.8 * formula("lower_last_iterate_harvey", "T=1500"));
}

/* Other sampling, other batches, other losses: the equality is none. */
static void test_no_equality(void **state)
{
    (void)state;
    double value = misused("steps = 100; seeds = 500; batch = 8; " GAUSS STEP(0.2),
                           "exact_gauss_lsq_loss", LAB_GAP, 0);
    struct lab_run *run =
        run_of("steps = 100; seeds = 2; " GAUSS STEP(0.2), "exact_gauss_lsq_loss");
    assert_true(value < 0.5 * run->arm[0].claim->final);
    close_run(run);

    const char *rows = "steps = 101; seeds = 300; problems = ( { type = 'least_squares'; "
                       "data = 'synthetic'; n = 20; d = 4; } ); " SGD STEP(0.05);
    char other[512];
    snprintf(other, sizeof other, "%s sampling = 'reshuffle'; ", rows);
    value = misused(other, "exact_finite_lsq_loss", LAB_GAP, 0);
    run = run_of(rows, "exact_finite_lsq_loss");
    assert_true(value < 0.7 * run->arm[0].claim->final);
    close_run(run);

    value = misused("steps = 64; seeds = 1; problems = ( { type = 'linear_losses'; "
                    "sequence = 'orthogonal'; domain = { type = 'ball'; radius = 1; }; "
                    "} ); " SGD STEP(1),
                    "lower_regret_rademacher", LAB_AVG_REGRET_HINDSIGHT, 0);
    assert_true(value < 0.5 * formula("lower_regret_rademacher", "D=2 G=1 T=64"));
}

/* A bet that takes ‖g‖ for less than it is may lose all its wealth, and more. */
static void test_wrong_bet(void **state)
{
    (void)state;
    const double value =
        misused("steps = 40; seeds = 1; problems = ( { type = 'abs_value'; start = 1; } "
                "); optimizers = ( { type = 'coin_betting'; G = 0.3; } ); " STEP(1),
                "coin_betting_kt", LAB_AVG_LINEAR_REGRET, 0);
    assert_true(value > 2.0 * formula("coin_betting_kt", "u=0.3 eps=0.3 T=40"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_steps),
        cmocka_unit_test(test_many_signs),
        cmocka_unit_test(test_lower_nonsmooth),
        cmocka_unit_test(test_lower_smooth),
        cmocka_unit_test(test_far_above),
        cmocka_unit_test(test_lower_harvey),
        cmocka_unit_test(test_rademacher),
        cmocka_unit_test(test_exact_quadratics),
        cmocka_unit_test(test_exact_least_squares),
        cmocka_unit_test(test_all_paths),
        cmocka_unit_test(test_coin_betting),
        cmocka_unit_test(test_dog),
        cmocka_unit_test(test_dog_by_hand),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_beyond_the_span),
        cmocka_unit_test(test_other_steps),
        cmocka_unit_test(test_no_equality),
        cmocka_unit_test(test_wrong_bet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
