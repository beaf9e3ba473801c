/*
 * tests/test_bounds_iterates.c -- theorems about averages, suffixes, the best and the last
 * iterate, about heavy ball, dual averaging and schedule-free SGD: formulas by hand, runs on
 * which they are attained or nearly so, what they refuse, and that it would fail.
 */
#include <time.h>

#include "tests/helpers.h"

static bool says(const char *text, const char *word)
{
    if (strstr(text, word))
        return true;
    print_error("'%s' does not say '%s'\n", text, word);
    return false;
}

/* ---- inputs by hand -------------------------------------------------------------- */

/* A group of inputs: numbers from "R1=2 G=1", the list `name` if it is not NULL. */
static struct lab_node *inputs(const char *numbers, const char *name, size_t T,
                               const double *list)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "test");
    char key[32];
    double value;
    int used;
    for (; sscanf(numbers, " %31[A-Za-z0-9]=%lf%n", key, &value, &used) == 2;
         numbers += used)
        lab_node_add(root, lab_node_real(key, "test", value));
    assert_int_equal(*numbers, '\0');
    struct lab_node *to =
        name ? lab_node_add(root, lab_node_new(LAB_NODE_LIST, name, "test")) : NULL;
    for (size_t t = 0; name && t < T; t++)
        lab_node_add(to, lab_node_real(NULL, "test", list[t]));
    return root;
}

static double formula(const char *bound, const char *numbers, const char *name, size_t T,
                      const double *list)
{
    return right_hand_side(bound_named(bound), inputs(numbers, name, T, list));
}

/* Steps 1, 1/2, 1/4: sum 7/4, sum of squares 21/16, least 1/4.  With R1 = D = 2, G = 1:
 *   suffix from s = 2: [4/(1/4) + 3/4]/(2 2) = 67/16
 *   high_prob: 4/(2 3/4) + 7/4/6 + 4 sqrt(2 log(1/delta)/3), delta = exp(-6): 8
 *   best: (4 + 21/16)/(7/2) = 85/56;  uniform: (4 + 21/16)/(6/4) = 85/24
 *   last: 4/(2 7/4) + [1/4 + 1/(3/4) + (1/4)/(1/4)]/2 = 8/7 + 31/24
 *   dual averaging: [4/(2/4) + 7/8]/3 = 71/24
 * and constant ones, T = 3:
 *   last_iterate_const, eta = 1/2: 4/3 + (1/4) (1 + 1 + 1/2) = 47/24
 *   heavy ball, alpha = beta = 1/2, gap1 = 3: 3/3 + (1/2) 4/3 + 1/2 = 13/6
 *   schedule_free, gamma = 1/2: 4/3 + 1/4 = 19/12
 *   weights 1, 2, 1, eta = 1/2: [4 + (1/4) 6]/4 = 11/8
 * mu = 1/2, T = 4, alpha = 1/2: (2 + (5/2) log 2)/(1/2) (1/2) = 2 + (5/2) log 2; and
 *   17 (1 + log 4)/2. */
