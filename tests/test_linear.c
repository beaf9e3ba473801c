/*
 * tests/test_linear.c -- linear models: gradients, exact values, constants, what the
 * solver is told, and that no number depends on the company it is computed in.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/plugin.h"
#include "lab/rows.h"
#include "lab/spectrum.h"
#include "tests/lab_test.h"

extern const struct lab_problem lab_problem_logistic, lab_problem_least_squares,
    lab_problem_l1_regression;

static const struct lab_problem *const all[] = {
    &lab_problem_logistic, &lab_problem_least_squares, &lab_problem_l1_regression};
enum { PROBLEMS = 3, LOGISTIC = 0, SQUARES = 1, ABSOLUTE = 2 };

/* Sizes below and above the one from which panels are used. */
static const size_t small_n = 150, large_n = 2003, odd_d = 19;

static const struct lab_domain anywhere = {.kind = LAB_NO_DOMAIN};
static gsl_rng *rng;

/* An opened problem; `n` = 0: breast_cancer. */
static struct lab_linear *open_problem(const struct lab_problem *problem, size_t n,
                                       size_t d, double l2, struct lab_facts *facts)
{
    struct lab_linear *p = lab_alloc(1, problem->base.size);
    struct lab_error err = {""};
    lab_param_defaults(problem->base.params, p);
    free((void *)p->spec.data);
    p->spec.data = lab_text("%s", n ? "synthetic" : "breast_cancer");
    p->spec.n = n, p->spec.d = d;
    p->l2 = l2;
    memset(facts, 0, sizeof *facts);
    if (problem->open(p, facts, &err))
        fail_msg("%s", err.text);
    return p;
}

static void close_problem(const struct lab_problem *problem, struct lab_linear *p)
{
    problem->close(p);
    lab_param_release(problem->base.params, p);
    free(p);
}

static double *gaussians(size_t count, double sigma)
{
    double *x = lab_alloc(count, sizeof *x);
    lab_draw_gaussian(rng, sigma, count, x);
    return x;
}

/* A ball or box around 0 of the given size. */
static struct lab_domain domain(enum lab_domain_kind kind, size_t d, double size)
{
    struct lab_domain C = {.kind = kind, .d = d, .radius = size};
    C.center = lab_alloc(3 * d, sizeof *C.center);
    C.lower = C.center + d, C.upper = C.lower + d;
    for (size_t j = 0; j < d; j++)
        C.lower[j] = -size, C.upper[j] = 0.7 * size;
    return C;
}

/* ---- exp and log1p ---------------------------------------------------- */

enum { MANY = 4096 };

LAB_HOT static void exps(const double *restrict x, double *restrict y)
{
#pragma omp simd
    for (size_t i = 0; i < MANY; i++)
        y[i] = lab_exp(x[i]);
}

LAB_HOT static void logs(const double *restrict x, double *restrict y)
{
#pragma omp simd
    for (size_t i = 0; i < MANY; i++)
        y[i] = lab_log1p_unit(x[i]);
}

static void test_exp(void **state)
{
    (void)state;
    static double x[MANY], y[MANY];
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < MANY; i++)
            x[i] = -745.0 + 1454.0 * gsl_rng_uniform(rng);
        exps(x, y);
        for (size_t i = 0; i < MANY; i++) {
            double error = (double)fabsl((long double)y[i] - expl((long double)x[i]));
            assert_true(error <= 2.2e-16 * y[i] + 5e-324);
        }
    }
    assert_true(lab_exp(0.0) == 1.0 && lab_exp(-INFINITY) == 0.0);
    assert_true(isinf(lab_exp(INFINITY)) && isinf(lab_exp(710.0)) && isnan(lab_exp(NAN)));
}

static void test_log1p(void **state)
{
    (void)state;
    static double x[MANY], y[MANY];
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < MANY; i++)
            x[i] = round % 2 ? gsl_rng_uniform(rng) : exp(-700.0 * gsl_rng_uniform(rng));
        logs(x, y);
        for (size_t i = 0; i < MANY; i++)
            assert_close(y[i], (double)log1pl((long double)x[i]), 5e-16);
    }
    assert_true(lab_log1p_unit(0.0) == 0.0);
    assert_close(lab_log1p_unit(1.0), M_LN2, 1e-16);
}

/* ---- values and gradients --------------------------------------------- */

/* phi in long double, by its definition. */
static long double phi(size_t kind, double z, double b)
{
    long double r = (long double)z - b, m = (long double)z * b;
    return kind == LOGISTIC  ? (m < 0 ? -m : 0) + log1pl(expl(-fabsl(m)))
           : kind == SQUARES ? r * r / 2
                             : fabsl(r);
}

