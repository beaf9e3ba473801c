/*
 * lab/face.h -- Newton's step along the face of a domain: what a lower bound by duality needs
 * to make its multipliers exact.
 */
#ifndef LAB_FACE_H
#define LAB_FACE_H

#include "lab/domain.h"

/**
 * step <- argmin <g, p> + <p, H p>/2 over the p along the face of C that x lies on: of a box
 * and a simplex, coordinates within 1e-6 of their bounds stay; on a sphere p is orthogonal to
 * x - center, with the multiplier's curvature.  g: d numbers, H: d x d.
 */
void lab_face_step(const struct lab_domain *C, const double *x, const double *g,
                   const double *H, double *step);

#endif
