/*
 * tests/test_noise.c -- the laws of noise: what is drawn, what it does to constants and to
 * theorems.  Statistical checks allow five or more standard errors at fixed seeds.
 */
#include "lab/bounds.h"
#include "lab/facts.h"
#include "tests/helpers.h"

static struct lab_experiment *open_with(const char *problem, const char *noise,
                                        size_t batch)
{
    return experiment(
        "steps = 5; batch = %zu; problems = ( { %s noise = { %s }; } ); " SGD STEP(0.1),
        batch, problem, noise);
}

/* ---- draws ----------------------------------------------------------------------- */

enum { DRAWS = 200000 };

/* P(|z| > u) of each law, worked out by hand. */
static const struct {
    struct lab_noise noise;
    double u, beyond;
} tails[] = {
    {{.law = LAB_GAUSSIAN, .sigma = 2.0}, 2.0, 0.31731050786291415},
    {{.law = LAB_RADEMACHER, .sigma = 0.5}, 0.4999, 1.0},
    {{.law = LAB_RADEMACHER, .sigma = 0.5}, 0.5, 0.0},
    /* Student's t with 1 < nu: nu = 2 has P(|t| > u) = 1 - u/sqrt(2 + u^2) */
    {{.law = LAB_STUDENT_T, .scale = 3.0, .index = 2.0},
     6.0,
     1.0 - 2.0 / 2.449489742783178},
    /* (u/scale)^-index */
    {{.law = LAB_PARETO, .scale = 0.5, .index = 1.5}, 2.0, 0.125},
    {{.law = LAB_PARETO, .scale = 0.5, .index = 1.5}, 0.4999, 1.0},
};

static void test_tails(void **state)
{
    (void)state;
    double *z = lab_alloc(DRAWS, sizeof *z);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        gsl_rng *rng = lab_rng_new(1, i, LAB_FOR_NOISE);
        double beyond = 0.0, positive = 0.0;
        lab_noise_draw(&tails[i].noise, rng, 1, DRAWS, z);
        for (size_t k = 0; k < DRAWS; k++) {
            beyond += fabs(z[k]) > tails[i].u;
            positive += z[k] > 0.0;
        }
        const double p = tails[i].beyond;
        assert_true(fabs(beyond / DRAWS - p) <= 5.0 * sqrt(p * (1.0 - p) / DRAWS));
        assert_true(fabs(positive / DRAWS - 0.5) <= 5.0 * sqrt(0.25 / DRAWS));
        gsl_rng_free(rng);
    }
    free(z);
}

/* The mean over a batch has a batch-th of the variance; of Student's t and of Pareto's law
 * with index 5 the fourth moment exists, so that the variance can be measured. */
static void test_variances(void **state)
{
    static const struct {
        struct lab_noise noise;
        double variance, kurtosis; /* E z^4/(E z^2)^2 */
    } laws[] = {
        {{.law = LAB_GAUSSIAN, .sigma = 2.0}, 4.0, 3.0},
        {{.law = LAB_RADEMACHER, .sigma = 0.5}, 0.25, 1.0},
        /* nu/(nu-2), kurtosis 3 + 6/(nu-4) */
        {{.law = LAB_STUDENT_T, .scale = 2.0, .index = 10.0}, 5.0, 4.0},
        /* a/(a-2), E z^4 = a/(a-4): kurtosis (a-2)^2/(a (a-4)) */
        {{.law = LAB_PARETO, .scale = 3.0, .index = 10.0}, 11.25, 64.0 / 60.0},
    };
    double *z = lab_alloc(DRAWS, sizeof *z);
    (void)state;
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++)
        for (size_t batch = 1; batch <= 4; batch += 3) {
            gsl_rng *rng = lab_rng_new(2, i, LAB_FOR_NOISE);
            double sum2 = 0.0;
            lab_noise_draw(&laws[i].noise, rng, batch, DRAWS, z);
            for (size_t k = 0; k < DRAWS; k++)
                sum2 += z[k] * z[k] / DRAWS;
            const double expected = laws[i].variance / (double)batch;
            const double kurtosis = 3.0 + (laws[i].kurtosis - 3.0) / (double)batch;
            assert_close(lab_noise_variance(&laws[i].noise), laws[i].variance, 1e-14);
            assert_true(fabs(sum2 / expected - 1.0) <=
                        5.0 * sqrt(fmax(kurtosis - 1.0, 0.0) / DRAWS) + 1e-9);
            gsl_rng_free(rng);
        }
    free(z);
}

/* ---- constants ------------------------------------------------------------------- */

static const char BALL[] = "type = 'least_squares'; data = 'synthetic'; n = 20; d = 4; "
                           "domain = { type = 'ball'; radius = 2; };";

