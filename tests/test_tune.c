/*
 * tests/test_tune.c -- the learning rate with the least right-hand side: the search, arms, the
 * published numbers of last_iterate_any_schedule, and its optimum over all schedules.
 */
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_rng.h>

#include "lab/tune.h"
#include "tests/helpers.h"

/* ---- the search -------------------------------------------------------------------- */

/* a/s + b s + c, allowed from `low` to `high`; with `other` exp(a s)/s. */
struct curve {
    double a, b, c, low, high;
    bool other;
};

static double curve_at(void *context, double s, struct lab_error *why)
{
    const struct curve *f = context;
    if (s < f->low || s > f->high) {
        lab_fail(why, "s = %g is not allowed", s);
        return NAN;
    }
    return f->other ? exp(f->a * s) / s : f->a / s + f->b * s + f->c;
}

static struct lab_tuned tuned(struct curve f, double hint)
{
    struct lab_tuned best;
    lab_tune(&(struct lab_rhs){curve_at, &f}, hint, &best);
    return best;
}

static void test_closed(void **state)
{
    (void)state;
    for (int k = -30; k <= 30; k += 3) {
        const double a = exp(k), b = 3.0;
        const struct lab_tuned t =
            tuned((struct curve){a, b, 0, 0, INFINITY, false}, NAN);
        assert_int_equal(t.how, LAB_TUNED_CLOSED);
        assert_close(t.factor, sqrt(a / b), 1e-9);
        assert_close(t.value, 2.0 * sqrt(a * b), 1e-13);
        assert_close(t.given, a + b, 1e-15);
    }
    /* 2/s + s/2 + 5 */
    const struct lab_tuned t = tuned((struct curve){2, 0.5, 5, 0, INFINITY, false}, NAN);
    assert_int_equal(t.how, LAB_TUNED_CLOSED);
    assert_close(t.factor, 2.0, 1e-9);
    assert_close(t.value, 7.0, 1e-14);
}

/* exp(a s)/s is least at 1/a, where it is a e. */
static void test_search(void **state)
{
    (void)state;
    for (int k = -8; k <= 8; k++) {
        const double a = exp(1.7 * k);
        const struct lab_tuned t = tuned((struct curve){a, 0, 0, 0, INFINITY, true}, NAN);
        assert_int_equal(t.how, LAB_TUNED_SEARCH);
        assert_close(t.factor, 1.0 / a, 1e-6);
        assert_close(t.value, a * M_E, 1e-12);
    }
}

/* 1/s + s is least at 1: a cap on either side of it, below and above the factor of the config. */
static void test_edges(void **state)
{
    (void)state;
    static const double cap[] = {0.3, 0.5, 1e-3, 0.99};
    for (size_t i = 0; i < 4; i++) {
        struct lab_tuned t = tuned((struct curve){1, 1, 0, 0, cap[i], false}, NAN);
        assert_int_equal(t.how, LAB_TUNED_EDGE);
        assert_close(t.factor, cap[i], 1e-11);
        assert_true(t.factor <= cap[i]);
        assert_close(t.value, cap[i] + 1.0 / cap[i], 1e-11);
        assert_true(isnan(t.given) && strcmp(t.refused, "s = 1 is not allowed") == 0);
        assert_non_null(strstr(t.reason, "is not allowed"));
        t = tuned((struct curve){1, 1, 0, 1.0 / cap[i], INFINITY, false}, NAN);
        assert_int_equal(t.how, LAB_TUNED_EDGE);
        assert_close(t.factor, 1.0 / cap[i], 1e-11);
        /* it does not bind */
        t = tuned((struct curve){cap[i] * cap[i] / 16.0, 1, 0, 0, cap[i], false}, NAN);
        assert_int_equal(t.how, LAB_TUNED_CLOSED);
        assert_close(t.factor, cap[i] / 4.0, 1e-9);
    }
    /* just inside of a cap between two powers of 2: 1/s + s until 1.01 */
    struct lab_tuned t = tuned((struct curve){1.6 * 1.6, 1, 0, 0, 1.61, false}, NAN);
    assert_int_not_equal(t.how, LAB_TUNED_EDGE);
    assert_close(t.factor, 1.6, 1e-6);
    assert_close(t.value, 3.2, 1e-12);
    /* at the edge already: the factor of the config is the answer, to the last bit */
    t = tuned((struct curve){4, 1, 0, 0, 1.0, false}, NAN);
    assert_int_equal(t.how, LAB_TUNED_EDGE);
    assert_true(t.factor == 1.0 && t.given == t.value);
}

