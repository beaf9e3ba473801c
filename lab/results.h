/*
 * lab/results.h -- the files of a run, as contract.md, section 5, defines them.
 */
#ifndef LAB_RESULTS_H
#define LAB_RESULTS_H

#include <jansson.h>

#include "lab/runner.h"

/** Sixteen hexadecimal digits: FNV-1a of the effective config, the version and what the
 *  data says (facts at the start), so that changed data is a changed run.  free() it. */
char *lab_results_hash(const struct lab_experiment *e);

/** What manifest.json will say; json_decref() it. */
json_t *lab_results_manifest(const struct lab_run *run);

/** Writes config.cfg and the CSV files, all or none: what was in the folder before (the
 *  commit mark first) goes when the new files are on the disk, and stays if they cannot
 *  be written. */
int lab_results_write(const struct lab_run *run, const char *dir, struct lab_error *err);
/** Writes manifest.json, the commit mark, last. */
int lab_results_commit(const json_t *manifest, const char *dir, struct lab_error *err);
/** A file that a finished run must have and this folder has not, or NULL. */
const char *lab_results_missing(const char *dir);
/** How many certified claims verdicts.csv calls violated. */
int lab_results_violated(const char *dir, size_t *count, struct lab_error *err);
/** The manifest of a finished run, or NULL: none (err empty) or not readable (err says).
 */
json_t *lab_results_load(const char *dir, struct lab_error *err);

#endif
