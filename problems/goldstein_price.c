/*
 * problems/goldstein_price.c -- the Goldstein-Price function: values over six decades; nonconvex.
 *
 *     f(x, y) = (1 + (x + y + 1)^2 p) (30 + (2x - 3y)^2 q)
 *     p = 19 - 14x + 3x^2 - 14y + 6xy + 3y^2
 *     q = 18 - 32x + 12x^2 + 48y - 36xy + 27y^2
 *
 * f* = 3 at (0, -1); three other local minima.
 */
#include "lab/plugin.h"

static int open_goldstein_price(void *self, struct lab_facts *facts,
                                struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 2;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    (void)self;
    facts->minimiser[0] = 0.0;
    facts->minimiser[1] = -1.0;
    lab_know(&facts->f_star, LAB_ANALYTIC, 3.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, hypot(0.0, -1.0), "closed form: (0, -1)");
    double r[2];
    lab_domain_reach(C, r);
    /* f = A B: sizes of A, B, their slopes and curvatures, by those of a, b, p, q. */
    const double u = r[0], v = r[1], a = u + v + 1.0, b = 2.0 * u + 3.0 * v;
    const double p = 19.0 + 14.0 * (u + v) + 3.0 * (u + v) * (u + v);
    const double q =
        18.0 + 32.0 * u + 12.0 * u * u + 48.0 * v + 36.0 * u * v + 27.0 * v * v;
    const double p1 = 14.0 + 6.0 * (u + v), q1 = 48.0 + 36.0 * u + 54.0 * v;
    const double A = 1.0 + a * a * p, A1 = 2.0 * a * p + a * a * p1;
    const double A2 = 2.0 * p + 4.0 * a * p1 + 6.0 * a * a;
    const double B = 30.0 + b * b * q, B1 = 6.0 * b * q + b * b * q1;
    const double B2 = 18.0 * q + 12.0 * b * q1 + 54.0 * b * b;
    lab_know_limits(facts, 2.0 * (A2 * B + 2.0 * A1 * B1 + A * B2),
                    sqrt(2.0) * (A1 * B + A * B1),
                    "a polynomial of degree 8: no bound on all of R^2");
}

static void start(const void *self, double *x)
{
    (void)self;
    x[0] = -0.5;
    x[1] = -0.5;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++, x += 2) {
        const double u = x[0], v = x[1];
        const double a = u + v + 1.0, b = 2.0 * u - 3.0 * v;
        const double p =
            19.0 - 14.0 * u + 3.0 * u * u - 14.0 * v + 6.0 * u * v + 3.0 * v * v;
        const double q =
            18.0 - 32.0 * u + 12.0 * u * u + 48.0 * v - 36.0 * u * v + 27.0 * v * v;
        const double A = 1.0 + a * a * p, B = 30.0 + b * b * q;
        const double pu = -14.0 + 6.0 * u + 6.0 * v, qu = -32.0 + 24.0 * u - 36.0 * v,
                     qv = 48.0 - 36.0 * u + 54.0 * v;
        const double Ax = 2.0 * a * p + a * a * pu; /* dp/dx = dp/dy: both derivatives */
        f[k] = A * B;
        if (g) {
            g[2 * k] = Ax * B + A * (4.0 * b * q + b * b * qu);
            g[2 * k + 1] = Ax * B + A * (-6.0 * b * q + b * b * qv);
        }
    }
}

LAB_PROBLEM(goldstein_price) = {
    .base = {.summary = "Goldstein-Price function: values over six decades, nonconvex",
             .formula = "f(x, y) = (1 + (x + y + 1)^2 p) (30 + (2x - 3y)^2 q)\n"
                        "p = 19 - 14x + 3x^2 - 14y + 6xy + 3y^2\n"
                        "q = 18 - 32x + 12x^2 + 48y - 36xy + 27y^2",
             .reference = "Goldstein & Price (1971)"},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_goldstein_price,
    .constants = constants,
    .start = start,
    .objective = objective,
};
