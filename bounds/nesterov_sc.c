/*
 * bounds/nesterov_sc.c -- Nesterov's method with constant momentum, strongly convex f.
 *
 * f L-smooth and mu-strongly convex, q = sqrt(mu/L), y_1 = x_1 = z_1 and
 *
 *     y = (x + q z)/(1 + q),  x+ = y - grad f(y)/L,  z+ = (1-q) z + q y - grad f(y)/(q L).
 *
 * Eliminating z: z+ = x+/q - (1-q) x/q, y+ = x+ + ((1-q)/(1+q)) (x+ - x), the method with
 * kappa = L/mu.  Let V = f(x) - f* + (mu/2) ‖z - x*‖^2 and g = grad f(y).  Smoothness
 * gives f(x+) <= f(y) - ‖g‖^2/(2L); ‖.‖^2 is convex and q^2/mu = 1/L, so
 *
 *     (mu/2) ‖z+ - x*‖^2 <= (mu/2) [(1-q) ‖z - x*‖^2 + q ‖y - x*‖^2]
 *                           - q <g, (1-q) (z - x*) + q (y - x*)> + ‖g‖^2/(2L).
 *
 * Strong convexity between y and x* (q times) and convexity between y and x (1-q times)
 * leave V+ - (1-q) V <= (1-q) <g, (y - x) + q (y - z)> = 0.  Hence
 *
 *     f(x_{T+1}) - f* <= (1 - sqrt(mu/L))^T (f(x_1) - f* + (mu/2) R1^2).
 *
 * A run with step eta and momentum of kappa is the one for L' = 1/eta and mu' = 1/(eta
 * kappa).  As f is L'- and mu'- whatever L' >= L and mu' <= mu are, the formula is taken
 * with these.  y_t may leave a domain, on which alone constants might be known: there is
 * none.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, gap1, mu, L;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)",
              "strong convexity; 1/(eta kappa) in a run"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)", "smoothness; 1/eta in a run"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap(c, 1.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    const double eta = c->eta.eta[0], kappa = lab_option(c, "kappa");
    (void)measured; /* the core has taken mu and L */
    if (!lab_at_most(1.0, eta * kappa * in->mu))
        return lab_fail(
            why,
            "needs kappa >= 1/(eta mu) = %.6g, but kappa = %.6g: its momentum "
            "is for a mu of %.6g, more than %.6g",
            1.0 / (eta * in->mu), kappa, 1.0 / (eta * kappa), in->mu);
    in->L = 1.0 / eta;
    in->mu = in->L / kappa;
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double rate = 1.0 - sqrt(in->mu / in->L);
    return pow(rate, (double)in->T) * (in->gap1 + 0.5 * in->mu * in->R1 * in->R1);
}

LAB_BOUND(nesterov_sc) = {
    .base = {.summary = "gap of Nesterov's method, strongly convex smooth f",
             .formula = "(1 - sqrt(mu/L))^T (f(x_1) - f* + mu R1^2/2) after T updates",
             .reference = "Nesterov (2004), theorem 2.2.3 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Nesterov's method with constant momentum, exact gradients and no domain, eta "
        "<= 1/L and kappa >= 1/(eta mu): f(x_{T+1}) - f* stays below the formula with "
        "L = 1/eta and mu = 1/(eta kappa).",
    .method = "nesterov_sc",
    .limits = {{LAB_GAP, LAB_PATH}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP |
               LAB_EXACT_GRADIENTS | LAB_NO_PROJECTION,
    .lag = 1,
    .check = check,
    .bind = bind,
    .rhs = rhs,
};
