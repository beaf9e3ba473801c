/* lab/pairing.c -- see pairing.h */
#include "lab/pairing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/bounds.h"

/* Of the machine's memory, for tables. */
static const double SHARE = 0.25;

double lab_table_limit(void)
{
    return SHARE * (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
}

double lab_table_bytes(const struct lab_problem_entry *p,
                       const struct lab_optimizer_entry *o)
{
    return o->optimizer->table ? sizeof(double) * (double)p->facts.n * (double)p->facts.d
                               : 0.0;
}

int lab_needs_data(const void *self, const struct lab_course *c, struct lab_error *why)
{
    (void)self;
    if (c->facts->n)
        return 0;
    return lab_fail(why, "needs a finite sum, but %s %s", c->problem,
                    c->streams ? "is a stream: no sample comes twice"
                               : "has no data points");
}

int lab_needs_points(const void *self, const struct lab_course *c, struct lab_error *why)
{
    if (lab_needs_data(self, c, why))
        return -1;
    if (strcmp(c->sampling, "importance") == 0)
        return lab_fail(why, "keeps gradients of data points, which sampling = "
                             "\"importance\" would reweight");
    if (c->batch == 1)
        return 0;
    return c->batch
               ? lab_fail(why, "looks at one data point a step: batch = 1, not %zu",
                          c->batch)
               : lab_fail(why, "looks at one data point a step: batch = 1, not full");
}

int lab_needs_smooth(const void *self, const struct lab_course *c, struct lab_error *why)
{
    (void)self;
    if (!c->composite)
        return 0;
    return lab_fail(why,
                    "is made for smooth f, but f = s + h of %s has kinks in h; there are "
                    "methods that take h by its prox (their cards say so)",
                    c->problem);
}

int lab_needs_smooth_data(const void *self, const struct lab_course *c,
                          struct lab_error *why)
{
    return lab_needs_data(self, c, why) || lab_needs_smooth(self, c, why) ? -1 : 0;
}

/* The method takes prox, then projection, of a composite f for the prox of both: right by
 * coordinate only. */
static int check_prox(const struct lab_course *c, struct lab_error *why)
{
    if (!c->composite || c->domain->kind == LAB_NO_DOMAIN || c->domain->kind == LAB_BOX)
        return 0;
    return lab_fail(why,
                    "needs the prox of h + (0 on the domain, infinite outside), known "
                    "for a box and without a domain, not for a ball or simplex");
}

int lab_needs_simplex(const void *self, const struct lab_course *c, struct lab_error *why)
{
    (void)self;
    if (c->domain->kind != LAB_SIMPLEX)
        return lab_fail(why, "needs domain = { type = \"simplex\"; }");
    for (size_t j = 0; j < c->facts->d; j++)
        if (!(c->facts->x1[j] > 0.0))
            return lab_fail(why,
                            "needs a start inside the simplex, but x_1[%zu] = 0 "
                            "would stay 0",
                            j);
    return 0;
}

static bool is_exact(const struct lab_experiment *e, const struct lab_problem_entry *p)
{
    return p->noise.law == LAB_NO_NOISE && !p->problem->draw &&
           (e->batch == 0 || p->facts.n == 0);
}

const double *lab_loss_low(const struct lab_experiment *e,
                           const struct lab_problem_entry *p,
                           const struct lab_optimizer_entry *o)
{
    if (!o->optimizer->infima)
        return NULL;
    return is_exact(e, p) ? &p->facts.f_star.value : p->loss_low;
}

/* The infimum of a mini-batch is the mean of its infima only if one point attains all. */
static bool share_minimiser(const struct lab_problem_entry *p)
{
    const double n = (double)p->facts.n, f_star = p->facts.f_star.value;
    double sum = 0.0;
    for (size_t i = 0; i < p->facts.n; i++)
        sum += p->odds ? n * p->odds->p[i] * p->loss_low[i] : p->loss_low[i];
    const double scale = fabs(p->facts.f1.value) + fabs(f_star);
    return fabs(f_star - sum / n) <= 1e-12 * scale;
}

static int find_infima(const struct lab_experiment *e, struct lab_problem_entry *p,
                       struct lab_error *why)
{
    struct lab_error reason = {""};
    if (is_exact(e, p))
        return p->facts.f_star.status == LAB_UNKNOWN
                   ? lab_fail(why, "needs f_star, but it is unknown: %.160s",
                              p->facts.f_star.source)
                   : 0;
    if (p->noise.law != LAB_NO_NOISE)
        return lab_fail(why, "needs inf l(.; xi), but losses with added noise have none");
    if (!p->loss_low) {
        double *low = lab_alloc(p->facts.n, sizeof *low);
        if (!p->facts.n || !p->problem->infima)
            lab_fail(&reason, "it is not known for this problem");
        else if (p->problem->infima(p->self, low, &reason) == 0)
            p->loss_low = low;
        for (size_t i = 0; p->odds && p->loss_low && i < p->facts.n; i++)
            low[i] = p->odds->weight[i] * low[i] + p->odds->rest;
        if (!p->loss_low) {
            free(low);
            return lab_fail(why, "needs the infimum of every sampled loss, but %.160s",
                            reason.text);
        }
    }
    if (e->batch == 1 || share_minimiser(p))
        return 0;
    return lab_fail(why,
                    "needs the infimum of every mini-batch loss, known for batch = 1 or "
                    "where one x minimises all sampled losses; here batch = %zu",
                    e->batch);
}

static int check_table(const struct lab_problem_entry *p,
                       const struct lab_optimizer_entry *o, struct lab_error *why)
{
    const double bytes = lab_table_bytes(p, o);
    if (bytes <= lab_table_limit()) /* the runner takes fewer threads where it must */
        return 0;
    return lab_fail(
        why,
        "keeps n x d = %zu x %zu numbers for every seed at work: %.2f GB, more "
        "than the limit of %.2f GB (a quarter of the memory)",
        p->facts.n, p->facts.d, bytes / 1e9, lab_table_limit() / 1e9);
}

static int check_pair(const struct lab_experiment *e, const struct lab_arm *arm,
                      struct lab_error *why)
{
    const struct lab_optimizer_entry *o = arm->optimizer;
    if (o->optimizer->infima && find_infima(e, arm->problem, why))
        return -1;
    const struct lab_course c = lab_arm_course(e, arm);
    if (o->optimizer->prox && check_prox(&c, why))
        return -1;
    if (o->optimizer->check && o->optimizer->check(o->self, &c, why))
        return -1;
    return o->optimizer->table ? check_table(arm->problem, o, why) : 0;
}

void lab_pairing_check(struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    for (size_t i = 0; i < lab_experiment_arms(e); i += e->schedules) {
        const struct lab_arm arm = lab_experiment_arm(e, i);
        struct lab_error why = {""};
        if (arm.problem->facts.f1.status == LAB_UNKNOWN)
            continue; /* it did not open: said already */
        if (check_pair(e, &arm, &why))
            lab_mistake(mistakes, arm.optimizer->where, "%s on problem '%s': it %s",
                        arm.optimizer->label, arm.problem->label, why.text);
    }
}