static void test_odd_ones(void **state)
{
    (void)state;
    struct lab_tuned t = tuned((struct curve){1, 0, 0, 0, INFINITY, false}, NAN);
    assert_int_equal(t.how, LAB_TUNED_ENDLESS);
    assert_true(isnan(t.factor) && isnan(t.value) && t.given == 1.0);
    t = tuned((struct curve){0, 0, 7, 0, INFINITY, false}, NAN);
    assert_int_equal(t.how, LAB_TUNED_FLAT);
    assert_true(isnan(t.factor) && t.value == 7.0);
    t = tuned((struct curve){1, 1, 0, 0.3, 0.3, false}, 0.3);
    assert_int_equal(t.how, LAB_TUNED_ONE);
    assert_true(t.factor == 0.3);
    assert_close(t.value, 0.3 + 1.0 / 0.3, 1e-15);
    t = tuned((struct curve){1, 1, 0, 0.3, 0.3, false}, NAN); /* nobody could find it */
    assert_int_equal(t.how, LAB_TUNED_NOT);
    assert_string_equal(t.reason, "s = 1 is not allowed");
}

/* ---- published numbers ---------------------------------------------------------------- */

/* |x| from 1, exact gradients: R1 = G = 1. */
#define UNIT "problems = ( { type = 'abs_value'; start = 1; } ); batch = 'full';"

/* In the first of the theorem's metrics that can be tuned, or the last. */
static struct lab_tuned tuned_arm(const struct lab_experiment *e, size_t i,
                                  const char *bound)
{
    const struct lab_arm arm = lab_experiment_arm(e, i);
    const struct lab_entry *entry = lab_find(LAB_KIND_bound, bound, NULL);
    const struct lab_limit *limit = bound_named(bound)->limits;
    struct lab_tuned best;
    do
        lab_tune_arm(e, &arm, entry, limit++, &best);
    while (best.how == LAB_TUNED_NOT && limit->metric);
    return best;
}

#define ANY "last_iterate_any_schedule"

/* Omega_T sqrt(T) of the last iterate with G = D = 1 and the best base rate (Schaipp et al. 2025,
 * from their code), T = 400 and 10000. */
