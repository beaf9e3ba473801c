/*
 * lab/face.h -- Newton's step along the face of a domain: what a lower bound by duality needs
 * to make its multipliers exact.
 */
#ifndef LAB_FACE_H
#define LAB_FACE_H

#include "lab/domain.h"

struct lab_newton;
/** Restricts Newton steps of n to the face of its domain that x lies on: coordinates of a box
 *  or simplex within 1e-6 of their bounds stay, the sum of a simplex too.  Returns the normal
 *  of a sphere, to which steps are to be orthogonal (n->lambda: its multiplier), or NULL. */
const double *lab_face_restrict(struct lab_newton *n, const double *x);

/**
 * step <- argmin <g, p> + <p, H p>/2 over the p along the face of C that x lies on.
 * g: d numbers, H: d x d.
 */
void lab_face_step(const struct lab_domain *C, const double *x, const double *g,
                   const double *H, double *step);

#endif
