/* optimizers/adabelief.c -- Adam scaled by how far gradients stray. */
#include "lab/plugin.h"

struct adabelief {
    double beta1, beta2, eps;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct adabelief, beta1, 0.9, "[0,1)", "how much of m is kept"),
    LAB_PARAM(struct adabelief, beta2, 0.999, "[0,1)", "how much of s is kept"),
    LAB_PARAM(struct adabelief, eps, 1e-16, "[0,inf)", "added to s and to the root"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct adabelief *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict m = s->vector[0], *restrict v = s->vector[1];
    const double c1 = 1.0 - pow(o->beta1, (double)s->t);
    const double c2 = 1.0 - pow(o->beta2, (double)s->t);

    for (size_t i = 0; i < s->n; i++) {
        m[i] = o->beta1 * m[i] + (1.0 - o->beta1) * g[i];
        const double off = g[i] - m[i];
        v[i] = o->beta2 * v[i] + (1.0 - o->beta2) * off * off + o->eps;
        const double scale = sqrt(v[i] / c2) + o->eps;
        s->x[i] -= s->eta * (scale != 0.0 ? m[i] / c1 / scale : 0.0);
    }
}

LAB_OPTIMIZER(adabelief) = {
    .base =
        {.summary = "Adam scaled by how far gradients stray",
         .formula =
             "s_t = beta2 s_{t-1} + (1 - beta2) (g_t - m_t)^2 + eps,  s_0 = 0\n"
             "x_{t+1} = x_t - eta_t m_t/(1 - beta1^t)/(sqrt(s_t/(1 - beta2^t)) + eps)\n"
             "m_t as in adam; 0/0 = 0",
         .reference = "Zhuang et al. (2020), Algorithm 2",
         .params = params,
         .size = sizeof(struct adabelief)},
    .vectors = 2,
    .step = step,
};
