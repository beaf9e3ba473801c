/*
 * lab/linear_facts.c -- linear models: constants over a domain.
 *
 *     L     = sup phi'' lmax(A'A)/n + l2            L_max = sup phi'' max ‖a_i‖^2 + l2
 *     mu    = inf phi'' lmin(A'A)/n + l2               PL    = inf phi'' lmin+(A'A)/n
 *     mu_min = l2: a loss is flat across a_i
 *     G     = max_i s_i ‖a_i‖ + l2 max_C ‖x‖        s_i  = sup_C |phi'(<a_i, x>; b_i)|
 *     G2    = mean_i (s_i ‖a_i‖ + l2 max_C ‖x‖)^2   sigma2 = mean_i (s_i ‖a_i‖)^2
 *
 * with sup |h''| added to L and L_max, sup ‖grad h‖ to the norms of gradients, where there
 * is a penalty h.  phi is convex, so |phi'| over C is greatest where <a_i, x> is least or
 * greatest.  The terms of x alone are the same in every sample and add no variance.
 */
#include "lab/linear.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/rows.h"
#include "lab/spectrum.h"

enum { EIGHT = 8 };

static const char NO_BOUND[] = "grows with ‖x‖: no bound on all of R^d";
static const char TOO_STEEP[] = "the slope of the loss over the domain is no number";

/* The least and the greatest <a_i, x> over C. */
static void extent(const struct lab_linear *p, const struct lab_domain *C, size_t i,
                   double *low, double *high)
{
    const struct lab_row row = lab_row_at(p->set, i);
    if (row.column)
        lab_domain_extent_sparse(C, row.count, row.column, row.value, low, high);
    else
        lab_domain_extent(C, row.value, low, high);
}

/* s_i, see above. */
static double steepest(const struct lab_linear *p, const struct lab_domain *C, size_t i)
{
    double z[EIGHT] = {0}, b[EIGHT], loss[EIGHT], slope[EIGHT]; /* what each() takes */
    if (isfinite(p->loss.steepest))
        return p->loss.steepest;
    extent(p, C, i, &z[0], &z[1]);
    for (size_t k = 0; k < EIGHT; k++)
        b[k] = p->set->b[i];
    p->loss.each(p, EIGHT, z, b, loss, slope);
    return fmax(fabs(slope[0]), fabs(slope[1]));
}

/* Where A is rank-deficient and l2 = 0, f is a strongly convex function of Ax, and that has
 * PL = inf phi'' times the least non-zero eigenvalue (Karimi, Nutini & Schmidt 2016,
 * app. B).  Eigenvalues no larger than their error pass for zeros if
 * the rank is proved to be that low; the others must be far from them. */
