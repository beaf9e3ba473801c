/*
 * lab/linear.c -- linear models: gradients of a block of replicas, exact values in panels,
 * constants.
 *
 * A panel is 256 rows of data times 32 points: one matrix product into a buffer that stays
 * in cache, then phi over it.  The product has the same shape whatever the number of
 * points, and OpenBLAS takes each of its columns alike, so that a value does not depend on
 * which other points come with it.
 */
#include "lab/linear.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <lapacke.h>
#include <stdlib.h>

enum {
    ROWS = 256,   /* of a panel */
    POINTS = 32,  /* of a panel; one for small problems, where calling BLAS costs more */
    SMALL = 4096, /* n x d up to which a problem is small */
    CHUNK = 32,   /* samples of which predictions, slopes and updates are taken together */
    AHEAD = 24,   /* rows are fetched this many samples before they are used */
};

static const double *row(const struct lab_data *set, size_t i)
{
    return set->A + i * set->stride;
}

/* z_i = <a_i, x> for consecutive rows. */
LAB_HOT static void predict(const struct lab_data *set, size_t first, size_t rows,
                            const double *restrict x, double *restrict z)
{
    const size_t d = set->d;
    for (size_t i = 0; i < rows; i++) {
        const double *restrict a = row(set, first + i);
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < d; j++)
            sum += a[j] * x[j];
        z[i] = sum;
    }
}

/* g += sum_i weight_i a_i over consecutive rows. */
LAB_HOT static void combine(const struct lab_data *set, size_t first, size_t rows,
                            const double *restrict weight, double *restrict g)
{
    const size_t d = set->d;
    for (size_t i = 0; i < rows; i++) {
        const double *restrict a = row(set, first + i);
        for (size_t j = 0; j < d; j++)
            g[j] += weight[i] * a[j];
    }
}

static size_t eights(size_t count)
{
    return (count + 7) / 8 * 8;
}

int lab_linear_open(void *self, struct lab_linear_loss loss, struct lab_facts *facts,
                    struct lab_error *err)
{
    struct lab_linear *p = self;
    p->loss = loss;
    p->set = lab_data_open(&p->spec, loss.labels, loss.planted, err);
    if (!p->set)
        return -1;
    facts->d = p->set->d;
    facts->n = p->set->n;
    facts->convex = true;
    facts->cheap = p->set->n * p->set->d <= SMALL;
    return 0;
}

void lab_linear_close(void *self)
{
    struct lab_linear *p = self;
    if (p->set)
        lab_data_close(p->set);
    p->set = NULL;
}

void lab_linear_predict(const void *self, const double *x, double *z)
{
    const struct lab_linear *p = self;
    predict(p->set, 0, p->set->n, x, z);
}

/* ---- stochastic gradients --------------------------------------------- */

static void fetch(const struct lab_data *set, size_t i)
{
    const double *a = row(set, i);
    __builtin_prefetch(set->b + i, 0, 2);
    for (size_t j = 0; j < set->d; j += 8)
        __builtin_prefetch(a + j, 0, 2);
}

/* Predictions and labels of samples first..first+count-1 of a block. */
LAB_HOT static void look(const struct lab_data *set, const struct lab_sample *s,
                         size_t first, size_t count, const double *restrict x,
                         double *restrict z, double *restrict b)
{
    const size_t d = set->d;
    size_t place = first % s->batch;
    x += first / s->batch * d;
    for (size_t c = 0; c < count; c++) {
        if (first + c + AHEAD < s->known)
            fetch(set, s->index[first + c + AHEAD]);
        const size_t i = s->index[first + c];
        const double *restrict a = row(set, i);
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < d; j++)
            sum += a[j] * x[j];
        z[c] = sum;
        b[c] = set->b[i];
        if (++place == s->batch)
            place = 0, x += d;
    }
}

/* Adds these samples' parts to the gradients and losses; a replica's first sample
 * starts both with the l2 term. */
LAB_HOT static void update(const struct lab_linear *p, const struct lab_sample *s,
                           size_t first, size_t count, const double *restrict phi,
                           const double *restrict slope, const double *restrict x,
                           double *restrict g, double *restrict loss)
{
    const size_t d = p->set->d;
    const double share = 1.0 / (double)s->batch, l2 = p->l2;
    size_t place = first % s->batch, r = first / s->batch;
    for (size_t c = 0; c < count; c++) {
        const double *restrict a = row(p->set, s->index[first + c]);
        const double weight = slope[c] * share;
        const double *restrict xr = x + r * d;
        double *restrict gr = g + r * d;
        if (place == 0) {
            double norm2 = 0.0;
            if (l2 > 0.0)
#pragma omp simd reduction(+ : norm2)
                for (size_t j = 0; j < d; j++)
                    norm2 += xr[j] * xr[j];
            loss[r] = 0.5 * l2 * norm2;
            for (size_t j = 0; j < d; j++)
                gr[j] = weight * a[j] + l2 * xr[j];
        } else {
            for (size_t j = 0; j < d; j++)
                gr[j] += weight * a[j];
        }
        loss[r] += phi[c] * share;
        if (++place == s->batch)
            place = 0, r++;
    }
}