/* Infinite variance leaves no sigma2, no bound on E‖g‖^2, and theorems that need one. */
static void test_infinite_variance(void **state)
{
    static const char *const heavy[] = {"type = 'student_t'; scale = 0.1; index = 2;",
                                        "type = 'pareto'; scale = 0.1; index = 1.5;"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_experiment *e = open_with(BALL, heavy[i], 1);
        const struct lab_facts *f = &e->problem->facts;
        const struct lab_fact *lost[] = {&f->sigma2, &f->G2, &f->sigma2_star, &f->G};
        for (size_t k = 0; k < 4; k++) {
            assert_int_equal(lost[k]->status, LAB_UNKNOWN);
            assert_non_null(strstr(lost[k]->source, k == 3 ? "no bound" : "infinite"));
        }
        assert_int_equal(f->L.status,
                         LAB_COMPUTED); /* the losses are as smooth as before */
        size_t count, refused = 0, path = 0;
        const struct lab_arm arm = lab_experiment_arm(e, 0);
        struct lab_claim *claim = lab_claims(e, &arm, &count);
        for (size_t k = 0; k < count; k++) {
            const bool needs = claim[k].limit->mode == LAB_EXPECTATION;
            if (needs)
                assert_int_equal(claim[k].status, LAB_NOT_APPLICABLE);
            refused += needs && strstr(claim[k].reason, "infinite variance");
            path += claim[k].status == LAB_CERTIFIED;
        }
        assert_true(refused > 0 && path > 0);
        lab_claims_free(claim, count), lab_experiment_free(e);
    }
}

static void test_finite_variance(void **state)
{
    (void)state;
    struct lab_experiment *plain = open_with(BALL, "sigma = 0;", 1);
    const struct lab_facts *f = &plain->problem->facts;
    assert_int_equal(plain->problem->noise.law, LAB_NO_NOISE);
    /* index 6: E z^2 = 0.01 x 6/4 = 0.015, in four coordinates, three samples a batch */
    struct lab_experiment *heavy =
        open_with(BALL, "type = 'pareto'; scale = 0.1; index = 6;", 3);
    const struct lab_facts *g = &heavy->problem->facts;
    assert_close(g->sigma2.value, f->sigma2.value / 3.0 + 4 * 0.015 / 3.0, 1e-13);
    assert_close(g->G2.value, f->G2.value + 4 * 0.015 / 3.0, 1e-13);
    assert_int_equal(g->G.status, LAB_UNKNOWN);
    /* signs are bounded: ‖z‖ = 0.1 sqrt(4) */
    struct lab_experiment *signs =
        open_with(BALL, "type = 'rademacher'; sigma = 0.1;", 1);
    const struct lab_facts *h = &signs->problem->facts;
    assert_close(h->G.value, f->G.value + 0.2, 1e-13);
    assert_close(h->sigma2.value, f->sigma2.value + 0.04, 1e-13);
    assert_close(h->sigma2_star.value, f->sigma2_star.value + 0.04, 1e-13);
    lab_experiment_free(plain), lab_experiment_free(heavy), lab_experiment_free(signs);
}

/* Multiplicative noise by enumeration of the two factors and of the twenty samples. */
static void test_multiplicative(void **state)
{
    enum { N = 20, D = 4 };
    const double s = 0.6;
    (void)state;
    struct lab_experiment *plain = open_with(BALL, "sigma = 0;", 1);
    struct lab_experiment *e =
        open_with(BALL, "type = 'multiplicative'; sigma = 0.6;", 1);
    const struct lab_facts *f = &plain->problem->facts, *g = &e->problem->facts;
    double loss[N], grad2[N], full[D], value, at_star = 0.0, spread = 0.0;
    plain->problem->problem->components(plain->problem->self, f->minimiser, loss, grad2);
    plain->problem->problem->objective(plain->problem->self, 1, f->minimiser, &value,
                                       full);
    for (size_t i = 0; i < N; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            const double factor = 1.0 + sign * s;
            at_star += factor * factor * grad2[i] / (2 * N);
        }
    spread = at_star - dot(D, full, full); /* E‖g‖^2 - ‖E g‖^2 */
    assert_close(g->sigma2_star.value, at_star, 1e-13);
    assert_true(g->sigma2.value >= spread);
    assert_close(g->sigma2.value, f->sigma2.value + s * s * f->G2.value, 1e-13);
    assert_close(g->G.value, 1.6 * f->G.value, 1e-14);
    assert_close(g->G2.value, 1.36 * f->G2.value, 1e-14);
    assert_close(g->L_max.value, 1.6 * f->L_max.value, 1e-14);
    assert_close(g->L.value, f->L.value, 0.0);
    lab_experiment_free(e), lab_experiment_free(plain);
    /* of a quadratic without domain ‖grad f‖ has no bound, nor has the noise */
    e = open_with("type = 'quadratic';", "type = 'multiplicative'; sigma = 0.5;", 1);
    assert_int_equal(e->problem->facts.sigma2.status, LAB_UNKNOWN);
    assert_close(e->problem->facts.sigma2_star.value, 0.0, 0.0);
    lab_experiment_free(e);
}

