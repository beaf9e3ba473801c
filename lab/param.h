/*
 * lab/param.h -- a plug-in's options: one table, from which come parsing, range checks,
 * messages, the effective config, `lab show`, `lab list --json` and the docs.
 */
#ifndef LAB_PARAM_H
#define LAB_PARAM_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "lab/error.h"
#include "lab/tree.h"

/** A vector option.  A number, or "zero", means that number in every coordinate. */
struct lab_vector {
    size_t n;      /**< 0: `fill` in every coordinate, however many there are */
    double *value; /**< n numbers, owned */
    double fill;   /**< NAN with n = 0: not set */
};

/** Step sizes with the prefix sums that theorems need: eta[t-1] is eta_t. */
struct lab_steps {
    size_t T;
    const double *eta;
    const double *sum;  /**< sum[t-1] = sum_{s<=t} eta_s */
    const double *sum2; /**< sum_{s<=t} eta_s^2 */
    const double *rise; /**< 1/eta_1 + sum_{2<=s<=t} max(0, 1/eta_s - 1/eta_{s-1}) */
};

enum lab_type {
    LAB_REAL,   /**< double */
    LAB_COUNT,  /**< size_t */
    LAB_FLAG,   /**< bool */
    LAB_TEXT,   /**< const char *, owned by the table's user; NULL: not set */
    LAB_VECTOR, /**< struct lab_vector */
    LAB_STEPS,  /**< struct lab_steps, a list of positive numbers (inputs of bounds) */
};

/** One option: where it lives in the plug-in's own struct, default, range, help. */
struct lab_param {
    const char *name;   /**< key in the config file */
    enum lab_type type; /**< follows from the field */
    size_t offset;      /**< of the field in the plug-in's struct */
    double fallback;    /**< default of a number, flag, vector; LAB_REQUIRED, LAB_UNSET */
    const char *text;   /**< default of a TEXT; NULL: not set */
    const char *range;  /**< "[0,1)", "(0,inf)"; of a TEXT: "a|b|c", or NULL: any */
    const char *help;
};

#define LAB_REQUIRED (-INFINITY)
#define LAB_UNSET NAN

/* clang-format off */
#define LAB_TYPE_OF(field) _Generic((field), double: LAB_REAL, size_t: LAB_COUNT, \
    bool: LAB_FLAG, const char *: LAB_TEXT, struct lab_vector: LAB_VECTOR, \
    struct lab_steps: LAB_STEPS)

/** A number, flag, vector or list of step sizes.  Its type is read off the field. */
#define LAB_PARAM(owner, field, fallback, range, help) \
    {#field, LAB_TYPE_OF(((owner *)0)->field), offsetof(owner, field), fallback, NULL, range, help}
/** A word or path. */
#define LAB_PARAM_TEXT(owner, field, text, range, help) \
    {#field, LAB_TYPE_OF(((owner *)0)->field), offsetof(owner, field), LAB_UNSET, text, range, help}
#define LAB_PARAM_END {.name = NULL}
/* clang-format on */

/** Writes every default into `self` (zeroed memory); required numbers become NAN. */
void lab_param_defaults(const struct lab_param *params, void *self);

/**
 * Fills `self` from a GROUP: defaults first, then what the group says.  Children whose
 * key is in `known` (ends with NULL; may be NULL) belong to someone else.  Each mistake
 * (unknown key with the nearest known one, wrong kind, out of range, missing and
 * required) goes to `mistakes` with file:line and path.  Integers may be written
 * 1, 1.0 or 1e5; 2.7 is refused where a whole number is meant.
 */
void lab_param_fill(const struct lab_param *params, void *self,
                    const struct lab_node *group, const char *const *known,
                    struct lab_mistakes *mistakes);

/** Which of `names` (ends with NULL) the string `type` of a GROUP is; -1 after a mistake: no
 *  group, no type, not a string, none of them (with the nearest). */
int lab_param_kind(const struct lab_node *group, const char *const *names,
                   struct lab_mistakes *mistakes);

/** Adds one child per option that is set: the effective config. */
void lab_param_write(const struct lab_param *params, const void *self,
                     struct lab_node *group);

/** Frees what lab_param_fill() allocated inside `self`, not `self`. */
void lab_param_release(const struct lab_param *params, void *self);

/** True if `value` lies in an interval written as in print: "[0,1)", "(0,inf)". */
bool lab_in_range(const char *range, double value);

/** The prefix sums for T step sizes; one block of memory at `.eta`, which is a copy. */
struct lab_steps lab_steps_new(size_t T, const double *eta);
void lab_steps_free(struct lab_steps *steps);

/** Coordinate i of a vector option. */
static inline double lab_vector_at(const struct lab_vector *v, size_t i)
{
    return v->n ? v->value[i] : v->fill;
}

#endif
