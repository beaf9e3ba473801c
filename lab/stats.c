/* lab/stats.c -- see stats.h */
#include "lab/stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lab/error.h"
#include "lab/random.h"

enum { BAND_RESAMPLES = 4000, RATIO_RESAMPLES = 1000, BOOTSTRAP_SEEDS = 2000 };
static const double MOST_WORK = 4e8; /* additions spent on one bootstrap */

/* Type 7 quantile of sorted numbers, without 0 * inf. */
static double quantile(const double *sorted, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t below = (size_t)at;
    double part = at - (double)below;
    if (part == 0.0 || below + 1 >= n)
        return sorted[below];
    return (1.0 - part) * sorted[below] + part * sorted[below + 1];
}

struct lab_summary lab_summarise(size_t n, const double *v, size_t stride,
                                 double *scratch)
{
    struct lab_summary s = {.mean = NAN, .se = NAN, .sd = NAN};
    double finite = 0.0, most = 0.0;
    for (size_t i = 0; i < n; i++) {
        scratch[i] = v[i * stride];
        finite += 0.0 * scratch[i];
        most = fmax(most, fabs(scratch[i]));
    }
    if (finite == 0.0) {
        const double unit =
            most > 1e150 ? 0x1p600 : 1.0; /* so that squares stay finite */
        for (size_t i = 0; i < n; i++)
            scratch[i] /= unit;
        s.mean = gsl_stats_mean(scratch, 1, n) * unit;
        if (n > 1) {
            s.sd = gsl_stats_sd_m(scratch, 1, n, s.mean / unit) * unit;
            s.se = s.sd / sqrt((double)n);
        }
        for (size_t i = 0; i < n; i++)
            scratch[i] = v[i * stride];
    } else {
        double sum = 0.0; /* inf, or nan with both signs or a nan */
        for (size_t i = 0; i < n; i++)
            sum += scratch[i];
        s.mean = isfinite(sum) ? NAN : sum;
    }
    gsl_sort(scratch, 1, n);
    s.min = scratch[0];
    s.q05 = quantile(scratch, n, 0.05);
    s.q25 = quantile(scratch, n, 0.25);
    s.median = quantile(scratch, n, 0.5);
    s.q75 = quantile(scratch, n, 0.75);
    s.q95 = quantile(scratch, n, 0.95);
    s.max = scratch[n - 1];
    return s;
}

/* weight[r] = how often seed r is drawn in a resample of all. */
static void resample(gsl_rng *rng, size_t seeds, uint32_t *drawn, double *weight)
{
    memset(weight, 0, seeds * sizeof *weight);
    lab_draw_indices(rng, seeds, seeds, drawn);
    for (size_t i = 0; i < seeds; i++)
        weight[drawn[i]] += 1.0;
}

/* Row means and sums of squares about `centre` with those weights. */
static void weighted_moments(size_t seeds, size_t rows, const double *value,
                             const double *weight, double *mean, double *square)
{
    memset(mean, 0, rows * sizeof *mean);
    if (square)
        memset(square, 0, rows * sizeof *square);
    for (size_t r = 0; r < seeds; r++) {
        if (weight[r] == 0.0)
            continue;
        const double *v = value + r * rows;
        for (size_t k = 0; k < rows; k++)
            mean[k] += weight[r] * v[k];
        for (size_t k = 0; square && k < rows; k++)
            square[k] += weight[r] * v[k] * v[k];
    }
    for (size_t k = 0; k < rows; k++)
        mean[k] /= (double)seeds;
}

/* Columns kept: at most `most` of the rows where every seed is finite; *kept of them. */
static double *pick_rows(size_t seeds, size_t rows, const double *value, size_t most,
                         const double *shift, size_t *kept)
{
    size_t *row = lab_alloc(rows, sizeof *row), good = 0;
    for (size_t k = 0; k < rows; k++) {
        double zero = 0.0;
        for (size_t r = 0; r < seeds; r++)
            zero += 0.0 * value[r * rows + k];
        if (zero == 0.0)
            row[good++] = k;
    }
    size_t step = good > most ? (good + most - 1) / most : 1;
    *kept = (good + step - 1) / step;
    double *out = lab_alloc(seeds * *kept, sizeof *out);
    for (size_t r = 0; r < seeds; r++)
        for (size_t i = 0; i < *kept; i++)
            out[r * *kept + i] = value[r * rows + row[i * step]] - shift[row[i * step]];
    free(row);
    return out;
}

/* Quantiles of the greatest and least studentised deviation over rows (centred values). */
static void studentised(size_t seeds, size_t rows, const double *value, double alpha,
                        uint64_t seed, double *least, double *greatest)
{
    gsl_rng *rng = lab_rng_new(seed, 0, LAB_FOR_BOOTSTRAP);
    uint32_t *drawn = lab_alloc(seeds, sizeof *drawn);
    double *weight = lab_alloc(seeds, sizeof *weight);
    double *mean = lab_alloc(rows, sizeof *mean),
           *square = lab_alloc(rows, sizeof *square);
    double *low = lab_alloc(BAND_RESAMPLES, sizeof *low);
    double *high = lab_alloc(BAND_RESAMPLES, sizeof *high);
    const double n = (double)seeds;
    for (size_t b = 0; b < BAND_RESAMPLES; b++) {
        resample(rng, seeds, drawn, weight);
        weighted_moments(seeds, rows, value, weight, mean, square);
        for (size_t k = 0; k < rows; k++) {
            double variance = (square[k] - n * mean[k] * mean[k]) / (n - 1.0);
            double t = variance > 0.0 ? mean[k] / sqrt(variance / n) : 0.0;
            low[b] = fmin(low[b], t);
            high[b] = fmax(high[b], t);
        }
    }
    gsl_sort(low, 1, BAND_RESAMPLES);
    gsl_sort(high, 1, BAND_RESAMPLES);
    *least = quantile(low, BAND_RESAMPLES, alpha / 2.0);
    *greatest = quantile(high, BAND_RESAMPLES, 1.0 - alpha / 2.0);
    free(drawn), free(weight), free(mean), free(square), free(low), free(high);
    gsl_rng_free(rng);
}

