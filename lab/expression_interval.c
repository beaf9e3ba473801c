/*
 * lab/expression_interval.c -- see expression.h: ranges over a box, bounds of gradient and Hessian.
 *
 * Interval arithmetic (Moore 1966): each operation takes intervals to an interval that holds
 * all its results.  Sums, products, quotients and roots are rounded to nearest by the machine, so
 * one step outward encloses them, and none where the result is exact: 0 <= x^2 + y^2 must stay 0.
 * Functions of the C library are good to a few units in the last place (glibc manual, "Known
 * Maximum Errors in Math Functions"); they get eight.  An infinite end means no bound, so that
 * 0 times it is 0: all numbers between are finite.
 */
#include "lab/expression_parts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const struct lab_interval everything = {-INFINITY, INFINITY};

static double down(double v)
{
    return nextafter(v, -INFINITY);
}

static double up(double v)
{
    return nextafter(v, INFINITY);
}

/* The result of a library function, with room for its error; 0 at 0 is exact. */
static double far_down(double v)
{
    return isinf(v) ? down(v) : v - 8.0 * DBL_EPSILON * fabs(v) - 8.0 * DBL_TRUE_MIN;
}

static double far_up(double v)
{
    return isinf(v) ? up(v) : v + 8.0 * DBL_EPSILON * fabs(v) + 8.0 * DBL_TRUE_MIN;
}

/* An end that overflowed in the direction that is not outward. */
static struct lab_interval ends(double low, double high)
{
    return (struct lab_interval){low > DBL_MAX ? DBL_MAX : low,
                                 high < -DBL_MAX ? -DBL_MAX : high};
}

static bool holds_zero(struct lab_interval a)
{
    return a.low <= 0.0 && a.high >= 0.0;
}

static bool is_sum_exact(double a, double b, double sum)
{
    const double part = sum - a; /* two-sum (Knuth 1969) */
    return (a - (sum - part)) + (b - part) == 0.0;
}

static struct lab_interval plus(struct lab_interval a, struct lab_interval b)
{
    const double low = a.low + b.low, high = a.high + b.high;
    return ends(is_sum_exact(a.low, b.low, low) ? low : down(low),
                is_sum_exact(a.high, b.high, high) ? high : up(high));
}

static struct lab_interval minus(struct lab_interval a)
{
    return (struct lab_interval){-a.high, -a.low};
}

/* A product of ends, rounded down; up is down of the opposite. */
static double product_down(double a, double b)
{
    const double p = a * b;
    if (a == 0.0 || b == 0.0)
        return 0.0;
    if (fabs(p) > 1e-280 && fma(a, b, -p) == 0.0)
        return p;
    return p >= 0.0 && (a > 0.0) == (b > 0.0) ? fmax(0.0, down(p)) : down(p);
}

static struct lab_interval times(struct lab_interval a, struct lab_interval b)
{
    const double x[] = {a.low, a.low, a.high, a.high},
                 y[] = {b.low, b.high, b.low, b.high};
    struct lab_interval v = {INFINITY, -INFINITY};
    for (size_t i = 0; i < 4; i++) {
        v.low = fmin(v.low, product_down(x[i], y[i]));
        v.high = fmax(v.high, -product_down(-x[i], y[i]));
    }
    return ends(v.low, v.high);
}

/* 1/b, where b does not hold 0. */
static struct lab_interval inverse(struct lab_interval b)
{
    struct lab_interval v = {down(1.0 / b.high), up(1.0 / b.low)};
    if (b.low > 0.0)
        v.low = fmax(v.low, 0.0);
    else
        v.high = fmin(v.high, 0.0);
    return ends(v.low, v.high);
}

