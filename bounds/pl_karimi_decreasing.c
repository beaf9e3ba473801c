/*
 * bounds/pl_karimi_decreasing.c -- SGD under the Polyak-Lojasiewicz condition, steps like 1/t.
 *
 * As bounds/pl_karimi_const.c (which says why a projection is rarely allowed), with steps
 * alpha_k = (2k + 1)/(2 mu (k + 1)^2), k = 0, 1, ..., so that 1 - 2 mu alpha_k = k^2/(k + 1)^2:
 *
 *     (k + 1)^2 E h_{k+1} <= k^2 E h_k + L C2 (2k + 1)^2/(8 mu^2 (k + 1)^2)
 *                         <= k^2 E h_k + L C2/(2 mu^2).
 *
 * Summed, E h_k <= L C2/(2 k mu^2) after k steps: the start does not count.  Step t of a run is
 * k = t - 1.  Any mu below that of f will do: it is read off eta_1 = 1/(2 mu).
 */
#include "lab/plugin.h"

struct inputs {
    double mu, L, C2;
    size_t k;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)",
              "‖grad f‖^2 >= 2 mu (f - f*), and that of the steps"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, C2, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 <= C2: the fact G2"),
    LAB_PARAM(struct inputs, k, LAB_REQUIRED, "[1,inf)", "steps"),
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
    const double *eta = c->eta.eta, mu = 0.5 / eta[0];
    for (size_t t = 1; t <= c->eta.T; t++) {
        const double k1 = (double)t, should = (2.0 * k1 - 1.0) / (2.0 * mu * k1 * k1);
        if (fabs(eta[t - 1] - should) > 1e-9 * should)
            return lab_fail(why,
                            "needs eta_t = (2t - 1)/(2 mu t^2), but eta_%zu = %.6g where "
                            "eta_1 = %.6g asks for %.6g",
                            t, eta[t - 1], eta[0], should);
    }
    if (mu > condition(c)->value * (1.0 + 1e-9)) /* as the schedule: up to rounding */
        return lab_fail(why, "eta_1 = %.6g is 1/(2 mu) of mu = %.6g, but f has %.6g only",
                        eta[0], mu, condition(c)->value);
    return lab_needs_mild_projection(c, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    if (lab_take(&c->facts->G2, "a bound on E‖g‖²", &in->C2, measured, why) ||
        lab_take(condition(c), "PL", &in->mu, measured, why))
        return -1;
    in->mu = 0.5 / c->eta.eta[0];
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->L * in->C2 / (2.0 * (double)in->k * in->mu * in->mu);
}

LAB_BOUND(pl_karimi_decreasing) = {
    .base = {.summary = "SGD under Polyak-Lojasiewicz, E‖g‖^2 bounded, steps like 1/t",
             .formula = "L C2/(2 k mu^2)",
             .reference = "Karimi, Nutini & Schmidt (2016), theorem 4 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with eta_t = (2t - 1)/(2 mu t^2), f L-smooth with "
        "‖grad f‖^2 >= 2 mu (f - f*), E‖g‖^2 <= C2, no projection or one that cannot "
        "raise f: E f(x_{k+1}) - f* after k steps stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .lag = 1,
    .check = check,
    .binds = "mu",
    .bind = bind,
    .rhs = rhs,
};
