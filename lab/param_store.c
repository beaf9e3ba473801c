/* lab/param_store.c -- options without the user's text: defaults, writing, release,
 * ranges and step sizes; see param.h */
#include "lab/param.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *field(const struct lab_param *p, void *self)
{
    return (char *)self + p->offset;
}

static const void *const_field(const struct lab_param *p, const void *self)
{
    return (const char *)self + p->offset;
}

/* ---- ranges --------------------------------------------------------- */

bool lab_in_range(const char *range, double value)
{
    if (isnan(value))
        return false;
    if (!range)
        return true;
    char *end;
    double low = lab_number(range + 1, &end);
    bool comma = *end == ',';
    double high = comma ? lab_number(end + 1, &end) : NAN;
    if (!strchr("[(", range[0]) || !comma || !*end || !strchr("])", *end))
        LAB_BUG("'%s' is no range", range);
    return (range[0] == '[' ? value >= low : value > low) &&
           (*end == ']' ? value <= high : value < high);
}

/* ---- step sizes ----------------------------------------------------- */

struct lab_steps lab_steps_new(size_t T, const double *eta)
{
    struct lab_steps steps = {.T = T};
    if (T > SIZE_MAX / 4)
        LAB_BUG("%zu step sizes", T);
    double *copy = lab_alloc(4 * T, sizeof *copy);
    double *sum = copy + T, *sum2 = sum + T, *rise = sum2 + T;
    long double s = 0, s2 = 0, up = 0;
    for (size_t i = 0; i < T; i++) {
        long double inverse = 1 / (long double)eta[i];
        long double grown = i ? inverse - 1 / (long double)eta[i - 1] : inverse;
        s += eta[i];
        s2 += (long double)eta[i] * eta[i];
        up += grown > 0 ? grown : 0;
        copy[i] = eta[i];
        sum[i] = (double)s, sum2[i] = (double)s2, rise[i] = (double)up;
    }
    steps.eta = copy, steps.sum = sum, steps.sum2 = sum2, steps.rise = rise;
    return steps;
}

void lab_steps_free(struct lab_steps *steps)
{
    free((double *)(uintptr_t)steps->eta);
    *steps = (struct lab_steps){0};
}

/* ---- defaults ------------------------------------------------------- */

static void set_text(const char **text, const char *value)
{
    free((char *)(uintptr_t)*text);
    *text = value ? lab_text("%s", value) : NULL;
}

void lab_param_defaults(const struct lab_param *params, void *self)
{
    for (const struct lab_param *p = params; p->name; p++) {
        double number = isfinite(p->fallback) || p->fallback > 0 ? p->fallback : NAN;
        void *at = field(p, self);
        switch (p->type) {
        case LAB_REAL: *(double *)at = number; break;
        case LAB_COUNT:
            *(size_t *)at = number > 0 && number < 0x1p63 ? (size_t)number : 0;
            break;
        case LAB_FLAG: *(bool *)at = number > 0; break;
        case LAB_TEXT: set_text(at, p->text); break;
        case LAB_VECTOR:
            *(struct lab_vector *)at = (struct lab_vector){.fill = number};
            break;
        case LAB_STEPS: *(struct lab_steps *)at = (struct lab_steps){0}; break;
        }
    }
}

void lab_param_release(const struct lab_param *params, void *self)
{
    for (const struct lab_param *p = params; p->name; p++) {
        struct lab_vector *vector = field(p, self);
        if (p->type == LAB_TEXT) {
            set_text(field(p, self), NULL);
        } else if (p->type == LAB_VECTOR) {
            free(vector->value);
            *vector = (struct lab_vector){.fill = NAN};
        } else if (p->type == LAB_STEPS) {
            lab_steps_free(field(p, self));
        }
    }
}

/* ---- writing -------------------------------------------------------- */

static struct lab_node *number_list(const char *key, const char *where, size_t n,
                                    const double *value)
{
    struct lab_node *list = lab_node_new(LAB_NODE_LIST, key, where);
    for (size_t i = 0; i < n; i++)
        lab_node_add(list, lab_node_real(NULL, where, value[i]));
    return list;
}

/* Numbers that are not finite are not set: none such can be read. */
static struct lab_node *real_or_null(const char *key, const char *where, double value)
{
    return isfinite(value) ? lab_node_real(key, where, value) : NULL;
}

/* The option as a node, or NULL if it is not set. */
static struct lab_node *write_one(const struct lab_param *p, const void *at,
                                  const char *where)
{
    const struct lab_vector *vector = at;
    const struct lab_steps *steps = at;
    const char *const *text = at;
    switch (p->type) {
    case LAB_REAL: return real_or_null(p->name, where, *(const double *)at);
    case LAB_COUNT: {
        size_t count = *(const size_t *)at;
        bool unset = count == 0 && !isfinite(p->fallback);
        return unset ? NULL : lab_node_integer(p->name, where, (long long)count);
    }
    case LAB_FLAG: return lab_node_flag(p->name, where, *(const bool *)at);
    case LAB_TEXT: return *text ? lab_node_string(p->name, where, *text) : NULL;
    case LAB_VECTOR:
        return vector->n ? number_list(p->name, where, vector->n, vector->value)
                         : real_or_null(p->name, where, vector->fill);
    case LAB_STEPS:
        return steps->T ? number_list(p->name, where, steps->T, steps->eta) : NULL;
    }
    LAB_BUG("type %d of '%s'", (int)p->type, p->name);
}

void lab_param_write(const struct lab_param *params, const void *self,
                     struct lab_node *group)
{
    for (const struct lab_param *p = params; p->name; p++) {
        struct lab_node *node = write_one(p, const_field(p, self), group->where);
        if (node)
            lab_node_add(group, node);
    }
}
