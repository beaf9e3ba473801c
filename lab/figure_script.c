/*
 * lab/figure_script.c -- a laid-out figure -> a gnuplot script that stands on its own.
 *
 * Positions are fractions of the canvas, so a script draws the same in every terminal.
 * Text of the user goes through lab_gnuplot_quote() and nowhere else.
 */
#include "lab/figure_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/gnuplot.h"

enum { TEXT_LIMIT = 240 };

/* Font sizes are pixels in svg, points (3/4 of a pixel) in the cairo terminals. */
static const struct {
    const char *terminal, *font;
    double unit, tics;
} formats[] = {
    [LAB_SVG] = {"svg size 1440,900 dynamic rounded enhanced linewidth 2 dashlength 0.6",
                 "Helvetica,Arial,sans-serif", 1, 0.4},
    [LAB_PNG] = {"pngcairo size 1440,900 rounded enhanced linewidth 2", "sans", 0.75,
                 0.6},
    [LAB_PDF] = {"pdfcairo size 10in,6.25in rounded enhanced linewidth 2", "sans", 0.75,
                 0.6},
};

static void write_head(FILE *out, const struct lab_picture *picture,
                       enum lab_format format)
{
    const char *extension = lab_format_names[format];
    fprintf(out, "# %s.%s: a figure of run %s, drawn by lab; the data are below.\n",
            picture->name, extension, picture->run);
    fprintf(out, "# redraw: gnuplot -d %s.gp\n", picture->name);
    fprintf(out,
            "set encoding utf8\nset terminal %s background \"#ffffff\" font \"%s,%g\"\n",
            formats[format].terminal, formats[format].font, 22 * formats[format].unit);
    fprintf(out, "set output \"%s.%s\"\nset datafile missing \"nan\"\n", picture->name,
            extension);
}

static bool is_shown(const struct lab_picture *picture, const struct lab_series *series,
                     size_t i)
{
    return i < series->n && !isnan(series->y[i]) &&
           !(picture->log_y && series->y[i] <= 0);
}

/* A blank line ends a piece of a line: gaps stay gaps. */
static void write_line(FILE *out, const struct lab_picture *picture, size_t which)
{
    const struct lab_series *series = &picture->series[which];
    fprintf(out, "$line%zu << EOD\n", which);
    for (size_t i = 0; i < series->n; i++)
        if (is_shown(picture, series, i))
            fprintf(out, "%.10g %.10g\n", series->t[i], series->y[i]);
        else
            fputc('\n', out);
    fputs("EOD\n", out);
}

/* Points without neighbours, which a line would not show; returns how many. */
static size_t write_alone(FILE *out, const struct lab_picture *picture, size_t which)
{
    const struct lab_series *series = &picture->series[which];
    size_t alone = 0;
    for (size_t i = 0; i < series->n; i++) {
        if (!is_shown(picture, series, i) || is_shown(picture, series, i + 1) ||
            (i && is_shown(picture, series, i - 1)))
            continue;
        if (alone++ == 0)
            fprintf(out, "$alone%zu << EOD\n", which);
        fprintf(out, "%.10g %.10g\n", series->t[i], series->y[i]);
    }
    if (alone)
        fputs("EOD\n", out);
    return alone;
}

/* Edges beyond the axis are drawn at its end: below 0 has no place on a log axis.  A band
 * of one row gets a width, else it would have no area. */
static size_t write_band(FILE *out, const struct lab_picture *picture,
                         const struct lab_layout *layout)
{
    const struct lab_series *curve = &picture->series[0];
    const struct lab_axis *y = &layout->y;
    double widen = curve->n > 1 ? 0 : 0.004;
    size_t rows = 0;
    fputs("$band << EOD\n", out);
    for (size_t i = 0; i < curve->n; i++) {
        if (!(curve->high[i] > y->low && curve->low[i] < y->high)) {
            fputc('\n', out);
            continue;
        }
        double low = fmax(curve->low[i], y->low), high = fmin(curve->high[i], y->high);
        if (widen > 0)
            fprintf(out, "%.10g %.10g %.10g\n", curve->t[i] * (1 - widen), low, high);
        fprintf(out, "%.10g %.10g %.10g\n", curve->t[i] * (1 + widen), low, high);
        rows++;
    }
    fputs("EOD\n", out);
    return rows;
}