static double reference(size_t kind, const struct lab_linear *p, const double *x)
{
    long double sum = 0.0L, norm2 = 0.0L;
    for (size_t i = 0; i < p->set->n; i++) {
        long double z = 0.0L;
        for (size_t j = 0; j < p->set->d; j++)
            z += (long double)p->set->A[i * p->set->stride + j] * x[j];
        sum += phi(kind, (double)z, p->set->b[i]);
    }
    for (size_t j = 0; j < p->set->d; j++)
        norm2 += (long double)x[j] * x[j];
    return (double)(sum / p->set->n + (long double)p->l2 * norm2 / 2);
}

static void test_value(void **state)
{
    (void)state;
    struct lab_facts facts;
    for (size_t k = 0; k < PROBLEMS; k++)
        for (int large = 0; large < 2; large++) {
            struct lab_linear *p =
                open_problem(all[k], large ? large_n : small_n, odd_d, 0.3, &facts);
            double *x = gaussians(3 * odd_d, 1.0), f[3];
            all[k]->objective(p, 3, x, f, NULL);
            for (size_t c = 0; c < 3; c++)
                assert_close(f[c], reference(k, p, x + c * odd_d), 1e-13);
            free(x);
            close_problem(all[k], p);
        }
}

/* Losses near zero keep their digits: margins of 20 and more. */
static void test_tiny_losses(void **state)
{
    (void)state;
    struct lab_facts facts;
    double z[8], b[8], loss[8];
    struct lab_linear *p = open_problem(all[LOGISTIC], large_n, odd_d, 0.0, &facts);
    for (size_t i = 0; i < 8; i++)
        z[i] = 20.0 + 30.0 * (double)i, b[i] = 1.0;
    p->loss.each(p, 8, z, b, loss, NULL);
    for (size_t i = 0; i < 8; i++)
        assert_close(loss[i], log1p(exp(-z[i])), 1e-15);
    close_problem(all[LOGISTIC], p);
}

static void test_finite_differences(void **state)
{
    (void)state;
    struct lab_facts facts;
    const double h = 1e-5;
    for (size_t k = 0; k < PROBLEMS; k++)
        for (int large = 0; large < 2; large++) {
            struct lab_linear *p =
                open_problem(all[k], large ? large_n : small_n, odd_d, 0.3, &facts);
            double *x = gaussians(odd_d, 1.0), *g = gaussians(odd_d, 1.0), f, up, down;
            all[k]->objective(p, 1, x, &f, g);
            for (size_t j = 0; j < odd_d; j++) {
                double keep = x[j];
                x[j] = keep + h;
                all[k]->objective(p, 1, x, &up, NULL);
                x[j] = keep - h;
                all[k]->objective(p, 1, x, &down, NULL);
                x[j] = keep;
                assert_true(fabs((up - down) / (2.0 * h) - g[j]) <
                            (k == ABSOLUTE ? 1e-2 : 1e-9));
            }
            free(x), free(g);
            close_problem(all[k], p);
        }
}

/* The mean of all n sampled gradients is the gradient, of the losses the loss;
 * components() says the same of each. */
static void test_enumeration(void **state)
{
    (void)state;
    struct lab_facts facts;
    for (size_t k = 0; k < PROBLEMS; k++)
        for (int ridge = 0; ridge < 2; ridge++) {
            struct lab_linear *p = open_problem(all[k], 0, 0, 0.1 * ridge, &facts);
            const size_t n = facts.n, d = facts.d;
            double *x = gaussians(d, 1.0), *full = lab_alloc(d, sizeof *full), f;
            double *g = lab_alloc(n * d, sizeof *g), *loss = lab_alloc(n, sizeof *loss);
            double *X = lab_alloc(n * d, sizeof *X), *mean = lab_alloc(d, sizeof *mean);
            double *l = lab_alloc(n, sizeof *l), *g2 = lab_alloc(n, sizeof *g2),
                   sum = 0.0;
            uint32_t *index = lab_alloc(n, sizeof *index);
            for (size_t i = 0; i < n; i++) {
                index[i] = (uint32_t)i;
                memcpy(X + i * d, x, d * sizeof *x);
            }
            all[k]->objective(p, 1, x, &f, full);
            all[k]->gradient(p,
                             &(struct lab_sample){.batch = 1, .index = index, .known = n},
                             n, X, g, loss);
            all[k]->components(p, x, l, g2);
            for (size_t i = 0; i < n; i++) {
                double norm2 = 0.0;
                for (size_t j = 0; j < d; j++) {
                    mean[j] += g[i * d + j] / (double)n;
                    norm2 += g[i * d + j] * g[i * d + j];
                }
                sum += loss[i] / (double)n;
                assert_close(l[i], loss[i], 1e-12);
                assert_true(fabs(g2[i] - norm2) <= 1e-11 * (norm2 + 1e-3));
            }
            assert_close(sum, f, 1e-12);
            for (size_t j = 0; j < d; j++)
                assert_true(fabs(mean[j] - full[j]) < 1e-12);
            /* One batch of all n points. */
            all[k]->gradient(p,
                             &(struct lab_sample){.batch = n, .index = index, .known = n},
                             1, x, mean, &sum);
            assert_close(sum, f, 1e-12);
            for (size_t j = 0; j < d; j++)
                assert_true(fabs(mean[j] - full[j]) < 1e-12);
            free(x), free(full), free(g), free(loss), free(X), free(mean), free(l);
            free(g2), free(index);
            close_problem(all[k], p);
        }
}

