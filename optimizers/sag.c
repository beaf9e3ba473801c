/*
 * optimizers/sag.c -- The mean of the gradients last seen at each data point.
 *
 *     u_i = g_t for i = xi_t, otherwise as before; u = 0 before step 1
 *     x_{t+1} = x_t - eta_t (1/n) sum_i u_i
 *
 * The mean follows the table by differences: rounding parts them by 1e-16 of the largest
 * gradient that was met, and no more in a million steps.
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s), n = (double)s->points;
    double *mean = s->vector[0];
    (void)self;

    for (size_t r = 0; r < s->replicas; r++) {
        double *u = s->table + (r * s->points + s->index[r]) * s->d;
        for (size_t i = r * s->d; i < (r + 1) * s->d; i++, u++) {
            mean[i] += (g[i] - *u) / n;
            *u = g[i];
            s->x[i] -= s->eta * mean[i];
        }
    }
}

static int check(const void *self, const struct lab_course *c, struct lab_error *why)
{
    return lab_needs_points(self, c, why) || lab_needs_smooth(self, c, why) ? -1 : 0;
}

LAB_OPTIMIZER(sag) = {
    .base = {.summary = "mean of the gradients last seen at each data point",
             .formula =
                 "x_{t+1} = x_t - eta_t (1/n) sum_i u_i\n"
                 "u_i = g_t for i = xi_t, otherwise as before; u = 0 before step 1\n"
                 "1/n as in Theorem 1 from the start, not 1/(points seen so far)",
             .reference = "Schmidt, Le Roux & Bach (2017), Algorithm 1"},
    .vectors = 1,
    .table = true,
    .check = check,
    .step = step,
};
