/*
 * lab/expression_parse.c -- see expression.h: text to code, by recursive descent.
 *
 *     sum      product { (+ | -) product }
 *     product  signed { (* | /) signed }
 *     signed   { + | - } power
 *     power    primary [ (^ | **) signed ]
 *     primary  number | name | name ( sum {, sum} ) | array [ sum ] | ( sum )
 *
 * The first mistake ends it; LAB_NOWHERE travels up.
 */
#include "lab/expression_parts.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/tree.h" /* lab_number() */

enum { NAME = 32, MOST_INDICES = 8, MOST_WORK = 1 << 22 /* see struct parser */ };

static const double pi = 3.14159265358979323846, e = 2.71828182845904523536;

struct parser {
    const char *text;
    size_t at;
    struct lab_code code;
    const char *const *scalars;
    const char *array;
    struct {
        char name[NAME];
        double value;
    } index[MOST_INDICES]; /* of the sums around this place */
    size_t indices, depth;
    size_t work; /* operands, digits and blanks read; of a sum again for each term */
    size_t dimension;
    size_t bare; /* one more than the place of the first bare x; 0: none */
    struct lab_error *err;
};

/* ---- mistakes -------------------------------------------------------------------- */

/* In characters from 1: bytes that continue a character do not count. */
static size_t column(const char *text, size_t at)
{
    size_t c = 1;
    for (size_t i = 0; i < at; i++)
        c += ((unsigned char)text[i] & 0xc0) != 0x80;
    return c;
}

__attribute__((format(printf, 3, 4))) static uint32_t wrong(struct parser *p, size_t at,
                                                            const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    lab_fail(p->err, "column %zu: %s", column(p->text, at), message);
    return LAB_NOWHERE;
}

static char peek(struct parser *p)
{
    const size_t blanks = strspn(p->text + p->at, " \t\n\r");
    p->at += blanks, p->work += blanks;
    return p->text[p->at];
}

static bool take(struct parser *p, char c)
{
    if (peek(p) != c)
        return false;
    p->at++;
    return true;
}

