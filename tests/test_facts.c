/*
 * tests/test_facts.c -- the constants of a problem: by hand, by enumeration of all
 * mini-batches, by Monte Carlo with the noise of a real block, and reference numbers.
 */
#include <gsl/gsl_cdf.h>

#include "lab/facts.h"
#include "lab/random.h"
#include "tests/helpers.h"

static struct lab_experiment *open_problem(const char *problem, size_t batch)
{
    return experiment("steps = 5; batch = %zu; problems = ( { %s } ); " SGD STEP(0.1),
                      batch, problem);
}

/* ---- by hand --------------------------------------------------------------------- */

/* f = (x^2 + 4 y^2)/2 on domains where the minimum is plain. */
/* clang-format off */
static const struct {
    const char *options;
    double x1[2], star[2], D, G;
} by_hand[] = {
    {"", {1, 1}, {0, 0}, NAN, NAN},
    {"start = ( 3, -4 );", {3, -4}, {0, 0}, NAN, NAN},
    {"start = 'zero';", {0, 0}, {0, 0}, NAN, NAN},
    {"start = 2;", {2, 2}, {0, 0}, NAN, NAN},
    {"domain = { type = 'box'; lower = 0.5; upper = 2; };",
     {1, 1}, {0.5, 0.5}, 1.5 * M_SQRT2, 4 * 2 * M_SQRT2},
    {"domain = { type = 'box'; lower = ( -1, 1 ); upper = ( 3, 4 ); }; start = ( 3, 4 );",
     {3, 4}, {0, 1}, 5, 4 * 5},
    {"domain = { type = 'ball'; radius = 2; }; start = ( 0, 2 );", {0, 2}, {0, 0}, 4, 8},
    {"domain = { type = 'ball'; radius = 1; center = ( 3, 0 ); }; start = ( 3, 1 );",
     {3, 1}, {2, 0}, 2, 16},
    {"domain = { type = 'simplex'; };", {0.5, 0.5}, {0.8, 0.2}, M_SQRT2, 4},
};
/* clang-format on */

static void test_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++) {
        char text[256];
        const double *x = by_hand[i].x1, *y = by_hand[i].star;
        snprintf(text, sizeof text, "type = 'quadratic'; eigenvalues = ( 1, 4 ); %s",
                 by_hand[i].options);
        struct lab_experiment *e = open_problem(text, 1);
        const struct lab_facts *f = &e->problem->facts;
        assert_close(f->f1.value, x[0] * x[0] / 2 + 2 * x[1] * x[1], 1e-13);
        assert_true(fabs(f->f_star.value - y[0] * y[0] / 2 - 2 * y[1] * y[1]) < 1e-9);
        assert_true(fabs(f->R1.value - hypot(x[0] - y[0], x[1] - y[1])) < 1e-7);
        assert_true(fabs(f->x_star.value - hypot(y[0], y[1])) < 1e-7);
        for (size_t j = 0; j < 2; j++) {
            assert_close(f->x1[j], x[j], 1e-15);
            assert_true(fabs(f->minimiser[j] - y[j]) < 1e-7);
        }
        assert_int_equal(f->D.status == LAB_UNKNOWN, isnan(by_hand[i].D));
        if (!isnan(by_hand[i].D)) {
            assert_close(f->D.value, by_hand[i].D, 1e-14);
            assert_close(f->G.value, by_hand[i].G, 1e-14);
        }
        assert_close(f->L.value, 4.0, 0.0), assert_close(f->mu.value, 1.0, 0.0);
        lab_experiment_free(e);
    }
}

