/*
 * bounds/suffix_avg_diameter.c -- the mean of the last iterates of projected SGD.
 *
 * The sum of bounds/seed_avg_regret.c from t = s on, with d_t <= D throughout: E<g_t, x_t - x*>
 * >= E f(x_t) - f* and E‖g_t‖^2 <= G^2 give, by parts where steps do not grow,
 *
 *     sum_{t=s..T} E[f(x_t) - f*] <= E d_s^2/(2 eta_s)
 *         + sum_{t=s+1..T} E d_t^2 (1/eta_t - 1/eta_{t-1})/2 + (G^2/2) sum_{t=s..T} eta_t
 *                                 <= D^2/(2 eta_T) + (G^2/2) sum_{t=s..T} eta_t.
 *
 * Divided by m = T - s + 1; f at the mean of x_s..x_T is below the mean of f (Jensen).  What
 * steps did before s does not matter.  In a run m = ceil(alpha t) at row t, alpha the option
 * average_alpha, and the theorem speaks of the rows over whose mean no step grows.
 */
#include "lab/plugin.h"

struct inputs {
    double D, G;
    size_t s;
    struct lab_steps eta;
    double share; /* of a run: average_alpha, instead of s */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the domain"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, s, LAB_REQUIRED, "[1,inf)", "the mean is of x_s..x_T"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

/* The first of the last ceil(share T), as gap_suffix_iterate counts them. */
static size_t first(double share, size_t T)
{
    const double length = ceil((share - 1e-12 * share) * (double)T);
    return T - (length > 1.0 ? (size_t)length : 1) + 1;
}

/* The first step after s up to T that is larger than the one before; 0: none. */
static size_t growth(const double *eta, size_t s, size_t T)
{
    for (size_t t = s + 1; t <= T; t++)
        if (eta[t - 1] > eta[t - 2])
            return t;
    return 0;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    const size_t s = first(c->average_alpha, c->eta.T);
    const size_t t = growth(c->eta.eta, s, c->eta.T);
    if (t)
        return lab_fail(why,
                        "needs steps that never grow over x_%zu..x_%zu, but the schedule "
                        "increases at t = %zu",
                        s, c->eta.T, t);
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->share = c->average_alpha;
    return 0;
}

static bool speaks(const void *inputs, size_t T)
{
    const struct inputs *in = inputs;
    return growth(in->eta.eta, first(in->share, T), T) == 0;
}

static int begins_inside(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    return in->s <= in->eta.T
               ? 0
               : lab_fail(err, "s = %zu, but eta has %zu numbers", in->s, in->eta.T);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t T = in->eta.T, s = in->share > 0.0 ? first(in->share, T) : in->s;
    const double m = (double)(T - s + 1);
    double sum = 0.0;
    for (size_t t = s; t <= T; t++)
        sum += in->eta.eta[t - 1];
    return (in->D * in->D / in->eta.eta[T - 1] + in->G * in->G * sum) / (2.0 * m);
}

LAB_BOUND(suffix_avg_diameter) = {
    .base = {.summary = "the mean of the last iterates of projected SGD",
             .formula =
                 "D^2/(2 m eta_T) + (G^2/(2m)) sum_{s<=t<=T} eta_t,  m = T - s + 1",
             .reference = "in the style of Nemirovski, Juditsky, Lan & Shapiro (2009), "
                          "sec. 2.2 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD projected on a convex set of diameter D that holds x*, E‖g‖^2 <= G^2 over "
        "it, "
        "steps that do not grow from s on: the mean of E f(x_t) - f* over s <= t <= T, "
        "and "
        "f at the mean of these x_t, stay below the formula.  Row t of a run has "
        "m = ceil(average_alpha t).",
    .method = "sgd",
    .limits = {{LAB_GAP_SUFFIX_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_BOUNDED_DOMAIN,
    .speaks = speaks,
    .check = check,
    .bind = bind,
    .inputs = begins_inside,
    .rhs = rhs,
};
