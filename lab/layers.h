/*
 * lab/layers.h -- products with the weight matrix of a layer, and softmax, for networks.
 *
 * W is stored input after input: W[j * out + k] leads from input j to unit k, so that the
 * inner loops run over units without adding across them.  To be inlined into LAB_HOT
 * functions.
 */
#ifndef LAB_LAYERS_H
#define LAB_LAYERS_H

#include <stddef.h>
#include <string.h>

#include "lab/vector.h"

/** z = W' a, four inputs at a time. */
static inline void lab_layer_forward(size_t in, size_t out, const double *restrict W,
                                     const double *restrict a, double *restrict z)
{
    size_t j = 0;
    memset(z, 0, out * sizeof *z);
    for (; j + 4 <= in; j += 4, W += 4 * out)
#pragma omp simd
        for (size_t k = 0; k < out; k++)
            z[k] += a[j] * W[k] + a[j + 1] * W[out + k] + a[j + 2] * W[2 * out + k] +
                    a[j + 3] * W[3 * out + k];
    for (; j < in; j++, W += out)
#pragma omp simd
        for (size_t k = 0; k < out; k++)
            z[k] += a[j] * W[k];
}

/** G += a slope': the gradient with respect to W, from that with respect to z. */
static inline void lab_layer_outer(size_t in, size_t out, const double *restrict a,
                                   const double *restrict slope, double *restrict G)
{
    for (size_t j = 0; j < in; j++, G += out)
#pragma omp simd
        for (size_t k = 0; k < out; k++)
            G[k] += a[j] * slope[k];
}

/** below = W slope: the gradient with respect to the first `in` inputs. */
static inline void lab_layer_backward(size_t in, size_t out, const double *restrict W,
                                      const double *restrict slope,
                                      double *restrict below)
{
    for (size_t j = 0; j < in; j++, W += out) {
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (size_t k = 0; k < out; k++)
            sum += W[k] * slope[k];
        below[j] = sum;
    }
}

/** z_k <- exp(z_k)/sum exp(z); log sum exp(z) is returned. */
static inline double lab_softmax(size_t count, double *restrict z)
{
    double most = z[0], sum = 0.0;
    for (size_t k = 1; k < count; k++)
        most = z[k] > most ? z[k] : most;
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        z[k] = lab_exp(z[k] - most);
    for (size_t k = 0; k < count; k++)
        sum += z[k];
    for (size_t k = 0; k < count; k++)
        z[k] /= sum;
    return most + log(sum);
}

#endif
