/*
 * bounds/eg_simplex_regret_opt.c -- exponentiated gradient with the best constant step.
 *
 * bounds/eg_simplex_regret.c has log d/(eta T) + eta Ginf^2/2, least at eta = sqrt(2 log
 * d/T)/Ginf: Ginf sqrt(2 log d/T).  The step says for which Ginf it is made, sqrt(2 log
 * d/T)/eta; that is what the formula takes as long as no larger |g_{t,j}| is met.  On a
 * path that meets one the step is not the best for it, and what holds is
 * bounds/eg_simplex_regret.c with it.  The step is made for one T, so only row T is spoken
 * of.
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    size_t d;
    double Ginf;
    size_t T;
    double eta; /* of a run */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, d, LAB_REQUIRED, "[1,inf)", "dimension"),
    LAB_PARAM(struct inputs, Ginf, LAB_REQUIRED, "[0,inf)", "max |g_{t,j}|"),
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

static double best(size_t d, double T)
{
    return sqrt(2.0 * log((double)d) / T);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->eta = c->eta.eta[0];
    in->Ginf = best(c->facts->d, (double)c->eta.T) / in->eta;
    return 0;
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

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->Ginf * best(in->d, (double)in->T);
}

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    const struct inputs *in = inputs;
    if (lab_at_most(kept[0], in->Ginf))
        return in->Ginf * best(d, (double)t);
    return log((double)d) / (in->eta * (double)t) + 0.5 * in->eta * kept[0] * kept[0];
}

LAB_BOUND(eg_simplex_regret_opt) = {
    .base =
        {.summary = "average regret of exponentiated gradient, the best constant step",
         .formula = "Ginf sqrt(2 log d/T)",
         .reference = "Beck & Teboulle (2003); Bubeck (2015), theorem 4.2 [re-derived]",
         .params = params,
         .size = sizeof(struct inputs)},
    .statement =
        "Mirror descent with the entropy on the simplex from (1/d, ..., 1/d) with the "
        "constant step sqrt(2 log d/T)/Ginf: at row T of every path with |g_{t,j}| <= "
        "Ginf the average regret against x*, the linearised one, and of linear losses "
        "that against the best point in hindsight, stay below the formula.  In "
        "expectation so do the average of f(x_t) - f* and f at the mean iterate, minus "
        "f*.",
    .method = "mirror_descent",
    .limits = {{LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_REGRET_HINDSIGHT, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION},
               {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_BOUNDED_DOMAIN | LAB_FOR_HORIZON,
    .check = check,
    .bind = bind,
    .watch = {.numbers = numbers, .see = see, .rhs = of_path},
    .rhs = rhs,
};
