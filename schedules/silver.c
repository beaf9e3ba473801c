/*
 * schedules/silver.c
 *
 *     eta_t = eta (1 + rho^(v(t)-1)),   rho = 1 + sqrt(2)
 *
 * v(t): how often 2 divides t = 1, 2, ...  With eta = 1/L the steps of the paper, from its
 * recursion h_1 = [sqrt 2], h_{k+1} = [h_k, 1 + rho^(k-1), h_k]; t = 1 has 1 + 1/rho = sqrt 2.
 * The paper's rate is that of the last iterate after T = 2^k - 1 steps.
 */
#include "lab/plugin.h"

struct silver {
    double eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct silver, eta, LAB_REQUIRED, "(0,inf)", "1/L in theory"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct silver *c = self;
    int v = 0;
    (void)T;
    for (; t % 2 == 0; t /= 2)
        v++;
    return c->eta * (1.0 + pow(1.0 + M_SQRT2, v - 1));
}

LAB_SCHEDULE(silver) = {
    .base = {.summary = "the fractal silver step sizes of smooth convex gradient descent",
             .formula = "eta_t = eta (1 + rho^(v(t)-1)), rho = 1 + sqrt(2)\n"
                        "v(t): how often 2 divides t; eta = 1/L in theory\n"
                        "the theorem is about T = 2^k - 1 exact gradients",
             .reference =
                 "Altschuler & Parrilo (2024), Acceleration by Stepsize Hedging II",
             .params = params,
             .size = sizeof(struct silver)},
    .eta = eta,
};
