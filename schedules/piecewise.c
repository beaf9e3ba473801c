/*
 * schedules/piecewise.c
 *
 *     eta_t = values[k],   k = the number of `steps` less than t
 *
 * values[0] up to step steps[0], then values[1] up to steps[1], and so on: one more value than
 * steps.  Steps beyond T are never reached.
 */
#include "lab/plugin.h"

struct piecewise {
    struct lab_vector values, steps;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct piecewise, values, LAB_REQUIRED, "[0,inf)",
              "learning rates of the pieces"),
    LAB_PARAM(struct piecewise, steps, LAB_UNSET, "[1,inf)",
              "last step of every piece but the last, ascending"),
    LAB_PARAM_END,
};

/* A number stands for a list of one. */
static size_t length(const struct lab_vector *v)
{
    return v->n ? v->n : (isnan(v->fill) ? 0U : 1U);
}

static int check(void *self, size_t T, struct lab_error *err)
{
    const struct piecewise *c = self;
    const size_t values = length(&c->values), steps = length(&c->steps);
    (void)T;
    if (values != steps + 1)
        return lab_fail(err, "%zu steps part %zu pieces, but there are %zu values", steps,
                        steps + 1, values);
    for (size_t k = 0; k < steps; k++) {
        const double at = lab_vector_at(&c->steps, k);
        if (at != floor(at) || at > 0x1p53)
            return lab_fail(err, "steps.[%zu] = %g is not a whole number", k, at);
        if (k && at <= lab_vector_at(&c->steps, k - 1))
            return lab_fail(err, "steps.[%zu] = %g is not greater than the one before it",
                            k, at);
    }
    return 0;
}

static double eta(const void *self, size_t t, size_t T)
{
    const struct piecewise *c = self;
    size_t k = 0, end = length(&c->steps); /* of the steps, k.. may not be less than t */
    (void)T;
    while (k < end) {
        const size_t middle = k + (end - k) / 2;
        if (lab_vector_at(&c->steps, middle) < (double)t)
            k = middle + 1;
        else
            end = middle;
    }
    return lab_vector_at(&c->values, k);
}

static size_t kink(const void *self, size_t T, size_t k)
{
    const struct piecewise *c = self;
    if (k >= length(&c->steps) || lab_vector_at(&c->steps, k) >= (double)T)
        return 0;
    return (size_t)lab_vector_at(&c->steps, k) + 1;
}

LAB_SCHEDULE(piecewise) = {
    .base = {.summary = "constant learning rates on pieces that you choose",
             .formula = "eta_t = values[k], k = the number of steps[.] less than t\n"
                        "values[0] up to t = steps[0], values[1] up to steps[1], ...",
             .reference = "folklore",
             .params = params,
             .size = sizeof(struct piecewise)},
    .open = check,
    .eta = eta,
    .kink = kink,
};
