/*
 * schedules/wsd.c
 *
 * Warm-up, stable, decay; the warm-up is the option `warmup` of every schedule.  With
 * c = floor(cooldown (T+1)) steps of decay and u = (t-(T+1-c))/c,
 *
 *     eta_t = eta                     u <= 0
 *             eta (1 - u)             u > 0, shape = "linear"
 *             eta (1 - sqrt(u))       u > 0, shape = "sqrt"
 *
 * 0 at T+1, so that eta_T > 0.  1 - sqrt(u) is taken as (1-u)/(1 + sqrt(u)): no cancellation.
 */
#include "lab/plugin.h"

struct wsd {
    double eta, cooldown;
    const char *shape;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct wsd, eta, LAB_REQUIRED, "(0,inf)", "base learning rate"),
    LAB_PARAM(struct wsd, cooldown, 0.2, "[0,1]", "share of the steps in which it falls"),
    LAB_PARAM_TEXT(struct wsd, shape, "linear", "linear|sqrt",
                   "how it falls: 1-u or 1-sqrt(u)"),
    LAB_PARAM_END,
};

static size_t falling(const struct wsd *c, size_t T)
{
    return (size_t)floor(c->cooldown * (double)(T + 1));
}

static double eta(const void *self, size_t t, size_t T)
{
    const struct wsd *c = self;
    const size_t fall = falling(c, T), top = T + 1 - fall;
    if (t <= top)
        return c->eta;
    const double left = (double)(T + 1 - t) / (double)fall; /* 1 - u */
    return c->eta * (c->shape[0] == 's' ? left / (1.0 + sqrt(1.0 - left)) : left);
}

/* The last step at full rate; none if it falls from the start or never. */
static size_t kink(const void *self, size_t T, size_t k)
{
    const size_t top = T + 1 - falling(self, T);
    return k == 0 && top <= T ? top : 0;
}

LAB_SCHEDULE(wsd) = {
    .base = {.summary = "constant learning rate, then a cooldown to 0",
             .formula = "c = floor(cooldown (T+1)), u = (t-(T+1-c))/c\n"
                        "eta_t = eta for u <= 0, then\n"
                        "eta (1-u) or, shape = \"sqrt\", eta (1-sqrt(u))\n"
                        "0 at T+1, so that eta_T > 0",
             .reference = "Hägele et al. (2024), Scaling Laws and Compute-Optimal "
                          "Training Beyond Fixed Training Durations",
             .params = params,
             .size = sizeof(struct wsd)},
    .eta = eta,
    .kink = kink,
};
