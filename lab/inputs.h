/*
 * lab/inputs.h -- the inputs of a theorem's formula, filled by name from a run.
 */
#ifndef LAB_INPUTS_H
#define LAB_INPUTS_H

#include "lab/plugin.h"

struct lab_inputs {
    void *self;       /**< the bound's own struct of inputs */
    double *R, *G;    /**< fields to be set from the path, inside self; NULL: none */
    bool measured;    /**< a fact used was only measured */
    double *owned[2]; /**< vectors made for this binding */
    size_t owns;
    size_t *T;             /**< the field T, k, N or `horizon`; NULL: none */
    size_t least, horizon; /**< T the formula begins with; that of the run */
    double *delta;         /**< the field delta, of LAB_PROBABILITY; NULL: none */
    struct lab_steps *eta; /**< the field eta_1..eta_T; NULL: none */
};

/** Finds every input.  -1 with the reason if the run does not know one. */
int lab_inputs_bind(struct lab_inputs *in, const struct lab_bound *b,
                    const struct lab_limit *limit, const struct lab_course *c,
                    struct lab_error *why);
/** The horizon that row t is about (lag and period of the bound); SIZE_MAX: the theorem is
 *  silent there. */
size_t lab_inputs_horizon(const struct lab_inputs *in, const struct lab_bound *b,
                          size_t t);
/** The right-hand side for row t, where the theorem speaks. */
double lab_inputs_rhs(struct lab_inputs *in, const struct lab_bound *b, size_t t);
/** The same for ascending rows t. */
void lab_inputs_rows(struct lab_inputs *in, const struct lab_bound *b, size_t rows,
                     const size_t *t, double *rhs);
/** The learning rates that a theorem prescribes for its facts: eta[t-1] = eta_t, t = 1..T. */
void lab_prescribe(const struct lab_bound *b, const double *fact, size_t T, double *eta);
/** "a|b" holds the word. */
bool lab_is_among(const char *words, const char *word);
void lab_inputs_free(struct lab_inputs *in);

#endif
