/*
 * bounds/sag_value.c -- gap of SAG with steps 1/(16L), strongly convex f.
 *
 * From a table of zeros, with steps 1/(16L), a Lyapunov function that is at least f(x_k) - f*
 * and at most
 *
 *     f(x_1) - f* + 4 L R1^2/n + sigma*^2/(16 L)
 *
 * at the start falls by the factor 1 - min{mu/(16L), 1/(8n)} a step in the mean; sigma*^2 is
 * the mean of ‖grad l_i(x*)‖^2, how far the zeros are from the gradients at x*.  The proof,
 * found by computer, is not repeated here.
 *
 * The losses need only be convex and L-smooth, f strongly convex.  They are L'-smooth for every
 * L' > L, so a smaller step is 1/(16L') and is covered.  No projection: grad f(x*) = 0.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, gap1, sigma2_star, mu, L;
    size_t n, k;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)", "strong convexity of f"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)",
              "smoothness of sampled losses, 1/(16 eta)"),
    LAB_PARAM(struct inputs, n, LAB_REQUIRED, "[1,inf)", "data points"),
    LAB_PARAM(struct inputs, k, LAB_REQUIRED, "[0,inf)", "updates"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap_max(c, 1.0 / 16.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    if (lab_take(&c->facts->L_max, "L_max", &in->L, measured, why))
        return -1;
    in->L = fmax(in->L, 1.0 / (16.0 * c->eta.eta[0])); /* the larger by rounding */
    return 0;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    (void)t, (void)T;
    return 1.0 / (16.0 * fact[0]);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double n = (double)in->n, L = in->L;
    const double rate = fmin(in->mu / (16.0 * L), 0.125 / n);
    return pow(1.0 - rate, (double)in->k) *
           (in->gap1 + 4.0 * L * in->R1 * in->R1 / n + in->sigma2_star / (16.0 * L));
}

LAB_BOUND(sag_value) = {
    .base = {.summary = "gap of SAG, steps 1/(16 L), strongly convex f",
             .formula = "(1 - min{mu/(16L), 1/(8n)})^k\n"
                        "(f(x_1) - f* + 4L R1^2/n + sigma2_star/(16L))",
             .reference = "Schmidt, Le Roux & Bach (2017), theorem 1; constants recalled",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Sampled losses convex and L-smooth, f mu-strongly convex, eta = 1/(16 L), a "
        "table of zeros at the start: after k updates E f(x) - f* stays below the "
        "formula.  For a smaller constant step L is 1/(16 eta).",
    .method = "sag",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_STRONGLY_CONVEX | LAB_CONSTANT_STEP | LAB_FINITE_SUM |
               LAB_NO_PROJECTION | LAB_UNIFORM,
    .lag = 1,
    .check = check,
    .binds = "L",
    .bind = bind,
    .prescription = {"eta_t = 1/(16 L_max)", {"L_max"}, prescribed},
    .rhs = rhs,
};
