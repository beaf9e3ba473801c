/*
 * bounds/nonconvex_grad_weighted.c -- gradients of SGD on any smooth f, convex or not.
 *
 * f is L-smooth on R^d and E‖g - grad f‖^2 <= sigma2 there.  By the descent lemma
 *
 *     E f(x_{t+1}) <= f(x_t) - eta_t ‖grad f(x_t)‖^2 + (L eta_t^2/2)(‖grad f(x_t)‖^2 + sigma2).
 *
 * Twice the sum, with f >= f* (or any lower bound) at the end, w_t = 2 eta_t - L eta_t^2 > 0:
 *
 *     sum w_t E‖grad f(x_t)‖^2 <= 2 (f(x_1) - f*) + L sigma2 sum eta_t^2.
 *
 * Where a step is projected, it is none along -g, and the lemma says nothing of ‖grad f‖.
 */
#include "lab/plugin.h"

struct inputs {
    double gap1, L, sigma2;
    struct lab_steps eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, gap1, LAB_REQUIRED, "[0,inf)", "f(x_1) - f*"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of f"),
    LAB_PARAM(struct inputs, sigma2, LAB_REQUIRED, "[0,inf)", "sup E‖g - grad f‖^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)",
              "eta_1, ..., eta_T, all < 2/L"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_step_cap(c, 2.0 / c->facts->L.value, true, "2/L", why);
}

static double weight(const struct inputs *in, double eta)
{
    return eta * (2.0 - in->L * eta);
}

/* sum w, and the weighted mean of ‖grad f‖^2. */
static size_t numbers(size_t d)
{
    (void)d;
    return 2;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    const double w = weight(inputs, m->eta), *grad = m->grad + r * m->d;
    double grad2 = 0.0;
    for (size_t j = 0; j < m->d; j++)
        grad2 += grad[j] * grad[j];
    kept[0] += w;
    kept[1] += w / kept[0] * (grad2 - kept[1]);
}

static double own(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)inputs, (void)d, (void)t;
    return kept[1];
}

static int fit(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    for (size_t t = 0; t < in->eta.T; t++)
        if (!(weight(in, in->eta.eta[t]) > 0.0))
            return lab_fail(err, "eta_%zu = %g is not below 2/L = %g", t + 1,
                            in->eta.eta[t], 2.0 / in->L);
    return 0;
}

/* Row after row, without starting the sum anew. */
static void sweep(const void *inputs, size_t rows, const size_t *T, double *value)
{
    const struct inputs *in = inputs;
    double W = 0.0;
    for (size_t k = 0, t = 0; k < rows; k++) {
        for (; t < T[k]; t++)
            W += weight(in, in->eta.eta[t]);
        value[k] = (2.0 * in->gap1 + in->L * in->sigma2 * in->eta.sum2[T[k] - 1]) / W;
    }
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double value;
    sweep(inputs, 1, &in->eta.T, &value);
    return value;
}

static double prescribed(const double *fact, size_t t, size_t T)
{
    const double gap1 = fact[0], L = fact[1], sigma2 = fact[2];
    (void)t;
    return fmin(1.0 / L, sqrt(2.0 * gap1 / (L * sigma2 * (double)T)));
}

LAB_BOUND(nonconvex_grad_weighted) = {
    .base =
        {.summary = "weighted mean of ‖grad f‖^2 of SGD, f smooth, any steps < 2/L",
         .formula =
             "(2 gap1 + L sigma2 sum_{t<=T} eta_t^2)/sum_{t<=T} (2 eta_t - L eta_t^2)",
         .reference = "Ghadimi & Lan (2013), theorem 2.1 [re-derived]",
         .params = params,
         .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection, any steps eta_t < 2/L, f L-smooth and bounded below, "
        "E‖g - grad f‖^2 <= sigma2: the mean of E‖grad f(x_t)‖^2 over t = 1..T with "
        "weights 2 eta_t - L eta_t^2 stays below the formula.",
    .method = "sgd",
    .limits = {{LAB_OWN, LAB_EXPECTATION}},
    .assumes = LAB_NO_PROJECTION,
    .check = check,
    .watch = {.quantity = "mean of ‖grad f(x_s)‖² over s <= t, weights "
                          "2 eta_s - L eta_s²",
              .objective = true,
              .numbers = numbers,
              .see = see,
              .own = own},
    .inputs = fit,
    .prescription = {"eta_t = min(1/L, sqrt(2 gap1/(L sigma2 T)))",
                     {"gap1", "L", "sigma2"},
                     prescribed},
    .rhs = rhs,
    .sweep = sweep,
};
