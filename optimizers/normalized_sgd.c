/*
 * optimizers/normalized_sgd.c -- SGD with moves of length eta_t.
 *
 *     x_{t+1} = x_t - eta_t g_t/‖g_t‖
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s);
    double *x = s->x;
    (void)self;

    for (size_t r = 0; r < s->replicas; r++, x += s->d, g += s->d) {
        const double norm = lab_norm(s->d, g);
        for (size_t j = 0; norm != 0.0 && j < s->d; j++)
            x[j] -= s->eta * (g[j] / norm);
    }
}

LAB_OPTIMIZER(normalized_sgd) = {
    .base = {.summary = "SGD with moves of length eta_t",
             .formula = "x_{t+1} = x_t - eta_t g_t/‖g_t‖\n"
                        "0/0 = 0",
             .reference = "Shor (1985); Cutkosky & Mehta (2020), without momentum"},
    .step = step,
};
