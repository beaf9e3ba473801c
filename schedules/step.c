/*
 * schedules/step.c
 *
 *     eta_t = eta factor^floor((t-1)/every)
 */
#include "lab/plugin.h"

struct step {
    double eta, factor;
    size_t every;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct step, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM(struct step, factor, LAB_REQUIRED, "(0,1]", "from one stair to the next"),
    LAB_PARAM(struct step, every, LAB_REQUIRED, "[1,inf)", "steps on one stair"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct step *c = self;
    (void)T;
    return c->eta * pow(c->factor, (double)((t - 1) / c->every));
}

static size_t kink(const void *self, size_t T, size_t k)
{
    const struct step *c = self;
    return k + 1 <= (T - 1) / c->every ? (k + 1) * c->every + 1 : 0;
}

LAB_SCHEDULE(step) = {
    .base = {.summary = "learning rate shrinking by a factor every so many steps",
             .formula = "eta_t = eta factor^floor((t-1)/every)",
             .reference = "Ge, Kakade, Kidambi & Netrapalli (2019)",
             .params = params,
             .size = sizeof(struct step)},
    .eta = eta,
    .kink = kink,
};
