/*
 * problems/max_abs_affine.c -- the largest residual: Chebyshev approximation.
 *
 *     f(x) = max_i |<a_i, x> - b_i|,   a_i ~ N(0, I), b_i = <a_i, w> + misfit N(0,1)
 *
 * g = sign(r_i) a_i of the first i where |r_i| is greatest; 0 where all are 0.  Without misfit
 * f* = 0 at w; otherwise a linear programme, see lab/chebyshev.h.
 */
#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

struct max_abs_affine {
    size_t n, d, data_seed;
    double misfit;
    struct lab_chebyshev residuals; /* b = A w + e */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct max_abs_affine, n, 20, "[1,10000]", "affine functions"),
    LAB_PARAM(struct max_abs_affine, d, 2, "[1,500]", "dimension"),
    LAB_PARAM(struct max_abs_affine, misfit, 0.0, "[0,inf)",
              "size of the e_i; 0: f* = 0"),
    LAB_PARAM(struct max_abs_affine, data_seed, 1, "[0,inf)", "seed of a_i, b_i and w"),
    LAB_PARAM_END,
};

static int open_max_abs_affine(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct max_abs_affine *p = self;
    (void)err;
    gsl_rng *rng = lab_rng_new(p->data_seed, 0, LAB_FOR_DATA);
    struct lab_chebyshev *r = &p->residuals;
    r->n = p->n, r->d = p->d;
    r->A = lab_alloc(p->n * p->d, sizeof *r->A);
    r->e = lab_alloc(p->n, sizeof *r->e);
    r->w = lab_alloc(p->d, sizeof *r->w);
    lab_draw_gaussian(rng, 1.0, p->d, r->w);
    lab_draw_gaussian(rng, 1.0, p->n * p->d, r->A);
    lab_draw_gaussian(rng, p->misfit, p->n, r->e);
    gsl_rng_free(rng);
    facts->d = p->d;
    facts->convex = true;
    facts->cheap = p->n * p->d <= 4096;
    return 0;
}

static void close_max_abs_affine(void *self)
{
    struct max_abs_affine *p = self;
    free(p->residuals.A), free(p->residuals.e), free(p->residuals.w);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct max_abs_affine *p = self;
    double most = 0.0;
    (void)C;
    facts->work = (double)p->n * (double)p->d * (double)p->d;
    for (size_t i = 0; i < p->n; i++)
        most = fmax(most, cblas_dnrm2((int)p->d, p->residuals.A + i * p->d, 1));
    lab_know(&facts->G, LAB_ANALYTIC, most, "at most max ‖a_i‖");
    lab_know(&facts->G2, LAB_ANALYTIC, most * most, "at most max ‖a_i‖²");
    lab_know(&facts->mu, LAB_ANALYTIC, 0.0, "convex, not strongly");
    lab_unknown(&facts->L, "nonsmooth");
    lab_unknown(&facts->L_max, "nonsmooth");
    lab_unknown(&facts->PL, "nonsmooth");
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "f >= 0");
    if (p->misfit == 0.0) {
        memcpy(facts->minimiser, p->residuals.w, p->d * sizeof *p->residuals.w);
        lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "f(w) = 0");
        lab_know(&facts->x_star, LAB_ANALYTIC, cblas_dnrm2((int)p->d, p->residuals.w, 1),
                 "w");
    }
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct max_abs_affine *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        double most = 0.0; /* the first residual of greatest size */
        size_t first = 0;
        for (size_t i = 0; i < p->n; i++) {
            const double r = lab_chebyshev_residual(&p->residuals, i, x);
            if (!(fabs(r) <= fabs(most)))
                most = r, first = i;
        }
        f[k] = fabs(most);
        const double sign = (most > 0.0) - (most < 0.0);
        for (size_t j = 0; g && j < p->d; j++)
            g[k * p->d + j] = isnan(most) ? NAN : sign * p->residuals.A[first * p->d + j];
    }
}

static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    const struct max_abs_affine *p = self;
    return lab_chebyshev_model(&p->residuals, smoothing, x, g, H);
}

static double lower(const void *self, double smoothing, const struct lab_domain *C,
                    const double *x)
{
    const struct max_abs_affine *p = self;
    return lab_chebyshev_lower(&p->residuals, smoothing, C, x);
}

LAB_PROBLEM(max_abs_affine) = {
    .base = {.summary = "the largest of random absolute residuals",
             .formula = "f(x) = max_i |<a_i, x> - b_i|",
             .reference = "Schaipp et al. (2025), sec. 4, the convex example",
             .params = params,
             .size = sizeof(struct max_abs_affine)},
    .group = LAB_GROUP_NONSMOOTH,
    .open = open_max_abs_affine,
    .close = close_max_abs_affine,
    .constants = constants,
    .objective = objective,
    .model = model,
    .lower = lower,
};
