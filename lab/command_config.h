/*
 * lab/command_config.h -- from the files of a command line to opened experiments.
 */
#ifndef LAB_COMMAND_CONFIG_H
#define LAB_COMMAND_CONFIG_H

#include "lab/experiment.h"

/** Reads a config, applies the texts of -o, opens it.  NULL after at least one mistake;
 *  those of a file are added in the order of its lines. */
struct lab_experiment *lab_command_config(const char *path, char **override,
                                          size_t overrides,
                                          struct lab_mistakes *mistakes);

/** Two configs of one call must not write to the same folder; entries may be NULL. */
void lab_command_check_names(struct lab_experiment **e, size_t count, char **path,
                             struct lab_mistakes *mistakes);

#endif