/* ---- place and company ------------------------------------------------ */

static void test_objective_alone(void **state)
{
    (void)state;
    struct lab_facts facts;
    enum { MOST = 130 };
    for (size_t k = 0; k < PROBLEMS; k++)
        for (size_t n = small_n; n <= large_n; n += large_n - small_n) {
            struct lab_linear *p = open_problem(all[k], n, odd_d, 0.1, &facts);
            const size_t d = odd_d;
            double *x = gaussians(d, 1.0), f0, f1, f[MOST];
            double *g0 = lab_alloc(d, sizeof *g0), *g = lab_alloc(MOST * d, sizeof *g);
            all[k]->objective(p, 1, x, &f0, NULL);
            all[k]->objective(p, 1, x, &f1, g0);
            assert_true(f0 == f1);
            for (size_t count = 1; count <= MOST; count++) {
                double *X = gaussians(MOST * d, 2.0);
                size_t place = gsl_rng_uniform_int(rng, count);
                if (count > 1) /* a run that diverged beside it */
                    X[(place + 1) % count * d] = NAN;
                memcpy(X + place * d, x, d * sizeof *x);
                all[k]->objective(p, count, X, f, count % 3 ? g : NULL);
                assert_true(f[place] == f0);
                if (count % 3)
                    assert_memory_equal(g + place * d, g0, d * sizeof *g);
                free(X);
            }
            free(x), free(g0), free(g);
            close_problem(all[k], p);
        }
}

static void test_gradient_alone(void **state)
{
    (void)state;
    struct lab_facts facts;
    enum { MOST = 37, BATCH = 5 };
    for (size_t k = 0; k < PROBLEMS; k++)
        for (size_t batch = 1; batch <= BATCH; batch += 2) {
            struct lab_linear *p = open_problem(all[k], large_n, odd_d, 0.1, &facts);
            const size_t d = odd_d;
            double *x = gaussians(d, 1.0), *g0 = lab_alloc(d, sizeof *g0), f0, f[MOST];
            double *g = lab_alloc(MOST * d, sizeof *g);
            uint32_t index[MOST * BATCH], mine[BATCH] = {7, 1999, 3, 7, 2002};
            all[k]->gradient(
                p, &(struct lab_sample){.batch = batch, .index = mine, .known = batch}, 1,
                x, g0, &f0);
            for (size_t replicas = 1; replicas <= MOST; replicas++) {
                double *X = gaussians(MOST * d, 2.0);
                size_t place = gsl_rng_uniform_int(rng, replicas);
                size_t known = replicas * batch;
                known += gsl_rng_uniform_int(rng, MOST * BATCH - known + 1);
                lab_draw_indices(rng, large_n, MOST * BATCH, index);
                memcpy(X + place * d, x, d * sizeof *x);
                memcpy(index + place * batch, mine, batch * sizeof *mine);
                all[k]->gradient(
                    p,
                    &(struct lab_sample){.batch = batch, .index = index, .known = known},
                    replicas, X, g, f);
                assert_true(f[place] == f0);
                assert_memory_equal(g + place * d, g0, d * sizeof *g);
                free(X);
            }
            free(x), free(g0), free(g);
            close_problem(all[k], p);
        }
}

/* ---- constants -------------------------------------------------------- */

static void test_reference_constants(void **state)
{
    (void)state;
    struct lab_facts facts;
    struct lab_linear *p = open_problem(all[LOGISTIC], 0, 0, 0.1, &facts);
    all[LOGISTIC]->constants(p, &anywhere, &facts);
    assert_int_equal(facts.n, 569);
    assert_int_equal(facts.d, 31);
    assert_close(facts.L.value, 3.4204019205644802, 1e-12); /* and no less */
    assert_true(facts.L.value >= 3.4204019205644802);
    assert_close(facts.L_max.value, 105.88026633078645, 1e-13);
    assert_true(facts.mu.value == 0.1 && facts.mu.status == LAB_ANALYTIC);
    assert_int_equal(facts.G.status, LAB_UNKNOWN);
    assert_close(facts.sigma2.value, 31.0, 1e-13);
    close_problem(all[LOGISTIC], p);

    p = open_problem(all[LOGISTIC], 0, 0, 0.0, &facts);
    all[LOGISTIC]->constants(p, &anywhere, &facts);
    assert_close(facts.G.value, 2.0 * sqrt(105.78026633078645), 1e-13);
    assert_close(facts.G2.value, 31.0, 1e-13);
    assert_true(facts.mu.value == 0.0);
    close_problem(all[LOGISTIC], p);
}

