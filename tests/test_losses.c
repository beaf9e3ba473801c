/*
 * tests/test_losses.c -- the linear-model family: losses and slopes worked out by hand, minima
 * against closed forms and independent methods, penalties and their prox, facts.
 */
#include <float.h>
#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/config.h"
#include "lab/minimise.h"
#include "lab/plugin.h"
#include "tests/lab_test.h"

extern const struct lab_problem lab_problem_hinge, lab_problem_squared_hinge,
    lab_problem_huber_regression, lab_problem_quantile_regression,
    lab_problem_poisson_regression, lab_problem_lasso, lab_problem_elastic_net,
    lab_problem_softmax, lab_problem_logistic_nonconvex, lab_problem_logistic,
    lab_problem_least_squares;

static const struct lab_problem *const all[] = {&lab_problem_hinge,
                                                &lab_problem_squared_hinge,
                                                &lab_problem_quantile_regression,
                                                &lab_problem_huber_regression,
                                                &lab_problem_lasso,
                                                &lab_problem_elastic_net,
                                                &lab_problem_poisson_regression,
                                                &lab_problem_softmax,
                                                &lab_problem_logistic_nonconvex};
enum { ALL = 9, DUAL = 6 /* the first ones: with lower() */ };

static gsl_rng *rng;

/* ---- fixtures ----------------------------------------------------------------- */

struct fixture {
    const struct lab_problem *problem;
    struct lab_linear *self;
    struct lab_facts facts;
    struct lab_domain C;
    double *x, f, gap; /* from minimise() */
    struct lab_error why;
};

static struct lab_linear *read_options(const struct lab_problem *problem,
                                       const char *options)
{
    struct lab_mistakes mistakes = {0};
    struct lab_linear *self = lab_alloc(1, problem->base.size);
    struct lab_node *group = lab_config_value("problem", options, "here", &mistakes);
    lab_param_fill(problem->base.params, self, group, NULL, &mistakes);
    for (size_t i = 0; i < mistakes.count; i++)
        print_error("%s\n", mistakes.line[i]);
    assert_int_equal(mistakes.count, 0);
    lab_node_free(group);
    return self;
}

static void open_fixture(struct fixture *t)
{
    if (t->problem->open(t->self, &t->facts, &t->why))
        fail_msg("%s", t->why.text);
    const size_t d = t->facts.d;
    t->x = lab_alloc(5 * d, sizeof *t->x);
    t->facts.minimiser = t->x + d;
    t->C = (struct lab_domain){.kind = LAB_NO_DOMAIN, .d = d};
    t->C.center = t->x + 2 * d, t->C.lower = t->x + 3 * d, t->C.upper = t->x + 4 * d;
}

/* Options as in configs. */
static struct fixture fixture(const struct lab_problem *problem, const char *options)
{
    struct fixture t = {.problem = problem, .self = read_options(problem, options)};
    open_fixture(&t);
    return t;
}

/* n rows A of d numbers and labels b instead of data from elsewhere. */
static struct fixture tiny(const struct lab_problem *problem, const char *options,
                           size_t n, size_t d, const double *A, const double *b)
{
    static size_t seed = 1000; /* data sets of equal seed would be one */
    char text[512];
    snprintf(
        text, sizeof text,
        "{ data = \"synthetic\"; normalize = \"none\"; bias = false; n = 99; d = %zu;"
        " data_seed = %zu; %s }",
        d, seed++, options);
    struct fixture t = fixture(problem, text);
    struct lab_data *set = (struct lab_data *)(uintptr_t)t.self->set;
    assert_true(n <= set->n);
    t.facts.n = set->n = n;
    for (size_t i = 0; i < n; i++) {
        memcpy(set->A + i * set->stride, A + i * d, d * sizeof *A);
        set->b[i] = b[i];
    }
    return t;
}

static void close_fixture(struct fixture *t)
{
    t->problem->close(t->self);
    lab_param_release(t->problem->base.params, t->self);
    free(t->self), free(t->x);
}

/* A domain around 0. */
static void bound(struct fixture *t, enum lab_domain_kind kind, double size)
{
    t->C.kind = kind, t->C.radius = size;
    for (size_t j = 0; j < t->C.d; j++)
        t->C.lower[j] = -0.5 * size, t->C.upper[j] = size;
}

static int try_minimise(struct fixture *t)
{
    struct lab_minimum minimum = {0};
    memset(t->x, 0, t->facts.d * sizeof *t->x);
    lab_domain_project(&t->C, 1, t->x);
    t->problem->constants(t->self, &t->C, &t->facts);
    int failed =
        lab_minimise(t->problem, t->self, &t->C, &t->facts, t->x, &minimum, &t->why);
    t->f = minimum.f, t->gap = minimum.gap;
    return failed;
}

static void minimise(struct fixture *t)
{
    if (try_minimise(t))
        fail_msg("%s", t->why.text);
}

static double *gaussians(size_t count, double sigma)
{
    double *x = lab_alloc(count, sizeof *x);
    lab_draw_gaussian(rng, sigma, count, x);
    return x;
}

static double dot(size_t d, const double *x, const double *y)
{
    return cblas_ddot((int)d, x, 1, y, 1);
}

/* ---- losses and slopes -------------------------------------------------------- */

