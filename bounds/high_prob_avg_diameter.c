/*
 * bounds/high_prob_avg_diameter.c -- average loss of projected SGD on most runs.
 *
 * bounds/projected_avg_regret.c bounds the linearised regret on every path:
 *
 *     (1/T) sum <g_t, x_t - x*> <= D^2/(2 T eta_T) + (G^2/(2T)) sum eta_t.
 *
 * With h_t = E[g_t | past] a subgradient of f at x_t, f(x_t) - f* <= <h_t, x_t - x*>, and
 * z_t = <h_t - g_t, x_t - x*> are martingale differences: E[z_t | past] = 0.  Where ‖g‖ <= G
 * surely ‖h_t‖ <= G too, so |z_t| <= 2 G D, and by Azuma's inequality
 *
 *     P(sum z_t >= u) <= exp(-u^2/(2 T (2GD)^2)) = delta  at  u = 2 G D sqrt(2 T log(1/delta)).
 *
 * So (1/T) sum f(x_t) - f* exceeds the formula on at most a share delta of the runs; at each T
 * by itself, not at all of them at once.
 */
#include "lab/plugin.h"

struct inputs {
    double D, G;
    struct lab_steps eta;
    double delta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the domain"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "sup ‖g‖ over the domain"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM(struct inputs, delta, 0.05, "(0,1)", "share of runs that may exceed it"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double D = in->D, G = in->G, T = (double)in->eta.T;
    const size_t last = in->eta.T - 1;
    return D * D / (2.0 * T * in->eta.eta[last]) + G * G * in->eta.sum[last] / (2.0 * T) +
           2.0 * D * G * sqrt(2.0 * log(1.0 / in->delta) / T);
}

LAB_BOUND(high_prob_avg_diameter) = {
    .base = {.summary = "average loss of projected SGD, with high probability",
             .formula = "D^2/(2 T eta_T) + (G^2/(2T)) sum_{t<=T} eta_t\n"
                        "+ 2 D G sqrt(2 log(1/delta)/T)",
             .reference = "Azuma's inequality as in Cesa-Bianchi, Conconi & Gentile "
                          "(2004) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD projected on a convex set of diameter D that holds x*, ‖g‖ <= G surely over "
        "it, steps that never grow: at each T, with probability at least 1 - delta, the "
        "average of f(x_t) - f* over t <= T stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_AVG_GAP, LAB_PROBABILITY}},
    .assumes = LAB_CONVEX | LAB_NONINCREASING | LAB_BOUNDED_DOMAIN,
    .rhs = rhs,
};
