/* lab/figure_axes.c -- ranges and tic marks, from the data */
#include "lab/figure_parts.h"

#include <math.h>
#include <string.h>

/* A bound this far above the curve does not decide the range: the curve would be a line
 * along the axis.  On a linear axis that happens much sooner. */
static const double FAR_LOG = 1e6, FAR_LINEAR = 10;
/* A lower band edge near 0 is -infinity on a log axis; the curve matters more. */
static const double DEEP_BAND = 100;

double lab_axis_place(const struct lab_axis *axis, double value)
{
    if (!(axis->high > axis->low))
        return 0;
    return axis->log ? (log(value) - log(axis->low)) / (log(axis->high) - log(axis->low))
                     : (value - axis->low) / (axis->high - axis->low);
}

struct span {
    double low, high; /* INFINITY, -INFINITY: nothing yet */
};

static const struct span NOTHING = {INFINITY, -INFINITY};

static void include(struct span *span, double value, bool log_scale)
{
    if (isnan(value) || (log_scale && value <= 0))
        return;
    span->low = fmin(span->low, value);
    span->high = fmax(span->high, value);
}

static struct span span_of(const double *value, size_t n, bool log_scale)
{
    struct span span = NOTHING;
    for (size_t i = 0; i < n; i++)
        include(&span, value[i], log_scale);
    return span;
}

static void include_band(struct span *span, const struct lab_series *curve,
                         bool log_scale)
{
    struct span low = span_of(curve->low, curve->n, log_scale);
    struct span high = span_of(curve->high, curve->n, log_scale);
    struct span core = *span;
    double down =
        log_scale ? core.low / DEEP_BAND : core.low - FAR_LINEAR * (core.high - core.low);
    double up =
        log_scale ? core.high * FAR_LOG : core.high + FAR_LINEAR * (core.high - core.low);
    if (core.high < core.low || core.high == core.low)
        down = -INFINITY, up = 1e299;
    if (low.low <= low.high)
        include(span, fmax(low.low, down), log_scale);
    if (high.low <= high.high && high.high < up)
        include(span, high.high, log_scale);
}

/* The part of a bound within reach of the curve; all of it where there is no curve. */
static void include_bound(struct span *span, const struct lab_series *bound,
                          struct span curve, bool log_scale)
{
    double reach = curve.high - curve.low;
    if (!(reach > 0))
        reach = fabs(curve.high);
    double down = log_scale ? curve.low / FAR_LOG : curve.low - FAR_LINEAR * reach;
    double up = log_scale ? curve.high * FAR_LOG : curve.high + FAR_LINEAR * reach;
    bool free_standing = curve.low > curve.high || (!log_scale && reach == 0);
    struct span near = NOTHING, all = span_of(bound->y, bound->n, log_scale);
    for (size_t i = 0; i < bound->n; i++)
        if (free_standing || (bound->y[i] >= down && bound->y[i] <= up))
            include(&near, bound->y[i], log_scale);
    if (near.low > near.high)
        return; /* out of sight: the label says so */
    include(span, near.low, log_scale);
    include(span, all.high > up && !free_standing ? up : near.high, log_scale);
}

static struct lab_axis range_of(struct span span, bool log_scale, double margin)
{
    if (span.low > span.high)
        span = (struct span){log_scale ? 0.1 : 0, 1};
    if (span.high - span.low <= 1e-9 * fmax(fabs(span.low), fabs(span.high))) {
        double around = span.low != 0 ? fabs(span.low) / 2 : 1;
        span = log_scale ? (struct span){span.low / 2, span.low * 2}
                         : (struct span){span.low - around, span.low + around};
    }
    if (log_scale) {
        double factor = exp(margin * (log(span.high) - log(span.low)));
        return (struct lab_axis){true, fmax(span.low / factor, 1e-300),
                                 fmin(span.high * factor, 1e300)};
    }
    double extra = (span.high - span.low) * margin;
    return (struct lab_axis){false, span.low - extra, span.high + extra};
}

static struct span vertical_span(const struct lab_picture *picture)
{
    const struct lab_series *curve = &picture->series[0];
    struct span mean = span_of(curve->y, curve->n, picture->log_y), all = mean;
    if (picture->band)
        include_band(&all, curve, picture->log_y);
    struct span empirical = all;
    for (size_t i = 1; i < picture->count; i++)
        include_bound(&all, &picture->series[i], empirical, picture->log_y);
    return all;
}

/* A log axis shows nothing at or below 0: says so, or is given up if it would be empty.
 */
