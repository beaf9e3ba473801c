/* lab/rate.c -- see rate.h */
#include "lab/rate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "lab/error.h"
#include "lab/random.h"

enum {
    MOST_ROWS = 96,
    LEAST_ROWS = 8,
    BEFORE = 3,
    RESAMPLES = 1000,
    BOOTSTRAP_SEEDS = 2000
};
static const double DECADE = 2.302585092994046, LEAST_KINK = 0.02, ERRORS = 3.0,
                    FLAT = 0.05;
static const double MOST_WORK = 1e8; /* additions spent on one bootstrap */

const char *const lab_shape_text[] = {"power", "flat",     "geometric", "diverged",
                                      "zero",  "negative", "short"};

/* The rows looked at.  Everything but `seeds` is an array of n. */
struct curve {
    size_t n, seeds;
    size_t *t;
    double *x, *y, *w;   /* log t, log mean, weight */
    double *mean, *part; /* part: seeds x n numbers, divided by the mean */
};

/* ---- rows -------------------------------------------------------------- */

/* Rows spread evenly over log t, the last one among them; how many. */
static size_t pick_rows(size_t rows, const size_t *t, size_t to, size_t *row)
{
    while (to && rows && t[rows - 1] > to)
        rows--;
    if (!rows)
        return 0;
    const double first = log((double)t[0]), last = log((double)t[rows - 1]);
    const double step = (last - first) / (MOST_ROWS - 1);
    size_t n = 0;
    for (size_t k = 0; k < rows; k++)
        if (rows <= MOST_ROWS || k == 0 || k + 1 == rows ||
            log((double)t[k]) >= log((double)t[row[n - 1]]) + step)
            row[n++] = k;
    return n;
}

static double mean_of(size_t seeds, size_t rows, const double *value, size_t k)
{
    double sum = 0.0;
    for (size_t r = 0; r < seeds; r++)
        sum += value[r * rows + k];
    return sum / (double)seeds;
}

/* Half the way to either neighbour: the row's share of the axis. */
static double share(const double *x, size_t n, size_t k)
{
    return 0.5 * (x[k + 1 < n ? k + 1 : k] - x[k ? k - 1 : k]);
}

static void weigh(struct curve *c)
{
    double *noise = lab_alloc(c->n, sizeof *noise), usual = 0.0;
    for (size_t k = 0; k < c->n && c->seeds > 1; k++) {
        const double sd = gsl_stats_sd_m(c->part + k, c->n, c->seeds, 1.0);
        noise[k] = sd * sd / (double)c->seeds;
        usual += noise[k] / (double)c->n;
    }
    for (size_t k = 0; k < c->n; k++)
        c->w[k] = share(c->x, c->n, k) * (usual > 0.0 ? usual / (usual + noise[k]) : 1.0);
    free(noise);
}

static struct curve curve_of(size_t seeds, size_t rows, const size_t *t,
                             const double *value, const size_t *row, size_t n)
{
    struct curve c = {.n = n, .seeds = seeds};
    c.t = lab_alloc(n, sizeof *c.t);
    c.x = lab_alloc(n, sizeof *c.x), c.y = lab_alloc(n, sizeof *c.y);
    c.w = lab_alloc(n, sizeof *c.w), c.mean = lab_alloc(n, sizeof *c.mean);
    c.part = lab_alloc(seeds * n, sizeof *c.part);
    for (size_t k = 0; k < n; k++) {
        c.t[k] = t[row[k]];
        c.x[k] = log((double)c.t[k]);
        c.mean[k] = mean_of(seeds, rows, value, row[k]);
        c.y[k] = log(c.mean[k]);
        for (size_t r = 0; r < seeds; r++)
            c.part[r * n + k] = value[r * rows + row[k]] / c.mean[k];
    }
    weigh(&c);
    return c;
}

static void free_curve(struct curve *c)
{
    free(c->t), free(c->x), free(c->y), free(c->w), free(c->mean), free(c->part);
}

/* ---- lines ------------------------------------------------------------- */

/* Takes the weighted line in x off z, rows begin..n-1. */
static void straighten(const struct curve *c, const double *x, size_t begin, double *z)
{
    double sw = 0.0, sx = 0.0, sz = 0.0, sxx = 0.0, sxz = 0.0;
    for (size_t k = begin; k < c->n; k++)
        sw += c->w[k], sx += c->w[k] * x[k], sz += c->w[k] * z[k];
    const double mx = sx / sw, mz = sz / sw;
    for (size_t k = begin; k < c->n; k++) {
        sxx += c->w[k] * (x[k] - mx) * (x[k] - mx);
        sxz += c->w[k] * (x[k] - mx) * (z[k] - mz);
    }
    for (size_t k = begin; k < c->n; k++)
        z[k] -= mz + sxz / sxx * (x[k] - mx);
}

static double squares(const struct curve *c, size_t begin, const double *z)
{
    double sum = 0.0;
    for (size_t k = begin; k < c->n; k++)
        sum += c->w[k] * z[k] * z[k];
    return sum;
}

