/*
 * problems/nemirovski.c -- the example that shows what an over-estimated mu costs.
 *
 *     f(x) = x^2/10
 *
 * mu = 0.2.  With eta_t = 1/t, right for mu = 1, the error of x_{t+1} = x_t (1 - 1/(5t)) falls
 * only like t^(-1/5), noise or not; with 5/t it falls like 1/t.
 */
#include "lab/plugin.h"

static const double curvature[] = {0.2};

static int open_nemirovski(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 1;
    facts->convex = facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const double far = lab_domain_farthest(C, NULL);
    (void)self;
    lab_know_nearest(facts, C);
    lab_know(&facts->f_star, LAB_ANALYTIC,
             0.1 * facts->minimiser[0] * facts->minimiser[0], "closed form");
    lab_know(&facts->L, LAB_ANALYTIC, curvature[0], "f''");
    lab_know(&facts->L_max, LAB_ANALYTIC, curvature[0], "f''");
    lab_know(&facts->mu, LAB_ANALYTIC, curvature[0], "f''");
    if (isfinite(far)) {
        const double G = curvature[0] * far;
        lab_know(&facts->G, LAB_ANALYTIC, G, "max |x|/5 over the domain");
        lab_know(&facts->G2, LAB_ANALYTIC, G * G, "G²");
    } else {
        lab_unknown(&facts->G, "grows with |x|");
        lab_unknown(&facts->G2, "grows with |x|");
    }
    if (facts->minimiser[0] == 0.0)
        facts->lam = curvature;
}

static void start(const void *self, double *x)
{
    (void)self;
    x[0] = 1.0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++) {
        f[k] = 0.1 * x[k] * x[k];
        if (g)
            g[k] = 0.2 * x[k];
    }
}

LAB_PROBLEM(nemirovski) = {
    .base = {.summary = "x^2/10: steps 1/t, meant for mu = 1, hardly converge",
             .formula = "f(x) = x^2/10",
             .reference = "Nemirovski, Juditsky, Lan & Shapiro (2009), sec. 2.1"},
    .group = LAB_GROUP_SMOOTH,
    .strongly = "always",
    .open = open_nemirovski,
    .constants = constants,
    .start = start,
    .objective = objective,
};
