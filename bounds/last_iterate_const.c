/*
 * bounds/last_iterate_const.c -- the last iterate of SGD with a constant step.
 *
 * bounds/last_iterate_any_schedule.c with eta_t = eta: S_k = (T-k+1) eta, so the bracket is
 * eta + eta sum_{k<T} 1/(T-k) = eta (1 + H_{T-1}), H_n = 1 + 1/2 + ... + 1/n:
 *
 *     E f(x_T) - f* <= R1^2/(2 eta T) + (eta G^2/2) (1 + H_{T-1}).
 *
 * The logarithm is real, its factor is not the best: Zamani & Glineur (2023) have a fourth of it
 * under the root at the best step, which bounds/last_iterate_weights.c meets.
 */
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_psi.h>

#include "lab/plugin.h"

struct inputs {
    double R1, G, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double T = (double)in->T, H = gsl_sf_psi(T) + M_EULER; /* H_{T-1} */
    return in->R1 * in->R1 / (2.0 * in->eta * T) +
           in->eta * in->G * in->G * (1.0 + H) / 2.0;
}

LAB_BOUND(last_iterate_const) = {
    .base = {.summary = "the last iterate of SGD, constant step",
             .formula =
                 "R1^2/(2 eta T) + (eta G^2/2) (1 + H_{T-1}),  H_n = 1 + 1/2 + ... + 1/n",
             .reference = "corollary of last_iterate_any_schedule [re-derived]; the best "
                          "rate is in Zamani & Glineur (2023)",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "SGD with a constant step, E‖g_t‖^2 <= G^2: E f(x_T) - f* at the last "
                 "iterate stays "
                 "below the formula, a logarithm above what holds of the average.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP,
    .rhs = rhs,
};