static void know_lojasiewicz(const struct lab_linear *p, const struct lab_spectrum *s,
                             struct lab_facts *f)
{
    const double bottom = p->loss.least_curvature, apart = 1e3;
    if (!(bottom > 0.0) || p->l2 > 0.0 || s->rank == p->set->d)
        return;
    if (s->rank < p->set->n && s->rank != lab_spectrum_rank(p->set)) {
        lab_unknown(&f->PL, "A'A/n has eigenvalues that may or may not be zero");
        return;
    }
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

/* A'WA/n for weights w_i >= 0: the spectrum of rows sqrt(w_i) a_i. */
static struct lab_spectrum weighted_spectrum(const struct lab_data *set,
                                             const double *weight)
{
    struct lab_data scaled = *set;
    const size_t count =
        lab_is_sparse(set) ? set->row_start[set->n] : set->n * set->stride;
    double *copy = lab_alloc(count, sizeof *copy);
    memcpy(copy, lab_is_sparse(set) ? set->value : set->A, count * sizeof *copy);
    *(lab_is_sparse(set) ? &scaled.value : &scaled.A) = copy;
    for (size_t i = 0; i < set->n; i++) {
        const struct lab_row row = lab_row_at(&scaled, i);
        for (size_t k = 0; k < row.count; k++)
            row.value[k] *= sqrt(weight[i]);
    }
    const struct lab_spectrum s = lab_spectrum_of(&scaled, LAB_SPECTRUM_MOST);
    free(copy);
    return s;
}

/* " + l2 + max |h''|" of the terms of x alone, as words; `what`: "max |h''|". */
static const char *own_terms(const struct lab_linear *p, const char *what, char *text,
                             size_t size)
{
    if (p->loss.penalty.add)
        snprintf(text, size, "%s + %s, h = %s", p->l2 > 0.0 ? " + l2" : "", what,
                 p->loss.penalty.name);
    else
        snprintf(text, size, " + l2");
    return text;
}

/* L, L_max and mu of a phi whose curvature has bounds c_i, C_i only over C. */
static void know_curvature_over(const struct lab_linear *p, const struct lab_domain *C,
                                struct lab_facts *f)
{
    const size_t n = p->set->n;
    double *least = lab_alloc(2 * n, sizeof *least), *most = least + n, L_max = 0.0;
    for (size_t i = 0; i < n; i++) {
        double low, high;
        extent(p, C, i, &low, &high);
        p->loss.curvatures(p, low, high, p->set->b[i], &least[i], &most[i]);
        L_max = fmax(L_max, most[i] * lab_row_norm2(p->set, i));
    }
    if (isfinite(L_max)) {
        const struct lab_spectrum s = weighted_spectrum(p->set, most);
        lab_know(&f->L, LAB_COMPUTED,
                 (s.greatest + s.error + p->l2) * (1.0 + DBL_EPSILON),
                 "at most lmax(sum_i c_i a_i a_i')/n + l2, c_i = max_C phi''");
        lab_know(&f->L_max, LAB_ANALYTIC, L_max + p->l2,
                 "max (max_C phi'') ‖a_i‖^2 + l2");
    } else {
        lab_unknown(&f->L, "the curvature of the loss over the domain is no number");
        lab_unknown(&f->L_max, "%s", f->L.source);
    }
    const struct lab_spectrum s = weighted_spectrum(p->set, least);
    lab_know(&f->mu, LAB_COMPUTED, fmax(s.least - s.error, 0.0) + p->l2,
             "at least lmin(sum_i c_i a_i a_i')/n + l2, c_i = min_C phi''");
    free(least);
}

/* All losses have their greatest curvature at once, somewhere in C. */
static bool most_curved(const struct lab_linear *p, const struct lab_domain *C)
{
    if (p->loss.curvature == p->loss.least_curvature && !p->loss.penalty.add)
        return true;
    double *zero = lab_alloc(p->set->d, sizeof *zero);
    const bool inside = lab_domain_contains(C, zero, 0.0);
    free(zero);
    return inside && p->loss.curved_at_0;
}

static void know_smoothness(const struct lab_linear *p, const struct lab_domain *C,
                            double norm2_max, const struct lab_spectrum *s,
                            struct lab_facts *f)
{
    const double top = p->loss.curvature, own = p->l2 + p->loss.penalty.curvature;
    char text[160];
    if (!isfinite(top) || isnan(own)) {
        const char *why = isnan(own)   ? "nonsmooth: |x_j| has a kink"
                          : isnan(top) ? "nonsmooth: the loss has a kink"
                                       : "the curvature of the loss has no bound";
        lab_unknown(&f->L, "%s", why);
        lab_unknown(&f->L_max, "%s", why);
        if (isnan(own) && isfinite(top)) /* what proximal methods go by */
            lab_unknown(&f->L, "%s; the smooth part has L = %.10g", why,
                        top * (s->greatest + s->error) + p->l2);
        return;
    }
    const double L = (top * (s->greatest + s->error) + own) * (1.0 + DBL_EPSILON);
    const bool met = most_curved(p, C);
    own_terms(p, "max |h''|", text, sizeof text);
    if (s->exact)
        lab_know(&f->L, LAB_COMPUTED, L,
                 "%s%g lmax(A'A)/n%s, with what rounding may have taken",
                 met ? "" : "at most ", top, text);
    else
        lab_know(&f->L, LAB_COMPUTED, L,
                 "at most %g lmax(A'A)/n%s, lmax bounded by Collatz and Wielandt", top,
                 text);
    lab_know(&f->L_max, LAB_ANALYTIC, top * norm2_max + own, "%s%g max ‖a_i‖^2%s",
             met ? "" : "at most ", top, text);
}

static void know_curvature(const struct lab_linear *p, const struct lab_domain *C,
                           double norm2_max, struct lab_facts *f)
{
    const double top = p->loss.curvature, bottom = p->loss.least_curvature;
    struct lab_spectrum s = {.exact = true};
    if (isfinite(top) || bottom > 0.0)
        s = lab_spectrum_of(p->set, LAB_SPECTRUM_MOST);
    know_smoothness(p, C, norm2_max, &s, f);
    if (p->loss.penalty.least_curvature < 0.0) {
        lab_unknown(&f->mu, "not convex");
        return;
    }
    if (bottom > 0.0 && s.least > 0.0)
        lab_know(&f->mu, LAB_COMPUTED, bottom * (s.least - s.error) + p->l2,
                 "%g lmin(A'A)/n%s, less what rounding may have added", bottom,
                 p->l2 > 0.0 ? " + l2" : "");
    else if (bottom > 0.0 && !s.exact && p->set->d <= p->set->n)
        lab_know(&f->mu, LAB_ANALYTIC, p->l2,
                 "at least l2: lmin(A'A) of %zu x %zu is too much to compute", p->set->n,
                 p->set->d);
    else if (p->l2 > 0.0)
        lab_know(&f->mu, LAB_ANALYTIC, p->l2, "at least l2");
    else
        lab_know(&f->mu, LAB_ANALYTIC, 0.0, "%s",
                 bottom > 0.0 ? "at least 0: A may be rank-deficient, l2 = 0"
                              : "convex, not strongly: l2 = 0");
    if (!p->loss.penalty.add)
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

/* max_C ‖l2 x + grad h‖ is at most this. */
static double pull_over(const struct lab_linear *p, const struct lab_domain *C)
{
    const double ridge = p->l2 > 0.0 ? p->l2 * lab_domain_farthest(C, NULL) : 0.0;
    return ridge + sqrt((double)p->set->d) * p->loss.penalty.steepest;
}

/* sup phi'' over C, for sample i; INFINITY or NAN: there is none. */
static double curvature_over(const struct lab_linear *p, const struct lab_domain *C,
                             size_t i)
{
    double low, high, least, most = p->loss.curvature;
    if (!p->loss.curvatures || C->kind == LAB_NO_DOMAIN)
        return most;
    extent(p, C, i, &low, &high);
    p->loss.curvatures(p, low, high, p->set->b[i], &least, &most);
    return most;
}

/* L_i = sup phi'' ‖a_i‖^2 + l2 + sup |h''|, G_i = s_i ‖a_i‖ + max_C ‖l2 x + grad h‖. */
int lab_linear_sizes(const void *self, enum lab_size what, const struct lab_domain *C,
                     double *size, struct lab_error *why)
{
    const struct lab_linear *p = self;
    const double bend = p->loss.penalty.curvature, pull = pull_over(p, C);
    if (what == LAB_SMOOTHNESS && isnan(p->loss.curvature))
        return lab_fail(why, "nonsmooth: the loss has a kink");
    for (size_t i = 0; i < p->set->n; i++) {
        const double a2 = lab_row_norm2(p->set, i);
        if (what == LAB_NORM)
            size[i] = sqrt(a2);
        else if (what == LAB_SMOOTHNESS)
            size[i] = curvature_over(p, C, i) * a2 + p->l2 + (isnan(bend) ? 0.0 : bend);
        else
            size[i] = (a2 > 0.0 ? steepest(p, C, i) * sqrt(a2) : 0.0) + pull;
        if (!isfinite(size[i]))
            return lab_fail(why, C->kind == LAB_NO_DOMAIN ? NO_BOUND : TOO_STEEP);
    }
    return 0;
}

void lab_linear_constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct lab_linear *p = self;
    const size_t n = p->set->n;
    const bool anywhere = C->kind == LAB_NO_DOMAIN, global = isfinite(p->loss.steepest);
    const double pull = pull_over(p, C);
    double most2 = 0.0, G = 0.0, G2 = 0.0, sigma2 = 0.0;
    for (size_t i = 0; i < n; i++) {
        double a2 = lab_row_norm2(p->set, i), s = a2 > 0.0 ? steepest(p, C, i) : 0.0;
        double length = s * sqrt(a2);
        most2 = fmax(most2, a2);
        G = fmax(G, length + pull);
        G2 += (length + pull) * (length + pull) / (double)n;
        sigma2 += s * s * a2 / (double)n;
    }
    if (p->loss.curvatures && !anywhere)
        know_curvature_over(p, C, facts);
    else
        know_curvature(p, C, most2, facts);
    if (p->loss.penalty.least_curvature < 0.0)
        lab_unknown(&facts->mu_min, "not convex");
    else
        lab_know(&facts->mu_min, LAB_ANALYTIC, p->l2,
                 p->set->d > 1 && !p->loss.penalty.add ? "l2" : "at least l2");
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "losses are not negative");

