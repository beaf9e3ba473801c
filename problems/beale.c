/*
 * problems/beale.c -- Beale's function: a flat curved valley with steep sides; nonconvex.
 *
 *     f(x, y) = (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2
 *
 * f* = 0 at (3, 1/2) only.
 */
#include "lab/plugin.h"

static int open_beale(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 2;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    (void)self;
    facts->minimiser[0] = 3.0;
    facts->minimiser[1] = 0.5;
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, hypot(3.0, 0.5), "closed form: (3, 1/2)");
    double r[2];
    lab_domain_reach(C, r);
    /* f = sum_k (c_k - x + x y^k)^2: sizes of the terms, of their slopes and curvatures. */
    const double u = r[0], v = r[1], c[] = {1.5, 2.25, 2.625};
    double gx = 0.0, gy = 0.0, xx = 0.0, xy = 0.0, yy = 0.0;
    for (int k = 1; k <= 3; k++) {
        const double q = pow(v, k) + 1.0, term = c[k - 1] + u * q;
        const double y1 = k * pow(v, k - 1),
                     y2 = k > 1 ? k * (k - 1) * pow(v, k - 2) : 0.0;
        gx += 2.0 * term * q, gy += 2.0 * term * u * y1;
        xx += 2.0 * q * q, xy += 2.0 * (u * y1 * q + term * y1);
        yy += 2.0 * (u * u * y1 * y1 + term * u * y2);
    }
    lab_know_limits(facts, fmax(xx, yy) + xy, hypot(gx, gy),
                    "a polynomial of degree 8: no bound on all of R^2");
}

static void start(const void *self, double *x)
{
    (void)self;
    x[0] = 1.0;
    x[1] = 1.0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++, x += 2) {
        const double u = x[0], v = x[1];
        const double v2 = v * v, a = 1.5 - u + u * v, b = 2.25 - u + u * v2,
                     c = 2.625 - u + u * v2 * v;
        f[k] = a * a + b * b + c * c;
        if (g) {
            g[2 * k] = 2.0 * (a * (v - 1.0) + b * (v2 - 1.0) + c * (v2 * v - 1.0));
            g[2 * k + 1] = 2.0 * u * (a + 2.0 * b * v + 3.0 * c * v2);
        }
    }
}

LAB_PROBLEM(beale) = {
    .base =
        {.summary = "Beale's function: a flat curved valley, nonconvex",
         .formula =
             "f(x, y) = (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
         .reference = "Beale (1958)"},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_beale,
    .constants = constants,
    .start = start,
    .objective = objective,
};
