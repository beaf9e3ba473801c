/*
 * lab/expression_derive.c -- see expression_parts.h: the reverse mode, written down as code.
 *
 * From the last instruction back, each number passes its adjoint d(root)/d(number), times the
 * slope of the operation, to its operands.  The adjoints are instructions themselves, so the
 * gradient can be derived once more, and ranges of all of it follow from those of operations.
 *
 * Products gather their constant factors in front and equal factors in powers: 2 cos cos is then
 * 2 cos^2, whose range is [0, 2] and not [-2, 2].
 */
#include "lab/expression_parts.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_WORK = 30000000 /* numbers gone through for a Hessian */ };

struct tape {
    struct lab_code *code;
    uint32_t *adjoint;
    bool *varies; /* depends on the array */
};

/* A number as factor times rest; rest LAB_NOWHERE: 1.  The factor is finite, unless it
 * overflows: infinite ones stay where 0 times them is 0. */
struct scaled {
    double factor;
    uint32_t rest;
};

static bool is_factor(const struct lab_code *code, uint32_t a)
{
    return lab_code_is_constant(code, a) && isfinite(code->at[a].c);
}

static struct scaled split(const struct lab_code *code, uint32_t a)
{
    const struct lab_instruction i = code->at[a];
    if (is_factor(code, a))
        return (struct scaled){i.c, LAB_NOWHERE};
    if (i.op == OP_NEGATE)
        return (struct scaled){-1.0, i.a};
    if (i.op == OP_MULTIPLY && is_factor(code, i.a))
        return (struct scaled){code->at[i.a].c, i.b};
    if (i.op == OP_MULTIPLY && is_factor(code, i.b))
        return (struct scaled){code->at[i.b].c, i.a};
    return (struct scaled){1.0, a};
}

static uint32_t join(struct lab_code *code, struct scaled s)
{
    if (s.factor == 0.0 || s.rest == LAB_NOWHERE)
        return lab_code_constant(code, s.factor);
    if (s.factor == 1.0)
        return s.rest;
    if (s.factor == -1.0)
        return lab_code_add(code, OP_NEGATE, s.rest, 0, 0.0);
    return lab_code_add(code, OP_MULTIPLY, lab_code_constant(code, s.factor), s.rest,
                        0.0);
}

/* Is a = b^n with n >= 2? */
static bool is_power_of(const struct lab_code *code, uint32_t a, uint32_t b)
{
    const struct lab_instruction *i = &code->at[a];
    return i->op == OP_WHOLE_POWER && i->a == b && i->c >= 2.0;
}

static uint32_t times(struct lab_code *code, uint32_t a, uint32_t b)
{
    const struct scaled p = split(code, a), q = split(code, b);
    struct scaled product = {p.factor * q.factor, p.rest};
    if (p.rest == LAB_NOWHERE)
        product.rest = q.rest;
    else if (q.rest != LAB_NOWHERE && is_power_of(code, p.rest, q.rest))
        product.rest =
            lab_code_add(code, OP_WHOLE_POWER, q.rest, 0, code->at[p.rest].c + 1.0);
    else if (q.rest != LAB_NOWHERE && is_power_of(code, q.rest, p.rest))
        product.rest =
            lab_code_add(code, OP_WHOLE_POWER, p.rest, 0, code->at[q.rest].c + 1.0);
    else if (q.rest != LAB_NOWHERE)
        product.rest = lab_code_add(code, OP_TIMES, p.rest, q.rest, 0.0);
    return join(code, product);
}

static uint32_t scale(struct lab_code *code, double factor, uint32_t a)
{
    return times(code, lab_code_constant(code, factor), a);
}

static uint32_t plus(struct lab_code *code, uint32_t a, uint32_t b)
{
    const struct scaled p = split(code, a), q = split(code, b);
    if (p.factor == 0.0 || q.factor == 0.0)
        return p.factor == 0.0 ? b : a;
    if (p.rest == q.rest)
        return join(code, (struct scaled){p.factor + q.factor, p.rest});
    return lab_code_add(code, OP_ADD, a, b, 0.0);
}

static uint32_t function_of(struct lab_code *code, enum lab_op op, uint32_t a)
{
    return lab_code_add(code, op, a, 0, 0.0);
}

