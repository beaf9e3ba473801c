/*
 * optimizers/momentum_ima.c -- SGD with momentum that grows, as moving averages of iterates.
 *
 *     z_{t+1} = z_t - eta_t g_t,  z_1 = x_1
 *     x_{t+1} = (lam x_t + z_{t+1})/(lam + 1),  lam = t/2
 *
 * Without domain it is the heavy ball x_{t+1} = x_t - alpha_t g_t + beta_t (x_t - x_{t-1}) with
 * alpha_t = 2 eta_t/(t + 2), beta_t = (t - 1)/(t + 2): bounds/momentum_ima_last.c says why.
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *restrict g = lab_gradient(s);
    double *restrict x = s->x, *restrict z = s->vector[0];
    const double lam = 0.5 * (double)s->t;
    (void)self;

    for (size_t i = 0; i < s->n; i++)
        z[i] = (s->t == 1 ? x[i] : z[i]) - s->eta * g[i];
    lab_project(s, z);
    for (size_t i = 0; i < s->n; i++)
        x[i] = (lam * x[i] + z[i]) / (lam + 1.0);
}

LAB_OPTIMIZER(momentum_ima) = {
    .base = {.summary = "SGD with momentum as iterate-moving average",
             .formula = "z_{t+1} = P(z_t - eta_t g_t),  z_1 = x_1\n"
                        "x_{t+1} = (lam x_t + z_{t+1})/(lam + 1),  lam = t/2",
             .reference = "Sebbouh, Gower & Defazio (2021)"},
    .vectors = 1,
    .step = step,
};
