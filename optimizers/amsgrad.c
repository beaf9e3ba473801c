/* optimizers/amsgrad.c -- Adam whose denominator never shrinks. */
#include "lab/plugin.h"

struct amsgrad {
    double beta1, beta2, eps;
    bool bias_correction;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct amsgrad, beta1, 0.9, "[0,1)", "how much of m is kept"),
    LAB_PARAM(struct amsgrad, beta2, 0.999, "[0,1)", "how much of v is kept"),
    LAB_PARAM(struct amsgrad, eps, 1e-8, "[0,inf)", "added to the root"),
    LAB_PARAM(struct amsgrad, bias_correction, true, "[0,1]", "as torch"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct amsgrad *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict m = s->vector[0], *restrict v = s->vector[1], *w = s->vector[2];
    const double t = o->bias_correction ? (double)s->t : INFINITY;
    const double c1 = 1.0 - pow(o->beta1, t), c2 = 1.0 - pow(o->beta2, t);

    for (size_t i = 0; i < s->n; i++) {
        m[i] = o->beta1 * m[i] + (1.0 - o->beta1) * g[i];
        v[i] = o->beta2 * v[i] + (1.0 - o->beta2) * g[i] * g[i];
        w[i] = fmax(w[i], v[i]);
        const double u = m[i] / c1, scale = sqrt(w[i] / c2) + o->eps;
        s->x[i] -= s->eta * (scale != 0.0 ? u / scale : 0.0);
    }
}

LAB_OPTIMIZER(amsgrad) = {
    .base = {.summary = "Adam whose denominator never shrinks",
             .formula = "w_t = max(w_{t-1}, v_t),  w_0 = 0;  m_t, v_t as in adam\n"
                        "x_{t+1} = x_t - eta_t m_t/c_1/(sqrt(w_t/c_2) + eps);  0/0 = 0\n"
                        "c_i = 1 - beta_i^t; 1 in the paper and without bias_correction",
             .reference = "Reddi, Kale & Kumar (2018); torch.optim.Adam(amsgrad=True)",
             .params = params,
             .size = sizeof(struct amsgrad)},
    .vectors = 3,
    .step = step,
};
