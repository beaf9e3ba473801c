/*
 * lab/figure_layout.c -- where everything stands: title block above, labels at the right
 * ends of the curves and moved apart, small print below, a reference slope in free space.
 *
 * Widths of text are estimates on the safe side (DejaVu Sans, a wide face): which font a
 * reader's machine has is not known here.
 */
#include "lab/figure_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/gnuplot.h"

static const double EDGE = LAB_EDGE, LINE = LAB_LINE;
static const char *const INK = "#222222", *const GREY = "#666666",
                         *const PALE = "#999999";

const char *lab_series_colour(size_t i)
{
    static const char *const okabe_ito[] = {"#0072B2", "#D55E00", "#E69F00", "#009E73",
                                            "#CC79A7", "#56B4E9", "#000000"};
    size_t n = sizeof okabe_ito / sizeof *okabe_ito;
    return okabe_ito[i < n ? i : 1 + (i - 1) % (n - 1)];
}

/* In units of the font's size. */
static double character_width(unsigned c)
{
    if (c < 0x80)
        return strchr("ijl|.,:;'!I", (int)c)  ? 0.34
               : strchr("frt()[]/- ", (int)c) ? 0.42
               : strchr("mwMW%@", (int)c)     ? 1.0
               : c >= 'A' && c <= 'Z'         ? 0.76
                                              : 0.64;
    if (c == 0xa0 || c == 0xb7) /* the space that does not break, and the dot */
        return 0.42;
    return c < 0x800 ? 0.76 : c < 0x1100 ? 1.0 : c < 0x2000 || c > 0x2bff ? 1.4 : 0.9;
}

double lab_text_width(const char *text, double size)
{
    double width = 0;
    for (unsigned c; (c = lab_utf8_next(&text));)
        width += character_width(c);
    return width * size;
}

void lab_add_words(struct lab_layout *layout, struct lab_words words)
{
    layout->word = lab_realloc(layout->word, layout->words + 1, sizeof *layout->word);
    layout->word[layout->words++] = words;
}

void lab_add_stroke(struct lab_layout *layout, struct lab_stroke stroke)
{
    layout->stroke =
        lab_realloc(layout->stroke, layout->strokes + 1, sizeof *layout->stroke);
    layout->stroke[layout->strokes++] = stroke;
}

/* The bytes of `text` that fit in `width`: to a space, else after a _ - or /, else all
 * that fit. */
static size_t line_length(const char *text, double size, double width)
{
    const char *p = text, *last = NULL;
    double used = 0;
    bool at_space = false;
    for (;;) {
        const char *start = p;
        unsigned c = lab_utf8_next(&p);
        if (c == 0)
            return strlen(text);
        used += character_width(c) * size;
        if (c == ' ')
            last = start, at_space = true;
        if (used > width)
            return last && last > text ? (size_t)(last - text)
                   : start > text      ? (size_t)(start - text)
                                       : (size_t)(p - text);
        if (!at_space && strchr("_-/", (int)(c < 0x80 ? c : 'x')))
            last = p;
    }
}

size_t lab_text_wrap(const char *text, double size, double width, size_t most,
                     char **line)
{
    size_t n = 0;
    while (*text && n < most) {
        size_t length = line_length(text, size, width);
        if (n + 1 == most && text[length])
            length = line_length(text, size, width - 1.1 * size);
        const char *rest = text + length + strspn(text + length, " ");
        line[n] =
            lab_text("%.*s%s", (int)length, text, n + 1 == most && *rest ? "…" : "");
        text = rest;
        n++;
    }
    return n;
}