/* Over a ball and a box: G, G2 and sigma2 bound what is met there, L and mu every
 * secant. */
static void check_constants(size_t k, double l2, const struct lab_domain *C,
                            struct lab_linear *p, struct lab_facts *facts)
{
    const size_t n = facts->n, d = facts->d;
    double *g2 = lab_alloc(2 * n, sizeof *g2), *l = g2 + n, f[2];
    double *x = lab_alloc(2 * d, sizeof *x), *g = lab_alloc(2 * d, sizeof *g);
    all[k]->constants(p, C, facts);
    for (int round = 0; round < 50; round++) {
        double *far = gaussians(2 * d, round % 2 ? 3.0 : 0.1), mean = 0.0, full = 0.0;
        memcpy(x, far, 2 * d * sizeof *x);
        lab_domain_project(C, 2, x);
        all[k]->components(p, x, l, g2);
        all[k]->objective(p, 2, x, f, g);
        for (size_t i = 0; i < n; i++) {
            assert_true(sqrt(g2[i]) <= facts->G.value * (1.0 + 1e-12));
            mean += g2[i] / (double)n;
        }
        double dx2 = 0.0, dg2 = 0.0, monotone = 0.0;
        for (size_t j = 0; j < d; j++) {
            double dx = x[j] - x[d + j], dg = g[j] - g[d + j];
            full += g[j] * g[j];
            dx2 += dx * dx, dg2 += dg * dg, monotone += dx * dg;
        }
        assert_true(mean <= facts->G2.value * (1.0 + 1e-12));
        assert_true(mean - full <= facts->sigma2.value * (1.0 + 1e-12));
        assert_true(monotone >= facts->mu.value * dx2 - 1e-12);
        if (k != ABSOLUTE)
            assert_true(dg2 <= facts->L.value * facts->L.value * dx2 + 1e-12);
        else
            assert_int_equal(facts->L.status, LAB_UNKNOWN);
        free(far);
    }
    assert_true(facts->mu.value >= l2);
    free(g2), free(x), free(g);
}

static void test_constants(void **state)
{
    (void)state;
    struct lab_facts facts;
    for (size_t k = 0; k < PROBLEMS; k++)
        for (int ridge = 0; ridge < 2; ridge++) {
            double l2 = 0.5 * ridge;
            struct lab_linear *p = open_problem(all[k], 400, odd_d, l2, &facts);
            struct lab_domain ball = domain(LAB_BALL, odd_d, 2.0);
            struct lab_domain box = domain(LAB_BOX, odd_d, 1.0);
            check_constants(k, l2, &ball, p, &facts);
            check_constants(k, l2, &box, p, &facts);
            free(ball.center), free(box.center);
            close_problem(all[k], p);
        }
}

/* More columns than rows: mu is l2, exactly. */
static void test_rank_deficient(void **state)
{
    (void)state;
    struct lab_facts facts;
    for (int ridge = 0; ridge < 2; ridge++) {
        struct lab_linear *p = open_problem(all[SQUARES], 20, 30, 0.25 * ridge, &facts);
        all[SQUARES]->constants(p, &anywhere, &facts);
        assert_true(facts.mu.value == 0.25 * ridge);
        assert_int_equal(facts.G.status, LAB_UNKNOWN);
        assert_int_equal(facts.sigma2.status, LAB_UNKNOWN);
        close_problem(all[SQUARES], p);
    }
}

/* ---- for the solver --------------------------------------------------- */

static void test_model(void **state)
{
    (void)state;
    struct lab_facts facts;
    const double s = 0.3, h = 1e-5;
    for (size_t k = 0; k < PROBLEMS; k++) {
        struct lab_linear *p = open_problem(all[k], large_n, odd_d, 0.3, &facts);
        const size_t d = odd_d;
        double *x = gaussians(d, 1.0), *g = lab_alloc(3 * d, sizeof *g), f;
        double *H = lab_alloc(d * d, sizeof *H), *other = lab_alloc(d * d, sizeof *other);
        double F = all[k]->model(p, s, x, g, H);
        all[k]->objective(p, 1, x, &f, NULL);
        assert_true(k == ABSOLUTE ? fabs(F - f) <= 2.0 * s : fabs(F - f) <= 1e-13 * f);
        for (size_t i = 0; i < d; i++) {
            double keep = x[i];
            x[i] = keep + h;
            double up = all[k]->model(p, s, x, g + d, other);
            x[i] = keep - h;
            double down = all[k]->model(p, s, x, g + 2 * d, other);
            x[i] = keep;
            assert_true(fabs((up - down) / (2.0 * h) - g[i]) < 1e-8);
            for (size_t j = 0; j < d; j++) {
                assert_true(fabs((g[d + j] - g[2 * d + j]) / (2.0 * h) - H[i * d + j]) <
                            1e-8);
                assert_true(H[i * d + j] == H[j * d + i]);
            }
        }
        free(x), free(g), free(H), free(other);
        close_problem(all[k], p);
    }
}