void lab_linear_gradient(const void *self, const struct lab_sample *sample,
                         size_t replicas, const double *x, double *g, double *loss)
{
    const struct lab_linear *p = self;
    const size_t total = replicas * sample->batch;
    double z[CHUNK] = {0}, b[CHUNK] = {0}, phi[CHUNK], slope[CHUNK];
    for (size_t first = 0; first < total; first += CHUNK) {
        size_t count = total - first < CHUNK ? total - first : CHUNK;
        look(p->set, sample, first, count, x, z, b);
        p->loss.each(self, eights(count), z, b, phi, slope);
        update(p, sample, first, count, phi, slope, x, g, loss);
    }
}

/* ---- exact values ----------------------------------------------------- */

/* A sum that keeps what rounding would lose (Kahan 1965): f is a mean of many panels. */
struct sum {
    double value, lost;
};

static void add(struct sum *s, double term)
{
    double corrected = term - s->lost, value = s->value + corrected;
    s->lost = value - s->value - corrected;
    s->value = value;
}

LAB_HOT static double sum_of(size_t count, const double *v)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < count; i++)
        sum += v[i];
    return sum;
}

/* Buffers for up to POINTS points: copies, gradients (d each); predictions, slopes
 * (ROWS each); labels, losses (ROWS). */
struct panels {
    size_t points;
    double *x, *g, *z, *slope, b[ROWS], loss[ROWS];
    struct sum sum[POINTS];
};

static void take_panel(const struct lab_linear *p, struct panels *w, size_t first,
                       size_t rows, size_t count, bool slopes)
{
    const int d = (int)p->set->d, stride = (int)p->set->stride, m = (int)w->points;
    const double *A = row(p->set, first);
    if (w->points == 1)
        predict(p->set, first, rows, w->x, w->z);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, (int)rows, d, 1.0, w->x,
                    d, A, stride, 0.0, w->z, ROWS);

    for (size_t i = 0; i < rows; i++)
        w->b[i] = p->set->b[first + i];
    for (size_t c = 0; c < count; c++) {
        double *slope = slopes ? w->slope + c * ROWS : NULL;
        p->loss.each(p, eights(rows), w->z + c * ROWS, w->b, w->loss, slope);
        add(&w->sum[c], sum_of(rows, w->loss));
    }
    if (slopes && w->points == 1)
        combine(p->set, first, rows, w->slope, w->g);
    else if (slopes)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, d, (int)rows, 1.0,
                    w->slope, ROWS, A, stride, 1.0, w->g, d);
}

/* f and g of count <= w->points points. */
static void evaluate(const struct lab_linear *p, struct panels *w, size_t count,
                     const double *x, double *f, double *g)
{
    const size_t d = p->set->d, n = p->set->n;
    for (size_t i = 0; i < w->points * d; i++)
        w->x[i] = i < count * d ? x[i] : 0.0, w->g[i] = 0.0;
    for (size_t c = 0; c < count; c++)
        w->sum[c] = (struct sum){0};
    for (size_t first = 0; first < n; first += ROWS)
        take_panel(p, w, first, n - first < ROWS ? n - first : ROWS, count, g);

    for (size_t c = 0; c < count; c++) {
        const double *xc = w->x + c * d;
        double norm2 = 0.0;
        for (size_t j = 0; j < d; j++)
            norm2 += xc[j] * xc[j];
        f[c] = w->sum[c].value / (double)n + 0.5 * p->l2 * norm2;
        for (size_t j = 0; g && j < d; j++)
            g[c * d + j] = w->g[c * d + j] / (double)n + p->l2 * xc[j];
    }
}

void lab_linear_objective(const void *self, size_t count, const double *x, double *f,
                          double *g)
{
    const struct lab_linear *p = self;
    const size_t d = p->set->d, m = p->set->n * d <= SMALL ? 1 : POINTS;
    struct panels *w = lab_alloc(1, sizeof *w);
    w->points = m;
    w->z = lab_alloc(2 * m * (d + ROWS), sizeof *w->z);
    w->slope = w->z + m * ROWS;
    w->x = w->slope + m * ROWS;
    w->g = w->x + m * d;
    for (size_t i = 0; i < count; i += m)
        evaluate(p, w, count - i < m ? count - i : m, x + i * d, f + i,
                 g ? g + i * d : NULL);
    free(w->z);
    free(w);
}

void lab_linear_components(const void *self, const double *x, double *loss,
                           double *grad2)
{
    const struct lab_linear *p = self;
    const size_t d = p->set->d, n = p->set->n;
    double z[ROWS] = {0}, b[ROWS] = {0}, phi[ROWS], slope[ROWS], norm2 = 0.0;
    for (size_t j = 0; j < d; j++)
        norm2 += x[j] * x[j];
    for (size_t first = 0; first < n; first += ROWS) {
        size_t rows = n - first < ROWS ? n - first : ROWS;
        predict(p->set, first, rows, x, z);
        for (size_t i = 0; i < rows; i++)
            b[i] = p->set->b[first + i];
        p->loss.each(p, eights(rows), z, b, phi, slope);
        for (size_t i = 0; i < rows; i++) {
            const double *a = row(p->set, first + i);
            double sum = 0.0;
            for (size_t j = 0; grad2 && j < d; j++) {
                double gj = slope[i] * a[j] + p->l2 * x[j];
                sum += gj * gj;
            }
            loss[first + i] = phi[i] + 0.5 * p->l2 * norm2;
            if (grad2)
                grad2[first + i] = sum;
        }
    }
}
