/*
 * lab/linear_model.c -- linear models as the solver sees them: a smooth F with its
 * Hessian, and lower bounds from duality where phi has a kink.
 *
 * phi(z; b) = m r + h |r|, r = z - b, |m| <= h, becomes m r + h psi(r) for smoothing s,
 *
 *     psi(r) = min over u > |r| of u - (s/2) log((u^2 - r^2)/s^2)
 *            = u - (s/2) log(u/s),   u = (s + sqrt(s^2 + 4 r^2))/2,   psi' = r/u,
 *
 * |r| - (s/2) log(1 + |r|/s) <= psi(r) <= |r| + s.  This is the logarithmic barrier of
 * u > |r|: far from the kink its curvature falls like s/r^2, slowly enough that Newton's
 * systems stay well-posed along the path (sqrt(r^2 + s^2), like s^2/r^3, fails on some
 * data).
 *
 * Where phi is flat on one side, m r + h psi(r) falls there without end, like a logarithm,
 * and F might have no minimiser; s r^2/8 more keeps it near.
 *
 * l1 ‖x‖_1 becomes l1 sum_j psi(x_j) with smoothing s/(l1 d).
 *
 * For every y and every z in C,
 *
 *     f(z) >= (1/n) sum_i (y_i <a_i, z> - phi*(y_i; b_i)) + l1 ‖z‖_1 + (l2/2) ‖z‖^2,
 *
 * whose least value over C has a closed form (Boyd, Vandenberghe 2004, sec. 5.7.1), in a
 * ball after s_j z_j, |s_j| <= l1, has replaced l1 |z_j|.  A kink's phi*(y; b) is y b for
 * y in [m - h, m + h], infinite elsewhere.  y_i
 * = F's slopes make it tight to order s, once they are exact: near a kink r_i is known to
 * 1e-16 but divided by s.  One Newton step, too short to move x, corrects them linearly.
 * Over R^d with l2 = l1 = 0 there is a least value only if A'y = 0: y_i near the ends of their
 * intervals are put there, the others are corrected by least squares.
 */
#include "lab/linear.h"

#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>

#include "lab/face.h"
#include "lab/newton.h"
#include "lab/parallel.h"
#include "lab/rows.h"

enum { ROWS = 256, ROUNDS = 3, PARTS = 4, MOST_STEPS = 100 };
static const double SHARED = 1e7;  /* multiplications from which cores share the work */
static const double PULL = 0.25;   /* see above */
static const double NOISE = 1e-13; /* what rounding leaves of a sum that is 0 */
static const double SNAP = 1e-6;   /* a dual variable this near to a bound lies on it */

/* psi(r), see above. */
static double soft_abs(double s, double r, double *slope, double *curvature)
{
    double q = hypot(2.0 * r, s), u = 0.5 * (s + q);
    *slope = r / u;
    *curvature = s / q / u;
    return u - 0.5 * s * log(u / s);
}

/* Value, slope and curvature of the (smoothed) loss. */
static double soften(const struct lab_linear *p, double s, double z, double b,
                     double *slope, double *curvature)
{
    if (!p->loss.kink)
        return p->loss.smooth(p, s, z, b, slope, curvature);
    double middle, half, r = z - b;
    p->loss.kink(p, b, &middle, &half);
    double psi = soft_abs(s, r, slope, curvature);
    const double pull = fabs(middle) == half ? s * PULL : 0.0; /* flat on one side */
    *slope = middle + half * *slope + pull * r;
    *curvature = half * *curvature + pull;
    return middle * r + half * psi + 0.5 * pull * r * r;
}

/* The smoothing of one |x_j| such that that of l1 ‖x‖_1 is s. */
static double l1_share(const struct lab_linear *p, double s)
{
    return s / p->loss.penalty.l1 / (double)p->set->d;
}

