/*
 * problems/quantile_regression.c -- linear regression on the tau-quantile of the labels:
 * convex, Lipschitz, not smooth.
 *
 *     f(x) = (1/n) sum_i rho(b_i - <a_i, x>) + (l2/2) ‖x‖^2,
 *     rho(u) = tau u for u >= 0, (tau - 1) u for u < 0
 *
 * In r = z - b the slope is -tau below 0 and 1 - tau above: (1/2 - tau) r + |r|/2.  At the
 * kink the subgradient is 0.
 */
#include "lab/plugin.h"

struct quantile_regression {
    struct lab_linear linear;
    double tau;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("synthetic"),
    LAB_PARAM(struct quantile_regression, tau, 0.5, "(0,1)", "the quantile"),
    LAB_PARAM_END,
};

LAB_LINEAR_EACH(each, struct quantile_regression,
                z > b ? (1.0 - p->tau) * (z - b) : p->tau * (b - z),
                (z > b ? 1.0 - p->tau : 0.0) - (z < b ? p->tau : 0.0))

static void kink(const void *self, double b, double *middle, double *half)
{
    const struct quantile_regression *p = self;
    (void)b;
    *middle = 0.5 - p->tau;
    *half = 0.5;
}

static int quantile_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct quantile_regression *p = self;
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_REAL,
        .planted = LAB_PLANTED_LAPLACE,
        .each = each,
        .steepest = fmax(p->tau, 1.0 - p->tau),
        .curvature = NAN,
        .least_curvature = 0.0,
        .kink = kink,
    };
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(quantile_regression) = {
    .base =
        {
            .summary = "linear regression on a quantile of the labels",
            .formula = "f(x) = (1/n) sum_i rho(b_i - <a_i,x>) + (l2/2) ‖x‖^2\n"
                       "rho(u) = tau u for u >= 0, (tau - 1) u for u < 0",
            .reference = "Koenker & Bassett (1978)",
            .params = params,
            .size = sizeof(struct quantile_regression),
        },
    .group = LAB_GROUP_NONSMOOTH,
    .strongly = "l2 > 0",
    .open = quantile_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .infima = lab_linear_infima,
    .sizes = lab_linear_sizes,
    .model = lab_linear_model,
    .lower = lab_linear_lower,
};
