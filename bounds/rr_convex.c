/*
 * bounds/rr_convex.c -- SGD that goes through permutations, at the mean of the ends of epochs.
 *
 * One epoch from x_0 to x_n, l_i the loss of step i.  x_0 = x_n + gamma sum grad l_i(x_i), and
 * with B_i = l_i(x*) - l_i(x_i) - <grad l_i(x_i), x* - x_i> >= 0
 *
 *     <grad l_i(x_i), x_n - x*> >= l_i(x_n) - l_i(x*) + B_i - (L/2) ‖x_n - x_i‖^2, so that
 *     ‖x_n - x*‖^2 <= ‖x_0 - x*‖^2 - 2 gamma n (f(x_n) - f*) - 2 gamma sum B_i + gamma L V,
 *
 * V = sum ‖x_n - x_i‖^2.  x_i - x_n = gamma sum_{j>=i} grad l_j(x_j), each of them grad l_j(x*)
 * and a difference with ‖.‖^2 <= 2L B_j: V <= 2 gamma^2 L n (n+1) sum B_j + 2 gamma^2 W, W the
 * sum over i of ‖sum_{j>=i} grad l_j(x*)‖^2.  The first part is paid by -2 gamma sum B_i if
 * gamma^2 L^2 n (n+1) <= 1, as for gamma <= 1/(sqrt(2) L n).  Drawn without replacement, E W =
 * sigma*^2 sum k (n-k)/(n-1) = n (n+1) sigma*^2/6 <= n^2 sigma*^2/4 for n >= 2 (0 for n = 1):
 *
 *     E‖x_n - x*‖^2 <= E‖x_0 - x*‖^2 - 2 gamma n E[f(x_n) - f*] + gamma^3 L n^2 sigma*^2/2.
 *
 * Sum over T epochs; Jensen: f at the mean of their ends, x_1 not among them.  No metric has
 * that mean, so it is kept.  All but W holds on every path, and W looks at one permutation
 * only: a new one for each epoch or the same again and again.  No projection; L is L_max.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, L, sigma2_star, gamma;
    size_t n, T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, L, LAB_REQUIRED, "[0,inf)", "smoothness of sampled losses"),
    LAB_PARAM(struct inputs, sigma2_star, LAB_REQUIRED, "[0,inf)", "E‖g‖^2 at x*"),
    LAB_PARAM(struct inputs, n, LAB_REQUIRED, "[1,inf)", "steps of an epoch"),
    LAB_PARAM(struct inputs, gamma, LAB_REQUIRED, "(0,inf)", "the constant step eta"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "epochs"),
    LAB_PARAM_END,
};

static int check(const struct lab_course *c, struct lab_error *why)
{
    return lab_check_cap_max(c, M_SQRT1_2 / (double)c->facts->n, why);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    in->gamma = c->eta.eta[0];
    return lab_take(&c->facts->L_max, "L_max", &in->L, measured, why);
}

static size_t period(const void *inputs)
{
    return ((const struct inputs *)inputs)->n;
}

static size_t numbers(size_t d)
{
    return d;
}

/* The mean of x_{1+n}, x_{1+2n}, ... */
static void see(const void *inputs, const struct lab_moment *m, size_t r, double *mean)
{
    const struct inputs *in = inputs;
    const size_t epochs = (m->t - 1) / in->n;
    const double *x = m->x + r * m->d;
    if (epochs == 0 || (m->t - 1) % in->n)
        return;
    for (size_t j = 0; j < m->d; j++)
        mean[j] += (x[j] - mean[j]) / (double)epochs;
}

static const double *point(const void *inputs, size_t d, size_t t, const double *mean)
{
    (void)inputs, (void)d, (void)t;
    return mean;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double n = (double)in->n, gamma = in->gamma;
    return in->R1 * in->R1 / (2.0 * gamma * n * (double)in->T) +
           0.25 * gamma * gamma * in->L * n * in->sigma2_star;
}

LAB_BOUND(rr_convex) = {
    .base = {.summary = "reshuffled SGD at the mean of the ends of epochs, convex losses",
             .formula = "R1^2/(2 gamma n T) + gamma^2 L n sigma2_star/4",
             .reference = "Mishchenko, Khaled & Richtarik (2020), theorem 3 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "Sampled losses convex and L-smooth, a constant step of at most 1/(sqrt(2) L n), "
        "points one by one in the order of random permutations (reshuffle or "
        "shuffle_once): E f - f* at the mean of the T ends of epochs stays below the "
        "formula.",
    .method = "sgd",
    .limits = {{LAB_OWN, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_FINITE_SUM | LAB_NO_PROJECTION |
               LAB_RESHUFFLED,
    .period = period,
    .check = check,
    .binds = "L",
    .bind = bind,
    .watch = {.quantity = "f at the mean of the ends of epochs, x_1 not among them, - f*",
              .numbers = numbers,
              .see = see,
              .point = point},
    .rhs = rhs,
};
