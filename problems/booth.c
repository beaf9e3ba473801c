/*
 * problems/booth.c -- a convex quadratic in the plane, minimiser off the origin.
 *
 *     f(x, y) = (x + 2y - 7)^2 + (2x + y - 5)^2
 *
 * H = [10 8; 8 10] has eigenvalues 18 and 2; f* = 0 at (1, 3).
 */
#include "lab/plugin.h"

static int open_booth(void *self, struct lab_facts *facts, struct lab_error *err)
{
    (void)self, (void)err;
    facts->d = 2;
    facts->convex = true;
    facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const double x_star[] = {1.0, 3.0}, far = lab_domain_farthest(C, x_star);
    (void)self;
    facts->minimiser[0] = x_star[0];
    facts->minimiser[1] = x_star[1];
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "closed form");
    lab_know(&facts->x_star, LAB_ANALYTIC, hypot(1.0, 3.0), "closed form: (1, 3)");
    lab_know(&facts->L, LAB_ANALYTIC, 18.0, "greatest eigenvalue");
    lab_know(&facts->L_max, LAB_ANALYTIC, 18.0, "greatest eigenvalue");
    lab_know(&facts->mu, LAB_ANALYTIC, 2.0, "least eigenvalue");
    if (isfinite(far)) {
        lab_know(&facts->G, LAB_ANALYTIC, 18.0 * far,
                 "L max ‖x - (1, 3)‖ over the domain");
        lab_know(&facts->G2, LAB_ANALYTIC, 324.0 * far * far,
                 "L² max ‖x - (1, 3)‖² over the domain");
    } else {
        lab_unknown(&facts->G, "grows with ‖x‖: no bound on all of R^d");
        lab_unknown(&facts->G2, "grows with ‖x‖: no bound on all of R^d");
    }
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    (void)self;
    for (size_t k = 0; k < count; k++, x += 2) {
        const double a = x[0] + 2.0 * x[1] - 7.0, b = 2.0 * x[0] + x[1] - 5.0;
        f[k] = a * a + b * b;
        if (g) {
            g[2 * k] = 2.0 * a + 4.0 * b;
            g[2 * k + 1] = 4.0 * a + 2.0 * b;
        }
    }
}

static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    double f;
    (void)smoothing;
    objective(self, 1, x, &f, g);
    H[0] = H[3] = 10.0;
    H[1] = H[2] = 8.0;
    return f;
}

LAB_PROBLEM(booth) = {
    .base = {.summary = "Booth's function: a convex quadratic in the plane",
             .formula = "f(x, y) = (x + 2y - 7)^2 + (2x + y - 5)^2",
             .reference = "Jamil & Yang (2013), no. 17"},
    .group = LAB_GROUP_SMOOTH,
    .strongly = "always",
    .open = open_booth,
    .constants = constants,
    .objective = objective,
    .model = model,
    .concordance = lab_no_concordance,
};
