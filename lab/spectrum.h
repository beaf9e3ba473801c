/*
 * lab/spectrum.h -- eigenvalues of A'A/n, the second moments of a data set.
 */
#ifndef LAB_SPECTRUM_H
#define LAB_SPECTRUM_H

#include "lab/data.h"

struct lab_spectrum {
    bool exact;      /**< up to `error`; false: only `greatest` is known, from above */
    double greatest; /**< lmax(A'A)/n */
    double least;    /**< lmin(A'A)/n; 0 if it is no larger than its error */
    double least_nonzero; /**< of those that are larger than their error; 0: none */
    double error;         /**< each eigenvalue is within this; 0 unless exact */
    size_t rank;          /**< how many are larger than their error */
};

/**
 * The rank of A, exact: elimination on the residues of its entries, which are whole multiples of
 * powers of two, modulo the prime 2^61 - 1 (a minor that is not 0 vanishes by chance less than
 * once in 10^15).  SIZE_MAX if that would take too long.
 */
size_t lab_spectrum_rank(const struct lab_data *set);

/** By LAPACK up to min(n, d) = `most`; beyond, a bound in O(entries). */
struct lab_spectrum lab_spectrum_of(const struct lab_data *set, size_t most);

/** What min(n, d) may be for LAPACK to take less than a minute: what the solver takes. */
enum { LAB_SPECTRUM_MOST = 4000 };

#endif
