/*
 * schedules/inv_sqrt.c
 *
 *     eta_t = eta / sqrt(t)
 */
#include "lab/plugin.h"

struct inv_sqrt {
    double eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inv_sqrt, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct inv_sqrt *c = self;
    (void)T;
    return c->eta / sqrt((double)t);
}

LAB_SCHEDULE(inv_sqrt) = {
    .base = {.summary = "learning rate falling like 1/sqrt(t)",
             .formula = "eta_t = eta / sqrt(t)",
             .reference = "Zinkevich (2003)",
             .params = params,
             .size = sizeof(struct inv_sqrt)},
    .eta = eta,
};
