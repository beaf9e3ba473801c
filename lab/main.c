/* lab/main.c -- dispatches sub-commands; signals, standard output, exit status */
#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/commands.h"
#include "lab/runner.h"

extern void openblas_set_num_threads(int threads);
extern char *openblas_get_corename(void);

const struct lab_command lab_commands[] = {
    {"run", "run experiments, judge theorems, draw figures",
     "run CONFIG... [-o KEY=VALUE]... [-O DIR] [-j N] [--force]\n"
     "               [--dry-run] [--no-plot] [--strict] [-q]\n"
     "\n"
     "Runs every arm of the configs, writes config.cfg, CSV files, figures and\n"
     "manifest.json to DIR/<name>, prints which bounds hold and how tight they are.\n"
     "\n"
     "  -o KEY=VALUE  override a setting: -o steps=1000 -o 'schedules.[0].eta=0.1'\n"
     "  -O DIR        write to DIR/<name> instead of results/<name>\n"
     "  -j N          threads (default: all cores); results do not depend on it\n"
     "  --force       replace the results of a different config of the same name\n"
     "  --dry-run     check everything, say what would be run, write nothing\n"
     "  --no-plot     no figures\n"
     "  --strict      exit 3 if a certified bound is violated\n"
     "  -q            no tables, no progress\n"
     "\n"
     "Exit status: 0 done, 1 failure while running, 2 mistake in config or usage,\n"
     "3 with --strict: a certified bound is violated.",
     lab_command_run},
    {"check", "validate configs, print facts and which bounds apply; runs nothing",
     "check CONFIG... [-o KEY=VALUE]...\n"
     "\n"
     "Prints arms, learning rates, facts with their status, the bounds that apply with\n"
     "their values at T, and why the others do not.  Runs and writes nothing.\n"
     "\n"
     "  -o KEY=VALUE  override a setting: -o steps=1000 -o 'schedules.[0].eta=0.1'",
     lab_command_check},
    {"plot", "redraw the figures of a run from its CSV files",
     "plot RUN_DIR [--format svg|png|pdf|txt] [--show]\n"
     "\n"
     "RUN_DIR is a folder that `lab run` made, such as results/sgd_decay.\n"
     "\n"
     "  --format F    svg (default), png, pdf; txt draws in the terminal\n"
     "  --show        draw in the terminal",
     lab_command_plot},
    {"list", "what there is: plug-ins, data sets, domains, metrics",
     "list [problems|optimizers|schedules|bounds|data|domains|metrics]\n"
     "                [--json]\n"
     "       lab list bounds --for CONFIG [-o KEY=VALUE]... [--json]\n"
     "  --for CONFIG  which theorems apply to each arm, why the others do not",
     lab_command_list},
    {"show", "the card of a plug-in, data set, domain or metric",
     "show [KIND] NAME [KEY=VALUE]...\n"
     "\n"
     "Formula, options with defaults and ranges, assumptions, source.  KIND (problem,\n"
     "optimizer, schedule, bound, domain, metric, data) where names of kinds coincide.\n"
     "\n"
     "With KEY=VALUE: the learning rates of a schedule with these options and steps=T,\n"
     "lab show schedule cosine eta=0.1 steps=200 warmup=20",
     lab_command_show},
    {"bound", "a theorem's right-hand side as one number",
     "bound NAME [KEY=VALUE]... [--json FILE|-]\n"
     "\n"
     "`lab show NAME` says which inputs a bound takes; a list is eta=0.3,0.2,0.1.\n"
     "\n"
     "  --json FILE   all inputs as one JSON object; - reads standard input",
     lab_command_bound},
    {"tune", "the base learning rate that minimises a theorem's right-hand side",
     "tune CONFIG --bound NAME [-o KEY=VALUE]... [--json] [-O FILE]\n"
     "       lab tune --bound NAME KEY=VALUE... [schedule=TYPE steps=T]\n"
     "                [--json] [-O FILE]\n"
     "\n"
     "For every arm: the base rate with the least right-hand side at T, its value\n"
     "there and at the rate of the config, their ratio.  All eta_t are scaled\n"
     "together; caps on the rate are respected.  Nothing is run.\n"
     "\n"
     "Without a config the inputs are those of `lab bound`, and eta_1..eta_T come\n"
     "from a schedule and its options: R1=1 G=1 schedule=wsd cooldown=0.2 steps=400.\n"
     "Caps that need other constants than the inputs are not known then.\n"
     "\n"
     "  --bound NAME  the theorem\n"
     "  -o KEY=VALUE  override a setting of the config\n"
     "  --json        for programs\n"
     "  -O FILE       write the learning rates that the theorem prescribes, one a\n"
     "                line, as the schedule `table` reads them",
     lab_command_tune},
    {.name = NULL},
};