/* Smoothed l1 ‖x‖_1: slopes and curvatures, d each; its value. */
static double soften_l1(const struct lab_linear *p, double s, const double *x,
                        double *slope, double *curvature)
{
    const double l1 = p->loss.penalty.l1, share = l1_share(p, s);
    double sum = 0.0;
    for (size_t j = 0; j < p->set->d; j++) {
        sum += l1 * soft_abs(share, x[j], &slope[j], &curvature[j]);
        slope[j] *= l1, curvature[j] *= l1;
    }
    return sum;
}

/* H += (1/n) sum_i curvature_i a_i a_i' over some rows, lower triangle. */
static void add_hessian(const struct lab_data *set, size_t begin, size_t end,
                        const double *curvature, double *H)
{
    const size_t n = set->n, d = set->d;
    if (lab_is_sparse(set)) {
        for (size_t i = begin; i < end; i++)
            lab_row_add_square(set, i, curvature[i] / (double)n, H);
        return;
    }
    double *scaled = lab_alloc(ROWS * d, sizeof *scaled);
    for (size_t first = begin; first < end; first += ROWS) {
        size_t rows = end - first < ROWS ? end - first : ROWS;
        for (size_t i = 0; i < rows; i++) {
            double root = sqrt(curvature[first + i] / (double)n);
            const double *a = set->A + (first + i) * set->stride;
            for (size_t j = 0; j < d; j++)
                scaled[i * d + j] = root * a[j];
        }
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)d, (int)rows, 1.0, scaled,
                    (int)d, 1.0, H, (int)d);
    }
    free(scaled);
}

/* The upper triangle from the lower one. */
static void reflect(size_t d, double *H)
{
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < i; j++)
            H[j * d + i] = H[i * d + j];
}

/* v = (1/n) sum_i y_i a_i over some rows. */
static void average_part(const struct lab_data *set, size_t begin, size_t end,
                         const double *y, double *v)
{
    if (!lab_is_sparse(set)) {
        cblas_dgemv(CblasRowMajor, CblasTrans, (int)(end - begin), (int)set->d,
                    1.0 / (double)set->n, set->A + begin * set->stride, (int)set->stride,
                    y + begin, 1, 0.0, v, 1);
        return;
    }
    memset(v, 0, set->d * sizeof *v);
    for (size_t i = begin; i < end; i++)
        lab_row_add(set, i, y[i] / (double)set->n, v);
}

/* v = A'y/n. */
static void average(const struct lab_data *set, const double *y, double *v)
{
    average_part(set, 0, set->n, y, v);
}

/* The rows in PARTS parts, each with sums of its own, so that cores can share the work and
 * the sums come out the same however many they are. */
struct differential {
    const struct lab_linear *p;
    double s;
    const double *x;
    double *slope, *curvature; /* n each */
    double *g, *H;             /* PARTS x d, PARTS x d x d */
    double sum[PARTS];
};

static void differentiate_part(void *context, size_t part)
{
    struct differential *D = context;
    const struct lab_data *set = D->p->set;
    const size_t d = set->d, begin = part * set->n / PARTS,
                 end = (part + 1) * set->n / PARTS, rows = end - begin;
    double *z = lab_alloc(rows, sizeof *z), sum = 0.0;
    lab_linear_predict_rows(D->p, begin, rows, D->x, z);
    for (size_t i = 0; i < rows; i++)
        sum += soften(D->p, D->s, z[i], set->b[begin + i], &D->slope[begin + i],
                      &D->curvature[begin + i]);
    free(z);
    D->sum[part] = sum;
    if (rows)
        average_part(set, begin, end, D->slope, D->g + part * d);
    add_hessian(set, begin, end, D->curvature, D->H + part * d * d);
}

