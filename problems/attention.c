/*
 * problems/attention.c -- one softmax attention head with a scale on its logits; nonconvex.
 *
 *     f(q, v) = (1/2n) sum_i (o_i - y_i)^2,   o_i = <v, sum_k alpha_ik t_ik>
 *     alpha_i = softmax_k(scale <t_ik, q>),   t_ik ~ N(0, I/width)
 *     y_i = o_i(q_0, v_0) + sigma N(0, 1),    q_0, v_0 ~ N(0, I)
 *
 * x = (q, v).  Without noise f* = 0 at the planted (q_0, v_0).  For one sample, w_k = <t_k, v>,
 *     grad_v o = sum_k alpha_k t_k,   grad_q o = scale Cov_alpha(t, w).
 * So the gradient in q grows in proportion to `scale` while attention is spread, and vanishes
 * like scale exp(-scale * gap between the two greatest <t_k, q>) once one token has it all.
 *
 * Over a domain with ‖v‖ <= ‖x‖ <= X let rho = max_k ‖t_k‖.  |w_k| <= rho X, and variances
 * are at most rho^2 per unit direction, so |o| <= rho X, ‖grad_v o‖ <= rho,
 * ‖grad_q o‖ <= scale rho^2 X by Cauchy and Schwarz.  The second derivatives of o are
 *     qq: scale^2 E_alpha (w - o)(t - Et)(t - Et)',   at most 2 scale^2 rho^3 X,
 *     qv: scale Cov_alpha(t, t),                       at most scale rho^2,   vv: 0.
 * Hence with slope^2 = rho^2 + scale^2 rho^4 X^2 and miss = rho X + |y|,
 *     G <= miss slope,   L_max <= slope^2 + miss (2 scale^2 rho^3 X + scale rho^2).
 */
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

enum { MOST_TOKENS = 1024 };

struct attention {
    size_t n, tokens, width, data_seed, init_seed;
    double scale, sigma, init_scale;
    double *t, *y, *planted; /* one block */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct attention, n, 100, "[1,1000000]", "sequences"),
    LAB_PARAM(struct attention, tokens, 8, "[1,1024]", "tokens of a sequence"),
    LAB_PARAM(struct attention, width, 6, "[1,1024]", "dimension of a token"),
    LAB_PARAM(struct attention, scale, 1.0, "(0,inf)", "of the logits"),
    LAB_PARAM(struct attention, sigma, 0.0, "[0,inf)", "standard deviation in y"),
    LAB_PARAM(struct attention, data_seed, 1, "[0,inf)", "seed of the data"),
    LAB_PARAM(struct attention, init_seed, 1, "[0,inf)", "seed of the start"),
    LAB_PARAM(struct attention, init_scale, 1.0, "[0,inf)", "start: N(0, init_scale²)"),
    LAB_PARAM_END,
};

static inline double dot(size_t d, const double *restrict a, const double *restrict x)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < d; j++)
        sum += a[j] * x[j];
    return sum;
}

/* o_i; alpha and w, one number per token. */
static inline double attend(const struct attention *p, size_t i, const double *restrict x,
                            double *restrict alpha, double *restrict w)
{
    const double *restrict t = p->t + i * p->tokens * p->width;
    for (size_t k = 0; k < p->tokens; k++, t += p->width) {
        alpha[k] = p->scale * dot(p->width, t, x);
        w[k] = dot(p->width, t, x + p->width);
    }
    lab_softmax(p->tokens, alpha);
    double o = 0.0;
    for (size_t k = 0; k < p->tokens; k++)
        o += alpha[k] * w[k];
    return o;
}

