/*
 * lab/stats.h -- statistics over seeds.  Arrays are seeds x rows, one seed after another;
 * everything is taken in seed order, so results depend on nothing else.
 */
#ifndef LAB_STATS_H
#define LAB_STATS_H

#include <stddef.h>
#include <stdint.h>

struct lab_summary {
    double mean, se, sd, min, q05, q25, median, q75, q95, max;
};

/** Of the n numbers v[0], v[stride], ...; `scratch` holds n.  With inf among them mean and
 *  max are inf and sd, se nan; sd and se of one number are nan.  Quantiles by linear
 *  interpolation (type 7). */
struct lab_summary lab_summarise(size_t n, const double *v, size_t stride,
                                 double *scratch);

/**
 * A confidence band for the mean that holds at all rows at once with probability about
 * 1 - alpha: studentised bootstrap of the greatest deviation (Hall 1988), never narrower than
 * Student's band with Bonferroni's correction, widened on the side of the longer tail by
 * Johnson's (1978) term for skewness; beyond 2000 seeds without the bootstrap.  Few seeds
 * hide the skewness they come from: at least `skewness` to the right is assumed (2.83 is
 * that of a squared Gaussian).
 * lower, upper: rows numbers; -inf and inf where a row has too few or non-finite seeds.
 */
void lab_band(size_t seeds, size_t rows, const double *value, double alpha,
              double skewness, uint64_t seed, double *lower, double *upper);

/**
 * max over rows of mean(value)/mean(bound) with a bootstrap percentile interval at 95 %
 * over seeds.  bound: rows numbers, or seeds x rows if `each`.  Rows with a non-finite
 * entry are left out.  worst: the row attaining the maximum; rows if there is none (then
 * all three are nan).
 */
struct lab_tightness {
    double value, lo, hi;
    size_t worst;
};
struct lab_tightness lab_tightness(size_t seeds, size_t rows, const double *value,
                                   const double *bound, int each, uint64_t seed);

#endif
