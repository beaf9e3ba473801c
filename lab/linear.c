/*
 * lab/linear.c -- linear models: stochastic gradients of a block of replicas, exact
 * values. Constants are in linear_facts.c, what the solver needs in linear_model.c.
 *
 * Gradients: predictions of a chunk of samples, phi and its slopes over the chunk at
 * once, then the updates; rows are random, so they are fetched well ahead.
 *
 * Exact values are taken of four points at a time, one per vector lane, in panels of rows
 * that stay in cache: a small matrix product, then phi over it.  Every lane sees the same
 * operations in the same order, so that a value does not depend on which points come with
 * it (OpenBLAS's dgemm would be as fast, but does depend on it, in the last bit).  Of
 * sparse rows the entries are gathered and scattered, again for four points at a time.
 */
#include "lab/linear.h"

#include <stdlib.h>
#include <string.h>

#include "lab/rows.h"

enum {
    ROWS = 128,   /* of a panel */
    POINTS = 64,  /* for which a panel is used while it is in cache */
    LANES = 4,    /* points of one product */
    TILE = 12,    /* rows of one product: what fits sixteen vector registers */
    CHEAP = 4096, /* n x d up to which f costs little more than a step */
    CHUNK = 32,   /* samples whose predictions, slopes, updates are taken together */
    AHEAD = 24,   /* rows are fetched this many samples before they are used */
};

/* z_i = <a_i, x> for consecutive rows. */
LAB_HOT static void predict(const struct lab_data *set, size_t first, size_t rows,
                            const double *restrict x, double *restrict z)
{
    for (size_t i = 0; i < rows; i++)
        z[i] = lab_row_dot(set, first + i, x);
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
    if (p->spec.storage == LAB_DENSE)
        p->spec.storage = LAB_ANY_STORAGE;
    p->set = lab_data_open(&p->spec, loss.labels, loss.planted, err);
    if (!p->set)
        return -1;
    facts->d = p->set->d;
    facts->n = p->set->n;
    facts->convex = !(loss.penalty.least_curvature < 0.0);
    facts->cheap = p->set->n * p->set->d <= CHEAP;
    return 0;
}

void lab_linear_close(void *self)
{
    struct lab_linear *p = self;
    if (p->set)
        lab_data_close(p->set);
    p->set = NULL;
}

void lab_linear_predict_rows(const void *self, size_t first, size_t rows, const double *x,
                             double *z)
{
    const struct lab_linear *p = self;
    predict(p->set, first, rows, x, z);
}

void lab_linear_predict(const void *self, const double *x, double *z)
{
    const struct lab_linear *p = self;
    predict(p->set, 0, p->set->n, x, z);
}

/* ---- stochastic gradients --------------------------------------------- */

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
            lab_row_fetch(set, s->index[first + c + AHEAD]);
        const size_t i = s->index[first + c];
        z[c] = lab_row_dot(set, i, x);
        b[c] = set->b[i];
        if (++place == s->batch)
            place = 0, x += d;
    }
}

/* Adds these samples' parts to the gradients and losses; a replica's first sample
 * starts both with the terms of x alone. */
LAB_HOT static void update(const struct lab_linear *p, const struct lab_sample *s,
                           size_t first, size_t count, const double *restrict phi,
                           const double *restrict slope, const double *restrict x,
                           double *restrict g, double *restrict loss)
{
    const size_t d = p->set->d;
    const double share = 1.0 / (double)s->batch, l2 = p->l2;
    size_t place = first % s->batch, r = first / s->batch;
    for (size_t c = 0; c < count; c++) {
        const size_t i = s->index[first + c];
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
            lab_row_combine(p->set, i, weight, l2, xr, gr);
            if (p->loss.penalty.add)
                loss[r] += p->loss.penalty.add(p, 1.0, xr, gr);
        } else {
            lab_row_add(p->set, i, weight, gr);
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

typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), may_alias));