static void write_axis(FILE *out, char name, const struct lab_axis *axis,
                       const struct lab_tics *tics, bool enhanced)
{
    fprintf(out, "set %crange [%.10g:%.10g]\n", name, axis->low, axis->high);
    if (axis->log)
        fprintf(out, "set logscale %c\n", name);
    if (tics->n == 0) {
        fprintf(out, "set format %c \"%s\"\n", name, enhanced ? "10^{%T}" : "1e%T");
        return;
    }
    fprintf(out, "unset m%ctics\nset %ctics (", name, name);
    for (size_t i = 0; i < tics->n; i++) {
        fputs(i ? ", " : "", out);
        if (enhanced || tics->tic[i].label[0] == '\0')
            fprintf(out, "\"%s\"", tics->tic[i].label);
        else
            fprintf(out, "\"%.6g\"", tics->tic[i].at);
        fprintf(out, " %.10g %d", tics->tic[i].at, tics->tic[i].label[0] == '\0');
    }
    fputs(")\n", out);
}

static void write_frame(FILE *out, const struct lab_layout *layout, double tics)
{
    fprintf(out,
            "set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
            "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
            layout->left / LAB_CANVAS_WIDTH, layout->right / LAB_CANVAS_WIDTH,
            1 - layout->top / LAB_CANVAS_HEIGHT, 1 - layout->bottom / LAB_CANVAS_HEIGHT);
    fprintf(out,
            "unset key\nset clip two\nset border 3 lw 0.6 lc rgb \"#444444\"\n"
            "set tics nomirror out scale %g textcolor rgb \"#444444\"\n"
            "set grid ytics lt 1 lw 0.3 lc rgb \"#dddddd\"\n",
            tics);
    write_axis(out, 'x', &layout->x, &layout->x_tics, true);
    write_axis(out, 'y', &layout->y, &layout->y_tics, true);
}

static void write_words(FILE *out, const struct lab_words *words, double unit)
{
    fputs("set label ", out);
    lab_gnuplot_quote(out, words->text, TEXT_LIMIT);
    fprintf(out, " at screen %.5f,%.5f %s", words->x / LAB_CANVAS_WIDTH,
            1 - words->y / LAB_CANVAS_HEIGHT, words->align);
    if (words->angle < 0 || words->angle > 0)
        fprintf(out, " rotate by %.2f", words->angle);
    fprintf(out, " font \",%.4g\" noenhanced textcolor rgb \"%s\"\n", words->size * unit,
            words->colour);
}

static void write_stroke(FILE *out, const struct lab_stroke *stroke)
{
    fprintf(
        out,
        "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead front lw %g dt %s "
        "lc rgb \"%s\"\n",
        stroke->x0 / LAB_CANVAS_WIDTH, 1 - stroke->y0 / LAB_CANVAS_HEIGHT,
        stroke->x1 / LAB_CANVAS_WIDTH, 1 - stroke->y1 / LAB_CANVAS_HEIGHT, stroke->width,
        stroke->dash, stroke->colour);
}

static bool is_estimated(const struct lab_series *series)
{
    return strcmp(series->status, "estimated") == 0;
}

/* Certified bounds are solid; estimated ones are dashed, each differently. */
static const char *dash_of(const struct lab_picture *picture, size_t which)
{
    static const char *const dashes[] = {"(9,9)", "(16,8,1,8)", "(1,6)", "(4,7)",
                                         "(12,7,1,7,1,7)"};
    size_t before = 0;
    if (!is_estimated(&picture->series[which]))
        return "1";
    for (size_t i = 0; i < which; i++)
        before += is_estimated(&picture->series[i]);
    return dashes[before % (sizeof dashes / sizeof *dashes)];
}

static bool coincide(const struct lab_series *one, const struct lab_series *other,
                     const struct lab_axis *axis)
{
    for (size_t i = 0; i < one->n; i++) {
        double apart = lab_axis_place(axis, one->y[i]) -
                       lab_axis_place(axis, lab_series_at(other, one->t[i]));
        if (!(fabs(apart) < 0.003))
            return false;
    }
    return true;
}

/* A line that others will cover is wider than they are: its colour shows on both sides.
 */
static double width_of(const struct lab_picture *picture, size_t which,
                       const struct lab_axis *axis)
{
    double width = which ? 1.3 : 2.0;
    for (size_t i = which + 1; i < picture->count; i++)
        if (coincide(&picture->series[which], &picture->series[i], axis))
            width += 1.3;
    return width;
}