/* One data point a = 1 with label b, at x = z. */
static void losses_by_hand(void **state)
{
    static const struct {
        const struct lab_problem *problem;
        const char *options;
        double z, b, loss, slope;
    } table[] = {
        {&lab_problem_hinge, "", 0.5, 1, 0.5, -1},
        {&lab_problem_hinge, "", 1, 1, 0, 0},
        {&lab_problem_hinge, "", 2, 1, 0, 0},
        {&lab_problem_hinge, "", 0.5, -1, 1.5, 1},
        {&lab_problem_hinge, "", -1, -1, 0, 0},
        {&lab_problem_hinge, "l2 = 3;", -1, 1, 2 + 1.5, -1 - 3},
        {&lab_problem_squared_hinge, "", 0.5, 1, 0.25, -1},
        {&lab_problem_squared_hinge, "", 1, 1, 0, 0},
        {&lab_problem_squared_hinge, "", -1, 1, 4, -4},
        {&lab_problem_squared_hinge, "", 0.5, -1, 2.25, 3},
        {&lab_problem_huber_regression, "delta = 2;", 3, 1, 2, 2},
        {&lab_problem_huber_regression, "delta = 2;", 1.5, 1, 0.125, 0.5},
        {&lab_problem_huber_regression, "delta = 2;", 5, 1, 6, 2},
        {&lab_problem_huber_regression, "delta = 2;", -4, 1, 8, -2},
        {&lab_problem_quantile_regression, "tau = 0.25;", 3, 1, 1.5, 0.75},
        {&lab_problem_quantile_regression, "tau = 0.25;", -1, 1, 0.5, -0.25},
        {&lab_problem_quantile_regression, "tau = 0.25;", 1, 1, 0, 0},
        {&lab_problem_poisson_regression, "", 0, 0, 1, 1},
        {&lab_problem_poisson_regression, "", 0, 2, 1 + M_LN2, -1},
        {&lab_problem_poisson_regression, "", 1, 3, M_E - 3 + 1.791759469228055, M_E - 3},
        /* log 300!, by adding logarithms */
        {&lab_problem_poisson_regression, "", 0, 300, 1 + 1414.905849945068, -299},
        {&lab_problem_lasso, "l1 = 0.5;", 2, 1, 1.5, 1.5},
        {&lab_problem_lasso, "l1 = 0.5;", 0, 1, 0.5, -1},
        {&lab_problem_lasso, "l1 = 0.5;", -2, 1, 5.5, -3.5},
        {&lab_problem_elastic_net, "l1 = 0.5; l2 = 2;", 2, 1, 5.5, 5.5},
        {&lab_problem_elastic_net, "l1 = 0.5; l2 = 2;", 0, 1, 0.5, -1},
        /* log(1 + 1/e) + 1/4, -1/(1 + e) + 1/4 */
        {&lab_problem_logistic_nonconvex, "alpha = 0.5;", 1, 1, 0.5632616875182228,
         -0.01894142136999513},
        {&lab_problem_logistic_nonconvex, "alpha = 0.5;", 0, -1, M_LN2, 0.5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const double one = 1.0, z = table[i].z;
        struct fixture t =
            tiny(table[i].problem, table[i].options, 1, 1, &one, &table[i].b);
        double loss, g, f, grad2;
        const uint32_t index[] = {0};
        t.problem->gradient(t.self, &(struct lab_sample){1, index, 1, NULL}, 1, &z, &g,
                            &loss);
        assert_close(loss, table[i].loss, 1e-14);
        assert_close(g, table[i].slope, 1e-13);
        t.problem->objective(t.self, 1, &z, &f, &g);
        assert_close(f, table[i].loss, 1e-14);
        assert_close(g, table[i].slope, 1e-13);
        t.problem->components(t.self, &z, &f, &grad2);
        assert_close(f, table[i].loss, 1e-14);
        assert_close(grad2, table[i].slope * table[i].slope, 1e-12);
        close_fixture(&t);
    }
}

/* K = 3, a = 1, x = (0, log 2, log 5): p = (1, 2, 5)/8. */
static void softmax_by_hand(void **state)
{
    const double x[] = {0.0, M_LN2, log(5.0)}, one = 1.0, b = 1.0;
    struct fixture t =
        tiny(&lab_problem_softmax, "classes = 3; l2 = 0.5;", 1, 1, &one, &b);
    const double ridge = 0.25 * dot(3, x, x);
    double f, g[3], far[] = {-800.0, 800.0, 0.0};
    (void)state;
    t.problem->objective(t.self, 1, x, &f, g);
    assert_close(f, log(4.0) + ridge, 1e-15);
    assert_close(g[0], 0.125, 1e-15);
    assert_close(g[1], -0.75 + 0.5 * M_LN2, 1e-15);
    assert_close(g[2], 0.625 + 0.5 * log(5.0), 1e-15);
    t.self->l2 = 0.0;
    t.problem->objective(t.self, 1, far, &f, g); /* no overflow, and digits near 0: */
    assert_close(f, exp(-800.0), 1e-15);
    far[1] = 20.0, far[2] = 0.0;
    t.problem->objective(t.self, 1, far, &f, g);
    assert_close(f, log1p(exp(-20.0)), 1e-15);
    assert_close(g[1], -exp(-20.0) / (1.0 + exp(-20.0)), 1e-14);
    close_fixture(&t);
}

/* f in long double, of more rows than a panel has and several points at once. */
static void softmax_by_its_definition(void **state)
{
    enum { N = 300, D = 7, K = 5, COUNT = 30 };
    struct fixture t = fixture(&lab_problem_softmax,
                               "{ data = \"synthetic\"; n = 300; d = 7; classes = 5; }");
    double *x = gaussians(COUNT * D * K, 1.0), f[COUNT];
    (void)state;
    t.problem->objective(t.self, COUNT, x, f, NULL);
    for (size_t c = 0; c < COUNT; c++) {
        long double mean = 0.0L;
        for (size_t i = 0; i < N; i++) {
            long double sum = 0.0L, mine = 0.0L;
            for (size_t k = 0; k < K; k++) {
                long double z = 0.0L;
                for (size_t j = 0; j < D; j++)
                    z += (long double)t.self->set->A[i * t.self->set->stride + j] *
                         x[c * D * K + k * D + j];
                sum += expl(z);
                mine = (double)k == t.self->set->b[i] ? z : mine;
            }
            mean += (logl(sum) - mine) / N;
        }
        assert_close(f[c], (double)mean, 1e-14);
    }
    free(x), close_fixture(&t);
}

/* A replica's gradient does not know of the others, to the last bit. */
static void gradients_alone(void **state)
{
    enum { R = 9, B = 3 };
    (void)state;
    for (size_t k = 0; k < ALL; k++) {
        struct fixture t = fixture(all[k], "{ data = \"synthetic\"; n = 200; d = 9; }");
        const size_t d = t.facts.d;
        double *x = gaussians(R * d, 0.5), *g = gaussians(2 * R * d, 1.0), *h = g + R * d;
        double loss[R], alone;
        uint32_t index[R * B];
        lab_draw_indices(rng, 200, R * B, index);
        t.problem->gradient(t.self, &(struct lab_sample){B, index, R * B, NULL}, R, x, g,
                            loss);
        for (size_t r = 0; r < R; r++) {
            t.problem->gradient(t.self, &(struct lab_sample){B, index + r * B, B, NULL},
                                1, x + r * d, h, &alone);
            assert_true(alone == loss[r]);
            assert_memory_equal(g + r * d, h, d * sizeof *g);
        }
        free(x), free(g), close_fixture(&t);
    }
}

/* ---- sparse rows -------------------------------------------------------------- */

static void sparse_rows_are_like_dense_ones(void **state)
{
    char path[] = "/tmp/lab-losses-XXXXXX", options[256];
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    (void)state;
    for (size_t i = 0; i < 160; i++) { /* labels that suit every problem */
        fprintf(file, "%zu", i % 2);
        for (size_t j = 1; j <= 8; j++)
            if (gsl_rng_uniform(rng) < 0.4)
                fprintf(file, " %zu:%.3f", j, gsl_rng_uniform(rng) - 0.4);
        fprintf(file, "\n");
    }
    fclose(file);
    snprintf(options, sizeof options, "{ data = \"%s\"; normalize = \"none\"; }", path);
    for (size_t k = 0; k < ALL; k++) {
        struct fixture dense = fixture(all[k], options), sparse = {.problem = all[k]};
        sparse.self = read_options(all[k], options);
        sparse.self->spec.storage = LAB_SPARSE;
        open_fixture(&sparse);
        assert_true(dense.self->set->A && !sparse.self->set->A);
        const size_t d = dense.facts.d, n = dense.facts.n;
        double *x = gaussians(3 * d, 1.0), *g = x + d, *h = x + 2 * d, f, e;
        double *l = lab_alloc(4 * n, sizeof *l);
        dense.problem->objective(dense.self, 1, x, &f, g);
        dense.problem->objective(sparse.self, 1, x, &e, h);
        assert_close(f, e, 1e-14);
        for (size_t j = 0; j < d; j++)
            assert_true(fabs(g[j] - h[j]) <= 1e-14);
        dense.problem->components(dense.self, x, l, l + n);
        dense.problem->components(sparse.self, x, l + 2 * n, l + 3 * n);
        for (size_t i = 0; i < 2 * n; i++)
            assert_true(fabs(l[i] - l[2 * n + i]) <= 1e-13 * (1.0 + l[i]));
        bound(&dense, LAB_BALL, 0.8), bound(&sparse, LAB_BALL, 0.8);
        if (dense.problem->model) {
            minimise(&dense), minimise(&sparse);
            assert_close(dense.f, sparse.f, 1e-10);
            assert_close(dense.facts.G.value, sparse.facts.G.value, 1e-13);
            assert_true(!(fabs(dense.facts.L.value - sparse.facts.L.value) >
                          1e-12 * dense.facts.L.value));
        }
        free(x), free(l), close_fixture(&dense), close_fixture(&sparse);
    }
    unlink(path);
}

/* ---- minima in closed form ---------------------------------------------------- */

static const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1};