static void test_published(void **state)
{
    static const struct {
        const char *schedule;
        double at_400, at_10000;
    } known[] = {
        {"type = 'constant';", 2.751, 3.284},
        {"type = 'inv_sqrt';", 2.445, 2.872},
        {"type = 'cosine';", 2.068, 2.060},
        {"type = 'wsd';", 2.187, 2.161},
        {"type = 'wsd'; cooldown = 0.5;", 2.048, 2.034},
        {"type = 'linear';", 2.013, 2.001},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (size_t big = 0; big < 2; big++) {
            const size_t T = big ? 10000 : 400;
            struct lab_experiment *e =
                experiment("steps = %zu; schedules = ( { %s eta = 0.7; } );" UNIT SGD, T,
                           known[i].schedule);
            const struct lab_tuned t = tuned_arm(e, 0, ANY);
            const double omega = big ? known[i].at_10000 : known[i].at_400;
            assert_int_equal(t.how, LAB_TUNED_CLOSED);
            assert_true(fabs(t.value * sqrt((double)T) - omega) < 0.001);
            lab_experiment_free(e);
        }
}

/* The base rates, and the bound for three lengths of the cooldown. */
static void test_published_rates(void **state)
{
    static const struct {
        size_t T;
        const char *schedule;
        double rate, bound; /* 0: not published */
    } known[] = {
        {400, "type = 'cosine';", 0.04824, 0},
        {400, "type = 'wsd';", 0.02537, 0.10932},
        {400, "type = 'wsd'; cooldown = 0.5;", 0, 0.10242},
        {400, "type = 'wsd'; cooldown = 1.0;", 0, 0.10063},
        {100, "type = 'wsd';", 0.04954, 0},
        {10000, "type = 'wsd';", 0.00514, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct lab_experiment *e =
            experiment("steps = %zu; schedules = ( { %s eta = 3.0; } );" UNIT SGD,
                       known[i].T, known[i].schedule);
        const struct lab_tuned t = tuned_arm(e, 0, ANY);
        if (known[i].rate > 0.0)
            assert_true(fabs(3.0 * t.factor - known[i].rate) < 0.6e-5);
        if (known[i].bound > 0.0)
            assert_true(fabs(t.value - known[i].bound) < 0.6e-5);
        lab_experiment_free(e);
    }
}

/* ---- the optimum over all schedules --------------------------------------------------- */

/* R1 = G = 1. */
static double any_rhs(size_t T, const double *eta)
{
    struct lab_node *inputs = lab_node_new(LAB_NODE_GROUP, NULL, "test"),
                    *list =
                        lab_node_add(inputs, lab_node_new(LAB_NODE_LIST, "eta", "test"));
    lab_node_add(inputs, lab_node_real("R1", "test", 1.0));
    lab_node_add(inputs, lab_node_real("G", "test", 1.0));
    for (size_t t = 0; t < T; t++)
        lab_node_add(list, lab_node_real(NULL, "test", eta[t]));
    return right_hand_side(bound_named(ANY), inputs);
}

static double *best_steps(size_t T)
{
    static const double fact[] = {1.0, 1.0};
    double *eta = lab_alloc(T, sizeof *eta);
    bound_named(ANY)->prescribe(fact, T, eta);
    return eta;
}

/* Minimum times sqrt(T), and that of linear decay with the best base rate. */
static void test_optimum_published(void **state)
{
    static const struct {
        size_t T;
        double least, linear;
    } known[] = {{20, 1.93310, 2.09524}, {50, 1.98886, 2.05759}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const size_t T = known[i].T;
        double *eta = best_steps(T);
        assert_true(fabs(any_rhs(T, eta) * sqrt((double)T) - known[i].least) < 0.6e-5);
        free(eta);
        struct lab_experiment *e = experiment(
            "steps = %zu; schedules = ( { type = 'linear'; eta = 1; } );" UNIT SGD, T);
        assert_true(fabs(tuned_arm(e, 0, ANY).value * sqrt((double)T) - known[i].linear) <
                    0.6e-5);
        lab_experiment_free(e);
    }
    double *one = best_steps(1); /* 1/(2 eta) + eta/2 */
    assert_close(one[0], 1.0, 1e-15);
    free(one);
}

static double of_logarithms(const gsl_vector *v, void *context)
{
    double eta[64];
    (void)context;
    for (size_t t = 0; t < v->size; t++)
        eta[t] = exp(gsl_vector_get(v, t));
    return any_rhs(v->size, eta);
}

static void slope(const gsl_vector *v, void *context, gsl_vector *g)
{
    const double h = 1e-5;
    gsl_vector *w = gsl_vector_alloc(v->size);
    gsl_vector_memcpy(w, v);
    for (size_t t = 0; t < v->size; t++) {
        const double x = gsl_vector_get(v, t);
        gsl_vector_set(w, t, x + h);
        const double up = of_logarithms(w, context);
        gsl_vector_set(w, t, x - h);
        gsl_vector_set(g, t, (up - of_logarithms(w, context)) / (2.0 * h));
        gsl_vector_set(w, t, x);
    }
    gsl_vector_free(w);
}

static void both(const gsl_vector *v, void *context, double *f, gsl_vector *g)
{
    *f = of_logarithms(v, context);
    slope(v, context, g);
}

/* A minimiser that knows nothing of the recursion, from two starts, finds the same steps. */
static void test_optimum_found(void **state)
{
    enum { T = 20 };
    double *best = best_steps(T);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_multimin_function_fdf f = {of_logarithms, slope, both, T, NULL};
    (void)state;
    for (size_t start = 0; start < 2; start++) {
        gsl_multimin_fdfminimizer *m =
            gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, T);
        gsl_vector *v = gsl_vector_alloc(T);
        for (size_t t = 0; t < T; t++)
            gsl_vector_set(v, t, start ? -3.0 + 2.0 * gsl_rng_uniform(rng) : -1.0);
        gsl_multimin_fdfminimizer_set(m, &f, v, 0.1, 0.1);
        for (int i = 0; i < 500 && !gsl_multimin_fdfminimizer_iterate(m); i++)
            ;
        assert_close(m->f, any_rhs(T, best), 1e-9);
        for (size_t t = 0; t < T; t++)
            assert_close(exp(gsl_vector_get(m->x, t)), best[t], 1e-5);
        gsl_multimin_fdfminimizer_free(m);
        gsl_vector_free(v);
    }
    gsl_rng_free(rng);
    free(best);
}

/* At T = 1000 no step can be changed for the better: the bound is convex, so that suffices. */
static void test_optimum_stationary(void **state)
{
    enum { T = 1000 };
    double *eta = best_steps(T);
    const double least = any_rhs(T, eta);
    (void)state;
    for (size_t t = 0; t < T; t += t < 10 || t >= T - 10 ? 1 : 49) {
        const double kept = eta[t], h = 1e-2;
        eta[t] = kept * (1.0 + h);
        const double up = any_rhs(T, eta);
        eta[t] = kept * (1.0 - h);
        const double down = any_rhs(T, eta);
        eta[t] = kept;
        assert_true(up > least && down > least);
        assert_true(fabs(up - down) < 0.1 * (up + down - 2.0 * least));
    }
    /* linear decay, but for the last entry, which no run uses */
    for (size_t t = 1; t <= T * 9 / 10; t++)
        assert_close(eta[t - 1] * sqrt(T), (double)(T - t) / T, 0.05);
    assert_true(eta[T - 1] > 2.0 * eta[T - 2]);
    free(eta);
}

/* ---- arms --------------------------------------------------------------------------------- */

static const char *option_text(const struct lab_entry *e)
{
    return strcmp(e->name, "expression") == 0    ? "eta = '1/t';"
           : strcmp(e->name, "piecewise") == 0   ? "values = [2.0, 1.0]; steps = [5];"
           : strcmp(e->name, "exponential") == 0 ? "decay = 0.9;"
           : strcmp(e->name, "step") == 0        ? "factor = 0.5; every = 3;"
                                                 : "";
}

static bool has_number(const struct lab_entry *e, const char *name)
{
    for (const struct lab_param *p = e->plugin->params; p && p->name; p++)
        if (p->type == LAB_REAL && strcmp(p->name, name) == 0)
            return true;
    return false;
}

/* That all of a table can be scaled instead of the base rate: every schedule that has one is
 * linear in it, warm-up included. */
static void test_schedules_are_linear(void **state)
{
    size_t tried = 0;
    (void)state;
    for (const struct lab_entry *s = lab_registry; s->name; s++) {
        if (s->kind != LAB_KIND_schedule || !has_number(s, "eta"))
            continue;
        struct lab_experiment *e =
            experiment("steps = 37; schedules = ( { type = '%s'; eta = [0.3, 0.75]; "
                       "warmup = 6; %s } );" UNIT SGD,
                       s->name, option_text(s));
        for (size_t t = 0; t < e->T; t++)
            assert_close(e->schedule[1].eta->eta[t], 2.5 * e->schedule[0].eta->eta[t],
                         1e-14);
        lab_experiment_free(e);
        tried++;
    }
    assert_true(tried >= 10);
    struct lab_experiment *e = experiment(
        "steps = 37; schedules = ( { type = 'theory'; bound = 'const_step_avg'; "
        "factor = [0.3, 0.75]; warmup = 6; } );" UNIT SGD);
    for (size_t t = 0; t < e->T; t++)
        assert_close(e->schedule[1].eta->eta[t], 2.5 * e->schedule[0].eta->eta[t], 1e-14);
    lab_experiment_free(e);
}

/* |x| from 3: R1 = 3, G = 1.  R1^2/(2 eta T) + eta/2 at T = 100 is least at 0.3, 0.3. */
static void test_constant(void **state)
{
    struct lab_experiment *e = experiment(
        "steps = 100; problems = ( { type = 'abs_value'; start = 3; } ); batch = "
        "'full';" SGD "schedules = ( { type = 'constant'; eta = [0.1, 50.0]; } );");
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct lab_tuned t = tuned_arm(e, i, "const_step_avg");
        assert_int_equal(t.how, LAB_TUNED_CLOSED);
        assert_close(t.factor * e->schedule[i].eta->eta[0], 0.3, 1e-9);
        assert_close(t.value, 0.3, 1e-14);
        assert_close(t.given, i ? 25.0009 : 0.5, 1e-13); /* 0.09/(2 eta) + eta/2 */
        assert_false(t.estimated);
    }
    lab_experiment_free(e);
}

