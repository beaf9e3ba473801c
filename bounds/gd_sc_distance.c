/*
 * bounds/gd_sc_distance.c -- distance of gradient descent, smooth strongly convex f.
 *
 * f - (mu/2)‖.‖^2 is convex and (L - mu)-smooth.  For two points with difference v let
 * u = grad f(x) - grad f(y) - mu v; co-coercivity says ‖u‖^2 <= (L - mu) <u, v>, and therefore
 *
 *     ‖v - eta (u + mu v)‖^2 = (1 - eta mu)^2 ‖v‖^2 - 2 eta (1 - eta mu) <u, v> + eta^2 ‖u‖^2
 *         <= (1 - eta mu)^2 ‖v‖^2 + eta [eta (mu + L) - 2] <u, v>.
 *
 * If eta <= 2/(mu + L) the bracket is not positive.  Otherwise <u, v> <= (L - mu)‖v‖^2 makes the
 * whole (1 - eta L)^2 ‖v‖^2.  With rho = max(|1 - eta mu|, |1 - eta L|) a step shrinks distances by
 * rho; x* is a fixed point of it, with projection as well, and projection expands none:
 *
 *     ‖x_{T+1} - x*‖^2 <= rho^(2T) R1^2,    rho least at eta = 2/(mu + L).
 *
 * Row t, which speaks of x_t, is T = t - 1.  Attained on (mu/2) x^2 and (L/2) x^2.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, mu, L, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 2.0, why);
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 2.0 / (fact[0] + fact[1]);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double rho = fmax(fabs(1.0 - in->eta * in->mu), fabs(1.0 - in->eta * in->L));
    return pow(rho, 2.0 * (double)in->T) * in->R1 * in->R1;
}

LAB_BOUND(gd_sc_distance) = {
    .base = {.summary = "squared distance of gradient descent, strongly convex f",
             .formula =
                 "rho^(2T) R1^2 after T updates, rho = max(|1 - eta mu|, |1 - eta L|)",
             .reference = "Polyak (1963); Nesterov (2004), theorem 2.1.15",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "Gradient descent with exact gradients, perhaps projected, and a "
                 "constant step of at most "
                 "2/L on an L-smooth, mu-strongly convex f: ‖x_{T+1} - x*‖^2 stays below "
                 "the formula.",
    .method = "sgd",
    .limits = {{LAB_DIST2, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_STRONGLY_CONVEX | LAB_EXACT_GRADIENTS,
    .lag = 1,
    .check = check,
    .prescription = {"eta_t = 2/(mu + L)", {"mu", "L"}, prescribed},
    .rhs = rhs,
};
