/*
 * lab/rate.h -- rates from curves: the slope of the log of a mean over seeds against log t, and
 * from where on it is one.
 *
 * Rows.  At most 96, spread evenly over log t; of these the last ones, as far back as the mean
 * is positive and finite.  A row weighs its share of the axis log t, divided by m^2 + r^2, r
 * the relative standard error of its mean and m^2 the mean of r^2 over the rows: noisy rows
 * count less, dense ones not more.
 *
 * Window.  In front of a rate stand transients, behind it floors, so the last straight piece is
 * looked for.  The window begins as all rows.  Among the rows that leave at least 8 rows and a
 * decade of t behind them, that break is taken at which a line with one kink fits best.  It is
 * a change if
 *
 *     n log(S1/S2) > 2 log n        S1, S2: weighted squares left by a line, by a kinked line;
 *                                   two more numbers, BIC
 *     |kink| > 0.02                 a lesser change of slope is none
 *     |kink| > 3 standard errors    over seeds: rows of a path are not independent, seeds are
 *
 * and then the window begins there; until there is no change.  A floor that a curve reaches less
 * than a decade before its end is thus not told from the piece before it.
 *
 * Slope.  Weighted least squares on the window; the interval is the bootstrap's over seeds with
 * the window held fixed, at expanded percentiles (Hesterberg 2015, The American Statistician
 * 69:371; recalled): with few seeds percentiles are too narrow.  It speaks of the slope of the
 * mean on this window, not of the choice of the window.  Measured in 1500 trials of t^-1/2 times
 * random walks over log t, as in tests/test_rate.c: it has the slope in 94 % of them with 8
 * seeds, 95 % with 32; where seeds spread widely (sd of the log 0.8 at T) in 88 and 91 %.
 */
#ifndef LAB_RATE_H
#define LAB_RATE_H

#include <stddef.h>
#include <stdint.h>

enum lab_shape {
    LAB_POWER,     /**< a power of t, as far as the window shows */
    LAB_FLAT,      /**< slope and interval within 0.05 of 0: a floor or plateau */
    LAB_GEOMETRIC, /**< straight against t, not log t: faster than any power */
    LAB_DIVERGED,  /**< the last mean is not finite: no window */
    LAB_NULL,      /**< the last mean is 0: no window */
    LAB_NEGATIVE,  /**< the last mean is negative: no window */
    LAB_SHORT      /**< fewer than 8 rows, or less than a decade of t: no window */
};
extern const char *const lab_shape_text[];

struct lab_rate {
    size_t from, to; /**< steps: the first and last row of the window; 0: none */
    double slope, lo, hi;
    enum lab_shape shape;
};

/** Of seeds x rows numbers, seed after seed, at the steps t.  `from` = 0: by the rule above,
 *  else the window begins at the first row t >= from, whatever comes then (three rows are
 *  enough).  `to`: rows t > to are not looked at; 0: all are. */
struct lab_rate lab_rate(size_t seeds, size_t rows, const size_t *t, const double *value,
                         size_t from, size_t to, uint64_t seed);

/** The slope of log y against log t over rows from <= t <= to by the same weights without noise;
 *  NAN if fewer than three of them are positive and finite, or these span less than half of
 *  the window (in log t). */
double lab_log_slope(size_t rows, const size_t *t, const double *y, size_t from,
                     size_t to);

#endif
