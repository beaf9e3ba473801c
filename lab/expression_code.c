/* lab/expression_code.c -- see expression_parts.h: instructions, made and carried out. */
#include "lab/expression_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h" /* LAB_HOT */

/* ---- functions of one number ----------------------------------------------------- */

static double sign(double a)
{
    return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a; /* NaN stays */
}

static double softplus(double a)
{
    return (a > 0.0 ? a : 0.0) + log1p(exp(-fabs(a)));
}

static double sigmoid(double a)
{
    return 1.0 / (1.0 + exp(-a));
}

static double sech2(double a)
{
    const double c = cosh(a);
    return 1.0 / c / c;
}

#define RIGHT 1.570796326794897 /* pi/2, rounded up */
#define I INFINITY
/* clang-format off */
const struct lab_function lab_functions[OP_END - OP_FIRST_FUNCTION] = {
    {"sqrt",     sqrt,     RISES,  CONCAVE_BEND,  0, I,  0, I},
    {"abs",      fabs,     VALLEY, CONVEX_BEND,  -I, I,  0, I},
    {"sign",     sign,     RISES,  NO_BEND,      -I, I, -1, 1},
    {"exp",      exp,      RISES,  CONVEX_BEND,  -I, I,  0, I},
    {"expm1",    expm1,    RISES,  CONVEX_BEND,  -I, I, -1, I},
    {"log",      log,      RISES,  CONCAVE_BEND,  0, I, -I, I},
    {"log2",     log2,     RISES,  CONCAVE_BEND,  0, I, -I, I},
    {"log10",    log10,    RISES,  CONCAVE_BEND,  0, I, -I, I},
    {"log1p",    log1p,    RISES,  CONCAVE_BEND, -1, I, -I, I},
    {"sin",      sin,      WAVE,   NO_BEND,      -I, I, -1, 1},
    {"cos",      cos,      WAVE,   NO_BEND,      -I, I, -1, 1},
    {"tan",      tan,      WAVE,   NO_BEND,      -I, I, -I, I},
    {"asin",     asin,     RISES,  NO_BEND,      -1, 1, -RIGHT, RIGHT},
    {"acos",     acos,     FALLS,  NO_BEND,      -1, 1,  0, 2 * RIGHT},
    {"atan",     atan,     RISES,  S_BEND,       -I, I, -RIGHT, RIGHT},
    {"sinh",     sinh,     RISES,  TURNED_BEND,  -I, I, -I, I},
    {"cosh",     cosh,     VALLEY, CONVEX_BEND,  -I, I,  1, I},
    {"tanh",     tanh,     RISES,  S_BEND,       -I, I, -1, 1},
    {"cbrt",     cbrt,     RISES,  S_BEND,       -I, I, -I, I},
    {"softplus", softplus, RISES,  CONVEX_BEND,  -I, I,  0, I},
    {"sigmoid",  sigmoid,  RISES,  S_BEND,       -I, I,  0, 1},
    {NULL,       sech2,    HILL,   NO_BEND,      -I, I,  0, 1},
};
/* clang-format on */
#undef I
#undef RIGHT

size_t lab_operands(enum lab_op op)
{
    if (op <= OP_LOAD)
        return 0;
    return op == OP_NEGATE || op == OP_WHOLE_POWER || op >= OP_FIRST_FUNCTION ? 1 : 2;
}

/* ---- evaluation ------------------------------------------------------------------ */

/* Points go through the code eight at a time, one in each lane of a number.  All lanes are
 * computed, whether there is a point or not, so that a point's place does not matter; calls of
 * functions are made for points only, and the other lanes hold what the first one does. */
enum { LANES = 8, FEW = 96 /* numbers that fit on the stack */ };

#define EACH for (size_t k = 0; k < LANES; k++)

/* a^n by squaring; the products are those one would write. */
static inline void whole_power(const double *restrict a, double n, double *restrict v)
{
    double square[LANES];
    unsigned long left = (unsigned long)fabs(n);
    bool begun = false;
    EACH square[k] = a[k];
    while (left) {
        if (left & 1) {
            EACH v[k] = begun ? v[k] * square[k] : square[k];
            begun = true;
        }
        left >>= 1;
        if (left)
            EACH square[k] *= square[k];
    }
    if (n < 0.0)
        EACH v[k] = 1.0 / v[k];
}