/* ‖x_1 - x*‖ and f along the axes of a rotated quadratic. */
/* ‖grad f‖^2 >= 2 PL (f - f*) at random points. */
static void test_polyak_lojasiewicz(void **state)
{
    static const char *const problems[] = {
        "type = 'pl_sine'; d = 1;", "type = 'pl_sine'; d = 3;", "type = 'booth';",
        "type = 'quadratic'; eigenvalues = ( 3, 0, 0.5 ); rotate = true;",
        "type = 'logistic'; data = 'wine'; positive = 1; l2 = 0.3;"};
    gsl_rng *rng = lab_rng_new(1, 0, LAB_FOR_TESTS);
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        struct lab_experiment *e = open_problem(problems[i], 1);
        const struct lab_problem_entry *p = &e->problem[0];
        const size_t d = p->facts.d;
        double *x = lab_alloc(2 * d, sizeof *x), *g = x + d, f;
        assert_int_not_equal(p->facts.PL.status, LAB_UNKNOWN);
        for (int k = 0; k < 2000; k++) {
            double grad2 = 0.0;
            lab_draw_gaussian(rng, 3.0, d, x);
            p->problem->objective(p->self, 1, x, &f, g);
            for (size_t j = 0; j < d; j++)
                grad2 += g[j] * g[j];
            assert_true(grad2 * (1 + 1e-9) >=
                        2.0 * p->facts.PL.value * (f - p->facts.f_star.value));
        }
        free(x);
        lab_experiment_free(e);
    }
    gsl_rng_free(rng);
}

static void test_rotated(void **state)
{
    (void)state;
    struct lab_experiment *e =
        open_problem("type = 'quadratic'; eigenvalues = ( 1, 0.1, 3, 7 ); rotate = true; "
                     "start = ( 1, 2, 3, 4 );",
                     1);
    const struct lab_facts *f = &e->problem->facts;
    double *delta0 = lab_facts_delta0(f), gap = 0.0;
    for (size_t i = 0; i < 4; i++)
        gap += 0.5 * f->lam[i] * delta0[i] * delta0[i];
    assert_close(gap, f->f1.value, 1e-13);
    assert_close(sqrt(dot(4, delta0, delta0)), f->R1.value, 1e-13);
    assert_close(f->R1.value, sqrt(30.0), 1e-13);
    free(delta0), lab_experiment_free(e);
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *options, *word;
    } cases[] = {
        {"start = ( 3, 0 ); domain = { type = 'ball'; radius = 2; };",
         "outside the domain"},
        {"start = 0.4; domain = { type = 'simplex'; };", "outside the domain"},
        {"start = 'zero'; domain = { type = 'box'; lower = 1; upper = 2; };", "outside"},
        {"start = ( 1, 2, 3 );", "start has 3 coordinates, but d = 2"},
        {"domain = { type = 'box'; lower = ( 1, 3 ); upper = 2; };", "upper"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct lab_mistakes mistakes = {0};
        snprintf(text, sizeof text,
                 "problems = ( { type = 'quadratic'; d = 2; %s } ); " SGD STEP(0.1),
                 cases[i].options);
        lab_experiment_free(try_experiment(text, &mistakes));
        assert_int_equal(mistakes.count, 1);
        assert_non_null(strstr(mistakes.line[0], cases[i].word));
        assert_non_null(strstr(mistakes.line[0], ":1: ")); /* where it stands */
        lab_mistakes_free(&mistakes);
    }
}

/* ---- mini-batches, by enumeration ------------------------------------------------ */

static const char *const sums[] = {
    "type = 'least_squares'; data = 'synthetic'; n = 20; d = 4; domain = { type = 'ball';"
    "radius = 0.3; };", /* x* on the border: grad f(x*) is not 0 */
    "type = 'least_squares'; data = 'synthetic'; n = 20; d = 4; l2 = 0.1;",
    "type = 'logistic'; data = 'synthetic'; n = 25; d = 3; l2 = 0.05; "
    "domain = { type = 'box'; lower = -0.2; upper = 0.1; };",
    "type = 'l1_regression'; data = 'synthetic'; n = 15; d = 3; domain = { type = 'ball';"
    "radius = 1; };",
};

/* E‖g‖^2 and E‖g - grad f‖^2 at x over all n^2 ordered pairs. */
static void enumerate_pairs(const struct lab_problem_entry *p, const double *x,
                            double *square, double *variance)
{
    const uint32_t n = (uint32_t)p->facts.n;
    const size_t d = p->facts.d;
    double g[8], full[8], loss, f;
    assert_true(d <= 8);
    *square = *variance = 0.0;
    p->problem->objective(p->self, 1, x, &f, full);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++) {
            const uint32_t pair[2] = {i, k};
            const struct lab_sample sample = {.batch = 2, .index = pair, .known = 2};
            p->problem->gradient(p->self, &sample, 1, x, g, &loss);
            *square += dot(d, g, g) / ((double)n * n);
            *variance += dist2(d, g, full) / ((double)n * n);
        }
}

