/*
 * lab/domain.h -- the closed convex set C that iterates are projected on.
 *
 * Kinds: none (all of R^d), ball {radius, center}, box {lower, upper}, simplex.
 * Everything a theorem or a solver asks of C is here in closed form.
 */
#ifndef LAB_DOMAIN_H
#define LAB_DOMAIN_H

#include <stdint.h>

#include "lab/param.h"

enum lab_domain_kind { LAB_NO_DOMAIN, LAB_BALL, LAB_BOX, LAB_SIMPLEX };

struct lab_domain {
    enum lab_domain_kind kind;
    size_t d;       /**< set by lab_domain_bind() */
    double radius;  /**< BALL */
    double *center; /**< BALL, d numbers */
    double *lower;  /**< BOX, d numbers */
    double *upper;  /**< BOX, d numbers */
    void *options;  /**< as written in the config */
};

/** Reads a `domain = { type = ...; }` group, or NULL: none. */
void lab_domain_read(struct lab_domain *c, const struct lab_node *group,
                     struct lab_mistakes *mistakes);
/** Fixes the dimension.  -1 if the options do not fit it (lengths, lower > upper). */
int lab_domain_bind(struct lab_domain *c, size_t d, struct lab_error *err);
/** The group that lab_domain_read() would read to the same domain; NULL for none. */
struct lab_node *lab_domain_write(const struct lab_domain *c);
void lab_domain_free(struct lab_domain *c);
/** "ball of radius 10", for tables and figures; free() it. */
char *lab_domain_text(const struct lab_domain *c);
/** Names and option tables, for `lab show`; ends with a NULL name. */
struct lab_domain_card {
    const char *name, *summary;
    const struct lab_param *params;
};
extern const struct lab_domain_card lab_domain_cards[];

/** x <- the nearest point of C, for each of `replicas` rows of d numbers. */
void lab_domain_project(const struct lab_domain *c, size_t replicas, double *x);
/** True if x is in C up to a relative rounding error of `tolerance`. */
bool lab_domain_contains(const struct lab_domain *c, const double *x, double tolerance);
/** Least and greatest <a, x> over C; -inf and inf where unbounded. */
void lab_domain_extent(const struct lab_domain *c, const double *a, double *least,
                       double *greatest);
/** The same for a with `count` entries, a[k] at column[k], and zeros. */
void lab_domain_extent_sparse(const struct lab_domain *c, size_t count,
                              const uint32_t *column, const double *a, double *least,
                              double *greatest);
/** The smallest box around C, rounded outward: d numbers each, infinite where C is. */
void lab_domain_box(const struct lab_domain *c, double *lower, double *upper);
/** reach[i] = max |x_i| over C, rounded up: d numbers, infinite where C is. */
void lab_domain_reach(const struct lab_domain *c, double *reach);
/** s = argmin <g, s> over a bounded C. */
void lab_domain_minimise_linear(const struct lab_domain *c, const double *g, double *s);
/** max ‖x - y‖ over C; inf without domain. */
double lab_domain_diameter(const struct lab_domain *c);
/** max ‖x - p‖ over C; p = NULL means 0; inf without domain. */
double lab_domain_farthest(const struct lab_domain *c, const double *p);

#endif
