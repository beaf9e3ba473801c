/*
 * lab/tree.h -- settings as a plain tree: what a config file says, and where it says so.
 *
 * lab/config.c makes one from libconfig text, -o and `lab bound` change or build one by
 * hand, lab/param.c reads plug-in options from one.  Nothing here knows libconfig.
 */
#ifndef LAB_TREE_H
#define LAB_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum lab_node_kind {
    LAB_NODE_INTEGER,
    LAB_NODE_REAL,
    LAB_NODE_FLAG,
    LAB_NODE_STRING,
    LAB_NODE_GROUP,    /**< { key = value; ... } */
    LAB_NODE_LIST,     /**< ( ... ) or [ ... ]: they mean the same */
    LAB_NODE_UNUSABLE, /**< a value about which a mistake was added already */
};

struct lab_node {
    enum lab_node_kind kind;
    char *key;               /**< NULL in a list and at the root */
    char *where;             /**< "configs/a.cfg:12", "-o steps=5"; for messages */
    long long integer;       /**< INTEGER; FLAG: 0 or 1 */
    double real;             /**< REAL, and INTEGER as a double */
    char *string;            /**< STRING */
    size_t count;            /**< GROUP, LIST: children */
    struct lab_node **child; /**< owned */
    struct lab_node *parent; /**< NULL at the root */
};

struct lab_node *lab_node_new(enum lab_node_kind kind, const char *key,
                              const char *where);
struct lab_node *lab_node_integer(const char *key, const char *where, long long value);
struct lab_node *lab_node_real(const char *key, const char *where, double value);
struct lab_node *lab_node_flag(const char *key, const char *where, bool value);
struct lab_node *lab_node_string(const char *key, const char *where, const char *value);
/** Deep copy; its parent is NULL. */
struct lab_node *lab_node_copy(const struct lab_node *node);
void lab_node_free(struct lab_node *node);

/** Appends `child` to a GROUP or LIST and returns it; in a GROUP it takes the place of
 *  a child with the same key. */
struct lab_node *lab_node_add(struct lab_node *parent, struct lab_node *child);
/** The child of a GROUP with that key, or NULL. */
struct lab_node *lab_node_get(const struct lab_node *group, const char *key);

/** True for INTEGER and REAL. */
bool lab_node_is_number(const struct lab_node *node);
/** strtod(), but with a decimal point whatever the locale. */
double lab_number(const char *text, char **end);
/** "optimizers.[0].beta": the libconfig path from the root; free() it. */
char *lab_node_path(const struct lab_node *node);
/** The value as the user would write it ("1.2", "\"abc\"", "( 1, 2 )"), cut to at most
 *  `width` bytes of valid UTF-8, control characters escaped; free() it. */
char *lab_node_value(const struct lab_node *node, size_t width);

/** Writes the children of a GROUP as libconfig text that libconfig reads back to the
 *  same tree: reals with 17 significant digits and always a point or an exponent,
 *  integers beyond 32 bits with the suffix L, strings escaped. */
void lab_node_write(const struct lab_node *group, FILE *out);
/** The same for one value, on one line. */
void lab_node_write_value(const struct lab_node *node, FILE *out);

#endif
