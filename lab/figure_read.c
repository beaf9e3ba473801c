/* lab/figure_read.c -- the CSV files of a run -> the curves and bounds to draw */
#include "lab/figure_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/csv.h"

static bool is_named(const json_t *object, const char *key, const char *metric)
{
    const char *name = json_string_value(json_object_get(object, key));
    return name && strcmp(name, metric) == 0;
}

static bool is_stacked(const json_t *manifest, const char *metric)
{
    const json_t *stacks = json_object_get(manifest, "stacks");
    for (size_t i = 0; i < json_array_size(stacks); i++) {
        const json_t *stack = json_array_get(stacks, i),
                     *parts = json_object_get(stack, "parts");
        if (is_named(stack, "metric", metric))
            return true;
        for (size_t k = 0; k < json_array_size(parts); k++)
            if (is_named(json_array_get(parts, k), "metric", metric))
                return true;
    }
    return false;
}

static bool is_plotted(const json_t *manifest, const char *metric)
{
    const json_t *plots = json_object_get(manifest, "plots");
    for (size_t i = 0; i < json_array_size(plots); i++) {
        const json_t *plot = json_array_get(plots, i);
        if (is_named(plot, "metric", metric) || is_named(plot, "against", metric))
            return true;
    }
    return is_stacked(manifest, metric);
}

/* bound NULL: the curve itself. */
static bool is_about(const struct lab_series *series, size_t arm, const char *metric,
                     const char *bound)
{
    return series->arm == arm && strcmp(series->metric, metric) == 0 &&
           (bound ? series->bound && strcmp(series->bound, bound) == 0 : !series->bound);
}

/* The last one first: rows of one series stand together. */
static struct lab_series *find_series(const struct lab_curves *curves, size_t arm,
                                      const char *metric, const char *bound)
{
    for (size_t i = curves->count; i-- > 0;)
        if (is_about(&curves->series[i], arm, metric, bound))
            return &curves->series[i];
    return NULL;
}

static struct lab_series *add_series(struct lab_curves *curves, size_t arm,
                                     const char *metric, const char *bound)
{
    curves->series =
        lab_realloc(curves->series, curves->count + 1, sizeof *curves->series);
    struct lab_series *series = &curves->series[curves->count++];
    *series = (struct lab_series){
        .arm = arm,
        .metric = lab_text("%s", metric),
        .bound = bound ? lab_text("%s", bound) : NULL,
        .status = lab_text("%s", ""),
        .verdict = lab_text("%s", ""),
        .tightness = NAN,
    };
    return series;
}

/* The figures' one rule for what can be drawn. */
static double drawable(double value)
{
    return fabs(value) <= 1e300 ? value : NAN;
}

static void add_point(struct lab_series *series, double t, const double y[3])
{
    if (series->n == series->room) {
        series->room = series->room ? 2 * series->room : 128;
        series->t = lab_realloc(series->t, series->room, sizeof(double));
        series->y = lab_realloc(series->y, series->room, sizeof(double));
        if (!series->bound) {
            series->low = lab_realloc(series->low, series->room, sizeof(double));
            series->high = lab_realloc(series->high, series->room, sizeof(double));
        }
    }
    series->t[series->n] = t;
    series->y[series->n] = drawable(y[0]);
    if (!series->bound) {
        series->low[series->n] = drawable(y[1]);
        /* an infinite upper edge leaves the figure at its top */
        series->high[series->n] = y[2] > 1e300 ? 1e300 : drawable(y[2]);
    }
    series->n++;
}

enum { ARM, METRIC, T, Y, LOW, HIGH, BOUND = LOW, COLUMNS = 6 };