/* As the smoothing goes to zero, |r| stays between its bounds. */
static void test_smoothing(void **state)
{
    (void)state;
    struct lab_facts facts;
    struct lab_linear *p = open_problem(all[ABSOLUTE], large_n, odd_d, 0.0, &facts);
    double *x = gaussians(odd_d, 1.0), f;
    double *g = lab_alloc(odd_d, sizeof *g), *H = lab_alloc(odd_d * odd_d, sizeof *H);
    all[ABSOLUTE]->objective(p, 1, x, &f, NULL);
    for (double s = 10.0; s > 1e-14; s *= 0.1) {
        double F = all[ABSOLUTE]->model(p, s, x, g, H);
        assert_true(F <= f + s + 1e-15);
        assert_true(F >= f - 0.5 * s * log1p(100.0 / s) - 1e-15);
    }
    free(x), free(g), free(H);
    close_problem(all[ABSOLUTE], p);
}

/* Whatever x it is asked at, the bound is below f everywhere in C. */
static void test_lower(void **state)
{
    (void)state;
    struct lab_facts facts;
    const struct lab_problem *l1 = all[ABSOLUTE];
    for (int ridge = 0; ridge < 2; ridge++) {
        struct lab_linear *p = open_problem(l1, 300, odd_d, 0.2 * ridge, &facts);
        struct lab_domain C[] = {anywhere,
                                 domain(LAB_BALL, odd_d, 1.5),
                                 domain(LAB_BOX, odd_d, 0.5),
                                 {.kind = LAB_SIMPLEX, .d = odd_d}};
        C[0].d = odd_d;
        for (size_t c = 0; c < 4; c++)
            for (int round = 0; round < 40; round++) {
                double *x = gaussians(2 * odd_d, 0.3), f[2];
                lab_domain_project(&C[c], 2, x);
                l1->objective(p, 2, x, f, NULL);
                double low = l1->lower(p, pow(10.0, -round % 14), &C[c], x);
                assert_true(low <= f[0] + 1e-13 && low <= f[1] + 1e-13);
                free(x);
            }
        free(C[1].center), free(C[2].center);
        close_problem(l1, p);
    }
}

/* ---- sparse rows ------------------------------------------------------ */

/* A LIBSVM file of n x d numbers, those that are zero left out; unlink() it. */
static char *write_sparse(size_t n, size_t d, const double *A, const double *b)
{
    char *path = lab_text("/tmp/lab_test_linear.XXXXXX");
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "%.17g", b[i]);
        for (size_t j = 0; j < d; j++)
            if (A[i * d + j] != 0.0 || j + 1 == d)
                fprintf(file, " %zu:%.17g", j + 1, A[i * d + j]);
        fprintf(file, "\n");
    }
    fclose(file);
    return path;
}

/* Gaussians of which a share `filled` is kept; row 3 and column 5 empty. */
static double *mostly_zeros(size_t n, size_t d, double filled)
{
    double *A = gaussians(n * d, 1.0);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            if (i == 3 || j == 5 || gsl_rng_uniform(rng) > filled)
                A[i * d + j] = 0.0;
    return A;
}

static struct lab_linear *open_file(const struct lab_problem *problem, const char *path,
                                    enum lab_storage storage, bool bias, double l2,
                                    struct lab_facts *facts)
{
    struct lab_linear *p = lab_alloc(1, problem->base.size);
    struct lab_error err = {""};
    lab_param_defaults(problem->base.params, p);
    free((void *)p->spec.data), free((void *)p->spec.normalize);
    p->spec.data = lab_text("%s", path), p->spec.normalize = lab_text("none");
    p->spec.storage = storage, p->spec.bias = bias, p->l2 = l2;
    memset(facts, 0, sizeof *facts);
    if (problem->open(p, facts, &err))
        fail_msg("%s", err.text);
    assert_true(lab_is_sparse(p->set) == (storage == LAB_SPARSE));
    return p;
}

static void assert_same(size_t count, const double *x, const double *y, double tolerance)
{
    double most = 0.0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(x[i]));
    for (size_t i = 0; i < count; i++)
        assert_true(fabs(x[i] - y[i]) <= tolerance * (most + 1e-300));
}

