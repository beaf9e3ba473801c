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
    if (mkdir(studio->folder, 0777) != 0 && errno != EEXIST)
        return cannot("make", studio->folder, err);
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
    if (studio->scratch)
        rmdir(studio->scratch);
    for (size_t i = 0; i < studio->jobs; i++)
        free(studio->job[i].name);
    free(studio->job);
    free(studio->scratch);
    free(studio->folder);
}

/* To disk, then in one step to its place: never half a file. */
static int deliver(const struct studio *studio, const char *name, const char *extension,
                   struct lab_error *err)
{
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
    char *path = lab_text("%s/%s.gp", studio->scratch, picture->name);
    FILE *out = fopen(path, "wxe");
    int failed = out ? 0 : cannot("write", path, err);
    if (out) {
        struct lab_layout layout = lab_layout_new(picture);
        lab_script_write(out, picture, &layout, studio->format);
        lab_layout_free(&layout);
        bool bad = ferror(out);
        if (fclose(out) != 0 || bad)
            failed = cannot("write", path, err);
    }
    free(path);
    return failed ? failed : deliver(studio, picture->name, "gp", err);
}

/* Two plots of one metric are NAME and NAME_2. */
static void add_job(struct studio *studio, struct lab_picture *picture)
{
    char *stem = lab_text("%s", picture->name);
    size_t same = 1;
    for (size_t i = 0; i < studio->jobs; i++)
        if (strcmp(studio->job[i].name, picture->name) == 0) {
            free(picture->name);
            picture->name = lab_text("%s_%zu", stem, ++same);
            i = (size_t)-1;
        }
    free(stem);
    studio->job = lab_realloc(studio->job, studio->jobs + 1, sizeof *studio->job);
    studio->job[studio->jobs++] =
        (struct job){.name = lab_text("%s", picture->name)};
}

static int start(const struct studio *studio, struct job *job, struct lab_error *err)
{
    char *path = lab_text("%s/%s.gp", studio->folder, job->name);
    int script = open(path, O_RDONLY | O_CLOEXEC);
    int failed = script < 0 ? cannot("read", path, err)
                            : lab_gnuplot_start(&job->process, script, studio->scratch, -1,
                                                err);
    if (script >= 0)
        close(script);
    free(path);
    job->running = failed == 0;
    return failed;
}

static int finish(const struct studio *studio, struct job *job, struct lab_figures *made,
                  struct lab_error *err)
{
    const char *extension = lab_format_names[studio->format];
    if (!job->running)
        return 0;
    job->running = false;
    if (lab_gnuplot_wait(&job->process, err) || deliver(studio, job->name, extension, err))
        return -1;
    made->path = lab_realloc(made->path, made->drawn + 1, sizeof *made->path);
    made->path[made->drawn++] = lab_text("figures/%s.%s", job->name, extension);
    return 0;
}

/* gnuplot draws a few at once, and they end in order. */
static int draw_all(struct studio *studio, struct lab_figures *made, struct lab_error *err)
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
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col && window.ws_row) {
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
    return fflush(terminal) ? lab_fail(err, "cannot print the figure: %s", strerror(errno))
                            : 0;
}

/* Writes every script, or prints every figure; gnuplot's turn comes after the scripts. */
static int write_all(struct studio *studio, const json_t *manifest, const struct lab_run *run,
                     FILE *terminal, struct lab_error *err)
{
    size_t i;
    json_t *plot;
    json_array_foreach(json_object_get(manifest, "plots"), i, plot) {
        const char *metric = json_string_value(json_object_get(plot, "metric"));
        if (!metric)
            return lab_fail(err, "manifest.json: plots.[%zu] has no metric", i);
        for (size_t k = 0; k < run->count; k++) {
            if (run->series[k].bound || strcmp(run->series[k].metric, metric) != 0)
                continue;
            struct lab_picture picture = lab_picture_new(manifest, plot, run, k);
            if (studio->format != LAB_TXT)
                add_job(studio, &picture);
            int failed = studio->format == LAB_TXT ? print_one(terminal, &picture, err)
                                                   : write_script(studio, &picture, err);
            lab_picture_free(&picture);
            if (failed)
                return -1;
        }
    }
    return 0;
}

int lab_figures_draw(const char *run_dir, const json_t *manifest, enum lab_format format,
                     FILE *terminal, struct lab_figures *made, struct lab_error *err)
{
    *made = (struct lab_figures){0};
    struct lab_run run;
    struct studio studio = {.run_dir = run_dir, .format = format};
    int failed = lab_run_read(run_dir, manifest, &run, err);
    if (!failed && format != LAB_TXT)
        failed = open_studio(&studio, err);
    if (!failed)
        failed = write_all(&studio, manifest, &run, terminal, err);
    if (!failed)
        failed = draw_all(&studio, made, err);
    close_studio(&studio);
    lab_run_free(&run);
    return failed;
}

void lab_figures_free(struct lab_figures *made)
{
    for (size_t i = 0; i < made->drawn; i++)
        free(made->path[i]);
    free(made->path);
    *made = (struct lab_figures){0};
}
