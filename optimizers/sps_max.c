/* optimizers/sps_max.c -- Stochastic Polyak step size, bounded. */
#include "lab/plugin.h"

struct sps_max {
    double c, gamma_b;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct sps_max, c, 0.5, "(0,inf)", "divides the step"),
    LAB_PARAM(struct sps_max, gamma_b, 1.0, "(0,inf)", "greatest step"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct sps_max *o = self;
    const double *g = lab_gradient(s);

    for (size_t r = 0; r < s->replicas; r++) {
        const size_t at = r * s->d;
        const double norm = lab_norm(s->d, g + at);
        const double far = fmax(s->loss[r] - s->loss_low[r], 0.0) / norm;
        const double gamma = fmin(far / norm / o->c, o->gamma_b);
        for (size_t i = at; norm != 0.0 && i < at + s->d; i++)
            s->x[i] -= s->eta * gamma * g[i];
    }
}

LAB_OPTIMIZER(sps_max) = {
    .base = {.summary = "stochastic Polyak step size, bounded",
             .formula =
                 "x_{t+1} = x_t - eta_t gamma_t g_t;  the paper has eta_t = 1\n"
                 "gamma_t = min((l(x_t; xi_t) - low_t)_+/(c ‖g_t‖^2), gamma_b)\n"
                 "low_t = inf l(.; xi_t) over R^d; of exact gradients f* on the domain\n"
                 "(.)_+ is there for rounding; 0/0 = 0",
             .reference = "Loizou, Vaswani, Laradji & Lacoste-Julien (2021)",
             .params = params,
             .size = sizeof(struct sps_max)},
    .infima = true,
    .step = step,
};