static void assert_same_fact(const struct lab_fact *x, const struct lab_fact *y)
{
    assert_int_equal(x->status, y->status);
    assert_string_equal(x->source, y->source);
    if (x->status != LAB_UNKNOWN)
        assert_true(fabs(x->value - y->value) <= 1e-12 * fabs(x->value));
}

/* Everything that two storages of the same rows say, of POINTS points. */
static void compare_storages(const struct lab_problem *problem, struct lab_linear *p[2],
                             struct lab_facts facts[2])
{
    enum { POINTS = 7, BATCH = 3 };
    const size_t n = facts[0].n, d = facts[0].d;
    double *x = gaussians(POINTS * d, 0.5), *g[2], *f[2], *H[2];
    uint32_t index[POINTS * BATCH];
    lab_draw_indices(rng, n, POINTS * BATCH, index);
    index[2] = 3; /* the empty row */
    for (size_t s = 0; s < 2; s++) {
        g[s] = lab_alloc(POINTS * d + n, sizeof *g[s]);
        f[s] = lab_alloc(POINTS + 2 * n, sizeof *f[s]);
        H[s] = lab_alloc(d * d, sizeof *H[s]);
        const struct lab_sample sample = {
            .batch = BATCH, .index = index, .known = POINTS * BATCH};
        problem->gradient(p[s], &sample, POINTS, x, g[s], f[s]);
    }
    assert_same(POINTS, f[0], f[1], 1e-13);
    assert_same(POINTS * d, g[0], g[1], 1e-13);
    for (size_t s = 0; s < 2; s++)
        problem->objective(p[s], POINTS, x, f[s], g[s]);
    assert_same(POINTS, f[0], f[1], 1e-13);
    assert_same(POINTS * d, g[0], g[1], 1e-13);
    for (size_t s = 0; s < 2; s++)
        problem->components(p[s], x, f[s], f[s] + n);
    assert_same(n, f[0], f[1], 1e-13);
    for (size_t i = n; i < 2 * n; i++)
        assert_close(f[0][i], f[1][i], 1e-12);
    double F[2];
    for (size_t s = 0; s < 2; s++)
        F[s] = problem->model(p[s], 0.1, x, g[s], H[s]);
    assert_same(1, &F[0], &F[1], 1e-13);
    assert_same(d, g[0], g[1], 1e-13);
    assert_same(d * d, H[0], H[1], 1e-13);
    for (size_t s = 0; s < 2; s++)
        free(g[s]), free(f[s]), free(H[s]);
    free(x);
}

static void test_sparse_is_dense(void **state)
{
    (void)state;
    for (size_t round = 0; round < 4 * PROBLEMS; round++) {
        const struct lab_problem *problem = all[round % PROBLEMS];
        const bool wide = round / PROBLEMS % 2, ridge = round / PROBLEMS / 2;
        const size_t n = wide ? 30 : 300, d = wide ? 50 : 18;
        double *A = mostly_zeros(n, d, 0.3), *b = lab_alloc(n, sizeof *b);
        for (size_t i = 0; i < n; i++)
            b[i] = gsl_rng_uniform(rng) < 0.5 ? -1.0 : 1.0;
        char *path = write_sparse(n, d, A, b);
        struct lab_facts facts[2];
        struct lab_linear *p[2];
        for (size_t s = 0; s < 2; s++)
            p[s] = open_file(problem, path, s ? LAB_SPARSE : LAB_DENSE, !wide,
                             0.2 * ridge, &facts[s]);
        compare_storages(problem, p, facts);
        const size_t columns = facts[0].d;
        struct lab_domain C[] = {anywhere,
                                 domain(LAB_BALL, columns, 1.5),
                                 domain(LAB_BOX, columns, 0.5),
                                 {.kind = LAB_SIMPLEX, .d = columns}};
        C[0].d = columns, C[1].center[2] = 0.3;
        for (size_t c = 0; c < 4; c++) {
            for (size_t s = 0; s < 2; s++)
                problem->constants(p[s], &C[c], &facts[s]);
            assert_same_fact(&facts[0].L, &facts[1].L);
            assert_same_fact(&facts[0].L_max, &facts[1].L_max);
            assert_same_fact(&facts[0].mu, &facts[1].mu);
            assert_same_fact(&facts[0].PL, &facts[1].PL);
            assert_same_fact(&facts[0].G, &facts[1].G);
            assert_same_fact(&facts[0].G2, &facts[1].G2);
            assert_same_fact(&facts[0].sigma2, &facts[1].sigma2);
            double *x = gaussians(columns, 0.2), low[2];
            lab_domain_project(&C[c], 1, x);
            for (size_t s = 0; s < 2 && problem->lower; s++)
                low[s] = problem->lower(p[s], 1e-3, &C[c], x);
            assert_true(!problem->lower ||
                        fabs(low[0] - low[1]) <= 1e-9 * (1.0 + low[0]));
            free(x);
        }
        free(C[1].center), free(C[2].center);
        close_problem(problem, p[0]), close_problem(problem, p[1]);
        unlink(path), free(path), free(A), free(b);
    }
}

