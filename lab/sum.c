/* lab/sum.c -- gradients and exact values of a finite sum, one sample after another; see
 * sum.h */
#include "lab/sum.h"

#include <stdlib.h>
#include <string.h>

/* (l2/2)‖x‖^2; its gradient is added to g unless NULL. */
LAB_HOT static double ridge(double l2, size_t d, const double *restrict x,
                            double *restrict g)
{
    double norm2 = 0.0;
    if (l2 == 0.0)
        return 0.0;
#pragma omp simd reduction(+ : norm2)
    for (size_t j = 0; j < d; j++)
        norm2 += x[j] * x[j];
    for (size_t j = 0; g && j < d; j++)
        g[j] += l2 * x[j];
    return 0.5 * l2 * norm2;
}

void lab_sum_gradient(const struct lab_sum *sum, const void *self,
                      const struct lab_sample *sample, size_t replicas, const double *x,
                      double *g, double *loss)
{
    const size_t d = sum->d, B = sample->batch;
    const double share = 1.0 / (double)B;
    memset(g, 0, replicas * d * sizeof *g);
    for (size_t r = 0; r < replicas; r++) {
        loss[r] = 0.0;
        for (size_t k = 0; k < B; k++)
            loss[r] += share * sum->one(self, sample->index[r * B + k], share, x + r * d,
                                        g + r * d);
        loss[r] += ridge(sum->l2, d, x + r * d, g + r * d);
    }
}

/* f is a mean of many losses: the sum keeps what rounding would lose (Kahan 1965). */
void lab_sum_objective(const struct lab_sum *sum, const void *self, size_t count,
                       const double *x, double *f, double *g)
{
    const size_t d = sum->d, n = sum->n;
    const double share = 1.0 / (double)n;
    if (g)
        memset(g, 0, count * d * sizeof *g);
    for (size_t c = 0; c < count; c++) {
        double total = 0.0, lost = 0.0;
        for (size_t i = 0; i < n; i++) {
            double one = sum->one(self, i, share, x + c * d, g ? g + c * d : NULL);
            double term = one - lost, next = total + term;
            lost = next - total - term;
            total = next;
        }
        f[c] = total / (double)n + ridge(sum->l2, d, x + c * d, g ? g + c * d : NULL);
    }
}

void lab_sum_components(const struct lab_sum *sum, const void *self, const double *x,
                        double *loss, double *grad2)
{
    const size_t d = sum->d;
    double *g = lab_alloc(d, sizeof *g);
    for (size_t i = 0; i < sum->n; i++) {
        memset(g, 0, d * sizeof *g);
        loss[i] = sum->one(self, i, 1.0, x, grad2 ? g : NULL) +
                  ridge(sum->l2, d, x, grad2 ? g : NULL);
        for (size_t j = 0; grad2 && j < d; j++)
            grad2[i] = (j ? grad2[i] : 0.0) + g[j] * g[j];
    }
    free(g);
}

void lab_sum_know(const struct lab_sum_sizes *sizes, const void *self,
                  const struct lab_domain *C, const char *how, struct lab_facts *facts)
{
    double L = 0.0, L_max = 0.0, G = 0.0, G2 = 0.0, size[3];
    if (!isfinite(lab_domain_diameter(C)))
        return;
    for (size_t i = 0; i < sizes->n; i++) {
        sizes->of(self, C, i, size);
        const double bend = size[LAB_SMOOTHNESS], slope = size[LAB_STEEPNESS];
        L += bend / (double)sizes->n, L_max = fmax(L_max, bend);
        G2 += slope * slope / (double)sizes->n, G = fmax(G, slope);
    }
    if (!isfinite(L) || !isfinite(L_max) || !isfinite(G2))
        return; /* too large for doubles: as unknown as before */
    lab_know(&facts->L, LAB_ANALYTIC, L, "at most the mean over samples, %s", how);
    lab_know(&facts->L_max, LAB_ANALYTIC, L_max, "at most, %s", how);
    lab_know(&facts->G, LAB_ANALYTIC, G, "at most, %s", how);
    lab_know(&facts->G2, LAB_ANALYTIC, G2, "at most the mean over samples, %s", how);
    lab_know(&facts->sigma2, LAB_ANALYTIC, G2, "at most G2");
}

int lab_sum_size(const struct lab_sum_sizes *sizes, const void *self, enum lab_size what,
                 const struct lab_domain *C, double *size, struct lab_error *why)
{
    double all[3];
    if (what != LAB_NORM && !isfinite(lab_domain_diameter(C)))
        return lab_fail(why, "it grows with ‖x‖: no bound on all of R^d");
    for (size_t i = 0; i < sizes->n; i++) {
        sizes->of(self, C, i, all);
        size[i] = all[what];
        if (!isfinite(size[i]))
            return lab_fail(why, "it is not known for this problem");
    }
    return 0;
}

void lab_sum_unknown(struct lab_facts *facts, const char *why)
{
    struct lab_fact *const fact[] = {&facts->L, &facts->L_max, &facts->G, &facts->G2,
                                     &facts->sigma2};
    for (size_t i = 0; i < sizeof fact / sizeof *fact; i++)
        lab_unknown(fact[i], "%s", why);
    lab_unknown(&facts->mu, "not convex");
}
