/* optimizers/schedule_free.c -- Schedule-free SGD: an average in place of a schedule. */
#include "lab/plugin.h"

struct schedule_free {
    double beta, power;
    const char *iterate;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct schedule_free, beta, 0.9, "[0,1]", "how much of x is in y"),
    LAB_PARAM(struct schedule_free, power, 1.0, "[0,inf)", "weights eta_t^power"),
    LAB_PARAM_TEXT(struct schedule_free, iterate, "x", "x|y|z", "what metrics speak of"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct schedule_free *o = self;
    double *const *v = s->vector, *x = v[0], *y = v[1], *z = v[2], *sum = s->scalar;
    for (size_t i = 0; s->t == 1 && i < s->n; i++)
        x[i] = y[i] = z[i] = s->x[i];
    const double *g = lab_gradient_at(s, y), *seen = v[*o->iterate - 'x'];
    const double w = pow(s->eta_next, o->power);
    for (size_t i = 0; i < s->n; i++)
        z[i] -= s->eta * g[i];
    lab_project(s, z);
    sum[0] = (s->t > 1 ? sum[0] : pow(s->eta, o->power)) + w;
    const double c = sum[0] > 0.0 ? w / sum[0] : 1.0;
    for (size_t i = 0; i < s->n; i++) {
        x[i] = (1.0 - c) * x[i] + c * z[i];
        y[i] = (1.0 - o->beta) * z[i] + o->beta * x[i];
        s->x[i] = seen[i];
    }
}

LAB_OPTIMIZER(schedule_free) = {
    .base = {"schedule-free SGD: an average in place of a schedule",
             "z_{t+1} = P(z_t - eta_t g_t),  g_t at y_t = (1 - beta) z_t + beta x_t\n"
             "x_t: mean of z_1..z_t, weights eta_s^power (theorems: 1, AdamW code: 2)\n"
             "metrics speak of x_t, y_t or z_t: option iterate; their g_t is at y_t",
             "Defazio et al. (2024), Theorem 2", params, sizeof(struct schedule_free)},
    .vectors = 3,
    .scalars = 1,
    .step = step,
};