static void choose_scale(struct lab_picture *picture)
{
    const struct lab_series *curve = &picture->series[0];
    size_t finite = 0, positive = 0;
    for (size_t i = 0; i < curve->n; i++) {
        finite += isfinite(curve->y[i]);
        positive += curve->y[i] > 0;
    }
    if (!picture->log_y || finite == positive)
        return;
    picture->log_y = positive > 0;
    picture->note[picture->notes++] =
        positive ? lab_text("gaps: the mean is at or below 0 in %zu of %zu points",
                            finite - positive, finite)
                 : lab_text("linear scale: the mean is nowhere above 0");
}

/* From 0 to the bound, or as far as the areas reach. */
static struct span stacked_span(const struct lab_picture *picture)
{
    struct span all = {0, 1};
    for (size_t i = 0; i < picture->count; i++) {
        struct span one = span_of(picture->series[i].y, picture->series[i].n, false);
        all.low = fmin(all.low, one.low < -1e-9 ? one.low : 0);
        all.high = fmax(all.high, one.high > 1 + 1e-9 ? one.high : 1);
    }
    return all;
}

void lab_layout_axes(struct lab_picture *picture, struct lab_layout *layout)
{
    const struct lab_series *curve = &picture->series[0];
    choose_scale(picture);
    struct span time = {curve->t[0], curve->t[curve->n - 1]};
    layout->x = range_of(time, picture->log_x, 0);
    layout->y = picture->stacked ? range_of(stacked_span(picture), false, 0)
                                 : range_of(vertical_span(picture), picture->log_y, 0.04);
}

/* 0.02, 300, 2·10^{7} (gnuplot's enhanced text), in one style along an axis. */
static void name_tic(char label[32], double value, const struct lab_axis *axis)
{
    double size = fabs(value), exponent = size > 0 ? floor(log10(size) + 1e-9) : 0;
    double leading = value / pow(10, exponent);
    double most = fmax(fabs(axis->low), fabs(axis->high));
    double least = axis->log ? axis->low : most;
    if (value == 0 || (least >= 9.99e-4 && most < 999999.5))
        snprintf(label, 32, "%.10g", value);
    else if (fabs(leading - 1) < 1e-9)
        snprintf(label, 32, "10^{%.0f}", exponent);
    else
        snprintf(label, 32, "%.6g·10^{%.0f}", leading, exponent);
}

static void add_tic(struct lab_tics *tics, const struct lab_axis *axis, double at,
                    bool named)
{
    double place = lab_axis_place(axis, at);
    if (tics->n == sizeof tics->tic / sizeof *tics->tic || place < -1e-9 ||
        place > 1 + 1e-9)
        return;
    tics->tic[tics->n].at = at + 0.0; /* -0 is 0 */
    tics->tic[tics->n].label[0] = '\0';
    if (named)
        name_tic(tics->tic[tics->n].label, at + 0.0, axis);
    tics->n++;
}

/* Marks at the digits 1..9 of each decade, named where `digits` has them. */
static size_t decade_tics(struct lab_tics *tics, const struct lab_axis *axis,
                          const char *digits)
{
    size_t named = 0;
    tics->n = 0;
    for (int e = (int)floor(log10(axis->low)); e <= log10(axis->high); e++)
        for (int digit = 1; digit <= 9; digit++) {
            size_t before = tics->n;
            bool has_name = strchr(digits, '0' + digit) != NULL;
            add_tic(tics, axis, digit * pow(10, e), has_name);
            named += has_name && tics->n > before;
        }
    return named;
}

static void even_tics(struct lab_tics *tics, const struct lab_axis *axis)
{
    double rough = (axis->high - axis->low) / 5, power = pow(10, floor(log10(rough)));
    double step = rough / power < 1.5   ? power
                  : rough / power < 3.5 ? 2 * power
                                        : 5 * power;
    tics->n = 0;
    for (double k = ceil(axis->low / step - 1e-9); k * step <= axis->high + 1e-9 * step;
         k++)
        add_tic(tics, axis, k * step, true);
}

struct lab_tics lab_axis_tics(const struct lab_axis *axis)
{
    struct lab_tics tics = {0};
    if (!axis->log)
        even_tics(&tics, axis);
    else if (log10(axis->high) - log10(axis->low) >= 2)
        return tics;
    else if (decade_tics(&tics, axis, "1") < 3 && decade_tics(&tics, axis, "125") < 3 &&
             decade_tics(&tics, axis, "12345678") < 3)
        even_tics(&tics, axis);
    return tics;
}