/* How far from the mean the band reaches, in standard errors, on the side of a tail with
 * that skewness, by Student's quantile q of n numbers (Johnson 1978). */
static double reach(double q, double skewness, size_t n)
{
    return q + fmax(skewness, 0.0) / (6.0 * sqrt((double)n)) * (2.0 * q * q + 1.0);
}

void lab_band(size_t seeds, size_t rows, const double *value, double alpha,
              double skewness, uint64_t seed, double *lower, double *upper)
{
    double *scratch = lab_alloc(seeds, sizeof *scratch);
    double *mean = lab_alloc(rows, sizeof *mean), *se = lab_alloc(rows, sizeof *se);
    double *skew = lab_alloc(rows, sizeof *skew);
    for (size_t k = 0; k < rows; k++) {
        struct lab_summary s = lab_summarise(seeds, value + k, rows, scratch);
        mean[k] = s.mean;
        se[k] = s.se;
        if (s.sd > 0.0 && isfinite(s.sd))
            skew[k] = gsl_stats_skew_m_sd(scratch, 1, seeds, s.mean, s.sd);
    }
    const double q =
        seeds > 1 ? gsl_cdf_tdist_Qinv(alpha / 2.0 / (double)rows, (double)(seeds - 1))
                  : 0.0;
    double least = 0.0, greatest = 0.0;
    if (seeds > 1 && seeds <= BOOTSTRAP_SEEDS) {
        size_t most = (size_t)(MOST_WORK / BAND_RESAMPLES / (double)seeds), kept;
        double *some = pick_rows(seeds, rows, value, most ? most : 1, mean, &kept);
        if (kept)
            studentised(seeds, kept, some, alpha, seed, &least, &greatest);
        free(some);
    }
    /* Among few seeds a resample may have nearly no variance: more than twice Student's
     * quantile says nothing but that. */
    least = fmin(-least, 2.0 * q);
    greatest = fmin(greatest, 2.0 * q);
    for (size_t k = 0; k < rows; k++) {
        const double below = fmax(reach(q, -skew[k], seeds), greatest),
                     above = fmax(reach(q, fmax(skew[k], skewness), seeds), least);
        lower[k] = isnan(se[k]) ? -INFINITY : mean[k] - below * se[k];
        upper[k] = isnan(se[k]) ? INFINITY : mean[k] + above * se[k];
        if (mean[k] == INFINITY)
            lower[k] = INFINITY;
    }
    free(scratch), free(mean), free(se), free(skew);
}

/* The greatest ratio of two rows of means, among rows that count and where it is finite. */
static double greatest_ratio(size_t rows, const double *mean, const double *bound,
                             const bool *counts, size_t *worst)
{
    double most = NAN;
    *worst = rows;
    for (size_t k = 0; k < rows; k++) {
        double ratio = mean[k] / bound[k];
        if (counts[k] && isfinite(ratio) && !(ratio <= most)) {
            most = ratio;
            *worst = k;
        }
    }
    return most;
}

struct lab_tightness lab_tightness(size_t seeds, size_t rows, const double *value,
                                   const double *bound, int each, uint64_t seed)
{
    struct lab_tightness out;
    uint32_t *drawn = lab_alloc(seeds, sizeof *drawn);
    double *weight = lab_alloc(seeds, sizeof *weight);
    double *mean = lab_alloc(rows, sizeof *mean), *limit = lab_alloc(rows, sizeof *limit);
    bool *counts = lab_alloc(rows, sizeof *counts); /* in resamples, too */
    for (size_t r = 0; r < seeds; r++)
        weight[r] = 1.0;
    weighted_moments(seeds, rows, value, weight, mean, NULL);
    if (each)
        weighted_moments(seeds, rows, bound, weight, limit, NULL);
    else
        memcpy(limit, bound, rows * sizeof *limit);
    for (size_t k = 0; k < rows; k++)
        counts[k] = isfinite(mean[k]) && isfinite(limit[k]);
    out.value = out.lo = out.hi = greatest_ratio(rows, mean, limit, counts, &out.worst);

    double fit = MOST_WORK / (double)rows / (double)seeds;
    size_t resamples = fit < RATIO_RESAMPLES ? (size_t)fit : RATIO_RESAMPLES, ignored;
    if (resamples < 200)
        resamples = 200;
    double *ratio = lab_alloc(resamples, sizeof *ratio);
    gsl_rng *rng = lab_rng_new(seed, 1, LAB_FOR_BOOTSTRAP);
    for (size_t b = 0; b < resamples; b++) {
        resample(rng, seeds, drawn, weight);
        weighted_moments(seeds, rows, value, weight, mean, NULL);
        if (each)
            weighted_moments(seeds, rows, bound, weight, limit, NULL);
        ratio[b] = greatest_ratio(rows, mean, limit, counts, &ignored);
    }
    if (out.worst < rows && seeds > 1) {
        gsl_sort(ratio, 1, resamples);
        out.lo = quantile(ratio, resamples, 0.025);
        out.hi = quantile(ratio, resamples, 0.975);
    }
    gsl_rng_free(rng);
    free(drawn), free(weight), free(mean), free(limit), free(counts), free(ratio);
    return out;
}
