/*
 * problems/elastic_net.c -- linear regression with squared errors and both penalties.
 *
 *     f(x) = (1/n) sum_i (<a_i, x> - b_i)^2/2 + l1 ‖x‖_1 + (l2/2) ‖x‖^2
 *
 * See lab/linear.h and lab/elastic.c for penalties, prox and duality.
 */
#include "lab/plugin.h"

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("synthetic"),
    LAB_PARAM(struct lab_elastic, l1, 0.1, "(0,inf)", "weight of ‖x‖_1"),
    LAB_PARAM_END,
};

LAB_PROBLEM(elastic_net) = {
    .base =
        {
            .summary = "linear regression, squared errors, penalties l1 and l2",
            .formula = "f(x) = (1/n) sum_i (<a_i,x> - b_i)^2/2 + l1 ‖x‖_1 + (l2/2) ‖x‖^2",
            .reference = "Zou & Hastie (2005)",
            .params = params,
            .size = sizeof(struct lab_elastic),
        },
    .group = LAB_GROUP_NONSMOOTH,
    .strongly = "l2 > 0, or A of full rank",
    .open = lab_elastic_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .infima = lab_elastic_infima,
    .sizes = lab_linear_sizes,
    .penalty = lab_elastic_penalty,
    .prox = lab_elastic_prox,
    .model = lab_linear_model,
    .lower = lab_linear_lower,
};
