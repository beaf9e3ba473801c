/*
 * lab/multiclass.c -- see multiclass.h.
 *
 * With z_k = <a, x_k> and p = softmax(z), the gradient of one loss with respect to x_k is
 * (p_k - [k = b]) a, and its Hessian (diag p - p p') (x) a a'.
 *
 *     L     <= lmax(A'A)/(2n) + l2       v'(diag p - p p')v is the variance of v_k under p,
 *     L_max <= max ‖a_i‖^2/2 + l2        at most (max v - min v)^2/4 <= ‖v‖^2/2
 *     G     <= sqrt2 max ‖a_i‖ + l2 max_C ‖x‖     ‖p - e_b‖^2 <= (1 - p_b)^2 + (1 - p_b)^2
 *     rho   =  sqrt2 max ‖a_i‖           the third cumulant of v_k is at most (max v - min v)
 *                                        times the variance; max v - min v <= sqrt2 ‖v‖
 */
#include "lab/multiclass.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>

#include "lab/panel.h"
#include "lab/rows.h"
#include "lab/spectrum.h"

enum {
    COLUMNS = 64, /* weight vectors that meet a panel while it is in cache */
    CHEAP = 4096, /* n x d x K up to which f costs little more than a step */
    AHEAD = 4,    /* rows are fetched this many samples before they are used */
    ROWS = 64,    /* of a part of the Hessian */
};

int lab_multiclass_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct lab_linear *p = self;
    const struct lab_linear_loss loss = {.labels = LAB_LABELS_CLASSES,
                                         .planted = LAB_PLANTED_CLASSES};
    if (lab_linear_open(self, loss, facts, err))
        return -1;
    facts->d = p->set->d * p->set->classes;
    facts->cheap = p->set->n * facts->d <= CHEAP;
    return 0;
}

/* The cross-entropy of class b; z <- p - e_b.  Losses near 0 keep their digits. */
static inline double cross_entropy(size_t K, size_t b, double *restrict z)
{
    size_t top = 0;
    double rest = 0.0;
    for (size_t k = 1; k < K; k++)
        top = z[k] > z[top] ? k : top;
    const double most = z[top], behind = most - z[b];
#pragma omp simd
    for (size_t k = 0; k < K; k++)
        z[k] = lab_exp(z[k] - most);
    for (size_t k = 0; k < K; k++)
        rest += k == top ? 0.0 : z[k];
    const double sum = z[top] + rest;
    double others = 0.0; /* 1 - p_b, times the sum */
    for (size_t k = 0; k < K; k++)
        others += k == b ? 0.0 : z[k];
    for (size_t k = 0; k < K; k++)
        z[k] = (k == b ? -others : z[k]) / sum;
    return behind + log1p(rest);
}

static double norm2(size_t count, const double *x)
{
    double sum = 0.0;
    for (size_t j = 0; j < count; j++)
        sum += x[j] * x[j];
    return sum;
}

LAB_HOT static void predict(const struct lab_data *set, size_t i,
                            const double *restrict x, double *restrict z)
{
    for (size_t k = 0; k < set->classes; k++)
        z[k] = lab_row_dot(set, i, x + k * set->d);
}

/* ---- stochastic gradients --------------------------------------------- */

/* g += share (p - e_b) (x) a; the first sample of a mini-batch starts g with l2 x. */
LAB_HOT static void update(const struct lab_linear *p, size_t i, double share, bool first,
                           const double *restrict z, const double *restrict x,
                           double *restrict g)
{
    const size_t d = p->set->d;
    for (size_t k = 0; k < p->set->classes; k++)
        if (first)
            lab_row_combine(p->set, i, share * z[k], p->l2, x + k * d, g + k * d);
        else
            lab_row_add(p->set, i, share * z[k], g + k * d);
}

