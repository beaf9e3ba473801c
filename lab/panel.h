/*
 * lab/panel.h -- rows of a data set times several vectors at once: the small matrix products
 * behind exact values of linear models.
 *
 * Vectors come in groups of LAB_LANES, one per vector lane: entry j of vector l of a group is
 * x[j][l].  Every lane sees the same operations in the same order, so that a result does not
 * depend on which vectors come with it (OpenBLAS's dgemm would be as fast, but does depend on
 * it, in the last bit).
 */
#ifndef LAB_PANEL_H
#define LAB_PANEL_H

#include "lab/data.h"

enum { LAB_LANES = 4, LAB_PANEL = 128 /* rows that stay in cache */ };

typedef double lab_lanes
    __attribute__((vector_size(LAB_LANES * sizeof(double)), may_alias));

/** Lanes that hold `count` vectors. */
static inline size_t lab_lanes_round(size_t count)
{
    return (count + LAB_LANES - 1) / LAB_LANES * LAB_LANES;
}

/** Where entry j of vector c is in an array of groups of vectors of d numbers. */
static inline size_t lab_lanes_at(size_t d, size_t c, size_t j)
{
    return (c / LAB_LANES * d + j) * LAB_LANES + c % LAB_LANES;
}

/** z_i = <a_i, x> of consecutive rows, for one group. */
void lab_panel_predict(const struct lab_data *set, size_t first, size_t rows,
                       const lab_lanes *x, lab_lanes *z);
/** g += sum_i slope_i a_i of consecutive rows, for one group. */
void lab_panel_add(const struct lab_data *set, size_t first, size_t rows,
                   const lab_lanes *slope, lab_lanes *g);

/** A sum that keeps what rounding would lose (Kahan 1965): f is a mean of many panels. */
struct lab_sum_exact {
    double value, lost;
};

static inline void lab_sum_exact_add(struct lab_sum_exact *s, double term)
{
    double corrected = term - s->lost, value = s->value + corrected;
    s->lost = value - s->value - corrected;
    s->value = value;
}

#endif
