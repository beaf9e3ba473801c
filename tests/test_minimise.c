/*
 * tests/test_minimise.c -- the solver finds f* and x*, and its certificate is true.
 *
 * A small linear model of our own, f(x) = (1/n) sum phi(<a_i, x>; b_i) + (l2/2) ‖x‖^2,
 * with squares, logistic or absolute errors, stands in for the plug-ins.
 */
#include <float.h>
#include <gsl/gsl_cblas.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

#include "lab/config.h"
#include "lab/descend.h"
#include "lab/minimise.h"
#include "lab/newton.h"
#include "tests/lab_test.h"

enum phi { SQUARES, LOGISTIC, ABSOLUTE };

struct model {
    enum phi phi;
    size_t n, d;
    double l2, *A, *b;
};

/* phi, phi' and phi'' at prediction z; ABSOLUTE: of sqrt((z - b)^2 + s^2). */
static double phi(const struct model *m, double z, double b, double s, double *slope,
                  double *curvature)
{
    double r = z - b, e = exp(-fabs(z)), root = sqrt(r * r + s * s);
    switch (m->phi) {
    case SQUARES: *slope = r, *curvature = 1.0; return 0.5 * r * r;
    case LOGISTIC:
        *slope = -b * (b * z < 0.0 ? 1.0 : e) / (1.0 + e);
        *curvature = e / (1.0 + e) / (1.0 + e);
        return log1p(e) + fmax(0.0, -b * z);
    case ABSOLUTE: break;
    }
    *slope = root > 0.0 ? r / root : 0.0;
    *curvature = root > 0.0 ? s / root * (s / root) / root : 0.0;
    return root;
}

static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    const struct model *m = self;
    const int d = (int)m->d;
    const double share = 1.0 / (double)m->n;
    double f = 0.5 * m->l2 * cblas_ddot(d, x, 1, x, 1), slope, curvature;
    for (size_t j = 0; g && j < m->d; j++)
        g[j] = m->l2 * x[j];
    for (size_t i = 0; H && i < m->d * m->d; i++)
        H[i] = i % (m->d + 1) == 0 ? m->l2 : 0.0;
    for (size_t i = 0; i < m->n; i++) {
        const double *a = m->A + i * m->d;
        double z = cblas_ddot(d, a, 1, x, 1);
        f += share * phi(m, z, m->b[i], smoothing, &slope, &curvature);
        if (g)
            cblas_daxpy(d, share * slope, a, 1, g, 1);
        if (H)
            cblas_dger(CblasRowMajor, d, d, share * curvature, a, 1, a, 1, H, d);
    }
    return f;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct model *m = self;
    for (size_t k = 0; k < count; k++)
        f[k] = model(self, 0.0, x + k * m->d, g ? g + k * m->d : NULL, NULL);
}

/* The Newton step at x on the face of C that x is near. */
static void step_on_face(struct lab_newton *N, const double *x)
{
    const struct lab_domain *C = N->C;
    double far2 = 0.0;
    for (size_t j = 0; j < N->d; j++) {
        N->b[j] = C->kind == LAB_BALL ? x[j] - C->center[j] : 0.0;
        far2 += N->b[j] * N->b[j];
        N->fixed[j] =
            (C->kind == LAB_BOX && fmin(x[j] - C->lower[j], C->upper[j] - x[j]) < 1e-6) ||
            (C->kind == LAB_SIMPLEX && x[j] < 1e-6);
    }
    bool sphere = C->kind == LAB_BALL && sqrt(far2) > (1.0 - 1e-6) * C->radius;
    N->sum = C->kind == LAB_SIMPLEX;
    N->lambda = sphere ? fmax(0.0, -cblas_ddot((int)N->d, N->g, 1, N->b, 1) / far2) : 0.0;
    lab_newton_factor(N, false);
    lab_newton_step(N, N->g, sphere ? N->b : NULL, 0.0);
}

/* Absolute errors, l2 = 0, dual: f* >= -<b, y>/n + min over C of <A'y, x>/n for |y| <= 1.
 */
static double dual(const struct model *m, const struct lab_domain *C, double *y,
                   double *v)
{
    const int n = (int)m->n, d = (int)m->d;
    double most = 1.0, least, greatest;
    for (size_t i = 0; i < m->n; i++)
        most = fmax(most, fabs(y[i]));
    cblas_dscal(n, 1.0 / most / n, y, 1);
    cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, m->A, d, y, 1, 0.0, v, 1);
    lab_domain_extent(C, v, &least, &greatest);
    if (C->kind == LAB_NO_DOMAIN) /* A'y = 0 up to rounding; x* in a ball of radius 10 */
        least = -10.0 * cblas_dnrm2(d, v, 1);
    return least - cblas_ddot(n, m->b, 1, y, 1);
}

