/*
 * schedules/polynomial.c
 *
 *     eta_t = eta ((T+1-t)/T)^power: eta at t = 1, 0 at T+1
 */
#include "lab/plugin.h"

struct polynomial {
    double eta, power;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct polynomial, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM(struct polynomial, power, 1.0, "[0,inf)",
              "exponent of the share of steps left"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct polynomial *c = self;
    return c->eta * pow((double)(T + 1 - t) / (double)T, c->power);
}

LAB_SCHEDULE(polynomial) = {
    .base = {.summary = "learning rate falling to 0 like a power of the steps left",
             .formula = "eta_t = eta ((T+1-t)/T)^power\n"
                        "0 at T+1, so that eta_T > 0",
             .reference = "folklore; Zamani & Glineur (2023) for power = 1",
             .params = params,
             .size = sizeof(struct polynomial)},
    .eta = eta,
};
