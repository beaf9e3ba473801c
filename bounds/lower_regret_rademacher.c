/*
 * bounds/lower_regret_rademacher.c -- the regret that every algorithm has on random signs.
 *
 * problems/linear_losses.c, sequence = "rademacher": l_t(x) = <g_t, x>, g_t = (G/sqrt(d)) times
 * independent signs.  x_t was chosen before g_t, so E l_t(x_t) = 0 whatever the algorithm.  On
 * a box [l, u] with u_j - l_j = side for all j the best point in hindsight has
 *
 *     min_x <sum g_t, x> = sum_j [S_j (l_j + u_j)/2 - |S_j| side/2],   S_j = sum_t g_tj,
 *
 * with mean -d (side/2) (G/sqrt(d)) E|sum of T signs|, and D = side sqrt(d).  Hence
 *
 *     E regret/T = (D G/2) E|sum of T signs|/T = (D G/2) C(T-1, floor((T-1)/2))/2^(T-1):
 *
 * one sign more leaves E|s_t| as it is unless s_t = 0, where it adds 1, and s_t = 0 has probability
 * C(2m, m)/4^m at t = 2m.  With M = floor((T-1)/2) that is sum_{m<=M} C(2m, m)/4^m =
 * (2M+1) C(2M, M)/4^M: the formula for T = 2M + 1, and for T = 2M + 2, too, as C(2M+1, M) =
 * C(2M, M) (2M+1)/(M+1).  About D G/sqrt(2 pi T): no algorithm beats the order D G/sqrt(T).
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    double D, G;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the box"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "‖g_t‖"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "losses"),
    LAB_PARAM_END,
};

static int check_box(const struct lab_course *c, struct lab_error *why)
{
    const struct lab_domain *C = c->domain;
    if (C->kind == LAB_BALL && C->d == 1)
        return 0;
    if (C->kind != LAB_BOX)
        return lab_fail(why, "needs a box for a domain, or an interval");
    const double side = C->upper[0] - C->lower[0];
    for (size_t j = 1; j < C->d; j++) {
        const double here = C->upper[j] - C->lower[j];
        if (!lab_at_most(here, side) || !lab_at_most(side, here))
            return lab_fail(why, "needs a box of equal sides, but they are %.6g and %.6g",
                            side, here);
    }
    return 0;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (strcmp(c->problem, "linear_losses") != 0 ||
        strcmp(lab_problem_option_word(c, "sequence"), "rademacher") != 0)
        return lab_fail(why, "is about linear_losses with sequence = \"rademacher\"");
    if (c->noise->law != LAB_NO_NOISE)
        return lab_fail(why, "needs the losses alone, but noise is added");
    if (c->batch != 1)
        return lab_fail(why, "needs one loss a step, not batch = %zu", c->batch);
    return check_box(c, why);
}

/* C(n, floor(n/2))/2^n = C(2m, m)/4^m, m = ceil(n/2): a product, or where it is long
 * Gamma(m + 1/2)/(sqrt(pi) Gamma(m + 1)) by its series, the next term below 1e-17. */
static double middle(size_t n)
{
    const size_t steps = n / 2 + n % 2;
    const double m = (double)steps;
    double p = 1.0;
    if (steps > 1000)
        return (1.0 - 1.0 / (8.0 * m) + 1.0 / (128.0 * m * m) +
                5.0 / (1024.0 * m * m * m) - 21.0 / (32768.0 * m * m * m * m)) /
               sqrt(M_PI * m);
    for (size_t k = 1; k <= steps; k++)
        p *= (double)(2 * k - 1) / (double)(2 * k);
    return p;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->D * in->G / 2.0 * middle(in->T - 1);
}

LAB_BOUND(lower_regret_rademacher) = {
    .base = {.summary = "the regret of every algorithm on random signs, an equality",
             .formula = "(D G/2) C(T-1, floor((T-1)/2))/2^(T-1)",
             .reference = "Orabona (2019), theorem 5.1, made exact [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Linear losses with independent random signs on an interval, or a box of equal "
        "sides, of diameter D: whatever the algorithm, its expected average regret "
        "against the best point in hindsight is the formula, about D G/sqrt(2 pi T).",
    .limits = {{LAB_AVG_REGRET_HINDSIGHT, LAB_EXACT}},
    .assumes = LAB_CONVEX | LAB_BOUNDED_DOMAIN,
    .check = check,
    .rhs = rhs,
};
