/*
 * bounds/last_iterate_linear_decay.c -- the last iterate of SGD, steps that fall to 0 linearly.
 *
 * eta_t = eta (T-t)/T; g_T is taken at x_T, eta_T leads beyond it and does not matter.  Let
 * z_1 = x_1, z_{t+1} = z_t - eta g_t, so that x_{t+1} = x_t + (T-t)/T (z_{t+1} - z_t).  As for any
 * constant step (bounds/const_step_avg.c),
 *
 *     sum_{t<=T} E<g_t, z_t - x*> <= R1^2/(2 eta) + eta T G^2/2.                         (1)
 *
 * By parts T x_t = (T-t+1) z_t + sum_{s<t} z_s, hence with c_s = s/(T-s)
 *
 *     z_t - x_t = sum_{s<t} c_s (x_{s+1} - x_s) = sum_{s<t} (c_s - c_{s-1}) (x_t - x_s):
 *
 * weights that are positive, since c grows.  With F_t = E f(x_t), convexity gives
 * E<g_t, x_t - x> >= F_t - E f(x) for x = x* and x = x_s, and the left side of (1) is at least
 *
 *     sum_t [F_t - f* + sum_{s<t} (c_s - c_{s-1}) (F_t - F_s)].
 *
 * Here F_s, s < T, has the factor 1 + c_{s-1} - (T-s)(c_s - c_{s-1}) = 1 - s + (T-s+1) c_{s-1} = 0,
 * F_T the factor 1 + c_{T-1} = T.  So T (F_T - f*) is at most the right side of (1):
 *
 *     E f(x_T) - f* <= R1^2/(2 eta T) + eta G^2/2,
 *
 * as large as the bound of the average of constant steps, and least at eta = R1/(G sqrt(T)).  The
 * steps are made for one T: only row T is spoken of.  (The schedule `linear` reaches 0 one step
 * later: its theorem speaks of x_{T+1}, of which there is no row.)
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "eta_t = eta (T-t)/T"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double shape(size_t t, size_t T)
{
    return (double)(T - t) / (double)T;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (c->eta.T < 2)
        return lab_fail(why,
                        "needs at least 2 steps: it speaks of x_T after T - 1 updates");
    return lab_check_shape(c, shape, "eta_t = eta (T - t)/T", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured;
    struct inputs *in = inputs;
    (void)why;
    in->eta = c->eta.eta[0] / shape(1, c->eta.T);
    return 0;
}

/* The minimum over eta of the right-hand side. */
static double prescribed(const double *fact, size_t t, size_t T)
{
    return fact[0] / (fact[1] * sqrt((double)T)) * shape(t, T);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->R1 / (2.0 * in->eta * (double)in->T) +
           in->eta * in->G * in->G / 2.0;
}

LAB_BOUND(last_iterate_linear_decay) = {
    .base = {.summary = "the last iterate of SGD, steps that fall to 0 linearly",
             .formula = "R1^2/(2 eta T) + eta G^2/2,  eta_t = eta (T - t)/T",
             .reference =
                 "Zamani & Glineur (2023); Defazio, Cutkosky, Mehta & Mishchenko (2023)",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection, eta_t = eta (T - t)/T, E‖g‖^2 <= G^2: E f(x_T) - f* at "
        "the last "
        "iterate, after T - 1 updates, stays below the formula, which is that of the "
        "average iterate of constant steps.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_NO_PROJECTION | LAB_FOR_HORIZON | LAB_BEFORE_LAST,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = R1/(G sqrt(T)) (T - t)/T", {"R1", "G"}, prescribed},
    .rhs = rhs,
};
