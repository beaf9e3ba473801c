/*
 * lab/scan.h -- between the user's text and libconfig.
 *
 * libconfig 1.5 reads 4294967296 as 0 and 1e999 as inf, takes an unterminated comment
 * for the rest of the file, [1, 0.5] for a mistake, and has one message: "syntax error".
 * So every token is looked at here first, and libconfig gets them written anew: one
 * setting a line, without comments, @include expanded, [ ] as ( ), numbers in range.
 *
 * A value that cannot be (1e999, nan, a word without quotes) is a mistake of its own, which
 * need not hide others: UNUSABLE stands in its place.
 */
#ifndef LAB_SCAN_H
#define LAB_SCAN_H

#include <stddef.h>

#include "lab/error.h"

/** The string that stands for a value about which a mistake was added. */
#define LAB_SCAN_UNUSABLE "\001 unusable \002"

/** Where something stands; line 0: `file` says it all. */
struct lab_place {
    const char *file;
    size_t line;
};

/** Text for libconfig, and where each of its lines comes from; zero-initialise. */
struct lab_script {
    char *text;
    size_t lines;
    struct lab_place *place; /**< of line i + 1 */
    size_t files;
    char **file; /**< names that places refer to */
};

/** Reads and rewrites a config file with all it includes.  0, or -1 after mistakes that
 *  leave no readable text. */
int lab_scan_file(const char *path, struct lab_script *script,
                  struct lab_mistakes *mistakes);
/** The same for the one value of a -o: bare words are strings; comments, @include and a
 *  second value are mistakes. */
int lab_scan_value(const char *text, const char *where, struct lab_script *script,
                   struct lab_mistakes *mistakes);
void lab_script_free(struct lab_script *script);

/** The length of the key that `text` begins with; 0: none, or one that cannot be. */
size_t lab_key_length(const char *text);
/** "configs/a.cfg:12"; free() it. */
char *lab_place_text(struct lab_place place);

#endif