/* Sorted 1 1.5 2.6 3 4 5 9; the 0.3-quantile of 7 is the third.  Below it lie 1.6 and 1.1
 * (weight 0.7), above 0.4 + 1.4 + 2.4 + 6.4 = 10.6 (weight 0.3): 5.07/7. */
static void the_quantile_of_a_sample(void **state)
{
    const double b[] = {3, 1, 4, 1.5, 9, 2.6, 5};
    struct fixture t =
        tiny(&lab_problem_quantile_regression, "tau = 0.3;", 7, 1, ones, b);
    (void)state;
    minimise(&t);
    assert_close(t.x[0], 2.6, 1e-12);
    assert_close(t.f, 5.07 / 7.0, 1e-13);
    close_fixture(&t);
}

/* 0, 1, 2 within delta = 2 of x, 10 beyond: 3x - 3 - 2 = 0. */
static void hubers_estimate_of_location(void **state)
{
    const double b[] = {0, 1, 2, 10};
    struct fixture t = tiny(&lab_problem_huber_regression, "delta = 2;", 4, 1, ones, b);
    (void)state;
    minimise(&t);
    assert_close(t.x[0], 5.0 / 3.0, 1e-11);
    assert_close(t.f, 49.0 / 12.0, 1e-13);
    close_fixture(&t);
}

