/* optimizers/coin_betting.c -- KT coin betting, free of learning rates. */
#include "lab/plugin.h"

struct coin_betting {
    double eps, G;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct coin_betting, eps, 1.0, "(0,inf)", "wealth to begin with"),
    LAB_PARAM(struct coin_betting, G, 1.0, "(0,inf)", "bound on ‖g‖"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct coin_betting *o = self;
    const double *g = lab_gradient(s), t = (double)s->t;
    double *x = s->x, *start = s->vector[0], *sum = s->vector[1];

    for (size_t r = 0; r < s->replicas; r++) {
        double *won = s->scalar + r, lost = 0.0;
        const size_t at = r * s->d, end = at + s->d;
        for (size_t i = at; i < end; i++)
            lost += g[i] / o->G * sum[i];
        *won -= (o->eps + *won) / t * lost;
        for (size_t i = at; i < end; i++) {
            start[i] = s->t > 1 ? start[i] : x[i];
            sum[i] -= g[i] / o->G;
            x[i] = start[i] + (o->eps + *won) / (t + 1.0) * sum[i];
        }
    }
}

LAB_OPTIMIZER(coin_betting) = {
    .base = {.summary = "KT coin betting, free of learning rates",
             .formula = "x_t = x_1 + w_t,  w_t = W_{t-1}/t sum_{s<t} c_s,  c_s = -g_s/G\n"
                        "W_t = W_{t-1} + <c_t, w_t>,  W_0 = eps\n"
                        "in norms; needs ‖g_t‖ <= G; no eta_t; w_t is never projected",
             .reference = "Orabona & Pal (2016), Algorithm 1",
             .params = params,
             .size = sizeof(struct coin_betting)},
    .vectors = 2,
    .scalars = 1,
    .step = step,
};
