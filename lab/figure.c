/* lab/figure.c -- see figure.h: which figures there are, their files, gnuplot's runs */
#include "lab/figure.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/figure_parts.h"
#include "lab/gnuplot.h"
#include "lab/output.h"

enum { AT_ONCE = 2 };

const char *const lab_format_names[] = {"svg", "png", "pdf", "txt", NULL};

/* A job: one figure on its way from a script to a file. */
struct job {
    char *name;
    struct lab_gnuplot process;
    bool running;
};

struct studio {
    const char *run_dir;
    char *folder;  /**< RUN_DIR/figures */
    char *scratch; /**< a fresh folder in it: gnuplot works there */
    enum lab_format format;
    size_t jobs;
    struct job *job;
};

int lab_format_find(const char *name, enum lab_format *format, struct lab_error *err)
{
    for (int i = 0; lab_format_names[i]; i++)
        if (strcmp(lab_format_names[i], name) == 0) {
            *format = (enum lab_format)i;
            return 0;
        }
    return lab_fail(err, "unknown format '%.40s' (svg, png, pdf, txt)", name);
}

static int cannot(const char *what, const char *path, struct lab_error *err)
{
    return lab_fail(err, "cannot %s %s: %s", what, path, strerror(errno));
}

static int open_studio(struct studio *studio, struct lab_error *err)
{
    studio->folder = lab_text("%s/figures", studio->run_dir);
    if (lab_output_folder(studio->folder, err))
        return -1;
    char *scratch = lab_text("%s/.drawing-XXXXXX", studio->folder);
    if (!mkdtemp(scratch)) {
        cannot("write in", studio->folder, err);
        free(scratch);
        return -1;
    }
    studio->scratch = scratch;
    return 0;
}

/* Whatever gnuplot left there goes too. */
static void close_studio(struct studio *studio)
{
    DIR *dir = studio->scratch ? opendir(studio->scratch) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    if (studio->scratch && rmdir(studio->scratch) == 0)
        lab_output_sync(studio->folder);
    for (size_t i = 0; i < studio->jobs; i++)
        free(studio->job[i].name);
    free(studio->job);
    free(studio->scratch);
    free(studio->folder);
}

/* What gnuplot wrote: to disk, then in one step to its place. */
static int deliver(const struct studio *studio, const char *name, struct lab_error *err)
{
    const char *extension = lab_format_names[studio->format];
    char *from = lab_text("%s/%s.%s", studio->scratch, name, extension);
    char *to = lab_text("%s/%s.%s", studio->folder, name, extension);
    struct stat status;
    int failed = 0, file = open(from, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        failed = lab_fail(err, "gnuplot did not write %s", to);
    else if (file < 0 || fstat(file, &status) != 0 || fsync(file) != 0)
        failed = cannot("write", to, err);
    else if (status.st_size == 0)
        failed = lab_fail(err, "gnuplot wrote nothing to %s", to);
    else if (rename(from, to) != 0)
        failed = cannot("write", to, err);
    if (file >= 0)
        close(file);
    free(from);
    free(to);
    return failed;
}

static int write_script(const struct studio *studio, struct lab_picture *picture,
                        struct lab_error *err)
{
    char *name = lab_text("%s.gp", picture->name);
    struct lab_output out;
    int failed = lab_output_open(&out, studio->folder, name, err);
    if (!failed) {
        struct lab_layout layout = lab_layout_new(picture);
        lab_script_draw(out.file, picture, &layout, studio->format);
        lab_layout_free(&layout);
        failed = lab_output_commit(&out, err);
    }
    free(name);
    return failed;
}

static bool is_taken(const struct studio *studio, const char *name)
{
    for (size_t i = 0; i < studio->jobs; i++)
        if (strcmp(studio->job[i].name, name) == 0)
            return true;
    return false;
}

/* Two plots of one metric are NAME and NAME_2. */
static void add_job(struct studio *studio, struct lab_picture *picture)
{
    char *stem = lab_text("%s", picture->name);
    for (size_t number = 2; is_taken(studio, picture->name); number++) {
        free(picture->name);
        picture->name = lab_text("%s_%zu", stem, number);
    }
    free(stem);
    studio->job = lab_realloc(studio->job, studio->jobs + 1, sizeof *studio->job);
    studio->job[studio->jobs++] = (struct job){.name = lab_text("%s", picture->name)};
}

static int start(const struct studio *studio, struct job *job, struct lab_error *err)
{
    char *path = lab_text("%s/%s.gp", studio->folder, job->name);
    int script = open(path, O_RDONLY | O_CLOEXEC);
    int failed = script < 0
                     ? cannot("read", path, err)
                     : lab_gnuplot_start(&job->process, script, studio->scratch, -1, err);
    if (script >= 0)
        close(script);
    free(path);
    job->running = failed == 0;
    return failed;
}

static int finish(const struct studio *studio, struct job *job, struct lab_figures *made,
                  struct lab_error *err)
{
    if (!job->running)
        return 0;
    job->running = false;
    if (lab_gnuplot_wait(&job->process, err) || deliver(studio, job->name, err))
        return -1;
    made->path = lab_realloc(made->path, made->drawn + 1, sizeof *made->path);
    made->path[made->drawn++] =
        lab_text("figures/%s.%s", job->name, lab_format_names[studio->format]);
    return 0;
}

/* gnuplot draws a few at once, and they end in order. */
static int draw_all(struct studio *studio, struct lab_figures *made,
                    struct lab_error *err)
{
    int failed = 0;
    for (size_t i = 0; i < studio->jobs + AT_ONCE; i++) {
        if (i >= AT_ONCE && finish(studio, &studio->job[i - AT_ONCE], made, err))
            failed = -1;
        int started = i < studio->jobs ? start(studio, &studio->job[i], err) : 0;
        if (started == LAB_GNUPLOT_MISSING)
            return lab_fail(err,
                            "gnuplot is not installed: figures were not drawn; "
                            "`apt-get install gnuplot-nox`, then `lab plot %s`",
                            studio->run_dir);
        if (started)
            failed = -1;
    }
    return failed;
}

static size_t from_environment(const char *name, size_t fallback)
{
    const char *text = getenv(name);
    unsigned long value = text ? strtoul(text, NULL, 10) : 0;
    return value > 0 && value < 10000 ? value : fallback;
}

/* The window of stdout, or what the environment says, or 80 x 24; within reason. */
static void measure_terminal(size_t *width, size_t *height)
{
    struct winsize window;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col &&
        window.ws_row) {
        *width = window.ws_col;
        *height = window.ws_row;
    } else {
        *width = from_environment("COLUMNS", 80);
        *height = from_environment("LINES", 24);
    }
    *width = *width < 40 ? 40 : *width > 250 ? 250 : *width;
    *height = *height < 16 ? 16 : *height > 100 ? 100 : *height;
}

