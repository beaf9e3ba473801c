/* lab/tree.c -- see tree.h */
#include "lab/tree.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lab/error.h"

enum { SHORT_GROUP = 3, SHORT_LIST = 8, INLINE = -1, INDENT = 4 };

/* ---- making --------------------------------------------------------- */

static char *copy_text(const char *text)
{
    return text ? lab_text("%s", text) : NULL;
}

struct lab_node *lab_node_new(enum lab_node_kind kind, const char *key, const char *where)
{
    struct lab_node *node = lab_alloc(1, sizeof *node);
    node->kind = kind;
    node->key = copy_text(key);
    node->where = copy_text(where);
    return node;
}

struct lab_node *lab_node_integer(const char *key, const char *where, long long value)
{
    struct lab_node *node = lab_node_new(LAB_NODE_INTEGER, key, where);
    node->integer = value;
    node->real = (double)value;
    return node;
}

struct lab_node *lab_node_real(const char *key, const char *where, double value)
{
    struct lab_node *node = lab_node_new(LAB_NODE_REAL, key, where);
    node->real = value;
    return node;
}

struct lab_node *lab_node_flag(const char *key, const char *where, bool value)
{
    struct lab_node *node = lab_node_new(LAB_NODE_FLAG, key, where);
    node->integer = value;
    return node;
}

struct lab_node *lab_node_string(const char *key, const char *where, const char *value)
{
    struct lab_node *node = lab_node_new(LAB_NODE_STRING, key, where);
    node->string = copy_text(value);
    return node;
}

struct lab_node *lab_node_copy(const struct lab_node *node)
{
    struct lab_node *copy = lab_node_new(node->kind, node->key, node->where);
    copy->integer = node->integer;
    copy->real = node->real;
    copy->string = copy_text(node->string);
    for (size_t i = 0; i < node->count; i++)
        lab_node_add(copy, lab_node_copy(node->child[i]));
    return copy;
}

void lab_node_free(struct lab_node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->count; i++)
        lab_node_free(node->child[i]);
    free(node->child);
    free(node->key);
    free(node->where);
    free(node->string);
    free(node);
}

struct lab_node *lab_node_add(struct lab_node *parent, struct lab_node *child)
{
    if (parent->kind != LAB_NODE_GROUP && parent->kind != LAB_NODE_LIST)
        LAB_BUG("only groups and lists have children");
    if ((parent->kind == LAB_NODE_GROUP) != (child->key != NULL))
        LAB_BUG("a child has a key if, and only if, it stands in a group");
    child->parent = parent;
    for (size_t i = 0; child->key && i < parent->count; i++)
        if (strcmp(parent->child[i]->key, child->key) == 0) {
            lab_node_free(parent->child[i]);
            return parent->child[i] = child;
        }
    /* room doubles when the count reaches a power of two */
    if ((parent->count & (parent->count - 1)) == 0)
        parent->child = lab_realloc(parent->child, parent->count ? 2 * parent->count : 1,
                                    sizeof(struct lab_node *));
    return parent->child[parent->count++] = child;
}

/* ---- asking --------------------------------------------------------- */

struct lab_node *lab_node_get(const struct lab_node *group, const char *key)
{
    for (size_t i = 0; group->kind == LAB_NODE_GROUP && i < group->count; i++)
        if (strcmp(group->child[i]->key, key) == 0)
            return group->child[i];
    return NULL;
}

bool lab_node_is_number(const struct lab_node *node)
{
    return node->kind == LAB_NODE_INTEGER || node->kind == LAB_NODE_REAL;
}

/* A stand-in that its parent does not hold yet counts as the next one. */
static size_t index_of(const struct lab_node *node)
{
    size_t i = 0;
    while (i < node->parent->count && node->parent->child[i] != node)
        i++;
    return i;
}

char *lab_node_path(const struct lab_node *node)
{
    if (!node->parent)
        return lab_text("%s", node->key ? node->key : "");
    char *above = lab_node_path(node->parent);
    const char *dot = above[0] ? "." : "";
    char *path = node->key ? lab_text("%s%s%s", above, dot, node->key)
                           : lab_text("%s%s[%zu]", above, dot, index_of(node));
    free(above);
    return path;
}

double lab_number(const char *text, char **end)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = strtod_l(text, end, plain);
    freelocale(plain);
    return value;
}

/* ---- writing -------------------------------------------------------- */

/* %.*g with a point, whatever the locale, and never to be taken for an integer. */
static void real_text(char text[40], double value, int digits)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(plain);
    snprintf(text, 36, "%.*g", digits, value);
    uselocale(before);
    freelocale(plain);
    if (isfinite(value) && !strpbrk(text, ".e"))
        strcat(text, ".0");
}

static void write_real(double value, bool exact, FILE *out)
{
    char text[40];
    int digits = 17;
    if (exact && !isfinite(value))
        LAB_BUG("a number that cannot be written in a config: %g", value);
    if (!exact) /* as short as it can be without becoming another number */
        for (digits = 1; digits < 17; digits++) {
            real_text(text, value, digits);
            if (lab_number(text, NULL) == value)
                break;
        }
    real_text(text, value, digits);
    fputs(text, out);
}

