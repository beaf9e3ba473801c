/* lab/command_run.c -- `lab run` and `lab check` */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/command_config.h"
#include "lab/commands.h"
#include "lab/figure.h"
#include "lab/gnuplot.h"
#include "lab/output.h"
#include "lab/report.h"
#include "lab/results.h"

struct options {
    const char *command, *folder;
    char **override;
    size_t overrides, threads;
    bool force, dry_run, no_plot, strict, quiet;
};

/* ---- running one ------------------------------------------------------- */

static void say_diverged(const struct lab_run *run)
{
    enum { NAMED = 3 };
    for (size_t i = 0; i < run->arms; i++) {
        const struct lab_arm_run *a = &run->arm[i];
        size_t first, count = lab_run_diverged(a, &first), named = 0;
        if (!count)
            continue;
        char *label = lab_arm_label(run->e, &a->arm), *clean = lab_text_clean(label, 60);
        fflush(stdout);
        fprintf(stderr, "lab: arm %zu (%s): %zu of %zu seeds diverged:", i + 1, clean,
                count, run->e->seeds);
        for (size_t r = 0; r < run->e->seeds && named < NAMED; r++)
            if (a->measure->diverged[r]) {
                const size_t t = a->measure->diverged[r];
                fprintf(stderr, "%s seed %zu at step %zu (eta = %g)", named++ ? "," : "",
                        r + 1, t, a->arm.eta->eta[t - 1]);
            }
        fprintf(stderr, "%s\n", count > NAMED ? ", ..." : "");
        free(label), free(clean);
    }
}

static int draw(const struct options *o, const char *dir, const json_t *manifest)
{
    struct lab_figures made = {0};
    struct lab_error err = {""};
    if (o->no_plot)
        return LAB_EXIT_DONE;
    int failed = lab_figures_draw(dir, manifest, LAB_SVG, NULL, &made, &err);
    enum { SHOWN = 12 };
    if (made.drawn && !o->quiet)
        printf("\nfigures\n");
    for (size_t i = 0; i < made.drawn && !o->quiet; i++)
        if (i < SHOWN)
            printf("  %s/%s\n", dir, made.path[i]);
    if (made.drawn > SHOWN && !o->quiet)
        printf("  ... and %zu more in %s/figures\n", made.drawn - SHOWN, dir);
    lab_figures_free(&made);
    if (failed)
        lab_complain("%s", err.text);
    return failed ? LAB_EXIT_FAILED : LAB_EXIT_DONE;
}

static bool certified_violation(const struct lab_run *run)
{
    for (size_t i = 0; i < run->arms; i++)
        for (size_t c = 0; c < run->arm[i].claims; c++)
            if (run->arm[i].claim[c].verdict == LAB_VIOLATED &&
                run->arm[i].claim[c].status == LAB_CERTIFIED)
                return true;
    return false;
}

static int fail(const struct lab_error *err)
{
    lab_complain("%s", err->text);
    return LAB_EXIT_FAILED;
}

/* Writes everything; the manifest last, so that it marks a complete set. */
static int publish(const struct lab_run *run, const struct options *o, const char *dir)
{
    struct lab_error err = {""};
    if (lab_results_write(run, dir, &err))
        return fail(&err);
    json_t *manifest = lab_results_manifest(run);
    int status = draw(o, dir, manifest);
    if (lab_results_commit(manifest, dir, &err))
        status = fail(&err);
    json_decref(manifest);
    if (!o->quiet)
        printf("\nresults in %s, %.2f s on %zu thread%s\n", dir, run->wall_seconds,
               run->threads, run->threads == 1 ? "" : "s");
    return status;
}

static int complain_violated(const char *name)
{
    lab_complain("%s: a certified bound is violated", name);
    return LAB_EXIT_EXPECTATION;
}

static const char *run_id(const json_t *manifest)
{
    const char *id = json_string_value(json_object_get(manifest, "run_id"));
    return id ? id : "unnamed";
}

