/*
 * optimizers/extragradient.c -- Extragradient: the gradient of where a step would lead.
 *
 *     y_t = P(x_t - eta_t g(x_t; xi_t)),  x_{t+1} = P(x_t - eta_t g(y_t; xi'_t))
 */
#include "lab/plugin.h"

struct extragradient {
    bool same_sample;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct extragradient, same_sample, false, "[0,1]", "xi'_t = xi_t"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct extragradient *o = self;
    const double *g = lab_gradient(s);
    double *y = s->vector[0];

    for (size_t i = 0; i < s->n; i++)
        y[i] = s->x[i] - s->eta * g[i];
    lab_project(s, y);
    g = o->same_sample ? lab_gradient_again(s, y) : lab_gradient_fresh(s, y);
    for (size_t i = 0; i < s->n; i++)
        s->x[i] -= s->eta * g[i];
}

LAB_OPTIMIZER(extragradient) = {
    .base = {.summary = "extragradient: the gradient of where a step would lead",
             .formula =
                 "y_t = P(x_t - eta_t g_t),  g_t = g(x_t; xi_t)\n"
                 "x_{t+1} = P(x_t - eta_t g(y_t; xi'_t)): two gradients a step\n"
                 "xi'_t fresh, the next in the order of the samples, or xi_t again\n"
                 "metrics speak of x_t, xi_t and g_t; the theorems are about the mean\n"
                 "of the y_t",
             .reference = "Korpelevich (1976); Juditsky, Nemirovski & Tauvel (2011)",
             .params = params,
             .size = sizeof(struct extragradient)},
    .vectors = 1,
    .step = step,
};