/* Squares that a line in x leaves of log mean. */
static double left_by_line(const struct curve *c, const double *x, size_t begin)
{
    double *z = lab_alloc(c->n, sizeof *z);
    for (size_t k = begin; k < c->n; k++)
        z[k] = c->y[k];
    straighten(c, x, begin, z);
    const double left = squares(c, begin, z);
    free(z);
    return left;
}

static double product(const struct curve *c, size_t begin, const double *a,
                      const double *y)
{
    double sum = 0.0;
    for (size_t k = begin; k < c->n; k++)
        sum += a[k] * y[k];
    return sum;
}

/* Standard error over seeds of sum a_k log mean_k, by the derivative of the log. */
static double error_of(const struct curve *c, size_t begin, const double *a)
{
    double *each = lab_alloc(c->seeds, sizeof *each);
    for (size_t r = 0; r < c->seeds; r++)
        each[r] = product(c, begin, a, c->part + r * c->n);
    const double error =
        c->seeds > 1 ? gsl_stats_sd(each, 1, c->seeds) / sqrt((double)c->seeds) : 0.0;
    free(each);
    return error;
}

/* a: the slope is sum a_k y_k. */
static void slope_weights(const struct curve *c, size_t begin, double *a)
{
    double sw = 0.0, sx = 0.0, sxx = 0.0;
    for (size_t k = begin; k < c->n; k++)
        sw += c->w[k], sx += c->w[k] * c->x[k];
    for (size_t k = begin; k < c->n; k++)
        sxx += c->w[k] * (c->x[k] - sx / sw) * (c->x[k] - sx / sw);
    for (size_t k = begin; k < c->n; k++)
        a[k] = c->w[k] * (c->x[k] - sx / sw) / sxx;
}

/* a: the kink at row b is sum a_k y_k; returns 1/sum w z^2, z the part of (x - x_b)_+ that no
 * line is (Frisch & Waugh), so that the kink takes kink^2 times its inverse off the squares. */
static double kink_weights(const struct curve *c, size_t begin, size_t b, double *a)
{
    for (size_t k = begin; k < c->n; k++)
        a[k] = k > b ? c->x[k] - c->x[b] : 0.0;
    straighten(c, c->x, begin, a);
    const double own = squares(c, begin, a);
    for (size_t k = begin; k < c->n; k++)
        a[k] *= c->w[k] / own;
    return 1.0 / own;
}

/* ---- window ------------------------------------------------------------ */

static int is_long(const struct curve *c, size_t begin)
{
    return begin + LEAST_ROWS <= c->n &&
           c->x[c->n - 1] - c->x[begin] >= DECADE * (1.0 - 1e-9);
}

/* The row at which the window from `begin` on changes its slope, or `begin`. */
static size_t change(const struct curve *c, size_t begin)
{
    double *a = lab_alloc(c->n, sizeof *a), gained = 0.0;
    const double line = left_by_line(c, c->x, begin), n = (double)(c->n - begin);
    size_t best = begin;
    for (size_t b = begin + BEFORE; is_long(c, b); b++) {
        const double own = kink_weights(c, begin, b, a),
                     kink = product(c, begin, a, c->y);
        if (kink * kink / own > gained)
            gained = kink * kink / own, best = b;
    }
    if (best > begin) {
        kink_weights(c, begin, best, a);
        const double kink = fabs(product(c, begin, a, c->y)),
                     left = fmax(line - gained, 0.0);
        if (!(n * log(line / left) > 2.0 * log(n) && kink > LEAST_KINK &&
              kink > ERRORS * error_of(c, begin, a)))
            best = begin;
    }
    free(a);
    return best;
}

/* A line in t leaves a hundredth of the squares, and a quarter of those a line in log t does. */
static int is_geometric(const struct curve *c, size_t begin)
{
    double *t = lab_alloc(c->n, sizeof *t), *z = lab_alloc(c->n, sizeof *z), mean = 0.0,
           sum = 0.0;
    for (size_t k = begin; k < c->n; k++)
        t[k] = (double)c->t[k], mean += c->w[k] * c->y[k], sum += c->w[k];
    for (size_t k = begin; k < c->n; k++)
        z[k] = c->y[k] - mean / sum;
    const double left = left_by_line(c, t, begin), total = squares(c, begin, z);
    const int straight =
        4.0 * left < left_by_line(c, c->x, begin) && 100.0 * left < total;
    free(t), free(z);
    return straight;
}

/* ---- interval ---------------------------------------------------------- */

/* The slope of one resample; NAN if a mean is not positive. */
static double resampled(const struct curve *c, size_t begin, const double *a,
                        const uint32_t *drawn, double *mean)
{
    double slope = 0.0;
    for (size_t k = begin; k < c->n; k++)
        mean[k] = 0.0;
    for (size_t i = 0; i < c->seeds; i++)
        for (size_t k = begin; k < c->n; k++)
            mean[k] += c->part[drawn[i] * c->n + k];
    for (size_t k = begin; k < c->n; k++)
        slope +=
            a[k] * (c->y[k] + (mean[k] > 0.0 ? log(mean[k] / (double)c->seeds) : NAN));
    return slope;
}

