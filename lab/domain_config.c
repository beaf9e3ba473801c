/*
 * lab/domain_config.c -- a domain from and to the config, and in words; see domain.h.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/domain.h"

struct ball {
    double radius;
    struct lab_vector center;
};

struct box {
    struct lab_vector lower, upper;
};

static const struct lab_param ball_params[] = {
    LAB_PARAM(struct ball, radius, LAB_REQUIRED, "(0,inf)", "radius of the ball"),
    LAB_PARAM(struct ball, center, 0.0, "(-inf,inf)",
              "its center: a number or d of them"),
    LAB_PARAM_END,
};

static const struct lab_param box_params[] = {
    LAB_PARAM(struct box, lower, LAB_REQUIRED, "(-inf,inf)", "a number or d of them"),
    LAB_PARAM(struct box, upper, LAB_REQUIRED, "(-inf,inf)", "a number or d of them"),
    LAB_PARAM_END,
};

static const struct lab_param no_params[] = {LAB_PARAM_END};

/* In the order of enum lab_domain_kind. */
const struct lab_domain_card lab_domain_cards[] = {
    {"none", "all of R^d: no projection", no_params},
    {"ball", "{x : ‖x - center‖ <= radius}", ball_params},
    {"box", "{x : lower <= x <= upper}", box_params},
    {"simplex", "{x : x >= 0, sum x = 1}", no_params},
    {NULL, NULL, NULL},
};

static const char *const names[] = {"none", "ball", "box", "simplex", NULL};
static const size_t sizes[] = {0, sizeof(struct ball), sizeof(struct box), 0};

void lab_domain_read(struct lab_domain *c, const struct lab_node *group,
                     struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type", NULL};
    *c = (struct lab_domain){0};
    const int kind = group ? lab_param_kind(group, names, mistakes) : -1;
    if (kind < 0)
        return;
    c->kind = (enum lab_domain_kind)kind;
    if (sizes[c->kind])
        c->options = lab_alloc(1, sizes[c->kind]);
    lab_param_fill(lab_domain_cards[c->kind].params, c->options, group, known, mistakes);
}

struct lab_node *lab_domain_write(const struct lab_domain *c)
{
    if (c->kind == LAB_NO_DOMAIN)
        return NULL;
    struct lab_node *group = lab_node_new(LAB_NODE_GROUP, "domain", "");
    lab_node_add(group, lab_node_string("type", "", names[c->kind]));
    lab_param_write(lab_domain_cards[c->kind].params, c->options, group);
    return group;
}

/* The d numbers that an option stands for, or NULL after lab_fail(). */
static double *expand(const char *name, const struct lab_vector *v, size_t d,
                      struct lab_error *err)
{
    if (v->n && v->n != d) {
        lab_fail(err, "domain.%s has %zu numbers, the problem has d = %zu", name, v->n,
                 d);
        return NULL;
    }
    double *value = lab_alloc(d, sizeof *value);
    for (size_t i = 0; i < d; i++)
        value[i] = lab_vector_at(v, i);
    return value;
}

static void unbind(struct lab_domain *c)
{
    free(c->center);
    free(c->lower);
    free(c->upper);
    c->center = c->lower = c->upper = NULL;
}

int lab_domain_bind(struct lab_domain *c, size_t d, struct lab_error *err)
{
    unbind(c);
    c->d = d;
    if (c->kind == LAB_BALL) {
        const struct ball *o = c->options;
        c->radius = o->radius;
        return (c->center = expand("center", &o->center, d, err)) ? 0 : -1;
    }
    if (c->kind != LAB_BOX)
        return 0;
    const struct box *o = c->options;
    c->lower = expand("lower", &o->lower, d, err);
    c->upper = c->lower ? expand("upper", &o->upper, d, err) : NULL;
    if (!c->upper)
        return -1;
    for (size_t i = 0; i < d; i++)
        if (!(c->lower[i] <= c->upper[i]))
            return lab_fail(err, "domain: lower = %.17g exceeds upper = %.17g at x[%zu]",
                            c->lower[i], c->upper[i], i);
    return 0;
}

void lab_domain_free(struct lab_domain *c)
{
    unbind(c);
    if (c->options)
        lab_param_release(lab_domain_cards[c->kind].params, c->options);
    free(c->options);
    *c = (struct lab_domain){0};
}

char *lab_domain_text(const struct lab_domain *c)
{
    if (c->kind == LAB_BALL) {
        const struct ball *o = c->options;
        if (o->center.n)
            return lab_text("ball of radius %g around a given point", o->radius);
        if (o->center.fill != 0.0)
            return lab_text("ball of radius %g around (%g, ..., %g)", o->radius,
                            o->center.fill, o->center.fill);
        return lab_text("ball of radius %g", o->radius);
    }
    if (c->kind == LAB_BOX) {
        const struct box *o = c->options;
        if (o->lower.n || o->upper.n)
            return lab_text("box of given sides");
        return lab_text("box [%g, %g]^d", o->lower.fill, o->upper.fill);
    }
    return lab_text("%s", c->kind == LAB_SIMPLEX ? "simplex" : "R^d");
}
