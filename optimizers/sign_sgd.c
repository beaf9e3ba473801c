/*
 * optimizers/sign_sgd.c -- SignSGD.
 *
 *     x_{t+1} = x_t - eta_t sign(g_t)
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *restrict g = lab_gradient(s);
    double *restrict x = s->x;
    (void)self;

    for (size_t i = 0; i < s->n; i++)
        x[i] -= s->eta * ((g[i] > 0.0) - (g[i] < 0.0));
}

LAB_OPTIMIZER(sign_sgd) = {
    .base = {.summary = "signSGD",
             .formula = "x_{t+1} = x_t - eta_t sign(g_t)\n"
                        "by coordinate; sign(0) = 0",
             .reference = "Bernstein et al. (2018), Algorithm 1"},
    .step = step,
};
