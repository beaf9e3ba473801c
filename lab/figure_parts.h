/*
 * lab/figure_parts.h -- what the files of figure.c pass to each other; for them alone.
 *
 * Lengths are in pixels of a canvas of 1440 x 900, from its left and top; the other
 * formats are the same canvas in other units.
 */
#ifndef LAB_FIGURE_PARTS_H
#define LAB_FIGURE_PARTS_H

#include <stdbool.h>

#include "lab/figure.h"

enum { LAB_CANVAS_WIDTH = 1440, LAB_CANVAS_HEIGHT = 900, LAB_EDGE = 18 };
#define LAB_LINE 1.3 /**< height of a line, in units of its font's size */

/** A metric of one arm (`bound` NULL: mean and 5-95 % band), or a bound on it.  A value
 *  that cannot be drawn (not finite, or beyond 1e300) is NAN. */
struct lab_series {
    size_t arm;
    char *metric;
    char *bound;
    char *status, *verdict; /**< of a bound: "certified", "holds"; "" where not known */
    double tightness;
    size_t n, room;
    double *t, *y;
    double *low, *high; /**< the band; a bound has none */
};

struct lab_curves {
    size_t count;
    struct lab_series *series; /**< in file order */
};

/** Reads the metrics named in the manifest's `plots` and the bounds on them. */
int lab_curves_read(const char *run_dir, const json_t *manifest,
                    struct lab_curves *curves, struct lab_error *err);
void lab_curves_free(struct lab_curves *curves);

/** What curve `curve` and its bounds are drawn over: the mean of the metric `against` of the
 *  same arm, given t; NULL for "t".  0, or -1 if that curve is missing or falls. */
int lab_curves_against(const struct lab_curves *curves, size_t curve, const char *against,
                       const struct lab_series **abscissa, struct lab_error *err);

/** The curve of that metric and arm, or NULL. */
const struct lab_series *lab_curves_find(const struct lab_curves *curves, size_t arm,
                                         const char *metric);

/** Copies at most `limit` points, evenly along the axis, extremes among them. */
struct lab_series lab_series_thin(const struct lab_series *series, bool log_x,
                                  size_t limit);
/** A copy in which each t has become the abscissa's value at t. */
struct lab_series lab_series_over(const struct lab_series *series,
                                  const struct lab_series *abscissa);
void lab_series_free(struct lab_series *series);

enum { LAB_NOTES = 4 };

/** One figure, before anything has a place. */
struct lab_picture {
    char *name; /**< stem of its files; letters, digits, _ and - only */
    char *run;  /**< run id, hexadecimal */
    char *title, *subtitle, *label; /**< label: what the curve is */
    char *quantity;                 /**< the metric and its definition, over the y axis */
    char *source;                   /**< small print: run and definition */
    char *across;                   /**< what the x axis is */
    const char *unit;               /**< the same in a word: "t" */
    char *note[LAB_NOTES];          /**< small print above it */
    size_t notes;
    double diverged; /**< where on the x axis the first divergence is, or NAN */
    bool log_x, log_y;
    bool band;    /**< more than one seed */
    bool stacked; /**< series are tops of areas, each upon the one before */
    size_t count;
    struct lab_series *series; /**< the curve, then its bounds */
};

/** Builds the figure of curve `curve` for entry `plot` of the manifest; `abscissa`: see
 *  lab_curves_against(). */
struct lab_picture lab_picture_new(const json_t *manifest, const json_t *plot,
                                   const struct lab_curves *curves, size_t curve,
                                   const struct lab_series *abscissa);
/** Whether the arm of that curve has all parts of entry `plot` of the manifest's `stacks`. */
bool lab_stack_is_whole(const json_t *plot, const struct lab_curves *curves,
                        size_t curve);
/** Puts these parts, stacked on the curve, in place of a picture's series. */
void lab_picture_stack(struct lab_picture *picture, const json_t *plot,
                       const struct lab_curves *curves, size_t curve);
void lab_picture_free(struct lab_picture *picture);

struct lab_axis {
    bool log;
    double low, high;
};

/** Where `value` lies on an axis: 0 at its low end, 1 at its high end. */
double lab_axis_place(const struct lab_axis *axis, double value);

/** Tic marks.  `n` = 0: every power of ten, gnuplot finds them itself. */
struct lab_tics {
    size_t n;
    struct {
        double at;
        char label[32]; /**< gnuplot's enhanced text; "" for a small tic */
    } tic[64];
};

/** A text: (x, y) is the middle of its height, at the end that `align` says. */
struct lab_words {
    double x, y, size, angle;
    const char *align, *colour;
    char *text;
};

/** A straight line. */
struct lab_stroke {
    double x0, y0, x1, y1, width;
    const char *colour, *dash;
};

struct lab_layout {
    double left, right, top, bottom; /**< of the plot area */
    struct lab_axis x, y;
    struct lab_tics x_tics, y_tics;
    size_t words, strokes;
    struct lab_words *word;
    struct lab_stroke *stroke;
};

/** The tics of an axis. */
struct lab_tics lab_axis_tics(const struct lab_axis *axis);
/** The value at `t`, linear between rows; NAN outside. */
double lab_series_at(const struct lab_series *series, double t);
/** The ranges alone. */
void lab_layout_axes(struct lab_picture *picture, struct lab_layout *layout);
/** Gives everything a place; may add a note to the picture. */
struct lab_layout lab_layout_new(struct lab_picture *picture);
/** Parts of it. */
double lab_label_room(const struct lab_picture *picture, const struct lab_layout *layout);
void lab_place_labels(struct lab_layout *layout, const struct lab_picture *picture);
void lab_place_slope(struct lab_layout *layout, const struct lab_picture *picture);
void lab_add_words(struct lab_layout *layout,
                   struct lab_words words); /**< takes `text` */
void lab_add_stroke(struct lab_layout *layout, struct lab_stroke stroke);

/** Width at that size, rather too large than too small. */
double lab_text_width(const char *text, double size);
/** Splits `text` into at most `most` lines of that width, new strings; the last ends with
 *  "…" if there was more.  Returns how many. */
size_t lab_text_wrap(const char *text, double size, double width, size_t most,
                     char **line);

void lab_layout_free(struct lab_layout *layout);

/** Colour of series `i` of a picture, "#0072B2": Okabe and Ito's, safe for the
 * colour-blind. */
const char *lab_series_colour(size_t i);

/** The whole script, which sets its own terminal and output. */
void lab_script_draw(FILE *out, const struct lab_picture *picture,
                     const struct lab_layout *layout, enum lab_format format);
/** The graph alone, in characters: line `i` is drawn with LAB_PEN[i % LAB_PENS], the
 * band's edges with points. */
void lab_script_print(FILE *out, const struct lab_picture *picture,
                      const struct lab_layout *layout, size_t width, size_t height);
enum { LAB_PENS = 7 };
#define LAB_PEN "*#$%@&="

/** Draws it with characters, texts above and below the graph, `width` x `height`. */
int lab_picture_print(FILE *terminal, struct lab_picture *picture, size_t width,
                      size_t height, struct lab_error *err);

#endif
