/*
 * tests/test_theory.c -- theorems that prescribe learning rates: the schedule `theory`, three
 * steps by hand, what each of them refuses, and that it is right to.
 */
#include <gsl/gsl_math.h>

#include "tests/helpers.h"

#define THEORY(bound) "schedules = ( { type = 'theory'; bound = '" bound "'; } );"

/* |x| from 3: G = 1, R1 = 3.  On [-2, 2]: D = 4, G = 1. */
#define ABS "problems = ( { type = 'abs_value'; start = 3; } ); batch = 'full';"
#define ABS_BALL                                                                         \
    "problems = ( { type = 'abs_value'; start = 2; domain = { type = 'ball'; radius = "  \
    "2.0; }; } ); batch = 'full';"
/* x^2 on [-3, 3] from 1: mu = L = 2, G = 6. */
#define STRONG                                                                           \
    "problems = ( { type = 'quadratic'; eigenvalues = [2.0]; start = 1; domain = { "     \
    "type = 'ball'; radius = 3.0; }; } );"
/* (x^2 + 3 y^2)/2 from (1, 1): mu = 1, L = 3, R1^2 = 2, f(x_1) = 2. */
#define SMOOTH                                                                           \
    "problems = ( { type = 'quadratic'; eigenvalues = [1.0, 3.0]; start = 1; } );"
/* x^2/2 + z x, E z^2 = 4, from 1: L = 1, f(x_1) = 1/2. */
#define NOISY                                                                            \
    "problems = ( { type = 'quadratic'; eigenvalues = [1.0]; start = 1; noise = { type " \
    "= 'gaussian'; sigma = 2.0; }; } );"

/* T = 3, by hand; `value` is the right-hand side of the last row, which for statements about
 * x_{T+1} is that of two updates. */