/* a/b where b is not 0. */
static struct lab_interval divide(struct lab_interval a, struct lab_interval b)
{
    if (b.low < 0.0 && b.high > 0.0)
        return everything;
    if (b.low == 0.0 && b.high == 0.0)
        return everything;
    if (b.low == 0.0)
        return times(a, (struct lab_interval){fmax(0.0, down(1.0 / b.high)), INFINITY});
    if (b.high == 0.0)
        return times(a, (struct lab_interval){-INFINITY, fmin(0.0, up(1.0 / b.low))});
    return times(a, inverse(b));
}

static struct lab_interval size_of(struct lab_interval a)
{
    const double most = fmax(fabs(a.low), fabs(a.high));
    return (struct lab_interval){holds_zero(a) ? 0.0 : fmin(fabs(a.low), fabs(a.high)),
                                 most};
}

static struct lab_interval cut(struct lab_interval a, double low, double high)
{
    return (struct lab_interval){fmin(fmax(a.low, low), high),
                                 fmax(fmin(a.high, high), low)};
}

/* a^n, n whole; of a negative n where a is not 0. */
static struct lab_interval whole_power(struct lab_interval a, double n)
{
    const double m = fabs(n);
    const bool even = fmod(m, 2.0) == 0.0;
    const struct lab_interval base = even ? size_of(a) : a;
    struct lab_interval v = {base.low == 0.0 ? 0.0 : far_down(pow(base.low, m)),
                             base.high == 0.0 ? 0.0 : far_up(pow(base.high, m))};
    if (m == 2.0) { /* exact more often: x^2 >= 4 on x >= 2 */
        v.low = product_down(base.low, base.low);
        v.high = -product_down(-base.high, base.high);
    }
    v = ends(base.low >= 0.0 ? fmax(v.low, 0.0) : v.low,
             base.high <= 0.0 ? fmin(v.high, 0.0) : v.high);
    return n < 0.0 ? divide((struct lab_interval){1.0, 1.0}, v) : v;
}

/* a^b, a >= 0: monotone in a and in b, so extreme at corners. */
static struct lab_interval power(struct lab_interval a, struct lab_interval b)
{
    struct lab_interval v = {INFINITY, -INFINITY};
    a = cut(a, 0.0, INFINITY);
    for (size_t i = 0; i < 4; i++) {
        const double p = pow(i & 1 ? a.low : a.high, i & 2 ? b.low : b.high);
        v.low = fmin(v.low, p), v.high = fmax(v.high, p);
    }
    return ends(fmax(0.0, far_down(v.low)), far_up(v.high));
}

static struct lab_interval hypotenuse(struct lab_interval a, struct lab_interval b)
{
    a = size_of(a), b = size_of(b);
    return ends(fmax(0.0, far_down(hypot(a.low, b.low))), far_up(hypot(a.high, b.high)));
}

/* Does a hold first + k period for a whole k?  True also where it is too close to say. */
static bool meets(struct lab_interval a, double first, double period)
{
    const double slack = 1e-6; /* far beyond the error of the quotients below */
    return !(fabs(a.low) < 1e8 && fabs(a.high) < 1e8) ||
           floor((a.high - first) / period + slack) >=
               ceil((a.low - first) / period - slack);
}

static struct lab_interval wave(enum lab_op op, struct lab_interval a)
{
    const double pi = 3.14159265358979323846;
    const double top = op == OP_SIN ? pi / 2.0 : 0.0, bottom = top + pi;
    double (*const value)(double) = lab_functions[op - OP_FIRST_FUNCTION].value;
    if (op == OP_TAN)
        return meets(a, pi / 2.0, pi) ? everything
                                      : ends(far_down(tan(a.low)), far_up(tan(a.high)));
    struct lab_interval v = {-1.0, 1.0};
    if (!meets(a, bottom, 2.0 * pi))
        v.low = fmax(-1.0, far_down(fmin(value(a.low), value(a.high))));
    if (!meets(a, top, 2.0 * pi))
        v.high = fmin(1.0, far_up(fmax(value(a.low), value(a.high))));
    return v;
}