void lab_multiclass_gradient(const void *self, const struct lab_sample *sample,
                             size_t replicas, const double *x, double *g, double *loss)
{
    const struct lab_linear *p = self;
    const size_t K = p->set->classes, D = K * p->set->d, batch = sample->batch;
    const double share = 1.0 / (double)batch;
    double z[LAB_MOST_CLASSES];
    for (size_t r = 0; r < replicas; r++, x += D, g += D) {
        loss[r] = p->l2 > 0.0 ? 0.5 * p->l2 * norm2(D, x) : 0.0;
        for (size_t c = 0; c < batch; c++) {
            const size_t place = r * batch + c, i = sample->index[place];
            if (place + AHEAD < sample->known)
                lab_row_fetch(p->set, sample->index[place + AHEAD]);
            predict(p->set, i, x, z);
            loss[r] += share * cross_entropy(K, (size_t)p->set->b[i], z);
            update(p, i, share, c == 0, z, x, g);
        }
    }
}

/* ---- exact values ----------------------------------------------------- */

/* A panel's predictions of `columns` vectors; then slopes in their places. */
struct panel {
    size_t first, rows, columns;
    double *z;
};

static double *at(const struct panel *w, size_t c, size_t i)
{
    return w->z + lab_lanes_at(LAB_PANEL, c, i);
}

/* Losses of the panel at one point, whose vectors start at column c; z <- slopes. */
static double losses(const struct lab_linear *p, struct panel *w, size_t c)
{
    const size_t K = p->set->classes;
    double z[LAB_MOST_CLASSES], sum = 0.0;
    for (size_t i = 0; i < w->rows; i++) {
        for (size_t k = 0; k < K; k++)
            z[k] = *at(w, c + k, i);
        sum += cross_entropy(K, (size_t)p->set->b[w->first + i], z);
        for (size_t k = 0; k < K; k++)
            *at(w, c + k, i) = z[k];
    }
    return sum;
}

/* f and g of `count` points; X, G: room for their vectors, in lanes. */
static void evaluate(const struct lab_linear *p, struct panel *w, size_t count,
                     const double *x, double *f, double *g, double *X, double *G)
{
    const struct lab_data *set = p->set;
    const size_t d = set->d, K = set->classes, columns = lab_lanes_round(count * K);
    struct lab_sum_exact sum[COLUMNS] = {{0}};
    memset(X, 0, columns * d * sizeof *X);
    memset(G, 0, columns * d * sizeof *G);
    for (size_t c = 0; c < count * K; c++)
        for (size_t j = 0; j < d; j++)
            X[lab_lanes_at(d, c, j)] = x[c * d + j];
    for (size_t first = 0; first < set->n; first += LAB_PANEL) {
        w->first = first;
        w->rows = set->n - first < LAB_PANEL ? set->n - first : LAB_PANEL;
        for (size_t c = 0; c < columns; c += LAB_LANES)
            lab_panel_predict(set, first, w->rows, (const lab_lanes *)(X + c * d),
                              (lab_lanes *)at(w, c, 0));
        for (size_t c = 0; c < count; c++)
            lab_sum_exact_add(&sum[c], losses(p, w, c * K));
        for (size_t c = 0; g && c < columns; c += LAB_LANES)
            lab_panel_add(set, first, w->rows, (const lab_lanes *)at(w, c, 0),
                          (lab_lanes *)(G + c * d));
    }
    for (size_t c = 0; c < count; c++)
        f[c] = sum[c].value / (double)set->n + 0.5 * p->l2 * norm2(K * d, x + c * K * d);
    for (size_t c = 0; g && c < count * K; c++)
        for (size_t j = 0; j < d; j++)
            g[c * d + j] =
                G[lab_lanes_at(d, c, j)] / (double)set->n + p->l2 * x[c * d + j];
}

void lab_multiclass_objective(const void *self, size_t count, const double *x, double *f,
                              double *g)
{
    const struct lab_linear *p = self;
    const size_t K = p->set->classes, d = p->set->d, most = K < COLUMNS ? COLUMNS / K : 1;
    const size_t columns = lab_lanes_round((count < most ? count : most) * K);
    struct panel w = {.columns = columns};
    w.z = lab_alloc(columns * LAB_PANEL, sizeof *w.z);
    double *X = lab_alloc(2 * columns * d, sizeof *X);
    for (size_t c = 0; c < count; c += most)
        evaluate(p, &w, count - c < most ? count - c : most, x + c * K * d, f + c,
                 g ? g + c * K * d : NULL, X, X + columns * d);
    free(X), free(w.z);
}

