/* optimizers/nadam.c -- Adam with Nesterov momentum. */
#include "lab/plugin.h"

struct nadam {
    double beta1, beta2, eps, momentum_decay;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct nadam, beta1, 0.9, "[0,1)", "how much of m is kept"),
    LAB_PARAM(struct nadam, beta2, 0.999, "[0,1)", "how much of v is kept"),
    LAB_PARAM(struct nadam, eps, 1e-8, "[0,inf)", "added to the root"),
    LAB_PARAM(struct nadam, momentum_decay, 4e-3, "[0,inf)", "how fast mu rises"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct nadam *o = self;
    const double *restrict g = lab_gradient(s), t = (double)s->t, b = o->beta1;
    double *restrict m = s->vector[0], *restrict v = s->vector[1], *p = s->scalar;
    const double r = pow(0.96, o->momentum_decay), c = 1.0 - pow(o->beta2, t);
    const double mu = b * (1.0 - pow(r, t) / 2), next = b * (1.0 - pow(r, t + 1) / 2);
    *p = s->t > 1 ? *p * mu : mu; /* the same for all replicas */
    const double of_g = (1.0 - mu) / (1.0 - *p), of_m = next / (1.0 - *p * mu * next);
    for (size_t i = 0; i < s->n; i++) {
        m[i] = b * m[i] + (1.0 - b) * g[i];
        v[i] = o->beta2 * v[i] + (1.0 - o->beta2) * g[i] * g[i];
        const double u = of_g * g[i] + of_m * m[i], scale = sqrt(v[i] / c) + o->eps;
        s->x[i] -= s->eta * (scale != 0.0 ? u / scale : 0.0);
    }
}

LAB_OPTIMIZER(nadam) = {
    .base = {.summary = "Adam with Nesterov momentum (m, v as there)",
             .formula = "mu_t = beta1 (1 - 0.96^(t momentum_decay)/2), p_t = mu_1..mu_t\n"
                        "u_t = (1 - mu_t)/(1 - p_t) g_t + mu_{t+1}/(1 - q_t) m_t\n"
                        "q_t = p_t mu_t mu_{t+1} as torch has it; Dozat: p_{t+1}\n"
                        "x_{t+1} = x_t - eta_t u_t/(sqrt(v_t/(1 - beta2^t)) + eps)",
             .reference = "Dozat (2016); torch.optim.NAdam",
             .params = params,
             .size = sizeof(struct nadam)},
    .vectors = 2,
    .scalars = 1,
    .step = step,
};
