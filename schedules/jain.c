/*
 * schedules/jain.c
 *
 * For a horizon T known in advance, phases i = 0, 1, ..., k whose lengths and rates halve:
 *
 *     k = min {i: T 2^-i <= 1},   T_i = T - ceil(T 2^-i) for i <= k,   T_{k+1} = T
 *     eta_t = eta 2^-i / sqrt(T)   for T_i < t <= T_{i+1}
 *
 * t > T_i means T-t < ceil(T 2^-i), that is 2^i (T-t) < T, as T-t is whole; so the phase of t is
 * the greatest i <= k with that, and only whole numbers are compared.
 *
 * The abstract was checked (COLT 2019, pages 1752-1755; arXiv:1904.12443): steps made for a known
 * T give the last point of SGD and of subgradient descent the optimal rate, without log T.  The
 * formula of the phases was written from memory; the text of the theorem was not at hand.
 */
#include "lab/plugin.h"

struct jain {
    double eta;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct jain, eta, LAB_REQUIRED, "(0,inf)", "C, of the order of D/G"),
    LAB_PARAM_END,
};

static double eta(const void *self, size_t t, size_t T)
{
    const struct jain *c = self;
    size_t power = 1; /* 2^i */
    while (power < T && 2 * power * (T - t) < T)
        power *= 2;
    return c->eta / (double)power / sqrt((double)T);
}

/* T_{k+1} + 1, where phase k+1 begins. */
static size_t kink(const void *self, size_t T, size_t k)
{
    size_t power = 1;
    (void)self;
    for (size_t i = 0; i <= k; i++, power *= 2)
        if (power >= T)
            return 0;
    return T - (T + power - 1) / power + 1;
}

LAB_SCHEDULE(jain) = {
    .base = {.summary = "rates that halve on phases that halve: an optimal last iterate",
             .formula = "k = min {i: T 2^-i <= 1}, T_i = T - ceil(T 2^-i), T_{k+1} = T\n"
                        "eta_t = eta 2^-i / sqrt(T) for T_i < t <= T_{i+1}, i = 0..k",
             .reference = "Jain, Nagaraj & Netrapalli (2019)",
             .params = params,
             .size = sizeof(struct jain)},
    .eta = eta,
    .kink = kink,
};