/* y: the slopes at x, and these corrected to first order, as exact minimisation of F over
 * the face would. */
static double lower(const void *self, double smoothing, const struct lab_domain *C,
                    const double *x)
{
    const struct model *m = self;
    const int d = (int)m->d;
    double *y = lab_alloc(2 * m->n, sizeof *y), *corrected = y + m->n, curvature;
    struct lab_newton N;
    lab_newton_new(&N, NULL, self, C, m->d);
    model(self, smoothing, x, N.g, N.H);
    step_on_face(&N, x);
    for (size_t i = 0; i < m->n; i++) {
        const double *a = m->A + i * m->d;
        phi(m, cblas_ddot(d, a, 1, x, 1), m->b[i], smoothing, &y[i], &curvature);
        corrected[i] = y[i] + curvature * cblas_ddot(d, a, 1, N.p, 1);
    }
    double best = fmax(dual(m, C, y, N.g), dual(m, C, corrected, N.g));
    lab_newton_free(&N);
    free(y);
    return best;
}

static int escapes(const void *self, const double *x, struct lab_error *why)
{
    const struct model *m = self;
    for (size_t i = 0; i < m->n; i++)
        if (m->b[i] * cblas_ddot((int)m->d, m->A + i * m->d, 1, x, 1) <= 0.0)
            return 0;
    return m->phi == LOGISTIC && m->l2 == 0.0 ? lab_fail(why, "separable") : 0;
}

/* |phi'''| <= phi'' of the logistic loss; squares have no third derivative. */
static double concordance(const void *self)
{
    const struct model *m = self;
    double most = 0.0;
    for (size_t i = 0; i < m->n; i++)
        most = fmax(most, cblas_dnrm2((int)m->d, m->A + i * m->d, 1));
    return m->phi == LOGISTIC ? most : 0.0;
}

static const struct lab_problem smooth = {.objective = objective,
                                          .model = model,
                                          .escapes = escapes,
                                          .concordance = concordance};
static const struct lab_problem kinked = {
    .objective = objective, .model = model, .lower = lower};

/* ---- fixtures ----------------------------------------------------------- */

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

static double normal(uint64_t *state)
{
    double u = 1.0 - uniform(state);
    return sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * uniform(state));
}

/* Gaussian rows, the last column constant; labels <a, w> + noise, or their sign. */
static struct model *generate(enum phi kind, size_t n, size_t d, double noise,
                              uint64_t seed)
{
    struct model *m = lab_alloc(1, sizeof *m);
    double *w = lab_alloc(d, sizeof *w);
    *m = (struct model){.phi = kind, .n = n, .d = d};
    m->A = lab_alloc(n * d, sizeof *m->A);
    m->b = lab_alloc(n, sizeof *m->b);
    for (size_t j = 0; j < d; j++)
        w[j] = normal(&seed);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++) {
            m->A[i * d + j] = j + 1 < d ? normal(&seed) : 1.0;
            m->b[i] += m->A[i * d + j] * w[j];
        }
        m->b[i] += noise * normal(&seed);
        if (kind == LOGISTIC)
            m->b[i] = m->b[i] > 0.0 ? 1.0 : -1.0;
    }
    free(w);
    return m;
}

static void discard(struct model *m)
{
    free(m->A);
    free(m->b);
    free(m);
}

static struct lab_facts facts_of(const struct model *m)
{
    struct lab_facts facts = {.d = m->d, .n = m->n, .convex = true};
    double most = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        double size = cblas_dnrm2((int)m->d, m->A + i * m->d, 1);
        most = fmax(most, size * size);
    }
    facts.L_max.value = most * (m->phi == LOGISTIC ? 0.25 : 1.0) + m->l2;
    facts.mu.value = m->l2;
    facts.L_max.status = facts.mu.status = LAB_ANALYTIC;
    return facts;
}

struct found {
    int failed;
    struct lab_minimum minimum;
    struct lab_error why;
};

static struct found minimise(const struct model *m, const struct lab_domain *C, double *x)
{
    struct lab_facts facts = facts_of(m);
    struct lab_domain none = {.d = m->d};
    struct found found = {0};
    found.failed = lab_minimise(m->phi == ABSOLUTE ? &kinked : &smooth, m, C ? C : &none,
                                &facts, x, &found.minimum, &found.why);
    if (getenv("VERBOSE"))
        printf("%s%s f = %.17g gap = %g\n", found.why.text, found.minimum.source,
               found.minimum.f, found.minimum.gap);
    return found;
}

