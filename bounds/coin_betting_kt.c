/*
 * bounds/coin_betting_kt.c -- average regret of KT coin betting, free of learning rates.
 *
 * Orabona and Pal: with ‖g_t‖ <= 1, wealth eps to begin with and x_1 = 0, betting the fraction of
 * Krichevsky and Trofimov has for every u and every sequence
 *
 *     sum_{t<=T} <g_t, x_t - u> <= ‖u‖ sqrt(T log(1 + 24 T^2 ‖u‖^2/eps^2))
 *                                  + eps (1 - 1/(e sqrt(pi T))).
 *
 * The constants are recalled from their corollary 5.  The optimizer plays x_1 + w_t with gradients
 * divided by its option G >= ‖g_t‖.  The regret is G times that of the divided ones, and the
 * formula grows in proportion if u and eps do: so u = G ‖x* - x_1‖, and eps is G times its option.
 * By convexity the regret of the losses is no larger, nor in the mean the average of f(x_t) - f*.
 */
#include "lab/plugin.h"

struct inputs {
    double u, eps;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, u, LAB_REQUIRED, "[0,inf)", "G ‖x* - x_1‖, G >= ‖g_t‖"),
    LAB_PARAM(struct inputs, eps, LAB_REQUIRED, "(0,inf)",
              "wealth to begin with, times G"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const double G = lab_option(c, "G");
    double R1, most;
    if (lab_take(&c->facts->R1, "R1", &R1, measured, why) ||
        lab_take(&c->facts->G, "G", &most, measured, why))
        return -1;
    if (!lab_at_most(most, G))
        return lab_fail(why, "needs ‖g‖ <= %.6g, the option G, but G = %.6g here", G,
                        most);
    in->u = G * R1;
    in->eps = G * lab_option(c, "eps");
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double T = (double)in->T, ratio = T * in->u / in->eps;
    const double spread = in->u * sqrt(T * log1p(24.0 * ratio * ratio));
    return (spread + in->eps * (1.0 - exp(-1.0) / sqrt(M_PI * T))) / T;
}

LAB_BOUND(coin_betting_kt) = {
    .base = {.summary = "average regret of KT coin betting, every path",
             .formula =
                 "[u sqrt(T log(1 + 24 T^2 u^2/eps^2)) + eps (1 - 1/(e sqrt(pi T)))]/T",
             .reference = "Orabona & Pal (2016), corollary 5 (constants recalled)",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "KT coin betting without projection, ‖g_t‖ <= G: on every path the average of "
        "<g_t, x_t - x*> stays below the formula, as if the step had been tuned for "
        "‖x* - x_1‖ but for a logarithm; so do the average regret and, in expectation, "
        "the average of f(x_t) - f*.",
    .method = "coin_betting",
    .limits = {{LAB_AVG_LINEAR_REGRET, LAB_PATH},
               {LAB_AVG_REGRET, LAB_PATH},
               {LAB_AVG_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_NO_PROJECTION,
    .bind = bind,
    .rhs = rhs,
};
