/*
 * lab/source.h -- a small text file, read whole and with distrust.
 */
#ifndef LAB_SOURCE_H
#define LAB_SOURCE_H

#include <stddef.h>
#include <sys/types.h>

#include "lab/error.h"

struct lab_source {
    char *text; /**< owned, NUL-terminated; a NUL may also stand inside */
    size_t length;
    dev_t device; /**< with inode: which file it is, whatever its name */
    ino_t inode;
};

/** Reads a regular file of at most `limit` bytes; never blocks.  0, or lab_fail() with
 *  the reason ("No such file or directory"), without the path. */
int lab_source_read(const char *path, size_t limit, struct lab_source *source,
                    struct lab_error *err);

/** A .cfg file in the same folder whose name is near that of `path`; free() it, or NULL.
 */
char *lab_source_similar(const char *path);

/** `name` as seen from the folder of the file `from`; free() it. */
char *lab_source_beside(const char *from, const char *name);

/** The length of the longest prefix that is valid UTF-8 without NUL. */
size_t lab_utf8_prefix(const char *text, size_t length);

#endif
