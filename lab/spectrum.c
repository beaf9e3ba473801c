/*
 * lab/spectrum.c -- see spectrum.h.
 *
 * Small ones: LAPACK on the smaller of A'A/n and AA'/n, which have the same non-zero
 * eigenvalues.  An entry is a sum of n (or d) products, so the matrix is off by less than
 * (n + d) eps trace in norm, and by Weyl's theorem each eigenvalue.
 *
 * Large ones: for every v > 0, by Collatz and Wielandt (R. Horn & C. Johnson 2013, Matrix
 * Analysis, thm. 8.1.26), with M = |A|'|A| >= |A'A| entry by entry,
 *
 *     lmax(A'A) <= lmax(M) <= max_j (M v)_j / v_j,
 *
 * which falls as v <- M v is repeated and tends to lmax(M): for A >= 0 to lmax(A'A), and
 * never to more than the trace.  All terms are non-negative, so sums of n + d of them are right
 * to (n + d) eps.
 */
#include "lab/spectrum.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "lab/plugin.h" /* LAB_HOT */
#include "lab/rows.h"

enum { ULPS = 16 /* of an eigenvalue solver, of a few operations */, MOST_ROUNDS = 100 };

/* ---- small ------------------------------------------------------------ */

/* The lower triangles of A'A/n and AA'/n. */
static void columns_gram(const struct lab_data *set, double *gram)
{
    const size_t d = set->d;
    const double share = 1.0 / (double)set->n;
    if (!lab_is_sparse(set)) {
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)d, (int)set->n, share,
                    set->A, (int)set->stride, 0.0, gram, (int)d);
        return;
    }
    for (size_t i = 0; i < set->n; i++)
        lab_row_add_square(set, i, share, gram);
}

static void rows_gram(const struct lab_data *set, double *gram)
{
    const size_t n = set->n;
    const double share = 1.0 / (double)n;
    if (!lab_is_sparse(set)) {
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, (int)n, (int)set->d, share,
                    set->A, (int)set->stride, 0.0, gram, (int)n);
        return;
    }
    double *spread = lab_alloc(set->d, sizeof *spread);
    for (size_t i = 0; i < n; i++) {
        lab_row_add(set, i, share, spread);
        for (size_t j = 0; j <= i; j++)
            gram[i * n + j] = lab_row_dot(set, j, spread);
        const struct lab_row row = lab_row_at(set, i);
        for (size_t k = 0; k < row.count; k++)
            spread[row.column[k]] = 0.0;
    }
    free(spread);
}

static struct lab_spectrum solve(const struct lab_data *set)
{
    const bool wide = set->d > set->n;
    const size_t size = wide ? set->n : set->d;
    struct lab_spectrum s = {.exact = true};
    double *gram = lab_alloc(size * size, sizeof *gram), trace = 0.0;
    double *lambda = lab_alloc(size, sizeof *lambda);
    (wide ? rows_gram : columns_gram)(set, gram);
    for (size_t j = 0; j < size; j++)
        trace += gram[j * size + j];
    if (!isfinite(trace)) { /* entries beyond 1e154 */
        free(lambda), free(gram);
        return (struct lab_spectrum){.greatest = INFINITY};
    }
    if (LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'N', 'L', (int)size, gram, (int)size, lambda))
        LAB_BUG("no eigenvalues of a Gram matrix");
    s.error = ((double)set->n + (double)set->d + ULPS) * DBL_EPSILON * trace;
    s.greatest = lambda[size - 1];
    while (s.rank < size && lambda[size - 1 - s.rank] > 4.0 * s.error)
        s.rank++;
    s.least = s.rank == set->d ? lambda[0] : 0.0;
    s.least_nonzero = s.rank ? lambda[size - s.rank] : 0.0;
    free(lambda);
    free(gram);
    return s;
}

/* ---- rank ------------------------------------------------------------- */

__extension__ typedef unsigned __int128 product;
static const uint64_t PRIME = (UINT64_C(1) << 61) - 1;
static const double MOST_ELIMINATION = 1e9;

static uint64_t times(uint64_t a, uint64_t b)
{
    return (uint64_t)((product)a * b % PRIME);
}

