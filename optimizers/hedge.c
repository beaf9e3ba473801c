/* optimizers/hedge.c -- Hedge: exponential weights of all losses so far. */
#include "lab/plugin.h"

static int check(const void *self, const struct lab_course *c, struct lab_error *why)
{
    const double *x = c->facts->x1, even = 1.0 / (double)c->facts->d;
    if (lab_needs_simplex(self, c, why))
        return -1;
    for (size_t j = 0; j < c->facts->d; j++)
        if (fabs(x[j] - even) > 1e-12 * even)
            return lab_fail(why,
                            "needs the start (1/d, ..., 1/d) = %g, but x_1[%zu] = %g",
                            even, j, x[j]);
    return 0;
}

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s);
    double *sum = s->vector[0];
    (void)self;

    for (size_t i = 0; i < s->n; i++) {
        sum[i] += g[i];
        s->x[i] = -s->eta_next * sum[i];
    }
    lab_exponentiate(s, s->x);
}

LAB_OPTIMIZER(hedge) = {
    .base = {.summary = "exponential weights of all losses so far",
             .formula =
                 "x_{t+1,j} ~ exp(-eta_{t+1} sum_{s<=t} g_{s,j}),  x_1 = (1/d, ...)\n"
                 "with constant eta exponentiated gradient; eta_1 moves nothing\n"
                 "the paper's losses are linear; of others g_t is the gradient",
             .reference = "Freund & Schapire (1997); Cesa-Bianchi & Lugosi (2006), "
                          "theorems 2.2, 2.3",
             .params = NULL},
    .vectors = 1,
    .feasible = true,
    .step = step,
    .check = check,
};
