/* optimizers/dog.c -- Distance over gradients. */
#include "lab/plugin.h"

struct dog {
    double r_eps;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct dog, r_eps, 1e-6, "(0,inf)", "first move, relative"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct dog *o = self;
    const double *g = lab_gradient(s);
    double *x = s->x, *start = s->vector[0], *far = s->scalar, *off = s->vector[1];

    for (size_t r = 0; r < s->replicas; r++, far += 2) {
        const size_t at = r * s->d;
        for (size_t i = at; i < at + s->d; i++) {
            start[i] = s->t > 1 ? start[i] : x[i];
            off[i] = x[i] - start[i];
        }
        if (s->t == 1)
            far[0] = o->r_eps * (1.0 + lab_norm(s->d, x + at));
        far[0] = fmax(far[0], lab_norm(s->d, off + at));
        far[1] = hypot(far[1], lab_norm(s->d, g + at));
        for (size_t i = at; far[1] != 0.0 && i < at + s->d; i++)
            x[i] -= s->eta * far[0] * (g[i] / far[1]);
    }
}

LAB_OPTIMIZER(dog) = {
    .base = {.summary = "distance over gradients",
             .formula = "x_{t+1} = x_t - eta_t r_t g_t/sqrt(sum_{s<=t} ‖g_s‖^2)\n"
                        "r_t = max(r_eps (1 + ‖x_1‖), max_{s<=t} ‖x_s - x_1‖)\n"
                        "0/0 = 0; the paper's method has eta_t = 1",
             .reference = "Ivgi, Hinder & Carmon (2023), Algorithm 1",
             .params = params,
             .size = sizeof(struct dog)},
    .vectors = 2,
    .scalars = 2,
    .step = step,
};
