/*
 * problems/elastic_net.c -- linear regression with squared errors and both penalties.
 *
 *     f(x) = (1/n) sum_i (<a_i, x> - b_i)^2/2 + l1 ‖x‖_1 + (l2/2) ‖x‖^2
 *
 * Composite: h(x) = l1 ‖x‖_1 + (l2/2) ‖x‖^2 has the prox sign(x) (|x| - eta l1)_+/(1 + eta l2),
 * componentwise.  gradient() and objective() are of f, with the subgradient
 * l1 sign(x), sign(0) = 0.  The conjugate of a squared error is y^2/2 + y b.
 */
#include "lab/plugin.h"

struct elastic_net {
    struct lab_linear linear;
    double l1;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("synthetic"),
    LAB_PARAM(struct elastic_net, l1, 0.1, "(0,inf)", "weight of ‖x‖_1"),
    LAB_PARAM_END,
};

LAB_LINEAR_EACH(each, struct elastic_net, 0.5 * (z - b) * (z - b), z - b)

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
    const struct elastic_net *p = self;
    const size_t d = p->linear.set->d;
    const double step = weight * p->l1;
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += fabs(x[j]);
    for (size_t j = 0; g && j < d; j++)
        g[j] += (x[j] > 0.0 ? step : 0.0) - (x[j] < 0.0 ? step : 0.0);
    return p->l1 * sum;
}

static double penalty(const void *self, double weight, const double *x, double *g)
{
    const struct elastic_net *p = self;
    const double l2 = p->linear.l2;
    double norm2 = 0.0;
    for (size_t j = 0; j < p->linear.set->d; j++) {
        norm2 += x[j] * x[j];
        if (g)
            g[j] += weight * l2 * x[j];
    }
    return add_l1(self, weight, x, g) + 0.5 * l2 * norm2;
}

static void prox(const void *self, double eta, size_t replicas, double *x)
{
    const struct elastic_net *p = self;
    const double shift = eta * p->l1, shrink = 1.0 + eta * p->linear.l2;
    for (size_t r = 0; r < replicas; r++, x += p->linear.set->d)
        for (size_t j = 0; j < p->linear.set->d; j++) {
            double size = fabs(x[j]) - shift;
            x[j] = size <= 0.0 ? 0.0 : copysign(size, x[j]) / shrink; /* NaN stays */
        }
}

static int elastic_net_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct elastic_net *p = self;
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

LAB_PROBLEM(elastic_net) = {
    .base =
        {
            .summary = "linear regression, squared errors, penalties l1 and l2",
            .formula = "f(x) = (1/n) sum_i (<a_i,x> - b_i)^2/2 + l1 ‖x‖_1 + (l2/2) ‖x‖^2",
            .reference = "Zou & Hastie (2005)",
            .params = params,
            .size = sizeof(struct elastic_net),
        },
    .group = LAB_GROUP_NONSMOOTH,
    .strongly = "l2 > 0, or A of full rank",
    .open = elastic_net_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .penalty = penalty,
    .prox = prox,
    .model = lab_linear_model,
    .lower = lab_linear_lower,
};