static void write_plot(FILE *out, const struct lab_picture *picture,
                       const struct lab_axis *axis, const size_t *alone, size_t band_rows)
{
    fputs("plot ", out);
    if (band_rows)
        fprintf(out,
                "$band using 1:2:3 with filledcurves fs transparent solid 0.22 noborder "
                "lc rgb \"%s\", \\\n     ",
                lab_series_colour(0));
    for (size_t i = 0; i < picture->count; i++) { /* bounds, thinner, over the curve */
        const char *colour = lab_series_colour(i);
        fprintf(out, "$line%zu using 1:2 with lines lw %g dt %s lc rgb \"%s\"", i,
                width_of(picture, i, axis), dash_of(picture, i), colour);
        if (alone[i])
            fprintf(
                out,
                ", \\\n     $alone%zu using 1:2 with points pt 7 ps 0.7 lc rgb \"%s\"", i,
                colour);
        fputs(i + 1 < picture->count ? ", \\\n     " : "\n", out);
    }
    fputs("unset output\n", out);
}

/* The areas between neighbouring lines. */
static void write_areas(FILE *out, const struct lab_picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        const struct lab_series *top = &picture->series[i];
        fprintf(out, "$area%zu << EOD\n", i);
        for (size_t k = 0; k < top->n; k++)
            if (isnan(top->y[k]))
                fputc('\n', out);
            else
                fprintf(out, "%.10g %.10g %.10g\n", top->t[k],
                        i ? picture->series[i - 1].y[k] : 0.0, top->y[k]);
        fputs("EOD\n", out);
    }
}

/* Areas, then what was measured and the bound as lines upon them. */
static void write_stack(FILE *out, const struct lab_picture *picture)
{
    fputs("plot ", out);
    for (size_t i = 0; i < picture->count; i++)
        fprintf(out,
                "$area%zu using 1:2:3 with filledcurves fs solid %g noborder lc rgb "
                "\"%s\", \\\n     ",
                i, i ? 0.75 : 0.3, lab_series_colour(i));
    fprintf(out,
            "$line0 using 1:2 with lines lw 2 lc rgb \"%s\", \\\n     "
            "1 with lines lw 1.3 lc rgb \"#222222\"\nunset output\n",
            lab_series_colour(0));
}

void lab_script_draw(FILE *out, const struct lab_picture *picture,
                     const struct lab_layout *layout, enum lab_format format)
{
    size_t *alone = lab_alloc(picture->count, sizeof *alone);
    write_head(out, picture, format);
    size_t band_rows = picture->band ? write_band(out, picture, layout) : 0;
    if (picture->stacked)
        write_areas(out, picture);
    for (size_t i = 0; i < picture->count; i++) {
        write_line(out, picture, i);
        alone[i] = write_alone(out, picture, i);
    }
    write_frame(out, layout, formats[format].tics);
    for (size_t i = 0; i < layout->strokes; i++)
        write_stroke(out, &layout->stroke[i]);
    for (size_t i = 0; i < layout->words; i++)
        write_words(out, &layout->word[i], formats[format].unit);
    if (picture->stacked)
        write_stack(out, picture);
    else
        write_plot(out, picture, &layout->y, alone, band_rows);
    free(alone);
}

void lab_script_print(FILE *out, const struct lab_picture *picture,
                      const struct lab_layout *layout, size_t width, size_t height)
{
    fprintf(out, "set terminal dumb size %zu,%zu nofeed noenhanced mono\n", width,
            height);
    size_t band_rows = picture->band ? write_band(out, picture, layout) : 0;
    for (size_t i = 0; i < picture->count; i++)
        write_line(out, picture, i);
    fputs("unset key\nset clip two\nset border 3\nset tics nomirror out\n"
          "set tmargin 0\nset bmargin 2\nset rmargin 2\n",
          out);
    write_axis(out, 'x', &layout->x, &layout->x_tics, false);
    write_axis(out, 'y', &layout->y, &layout->y_tics, false);
    fputs("plot ", out);
    if (band_rows)
        fputs("$band using 1:2 with points pt \".\", "
              "$band using 1:3 with points pt \".\", ",
              out);
    for (size_t i = picture->count; i-- > 0;) {
        fprintf(out, "$line%zu using 1:2 with ", i);
        if (picture->series[i].n > 1)
            fprintf(out, "lines lt %zu%s", i % LAB_PENS + 1, i ? ", " : "\n");
        else
            fprintf(out, "points pt \"%c\"%s", LAB_PEN[i % LAB_PENS], i ? ", " : "\n");
    }
}