static void test_three_steps(void **state)
{
    static const double eta[] = {1.0, 0.5, 0.25}, w[] = {1.0, 2.0, 1.0};
    static const struct {
        const char *bound, *numbers, *list;
        double value;
    } cases[] = {
        {"suffix_avg_diameter", "D=2 G=1 s=2", "eta", 67.0 / 16},
        {"high_prob_avg_diameter", "D=2 G=1 delta=0.00247875217666635842", "eta",
         8.0 / 3 + 7.0 / 24 + 8},
        {"best_iterate_any_schedule", "R1=2 G=1", "eta", 85.0 / 56},
        {"uniform_avg_unbounded", "R1=2 G=1", "eta", 85.0 / 24},
        {"last_iterate_any_schedule", "R1=2 G=1", "eta", 8.0 / 7 + 31.0 / 24},
        {"dual_averaging_regret", "R1=2 G=1", "eta", 71.0 / 24},
        {"last_iterate_const", "R1=2 G=1 eta=0.5 T=3", NULL, 47.0 / 24},
        {"heavy_ball_nonsmooth_avg", "R1=2 G=1 alpha=0.5 beta=0.5 gap1=3 T=3", NULL,
         13.0 / 6},
        {"schedule_free", "R1=2 G=1 gamma=0.5 T=3", NULL, 19.0 / 12},
        {"schedule_free_weighted", "R1=2 G=1", "gamma", 85.0 / 56},
        {"last_iterate_weights", "R1=2 G=1 eta=0.5", "w", 11.0 / 8},
        {"sc_alpha_suffix", "G=1 mu=0.5 alpha=0.5 T=4", NULL, 3.7328679513998633},
        {"sc_last_shamir_zhang", "G=1 mu=0.5 T=4", NULL, 20.283502069519067},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(formula(cases[i].bound, cases[i].numbers, cases[i].list, 3,
                             cases[i].list && *cases[i].list == 'w' ? w : eta),
                     cases[i].value, 1e-14);
    /* without delta, 0.05 */
    assert_close(formula("high_prob_avg_diameter", "D=2 G=1", "eta", 3, eta),
                 8.0 / 3 + 7.0 / 24 + 4 * sqrt(2 * log(20) / 3), 1e-14);
}

/* A suffix cannot begin after the end. */
static void test_suffix_inside(void **state)
{
    const struct lab_bound *b = bound_named("suffix_avg_diameter");
    const double eta[] = {1.0, 0.5, 0.25};
    struct lab_mistakes mistakes = {0};
    struct lab_error err = {""};
    (void)state;
    void *self = lab_defaults(&b->base);
    struct lab_node *root = inputs("D=2 G=1 s=4", "eta", 3, eta);
    lab_param_fill(b->base.params, self, root, NULL, &mistakes);
    assert_int_equal(mistakes.count, 0);
    assert_int_equal(b->inputs(self, &err), -1);
    assert_true(says(err.text, "s = 4, but eta has 3 numbers"));
    lab_param_release(b->base.params, self);
    lab_node_free(root), free(self);
}

/* ---- the last iterate under schedules -------------------------------------------- */

/* The double sum as it is printed, term by term. */
static double double_sum(double R1, double G, size_t T, const double *eta)
{
    double S1 = 0.0, Q1 = 0.0, sum = 0.0;
    for (size_t k = 1; k <= T; k++) {
        double S = 0.0, Q = 0.0;
        for (size_t t = k; t <= T; t++)
            S += eta[t - 1], Q += eta[t - 1] * eta[t - 1];
        if (k == 1)
            S1 = S, Q1 = Q;
        if (k < T)
            sum += eta[k - 1] / (S - eta[k - 1]) * Q / S;
    }
    return (R1 * R1 + G * G * Q1) / (2.0 * S1) + G * G / 2.0 * sum;
}

static void test_double_sum(void **state)
{
    enum { T = 60 };
    double eta[T];
    (void)state;
    for (size_t i = 0; i < 5; i++) { /* sawtooth, wild, and constant */
        for (size_t t = 0; t < T; t++)
            eta[t] = i < 4 ? 0.01 + fabs(sin((double)((i + 1) * (t + 1)))) : 0.3;
        const double rhs =
            formula("last_iterate_any_schedule", "R1=3 G=2", "eta", T, eta);
        assert_close(rhs, double_sum(3.0, 2.0, T, eta), 1e-12);
        if (i == 4)
            assert_close(
                rhs,
                formula("last_iterate_const", "R1=3 G=2 eta=0.3 T=60", NULL, 0, NULL),
                1e-13);
    }
}

/* The schedules of a comparison at horizon T, tabulated by lab. */
static struct lab_experiment *five_schedules(size_t T)
{
    return experiment("steps = %zu; problems = ( { type = 'abs_value'; } );" SGD
                      "schedules = ( { type = 'constant'; eta = 1; },"
                      "{ type = 'inv_sqrt'; eta = 1; }, { type = 'cosine'; eta = 1; },"
                      "{ type = 'wsd'; eta = 1; cooldown = 0.2; },"
                      "{ type = 'linear'; eta = 1; } );",
                      T);
}

/* The bound is a/gamma + b gamma in the base rate gamma, least 2 sqrt(a b), with G = 0 and
 * R1 = 0 giving the two parts.  Times sqrt(T), G = D = 1: the published comparison. */
static void test_tuned(void **state)
{
    static const struct {
        size_t T;
        double value[5];
    } table[] = {{400, {2.751, 2.445, 2.068, 2.187, 2.013}},
                 {10000, {3.284, 2.872, 2.060, 2.161, 2.001}}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const size_t T = table[i].T;
        struct lab_experiment *e = five_schedules(T);
        for (size_t k = 0; k < 5; k++) {
            const double *eta = e->schedule[k].eta->eta;
            const char *b = "last_iterate_any_schedule";
            const double a = formula(b, "R1=1 G=0", "eta", T, eta),
                         c = formula(b, "R1=0 G=1", "eta", T, eta);
            const double omega = 2.0 * sqrt(a * c) * sqrt((double)T);
            if (fabs(omega - table[i].value[k]) > 0.002)
                fail_msg("T = %zu, schedule %zu: %.6f", T, k + 1, omega);
        }
        lab_experiment_free(e);
    }
}

/* A run's right-hand side of last_iterate_weights: the weights are found from the steps. */
static double of_steps(const char *numbers, size_t T, const double *eta)
{
    const struct lab_bound *b = bound_named("last_iterate_weights");
    struct lab_mistakes mistakes = {0};
    struct lab_error err = {""};
    bool measured = false;
    char text[64];
    snprintf(text, sizeof text, "%s eta=1", numbers);
    void *self = lab_defaults(&b->base);
    struct lab_node *root = inputs(text, "w", T, eta);
    lab_param_fill(b->base.params, self, root, NULL, &mistakes);
    assert_int_equal(mistakes.count, 0);
    assert_int_equal(b->bind(NULL, self, &measured, &err), 0);
    const double rhs = b->rhs(self);
    lab_param_release(b->base.params, self);
    lab_node_free(root), free(self);
    return rhs;
}

/* eta_t = eta w_t (sum_{s>t} w_s)/(sum w), the last one anything. */
static void steps_of_weights(size_t T, double base, const double *w, double *eta)
{
    double total = 0.0, before = 0.0;
    for (size_t t = 0; t < T; t++)
        total += w[t];
    for (size_t t = 0; t < T; t++) {
        before += w[t];
        eta[t] = t + 1 < T ? base * w[t] * (total - before) / total : 77.0;
    }
}

/* Whatever weights made the steps, what is found is not worse; where those are the best
 * that there are (equal weights, eta = R1/(G sqrt(T))), it is the same. */
static void test_found_weights(void **state)
{
    enum { T = 50 };
    double w[T], eta[T];
    char numbers[64];
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        const double base = i == 0 ? 2.0 / sqrt(T) : 0.05 * (double)i;
        for (size_t t = 0; t < T; t++)
            w[t] = i == 0 ? 1.0 : 0.05 + fabs(sin((double)(i * (t + 1))));
        steps_of_weights(T, base, w, eta);
        snprintf(numbers, sizeof numbers, "R1=2 G=1 eta=%.17g", base);
        const double given = formula("last_iterate_weights", numbers, "w", T, w),
                     found = of_steps("R1=2 G=1", T, eta);
        assert_true(found <= given * (1 + 1e-6));
        if (i == 0) {
            assert_close(given, 2.0 / sqrt(T), 1e-14);
            assert_close(found, given, 1e-6);
        }
    }
}