/* A'A/n = I: x = soft(c, l1)/(1 + l2) with c = A'b/n, and f* = ‖b‖^2/(2n) -
 * sum (|c_j| - l1)_+^2/(2 + 2 l2). */
static void lasso_with_orthonormal_columns(void **state)
{
    const double A[] = {1, 1, 1, 1, -1, 1, 1, 1, -1, 1, -1, -1}, b[] = {3, 1, 2, -1};
    /* c = (5, 5, 1)/4, (5/4): columns (1 1 1 1), (1 -1 1 -1), (1 1 -1 -1) */
    const double c[] = {1.25, 1.25, 0.75}, l1 = 0.9;
    (void)state;
    for (int net = 0; net < 2; net++) {
        struct fixture t = tiny(net ? &lab_problem_elastic_net : &lab_problem_lasso,
                                net ? "l1 = 0.9; l2 = 0.25;" : "l1 = 0.9;", 4, 3, A, b);
        const double grow = net ? 1.25 : 1.0;
        minimise(&t);
        double f = 15.0 / 8.0;
        for (size_t j = 0; j < 3; j++) {
            const double left = fmax(c[j] - l1, 0.0);
            assert_true(fabs(t.x[j] - left / grow) <= 1e-11);
            f -= left * left / (2.0 * grow);
        }
        assert_close(t.f, f, 1e-13);
        close_fixture(&t);
    }
}

/* Only a constant: e^x is the mean 2. */
static void poisson_intercept(void **state)
{
    const double b[] = {2, 0, 5, 1}, none[] = {0, 0, 0, 0};
    struct fixture t = tiny(&lab_problem_poisson_regression, "", 4, 1, ones, b);
    (void)state;
    minimise(&t);
    assert_close(t.x[0], M_LN2, 1e-12);
    assert_close(t.f, 2.0 - 2.0 * M_LN2 + (M_LN2 + log(120.0)) / 4.0, 1e-14);
    close_fixture(&t);
    t = tiny(&lab_problem_poisson_regression, "", 4, 1, ones, none);
    assert_int_equal(try_minimise(&t), -1); /* e^x has no minimum */
    bound(&t, LAB_BALL, 2.0);
    minimise(&t);
    assert_close(t.f, exp(-2.0), 1e-14);
    close_fixture(&t);
}

/* Shares 3/8, 1/8, 4/8: f* is their entropy. */
static void softmax_intercept(void **state)
{
    const double b[] = {0, 2, 2, 0, 1, 2, 2, 0}, p[] = {0.375, 0.125, 0.5};
    struct fixture t = tiny(&lab_problem_softmax, "classes = 3;", 8, 1, ones, b);
    double entropy = 0.0;
    (void)state;
    for (size_t k = 0; k < 3; k++)
        entropy -= p[k] * log(p[k]);
    minimise(&t);
    assert_close(t.f, entropy, 1e-14);
    assert_close(t.x[0] - t.x[1], log(3.0), 1e-10);
    close_fixture(&t);
}

/* x = (-w/2, w/2): predictions differ by <a, w>, and ‖x‖^2 = ‖w‖^2/2. */
static void two_classes_are_logistic(void **state)
{
    struct fixture s =
        fixture(&lab_problem_softmax, "{ data = \"breast_cancer\"; l2 = 0.2; }");
    struct fixture t =
        fixture(&lab_problem_logistic, "{ data = \"breast_cancer\"; l2 = 0.1; }");
    const size_t d = t.facts.d;
    (void)state;
    minimise(&s), minimise(&t);
    assert_close(s.f, t.f, 1e-13);
    for (size_t j = 0; j < d; j++) {
        assert_true(fabs(s.x[j] + 0.5 * t.x[j]) <= 1e-9);
        assert_true(fabs(s.x[d + j] - 0.5 * t.x[j]) <= 1e-9);
    }
    close_fixture(&s), close_fixture(&t);
}

/* ---- minima by other methods --------------------------------------------------- */

/* f piecewise linear in the plane, bounded: the least value at a crossing of two lines on
 * which <a_i, x> = kink_i. */
static double least_vertex(const struct fixture *t, const double *kink)
{
    const struct lab_data *set = t->self->set;
    double best = INFINITY, f;
    for (size_t i = 0; i < set->n; i++)
        for (size_t j = 0; j < i; j++) {
            const double *a = set->A + i * set->stride, *b = set->A + j * set->stride;
            const double det = a[0] * b[1] - a[1] * b[0];
            const double x[] = {(kink[i] * b[1] - kink[j] * a[1]) / det,
                                (a[0] * kink[j] - b[0] * kink[i]) / det};
            t->problem->objective(t->self, 1, x, &f, NULL);
            best = fmin(best, f);
        }
    return best;
}

static void vertices_of_piecewise_linear_losses(void **state)
{
    enum { N = 14 };
    (void)state;
    for (int round = 0; round < 20; round++) {
        double *A = gaussians(2 * N, 1.0), *b = gaussians(N, 1.0);
        struct fixture t =
            tiny(&lab_problem_quantile_regression, "tau = 0.8;", N, 2, A, b);
        minimise(&t);
        assert_close(t.f, least_vertex(&t, b), 1e-12);
        close_fixture(&t);
        for (size_t i = 0; i < N; i++)
            b[i] = b[i] + A[2 * i] > 0.0 ? 1.0 : -1.0;
        t = tiny(&lab_problem_hinge, "", N, 2, A, b);
        minimise(&t); /* b <a, x> = 1 on a line: <a, x> = b */
        const double least = least_vertex(&t, b);
        assert_true(fabs(t.f - least) <= 1e-12);
        close_fixture(&t);
        free(A), free(b);
    }
}

