/*
 * lab/command_tune.h -- what the files of `lab tune` share; nobody else includes it.
 *
 *   command_tune.c         the command; arms of a config
 *   command_tune_given.c   inputs from the command line
 *   command_tune_report.c  what is printed, and the table
 */
#ifndef LAB_COMMAND_TUNE_H
#define LAB_COMMAND_TUNE_H

#include "lab/tune.h"

/** One right-hand side over the base rate. */
struct lab_tune_line {
    const char *metric; /**< NULL: no run, so no metric */
    struct lab_tuned tuned;
};

/** An arm, or a schedule without a problem. */
struct lab_tune_block {
    char *label;
    const char *rate; /**< the option that scales the learning rates: "eta" */
    double base;      /**< its value; 1 if there is no such option */
    struct lab_tune_line line[4];
    size_t lines;
    double
        prescribed; /**< the right-hand side of what the theorem prescribes; NAN: none */
};

struct lab_tune_report {
    const struct lab_entry *bound;
    size_t T; /**< 0: not known */
    struct lab_tune_block *block;
    size_t blocks;
    double *table; /**< the steps prescribed, T of them; NULL: not wanted */
};

/** A new last block; it takes the label. */
struct lab_tune_block *lab_tune_add(struct lab_tune_report *r, char *label);
/** The option of a schedule that scales its learning rates, and its value. */
void lab_tune_rate(struct lab_tune_block *block,
                   const struct lab_schedule_entry *schedule);
/** Is there a right-hand side in any of the blocks? */
bool lab_tune_any(const struct lab_tune_report *r);
/** Fills the report from KEY=VALUE arguments; wants_table: also the table. */
void lab_tune_given(struct lab_tune_report *r, char **argument, size_t count,
                    bool wants_table, struct lab_mistakes *mistakes);

void lab_tune_print(const struct lab_tune_report *r);
void lab_tune_json(const struct lab_tune_report *r);
/** Writes the table to a file, whole or not at all. */
int lab_tune_write(const struct lab_tune_report *r, const char *path,
                   struct lab_error *err);
void lab_tune_free(struct lab_tune_report *r);

#endif
