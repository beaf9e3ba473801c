/* lab/sampler.c -- see sampler.h */
#include "lab/sampler.h"

#include <stdlib.h>
#include <string.h>

#include "lab/error.h"

struct lab_sampler {
    enum lab_sampling sampling;
    gsl_rng *rng;
    size_t n, batch, next; /* next: place in the permutation */
    uint32_t *order;       /* the permutation; NULL: not needed */
    const struct lab_odds *odds;
};

enum lab_sampling lab_sampling_named(const char *word)
{
    static const char *const names[] = {"iid",    "reshuffle",           "shuffle_once",
                                        "cyclic", "without_replacement", "importance"};
    for (enum lab_sampling k = LAB_IID; k <= LAB_IMPORTANCE; k++)
        if (strcmp(word, names[k]) == 0)
            return k;
    LAB_BUG("sampling '%s'", word);
}

struct lab_odds *lab_odds_new(size_t n, const double *p)
{
    struct lab_odds *odds = lab_alloc(1, sizeof *odds);
    *odds = (struct lab_odds){.n = n, .p = lab_alloc(2 * n, sizeof *odds->p)};
    odds->weight = odds->p + n;
    odds->table = gsl_ran_discrete_preproc(n, p);
    if (!odds->table)
        LAB_BUG("no table of %zu probabilities", n);
    for (size_t i = 0; i < n; i++) {
        odds->p[i] = p[i];
        odds->weight[i] = p[i] > 0.0 ? 1.0 / ((double)n * p[i]) : 0.0;
    }
    return odds;
}

void lab_odds_free(struct lab_odds *odds)
{
    if (!odds)
        return;
    gsl_ran_discrete_free(odds->table);
    free(odds->p), free(odds);
}

/* Walker (1977): one number of the stream for each index.  The table holds sums that were
 * rounded; what must not be drawn is drawn again. */
static void draw_by_odds(struct lab_sampler *s, size_t count, uint32_t *index)
{
    for (size_t k = 0; k < count; k++)
        do
            index[k] = (uint32_t)gsl_ran_discrete(s->rng, s->odds->table);
        while (s->odds->p[index[k]] == 0.0);
}

/* The first `count` places of the order become a uniform choice in uniform order (Fisher &
 * Yates 1938; Durstenfeld 1964). */
static void shuffle(struct lab_sampler *s, size_t count)
{
    for (size_t i = 0; i < count && i + 1 < s->n; i++) {
        uint32_t ahead;
        lab_draw_indices(s->rng, s->n - i, 1, &ahead);
        const uint32_t kept = s->order[i];
        s->order[i] = s->order[i + ahead];
        s->order[i + ahead] = kept;
    }
}

struct lab_sampler *lab_sampler_new(enum lab_sampling sampling, gsl_rng *rng, size_t n,
                                    size_t batch, const struct lab_odds *odds)
{
    struct lab_sampler *s = lab_alloc(1, sizeof *s);
    *s = (struct lab_sampler){
        .sampling = sampling, .rng = rng, .n = n, .batch = batch, .odds = odds};
    if (sampling == LAB_IID || sampling == LAB_IMPORTANCE)
        return s;
    s->order = lab_alloc(n, sizeof *s->order);
    for (size_t i = 0; i < n; i++)
        s->order[i] = (uint32_t)i;
    if (sampling == LAB_SHUFFLE_ONCE)
        shuffle(s, n);
    return s;
}

void lab_sampler_free(struct lab_sampler *s)
{
    if (!s)
        return;
    gsl_rng_free(s->rng);
    free(s->order), free(s);
}

void lab_sampler_draw(struct lab_sampler *s, size_t batches, uint32_t *index)
{
    const size_t count = batches * s->batch;
    if (s->sampling == LAB_IID) {
        lab_draw_indices(s->rng, s->n, count, index);
        return;
    }
    if (s->sampling == LAB_IMPORTANCE) {
        draw_by_odds(s, count, index);
        return;
    }
    for (size_t k = 0; k < count; k++) {
        if (s->sampling == LAB_WITHOUT_REPLACEMENT && k % s->batch == 0) {
            shuffle(s, s->batch);
            s->next = 0;
        } else if (s->sampling == LAB_RESHUFFLE && s->next == 0) {
            shuffle(s, s->n);
        }
        index[k] = s->order[s->next];
        s->next = s->next + 1 < s->n ? s->next + 1 : 0;
    }
}
