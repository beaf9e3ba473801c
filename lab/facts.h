/*
 * lab/facts.h -- opening a problem: data, domain, start, constants, minimum.
 */
#ifndef LAB_FACTS_H
#define LAB_FACTS_H

#include "lab/experiment.h"

struct lab_importance;

/** Opens the problem of an entry and establishes every fact for mini-batches of `batch` (0: the
 *  whole sum), drawn as `sampling` says (with `importance` unless NULL), and the entry's domain,
 *  start and noise.  `announce`, unless NULL, is called before work that may take long.
 *  Mistakes carry the entry's place. */
void lab_facts_establish(struct lab_problem_entry *p, size_t batch,
                         enum lab_sampling sampling,
                         const struct lab_importance *importance,
                         void (*announce)(const char *label),
                         struct lab_mistakes *mistakes);

/** The first part of that: opens the problem, binds the domain, places x_1. */
int lab_facts_open(struct lab_problem_entry *p, struct lab_error *err);

/** The facts by name, for tables and the manifest; ends with a NULL name. */
struct lab_fact_card {
    const char *name, *meaning;
    size_t offset; /**< of the struct lab_fact in struct lab_facts */
};
extern const struct lab_fact_card lab_fact_cards[];
static inline const struct lab_fact *lab_fact_at(const struct lab_facts *f,
                                                 const struct lab_fact_card *card)
{
    return (const struct lab_fact *)(const void *)((const char *)f + card->offset);
}

/** "analytic", "computed", "measured", "unknown". */
const char *lab_status_text(enum lab_status status);

/** x_1 - x* in the basis of a quadratic (facts->lam): d numbers; free() it. */
double *lab_facts_delta0(const struct lab_facts *f);

#endif