/* f in one dimension between its kinks, by halving where the slope changes sign. */
static void one_dimension_by_bisection(void **state)
{
    enum { N = 15 };
    static const struct {
        const struct lab_problem *problem;
        const char *options;
    } table[] = {{&lab_problem_hinge, "l2 = 0.1;"},
                 {&lab_problem_squared_hinge, ""},
                 {&lab_problem_squared_hinge, "l2 = 0.3;"},
                 {&lab_problem_huber_regression, "delta = 0.3;"},
                 {&lab_problem_huber_regression, "delta = 0.01;"},
                 {&lab_problem_huber_regression, "delta = 50; l2 = 1;"},
                 {&lab_problem_quantile_regression, "tau = 0.1; l2 = 0.2;"},
                 {&lab_problem_lasso, "l1 = 0.2;"},
                 {&lab_problem_elastic_net, "l1 = 0.02; l2 = 3;"},
                 {&lab_problem_poisson_regression, ""}};
    (void)state;
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        for (int round = 0; round < 6; round++) {
            double *A = gaussians(N, 1.0), *b = gaussians(N, 2.0), f, g;
            const double *at[] = {A, b};
            for (size_t i = 0; i < N && k < 3; i++)
                b[i] = b[i] + A[i] > 0.0 ? 1.0 : -1.0;
            for (size_t i = 0; i < N && k == 9; i++)
                b[i] = floor(fabs(b[i]));
            struct fixture t =
                tiny(table[k].problem, table[k].options, N, 1, at[0], at[1]);
            double low = -1e3, high = 1e3;
            for (int i = 0; i < 200; i++) {
                double middle = 0.5 * (low + high);
                t.problem->objective(t.self, 1, &middle, &f, &g);
                *(g > 0.0 ? &high : &low) = middle;
            }
            double f_low, f_high;
            t.problem->objective(t.self, 1, &low, &f_low, NULL);
            t.problem->objective(t.self, 1, &high, &f_high, NULL);
            minimise(&t);
            assert_close(t.f, fmin(f_low, f_high), 1e-12);
            free(A), free(b), close_fixture(&t);
        }
}

/* Lasso by coordinate descent with exact steps, cut at the ends of a box. */
static double coordinate_descent(const struct fixture *t, double l1)
{
    const struct lab_data *set = t->self->set;
    const size_t n = set->n, d = set->d;
    double *x = lab_alloc(d, sizeof *x), *r = lab_alloc(n, sizeof *r), f;
    for (size_t i = 0; i < n; i++)
        r[i] = -set->b[i];
    for (int sweep = 0; sweep < 5000; sweep++)
        for (size_t j = 0; j < d; j++) {
            double slope = 0.0, curvature = 0.0, old = x[j];
            for (size_t i = 0; i < n; i++) {
                const double a = set->A[i * set->stride + j];
                slope += a * r[i] / (double)n, curvature += a * a / (double)n;
            }
            const double free_x = curvature * old - slope, left = fabs(free_x) - l1;
            x[j] = left > 0.0 ? copysign(left, free_x) / curvature : 0.0;
            if (t->C.kind == LAB_BOX)
                x[j] = fmin(fmax(x[j], t->C.lower[j]), t->C.upper[j]);
            for (size_t i = 0; i < n && x[j] != old; i++)
                r[i] += (x[j] - old) * set->A[i * set->stride + j];
        }
    t->problem->objective(t->self, 1, x, &f, NULL);
    free(x), free(r);
    return f;
}

/* Lasso in a ball around 0, where the prox of l1 ‖x‖_1 on the ball is the soft threshold
 * followed by the projection: FISTA with restarts (Beck & Teboulle 2009). */
static double proximal_gradient(const struct fixture *t, double L)
{
    const size_t d = t->facts.d;
    double *x = lab_alloc(4 * d, sizeof *x), *y = x + d, *g = y + d, *old = g + d, f,
           theta = 1.0;
    for (int step = 0; step < 20000; step++) {
        memcpy(old, x, d * sizeof *x);
        t->problem->objective(t->self, 1, y, &f, g);
        t->problem->penalty(t->self, -1.0, y, g);
        for (size_t j = 0; j < d; j++)
            x[j] = y[j] - g[j] / L;
        t->problem->prox(t->self, 1.0 / L, 1, x);
        lab_domain_project(&t->C, 1, x);
        double uphill = 0.0, next = 0.5 * (1.0 + sqrt(1.0 + 4.0 * theta * theta));
        for (size_t j = 0; j < d; j++)
            uphill += (y[j] - x[j]) * (x[j] - old[j]);
        if (uphill > 0.0)
            theta = next = 1.0;
        for (size_t j = 0; j < d; j++)
            y[j] = x[j] + (theta - 1.0) / next * (x[j] - old[j]);
        theta = next;
    }
    t->problem->objective(t->self, 1, x, &f, NULL);
    free(x);
    return f;
}

