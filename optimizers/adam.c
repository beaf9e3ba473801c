/* optimizers/adam.c -- Adam. */
#include "lab/plugin.h"

struct adam {
    double beta1, beta2, eps;
    bool bias_correction;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct adam, beta1, 0.9, "[0,1)", "how much of m is kept"),
    LAB_PARAM(struct adam, beta2, 0.999, "[0,1)", "how much of v is kept"),
    LAB_PARAM(struct adam, eps, 1e-8, "[0,inf)", "added to the root"),
    LAB_PARAM(struct adam, bias_correction, true, "[0,1]", "as torch"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct adam *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict m = s->vector[0], *restrict v = s->vector[1];
    const double t = o->bias_correction ? (double)s->t : INFINITY;
    const double c1 = 1.0 - pow(o->beta1, t), c2 = 1.0 - pow(o->beta2, t);

    for (size_t i = 0; i < s->n; i++) {
        m[i] = o->beta1 * m[i] + (1.0 - o->beta1) * g[i];
        v[i] = o->beta2 * v[i] + (1.0 - o->beta2) * g[i] * g[i];
        const double scale = sqrt(v[i] / c2) + o->eps;
        s->x[i] -= s->eta * (scale != 0.0 ? m[i] / c1 / scale : 0.0);
    }
}

LAB_OPTIMIZER(adam) = {
    .base = {.summary = "Adam",
             .formula = "m_t = beta1 m_{t-1} + (1 - beta1) g_t,  m_0 = 0\n"
                        "v_t = beta2 v_{t-1} + (1 - beta2) g_t^2,  v_0 = 0\n"
                        "x_{t+1} = x_t - eta_t m_t/c_1/(sqrt(v_t/c_2) + eps);  0/0 = 0\n"
                        "c_i = 1 - beta_i^t; 1 without bias_correction",
             .reference = "Kingma & Ba (2015), Algorithm 1; torch.optim.Adam",
             .params = params,
             .size = sizeof(struct adam)},
    .vectors = 2,
    .step = step,
};