static int execute(struct lab_run *run, const struct options *o, const char *dir)
{
    const struct lab_run_options how = {.threads = o->threads,
                                        .progress = isatty(STDERR_FILENO) && !o->quiet};
    if (!o->quiet) {
        lab_report_setup(stdout, run);
        lab_report_facts(stdout, run->e);
        fflush(stdout);
    }
    if (lab_run_execute(run, &how)) {
        rmdir(dir); /* if there was nothing in it before */
        lab_complain("interrupted: nothing was written to %s", dir);
        return LAB_EXIT_FAILED;
    }
    say_diverged(run);
    if (!o->quiet)
        lab_report_claims(stdout, run, true), lab_report_rates(stdout, run);
    int status = publish(run, o, dir);
    if (status == LAB_EXIT_DONE && o->strict && certified_violation(run))
        return complain_violated(run->e->name);
    return status;
}

static int redraw(const struct options *o, const char *name, const char *dir,
                  const json_t *manifest)
{
    struct lab_error err = {""};
    size_t violated = 0;
    if (!o->quiet)
        printf("%s holds this very run already (run %s)%s\n", dir, run_id(manifest),
               o->no_plot ? "" : "; redrawing");
    if (o->strict && lab_results_violated(dir, &violated, &err))
        return fail(&err);
    const int status = draw(o, dir, manifest);
    return status == LAB_EXIT_DONE && violated ? complain_violated(name) : status;
}

/* What stands in the folder of a run. */
enum found { NOTHING, SAME, INCOMPLETE, DIFFERENT, UNREADABLE };

static enum found look(const struct lab_run *run, const char *dir, json_t **manifest,
                       struct lab_error *err)
{
    *manifest = lab_results_load(dir, err);
    if (!*manifest)
        return err->text[0] ? UNREADABLE : NOTHING;
    char *hash = lab_results_hash(run->e);
    const char *before = json_string_value(json_object_get(*manifest, "config_hash"));
    const bool same = strcmp(before, hash) == 0;
    free(hash);
    return !same ? DIFFERENT : lab_results_missing(dir) ? INCOMPLETE : SAME;
}

static int refuse(const char *dir, const json_t *manifest)
{
    lab_complain("%s holds the results of a different config (run %s): --force replaces "
                 "them, -o name=... or -O keeps both",
                 dir, run_id(manifest));
    return LAB_EXIT_USAGE;
}

static int run_in(struct lab_run *run, const struct options *o, const char *dir)
{
    struct lab_error err = {""};
    json_t *old = NULL;
    if (lab_output_folder(dir, &err))
        return fail(&err);
    int lock = lab_output_lock(dir, &err), status;
    if (lock < 0)
        return fail(&err);
    const enum found found = look(run, dir, &old, &err);
    if (found == UNREADABLE && !o->force) {
        lab_complain("%s (--force replaces it)", err.text);
        status = LAB_EXIT_FAILED;
    } else if (found == DIFFERENT && !o->force) {
        status = refuse(dir, old);
    } else if (found == SAME && !o->force) {
        status = redraw(o, run->e->name, dir, old);
    } else {
        if (found == INCOMPLETE)
            lab_complain("%s/%s is gone; running again", dir, lab_results_missing(dir));
        status = execute(run, o, dir);
    }
    json_decref(old);
    close(lock);
    return status;
}

/* Says what `lab run` would do, with its exit status. */
static int rehearse(const struct lab_run *run, const struct options *o, const char *dir)
{
    struct lab_error err = {""};
    json_t *old;
    int status = LAB_EXIT_DONE;
    lab_report_setup(stdout, run);
    const enum found found = look(run, dir, &old, &err);
    if (found == UNREADABLE && !o->force)
        status = fail(&err);
    else if (found == DIFFERENT && !o->force)
        status = refuse(dir, old);
    else if (found == SAME && !o->force)
        printf("\n%s holds this very run already: would only redraw\n", dir);
    else
        printf("\nwould write %zu rows per arm and metric to %s\n", run->rows, dir);
    json_decref(old);
    return status;
}

/* ---- commands ---------------------------------------------------------- */