static void lasso_by_other_methods(void **state)
{
    static const char *const sizes[] = {"n = 60; d = 20;", "n = 30; d = 50;"};
    static const double l1[] = {1e-3, 0.1, 0.7};
    char options[128];
    (void)state;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < 3; i++) {
            snprintf(options, sizeof options, "{ data = \"synthetic\"; %s l1 = %g; }",
                     sizes[k], l1[i]);
            struct fixture t = fixture(&lab_problem_lasso, options);
            struct fixture squares =
                fixture(&lab_problem_least_squares, "{ data = \"synthetic\"; }");
            minimise(&t);
            assert_true(fabs(t.f - coordinate_descent(&t, l1[i])) <=
                        (l1[i] < 0.01 && k ? 1e-7 : 1e-12));
            bound(&t, LAB_BOX, 0.1);
            minimise(&t);
            assert_close(t.f, coordinate_descent(&t, l1[i]), 1e-12);
            for (double radius = 0.05; radius < 1.0; radius *= 4.0) {
                bound(&t, LAB_BALL, radius);
                minimise(&t);
                assert_close(t.f, proximal_gradient(&t, 8.0), 1e-10);
            }
            close_fixture(&t), close_fixture(&squares);
        }
}

/* On the simplex ‖x‖_1 = 1. */
static void lasso_on_the_simplex(void **state)
{
    struct fixture t = fixture(&lab_problem_lasso, "{ data = \"synthetic\"; l1 = 0.4; }");
    struct fixture s = fixture(&lab_problem_least_squares, "{ data = \"synthetic\"; }");
    (void)state;
    bound(&t, LAB_SIMPLEX, 1.0), bound(&s, LAB_SIMPLEX, 1.0);
    minimise(&t), minimise(&s);
    assert_close(t.f, s.f + 0.4, 1e-12);
    close_fixture(&t), close_fixture(&s);
}

/* |A'r/n| <= l1, with equality and the sign of x where x is not 0. */
static void lasso_optimality(void **state)
{
    static const char *const options[] = {
        "{ data = \"digits\"; l1 = 0.05; }",
        "{ data = \"synthetic\"; n = 50; d = 200; l1 = 0.1; }",
        "{ data = \"wine\"; l1 = 0.01; }", "{ data = \"synthetic\"; l1 = 5; }"};
    static const double l1[] = {0.05, 0.1, 0.01, 5.0};
    (void)state;
    for (size_t k = 0; k < 4; k++) {
        struct fixture t = fixture(&lab_problem_lasso, options[k]);
        const struct lab_data *set = t.self->set;
        double *r = lab_alloc(set->n, sizeof *r);
        size_t active = 0;
        minimise(&t);
        for (size_t i = 0; i < set->n; i++)
            r[i] = set->b[i] - dot(set->d, set->A + i * set->stride, t.x);
        for (size_t j = 0; j < set->d; j++) {
            double c = 0.0;
            for (size_t i = 0; i < set->n; i++)
                c += set->A[i * set->stride + j] * r[i] / (double)set->n;
            assert_true(fabs(c) <= l1[k] * (1.0 + 1e-7));
            assert_true(t.x[j] == 0.0 || fabs(t.x[j]) > 1e-8);
            if (t.x[j] != 0.0) {
                assert_true(fabs(c - copysign(l1[k], t.x[j])) <= 1e-7 * l1[k]);
                active++;
            }
        }
        assert_true(k == 3 ? active == 0 : active > 0 && active < set->d);
        free(r), close_fixture(&t);
    }
}

/* ---- certificates --------------------------------------------------------------- */

/* Whatever x it is asked at, the bound is below f everywhere in C. */
static void lower_bounds_are_true(void **state)
{
    (void)state;
    for (size_t k = 0; k < DUAL; k++)
        for (int ridge = 0; ridge < 2; ridge++) {
            struct fixture t =
                fixture(all[k], "{ data = \"synthetic\"; n = 120; d = 8; }");
            t.self->l2 = 0.2 * ridge;
            for (int kind = LAB_NO_DOMAIN; kind <= LAB_SIMPLEX; kind++) {
                bound(&t, (enum lab_domain_kind)kind, 0.5);
                minimise(&t);
                for (int round = 0; round < 40; round++) {
                    double *x = gaussians(2 * t.facts.d, round % 3 ? 0.3 : 5.0), f[2];
                    lab_domain_project(&t.C, 2, x);
                    if (round % 2) /* near the minimum bounds are tight */
                        for (size_t j = 0; j < t.facts.d; j++)
                            x[j] = t.x[j] + 1e-6 * x[j];
                    t.problem->objective(t.self, 2, x, f, NULL);
                    double low =
                        t.problem->lower(t.self, pow(10.0, -round % 14), &t.C, x);
                    assert_true(low >= 0.0 && low <= f[1] + 1e-13);
                    assert_true(low <= t.f * (1.0 + 1e-13) + 1e-15);
                    free(x);
                }
            }
            close_fixture(&t);
        }
}

/* Separable data: f* = 0 is reached, near the start. */
static void separable_margins_have_a_minimum(void **state)
{
    const double A[] = {1, 0.5, -2, 1, 3, 1, -1, -1}, b[] = {1, -1, 1, -1};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        struct fixture t = tiny(all[k], "", 4, 2, A, b);
        minimise(&t);
        assert_true(t.f <= 1e-14);
        assert_true(t.f - t.gap <= 0.0);
        assert_true(cblas_dnrm2(2, t.x, 1) < 30.0);
        close_fixture(&t);
    }
}

/* (1 - x_1)_+, (1 + x_1)_+, (1 - x_2)_+: the third vanishes, the others cannot. */
static void quasi_separable_margins(void **state)
{
    const double A[] = {1, 0, 1, 0, 0, 1}, b[] = {1, -1, 1};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        struct fixture t = tiny(all[k], "", 3, 2, A, b);
        minimise(&t);
        assert_close(t.f, 2.0 / 3.0, 1e-12);
        assert_true(t.x[1] >= 1.0 - 1e-6 && t.x[1] < 30.0);
        close_fixture(&t);
    }
}

