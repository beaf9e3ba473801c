/*
 * lab/expression_parts.h -- what the files of expression.c pass to each other; for them alone.
 *
 * An expression is a list of instructions.  Instruction i makes number i from numbers made before
 * it, so one pass from first to last evaluates it, and one from last to first derives it:
 *
 *   expression_parse.c     text -> code
 *   expression_code.c      code: constants folded, nothing computed twice; its evaluation
 *   expression_derive.c    code of f -> code of its gradient, by the reverse mode
 *   expression_interval.c  ranges of all numbers over a box; bounds of gradient and Hessian
 *   expression_convex.c    curvature by composition rules
 */
#ifndef LAB_EXPRESSION_PARTS_H
#define LAB_EXPRESSION_PARTS_H

#include <stdint.h>

#include "lab/expression.h"

enum lab_op {
    OP_CONSTANT, /* c */
    OP_SCALAR,   /* number a of the scalars */
    OP_LOAD,     /* coordinate a of the array */
    OP_NEGATE,   /* from here on a and b are numbers made before */
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_TIMES, /* a product in a derivative: 0 times anything is 0 */
    OP_DIVIDE,
    OP_WHOLE_POWER, /* a^c, c a whole number */
    OP_POWER,
    OP_MINIMUM,
    OP_MAXIMUM,
    OP_HYPOT,
    OP_RATIO,          /* a/b, 0 if b is 0: slope of hypot */
    OP_AT_LEAST,       /* 1 if a >= b, else 0: slope of min and max */
    OP_FIRST_FUNCTION, /* of one number, in the order of lab_functions[] */
    OP_SQRT = OP_FIRST_FUNCTION,
    OP_ABS,
    OP_SIGN,
    OP_EXP,
    OP_EXPM1,
    OP_LOG,
    OP_LOG2,
    OP_LOG10,
    OP_LOG1P,
    OP_SIN,
    OP_COS,
    OP_TAN,
    OP_ASIN,
    OP_ACOS,
    OP_ATAN,
    OP_SINH,
    OP_COSH,
    OP_TANH,
    OP_CBRT,
    OP_SOFTPLUS,
    OP_SIGMOID,
    OP_SECH2, /* 1/cosh^2, slope of tanh; no name in the language */
    OP_END
};

/** What is known of a function of one number: all that bounds and curvature need. */
struct lab_function {
    const char *name;
    double (*value)(double);
    enum {
        RISES,
        FALLS,
        VALLEY,
        HILL,
        WAVE
    } course; /**< VALLEY, HILL: even, turn at 0 */
    /** S: convex up to 0, concave from there; TURNED: the other way round */
    enum { NO_BEND, CONVEX_BEND, CONCAVE_BEND, S_BEND, TURNED_BEND } bend;
    double from, to;  /**< where it is defined */
    double low, high; /**< what values it takes there */
};
extern const struct lab_function lab_functions[OP_END - OP_FIRST_FUNCTION];

struct lab_instruction {
    enum lab_op op;
    uint32_t a, b;
    double c;
};

/** How many of a and b are numbers made before. */
size_t lab_operands(enum lab_op op);

/* ---- code while it grows --------------------------------------------------------- */

#define LAB_NOWHERE UINT32_MAX /**< no number */

struct lab_code {
    size_t count, room;
    struct lab_instruction *at;
    size_t slots; /**< of a hash table of instructions */
    uint32_t *slot;
    bool full; /**< more than LAB_EXPRESSION_OPERATIONS were wanted */
};

void lab_code_free(struct lab_code *code);
/** The number of that instruction: an old one if there is one, a constant if it is one. */
uint32_t lab_code_add(struct lab_code *code, enum lab_op op, uint32_t a, uint32_t b,
                      double c);
uint32_t lab_code_constant(struct lab_code *code, double c);
/** a^b, a whole power if b is a whole number. */
uint32_t lab_code_power(struct lab_code *code, uint32_t a, uint32_t b);
bool lab_code_is_constant(const struct lab_code *code, uint32_t a);
/** slope[j] <- the number that is d(root)/d(x_j), or LAB_NOWHERE where that is 0, j < d. */
void lab_code_derive(struct lab_code *code, uint32_t root, size_t d, uint32_t *slope);

/* ---- code that is ready ---------------------------------------------------------- */

struct lab_expression {
    struct lab_instruction *at;  /**< constants and scalars, then f, then its gradient */
    size_t inputs, value, count; /**< end of each */
    uint32_t root;               /**< f */
    size_t d;
    uint32_t *slope; /**< d numbers */
};

/** Keeps what root and slope[0..d-1] need, in that order; both are renumbered. */
void lab_code_finish(const struct lab_code *code, uint32_t root, size_t d,
                     const uint32_t *slope, struct lab_expression *e);
/** Code with the instructions of e; new_number[i] <- the number of its instruction i. */
void lab_code_of(const struct lab_expression *e, struct lab_code *code,
                 uint32_t *new_number);

/* ---- ranges ---------------------------------------------------------------------- */

struct lab_interval {
    double low, high;
};

/**
 * v[i] <- an interval that holds number i for all x in the box where it is defined, for
 * from <= i < to.  False if it may be undefined somewhere.  lower = NULL: all of R^d.
 */
bool lab_enclose(const struct lab_instruction *at, size_t from, size_t to,
                 const double *lower, const double *upper, struct lab_interval *v);

#endif
