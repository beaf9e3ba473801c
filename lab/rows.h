/*
 * lab/rows.h -- rows of a data set, dense or sparse: the only place where storage matters.
 *
 * A branch per row costs nothing beside the row.  What is called from LAB_HOT functions is
 * inlined there and so compiled for every CPU generation.
 */
#ifndef LAB_ROWS_H
#define LAB_ROWS_H

#include "lab/data.h"

/** The stored numbers of one row. */
struct lab_row {
    size_t count;
    double *value;
    const uint32_t *column; /**< ascending; NULL: 0, 1, 2, ... */
};

static inline bool lab_is_sparse(const struct lab_data *set)
{
    return !set->A;
}

static inline struct lab_row lab_row_at(const struct lab_data *set, size_t i)
{
    if (!lab_is_sparse(set))
        return (struct lab_row){set->d, set->A + i * set->stride, NULL};
    const size_t first = set->row_start[i];
    return (struct lab_row){set->row_start[i + 1] - first, set->value + first,
                            set->column + first};
}

static inline size_t lab_row_column(struct lab_row row, size_t k)
{
    return row.column ? row.column[k] : k;
}

/** How many numbers are stored at most. */
static inline double lab_entries(const struct lab_data *set)
{
    return lab_is_sparse(set) ? (double)set->row_start[set->n]
                              : (double)set->n * (double)set->d;
}

/** <a_i, x> */
static inline double lab_row_dot(const struct lab_data *set, size_t i,
                                 const double *restrict x)
{
    const struct lab_row row = lab_row_at(set, i);
    const double *restrict a = row.value;
    double sum = 0.0;
    if (row.column) {
        for (size_t k = 0; k < row.count; k++)
            sum += a[k] * x[row.column[k]];
        return sum;
    }
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < row.count; j++)
        sum += a[j] * x[j];
    return sum;
}

/** y += weight a_i */
static inline void lab_row_add(const struct lab_data *set, size_t i, double weight,
                               double *restrict y)
{
    const struct lab_row row = lab_row_at(set, i);
    const double *restrict a = row.value;
    if (row.column)
        for (size_t k = 0; k < row.count; k++)
            y[row.column[k]] += weight * a[k];
    else
        for (size_t j = 0; j < row.count; j++)
            y[j] += weight * a[j];
}

/** y = weight a_i + shrink x */
static inline void lab_row_combine(const struct lab_data *set, size_t i, double weight,
                                   double shrink, const double *restrict x,
                                   double *restrict y)
{
    const struct lab_row row = lab_row_at(set, i);
    const double *restrict a = row.value;
    if (row.column) {
        for (size_t j = 0; j < set->d; j++)
            y[j] = shrink * x[j];
        lab_row_add(set, i, weight, y);
    } else {
        for (size_t j = 0; j < row.count; j++)
            y[j] = weight * a[j] + shrink * x[j];
    }
}

/** ‖weight a_i + shrink x‖^2, given ‖x‖^2. */
static inline double lab_row_combined2(const struct lab_data *set, size_t i,
                                       double weight, double shrink,
                                       const double *restrict x, double x_norm2)
{
    const struct lab_row row = lab_row_at(set, i);
    double sum = 0.0, met2 = 0.0;
    for (size_t k = 0; k < row.count; k++) {
        const double xj = x[lab_row_column(row, k)];
        const double y = weight * row.value[k] + shrink * xj;
        sum += y * y;
        met2 += xj * xj;
    }
    if (row.column && x_norm2 > met2)
        sum += shrink * shrink * (x_norm2 - met2);
    return sum;
}

/** H += weight a_i a_i', lower triangle of a d x d matrix. */
static inline void lab_row_add_square(const struct lab_data *set, size_t i, double weight,
                                      double *restrict H)
{
    const struct lab_row row = lab_row_at(set, i);
    for (size_t k = 0; k < row.count; k++) {
        double *restrict to = H + lab_row_column(row, k) * set->d;
        const double scaled = weight * row.value[k];
        for (size_t l = 0; l <= k; l++)
            to[lab_row_column(row, l)] += scaled * row.value[l];
    }
}

static inline double lab_row_norm2(const struct lab_data *set, size_t i)
{
    const struct lab_row row = lab_row_at(set, i);
    double sum = 0.0;
    for (size_t k = 0; k < row.count; k++)
        sum += row.value[k] * row.value[k];
    return sum;
}

/** Brings row i and its label towards the cache. */
static inline void lab_row_fetch(const struct lab_data *set, size_t i)
{
    const struct lab_row row = lab_row_at(set, i);
    __builtin_prefetch(set->b + i, 0, 2);
    for (size_t k = 0; k < row.count; k += 8)
        __builtin_prefetch(row.value + k, 0, 2);
    for (size_t k = 0; row.column && k < row.count; k += 16)
        __builtin_prefetch(row.column + k, 0, 2);
}

#endif
