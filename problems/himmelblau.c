/*
 * problems/himmelblau.c -- Himmelblau's function: four minima, all global; nonconvex.
 *
 *     f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2
 *
 * f* = 0 at (3, 2) and at three points near (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848).
 */
#include "lab/plugin.h"

static int open_himmelblau(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 2;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    (void)self, (void)C;
    facts->minimiser[0] = 3.0;
    facts->minimiser[1] = 2.0;
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, hypot(3.0, 2.0),
             "closed form: (3, 2), one of four");
    lab_unknown(&facts->L, "a polynomial of degree 4: no L on all of R^2");
    lab_unknown(&facts->L_max, "a polynomial of degree 4: no L on all of R^2");
    lab_unknown(&facts->mu, "not convex");
}

static void start(const void *self, double *x)
{
    (void)self;
    x[0] = 0.0;
    x[1] = 0.0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++, x += 2) {
        const double u = x[0], v = x[1];
        const double a = u * u + v - 11.0, b = u + v * v - 7.0;
        f[k] = a * a + b * b;
        if (g) {
            g[2 * k] = 4.0 * u * a + 2.0 * b;
            g[2 * k + 1] = 2.0 * a + 4.0 * v * b;
        }
    }
}

LAB_PROBLEM(himmelblau) = {
    .base = {.summary = "Himmelblau's function: four global minima, nonconvex",
             .formula = "f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
             .reference = "Himmelblau (1972)"},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_himmelblau,
    .constants = constants,
    .start = start,
    .objective = objective,
};
