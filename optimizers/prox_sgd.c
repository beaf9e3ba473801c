/*
 * optimizers/prox_sgd.c -- Proximal SGD: h by its prox, the rest by its gradient.
 *
 *     x_{t+1} = argmin_u h(u) + ‖u - (x_t - eta_t g_t)‖^2/(2 eta_t),  f = s + h
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s);
    (void)self;

    for (size_t i = 0; i < s->n; i++)
        s->x[i] -= s->eta * g[i];
    lab_prox(s, s->eta, s->x);
}

LAB_OPTIMIZER(prox_sgd) = {
    .base =
        {.summary = "proximal SGD: h of f = s + h by its prox (ISTA with batch = full)",
         .formula = "f = s + h:  x_{t+1} = P(prox(x_t - eta_t g_t)),  g_t of s alone\n"
                    "prox(v) = argmin_u h(u) + ‖u - v‖^2/(2 eta_t)\n"
                    "h = 0 unless the problem has a prox: then this is sgd\n"
                    "metrics speak of x_t and f = s + h; their g_t has the subgradient\n"
                    "of h in it, 0 at a kink",
         .reference = "Lions & Mercier (1979); Duchi & Singer (2009)"},
    .prox = true,
    .step = step,
};
