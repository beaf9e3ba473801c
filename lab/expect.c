/* lab/expect.c -- see expect.h */
#include "lab/expect.h"

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
    OPTION(from, 0, "[0,inf)", "first row of the slope's window"),
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
