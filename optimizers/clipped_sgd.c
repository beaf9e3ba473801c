/*
 * optimizers/clipped_sgd.c -- SGD with the norm of a gradient clipped.
 *
 *     x_{t+1} = x_t - eta_t min(1, limit/‖g_t‖) g_t
 */
#include "lab/plugin.h"

struct clipped_sgd {
    double limit;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct clipped_sgd, limit, 1.0, "(0,inf)", "greatest ‖g‖ that is trusted"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct clipped_sgd *o = self;
    const double *g = lab_gradient(s);
    double *x = s->x;

    for (size_t r = 0; r < s->replicas; r++, x += s->d, g += s->d) {
        const double norm = lab_norm(s->d, g);
        const double kept = norm > o->limit ? o->limit / norm : 1.0;
        for (size_t j = 0; j < s->d; j++)
            x[j] -= s->eta * (kept * g[j]);
    }
}

LAB_OPTIMIZER(clipped_sgd) = {
    .base = {.summary = "SGD with the norm of a gradient clipped",
             .formula = "x_{t+1} = x_t - eta_t min(1, limit/‖g_t‖) g_t",
             .reference = "Pascanu, Mikolov & Bengio (2013), Algorithm 1",
             .params = params,
             .size = sizeof(struct clipped_sgd)},
    .step = step,
};
