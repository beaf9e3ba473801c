/*
 * optimizers/adagrad_norm.c -- AdaGrad with one learning rate for all coordinates.
 *
 *     v_t = v_{t-1} + ‖g_t‖^2,  v_0 = 0
 *     x_{t+1} = x_t - eta_t g_t/(sqrt(v_t) + eps)
 */
#include "lab/plugin.h"

struct adagrad_norm {
    double eps;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct adagrad_norm, eps, 0.0, "[0,inf)", "added to the root"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct adagrad_norm *o = self;
    const double *g = lab_gradient(s);
    double *x = s->x;

    for (size_t r = 0; r < s->replicas; r++, x += s->d, g += s->d) {
        s->scalar[r] = hypot(s->scalar[r], lab_norm(s->d, g)); /* sqrt(v_t) */
        const double scale = s->scalar[r] + o->eps;
        for (size_t j = 0; scale != 0.0 && j < s->d; j++)
            x[j] -= s->eta * g[j] / scale;
    }
}

LAB_OPTIMIZER(adagrad_norm) = {
    .base = {.summary = "AdaGrad with one learning rate for all coordinates",
             .formula = "v_t = v_{t-1} + ‖g_t‖^2,  v_0 = 0\n"
                        "x_{t+1} = x_t - eta_t g_t/(sqrt(v_t) + eps)\n"
                        "0/0 = 0; Ward et al. start at v_0 = b_0^2 > 0",
             .reference = "Streeter & McMahan (2010); Ward, Wu & Bottou (2020)",
             .params = params,
             .size = sizeof(struct adagrad_norm)},
    .scalars = 1,
    .step = step,
};
