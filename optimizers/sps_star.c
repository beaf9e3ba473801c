/* optimizers/sps_star.c -- Stochastic Polyak step size from the losses at x*. */
#include "lab/plugin.h"

static int check(const void *self, const struct lab_course *c, struct lab_error *why)
{
    (void)self;
    return c->facts->minimiser ? 0
                               : lab_fail(why, "needs x_star, but it is unknown: %.180s",
                                          c->facts->x_star.source);
}

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s);
    (void)self;

    for (size_t r = 0; r < s->replicas; r++) {
        const size_t at = r * s->d;
        const double norm = lab_norm(s->d, g + at);
        const double far = fmax(s->loss[r] - s->loss_star[r], 0.0) / norm;
        for (size_t i = at; norm != 0.0 && i < at + s->d; i++)
            s->x[i] -= s->eta * far * (g[i] / norm);
    }
}

LAB_OPTIMIZER(sps_star) = {
    .base = {.summary = "stochastic Polyak step size from the losses at x*",
             .formula =
                 "x_{t+1} = x_t - eta_t (l(x_t; xi_t) - l(x*; xi_t))_+/‖g_t‖^2 g_t\n"
                 "0/0 = 0; the paper has eta_t = 1; losses with added noise too",
             .reference = "Garrigos, Gower & Schaipp (2023)"},
    .step = step,
    .check = check,
};