/* One row of curves.csv or bounds.csv. */
static int read_point(const struct lab_csv *csv, const size_t column[COLUMNS],
                      bool bounds, struct lab_curves *curves, struct lab_error *err)
{
    double arm, t, y[3] = {NAN, NAN, NAN};
    if (lab_csv_number(csv, column[ARM], &arm, err) ||
        lab_csv_number(csv, column[T], &t, err) ||
        lab_csv_number(csv, column[Y], &y[0], err))
        return -1;
    if (!bounds && (lab_csv_number(csv, column[LOW], &y[1], err) ||
                    lab_csv_number(csv, column[HIGH], &y[2], err)))
        return -1;
    if (!(arm >= 1 && arm < 1e9 && t >= 1 && t <= 1e300))
        return lab_fail(err, "%s:%zu: arm = %g, t = %g", csv->path, csv->line, arm, t);
    const char *metric = lab_csv_cell(csv, column[METRIC]);
    const char *bound = bounds ? lab_csv_cell(csv, column[BOUND]) : NULL;
    struct lab_series *series = find_series(curves, (size_t)arm, metric, bound);
    if (!series)
        series = add_series(curves, (size_t)arm, metric, bound);
    if (series->n && !(t > series->t[series->n - 1]))
        return lab_fail(err, "%s:%zu: t = %g does not increase", csv->path, csv->line, t);
    add_point(series, t, y);
    return 0;
}

static int read_points(struct lab_csv *csv, bool bounds, const json_t *manifest,
                       struct lab_curves *curves, struct lab_error *err)
{
    const char *const names[COLUMNS] = {"arm",
                                        "metric",
                                        "t",
                                        bounds ? "bound_value" : "mean",
                                        bounds ? "bound" : "q05",
                                        bounds ? "bound" : "q95"};
    size_t column[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        if (lab_csv_column(csv, names[i], &column[i], err))
            return -1;
    int got;
    while ((got = lab_csv_next(csv, err)) == 1)
        if (is_plotted(manifest, lab_csv_cell(csv, column[METRIC])) &&
            read_point(csv, column, bounds, curves, err))
            return -1;
    return got;
}

static int read_curves(struct lab_csv *csv, const json_t *manifest,
                       struct lab_curves *curves, struct lab_error *err)
{
    return read_points(csv, false, manifest, curves, err);
}

static int read_bounds(struct lab_csv *csv, const json_t *manifest,
                       struct lab_curves *curves, struct lab_error *err)
{
    return read_points(csv, true, manifest, curves, err);
}

static int read_verdicts(struct lab_csv *csv, const json_t *manifest,
                         struct lab_curves *curves, struct lab_error *err)
{
    static const char *const names[COLUMNS] = {"arm",    "metric",  "bound",
                                               "status", "verdict", "tightness"};
    (void)manifest;
    size_t column[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        if (lab_csv_column(csv, names[i], &column[i], err))
            return -1;
    int got;
    while ((got = lab_csv_next(csv, err)) == 1) {
        double arm, tightness;
        if (lab_csv_number(csv, column[0], &arm, err) ||
            lab_csv_number(csv, column[5], &tightness, err))
            return -1;
        struct lab_series *series =
            arm >= 1 && arm < 1e9
                ? find_series(curves, (size_t)arm, lab_csv_cell(csv, column[1]),
                              lab_csv_cell(csv, column[2]))
                : NULL;
        if (!series)
            continue; /* a bound that does not apply, or of a metric without a figure */
        free(series->status);
        free(series->verdict);
        series->status = lab_text("%s", lab_csv_cell(csv, column[3]));
        series->verdict = lab_text("%s", lab_csv_cell(csv, column[4]));
        series->tightness = tightness;
    }
    return got;
}

int lab_curves_read(const char *run_dir, const json_t *manifest,
                    struct lab_curves *curves, struct lab_error *err)
{
    static const struct {
        const char *name;
        int (*read)(struct lab_csv *, const json_t *, struct lab_curves *,
                    struct lab_error *);
    } files[] = {{"curves.csv", read_curves},
                 {"bounds.csv", read_bounds},
                 {"verdicts.csv", read_verdicts}};
    *curves = (struct lab_curves){0};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = lab_text("%s/%s", run_dir, files[i].name);
        struct lab_csv csv;
        int failed = lab_csv_open(&csv, path, err);
        free(path);
        if (!failed) {
            failed = files[i].read(&csv, manifest, curves, err);
            lab_csv_close(&csv);
        }
        if (failed)
            return -1;
    }
    return 0;
}

const struct lab_series *lab_curves_find(const struct lab_curves *curves, size_t arm,
                                         const char *metric)
{
    return find_series(curves, arm, metric, NULL);
}

int lab_curves_against(const struct lab_curves *curves, size_t curve, const char *against,
                       const struct lab_series **abscissa, struct lab_error *err)
{
    const struct lab_series *about = &curves->series[curve];
    *abscissa = NULL;
    if (strcmp(against, "t") == 0)
        return 0;
    const struct lab_series *over = find_series(curves, about->arm, against, NULL);
    if (!over)
        return lab_fail(err, "curves.csv has no metric '%.40s' of arm %zu", against,
                        about->arm);
    for (size_t i = 0; i < over->n; i++)
        if (!(over->y[i] > 0 && (i == 0 || over->y[i] >= over->y[i - 1])))
            return lab_fail(err, "curves.csv: %.40s of arm %zu is %g at t = %g: no axis",
                            against, about->arm, over->y[i], over->t[i]);
    for (size_t k = 0; k < curves->count; k++) {
        const struct lab_series *one = &curves->series[k];
        if (one->arm == about->arm && strcmp(one->metric, about->metric) == 0 &&
            !(one->t[0] >= over->t[0] && one->t[one->n - 1] <= over->t[over->n - 1]))
            return lab_fail(err, "curves.csv: %.40s of arm %zu lacks rows", against,
                            about->arm);
    }
    *abscissa = over;
    return 0;
}

void lab_curves_free(struct lab_curves *curves)
{
    for (size_t i = 0; i < curves->count; i++)
        lab_series_free(&curves->series[i]);
    free(curves->series);
    *curves = (struct lab_curves){0};
}

void lab_series_free(struct lab_series *series)
{
    free(series->metric);
    free(series->bound);
    free(series->status);
    free(series->verdict);
    free(series->t);
    free(series->y);
    free(series->low);
    free(series->high);
    *series = (struct lab_series){0};
}

static void copy_point(struct lab_series *to, const struct lab_series *from, size_t i)
{
    add_point(to, from->t[i],
              (double[]){from->y[i], from->low ? from->low[i] : NAN,
                         from->high ? from->high[i] : NAN});
}

/* Everything of a series but its points. */
static struct lab_series copy_names(const struct lab_series *series)
{
    return (struct lab_series){
        .arm = series->arm,
        .metric = lab_text("%s", series->metric),
        .bound = series->bound ? lab_text("%s", series->bound) : NULL,
        .status = lab_text("%s", series->status),
        .verdict = lab_text("%s", series->verdict),
        .tightness = series->tightness,
    };
}

struct lab_series lab_series_over(const struct lab_series *series,
                                  const struct lab_series *abscissa)
{
    struct lab_series over = copy_names(series);
    for (size_t i = 0; i < series->n; i++) {
        copy_point(&over, series, i);
        over.t[i] = lab_series_at(abscissa, series->t[i]);
    }
    return over;
}

/* The row in [from, to) with the greatest `sign * value`, or `from`. */
static size_t extreme(const double *value, double sign, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; value && i < to; i++)
        if (!(sign * value[i] <= sign * value[best]) && !isnan(value[i]))
            best = i;
    return best;
}

