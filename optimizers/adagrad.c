/*
 * optimizers/adagrad.c -- AdaGrad, a learning rate for every coordinate.
 *
 *     v_t = v_{t-1} + g_t^2,  v_0 = 0
 *     x_{t+1} = x_t - eta_t g_t/(sqrt(v_t) + eps)
 */
#include "lab/plugin.h"

struct adagrad {
    double eps;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct adagrad, eps, 1e-10, "[0,inf)", "added to the root"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct adagrad *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict v = s->vector[0];
    double *restrict x = s->x;

    for (size_t i = 0; i < s->n; i++) {
        v[i] += g[i] * g[i];
        const double scale = sqrt(v[i]) + o->eps;
        x[i] -= scale != 0.0 ? s->eta * g[i] / scale : 0.0;
    }
}

LAB_OPTIMIZER(adagrad) = {
    .base = {.summary = "AdaGrad, a learning rate for every coordinate",
             .formula =
                 "v_t = v_{t-1} + g_t^2,  v_0 = 0\n"
                 "x_{t+1} = x_t - eta_t g_t/(sqrt(v_t) + eps)\n"
                 "by coordinate; 0/0 = 0; on a domain projected in the Euclidean norm",
             .reference = "Duchi, Hazan & Singer (2011); torch.optim.Adagrad",
             .params = params,
             .size = sizeof(struct adagrad)},
    .vectors = 1,
    .step = step,
};