static void test_batches(void **state)
{
    (void)state;
    gsl_rng *rng = lab_rng_new(21, 0, LAB_FOR_TESTS);
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        struct lab_experiment *e = open_problem(sums[i], 2);
        const struct lab_problem_entry *p = e->problem;
        double square, variance, x[8];
        enumerate_pairs(p, p->facts.minimiser, &square, &variance);
        assert_close(p->facts.sigma2_star.value, square, 1e-8);
        for (size_t k = 0; k < 5; k++) { /* sup over the domain is above what is there */
            lab_draw_gaussian(rng, 1.0, p->facts.d, x);
            lab_domain_project(&p->domain, 1, x);
            enumerate_pairs(p, x, &square, &variance);
            assert_true(!(variance > p->facts.sigma2.value));
            assert_true(!(square > p->facts.G2.value));
        }
        lab_experiment_free(e);
    }
    gsl_rng_free(rng);
}

/* ---- noise ----------------------------------------------------------------------- */

struct seen {
    const double *grad;
    double sum;  /* ‖g - grad f(x_1)‖^2 over the replicas */
    double mean; /* of the first coordinate's noise */
};

static void see(void *self, const struct lab_moment *m)
{
    struct seen *s = self;
    for (size_t r = 0; r < m->replicas; r++) {
        s->sum += dist2(m->d, m->g + r * m->d, s->grad);
        s->mean += (m->g[r * m->d] - s->grad[0]) / (double)m->replicas;
    }
}

/* First steps of 20000 replicas: the noise has the variance that the facts tell of,
 * within what happens once in a million times. */
static void check_noise(size_t batch)
{
    enum { D = 3 };
    const double replicas = 20000.0;
    struct lab_experiment *e =
        open_problem("type = 'quadratic'; d = 3; noise = { sigma = 0.7; };", batch);
    const struct lab_problem_entry *p = e->problem;
    const double s2 = 0.49 / (double)batch;
    double grad[D], f;
    p->problem->objective(p->self, 1, p->facts.x1, &f, grad);
    struct seen seen = {.grad = grad};
    const struct lab_observer observer = {see, &seen, true};
    const struct lab_plan plan = {.problem = p->problem,
                                  .problem_self = p->self,
                                  .facts = &p->facts,
                                  .domain = &p->domain,
                                  .noise = &p->noise,
                                  .optimizer = e->optimizer->optimizer,
                                  .optimizer_self = e->optimizer->self,
                                  .eta = e->schedule->eta->eta,
                                  .T = e->T,
                                  .batch = batch,
                                  .seed = 3};
    struct lab_block *block = lab_block_new(&plan, 0, (size_t)replicas, &observer, 1);
    lab_block_advance(block, 2);
    lab_block_free(block);
    assert_close(p->facts.sigma2.value, D * s2, 1e-14);
    assert_close(p->facts.sigma2_star.value, D * s2, 1e-14);
    const double chi2 = seen.sum / (p->facts.sigma2.value / D);
    assert_true(gsl_cdf_chisq_P(chi2, replicas * D) > 5e-7);
    assert_true(gsl_cdf_chisq_Q(chi2, replicas * D) > 5e-7);
    assert_true(fabs(seen.mean) < 5.0 * sqrt(s2 / replicas));
    lab_experiment_free(e);
}

static void test_noise(void **state)
{
    (void)state;
    check_noise(1);
    check_noise(5);
}

/* What noise and batch do to the constants of least squares on a ball. */
static void test_adjustments(void **state)
{
    static const char text[] = "type = 'least_squares'; data = 'synthetic'; n = 20; "
                               "d = 4; domain = { type = 'ball'; radius = 2; }; %s";
    char noisy[256], plain[256];
    (void)state;
    snprintf(noisy, sizeof noisy, text, "noise = { sigma = 0.5; };");
    snprintf(plain, sizeof plain, text, "");
    struct lab_experiment *a = open_problem(plain, 1), *b = open_problem(noisy, 4);
    const struct lab_facts *f = &a->problem->facts, *g = &b->problem->facts;
    const double extra = 4 * 0.25 / 4;
    assert_close(g->sigma2.value, f->sigma2.value / 4 + extra, 1e-13);
    assert_close(g->G2.value, f->G2.value + extra, 1e-13);
    /* the minimum is inside the ball, where grad f = 0 */
    assert_close(g->sigma2_star.value, f->sigma2_star.value / 4 + extra, 1e-9);
    assert_int_equal(g->G.status, LAB_UNKNOWN);
    assert_non_null(strstr(g->G.source, "noise"));
    assert_close(g->f_star.value, f->f_star.value, 0.0);
    assert_close(g->L.value, f->L.value, 0.0);
    lab_experiment_free(a), lab_experiment_free(b);
}