static void must_be_found(struct found found)
{
    if (found.failed)
        fail_msg("%s", found.why.text);
}

static void assert_near(size_t d, const double *x, const double *y, double relative)
{
    double far = 0.0, size = 0.0;
    for (size_t j = 0; j < d; j++)
        far += (x[j] - y[j]) * (x[j] - y[j]), size += y[j] * y[j];
    if (!(sqrt(far) <= relative * sqrt(size)))
        fail_msg("x is %g away from x*, ‖x*‖ = %g", sqrt(far), sqrt(size));
}

/* f* by projected gradient steps 1/L from x with momentum and restarts: independent of
 * Newton, certificates and barriers. */
static double reference(const struct model *m, const struct lab_domain *C, double *x)
{
    const size_t d = m->d;
    double *v = lab_alloc(4 * d, sizeof *v), *g = v + d, *old = g + d, L = m->l2, f,
           theta = 1.0;
    double norm2 = cblas_ddot((int)(m->n * d), m->A, 1, m->A, 1);
    L += norm2 / (double)m->n * (m->phi == LOGISTIC ? 0.25 : 1.0);
    memcpy(v, x, d * sizeof *v);
    for (size_t t = 0, still = 0; t < 40000 && still < 20; t++) {
        double slope = 0.0, next = 0.5 * (1.0 + sqrt(1.0 + 4.0 * theta * theta));
        objective(m, 1, v, &f, g);
        memcpy(old, x, d * sizeof *x);
        for (size_t j = 0; j < d; j++)
            x[j] = v[j] - g[j] / L;
        lab_domain_project(C, 1, x);
        for (size_t j = 0; j < d; j++)
            slope += (v[j] - x[j]) * (x[j] - old[j]);
        if (slope > 0.0)
            next = theta = 1.0;
        for (size_t j = 0; j < d; j++)
            v[j] = x[j] + (theta - 1.0) / next * (x[j] - old[j]);
        theta = next;
        still = memcmp(old, x, d * sizeof *x) == 0 ? still + 1 : 0;
    }
    objective(m, 1, x, &f, NULL);
    free(v);
    return f;
}

/* ---- quadratics with a known minimiser ----------------------------------- */

/* A = sqrt(n) diag(lam)^(1/2): f = sum lam_i (x_i - b_i)^2/2. */
static struct model *diagonal(size_t d, const double *lam, const double *minimiser)
{
    struct model *m = generate(SQUARES, d, d, 0.0, 1);
    memset(m->A, 0, d * d * sizeof *m->A);
    for (size_t j = 0; j < d; j++) {
        m->A[j * d + j] = sqrt((double)d * lam[j]);
        m->b[j] = m->A[j * d + j] * minimiser[j];
    }
    return m;
}

static void quadratic_on_a_ball(void **state)
{
    (void)state;
    struct model *m = diagonal(2, (double[]){1.0, 1.0}, (double[]){3.0, 4.0});
    double zero[2] = {0.0}, x[2] = {0.0};
    struct lab_domain C = {.kind = LAB_BALL, .d = 2, .radius = 1.0, .center = zero};
    struct found found = minimise(m, &C, x);
    must_be_found(found);
    assert_near(2, x, (double[]){0.6, 0.8}, 1e-15);
    assert_close(found.minimum.f, 8.0, 1e-15);

    C.radius = 10.0, x[0] = x[1] = 0.0;
    must_be_found(minimise(m, &C, x));
    assert_near(2, x, (double[]){3.0, 4.0}, 1e-15);

    C.radius = 5.0 * (1.0 - 1e-9), x[0] = x[1] = 0.0; /* a multiplier that is nearly 0 */
    must_be_found(minimise(m, &C, x));
    assert_near(2, x, (double[]){3.0 * (1.0 - 1e-9), 4.0 * (1.0 - 1e-9)}, 1e-12);
    discard(m);
}

