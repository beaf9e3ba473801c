/*
 * lab/linear_facts.c -- linear models: constants over a domain.
 *
 *     L     = sup phi'' lmax(A'A)/n + l2            L_max = sup phi'' max ‖a_i‖^2 + l2
 *     mu    = inf phi'' lmin(A'A)/n + l2               PL    = inf phi'' lmin+(A'A)/n
 *     G     = max_i s_i ‖a_i‖ + l2 max_C ‖x‖        s_i  = sup_C |phi'(<a_i, x>; b_i)|
 *     G2    = mean_i (s_i ‖a_i‖ + l2 max_C ‖x‖)^2   sigma2 = mean_i (s_i ‖a_i‖)^2
 *
 * phi is convex, so |phi'| over C is greatest where <a_i, x> is least or greatest.  The
 * l2 term is the same in every sample and adds no variance.
 */
#include "lab/linear.h"

#include <float.h>

#include "lab/rows.h"
#include "lab/spectrum.h"

enum { EIGHT = 8 };

static const char NO_BOUND[] = "grows with ‖x‖: no bound on all of R^d";

/* s_i, see above. */
static double steepest(const struct lab_linear *p, const struct lab_domain *C, size_t i)
{
    double z[EIGHT] = {0}, b[EIGHT], loss[EIGHT], slope[EIGHT]; /* what each() takes */
    if (isfinite(p->loss.steepest))
        return p->loss.steepest;
    const struct lab_row row = lab_row_at(p->set, i);
    if (row.column)
        lab_domain_extent_sparse(C, row.count, row.column, row.value, &z[0], &z[1]);
    else
        lab_domain_extent(C, row.value, &z[0], &z[1]);
    for (size_t k = 0; k < EIGHT; k++)
        b[k] = p->set->b[i];
    p->loss.each(p, EIGHT, z, b, loss, slope);
    return fmax(fabs(slope[0]), fabs(slope[1]));
}

/* Where A is rank-deficient and l2 = 0, f is a strongly convex function of Ax, and that has
 * PL = inf phi'' times the least non-zero eigenvalue (Karimi, Nutini & Schmidt 2016,
 * app. B).  Eigenvalues no larger than their error pass for zeros, so the others must be far
 * from it.  Full rank: mu says it. */
static void know_lojasiewicz(const struct lab_linear *p, const struct lab_spectrum *s,
                             struct lab_facts *f)
{
    const double bottom = p->loss.least_curvature, apart = 1e3;
    if (!(bottom > 0.0) || p->l2 > 0.0 || s->rank == p->set->d)
        return;
    if (s->exact && s->rank && s->least_nonzero > apart * s->error)
        lab_know(
            &f->PL, LAB_COMPUTED, bottom * (s->least_nonzero - s->error),
            "%g times the least non-zero eigenvalue of A'A/n (rank %zu of %zu), less "
            "what rounding may have added",
            bottom, s->rank, p->set->d);
    else
        lab_unknown(&f->PL, s->exact ? "no eigenvalue of A'A/n tells itself from zero"
                                     : "the eigenvalues of A'A are too much to compute");
}

static void know_curvature(const struct lab_linear *p, double norm2_max,
                           struct lab_facts *f)
{
    const double top = p->loss.curvature, bottom = p->loss.least_curvature;
    struct lab_spectrum s = {.exact = true};
    if (isfinite(top) || bottom > 0.0)
        s = lab_spectrum_of(p->set, LAB_SPECTRUM_MOST);
    if (isfinite(top)) {
        const double L = (top * (s.greatest + s.error) + p->l2) * (1.0 + DBL_EPSILON);
        if (s.exact)
            lab_know(&f->L, LAB_COMPUTED, L,
                     "%g lmax(A'A)/n + l2, with what rounding may have taken", top);
        else
            lab_know(&f->L, LAB_COMPUTED, L,
                     "at most %g lmax(A'A)/n + l2, lmax bounded by Collatz and Wielandt",
                     top);
        lab_know(&f->L_max, LAB_ANALYTIC, top * norm2_max + p->l2, "%g max ‖a_i‖^2 + l2",
                 top);
    } else {
        const char *why = isnan(top) ? "nonsmooth: the loss has a kink"
                                     : "the curvature of the loss has no bound";
        lab_unknown(&f->L, "%s", why);
        lab_unknown(&f->L_max, "%s", why);
    }
    if (bottom > 0.0 && s.least > 0.0)
        lab_know(&f->mu, LAB_COMPUTED, bottom * (s.least - s.error) + p->l2,
                 "%g lmin(A'A)/n + l2, less what rounding may have added", bottom);
    else if (bottom > 0.0 && !s.exact && p->set->d <= p->set->n)
        lab_know(&f->mu, LAB_ANALYTIC, p->l2,
                 "at least l2: lmin(A'A) of %zu x %zu is too much to compute", p->set->n,
                 p->set->d);
    else if (p->l2 > 0.0)
        lab_know(&f->mu, LAB_ANALYTIC, p->l2, "at least l2");
    else
        lab_know(&f->mu, LAB_ANALYTIC, 0.0, "%s",
                 bottom > 0.0 ? "convex, not strongly: A is rank-deficient, l2 = 0"
                              : "convex, not strongly: l2 = 0");
    know_lojasiewicz(p, &s, f);
}

double lab_linear_concordance(const void *self)
{
    const struct lab_linear *p = self;
    double most2 = 0.0;
    for (size_t i = 0; i < p->set->n; i++)
        most2 = fmax(most2, lab_row_norm2(p->set, i));
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
        double a2 = lab_row_norm2(p->set, i), s = a2 > 0.0 ? steepest(p, C, i) : 0.0;
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