static bool is_letter(char c)
{
    return isascii((unsigned char)c) && (isalpha((unsigned char)c) || c == '_');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool begins_primary(const struct parser *p, char c)
{
    return is_letter(c) || is_digit(c) || c == '(' ||
           (c == '.' && is_digit(p->text[p->at + 1]));
}

/* Says what stands here in place of `wanted`. */
static uint32_t unexpected(struct parser *p, const char *wanted)
{
    const char c = peek(p), *here = p->text + p->at;
    size_t length = 1;
    if (c == '\0')
        return wrong(p, p->at, "%s is missing at the end", wanted);
    while (((unsigned char)here[length] & 0xc0) == 0x80 && length < 4)
        length++; /* the bytes of one character */
    if (((unsigned char)c & 0x80) ? length == 1 : !isprint((unsigned char)c))
        return wrong(p, p->at, "byte 0x%02x in place of %s", (unsigned char)c, wanted);
    return wrong(p, p->at, "'%.*s' in place of %s", (int)length, here, wanted);
}

/* ---- names ----------------------------------------------------------------------- */

static bool read_name(struct parser *p, char *name)
{
    size_t n = 0;
    peek(p);
    const char *from = p->text + p->at;
    while (is_letter(from[n]) || (n && is_digit(from[n])))
        n++;
    snprintf(name, NAME, "%.*s", (int)(n < NAME ? n : NAME - 1), from);
    p->at += n;
    return n > 0;
}

static const struct {
    const char *name;
    enum lab_op op;
    size_t least, most; /* arguments */
} calls[] = {
    {"pow", OP_POWER, 2, 2},
    {"hypot", OP_HYPOT, 2, 2},
    {"min", OP_MINIMUM, 2, SIZE_MAX},
    {"max", OP_MAXIMUM, 2, SIZE_MAX},
    {"sum", OP_END, 4, 4},
};
enum { CALLS = sizeof calls / sizeof *calls, FUNCTIONS = OP_END - OP_FIRST_FUNCTION };

/* The operation of that name and how many arguments it takes; false if there is none. */
static bool find_function(const char *name, enum lab_op *op, size_t *least, size_t *most)
{
    for (size_t i = 0; i < CALLS; i++)
        if (strcmp(calls[i].name, name) == 0) {
            *op = calls[i].op, *least = calls[i].least, *most = calls[i].most;
            return true;
        }
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (lab_functions[i].name && strcmp(lab_functions[i].name, name) == 0) {
            *op = (enum lab_op)(OP_FIRST_FUNCTION + i), *least = *most = 1;
            return true;
        }
    return false;
}

/* What might have been meant; variables only where no bracket follows. */
static uint32_t unknown_name(struct parser *p, size_t at, const char *name, bool called)
{
    const char *names[CALLS + FUNCTIONS + MOST_INDICES + 16];
    size_t count = 0;
    const size_t letters = p->array ? strlen(p->array) : 0;
    const char *rest = name + letters + (strlen(name) > letters && name[letters] == '_');
    if (!called && letters && strncmp(name, p->array, letters) == 0 && *rest &&
        strspn(rest, "0123456789") == strlen(rest))
        return wrong(p, at, "unknown name '%s' (did you mean '%s[%s]'?)", name, p->array,
                     rest);
    if (!called && p->array)
        names[count++] = p->array;
    for (size_t i = 0; !called && p->scalars && p->scalars[i] && i < 8; i++)
        names[count++] = p->scalars[i];
    for (size_t i = 0; !called && i < p->indices; i++)
        names[count++] = p->index[i].name;
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (lab_functions[i].name)
            names[count++] = lab_functions[i].name;
    for (size_t i = 0; i < CALLS; i++)
        names[count++] = calls[i].name;
    if (!called)
        names[count++] = "pi";
    names[count] = NULL;
    const char *nearest = lab_nearest(name, names);
    return wrong(p, at, "unknown %s '%s'%s%s%s", called ? "function" : "name", name,
                 nearest ? " (did you mean '" : "", nearest ? nearest : "",
                 nearest ? "'?)" : "");
}

static bool is_taken(const struct parser *p, const char *name)
{
    enum lab_op op;
    size_t least, most;
    bool taken = find_function(name, &op, &least, &most) || strcmp(name, "pi") == 0 ||
                 strcmp(name, "e") == 0 || (p->array && strcmp(name, p->array) == 0);
    for (size_t i = 0; p->scalars && p->scalars[i]; i++)
        taken |= strcmp(name, p->scalars[i]) == 0;
    for (size_t i = 0; i < p->indices; i++)
        taken |= strcmp(name, p->index[i].name) == 0;
    return taken;
}

/* ---- the grammar ----------------------------------------------------------------- */

static uint32_t read_sum(struct parser *p);

static uint32_t add(struct parser *p, enum lab_op op, uint32_t a, uint32_t b)
{
    return a == LAB_NOWHERE || b == LAB_NOWHERE ? LAB_NOWHERE
           : op == OP_POWER                     ? lab_code_power(&p->code, a, b)
                                                : lab_code_add(&p->code, op, a, b, 0.0);
}

/* A whole number from `least` to `most` that is known when read. */
static int read_whole(struct parser *p, const char *what, double least, double most,
                      double *value)
{
    peek(p);
    const size_t at = p->at;
    const uint32_t number = read_sum(p);
    if (number == LAB_NOWHERE)
        return -1;
    if (!lab_code_is_constant(&p->code, number))
        return wrong(p, at, "%s must be a number, not a variable", what), -1;
    *value = p->code.at[number].c;
    if (*value != rint(*value) || isinf(*value))
        return wrong(p, at, "%s %g is not a whole number", what, *value), -1;
    if (*value < least || *value > most)
        return wrong(p, at, "%s %.15g is not in [%.15g,%.15g]", what, *value, least,
                     most),
               -1;
    return 0;
}

static int expect(struct parser *p, char c, size_t opened)
{
    if (take(p, c))
        return 0;
    const char next = peek(p);
    if (c != ',' && begins_primary(p, next))
        return wrong(p, p->at, "an operator or '%c' is missing", c), -1;
    return wrong(p, p->at, "'%c' is missing (for the bracket of column %zu)", c,
                 column(p->text, opened)),
           -1;
}

static uint32_t read_coordinate(struct parser *p, size_t at)
{
    double index = 0.0;
    const size_t opened = p->at;
    if (take(p, '[')) {
        if (read_whole(p, "index", 0.0, LAB_EXPRESSION_COORDINATES - 1, &index) ||
            expect(p, ']', opened))
            return LAB_NOWHERE;
    } else if (!p->bare) {
        p->bare = at + 1;
    }
    if ((double)p->dimension <= index)
        p->dimension = (size_t)index + 1;
    return lab_code_add(&p->code, OP_LOAD, (uint32_t)index, 0, 0.0);
}

/* sum(i, FIRST, LAST, TERM): TERM is read once for each i. */
static uint32_t read_series(struct parser *p, size_t opened)
{
    double first, last;
    uint32_t total = LAB_NOWHERE;
    peek(p);
    const size_t at = p->at, n = p->indices;
    char name[NAME];
    if (!read_name(p, name))
        return unexpected(p, "the name of an index");
    if (is_taken(p, name))
        return wrong(p, at, "'%s' has a meaning already: another name for the index",
                     name);
    if (n == MOST_INDICES)
        return wrong(p, at, "more than %d sums in each other", MOST_INDICES);
    if (expect(p, ',', opened) || read_whole(p, "the first index", -1e9, 1e9, &first) ||
        expect(p, ',', opened))
        return LAB_NOWHERE;
    peek(p);
    const size_t until = p->at;
    if (read_whole(p, "the last index", -1e9, 1e9, &last) || expect(p, ',', opened))
        return LAB_NOWHERE;
    if (last < first)
        return wrong(p, until, "the sum is empty: from %.15g to %.15g", first, last);
    const size_t term = p->at;
    snprintf(p->index[n].name, NAME, "%s", name);
    p->indices++;
    for (double i = first; i <= last; i++) {
        p->index[n].value = i;
        p->at = term;
        const uint32_t one = read_sum(p);
        total = i == first ? one : add(p, OP_ADD, total, one);
        if (total == LAB_NOWHERE)
            break;
    }
    p->indices--;
    return total == LAB_NOWHERE || expect(p, ')', opened) ? LAB_NOWHERE : total;
}

static uint32_t read_call(struct parser *p, const char *name, size_t at)
{
    enum lab_op op;
    size_t least, most, count = 0, opened;
    uint32_t value = LAB_NOWHERE;
    if (!find_function(name, &op, &least, &most))
        return unknown_name(p, at, name, true);
    opened = p->at;
    take(p, '(');
    if (op == OP_END)
        return read_series(p, opened);
    do {
        const uint32_t argument = read_sum(p);
        if (argument == LAB_NOWHERE)
            return LAB_NOWHERE;
        value = count++ == 0 ? argument : add(p, op, value, argument);
        if (count > most)
            break;
    } while (take(p, ','));
    if (count < least || count > most)
        return wrong(p, at, "'%s' takes %s%zu argument%s%s", name,
                     most > least ? "at least " : "", least, least == 1 ? "" : "s",
                     count > most ? ", not more" : "");
    if (expect(p, ')', opened))
        return LAB_NOWHERE;
    return op >= OP_FIRST_FUNCTION ? lab_code_add(&p->code, op, value, 0, 0.0) : value;
}

static uint32_t read_named(struct parser *p)
{
    char name[NAME];
    enum lab_op op;
    size_t least, most;
    const size_t at = p->at;
    read_name(p, name);
    const size_t end = p->at;
    if (p->array && strcmp(name, p->array) == 0)
        return read_coordinate(p, at);
    for (size_t i = p->indices; i-- > 0;)
        if (strcmp(name, p->index[i].name) == 0)
            return lab_code_constant(&p->code, p->index[i].value);
    for (size_t i = 0; p->scalars && p->scalars[i]; i++)
        if (strcmp(name, p->scalars[i]) == 0)
            return lab_code_add(&p->code, OP_SCALAR, (uint32_t)i, 0, 0.0);
    if (strcmp(name, "pi") == 0 || strcmp(name, "e") == 0)
        return lab_code_constant(&p->code, name[0] == 'p' ? pi : e);
    if (peek(p) == '(')
        return read_call(p, name, at);
    if (find_function(name, &op, &least, &most))
        return wrong(p, end, "'(' is missing after '%s'", name);
    return unknown_name(p, at, name, false);
}

static uint32_t read_number(struct parser *p)
{
    const char *from = p->text + p->at;
    size_t n = strspn(from, "0123456789");
    if (from[n] == '.')
        n += 1 + strspn(from + n + 1, "0123456789");
    if (from[n] == 'e' || from[n] == 'E') {
        const size_t sign = from[n + 1] == '+' || from[n + 1] == '-';
        if (is_digit(from[n + 1 + sign]))
            n += 1 + sign + strspn(from + n + 1 + sign, "0123456789");
    }
    char *digits = lab_text("%.*s", (int)n, from), *end; /* or 0x1 would be one number */
    const double value = lab_number(digits, &end);
    free(digits);
    if (isinf(value))
        return wrong(p, p->at, "the number is too large");
    p->at += n, p->work += n;
    return lab_code_constant(&p->code, value);
}

static uint32_t read_primary(struct parser *p)
{
    const char c = peek(p);
    const size_t opened = p->at;
    if (is_letter(c))
        return read_named(p);
    if (c != '(' && begins_primary(p, c))
        return read_number(p);
    if (!take(p, '('))
        return unexpected(p, "a number, a name or '('");
    const uint32_t inside = read_sum(p);
    return inside == LAB_NOWHERE || expect(p, ')', opened) ? LAB_NOWHERE : inside;
}

static uint32_t read_signed(struct parser *p)
{
    uint32_t value;
    peek(p);
    if (p->depth == LAB_EXPRESSION_DEPTH)
        return wrong(p, p->at, "more than %d brackets, signs and powers in each other",
                     LAB_EXPRESSION_DEPTH);
    if (p->code.full)
        return wrong(p, p->at, "more than %d operations", LAB_EXPRESSION_OPERATIONS);
    if (++p->work > MOST_WORK)
        return wrong(p, p->at, "the sums are too long to be written out");
    p->depth++;
    if (take(p, '-')) {
        value = read_signed(p);
        value = add(p, OP_NEGATE, value, 0);
    } else if (take(p, '+')) {
        value = read_signed(p);
    } else {
        value = read_primary(p);
        peek(p);
        const bool stars = strncmp(p->text + p->at, "**", 2) == 0;
        if (value != LAB_NOWHERE && (stars || p->text[p->at] == '^')) {
            p->at += stars ? 2 : 1;
            value = add(p, OP_POWER, value, read_signed(p));
        }
    }
    p->depth--;
    return value;
}

static uint32_t read_product(struct parser *p)
{
    uint32_t value = read_signed(p);
    while (value != LAB_NOWHERE && (peek(p) == '*' || peek(p) == '/')) {
        const enum lab_op op = p->text[p->at++] == '*' ? OP_MULTIPLY : OP_DIVIDE;
        value = add(p, op, value, read_signed(p));
    }
    return value;
}

static uint32_t read_sum(struct parser *p)
{
    uint32_t value = read_product(p);
    while (value != LAB_NOWHERE && (peek(p) == '+' || peek(p) == '-')) {
        const enum lab_op op = p->text[p->at++] == '+' ? OP_ADD : OP_SUBTRACT;
        value = add(p, op, value, read_product(p));
    }
    return value;
}

static uint32_t read_all(struct parser *p)
{
    if (strlen(p->text) > LAB_EXPRESSION_BYTES)
        return wrong(p, LAB_EXPRESSION_BYTES, "the text is longer than %d bytes",
                     LAB_EXPRESSION_BYTES);
    const uint32_t root = read_sum(p);
    if (root == LAB_NOWHERE)
        return root;
    const char next = peek(p);
    if (next == ')' || next == ']')
        return wrong(p, p->at, "'%c' closes nothing", next);
    if (begins_primary(p, next))
        return wrong(p, p->at, "an operator is missing");
    if (next != '\0')
        return unexpected(p, "an operator");
    if (p->bare && p->dimension > 1)
        return wrong(p, p->bare - 1,
                     "a bare '%s' means %s[0], but %s[%zu] is used too: write %s[0]",
                     p->array, p->array, p->array, p->dimension - 1, p->array);
    return root;
}

struct lab_expression *lab_expression_parse(const char *text, const char *const *scalars,
                                            const char *array, struct lab_error *err)
{
    struct parser p = {.text = text, .scalars = scalars, .array = array, .err = err};
    struct lab_expression *made = NULL;
    const uint32_t root = read_all(&p);
    if (root != LAB_NOWHERE) {
        uint32_t *slope = lab_alloc(p.dimension, sizeof *slope);
        lab_code_derive(&p.code, root, p.dimension, slope);
        if (p.code.full) {
            wrong(&p, strlen(text), "more than %d operations for value and gradient",
                  LAB_EXPRESSION_OPERATIONS);
        } else {
            made = lab_alloc(1, sizeof *made);
            lab_code_finish(&p.code, root, p.dimension, slope, made);
        }
        free(slope);
    }
    lab_code_free(&p.code);
    return made;
}
