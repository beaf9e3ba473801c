/*
 * optimizers/dual_averaging.c -- Dual averaging: from the start along all gradients.
 *
 *     x_{t+1} = P(x_1 - eta_{t+1} sum_{s<=t} g_s)
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *restrict g = lab_gradient(s);
    double *restrict start = s->vector[0], *restrict sum = s->vector[1];
    double *restrict x = s->x;
    (void)self;

    for (size_t i = 0; i < s->n; i++) {
        start[i] = s->t > 1 ? start[i] : x[i];
        sum[i] += g[i];
        x[i] = start[i] - s->eta_next * sum[i];
    }
}

LAB_OPTIMIZER(dual_averaging) = {
    .base = {.summary = "dual averaging: from the start along all gradients",
             .formula = "x_{t+1} = P(x_1 - eta_{t+1} sum_{s<=t} g_s)\n"
                        "P acts on the sum, not on projected points; eta_1 moves nothing",
             .reference = "Nesterov (2009); Xiao (2010)"},
    .vectors = 2,
    .step = step,
};