static void separable_classes_have_no_minimum(void **state)
{
    struct fixture t = fixture(&lab_problem_softmax, "{ data = \"wine\"; }");
    (void)state;
    assert_int_equal(try_minimise(&t), -1);
    assert_non_null(strstr(t.why.text, "linearly separable"));
    bound(&t, LAB_BALL, 3.0);
    minimise(&t);
    assert_close(cblas_dnrm2((int)t.facts.d, t.x, 1), 3.0, 1e-12);
    close_fixture(&t);
}

/* The model's gradient and Hessian against differences; F tends to f. */
static void models_are_differentiable(void **state)
{
    const double s = 0.2, h = 1e-5;
    (void)state;
    for (size_t k = 0; k < ALL - 1; k++) {
        struct fixture t = fixture(all[k], "{ data = \"synthetic\"; n = 90; d = 5; }");
        const size_t d = t.facts.d;
        double *x = gaussians(4 * d, 0.5), *g = x + d, *up = g + d, *down = up + d, f;
        double *H = lab_alloc(2 * d * d, sizeof *H), *other = H + d * d;
        t.problem->model(t.self, s, x, g, H);
        for (size_t i = 0; i < d; i++) {
            const double keep = x[i];
            x[i] = keep + h;
            double F_up = t.problem->model(t.self, s, x, up, other);
            x[i] = keep - h;
            double F_down = t.problem->model(t.self, s, x, down, other);
            x[i] = keep;
            assert_true(fabs((F_up - F_down) / (2.0 * h) - g[i]) <=
                        1e-7 * (1.0 + fabs(g[i])));
            for (size_t j = 0; j < d; j++) {
                assert_true(H[i * d + j] == H[j * d + i]);
                assert_true(fabs((up[j] - down[j]) / (2.0 * h) - H[i * d + j]) <=
                            1e-6 * (1.0 + fabs(H[i * d + j])));
            }
        }
        t.problem->objective(t.self, 1, x, &f, NULL);
        for (double small = 0.1; small > 1e-12; small *= 0.1) {
            double F = t.problem->model(t.self, small, x, g, H);
            assert_true(fabs(F - f) <=
                        small * (4.0 + 2.0 * log(1.0 / small)) + 1e-13 * f);
        }
        free(x), free(H), close_fixture(&t);
    }
}

/* ---- penalties ------------------------------------------------------------------ */

/* u = prox(x): (x - u)/eta is a subgradient of h at u. */
static void prox_by_its_definition(void **state)
{
    enum { D = 6, R = 4 };
    const double eta = 0.7, l1 = 0.3, l2 = 0.5;
    (void)state;
    for (int net = 0; net < 2; net++) {
        struct fixture t =
            fixture(net ? &lab_problem_elastic_net : &lab_problem_lasso,
                    net ? "{ d = 6; l1 = 0.3; l2 = 0.5; }" : "{ d = 6; l1 = 0.3; }");
        double *x = gaussians(R * D, 0.5), *u = lab_alloc(R * D, sizeof *u);
        size_t zeros = 0;
        x[3] = 0.0;
        memcpy(u, x, R * D * sizeof *x);
        t.problem->prox(t.self, eta, R, u);
        for (size_t i = 0; i < R * D; i++) {
            const double pull = (x[i] - u[i]) / eta;
            if (u[i] == 0.0)
                assert_true(fabs(pull) <= l1 * (1.0 + 1e-15)), zeros++;
            else
                assert_close(pull, copysign(l1, u[i]) + (net ? l2 : 0.0) * u[i], 1e-13);
        }
        assert_in_range(zeros, 2, R * D - 2);
        u[0] = NAN, u[1] = INFINITY;
        t.problem->prox(t.self, eta, 1, u);
        assert_true(isnan(u[0]) && isinf(u[1]));
        free(x), free(u), close_fixture(&t);
    }
}

/* Without its penalty f is least squares: value and gradient, at corners too. */
static void penalties_come_off(void **state)
{
    (void)state;
    for (int net = 0; net < 2; net++) {
        struct fixture t = fixture(net ? &lab_problem_elastic_net : &lab_problem_lasso,
                                   net ? "{ l1 = 0.3; l2 = 0.5; }" : "{ l1 = 0.3; }");
        struct fixture s =
            fixture(&lab_problem_least_squares, "{ data = \"synthetic\"; }");
        const size_t d = t.facts.d;
        double *x = gaussians(3 * d, 1.0), *g = x + d, *h = g + d, f, e, loss;
        const uint32_t index[] = {17, 4};
        x[2] = x[5] = 0.0;
        t.problem->objective(t.self, 1, x, &f, g);
        s.problem->objective(s.self, 1, x, &e, h);
        assert_close(f - t.problem->penalty(t.self, -1.0, x, g), e, 1e-14);
        for (size_t j = 0; j < d; j++)
            assert_true(fabs(g[j] - h[j]) <= 1e-14);
        const struct lab_sample sample = {2, index, 2, NULL};
        t.problem->gradient(t.self, &sample, 1, x, g, &loss);
        s.problem->gradient(s.self, &sample, 1, x, h, &e);
        assert_close(loss - t.problem->penalty(t.self, -1.0, x, g), e, 1e-14);
        for (size_t j = 0; j < d; j++)
            assert_true(fabs(g[j] - h[j]) <= 1e-13);
        close_fixture(&t), close_fixture(&s), free(x);
    }
}

/* ---- facts ---------------------------------------------------------------------- */