/* Unknown where more than one resample in a hundred has no slope. */
static void interval(const struct curve *c, size_t begin, const double *a, uint64_t seed,
                     struct lab_rate *rate)
{
    const double n = (double)c->seeds,
                 q = sqrt(n / (n - 1.0)) * gsl_cdf_tdist_Qinv(0.025, n - 1.0);
    const double fit = MOST_WORK / n / (double)(c->n - begin);
    const size_t resamples = fit > RESAMPLES ? RESAMPLES : fit < 200 ? 200 : (size_t)fit;
    uint32_t *drawn = lab_alloc(c->seeds, sizeof *drawn);
    double *slope = lab_alloc(resamples, sizeof *slope),
           *mean = lab_alloc(c->n, sizeof *mean);
    gsl_rng *rng = lab_rng_new(seed, 2, LAB_FOR_BOOTSTRAP);
    size_t good = 0;
    for (size_t b = 0; b < resamples; b++) {
        lab_draw_indices(rng, c->seeds, c->seeds, drawn);
        slope[good] = resampled(c, begin, a, drawn, mean);
        good += isfinite(slope[good]);
    }
    if (100 * good >= 99 * resamples) {
        const double tail = gsl_cdf_ugaussian_Q(q);
        gsl_sort(slope, 1, good);
        rate->lo = gsl_stats_quantile_from_sorted_data(slope, 1, good, tail);
        rate->hi = gsl_stats_quantile_from_sorted_data(slope, 1, good, 1.0 - tail);
    }
    gsl_rng_free(rng);
    free(drawn), free(slope), free(mean);
}

/* ---- the rate ---------------------------------------------------------- */

static void fit(const struct curve *c, size_t begin, uint64_t seed, struct lab_rate *rate)
{
    double *a = lab_alloc(c->n, sizeof *a);
    slope_weights(c, begin, a);
    rate->from = c->t[begin], rate->to = c->t[c->n - 1];
    rate->slope = product(c, begin, a, c->y);
    if (c->seeds > BOOTSTRAP_SEEDS) {
        const double error = error_of(c, begin, a);
        rate->lo = rate->slope - 1.96 * error, rate->hi = rate->slope + 1.96 * error;
    } else if (c->seeds > 1) {
        interval(c, begin, a, seed, rate);
    }
    const double low = fmin(rate->slope, rate->lo), high = fmax(rate->slope, rate->hi);
    if (low > -FLAT && high < FLAT)
        rate->shape = LAB_FLAT;
    else if (is_geometric(c, begin))
        rate->shape = LAB_GEOMETRIC;
    free(a);
}

static enum lab_shape shape_without(double last)
{
    return !isfinite(last) ? LAB_DIVERGED
           : last < 0.0    ? LAB_NEGATIVE
           : last > 0.0    ? LAB_SHORT
                           : LAB_NULL;
}

struct lab_rate lab_rate(size_t seeds, size_t rows, const size_t *t, const double *value,
                         size_t from, size_t to, uint64_t seed)
{
    struct lab_rate rate = {.slope = NAN, .lo = NAN, .hi = NAN, .shape = LAB_POWER};
    size_t *row = lab_alloc(rows + 1, sizeof *row), n = pick_rows(rows, t, to, row),
           first = n;
    while (first > 0 && t[row[first - 1]] >= from) {
        const double mean = mean_of(seeds, rows, value, row[first - 1]);
        if (!(mean > 0.0 && isfinite(mean)))
            break;
        first--;
    }
    struct curve c = curve_of(seeds, rows, t, value, row + first, n - first);
    size_t begin = 0;
    for (size_t b; !from && is_long(&c, begin) && (b = change(&c, begin)) > begin;)
        begin = b;
    if (from ? c.n >= BEFORE : is_long(&c, begin))
        fit(&c, begin, seed, &rate);
    else
        rate.shape = shape_without(n ? mean_of(seeds, rows, value, row[n - 1]) : 1.0);
    free_curve(&c), free(row);
    return rate;
}

double lab_log_slope(size_t rows, const size_t *t, const double *y, size_t from,
                     size_t to)
{
    double *good = lab_alloc(rows + 1, sizeof *good), slope = NAN;
    size_t *at = lab_alloc(rows + 1, sizeof *at), *row = lab_alloc(rows + 1, sizeof *row);
    size_t count = 0;
    for (size_t k = 0; k < rows; k++)
        if (t[k] >= from && t[k] <= to && y[k] > 0.0 && isfinite(y[k]))
            at[count] = t[k], good[count++] = y[k];
    const size_t n = pick_rows(count, at, 0, row);
    if (n >= BEFORE && 2.0 * log((double)at[count - 1] / (double)at[0]) >=
                           log((double)to / (double)from)) {
        struct curve c = curve_of(1, count, at, good, row, n);
        double *a = lab_alloc(n, sizeof *a);
        slope_weights(&c, 0, a);
        slope = product(&c, 0, a, c.y);
        free(a), free_curve(&c);
    }
    free(good), free(at), free(row);
    return slope;
}
