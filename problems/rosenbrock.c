/*
 * problems/rosenbrock.c -- the banana valley, in pairs of coordinates; nonconvex.
 *
 *     f(x) = sum_{i=1}^{d/2} 100 (x_{2i} - x_{2i-1}^2)^2 + (1 - x_{2i-1})^2
 *
 * One minimiser, x* = (1, ..., 1) with f* = 0.  The gradient is not Lipschitz on R^d.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct rosenbrock {
    size_t d;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct rosenbrock, d, 2, "[2,10000]", "dimension, even"),
    LAB_PARAM_END,
};

static int open_rosenbrock(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct rosenbrock *p = self;
    if (p->d % 2)
        return lab_fail(err, "d = %zu is not even", p->d);
    facts->d = p->d;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct rosenbrock *p = self;
    for (size_t i = 0; i < p->d; i++)
        facts->minimiser[i] = 1.0;
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, sqrt((double)p->d),
             "closed form: (1, ..., 1)");
    double *r = lab_alloc(p->d, sizeof *r), slope2 = 0.0, bend = 0.0;
    lab_domain_reach(C, r);
    for (size_t i = 0; i < p->d; i += 2) {
        const double u = r[i], v = r[i + 1], a = v + u * u;
        const double gx = 400.0 * u * a + 2.0 * (1.0 + u), gy = 200.0 * a;
        slope2 += gx * gx + gy * gy;
        bend = fmax(bend, 400.0 * u + fmax(1200.0 * u * u + 400.0 * v + 2.0, 200.0));
    }
    free(r);
    lab_know_limits(facts, bend, sqrt(slope2),
                    "gradients and Hessian grow with ‖x‖: no bound on all of R^d");
}

static void start(const void *self, double *x)
{
    const struct rosenbrock *p = self;
    for (size_t i = 0; i < p->d; i += 2)
        x[i] = -1.2, x[i + 1] = 1.0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct rosenbrock *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        f[k] = 0.0;
        for (size_t i = 0; i < p->d; i += 2) {
            double u = x[i], a = x[i + 1] - u * u, b = 1.0 - u;
            f[k] += 100.0 * a * a + b * b;
            if (g) {
                g[k * p->d + i] = -400.0 * u * a - 2.0 * b;
                g[k * p->d + i + 1] = 200.0 * a;
            }
        }
    }
}

LAB_PROBLEM(rosenbrock) = {
    .base = {.summary = "Rosenbrock's banana valley, nonconvex",
             .formula = "f(x) = sum_i 100 (x_{2i} - x_{2i-1}^2)^2 + (1 - x_{2i-1})^2",
             .reference = "Rosenbrock (1960)",
             .params = params,
             .size = sizeof(struct rosenbrock)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_rosenbrock,
    .constants = constants,
    .start = start,
    .objective = objective,
};
