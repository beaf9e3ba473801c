/* lab/main.c -- dispatches sub-commands; signals, standard output, exit status */
#include <errno.h>
#include <getopt.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/runner.h"

extern void openblas_set_num_threads(int threads);
extern char *openblas_get_corename(void);

const struct lab_command lab_commands[] = {
    {"run", "run experiments, judge theorems, draw figures",
     "run CONFIG... [-o KEY=VALUE]... [-O DIR] [-j N] [--force]\n"
     "               [--dry-run] [--no-plot] [--strict] [-q]\n"
     "\n"
     "  -o KEY=VALUE  override a setting: -o steps=1000 -o 'schedules.[0].eta=0.1'\n"
     "  -O DIR        write to DIR/<name> instead of results/<name>\n"
     "  -j N          threads (default: all cores); results do not depend on it\n"
     "  --force       replace the results of a different config of the same name\n"
     "  --dry-run     check everything, say what would be run, write nothing\n"
     "  --no-plot     no figures\n"
     "  --strict      exit 3 if a certified bound is violated\n"
     "  -q            no tables",
     lab_command_run},
    {"check", "validate configs, print facts and which theorems apply; runs nothing",
     "check CONFIG... [-o KEY=VALUE]...", lab_command_check},
    {"plot", "redraw the figures of a run from its CSV files",
     "plot RUN_DIR [--format svg|png|pdf|txt] [--show]\n"
     "\n"
     "  --format F    svg (default), png, pdf; txt draws in the terminal\n"
     "  --show        draw in the terminal",
     lab_command_plot},
    {"list", "what there is: plug-ins, data sets, metrics",
     "list [problems|optimizers|schedules|bounds|data|domains|metrics] [--json]",
     lab_command_list},
    {"show", "the card of a plug-in, data set, domain or metric", "show NAME",
     lab_command_show},
    {"bound", "a theorem's right-hand side as one number",
     "bound NAME [KEY=VALUE]... [--json FILE|-]\n"
     "\n"
     "  lists are written eta=0.3,0.2,0.1; --json reads all inputs as one object",
     lab_command_bound},
    {.name = NULL},
};

void lab_complain(const char *format, ...)
{
    va_list args;
    fflush(stdout);
    fputs("lab: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    putc('\n', stderr);
}

void lab_print_mistakes(const struct lab_mistakes *mistakes)
{
    fflush(stdout);
    for (size_t i = 0; i < mistakes->count; i++)
        fprintf(stderr, "%s\n", mistakes->line[i]);
}

static void print_help(FILE *out)
{
    fputs("usage: lab COMMAND ...\n"
          "\n"
          "Runs stochastic gradient methods, checks the assumptions of convergence theorems\n"
          "and says whether each bound holds.\n"
          "\n",
          out);
    for (const struct lab_command *c = lab_commands; c->name; c++)
        fprintf(out, "  lab %-6s %s\n", c->name, c->summary);
    fputs("\n`lab COMMAND --help` says more; `lab --version` says which one this is.\n", out);
}

static void print_version(void)
{
    printf("lab %s (%s build)\nGSL %s, OpenBLAS for %s\n"
           "Licence GPL-3.0-or-later\n",
           LAB_VERSION, LAB_BUILD, gsl_version, openblas_get_corename());
}

int lab_usage(const char *command, bool asked)
{
    FILE *out = asked ? stdout : stderr;
    for (const struct lab_command *c = lab_commands; c->name; c++)
        if (strcmp(c->name, command) == 0)
            fprintf(out, "usage: lab %s\n", c->usage);
    return asked ? LAB_EXIT_DONE : LAB_EXIT_USAGE;
}

int lab_common_option(const char *command, int option)
{
    if (option == 'h')
        return lab_usage(command, true);
    if (option == LAB_OPTION_VERSION) {
        print_version();
        return LAB_EXIT_DONE;
    }
    return lab_usage(command, false); /* getopt has said what is wrong */
}

static void interrupt(int signal)
{
    (void)signal;
    lab_interrupted = 1;
}

static void handle_signals(void)
{
    struct sigaction stop = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &stop, NULL); /* a second Ctrl-C ends at once */
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return LAB_EXIT_USAGE;
    }
    const char *names[sizeof lab_commands / sizeof *lab_commands] = {NULL}, *word = argv[1];
    for (size_t i = 0; lab_commands[i].name; i++) {
        names[i] = lab_commands[i].name;
        if (strcmp(word, lab_commands[i].name) == 0) {
            static char title[64];
            snprintf(title, sizeof title, "lab %s", lab_commands[i].name);
            argv[1] = title; /* what getopt calls the program in its messages */
            return lab_commands[i].run(argc - 1, argv + 1);
        }
    }
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0 ||
        strcmp(word, "help") == 0) {
        print_help(stdout);
        return LAB_EXIT_DONE;
    }
    if (strcmp(word, "--version") == 0) {
        print_version();
        return LAB_EXIT_DONE;
    }
    const char *nearest = lab_nearest(word, names);
    if (nearest)
        lab_complain("unknown command '%.64s' (did you mean '%s'?)", word, nearest);
    else
        lab_complain("unknown command '%.64s'; see `lab --help`", word);
    return LAB_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off();
    openblas_set_num_threads(1); /* same sums whatever the machine; threads go over blocks */
    handle_signals();
    int status = dispatch(argc, argv);
    errno = 0;
    if (fflush(stdout) || ferror(stdout) || fclose(stdout)) {
        lab_complain("cannot write standard output: %s",
                     errno ? strerror(errno) : "write error");
        return status ? status : LAB_EXIT_FAILED;
    }
    return status;
}
