/*
 * bounds/pl_karimi_const.c -- SGD under the Polyak-Lojasiewicz condition, gradients bounded.
 *
 * ‖grad f‖^2 >= 2 mu (f - f*), f L-smooth, E‖g‖^2 <= C2 wherever iterates come.  Without projection
 *
 *     E f(x_{t+1}) <= f(x_t) - alpha ‖grad f(x_t)‖^2 + L alpha^2 C2/2,
 *
 * so E h_{t+1} <= (1 - 2 mu alpha) h_t + L alpha^2 C2/2, h_t = f(x_t) - f*; alpha < 1/(2 mu); the
 * geometric sum of the last term is at most L C2 alpha/(4 mu).
 *
 * The condition makes f grow like ‖x - x*‖^2, hence its gradient like ‖x - x*‖: on all of R^d there
 * is no C2.  On a bounded domain there is, but f may be greater at the projection P(y) than at y.
 * Not so where P moves each coordinate towards x* and f falls that way: convex f of one variable
 * with x* inside its interval (continued outside by its tangents, f stays convex and L-smooth), and
 * f = sum lam_i (x_i - x*_i)^2/2 on a box that holds x*.  Only there is the theorem applied.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, mu, L, C2, alpha;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)",
              "‖grad f‖^2 >= 2 mu (f - f*): the fact PL, or mu"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, C2, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 <= C2: the fact G2"),
    LAB_PARAM(struct inputs, alpha, LAB_REQUIRED, "(0,inf)",
              "the constant step, < 1/(2 mu)"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

/* What holds on R^d, or else the strong convexity of f on its interval. */
static const struct lab_fact *condition(const struct lab_course *c)
{
    const struct lab_facts *f = c->facts;
    return f->PL.status == LAB_UNKNOWN && f->mu.value > 0.0 ? &f->mu : &f->PL;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_needs_mild_projection(c, why)
               ? -1
               : lab_step_cap(c, 0.5 / condition(c)->value, true, "1/(2 mu)", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    in->alpha = c->eta.eta[0];
    if (lab_take(&c->facts->G2, "a bound on E‖g‖²", &in->C2, measured, why))
        return -1;
    return lab_take(condition(c), "PL", &in->mu, measured, why);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return pow(1.0 - 2.0 * in->mu * in->alpha, (double)in->T) * in->gap1 +
           in->L * in->C2 * in->alpha / (4.0 * in->mu);
}

LAB_BOUND(pl_karimi_const) = {
    .base = {.summary = "SGD under Polyak-Lojasiewicz, E‖g‖^2 bounded, constant step",
             .formula = "(1 - 2 mu alpha)^T gap1 + L C2 alpha/(4 mu)",
             .reference = "Karimi, Nutini & Schmidt (2016), theorem 4 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with a constant step alpha < 1/(2 mu), f L-smooth with "
        "‖grad f‖^2 >= 2 mu (f - f*), E‖g‖^2 <= C2, no projection or one that cannot "
        "raise f: E f(x_{T+1}) - f* after T steps stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONSTANT_STEP,
    .lag = 1,
    .check = check,
    .binds = "mu",
    .bind = bind,
    .rhs = rhs,
};