static int one(struct lab_run *run, const struct options *o)
{
    if (strcmp(o->command, "check") == 0) {
        lab_report_setup(stdout, run);
        lab_report_schedules(stdout, run->e);
        lab_report_facts(stdout, run->e);
        lab_report_claims(stdout, run, false);
        return LAB_EXIT_DONE;
    }
    char *dir = lab_text("%s/%s", o->folder, run->e->name);
    const int status = o->dry_run ? rehearse(run, o, dir) : run_in(run, o, dir);
    free(dir);
    return status;
}

static int all(char **path, size_t count, const struct options *o)
{
    struct lab_mistakes mistakes = {0};
    struct lab_experiment **e = lab_alloc(count, sizeof *e);
    struct lab_run **run = lab_alloc(count, sizeof *run);
    int status = LAB_EXIT_DONE;
    lab_preparing = 1;
    for (size_t i = 0; i < count; i++) {
        e[i] = lab_command_config(path[i], o->override, o->overrides, &mistakes);
        run[i] = e[i] ? lab_run_new(e[i], &mistakes) : NULL;
    }
    lab_preparing = 0;
    if (strcmp(o->command, "run") == 0)
        lab_command_check_names(e, count, path, &mistakes);
    if (mistakes.count) {
        lab_print_mistakes(&mistakes);
        status = LAB_EXIT_USAGE;
    }
    if (lab_interrupted) {
        lab_complain("interrupted: nothing was written");
        status = LAB_EXIT_FAILED;
    }
    for (size_t i = 0; i < count && !mistakes.count && !lab_interrupted; i++) {
        if (i && !o->quiet)
            putchar('\n');
        int this = one(run[i], o);
        status = this > status ? this : status;
    }
    for (size_t i = 0; i < count; i++) {
        lab_run_close(run[i]);
        lab_experiment_free(e[i]);
    }
    free(e), free(run);
    lab_mistakes_free(&mistakes);
    return status;
}

static int thread_count(const char *text, size_t *threads)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || end == text || value < 1 || value > 1024) {
        lab_complain("-j %.40s is not a whole number in [1,1024]", text);
        return -1;
    }
    *threads = (size_t)value;
    return 0;
}

enum { FORCE = LAB_OPTION_OWN, DRY_RUN, NO_PLOT, STRICT };

static int parse_and_go(int argc, char **argv, struct options *o, const char *letters,
                        const struct option *names)
{
    int c;
    while ((c = getopt_long(argc, argv, letters, names, NULL)) != -1)
        switch (c) {
        case 'o': o->override[o->overrides++] = optarg; break;
        case 'O':
            if (!*optarg) {
                lab_complain("-O names no folder");
                return LAB_EXIT_USAGE;
            }
            o->folder = optarg;
            break;
        case 'j':
            if (thread_count(optarg, &o->threads))
                return LAB_EXIT_USAGE;
            break;
        case 'q': o->quiet = true; break;
        case FORCE: o->force = true; break;
        case DRY_RUN: o->dry_run = true; break;
        case NO_PLOT: o->no_plot = true; break;
        case STRICT: o->strict = true; break;
        default: return lab_common_option(o->command, c);
        }
    if (optind == argc) {
        lab_complain("no config given");
        return lab_usage(o->command, false);
    }
    return all(argv + optind, (size_t)(argc - optind), o);
}

int lab_command_run(int argc, char **argv)
{
    static const struct option names[] = {{"force", no_argument, NULL, FORCE},
                                          {"dry-run", no_argument, NULL, DRY_RUN},
                                          {"no-plot", no_argument, NULL, NO_PLOT},
                                          {"strict", no_argument, NULL, STRICT},
                                          {"quiet", no_argument, NULL, 'q'},
                                          LAB_COMMON_OPTIONS,
                                          {0}};
    struct options o = {.command = "run", .folder = "results"};
    o.override = lab_alloc((size_t)argc, sizeof *o.override);
    int status = parse_and_go(argc, argv, &o, "o:O:j:qh", names);
    free(o.override);
    return status;
}

int lab_command_check(int argc, char **argv)
{
    static const struct option names[] = {LAB_COMMON_OPTIONS, {0}};
    struct options o = {.command = "check"};
    o.override = lab_alloc((size_t)argc, sizeof *o.override);
    int status = parse_and_go(argc, argv, &o, "o:h", names);
    free(o.override);
    return status;
}
