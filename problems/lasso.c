/*
 * problems/lasso.c -- linear regression with squared errors and a penalty that makes
 * coefficients zero.
 *
 *     f(x) = (1/n) sum_i (<a_i, x> - b_i)^2/2 + l1 ‖x‖_1
 *
 * Composite: h(x) = l1 ‖x‖_1 has the prox sign(x) (|x| - eta l1)_+,
 * componentwise.  gradient() and objective() are of f, with the subgradient
 * l1 sign(x), sign(0) = 0.  The conjugate of a squared error is y^2/2 + y b.
 */
#include "lab/plugin.h"

struct lasso {
    struct lab_linear linear;
    double l1;
};

static const struct lab_param params[] = {
    LAB_DATA_PARAMS("synthetic"),
    LAB_PARAM(struct lasso, l1, 0.1, "(0,inf)", "weight of ‖x‖_1"),
    LAB_PARAM_END,
};

LAB_LINEAR_EACH(each, struct lasso, 0.5 * (z - b) * (z - b), z - b)

static double smooth(const void *self, double s, double z, double b, double *first,
                     double *second)
{
    (void)self, (void)s;
    *first = z - b;
    *second = 1.0;
    return 0.5 * (z - b) * (z - b);
}

static double conjugate(const void *self, double b, double *y)
{
    (void)self;
    return *y * (0.5 * *y + b);
}

static double add_l1(const void *self, double weight, const double *x, double *g)
{
    const struct lasso *p = self;
    const size_t d = p->linear.set->d;
    const double step = weight * p->l1;
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += fabs(x[j]);
    for (size_t j = 0; g && j < d; j++)
        g[j] += (x[j] > 0.0 ? step : 0.0) - (x[j] < 0.0 ? step : 0.0);
    return p->l1 * sum;
}

static void prox(const void *self, double eta, size_t replicas, double *x)
{
    const struct lasso *p = self;
    const double shift = eta * p->l1;
    for (size_t r = 0; r < replicas; r++, x += p->linear.set->d)
        for (size_t j = 0; j < p->linear.set->d; j++) {
            double size = fabs(x[j]) - shift;
            x[j] = size <= 0.0 ? 0.0 : copysign(size, x[j]); /* NaN stays */
        }
}

static int lasso_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct lasso *p = self;
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_REAL,
        .planted = LAB_PLANTED_GAUSSIAN,
        .each = each,
        .steepest = INFINITY,
        .curvature = 1.0,
        .least_curvature = 1.0,
        .smooth = smooth,
        .conjugate = conjugate,
        .penalty = {.add = add_l1,
                    .name = "l1 ‖x‖_1",
                    .steepest = p->l1,
                    .curvature = NAN,
                    .l1 = p->l1},
    };
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(lasso) = {
    .base =
        {
            .summary = "linear regression, squared errors, penalty l1",
            .formula = "f(x) = (1/n) sum_i (<a_i,x> - b_i)^2/2 + l1 ‖x‖_1",
            .reference = "Tibshirani (1996)",
            .params = params,
            .size = sizeof(struct lasso),
        },
    .group = LAB_GROUP_NONSMOOTH,
    .strongly = "A of full rank",
    .open = lasso_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .penalty = add_l1,
    .prox = prox,
    .model = lab_linear_model,
    .lower = lab_linear_lower,
};
