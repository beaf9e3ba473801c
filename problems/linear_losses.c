/*
 * problems/linear_losses.c -- online linear optimisation: l_t(x) = <g_t, x>, ‖g_t‖ <= G.
 *
 *   rademacher   g_t = (G/sqrt(d)) (+-1, ..., +-1), independent signs: f = 0, and every method
 *                has mean regret 0 against a fixed point
 *   orthogonal   g_t = G e_1, G e_2, ..., G e_d, and again: nothing is learnt before a
 *                coordinate comes back; f(x) = (G/d) sum x_i
 *   script       g_t = slopes_1, slopes_2, ..., and again, of one coordinate; f is their mean
 *   adversary    g_t = G x_t/‖x_t‖ (G e_1 at 0), the answer that costs x_t most: f(x) = G‖x‖
 *                is what the learner pays; regret is against the point nearest to 0
 *
 * The last three are no draws from one law: what holds in expectation does not apply.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

enum sequence { RADEMACHER, ORTHOGONAL, SCRIPT, ADVERSARY };
static const char *const words[] = {"rademacher", "orthogonal", "script", "adversary"};

struct linear_losses {
    size_t d;
    double G;
    const char *sequence;
    struct lab_vector slopes;
    enum sequence kind;
    double *slope; /* f(x) = <slope, x>, but for the adversary's */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct linear_losses, d, 1, "[1,1000000]", "dimension"),
    LAB_PARAM(struct linear_losses, G, 1.0, "(0,inf)", "norm of g_t; not of a script"),
    LAB_PARAM_TEXT(struct linear_losses, sequence, "rademacher",
                   "rademacher|orthogonal|script|adversary", "where losses come from"),
    LAB_PARAM(struct linear_losses, slopes, LAB_UNSET, "(-inf,inf)",
              "of a script: one after another, for ever"),
    LAB_PARAM_END,
};

static size_t length(const struct linear_losses *p)
{
    return p->slopes.n ? p->slopes.n : 1;
}

static int open_linear_losses(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct linear_losses *p = self;
    while (strcmp(p->sequence, words[p->kind]) != 0)
        p->kind++;
    const bool given = p->slopes.n || !isnan(p->slopes.fill), script = p->kind == SCRIPT;
    if (given != script)
        return lab_fail(err, given ? "slopes need sequence = \"script\""
                                   : "sequence = \"script\" needs slopes = ( ... )");
    if (script && p->d != 1)
        return lab_fail(err, "a script is of one coordinate, but d = %zu", p->d);
    p->slope = lab_alloc(p->d, sizeof *p->slope);
    for (size_t j = 0; j < p->d && p->kind == ORTHOGONAL; j++)
        p->slope[j] = p->G / (double)p->d;
    for (size_t i = 0; i < length(p) && script; i++) {
        const double one = lab_vector_at(&p->slopes, i);
        p->slope[0] += one;
        p->G = i ? fmax(p->G, fabs(one)) : fabs(one);
    }
    p->slope[0] /= script ? (double)length(p) : 1.0;
    facts->d = facts->xi = p->d;
    facts->convex = facts->cheap = true;
    facts->scripted = p->kind != RADEMACHER;
    return 0;
}

static void close_linear_losses(void *self)
{
    struct linear_losses *p = self;
    free(p->slope);
}

static double norm(size_t d, const double *x)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * x[j];
    return sqrt(sum);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct linear_losses *p = self;
    lab_online_constants(p->slope, C, facts);
    if (p->kind == ADVERSARY) {
        lab_know(&facts->f_star, LAB_ANALYTIC, p->G * norm(p->d, facts->minimiser),
                 "G times the least ‖x‖");
        lab_know(&facts->mu, LAB_ANALYTIC, 0.0, "convex, not strongly");
        lab_unknown(&facts->L, "nonsmooth at 0");
        lab_unknown(&facts->PL, "nonsmooth at 0");
    }
    lab_know(&facts->G, LAB_ANALYTIC, p->G, "max ‖g_t‖");
    lab_know(&facts->G2, LAB_ANALYTIC, p->G * p->G, "max ‖g_t‖²");
    if (facts->scripted) {
        lab_unknown(&facts->sigma2, "the losses are no draws from a law");
        lab_unknown(&facts->sigma2_star, "the losses are no draws from a law");
    } else {
        lab_know(&facts->sigma2, LAB_ANALYTIC, p->G * p->G, "‖g‖² = G², grad f = 0");
        lab_know(&facts->sigma2_star, LAB_ANALYTIC, p->G * p->G, "‖g‖² = G²");
    }
}

static void draw(const void *self, gsl_rng *rng, size_t t, double *xi)
{
    const struct linear_losses *p = self;
    const double part = p->G / sqrt((double)p->d);
    for (size_t j = 0; j < p->d; j++)
        switch (p->kind) {
        case RADEMACHER: xi[j] = gsl_rng_uniform(rng) < 0.5 ? -part : part; break;
        case ORTHOGONAL: xi[j] = j == (t - 1) % p->d ? p->G : 0.0; break;
        case SCRIPT: xi[j] = lab_vector_at(&p->slopes, (t - 1) % length(p)); break;
        case ADVERSARY: xi[j] = j ? 0.0 : p->G; break; /* what it says at 0 */
        }
}

/* The adversary looks at x; the others have drawn their losses before. */
static void gradient(const void *self, const struct lab_sample *sample, size_t replicas,
                     const double *x, double *g, double *loss)
{
    const struct linear_losses *p = self;
    const size_t d = p->d;
    lab_online_gradient(d, sample, replicas, x, g, loss);
    for (size_t r = 0; r < replicas && p->kind == ADVERSARY; r++, x += d) {
        const double far = norm(d, x);
        loss[r] = p->G * far;
        for (size_t j = 0; g && far > 0.0 && j < d; j++)
            g[r * d + j] = p->G * (x[j] / far);
    }
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct linear_losses *p = self;
    const size_t d = p->d;
    lab_online_objective(d, p->slope, count, x, f, g);
    for (size_t k = 0; k < count && p->kind == ADVERSARY; k++, x += d) {
        const double far = norm(d, x);
        f[k] = p->G * far;
        for (size_t j = 0; g && far > 0.0 && j < d; j++)
            g[k * d + j] = p->G * (x[j] / far);
    }
}

LAB_PROBLEM(linear_losses) = {
    .base = {.summary = "linear losses: random, orthogonal, scripted, or an adversary's",
             .formula = "l_t(x) = <g_t, x>, ‖g_t‖ <= G",
             .reference = "Zinkevich (2003); Orabona (2019), A modern introduction to "
                          "online learning, sec. 5.1",
             .params = params,
             .size = sizeof(struct linear_losses)},
    .group = LAB_GROUP_ONLINE,
    .open = open_linear_losses,
    .close = close_linear_losses,
    .constants = constants,
    .draw = draw,
    .gradient = gradient,
    .objective = objective,
};