void lab_multiclass_components(const void *self, const double *x, double *loss,
                               double *grad2)
{
    const struct lab_linear *p = self;
    const size_t K = p->set->classes, d = p->set->d;
    double z[LAB_MOST_CLASSES], own[LAB_MOST_CLASSES], all = 0.0;
    for (size_t k = 0; k < K; k++)
        all += own[k] = norm2(d, x + k * d);
    for (size_t i = 0; i < p->set->n; i++) {
        predict(p->set, i, x, z);
        loss[i] = cross_entropy(K, (size_t)p->set->b[i], z) + 0.5 * p->l2 * all;
        if (grad2)
            grad2[i] = 0.0;
        for (size_t k = 0; grad2 && k < K; k++)
            grad2[i] += lab_row_combined2(p->set, i, z[k], p->l2, x + k * d, own[k]);
    }
}

/* ---- constants -------------------------------------------------------- */

static double longest(const struct lab_data *set)
{
    double most2 = 0.0;
    for (size_t i = 0; i < set->n; i++)
        most2 = fmax(most2, lab_row_norm2(set, i));
    return sqrt(most2);
}

double lab_multiclass_concordance(const void *self)
{
    const struct lab_linear *p = self;
    return M_SQRT2 * longest(p->set);
}

/* max_C ‖l2 x‖ */
static double pull_over(const struct lab_linear *p, const struct lab_domain *C)
{
    return p->l2 > 0.0 ? p->l2 * lab_domain_farthest(C, NULL) : 0.0;
}

int lab_multiclass_sizes(const void *self, enum lab_size what, const struct lab_domain *C,
                         double *size, struct lab_error *why)
{
    const struct lab_linear *p = self;
    const double pull = pull_over(p, C);
    if (what == LAB_STEEPNESS && !isfinite(pull))
        return lab_fail(why, "grows with ‖x‖: no bound on all of R^d");
    for (size_t i = 0; i < p->set->n; i++) {
        const double a2 = lab_row_norm2(p->set, i);
        size[i] = what == LAB_NORM         ? sqrt(a2)
                  : what == LAB_SMOOTHNESS ? 0.5 * a2 + p->l2
                                           : sqrt(2.0 * a2) + pull;
    }
    return 0;
}

void lab_multiclass_constants(void *self, const struct lab_domain *C,
                              struct lab_facts *facts)
{
    const struct lab_linear *p = self;
    const struct lab_spectrum s = lab_spectrum_of(p->set, LAB_SPECTRUM_MOST);
    const double most = longest(p->set), n = (double)p->set->n;
    const double pull = pull_over(p, C);
    double G2 = 0.0, sigma2 = 0.0;
    for (size_t i = 0; i < p->set->n; i++) {
        const double a2 = lab_row_norm2(p->set, i), length = sqrt(2.0 * a2) + pull;
        G2 += length * length / n;
        sigma2 += 2.0 * a2 / n;
    }
    lab_know(&facts->L, LAB_COMPUTED,
             (0.5 * (s.greatest + s.error) + p->l2) * (1.0 + DBL_EPSILON),
             "at most 0.5 lmax(A'A)/n + l2, %s",
             s.exact ? "with what rounding may have taken"
                     : "bounded by Collatz and Wielandt");
    lab_know(&facts->L_max, LAB_ANALYTIC, 0.5 * most * most + p->l2,
             "at most 0.5 max ‖a_i‖^2 + l2");
    lab_know(&facts->mu, LAB_ANALYTIC, p->l2,
             p->l2 > 0.0 ? "l2"
                         : "convex, not strongly: x_k + v for all k is the same f");
    lab_know(&facts->mu_min, LAB_ANALYTIC, p->l2, "l2");
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "losses are not negative");
    lab_know(&facts->sigma2, LAB_ANALYTIC, sigma2, "at most mean 2 ‖a_i‖^2");
    if (!isfinite(pull)) {
        lab_unknown(&facts->G, "grows with ‖x‖: no bound on all of R^d");
        lab_unknown(&facts->G2, "%s", facts->G.source);
        return;
    }
    const char *ridge = p->l2 > 0.0 ? " + l2 max ‖x‖" : "";
    lab_know(&facts->G, LAB_ANALYTIC, M_SQRT2 * most + pull, "%ssqrt2 max ‖a_i‖%s",
             C->kind == LAB_NO_DOMAIN ? "" : "at most ", ridge);
    lab_know(&facts->G2, LAB_ANALYTIC, G2, "at most mean (sqrt2 ‖a_i‖%s)^2", ridge);
}