/* ---- reference ------------------------------------------------------------------- */

static void test_breast_cancer(void **state)
{
    (void)state;
    struct lab_experiment *e =
        open_problem("type = 'logistic'; data = 'breast_cancer'; l2 = 0.1;", 1);
    const struct lab_facts *f = &e->problem->facts;
    assert_int_equal(f->n, 569), assert_int_equal(f->d, 31);
    assert_close(f->f_star.value, 0.2044826137347882, 1e-12);
    assert_close(f->x_star.value, 1.1535589404719804, 1e-8);
    assert_close(f->R1.value, 1.1535589404719804, 1e-8);
    assert_close(f->L.value, 3.4204019205644802, 1e-12);
    assert_close(f->L_max.value, 105.88026633078645, 1e-12);
    assert_close(f->mu.value, 0.1, 0.0);
    assert_close(f->f1.value, log(2.0), 1e-14);
    lab_experiment_free(e);
}

/* Optima computed with independent software. */
static void test_reference_optima(void **state)
{
    static const struct {
        const char *problem;
        double f_star, rtol;
    } table[] = {
        {"type = 'softmax'; data = 'digits'; l2 = 0.1;", 0.76990947452974, 1e-13},
        {"type = 'hinge'; data = 'breast_cancer'; l2 = 0.1;", 0.13105024084, 1e-10},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_experiment *e = open_problem(table[i].problem, 1);
        assert_close(e->problem->facts.f_star.value, table[i].f_star, table[i].rtol);
        lab_experiment_free(e);
    }
}

/* Separable data: f* = 0, whatever unit the rows are measured in, and logistic regression on
 * the same rows has no minimiser. */
static void test_separable(void **state)
{
    static const char *const types[] = {"hinge", "squared_hinge", "logistic"};
    static const double units[] = {1e-3, 1.0, 1e6};
    (void)state;
    for (size_t t = 0; t < 3; t++)
        for (size_t u = 0; u < 3; u++) {
            struct lab_experiment *e = experiment(
                "steps = 5; problems = ( { type = '%s'; max_row_norm = %g; } );" SGD STEP(
                    0.1),
                types[t], units[u]);
            const struct lab_facts *f = &e->problem->facts;
            double value;
            assert_int_equal(f->f_star.status, t < 2 ? LAB_COMPUTED : LAB_UNKNOWN);
            if (t < 2) {
                assert_true(f->f_star.value == 0.0);
                e->problem->problem->objective(e->problem->self, 1, f->minimiser, &value,
                                               NULL);
                assert_true(value == 0.0);
            }
            lab_experiment_free(e);
        }
}

/* A fact is a number with a source, or NaN with a reason. */
static void test_no_number_without_a_source(void **state)
{
    static const char *const more[] = {"type = 'rosenbrock';", "type = 'quadratic';",
                                       "type = 'logistic'; data = 'wine'; positive = 0;"};
    (void)state;
    for (size_t i = 0; i < 4 + 3; i++) {
        struct lab_experiment *e = open_problem(i < 4 ? sums[i] : more[i - 4], 1);
        for (const struct lab_fact_card *c = lab_fact_cards; c->name; c++) {
            const struct lab_fact *fact = lab_fact_at(&e->problem->facts, c);
            assert_int_equal(isnan(fact->value), fact->status == LAB_UNKNOWN);
            assert_true(fact->source[0] != '\0' && c->meaning[0] != '\0');
        }
        assert_int_equal(e->problem->facts.minimiser == NULL,
                         e->problem->facts.x_star.status == LAB_UNKNOWN);
        lab_experiment_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_polyak_lojasiewicz),
        cmocka_unit_test(test_rotated),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_adjustments),
        cmocka_unit_test(test_breast_cancer),
        cmocka_unit_test(test_reference_optima),
        cmocka_unit_test(test_separable),
        cmocka_unit_test(test_no_number_without_a_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
