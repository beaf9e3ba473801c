/*
 * lab/data_prepare.c -- see data_parts.h.  Features, then bias, row norm.
 */
#include <gsl/gsl_cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/data_parts.h"
#include "lab/rows.h"

/* Means and centred sums of squares of the columns in two passes; the second one also
 * corrects the rounding of the means (Chan, Golub & LeVeque 1983). */
static void column_moments(const struct lab_data *data, size_t features, double *mean,
                           double *sum2, double *largest)
{
    const double n = (double)data->n;
    double *rest = lab_alloc(features, sizeof *rest);
    for (size_t i = 0; i < data->n; i++)
        for (size_t j = 0; j < features; j++)
            mean[j] += data->A[i * data->stride + j];
    for (size_t j = 0; j < features; j++)
        mean[j] /= n;
    for (size_t i = 0; i < data->n; i++)
        for (size_t j = 0; j < features; j++) {
            double value = data->A[i * data->stride + j], off = value - mean[j];
            rest[j] += off;
            sum2[j] += off * off;
            largest[j] = fabs(value) > largest[j] ? fabs(value) : largest[j];
        }
    for (size_t j = 0; j < features; j++) {
        mean[j] += rest[j] / n;
        sum2[j] -= rest[j] * rest[j] / n;
        if (sum2[j] < 0.0)
            sum2[j] = 0.0;
    }
    free(rest);
}

static double share_stored(const struct lab_data *data, size_t features)
{
    const double bias = data->d > features ? (double)data->n : 0.0;
    return (lab_entries(data) - bias) / ((double)data->n * (double)features);
}

/* Mean 0, population standard deviation 1; what is constant up to rounding becomes 0. */
static int standardize(struct lab_data *data, size_t features, struct lab_error *err)
{
    if (lab_is_sparse(data))
        return lab_fail(
            err,
            "normalize = 'standardize' would fill in the zeros of sparse rows "
            "(%zu x %zu, %.2g %% of it stored); choose normalize = 'scale' "
            "(columns divided by their root mean square), 'unit_rows' or "
            "'none'",
            data->n, features, 100.0 * share_stored(data, features));
    int status = 0;
    double *mean = lab_alloc(3 * features, sizeof *mean);
    double *sd = mean + features, *largest = sd + features;
    column_moments(data, features, mean, sd, largest);
    for (size_t j = 0; j < features; j++) {
        sd[j] = sqrt(sd[j] / (double)data->n);
        if (!isfinite(sd[j]))
            status =
                lab_fail(err, "column %zu: numbers as large as %g cannot be standardized",
                         j + 1, largest[j]);
        if (!(sd[j] > 1e-12 * largest[j]))
            sd[j] = INFINITY; /* x/inf = 0 */
    }
    for (size_t i = 0; !status && i < data->n; i++) {
        double *row = data->A + i * data->stride;
        for (size_t j = 0; j < features; j++)
            row[j] = (row[j] - mean[j]) / sd[j];
    }
    free(mean);
    return status;
}

/* Columns divided by their root mean square; squares of x/largest do not overflow.  A
 * bias, still 0, stays. */
static int scale(struct lab_data *data, struct lab_error *err)
{
    double *rms = lab_alloc(2 * data->d, sizeof *rms), *largest = rms + data->d;
    int status = 0;
    for (size_t i = 0; i < data->n; i++) {
        const struct lab_row row = lab_row_at(data, i);
        for (size_t k = 0; k < row.count; k++) {
            const size_t j = lab_row_column(row, k);
            largest[j] = fmax(largest[j], fabs(row.value[k]));
        }
    }
    for (size_t i = 0; i < data->n; i++) {
        const struct lab_row row = lab_row_at(data, i);
        for (size_t k = 0; k < row.count; k++) {
            const size_t j = lab_row_column(row, k);
            const double part = largest[j] > 0.0 ? row.value[k] / largest[j] : 0.0;
            rms[j] += part * part;
        }
    }
    for (size_t j = 0; j < data->d; j++) {
        rms[j] = largest[j] * sqrt(rms[j] / (double)data->n);
        if (largest[j] > 0.0 && !(rms[j] > 0.0))
            status = lab_fail(err, "column %zu: numbers as small as %g cannot be scaled",
                              j + 1, largest[j]);
    }
    for (size_t i = 0; !status && i < data->n; i++) {
        const struct lab_row row = lab_row_at(data, i);
        for (size_t k = 0; k < row.count; k++)
            if (rms[lab_row_column(row, k)] > 0.0)
                row.value[k] /= rms[lab_row_column(row, k)];
    }
    free(rms);
    return status;
}

/* Of all but the last `without` numbers.  dnrm2 neither overflows nor underflows on the
 * way. */
static double row_norm(struct lab_row row, size_t without)
{
    return cblas_dnrm2((int)(row.count - without), row.value, 1);
}

static int unit_rows(struct lab_data *data, size_t bias, struct lab_error *err)
{
    for (size_t i = 0; i < data->n; i++) {
        const struct lab_row row = lab_row_at(data, i);
        double norm = row_norm(row, bias);
        if (!isfinite(norm))
            return lab_fail(err, "row %zu: its norm overflows", i + 1);
        for (size_t k = 0; norm > 0.0 && k < row.count - bias; k++)
            row.value[k] /= norm;
    }
    return 0;
}

static int limit_row_norm(struct lab_data *data, double limit, struct lab_error *err)
{
    double largest = 0.0;
    for (size_t i = 0; i < data->n; i++)
        largest = fmax(largest, row_norm(lab_row_at(data, i), 0));
    if (!(largest > 0.0) || !isfinite(largest))
        return lab_fail(err,
                        "max_row_norm = %g cannot be had: the largest row norm is %g",
                        limit, largest);
    for (size_t i = 0; i < data->n; i++) {
        const struct lab_row row = lab_row_at(data, i);
        for (size_t k = 0; k < row.count; k++)
            row.value[k] /= largest / limit;
    }
    return 0;
}

static int normalize_features(const char *how, struct lab_data *data, size_t features,
                              struct lab_error *err)
{
    static const char *const names[] = {"standardize", "scale", "unit_rows", "none",
                                        NULL};
    if (how && strcmp(how, "standardize") == 0)
        return standardize(data, features, err);
    if (how && strcmp(how, "unit_rows") == 0)
        return unit_rows(data, data->d - features, err);
    if (how && strcmp(how, "scale") == 0)
        return scale(data, err);
    if (!how || strcmp(how, "none") == 0)
        return 0;
    const char *near = lab_nearest(how, names);
    return lab_fail(
        err, "normalize = '%.64s' is none of standardize, scale, unit_rows, none%s%s%s",
        how, near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

int lab_data_prepare(const struct lab_data_spec *spec, struct lab_data *data,
                     struct lab_error *err)
{
    const size_t features = data->d - spec->bias;
    if (normalize_features(spec->normalize, data, features, err))
        return -1;
    for (size_t i = 0; spec->bias && i < data->n; i++) {
        const struct lab_row row = lab_row_at(data, i);
        row.value[row.count - 1] = 1.0;
    }
    return isnan(spec->max_row_norm) ? 0 : limit_row_norm(data, spec->max_row_norm, err);
}
