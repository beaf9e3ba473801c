/* optimizers/polyak.c -- Polyak's step size: how far f is above its minimum. */
#include "lab/plugin.h"

static int check(const void *self, const struct lab_course *c, struct lab_error *why)
{
    (void)self;
    if (c->facts->f_star.status == LAB_UNKNOWN)
        return lab_fail(why, "needs f_star, but it is unknown: %.180s",
                        c->facts->f_star.source);
    if (!c->streams && c->noise->law == LAB_NO_NOISE && (c->batch == 0 || !c->facts->n))
        return 0;
    return lab_fail(why,
                    "needs f(x_t) and its gradient exactly (%s); with sampled losses "
                    "there are sps_max and sps_star",
                    c->streams      ? "here is a stream"
                    : c->noise->law ? "here is noise"
                                    : "batch = \"full\"");
}

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s);
    (void)self;

    for (size_t r = 0; r < s->replicas; r++) {
        const size_t at = r * s->d;
        const double norm = lab_norm(s->d, g + at);
        const double far = fmax(s->loss[r] - s->f_star, 0.0) / norm;
        for (size_t i = at; norm != 0.0 && i < at + s->d; i++)
            s->x[i] -= s->eta * far * (g[i] / norm);
    }
}

LAB_OPTIMIZER(polyak) = {
    .base = {.summary = "Polyak's step size from a known f*",
             .formula = "x_{t+1} = x_t - eta_t (f(x_t) - f*)_+/‖g_t‖^2 g_t,  0/0 = 0\n"
                        "(.)_+: rounding may leave f(x_t) < f*; the paper has eta_t = 1",
             .reference = "Polyak (1969)"},
    .step = step,
    .check = check,
};
