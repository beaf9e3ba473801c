/*
 * schedules/inv_t.c
 *
 *     eta_t = eta / (t + offset)
 */
#include "lab/plugin.h"

struct inv_t {
    double eta, offset;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inv_t, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM(struct inv_t, offset, 0.0, "[0,inf)", "added to t"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct inv_t *c = self;
    (void)T;
    return c->eta / ((double)t + c->offset);
}

LAB_SCHEDULE(inv_t) = {
    .base = {.summary = "learning rate falling like 1/t",
             .formula = "eta_t = eta / (t + offset)",
             .reference = "Robbins & Monro (1951)",
             .params = params,
             .size = sizeof(struct inv_t)},
    .eta = eta,
};
