/*
 * schedules/exponential.c
 *
 *     eta_t = eta decay^(t-1)
 */
#include "lab/plugin.h"

struct exponential {
    double eta, decay;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct exponential, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM(struct exponential, decay, LAB_REQUIRED, "(0,1]",
              "factor from one step to the next"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct exponential *c = self;
    (void)T;
    return c->eta * pow(c->decay, (double)(t - 1));
}

LAB_SCHEDULE(exponential) = {
    .base = {.summary = "learning rate shrinking by a factor at every step",
             .formula = "eta_t = eta decay^(t-1)",
             .reference = "folklore; Li, Zhuang & Orabona (2021)",
             .params = params,
             .size = sizeof(struct exponential)},
    .eta = eta,
};
