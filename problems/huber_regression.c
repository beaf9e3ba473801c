/*
 * problems/huber_regression.c -- linear regression with Huber's loss: squared errors, but
 * large ones count as absolute errors; smooth, its curvature jumps.
 *
 *     f(x) = (1/n) sum_i H(<a_i, x> - b_i) + (l2/2) ‖x‖^2
 *     H(r) = r^2/2 for |r| <= delta, else delta (|r| - delta/2)
 *
 * |phi'| <= delta, phi'' is 0 or 1; phi*(y; b) = y^2/2 + y b for |y| <= delta.  H' is r cut
 * at ±delta, (|r + delta| - |r - delta|)/2; for the solver, with a = r + delta, c = r - delta
 * and A, C = sqrt(a^2 + s), sqrt(c^2 + s), |a| and |c| become A and C:
 *
 *     slope (A - C)/2,   curvature (a/A - c/C)/2,   value (I(a) - I(c) - delta^2)/2
 *
 * where I(t) = (t sqrt(t^2 + s) + s arsinh(t/sqrt s))/2.
 */
#include "lab/plugin.h"

struct huber_regression {
    struct lab_linear linear;
    double delta;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("synthetic"),
    LAB_PARAM(struct huber_regression, delta, 1.0, "(0,inf)",
              "errors above this count as absolute errors"),
    LAB_PARAM_END,
};

static inline double loss(double r, double delta)
{
    double size = fabs(r);
    return size <= delta ? 0.5 * r * r : delta * (size - 0.5 * delta);
}

static inline double slope(double r, double delta)
{
    return r > delta ? delta : r < -delta ? -delta : r;
}

LAB_LINEAR_EACH(each, struct huber_regression, loss(z - b, p->delta),
                slope(z - b, p->delta))

static double smooth(const void *self, double s, double z, double b, double *first,
                     double *second)
{
    const struct huber_regression *p = self;
    const double r = fabs(z - b), a = r + p->delta, c = r - p->delta, root = sqrt(s);
    const double A = sqrt(a * a + s), C = sqrt(c * c + s);
    const double half = 2.0 * r * p->delta / (A + C);
    *first = z < b ? -half : half;
    *second = c > 0.0 ? 2.0 * s * r * p->delta / (A * C * (a * C + c * A))
                      : 0.5 * (a / A - c / C);
    return 0.25 * (a * A - c * C + s * (asinh(a / root) - asinh(c / root))) -
           0.5 * p->delta * p->delta;
}

static double conjugate(const void *self, double b, double *y)
{
    const struct huber_regression *p = self;
    *y = fmin(fmax(*y, -p->delta), p->delta);
    return *y * (0.5 * *y + b);
}

static int huber_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct huber_regression *p = self;
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_REAL,
        .planted = LAB_PLANTED_LAPLACE,
        .each = each,
        .steepest = p->delta,
        .curvature = 1.0,
        .least_curvature = 0.0,
        .smooth = smooth,
        .conjugate = conjugate,
    };
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(huber_regression) = {
    .base =
        {
            .summary = "linear regression, large errors count as absolute errors",
            .formula = "f(x) = (1/n) sum_i H(<a_i,x> - b_i) + (l2/2) ‖x‖^2\n"
                       "H(r) = r^2/2 for |r| <= delta, else delta (|r| - delta/2)",
            .reference = "Huber (1964)",
            .params = params,
            .size = sizeof(struct huber_regression),
        },
    .group = LAB_GROUP_SMOOTH,
    .strongly = "l2 > 0",
    .open = huber_open,
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