static void facts_by_hand(void **state)
{
    const double A[] = {3, 4, 1, 0}, b[] = {1, -1}, counts[] = {2, 0}, two = 2.0,
                 one = 1.0;
    (void)state;
    struct fixture t = tiny(&lab_problem_hinge, "", 2, 2, A, b);
    t.problem->constants(t.self, &t.C, &t.facts);
    assert_close(t.facts.G.value, 5.0, 1e-15);
    assert_close(t.facts.sigma2.value, 13.0, 1e-15);
    assert_int_equal(t.facts.L.status, LAB_UNKNOWN);
    assert_true(t.facts.f_low.value == 0.0);
    close_fixture(&t);

    /* predictions 3x + 4y and x over the box [-1, 2]^2: [-7, 14] and [-1, 2] */
    t = tiny(&lab_problem_poisson_regression, "", 2, 2, A, counts);
    t.problem->constants(t.self, &t.C, &t.facts);
    assert_int_equal(t.facts.L.status, LAB_UNKNOWN);
    assert_int_equal(t.facts.G.status, LAB_UNKNOWN);
    bound(&t, LAB_BOX, 2.0);
    t.problem->constants(t.self, &t.C, &t.facts);
    assert_close(t.facts.L_max.value, 25.0 * exp(14.0), 1e-14);
    assert_close(t.facts.G.value, 5.0 * (exp(14.0) - 2.0), 1e-14);
    close_fixture(&t);

    t = tiny(&lab_problem_poisson_regression, "l2 = 0.5;", 1, 1, &two, &one);
    bound(&t, LAB_BOX, 1.0); /* [-1/2, 1]: predictions in [-1, 2] */
    t.problem->constants(t.self, &t.C, &t.facts);
    assert_close(t.facts.L.value, 4.0 * exp(2.0) + 0.5, 1e-13);
    assert_close(t.facts.mu.value, 4.0 * exp(-1.0) + 0.5, 1e-13);
    assert_true(strncmp(t.facts.L.source, "at most ", 8) == 0);
    assert_true(strncmp(t.facts.mu.source, "at least ", 9) == 0);
    close_fixture(&t);

    t = tiny(&lab_problem_logistic_nonconvex, "alpha = 0.5;", 2, 2, A, b);
    t.problem->constants(t.self, &t.C, &t.facts);
    /* A'A/2 = (10 12; 12 16)/2: lmax = (26 + sqrt(36 + 576))/4 */
    assert_close(t.facts.L.value, 0.25 * (26.0 + sqrt(612.0)) / 4.0 + 1.0, 1e-13);
    assert_close(t.facts.G.value, 5.0 + sqrt(2.0) * 0.5 * 3.0 * sqrt(3.0) / 8.0, 1e-14);
    assert_int_equal(t.facts.mu.status, LAB_UNKNOWN);
    assert_false(t.facts.convex);
    assert_int_equal(t.facts.f_star.status, LAB_UNKNOWN);
    close_fixture(&t);

    t = tiny(&lab_problem_softmax, "classes = 2; l2 = 0.1;", 2, 2, A, (double[]){0, 1});
    bound(&t, LAB_BALL, 3.0);
    t.problem->constants(t.self, &t.C, &t.facts);
    assert_close(t.facts.L.value, 0.5 * (26.0 + sqrt(612.0)) / 4.0 + 0.1, 1e-13);
    assert_close(t.facts.L_max.value, 12.6, 1e-14);
    assert_close(t.facts.G.value, 5.0 * sqrt(2.0) + 0.3, 1e-14);
    assert_close(t.facts.sigma2.value, 26.0, 1e-14);
    close_fixture(&t);

    t = tiny(&lab_problem_elastic_net, "l1 = 0.5; l2 = 0.1;", 2, 2, A, b);
    bound(&t, LAB_BALL, 2.0); /* |r| <= 10 + 1 and 2 + 1 */
    t.problem->constants(t.self, &t.C, &t.facts);
    assert_close(t.facts.G.value, 55.0 + 0.5 * sqrt(2.0) + 0.2, 1e-14);
    assert_int_equal(t.facts.L.status, LAB_UNKNOWN);
    assert_close(t.facts.mu.value, (26.0 - sqrt(612.0)) / 4.0 + 0.1, 1e-12);
    close_fixture(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_by_hand),
        cmocka_unit_test(softmax_by_hand),
        cmocka_unit_test(softmax_by_its_definition),
        cmocka_unit_test(gradients_alone),
        cmocka_unit_test(sparse_rows_are_like_dense_ones),
        cmocka_unit_test(the_quantile_of_a_sample),
        cmocka_unit_test(hubers_estimate_of_location),
        cmocka_unit_test(lasso_with_orthonormal_columns),
        cmocka_unit_test(poisson_intercept),
        cmocka_unit_test(softmax_intercept),
        cmocka_unit_test(two_classes_are_logistic),
        cmocka_unit_test(vertices_of_piecewise_linear_losses),
        cmocka_unit_test(one_dimension_by_bisection),
        cmocka_unit_test(lasso_by_other_methods),
        cmocka_unit_test(lasso_on_the_simplex),
        cmocka_unit_test(lasso_optimality),
        cmocka_unit_test(lower_bounds_are_true),
        cmocka_unit_test(separable_margins_have_a_minimum),
        cmocka_unit_test(quasi_separable_margins),
        cmocka_unit_test(separable_classes_have_no_minimum),
        cmocka_unit_test(models_are_differentiable),
        cmocka_unit_test(prox_by_its_definition),
        cmocka_unit_test(penalties_come_off),
        cmocka_unit_test(facts_by_hand),
    };
    rng = lab_rng_new(7, 0, LAB_FOR_TESTS);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    gsl_rng_free(rng);
    return failed;
}
