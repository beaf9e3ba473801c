/*
 * lab/expression_convex.c -- see expression.h: curvature by composition.
 *
 * h(g(x)) is convex if h is, on the range of g, and
 *   g is affine,  or  h rises and g is convex,  or  h falls and g is concave
 * (Grant, Boyd & Ye 2006, "Disciplined convex programming"; Boyd & Vandenberghe 2004, sec. 3.2.4),
 * concave likewise.  Where h depends on the sign of its argument, as u^3, the range of g decides;
 * it comes from interval arithmetic over R^d.  Functions that are not defined everywhere (log,
 * sqrt, powers) are convex or concave on an interval and monotone as the rule needs, so that the
 * set where f is defined is convex too.
 */
#include "lab/expression_parts.h"

#include <math.h>
#include <stdlib.h>

enum { CONVEX = 1, CONCAVE = 2, AFFINE = 3 }; /* bits of a curvature */
enum { RISING = 1, FALLING = 2 };

/* A function of one number on a range: its curvature there, and how it runs. */
struct shape {
    unsigned curvature, course;
};

static unsigned turned(unsigned curvature)
{
    return (curvature & CONVEX ? CONCAVE : 0) | (curvature & CONCAVE ? CONVEX : 0);
}

static unsigned compose(struct shape h, unsigned g)
{
    unsigned result = 0;
    if (g == AFFINE)
        return h.curvature;
    if (h.curvature & CONVEX &&
        ((h.course & RISING && g & CONVEX) || (h.course & FALLING && g & CONCAVE)))
        result |= CONVEX;
    if (h.curvature & CONCAVE &&
        ((h.course & RISING && g & CONCAVE) || (h.course & FALLING && g & CONVEX)))
        result |= CONCAVE;
    return result;
}

static bool positive(struct lab_interval a)
{
    return a.low >= 0.0;
}

static bool negative(struct lab_interval a)
{
    return a.high <= 0.0;
}

/* u -> u^p on the range.  A power that is not whole has no values below 0, so a convex g must
 * be known to stay above. */
static struct shape power_shape(double p, bool whole, struct lab_interval range)
{
    const bool even = whole && fmod(p, 2.0) == 0.0;
    if (!isfinite(p))
        return (struct shape){0, 0};
    if (p < 0.0 && positive(range))
        return (struct shape){CONVEX, FALLING};
    if (p < 0.0 && whole && negative(range))
        return (struct shape){even ? CONVEX : CONCAVE, even ? RISING : FALLING};
    if (p < 0.0 && !whole)
        return (struct shape){CONVEX, FALLING}; /* {g > 0} is convex for concave g */
    if (p < 0.0)
        return (struct shape){0, 0};
    if (p < 1.0)
        return (struct shape){CONCAVE, RISING};
    if (!whole || positive(range))
        return (struct shape){CONVEX, !whole && !positive(range) ? 0 : RISING};
    if (even)
        return (struct shape){CONVEX, negative(range) ? FALLING : 0};
    return (struct shape){negative(range) ? CONCAVE : 0, RISING};
}

static struct shape function_shape(enum lab_op op, struct lab_interval range)
{
    const struct lab_function *h = &lab_functions[op - OP_FIRST_FUNCTION];
    struct shape s = {0, 0};
    const bool up = positive(range), down = negative(range);
    switch (h->bend) {
    case NO_BEND: break;
    case CONVEX_BEND: s.curvature = CONVEX; break;
    case CONCAVE_BEND: s.curvature = CONCAVE; break;
    case S_BEND: s.curvature = up ? CONCAVE : down ? CONVEX : 0; break;
    case TURNED_BEND: s.curvature = up ? CONVEX : down ? CONCAVE : 0; break;
    }
    switch (h->course) {
    case RISES: s.course = RISING; break;
    case FALLS: s.course = FALLING; break;
    case VALLEY: s.course = up ? RISING : down ? FALLING : 0; break;
    case HILL: s.course = up ? FALLING : down ? RISING : 0; break;
    case WAVE: break;
    }
    return s;
}

/* Curvature of c * (something of that curvature).  0 times it is still undefined where it is. */
static unsigned scaled(double c, unsigned curvature)
{
    return !isfinite(c) ? 0 : c >= 0.0 ? curvature : turned(curvature);
}

/* hypot(a, b) is convex and rises in |a|. */
static bool fits_norm(unsigned curvature, struct lab_interval range)
{
    return curvature == AFFINE || (curvature & CONVEX && positive(range)) ||
           (curvature & CONCAVE && negative(range));
}

/* c^u for a constant c > 0. */
static unsigned exponential(double c, unsigned curvature)
{
    if (!(c > 0.0 && isfinite(c)))
        return 0;
    return compose((struct shape){CONVEX, c >= 1.0 ? RISING : FALLING}, curvature);
}

static unsigned curvature_of(const struct lab_instruction *at, size_t n,
                             const unsigned *known, const struct lab_interval *range)
{
    const struct lab_instruction *i = &at[n];
    const size_t operands = lab_operands(i->op);
    const unsigned a = operands > 0 ? known[i->a] : 0, b = operands > 1 ? known[i->b] : 0;
    const struct lab_interval r =
        operands > 0 ? range[i->a] : (struct lab_interval){0, 0};
    const bool left = operands > 0 && at[i->a].op == OP_CONSTANT;
    const bool right = operands > 1 && at[i->b].op == OP_CONSTANT;
    switch (i->op) {
    case OP_CONSTANT:
    case OP_LOAD: return AFFINE;
    case OP_SCALAR: return AFFINE;
    case OP_NEGATE: return turned(a);
    case OP_ADD: return a & b;
    case OP_SUBTRACT: return a & turned(b);
    case OP_MULTIPLY:
        return left ? scaled(at[i->a].c, b) : right ? scaled(at[i->b].c, a) : 0;
    case OP_DIVIDE:
        return right ? scaled(1.0 / at[i->b].c, a)
               : left
                   ? scaled(at[i->a].c, compose(power_shape(-1.0, true, range[i->b]), b))
                   : 0;
    case OP_WHOLE_POWER: return compose(power_shape(i->c, true, r), a);
    case OP_POWER:
        return right  ? compose(power_shape(at[i->b].c, false, r), a)
               : left ? exponential(at[i->a].c, b)
                      : 0;
    case OP_MINIMUM: return a & b & CONCAVE;
    case OP_MAXIMUM: return a & b & CONVEX;
    case OP_HYPOT: return fits_norm(a, r) && fits_norm(b, range[i->b]) ? CONVEX : 0;
    default: return i->op >= OP_FIRST_FUNCTION ? compose(function_shape(i->op, r), a) : 0;
    }
}

bool lab_expression_is_convex(const struct lab_expression *e)
{
    struct lab_interval *range = lab_alloc(e->value, sizeof *range);
    unsigned *curvature = lab_alloc(e->value, sizeof *curvature);
    lab_enclose(e->at, 0, e->value, NULL, NULL, range);
    for (size_t n = 0; n < e->value; n++)
        curvature[n] = curvature_of(e->at, n, curvature, range);
    const bool convex = curvature[e->root] & CONVEX;
    free(range), free(curvature);
    return convex;
}
