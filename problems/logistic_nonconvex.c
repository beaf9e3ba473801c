/*
 * problems/logistic_nonconvex.c -- logistic regression with a bounded, nonconvex penalty,
 * labels -1 and +1.
 *
 *     f(x) = (1/n) sum_i log(1 + exp(-b_i <a_i, x>)) + alpha sum_j x_j^2/(1 + x_j^2)
 *
 * With h(u) = u^2/(1 + u^2): h' = 2u/(1 + u^2)^2, greatest at u^2 = 1/3, where it is
 * 3 sqrt(3)/8; h'' = 2 (1 - 3u^2)/(1 + u^2)^3 lies in [-1/2, 2], the ends at u = 1 and 0.
 */
#include "lab/plugin.h"

struct logistic_nonconvex {
    struct lab_linear linear;
    double alpha;
};

static const struct lab_param params[] = {
    LAB_DATA_PARAMS("breast_cancer"),
    LAB_PARAM(struct logistic_nonconvex, alpha, 0.1, "(0,inf)", "weight of the penalty"),
    LAB_PARAM_END,
};

static inline double loss(double z, double b)
{
    double margin = b * z;
    return (margin < 0.0 ? -margin : 0.0) + lab_log1p_unit(lab_exp(-fabs(margin)));
}

static inline double slope(double z, double b)
{
    double margin = b * z, e = lab_exp(-fabs(margin));
    return -b * (margin < 0.0 ? 1.0 : e) / (1.0 + e);
}

LAB_LINEAR_EACH(each, struct logistic_nonconvex, loss(z, b), slope(z, b))

static double penalty(const void *self, double weight, const double *x, double *g)
{
    const struct logistic_nonconvex *p = self;
    const double step = 2.0 * weight * p->alpha;
    double sum = 0.0;
    for (size_t j = 0; j < p->linear.set->d; j++) {
        const double one = 1.0 / (1.0 + x[j] * x[j]);
        sum += 1.0 - one;
        if (g)
            g[j] += step * x[j] * one * one;
    }
    return p->alpha * sum;
}

static int nonconvex_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct logistic_nonconvex *p = self;
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_BINARY,
        .planted = LAB_PLANTED_LOGISTIC,
        .each = each,
        .steepest = 1.0,
        .curvature = 0.25,
        .curved_at_0 = true,
        .penalty = {.add = penalty,
                    .name = "alpha sum_j x_j^2/(1 + x_j^2)",
                    .steepest = p->alpha * 3.0 * sqrt(3.0) / 8.0,
                    .curvature = 2.0 * p->alpha,
                    .least_curvature = -0.5 * p->alpha},
    };
    return lab_linear_open(self, phi, facts, err);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    lab_linear_constants(self, C, facts);
    lab_unknown(&facts->f_star, "not convex: no minimum is proved");
    lab_unknown(&facts->x_star, "%s", facts->f_star.source);
}

LAB_PROBLEM(logistic_nonconvex) = {
    .base =
        {
            .summary = "logistic regression, bounded nonconvex penalty",
            .formula = "f(x) = (1/n) sum_i log(1 + exp(-b_i <a_i,x>)) + alpha sum_j "
                       "x_j^2/(1 + x_j^2)",
            .reference = "Wang, Ji, Zhou, Liang & Tarokh (2019)",
            .params = params,
            .size = sizeof(struct logistic_nonconvex),
        },
    .group = LAB_GROUP_NONCONVEX,
    .open = nonconvex_open,
    .close = lab_linear_close,
    .constants = constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .sizes = lab_linear_sizes,
};