static void quadratic_on_a_box(void **state)
{
    (void)state;
    struct model *m =
        diagonal(4, (double[]){1.0, 2.0, 0.1, 5.0}, (double[]){3.0, 0.25, -2.0, 9.0});
    double x[4] = {0.0}, lower[] = {-1.0, -1.0, -1.0, 0.5},
           upper[] = {1.0, 1.0, 1.0, 0.5};
    struct lab_domain C = {.kind = LAB_BOX, .d = 4, .lower = lower, .upper = upper};
    struct found found = minimise(m, &C, x);
    must_be_found(found);
    assert_near(4, x, (double[]){1.0, 0.25, -1.0, 0.5}, 1e-15);
    assert_close(found.minimum.f, 0.5 * (4.0 + 0.1 + 5.0 * 8.5 * 8.5), 1e-15);
    discard(m);

    /* The minimiser over R^d on the border: no multiplier tells that it is active. */
    m = diagonal(4, (double[]){1.0, 2.0, 0.1, 5.0}, (double[]){1.0, 0.25, -1.0, 0.75});
    memset(x, 0, sizeof x);
    must_be_found(minimise(m, &C, x));
    assert_near(4, x, (double[]){1.0, 0.25, -1.0, 0.5}, 1e-10);
    discard(m);
}

static void quadratic_on_a_simplex(void **state)
{
    (void)state;
    double x[4] = {0.25, 0.25, 0.25, 0.25}, y[] = {0.7, 0.5, -0.1, 0.05};
    struct model *m = diagonal(4, (double[]){1.0, 1.0, 1.0, 1.0}, y);
    struct lab_domain C = {.kind = LAB_SIMPLEX, .d = 4};
    must_be_found(minimise(m, &C, x));
    lab_domain_project(&C, 1, y);
    assert_near(4, x, y, 1e-15);
    discard(m);
}

/* ---- smooth problems in every domain -------------------------------------- */

struct stage {
    double zeros[40], lower[40], upper[40];
    struct lab_domain C[5];
};

/* Domains around 0: none, balls and boxes of some size, the simplex. */
static struct stage *domains(size_t d, double size)
{
    struct stage *s = lab_alloc(1, sizeof *s);
    for (size_t j = 0; j < d; j++)
        s->lower[j] = -size / (double)(1 + j % 5), s->upper[j] = size;
    s->C[0] = (struct lab_domain){.d = d};
    s->C[1] =
        (struct lab_domain){.kind = LAB_BALL, .d = d, .radius = size, .center = s->zeros};
    s->C[2] = (struct lab_domain){
        .kind = LAB_BOX, .d = d, .lower = s->lower, .upper = s->upper};
    s->C[3] = (struct lab_domain){.kind = LAB_SIMPLEX, .d = d};
    return s;
}

static void compare(const struct model *m, const struct lab_domain *C)
{
    double x[40] = {0}, y[40] = {0};
    struct found found = minimise(m, C, x);
    must_be_found(found);
    double f = reference(m, C, y);
    assert_true(lab_domain_contains(C, x, 1e-15));
    assert_true(found.minimum.gap <= 1e-12 * found.minimum.f);
    assert_true(found.minimum.f - found.minimum.gap <= f);
    assert_close(found.minimum.f, f, 1e-13);
    assert_near(m->d, y, x, 1e-6);
}

static void smooth_problems_agree_with_gradient_descent(void **state)
{
    (void)state;
    for (int kind = SQUARES; kind <= LOGISTIC; kind++)
        for (int l2 = 0; l2 < 2; l2++) {
            struct model *m = generate(kind, 300, 12, 2.0, 7);
            m->l2 = 0.1 * l2;
            for (int size = 0; size < 3; size++) {
                struct stage *s = domains(m->d, (double[]){0.3, 1.0, 100.0}[size]);
                for (int c = 0; c < 4; c++)
                    compare(m, &s->C[c]);
                free(s);
            }
            discard(m);
        }
}

/* ---- absolute errors ------------------------------------------------------ */

static void absolute_errors_reach_the_dual_bound(void **state)
{
    (void)state;
    for (int size = 0; size < 3; size++) {
        struct model *m = generate(ABSOLUTE, 569, 31, 1.0, 3);
        struct stage *s = domains(m->d, (double[]){0.3, 1.0, 100.0}[size]);
        for (int c = 0; c < 4; c++) {
            double x[40] = {0};
            struct found found = minimise(m, &s->C[c], x);
            must_be_found(found);
            assert_true(found.minimum.gap <= 1e-12 * found.minimum.f);
            assert_true(lab_domain_contains(&s->C[c], x, 1e-14));
        }
        free(s);
        discard(m);
    }
}