/* Rows close together share a choice of weights: their bounds are nearly the least ones. */
static void test_shared_weights(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 300; seeds = 1; every = 1; bounds = ( 'last_iterate_weights' );"
            "problems = ( { type = 'abs_value'; start = 2; } );" SGD
            "schedules = ( { type = 'wsd'; eta = 0.05; warmup = 20; } );"),
        1, 0);
    const struct lab_claim *c = claim_about(run, 0, "last_iterate_weights", LAB_GAP);
    assert_int_equal(c->rows, 300);
    for (size_t k = 0; k < 300; k++) {
        const double least = of_steps("R1=2 G=1", k + 1, run->e->schedule->eta->eta);
        assert_true(c->bound_value[k] >= least * (1 - 1e-5));
        assert_true(c->bound_value[k] <= least * (k < 299 ? 1.005 : 1.0 + 1e-15));
    }
    close_run(run);
}

/* By brute force: all values of w_T on a fine grid, each of whose weights do make the steps. */
static void test_search(void **state)
{
    enum { T = 7 };
    static const double eta[T] = {0.3, 0.01, 0.5, 0.2, 0.9, 0.05, 1.0};
    double least = INFINITY, w[T], again[T];
    char numbers[64];
    (void)state;
    for (double v = 1e-3; v < 1e2; v *= 1.002) {
        double u = w[T - 1] = v;
        for (size_t t = T - 1; t-- > 0; u += w[t])
            w[t] = eta[t] / u;
        snprintf(numbers, sizeof numbers, "R1=1.5 G=1 eta=%.17g", u);
        steps_of_weights(T, u, w, again);
        for (size_t t = 0; t + 1 < T; t++)
            assert_close(again[t], eta[t], 1e-10);
        least = fmin(least, formula("last_iterate_weights", numbers, "w", T, w));
    }
    assert_close(of_steps("R1=1.5 G=1", T, eta), least, 1e-4);
    /* far away, f may be G‖x‖ and each step is one towards x*: G (R1 - G sum eta) */
    assert_close(of_steps("R1=9 G=1", T, eta), 9 - 1.96, 1e-14);
    assert_close(of_steps("R1=9 G=2", 1, eta), 18.0, 1e-14);
}

/* Constant steps at their best: Zamani & Glineur (2023) have G R sqrt((1 + log(N)/4)/(N + 1))
 * after N updates.  In eta the bound is R1^2/(2 eta (2N + q)) + eta G^2 q/2, G R1
 * sqrt(q/(2N + q)) at its best; q from G = 1, R1 = 0, eta = 1. */
static void test_constant_at_best(void **state)
{
    static double eta[10001];
    (void)state;
    for (size_t t = 0; t < 10001; t++)
        eta[t] = 1.0;
    for (size_t N = 1; N <= 10000; N *= 10) {
        const double q = 2.0 * of_steps("R1=0 G=1", N + 1, eta), n = (double)N;
        const double best = sqrt(q / (2 * n + q)),
                     rate = sqrt((1 + log(n) / 4) / (n + 1));
        print_message("N = %zu: %.6f of %.6f\n", N, best, rate);
        assert_true(best <= rate * (1 + 1e-6) && best >= 0.9 * rate);
    }
}

/* 64 rows at T = 10^5 take less than a second (measured: about 0.01 and 0.3). */
static void test_speed(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 100000; bounds = ( 'last_iterate_any_schedule',"
        "'last_iterate_weights' ); metrics = ( 'gap' ); problems = ( { type = "
        "'abs_value'; } );" SGD "schedules = ( { type = 'cosine'; eta = 0.01; } );");
    struct lab_run *run = run_with(e, 1, 0);
    const struct lab_arm arm = lab_experiment_arm(e, 0);
    size_t count;
    struct lab_claim *claims = lab_claims(e, &arm, &count);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < 2; i++) {
        const clock_t from = clock();
        lab_claim_judge(&claims[i], e, &arm, run->arm->measure);
        const double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
        print_message("%s: %.3f s, %zu rows\n", claims[i].entry->name, seconds,
                      claims[i].rows);
        assert_true(claims[i].verdict == LAB_HOLDS && seconds < 1.0);
    }
    assert_true(claims[1].tightness >= claims[0].tightness); /* the sharper one */
    lab_claims_free(claims, count);
    close_run(run);
}
/* ---- attained -------------------------------------------------------------------- */