/* Functions of the C library, of the first `points` lanes. */
static void call(const struct lab_instruction *i, size_t points, const double *a,
                 const double *b, double *v)
{
    for (size_t k = 0; k < points; k++)
        v[k] = i->op == OP_POWER         ? pow(a[k], b[k])
               : i->op == OP_WHOLE_POWER ? pow(a[k], i->c)
               : i->op == OP_HYPOT       ? hypot(a[k], b[k])
                                   : lab_functions[i->op - OP_FIRST_FUNCTION].value(a[k]);
    for (size_t k = points; k < LANES; k++)
        v[k] = v[0];
}

static void load(const double *x, size_t d, size_t points, double *v)
{
    for (size_t k = 0; k < LANES; k++)
        v[k] = x[(k < points ? k : 0) * d];
}

/* Instructions from..to-1 at `points` <= LANES points x, d numbers apart. */
LAB_HOT static void run(const struct lab_instruction *at, size_t from, size_t to,
                        const double *x, size_t d, size_t points, double (*number)[LANES])
{
    for (size_t n = from; n < to; n++) {
        const struct lab_instruction *i = &at[n];
        const size_t operands = lab_operands(i->op);
        const double *restrict a = number[operands > 0 ? i->a : n];
        const double *restrict b = number[operands > 1 ? i->b : n];
        double *restrict v = number[n];
        switch (i->op) {
        case OP_CONSTANT: EACH v[k] = i->c; break;
        case OP_SCALAR: break;
        case OP_LOAD: load(x + i->a, d, points, v); break;
        case OP_NEGATE: EACH v[k] = -a[k]; break;
        case OP_ADD: EACH v[k] = a[k] + b[k]; break;
        case OP_SUBTRACT: EACH v[k] = a[k] - b[k]; break;
        case OP_MULTIPLY: EACH v[k] = a[k] * b[k]; break;
        case OP_TIMES: EACH v[k] = a[k] == 0.0 || b[k] == 0.0 ? 0.0 : a[k] * b[k]; break;
        case OP_DIVIDE: EACH v[k] = a[k] / b[k]; break;
        case OP_RATIO: EACH v[k] = b[k] == 0.0 ? 0.0 : a[k] / b[k]; break;
        case OP_AT_LEAST: EACH v[k] = a[k] >= b[k] ? 1.0 : 0.0; break;
        case OP_MINIMUM: EACH v[k] = a[k] < b[k] || a[k] != a[k] ? a[k] : b[k]; break;
        case OP_MAXIMUM: EACH v[k] = a[k] > b[k] || a[k] != a[k] ? a[k] : b[k]; break;
        case OP_SQRT: EACH v[k] = sqrt(a[k]); break;
        case OP_ABS: EACH v[k] = fabs(a[k]); break;
        case OP_WHOLE_POWER:
            if (i->c == 2.0)
                EACH v[k] = a[k] * a[k];
            else if (fabs(i->c) <= 64.0)
                whole_power(a, i->c, v);
            else
                call(i, points, a, b, v);
            break;
        default: call(i, points, a, b, v);
        }
    }
}

/* Rows of the gradient; NaN where f is not finite. */
static void store(const struct lab_expression *e, size_t d, size_t points,
                  double (*number)[LANES], double *f, double *g)
{
    for (size_t k = 0; k < points; k++) {
        f[k] = number[e->root][k];
        for (size_t j = 0; g && j < d; j++)
            g[k * d + j] = !isfinite(f[k]) ? NAN
                           : j < e->d && e->slope[j] != LAB_NOWHERE
                               ? number[e->slope[j]][k]
                               : 0.0;
    }
}

