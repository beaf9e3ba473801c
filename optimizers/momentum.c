/*
 * optimizers/momentum.c -- SGD with momentum as torch.optim.SGD defines it.
 *
 *     v_t = beta v_{t-1} + g_t,  v_0 = 0
 *     x_{t+1} = x_t - eta_t v_t
 *
 * With a constant eta this is the heavy ball method; with a changing one it is not,
 * since eta_t scales the whole velocity and not only g_t.
 */
#include "lab/plugin.h"

struct momentum {
    double beta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct momentum, beta, 0.9, "[0,1)", "how much of the velocity is kept"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct momentum *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict v = s->vector[0];
    double *restrict x = s->x;

    for (size_t i = 0; i < s->n; i++) {
        v[i] = o->beta * v[i] + g[i];
        x[i] -= s->eta * v[i];
    }
}

LAB_OPTIMIZER(momentum) = {
    .base = {.summary = "SGD with momentum (torch's convention)",
             .formula = "v_t = beta v_{t-1} + g_t,  v_0 = 0\n"
                        "x_{t+1} = x_t - eta_t v_t",
             .reference = "Polyak (1964); torch.optim.SGD(momentum=beta)",
             .params = params,
             .size = sizeof(struct momentum)},
    .vectors = 1,
    .step = step,
};
