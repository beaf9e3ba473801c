/*
 * problems/huber_1d.c -- Huber's function on a line: the worst case of gradient descent.
 *
 *     f(x) = L x^2/2                   |x| <= delta
 *            L delta |x| - L delta^2/2 beyond
 *
 * f is even and grows with |x|: over a domain its minimiser is the point nearest to 0.
 */
#include "lab/plugin.h"

struct huber_1d {
    double L, delta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct huber_1d, L, 1.0, "(0,inf)", "curvature in the middle"),
    LAB_PARAM(struct huber_1d, delta, 1.0, "(0,inf)", "where the parabola ends"),
    LAB_PARAM_END,
};

static int open_huber_1d(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 1;
    facts->convex = facts->cheap = true;
    return 0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct huber_1d *p = self;
    for (size_t k = 0; k < count; k++) {
        const double far = fabs(x[k]);
        f[k] = far <= p->delta ? 0.5 * p->L * x[k] * x[k]
                               : p->L * p->delta * (far - 0.5 * p->delta);
        if (g)
            g[k] = far <= p->delta ? p->L * x[k] : copysign(p->L * p->delta, x[k]);
    }
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct huber_1d *p = self;
    const double far = lab_domain_farthest(C, NULL), G = p->L * fmin(p->delta, far);
    double f_star;
    lab_know_nearest(facts, C);
    objective(self, 1, facts->minimiser, &f_star, NULL);
    lab_know(&facts->f_star, LAB_ANALYTIC, f_star, "closed form");
    lab_know(&facts->L, LAB_ANALYTIC, p->L, "option L");
    lab_know(&facts->L_max, LAB_ANALYTIC, p->L, "option L");
    lab_know(&facts->mu, LAB_ANALYTIC, 0.0, "convex, not strongly");
    lab_unknown(&facts->PL, "f grows only linearly");
    lab_know(&facts->G, LAB_ANALYTIC, G, "L min(delta, max |x|)");
    lab_know(&facts->G2, LAB_ANALYTIC, G * G, "G²");
}

static void start(const void *self, double *x)
{
    const struct huber_1d *p = self;
    x[0] = 2.0 * p->delta;
}

LAB_PROBLEM(huber_1d) = {
    .base = {.summary = "Huber's function on a line: the worst case of gradient descent",
             .formula = "f(x) = L x^2/2 for |x| <= delta, L delta (|x| - delta/2) beyond",
             .reference = "Drori & Teboulle (2014), sec. 3",
             .params = params,
             .size = sizeof(struct huber_1d)},
    .group = LAB_GROUP_SMOOTH,
    .open = open_huber_1d,
    .constants = constants,
    .start = start,
    .objective = objective,
};
