/*
 * bounds/lower_last_iterate_harvey.c -- the last iterate pays a logarithm.
 *
 * problems/harvey_last_iterate.c in dimension d = T: x_1 = x* = 0, f* = 0, and
 * h_i = (a_1, ..., a_{i-1}, -b_i, 0, ...), a_j = 1/(8(T-j+1)), b_j = sqrt(j/T)/2,
 * h_{T+1} = (a_1, ..., a_T).  If the coordinates of x_t before t are positive and the others 0,
 * <h_i, x_t> is greatest, and the same, for all i >= t: the oracle answers h_t.  With steps
 * 1/sqrt(t) that moves coordinate t from 0 to b_t/sqrt(t) = 1/(2 sqrt(T)), and coordinate j is
 * pulled down, in all the later steps, by
 *
 *     a_j sum_{j<s<=T} 1/sqrt(s) <= 2 (sqrt(T) - sqrt(j))/(8 (T-j+1)) <= 1/(4 sqrt(T)),
 *
 * so 1/(4 sqrt(T)) and more remains, the assumption holds again, and ‖x_t‖ <= 1/2: the projection
 * on the unit ball is idle.  After T steps the last piece collects a harmonic sum,
 *
 *     f(x_{T+1}) = <h_{T+1}, x_{T+1}> >= sum_j a_j/(4 sqrt(T)) >= log T/(32 sqrt(T)).
 *
 * Row t, of x_t, is T = t - 1; only T = d is spoken of.
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "updates"),
    LAB_PARAM_END,
};

static int check_ball(const struct lab_domain *C, struct lab_error *why)
{
    if (C->kind == LAB_NO_DOMAIN)
        return 0;
    if (C->kind == LAB_BALL && C->radius == 1.0 && lab_domain_farthest(C, NULL) == 1.0)
        return 0;
    return lab_fail(why, "needs the unit ball around 0 for a domain, or none");
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    const size_t d = c->facts->d;
    if (strcmp(c->problem, "harvey_last_iterate") != 0)
        return lab_fail(why, "is about the hard instance harvey_last_iterate, not %s",
                        c->problem);
    if (check_ball(c->domain, why) || lab_needs_zero_start(c, why))
        return -1;
    if (c->eta.T <= d)
        return lab_fail(why,
                        "speaks of x_{d+1}, d = %zu, in row %zu alone, but there are "
                        "%zu steps",
                        d, d + 1, c->eta.T);
    for (size_t t = 1; t <= d; t++) {
        const double eta = c->eta.eta[t - 1], needed = 1.0 / sqrt((double)t);
        if (!lab_at_most(eta, needed) || !lab_at_most(needed, eta))
            return lab_fail(why, "needs eta_t = 1/sqrt(t), but eta_%zu = %.6g, not %.6g",
                            t, eta, needed);
    }
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->T = c->facts->d;
    return 0;
}

static bool speaks(const void *inputs, size_t T)
{
    return T == ((const struct inputs *)inputs)->T;
}

static double rhs(const void *inputs)
{
    const double T = (double)((const struct inputs *)inputs)->T;
    return log(T) / (32.0 * sqrt(T));
}

LAB_BOUND(lower_last_iterate_harvey) = {
    .base = {.summary = "the last iterate pays a logarithm, on its hard instance",
             .formula = "log T/(32 sqrt(T)) after T = d updates",
             .reference = "Harvey, Liaw, Plan & Randhawa (2019), theorem 3.1 "
                          "[re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "On harvey_last_iterate with d = T, from x_1 = 0 with steps 1/sqrt(t) projected "
        "on the unit ball and exact subgradients of the first maximiser: f(x_{T+1}) - f* "
        "is at least the formula, where the average of the same iterates is of the order "
        "1/sqrt(T).",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_LOWER}},
    .assumes = LAB_CONVEX | LAB_EXACT_GRADIENTS,
    .lag = 1,
    .speaks = speaks,
    .check = check,
    .binds = "T",
    .bind = bind,
    .rhs = rhs,
};
