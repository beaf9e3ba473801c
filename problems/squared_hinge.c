/*
 * problems/squared_hinge.c -- support vector machine with squared margins, labels -1 and
 * +1: smooth, its curvature jumps.
 *
 *     f(x) = (1/n) sum_i max(0, 1 - b_i <a_i, x>)^2 + (l2/2) ‖x‖^2
 *
 * phi'' is 0 or 2.  With t = 1 - b z and w = -b y the conjugate is phi*(y; b) = w^2/4 - w,
 * w >= 0.  For the solver a barrier keeps w > 0:
 *
 *     phi_s = max over w of w t - w^2/4 + s log(w/sqrt(2s)),   w = t + sqrt(t^2 + 2s)
 *
 * Where phi is flat this falls without end, like a logarithm; s t^2/8 more keeps minimisers
 * near.
 */
#include "lab/plugin.h"

struct squared_hinge {
    struct lab_linear linear;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("breast_cancer"),
    LAB_PARAM_END,
};

static inline double short_of_one(double z, double b)
{
    double t = 1.0 - b * z;
    return t < 0.0 ? 0.0 : t; /* NaN stays */
}

LAB_LINEAR_EACH(each, struct squared_hinge, short_of_one(z, b) * short_of_one(z, b),
                -2.0 * b * short_of_one(z, b))

static double smooth(const void *self, double s, double z, double b, double *first,
                     double *second)
{
    const double t = 1.0 - b * z, q = sqrt(t * t + 2.0 * s);
    const double w = t > 0.0 ? t + q : 2.0 * s / (q - t);
    (void)self;
    *first = -b * (w + 0.25 * s * t);
    *second = w / q + 0.25 * s;
    return w * t - 0.25 * w * w + s * log(w / sqrt(2.0 * s)) + 0.125 * s * t * t;
}

static double conjugate(const void *self, double b, double *y)
{
    const double w = fmax(-b * *y, 0.0);
    (void)self;
    *y = -b * w;
    return 0.25 * w * w - w;
}

static int squared_hinge_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_BINARY,
        .planted = LAB_PLANTED_LOGISTIC,
        .each = each,
        .steepest = INFINITY,
        .curvature = 2.0,
        .curved_at_0 = true,
        .least_curvature = 0.0,
        .smooth = smooth,
        .conjugate = conjugate,
    };
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(squared_hinge) = {
    .base =
        {
            .summary = "support vector machine with squared margins, labels -1 and +1",
            .formula = "f(x) = (1/n) sum_i max(0, 1 - b_i <a_i,x>)^2 + (l2/2) ‖x‖^2",
            .reference = "Chang, Hsieh & Lin (2008)",
            .params = params,
            .size = sizeof(struct squared_hinge),
        },
    .group = LAB_GROUP_SMOOTH,
    .strongly = "l2 > 0",
    .open = squared_hinge_open,
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