static uint32_t divide(struct lab_code *code, uint32_t a, uint32_t b)
{
    return lab_code_add(code, OP_DIVIDE, a, b, 0.0);
}

/* d v/d a of the function v = op(a). */
static uint32_t slope_of(struct lab_code *code, enum lab_op op, uint32_t a, uint32_t v)
{
    const uint32_t one = lab_code_constant(code, 1.0);
    const uint32_t a2 = lab_code_add(code, OP_WHOLE_POWER, a, 0, 2.0);
    switch (op) {
    case OP_SQRT: return divide(code, lab_code_constant(code, 0.5), v);
    case OP_ABS: return function_of(code, OP_SIGN, a);
    case OP_EXP: return v;
    case OP_EXPM1: return function_of(code, OP_EXP, a);
    case OP_LOG: return divide(code, one, a);
    case OP_LOG2: return divide(code, lab_code_constant(code, 1.0 / M_LN2), a);
    case OP_LOG10: return divide(code, lab_code_constant(code, 1.0 / M_LN10), a);
    case OP_LOG1P: return divide(code, one, plus(code, one, a));
    case OP_SIN: return function_of(code, OP_COS, a);
    case OP_COS: return scale(code, -1.0, function_of(code, OP_SIN, a));
    case OP_TAN: return plus(code, one, lab_code_add(code, OP_WHOLE_POWER, v, 0, 2.0));
    case OP_ASIN:
    case OP_ACOS: {
        const uint32_t left = plus(code, one, scale(code, -1.0, a2));
        return divide(code, lab_code_constant(code, op == OP_ASIN ? 1.0 : -1.0),
                      function_of(code, OP_SQRT, left));
    }
    case OP_ATAN: return divide(code, one, plus(code, one, a2));
    case OP_SINH: return function_of(code, OP_COSH, a);
    case OP_COSH: return function_of(code, OP_SINH, a);
    case OP_TANH: return function_of(code, OP_SECH2, a);
    case OP_CBRT:
        return divide(code, lab_code_constant(code, 1.0 / 3.0),
                      lab_code_add(code, OP_WHOLE_POWER, v, 0, 2.0));
    case OP_SOFTPLUS: return function_of(code, OP_SIGMOID, a);
    case OP_SIGMOID: /* 1 - v = sigmoid(-a), without cancellation */
        return times(code, v, function_of(code, OP_SIGMOID, scale(code, -1.0, a)));
    case OP_SECH2:
        return scale(code, -2.0, times(code, v, function_of(code, OP_TANH, a)));
    default: return lab_code_constant(code, 0.0); /* sign: 0 where it has a slope */
    }
}

static void pass(struct tape *t, uint32_t to, uint32_t adjoint)
{
    if (!t->varies[to])
        return;
    t->adjoint[to] =
        t->adjoint[to] == LAB_NOWHERE ? adjoint : plus(t->code, t->adjoint[to], adjoint);
}

/* a^b: b a^(b-1) and a^b log a. */
static void pass_power(struct tape *t, struct lab_instruction i, uint32_t v,
                       uint32_t adjoint)
{
    struct lab_code *code = t->code;
    if (t->varies[i.a]) {
        const uint32_t less = plus(code, i.b, lab_code_constant(code, -1.0));
        pass(t, i.a,
             times(code, adjoint, times(code, i.b, lab_code_power(code, i.a, less))));
    }
    if (t->varies[i.b])
        pass(t, i.b,
             times(code, adjoint, times(code, v, function_of(code, OP_LOG, i.a))));
}

/* min, max: all to the first that is taken, nothing to the other. */
static void pass_choice(struct tape *t, struct lab_instruction i, uint32_t adjoint)
{
    struct lab_code *code = t->code;
    const bool greatest = i.op == OP_MAXIMUM;
    const uint32_t first =
        lab_code_add(code, OP_AT_LEAST, greatest ? i.a : i.b, greatest ? i.b : i.a, 0.0);
    const uint32_t other =
        plus(code, lab_code_constant(code, 1.0), scale(code, -1.0, first));
    pass(t, i.a, times(code, adjoint, first));
    pass(t, i.b, times(code, adjoint, other));
}

