/*
 * lab/output.h -- result files: whole or not at all.
 *
 * A file is written under a temporary name in its folder, flushed, fsynced and renamed.
 */
#ifndef LAB_OUTPUT_H
#define LAB_OUTPUT_H

#include <stdio.h>

#include "lab/error.h"

struct lab_output {
    FILE *file;
    char *path, *temporary;
};

/** Starts DIR/NAME.  -1 with the path and the system's reason. */
int lab_output_open(struct lab_output *out, const char *dir, const char *name,
                    struct lab_error *err);
/** Puts what was written on the disk, still under the temporary name; -1: it is gone. */
int lab_output_close(struct lab_output *out, struct lab_error *err);
/** Gives a closed one its name: after 0 the file is there and complete. */
int lab_output_publish(struct lab_output *out, struct lab_error *err);
/** Both. */
int lab_output_commit(struct lab_output *out, struct lab_error *err);
/** Removes whatever there is of it; nothing to do after the others. */
void lab_output_discard(struct lab_output *out);
/** Removes temporary files that a killed lab left in a folder; wants its lock. */
void lab_output_sweep(const char *dir);

/** Makes a folder and those above it. */
int lab_output_folder(const char *path, struct lab_error *err);
/** Takes the lock of a results folder, held until the returned descriptor is closed;
 *  -1 if another lab holds it or it cannot be opened. */
int lab_output_lock(const char *dir, struct lab_error *err);
/** Makes renames in a folder last through a power failure. */
void lab_output_sync(const char *dir);

/** A field of a CSV line, quoted as RFC 4180 wants where needed. */
void lab_put_text(FILE *out, const char *text);
/** A number with 17 significant digits; nan and inf spelled so. */
void lab_put_number(FILE *out, double value);

#endif
