/*
 * optimizers/nesterov.c -- SGD with Nesterov momentum (torch's convention).
 *
 *     v_t = beta v_{t-1} + g_t,  v_0 = 0
 *     x_{t+1} = x_t - eta_t (g_t + beta v_t)
 */
#include "lab/plugin.h"

struct nesterov {
    double beta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct nesterov, beta, 0.9, "[0,1)", "how much of the velocity is kept"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct nesterov *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict v = s->vector[0];
    double *restrict x = s->x;

    for (size_t i = 0; i < s->n; i++) {
        v[i] = o->beta * v[i] + g[i];
        x[i] -= s->eta * (g[i] + o->beta * v[i]);
    }
}

LAB_OPTIMIZER(nesterov) = {
    .base =
        {.summary = "SGD with Nesterov momentum (torch's convention)",
         .formula = "v_t = beta v_{t-1} + g_t,  v_0 = 0\n"
                    "x_{t+1} = x_t - eta_t (g_t + beta v_t)\n"
                    "beta is constant, and x_t is where g_t is taken: Nesterov's y_t",
         .reference =
             "Nesterov (1983); Sutskever et al. (2013); torch.optim.SGD(nesterov=True)",
         .params = params,
         .size = sizeof(struct nesterov)},
    .vectors = 1,
    .step = step,
};
