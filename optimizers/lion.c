/* optimizers/lion.c -- Lion: the sign of an average. */
#include "lab/plugin.h"

struct lion {
    double beta1, beta2, weight_decay;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct lion, beta1, 0.9, "[0,1)", "part of m in the move"),
    LAB_PARAM(struct lion, beta2, 0.99, "[0,1)", "how much of m is kept"),
    LAB_PARAM(struct lion, weight_decay, 0.0, "[0,inf)", "pull towards 0"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct lion *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict m = s->vector[0], *restrict x = s->x;

    for (size_t i = 0; i < s->n; i++) {
        const double c = o->beta1 * m[i] + (1.0 - o->beta1) * g[i];
        const double u = (c > 0.0) - (c < 0.0);
        x[i] -= s->eta * (u + o->weight_decay * x[i]);
        m[i] = o->beta2 * m[i] + (1.0 - o->beta2) * g[i];
    }
}

LAB_OPTIMIZER(lion) = {
    .base = {.summary = "Lion: the sign of an average",
             .formula = "u_t = sign(beta1 m_{t-1} + (1 - beta1) g_t),  m_0 = 0\n"
                        "x_{t+1} = x_t - eta_t (u_t + weight_decay x_t)\n"
                        "m_t = beta2 m_{t-1} + (1 - beta2) g_t\n"
                        "by coordinate; sign(0) = 0",
             .reference = "Chen et al. (2023), Algorithm 2",
             .params = params,
             .size = sizeof(struct lion)},
    .vectors = 1,
    .step = step,
};
