/* optimizers/sarah.c -- A full gradient brought up to date by stochastic differences. */
#include "lab/plugin.h"

struct sarah {
    size_t inner;
    const char *snapshot;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct sarah, inner, 0, "[0,1e9]", "m, steps of an epoch; 0: 2n"),
    LAB_PARAM_TEXT(struct sarah, snapshot, "random", "last|random", "x of next epoch"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct sarah *o = self;
    const size_t m = o->inner ? o->inner : 2 * s->points, k = (s->t - 1) % m;
    const bool jump = k + 1 == m && *o->snapshot == 'r';
    double *x = s->x, *last = s->vector[0], *v = s->vector[1], *next = s->vector[2];
    if (k == 0)
        lab_full_gradient(s, 0, s->replicas, x, v);
    const double *g = lab_gradient(s), *old = k ? lab_gradient_again(s, last) : g;
    for (size_t i = 0, r = 0; r < s->replicas; r++) { /* any k is next alike */
        const size_t u = gsl_rng_uniform_int(s->rng[r], k + 1 + jump);
        for (; i < (r + 1) * s->d; i++) {
            next[i] = u == k ? x[i] : next[i];
            last[i] = x[i], v[i] += g[i] - old[i];
            x[i] = jump && u < m ? next[i] : x[i] - s->eta * v[i];
        }
    }
}

LAB_OPTIMIZER(sarah) = {
    .base = {.summary = "full gradients, brought up to date by differences",
             .formula = "x_{t+1} = x_t - eta_t v_t,  v_t = grad f(x_t) every m steps\n"
                        "(g_t unused), else v_{t-1} + g_t - g(x_{t-1}; xi_t)",
             .reference = "Nguyen et al. (2017), Algorithm 1; next x any of m + 1",
             .params = params,
             .size = sizeof(struct sarah)},
    .vectors = 3,
    .random = true,
    .check = lab_needs_smooth_data,
    .step = step,
};