/* The claim at its last row, after a run; `about` is the metric. */
struct outcome {
    double bound, empirical;
    double tightness; /* over all rows */
    char reason[320];
    enum lab_standing status;
    enum lab_verdict verdict;
};

static struct outcome outcome_of(const struct lab_run *run, const char *bound,
                                 enum lab_metric about)
{
    const struct lab_claim *c = claim_about(run, 0, bound, about);
    struct outcome o = {.status = c->status,
                        .verdict = c->verdict,
                        .tightness = c->tightness,
                        .bound = NAN,
                        .empirical = NAN};
    memcpy(o.reason, c->reason, sizeof o.reason);
    if (c->rows) {
        o.bound = c->bound_value[c->rows - 1];
        o.empirical = c->empirical[c->rows - 1];
    }
    return o;
}

/* Runs `config` with eta_1..eta_T, unless NULL, in place of its schedule. */
static struct outcome outcome(const char *config, const double *eta, const char *bound,
                              enum lab_metric about)
{
    struct lab_experiment *e = experiment("%s bounds = ( '%s' );", config, bound);
    if (eta)
        set_eta(e, 0, eta);
    struct lab_run *run = run_with(e, 0, 0);
    const struct outcome o = outcome_of(run, bound, about);
    close_run(run);
    return o;
}

static void assert_attained(const char *config, const double *eta, const char *bound,
                            enum lab_metric about)
{
    const struct outcome o = outcome(config, eta, bound, about);
    print_message("%s: %.6f\n", bound, o.empirical / o.bound);
    if (o.status != LAB_CERTIFIED || o.verdict != LAB_HOLDS)
        fail_msg("%s: %s", bound, o.reason);
    assert_close(o.empirical, o.bound, 1e-5);
    assert_true(o.tightness <= 1.0 + 1e-9);
}

/* max_linear with d = T = 100, G = 2, R = 3: until x_T, f is never below 0 and f* is
 * -G R/sqrt(T).  Steps (or their base) R/(G sqrt(T)) = 0.15 make the bounds G R/sqrt(T). */
#define WORST                                                                            \
    "steps = 100; seeds = 1; problems = ( { type = 'max_linear'; d = 100; "              \
    "G = 2; R = 3; } ); "
/* G|x| from 1 with G = 2, steps 1/(G T) = 0.01 right down to x_{T+1} = 0. */
#define WALK                                                                             \
    "steps = 50; seeds = 1; average_alpha = 1; problems = ( { type = 'abs_value'; "      \
    "G = 2; %s } ); " STEP(0.01)

static void test_attained(void **state)
{
    double linear[100];
    char text[512];
    (void)state;
    for (size_t t = 1; t <= 100; t++) /* equal weights; eta_T is never used */
        linear[t - 1] = t < 100 ? 0.15 * (double)(100 - t) / 100.0 : 5.0;
    assert_attained(WORST SGD STEP(0.15), NULL, "best_iterate_any_schedule",
                    LAB_GAP_BEST);
    assert_attained(WORST SGD STEP(0.15), linear, "last_iterate_weights", LAB_GAP);
    for (size_t i = 0; i < 3; i++) {
        snprintf(text, sizeof text,
                 WORST STEP(0.15) " optimizers = ( { type = "
                                  "'schedule_free'; beta = %g; } ); ",
                 0.5 * (double)i);
        assert_attained(text, NULL, "schedule_free", LAB_GAP);
        assert_attained(text, NULL, "schedule_free_weighted", LAB_GAP);
    }
    snprintf(text, sizeof text, WALK SGD,
             "domain = { type = 'box'; lower = 0; upper = 1; };");
    assert_attained(text, NULL, "suffix_avg_diameter", LAB_GAP_SUFFIX_ITERATE);
    snprintf(text, sizeof text, WALK SGD, "");
    assert_attained(text, NULL, "uniform_avg_unbounded", LAB_AVG_GAP);
    assert_attained(text, NULL, "uniform_avg_unbounded", LAB_GAP_MEAN_ITERATE);
    snprintf(text, sizeof text,
             WALK "optimizers = ( { type = 'heavy_ball'; beta = 0; } ); ", "");
    assert_attained(text, NULL, "heavy_ball_nonsmooth_avg", LAB_AVG_GAP);
    /* orthogonal losses: <g_t, x_t> = 0 at every step, x* = -R/sqrt(d) (1, ..., 1) */
    assert_attained(
        "steps = 100; seeds = 1; problems = ( { type = 'linear_losses'; "
        "sequence = 'orthogonal'; d = 100; G = 2; domain = { type = 'ball'; "
        "radius = 3; }; } ); optimizers = ( { type = 'dual_averaging'; } ); " STEP(0.15),
        NULL, "dual_averaging_regret", LAB_AVG_REGRET);
}