/* Balls that barely cut off the minimiser: multipliers near 0. */
static void a_ball_that_just_matters(void **state)
{
    (void)state;
    struct model *m = generate(ABSOLUTE, 569, 31, 1.0, 3);
    double x[40] = {0}, zeros[40] = {0};
    must_be_found(minimise(m, NULL, x));
    const double far = cblas_dnrm2(31, x, 1);
    for (int i = 1; i < 7; i++) {
        struct lab_domain C = {.kind = LAB_BALL, .d = 31, .center = zeros};
        C.radius = far * (1.0 - pow(10.0, -i));
        memset(x, 0, sizeof x);
        struct found found = minimise(m, &C, x);
        must_be_found(found);
        assert_close(cblas_dnrm2(31, x, 1), C.radius, 1e-12);
    }
    discard(m);
}

static void the_median_minimises_absolute_errors(void **state)
{
    (void)state;
    struct model *m = generate(ABSOLUTE, 5, 1, 0.0, 1);
    memcpy(m->b, (double[]){-3.0, 10.0, 0.7, 2.0, -1.0}, 5 * sizeof *m->b);
    double x = 20.0, lower = 1.0, upper = 4.0;
    struct found found = minimise(m, NULL, &x);
    must_be_found(found);
    assert_close(x, 0.7, 1e-12);
    assert_close(found.minimum.f, (3.7 + 9.3 + 0.0 + 1.3 + 1.7) / 5.0, 1e-12);

    struct lab_domain box = {.kind = LAB_BOX, .d = 1, .lower = &lower, .upper = &upper};
    must_be_found(found = minimise(m, &box, &x));
    assert_close(x, 1.0, 1e-12);
    assert_close(found.minimum.f, (4.0 + 9.0 + 0.3 + 1.0 + 2.0) / 5.0, 1e-12);

    m->n = 4; /* every x in [-1, 0.7] ... is a minimiser of -3, 10, 0.7, 2: [0.7, 2] */
    must_be_found(found = minimise(m, NULL, &x));
    assert_true(x > 0.7 - 1e-9 && x < 2.0 + 1e-9);
    assert_close(found.minimum.f, (13.0 + 1.3) / 4.0, 1e-12);
    discard(m);
}

static void absolute_errors_of_a_perfect_fit(void **state)
{
    (void)state;
    for (size_t n = 20; n < 700; n += 600) { /* fewer rows than columns, and more */
        struct model *m = generate(ABSOLUTE, n, 31, 0.0, 5);
        double x[40] = {0};
        struct found found = minimise(m, NULL, x);
        must_be_found(found);
        assert_true(found.minimum.f < 1e-14);
        discard(m);
    }
}

/* ---- minimisers that are not unique, or do not exist ----------------------- */

/* The point nearest to x1 at which A x = b in the least-squares sense. */
static void nearest(const struct model *m, const double *x1, double *x)
{
    const int n = (int)m->n, d = (int)m->d, more = n > d ? n : d;
    double *A = lab_alloc(m->n * m->d, sizeof *A),
           *r = lab_alloc((size_t)more, sizeof *r);
    double *s = lab_alloc((size_t)more, sizeof *s);
    int rank;
    memcpy(A, m->A, m->n * m->d * sizeof *A);
    memcpy(r, m->b, m->n * sizeof *r);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, n, d, -1.0, A, d, x1, 1, 1.0, r, 1);
    LAPACKE_dgelsd(LAPACK_ROW_MAJOR, n, d, 1, A, d, r, 1, s, 1e-12, &rank);
    for (size_t j = 0; j < m->d; j++)
        x[j] = x1[j] + r[j];
    free(A);
    free(r);
    free(s);
}

static void of_many_minimisers_the_nearest_is_found(void **state)
{
    (void)state;
    double x1[40], x[40], y[40];
    for (size_t n = 10; n <= 60; n += 50) {
        struct model *m = generate(SQUARES, n, 15, 0.5, 11);
        for (size_t i = 0; i < n; i++) { /* a constant and a repeated feature */
            m->A[i * 15 + 3] = 0.0;
            m->A[i * 15 + 4] = m->A[i * 15 + 5];
        }
        for (size_t j = 0; j < 15; j++)
            x1[j] = x[j] = sin((double)j);
        struct found found = minimise(m, NULL, x);
        must_be_found(found);
        nearest(m, x1, y);
        assert_near(15, x, y, 1e-13);
        if (n < 15)
            assert_true(found.minimum.f < 1e-26 && found.minimum.gap < 1e-26);
        discard(m);
    }
}

static void interpolation_inside_a_domain(void **state)
{
    (void)state;
    struct model *m = generate(SQUARES, 10, 15, 0.0, 12);
    struct stage *s = domains(15, 5.0);
    for (int c = 1; c < 3; c++) {
        double x[40] = {0};
        struct found found = minimise(m, &s->C[c], x);
        must_be_found(found);
        assert_true(found.minimum.f < 1e-13);
    }
    free(s);
    discard(m);
}

