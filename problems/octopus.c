/*
 * problems/octopus.c -- saddles in a chain: each takes longer to leave than the last.
 *
 *     f(x) = g(|x_1|) + sum_{i>1} s(|x_{i-1}|) g(|x_i|) + (1 - s(|x_{i-1}|)) L x_i^2
 *
 * s is the quintic step from 0 at tau to 1 at 2 tau; L is `curvature`; g(v) = -gamma v^2 up to
 * tau, L (v - 4 tau)^2 - nu from 2 tau on, and between them, with t = v/tau - 1,
 *     g'(v)/tau = -2 gamma (1-t)^2 (1+3t) - 2 L t^2 (7-5t),
 * the cubic that continues g' and g''; integrated, nu = tau^2 (37 L + 13 gamma)/6.  So f is
 * twice continuously differentiable.
 *
 * f* = -d nu at (4 tau, ..., 4 tau) and its reflections: both parts of g' are < 0 before
 * 4 tau, so g >= -nu; a term is s g + (1-s) L x^2 >= -s nu >= -nu, and all are met there.
 *
 * Why it is slow (Du et al. 2017): before x_{i-1} leaves, x_i shrinks by 1 - 2 eta L a step, while
 * x_{i-1} grows by 1 + 2 eta gamma.  Small eta, start a: x_i leaves at t_i = (1 + L/gamma) t_{i-1}
 * + t_1, t_1 = log(tau/a)/(2 eta gamma), exponential in d.  In doubles x_i must stay above
 * 1e-308, or it never leaves: 2 eta L t_{d-1} + log(tau/a) < 700.
 *
 * Over a domain with |x_i| <= V: g - L v^2 decreases in v, its size is at most E = L V^2 -
 * g(V), that of its slope at most 8.07 L tau + 2.11 gamma tau; |s'| <= 15/(8 tau), |s''| <=
 * 10/(3^{1/2} tau^2), |g''| <= 6.54 L + 3.56 gamma, |g'| <= 2 L V + 4.07 L tau + 2.11 gamma tau.
 * The Hessian is tridiagonal: its norm is at most the greatest sum of a row.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct octopus {
    size_t d;
    double tau, curvature, gamma;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct octopus, d, 4, "[1,1000]", "dimension: saddles to pass"),
    LAB_PARAM(struct octopus, tau, 1.0, "(0,inf)", "size of a saddle"),
    LAB_PARAM(struct octopus, curvature, 1.0, "(0,inf)",
              "L: of the directions that shrink"),
    LAB_PARAM(struct octopus, gamma, 1.0, "(0,inf)", "of the direction that leaves"),
    LAB_PARAM_END,
};

static double nu(const struct octopus *p)
{
    return p->tau * p->tau * (37.0 * p->curvature + 13.0 * p->gamma) / 6.0;
}

static int open_octopus(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct octopus *p = self;
    (void)err;
    facts->d = p->d;
    facts->cheap = true;
    return 0;
}

/* g(v) and its slope, v >= 0. */
static double tube(const struct octopus *p, double v, double *slope)
{
    const double tau = p->tau, L = p->curvature, gamma = p->gamma, t = v / tau - 1.0;
    if (t <= 0.0) {
        *slope = -2.0 * gamma * v;
        return -gamma * v * v;
    }
    if (t >= 1.0) {
        *slope = 2.0 * L * (v - 4.0 * tau);
        return L * (v - 4.0 * tau) * (v - 4.0 * tau) - nu(p);
    }
    const double u = 1.0 - t;
    *slope = tau *
             (-2.0 * gamma * u * u * (1.0 + 3.0 * t) - 2.0 * L * t * t * (7.0 - 5.0 * t));
    return -tau * tau *
           (gamma * (1.0 + 2.0 * t * (1.0 + t * (0.5 + t * (-5.0 / 3.0 + t * 0.75)))) +
            L * t * t * t * (14.0 / 3.0 - 2.5 * t));
}

/* s(u) and its slope, u >= 0. */
static double ramp(const struct octopus *p, double u, double *slope)
{
    const double t = u / p->tau - 1.0;
    *slope = 0.0;
    if (t <= 0.0 || t >= 1.0)
        return t <= 0.0 ? 0.0 : 1.0;
    *slope = 30.0 * t * t * (1.0 - t) * (1.0 - t) / p->tau;
    return t * t * t * (10.0 + t * (-15.0 + 6.0 * t));
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct octopus *p = self;
    const double L = p->curvature, tau = p->tau, d = (double)p->d, step = 1.875 / tau;
    double *reach = lab_alloc(p->d, sizeof *reach), V = 0.0, slope;
    lab_domain_reach(C, reach);
    for (size_t i = 0; i < p->d; i++) {
        V = fmax(V, reach[i]);
        facts->minimiser[i] = facts->x1[i] < 0.0 ? -4.0 * tau : 4.0 * tau;
    }
    free(reach);
    lab_know(&facts->f_star, LAB_ANALYTIC, -d * nu(p),
             "-d nu, nu = tau² (37 curvature + 13 gamma)/6");
    lab_know(&facts->f_low, LAB_ANALYTIC, -d * nu(p), "-d nu: no term is below -nu");
    lab_know(&facts->x_star, LAB_ANALYTIC, 4.0 * tau * sqrt(d),
             "(±4 tau, ..., ±4 tau), signs as at the start");
    const double E = L * V * V - tube(p, V, &slope);
    lab_know_limits(facts,
                    6.54 * L + 3.56 * p->gamma + 5.78 * E / (tau * tau) +
                        3.75 * (8.07 * L + 2.11 * p->gamma),
                    sqrt(d) *
                        (2.0 * L * V + (4.07 * L + 2.11 * p->gamma) * tau + step * E),
                    "grows with ‖x‖: no bound on all of R^d");
}

static void start(const void *self, double *x)
{
    const struct octopus *p = self;
    for (size_t i = 0; i < p->d; i++)
        x[i] = 0.1 * p->tau;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct octopus *p = self;
    const double L = p->curvature;
    for (size_t k = 0; k < count; k++, x += p->d) {
        double s = 1.0, s1 = 0.0, before = 1.0; /* of the coordinate before */
        f[k] = 0.0;
        for (size_t i = 0; i < p->d; i++) {
            const double v = fabs(x[i]), side = x[i] < 0.0 ? -1.0 : 1.0;
            double g1, value = tube(p, v, &g1), bowl = L * v * v;
            f[k] += s * value + (1.0 - s) * bowl;
            if (g) {
                if (i)
                    g[k * p->d + i - 1] += before * s1 * (value - bowl);
                g[k * p->d + i] = side * (s * g1 + (1.0 - s) * 2.0 * L * v);
            }
            s = ramp(p, v, &s1);
            before = side;
        }
    }
}

LAB_PROBLEM(octopus) = {
    .base = {.summary = "a chain of saddles, exponentially long to pass; nonconvex",
             .formula =
                 "f(x) = sum_i s(|x_{i-1}|) g(|x_i|) + (1 - s(|x_{i-1}|)) L x_i^2\n"
                 "s: 0 up to tau, 1 from 2 tau; g: -gamma v^2 up to tau, then down\n"
                 "to the bowl L (v - 4 tau)^2 - nu; s(|x_0|) = 1",
             .reference = "Du, Jin, Lee, Jordan, Poczos & Singh (2017)",
             .params = params,
             .size = sizeof(struct octopus)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_octopus,
    .constants = constants,
    .start = start,
    .objective = objective,
};
