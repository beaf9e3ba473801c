/*
 * problems/l1_regression.c -- linear regression with absolute errors: convex, Lipschitz,
 * not smooth.
 *
 *     f(x) = (1/n) sum_i |<a_i, x> - b_i| + (l2/2) ‖x‖^2
 *
 * Sampled subgradients are sign(<a_i, x> - b_i) a_i + l2 x, with sign(0) = 0.
 */
#include "lab/plugin.h"

struct l1_regression {
    struct lab_linear linear;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("synthetic"),
    LAB_PARAM_END,
};

LAB_LINEAR_EACH(each, struct l1_regression, fabs(z - b),
                (z > b ? 1.0 : 0.0) - (z < b ? 1.0 : 0.0))

static void kink(const void *self, double b, double *middle, double *half)
{
    (void)self, (void)b;
    *middle = 0.0;
    *half = 1.0;
}

static int l1_regression_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_REAL,
        .planted = LAB_PLANTED_LAPLACE,
        .each = each,
        .steepest = 1.0,
        .curvature = NAN,
        .least_curvature = 0.0,
        .kink = kink,
    };
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(l1_regression) = {
    .base =
        {
            .summary = "linear regression, absolute errors",
            .formula = "f(x) = (1/n) sum_i |<a_i,x> - b_i| + (l2/2) ‖x‖^2",
            .reference = "Bloomfield & Steiger (1983)",
            .params = params,
            .size = sizeof(struct l1_regression),
        },
    .group = LAB_GROUP_NONSMOOTH,
    .strongly = "l2 > 0",
    .open = l1_regression_open,
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