/* F, its gradient and Hessian, with slopes and curvatures of the n losses. */
static double differentiate(const struct lab_linear *p, double s, const double *x,
                            double *slope, double *curvature, double *g, double *H)
{
    const size_t n = p->set->n, d = p->set->d;
    struct differential D = {
        .p = p, .s = s, .x = x, .slope = slope, .curvature = curvature};
    D.g = lab_alloc(PARTS * d, sizeof *D.g);
    D.H = lab_alloc(PARTS * d * d, sizeof *D.H);
    if ((double)n * (double)d * (double)d > SHARED)
        lab_parallel(PARTS, differentiate_part, &D);
    else
        for (size_t part = 0; part < PARTS; part++)
            differentiate_part(&D, part);

    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        g[j] = p->l2 * x[j];
    memset(H, 0, d * d * sizeof *H);
    for (size_t part = 0; part < PARTS; part++) {
        sum += D.sum[part];
        cblas_daxpy((int)d, 1.0, D.g + part * d, 1, g, 1);
        for (size_t i = 0; i < d * d; i++)
            H[i] += D.H[part * d * d + i];
    }
    reflect(d, H);
    for (size_t i = 0; i < d; i++)
        H[i * d + i] += p->l2;
    free(D.g), free(D.H);
    double own = 0.5 * p->l2 * cblas_ddot((int)d, x, 1, x, 1);
    if (p->loss.penalty.l1 > 0.0) {
        double *first = lab_alloc(2 * d, sizeof *first), *second = first + d;
        own += soften_l1(p, s, x, first, second);
        for (size_t j = 0; j < d; j++)
            g[j] += first[j], H[j * d + j] += second[j];
        free(first);
    }
    return sum / (double)n + own;
}

double lab_linear_model(const void *self, double smoothing, const double *x, double *g,
                        double *H)
{
    const struct lab_linear *p = self;
    double *slope = lab_alloc(2 * p->set->n, sizeof *slope);
    double F = differentiate(p, smoothing, x, slope, slope + p->set->n, g, H);
    free(slope);
    return F;
}

/* ---- lower bounds ----------------------------------------------------- */

/* phi*(y; b), after *y was moved to the nearest slope of phi. */
static double conjugate(const struct lab_linear *p, double b, double *y)
{
    if (!p->loss.kink)
        return p->loss.conjugate(p, b, y);
    double middle, half;
    p->loss.kink(p, b, &middle, &half);
    *y = fmin(fmax(*y, middle - half), middle + half);
    return *y * b;
}

/* y to slopes that the losses have: moved there one by one; or, to keep A'y, all of them
 * scaled, as phi >= 0 has the slope 0 or tends to it.  (What differs from 0 in sign only is
 * a rounding error; bound() looks at A'y again.) */
static void admit(const struct lab_linear *p, bool scale, double *y)
{
    double most = 1.0;
    for (size_t i = 0; i < p->set->n; i++) {
        double nearest = y[i];
        conjugate(p, p->set->b[i], &nearest);
        if (!scale || nearest == 0.0)
            y[i] = nearest;
        else
            most = fmax(most, y[i] / nearest);
    }
    for (size_t i = 0; most > 1.0 && i < p->set->n; i++)
        y[i] /= most;
}

/* The least <v, z> + l1 ‖z‖_1 over a bounded C, or a bound from the subgradient `sub`. */
static double least_over(const struct lab_domain *C, double l1, const double *sub,
                         double *v)
{
    double least = 0.0, greatest;
    if (C->kind == LAB_BOX && l1 > 0.0) {
        for (size_t j = 0; j < C->d; j++) {
            double low = C->lower[j], high = C->upper[j];
            double ends =
                fmin(v[j] * low + l1 * fabs(low), v[j] * high + l1 * fabs(high));
            least += low <= 0.0 && high >= 0.0 ? fmin(ends, 0.0) : ends;
        }
        return least;
    }
    for (size_t j = 0; C->kind == LAB_BALL && l1 > 0.0 && j < C->d; j++)
        v[j] += fmin(fmax(sub[j], -l1), l1);
    lab_domain_extent(C, v, &least, &greatest);
    return C->kind == LAB_SIMPLEX ? least + l1 : least; /* where ‖z‖_1 = 1 */
}

/* The same over R^d with (l2/2) ‖z‖^2; `size`: what counts as rounding in v, whose error at
 * distance `reach` is taken off.  -inf if there is no minimum. */