/* v = m 2^e; 2^61 = 1 modulo the prime. */
static uint64_t residue(double v)
{
    int e;
    const int64_t m = (int64_t)ldexp(frexp(v, &e), 53);
    const uint64_t size =
        times((uint64_t)(m < 0 ? -m : m), UINT64_C(1) << ((e - 53 + 61 * 64) % 61));
    return m < 0 && size ? PRIME - size : size;
}

static uint64_t inverse(uint64_t a)
{
    uint64_t power = 1; /* a^(PRIME - 2) */
    for (uint64_t left = PRIME - 2; left; left >>= 1, a = times(a, a))
        if (left & 1)
            power = times(power, a);
    return power;
}

size_t lab_spectrum_rank(const struct lab_data *set)
{
    const size_t n = set->n, d = set->d;
    size_t rank = 0;
    if ((double)n * (double)d * (double)(n < d ? n : d) > MOST_ELIMINATION)
        return SIZE_MAX;
    uint64_t *R = lab_alloc(n * d, sizeof *R);
    for (size_t i = 0; i < n; i++) {
        const struct lab_row row = lab_row_at(set, i);
        for (size_t k = 0; k < row.count; k++)
            R[i * d + lab_row_column(row, k)] = residue(row.value[k]);
    }
    for (size_t j = 0; j < d && rank < n; j++) {
        size_t pivot = rank;
        while (pivot < n && R[pivot * d + j] == 0)
            pivot++;
        if (pivot == n)
            continue;
        for (size_t k = j; k < d; k++) {
            const uint64_t swap = R[pivot * d + k];
            R[pivot * d + k] = R[rank * d + k], R[rank * d + k] = swap;
        }
        const uint64_t over = inverse(R[rank * d + j]);
        for (size_t i = rank + 1; i < n; i++) {
            const uint64_t factor = times(R[i * d + j], over);
            for (size_t k = j; factor && k < d; k++)
                R[i * d + k] =
                    (R[i * d + k] + PRIME - times(factor, R[rank * d + k])) % PRIME;
        }
        rank++;
    }
    free(R);
    return rank;
}

/* ---- large ------------------------------------------------------------ */

/* next = |A|'|A| v */
LAB_HOT static void multiply(const struct lab_data *set, const double *restrict v,
                             double *restrict next)
{
    for (size_t j = 0; j < set->d; j++)
        next[j] = 0.0;
    for (size_t i = 0; i < set->n; i++) {
        const struct lab_row row = lab_row_at(set, i);
        double sum = 0.0;
        for (size_t k = 0; k < row.count; k++)
            sum += fabs(row.value[k]) * v[lab_row_column(row, k)];
        for (size_t k = 0; k < row.count; k++)
            next[lab_row_column(row, k)] += fabs(row.value[k]) * sum;
    }
}

static double collatz_wielandt(const struct lab_data *set)
{
    const size_t d = set->d;
    const double tiny = 1e-200; /* any v > 0 will do */
    double *v = lab_alloc(2 * d, sizeof *v), *next = v + d, best = INFINITY, last;
    for (size_t j = 0; j < d; j++)
        v[j] = 1.0;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        double most = 0.0, largest = 0.0;
        multiply(set, v, next);
        for (size_t j = 0; j < d; j++) {
            most = fmax(most, next[j] / v[j]);
            largest = fmax(largest, next[j]);
        }
        last = best;
        best = fmin(best, most);
        if (best > (1.0 - 1e-4) * last || largest == 0.0)
            break;
        for (size_t j = 0; j < d; j++)
            v[j] = fmax(next[j] / largest, tiny);
    }
    free(v);
    return best;
}

static struct lab_spectrum bound(const struct lab_data *set)
{
    const double n = (double)set->n, terms = 2.0 * (n + (double)set->d) + ULPS;
    return (struct lab_spectrum){.greatest = collatz_wielandt(set) / n *
                                             (1.0 + terms * DBL_EPSILON)};
}

struct lab_spectrum lab_spectrum_of(const struct lab_data *set, size_t most)
{
    return set->n <= most || set->d <= most ? solve(set) : bound(set);
}
