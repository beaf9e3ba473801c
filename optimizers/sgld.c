/* optimizers/sgld.c -- Stochastic gradient Langevin dynamics. */
#include "lab/plugin.h"

struct sgld {
    double temperature;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct sgld, temperature, 1.0, "[0,inf)", "of exp(-f/temperature)"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct sgld *o = self;
    const double *g = lab_gradient(s), spread = sqrt(2.0 * s->eta * o->temperature);
    double *z = s->vector[0];

    for (size_t r = 0; spread > 0.0 && r < s->replicas; r++)
        lab_draw_gaussian(s->rng[r], spread, s->d, z + r * s->d);
    for (size_t i = 0; i < s->n; i++)
        s->x[i] = s->x[i] - s->eta * g[i] + (spread > 0.0 ? z[i] : 0.0);
}

LAB_OPTIMIZER(sgld) = {
    .base = {.summary = "stochastic gradient Langevin dynamics",
             .formula =
                 "x_{t+1} = x_t - eta_t g_t + sqrt(2 eta_t temperature) z_t,\n"
                 "z_t ~ N(0, I); temperature = 0: sgd\n"
                 "samples from about exp(-f/temperature); the paper's eps_t is 2 eta_t\n"
                 "and its f the sum over the data plus prior: for the mean of n losses\n"
                 "its temperature is 1/n",
             .reference = "Welling & Teh (2011), (4)",
             .params = params,
             .size = sizeof(struct sgld)},
    .vectors = 1,
    .random = true,
    .step = step,
};
