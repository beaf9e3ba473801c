/* optimizers/nesterov_sc.c -- Nesterov's method for strongly convex f: constant momentum. */
#include "lab/plugin.h"

struct nesterov_sc {
    double kappa;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct nesterov_sc, kappa, LAB_REQUIRED, "[1,inf)",
              "condition number L/mu"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const double root = sqrt(((const struct nesterov_sc *)self)->kappa);
    const double beta = (root - 1.0) / (root + 1.0);
    double *y = s->vector[0], *last = s->vector[1], *x = s->x;
    for (size_t i = 0; i < s->n; i++) {
        y[i] = s->t > 1 ? x[i] + beta * (x[i] - last[i]) : x[i];
        last[i] = x[i];
    }
    const double *g = lab_gradient_at(s, y);
    for (size_t i = 0; i < s->n; i++)
        x[i] = y[i] - s->eta * g[i];
    lab_prox(s, s->eta, x);
}

LAB_OPTIMIZER(nesterov_sc) = {
    .base = {.summary = "Nesterov's method for strongly convex f",
             .formula =
                 "y_t = x_t + beta (x_t - x_{t-1}),  y_1 = x_1\n"
                 "beta = (sqrt(kappa) - 1)/(sqrt(kappa) + 1)\n"
                 "x_{t+1} = y_t - eta_t g_t,  g_t at y_t\n"
                 "Nesterov's method has kappa = L/mu, eta_t = 1/L, exact gradients;\n"
                 "his theorem needs kappa >= L/mu: a guess too small voids it\n"
                 "metrics speak of x_t, their g_t is taken at y_t, which may lie\n"
                 "outside the domain",
             .reference = "Nesterov (2004), sec. 2.2.1, constant step",
             .params = params,
             .size = sizeof(struct nesterov_sc)},
    .vectors = 2,
    .prox = true,
    .step = step,
};