static struct lab_interval function(enum lab_op op, struct lab_interval a)
{
    const struct lab_function *h = &lab_functions[op - OP_FIRST_FUNCTION];
    if (h->course == WAVE)
        return wave(op, a);
    if (op == OP_ABS)
        return size_of(a);
    if (op == OP_SIGN)
        return (struct lab_interval){h->value(a.low), h->value(a.high)};
    if (a.high < h->from || a.low > h->to)
        return (struct lab_interval){h->low, h->high}; /* nowhere defined */
    a = cut(a, h->from, h->to);
    if (h->course == VALLEY || h->course == HILL)
        a = size_of(a);
    const bool falls = h->course == FALLS || h->course == HILL;
    const double left = h->value(a.low), right = h->value(a.high);
    const struct lab_interval v = {falls                         ? far_down(right)
                                   : a.low == 0.0 && left == 0.0 ? 0.0
                                                                 : far_down(left),
                                   falls                           ? far_up(left)
                                   : a.high == 0.0 && right == 0.0 ? 0.0
                                                                   : far_up(right)};
    return cut(ends(v.low, v.high), h->low, h->high);
}

/* Is the operation defined for all of a (and b)? */
static bool is_defined(const struct lab_instruction *i, struct lab_interval a,
                       struct lab_interval b)
{
    if (i->op == OP_DIVIDE)
        return !holds_zero(b);
    if (i->op == OP_WHOLE_POWER)
        return i->c >= 0.0 || !holds_zero(a);
    if (i->op == OP_POWER)
        return a.low > 0.0 || (a.low == 0.0 && b.low > 0.0);
    if (i->op == OP_TAN)
        return !meets(a, 1.57079632679489661923, 3.14159265358979323846);
    if (i->op < OP_FIRST_FUNCTION)
        return true;
    const struct lab_function *h = &lab_functions[i->op - OP_FIRST_FUNCTION];
    const bool open = isfinite(h->from) && !isfinite(h->value(h->from)); /* log at 0 */
    return (open ? a.low > h->from : a.low >= h->from) && a.high <= h->to;
}

static struct lab_interval enclose(const struct lab_instruction *i, struct lab_interval a,
                                   struct lab_interval b)
{
    switch (i->op) {
    case OP_NEGATE: return minus(a);
    case OP_ADD: return plus(a, b);
    case OP_SUBTRACT: return plus(a, minus(b));
    case OP_MULTIPLY:
    case OP_TIMES: return times(a, b);
    case OP_DIVIDE: return divide(a, b);
    case OP_RATIO: return holds_zero(b) ? everything : divide(a, b);
    case OP_WHOLE_POWER: return whole_power(a, i->c);
    case OP_POWER: return power(a, b);
    case OP_HYPOT: return hypotenuse(a, b);
    case OP_MINIMUM:
        return (struct lab_interval){fmin(a.low, b.low), fmin(a.high, b.high)};
    case OP_MAXIMUM:
        return (struct lab_interval){fmax(a.low, b.low), fmax(a.high, b.high)};
    case OP_AT_LEAST:
        return (struct lab_interval){a.low >= b.high ? 1.0 : 0.0,
                                     a.high >= b.low ? 1.0 : 0.0};
    default: return function(i->op, a);
    }
}

bool lab_enclose(const struct lab_instruction *at, size_t from, size_t to,
                 const double *lower, const double *upper, struct lab_interval *v)
{
    bool defined = true;
    for (size_t n = from; n < to; n++) {
        const struct lab_instruction *i = &at[n];
        const size_t operands = lab_operands(i->op);
        if (i->op == OP_CONSTANT) {
            defined &= isfinite(i->c);
            v[n] = isfinite(i->c) ? (struct lab_interval){i->c, i->c} : everything;
        } else if (i->op == OP_LOAD && lower) {
            v[n] = (struct lab_interval){lower[i->a], upper[i->a]};
        } else if (operands == 0) {
            v[n] = everything;
        } else {
            const struct lab_interval a = v[i->a],
                                      b = operands > 1 ? v[i->b] : everything;
            defined &= is_defined(i, a, b);
            v[n] = enclose(i, a, b);
            /* a slope of hypot: b >= |a| */
            if (i->op == OP_RATIO && at[i->b].op == OP_HYPOT &&
                (at[i->b].a == i->a || at[i->b].b == i->a))
                v[n] = cut(v[n], -1.0, 1.0);
        }
    }
    return defined;
}

