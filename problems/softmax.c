/*
 * problems/softmax.c -- multinomial logistic regression, K classes.
 *
 *     f(x) = (1/n) sum_i (log sum_k exp<a_i, x_k> - <a_i, x_{b_i}>) + (l2/2) ‖x‖^2
 *
 * x is K x d, the weights of class k in row k.  f does not change if one vector is added to all
 * rows, so mu = l2.  Constants are derived in lab/multiclass.c.  Where some x separates the
 * classes and l2 = 0, f tends to 0 along c x, c -> inf, and has no minimiser (Albert &
 * Anderson 1984).
 */
#include "lab/plugin.h"

struct softmax {
    struct lab_linear linear;
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("wine"),
    LAB_DATA_NUMBER(classes, 0, "[0,1000]", "synthetic: how many classes; 0: 3"),
    LAB_PARAM_END,
};

LAB_PROBLEM(softmax) = {
    .base =
        {
            .summary = "multinomial logistic regression on data with K classes",
            .formula = "f(x) = (1/n) sum_i (log sum_k exp<a_i,x_k> - <a_i,x_{b_i}>)"
                       " + (l2/2) ‖x‖^2\n"
                       "x is K x d; x_k its row k",
            .reference = "Böhning (1992)",
            .params = params,
            .size = sizeof(struct softmax),
        },
    .group = LAB_GROUP_SMOOTH,
    .strongly = "l2 > 0",
    .open = lab_multiclass_open,
    .close = lab_linear_close,
    .constants = lab_multiclass_constants,
    .gradient = lab_multiclass_gradient,
    .objective = lab_multiclass_objective,
    .components = lab_multiclass_components,
    .infima = lab_multiclass_infima,
    .sizes = lab_multiclass_sizes,
    .model = lab_multiclass_model,
    .escapes = lab_multiclass_escapes,
    .concordance = lab_multiclass_concordance,
};
