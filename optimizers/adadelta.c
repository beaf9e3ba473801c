/* optimizers/adadelta.c -- Adadelta: moves in proportion to earlier moves. */
#include "lab/plugin.h"

struct adadelta {
    double rho, eps;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct adadelta, rho, 0.9, "[0,1)", "how much of v and w is kept"),
    LAB_PARAM(struct adadelta, eps, 1e-6, "(0,inf)", "under the roots"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct adadelta *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict v = s->vector[0], *restrict w = s->vector[1];

    for (size_t i = 0; i < s->n; i++) {
        v[i] = o->rho * v[i] + (1.0 - o->rho) * g[i] * g[i];
        const double u = g[i] * sqrt(w[i] + o->eps) / sqrt(v[i] + o->eps);
        w[i] = o->rho * w[i] + (1.0 - o->rho) * u * u;
        s->x[i] -= s->eta * u;
    }
}

LAB_OPTIMIZER(adadelta) = {
    .base = {.summary = "Adadelta: moves in proportion to earlier moves",
             .formula = "v_t = rho v_{t-1} + (1 - rho) g_t^2,  v_0 = 0\n"
                        "u_t = g_t sqrt(w_{t-1} + eps)/sqrt(v_t + eps)\n"
                        "w_t = rho w_{t-1} + (1 - rho) u_t^2,  w_0 = 0\n"
                        "x_{t+1} = x_t - eta_t u_t\n"
                        "by coordinate; Zeiler's own method has eta_t = 1",
             .reference = "Zeiler (2012), Algorithm 1; torch.optim.Adadelta",
             .params = params,
             .size = sizeof(struct adadelta)},
    .vectors = 2,
    .step = step,
};
