/*
 * bounds/last_iterate_any_schedule.c -- the last iterate of SGD, any positive steps.
 *
 * With S_k = sum_{t=k..T} eta_t, Q_k = sum_{t=k..T} eta_t^2 and A_k the eta-weighted mean of
 * F_t = E f(x_t) over t >= k.  Started at x_k, with x_k in the place of x* (it lies in the
 * domain, and g_t has mean grad f(x_t) given all before), bounds/weighted_avg_any_schedule.c
 * says A_k - F_k <= G^2 Q_k/(2 S_k).  As S_k A_k = eta_k F_k + S_{k+1} A_{k+1},
 *
 *     A_{k+1} = A_k + (eta_k/S_{k+1}) (A_k - F_k) <= A_k + G^2 eta_k Q_k/(2 S_k S_{k+1}),
 *
 * from A_1 - f* <= (R1^2 + G^2 Q_1)/(2 S_1) to A_T = F_T:
 *
 *     F_T - f* <= (R1^2 + G^2 Q_1)/(2 S_1) + (G^2/2) sum_{k<T} eta_k Q_k/(S_k S_{k+1}).
 *
 * eta_k/(S_k S_{k+1}) = 1/S_{k+1} - 1/S_k, and by parts with Q_k - Q_{k+1} = eta_k^2 the sum is
 * eta_T - Q_1/S_1 + sum_{k<T} eta_k^2/S_{k+1}, which leaves
 *
 *     F_T - f* <= R1^2/(2 S_1) + (G^2/2) [eta_T + sum_{k<T} eta_k^2/S_{k+1}].
 *
 * eta_T has not been used when f(x_T) is looked at: it is a number of the proof alone.
 * One row costs T divisions: every row of every = 1 costs T^2/2 of them.
 *
 * The steps with the least bound.  In S_1 >= ... >= S_T > 0, eta_k = S_k - S_{k+1}, it is convex:
 * 1/S_1 is, and so is (S_k - S_{k+1})^2/S_{k+1}, a square over a positive number.  So a point
 * where the derivatives vanish is the minimum.  With r_k = S_k/S_{k+1} = 1 + u_k they are, times
 * 2/G^2,
 *
 *     k = T          1 - r_{T-1}^2 + 1 = 0,               u_{T-1} = sqrt(2) - 1
 *     1 < k < T      2 r_k - 1 - r_{k-1}^2 = 0,           u_{k-1} = sqrt(1 + 2 u_k) - 1
 *     k = 1          2 (r_1 - 1) - R1^2/(G S_1)^2 = 0,    S_1 = R1/(G sqrt(2 u_1))
 *
 * (the first as if u_T = 1/2, which also serves T = 1).  All u_k > 0, so all eta_k > 0.  The
 * bracket grows like its S, so that at the minimum it pays as much as R1^2/(2 S_1): the least
 * bound is R1^2/S_1 = R1 G sqrt(2 u_1).  u_k ~ 2/(T - k): that is about 2 R1 G/sqrt(T), and
 * eta_k about (T - k)/T R1/(G sqrt(T)), linear decay.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_1, ..., eta_T"),
    LAB_PARAM_END,
};

/* From the end, so that no S_k is a difference of large numbers. */
static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double *eta = in->eta.eta;
    const size_t T = in->eta.T;
    double S = eta[T - 1], sum = eta[T - 1];
    for (size_t k = T - 1; k >= 1; k--) {
        sum += eta[k - 1] * (eta[k - 1] / S);
        S += eta[k - 1];
    }
    return in->R1 * in->R1 / (2.0 * S) + in->G * in->G * sum / 2.0;
}

/* u_1..u_T in the place of eta_1..eta_T, then these. */
static void prescribe(const double *fact, size_t T, double *eta)
{
    double u = 0.5;
    for (size_t k = T; k >= 1; k--) {
        eta[k - 1] = u;
        u = 2.0 * u / (sqrt(1.0 + 2.0 * u) + 1.0);
    }
    double S = fact[0] / (fact[1] * sqrt(2.0 * eta[0]));
    for (size_t k = 1; k < T; k++) {
        u = eta[k - 1];
        eta[k - 1] = S * u / (1.0 + u);
        S /= 1.0 + u;
    }
    eta[T - 1] = S;
}

LAB_BOUND(last_iterate_any_schedule) = {
    .base = {.summary = "the last iterate of SGD, any positive steps",
             .formula =
                 "(R1^2 + G^2 sum_{t<=T} eta_t^2)/(2 sum_{t<=T} eta_t)\n"
                 "+ (G^2/2) sum_{k<T} (eta_k/S_{k+1}) (sum_{k<=t<=T} eta_t^2)/S_k,\n"
                 "S_k = sum_{k<=t<=T} eta_t",
             .reference = "Orabona (2020), blog; Defazio, Cutkosky, Mehta & Mishchenko "
                          "(2023); Schaipp et al. (2025) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "For any positive steps, with E‖g_t‖^2 <= G^2, E f(x_T) - f* at the last point "
        "whose gradient was taken stays below the formula.  It shows why steps that fall "
        "to 0 pay: the sum is small if late steps are.  Of all steps those prescribed "
        "have the "
        "least bound: linear decay, nearly.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX,
    .prescription = {.formula =
                         "those with the least bound of all: eta_t = S_t - S_{t+1}, "
                         "S_1 = R1/(G sqrt(2 u_1)), S_{t+1} = S_t/(1 + u_t), u_t = "
                         "sqrt(1 + 2 u_{t+1}) - 1, u_T = 1/2, S_{T+1} = 0",
                     .facts = {"R1", "G"}},
    .prescribe = prescribe,
    .rhs = rhs,
};
