/*
 * bounds/mirror_descent_regret.c -- eta-weighted regret of mirror descent, any positive
 * steps.
 *
 * x_{t+1} = argmin_u eta_t <g_t, u> + B(u, x_t) over the domain, B the Bregman divergence
 * of a mirror map that is lam-strongly convex in a norm ‖.‖.  By the three-point
 * inequality
 *
 *     eta_t <g_t, x_{t+1} - u> <= B(u, x_t) - B(u, x_{t+1}) - B(x_{t+1}, x_t),
 *
 * and eta_t <g_t, x_t - x_{t+1}> <= eta_t^2 ‖g_t‖_*^2/(2 lam) + B(x_{t+1}, x_t).
 * Summed, u = x*:
 *
 *     sum eta_t <g_t, x_t - x*>/sum eta_t <= [B(x*, x_1) + Gstar^2 sum eta_t^2/(2 lam)]/sum eta_t.
 *
 *   entropy    B(u, x) = sum u_j log(u_j/x_j), lam = 1 in ‖.‖_1 (Pinsker), Gstar = max |g_{t,j}|
 *   euclidean  B(u, x) = ‖u - x‖^2/2, lam = 1, Gstar = max ‖g_t‖
 *
 * Gstar is the largest one met on the path.  No metric has these weights: the theorem keeps
 * the weighted regret itself.
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    double B1, lam, Gstar;
    struct lab_steps eta;
    bool entropy; /* of a run */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, B1, LAB_REQUIRED, "[0,inf)", "B(x*, x_1)"),
    LAB_PARAM(struct inputs, lam, LAB_REQUIRED, "(0,inf)",
              "strong convexity of the mirror map"),
    LAB_PARAM(struct inputs, Gstar, LAB_REQUIRED, "[0,inf)", "largest dual norm of g_t"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const double *u = c->facts->minimiser, *x = c->facts->x1;
    double norm; /* of x*, which says how well it is known */
    if (lab_take(&c->facts->x_star, "x_star", &norm, measured, why))
        return -1;
    in->entropy = strcmp(lab_option_word(c, "mirror"), "entropy") == 0;
    in->lam = 1.0;
    in->B1 = 0.0;
    for (size_t j = 0; j < c->facts->d; j++)
        if (!in->entropy)
            in->B1 += 0.5 * (u[j] - x[j]) * (u[j] - x[j]);
        else if (u[j] > 0.0)
            in->B1 += u[j] * log(u[j] / x[j]);
    return 0;
}

static double formula(const struct inputs *in, double Gstar, size_t T)
{
    return (in->B1 + Gstar * Gstar * in->eta.sum2[T - 1] / (2.0 * in->lam)) /
           in->eta.sum[T - 1];
}

/* Gstar, and sum eta_t <g_t, x_t - x*>. */
static size_t numbers(size_t d)
{
    (void)d;
    return 2;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    const struct inputs *in = inputs;
    const double *g = m->g + r * m->d, *x = m->x + r * m->d;
    double most = in->entropy ? 0.0 : lab_norm(m->d, g), regret = 0.0;
    for (size_t j = 0; j < m->d; j++) {
        most = fmax(most, fabs(g[j]));
        regret += g[j] * (x[j] - m->x_star[j]);
    }
    kept[0] = fmax(kept[0], most);
    kept[1] += m->eta * regret;
}

static double weighted_regret(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)d;
    return kept[1] / ((const struct inputs *)inputs)->eta.sum[t - 1];
}

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)d;
    return formula(inputs, kept[0], t);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return formula(in, in->Gstar, in->eta.T);
}

LAB_BOUND(mirror_descent_regret) = {
    .base = {.summary = "eta-weighted regret of mirror descent, any positive steps",
             .formula =
                 "[B(x*, x_1) + Gstar^2 sum_{t<=T} eta_t^2/(2 lam)]/sum_{t<=T} eta_t",
             .reference = "Beck & Teboulle (2003) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Mirror descent with any positive steps, entropic on the simplex or Euclidean: "
        "on every path the eta-weighted average of <g_t, x_t - x*> stays below the "
        "formula with the largest dual norm of a gradient met on it.  In expectation "
        "so does f at the eta-weighted mean iterate, minus f*.",
    .method = "mirror_descent",
    .limits = {{LAB_OWN, LAB_PATH}, {LAB_GAP_ETA_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .bind = bind,
    .watch = {.quantity = "sum eta_s <g_s, x_s - x*>/sum eta_s, s <= t",
              .numbers = numbers,
              .see = see,
              .own = weighted_regret,
              .rhs = of_path},
    .rhs = rhs,
};