static double least_anywhere(const struct lab_linear *p, const double *v, double size,
                             double reach)
{
    const double l1 = p->loss.penalty.l1;
    double excess2 = 0.0;
    for (size_t j = 0; j < p->set->d; j++) {
        double excess = fmax(fabs(v[j]) - l1, 0.0);
        excess2 += excess * excess;
    }
    if (p->l2 > 0.0)
        return -0.5 * excess2 / p->l2;
    return sqrt(excess2) <= size ? -sqrt(excess2) * reach : -INFINITY;
}

/* The least value over C of the minorant that y defines, its l2 term linearised at x;
 * -inf if there is none.  v: d numbers of scratch. */
static double bound(const struct lab_linear *p, const struct lab_domain *C,
                    const double *x, double *y, const double *sub, double *v)
{
    const struct lab_data *set = p->set;
    const int n = (int)set->n, d = (int)set->d;
    const bool anywhere = C->kind == LAB_NO_DOMAIN, scale = anywhere && p->l2 == 0.0;
    const double l1 = p->loss.penalty.l1;
    admit(p, scale, y);
    average(set, y, v);
    double most = fabs(v[cblas_idamax(d, v, 1)]);
    if (scale && l1 > 0.0 && most > l1) {
        cblas_dscal(n, l1 / most, y, 1);
        cblas_dscal(d, l1 / most, v, 1);
    }
    double constant = 0.0, size = 0.0; /* of the terms of v */
    for (size_t i = 0; i < set->n; i++) {
        constant -= conjugate(p, set->b[i], &y[i]) / n;
        size += fabs(y[i]) * sqrt(lab_row_norm2(set, i)) / n;
    }
    if (anywhere)
        return constant + least_anywhere(p, v, NOISE * size, cblas_dnrm2(d, x, 1));
    constant -= 0.5 * p->l2 * cblas_ddot(d, x, 1, x, 1);
    cblas_daxpy(d, p->l2, x, 1, v, 1);
    return constant + least_over(C, l1, sub, v);
}

/* The bound over R^d from y with its near-bound entries put on their bounds, and A'y = 0 by
 * least squares on the others; y and `loose` are overwritten. */
static double snapped_bound(const struct lab_linear *p, struct lab_newton *N, double *y,
                            double *loose, double *step)
{
    const struct lab_data *set = p->set;
    const size_t n = set->n, d = set->d;
    for (size_t i = 0; i < n; i++) {
        double up = y[i] + SNAP, down = y[i] - SNAP, most = up, least = down;
        conjugate(p, set->b[i], &up);
        conjugate(p, set->b[i], &down);
        loose[i] = up == most && down == least ? 1.0 : 0.0;
        y[i] = up < most ? up : down > least ? down : y[i];
    }
    memset(N->H, 0, d * d * sizeof *N->H);
    add_hessian(set, 0, n, loose, N->H);
    reflect(d, N->H);
    lab_newton_factor(N, false);
    for (int round = 0; round < ROUNDS; round++) {
        average(set, y, N->g);
        lab_newton_step(N, N->g, NULL, 0.0);
        lab_linear_predict(p, N->p, step);
        for (size_t i = 0; i < n; i++)
            y[i] += loose[i] * step[i];
    }
    return bound(p, N->C, N->x, y, NULL, N->r);
}

