/*
 * schedules/constant.c
 *
 *     eta_t = eta
 */
#include "lab/plugin.h"

struct constant {
    double eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct constant, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct constant *c = self;
    (void)T, (void)t;
    return c->eta;
}

LAB_SCHEDULE(constant) = {
    .base = {.summary = "constant learning rate",
             .formula = "eta_t = eta",
             .reference = "folklore",
             .params = params,
             .size = sizeof(struct constant)},
    .eta = eta,
};