/* f = (x^2 + 3 y^2)/2 from (1, 1), L = 3, R1^2 = 2: R1^2/(2 eta T) falls up to the cap 1/L. */
static void test_cap(void **state)
{
    struct lab_experiment *e = experiment(
        "steps = 3; problems = ( { type = 'quadratic'; eigenvalues = [1.0, 3.0]; start = "
        "1; } );" SGD "schedules = ( { type = 'constant'; eta = [0.1, 7.0]; } );");
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct lab_tuned t = tuned_arm(e, i, "gd_convex_classic");
        assert_int_equal(t.how, LAB_TUNED_EDGE);
        assert_close(t.factor * e->schedule[i].eta->eta[0], 1.0 / 3.0, 1e-11);
        assert_close(t.value, 1.5, 1e-11); /* row 3 is two updates: 2/(2 2/3) */
        assert_non_null(strstr(t.reason, "exceeds 1/L = 0.333333"));
        assert_true(isnan(t.given) == (i == 1));
    }
    lab_experiment_free(e);
}

/* What a theorem prescribes for a constant step is what minimises its right-hand side, where it
 * is exact; an edge counts as well. */
static void test_agrees_with_prescriptions(void **state)
{
    static const char *const bounds[] = {
        "const_step_avg",    "weighted_avg_any_schedule", "projected_avg_regret",
        "gd_convex_classic", "gd_convex_tight",           "gd_sc_distance"};
    (void)state;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        struct lab_experiment *e = experiment(
            "steps = 50; problems = ( { type = '%s } ); batch = 'full';" SGD
            "schedules = ( { type = 'theory'; bound = '%s'; }, { type = 'theory'; bound "
            "= "
            "'%s'; factor = 0.37; } );",
            i == 2  ? "abs_value'; start = 1; domain = { type = 'ball'; radius = 2.0; };"
            : i < 2 ? "abs_value'; start = 3;"
                    : "quadratic'; eigenvalues = [1.0, 3.0]; start = 1;",
            bounds[i], bounds[i]);
        const struct lab_tuned one = tuned_arm(e, 0, bounds[i]),
                               other = tuned_arm(e, 1, bounds[i]);
        assert_close(one.factor, 1.0, 1e-6);
        assert_close(one.value, one.given, 1e-10);
        assert_close(other.factor, 1.0 / 0.37, 1e-6);
        assert_true(other.given > other.value * 1.01);
        lab_experiment_free(e);
    }
}

