/* lab/expect.c -- see expect.h */
#include "lab/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/measure.h"
#include "lab/registry.h"

struct expectation {
    size_t arm, t, from, to;
    const char *bound, *status, *verdict, *metric, *source;
    double value, slope, tightness, rtol, atol;
};

/* clang-format off */
#define OPTION(field, fallback, range, help) \
    LAB_PARAM(struct expectation, field, fallback, range, help)
#define WORD(field, range, help) \
    LAB_PARAM_TEXT(struct expectation, field, NULL, range, help)
const struct lab_param lab_expect_params[] = {
    OPTION(arm, LAB_REQUIRED, "[1,inf)", "which arm"),
    WORD(bound, NULL, "a bound: then status, verdict or tightness is expected"),
    WORD(status, "certified|estimated|not_applicable", "of the bound"),
    WORD(verdict, "holds|violated|undecided|-", "of the bound"),
    OPTION(tightness, LAB_UNSET, "(-inf,inf)", "of the bound"),
    WORD(metric, NULL, "a metric: then value or slope is expected"),
    OPTION(value, LAB_UNSET, "(-inf,inf)", "mean of the metric at row t"),
    OPTION(slope, LAB_UNSET, "(-inf,inf)", "of log mean against log t"),
    OPTION(t, 0, "[0,inf)", "row; the last unless given"),
    OPTION(from, 0, "[0,inf)", "first row of the slope's window; found unless given"),
    OPTION(to, 0, "[0,inf)", "last row of it; T unless given"),
    OPTION(rtol, LAB_UNSET, "[0,inf)", "relative tolerance"),
    OPTION(atol, LAB_UNSET, "[0,inf)", "absolute tolerance"),
    WORD(source, NULL, "where the expected number comes from"),
    LAB_PARAM_END,
};
/* clang-format on */

static void check_one(const struct lab_node *group, size_t arms,
                      struct lab_mistakes *mistakes)
{
    struct expectation x = {0};
    struct lab_error err = {""};
    char *path = lab_node_path(group);
    lab_param_fill(lab_expect_params, &x, group, NULL, mistakes);
    if (x.arm > arms)
        lab_mistake(mistakes, group->where, "%s.arm = %zu, but there are %zu arms", path,
                    x.arm, arms);
    if (!x.bound == !x.metric)
        lab_mistake(mistakes, group->where, "%s needs either bound or metric", path);
    if (x.bound && !lab_find(LAB_KIND_bound, x.bound, &err))
        lab_mistake(mistakes, group->where, "%s.bound: %s", path, err.text);
    if (x.metric && !lab_metric_find(x.metric, &err))
        lab_mistake(mistakes, group->where, "%s.metric: %s", path, err.text);
    if (x.bound && !x.status && !x.verdict && isnan(x.tightness))
        lab_mistake(mistakes, group->where,
                    "%s names a bound but neither status, verdict nor tightness", path);
    if (x.metric && isnan(x.value) && isnan(x.slope))
        lab_mistake(mistakes, group->where,
                    "%s names a metric but neither value nor slope", path);
    if (x.to && x.from >= x.to)
        lab_mistake(mistakes, group->where, "%s: from = %zu is not below to = %zu", path,
                    x.from, x.to);
    lab_param_release(lab_expect_params, &x);
    free(path);
}

void lab_expect_check(const struct lab_node *list, size_t arms,
                      struct lab_mistakes *mistakes)
{
    if (list->kind != LAB_NODE_LIST) {
        lab_mistake(mistakes, list->where,
                    "expect is not a list like ( { arm = 1; ... } )");
        return;
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->child[i]->kind == LAB_NODE_GROUP)
            check_one(list->child[i], arms, mistakes);
        else
            lab_mistake(mistakes, list->child[i]->where, "expect.[%zu] is not a group",
                        i);
}

/* Within atol + rtol |expected|, or, with neither, in the interval. */
static bool is_slope(const struct expectation *x, const struct lab_rate *rate)
{
    const double atol = isnan(x->atol) ? 0.0 : x->atol,
                 rtol = isnan(x->rtol) ? 0.0 : x->rtol;
    if (isnan(x->atol) && isnan(x->rtol))
        return x->slope >= rate->lo && x->slope <= rate->hi;
    return fabs(rate->slope - x->slope) <= atol + rtol * fabs(x->slope);
}

enum lab_met lab_expect_slope(const struct lab_node *group, const struct lab_run *run,
                              struct lab_rate *rate)
{
    struct lab_mistakes none = {0};
    struct expectation x = {0};
    enum lab_met met = LAB_NOT_EXPECTED;
    lab_param_fill(lab_expect_params, &x, group, NULL, &none);
    const enum lab_metric m = x.metric ? lab_metric_find(x.metric, NULL) : LAB_NO_METRIC;
    *rate = (struct lab_rate){.slope = NAN, .lo = NAN, .hi = NAN, .shape = LAB_SHORT};
    if (m != LAB_NO_METRIC && !isnan(x.slope)) {
        const struct lab_arm_run *a = &run->arm[x.arm - 1];
        if (a->measure->want[m])
            *rate = lab_run_rate(run, a, m, x.from, x.to);
        met = is_slope(&x, rate) ? LAB_MET : LAB_MISSED;
    }
    lab_param_release(lab_expect_params, &x);
    lab_mistakes_free(&none);
    return met;
}
