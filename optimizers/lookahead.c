/* optimizers/lookahead.c -- Lookahead around SGD: k steps forward, one step back. */
#include "lab/plugin.h"

struct lookahead {
    size_t k;
    double alpha, beta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct lookahead, k, 5, "[1,inf)", "fast steps before a slow one"),
    LAB_PARAM(struct lookahead, alpha, 0.5, "(0,1]", "how far the slow one goes"),
    LAB_PARAM(struct lookahead, beta, 0.0, "[0,1)", "momentum of the fast ones"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct lookahead *o = self;
    const double *g = lab_gradient(s);
    double *x = s->x, *v = s->vector[0], *slow = s->vector[1];

    for (size_t i = 0; i < s->n; i++) {
        slow[i] = s->t > 1 ? slow[i] : x[i];
        v[i] = o->beta * v[i] + g[i];
        x[i] -= s->eta * v[i];
    }
    if (s->t % o->k)
        return;
    lab_project(s, x);
    for (size_t i = 0; i < s->n; i++)
        x[i] = slow[i] += o->alpha * (x[i] - slow[i]);
}

LAB_OPTIMIZER(lookahead) = {
    .base = {.summary = "Lookahead around SGD with momentum",
             .formula =
                 "v_t = beta v_{t-1} + g_t,  v_0 = 0,  x_{t+1} = x_t - eta_t v_t\n"
                 "k divides t:  x_{t+1} <- s <- s + alpha (P(x_{t+1}) - s), v kept\n"
                 "s = x_1 first; metrics speak of x_t, the fast weights",
             .reference = "Zhang, Lucas, Hinton & Ba (2019), Algorithm 1",
             .params = params,
             .size = sizeof(struct lookahead)},
    .vectors = 2,
    .step = step,
};