static void pass_back(struct tape *t, uint32_t v, uint32_t adjoint)
{
    struct lab_code *code = t->code;
    const struct lab_instruction i = code->at[v]; /* a copy: the code grows */
    switch (i.op) {
    case OP_NEGATE: pass(t, i.a, scale(code, -1.0, adjoint)); break;
    case OP_ADD: pass(t, i.a, adjoint), pass(t, i.b, adjoint); break;
    case OP_SUBTRACT:
        pass(t, i.a, adjoint), pass(t, i.b, scale(code, -1.0, adjoint));
        break;
    case OP_MULTIPLY:
    case OP_TIMES:
        pass(t, i.a, times(code, adjoint, i.b)), pass(t, i.b, times(code, adjoint, i.a));
        break;
    case OP_DIVIDE:
    case OP_RATIO:
        pass(t, i.a, lab_code_add(code, i.op, adjoint, i.b, 0.0));
        pass(t, i.b,
             scale(code, -1.0,
                   lab_code_add(code, i.op, times(code, adjoint, v), i.b, 0.0)));
        break;
    case OP_WHOLE_POWER:
        pass(t, i.a,
             times(code, adjoint,
                   scale(code, i.c,
                         lab_code_power(code, i.a, lab_code_constant(code, i.c - 1.0)))));
        break;
    case OP_POWER: pass_power(t, i, v, adjoint); break;
    case OP_MINIMUM:
    case OP_MAXIMUM: pass_choice(t, i, adjoint); break;
    case OP_HYPOT:
        pass(t, i.a, times(code, adjoint, lab_code_add(code, OP_RATIO, i.a, v, 0.0)));
        pass(t, i.b, times(code, adjoint, lab_code_add(code, OP_RATIO, i.b, v, 0.0)));
        break;
    default:
        if (i.op >= OP_FIRST_FUNCTION)
            pass(t, i.a, times(code, adjoint, slope_of(code, i.op, i.a, v)));
    }
}

static bool is_zero(const struct lab_code *code, uint32_t a)
{
    return lab_code_is_constant(code, a) && code->at[a].c == 0.0;
}

void lab_code_derive(struct lab_code *code, uint32_t root, size_t d, uint32_t *slope)
{
    const size_t count = (size_t)root + 1;
    struct tape t = {code, lab_alloc(count, sizeof *t.adjoint),
                     lab_alloc(count, sizeof *t.varies)};
    for (size_t j = 0; j < d; j++)
        slope[j] = LAB_NOWHERE;
    for (size_t n = 0; n < count; n++) {
        const struct lab_instruction *i = &code->at[n];
        const size_t operands = lab_operands(i->op);
        t.adjoint[n] = LAB_NOWHERE;
        t.varies[n] = i->op == OP_LOAD || (operands > 0 && t.varies[i->a]) ||
                      (operands > 1 && t.varies[i->b]);
    }
    t.adjoint[root] = lab_code_constant(code, 1.0);
    for (size_t n = count; n-- > 0 && !code->full;) {
        if (t.adjoint[n] == LAB_NOWHERE || !t.varies[n] || is_zero(code, t.adjoint[n]))
            continue;
        if (code->at[n].op == OP_LOAD)
            slope[code->at[n].a] = t.adjoint[n];
        else
            pass_back(&t, (uint32_t)n, t.adjoint[n]);
    }
    free(t.adjoint), free(t.varies);
}

struct lab_expression *lab_expression_hessian(const struct lab_expression *e, size_t d)
{
    if ((double)d * ((double)e->count + (double)d) > MOST_WORK)
        return NULL;
    struct lab_code code = {0};
    struct lab_expression *made = NULL;
    uint32_t *number = lab_alloc(e->count, sizeof *number);
    uint32_t *H = lab_alloc(d * d, sizeof *H);
    lab_code_of(e, &code, number);
    for (size_t i = 0; i < d * d; i++)
        H[i] = LAB_NOWHERE;
    for (size_t i = 0; i < e->d; i++)
        if (e->slope[i] != LAB_NOWHERE)
            lab_code_derive(&code, number[e->slope[i]], d, H + i * d);
    if (!code.full) {
        made = lab_alloc(1, sizeof *made);
        lab_code_finish(&code, number[e->root], d * d, H, made);
    }
    free(number), free(H), lab_code_free(&code);
    return made;
}
