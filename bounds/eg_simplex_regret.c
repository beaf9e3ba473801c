/*
 * bounds/eg_simplex_regret.c -- average regret of exponentiated gradient on the simplex.
 *
 * x_{t+1,j} ~ x_{t,j} exp(-eta g_{t,j}).  With K(u, x) = sum u_j log(u_j/x_j), Z = sum_j
 * x_{t,j} exp(-eta g_{t,j}) and any u of the simplex
 *
 *     K(u, x_{t+1}) - K(u, x_t) = eta <g_t, u> + log Z.
 *
 * g_{t,j} lies in [-Ginf, Ginf], so by Hoeffding's lemma log Z <= -eta <g_t, x_t> + eta^2
 * Ginf^2/2. Summed, and divided by eta T, with K(u, x_1) <= log d from x_1 = (1/d, ...,
 * 1/d):
 *
 *     (1/T) sum <g_t, x_t - u> <= log d/(eta T) + eta Ginf^2/2.
 *
 * u may be x*, or the best point in hindsight.  Ginf is the largest |g_{t,j}| met on the
 * path.
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    size_t d;
    double Ginf, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, d, LAB_REQUIRED, "[1,inf)", "dimension"),
    LAB_PARAM(struct inputs, Ginf, LAB_REQUIRED, "[0,inf)", "max |g_{t,j}|"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const double even = 1.0 / (double)c->facts->d;
    if (strcmp(lab_option_word(c, "mirror"), "entropy") != 0)
        return lab_fail(why, "needs mirror = \"entropy\"");
    for (size_t j = 0; j < c->facts->d; j++)
        if (fabs(c->facts->x1[j] - even) > 1e-12 * even)
            return lab_fail(why, "needs x_1 = (1/d, ..., 1/d), but x_1[%zu] = %g", j,
                            c->facts->x1[j]);
    return 0;
}

static double formula(const struct inputs *in, double Ginf, double T)
{
    return log((double)in->d) / (in->eta * T) + 0.5 * in->eta * Ginf * Ginf;
}

static size_t numbers(size_t d)
{
    (void)d;
    return 1;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    (void)inputs;
    for (size_t j = 0; j < m->d; j++)
        kept[0] = fmax(kept[0], fabs(m->g[r * m->d + j]));
}

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)d;
    return formula(inputs, kept[0], (double)t);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return formula(in, in->Ginf, (double)in->T);
}

LAB_BOUND(eg_simplex_regret) = {
    .base = {.summary = "average regret of exponentiated gradient on the simplex",
             .formula = "log d/(eta T) + eta Ginf^2/2",
             .reference =
                 "Beck & Teboulle (2003); Bubeck (2015), theorem 4.2 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Mirror descent with the entropy on the simplex from (1/d, ..., 1/d) with a "
        "constant step: on every path the average regret against x*, the linearised "
        "one, and of linear losses that against the best point in hindsight, stay "
        "below the formula with the largest |g_{t,j}| met on it.  In expectation so do "
        "the average of f(x_t) - f* and f at the mean iterate, minus f*.",
    .method = "mirror_descent",
    .limits = {{LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_REGRET_HINDSIGHT, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_BOUNDED_DOMAIN,
    .check = check,
    .watch = {.numbers = numbers, .see = see, .rhs = of_path},
    .rhs = rhs,
};
