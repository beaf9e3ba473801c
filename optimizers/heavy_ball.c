/*
 * optimizers/heavy_ball.c -- Polyak's heavy ball.
 *
 *     x_{t+1} = x_t - eta_t g_t + beta (x_t - x_{t-1}),  x_0 = x_1
 */
#include "lab/plugin.h"

struct heavy_ball {
    double beta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct heavy_ball, beta, 0.9, "[0,1)",
              "how much of the last move is repeated"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct heavy_ball *o = self;
    const double *restrict g = lab_gradient(s);
    double *restrict last = s->vector[0];
    double *restrict x = s->x;

    for (size_t i = 0; i < s->n; i++) {
        const double now = x[i], moved = s->t > 1 ? now - last[i] : 0.0;
        x[i] = now - s->eta * g[i] + o->beta * moved;
        last[i] = now;
    }
}

LAB_OPTIMIZER(heavy_ball) = {
    .base = {.summary = "Polyak's heavy ball",
             .formula = "x_{t+1} = x_t - eta_t g_t + beta (x_t - x_{t-1}),  x_0 = x_1\n"
                        "eta_t scales g_t alone, not the whole velocity as in momentum;\n"
                        "x_t and x_{t-1} are points after projection",
             .reference = "Polyak (1964)",
             .params = params,
             .size = sizeof(struct heavy_ball)},
    .vectors = 1,
    .step = step,
};