static int print_one(FILE *terminal, struct lab_picture *picture, struct lab_error *err)
{
    size_t width, height;
    measure_terminal(&width, &height);
    if (lab_picture_print(terminal, picture, width, height, err))
        return -1;
    return fflush(terminal)
               ? lab_fail(err, "cannot print the figure: %s", strerror(errno))
               : 0;
}

/* One picture: its script, or in the terminal. */
static int make_picture(struct studio *studio, struct lab_picture *picture,
                        FILE *terminal, struct lab_error *err)
{
    if (studio->format == LAB_TXT)
        return print_one(terminal, picture, err);
    add_job(studio, picture);
    return write_script(studio, picture, err);
}

/* All of one entry of the manifest's `plots`. */
static int make_plot(struct studio *studio, const json_t *manifest, const json_t *plot,
                     const struct lab_curves *curves, FILE *terminal,
                     struct lab_error *err)
{
    const char *metric = json_string_value(json_object_get(plot, "metric"));
    const char *against = json_string_value(json_object_get(plot, "against"));
    const struct lab_series *abscissa;
    int failed = 0;
    if (!metric)
        return lab_fail(err, "manifest.json: one of its plots has no metric");
    for (size_t k = 0; k < curves->count && !failed; k++)
        if (!curves->series[k].bound && strcmp(curves->series[k].metric, metric) == 0) {
            if (lab_curves_against(curves, k, against ? against : "t", &abscissa, err))
                return -1;
            struct lab_picture picture =
                lab_picture_new(manifest, plot, curves, k, abscissa);
            failed = make_picture(studio, &picture, terminal, err);
            lab_picture_free(&picture);
        }
    return failed;
}

/* All of one entry of `stacks`. */
static int make_stack(struct studio *studio, const json_t *manifest, const json_t *stack,
                      const struct lab_curves *curves, FILE *terminal,
                      struct lab_error *err)
{
    const char *metric = json_string_value(json_object_get(stack, "metric"));
    int failed = 0;
    for (size_t k = 0; metric && k < curves->count && !failed; k++)
        if (!curves->series[k].bound && strcmp(curves->series[k].metric, metric) == 0 &&
            lab_stack_is_whole(stack, curves, k)) {
            struct lab_picture picture =
                lab_picture_new(manifest, stack, curves, k, NULL);
            failed = make_picture(studio, &picture, terminal, err);
            lab_picture_free(&picture);
        }
    return failed;
}

int lab_figures_draw(const char *run_dir, const json_t *manifest, enum lab_format format,
                     FILE *terminal, struct lab_figures *made, struct lab_error *err)
{
    *made = (struct lab_figures){0};
    struct lab_curves curves;
    struct studio studio = {.run_dir = run_dir, .format = format};
    const json_t *plots = json_object_get(manifest, "plots"),
                 *stacks = json_object_get(manifest, "stacks");
    int failed = lab_curves_read(run_dir, manifest, &curves, err);
    if (!failed && format != LAB_TXT)
        failed = open_studio(&studio, err);
    for (size_t i = 0; i < json_array_size(plots) && !failed; i++)
        failed = make_plot(&studio, manifest, json_array_get(plots, i), &curves, terminal,
                           err);
    for (size_t i = 0; i < json_array_size(stacks) && !failed; i++)
        failed = make_stack(&studio, manifest, json_array_get(stacks, i), &curves,
                            terminal, err);
    if (!failed) /* all scripts are there by now, with gnuplot or without */
        failed = draw_all(&studio, made, err);
    close_studio(&studio);
    lab_curves_free(&curves);
    return failed;
}

void lab_figures_free(struct lab_figures *made)
{
    for (size_t i = 0; i < made->drawn; i++)
        free(made->path[i]);
    free(made->path);
    *made = (struct lab_figures){0};
}
