/*
 * lab/figure_print.c -- a figure in the terminal: texts above and below, and between them
 * a graph of characters by gnuplot.
 */
#include "lab/figure_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab/gnuplot.h"

enum { LEAST_HEIGHT = 9 };

struct page {
    FILE *out;
    size_t width, lines;
};

static size_t columns_of(unsigned c)
{
    return c < 0x1100 || (c >= 0x2000 && c < 0x2e80) ? 1 : 2;
}

/* Bytes that fit in `width` columns, to a space if there is one. */
static size_t fit(const char *text, size_t width)
{
    const char *p = text, *space = NULL;
    for (size_t used = 0;;) {
        const char *start = p;
        unsigned c = lab_utf8_next(&p);
        if (c == 0)
            return (size_t)(start - text);
        if (c == ' ' && start > text)
            space = start;
        used += columns_of(c);
        if (used > width)
            return (size_t)((space ? space : start) - text);
    }
}

/* `text` in two lines at most, the first after `lead`, the other indented alike. */
static void print_text(struct page *page, const char *lead, const char *text)
{
    size_t indent = strlen(lead), room = page->width - indent, n = fit(text, room);
    const char *rest = text + n + strspn(text + n, " ");
    fprintf(page->out, "%s%.*s\n", lead, (int)n, text);
    page->lines++;
    if (!*rest)
        return;
    n = fit(rest, room);
    if (rest[n])
        n = fit(rest, room - 1);
    fprintf(page->out, "%*s%.*s%s\n", (int)indent, "", (int)n, rest, rest[n] ? "…" : "");
    page->lines++;
}

static void print_legend(struct page *page, const struct lab_picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct lab_series *one = &picture->series[i];
        char lead[] = {' ', LAB_PEN[i % LAB_PENS], ' ', '\0'};
        char *tightness = i == 0 || isnan(one->tightness)
                              ? lab_text("%s", i || !picture->band ? "" : ", band: . .")
                              : lab_text(", tightness %.3g", one->tightness);
        const char *verdict = i && strcmp(one->verdict, "-") ? one->verdict : "";
        char *text = lab_text("%s%s%s%s%s%s", i ? one->bound : picture->label,
                              i && *one->status ? ": " : "", i ? one->status : "",
                              *verdict ? ", " : "", verdict, tightness);
        print_text(page, lead, text);
        free(tightness);
        free(text);
    }
}

/* Runs a script and returns what it printed, or NULL. */
static char *draw_graph(const char *script, size_t length, struct lab_error *err)
{
    char *graph = NULL;
    int in = memfd_create("script", MFD_CLOEXEC),
        out = memfd_create("graph", MFD_CLOEXEC);
    struct lab_gnuplot process;
    if (in < 0 || out < 0 || write(in, script, length) != (ssize_t)length ||
        lseek(in, 0, SEEK_SET) != 0) {
        lab_fail(err, "cannot draw in the terminal: %s", strerror(errno));
    } else {
        int started = lab_gnuplot_start(&process, in, NULL, out, err);
        if (started == LAB_GNUPLOT_MISSING)
            lab_fail(err, "gnuplot is not installed: no figure; "
                          "`apt-get install gnuplot-nox`");
        off_t size = started == 0 && lab_gnuplot_wait(&process, err) == 0
                         ? lseek(out, 0, SEEK_END)
                         : -1;
        if (size == 0)
            lab_fail(err, "gnuplot drew nothing");
        if (size > 0) {
            graph = lab_alloc((size_t)size + 1, 1);
            if (pread(out, graph, (size_t)size, 0) != size)
                lab_fail(err, "cannot read gnuplot's graph: %s", strerror(errno));
        }
    }
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return graph;
}

/* Texts into memory first: the graph gets the lines they leave. */
static char *texts(const struct lab_picture *picture, size_t width, bool below,
                   size_t *lines)
{
    char *text;
    size_t size;
    struct page page = {open_memstream(&text, &size), width, 0};
    if (!page.out)
        LAB_BUG("open_memstream: %s", strerror(errno));
    if (below) {
        size_t half = strlen(picture->across) / 2;
        size_t indent = width / 2 > half ? width / 2 - half : 0;
        fprintf(page.out, "%*s%s\n", (int)indent, "", picture->across);
        page.lines++;
        print_legend(&page, picture);
        for (size_t i = 0; i < picture->notes; i++)
            print_text(&page, " ", picture->note[i]);
    } else {
        print_text(&page, "", picture->title);
        print_text(&page, "", picture->subtitle);
        print_text(&page, "", picture->quantity);
    }
    fclose(page.out);
    *lines += page.lines;
    return text;
}

/* gnuplot pads its lines with spaces, and the page with lines. */
static void print_graph(FILE *terminal, const char *graph)
{
    size_t blank = 0;
    bool begun = false;
    graph += strspn(graph, "\f");
    for (const char *line = graph; *line;) {
        size_t whole = strcspn(line, "\n"), n = whole;
        while (n && line[n - 1] == ' ')
            n--;
        blank += n == 0;
        if (n) {
            for (; begun && blank; blank--)
                fputc('\n', terminal);
            fprintf(terminal, "%.*s\n", (int)n, line);
            begun = true;
            blank = 0;
        }
        line += whole + (line[whole] == '\n');
    }
}

int lab_picture_print(FILE *terminal, struct lab_picture *picture, size_t width,
                      size_t height, struct lab_error *err)
{
    struct lab_layout layout = {0};
    lab_layout_axes(picture, &layout);
    layout.x_tics = lab_axis_tics(&layout.x);
    layout.y_tics = lab_axis_tics(&layout.y);
    size_t lines = 2; /* an empty one between figures, and the prompt */
    char *above = texts(picture, width, false, &lines);
    char *below = texts(picture, width, true, &lines);
    char *script;
    size_t size;
    FILE *out = open_memstream(&script, &size);
    if (!out)
        LAB_BUG("open_memstream: %s", strerror(errno));
    lab_script_print(out, picture, &layout, width,
                     height > lines + LEAST_HEIGHT ? height - lines : LEAST_HEIGHT);
    fclose(out);
    char *graph = draw_graph(script, size, err);
    if (graph) {
        fputs(above, terminal);
        print_graph(terminal, graph);
        fprintf(terminal, "%s\n", below);
    }
    int failed = graph ? 0 : -1;
    free(script);
    free(graph);
    free(above);
    free(below);
    return failed;
}
