/*
 * lab/figure_slope.c -- a thin dotted line of slope -1/2, the rate to compare with, where
 * nothing else is.
 */
#include "lab/figure_parts.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMNS = 120, ROWS = 60 };
/* Free space it needs above (there stands its name) and below, and the distance beyond
 * that at which it stands best, px. */
static const double ABOVE = 34, BELOW = 12, NEAR = 30;

/* What the series cover at one x, px from the top. */
struct cover {
    double from, to;
};

static double height_of(const struct lab_layout *layout, double value)
{
    double place = layout->y.log && value <= 0 ? -1 : lab_axis_place(&layout->y, value);
    return layout->bottom - place * (layout->bottom - layout->top);
}

static double interpolate(const double *t, const double *y, size_t n, double at)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (t[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    if (n == 0 || at < t[0] || (low + 1 == n && at > t[low]))
        return NAN;
    if (low + 1 == n || t[low] == at)
        return y[low];
    return y[low] + (y[low + 1] - y[low]) * (at - t[low]) / (t[low + 1] - t[low]);
}

double lab_series_at(const struct lab_series *series, double t)
{
    return interpolate(series->t, series->y, series->n, t);
}

static struct cover cover_of(const struct lab_layout *layout,
                             const struct lab_series *one, bool band, double t)
{
    double y = height_of(layout, lab_series_at(one, t));
    struct cover cover = {y, y};
    if (band && one->high) {
        cover.from =
            fmin(y, height_of(layout, interpolate(one->t, one->high, one->n, t)));
        cover.to = fmax(y, height_of(layout, interpolate(one->t, one->low, one->n, t)));
    }
    return cover;
}

/* How far the line, name included, is from the nearest series; < 0: it touches one, or
 * leaves the picture. */
static double clearance(const struct lab_layout *layout, const struct cover *cover,
                        size_t series, size_t first, size_t last, double y, double fall)
{
    double least = INFINITY, lowest = y + fall * (double)(last - first);
    if (y - ABOVE < layout->top || lowest + BELOW > layout->bottom)
        return -1;
    for (size_t c = first; c <= last; c++, y += fall)
        for (size_t k = 0; k < series; k++) {
            struct cover one = cover[k * COLUMNS + c];
            if (!isnan(one.from))
                least = fmin(least, fmax(one.from - (y + BELOW), y - ABOVE - one.to));
        }
    return least;
}

/* The line and, along it, its name. */
static void draw(struct lab_layout *layout, double x0, double y0, double x1, double y1)
{
    double angle = atan2(y1 - y0, x1 - x0);
    lab_add_stroke(layout, (struct lab_stroke){x0, y0, x1, y1, 0.6, "#999999", "(4,18)"});
    lab_add_words(layout, (struct lab_words){(x0 + x1) / 2 + 17 * sin(angle),
                                             (y0 + y1) / 2 - 17 * cos(angle), 18,
                                             -angle * 180 / acos(-1), "center", "#999999",
                                             lab_text("slope −1/2")});
}

static struct cover *cover_all(const struct lab_layout *layout,
                               const struct lab_picture *picture)
{
    struct cover *cover = lab_alloc(picture->count * COLUMNS, sizeof *cover);
    double decades = log10(layout->x.high / layout->x.low);
    for (size_t i = 0; i < picture->count; i++)
        for (size_t c = 0; c < COLUMNS; c++) {
            double t = layout->x.low * pow(10, decades * ((double)c + 0.5) / COLUMNS);
            cover[i * COLUMNS + c] =
                cover_of(layout, &picture->series[i], picture->band, t);
        }
    return cover;
}

void lab_place_slope(struct lab_layout *layout, const struct lab_picture *picture)
{
    double width = layout->right - layout->left, height = layout->bottom - layout->top;
    double decades = log10(layout->x.high) - log10(layout->x.low);
    double fall =
        0.5 * decades / COLUMNS * height / (log10(layout->y.high) - log10(layout->y.low));
    size_t length = (size_t)fmin(COLUMNS * 0.35, 0.3 * height / fall);
    if (!layout->x.log || !layout->y.log || picture->count < 2 || decades < 1 ||
        length < COLUMNS / 6 || fall * (double)length < 10)
        return;
    struct cover *cover = cover_all(layout, picture);
    double best = INFINITY, best_y = 0;
    size_t best_c = 0;
    for (size_t r = ROWS; r-- > 0;) /* from below: under the curve is the usual place */
        for (size_t c = 2; c + length < COLUMNS; c++) {
            double y = layout->top + height * (double)r / ROWS;
            double space =
                clearance(layout, cover, picture->count, c, c + length, y, fall);
            if (space > 6 && fabs(space - NEAR) + 1 < best)
                best = fabs(space - NEAR), best_y = y, best_c = c;
        }
    double column = width / COLUMNS, x = layout->left + ((double)best_c + 0.5) * column;
    if (isfinite(best))
        draw(layout, x, best_y, x + column * (double)length,
             best_y + fall * (double)length);
    free(cover);
}