/* The last iterate where it is worst: how large a part of the bounds it is. */
static void test_last_iterate_worst(void **state)
{
    double linear[100];
    (void)state;
    for (size_t t = 1; t <= 100; t++)
        linear[t - 1] = t < 100 ? 0.15 * (double)(100 - t) / 100.0 : 1e-3;
    struct outcome o =
        outcome(WORST SGD STEP(1), linear, "last_iterate_any_schedule", LAB_GAP);
    print_message("any schedule, linear decay: %.4f\n", o.empirical / o.bound);
    assert_true(o.verdict == LAB_HOLDS && o.empirical > 0.45 * o.bound);
    o = outcome(WORST SGD STEP(0.15), NULL, "last_iterate_const", LAB_GAP);
    print_message("constant: %.4f\n", o.empirical / o.bound);
    assert_true(o.verdict == LAB_HOLDS && o.empirical > 0.15 * o.bound);
    assert_close(o.bound, 0.3 + 0.3 * (1 + 5.1773775176396203), 1e-12); /* H_99 */
}

/* ---- random runs ----------------------------------------------------------------- */

#define BALL "domain = { type = 'ball'; radius = 1.5; }; "
#define L1 "problems = ( { type = 'l1_regression'; data = 'synthetic'; n = 70; d = 4; "

/* Everything that applies holds, and at least `least` claims of these theorems do. */
static void assert_holds(const char *config, size_t least)
{
    struct lab_run *run = run_with(experiment("%s bounds = ( 'all' );", config), 0, 0);
    size_t applied = 0;
    for (size_t k = 0; k < run->arm->claims; k++) {
        const struct lab_claim *c = &run->arm->claim[k];
        if (c->status == LAB_NOT_APPLICABLE)
            continue;
        applied++;
        print_message("%s %s: %.4f\n", c->entry->name, lab_metric_cards[c->metric].name,
                      c->tightness);
        if (c->status != LAB_CERTIFIED || c->verdict != LAB_HOLDS)
            fail_msg("%s: %s", c->entry->name, c->reason);
        assert_true(c->tightness > 0.0 && c->tightness < 1.0);
    }
    assert_true(applied >= least);
    close_run(run);
}

static void test_random_runs(void **state)
{
    (void)state;
    const char *sizes = "steps = 400; seeds = 24; every = 1; ";
    char text[1024];
    snprintf(text, sizeof text, "%s" L1 BALL "} ); " SGD STEP(0.05), sizes);
    assert_holds(text, 13);
    snprintf(text, sizeof text,
             "%s" L1 "} ); " SGD "schedules = ( { type = 'cosine'; "
             "eta = 0.1; warmup = 40; } ); ",
             sizes);
    assert_holds(text, 7);
    snprintf(text, sizeof text,
             "%s" L1 "} ); optimizers = ( { type = 'heavy_ball'; "
             "beta = 0.8; } ); " STEP(0.02),
             sizes);
    assert_holds(text, 2);
    snprintf(text, sizeof text,
             "%s" L1 BALL "} ); optimizers = ( { type = "
             "'dual_averaging'; } ); schedules = ( { type = 'inv_sqrt'; eta = 0.3; } ); ",
             sizes);
    assert_holds(text, 3);
    snprintf(text, sizeof text,
             "%s" L1 BALL "} ); optimizers = ( { type = "
             "'schedule_free'; } ); schedules = ( { type = 'linear'; eta = 0.2; } ); ",
             sizes);
    assert_holds(text, 1);
    /* strongly convex with kinks: mu = l2 = 0.25, steps 1/(mu t), and larger ones */
    snprintf(text, sizeof text,
             "%s" L1 "l2 = 0.25; " BALL "} ); " SGD
             "schedules = ( { type = 'inv_t'; eta = 4; } ); ",
             sizes);
    assert_holds(text, 2);
    snprintf(text, sizeof text,
             "%s" L1 "l2 = 0.25; " BALL "} ); " SGD
             "average_alpha = 0.3; schedules = ( { type = 'inv_t'; eta = 5; } ); ",
             sizes);
    assert_holds(text, 2);
}

