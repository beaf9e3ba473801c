/*
 * problems/hinge.c -- support vector machine, labels -1 and +1: convex, Lipschitz, not
 * smooth.
 *
 *     f(x) = (1/n) sum_i max(0, 1 - b_i <a_i, x>) + (l2/2) ‖x‖^2
 *
 * With r = z - b and b = ±1, max(0, 1 - b z) = max(0, -b r) = -(b/2) r + |r|/2.  Sampled
 * subgradients are -b_i a_i + l2 x where b_i <a_i, x> < 1, else l2 x (also at the kink).
 */
#include "lab/plugin.h"

struct hinge {
    struct lab_linear linear;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("breast_cancer"),
    LAB_PARAM_END,
};

LAB_LINEAR_EACH(each, struct hinge, b *z < 1.0 ? 1.0 - b * z : 0.0, b *z < 1.0 ? -b : 0.0)

static void kink(const void *self, double b, double *middle, double *half)
{
    (void)self;
    *middle = -0.5 * b;
    *half = 0.5;
}

static int hinge_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_BINARY,
        .planted = LAB_PLANTED_LOGISTIC,
        .each = each,
        .steepest = 1.0,
        .curvature = NAN,
        .least_curvature = 0.0,
        .kink = kink,
    };
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(hinge) = {
    .base =
        {
            .summary = "support vector machine, labels -1 and +1",
            .formula = "f(x) = (1/n) sum_i max(0, 1 - b_i <a_i,x>) + (l2/2) ‖x‖^2",
            .reference = "Cortes & Vapnik (1995)",
            .params = params,
            .size = sizeof(struct hinge),
        },
    .group = LAB_GROUP_NONSMOOTH,
    .strongly = "l2 > 0",
    .open = hinge_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .infima = lab_linear_infima,
    .sizes = lab_linear_sizes,
    .model = lab_linear_model,
    .lower = lab_linear_lower,
    .attain = lab_linear_attain,
};
