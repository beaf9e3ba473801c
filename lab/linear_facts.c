/*
 * lab/linear_facts.c -- linear models: constants over a domain.
 *
 *     L     = sup phi'' lmax(A'A)/n + l2            L_max = sup phi'' max ‖a_i‖^2 + l2
 *     mu    = inf phi'' lmin(A'A)/n + l2
 *     G     = max_i s_i ‖a_i‖ + l2 max_C ‖x‖        s_i  = sup_C |phi'(<a_i, x>; b_i)|
 *     G2    = mean_i (s_i ‖a_i‖ + l2 max_C ‖x‖)^2   sigma2 = mean_i (s_i ‖a_i‖)^2
 *
 * phi is convex, so |phi'| over C is greatest where <a_i, x> is least or greatest.  The
 * l2 term is the same in every sample and adds no variance.
 */
#include "lab/linear.h"

#include <float.h>
#include <gsl/gsl_cblas.h>
#include <lapacke.h>
#include <stdlib.h>

enum { EIGHT = 8, ULPS = 16 /* of an eigenvalue solver */ };

static const char NO_BOUND[] = "grows with ‖x‖: no bound on all of R^d";

/* Least and greatest eigenvalue of A'A/n, and what their error is at most: an entry is a
 * sum of n products, so the matrix is off by less than (n + 2) eps trace in norm. */
static void spectrum(const struct lab_data *set, double *least, double *greatest,
                     double *error)
{
    const int d = (int)set->d;
    double *gram = lab_alloc(set->d * set->d, sizeof *gram);
    double *lambda = lab_alloc(set->d, sizeof *lambda);
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, d, (int)set->n,
                1.0 / (double)set->n, set->A, (int)set->stride, 0.0, gram, d);
    double trace = 0.0;
    for (size_t j = 0; j < set->d; j++)
        trace += gram[j * set->d + j];
    if (LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'N', 'L', d, gram, d, lambda) != 0)
        LAB_BUG("no eigenvalues of a Gram matrix");
    *greatest = lambda[d - 1];
    *least = lambda[0];
    *error = ((double)set->n + (double)d + ULPS) * DBL_EPSILON * trace;
    if (*least <= 4.0 * *error)
        *least = 0.0; /* no larger than its own error */
    free(lambda);
    free(gram);
}

static double norm2(const struct lab_data *set, size_t i)
{
    const double *a = set->A + i * set->stride;
    double sum = 0.0;
    for (size_t j = 0; j < set->d; j++)
        sum += a[j] * a[j];
    return sum;
}

/* s_i, see above. */
static double steepest(const struct lab_linear *p, const struct lab_domain *C, size_t i)
{
    double z[EIGHT] = {0}, b[EIGHT], loss[EIGHT], slope[EIGHT]; /* what each() takes */
    if (isfinite(p->loss.steepest))
        return p->loss.steepest;
    lab_domain_extent(C, p->set->A + i * p->set->stride, &z[0], &z[1]);
    for (size_t k = 0; k < EIGHT; k++)
        b[k] = p->set->b[i];
    p->loss.each(p, EIGHT, z, b, loss, slope);
    return fmax(fabs(slope[0]), fabs(slope[1]));
}

static void know_curvature(const struct lab_linear *p, double norm2_max,
                           struct lab_facts *f)
{
    const double top = p->loss.curvature, bottom = p->loss.least_curvature;
    double least = 0.0, greatest = 0.0, error = 0.0;
    if (isfinite(top) || bottom > 0.0)
        spectrum(p->set, &least, &greatest, &error);
    if (isfinite(top)) {
        lab_know(&f->L, LAB_COMPUTED,
                 (top * (greatest + error) + p->l2) * (1.0 + DBL_EPSILON),
                 "%g lmax(A'A)/n + l2, with what rounding may have taken", top);
        lab_know(&f->L_max, LAB_ANALYTIC, top * norm2_max + p->l2, "%g max ‖a_i‖^2 + l2",
                 top);
    } else {
        const char *why = isnan(top) ? "nonsmooth: the loss has a kink"
                                     : "the curvature of the loss has no bound";
        lab_unknown(&f->L, "%s", why);
        lab_unknown(&f->L_max, "%s", why);
    }
    if (bottom > 0.0 && least > 0.0)
        lab_know(&f->mu, LAB_COMPUTED, bottom * (least - error) + p->l2,
                 "%g lmin(A'A)/n + l2, less what rounding may have added", bottom);
    else if (p->l2 > 0.0)
        lab_know(&f->mu, LAB_ANALYTIC, p->l2, "at least l2");
    else
        lab_know(&f->mu, LAB_ANALYTIC, 0.0, "%s",
                 bottom > 0.0 ? "convex, not strongly: A is rank-deficient, l2 = 0"
                              : "convex, not strongly: l2 = 0");
}

double lab_linear_concordance(const void *self)
{
    const struct lab_linear *p = self;
    double most2 = 0.0;
    for (size_t i = 0; i < p->set->n; i++)
        most2 = fmax(most2, norm2(p->set, i));
    return p->loss.concordance * sqrt(most2);
}

void lab_linear_constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct lab_linear *p = self;
    const size_t n = p->set->n;
    const bool anywhere = C->kind == LAB_NO_DOMAIN, global = isfinite(p->loss.steepest);
    const double pull = p->l2 > 0.0 ? p->l2 * lab_domain_farthest(C, NULL) : 0.0;
    double most2 = 0.0, G = 0.0, G2 = 0.0, sigma2 = 0.0;
    for (size_t i = 0; i < n; i++) {
        double a2 = norm2(p->set, i), s = a2 > 0.0 ? steepest(p, C, i) : 0.0;
        double length = s * sqrt(a2);
        most2 = fmax(most2, a2);
        G = fmax(G, length + pull);
        G2 += (length + pull) * (length + pull) / (double)n;
        sigma2 += s * s * a2 / (double)n;
    }
    know_curvature(p, most2, facts);

    const char *ridge = p->l2 > 0.0 ? " + l2 max ‖x‖" : "";
    const char *slope = !global                   ? "max_C |phi'| "
                        : p->loss.steepest == 1.0 ? ""
                                                  : "sup |phi'| ";
    if (anywhere && (!global || p->l2 > 0.0)) {
        lab_unknown(&facts->G, "%s", NO_BOUND);
        lab_unknown(&facts->G2, "%s", NO_BOUND);
    } else {
        lab_know(&facts->G, LAB_ANALYTIC, G, "max %s‖a_i‖%s", slope, ridge);
        lab_know(&facts->G2, LAB_ANALYTIC, G2, "mean (%s‖a_i‖%s)^2", slope, ridge);
    }
    if (anywhere && !global)
        lab_unknown(&facts->sigma2, "%s", NO_BOUND);
    else
        lab_know(&facts->sigma2, LAB_ANALYTIC, sigma2, "mean (%s‖a_i‖)^2", slope);
}
