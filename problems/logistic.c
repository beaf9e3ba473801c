/*
 * problems/logistic.c -- logistic regression, labels -1 and +1.
 *
 *     f(x) = (1/n) sum_i log(1 + exp(-b_i <a_i, x>)) + (l2/2) ‖x‖^2
 *
 * |phi'| <= 1, 0 <= phi'' <= 1/4.  Where some x separates the classes (b_i <a_i, x> > 0
 * for all i) and l2 = 0, f tends to 0 along c x, c -> inf, and has no minimiser (Albert &
 * Anderson 1984).
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct logistic {
    struct lab_linear linear;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("breast_cancer"),
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

LAB_LINEAR_EACH(each, struct logistic, loss(z, b), slope(z, b))

static double smooth(const void *self, double s, double z, double b, double *first,
                     double *second)
{
    (void)self, (void)s;
    *first = slope(z, b);
    *second = fabs(*first) * fabs(slope(-z, b));
    return loss(z, b);
}

static int logistic_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_BINARY,
        .planted = LAB_PLANTED_LOGISTIC,
        .each = each,
        .steepest = 1.0,
        .curvature = 0.25,
        .curved_at_0 = true,
        .least_curvature = 0.0,
        .concordance = 1.0,
        .smooth = smooth,
    };
    return lab_linear_open(self, phi, facts, err);
}

static int escapes(const void *self, const double *x, struct lab_error *why)
{
    const struct logistic *p = self;
    const struct lab_data *set = p->linear.set;
    if (p->linear.l2 > 0.0)
        return 0;
    double *z = lab_alloc(set->n, sizeof *z);
    lab_linear_predict(self, x, z);
    bool separates = true;
    for (size_t i = 0; i < set->n && separates; i++)
        separates = set->b[i] * z[i] > 0.0;
    free(z);
    return separates ? lab_fail(why, "the data is linearly separable (a separating x was "
                                     "found), so unregularised logistic regression has "
                                     "no minimiser")
                     : 0;
}

LAB_PROBLEM(logistic) = {
    .base =
        {
            .summary = "logistic regression on data, labels -1 and +1",
            .formula = "f(x) = (1/n) sum_i log(1 + exp(-b_i <a_i,x>)) + (l2/2) ‖x‖^2",
            .reference = "Bottou, Curtis & Nocedal (2018), sec. 2",
            .params = params,
            .size = sizeof(struct logistic),
        },
    .group = LAB_GROUP_SMOOTH,
    .strongly = "l2 > 0",
    .open = logistic_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .infima = lab_linear_infima,
    .sizes = lab_linear_sizes,
    .model = lab_linear_model,
    .escapes = escapes,
    .concordance = lab_linear_concordance,
};