void lab_expression_evaluate(const struct lab_expression *e, const double *scalar,
                             size_t d, size_t count, const double *x, double *f,
                             double *g)
{
    const size_t end = g ? e->count : e->value;
    _Alignas(64) double few[FEW][LANES];
    double(*number)[LANES] = end <= FEW ? few : lab_alloc(end, sizeof *number);
    run(e->at, 0, e->inputs, NULL, 0, 0, number);
    for (size_t n = 0; n < e->inputs; n++)
        if (e->at[n].op == OP_SCALAR)
            EACH number[n][k] = scalar[e->at[n].a];
    for (size_t k = 0; k < count; k += LANES) {
        const size_t points = count - k < LANES ? count - k : LANES;
        run(e->at, e->inputs, end, x + k * d, d, points, number);
        store(e, d, points, number, f + k, g ? g + k * d : NULL);
    }
    if (number != few)
        free(number);
}

double lab_expression_value(const struct lab_expression *e, const double *scalar,
                            const double *x)
{
    const double nothing = NAN;
    double f;
    lab_expression_evaluate(e, scalar, e->d, 1, x ? x : &nothing, &f, NULL);
    return f;
}

size_t lab_expression_dimension(const struct lab_expression *e)
{
    return e->d;
}

void lab_expression_free(struct lab_expression *e)
{
    if (!e)
        return;
    free(e->at), free(e->slope);
    free(e);
}

/* ---- code that grows ------------------------------------------------------------- */

void lab_code_free(struct lab_code *code)
{
    free(code->at), free(code->slot);
    *code = (struct lab_code){0};
}

static size_t hash(const struct lab_instruction *i)
{
    uint64_t bits, h = (uint64_t)i->op;
    memcpy(&bits, &i->c, sizeof bits);
    h = (h * 0x9e3779b97f4a7c15 + i->a) * 0x9e3779b97f4a7c15 + i->b;
    h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9 + bits;
    h = (h ^ (h >> 32)) * 0x94d049bb133111eb;
    return (size_t)(h ^ (h >> 31));
}

static bool same(const struct lab_instruction *i, const struct lab_instruction *j)
{
    return i->op == j->op && i->a == j->a && i->b == j->b &&
           memcmp(&i->c, &j->c, sizeof i->c) == 0;
}

/* The slot that holds the instruction, or the free one where it belongs. */
static uint32_t *find(struct lab_code *code, const struct lab_instruction *i)
{
    size_t s = hash(i) & (code->slots - 1);
    while (code->slot[s] != LAB_NOWHERE && !same(&code->at[code->slot[s]], i))
        s = (s + 1) & (code->slots - 1);
    return &code->slot[s];
}

static void grow(struct lab_code *code)
{
    code->room = code->room ? 2 * code->room : 64;
    code->at = lab_realloc(code->at, code->room, sizeof *code->at);
    code->slots = 2 * code->room;
    code->slot = lab_realloc(code->slot, code->slots, sizeof *code->slot);
    memset(code->slot, 0xff, code->slots * sizeof *code->slot);
    for (size_t n = 0; n < code->count; n++)
        *find(code, &code->at[n]) = (uint32_t)n;
}

bool lab_code_is_constant(const struct lab_code *code, uint32_t a)
{
    return code->at[a].op == OP_CONSTANT;
}

/* Carried out by the same code as later on: folding changes no bit. */
static double fold(const struct lab_code *code, struct lab_instruction i)
{
    const size_t operands = lab_operands(i.op);
    const struct lab_instruction small[] = {
        code->at[i.a], code->at[operands > 1 ? i.b : i.a], {i.op, 0, 1, i.c}};
    double number[3][LANES];
    run(small, 0, 3, NULL, 0, 1, number);
    return number[2][0];
}

uint32_t lab_code_constant(struct lab_code *code, double c)
{
    return lab_code_add(code, OP_CONSTANT, 0, 0, c);
}

