/* lab/inputs.c -- see inputs.h */
#include "lab/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "lab/facts.h"
#include "lab/registry.h"

bool lab_is_among(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == '|') && (at[length] == '\0' || at[length] == '|'))
            return true;
    return false;
}

/* Which fact an input's name means. */
static const struct lab_fact *fact_named(const char *name, const struct lab_facts *f,
                                         const struct lab_limit *limit)
{
    if (strcmp(name, "G") == 0)
        return lab_of_mean(limit->mode) ? &f->G2 : &f->G;
    if (strcmp(name, "Lmax") == 0)
        return &f->L_max;
    if (strcmp(name, "gap1") == 0) /* of what is above f - f*, the least that is known */
        return f->f_star.status == LAB_UNKNOWN ? &f->f_low : &f->f_star;
    for (const struct lab_fact_card *card = lab_fact_cards; card->name; card++)
        if (strcmp(card->name, name) == 0)
            return lab_fact_at(f, card);
    return NULL;
}

static double number_option(const struct lab_plugin *base, const void *self,
                            const char *name)
{
    for (const struct lab_param *p = base->params; p && p->name; p++) {
        const void *field = (const char *)self + p->offset;
        if (strcmp(p->name, name) != 0)
            continue;
        switch (p->type) {
        case LAB_REAL: return *(const double *)field;
        case LAB_COUNT: return (double)*(const size_t *)field;
        case LAB_FLAG: return *(const bool *)field ? 1.0 : 0.0;
        case LAB_TEXT:
        case LAB_VECTOR:
        case LAB_STEPS: break;
        }
    }
    return NAN;
}

static const char *word_option(const struct lab_plugin *base, const void *self,
                               const char *name)
{
    for (const struct lab_param *p = base->params; p && p->name; p++)
        if (strcmp(p->name, name) == 0 && p->type == LAB_TEXT) {
            const char *const *word = (const void *)((const char *)self + p->offset);
            return *word ? *word : "";
        }
    return "";
}

double lab_option(const struct lab_course *c, const char *name)
{
    return number_option(&c->method->base, c->method_self, name);
}

const char *lab_option_word(const struct lab_course *c, const char *name)
{
    return word_option(&c->method->base, c->method_self, name);
}

double lab_problem_option(const struct lab_course *c, const char *name)
{
    return number_option(&c->oracle->base, c->oracle_self, name);
}

const char *lab_problem_option_word(const struct lab_course *c, const char *name)
{
    return word_option(&c->oracle->base, c->oracle_self, name);
}

int lab_take(const struct lab_fact *fact, const char *name, double *to, bool *measured,
             struct lab_error *why)
{
    if (fact->status == LAB_UNKNOWN)
        return lab_fail(why, "%s is not known: %s", name, fact->source);
    *measured |= fact->status == LAB_MEASURED;
    *to = fact->value;
    return 0;
}

double lab_excess_at_star(const struct lab_course *c)
{
    const size_t n = c->facts->n;
    double *loss = lab_alloc(n, sizeof *loss), sum = 0.0;
    c->oracle->components(c->oracle_self, c->facts->minimiser, loss, NULL);
    for (size_t i = 0; i < n && c->batch; i++) /* of the whole sum low is f* */
        sum += fmax(loss[i] - c->loss_low[i], 0.0);
    free(loss);
    return sum / (double)n;
}

/* An input that the core does not know by name. */
static int leave(const struct lab_bound *b, const struct lab_param *p)
{
    if (!b->bind && !b->watch.see && p->fallback == LAB_REQUIRED)
        LAB_BUG("input %s of a bound has no meaning", p->name);
    return 0;
}

/* The number that a known fact means under this name. */
static double value_of(const struct lab_fact *fact, const char *name,
                       const struct lab_facts *f)
{
    return fact == &f->G2              ? sqrt(fact->value)
           : strcmp(name, "gap1") == 0 ? f->f1.value - fact->value
                                       : fact->value;
}