    char ridge[192] = "";
    if (p->loss.penalty.add)
        snprintf(ridge, sizeof ridge, "%s + sup ‖grad h‖, h = %s",
                 p->l2 > 0.0 ? " + l2 max ‖x‖" : "", p->loss.penalty.name);
    else if (p->l2 > 0.0)
        snprintf(ridge, sizeof ridge, " + l2 max ‖x‖");
    const char *slope = !global                   ? "max_C |phi'| "
                        : p->loss.steepest == 1.0 ? ""
                                                  : "sup |phi'| ";
    /* Over R^d each loss alone gets as steep as phi does, and over C as its s_i. */
    const char *most = pull > 0.0 || (global && !anywhere) ? "at most " : "";
    if ((anywhere && (!global || p->l2 > 0.0)) || !isfinite(G)) {
        lab_unknown(&facts->G, "%s", anywhere ? NO_BOUND : TOO_STEEP);
        lab_unknown(&facts->G2, "%s", facts->G.source);
    } else {
        lab_know(&facts->G, LAB_ANALYTIC, G, "%smax %s‖a_i‖%s", most, slope, ridge);
        lab_know(&facts->G2, LAB_ANALYTIC, G2, "at most mean (%s‖a_i‖%s)^2", slope,
                 ridge);
    }
    if ((anywhere && !global) || !isfinite(sigma2))
        lab_unknown(&facts->sigma2, "%s", anywhere ? NO_BOUND : TOO_STEEP);
    else
        lab_know(&facts->sigma2, LAB_ANALYTIC, sigma2, "at most mean (%s‖a_i‖)^2", slope);
}
