/*
 * problems/nesterov_tridiagonal.c -- the worst smooth convex function for gradient methods.
 *
 *     f(x) = (L/4) ((x_1^2 + sum_i (x_i - x_{i+1})^2 + x_d^2)/2 - x_1)
 *
 * grad f = (L/4)(A x - e_1), A tridiagonal with 2 on and -1 beside the diagonal.  x* = (1 -
 * i/(d+1))_i, f* = -(L/8)(1 - 1/(d+1)).  The eigenvectors of A are sines: lam_k = L
 * sin^2(k pi/(2(d+1))), <q_k>_j = sqrt(2/(d+1)) sin(j k pi/(d+1)).  From x_1 = 0 N gradients
 * reach N coordinates, so f - f* >= 3 L R1^2/(32 (N+1)^2) where d = 2N + 1.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

enum { MOST_SPECTRAL = 1500 /* d up to which the d x d eigenvectors are kept */ };

struct tridiagonal {
    size_t d;
    double L;
    double *lam, *basis;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct tridiagonal, d, 101, "[1,1000000]", "dimension, 2N + 1 of N steps"),
    LAB_PARAM(struct tridiagonal, L, 1.0, "(0,inf)", "class of smoothness"),
    LAB_PARAM_END,
};

static double eigenvalue(const struct tridiagonal *p, size_t k)
{
    const double s = sin((double)k * M_PI / (2.0 * (double)(p->d + 1)));
    return p->L * s * s;
}

static int open_tridiagonal(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct tridiagonal *p = self;
    const size_t d = p->d;
    (void)err;
    facts->d = d;
    facts->convex = facts->cheap = true;
    if (d > MOST_SPECTRAL)
        return 0;
    p->lam = lab_alloc(d, sizeof *p->lam);
    p->basis = lab_alloc(d * d, sizeof *p->basis);
    for (size_t k = 0; k < d; k++) {
        p->lam[k] = eigenvalue(p, k + 1);
        for (size_t j = 0; j < d; j++) /* sines of whole multiples: no large arguments */
            p->basis[k * d + j] =
                sqrt(2.0 / (double)(d + 1)) *
                sin((double)((k + 1) * (j + 1) % (2 * (d + 1))) * M_PI / (double)(d + 1));
    }
    return 0;
}

static void close_tridiagonal(void *self)
{
    struct tridiagonal *p = self;
    free(p->lam), free(p->basis);
}

static double star(const struct tridiagonal *p, size_t j)
{
    return 1.0 - (double)(j + 1) / (double)(p->d + 1);
}

static double least(const struct tridiagonal *p)
{
    return -p->L / 8.0 * (1.0 - 1.0 / (double)(p->d + 1));
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct tridiagonal *p = self;
    double norm2 = 0.0;
    for (size_t j = 0; j < p->d; j++) {
        facts->minimiser[j] = star(p, j);
        norm2 += star(p, j) * star(p, j);
    }
    const double top = eigenvalue(p, p->d),
                 rho = lab_domain_farthest(C, facts->minimiser);
    lab_know(&facts->f_star, LAB_ANALYTIC, least(p), "-(L/8)(1 - 1/(d+1))");
    lab_know(&facts->x_star, LAB_ANALYTIC, sqrt(norm2), "(1 - i/(d+1))_i");
    lab_know(&facts->L, LAB_ANALYTIC, top, "L sin²(d pi/(2d+2)), greatest eigenvalue");
    lab_know(&facts->L_max, LAB_ANALYTIC, top, "greatest eigenvalue");
    lab_know(&facts->mu, LAB_ANALYTIC, eigenvalue(p, 1),
             "L sin²(pi/(2d+2)), least eigenvalue");
    if (isfinite(rho)) {
        lab_know(&facts->G, LAB_ANALYTIC, top * rho, "at most L max ‖x - x*‖");
        lab_know(&facts->G2, LAB_ANALYTIC, top * rho * top * rho, "at most G²");
    } else {
        lab_unknown(&facts->G, "grows with ‖x‖: no bound on all of R^d");
        lab_unknown(&facts->G2, "grows with ‖x‖: no bound on all of R^d");
    }
    facts->lam = p->lam;
    facts->basis = p->basis;
}

/* In e = x - x*: f = f* + (L/8)(e_1^2 + sum (e_i - e_{i+1})^2 + e_d^2) has no cancellation. */
static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct tridiagonal *p = self;
    const size_t d = p->d;
    for (size_t k = 0; k < count; k++, x += d) {
        double before = 0.0, rise = x[0] - star(p, 0), sum = 0.0;
        for (size_t j = 0; j < d; j++) {
            const double here = before + rise;
            const double after = j + 1 < d ? x[j + 1] - star(p, j + 1) : 0.0;
            sum += rise * rise;
            if (g)
                g[k * d + j] = p->L / 4.0 * (rise - (after - here));
            before = here, rise = after - here;
        }
        f[k] = least(p) + p->L / 8.0 * (sum + rise * rise);
    }
}

static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    const struct tridiagonal *p = self;
    const size_t d = p->d;
    double f;
    (void)smoothing;
    objective(self, 1, x, &f, g);
    memset(H, 0, d * d * sizeof *H);
    for (size_t j = 0; j < d; j++) {
        H[j * d + j] = p->L / 2.0;
        if (j + 1 < d)
            H[j * d + j + 1] = H[(j + 1) * d + j] = -p->L / 4.0;
    }
    return f;
}

LAB_PROBLEM(nesterov_tridiagonal) = {
    .base = {.summary = "the worst case of smooth convex minimisation, a quadratic",
             .formula = "f(x) = (L/4)((x_1^2 + sum (x_i - x_{i+1})^2 + x_d^2)/2 - x_1)",
             .reference = "Nesterov (2004), sec. 2.1.2",
             .params = params,
             .size = sizeof(struct tridiagonal)},
    .group = LAB_GROUP_SMOOTH,
    .strongly = "always, mu = L sin²(pi/(2d+2))",
    .open = open_tridiagonal,
    .close = close_tridiagonal,
    .constants = constants,
    .objective = objective,
    .model = model,
    .concordance = lab_no_concordance,
};