/* ---- runs ------------------------------------------------------------------------ */

/* x_2 = x_1 - eta (1 +- sigma) grad f(x_1): f = x^2/10, x_1 = 1, eta = 0.1, sigma = 0.5 gives
 * 1 - 0.02 x 0.5 = 0.99 or 1 - 0.02 x 1.5 = 0.97; l(x_1) = 0.05 or 0.15. */
static void test_factor_on_a_path(void **state)
{
    size_t counted[2] = {0, 0};
    (void)state;
    struct lab_experiment *e =
        experiment("steps = 2; seeds = 64; every = 1; metrics = ( 'avg_loss', 'loss' );"
                   "problems = ( { type = 'nemirovski'; noise = { type = "
                   "'multiplicative'; sigma = 0.5;"
                   " }; } );" SGD STEP(0.1));
    struct lab_run *run = run_with(e, 1, 0);
    for (size_t r = 0; r < 64; r++) {
        const double loss = measured(run, 0, LAB_AVG_LOSS, r, 0);
        const bool up = loss > 0.1;
        counted[up]++;
        assert_close(loss, up ? 0.15 : 0.05, 1e-14);
        const double x2 = up ? 0.97 : 0.99;
        assert_close(measured(run, 0, LAB_LOSS, r, 1), 0.1 * x2 * x2, 1e-14);
    }
    assert_in_range(counted[0], 13, 51); /* 64 fair coins miss this once in 10^6 */
    close_run(run);
}

/* With a tail index of at most 4 f - f* has no variance over seeds: no verdict about its mean. */
static void test_no_band(void **state)
{
    static const struct {
        const char *noise;
        enum lab_verdict verdict;
    } table[] = {
        {"type = 'student_t'; scale = 0.3; index = 2.1;", LAB_UNDECIDED},
        {"type = 'pareto'; scale = 0.1; index = 4;", LAB_UNDECIDED},
        {"type = 'student_t'; scale = 0.3; index = 4.5;", LAB_HOLDS},
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab_experiment *e = experiment(
            "steps = 200; seeds = 1000; bounds = ( 'exact_quad_loss' ); problems = ( { "
            "type "
            "= 'quadratic'; eigenvalues = ( 1, 0 ); noise = { %s }; } );" SGD STEP(0.3),
            table[i].noise);
        struct lab_run *run = run_with(e, 2, 0);
        const struct lab_claim *c = claim_about(run, 0, "exact_quad_loss", LAB_GAP);
        assert_int_equal(c->verdict, table[i].verdict);
        assert_true(i == 2 || strstr(c->reason, "no finite variance"));
        close_run(run);
    }
}

/* The exact recursion holds for every additive law of finite variance, and says so. */
static void test_exact_recursion(void **state)
{
    static const struct {
        const char *noise;
        enum lab_standing status;
    } table[] = {
        {"type = 'gaussian'; sigma = 0.3;", LAB_CERTIFIED},
        {"type = 'rademacher'; sigma = 0.3;", LAB_CERTIFIED},
        {"type = 'student_t'; scale = 0.2; index = 8;", LAB_CERTIFIED},
        {"type = 'pareto'; scale = 0.2; index = 1.5;", LAB_NOT_APPLICABLE},
        {"type = 'multiplicative'; sigma = 0.3;", LAB_NOT_APPLICABLE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_experiment *e = experiment(
            "steps = 60; seeds = 2000; bounds = ( 'exact_quad_loss' ); problems = ( { "
            "type "
            "= 'quadratic'; eigenvalues = ( 1, 0.3 ); noise = { %s }; } );" SGD STEP(0.2),
            table[i].noise);
        struct lab_run *run = run_with(e, 2, 0);
        const struct lab_claim *c = claim_about(run, 0, "exact_quad_loss", LAB_GAP);
        assert_int_equal(c->status, table[i].status);
        if (c->status == LAB_CERTIFIED)
            assert_int_equal(c->verdict, LAB_HOLDS);
        else
            assert_non_null(strstr(c->reason, i == 3 ? "finite variance" : "additive"));
        close_run(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tails),
        cmocka_unit_test(test_variances),
        cmocka_unit_test(test_infinite_variance),
        cmocka_unit_test(test_finite_variance),
        cmocka_unit_test(test_multiplicative),
        cmocka_unit_test(test_factor_on_a_path),
        cmocka_unit_test(test_exact_recursion),
        cmocka_unit_test(test_no_band),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