/* The user's text may hold anything, and a terminal obeys control characters. */
static void put_line(const char *text)
{
    for (; *text; text++)
        putc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, stderr);
    putc('\n', stderr);
}

void lab_complain(const char *format, ...)
{
    va_list args;
    char text[2048];
    fflush(stdout);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    lab_mend_end(text);
    fputs("lab: ", stderr);
    put_line(text);
}

void lab_print_mistakes(const struct lab_mistakes *mistakes)
{
    fflush(stdout);
    for (size_t i = 0; i < mistakes->count; i++)
        put_line(mistakes->line[i]);
}

static void print_help(FILE *out)
{
    fputs("usage: lab COMMAND ...\n"
          "\n"
          "Runs stochastic gradient methods, checks the assumptions of convergence\n"
          "theorems and says whether each bound holds.\n"
          "\n",
          out);
    for (const struct lab_command *c = lab_commands; c->name; c++)
        fprintf(out, "  lab %-6s %s\n", c->name, c->summary);
    fputs("\n`lab COMMAND --help` says more; `lab --version` says which one this is.\n",
          out);
}

static void print_version(void)
{
    printf("lab %s (%s build)\nGSL %s, OpenBLAS for %s\n"
           "Licence GPL-3.0-or-later\n",
           LAB_VERSION, LAB_BUILD, gsl_version, openblas_get_corename());
}

/* Up to the empty line: who has made a mistake wants to see it, not a page below it. */
static size_t usage_length(const char *usage)
{
    const char *end = strstr(usage, "\n\n");
    return end ? (size_t)(end - usage) : strlen(usage);
}

int lab_usage(const char *command, bool asked)
{
    for (const struct lab_command *c = lab_commands; c->name; c++)
        if (strcmp(c->name, command) == 0) {
            if (asked)
                printf("usage: lab %s\n", c->usage);
            else
                fprintf(stderr, "usage: lab %.*s\n", (int)usage_length(c->usage),
                        c->usage);
            return asked ? LAB_EXIT_DONE : LAB_EXIT_USAGE;
        }
    return LAB_EXIT_USAGE;
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
    static const char text[] = "\nlab: interrupted: nothing was written\n";
    (void)signal;
    if (lab_preparing) { /* minutes may pass before anybody looks at a flag */
        if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
            _exit(LAB_EXIT_FAILED);
        _exit(LAB_EXIT_FAILED);
    }
    lab_interrupted = 1;
}

/* What the caller ignores (nohup, a shell's background jobs) stays ignored. */
static void catch_signal(int number)
{
    struct sigaction old, stop = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(number, &stop, NULL); /* a second Ctrl-C ends at once */
}

static void handle_signals(void)
{
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    catch_signal(SIGHUP);
    signal(SIGPIPE, SIG_IGN);
}

/* A closed standard stream would be the number of the next file opened, and what is meant
 * for the terminal end up in a result.  Writing to this one fails, as it should. */
static void occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            _exit(LAB_EXIT_FAILED);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return LAB_EXIT_USAGE;
    }
    const char *names[sizeof lab_commands / sizeof *lab_commands] = {NULL},
                                                   *word = argv[1];
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
        if (argc == 2 || lab_usage(argv[2], true)) /* `lab help run` */
            print_help(stdout);
        return LAB_EXIT_DONE;
    }
    if (strcmp(word, "--version") == 0) {
        print_version();
        return LAB_EXIT_DONE;
    }
    const char *nearest = lab_nearest(word, names);
    lab_complain("unknown %s '%.64s'%s%s%s", word[0] == '-' ? "option" : "command", word,
                 nearest ? " (did you mean '" : "", nearest ? nearest : "",
                 nearest ? "'?)" : "; see `lab --help`");
    return LAB_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    occupy_standard_streams();
    gsl_set_error_handler_off();
    openblas_set_num_threads(
        1); /* same sums whatever the machine; threads go over blocks */
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