double lab_linear_lower(const void *self, double smoothing, const struct lab_domain *C,
                        const double *x)
{
    const struct lab_linear *p = self;
    const size_t n = p->set->n, d = p->set->d;
    double *y = lab_alloc(4 * n + 2 * d, sizeof *y), *curvature = y + n,
           *step = y + 2 * n;
    double *corrected = y + 3 * n, *sub = y + 4 * n, *bend = sub + d; /* of l1 ‖x‖_1 */
    struct lab_newton N;
    lab_newton_new(&N, NULL, self, C, d);

    differentiate(p, smoothing, x, y, curvature, N.g, N.H);
    if (p->loss.penalty.l1 > 0.0)
        soften_l1(p, smoothing, x, sub, bend);
    const double *normal = lab_face_restrict(&N, x);
    lab_newton_factor(&N, false);
    memcpy(corrected, y, n * sizeof *y);
    memcpy(N.x, x, d * sizeof *x);
    double best = bound(p, C, x, y, sub, N.r);
    for (int i = 0; i < ROUNDS; i++) {
        lab_newton_step(&N, N.g, normal, 0.0);
        lab_linear_predict(p, N.p, step);
        for (size_t k = 0; k < n; k++)
            corrected[k] += curvature[k] * step[k];
        cblas_daxpy((int)d, 1.0, N.p, 1, N.x, 1);
        average(p->set, corrected, N.g);
        cblas_daxpy((int)d, p->l2, N.x, 1, N.g, 1);
        for (size_t j = 0; j < d; j++) {
            sub[j] += bend[j] * N.p[j];
            N.g[j] += sub[j];
        }
        memcpy(y, corrected, n * sizeof *y);
        best = fmax(best, bound(p, C, N.x, y, sub, N.r));
    }
    if (C->kind == LAB_NO_DOMAIN && p->l2 == 0.0 && p->loss.penalty.l1 == 0.0)
        best = fmax(best, snapped_bound(p, &N, corrected, curvature, step));
    /* phi >= 0, h >= 0 (y = 0): f >= 0. */
    best = fmax(best, 0.0);

    lab_newton_free(&N);
    free(y);
    return best;
}

/* The logistic loss, whatever p's own is: Newton's method on it finds a separating x if there
 * is one. */
static double logistic(const void *self, double s, double z, double b, double *first,
                       double *second)
{
    const double margin = b * z, e = exp(-fabs(margin));
    (void)self, (void)s;
    *first = -b * (margin < 0.0 ? 1.0 : e) / (1.0 + e);
    *second = e / (1.0 + e) / (1.0 + e);
    return fmax(-margin, 0.0) + log1p(e);
}

/* min_i b_i <a_i, x> */
static double margin_of(const struct lab_linear *p, const double *x)
{
    double *z = lab_alloc(p->set->n, sizeof *z), margin = INFINITY;
    lab_linear_predict(p, x, z);
    for (size_t i = 0; i < p->set->n; i++)
        margin = fmin(margin, p->set->b[i] * z[i]);
    free(z);
    return margin;
}

bool lab_linear_attain(const void *self, double *x)
{
    const struct lab_linear *p = self;
    const struct lab_problem problem = {.model = lab_linear_model};
    const struct lab_domain anywhere = {.kind = LAB_NO_DOMAIN, .d = p->set->d};
    struct lab_linear other = *p;
    struct lab_newton N;
    double margin = 0.0, f = INFINITY;
    if (p->l2 > 0.0)
        return false;
    other.loss = (struct lab_linear_loss){.smooth = logistic};
    lab_newton_new(&N, &problem, &other, &anywhere, p->set->d);
    enum lab_newton_end end =
        lab_newton_evaluate(&N) ? LAB_NEWTON_LIMIT : LAB_NEWTON_STUCK;
    for (double width = 0.0, last = 0.0; /* on, until the margin hardly gets wider */
         end == LAB_NEWTON_LIMIT && N.steps < MOST_STEPS &&
         (width == 0.0 || width > 1.01 * last);
         last = width) {
        end = lab_newton_centre(&N, 1e-12, 1);
        const double here = margin_of(p, N.x);
        width = fmax(here, 0.0) / cblas_dnrm2((int)p->set->d, N.x, 1);
        if (here > 0.0 && width > last) {
            margin = here;
            memcpy(x, N.x, p->set->d * sizeof *x);
        }
    }
    for (size_t j = 0; margin > 0.0 && j < p->set->d; j++)
        x[j] *= (1.0 + 1e-9) / margin;
    if (margin > 0.0)
        lab_linear_objective(self, 1, x, &f, NULL);
    lab_newton_free(&N);
    return f == 0.0;
}
