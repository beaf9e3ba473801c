/*
 * lab/error.h -- how failures travel.
 *
 * Kinds of failure, one mechanism each, never mixed:
 *
 *   a bug (ours)           LAB_BUG()                 stop at once, file:line
 *   no memory              lab_alloc() and friends   stop at once, with size
 *   one cause              return lab_fail(err, ...) travels up, the caller says where
 *   mistakes of the user   lab_mistake(list, ...)    all of them, each with its place
 *
 * A diverging run is none of these: it is a result, and is recorded as such.
 */
#ifndef LAB_ERROR_H
#define LAB_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/** One sentence for the user: lower case, no full stop. */
struct lab_error {
    char text[1024];
};

/**
 * Records a message in `err` and returns -1, so that a function can end with
 * `return lab_fail(err, "...")`.  `err` may be NULL.  The first message wins:
 * the cause is recorded before the callers' view of it.
 */
__attribute__((format(printf, 2, 3))) int lab_fail(struct lab_error *err,
                                                   const char *format, ...);

/** The user's mistakes, in the order found; zero-initialise, then lab_mistakes_free(). */
struct lab_mistakes {
    size_t count;
    char **line; /**< "configs/a.cfg:12: optimizers.[0].beta = 1.2 is not in [0,1)" */
};

/** Adds "WHERE: message" (or just the message where `where` is NULL); a repeat of a
 *  line already there is not added again. */
__attribute__((format(printf, 3, 4))) void
lab_mistake(struct lab_mistakes *list, const char *where, const char *format, ...);
void lab_mistakes_free(struct lab_mistakes *list);

/** Zeroed memory aligned to 64 bytes; stops the program if there is none. */
void *lab_alloc(size_t count, size_t size);
/** `old` grown (or shrunk) to count x size bytes, contents kept; not aligned, not zeroed. */
void *lab_realloc(void *old, size_t count, size_t size);
/** A new string, printf-like; free() it. */
__attribute__((format(printf, 1, 2))) char *lab_text(const char *format, ...);

/** Drops the bytes of a character that was cut in the middle at the end of UTF-8 text. */
void lab_mend_end(char *text);

/** The entry of `names` (ends with NULL) nearest to `word`, or NULL if none is near. */
const char *lab_nearest(const char *word, const char *const *names);

/** Stops the program: reached only if this program is wrong. */
#define LAB_BUG(...) lab_bug(__FILE__, __LINE__, __VA_ARGS__)
__attribute__((format(printf, 3, 4), noreturn)) void lab_bug(const char *file, int line,
                                                             const char *format, ...);

#endif
