/*
 * schedules/cosine.c
 *
 *     eta_t = eta (final + (1-final)(1 + cos(pi u))/2),   u = frac(cycles (t-1)/T)
 *
 * One cycle is half a wave from eta at t = 1 down to final * eta at T+1.  Several are of the
 * same length, T/cycles, which need not be whole: a restart is the first t at or behind the
 * end of a cycle.  u is taken from whole numbers, so that no rounding delays a restart, and
 * (1 + cos(pi u))/2 as sin(pi (1-u)/2)^2, which stays positive and accurate as u nears 1.
 */
#include "lab/plugin.h"

struct cosine {
    double eta, final;
    size_t cycles;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct cosine, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM(struct cosine, final, 0.0, "[0,1]", "share of eta it falls to, at T+1"),
    LAB_PARAM(struct cosine, cycles, 1, "[1,1e9]",
              "half waves of equal length, each from eta"),
    LAB_PARAM_END,
};

static int check(void *self, size_t T, struct lab_error *err)
{
    const struct cosine *c = self;
    if (c->cycles > T)
        return lab_fail(err, "cycles = %zu, but there are only %zu steps", c->cycles, T);
    return 0;
}

static double eta(const void *self, size_t t, size_t T)
{
    const struct cosine *c = self;
    const double left = (double)(T - (t - 1) * c->cycles % T) / (double)T;
    const double wave = sin(M_PI_2 * left);
    return c->eta * (c->final + (1.0 - c->final) * wave * wave);
}

/* The first t with cycles (t-1) >= (k+1) T. */
static size_t kink(const void *self, size_t T, size_t k)
{
    const struct cosine *c = self;
    return k + 1 < c->cycles ? 1 + ((k + 1) * T + c->cycles - 1) / c->cycles : 0;
}

LAB_SCHEDULE(cosine) = {
    .base = {.summary = "learning rate falling along a cosine, perhaps with restarts",
             .formula = "eta_t = eta (final + (1-final)(1 + cos(pi u))/2)\n"
                        "u = frac(cycles (t-1)/T): final is reached at T+1\n"
                        "deviation for cycles > 1: all are equally long (T_mult = 1)",
             .reference = "Loshchilov & Hutter (2017), eq. (5)",
             .params = params,
             .size = sizeof(struct cosine)},
    .eta = eta,
    .open = check,
    .kink = kink,
};
