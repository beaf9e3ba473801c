/*
 * schedules/one_cycle.c
 *
 * Up a line, down a cosine; the top is step p = 1 + floor(rise T).
 *
 *     eta_t = eta (initial + (1-initial)(t-1)/(p-1))                        t < p
 *             eta (final + (1-final)(1 + cos(pi (t-p)/(T+1-p)))/2)          t >= p
 */
#include "lab/plugin.h"

struct one_cycle {
    double eta, rise, initial, final;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct one_cycle, eta, LAB_REQUIRED, "(0,inf)", "greatest learning rate"),
    LAB_PARAM(struct one_cycle, rise, 0.3, "[0,1)",
              "share of the steps in which it rises"),
    LAB_PARAM(struct one_cycle, initial, 0.04, "(0,1]", "share of eta at t = 1"),
    LAB_PARAM(struct one_cycle, final, 0.0, "[0,1]", "share of eta it falls to, at T+1"),
    LAB_PARAM_END,
};

static size_t top(const struct one_cycle *c, size_t T)
{
    return 1 + (size_t)floor(c->rise * (double)T);
}

static double eta(const void *self, size_t t, size_t T)
{
    const struct one_cycle *c = self;
    const size_t p = top(c, T);
    if (t < p)
        return c->eta *
               (c->initial + (1.0 - c->initial) * ((double)(t - 1) / (double)(p - 1)));
    const double left = (double)(T + 1 - t) / (double)(T + 1 - p);
    const double wave = sin(M_PI_2 * left); /* its square: (1 + cos(pi (1-left)))/2 */
    return c->eta * (c->final + (1.0 - c->final) * wave * wave);
}

static size_t kink(const void *self, size_t T, size_t k)
{
    return k == 0 ? top(self, T) : 0;
}

LAB_SCHEDULE(one_cycle) = {
    .base = {.summary = "one rise on a line, one fall along a cosine",
             .formula =
                 "p = 1 + floor(rise T): eta_p = eta\n"
                 "up to p: eta (initial + (1-initial)(t-1)/(p-1))\n"
                 "from p: eta (final + (1-final)(1 + cos(pi (t-p)/(T+1-p)))/2)\n"
                 "deviation: the fall is a cosine, not a line; no cycle of momentum",
             .reference = "Smith & Topin (2019), Super-Convergence",
             .params = params,
             .size = sizeof(struct one_cycle)},
    .eta = eta,
    .kink = kink,
};
