/*
 * optimizers/sgd.c -- plain stochastic gradient descent.
 *
 *     x_{t+1} = x_t - eta_t g_t
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *restrict g = lab_gradient(s);
    double *restrict x = s->x;
    (void)self;

    for (size_t i = 0; i < s->n; i++)
        x[i] -= s->eta * g[i];
}

LAB_OPTIMIZER(sgd) = {
    .base = {.summary = "stochastic gradient descent",
             .formula = "x_{t+1} = x_t - eta_t g_t",
             .reference = "Robbins & Monro (1951); torch.optim.SGD without options"},
    .plain = true,
    .step = step,
};