/* ---- for the solver --------------------------------------------------- */

/* H += (1/n) sum_i p_k a_i a_i' in block k, k of every class, less (p (x) a)(p (x) a)'; lower
 * triangle, for rows from `first` on.  Adds gradients; returns the sum of losses. */
static double differentiate(const struct lab_linear *p, size_t first, size_t rows,
                            const double *x, double *g, double *H, double *wide,
                            double *narrow)
{
    const struct lab_data *set = p->set;
    const size_t d = set->d, K = set->classes, D = K * d;
    const double root = sqrt(1.0 / (double)set->n);
    double z[LAB_MOST_CLASSES], sum = 0.0, *share = lab_alloc(rows * K, sizeof *share);
    memset(wide, 0, rows * D * sizeof *wide);
    for (size_t i = 0; i < rows; i++) {
        const size_t b = (size_t)set->b[first + i];
        predict(set, first + i, x, z);
        sum += cross_entropy(K, b, z);
        for (size_t k = 0; k < K; k++) {
            lab_row_add(set, first + i, z[k] / (double)set->n, g + k * d);
            share[i * K + k] = k == b ? 1.0 + z[k] : z[k];
            lab_row_add(set, first + i, root * share[i * K + k], wide + i * D + k * d);
        }
    }
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)D, (int)rows, -1.0, wide,
                (int)D, 1.0, H, (int)D);
    for (size_t k = 0; k < K; k++) {
        memset(narrow, 0, rows * d * sizeof *narrow);
        for (size_t i = 0; i < rows; i++)
            lab_row_add(set, first + i, root * sqrt(share[i * K + k]), narrow + i * d);
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)d, (int)rows, 1.0, narrow,
                    (int)d, 1.0, H + k * d * D + k * d, (int)D);
    }
    free(share);
    return sum;
}

double lab_multiclass_model(const void *self, double smoothing, const double *x,
                            double *g, double *H)
{
    const struct lab_linear *p = self;
    const size_t n = p->set->n, d = p->set->d, D = p->set->classes * d;
    double *wide = lab_alloc(ROWS * (D + d), sizeof *wide), sum = 0.0;
    (void)smoothing;
    memset(H, 0, D * D * sizeof *H);
    for (size_t j = 0; j < D; j++)
        g[j] = p->l2 * x[j];
    for (size_t first = 0; first < n; first += ROWS)
        sum += differentiate(p, first, n - first < ROWS ? n - first : ROWS, x, g, H, wide,
                             wide + ROWS * D);
    for (size_t i = 0; i < D; i++) {
        H[i * D + i] += p->l2;
        for (size_t j = 0; j < i; j++)
            H[j * D + i] = H[i * D + j];
    }
    free(wide);
    return sum / (double)n + 0.5 * p->l2 * norm2(D, x);
}

int lab_multiclass_escapes(const void *self, const double *x, struct lab_error *why)
{
    const struct lab_linear *p = self;
    const size_t K = p->set->classes;
    double z[LAB_MOST_CLASSES];
    if (p->l2 > 0.0)
        return 0;
    for (size_t i = 0; i < p->set->n; i++) {
        const size_t b = (size_t)p->set->b[i];
        predict(p->set, i, x, z);
        for (size_t k = 0; k < K; k++)
            if (k != b && !(z[b] > z[k]))
                return 0;
    }
    return lab_fail(why,
                    "the classes are linearly separable (a separating x was found), so "
                    "there is no minimiser without l2");
}
