/*
 * bounds/schedule_free.c -- schedule-free SGD with a constant step: the last iterate.
 *
 * bounds/schedule_free_weighted.c with gamma_t = gamma: then x_T is the plain mean of z_1..z_T
 * (c_t = 1/t), whatever power of the step the weights are, and
 *
 *     E f(x_T) - f* <= (R1^2 + T gamma^2 G^2)/(2 T gamma) = R1^2/(2 gamma T) + gamma G^2/2,
 *
 * R1 G/sqrt(T) at gamma = R1/(G sqrt(T)).
 */
#include <string.h>

#include "lab/plugin.h"

struct inputs {
    double R1, G, gamma;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2, g_t at y_t"),
    LAB_PARAM(struct inputs, gamma, LAB_REQUIRED, "(0,inf)", "the constant step eta"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    const char *iterate = lab_option_word(c, "iterate");
    if (strcmp(iterate, "x") != 0)
        return lab_fail(why,
                        "is about the averages x_t, but metrics speak of %s_t: "
                        "iterate = \"x\"",
                        iterate);
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)measured, (void)why;
    in->gamma = c->eta.eta[0];
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->R1 / (2.0 * in->gamma * (double)in->T) +
           in->gamma * in->G * in->G / 2.0;
}

LAB_BOUND(schedule_free) = {
    .base = {.summary = "the last iterate of schedule-free SGD, constant step",
             .formula = "R1^2/(2 gamma T) + gamma G^2/2",
             .reference = "Defazio et al. (2024), theorem 1 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "Schedule-free SGD with a constant step gamma and any beta in [0,1], "
                 "E‖g_t‖^2 <= G^2: E f(x_T) - f* at the last x_T, the mean of z_1..z_T, "
                 "stays below "
                 "the formula, without a schedule and without a logarithm.",
    .method = "schedule_free",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP,
    .check = check,
    .bind = bind,
    .rhs = rhs,
};
