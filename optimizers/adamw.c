/* optimizers/adamw.c -- Adam with decoupled weight decay. */
#include "lab/plugin.h"

struct adamw {
    double beta1, beta2, eps, weight_decay;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct adamw, beta1, 0.9, "[0,1)", "how much of m is kept"),
    LAB_PARAM(struct adamw, beta2, 0.999, "[0,1)", "how much of v is kept"),
    LAB_PARAM(struct adamw, eps, 1e-8, "[0,inf)", "added to the root"),
    LAB_PARAM(struct adamw, weight_decay, 0.01, "[0,inf)", "pull towards 0"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct adamw *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict m = s->vector[0], *restrict v = s->vector[1];
    const double c1 = 1.0 - pow(o->beta1, (double)s->t);
    const double c2 = 1.0 - pow(o->beta2, (double)s->t);

    for (size_t i = 0; i < s->n; i++) {
        m[i] = o->beta1 * m[i] + (1.0 - o->beta1) * g[i];
        v[i] = o->beta2 * v[i] + (1.0 - o->beta2) * g[i] * g[i];
        const double scale = sqrt(v[i] / c2) + o->eps;
        s->x[i] -= s->eta *
                   (o->weight_decay * s->x[i] + (scale != 0.0 ? m[i] / c1 / scale : 0.0));
    }
}

LAB_OPTIMIZER(adamw) = {
    .base = {.summary = "Adam with decoupled weight decay",
             .formula = "u_t = m_t/(1 - beta1^t)/(sqrt(v_t/(1 - beta2^t)) + eps)\n"
                        "m_t, v_t: averages of g_t, g_t^2 as in adam; 0/0 = 0\n"
                        "x_{t+1} = (1 - eta_t weight_decay) x_t - eta_t u_t",
             .reference = "Loshchilov & Hutter (2019); torch.optim.AdamW",
             .params = params,
             .size = sizeof(struct adamw)},
    .vectors = 2,
    .step = step,
};
