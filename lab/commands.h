/*
 * lab/commands.h -- the sub-commands.  Each takes its own arguments (argv[0] is its name)
 * and returns the exit status of contract.md, section 3.
 */
#ifndef LAB_COMMANDS_H
#define LAB_COMMANDS_H

#include <stdbool.h>

#include "lab/error.h"

enum lab_exit { LAB_EXIT_DONE, LAB_EXIT_FAILED, LAB_EXIT_USAGE, LAB_EXIT_EXPECTATION };

struct lab_command {
    const char *name, *summary, *usage;
    int (*run)(int argc, char **argv);
};
/** Ends with a NULL name. */
extern const struct lab_command lab_commands[];

int lab_command_run(int argc, char **argv);
int lab_command_check(int argc, char **argv);
int lab_command_plot(int argc, char **argv);
int lab_command_list(int argc, char **argv);
int lab_command_show(int argc, char **argv);
int lab_command_bound(int argc, char **argv);
int lab_command_tune(int argc, char **argv);

struct lab_entry;
struct lab_experiment;
struct lab_node;
struct lab_param;
/** KEY=VALUE, an input of a bound, into a GROUP. */
void lab_bound_argument(struct lab_node *root, const char *argument,
                        struct lab_mistakes *mistakes);
/** Makes lists of the numbers that stand for lists of one. */
void lab_bound_lists(struct lab_node *root, const struct lab_param *params);
/** A schedule tabulated with the options KEY=VALUE and steps=T; NULL, or of no use, after a
 *  mistake. */
struct lab_experiment *lab_rates(const struct lab_entry *schedule, char **argument,
                                 size_t count, struct lab_mistakes *mistakes);
/** Prints the learning rates of a schedule with the options KEY=VALUE and steps=T; an exit
 *  status. */
int lab_show_rates(const struct lab_entry *schedule, char **argument, size_t count);
/** The same with eta = 1 and defaults; if it needs more than that, says how. */
void lab_show_default_rates(const struct lab_entry *schedule);

/** Prints the theorems that apply to each arm of a config and why the others do not; an exit
 *  status. */
int lab_list_claims(const char *path, char **override, size_t overrides, bool json);

/** Prints "lab: ..." for every mistake to stderr. */
void lab_print_mistakes(const struct lab_mistakes *mistakes);
/** Prints one message to stderr. */
__attribute__((format(printf, 1, 2))) void lab_complain(const char *format, ...);
/** "usage: lab run ..." and the exit status for it; to stdout if asked for. */
int lab_usage(const char *command, bool asked);
/** What a common option (-h, --version, anything unknown) leads to: an exit status. */
int lab_common_option(const char *command, int option);
/** Values of long options without a letter. */
enum { LAB_OPTION_VERSION = 1000, LAB_OPTION_OWN };
#define LAB_COMMON_OPTIONS                                                               \
    {"help", no_argument, NULL, 'h'},                                                    \
    {                                                                                    \
        "version", no_argument, NULL, LAB_OPTION_VERSION                                 \
    }

#endif