/* A sparse replica's results do not depend on its company either. */
static void test_sparse_alone(void **state)
{
    (void)state;
    enum { N = 200, D = 21, MOST = 11 };
    double *A = mostly_zeros(N, D, 0.2), *b = gaussians(N, 1.0);
    char *path = write_sparse(N, D, A, b);
    struct lab_facts facts;
    struct lab_linear *p = open_file(all[ABSOLUTE], path, LAB_SPARSE, false, 0.1, &facts);
    double *x = gaussians(MOST * D, 1.0), g0[D], f0, f[MOST], g[MOST * D];
    for (size_t count = 1; count <= MOST; count++)
        for (size_t place = 0; place < count; place++) {
            all[ABSOLUTE]->objective(p, 1, x + place * D, &f0, g0);
            all[ABSOLUTE]->objective(p, count, x, f, g);
            assert_true(f[place] == f0);
            assert_memory_equal(g + place * D, g0, sizeof g0);
        }
    free(x), free(A), free(b);
    unlink(path), free(path);
    close_problem(all[ABSOLUTE], p);
}

/* ---- spectrum --------------------------------------------------------- */

/* The bound in O(entries) is above the greatest eigenvalue, near it where A >= 0, never
 * above the trace. */
static void test_spectrum_bound(void **state)
{
    (void)state;
    for (int round = 0; round < 40; round++) {
        const size_t n = 20 + 9 * (size_t)(round % 5), d = 24 + 7 * (size_t)(round % 4);
        const bool positive = round % 2;
        double *A = mostly_zeros(n, d, 0.02 * (1 + round)), *b = gaussians(n, 1.0);
        for (size_t i = 0; positive && i < n * d; i++)
            A[i] = fabs(A[i]);
        char *path = write_sparse(n, d, A, b);
        struct lab_facts facts;
        struct lab_linear *p = open_file(
            all[SQUARES], path, round % 3 ? LAB_SPARSE : LAB_DENSE, false, 0.0, &facts);
        double trace = 0.0;
        for (size_t i = 0; i < n * d; i++)
            trace += A[i] * A[i] / (double)n;
        struct lab_spectrum exact = lab_spectrum_of(p->set, LAB_SPECTRUM_MOST);
        struct lab_spectrum bound = lab_spectrum_of(p->set, 0);
        assert_true(exact.exact && !bound.exact);
        assert_true(bound.greatest >= exact.greatest - exact.error);
        assert_true(bound.greatest <= trace * (1.0 + 1e-3));
        if (positive)
            assert_true(bound.greatest <= 1.02 * exact.greatest);
        free(A), free(b);
        unlink(path), free(path);
        close_problem(all[SQUARES], p);
    }
}

