/*
 * bounds/nesterov_convex.c -- FISTA on convex f = s + h, s smooth, exact gradients.
 *
 * x+ = prox(y - eta grad s(y)), eta <= 1/L, L that of s.  As in bounds/gd_convex_classic.c,
 * with the subgradient of h at x+ that the prox takes, for every u
 *
 *     f(x+) - f(u) <= [‖y - u‖^2 - ‖x+ - u‖^2]/(2 eta).                                  (1)
 *
 * With theta = theta_t, u = (1 - 1/theta) x_t + (1/theta) x*, v_t = f(x_t) - f* and the
 * convexity of f, theta^2 v_{t+1} - theta (theta - 1) v_t <= theta^2 [f(x+) - f(u)].  By (1)
 * that is at most [‖z_t - x*‖^2 - ‖z_{t+1} - x*‖^2]/(2 eta) with z_{t+1} = theta x+ -
 * (theta - 1) x_t: the momentum makes theta y_t - (theta - 1) x_t the z_t of the step before.
 * theta_t (theta_t - 1) = theta_{t-1}^2, so the left side telescopes; theta_1 = 1, z_1 = x_1:
 *
 *     theta_T^2 v_{T+1} <= R1^2/(2 eta),   theta_T >= (T+1)/2.
 *
 * L = 1/eta in a run.  y_t may leave a domain, on which alone L might be known: there is none.
 * Where f has the kinks of h, L of s is at most the mean of those of the sampled losses.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct inputs {
    double R1, L;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)",
              "smoothness of s; 1/eta in a run"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "updates"),
    LAB_PARAM_END,
};

/* At most: L of s is no more than the mean of the L_i. */
static int mean_of_sizes(const struct lab_course *c, double *L, struct lab_error *why)
{
    const size_t n = c->facts->n;
    if (!c->composite || !n || !c->oracle->sizes)
        return lab_fail(why, "L is not known: %s", c->facts->L.source);
    double *size = lab_alloc(n, sizeof *size), sum = 0.0;
    const int failed =
        c->oracle->sizes(c->oracle_self, LAB_SMOOTHNESS, c->domain, size, why);
    for (size_t i = 0; i < n; i++)
        sum += size[i];
    *L = sum / (double)n;
    free(size);
    return failed;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const double eta = c->eta.eta[0];
    double L;
    if (c->facts->L.status != LAB_UNKNOWN ? lab_take(&c->facts->L, "L", &L, measured, why)
                                          : mean_of_sizes(c, &L, why))
        return -1;
    if (!lab_at_most(eta * L, 1.0))
        return lab_fail(why, "needs eta <= 1/L = %.6g, but eta = %.6g", 1.0 / L, eta);
    in->L = 1.0 / eta;
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double R1 = in->R1, T = (double)in->T;
    return 2.0 * in->L * R1 * R1 / ((T + 1.0) * (T + 1.0));
}

LAB_BOUND(nesterov_convex) = {
    .base = {.summary = "gap of FISTA, convex f = s + h with a smooth s",
             .formula = "2 L R1^2/(T+1)^2 after T updates",
             .reference = "Beck & Teboulle (2009), theorem 4.4 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "FISTA with exact gradients, no domain and a constant step of at most 1/L, L "
        "the smoothness of the smooth part of a convex f: f(x_{T+1}) - f* stays below "
        "the formula.  For a smaller step L is 1/eta.",
    .method = "fista",
    .limits = {{LAB_GAP, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .lag = 1,
    .binds = "L",
    .bind = bind,
    .rhs = rhs,
};
