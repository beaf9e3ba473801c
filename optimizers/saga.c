/*
 * optimizers/saga.c -- Stochastic gradients corrected by those last seen at each point.
 *
 *     x_{t+1} = x_t - eta_t (g_t - u_i + (1/n) sum_k u_k),  i = xi_t; then u_i = g_t
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const size_t n = s->points, d = s->d;
    double *mean = s->vector[0], *u = s->table;
    (void)self;
    for (size_t i = 0; s->t == 1 && i < s->replicas * n; i++, u += d) {
        const size_t at = i / n * d;
        lab_sample_gradient(s, i / n, (uint32_t)(i % n), s->x + at, u);
        for (size_t j = 0; j < d; j++)
            mean[at + j] += u[j] / (double)n;
    }
    const double *g = lab_gradient(s);
    for (size_t i = 0, r = 0; r < s->replicas; r++) {
        u = s->table + (r * n + s->index[r]) * d;
        for (; i < (r + 1) * d; i++, u++) {
            const double change = g[i] - *u;
            s->x[i] -= s->eta * (change + mean[i]);
            mean[i] += change / (double)n;
            *u = g[i];
        }
    }
    lab_prox(s, s->eta, s->x);
}

LAB_OPTIMIZER(saga) = {
    .base = {.summary = "SGD with variance reduced by gradients seen before",
             .formula =
                 "x_{t+1} = x_t - eta_t (g_t - u_i + (1/n) sum_k u_k),  i = xi_t\n"
                 "then u_i = g_t;  before step 1 u_k = grad l_k(x_1), n evaluations\n"
                 "composite f = s + h: gradients of s, then the prox of h",
             .reference = "Defazio, Bach & Lacoste-Julien (2014)"},
    .vectors = 1,
    .table = true,
    .prox = true,
    .check = lab_needs_points,
    .step = step,
};
