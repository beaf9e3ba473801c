/*
 * lab/figure_labels.c -- names at the right ends of the curves instead of a legend: a
 * block of lines for each series, as near to its end as the others allow.
 */
#include "lab/figure_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LABEL_GAP = 22, LINE = LAB_LINE;
static const char *const GREY = "#666666";

enum { BLOCK_LINES = 4 };
static const double NAME_SIZE = 21, FACT_SIZE = 16, BLOCK_GAP = 9;

struct block {
    size_t series, names, lines; /**< names first, then facts */
    char *line[BLOCK_LINES];
    double anchor; /**< where the curve ends, px from the top */
    double top, height;
};

static double line_size(const struct block *block, size_t i)
{
    return i < block->names ? NAME_SIZE : FACT_SIZE;
}

/* The last row that has a place on the axis, or n. */
static size_t last_shown(const struct lab_series *series, bool log_scale)
{
    for (size_t i = series->n; i-- > 0;)
        if (!isnan(series->y[i]) && !(log_scale && series->y[i] <= 0))
            return i;
    return series->n;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* Adds " · fact" and frees it; a line break may come after the dot only (U+00A0). */
static void add_fact(char **facts, char *fact)
{
    char *longer = lab_text("%s%s%s", *facts, **facts ? "\u00a0· " : "", fact);
    free(*facts);
    free(fact);
    *facts = longer;
}

/* Where the area of a series is at row k: from the top of the one before. */
static double area_low(const struct lab_picture *picture, size_t which, size_t k)
{
    return which ? picture->series[which - 1].y[k] : 0;
}

/* "certified bound · holds · tightness 0.14"; what is not known is left out. */
static char *facts_of(const struct lab_picture *picture, const struct lab_layout *layout,
                      size_t which)
{
    const struct lab_series *series = &picture->series[which];
    size_t end = last_shown(series, layout->y.log);
    char *facts = lab_text("%s", "");
    if (*series->status)
        add_fact(&facts, lab_text("%s\u00a0bound", series->status));
    if (*series->verdict && strcmp(series->verdict, "-") != 0)
        add_fact(&facts, lab_text("%s", series->verdict));
    if (!isnan(series->tightness))
        add_fact(&facts, lab_text("tightness\u00a0%.3g", series->tightness));
    if (picture->stacked && end < series->n) {
        add_fact(&facts, lab_text("%.1f\u00a0%%\u00a0at\u00a0%s\u00a0=\u00a0%.10g",
                                  100 * (series->y[end] - area_low(picture, which, end)),
                                  picture->unit, series->t[end]));
        return facts;
    }
    if (end == series->n) {
        add_fact(&facts, lab_text("no\u00a0value\u00a0to\u00a0draw"));
        return facts;
    }
    double place = lab_axis_place(&layout->y, series->y[end]);
    if (place < 0 || place > 1)
        add_fact(&facts, lab_text("off\u00a0scale\u00a0(%.2g)", series->y[end]));
    if (end + 1 < series->n)
        add_fact(&facts, lab_text("ends\u00a0at\u00a0%s\u00a0=\u00a0%.10g", picture->unit,
                                  series->t[end]));
    return facts;
}

/* What the label of a series points at: the end of its line, or the middle of its area's. */
static double target(const struct lab_picture *picture, size_t which, size_t k)
{
    const double y = picture->series[which].y[k];
    return picture->stacked ? (y + area_low(picture, which, k)) / 2 : y;
}

static struct block make_block(const struct lab_picture *picture,
                               const struct lab_layout *layout, size_t i)
{
    const struct lab_series *series = &picture->series[i];
    struct block block = {.series = i, .height = BLOCK_GAP};
    double width = LAB_CANVAS_WIDTH - LAB_EDGE - layout->right - LABEL_GAP;
    size_t end = last_shown(series, layout->y.log);
    double place =
        end < series->n ? lab_axis_place(&layout->y, target(picture, i, end)) : 1;
    block.anchor = layout->bottom - clamp(place, 0, 1) * (layout->bottom - layout->top);
    char *facts = facts_of(picture, layout, i);
    block.names = lab_text_wrap(i ? series->bound : picture->label, NAME_SIZE, width, 2,
                                block.line);
    block.lines =
        block.names + lab_text_wrap(facts, FACT_SIZE, width, 2, block.line + block.names);
    for (size_t k = 0; k < block.lines; k++)
        block.height += LINE * line_size(&block, k);
    free(facts);
    return block;
}

static int by_anchor(const void *a, const void *b)
{
    const struct block *p = a, *q = b;
    if (p->anchor != q->anchor)
        return p->anchor < q->anchor ? -1 : 1;
    return p->series > q->series ? -1 : 1; /* a bound above the curve it meets */
}

/*
 * Tops as near as possible to what each block wants, without overlap, inside [top,
 * bottom]. With the heights above a block taken off its position, "without overlap" reads
 * "not decreasing": an isotonic regression, solved by pooling neighbours that collide.
 */
static void move_apart(struct block *block, size_t n, double top, double bottom)
{
    double *mean = lab_alloc(n, sizeof *mean), above = 0;
    size_t *pooled = lab_alloc(n, sizeof *pooled), pools = 0;
    for (size_t i = 0; i < n; i++) {
        mean[pools] = block[i].anchor - NAME_SIZE * LINE / 2 - above;
        pooled[pools++] = 1;
        above += block[i].height;
        for (; pools > 1 && mean[pools - 2] > mean[pools - 1]; pools--) {
            size_t a = pooled[pools - 2], b = pooled[pools - 1];
            mean[pools - 2] =
                ((double)a * mean[pools - 2] + (double)b * mean[pools - 1]) /
                (double)(a + b);
            pooled[pools - 2] = a + b;
        }
    }
    double last = fmax(top, bottom - above);
    above = 0;
    for (size_t p = 0, i = 0; p < pools; p++)
        for (size_t k = 0; k < pooled[p]; k++, i++) {
            block[i].top = clamp(mean[p], top, last) + above;
            above += block[i].height;
        }
    free(mean);
    free(pooled);
}

/* `squeeze` < 1 where there are too many labels for the room. */
static void place_block(struct lab_layout *layout, struct block *block, double top,
                        double squeeze)
{
    double x = layout->right + LABEL_GAP, y = top + (block->top - top) * squeeze;
    double middle = y + squeeze * LINE * NAME_SIZE / 2;
    const char *colour = lab_series_colour(block->series);
    if (fabs(middle - block->anchor) > 12)
        lab_add_stroke(layout, (struct lab_stroke){layout->right + 3, block->anchor,
                                                   x - 4, middle, 0.5, colour, "1"});
    for (size_t k = 0; k < block->lines; k++) {
        double size = squeeze * line_size(block, k);
        lab_add_words(layout, (struct lab_words){x, y + LINE * size / 2, size, 0, "left",
                                                 k < block->names ? colour : GREY,
                                                 block->line[k]});
        y += LINE * size;
    }
}

void lab_place_labels(struct lab_layout *layout, const struct lab_picture *picture)
{
    size_t n = picture->count;
    struct block *block = lab_alloc(n, sizeof *block);
    double height = 0, top = layout->top - 16, bottom = layout->bottom + 14;
    for (size_t i = 0; i < n; i++) {
        block[i] = make_block(picture, layout, i);
        height += block[i].height;
    }
    qsort(block, n, sizeof *block, by_anchor);
    move_apart(block, n, top, fmax(bottom, top + height));
    for (size_t i = 0; i < n; i++)
        place_block(layout, &block[i], top, fmin(1, (bottom - top) / height));
    free(block);
}

double lab_label_room(const struct lab_picture *picture, const struct lab_layout *layout)
{
    double widest = 0;
    for (size_t i = 0; i < picture->count; i++) {
        char *facts = facts_of(picture, layout, i);
        const char *name = i ? picture->series[i].bound : picture->label;
        widest = fmax(widest, fmax(lab_text_width(name, NAME_SIZE),
                                   lab_text_width(facts, FACT_SIZE)));
        free(facts);
    }
    return LABEL_GAP + 1 + clamp(widest, 120, 370);
}