static const struct {
    const char *bound, *problem;
    double eta[3], value;
} by_hand[] = {
    /* eta = 3/sqrt(3): 9/(2 sqrt(3) 3) + sqrt(3)/2 */
    {"const_step_avg", ABS, {M_SQRT3, M_SQRT3, M_SQRT3}, M_SQRT3},
    {"const_step_avg_opt", ABS, {M_SQRT3, M_SQRT3, M_SQRT3}, M_SQRT3},
    /* (9 + 3 * 3)/(2 * 3 sqrt(3)) */
    {"weighted_avg_any_schedule", ABS, {M_SQRT3, M_SQRT3, M_SQRT3}, M_SQRT3},
    /* sqrt(3) (2/3, 1/3, 0) */
    {"last_iterate_linear_decay", ABS, {2.0 / M_SQRT3, 1.0 / M_SQRT3, 0.0}, M_SQRT3},
    {"last_iterate_linear_decay_opt", ABS, {2.0 / M_SQRT3, 1.0 / M_SQRT3, 0.0}, M_SQRT3},
    /* r_2 = sqrt(2), r_1 = sqrt(2 r_2 - 1) = 1.3522, S_1 = 3/sqrt(2 (r_1 - 1)) = 3.5745; S_2 =
     * S_1/r_1 = 2.6435, S_3 = S_2/r_2 = 1.8692; 9/(2 S_1) + (S_3 + eta_2^2/S_3 + eta_1^2/S_2)/2
     * = 9/S_1 */
    {"last_iterate_any_schedule",
     ABS,
     {0.9310179757136456, 0.7742587265684051, 1.8692259184671651},
     2.5178328161677497},
    /* 16/(2 * 3 * 4/sqrt(3)) + 3 * 4/sqrt(3)/(2 * 3) = 4/sqrt(3) */
    {"projected_avg_regret",
     ABS_BALL,
     {4.0 / M_SQRT3, 4.0 / M_SQRT3, 4.0 / M_SQRT3},
     4.0 / M_SQRT3},
    /* 3 * 4/(2 sqrt(3)) */
    {"projected_inv_sqrt_regret",
     ABS_BALL,
     {4.0, 4.0 / M_SQRT2, 4.0 / M_SQRT3},
     2.0 * M_SQRT3},
    /* c = 4: (4 + 4)(2 + log 3)/sqrt(3) */
    {"last_iterate_shamir_zhang",
     ABS_BALL,
     {4.0, 4.0 / M_SQRT2, 4.0 / M_SQRT3},
     14.311877111814526},
    /* 36 (1 + 1/2 + 1/3)/(2 * 2 * 3) */
    {"sc_inv_t_avg", STRONG, {0.5, 0.25, 1.0 / 6.0}, 5.5},
    /* 3 (1 + log 3) */
    {"sc_inv_t_avg_log", STRONG, {0.5, 0.25, 1.0 / 6.0}, 6.295836866004329},
    /* 2 * 36/(2 * 4) */
    {"sc_weighted_lacoste_julien", STRONG, {0.5, 1.0 / 3.0, 0.25}, 9.0},
    /* 4 * 36/(4 * 3), two updates */
    {"sc_distance_lacoste_julien", STRONG, {0.5, 1.0 / 3.0, 0.25}, 12.0},
    /* 4 * 36/(4 * 3), row 3 */
    {"sc_distance_rakhlin", STRONG, {0.5, 0.25, 1.0 / 6.0}, 12.0},
    /* 2/(2/3 * 2) */
    {"gd_convex_classic", SMOOTH, {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 1.5},
    /* 3 * 2/(4 * 2 + 2) */
    {"gd_convex_tight", SMOOTH, {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 0.6},
    /* rho = 1/2: 2/16 */
    {"gd_sc_distance", SMOOTH, {0.5, 0.5, 0.5}, 0.125},
    {"gd_sc_value", SMOOTH, {0.5, 0.5, 0.5}, 0.125},
    /* no noise: 2 * 2/(1/3 * 3) */
    {"nonconvex_grad_const", SMOOTH, {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 4.0},
    /* eta = sqrt(1/(4 * 3)) < 1: 1/(3 eta) + 4 eta = 8 eta */
    {"nonconvex_grad_const",
     NOISY,
     {0.28867513459481287, 0.28867513459481287, 0.28867513459481287},
     2.3094010767585029},
    /* no noise, two updates: 2/(2 1/3 2) */
    {"smooth_bounded_variance_avg", SMOOTH, {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 1.5},
    /* eta = 1/sqrt(4 * 3), two updates: 1/(4 eta) + 2 eta (1 + eta) */
    {"smooth_bounded_variance_avg",
     NOISY,
     {0.28867513459481287, 0.28867513459481287, 0.28867513459481287},
     1.6100423396407311},
    /* w = (1/12)(1 - 1/2): 1/(3/24) */
    {"smooth_gradient_noise_avg", SMOOTH, {1.0 / 12.0, 1.0 / 12.0, 1.0 / 12.0}, 8.0},
    /* w = 1/3: 2 * 2/1 */
    {"nonconvex_grad_weighted", SMOOTH, {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 4.0},
    /* beta = 2, gamma = 5: 6 * 2/8 */
    {"bcn_decreasing", SMOOTH, {1.0 / 3.0, 2.0 / 7.0, 0.25}, 1.5},
    /* 2/(2 1/6 1/2 3) */
    {"smooth_interpolation_avg", SMOOTH, {1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0}, 4.0},
    /* 2 (2/3)^2, two updates */
    {"sc_interpolation_distance", SMOOTH, {1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 8.0 / 9.0},
};
enum { HANDS = sizeof by_hand / sizeof *by_hand };

static void test_three_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < HANDS; i++) {
        struct lab_experiment *e =
            experiment("steps = 3; seeds = 32; every = 1; bounds = ( '%s' ); %s" SGD
                       "schedules = ( { type = 'theory'; bound = '%s'; } );",
                       by_hand[i].bound, by_hand[i].problem, by_hand[i].bound);
        struct lab_run *run = run_with(e, 1, 0);
        size_t known = 0;
        for (size_t t = 0; t < 3; t++)
            assert_close(run->arm[0].arm.eta->eta[t], by_hand[i].eta[t], 1e-14);
        for (size_t k = 0; k < run->arm[0].claims; k++) {
            const struct lab_claim *c = &run->arm[0].claim[k];
            if (c->status == LAB_NOT_APPLICABLE || c->verdict == LAB_VIOLATED)
                fail_msg("%s: %s", by_hand[i].bound, c->reason);
            if (isnan(c->final)) /* takes G of the path */
                continue;
            assert_close(c->final, by_hand[i].value, 1e-13);
            assert_close(c->bound_value[c->rows - 1], by_hand[i].value, 1e-13);
            known++;
        }
        assert_true(known > 0);
        close_run(run);
    }
}

/* About SGD, that is; others have tests of their own. */
static bool is_prescriber(const struct lab_entry *e)
{
    const struct lab_bound *b = (const struct lab_bound *)e->plugin;
    return e->kind == LAB_KIND_bound && b->prescription.formula &&
           strcmp(b->method, "sgd") == 0;
}

static bool of_finite_sums(const struct lab_entry *e)
{
    return ((const struct lab_bound *)e->plugin)->assumes & LAB_FINITE_SUM;
}

/* The table above has every theorem that prescribes something; those of finite sums are tried in
 * tests/test_bounds_finite_sums.c. */
static void test_all_are_there(void **state)
{
    size_t prescribers = 0;
    (void)state;
    for (const struct lab_entry *e = lab_registry; e->name; e++) {
        bool found = !is_prescriber(e) || of_finite_sums(e);
        prescribers += is_prescriber(e);
        for (size_t i = 0; i < HANDS; i++)
            found |= strcmp(by_hand[i].bound, e->name) == 0;
        if (!found)
            fail_msg("%s prescribes learning rates but is not tried by hand", e->name);
    }
    assert_true(prescribers >= 18);
}

/* Rates that are a cap, 1/L or 1/mu, may be above it by a rounding error: a theorem accepts what
 * it prescribes, whatever the constants and horizons are. */
static void test_own_rates_accepted(void **state)
{
    static const size_t T[] = {2, 3, 7, 100, 1000};
    (void)state;
    for (const struct lab_entry *b = lab_registry; b->name; b++)
        for (size_t i = 0; is_prescriber(b) && i < 60; i++) {
            const double L = exp(0.37 * (double)i - 11.0),
                         mu = L / (1.0 + 0.31 * (double)i);
            const unsigned assumes = ((const struct lab_bound *)b->plugin)->assumes;
            const bool last = assumes & LAB_NO_PROJECTION && assumes & LAB_BEFORE_LAST;
            char *problem =
                of_finite_sums(b)
                    ? lab_text("type = 'least_squares'; n = 7; d = 3; l2 = %.17g; "
                               "max_row_norm = %.17g;",
                               mu, sqrt(L))
                : last
                    ? lab_text("type = 'huber_1d'; L = %.17g; start = %.17g;", L, 3 * mu)
                    : lab_text("type = 'quadratic'; d = 3; L = %.17g; mu = %.17g; %s", L,
                               mu,
                               assumes & LAB_NO_PROJECTION
                                   ? ""
                                   : "domain = { type = 'ball'; radius = 1.7; };");
            struct lab_experiment *e =
                experiment("steps = %zu; bounds = ( '%s' ); problems = ( { %s } ); "
                           "optimizers = ( { type = '%s'; } ); "
                           "schedules = ( { type = 'theory'; bound = '%s'; } );",
                           T[i % 5], b->name, problem,
                           ((const struct lab_bound *)b->plugin)->method, b->name);
            const struct lab_arm arm = lab_experiment_arm(e, 0);
            size_t count;
            struct lab_claim *claims = lab_claims(e, &arm, &count);
            assert_true(count > 0);
            for (size_t k = 0; k < count; k++)
                if (claims[k].status == LAB_NOT_APPLICABLE)
                    fail_msg("%s, %s: %s", b->name, problem, claims[k].reason);
            lab_claims_free(claims, count), lab_experiment_free(e), free(problem);
        }
}

/* ---- the schedule ------------------------------------------------------------------ */

#define TWO                                                                              \
    "problems = ( { type = 'quadratic'; eigenvalues = [2.0]; }, { type = 'quadratic'; "  \
    "eigenvalues = [8.0]; } );"

/* Rates differ between problems; what does not look at facts is tabulated once. */
static void test_tables(void **state)
{
    (void)state;
    struct lab_experiment *e =
        experiment("steps = 6;" TWO SGD "schedules = ( { type = 'theory'; bound = "
                   "'gd_convex_classic'; factor = 0.5; warmup = 3; }, { type = 'inv_t'; "
                   "eta = 1; } );");
    const double base[] = {0.25, 0.0625};
    assert_int_equal(e->schedule[0].tables, 2);
    assert_int_equal(e->schedule[1].tables, 1);
    for (size_t i = 0; i < 4; i++) {
        const struct lab_arm arm = lab_experiment_arm(e, i);
        assert_int_equal(arm.eta->T, 6);
        if (i % 2) {
            assert_ptr_equal(arm.eta, e->schedule[1].eta);
            continue;
        }
        for (size_t t = 1; t <= 6; t++) /* a quarter, half, three quarters, all */
            assert_close(arm.eta->eta[t - 1],
                         base[i / 2] * (t < 4 ? 0.25 * (double)t : 1.0), 1e-15);
    }
    assert_string_equal(e->schedule[0].label,
                        "theory bound=gd_convex_classic factor=0.5 warmup=3");
    lab_experiment_free(e);
}

static void test_refused(void **state)
{
    static const struct {
        const char *problem, *schedule, *why;
    } table[] = {
        {"type = 'quadratic';", "bound = 'const_step_avg';",
         "schedule 'theory bound=const_step_avg' on quadratic: theorem 'const_step_avg' "
         "prescribes eta_t = R1/(G sqrt(T)), but G is unknown: grows with"},
        {"type = 'abs_value';", "bound = 'gd_sc_distance';", "but L is unknown: "},
        {"type = 'abs_value';", "bound = 'projected_avg_regret';",
         "but D is unknown: no bounded domain"},
        {"type = 'huber_1d';", "bound = 'sc_inv_t_avg';",
         "prescribes eta_t = 1/(mu t), but eta_1 = inf is no learning rate: mu = 0"},
        {"type = 'abs_value'; start = 0;", "bound = 'const_step_avg';",
         "but eta_1 = 0 is no learning rate: R1 = 0, G = 1"},
        {"type = 'quadratic';", "", ": bound is missing: a theorem, like"},
        {"type = 'quadratic';", "bound = 'gd_sc_valu';",
         "unknown bound 'gd_sc_valu' (did you mean 'gd_sc_value'?)"},
        {"type = 'quadratic';", "bound = 'exact_quad_loss';",
         "theorem 'exact_quad_loss' prescribes no learning rates; those that do: "},
        {"type = 'quadratic';", "bound = 'exact_quad_loss';",
         ", const_step_avg, const_step_avg_opt, gd_convex_classic, "},
        {"type = 'quadratic';", "bound = 'seed_avg_regret';",
         "theorem 'seed_avg_regret' prescribes no learning rates"},
        {"type = 'quadratic';", "bound = 'gd_sc_value'; factor = 0;",
         "factor = 0 is not in (0,inf)"},
        {"type = 'logistic'; data = 'no_such_data';", "bound = 'gd_sc_value';",
         "no_such_data"}, /* and nothing about facts that nobody looked for */
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_mistakes mistakes = {0};
        char *text = lab_text("steps = 10; batch = 'full'; problems = ( { %s } );" SGD
                              "schedules = ( { type = 'theory'; %s } );",
                              table[i].problem, table[i].schedule);
        struct lab_experiment *e = try_experiment(text, &mistakes);
        assert_int_equal(mistakes.count, 1);
        if (!strstr(mistakes.line[0], table[i].why))
            fail_msg("%s %s: %s", table[i].problem, table[i].schedule, mistakes.line[0]);
        lab_experiment_free(e), lab_mistakes_free(&mistakes), free(text);
    }
}

/* A mean over mini-batches with Gaussian noise has no sup ‖g‖, but E‖g‖^2: then that is G. */
static void test_which_G(void **state)
{
    static const char *const noise[] = {"",
                                        "noise = { type = 'rademacher'; sigma = 3.0; };",
                                        "noise = { type = 'gaussian'; sigma = 3.0; };"};
    /* G = 1; 1 + 3 at most; sqrt(1 + 9) */
    const double G[] = {1.0, 4.0, 3.1622776601683795};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab_experiment *e = experiment(
            "steps = 4; problems = ( { type = 'abs_value'; %s domain = { type = "
            "'ball'; radius = 2.0; }; } );" SGD THEORY("projected_avg_regret"),
            noise[i]);
        assert_close(e->schedule->eta->eta[0], 4.0 / (G[i] * 2.0), 1e-14);
        lab_experiment_free(e);
    }
}

/* ---- what theorems refuse ---------------------------------------------------------- */

static void test_assumptions(void **state)
{
    static const struct {
        const char *bound, *problem, *schedule, *why;
    } table[] = {
        {"gd_convex_classic", SMOOTH, "type = 'constant'; eta = 0.5;",
         "eta_1 = 0.5 exceeds 1/L = 0.333333"},
        {"gd_convex_tight", SMOOTH, "type = 'constant'; eta = 0.34;",
         "eta_1 = 0.34 exceeds 1/L = 0.333333"},
        {"gd_sc_distance", SMOOTH, "type = 'constant'; eta = 0.7;",
         "eta_1 = 0.7 exceeds 2/L = 0.666667"},
        {"nonconvex_grad_const", NOISY, "type = 'constant'; eta = 1.1;",
         "eta_1 = 1.1 exceeds 1/L = 1"},
        {"gd_convex_classic", SMOOTH, "type = 'inv_t'; eta = 0.1;",
         "needs a constant step, but eta_1 = 0.1 and eta_2 = 0.05"},
        {"gd_convex_classic", NOISY, "type = 'constant'; eta = 0.1;",
         "needs exact gradients, but sigma2 = 4"},
        {"gd_convex_classic", ABS, "type = 'constant'; eta = 0.1;", "L is not known"},
        {"gd_convex_tight", STRONG, "type = 'constant'; eta = 0.1;",
         "needs unprojected steps"},
        {"gd_sc_value", "problems = ( { type = 'huber_1d'; } );",
         "type = 'constant'; eta = 0.1;", "needs a strongly convex f, but mu = 0"},
        {"sc_inv_t_avg", STRONG, "type = 'inv_t'; eta = 0.4;",
         "needs eta_1 >= 1/mu = 0.5, but eta_1 = 0.4"},
        {"sc_inv_t_avg_log", STRONG, "type = 'inv_t'; eta = 1; offset = 1;",
         "needs eta_t = c/t, which after eta_1 = 0.5 makes eta_2 = 0.25, not 0.333333"},
        {"sc_distance_rakhlin", STRONG, "type = 'inv_t'; eta = 0.5; warmup = 2;",
         "needs eta_t = c/t, which after eta_1 = 0.166667 makes eta_2 = 0.0833333, not "
         "0.333333"},
        {"sc_weighted_lacoste_julien", STRONG, "type = 'inv_t'; eta = 1;",
         "needs eta_t = c/(t + 1), which after eta_1 = 1 makes eta_2 = 0.666667, not "
         "0.5"},
        {"sc_distance_lacoste_julien", STRONG, "type = 'inv_t'; eta = 0.9; offset = 1;",
         "needs eta_1 >= 1/mu = 0.5, but eta_1 = 0.45"},
        {"sc_inv_t_avg", SMOOTH, "type = 'inv_t'; eta = 1;", "E‖g‖² is not known"},
        {"const_step_avg_opt", ABS, "type = 'constant'; eta = 1;",
         "needs eta <= R1/(G sqrt(T)) = 0.948683, but eta = 1"},
        {"projected_inv_sqrt_regret", ABS_BALL, "type = 'inv_sqrt'; eta = 4.1;",
         "needs eta_1 <= D/G = 4, but eta_1 = 4.1"},
        {"projected_inv_sqrt_regret", ABS_BALL, "type = 'constant'; eta = 1;",
         "needs eta_t = c/sqrt(t), which after eta_1 = 1 makes eta_2 = 0.707107, not 1"},
        {"last_iterate_shamir_zhang", ABS, "type = 'inv_sqrt'; eta = 1;",
         "needs projection on a bounded domain"},
        {"last_iterate_linear_decay", ABS, "type = 'linear'; eta = 1;",
         "needs eta_t = eta (T - t)/T, which after eta_1 = 1 makes eta_2 = 0.888889, not "
         "0.9"},
        {"last_iterate_linear_decay", ABS_BALL, "type = 'linear'; eta = 1;",
         "needs unprojected steps"},
        {"last_iterate_linear_decay_opt", ABS,
         "type = 'expression'; eta = '1.5*(T - t)/T';",
         "needs eta_t = eta (T - t)/T with eta <= R1/(G sqrt(T)) = 0.948683, but eta = "
         "1.5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_experiment *e =
            experiment("steps = 10; bounds = ( '%s' ); %s" SGD "schedules = ( { %s } );",
                       table[i].bound, table[i].problem, table[i].schedule);
        const struct lab_arm arm = lab_experiment_arm(e, 0);
        size_t count;
        struct lab_claim *claims = lab_claims(e, &arm, &count);
        assert_int_equal(claims[0].status, LAB_NOT_APPLICABLE);
        if (!strstr(claims[0].reason, table[i].why))
            fail_msg("%s: '%s', not '%s'", table[i].bound, claims[0].reason,
                     table[i].why);
        lab_claims_free(claims, count), lab_experiment_free(e);
    }
}

/* One step: x_{T+1} has no row.  What speaks of x_1 itself is fine. */
static void test_one_step(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 1; seeds = 1; bounds = ( 'gd_convex_classic', "
            "'gd_convex_tight', 'last_iterate_linear_decay' );" SMOOTH SGD STEP(0.25)),
        1, 0);
    const struct lab_claim *c = claim_about(run, 0, "gd_convex_classic", LAB_GAP);
    assert_non_null(strstr(c->reason, "needs at least 2 steps"));
    assert_int_equal(claim_about(run, 0, "gd_convex_tight", LAB_GAP)->verdict, LAB_HOLDS);
    c = claim_about(run, 0, "last_iterate_linear_decay", LAB_GAP);
    assert_non_null(strstr(c->reason, "needs at least 2 steps"));
    close_run(run);
}

/* Steps that are smaller (larger) than prescribed are those of a larger G (smaller mu). */
static void test_fitted(void **state)
{
    static const struct {
        const char *bound, *problem, *schedule;
        double value;
    } table[] = {
        /* eta = 1/4, T = 4: R1^2/(eta T) = 9 */
        {"const_step_avg_opt", ABS, "type = 'constant'; eta = 0.25;", 9.0},
        /* the same with eta_t = (4 - t)/16 */
        {"last_iterate_linear_decay_opt", ABS, "type = 'expression'; eta = '(4 - t)/16';",
         9.0},
        /* 9/(2/4 * 4) + 1/8 */
        {"last_iterate_linear_decay", ABS, "type = 'expression'; eta = '(4 - t)/16';",
         4.625},
        /* G' = D/c = 8: 1.5 * 4 * 8/2 */
        {"projected_inv_sqrt_regret", ABS_BALL, "type = 'inv_sqrt'; eta = 0.5;", 24.0},
        /* mu' = 1: 36 (25/12)/(2 * 4) */
        {"sc_inv_t_avg", STRONG, "type = 'inv_t'; eta = 1;", 9.375},
        /* mu' = 1: 2 * 36/5 */
        {"sc_weighted_lacoste_julien", STRONG, "type = 'inv_t'; eta = 2; offset = 1;",
         14.4},
        /* h = 3/4: 6/(4 * 3 * 3/4 + 2) */
        {"gd_convex_tight", SMOOTH, "type = 'constant'; eta = 0.25;", 6.0 / 11.0},
        /* rho = max(|1 - 0.6|, |1 - 1.8|): 2 * 0.8^6 */
        {"gd_sc_value", SMOOTH, "type = 'constant'; eta = 0.6;", 0.524288},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_run *run =
            run_with(experiment("steps = 4; seeds = 1; bounds = ( '%s' ); %s" SGD
                                "schedules = ( { %s } );",
                                table[i].bound, table[i].problem, table[i].schedule),
                     1, 0);
        const struct lab_claim *c = claim_about(run, 0, table[i].bound, LAB_NO_METRIC);
        assert_int_equal(c->verdict, LAB_HOLDS);
        assert_close(c->final, table[i].value, 1e-13);
        close_run(run);
    }
}

/* ---- worst cases and negative controls ---------------------------------------------- */

/* gd_convex_tight is reached on Huber's function with delta = R1/(2 T h + 1) at T, and gd_sc_*
 * on L x^2/2 and mu x^2/2 at every row. */
static void test_attained(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 21; seeds = 1; checkpoints = 2; bounds = ( 'gd_convex_tight' "
            "); problems = ( { type = 'huber_1d'; L = 2; delta = %.17g; start = 3; "
            "} );" SGD STEP(0.25),
            3.0 / 21.0), /* h = 1/2, 20 updates */
        1, 0);
    const struct lab_claim *c = claim_about(run, 0, "gd_convex_tight", LAB_GAP);
    assert_int_equal(c->verdict, LAB_HOLDS);
    assert_close(c->empirical[1], c->bound_value[1], 1e-12);
    close_run(run);
    run = run_with(experiment("steps = 30; seeds = 1; bounds = ( 'gd_sc_value', "
                              "'gd_sc_distance' ); problems = ( { type = 'quadratic'; "
                              "eigenvalues = [0.3]; start = 2; } );" SGD STEP(4.4)),
                   1, 0);
    c = claim_about(run, 0, "gd_sc_value", LAB_GAP);
    assert_close(c->tightness, 1.0, 1e-9);
    c = claim_about(run, 0, "gd_sc_distance", LAB_DIST2);
    assert_close(c->tightness, 1.0, 1e-9);
    assert_int_equal(c->verdict, LAB_HOLDS);
    close_run(run);
}

/* The last row of a metric where the theorem refuses, and what its formula would have been. */
static void control(const char *config, const char *bound, enum lab_metric m,
                    double formula)
{
    struct lab_experiment *e = experiment("seeds = 1; batch = 'full'; bounds = ( '%s' ); "
                                          "metrics = ( '%s' ); %s",
                                          bound, lab_metric_cards[m].name, config);
    struct lab_run *run = run_with(e, 1, 0);
    assert_int_equal(claim_about(run, 0, bound, LAB_NO_METRIC)->status,
                     LAB_NOT_APPLICABLE);
    const size_t last = run->rows - 1;
    if (!(measured(run, 0, m, 0, last) > 1.5 * formula))
        fail_msg("%s: %g does not contradict %g", bound, measured(run, 0, m, 0, last),
                 formula);
    close_run(run);
}

static void test_negative_controls(void **state)
{
    (void)state;
    /* eta = 2.2/L on L x^2/2: x is multiplied by -1.2; formula R1^2/(2 eta T), T = 19 */
    control("steps = 20; problems = ( { type = 'quadratic'; eigenvalues = [1.0]; start = "
            "1; } );" SGD STEP(2.2),
            "gd_convex_classic", LAB_GAP, 1.0 / (2.0 * 2.2 * 19.0));
    control("steps = 20; problems = ( { type = 'quadratic'; eigenvalues = [1.0]; start = "
            "1; } );" SGD STEP(2.2),
            "nonconvex_grad_const", LAB_AVG_GRAD2, 2.0 * 0.5 / (2.2 * 20.0));
    /* steps 0.1/(mu t) leave x^2/2 like t^-0.2; formula H_T/(2 T) with G = mu = 1 */
    control("steps = 1000; problems = ( { type = 'quadratic'; eigenvalues = [1.0]; start "
            "= 1; domain = { type = 'ball'; radius = 1.0; }; } );" SGD
            "schedules = ( { type = 'theory'; bound = 'sc_inv_t_avg'; factor = 0.1; } );",
            "sc_inv_t_avg", LAB_AVG_GAP, 7.485470860550345 / 2000.0);
    control("steps = 1000; problems = ( { type = 'quadratic'; eigenvalues = [1.0]; start "
            "= 1; domain = { type = 'ball'; radius = 1.0; }; } );" SGD
            "schedules = ( { type = 'theory'; bound = 'sc_distance_rakhlin'; factor = "
            "0.1; } );",
            "sc_distance_rakhlin", LAB_DIST2, 4.0 / 1000.0);
    /* steps of 4 R1/sqrt(T) jump to and fro over the kink of |x|; formula R1/sqrt(T) */
    control(
        "steps = 400; problems = ( { type = 'abs_value'; start = 1; } );" SGD
        "schedules = ( { type = 'theory'; bound = 'const_step_avg_opt'; factor = 4; } "
        ");",
        "const_step_avg_opt", LAB_AVG_GAP, 1.0 / 20.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_steps),
        cmocka_unit_test(test_all_are_there),
        cmocka_unit_test(test_own_rates_accepted),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_which_G),
        cmocka_unit_test(test_assumptions),
        cmocka_unit_test(test_one_step),
        cmocka_unit_test(test_fitted),
        cmocka_unit_test(test_attained),
        cmocka_unit_test(test_negative_controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
