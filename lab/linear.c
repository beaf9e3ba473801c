/*
 * lab/linear.c -- linear models: stochastic gradients of a block of replicas, exact
 * values. Constants are in linear_facts.c, what the solver needs in linear_model.c.
 *
 * Gradients: predictions of a chunk of samples, phi and its slopes over the chunk at
 * once, then the updates; rows are random, so they are fetched well ahead.
 *
 * Exact values are taken of four points at a time in panels of rows that stay in cache: a
 * small matrix product (lab/panel.c), then phi over it.  Of sparse rows the entries are
 * gathered and scattered, again for four points at a time.
 */
#include "lab/linear.h"

#include <stdlib.h>
#include <string.h>

#include "lab/panel.h"
#include "lab/rows.h"

enum {
    POINTS = 64,  /* for which a panel is used while it is in cache */
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

/* A panel: its labels, once per lane; for one group of LAB_LANES points predictions, losses,
 * slopes. */
struct panel {
    size_t first, rows;
    _Alignas(64) double b[LAB_PANEL * LAB_LANES], z[LAB_PANEL * LAB_LANES];
    _Alignas(64) double loss[LAB_PANEL * LAB_LANES], slope[LAB_PANEL * LAB_LANES];
};

static void take_panel(const struct lab_data *set, size_t first, struct panel *w)
{
    w->rows = set->n - first < LAB_PANEL ? set->n - first : LAB_PANEL;
    w->first = first;
    for (size_t i = 0; i < w->rows * LAB_LANES; i++)
        w->b[i] = set->b[first + i / LAB_LANES];
}

/* Adds a panel's losses at LAB_LANES points to their sums, its gradients to g unless NULL. */
static void evaluate(const struct lab_linear *p, struct panel *w, const lab_lanes *x,
                     struct lab_sum_exact *sum, lab_lanes *g)
{
    const size_t count = w->rows * LAB_LANES;
    lab_panel_predict(p->set, w->first, w->rows, x, (lab_lanes *)w->z);
    p->loss.each(p, eights(count), w->z, w->b, w->loss, g ? w->slope : NULL);
    lab_lanes total = {0};
    for (size_t i = 0; i < w->rows; i++)
        total += ((const lab_lanes *)w->loss)[i];
    for (size_t l = 0; l < LAB_LANES; l++)
        lab_sum_exact_add(&sum[l], total[l]);
    if (g)
        lab_panel_add(p->set, w->first, w->rows, (const lab_lanes *)w->slope, g);
}

/* f and g of count <= POINTS points; X, G: room for as many, rounded up to LAB_LANES. */
static void evaluate_all(const struct lab_linear *p, struct panel *w, size_t count,
                         const double *x, double *f, double *g, double *X, double *G)
{
    const size_t d = p->set->d, n = p->set->n;
    struct lab_sum_exact sum[POINTS] = {{0}};
    for (size_t c = 0; c < count; c++)
        for (size_t j = 0; j < d; j++)
            X[lab_lanes_at(d, c, j)] = x[c * d + j];
    memset(G, 0, lab_lanes_round(count) * d * sizeof *G);
    for (size_t first = 0; first < n; first += LAB_PANEL) {
        take_panel(p->set, first, w);
        for (size_t c = 0; c < count; c += LAB_LANES)
            evaluate(p, w, (const lab_lanes *)(X + c * d), &sum[c],
                     g ? (lab_lanes *)(G + c * d) : NULL);
    }
    for (size_t c = 0; c < count; c++) {
        double norm2 = 0.0;
        for (size_t j = 0; j < d; j++)
            norm2 += x[c * d + j] * x[c * d + j];
        f[c] = sum[c].value / (double)n + 0.5 * p->l2 * norm2;
        for (size_t j = 0; g && j < d; j++)
            g[c * d + j] = G[lab_lanes_at(d, c, j)] / (double)n + p->l2 * x[c * d + j];
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
    const size_t most = lab_is_sparse(p->set) || count <= LAB_LANES ? LAB_LANES : POINTS;
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
    double z[LAB_PANEL] = {0}, b[LAB_PANEL] = {0}, phi[LAB_PANEL], slope[LAB_PANEL],
           norm2 = 0.0;
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
    for (size_t first = 0; first < n; first += LAB_PANEL) {
        size_t rows = n - first < LAB_PANEL ? n - first : LAB_PANEL;
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