/* A repeated column: logistic regression whose Hessian is singular everywhere. */
static void logistic_regression_of_deficient_rank(void **state)
{
    (void)state;
    struct model *m = generate(LOGISTIC, 200, 8, 2.0, 13), *reduced;
    for (size_t i = 0; i < m->n; i++)
        m->A[i * 8 + 1] = m->A[i * 8];
    reduced = generate(LOGISTIC, 200, 7, 2.0, 13);
    memcpy(reduced->b, m->b, m->n * sizeof *m->b);
    for (size_t i = 0; i < m->n; i++)
        memcpy(reduced->A + i * 7, m->A + i * 8 + 1, 7 * sizeof *m->A);
    double x[40] = {5.0, 3.0}, y[40] = {0};
    struct found found = minimise(m, NULL, x);
    must_be_found(found);
    must_be_found(minimise(reduced, NULL, y));
    assert_close(x[0] - x[1], 2.0, 1e-13); /* as at the start */
    y[0] -= x[0];
    assert_near(7, x + 1, y, 1e-12);
    discard(m);
    discard(reduced);
}

static void a_far_start_does_no_harm(void **state)
{
    (void)state;
    struct model *m = generate(LOGISTIC, 300, 12, 2.0, 7);
    double x[40] = {0}, y[40] = {0};
    for (size_t j = 0; j < m->d; j++)
        x[j] = j % 2 ? 1000.0 : -500.0;
    struct found far = minimise(m, NULL, x), near = minimise(m, NULL, y);
    must_be_found(far);
    must_be_found(near);
    assert_close(far.minimum.f, near.minimum.f, 1e-15);
    assert_near(m->d, x, y, 1e-13);
    discard(m);
}

static void separable_data_has_no_minimiser(void **state)
{
    (void)state;
    double x[40] = {0};
    struct model *m = generate(LOGISTIC, 100, 10, 0.0, 17);
    struct found found = minimise(m, NULL, x);
    assert_int_equal(found.failed, -1);
    assert_string_equal(found.why.text, "separable");

    struct stage *s = domains(m->d, 20.0); /* in a ball it has one: on the border */
    must_be_found(found = minimise(m, &s->C[1], x));
    assert_close(cblas_dnrm2(10, x, 1), 20.0, 1e-14);
    free(s);
    m->l2 = 1e-3;
    must_be_found(minimise(m, NULL, x));
    discard(m);
}

/* f = log(1 + exp(-x)) plus a constant: no x separates, yet the infimum is not attained.
 */
static void an_infimum_that_is_not_attained(void **state)
{
    (void)state;
    double x[1] = {0};
    struct model *m = generate(LOGISTIC, 3, 1, 0.0, 1);
    memcpy(m->A, (double[]){1.0, 0.0, 0.0}, 3 * sizeof *m->A);
    memcpy(m->b, (double[]){1.0, 1.0, -1.0}, 3 * sizeof *m->b);
    struct found found = minimise(m, NULL, x);
    assert_int_equal(found.failed, -1);
    assert_non_null(strstr(found.why.text, "no minimiser was certified"));
    discard(m);
}

static void what_the_solver_cannot_do_it_says(void **state)
{
    (void)state;
    struct lab_facts facts = {.d = 1, .convex = false};
    struct lab_domain none = {.d = 1};
    struct lab_minimum minimum;
    struct lab_error why = {""};
    double x[1] = {0};
    assert_int_equal(lab_minimise(&smooth, NULL, &none, &facts, x, &minimum, &why), -1);
    assert_string_equal(why.text, "the solver needs a convex problem");
}

/* f(x) = f_1(c x) for data c A: whatever can be told in doubles is found. */
static void the_scale_of_data_does_not_matter(void **state)
{
    (void)state;
    const double scale[] = {1e-60, 1e-9, 1e9, 1e60};
    for (int kind = SQUARES; kind <= ABSOLUTE; kind++) {
        struct model *m = generate(kind, 300, 12, 2.0, 7);
        double x[40] = {0}, y[40];
        struct found found = minimise(m, NULL, x), scaled;
        must_be_found(found);
        for (size_t k = 0; k < sizeof scale / sizeof *scale && kind != ABSOLUTE; k++) {
            memset(y, 0, sizeof y);
            cblas_dscal((int)(m->n * m->d), scale[k], m->A, 1);
            must_be_found(scaled = minimise(m, NULL, y));
            cblas_dscal((int)(m->n * m->d), 1.0 / scale[k], m->A, 1);
            cblas_dscal(12, scale[k], y, 1);
            assert_close(scaled.minimum.f, found.minimum.f, 1e-14);
            assert_near(12, y, x, 1e-11);
        }
        m->A[5] = 1e170; /* its square is no number */
        minimise(m, NULL, x);
        discard(m);
    }
}

