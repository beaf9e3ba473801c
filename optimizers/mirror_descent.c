/* optimizers/mirror_descent.c -- Mirror descent; on the simplex exponentiated gradient. */
#include <string.h>

#include "lab/plugin.h"

struct mirror {
    const char *mirror;
};

static const struct lab_param params[] = {
    LAB_PARAM_TEXT(struct mirror, mirror, "entropy", "entropy|euclidean", "geometry"),
    LAB_PARAM_END,
};

static int check(const void *self, const struct lab_course *c, struct lab_error *why)
{
    const struct mirror *o = self;
    return strcmp(o->mirror, "entropy") ? 0 : lab_needs_simplex(self, c, why);
}

static void step(const void *self, struct lab_step *s)
{
    const struct mirror *o = self;
    const bool entropy = strcmp(o->mirror, "entropy") == 0;
    const double *g = lab_gradient(s);
    double *x = s->x, *log_x = s->vector[0];
    for (size_t i = 0; i < s->n; i++) {
        log_x[i] = !entropy ? x[i] : s->t > 1 ? log_x[i] : log(x[i]);
        x[i] = log_x[i] -= s->eta * g[i];
    }
    (entropy ? lab_exponentiate : lab_project)(s, x);
}

LAB_OPTIMIZER(mirror_descent) = {
    .base = {.summary = "mirror descent; on the simplex exponentiated gradient",
             .formula = "entropy: x_{t+1,j} ~ x_{t,j} exp(-eta_t g_{t,j}); logarithms\n"
                        "outlast underflow; euclidean: x_{t+1} = P(x_t - eta_t g_t)",
             .reference = "Kivinen & Warmuth (1997); Beck & Teboulle (2003)",
             .params = params,
             .size = sizeof(struct mirror)},
    .vectors = 1,
    .feasible = true,
    .step = step,
    .check = check,
};
