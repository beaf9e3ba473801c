/*
 * lab/scan_parts.h -- what the three files of the scanner share; see scan.h.
 *
 * scan.c reads files, scan_token.c cuts them into tokens and watches the brackets,
 * scan_write.c checks keys and values and writes them anew.
 */
#ifndef LAB_SCAN_PARTS_H
#define LAB_SCAN_PARTS_H

#include <stdbool.h>
#include <stdio.h>

#include "lab/scan.h"
#include "lab/source.h"
#include "lab/tree.h"

enum {
    MOST_BYTES = 1 << 20,
    MOST_STRING = 1 << 16,
    MOST_KEY = 100,
    MOST_KEYS = 256,       /* in one group: libconfig compares each with each */
    MOST_VALUES = 1 << 16, /* in one list: libconfig grows it by 16 at a time */
    MOST_DEPTH = 32,
    MOST_NESTED = 8,
    MOST_INCLUDES = 100,
    MOST_MISTAKES = 40,
    SHOWN = 40 /* bytes of the user's text in a message */
};

/* A file being read. */
struct reader {
    const char *name, *at, *end;
    size_t line, long_string; /* line of its first string over several lines; 0: none */
    const struct lab_source *source;
    const struct reader *includer;
};

/* An open group or list; the one at depth 0 is the file (a group) or the -o (a list). */
struct bracket {
    char kind;    /* '{', '(' or '[' */
    size_t count; /* keys, or commas */
    struct lab_place place;
};

struct scan {
    struct lab_script *script;
    struct lab_mistakes *mistakes;
    FILE *out;     /* to script->text */
    size_t length; /* of it, for open_memstream() */
    bool single;   /* the value of a -o */
    bool stop;
    size_t found, values; /* mistakes; those of them about a value only */
    size_t bytes, includes;

    struct bracket open[MOST_DEPTH + 1];
    size_t depth;
    /* what came last: 'k' a key, 'b' a bad one, 'v' a value, 0 nothing, or the sign
     * itself: = ; , { ( */
    char last;
    bool comma; /* seen, not yet written: libconfig 1.5 takes none before ')' */
    size_t run; /* bytes in adjacent strings, which libconfig joins; 0: no string */
    char key[MOST_KEY + 4]; /* "eta = ", the last one, for messages */
};

/** The place of what is read next. */
struct lab_place lab_scan_here(const struct scan *s, const struct reader *r);
/** Records a mistake; after too many the scan stops. */
__attribute__((format(printf, 3, 4))) void
lab_scan_wrong(struct scan *s, struct lab_place place, const char *format, ...);

/** True where a value is meant, or a comma, but never a key. */
bool lab_scan_in_list(const struct scan *s);
/** True after '=', and in a list but after a value. */
bool lab_scan_wants_value(const struct scan *s);
/** Before each token.  Each key begins a line of its own, each other token one when the
 *  source line changes: so the line that libconfig names tells the place, and the key. */
void lab_scan_begin(struct scan *s, struct lab_place place, bool key);
/** Writes a value, or says why none can stand here. */
void lab_scan_value_node(struct scan *s, struct lab_place place,
                         const struct lab_node *node);
/** Writes what stands without quotes: a key, a number, true or false. */
void lab_scan_word(struct scan *s, struct lab_place place, const char *word);

/** Reads all of `r`; `include` is called at each '@' outside strings. */
void lab_scan_tokens(struct scan *s, struct reader *r,
                     void (*include)(struct scan *, struct reader *));
/** The string whose opening quote is at r->at; free() it.  NULL after a mistake. */
char *lab_scan_string(struct scan *s, struct reader *r);
/** True if `text` is what is read next. */
bool lab_scan_starts(const struct reader *r, const char *text);
/** The user's text as it may stand in a message: quoted, escaped, cut; free() it. */
char *lab_scan_quoted(const char *text);

#endif
