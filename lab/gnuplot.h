/*
 * lab/gnuplot.h -- runs gnuplot, and quotes text for it.
 *
 * gnuplot is started as `gnuplot -d -` (no init files) by posix_spawnp, never through a
 * shell, and reads its script from a pipe.
 */
#ifndef LAB_GNUPLOT_H
#define LAB_GNUPLOT_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

#include "lab/error.h"

enum {
    LAB_GNUPLOT_SECONDS = 60, /**< a run that takes longer is killed */
    LAB_GNUPLOT_MISSING = 1,
};

struct lab_gnuplot {
    pid_t pid;
    int messages; /**< its stderr, a memory file */
    struct timespec deadline;
};

/**
 * Starts gnuplot and sends it an open script from its beginning.  `folder`: where it
 * works, NULL for here; `output`: a
 * descriptor for its stdout, -1 for none.  0; -1 with a message; LAB_GNUPLOT_MISSING
 * without one if it is not installed.  The descriptors stay the caller's.
 */
int lab_gnuplot_start(struct lab_gnuplot *process, int script, const char *folder,
                      int output, struct lab_error *err);

/** Waits for it: 0 if it succeeded, -1 with the first line it complained in. */
int lab_gnuplot_wait(struct lab_gnuplot *process, struct lab_error *err);

/**
 * A copy fit to be shown, in a figure or a terminal: control characters and text
 * direction marks dropped (a line break becomes a space), bytes that are not UTF-8 become
 * '?', cut with "..." after `limit` characters; free() it.
 */
char *lab_text_clean(const char *text, size_t limit);

/** Writes lab_text_clean(text) as a double-quoted gnuplot literal that means exactly
 * these characters: whatever is not a letter, digit or harmless mark becomes \ooo. */
void lab_gnuplot_quote(FILE *out, const char *text, size_t limit);

/** Decodes one UTF-8 character and moves `text` past it: 0 at the end, '?' for a byte
 * that is not UTF-8. */
unsigned lab_utf8_next(const char **text);

#endif
