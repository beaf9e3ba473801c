/*
 * optimizers/rmsprop.c -- RMSProp: AdaGrad that forgets.
 *
 *     v_t = beta2 v_{t-1} + (1 - beta2) g_t^2,  v_0 = 0
 *     x_{t+1} = x_t - eta_t g_t/(sqrt(v_t) + eps)
 */
#include "lab/plugin.h"

struct rmsprop {
    double beta2, eps;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct rmsprop, beta2, 0.99, "[0,1)", "how much of v is kept"),
    LAB_PARAM(struct rmsprop, eps, 1e-8, "[0,inf)", "added to the root"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct rmsprop *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict v = s->vector[0];
    double *restrict x = s->x;

    for (size_t i = 0; i < s->n; i++) {
        v[i] = o->beta2 * v[i] + (1.0 - o->beta2) * g[i] * g[i];
        const double scale = sqrt(v[i]) + o->eps;
        x[i] -= scale != 0.0 ? s->eta * g[i] / scale : 0.0;
    }
}

LAB_OPTIMIZER(rmsprop) = {
    .base = {.summary = "RMSProp: AdaGrad that forgets",
             .formula = "v_t = beta2 v_{t-1} + (1 - beta2) g_t^2,  v_0 = 0\n"
                        "x_{t+1} = x_t - eta_t g_t/(sqrt(v_t) + eps)\n"
                        "by coordinate; 0/0 = 0; beta2 is torch's alpha",
             .reference = "Tieleman & Hinton (2012), lecture 6.5; torch.optim.RMSprop",
             .params = params,
             .size = sizeof(struct rmsprop)},
    .vectors = 1,
    .step = step,
};