/* Sequence after sequence, so that the first ones do not depend on n. */
static int open_attention(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct attention *p = self;
    const size_t size = p->tokens * p->width;
    double alpha[MOST_TOKENS], w[MOST_TOKENS], error;
    if (p->n * size > 200000000)
        return lab_fail(err, "n tokens width = %zu numbers are too many", p->n * size);
    p->t = lab_alloc(p->n * (size + 1) + 2 * p->width, sizeof *p->t);
    p->y = p->t + p->n * size, p->planted = p->y + p->n;
    gsl_rng *rng = lab_rng_new(p->data_seed, 0, LAB_FOR_DATA);
    lab_draw_gaussian(rng, 1.0, 2 * p->width, p->planted);
    for (size_t i = 0; i < p->n; i++) {
        lab_draw_gaussian(rng, 1.0 / sqrt((double)p->width), size, p->t + i * size);
        lab_draw_gaussian(rng, p->sigma, 1, &error);
        p->y[i] = attend(p, i, p->planted, alpha, w) + error;
    }
    gsl_rng_free(rng);
    facts->d = 2 * p->width;
    facts->n = p->n;
    facts->cheap = p->n * size <= 4096;
    return 0;
}

static void close_attention(void *self)
{
    struct attention *p = self;
    free(p->t);
}

/* See above, over a bounded domain. */
static void bound(const void *self, const struct lab_domain *C, size_t i, double size[3])
{
    const struct attention *p = self;
    const double s = p->scale, X = lab_domain_farthest(C, NULL);
    double rho2 = 0.0;
    for (size_t k = 0; k < p->tokens; k++) {
        const double *t = p->t + (i * p->tokens + k) * p->width;
        rho2 = fmax(rho2, dot(p->width, t, t));
    }
    const double rho = sqrt(rho2), miss = rho * X + fabs(p->y[i]);
    const double slope2 = rho2 + s * s * rho2 * rho2 * X * X;
    size[LAB_SMOOTHNESS] = slope2 + miss * (2.0 * s * s * rho2 * rho * X + s * rho2);
    size[LAB_NORM] = rho;
    size[LAB_STEEPNESS] = miss * sqrt(slope2);
}

LAB_SUM_SIZES(struct attention, bound, p->n)

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct attention *p = self;
    const size_t d = 2 * p->width;
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "f is a mean of squares");
    if (p->sigma == 0.0) {
        memcpy(facts->minimiser, p->planted, d * sizeof *p->planted);
        lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "planted, without noise");
        lab_know(&facts->x_star, LAB_ANALYTIC, sqrt(dot(d, p->planted, p->planted)),
                 "planted");
    } else {
        lab_unknown(&facts->f_star, "not convex, and noise moves the planted minimum");
    }
    lab_sum_unknown(facts, "grows with ‖v‖: no bound on all of R^d");
    know_sizes(p, C, "by ‖t_ik‖ and max ‖x‖ over the domain", facts);
}

static void start(const void *self, double *x)
{
    const struct attention *p = self;
    lab_draw_start(p->init_seed, p->init_scale, 2 * p->width, x);
}

LAB_HOT static double one(const void *self, size_t i, double weight,
                          const double *restrict x, double *restrict g)
{
    const struct attention *p = self;
    const size_t width = p->width;
    double alpha[MOST_TOKENS], w[MOST_TOKENS];
    const double o = attend(p, i, x, alpha, w), miss = o - p->y[i];
    const double *restrict t = p->t + i * p->tokens * width;
    for (size_t k = 0; g && k < p->tokens; k++, t += width) {
        const double to_v = weight * miss * alpha[k], to_q = to_v * p->scale * (w[k] - o);
        for (size_t j = 0; j < width; j++) {
            g[j] += to_q * t[j];
            g[width + j] += to_v * t[j];
        }
    }
    return 0.5 * miss * miss;
}

LAB_SUM(struct attention, one, p->n, 2 * p->width)

LAB_PROBLEM(attention) = {
    .base = {.summary = "one softmax attention head, logits scaled, nonconvex",
             .formula = "f(q, v) = (1/2n) sum_i (<v, sum_k alpha_ik t_ik> - y_i)^2\n"
                        "alpha_i = softmax_k(scale <t_ik, q>), y from planted q_0, v_0",
             .reference = "Vaswani et al. (2017), sec. 3.2",
             .params = params,
             .size = sizeof(struct attention)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_attention,
    .close = close_attention,
    .constants = constants,
    .start = start,
    .gradient = gradient,
    .objective = objective,
    .components = components,
    .infima = lab_infima_zero, /* u = 0: o = <mean of t_ik, v> takes every value */
    .sizes = sizes,
};