uint32_t lab_code_add(struct lab_code *code, enum lab_op op, uint32_t a, uint32_t b,
                      double c)
{
    const size_t operands = lab_operands(op);
    const bool commutes = op == OP_ADD || op == OP_MULTIPLY || op == OP_TIMES;
    struct lab_instruction i = {op, a, operands > 1 ? b : 0, c};
    if (operands && lab_code_is_constant(code, a) &&
        (operands == 1 || lab_code_is_constant(code, b)))
        i = (struct lab_instruction){OP_CONSTANT, 0, 0, fold(code, i)};
    else if (commutes && a == b && op != OP_ADD)
        i = (struct lab_instruction){OP_WHOLE_POWER, a, 0, 2.0};
    else if (commutes && a > b)
        i.a = b, i.b = a;
    if (i.op == OP_CONSTANT && isnan(i.c))
        i.c = NAN; /* one NaN for all */
    if (code->count == code->room)
        grow(code);
    uint32_t *slot = find(code, &i);
    if (*slot != LAB_NOWHERE)
        return *slot;
    if (code->count == LAB_EXPRESSION_OPERATIONS) {
        code->full = true;
        return 0;
    }
    code->at[code->count] = i;
    return *slot = (uint32_t)code->count++;
}

uint32_t lab_code_power(struct lab_code *code, uint32_t a, uint32_t b)
{
    const double n = code->at[b].c;
    if (!lab_code_is_constant(code, b) || n != rint(n) || isinf(n))
        return lab_code_add(code, OP_POWER, a, b, 0.0);
    return n == 0.0   ? lab_code_constant(code, 1.0)
           : n == 1.0 ? a
                      : lab_code_add(code, OP_WHOLE_POWER, a, 0, n);
}

/* ---- code that is ready ---------------------------------------------------------- */

static void need(uint32_t number, unsigned char mark, unsigned char *needed)
{
    if (number != LAB_NOWHERE && !needed[number])
        needed[number] = mark;
}

/* Whatever a marked number is made of gets the mark too, unless it has one. */
static void spread(const struct lab_code *code, unsigned char mark, unsigned char *needed)
{
    for (size_t n = code->count; n-- > 0;) {
        const struct lab_instruction *i = &code->at[n];
        const size_t operands = lab_operands(i->op);
        if (needed[n] != mark)
            continue;
        if (operands > 0)
            need(i->a, mark, needed);
        if (operands > 1)
            need(i->b, mark, needed);
    }
}

void lab_code_finish(const struct lab_code *code, uint32_t root, size_t d,
                     const uint32_t *slope, struct lab_expression *e)
{
    enum { INPUT = 1, VALUE, GRADIENT };
    unsigned char *needed = lab_alloc(code->count, 1);
    uint32_t *place = lab_alloc(code->count, sizeof *place);
    size_t *const end[] = {&e->count, &e->inputs, &e->value, &e->count};
    needed[root] = VALUE;
    spread(code, VALUE, needed);
    for (size_t j = 0; j < d; j++)
        need(slope[j], GRADIENT, needed);
    spread(code, GRADIENT, needed);
    e->at = lab_alloc(code->count, sizeof *e->at);
    e->count = 0;
    for (size_t n = 0; n < code->count; n++)
        if (needed[n] && code->at[n].op <= OP_SCALAR)
            needed[n] = INPUT;
    for (unsigned char part = INPUT; part <= GRADIENT; part++) {
        size_t count = part == INPUT ? 0 : *end[part - 1];
        for (size_t n = 0; n < code->count; n++) {
            struct lab_instruction i = code->at[n];
            if (needed[n] != part)
                continue;
            const size_t operands = lab_operands(i.op);
            i.a = operands > 0 ? place[i.a] : i.a;
            i.b = operands > 1 ? place[i.b] : i.b;
            place[n] = (uint32_t)count;
            e->at[count++] = i;
        }
        *end[part] = count;
    }
    e->root = place[root];
    e->d = d;
    e->slope = lab_alloc(d, sizeof *e->slope);
    for (size_t j = 0; j < d; j++)
        e->slope[j] = slope[j] == LAB_NOWHERE ? LAB_NOWHERE : place[slope[j]];
    free(needed), free(place);
}

void lab_code_of(const struct lab_expression *e, struct lab_code *code,
                 uint32_t *new_number)
{
    for (size_t n = 0; n < e->count; n++) {
        const struct lab_instruction *i = &e->at[n];
        const size_t operands = lab_operands(i->op);
        new_number[n] = lab_code_add(code, i->op, operands > 0 ? new_number[i->a] : i->a,
                                     operands > 1 ? new_number[i->b] : i->b, i->c);
    }
}
