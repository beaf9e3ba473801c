/* optimizers/sam.c -- Sharpness-aware minimisation. */
#include "lab/plugin.h"

struct sam {
    double rho;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct sam, rho, 0.05, "[0,inf)", "how far uphill"),
    LAB_PARAM_END,
};

static void step(const void *self, struct lab_step *s)
{
    const struct sam *o = self;
    const double *g = lab_gradient(s);
    double *x = s->x, *y = s->vector[0];

    for (size_t at = 0; at < s->n; at += s->d) {
        const double norm = lab_norm(s->d, g + at);
        for (size_t i = at; i < at + s->d; i++)
            y[i] = x[i] + o->rho * (norm != 0.0 ? g[i] / norm : 0.0);
    }
    g = lab_gradient_again(s, y);
    for (size_t i = 0; i < s->n; i++)
        x[i] -= s->eta * g[i];
}

LAB_OPTIMIZER(sam) = {
    .base = {.summary = "sharpness-aware minimisation",
             .formula = "y_t = x_t + rho g_t/‖g_t‖,  g_t = g(x_t; xi_t);  0/0 = 0\n"
                        "x_{t+1} = x_t - eta_t g(y_t; xi_t): two gradients a step\n"
                        "rho = 0: sgd; y_t may lie outside the domain\n"
                        "metrics speak of x_t and of g_t, not of the gradient at y_t",
             .reference = "Foret, Kleiner, Mobahi & Neyshabur (2021), Algorithm 1",
             .params = params,
             .size = sizeof(struct sam)},
    .vectors = 1,
    .step = step,
};
