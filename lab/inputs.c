/* lab/inputs.c -- see inputs.h */
#include "lab/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "lab/facts.h"

/* Which fact an input's name means. */
static const struct lab_fact *fact_named(const char *name, const struct lab_facts *f,
                                         const struct lab_limit *limit)
{
    if (strcmp(name, "G") == 0)
        return limit->mode == LAB_PATH ? &f->G : &f->G2;
    if (strcmp(name, "Lmax") == 0)
        return &f->L_max;
    if (strcmp(name, "gap1") == 0) /* of what is above f - f*, the least that is known */
        return f->f_star.status == LAB_UNKNOWN ? &f->f_low : &f->f_star;
    for (const struct lab_fact_card *card = lab_fact_cards; card->name; card++)
        if (strcmp(card->name, name) == 0)
            return lab_fact_at(f, card);
    return NULL;
}

static int bind_number(struct lab_inputs *in, const char *name, double *field,
                       const struct lab_limit *limit, const struct lab_course *c,
                       struct lab_error *why)
{
    const struct lab_facts *f = c->facts;
    if (strcmp(name, "R") == 0 || (strcmp(name, "G") == 0 && limit->realised)) {
        if (!f->minimiser)
            return lab_fail(why, "x_star is unknown: %s", f->x_star.source);
        *(name[0] == 'R' ? &in->R : &in->G) = field;
        in->measured |= f->x_star.status == LAB_MEASURED;
        return 0;
    }
    if (strcmp(name, "eta") == 0) {
        *field = c->eta.eta[0]; /* constant: the bound's assumption */
        return 0;
    }
    const struct lab_fact *fact = fact_named(name, f, limit);
    if (!fact)
        LAB_BUG("input %s of a bound has no meaning", name);
    if (fact->status == LAB_UNKNOWN)
        return lab_fail(why, "%s is not known: %s",
                        fact == &f->G2 ? "a bound on E‖g‖²" : name, fact->source);
    in->measured |= fact->status == LAB_MEASURED;
    *field = fact == &f->G2              ? sqrt(fact->value)
             : strcmp(name, "gap1") == 0 ? f->f1.value - fact->value
                                         : fact->value;
    return 0;
}

/* The variance of the noise along every axis. */
static double *noise_variances(const struct lab_course *c, struct lab_error *why)
{
    const double s2 = lab_noise_variance(c->noise) / (double)(c->batch ? c->batch : 1);
    if (c->noise->law == LAB_MULTIPLICATIVE) {
        lab_fail(why, "needs additive noise, but it is multiplicative");
        return NULL;
    }
    if (!isfinite(s2)) {
        lab_fail(why, "needs noise of finite variance, but its tail index is %g",
                 c->noise->index);
        return NULL;
    }
    double *own = lab_alloc(c->facts->d, sizeof *own);
    for (size_t i = 0; i < c->facts->d; i++)
        own[i] = s2;
    return own;
}

static int bind_vector(struct lab_inputs *in, const char *name, struct lab_vector *field,
                       const struct lab_course *c, struct lab_error *why)
{
    const struct lab_facts *f = c->facts;
    if (!f->lam || !f->minimiser || c->streams)
        return lab_fail(why, "needs a quadratic with a known spectrum, which %s is not",
                        c->problem);
    field->n = f->d;
    if (strcmp(name, "lam") == 0) {
        field->value = (double *)(uintptr_t)f->lam; /* read only */
        return 0;
    }
    double *own =
        strcmp(name, "delta0") == 0 ? lab_facts_delta0(f) : noise_variances(c, why);
    if (!own)
        return -1;
    in->owned[in->owns++] = field->value = own;
    return 0;
}

int lab_inputs_bind(struct lab_inputs *in, const struct lab_bound *b,
                    const struct lab_limit *limit, const struct lab_course *c,
                    struct lab_error *why)
{
    *in = (struct lab_inputs){.self = lab_alloc(1, b->base.size)};
    for (const struct lab_param *p = b->base.params; p->name; p++) {
        void *field = (char *)in->self + p->offset;
        if (p->type == LAB_STEPS) {
            in->eta = field;
            *in->eta = c->eta;
        } else if (p->type == LAB_COUNT && strcmp(p->name, "T") == 0) {
            in->T = field;
        } else if (p->type == LAB_COUNT) {
            if (strcmp(p->name, "n") != 0 && strcmp(p->name, "d") != 0)
                LAB_BUG("input %s of a bound has no meaning", p->name);
            *(size_t *)field = p->name[0] == 'n' ? c->facts->n : c->facts->d;
        } else if (p->type == LAB_VECTOR
                       ? bind_vector(in, p->name, field, c, why)
                       : bind_number(in, p->name, field, limit, c, why)) {
            return -1;
        }
    }
    return 0;
}

double lab_inputs_rhs(struct lab_inputs *in, const struct lab_bound *b, size_t t)
{
    const size_t T = t - b->lag;
    if (in->T)
        *in->T = T;
    if (in->eta)
        in->eta->T = T;
    return b->rhs(in->self);
}

void lab_inputs_rows(struct lab_inputs *in, const struct lab_bound *b, size_t rows,
                     const size_t *t, double *rhs)
{
    if (b->sweep) {
        size_t *T = lab_alloc(rows, sizeof *T);
        for (size_t k = 0; k < rows; k++)
            T[k] = t[k] - b->lag;
        b->sweep(in->self, rows, T, rhs);
        free(T);
        return;
    }
    for (size_t k = 0; k < rows; k++)
        rhs[k] = lab_inputs_rhs(in, b, t[k]);
}

void lab_inputs_free(struct lab_inputs *in)
{
    for (size_t i = 0; i < in->owns; i++)
        free(in->owned[i]);
    free(in->self);
}
