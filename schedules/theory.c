/*
 * schedules/theory.c -- the learning rates that a theorem prescribes.
 *
 *     eta_t = factor times the prescription of `bound`, for the facts of the problem and T
 *
 * `lab show BOUND` prints the prescription.  The facts are those known before the run, so the
 * rates differ between problems.  factor = 1 is the theorem's choice; another one shows what a
 * wrong constant costs.
 */
#include "lab/plugin.h"

struct theory {
    const char *bound;
    double factor;
};

static const struct lab_param params[] = {
    LAB_PARAM_TEXT(struct theory, bound, NULL, NULL,
                   "a theorem that prescribes learning rates; required"),
    LAB_PARAM(struct theory, factor, 1.0, "(0,inf)", "multiplies what is prescribed"),
    LAB_PARAM_END,
};

static int check(void *self, size_t T, struct lab_error *err)
{
    const struct theory *c = self;
    (void)T;
    if (!c->bound)
        return lab_fail(err,
                        "bound is missing: a theorem, like bound = \"const_step_avg\"");
    return lab_prescribes(c->bound, err);
}

static int tabulate(const void *self, const struct lab_course *c, double *eta,
                    struct lab_error *err)
{
    const struct theory *o = self;
    if (lab_prescribed(o->bound, c, eta, err))
        return -1;
    for (size_t t = 1; t <= c->eta.T; t++)
        eta[t - 1] *= o->factor;
    return 0;
}

LAB_SCHEDULE(theory) = {
    .base = {.summary = "the learning rates that a theorem prescribes for the problem",
             .formula =
                 "eta_t = factor times what `bound` prescribes for the facts of the\n"
                 "problem and T: the formula that `lab show BOUND` prints",
             .reference = "that of the theorem",
             .params = params,
             .size = sizeof(struct theory)},
    .open = check,
    .tabulate = tabulate,
};