/* R and G of the path are not known before it: the reason says so, and other theorems are. */
static void test_path_constants(void **state)
{
    struct lab_experiment *e =
        experiment("steps = 50; problems = ( { type = 'abs_value'; start = 1; domain = { "
                   "type = 'ball'; "
                   "radius = 2.0; }; } ); batch = 'full';" SGD STEP(0.1));
    const struct lab_arm arm = lab_experiment_arm(e, 0);
    const struct lab_tuned t = tuned_arm(e, 0, "seed_avg_regret");
    (void)state;
    assert_int_equal(t.how, LAB_TUNED_NOT);
    assert_non_null(strstr(t.reason, "takes R and G of the run"));
    char *others = lab_tune_others(e, &arm);
    assert_non_null(strstr(others, "projected_avg_regret"));
    assert_non_null(strstr(others, ANY));
    assert_null(strstr(others, "seed_avg_regret"));
    free(others);
    lab_experiment_free(e);
}

/* A declared minimiser makes it an estimate. */
static void test_estimated(void **state)
{
    struct lab_experiment *e =
        experiment("steps = 50; problems = ( { type = 'quadratic'; eigenvalues = [1.0, "
                   "3.0]; start = 1; "
                   "domain = { type = 'ball'; radius = 2.0; }; } );" SGD STEP(0.1));
    (void)state;
    assert_false(tuned_arm(e, 0, ANY).estimated);
    e->problem[0].facts.R1.status = LAB_MEASURED;
    assert_true(tuned_arm(e, 0, ANY).estimated);
    lab_experiment_free(e);
}

/* The schedule `theory` runs the best steps, and the bound holds. */
static void test_run(void **state)
{
    struct lab_experiment *e = experiment(
        "steps = 50; seeds = 1; bounds = ( '" ANY "' ); schedules = ( { type = "
        "'theory'; bound = '" ANY "'; } ); problems = ( { type = 'max_linear'; d = 50; "
        "} ); batch = 'full';" SGD);
    struct lab_run *run = run_with(e, 1, 0);
    const struct lab_claim *c = claim_about(run, 0, ANY, LAB_GAP);
    (void)state;
    assert_int_equal(c->status, LAB_CERTIFIED);
    assert_int_not_equal(c->verdict, LAB_VIOLATED);
    assert_close(c->bound_value[c->rows - 1],
                 1.98886 / sqrt(50.0) * e->problem[0].facts.R1.value *
                     sqrt(e->problem[0].facts.G2.value),
                 1e-5);
    close_run(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_odd_ones),
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_published_rates),
        cmocka_unit_test(test_optimum_published),
        cmocka_unit_test(test_optimum_found),
        cmocka_unit_test(test_optimum_stationary),
        cmocka_unit_test(test_schedules_are_linear),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_cap),
        cmocka_unit_test(test_agrees_with_prescriptions),
        cmocka_unit_test(test_path_constants),
        cmocka_unit_test(test_estimated),
        cmocka_unit_test(test_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