/* The rows of which suffixes are spoken, and with which constants. */
static void test_suffix_rows(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment("steps = 7; seeds = 2; every = 1; bounds = ( 'sc_alpha_suffix', "
                   "'suffix_avg_diameter' ); " L1 "l2 = 0.5; " BALL "} ); " SGD
                   "schedules = ( { type = 'inv_t'; eta = 4; } ); "),
        1, 0);
    const struct lab_claim *c = claim_about(run, 0, "sc_alpha_suffix", LAB_NO_METRIC);
    const double G2 = run->e->problem->facts.G2.value, mu = 0.25; /* 1/eta_1, not 0.5 */
    assert_int_equal(c->rows, 6); /* at t = 1 the mean is of all iterates */
    for (size_t k = 0; k < 6; k++) {
        const double t = (double)(k + 2), alpha = ceil(t / 2) / t;
        assert_int_equal(c->t[k], k + 2);
        assert_close(c->bound_value[k],
                     (2 - 2.5 * log(1 - alpha)) / alpha * G2 / (mu * t), 1e-12);
    }
    c = claim_about(run, 0, "suffix_avg_diameter", LAB_NO_METRIC);
    assert_int_equal(c->rows, 7);
    for (size_t k = 0; k < 7; k++) { /* s = 1, 2, 2, 3, 3, 4, 4 for t = 1..7 */
        const size_t t = k + 1, s = t / 2 + 1;
        double sum = 0.0;
        for (size_t i = s; i <= t; i++)
            sum += 4.0 / (double)i;
        assert_close(c->bound_value[k],
                     (9.0 * (double)t / 4 + G2 * sum) / (2.0 * (double)(t - s + 1)),
                     1e-12); /* D = 3 */
    }
    close_run(run);
    /* a warm-up of 3 steps: row 2 (s = 2) and rows 6.. (s >= 4) are spoken of, and row 1 */
    run = run_with(experiment("steps = 9; seeds = 16; every = 1; bounds = ( "
                              "'suffix_avg_diameter' ); " L1 BALL "} ); " SGD
                              "schedules = ( { type = 'constant'; eta = 1; "
                              "warmup = 3; } ); "),
                   1, 0);
    static const size_t rows[] = {1, 2, 6, 7, 8, 9};
    c = claim_about(run, 0, "suffix_avg_diameter", LAB_NO_METRIC);
    assert_int_equal(c->verdict, LAB_HOLDS);
    assert_int_equal(c->rows, 6);
    for (size_t k = 0; k < 6; k++)
        assert_int_equal(c->t[k], rows[k]);
    close_run(run);
}

/* ---- what does not apply says why ------------------------------------------------ */