static int bind_number(struct lab_inputs *in, const struct lab_bound *b,
                       const struct lab_param *p, double *field,
                       const struct lab_limit *limit, const struct lab_course *c,
                       struct lab_error *why)
{
    const struct lab_facts *f = c->facts;
    const char *name = p->name;
    if (strcmp(name, "R") == 0 || (strcmp(name, "G") == 0 && limit->realised)) {
        if (!f->minimiser)
            return lab_fail(why, "x_star is unknown: %s", f->x_star.source);
        *(name[0] == 'R' ? &in->R : &in->G) = field;
        in->measured |= f->x_star.status == LAB_MEASURED;
        return 0;
    }
    if (strcmp(name, "delta") == 0)
        in->delta = field;
    if (strcmp(name, "eta") == 0) {
        *field = c->eta.eta[0]; /* constant: the bound's assumption */
        return 0;
    }
    const struct lab_fact *fact = fact_named(name, f, limit);
    if (!fact)
        return leave(b, p);
    if (fact->status == LAB_UNKNOWN)
        return lab_fail(why, "%s is not known: %s",
                        fact == &f->G2 ? "a bound on E‖g‖²" : name, fact->source);
    in->measured |= fact->status == LAB_MEASURED;
    *field = value_of(fact, name, f);
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

static int bind_vector(struct lab_inputs *in, const struct lab_bound *b,
                       const struct lab_param *p, struct lab_vector *field,
                       const struct lab_course *c, struct lab_error *why)
{
    const struct lab_facts *f = c->facts;
    const char *name = p->name;
    if (strcmp(name, "lam") != 0 && strcmp(name, "delta0") != 0 &&
        strcmp(name, "s2") != 0)
        return leave(b, p);
    const bool noise =
        strcmp(name, "s2") == 0; /* of a stream it is not all that is random */
    if (!f->lam || !f->minimiser || (c->streams && noise))
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

static bool is_horizon(const struct lab_bound *b, const char *name)
{
    if (b->horizon)
        return strcmp(name, b->horizon) == 0;
    return strcmp(name, "T") == 0 || strcmp(name, "k") == 0 || strcmp(name, "N") == 0;
}

static int bind_one(struct lab_inputs *in, const struct lab_bound *b,
                    const struct lab_param *p, const struct lab_limit *limit,
                    const struct lab_course *c, struct lab_error *why)
{
    void *field = (char *)in->self + p->offset;
    if (b->binds && lab_is_among(b->binds, p->name))
        return 0;
    switch (p->type) {
    case LAB_STEPS:
        in->eta = field;
        *in->eta = c->eta;
        return 0;
    case LAB_COUNT:
        if (is_horizon(b, p->name)) {
            in->T = field;
            in->least = lab_in_range(p->range, 0.0) ? 0 : 1;
        } else if (strcmp(p->name, "n") == 0 || strcmp(p->name, "d") == 0)
            *(size_t *)field = p->name[0] == 'n' ? c->facts->n : c->facts->d;
        else
            return leave(b, p);
        return 0;
    case LAB_VECTOR: return bind_vector(in, b, p, field, c, why);
    case LAB_REAL: return bind_number(in, b, p, field, limit, c, why);
    case LAB_FLAG:
    case LAB_TEXT: break;
    }
    return leave(b, p);
}

int lab_inputs_bind(struct lab_inputs *in, const struct lab_bound *b,
                    const struct lab_limit *limit, const struct lab_course *c,
                    struct lab_error *why)
{
    *in = (struct lab_inputs){.self = lab_alloc(1, b->base.size)};
    if (b->base.params)
        lab_param_defaults(b->base.params, in->self);
    for (const struct lab_param *p = b->base.params; p && p->name; p++)
        if (bind_one(in, b, p, limit, c, why))
            return -1;
    in->horizon = c->eta.T;
    return b->bind ? b->bind(c, in->self, &in->measured, why) : 0;
}

size_t lab_inputs_horizon(const struct lab_inputs *in, const struct lab_bound *b,
                          size_t t)
{
    if (b->period) {
        const size_t period = b->period(in->self);
        return period && t > 1 && (t - 1) % period == 0 ? (t - 1) / period : SIZE_MAX;
    }
    if (t < b->lag + in->least || (b->assumes & LAB_FOR_HORIZON && t < in->horizon) ||
        (b->speaks && !b->speaks(in->self, t - b->lag)))
        return SIZE_MAX;
    return t - b->lag;
}

double lab_inputs_rhs(struct lab_inputs *in, const struct lab_bound *b, size_t t)
{
    const size_t T = lab_inputs_horizon(in, b, t);
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
            T[k] = lab_inputs_horizon(in, b, t[k]);
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

/* ---- prescribed learning rates ------------------------------------------ */

static const struct lab_bound *prescriber(const char *name, struct lab_error *err)
{
    const struct lab_entry *entry = lab_find(LAB_KIND_bound, name, err);
    if (!entry)
        return NULL;
    const struct lab_bound *bound = (const struct lab_bound *)entry->plugin;
    if (bound->prescription.formula)
        return bound;
    char *those = lab_text("%s", "");
    for (const struct lab_entry *e = lab_registry; e->name; e++) {
        const struct lab_bound *b = (const struct lab_bound *)e->plugin;
        if (e->kind != LAB_KIND_bound || !b->prescription.formula)
            continue;
        char *longer = lab_text("%s%s%s", those, *those ? ", " : "", e->name);
        free(those);
        those = longer;
    }
    lab_fail(err, "theorem '%s' prescribes no learning rates; those that do: %s", name,
             those);
    free(those);
    return NULL;
}

int lab_prescribes(const char *bound, struct lab_error *err)
{
    return prescriber(bound, err) ? 0 : -1;
}

/* A fact as the first of the theorem's limits takes it that knows it, and does not take it from
 * the path: G may be a bound on every path or one of the mean.  Else the reason. */
static int find_prescribed(const struct lab_bound *b, const char *name,
                           const struct lab_facts *f, double *value,
                           struct lab_error *why)
{
    for (size_t k = 0; b->limits[k].metric; k++) {
        const struct lab_fact *fact =
            b->limits[k].realised ? NULL : fact_named(name, f, &b->limits[k]);
        if (fact && fact->status != LAB_UNKNOWN) {
            *value = value_of(fact, name, f);
            return 0;
        }
        if (fact)
            lab_fail(why, "%s is unknown: %s", name, fact->source);
    }
    return -1;
}

/* "R1 = 2, G = 0" */
static char *fact_list(const struct lab_prescription *p, const double *fact)
{
    char *text = lab_text("%s", "");
    for (size_t k = 0; k < sizeof p->facts / sizeof *p->facts && p->facts[k]; k++) {
        char *longer =
            lab_text("%s%s%s = %.6g", text, k ? ", " : "", p->facts[k], fact[k]);
        free(text);
        text = longer;
    }
    return text;
}

void lab_prescribe(const struct lab_bound *b, const double *fact, size_t T, double *eta)
{
    if (b->prescribe)
        b->prescribe(fact, T, eta);
    for (size_t t = 1; t <= T && !b->prescribe; t++)
        eta[t - 1] = b->prescription.eta(fact, t, T);
}

int lab_prescribed(const char *bound, const struct lab_course *c, double *eta,
                   struct lab_error *err)
{
    const struct lab_bound *b = prescriber(bound, err);
    const struct lab_prescription *p = b ? &b->prescription : NULL;
    double fact[sizeof p->facts / sizeof *p->facts];
    const size_t T = c->eta.T, most = sizeof fact / sizeof *fact;
    if (!b)
        return -1;
    for (size_t k = 0; k < most && p->facts[k]; k++) {
        struct lab_error why = {""};
        if (find_prescribed(b, p->facts[k], c->facts, &fact[k], &why))
            return lab_fail(err, "theorem '%s' prescribes %s, but %s", bound, p->formula,
                            why.text);
    }
    lab_prescribe(b, fact, T, eta);
    for (size_t t = 1; t <= T; t++) {
        const double rate = eta[t - 1];
        const bool last = t == T && b->assumes & LAB_BEFORE_LAST;
        if (isfinite(rate) && (rate > 0.0 || (last && rate == 0.0)))
            continue;
        char *facts = fact_list(p, fact);
        lab_fail(err,
                 "theorem '%s' prescribes %s, but eta_%zu = %g is no learning rate: %s",
                 bound, p->formula, t, rate, facts);
        free(facts);
        return -1;
    }
    return 0;
}
