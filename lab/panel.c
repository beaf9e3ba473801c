/* lab/panel.c -- see panel.h. */
#include "lab/panel.h"

#include <string.h>

#include "lab/plugin.h" /* LAB_HOT */
#include "lab/rows.h"

enum { TILE = 12 /* rows of one product: what fits sixteen vector registers */ };

/* out_i += sum_k a[i row + k step] x_k for i < rows, k < depth. */
LAB_HOT static void product(size_t rows, size_t depth, const double *restrict a,
                            size_t row_step, size_t step, const lab_lanes *restrict x,
                            lab_lanes *restrict out)
{
    for (size_t i = 0; i < rows; i += TILE) {
        const double *from[TILE];
        lab_lanes sum[TILE] = {0};
        for (size_t r = 0; r < TILE; r++)
            from[r] = a + (i + r < rows ? i + r : rows - 1) * row_step;
        for (size_t k = 0; k < depth; k++)
            for (size_t r = 0; r < TILE; r++)
                sum[r] += from[r][k * step] * x[k];
        for (size_t r = 0; r < TILE; r++)
            if (i + r < rows)
                out[i + r] += sum[r];
    }
}

LAB_HOT static void predict_sparse(const struct lab_data *set, size_t first, size_t rows,
                                   const lab_lanes *restrict x, lab_lanes *restrict z)
{
    for (size_t i = 0; i < rows; i++) {
        const struct lab_row row = lab_row_at(set, first + i);
        lab_lanes sum = {0};
        for (size_t k = 0; k < row.count; k++)
            sum += row.value[k] * x[row.column[k]];
        z[i] += sum;
    }
}

LAB_HOT static void add_sparse(const struct lab_data *set, size_t first, size_t rows,
                               const lab_lanes *restrict slope, lab_lanes *restrict g)
{
    for (size_t i = 0; i < rows; i++) {
        const struct lab_row row = lab_row_at(set, first + i);
        for (size_t k = 0; k < row.count; k++)
            g[row.column[k]] += row.value[k] * slope[i];
    }
}

void lab_panel_predict(const struct lab_data *set, size_t first, size_t rows,
                       const lab_lanes *x, lab_lanes *z)
{
    memset(z, 0, rows * sizeof *z);
    if (lab_is_sparse(set))
        predict_sparse(set, first, rows, x, z);
    else
        product(rows, set->d, set->A + first * set->stride, set->stride, 1, x, z);
}

void lab_panel_add(const struct lab_data *set, size_t first, size_t rows,
                   const lab_lanes *slope, lab_lanes *g)
{
    if (lab_is_sparse(set))
        add_sparse(set, first, rows, slope, g);
    else
        product(set->d, rows, set->A + first * set->stride, 1, set->stride, slope, g);
}
