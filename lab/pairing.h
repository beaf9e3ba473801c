/*
 * lab/pairing.h -- does an optimizer fit a problem?  What only some optimizers need of it:
 * single data points, a known f*, infima of sampled losses, room for a table of gradients.
 */
#ifndef LAB_PAIRING_H
#define LAB_PAIRING_H

#include "lab/experiment.h"

/** Adds a mistake for every optimizer that cannot run on a problem, and finds the infima of
 *  sampled losses where one needs them.  After everything else is open. */
void lab_pairing_check(struct lab_experiment *e, struct lab_mistakes *mistakes);

/** Infima of sampled losses for the plan of an arm; NULL: unknown, or not needed.  Where
 *  gradients are exact there is one loss, f, and one number, f*. */
const double *lab_loss_low(const struct lab_experiment *e,
                           const struct lab_problem_entry *p,
                           const struct lab_optimizer_entry *o);

/** Bytes of the tables of one replica: n x d numbers, or 0. */
double lab_table_bytes(const struct lab_problem_entry *p,
                       const struct lab_optimizer_entry *o);
/** What the tables of all replicas at work may take together, bytes. */
double lab_table_limit(void);

#endif