/* One line at `size`, or smaller down to `least`, or two lines; returns the y below. */
static double place_heading(struct lab_layout *layout, const char *text, double y,
                            double size, double least, const char *colour)
{
    double room = LAB_CANVAS_WIDTH - EDGE - layout->left;
    double scale = room / lab_text_width(text, size);
    if (scale < 1)
        size = fmax(least, floor(size * scale));
    char *line[2];
    size_t n = lab_text_wrap(text, size, room, 2, line);
    for (size_t i = 0; i < n; i++) {
        y += LINE * size;
        lab_add_words(layout, (struct lab_words){layout->left, y - LINE * size / 2, size,
                                                 0, "left", colour, line[i]});
    }
    return y;
}

static double place_small_print(struct lab_layout *layout,
                                const struct lab_picture *picture)
{
    double size = 16, y = LAB_CANVAS_HEIGHT - EDGE;
    for (size_t i = picture->notes + 1; i-- > 0;) {
        char *line[2];
        const char *note = i < picture->notes ? picture->note[i] : picture->source;
        size_t n = lab_text_wrap(note, size, LAB_CANVAS_WIDTH - 2 * EDGE, 2, line);
        while (n-- > 0) {
            lab_add_words(layout,
                          (struct lab_words){LAB_CANVAS_WIDTH - EDGE, y - LINE * size / 2,
                                             size, 0, "right", PALE, line[n]});
            y -= LINE * size;
        }
    }
    return y;
}

static double left_margin(const struct lab_tics *tics)
{
    size_t longest = 7;
    for (size_t i = 0; i < tics->n; i++)
        if (longest < strlen(tics->tic[i].label))
            longest = strlen(tics->tic[i].label);
    return 46 + 13 * (double)longest;
}

/* A cross where the first seed diverged: on the curve, or on the axis below it. */
static void mark_divergence(struct lab_layout *layout, const struct lab_picture *picture)
{
    double across = lab_axis_place(&layout->x, picture->diverged);
    if (!(across >= 0 && across <= 1))
        return;
    const struct lab_series *curve = &picture->series[0];
    double value = NAN;
    for (size_t i = 0; i < curve->n && curve->t[i] <= picture->diverged; i++)
        if (!isnan(curve->y[i]))
            value = curve->y[i];
    double up = layout->y.log && !(value > 0) ? 0 : lab_axis_place(&layout->y, value);
    double x = layout->left + across * (layout->right - layout->left);
    double y =
        layout->bottom - (up >= 0 && up <= 1 ? up : 0) * (layout->bottom - layout->top);
    for (int sign = -1; sign <= 1; sign += 2)
        lab_add_stroke(layout, (struct lab_stroke){x - 8, y - 8 * sign, x + 8,
                                                   y + 8 * sign, 1.2, INK, "1"});
}

struct lab_layout lab_layout_new(struct lab_picture *picture)
{
    struct lab_layout layout = {0};
    lab_layout_axes(picture, &layout);
    layout.x_tics = lab_axis_tics(&layout.x);
    layout.y_tics = lab_axis_tics(&layout.y);
    layout.left = left_margin(&layout.y_tics);
    double y = place_heading(&layout, picture->title, EDGE + 8, 30, 22, INK);
    y = place_heading(&layout, picture->subtitle, y + 2, 21, 17, GREY);
    y = place_heading(&layout, picture->quantity, y + 22, 19, 14, INK);
    layout.top = y + 18;
    double small_print = place_small_print(&layout, picture);
    layout.bottom = small_print - 102;
    layout.right = LAB_CANVAS_WIDTH - EDGE - lab_label_room(picture, &layout);
    lab_add_words(&layout, (struct lab_words){(layout.left + layout.right) / 2,
                                              layout.bottom + 80, 21, 0, "center", GREY,
                                              lab_text("%s", picture->across)});
    lab_place_labels(&layout, picture);
    mark_divergence(&layout, picture);
    lab_place_slope(&layout, picture);
    return layout;
}

void lab_layout_free(struct lab_layout *layout)
{
    for (size_t i = 0; i < layout->words; i++)
        free(layout->word[i].text);
    free(layout->word);
    free(layout->stroke);
    *layout = (struct lab_layout){0};
}