/* ---- real data ---------------------------------------------------------- */

extern const struct lab_problem lab_problem_logistic, lab_problem_l1_regression;

/* A problem on the breast cancer data, over a domain of some size around 0; ‖x*‖. */
static struct found breast_cancer(const struct lab_problem *problem, const char *options,
                                  enum lab_domain_kind kind, double size, double *norm)
{
    void *self = lab_alloc(1, problem->base.size);
    struct lab_facts facts = {0};
    struct found found = {0};
    struct lab_mistakes mistakes = {0};
    struct lab_node *group = lab_config_value("problem", options, "here", &mistakes);
    lab_param_fill(problem->base.params, self, group, NULL, &mistakes);
    lab_node_free(group);
    assert_int_equal(mistakes.count, 0);
    if (problem->open(self, &facts, &found.why) != 0)
        fail_msg("%s", found.why.text);
    const size_t d = facts.d;
    double *x = lab_alloc(4 * d, sizeof *x);
    struct lab_domain C = {.kind = kind, .d = d, .radius = size, .center = x + d};
    C.lower = x + 2 * d, C.upper = x + 3 * d;
    for (size_t j = 0; j < d; j++)
        C.lower[j] = -size, C.upper[j] = size;
    problem->constants(self, &C, &facts);
    found.failed = lab_minimise(problem, self, &C, &facts, x, &found.minimum, &found.why);
    must_be_found(found);
    *norm = cblas_dnrm2((int)d, x, 1);
    problem->close(self);
    lab_param_release(problem->base.params, self);
    free(self);
    free(x);
    return found;
}

/* Reference optima of independent software. */
static void logistic_regression_has_its_known_minima(void **state)
{
    (void)state;
    const struct lab_problem *problem = &lab_problem_logistic;
    double norm;
    struct found found = breast_cancer(problem, "{ data = \"breast_cancer\"; l2 = 0.1; }",
                                       LAB_NO_DOMAIN, 0.0, &norm);
    assert_close(found.minimum.f, 0.2044826137347882, 1e-14);
    assert_close(norm, 1.1535589404719804, 1e-12);
    found = breast_cancer(problem, "{ data = \"breast_cancer\"; max_row_norm = 1; }",
                          LAB_BALL, 20.0, &norm);
    assert_close(found.minimum.f, 0.162530922898, 1e-11);
    assert_close(norm, 20.0, 1e-14);
}

