/*
 * optimizers/fista.c -- FISTA: Nesterov's method of 1983, with a prox.
 *
 *     y_t = x_t + (theta_{t-1} - 1)/theta_t (x_t - x_{t-1}),  x_{t+1} = prox(y_t - eta_t g(y_t))
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    double *y = s->vector[0], *last = s->vector[1], *x = s->x, *theta = s->scalar;
    const double before = theta[0];
    (void)self;

    theta[0] = s->t > 1 ? 0.5 * (1.0 + sqrt(1.0 + 4.0 * before * before)) : 1.0;
    for (size_t i = 0; i < s->n; i++) {
        y[i] = s->t > 1 ? x[i] + (before - 1.0) / theta[0] * (x[i] - last[i]) : x[i];
        last[i] = x[i];
    }
    const double *g = lab_gradient_at(s, y);
    for (size_t i = 0; i < s->n; i++)
        x[i] = y[i] - s->eta * g[i];
    lab_prox(s, s->eta, x);
}

LAB_OPTIMIZER(fista) = {
    .base = {.summary = "FISTA: accelerated proximal gradient",
             .formula =
                 "y_t = x_t + (theta_{t-1} - 1)/theta_t (x_t - x_{t-1}),  y_1 = x_1\n"
                 "theta_t = (1 + sqrt(1 + 4 theta_{t-1}^2))/2,  theta_1 = 1\n"
                 "f = s + h:  x_{t+1} = P(prox(y_t - eta_t g_t)),  g_t of s at y_t\n"
                 "prox(v) = argmin_u h(u) + ‖u - v‖^2/(2 eta_t); h = 0: prox(v) = v\n"
                 "the paper's method has eta_t = 1/L and exact gradients\n"
                 "metrics speak of x_t, their g_t is taken at y_t, with the\n"
                 "subgradient of h in it; y_t may lie outside the domain",
             .reference = "Beck & Teboulle (2009), sec. 4; h = 0: Nesterov (1983)"},
    .vectors = 2,
    .scalars = 1,
    .step = step,
    .prox = true,
};