/* ---- bounds of derivatives ------------------------------------------------------- */

static double size(struct lab_interval a)
{
    return size_of(a).high;
}

/* Rounded up: adding d numbers, and a root. */
static double safe(double v, size_t d)
{
    return v * (1.0 + ((double)d + 8.0) * DBL_EPSILON);
}

/* Does f jump (`kinks` false), or has it at least a kink? */
static bool is_broken(const struct lab_expression *e, bool kinks)
{
    for (size_t n = 0; n < e->value; n++) {
        const enum lab_op op = e->at[n].op;
        if (op == OP_SIGN ||
            (kinks && (op == OP_ABS || op == OP_MINIMUM || op == OP_MAXIMUM)))
            return true;
    }
    return false;
}

int lab_expression_steepest(const struct lab_expression *e, size_t d, const double *lower,
                            const double *upper, double *most, struct lab_error *why)
{
    if (is_broken(e, false))
        return lab_fail(why, "f jumps: it has a sign()");
    struct lab_interval *v = lab_alloc(e->count, sizeof *v);
    const bool defined = lab_enclose(e->at, 0, e->value, lower, upper, v);
    bool bounded = lab_enclose(e->at, e->value, e->count, lower, upper, v);
    double sum = 0.0;
    for (size_t j = 0; j < e->d && bounded; j++)
        if (e->slope[j] != LAB_NOWHERE)
            sum += size(v[e->slope[j]]) * size(v[e->slope[j]]);
    free(v);
    *most = safe(sqrt(sum), d);
    if (!defined)
        return lab_fail(why,
                        "interval arithmetic cannot tell that f is defined everywhere");
    if (!bounded || !isfinite(*most))
        return lab_fail(why, "interval arithmetic finds no bound of the gradient");
    return 0;
}

/* All eigenvalues lie in the circles around H_ii with radius sum_j |H_ij| (Gershgorin). */
static void circles(size_t d, const uint32_t *H, const struct lab_interval *v,
                    double *least, double *greatest)
{
    *least = INFINITY, *greatest = -INFINITY;
    for (size_t i = 0; i < d; i++) {
        struct lab_interval middle = {0.0, 0.0};
        double radius = 0.0;
        for (size_t j = 0; j < d; j++) {
            const uint32_t number = H[i * d + j];
            if (number != LAB_NOWHERE && i == j)
                middle = v[number];
            else if (number != LAB_NOWHERE)
                radius += size(v[number]);
        }
        radius = safe(radius, d);
        *least = fmin(*least, radius > 0.0 ? down(middle.low - radius) : middle.low);
        *greatest =
            fmax(*greatest, radius > 0.0 ? up(middle.high + radius) : middle.high);
    }
}

int lab_expression_curvature(const struct lab_expression *e, size_t d,
                             const double *lower, const double *upper, double *least,
                             double *greatest, struct lab_error *why)
{
    if (is_broken(e, true))
        return lab_fail(why, "f has a kink: abs, sign, min or max");
    struct lab_expression *h = lab_expression_hessian(e, d);
    if (!h)
        return lab_fail(why, "f is too long for its Hessian");
    struct lab_interval *v = lab_alloc(h->count, sizeof *v);
    const bool defined = lab_enclose(h->at, 0, h->count, lower, upper, v);
    circles(d, h->slope, v, least, greatest);
    free(v), lab_expression_free(h);
    if (!defined)
        return lab_fail(why, "interval arithmetic cannot tell that f is smooth");
    return 0;
}