/* Six rows speak for a stretch: its ends, extremes of the line, extremes of the band. */
static void copy_stretch(struct lab_series *to, const struct lab_series *all, size_t from,
                         size_t end)
{
    size_t row[] = {from,
                    extreme(all->y, -1, from, end),
                    extreme(all->y, 1, from, end),
                    extreme(all->low, -1, from, end),
                    extreme(all->high, 1, from, end),
                    end - 1};
    for (size_t i = from; i < end; i++)
        for (size_t k = 0; k < 6; k++)
            if (row[k] == i) {
                copy_point(to, all, i);
                break;
            }
}

struct lab_series lab_series_thin(const struct lab_series *series, bool log_x,
                                  size_t limit)
{
    struct lab_series to = copy_names(series);
    size_t n = series->n;
    struct lab_axis axis = {log_x, n ? series->t[0] : 1, n ? series->t[n - 1] : 1};
    double stretches = (double)(limit / 6);
    for (size_t from = 0, end; from < n; from = end) {
        double number = floor(lab_axis_place(&axis, series->t[from]) * stretches);
        for (end = from + 1; n > limit && end < n; end++)
            if (floor(lab_axis_place(&axis, series->t[end]) * stretches) > number)
                break;
        copy_stretch(&to, series, from, end);
    }
    return to;
}
