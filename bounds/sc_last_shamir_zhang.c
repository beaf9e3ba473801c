/*
 * bounds/sc_last_shamir_zhang.c -- the last iterate of SGD on a strongly convex f.
 *
 * eta_t = 1/(mu t), E‖g_t‖^2 <= G^2 over the domain.  The constant 17 is recalled from the
 * paper, not derived; it is safe, since 3/2 will do:
 *
 * For any x in the domain that the past determines at s, E<g_t, x_t - x> >= F_t - f(x) +
 * (mu/2) E‖x_t - x‖^2 for t >= s; with 1/eta_t - mu = 1/eta_{t-1} the distances telescope, and
 *
 *     sum_{t=s..T} (F_t - f(x)) <= (mu/2)(s-1) E‖x_s - x‖^2 + (G^2/(2 mu)) sum_{t=s..T} 1/t.
 *
 * x = x*, s = 1: the mean V_1 of all F_t is at most f* + G^2 H_T/(2 mu T).  x = x_s: with V_s the
 * mean of the last n = T-s+1, V_s - F_s <= (G^2/(2 mu n)) sum_{t=s..T} 1/t <= G^2/(2 mu s), since
 * each term is at most 1/s; n V_s = F_s + (n-1) V_{s+1} makes V_{s+1} <= V_s + G^2/(2 mu s (T-s)).
 * Up to V_T = F_T these add (G^2/(2 mu)) sum_{s<T} 1/(s (T-s)) = (G^2/(mu T)) H_{T-1}, so
 *
 *     F_T - f* <= (G^2/(2 mu T)) (H_T + 2 H_{T-1}) <= (3/2) G^2 (1 + log T)/(mu T).
 *
 * Steps c/t with c > 1/mu are those of mu' = 1/c < mu, for which f is strongly convex too.
 */
#include "lab/plugin.h"

struct inputs {
    double G, mu;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

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
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->mu = fmin(in->mu, 1.0 / c->eta.eta[0]);
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double T = (double)in->T;
    return 17.0 * in->G * in->G * (1.0 + log(T)) / (in->mu * T);
}

LAB_BOUND(sc_last_shamir_zhang) = {
    .base = {.summary = "the last iterate of SGD, strongly convex f, steps 1/(mu t)",
             .formula = "17 G^2 (1 + log T)/(mu T),  eta_t = 1/(mu t)",
             .reference =
                 "Shamir & Zhang (2013), theorem 1: constants recalled, and shown "
                 "to be safe",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "f strongly convex, E‖g‖^2 <= G^2 over the domain, eta_t = 1/(mu t): E "
                 "f(x_T) - f* at "
                 "the last iterate stays below the formula, by far.  For larger steps "
                 "c/t mu is 1/c.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .check = check,
    .bind = bind,
    .rhs = rhs,
};
