/* optimizers/lsvrg.c -- SVRG without epochs: a coin decides when the snapshot moves. */
#include "lab/plugin.h"

struct lsvrg {
    double p;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct lsvrg, p, 0, "[0,1]", "probability of a new snapshot; 0: 1/n"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct lsvrg *o = self;
    const double p = o->p > 0.0 ? o->p : 1.0 / (double)s->points;
    double *x = s->x, *w = s->vector[0], *full = s->vector[1];
    if (s->t == 1)
        lab_full_gradient(s, 0, s->replicas, x, full);
    const double *g = lab_gradient(s), *g_w = s->t > 1 ? lab_gradient_again(s, w) : g;
    for (size_t r = 0; r < s->replicas; r++) {
        const size_t at = r * s->d;
        const bool moves = gsl_rng_uniform(s->rng[r]) < p;
        for (size_t i = at; i < at + s->d; i++) {
            w[i] = moves || s->t == 1 ? x[i] : w[i];
            x[i] -= s->eta * (g[i] - g_w[i] + full[i]);
        }
        if (moves)
            lab_full_gradient(s, r, 1, w + at, full + at);
    }
    lab_prox(s, s->eta, x);
}

LAB_OPTIMIZER(lsvrg) = {
    .base = {"SVRG without epochs, by the toss of a coin",
             "x_{t+1} = x_t - eta_t (g_t - g(w_t; xi_t) + grad f(w_t))\n"
             "w_{t+1} = x_t with probability p, otherwise w_t;  w_1 = x_1",
             "Kovalev, Horvath & Richtarik (2020), Algorithm 1", params,
             sizeof(struct lsvrg)},
    .vectors = 2,
    .random = true,
    .prox = true,
    .check = lab_needs_data,
    .step = step,
};
