/*
 * problems/least_squares.c -- linear regression with squared errors.
 *
 *     f(x) = (1/n) sum_i (<a_i, x> - b_i)^2/2 + (l2/2) ‖x‖^2
 *
 * phi'' = 1, so f is quadratic with Hessian A'A/n + l2 I; sampled gradients grow with
 * ‖x‖ and are bounded on a bounded domain only.
 */
#include "lab/plugin.h"

struct least_squares {
    struct lab_linear linear;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("synthetic"),
    LAB_PARAM_END,
};

LAB_LINEAR_EACH(each, struct least_squares, 0.5 * (z - b) * (z - b), z - b)

static double smooth(const void *self, double s, double z, double b, double *first,
                     double *second)
{
    (void)self, (void)s;
    *first = z - b;
    *second = 1.0;
    return 0.5 * (z - b) * (z - b);
}

static int least_squares_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_REAL,
        .planted = LAB_PLANTED_GAUSSIAN,
        .each = each,
        .steepest = INFINITY,
        .curvature = 1.0,
        .least_curvature = 1.0,
        .concordance = 0.0,
        .smooth = smooth,
    };
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(least_squares) = {
    .base =
        {
            .summary = "linear regression, squared errors",
            .formula = "f(x) = (1/n) sum_i (<a_i,x> - b_i)^2/2 + (l2/2) ‖x‖^2",
            .reference = "Bach & Moulines (2013)",
            .params = params,
            .size = sizeof(struct least_squares),
        },
    .group = LAB_GROUP_SMOOTH,
    .strongly = "l2 > 0, or A of full rank",
    .open = least_squares_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .infima = lab_linear_infima,
    .sizes = lab_linear_sizes,
    .model = lab_linear_model,
    .concordance = lab_linear_concordance,
};
