/*
 * bounds/sc_alpha_suffix.c -- the mean of the last iterates of SGD on a strongly convex f.
 *
 * eta_t = 1/(mu t), P the projection on the domain, E‖g_t‖^2 <= G^2 over it, D_t = E‖x_t - x*‖^2.
 *
 * Lemma: D_t <= 4 G^2/(mu^2 t).  mu D_t <= E<grad f(x_t), x_t - x*> by strong convexity and
 * optimality, so D_1 <= G^2/mu^2, and one step is D_{t+1} <= (1 - 2/t) D_t + G^2/(mu t)^2.  At
 * t = 1, 2 the factor of D_t is not positive: D_2 <= G^2/mu^2, D_3 <= G^2/(4 mu^2).  From t = 3
 * on by induction: (4/t)(1 - 2/t) + 1/t^2 = (4t - 7)/t^2 <= 4/(t+1).
 *
 * With E<g_t, x_t - x*> >= F_t - f* + (mu/2) D_t, summed from s = (1-alpha) T + 1 to T,
 *
 *     sum (F_t - f*) <= (1/eta_s - mu) D_s/2 + (G^2/2) sum_{t=s..T} eta_t
 *                    <= (mu/2)(s - 1) 4 G^2/(mu^2 s) + (G^2/(2 mu)) log(T/(s - 1)),
 *
 * at most (G^2/mu) (2 + log(1/(1-alpha))/2) for alpha T terms.  The published formula has 5/2 in
 * the place of 1/2, since strong convexity is used once less: larger, so true all the more.
 *
 * In a run the mean is of the last m = ceil(average_alpha t) iterates, and alpha = m/t at row t:
 * then (1-alpha) t is an integer, and it is at least 1 but where m = t, of which nothing is said.
 * Steps c/t with c > 1/mu are those of mu' = 1/c < mu, for which f is strongly convex too.
 */
#include "lab/plugin.h"

struct inputs {
    double G, mu, alpha;
    size_t T;
    double share; /* of a run: average_alpha, instead of alpha */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,1)",
              "the mean is of the last alpha T"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

/* The last ceil(share T) iterates, as gap_suffix_iterate counts them. */
static double length(double share, size_t T)
{
    return fmax(1.0, ceil((share - 1e-12 * share) * (double)T));
}

/* 1/t up to the rounding of a table. */
static int check(const struct lab_course *c, struct lab_error *why)
{
    const double *eta = c->eta.eta, mu = c->facts->mu.value;
    for (size_t t = 2; t <= c->eta.T; t++)
        if (fabs(eta[t - 1] * (double)t - eta[0]) > 1e-12 * eta[0])
            return lab_fail(why, "needs eta_t = c/t, but eta_1 = %.6g and eta_%zu = %.6g",
                            eta[0], t, eta[t - 1]);
    if (c->facts->mu.status == LAB_UNKNOWN)
        return lab_fail(why, "mu is not known: %s", c->facts->mu.source);
    if (!(mu > 0.0))
        return lab_fail(why, "needs a strongly convex f, but mu = %g", mu);
    if (eta[0] * mu < 1.0 - 1e-12)
        return lab_fail(why, "eta_1 = %.6g is less than 1/mu = %.6g", eta[0], 1.0 / mu);
    if (c->average_alpha == 1.0)
        return lab_fail(why, "needs average_alpha < 1, but the mean is of all iterates");
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->mu = fmin(in->mu, 1.0 / c->eta.eta[0]);
    in->share = c->average_alpha;
    return 0;
}

static bool speaks(const void *inputs, size_t T)
{
    const struct inputs *in = inputs;
    return length(in->share, T) < (double)T;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double T = (double)in->T;
    const double alpha = in->share > 0.0 ? length(in->share, in->T) / T : in->alpha;
    return (2.0 - 2.5 * log1p(-alpha)) / alpha * in->G * in->G / (in->mu * T);
}

LAB_BOUND(sc_alpha_suffix) = {
    .base = {.summary = "the mean of the last iterates of SGD, strongly convex f",
             .formula = "(2 + 2.5 log(1/(1-alpha)))/alpha G^2/(mu T),  eta_t = 1/(mu t)",
             .reference = "Rakhlin, Shamir & Sridharan (2012), theorem 5 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "f strongly convex, E‖g‖^2 <= G^2 over the domain, eta_t = 1/(mu t): E "
                 "f - f* at the "
                 "mean of the last alpha T iterates, (1-alpha) T an integer, stays below "
                 "the formula; "
                 "there is no logarithm of T.  At row t of a run alpha is "
                 "ceil(average_alpha t)/t.  For "
                 "larger steps c/t mu is 1/c.",
    .method = "sgd",
    .limits = {{LAB_GAP_SUFFIX_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .speaks = speaks,
    .check = check,
    .bind = bind,
    .rhs = rhs,
};
