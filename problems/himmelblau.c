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

static const double minima[4][2] = {{3.0, 2.0},
                                    {-2.8051180869527448, 3.1313125182505730},
                                    {-3.7793102533777469, -3.2831859912861694},
                                    {3.5844283403304917, -1.8481265269644036}};

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    double r[2];
    (void)self;
    size_t k = 0; /* (3, 2), or the first that is in C */
    while (k < 4 && !lab_domain_contains(C, minima[k], 1e-14))
        k++;
    facts->minimiser[0] = minima[k % 4][0];
    facts->minimiser[1] = minima[k % 4][1];
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, k % 4 ? LAB_COMPUTED : LAB_ANALYTIC,
             hypot(facts->minimiser[0], facts->minimiser[1]), "one of four");
    lab_domain_reach(C, r);
    const double u = r[0], v = r[1], a = u * u + v + 11.0, b = u + v * v + 7.0;
    const double cross = 4.0 * (u + v);
    lab_know_limits(
        facts, cross + fmax(12.0 * u * u + 4.0 * v + 42.0, 12.0 * v * v + 4.0 * u + 26.0),
        hypot(4.0 * u * a + 2.0 * b, 2.0 * a + 4.0 * v * b),
        "a polynomial of degree 4: no bound on all of R^2");
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
