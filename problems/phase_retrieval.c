/*
 * problems/phase_retrieval.c -- a signal from squares of its projections; nonconvex.
 *
 *     f(x) = (1/4n) sum_i (<a_i, x>^2 - y_i)^2,   y_i = <a_i, w>^2 + sigma N(0, 1)
 *     a_i ~ N(0, I),  w ~ N(0, I/d)
 *
 * Without noise f* = 0, at w and at -w; 0 is a maximum along w.  With z = <a_i, x>, the sampled
 * gradient is (z^2 - y_i) z a_i and the sampled Hessian (3 z^2 - y_i) a_i a_i'.  Both are
 * unbounded on R^d.  Over a bounded domain z runs over an interval [l, u] known exactly;
 * |3 z^2 - y| is greatest at an end or at 0, |z^3 - y z| at an end or where 3 z^2 = y:
 *
 *     G <= max_i ‖a_i‖ max |z^3 - y_i z|,   L_max <= max_i ‖a_i‖^2 max |3 z^2 - y_i|
 *
 * Means over i of the same quantities bound L and G2, and E‖g - grad f‖^2 <= E‖g‖^2.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct phase_retrieval {
    size_t n, d, data_seed, init_seed;
    double sigma, init_scale;
    double *a, *y, *planted; /* one block */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct phase_retrieval, n, 200, "[1,1000000]", "measurements"),
    LAB_PARAM(struct phase_retrieval, d, 10, "[1,10000]", "dimension"),
    LAB_PARAM(struct phase_retrieval, sigma, 0.0, "[0,inf)", "standard deviation in y"),
    LAB_PARAM(struct phase_retrieval, data_seed, 1, "[0,inf)", "seed of the data"),
    LAB_PARAM(struct phase_retrieval, init_seed, 1, "[0,inf)", "seed of the start"),
    LAB_PARAM(struct phase_retrieval, init_scale, 1.0, "[0,inf)",
              "start: N(0, init_scale²/d) in every coordinate"),
    LAB_PARAM_END,
};

static const double *row(const struct phase_retrieval *p, size_t i)
{
    return p->a + i * p->d;
}

static double dot(size_t d, const double *restrict a, const double *restrict x)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < d; j++)
        sum += a[j] * x[j];
    return sum;
}

/* Row after row, so that the first rows do not depend on n. */
static int open_phase_retrieval(void *self, struct lab_facts *facts,
                                struct lab_error *err)
{
    struct phase_retrieval *p = self;
    if (p->n * p->d > 200000000)
        return lab_fail(err, "n d = %zu numbers are too many (200000000 at most)",
                        p->n * p->d);
    p->a = lab_alloc((p->n + 1) * p->d + p->n, sizeof *p->a);
    p->planted = p->a + p->n * p->d, p->y = p->planted + p->d;
    gsl_rng *rng = lab_rng_new(p->data_seed, 0, LAB_FOR_DATA);
    lab_draw_gaussian(rng, 1.0 / sqrt((double)p->d), p->d, p->planted);
    for (size_t i = 0; i < p->n; i++) {
        double error;
        lab_draw_gaussian(rng, 1.0, p->d, p->a + i * p->d);
        lab_draw_gaussian(rng, 1.0, 1, &error);
        const double z = dot(p->d, row(p, i), p->planted);
        p->y[i] = z * z + p->sigma * error;
    }
    gsl_rng_free(rng);
    facts->d = p->d;
    facts->n = p->n;
    facts->cheap = p->n * p->d <= 4096;
    return 0;
}

static void close_phase_retrieval(void *self)
{
    struct phase_retrieval *p = self;
    free(p->a);
}

static double steepest(double z, double y)
{
    return fabs((z * z - y) * z);
}

