/*
 * lab/expression_facts.c -- constants of a function from its formula; see expression.h
 *
 *   G      sup ‖grad f‖ over the domain, by interval arithmetic over the smallest box around it
 *   L, mu  bounds of the eigenvalues of the Hessian over R^d, by interval arithmetic and
 *          Gershgorin's circles: L = max(|least|, |greatest|), mu = least where f is convex
 *
 * The bounds may be loose.  L and mu speak of R^d whatever the domain: ‖grad f‖^2 <= 2 L (f - f*),
 * which theorems use, does not follow from a Hessian known on the domain only.
 */
#include <stdlib.h>

#include "lab/plugin.h"

static void bound_gradient(const struct lab_expression *program,
                           const struct lab_domain *C, struct lab_facts *facts)
{
    double *lower = lab_alloc(2 * C->d, sizeof *lower), G;
    struct lab_error why = {""};
    lab_domain_box(C, lower, lower + C->d);
    if (lab_expression_steepest(program, C->d, lower, lower + C->d, &G, &why)) {
        lab_unknown(&facts->G, "%s", why.text);
        lab_unknown(&facts->G2, "%s", why.text);
    } else {
        static const char *const source = "at most: interval arithmetic over the %s";
        const char *where = C->kind == LAB_NO_DOMAIN ? "whole space" : "domain";
        lab_know(&facts->G, LAB_COMPUTED, G, source, where);
        lab_know(&facts->G2, LAB_COMPUTED, nextafter(G * G, INFINITY), source, where);
    }
    free(lower);
}

static void bound_hessian(const struct lab_expression *program, struct lab_facts *facts)
{
    double least = 0.0, greatest = INFINITY;
    struct lab_error why = {"interval arithmetic finds no bound of the Hessian on R^d"};
    struct lab_error broken = {""};
    if (lab_expression_curvature(program, facts->d, NULL, NULL, &least, &greatest,
                                 &broken))
        why = broken, least = 0.0, greatest = INFINITY;
    const double L = fmax(fabs(least), fabs(greatest));
    if (isfinite(L)) {
        lab_know(&facts->L, LAB_COMPUTED, L, "at most: interval arithmetic, Gershgorin");
        lab_know(&facts->L_max, LAB_COMPUTED, L, "at most: as L");
    } else {
        lab_unknown(&facts->L, "%s", why.text);
        lab_unknown(&facts->L_max, "%s", why.text);
    }
    if (!facts->convex)
        lab_unknown(&facts->mu, "f is not known to be convex");
    else
        lab_know(&facts->mu, LAB_COMPUTED, fmax(least, 0.0), "at least: %s",
                 least > 0.0 ? "interval arithmetic, Gershgorin"
                             : "convex by composition rules");
}

void lab_expression_constants(const struct lab_expression *program,
                              const struct lab_domain *C, struct lab_facts *facts)
{
    bound_gradient(program, C, facts);
    bound_hessian(program, facts);
}