static void test_reasons(void **state)
{
    static const struct {
        const char *bound, *problem, *optimizer, *schedule, *why;
    } cases[] = {
        {"suffix_avg_diameter", "type = 'abs_value';", "sgd", "constant'; eta = 1;",
         "projection on a bounded domain"},
        {"suffix_avg_diameter", "type = 'abs_value'; " BALL, "sgd",
         "constant'; eta = 1; warmup = 30;",
         "over x_21..x_40, but the schedule increases "
         "at t = 22"},
        {"high_prob_avg_diameter", "type = 'abs_value'; " BALL, "sgd",
         "constant'; eta = 1; warmup = 5;", "steps that never grow"},
        {"high_prob_avg_diameter", "type = 'abs_value'; noise = { sigma = 1; }; " BALL,
         "sgd", "constant'; eta = 1;", "G is not known"},
        {"high_prob_avg_diameter", "type = 'logistic'; data = 'breast_cancer'; " BALL,
         "sgd", "constant'; eta = 1;", "use every = 1"},
        {"best_iterate_any_schedule", "type = 'logistic'; data = 'breast_cancer'; " BALL,
         "sgd", "constant'; eta = 1;", "use every = 1"},
        {"best_iterate_any_schedule", "type = 'quadratic';", "sgd", "constant'; eta = 1;",
         "E‖g‖² is not known"},
        {"uniform_avg_unbounded", "type = 'rosenbrock';", "sgd", "constant'; eta = 1e-4;",
         "rosenbrock is not convex"},
        {"heavy_ball_nonsmooth_avg", "type = 'abs_value';", "sgd", "constant'; eta = 1;",
         "is about heavy_ball, not sgd"},
        {"heavy_ball_nonsmooth_avg", "type = 'abs_value'; " BALL, "heavy_ball",
         "constant'; eta = 1;", "unprojected"},
        {"heavy_ball_nonsmooth_avg", "type = 'abs_value';", "heavy_ball",
         "inv_sqrt'; eta = 1;", "needs a constant step"},
        {"last_iterate_any_schedule", "type = 'abs_value';", "momentum",
         "constant'; eta = 1;", "is about sgd, not momentum"},
        {"last_iterate_const", "type = 'abs_value';", "sgd", "linear'; eta = 1;",
         "needs a constant step"},
        {"last_iterate_weights", "type = 'abs_value'; " BALL, "sgd", "linear'; eta = 1;",
         "unprojected"},
        {"schedule_free", "type = 'abs_value';", "sgd", "constant'; eta = 1;",
         "is about schedule_free"},
        {"schedule_free", "type = 'abs_value';", "schedule_free'; iterate = 'z",
         "constant'; eta = 1;", "metrics speak of z_t"},
        {"schedule_free", "type = 'abs_value';", "schedule_free", "linear'; eta = 1;",
         "needs a constant step"},
        {"schedule_free_weighted", "type = 'abs_value';", "schedule_free'; iterate = 'y",
         "linear'; eta = 1;", "metrics speak of y_t"},
        {"schedule_free_weighted", "type = 'abs_value';",
         "schedule_free'; power = 2; x = '", "linear'; eta = 1;", "they are eta_t^2"},
        {"dual_averaging_regret", "type = 'abs_value';", "dual_averaging",
         "constant'; eta = 1; warmup = 9;", "steps that never grow"},
        {"sc_alpha_suffix", "type = 'quadratic'; " BALL, "sgd", "constant'; eta = 1;",
         "needs eta_t = c/t"},
        {"sc_alpha_suffix", "type = 'quadratic'; mu = 0.1; " BALL, "sgd",
         "inv_t'; eta = 9;", "eta_1 = 9 is less than 1/mu = 10"},
        {"sc_last_shamir_zhang", "type = 'abs_value'; " BALL, "sgd", "inv_t'; eta = 9;",
         "needs a strongly convex f, but mu = 0"},
        {"sc_last_shamir_zhang", "type = 'quadratic'; mu = 0.1; ", "sgd",
         "inv_t'; eta = 10;", "E‖g‖² is not known"},
        {"sc_last_shamir_zhang", "type = 'quadratic'; mu = 0.1; " BALL, "sgd",
         "inv_t'; eta = 9; offset = 1;", "needs eta_t = c/t"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char optimizer[64]; /* "x" ends what options begin */
        snprintf(optimizer, sizeof optimizer, "%s", cases[i].optimizer);
        char *end = strstr(optimizer, " x = '");
        if (end)
            *end = '\0';
        struct lab_experiment *e = experiment(
            "steps = 40; seeds = 2; bounds = ( '%s' ); problems = ( { %s } );"
            "optimizers = ( { type = '%s%s } ); schedules = ( { type = '%s } );",
            cases[i].bound, cases[i].problem, optimizer, end ? "" : "';",
            cases[i].schedule);
        const struct lab_arm arm = lab_experiment_arm(e, 0);
        size_t count;
        struct lab_claim *claims = lab_claims(e, &arm, &count);
        for (size_t k = 0; k < count; k++) {
            if (claims[k].status != LAB_NOT_APPLICABLE)
                fail_msg("%s applies to %s", cases[i].bound, cases[i].problem);
            assert_true(says(claims[k].reason, cases[i].why));
        }
        lab_claims_free(claims, count), lab_experiment_free(e);
    }
}

/* A mean of all iterates is no suffix with (1-alpha) T >= 1. */
static void test_whole_suffix(void **state)
{
    (void)state;
    const struct outcome o =
        outcome("steps = 20; seeds = 2; average_alpha = 1; problems = ( { type = "
                "'quadratic'; mu = 0.1; " BALL "} ); " SGD "schedules = ( { type = "
                "'inv_t'; eta = 10; } ); ",
                NULL, "sc_alpha_suffix", LAB_NO_METRIC);
    assert_int_equal(o.status, LAB_NOT_APPLICABLE);
    assert_true(says(o.reason, "average_alpha < 1"));
}

/* ---- negative controls ----------------------------------------------------------- */

/* Refused with these steps, for that reason; what was measured at T. */
static double refused(const char *config, const double *eta, const char *bound,
                      enum lab_metric metric, const char *why)
{
    struct lab_experiment *e = experiment("%s bounds = ( '%s' ); metrics = ( '%s' );",
                                          config, bound, lab_metric_cards[metric].name);
    if (eta)
        set_eta(e, 0, eta);
    struct lab_run *run = run_with(e, 0, 0);
    for (size_t k = 0; k < run->arm->claims; k++) {
        assert_int_equal(run->arm->claim[k].status, LAB_NOT_APPLICABLE);
        assert_true(says(run->arm->claim[k].reason, why));
    }
    const double value = measured(run, 0, metric, 0, run->rows - 1);
    close_run(run);
    return value;
}

/* |x| from 1: tiny steps, then one large one.  1/eta_T is no more the largest 1/eta_t. */
static void test_growing_steps(void **state)
{
    enum { T = 400 };
    double eta[T];
    const char *walk =
        "steps = 400; seeds = 1; every = 1; average_alpha = 1; problems = ( "
        "{ type = 'abs_value'; domain = { type = 'ball'; radius = 1; }; } ); " STEP(1);
    char sgd[512], averaging[512];
    (void)state;
    snprintf(sgd, sizeof sgd, "%s" SGD, walk);
    snprintf(averaging, sizeof averaging,
             "%s optimizers = ( { type = 'dual_averaging'; } ); ", walk);
    for (size_t t = 0; t < T; t++)
        eta[t] = t < T - 1 ? 1e-5 : 0.2;
    double value = refused(sgd, eta, "suffix_avg_diameter", LAB_GAP_SUFFIX_ITERATE,
                           "increases at t = 400");
    assert_true(value >
                10.0 * formula("suffix_avg_diameter", "D=2 G=1 s=1", "eta", T, eta));
    value = refused(sgd, eta, "high_prob_avg_diameter", LAB_AVG_GAP, "increases");
    assert_true(value > 1.5 * formula("high_prob_avg_diameter", "D=2 G=1 delta=0.5",
                                      "eta", T, eta));
    value = refused(averaging, eta, "dual_averaging_regret", LAB_AVG_REGRET, "increases");
    assert_true(value >
                10.0 * formula("dual_averaging_regret", "R1=1 G=1", "eta", T, eta));
}

/* |x| from 1, a step of 0.1 and then next to none: what constant steps promise is not kept. */
static void test_changing_steps(void **state)
{
    enum { T = 400 };
    double eta[T];
    const char *walk =
        "steps = 400; seeds = 1; problems = ( { type = 'abs_value'; } ); " STEP(1);
    char text[512];
    (void)state;
    for (size_t t = 0; t < T; t++)
        eta[t] = t ? 1e-5 : 0.1;
    snprintf(text, sizeof text, "%s" SGD, walk);
    double value = refused(text, eta, "last_iterate_const", LAB_GAP, "constant step");
    assert_true(value > 2 * formula("last_iterate_const", "R1=1 G=1 eta=0.1 T=400", NULL,
                                    0, NULL));
    snprintf(text, sizeof text,
             "%s optimizers = ( { type = 'heavy_ball'; beta = 0.5; } ); ", walk);
    value = refused(text, eta, "heavy_ball_nonsmooth_avg", LAB_AVG_GAP, "constant step");
    assert_true(value > 2 * formula("heavy_ball_nonsmooth_avg",
                                    "R1=1 G=1 alpha=0.1 beta=0.5 gap1=1 T=400", NULL, 0,
                                    NULL));
}

/* Averages with weights gamma^2: z_1 = 1 has weight 1 of 2 in the end, and the formula is for
 * 1 of 51.  z_t itself, where metrics speak of it, keeps jumping over 0 by gamma. */
static void test_weights_of_averages(void **state)
{
    enum { T = 2501 };
    static double eta[T];
    (void)state;
    for (size_t t = 0; t < T; t++)
        eta[t] = t ? 0.02 : 1.0;
    const double value = refused(
        "steps = 2501; seeds = 1; problems = ( { type = 'abs_value'; } ); "
        "optimizers = ( { type = 'schedule_free'; power = 2; beta = 0; } ); " STEP(1),
        eta, "schedule_free_weighted", LAB_GAP, "power = 1");
    assert_true(value >
                10.0 * formula("schedule_free_weighted", "R1=1 G=1", "gamma", T, eta));
    const struct outcome o =
        outcome("steps = 2501; seeds = 1; problems = ( { type = 'abs_value'; } ); "
                "optimizers = ( { type = 'schedule_free'; beta = 0; } ); " STEP(1),
                eta, "schedule_free_weighted", LAB_GAP);
    assert_true(o.status == LAB_CERTIFIED && o.verdict == LAB_HOLDS);
    const double z =
        refused("steps = 1000; seeds = 1; problems = ( { type = 'abs_value'; "
                "start = 0.3; } ); optimizers = ( { type = 'schedule_free'; "
                "iterate = 'z'; beta = 0; } ); " STEP(0.4),
                NULL, "schedule_free", LAB_GAP, "speak of z_t");
    assert_true(z > 0.09); /* 0.3, -0.1, 0.3, ...: of a mean that is 0.1 */
}

/* x^2/2 on [-1, 1] with steps 0.1/t, a tenth of what mu = 1 asks for: x_t falls like t^-0.1. */
static void test_small_steps(void **state)
{
    const char *text = "steps = 20000; seeds = 1; problems = ( { type = 'quadratic'; "
                       "eigenvalues = ( 1 ); start = 1; domain = { type = 'ball'; "
                       "radius = 1; }; } ); " SGD "schedules = ( { type = 'inv_t'; "
                       "eta = 0.1; } ); ";
    (void)state;
    double value = refused(text, NULL, "sc_last_shamir_zhang", LAB_GAP, "less than 1/mu");
    assert_true(value >
                2.0 * formula("sc_last_shamir_zhang", "G=1 mu=1 T=20000", NULL, 0, NULL));
    value =
        refused(text, NULL, "sc_alpha_suffix", LAB_GAP_SUFFIX_ITERATE, "less than 1/mu");
    assert_true(value > 10.0 * formula("sc_alpha_suffix", "G=1 mu=1 alpha=0.5 T=20000",
                                       NULL, 0, NULL));
}

/* R G/sqrt(T+1), the rate after T updates, is not that of T evaluations. */
static void test_one_evaluation_more(void **state)
{
    (void)state;
    const struct outcome o = outcome(
        "steps = 60; seeds = 1; problems = ( { type = 'max_linear'; d = 60; } ); " SGD
        "schedules = ( { type = 'constant'; eta = 0.12909944487358055; } ); ",
        NULL, "best_iterate_any_schedule", LAB_GAP_BEST);
    assert_close(o.empirical / o.bound, 1.0, 1e-12);
    assert_close(o.empirical * sqrt(61.0), sqrt(61.0 / 60.0), 1e-12); /* 1.008 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_steps),
        cmocka_unit_test(test_suffix_inside),
        cmocka_unit_test(test_double_sum),
        cmocka_unit_test(test_tuned),
        cmocka_unit_test(test_found_weights),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_shared_weights),
        cmocka_unit_test(test_constant_at_best),
        cmocka_unit_test(test_speed),
        cmocka_unit_test(test_attained),
        cmocka_unit_test(test_last_iterate_worst),
        cmocka_unit_test(test_random_runs),
        cmocka_unit_test(test_suffix_rows),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_whole_suffix),
        cmocka_unit_test(test_growing_steps),
        cmocka_unit_test(test_changing_steps),
        cmocka_unit_test(test_weights_of_averages),
        cmocka_unit_test(test_small_steps),
        cmocka_unit_test(test_one_evaluation_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
