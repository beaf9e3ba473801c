/*
 * lab/config.h -- libconfig text -> tree.  config.c is the only file that knows libconfig.
 */
#ifndef LAB_CONFIG_H
#define LAB_CONFIG_H

#include "lab/error.h"
#include "lab/tree.h"

/**
 * Reads a config file; mistakes carry "path:line".  NULL if it cannot be read as one; a
 * value that cannot be is a mistake and an UNUSABLE node.  Refuses, in well under a
 * second and before libconfig sees a byte: what is
 * not a regular file (directory, FIFO, device), more than 1 MiB in all, NUL bytes and
 * invalid UTF-8, unterminated comments and strings, strings beyond 64 KiB, integers
 * beyond 64 bits, reals that overflow, nesting deeper than 32.  Integers beyond
 * 32 bits need no suffix.  `@include "file"` (relative to the including file) is expanded
 * here, at most 8 deep; a loop is a mistake.  Lines in messages are those of the
 * file they stand in.
 */
struct lab_node *lab_config_read(const char *path, struct lab_mistakes *mistakes);

/**
 * Applies "KEY=VALUE" of -o: KEY is a libconfig path ("steps", "schedules.[0].eta",
 * "schedules[0].eta"), VALUE libconfig text for one value; a bare word that is no value
 * is a string (sampling=iid).  A missing last key is added, also missing groups on the
 * way; an index that does not exist is a mistake.  0, or -1 after a mistake.
 */
int lab_config_override(struct lab_node *root, const char *assignment,
                        struct lab_mistakes *mistakes);

/** One value as written after "=" in a config (the rules of -o), with the given key and
 *  place; NULL after a mistake. */
struct lab_node *lab_config_value(const char *key, const char *text, const char *where,
                                  struct lab_mistakes *mistakes);

#endif