static void write_integer(long long value, FILE *out)
{
    bool wide = value < INT32_MIN || value > INT32_MAX;
    fprintf(out, "%lld%s", value, wide ? "L" : "");
}

/* Control characters as \xHH, those of one byte and those of two (U+0080 to U+009F). */
static void write_string(const char *text, FILE *out)
{
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c == '\n' || *c == '\t')
            fputs(*c == '\n' ? "\\n" : "\\t", out);
        else if (*c < 0x20 || *c == 0x7F)
            fprintf(out, "\\x%02X", *c);
        else if (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0)
            fprintf(out, "\\xC2\\x%02X", *++c);
        else
            fputc(*c, out);
    fputc('"', out);
}

static bool is_nest(const struct lab_node *node)
{
    return node->kind == LAB_NODE_GROUP || node->kind == LAB_NODE_LIST;
}

/* Fits on one line: a few plain values. */
static bool is_short(const struct lab_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (is_nest(node->child[i]))
            return false;
    return node->count <= (node->kind == LAB_NODE_GROUP ? SHORT_GROUP : SHORT_LIST);
}

static void write_value(const struct lab_node *node, int indent, FILE *out);

/* The children of a group or list, `indent` deep, or all on one line. */
static void write_children(const struct lab_node *nest, int indent, FILE *out)
{
    bool group = nest->kind == LAB_NODE_GROUP, numbers = !group;
    for (size_t i = 0; i < nest->count; i++)
        numbers = numbers && lab_node_is_number(nest->child[i]);
    for (size_t i = 0; i < nest->count; i++) {
        bool fresh = indent != INLINE && (!numbers || i % SHORT_LIST == 0);
        if (!fresh)
            fputc(' ', out);
        else if (indent || i) /* a file begins without an empty line */
            fprintf(out, "\n%*s", indent, "");
        if (group)
            fprintf(out, "%s = ", nest->child[i]->key);
        write_value(nest->child[i], indent, out);
        fputs(group ? ";" : i + 1 < nest->count ? "," : "", out);
    }
}

static void write_nest(const struct lab_node *nest, int indent, FILE *out)
{
    bool group = nest->kind == LAB_NODE_GROUP;
    bool flat = indent == INLINE || is_short(nest);
    fputc(group ? '{' : '(', out);
    write_children(nest, flat ? INLINE : indent + INDENT, out);
    if (flat)
        fputc(' ', out);
    else
        fprintf(out, "\n%*s", indent, "");
    fputc(group ? '}' : ')', out);
}

/* With INLINE for `indent` all on one line. */
static void write_value(const struct lab_node *node, int indent, FILE *out)
{
    switch (node->kind) {
    case LAB_NODE_INTEGER: write_integer(node->integer, out); break;
    case LAB_NODE_REAL: write_real(node->real, true, out); break;
    case LAB_NODE_FLAG: fputs(node->integer ? "true" : "false", out); break;
    case LAB_NODE_STRING: write_string(node->string ? node->string : "", out); break;
    case LAB_NODE_GROUP:
    case LAB_NODE_LIST: write_nest(node, indent, out); break;
    case LAB_NODE_UNUSABLE: fputs("?", out); break; /* only ever shown in messages */
    }
}

void lab_node_write_value(const struct lab_node *node, FILE *out)
{
    write_value(node, INLINE, out);
}

void lab_node_write(const struct lab_node *group, FILE *out)
{
    write_children(group, 0, out);
    fputc('\n', out);
}

/* ---- for messages --------------------------------------------------- */

/* Like write_value() on one line, but with numbers as short as they can be, and not
 * much beyond `width` bytes: nobody reads the rest. */
static void show(const struct lab_node *node, size_t width, FILE *out)
{
    bool group = node->kind == LAB_NODE_GROUP;
    if (node->kind == LAB_NODE_REAL) {
        write_real(node->real, false, out);
        return;
    }
    if (node->kind == LAB_NODE_INTEGER) {
        fprintf(out, "%lld", node->integer);
        return;
    }
    if (!is_nest(node)) {
        write_value(node, INLINE, out);
        return;
    }
    fputs(group ? "{ " : "( ", out);
    for (size_t i = 0; i < node->count && ftell(out) <= (long)width; i++) {
        if (group)
            fprintf(out, "%s = ", node->child[i]->key);
        show(node->child[i], width, out);
        fputs(group ? "; " : i + 1 < node->count ? ", " : " ", out);
    }
    fputs(group ? "}" : ")", out);
}

char *lab_node_value(const struct lab_node *node, size_t width)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        LAB_BUG("open_memstream failed");
    show(node, width, out);
    fclose(out);
    if (length > width) {
        const char *dots = width < 3 ? "" : "...";
        size_t cut = width - strlen(dots);
        while (cut && ((unsigned char)text[cut] & 0xC0) == 0x80)
            cut--; /* not inside a character */
        strcpy(text + cut, dots);
    }
    return text;
}