/* Linear programs, solved by HiGHS (scipy.optimize.linprog). */
static void l1_regression_has_its_known_minima(void **state)
{
    (void)state;
    static const struct {
        enum lab_domain_kind kind;
        double size, f, norm;
    } known[] = {
        {LAB_NO_DOMAIN, 0.0, 0.3453578950572203, 4.800778515},
        {LAB_BALL, 5.0, 0.3453578950572203, 4.800778515},
        {LAB_BOX, 0.1, 0.4131720466277633, 0.4920186924},
        {LAB_BOX, 1.0, 0.3473609991765533, 2.125084273},
        {LAB_SIMPLEX, 0.0, 0.7451669595782073, 1.0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double norm;
        struct found found =
            breast_cancer(&lab_problem_l1_regression, "{ data = \"breast_cancer\"; }",
                          known[i].kind, known[i].size, &norm);
        assert_close(found.minimum.f, known[i].f, 2e-13);
        assert_close(norm, known[i].norm, 1e-9);
        assert_true(found.minimum.f - found.minimum.gap <= known[i].f);
    }
}

/* ---- where d is too large for matrices ---------------------------------- */

/* With L and mu, which matter here; L <= L_max. */
static struct lab_facts strong_facts(const struct model *m)
{
    struct lab_facts facts = facts_of(m);
    facts.L = facts.L_max;
    return facts;
}

/* Gradients alone find what Newton finds, and prove it truly. */
static void without_matrices_the_same_is_found(void **state)
{
    (void)state;
    for (size_t k = 0; k < 8; k++) {
        struct model *m = generate(k % 2 ? LOGISTIC : SQUARES, 300, 25, 0.5, 7 + k);
        m->l2 = pow(10.0, -1.0 - (double)(k / 2));
        double *x = lab_alloc(2 * m->d, sizeof *x), *y = x + m->d;
        struct found newton = minimise(m, NULL, x), found = {0};
        must_be_found(newton);
        struct lab_facts facts = strong_facts(m);
        struct lab_solve q = {.facts = &facts, .smooth = true, .f1 = 1.0, .natural = 0.1};
        q.n.problem = &smooth, q.n.self = m, q.n.d = m->d;
        for (size_t j = 0; j < m->d; j++)
            y[j] = j % 2 ? -3.0 : 20.0;
        found.failed = lab_descend(&q, y, &found.minimum, &found.why);
        must_be_found(found);
        assert_true(found.minimum.gap <= 1e-10 * found.minimum.f);
        assert_true(fabs(found.minimum.f - newton.minimum.f) <=
                    found.minimum.gap + newton.minimum.gap);
        assert_near(m->d, y, x, 1e-6);
        free(x), discard(m);
    }
}

/* Ridge regression, d > n: f* = (l2/2) <b, (AA' + n l2 I)^-1 b>.  What is not strongly
 * convex, or has a domain, is left alone; so is what cannot be certified. */
static void many_dimensions(void **state)
{
    (void)state;
    enum { N = 40, D = 4500 };
    struct model *m = generate(SQUARES, N, D, 0.5, 3);
    m->l2 = 5.0;
    double *x = lab_alloc(D, sizeof *x), K[N * N] = {0}, z[N];
    struct lab_facts facts = strong_facts(m);
    struct lab_domain C = {.d = D};
    struct lab_minimum minimum;
    struct lab_error why = {""};
    assert_int_equal(lab_minimise(&smooth, m, &C, &facts, x, &minimum, &why), 0);
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, N, D, 1.0, m->A, D, 0.0, K, N);
    for (size_t i = 0; i < N; i++)
        K[i * N + i] += N * m->l2, z[i] = m->b[i];
    assert_int_equal(LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', N, 1, K, N, z, 1), 0);
    double f = 0.5 * m->l2 * cblas_ddot(N, m->b, 1, z, 1), value;
    assert_close(minimum.f, f, 1e-12);
    assert_true(minimum.f - minimum.gap <= f * (1.0 + 1e-13));
    assert_non_null(strstr(minimum.source, "L-BFGS"));
    objective(m, 1, x, &value, NULL);
    assert_close(value, f, 1e-12);

    memset(x, 0, D * sizeof *x);
    facts.mu.value = 1e-40; /* true, but proves nothing */
    assert_int_equal(lab_minimise(&smooth, m, &C, &facts, x, &minimum, &why), -1);
    assert_non_null(strstr(why.text, "no minimum was certified"));
    facts.mu.value = 0.0;
    why.text[0] = '\0';
    assert_int_equal(lab_minimise(&smooth, m, &C, &facts, x, &minimum, &why), -1);
    assert_non_null(strstr(why.text, "d = 4500 is beyond the 4000"));
    facts.mu.value = 5.0, why.text[0] = '\0', C.kind = LAB_SIMPLEX;
    assert_int_equal(lab_minimise(&smooth, m, &C, &facts, x, &minimum, &why), -1);
    assert_non_null(strstr(why.text, "d = 4500 is beyond the 4000"));
    free(x), discard(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quadratic_on_a_ball),
        cmocka_unit_test(quadratic_on_a_box),
        cmocka_unit_test(quadratic_on_a_simplex),
        cmocka_unit_test(smooth_problems_agree_with_gradient_descent),
        cmocka_unit_test(absolute_errors_reach_the_dual_bound),
        cmocka_unit_test(the_median_minimises_absolute_errors),
        cmocka_unit_test(absolute_errors_of_a_perfect_fit),
        cmocka_unit_test(of_many_minimisers_the_nearest_is_found),
        cmocka_unit_test(interpolation_inside_a_domain),
        cmocka_unit_test(logistic_regression_of_deficient_rank),
        cmocka_unit_test(a_far_start_does_no_harm),
        cmocka_unit_test(separable_data_has_no_minimiser),
        cmocka_unit_test(an_infimum_that_is_not_attained),
        cmocka_unit_test(the_scale_of_data_does_not_matter),
        cmocka_unit_test(what_the_solver_cannot_do_it_says),
        cmocka_unit_test(logistic_regression_has_its_known_minima),
        cmocka_unit_test(l1_regression_has_its_known_minima),
        cmocka_unit_test(a_ball_that_just_matters),
        cmocka_unit_test(without_matrices_the_same_is_found),
        cmocka_unit_test(many_dimensions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