/* See above; L_i and G_i over a bounded domain. */
static void bound(const void *self, const struct lab_domain *C, size_t i, double size[3])
{
    const struct phase_retrieval *p = self;
    const double norm2 = dot(p->d, row(p, i), row(p, i)), y = p->y[i];
    const double turn = y > 0.0 ? sqrt(y / 3.0) : 0.0;
    double l, u;
    lab_domain_extent(C, row(p, i), &l, &u);
    double slope = fmax(steepest(l, y), steepest(u, y));
    double curvature = fmax(fabs(3.0 * l * l - y), fabs(3.0 * u * u - y));
    if (l <= 0.0 && u >= 0.0)
        curvature = fmax(curvature, fabs(y));
    if ((l <= turn && turn <= u) || (l <= -turn && -turn <= u))
        slope = fmax(slope, steepest(turn, y));
    size[LAB_SMOOTHNESS] = norm2 * curvature;
    size[LAB_NORM] = sqrt(norm2);
    size[LAB_STEEPNESS] = sqrt(norm2) * slope;
}

LAB_SUM_SIZES(struct phase_retrieval, bound, p->n)

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct phase_retrieval *p = self;
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "f is a mean of squares");
    if (p->sigma == 0.0) {
        const double side = dot(p->d, p->planted, facts->x1) < 0.0 ? -1.0 : 1.0;
        for (size_t j = 0; j < p->d; j++)
            facts->minimiser[j] = side * p->planted[j];
        const bool inside = lab_domain_contains(C, facts->minimiser, 1e-14);
        for (size_t j = 0; j < p->d && !inside; j++)
            facts->minimiser[j] = -facts->minimiser[j];
        lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "planted, without noise");
        lab_know(&facts->x_star, LAB_ANALYTIC, sqrt(dot(p->d, p->planted, p->planted)),
                 "planted; of ± the one nearer to the start, if in the domain");
    } else {
        lab_unknown(&facts->f_star, "not convex, and noise moves the planted minimum");
    }
    lab_sum_unknown(facts, "gradients and Hessian grow with ‖x‖: no bound on all of R^d");
    know_sizes(p, C, "by ‖a_i‖ and the range of <a_i, x> over the domain", facts);
}

static void start(const void *self, double *x)
{
    const struct phase_retrieval *p = self;
    lab_draw_start(p->init_seed, p->init_scale / sqrt((double)p->d), p->d, x);
}

LAB_HOT static double one(const void *self, size_t i, double weight,
                          const double *restrict x, double *restrict g)
{
    const struct phase_retrieval *p = self;
    const double *restrict a = row(p, i);
    const double z = dot(p->d, a, x), miss = z * z - p->y[i];
    const double slope = weight * miss * z;
    for (size_t j = 0; g && j < p->d; j++)
        g[j] += slope * a[j];
    return 0.25 * miss * miss;
}

LAB_SUM(struct phase_retrieval, one, p->n, p->d)

/* <a, x>^2 takes every value >= 0. */
static int infima(const void *self, double *low, struct lab_error *why)
{
    const struct phase_retrieval *p = self;
    (void)why;
    for (size_t i = 0; i < p->n; i++) {
        const bool reached = p->y[i] >= 0.0 && dot(p->d, row(p, i), row(p, i)) > 0.0;
        low[i] = reached ? 0.0 : 0.25 * p->y[i] * p->y[i];
    }
    return 0;
}

LAB_PROBLEM(phase_retrieval) = {
    .base = {.summary = "phase retrieval: a signal from squared projections, nonconvex",
             .formula = "f(x) = (1/4n) sum_i (<a_i,x>^2 - y_i)^2\n"
                        "y_i = <a_i,w>^2 + sigma N(0, 1),  a_i ~ N(0, I), w ~ N(0, I/d)",
             .reference = "Sun, Qu & Wright (2018); Chen, Chi, Fan & Ma (2019)",
             .params = params,
             .size = sizeof(struct phase_retrieval)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_phase_retrieval,
    .close = close_phase_retrieval,
    .constants = constants,
    .start = start,
    .gradient = gradient,
    .objective = objective,
    .components = components,
    .infima = infima,
    .sizes = sizes,
};
