/*
 * bounds/last_iterate_linear_decay_opt.c -- the last iterate of SGD, the best linear decay.
 *
 * bounds/last_iterate_linear_decay.c has R1^2/(2 eta T) + eta G^2/2 for eta_t = eta (T-t)/T, least
 * at eta = R1/(G sqrt(T)): R1 G/sqrt(T).  That is R1 G/sqrt(N+1) after N = T-1 updates, the best
 * that any method can do (Drori & Teboulle 2016).  A smaller eta = R1/(G' sqrt(T)) is the best
 * one for G' > G: the formula with G'.  A larger one is refused.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double shape(size_t t, size_t T)
{
    return (double)(T - t) / (double)T;
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    if (c->eta.T < 2)
        return lab_fail(why,
                        "needs at least 2 steps: it speaks of x_T after T - 1 updates");
    return lab_check_shape(c, shape, "eta_t = eta (T - t)/T", why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    (void)measured;
    struct inputs *in = inputs;
    const double root = sqrt((double)c->eta.T), eta = c->eta.eta[0] / shape(1, c->eta.T);
    if (!lab_at_most(eta * in->G * root, in->R1))
        return lab_fail(why,
                        "needs eta_t = eta (T - t)/T with eta <= R1/(G sqrt(T)) = %.6g, "
                        "but eta = %.6g",
                        in->R1 / (in->G * root), eta);
    in->G = in->R1 / (eta * root);
    return 0;
}

/* The minimum over eta of bounds/last_iterate_linear_decay.c. */
static double prescribed(const double *fact, size_t t, size_t T)
{
    return fact[0] / (fact[1] * sqrt((double)T)) * shape(t, T);
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    return in->R1 * in->G / sqrt((double)in->T);
}

LAB_BOUND(last_iterate_linear_decay_opt) = {
    .base = {.summary = "the last iterate of SGD, the best linear decay",
             .formula = "R1 G/sqrt(T)",
             .reference =
                 "Zamani & Glineur (2023); Defazio, Cutkosky, Mehta & Mishchenko (2023)",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "SGD without projection, eta_t = R1/(G sqrt(T)) (T - t)/T, E‖g‖^2 <= "
                 "G^2: E f(x_T) - f* "
                 "at the last iterate, after T - 1 updates, stays below the formula, "
                 "which no method "
                 "improves in the worst case.  For a smaller eta G is R1/(eta sqrt(T)).",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_NO_PROJECTION | LAB_FOR_HORIZON | LAB_BEFORE_LAST,
    .check = check,
    .bind = bind,
    .prescription = {"eta_t = R1/(G sqrt(T)) (T - t)/T", {"R1", "G"}, prescribed},
    .rhs = rhs,
};
