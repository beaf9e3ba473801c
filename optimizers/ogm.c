/*
 * optimizers/ogm.c -- The optimized gradient method: the best possible constant.
 *
 * With N = T - 1 updates and x_t, theta_t of the lab = x_{t-1}, theta_{t-1} of the paper
 * row T is its x_N, f(x_T) - f* <= L R1^2/(2 theta_T^2).
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s);
    double *y = s->vector[0], *moved = s->vector[1], *x = s->x, *theta = s->scalar;
    const double now = s->t > 1 ? theta[0] : 1.0, last = s->t + 1 == s->T ? 8.0 : 4.0;
    const double next = 0.5 * (1.0 + sqrt(1.0 + last * now * now));
    (void)self;
    for (size_t i = 0; i < s->n; i++)
        moved[i] = x[i] - s->eta * g[i];
    lab_project(s, moved);
    for (size_t i = 0; i < s->n; i++) { /* at t = 1 y does not count: theta_1 = 1 */
        x[i] = moved[i] + (now - 1.0) / next * (moved[i] - y[i]) +
               now / next * (moved[i] - x[i]);
        y[i] = moved[i];
    }
    theta[0] = next;
}

LAB_OPTIMIZER(ogm) = {
    .base =
        {.summary = "optimized gradient method, for a horizon T",
         .formula =
             "y_{t+1} = P(x_t - eta_t g_t)\n"
             "x_{t+1} = y_{t+1} + (theta_t - 1)/theta_{t+1} (y_{t+1} - y_t)\n"
             "          + theta_t/theta_{t+1} (y_{t+1} - x_t)\n"
             "theta_{t+1} = (1 + sqrt(1 + 4 theta_t^2))/2,  theta_1 = 1; theta_T: 8, not "
             "4\n"
             "metrics speak of x_t, where g_t is taken; row T, after T - 1 gradients, "
             "is\n"
             "the paper's x_N, and only there f - f* <= L R1^2/(2 theta_T^2) is proved\n"
             "the paper's method has eta_t = 1/L, exact gradients, no domain",
         .reference = "Kim & Fessler (2016), OGM1"},
    .vectors = 2,
    .scalars = 1,
    .check = lab_needs_smooth,
    .step = step,
};