/* out_i += sum_k a[i row + k step] x_k for i < rows, k < depth. */
LAB_HOT static void product(size_t rows, size_t depth, const double *restrict a,
                            size_t row_step, size_t step, const lanes *restrict x,
                            lanes *restrict out)
{
    for (size_t i = 0; i < rows; i += TILE) {
        const double *from[TILE];
        lanes sum[TILE] = {0};
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

/* z_i += <a_i, x>, of consecutive rows. */
LAB_HOT static void predict_lanes(const struct lab_data *set, size_t first, size_t rows,
                                  const lanes *restrict x, lanes *restrict z)
{
    for (size_t i = 0; i < rows; i++) {
        const struct lab_row row = lab_row_at(set, first + i);
        lanes sum = {0};
        for (size_t k = 0; k < row.count; k++)
            sum += row.value[k] * x[row.column[k]];
        z[i] += sum;
    }
}

/* g += sum_i slope_i a_i, of consecutive rows. */
LAB_HOT static void add_lanes(const struct lab_data *set, size_t first, size_t rows,
                              const lanes *restrict slope, lanes *restrict g)
{
    for (size_t i = 0; i < rows; i++) {
        const struct lab_row row = lab_row_at(set, first + i);
        for (size_t k = 0; k < row.count; k++)
            g[row.column[k]] += row.value[k] * slope[i];
    }
}

/* A panel: its labels, once per lane; for one group of LANES points predictions, losses,
 * slopes. */
struct panel {
    size_t first, rows;
    _Alignas(64) double b[ROWS * LANES], z[ROWS * LANES];
    _Alignas(64) double loss[ROWS * LANES], slope[ROWS * LANES];
};

static void take_panel(const struct lab_data *set, size_t first, struct panel *w)
{
    w->rows = set->n - first < ROWS ? set->n - first : ROWS;
    w->first = first;
    for (size_t i = 0; i < w->rows * LANES; i++)
        w->b[i] = set->b[first + i / LANES];
}

/* Adds a panel's losses at LANES points to their sums, its gradients to g unless NULL. */
static void evaluate(const struct lab_linear *p, struct panel *w, const lanes *x,
                     struct sum *sum, lanes *g)
{
    const struct lab_data *set = p->set;
    const size_t d = set->d, stride = set->stride, count = w->rows * LANES;
    const bool sparse = lab_is_sparse(set);
    const double *A = sparse ? NULL : set->A + w->first * stride;
    memset(w->z, 0, count * sizeof *w->z);
    if (sparse)
        predict_lanes(set, w->first, w->rows, x, (lanes *)w->z);
    else
        product(w->rows, d, A, stride, 1, x, (lanes *)w->z);
    p->loss.each(p, eights(count), w->z, w->b, w->loss, g ? w->slope : NULL);
    lanes total = {0};
    for (size_t i = 0; i < w->rows; i++)
        total += ((const lanes *)w->loss)[i];
    for (size_t l = 0; l < LANES; l++)
        add(&sum[l], total[l]);
    if (g && sparse)
        add_lanes(set, w->first, w->rows, (const lanes *)w->slope, g);
    else if (g)
        product(d, w->rows, A, 1, stride, (const lanes *)w->slope, g);
}

/* f and g of count <= POINTS points; X, G: room for as many, rounded up to LANES. */
static void evaluate_all(const struct lab_linear *p, struct panel *w, size_t count,
                         const double *x, double *f, double *g, double *X, double *G)
{
    const size_t d = p->set->d, n = p->set->n;
    struct sum sum[POINTS] = {{0}};
    for (size_t c = 0; c < count; c++)
        for (size_t j = 0; j < d; j++)
            X[(c / LANES * d + j) * LANES + c % LANES] = x[c * d + j];
    memset(G, 0, (count + LANES - 1) / LANES * LANES * d * sizeof *G);
    for (size_t first = 0; first < n; first += ROWS) {
        take_panel(p->set, first, w);
        for (size_t c = 0; c < count; c += LANES)
            evaluate(p, w, (const lanes *)(X + c * d), &sum[c],
                     g ? (lanes *)(G + c * d) : NULL);
    }
    for (size_t c = 0; c < count; c++) {
        double norm2 = 0.0;
        for (size_t j = 0; j < d; j++)
            norm2 += x[c * d + j] * x[c * d + j];
        f[c] = sum[c].value / (double)n + 0.5 * p->l2 * norm2;
        for (size_t j = 0; g && j < d; j++)
            g[c * d + j] = G[(c / LANES * d + j) * LANES + c % LANES] / (double)n +
                           p->l2 * x[c * d + j];
        if (p->loss.penalty.add)
            f[c] += p->loss.penalty.add(p, 1.0, x + c * d, g ? g + c * d : NULL);
    }
}

void lab_linear_objective(const void *self, size_t count, const double *x, double *f,
                          double *g)
{
    const struct lab_linear *p = self;
    const size_t d = p->set->d;
    /* A sparse panel is small, but its points may fill the cache: they come one group at a
     * time, which also keeps memory low where d is large. */
    const size_t most = lab_is_sparse(p->set) || count <= LANES ? LANES : POINTS;
    struct panel *w = lab_alloc(1, sizeof *w);
    double *X = lab_alloc(2 * most * d, sizeof *X);
    for (size_t c = 0; c < count; c += most)
        evaluate_all(p, w, count - c < most ? count - c : most, x + c * d, f + c,
                     g ? g + c * d : NULL, X, X + most * d);
    free(X);
    free(w);
}

void lab_linear_components(const void *self, const double *x, double *loss, double *grad2)
{
    const struct lab_linear *p = self;
    const size_t d = p->set->d, n = p->set->n;
    double z[ROWS] = {0}, b[ROWS] = {0}, phi[ROWS], slope[ROWS], norm2 = 0.0;
    for (size_t j = 0; j < d; j++)
        norm2 += x[j] * x[j];
    /* The gradient of the terms of x alone is `shrink` times `pull`. */
    double *own = NULL, own_loss = 0.5 * p->l2 * norm2, pull_norm2 = norm2;
    const double *pull = x, shrink = p->loss.penalty.add ? 1.0 : p->l2;
    if (p->loss.penalty.add) {
        pull = own = lab_alloc(d, sizeof *own);
        own_loss += p->loss.penalty.add(p, 1.0, x, own);
        pull_norm2 = 0.0;
        for (size_t j = 0; j < d; j++) {
            own[j] += p->l2 * x[j];
            pull_norm2 += own[j] * own[j];
        }
    }
    for (size_t first = 0; first < n; first += ROWS) {
        size_t rows = n - first < ROWS ? n - first : ROWS;
        predict(p->set, first, rows, x, z);
        for (size_t i = 0; i < rows; i++)
            b[i] = p->set->b[first + i];
        p->loss.each(p, eights(rows), z, b, phi, slope);
        for (size_t i = 0; i < rows; i++) {
            loss[first + i] = phi[i] + own_loss;
            if (grad2)
                grad2[first + i] = lab_row_combined2(p->set, first + i, slope[i], shrink,
                                                     pull, pull_norm2);
        }
    }
    free(own);
}