/* Ranks that are plain, of numbers of all sizes. */
static void test_rank(void **state)
{
    static const struct {
        size_t n, d, rank;
        double A[9], b[3];
    } table[] = {
        {3, 3, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, -1, 1}},
        {3, 3, 3, {1, 2, 3, 4, 5, 6, 7, 8, 10}, {1, -1, 1}},
        {3,
         3,
         1,
         {0x1p-1000, 0x3p-1000, 0x5p-1000, 2, 6, 10, -0x1p600, -0x3p600, -0x5p600},
         {1, -1, 1}},
        {2, 3, 2, {0.1, 0.2, 0.3, 1, 2, 3.0000000000000004}, {1, -1}},
        {3, 2, 1, {0, 0.7, 0, -0.3, 0, 5}, {1, -1, 1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *path = write_sparse(table[i].n, table[i].d, table[i].A, table[i].b);
        struct lab_facts facts;
        struct lab_linear *p =
            open_file(all[SQUARES], path, LAB_DENSE, false, 0.0, &facts);
        assert_int_equal(lab_spectrum_rank(p->set), table[i].rank);
        close_problem(all[SQUARES], p);
        unlink(path), free(path);
    }
}

/* A = (1 0 0; 0 2 2; 0 1 1): A'A = 1 + 5 (1 1; 1 1), with eigenvalues 1, 10, 0.  Over
 * n = 3: L = 10/3, PL = 1/3, mu = 0. */
static void test_lojasiewicz(void **state)
{
    (void)state;
    static const double A[] = {1, 0, 0, 0, 2, 2, 0, 1, 1}, b[] = {1, -1, 0.5};
    char *path = write_sparse(3, 3, A, b);
    for (enum lab_storage s = LAB_DENSE; s <= LAB_SPARSE; s += 2)
        for (int ridge = 0; ridge < 2; ridge++) {
            struct lab_facts facts;
            struct lab_linear *p =
                open_file(all[SQUARES], path, s, false, 0.5 * ridge, &facts);
            all[SQUARES]->constants(p, &anywhere, &facts);
            assert_close(facts.L.value, 10.0 / 3.0 + 0.5 * ridge, 1e-13);
            assert_true(facts.mu.value == 0.5 * ridge);
            if (ridge) { /* mu will do */
                assert_int_equal(facts.PL.status, LAB_UNKNOWN);
            } else {
                assert_int_equal(facts.PL.status, LAB_COMPUTED);
                assert_close(facts.PL.value, 1.0 / 3.0, 1e-13);
                assert_true(facts.PL.value <= 1.0 / 3.0);
                /* f* = (1/6) min over t of (2t+1)^2 + (t-1/2)^2 = (1/6) (4/5), t = -3/10 */
                for (int round = 0; round < 50; round++) {
                    double *x = gaussians(3, 2.0), f, g[3];
                    all[SQUARES]->objective(p, 1, x, &f, g);
                    assert_true(g[0] * g[0] + g[1] * g[1] + g[2] * g[2] >=
                                2.0 * facts.PL.value * (f - 0.8 / 6.0) - 1e-14);
                    free(x);
                }
            }
            close_problem(all[SQUARES], p);
        }
    unlink(path), free(path);

    /* Nearly rank-deficient, (1 1+1e-9; 2 2): rounding hides the second eigenvalue, which is
     * not zero all the same. */
    const double near[] = {1, 1.000000001, 2, 2}, c[] = {1, -1};
    path = write_sparse(2, 2, near, c);
    struct lab_facts facts;
    struct lab_linear *q = open_file(all[SQUARES], path, LAB_DENSE, false, 0.0, &facts);
    all[SQUARES]->constants(q, &anywhere, &facts);
    assert_int_equal(facts.PL.status, LAB_UNKNOWN);
    assert_true(facts.mu.value == 0.0);
    assert_int_equal(lab_spectrum_rank(q->set), 2);
    close_problem(all[SQUARES], q);
    unlink(path), free(path);

    /* more columns than rows: lmin(AA')/n */
    struct lab_linear *p = open_problem(all[SQUARES], 20, 30, 0.0, &facts);
    all[SQUARES]->constants(p, &anywhere, &facts);
    assert_int_equal(facts.PL.status, LAB_COMPUTED);
    assert_true(facts.PL.value > 0.0 && facts.PL.value < facts.L.value);
    close_problem(all[SQUARES], p);
    p = open_problem(all[LOGISTIC], 20, 30, 0.0, &facts);
    all[LOGISTIC]->constants(p, &anywhere, &facts);
    assert_int_equal(facts.PL.status, LAB_UNKNOWN);
    close_problem(all[LOGISTIC], p);
}

static void test_separable(void **state)
{
    (void)state;
    struct lab_facts facts;
    struct lab_error why = {""};
    struct lab_linear *p = open_problem(all[LOGISTIC], 20, 30, 0.0, &facts);
    double *x = lab_alloc(60, sizeof *x), *g = x + 30, f;
    assert_int_equal(all[LOGISTIC]->escapes(p, x, &why), 0);
    for (int step = 0; step < 20000; step++) { /* gradient descent separates 20 of 30 */
        all[LOGISTIC]->objective(p, 1, x, &f, g);
        for (size_t j = 0; j < 30; j++)
            x[j] -= g[j];
    }
    assert_int_equal(all[LOGISTIC]->escapes(p, x, &why), -1);
    assert_non_null(strstr(why.text, "linearly separable"));
    p->l2 = 1e-9;
    assert_int_equal(all[LOGISTIC]->escapes(p, x, &why), 0);
    free(x);
    close_problem(all[LOGISTIC], p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp),
        cmocka_unit_test(test_log1p),
        cmocka_unit_test(test_value),
        cmocka_unit_test(test_tiny_losses),
        cmocka_unit_test(test_finite_differences),
        cmocka_unit_test(test_enumeration),
        cmocka_unit_test(test_objective_alone),
        cmocka_unit_test(test_gradient_alone),
        cmocka_unit_test(test_reference_constants),
        cmocka_unit_test(test_constants),
        cmocka_unit_test(test_rank_deficient),
        cmocka_unit_test(test_model),
        cmocka_unit_test(test_smoothing),
        cmocka_unit_test(test_lower),
        cmocka_unit_test(test_sparse_is_dense),
        cmocka_unit_test(test_sparse_alone),
        cmocka_unit_test(test_spectrum_bound),
        cmocka_unit_test(test_rank),
        cmocka_unit_test(test_lojasiewicz),
        cmocka_unit_test(test_separable),
    };
    rng = lab_rng_new(1, 0, LAB_FOR_TESTS);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    gsl_rng_free(rng);
    return failed;
}
