/*
 * schedules/linear.c
 *
 *     eta_t = eta (T+1-t)/T: eta at t = 1, 0 at T+1
 */
#include "lab/plugin.h"

struct linear {
    double eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct linear, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct linear *c = self;
    return c->eta * ((double)(T + 1 - t) / (double)T);
}

LAB_SCHEDULE(linear) = {
    .base = {.summary = "learning rate falling to 0 on a line",
             .formula = "eta_t = eta (T+1-t)/T\n"
                        "0 at T+1, so that eta_T > 0",
             .reference =
                 "Zamani & Glineur (2023); Defazio, Cutkosky, Mehta & Mishchenko (2023)",
             .params = params,
             .size = sizeof(struct linear)},
    .eta = eta,
};
