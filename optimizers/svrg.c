/* optimizers/svrg.c -- Stochastic gradients corrected by a full one at a snapshot w. */
#include "lab/plugin.h"

struct svrg {
    size_t inner;
    const char *snapshot;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct svrg, inner, 0, "[0,1e9]", "m, steps of an epoch; 0: 2n"),
    LAB_PARAM_TEXT(struct svrg, snapshot, "last", "last|random", "x that is the next w"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct svrg *o = self;
    const size_t m = o->inner ? o->inner : 2 * s->points, k = (s->t - 1) % m;
    const bool jump = k + 1 == m && *o->snapshot == 'r';
    double *x = s->x, *w = s->vector[0], *full = s->vector[1], *next = s->vector[2];
    if (k == 0)
        lab_full_gradient(s, 0, s->replicas, x, full);
    const double *g = lab_gradient(s), *g_w = k ? lab_gradient_again(s, w) : g;
    for (size_t i = 0, r = 0; r < s->replicas; r++) { /* any k is next alike */
        const bool keep = gsl_rng_uniform_int(s->rng[r], k + 1) == 0;
        for (; i < (r + 1) * s->d; i++) {
            w[i] = k ? w[i] : x[i], next[i] = keep ? x[i] : next[i];
            x[i] = jump ? next[i] : x[i] - s->eta * (g[i] - g_w[i] + full[i]);
        }
    }
    lab_prox(s, jump ? 0.0 : s->eta, x);
}

LAB_OPTIMIZER(svrg) = {
    .base = {"SGD with variance reduced by full gradients (epochs)",
             "x_{t+1} = x_t - eta_t (g_t - g(w; xi_t) + grad f(w))\n"
             "w = x_t every m steps, the last x or one of the m (option II)",
             "Johnson & Zhang (2013), Figure 1; prox: Xiao & Zhang (2014)", params,
             sizeof(struct svrg)},
    .vectors = 3,
    .random = true,
    .prox = true,
    .check = lab_needs_data,
    .step = step,
};
