/*
 * bounds/bcn_decreasing.c -- SGD with steps beta/(gamma + t): f - f* falls like 1/t.
 *
 * As bounds/bcn_const.c, with eta_t = beta/(gamma + t) <= 1/L and h_t = f(x_t) - f*,
 *
 *     E h_{t+1} <= (1 - eta_t mu) h_t + eta_t^2 L M/2.
 *
 * Let s = gamma + t, beta mu > 1 and suppose E h_t <= nu/s with nu >= beta^2 L M/(2 (beta mu - 1)):
 *
 *     E h_{t+1} <= (s - beta mu) nu/s^2 + beta^2 L M/(2 s^2)
 *                = (s - 1) nu/s^2 - [(beta mu - 1) nu - beta^2 L M/2]/s^2 <= nu/(s + 1),
 *
 * and nu >= (gamma + 1) h_1 starts the induction.  beta and gamma are read off the learning rates:
 * 1/eta_t is linear in t.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, mu, L, M, beta, gamma;
    size_t k;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, mu, LAB_REQUIRED, "(0,inf)",
              "‖grad f‖^2 >= 2 mu (f - f*): the fact PL"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "(0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, M, LAB_REQUIRED, "[0,inf)",
              "E‖g‖^2 <= M + ‖grad f‖^2: the fact sigma2"),
    LAB_PARAM(struct inputs, beta, LAB_REQUIRED, "(0,inf)",
              "eta_t = beta/(gamma + t), beta > 1/mu"),
    LAB_PARAM(struct inputs, gamma, LAB_REQUIRED, "(-1,inf)", "the offset"),
    LAB_PARAM(struct inputs, k, LAB_REQUIRED, "[1,inf)", "number of the iterate x_k"),
    LAB_PARAM_END,
};

/* beta and gamma of a schedule that is beta/(gamma + t) up to rounding. */
static int read_schedule(const struct lab_course *c, double *beta, double *gamma,
                         struct lab_error *why)
{
    const double *eta = c->eta.eta;
    const size_t T = c->eta.T;
    if (T < 2)
        return lab_fail(why,
                        "needs two steps to tell beta and gamma of beta/(gamma + t)");
    *beta = (double)(T - 1) / (1.0 / eta[T - 1] - 1.0 / eta[0]);
    *gamma = *beta / eta[0] - 1.0;
    if (!(*beta > 0.0) || isinf(*beta))
        return lab_fail(why,
                        "needs steps beta/(gamma + t), but eta_1 = %.6g and "
                        "eta_%zu = %.6g",
                        eta[0], T, eta[T - 1]);
    for (size_t t = 1; t <= T; t++) {
        const double should = *beta / (*gamma + (double)t);
        if (fabs(eta[t - 1] - should) > 1e-9 * should)
            return lab_fail(why,
                            "needs steps beta/(gamma + t), but eta_%zu = %.6g where "
                            "eta_1 and eta_%zu ask for %.6g",
                            t, eta[t - 1], T, should);
    }
    return 0;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    const double mu = c->facts->PL.value;
    double beta, gamma;
    if (read_schedule(c, &beta, &gamma, why))
        return -1;
    if (beta * mu <= 1.0)
        return lab_fail(
            why, "needs beta > 1/mu, but steps are %.6g/(t + %.6g) and 1/mu = %.6g", beta,
            gamma, 1.0 / mu);
    return lab_check_cap(c, 1.0, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    if (read_schedule(c, &in->beta, &in->gamma, why) ||
        lab_take(&c->facts->sigma2, "sigma2", &in->M, measured, why))
        return -1;
    return lab_take(&c->facts->PL, "PL", &in->mu, measured, why);
}

/* In `lab bound` nothing else keeps the denominator positive. */
static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    return in->beta * in->mu > 1.0
               ? 0
               : lab_fail(err, "beta = %g is not greater than 1/mu = %g", in->beta,
                          1.0 / in->mu);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double noise =
        in->beta * in->beta * in->L * in->M / (2.0 * (in->beta * in->mu - 1.0));
    return fmax(noise, (in->gamma + 1.0) * in->gap1) / (in->gamma + (double)in->k);
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    const double mu = fact[0], L = fact[1];
    (void)T;
    return 2.0 / (2.0 * L + mu * ((double)t - 1.0));
}

LAB_BOUND(bcn_decreasing) = {
    .base = {.summary = "SGD with steps beta/(gamma + t), last iterate",
             .formula = "max{beta^2 L M/(2 (beta mu - 1)), (gamma + 1) gap1}/(gamma + k)",
             .reference = "Bottou, Curtis & Nocedal (2018), theorem 4.7 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection, eta_t = beta/(gamma + t) <= 1/L with beta > 1/mu, f "
        "L-smooth with ‖grad f‖^2 >= 2 mu (f - f*), E‖g‖^2 <= M + ‖grad f‖^2: "
        "E f(x_k) - f*, after k - 1 steps, stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_NO_PROJECTION,
    .check = check,
    .binds = "mu",
    .bind = bind,
    .inputs = fit,
    .prescription = {"eta_t = 2/(2 L + mu (t - 1)): beta = 2/mu, eta_1 = 1/L",
                     {"mu", "L"},
                     prescribed},
    .rhs = rhs,
};
