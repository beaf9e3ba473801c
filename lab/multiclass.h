/*
 * lab/multiclass.h -- linear models of K classes with the cross-entropy loss.
 *
 *     f(x) = (1/n) sum_i (log sum_k exp<a_i, x_k> - <a_i, x_{b_i}>) + (l2/2) ‖x‖^2
 *
 * x is K x d, row by row: x_k, the weights of class k, are d numbers from x + k d on.  The
 * problem's own struct begins with a struct lab_linear, of which only data, l2 and set are
 * used; see problems/softmax.c.
 */
#ifndef LAB_MULTICLASS_H
#define LAB_MULTICLASS_H

#include "lab/linear.h"

int lab_multiclass_open(void *self, struct lab_facts *facts, struct lab_error *err);

/* Methods of a problem; see plugin.h.  close() is lab_linear_close(). */
void lab_multiclass_constants(void *self, const struct lab_domain *C,
                              struct lab_facts *facts);
void lab_multiclass_gradient(const void *self, const struct lab_sample *sample,
                             size_t replicas, const double *x, double *g, double *loss);
void lab_multiclass_objective(const void *self, size_t count, const double *x, double *f,
                              double *g);
void lab_multiclass_components(const void *self, const double *x, double *loss,
                               double *grad2);
int lab_multiclass_sizes(const void *self, enum lab_size what, const struct lab_domain *C,
                         double *size, struct lab_error *why);
double lab_multiclass_model(const void *self, double smoothing, const double *x,
                            double *g, double *H);
int lab_multiclass_escapes(const void *self, const double *x, struct lab_error *why);
double lab_multiclass_concordance(const void *self);
int lab_multiclass_infima(const void *self, double *low, struct lab_error *why);

#endif
