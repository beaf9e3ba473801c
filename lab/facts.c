/* lab/facts.c -- see facts.h */
#include "lab/facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/importance.h"
#include "lab/minimise.h"

/* clang-format off */
#define CARD(field, meaning) {#field, meaning, offsetof(struct lab_facts, field)}
const struct lab_fact_card lab_fact_cards[] = {
    CARD(L, "smoothness of f"),
    CARD(L_max, "largest smoothness of a sampled loss"),
    CARD(mu, "strong convexity of f"),
    CARD(mu_min, "strong convexity that every sampled loss has"),
    CARD(PL, "Polyak-Lojasiewicz: ‖grad f‖² >= 2 PL (f - min f) everywhere"),
    CARD(G, "sup norm of a sampled gradient over the domain"),
    CARD(G2, "sup E‖g‖² over the domain"),
    CARD(sigma2, "sup E‖g - grad f‖² over the domain"),
    CARD(sigma2_star, "E‖g‖² at x_star"),
    CARD(f_star, "minimum over the domain"),
    CARD(x_star, "‖x_star‖, the minimiser"),
    CARD(f_low, "f >= f_low on the domain"),
    CARD(f1, "f(x_1)"),
    CARD(R1, "‖x_1 - x_star‖"),
    CARD(D, "diameter of the domain"),
    {.name = NULL},
};
/* clang-format on */

void lab_know(struct lab_fact *fact, enum lab_status status, double value,
              const char *source, ...)
{
    va_list args;
    if (!isfinite(
            value)) { /* NAN: not known; a constant of 1e308 and more is as good as none */
        lab_unknown(fact, isinf(value) ? "too large for a double" : "not a number");
        return;
    }
    fact->value = value + 0.0; /* no -0 */
    fact->status = status;
    va_start(args, source);
    vsnprintf(fact->source, sizeof fact->source, source, args);
    lab_mend_end(fact->source);
    va_end(args);
}

void lab_unknown(struct lab_fact *fact, const char *why, ...)
{
    va_list args;
    fact->value = NAN;
    fact->status = LAB_UNKNOWN;
    va_start(args, why);
    vsnprintf(fact->source, sizeof fact->source, why, args);
    lab_mend_end(fact->source);
    va_end(args);
}

const char *lab_status_text(enum lab_status status)
{
    static const char *const text[] = {"unknown", "measured", "computed", "analytic"};
    return text[status];
}

/* Multiplications of a Newton step that takes a noticeable time, and there are many. */
static const double LONG = 2e9;

/* Of d numbers each, that a run of a few seeds needs at least. */
static const double VECTORS = 24.0;

static const char NOT_KNOWN[] = "not known for this problem";

static double distance(size_t d, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += (x[j] - y[j]) * (x[j] - y[j]);
    return sqrt(sum);
}

static double norm(size_t d, const double *x)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * x[j];
    return sqrt(sum);
}

void lab_know_nearest(struct lab_facts *f, const struct lab_domain *C)
{
    memset(f->minimiser, 0, f->d * sizeof *f->minimiser);
    lab_domain_project(C, 1, f->minimiser);
    lab_know(&f->x_star, LAB_ANALYTIC, norm(f->d, f->minimiser),
             C->kind == LAB_NO_DOMAIN ? "closed form: 0"
                                      : "the point of the domain nearest to 0");
}

void lab_know_limits(struct lab_facts *f, double curvature, double slope, const char *why)
{
    struct lab_fact *const fact[] = {&f->L, &f->L_max, &f->G, &f->G2};
    const double value[] = {curvature, curvature, slope, slope * slope};
    for (size_t i = 0; i < 4; i++)
        if (isfinite(value[i]))
            lab_know(fact[i], LAB_ANALYTIC, value[i],
                     "at most, by the ranges of coordinates over the domain");
        else
            lab_unknown(fact[i], "%s", why);
    lab_unknown(&f->mu, "not convex");
}

double *lab_eigenvalues(const struct lab_vector *given, size_t *d, double L, double mu,
                        struct lab_error *err)
{
    if (given->n && *d && *d != given->n) {
        lab_fail(err, "d = %zu, but eigenvalues has %zu numbers", *d, given->n);
        return NULL;
    } else if (given->n) {
        *d = given->n;
    } else if (!isnan(given->fill)) {
        lab_fail(err, "eigenvalues = %g is one number; write a list, or d, L and mu",
                 given->fill);
        return NULL;
    } else if (mu > L) {
        lab_fail(err, "mu = %g exceeds L = %g", mu, L);
        return NULL;
    }
    *d = *d ? *d : 10;
    double *lam = lab_alloc(*d, sizeof *lam);
    for (size_t i = 0; i < *d; i++) {
        const double share = *d > 1 ? (double)i / (double)(*d - 1) : 0.0;
        lam[i] = given->n ? given->value[i] : L * pow(mu / L, share);
    }
    return lam;
}

/* x_1: what the config says, which must fit; else the problem's own start, projected. */
static int place_start(struct lab_problem_entry *p, struct lab_error *err)
{
    const size_t d = p->facts.d;
    double *x = p->facts.x1 = lab_alloc(d, sizeof *x);
    if (p->start.n && p->start.n != d)
        return lab_fail(err, "start has %zu coordinates, but d = %zu", p->start.n, d);
    if (p->start.n || !isnan(p->start.fill)) {
        for (size_t j = 0; j < d; j++)
            x[j] = lab_vector_at(&p->start, j);
        if (!lab_domain_contains(&p->domain, x, 1e-12))
            return lab_fail(err, "start lies outside the domain");
    } else if (p->problem->start) {
        p->problem->start(p->self, x);
    }
    lab_domain_project(&p->domain, 1, x);
    return 0;
}

/* f* and x*: closed form if it lies in the domain, else the solver, else unknown. */
static void find_minimum(struct lab_problem_entry *p)
{
    struct lab_facts *f = &p->facts;
    struct lab_minimum minimum;
    struct lab_error why = {""};
    const bool closed = f->f_star.status != LAB_UNKNOWN;

    if (closed && lab_domain_contains(&p->domain, f->minimiser, 1e-14))
        return;
    if (closed && (!f->convex || !p->problem->model)) {
        lab_fail(&why, "the known minimiser lies outside the domain");
        if (f->f_low.status == LAB_UNKNOWN)
            lab_know(&f->f_low, f->f_star.status, f->f_star.value,
                     "the minimum without the domain");
    } else if (!p->problem->model && f->f_star.source[0] &&
               strcmp(f->f_star.source, NOT_KNOWN) != 0) {
        lab_fail(&why, "%s", f->f_star.source); /* the problem's own reason */
    } else {
        memcpy(f->minimiser, f->x1, f->d * sizeof *f->x1);
        if (lab_minimise(p->problem, p->self, &p->domain, f, f->minimiser, &minimum,
                         &why) == 0) {
            lab_know(&f->f_star, LAB_COMPUTED, minimum.f, "%s", minimum.source);
            lab_know(&f->x_star, LAB_COMPUTED, norm(f->d, f->minimiser), "as f_star");
            return;
        }
    }
    lab_unknown(&f->f_star, "%s", why.text);
    lab_unknown(&f->x_star, "%s", why.text);
    free(f->minimiser);
    f->minimiser = NULL;
}

/* What depends on start and minimum. */
static int relate_start(struct lab_problem_entry *p, struct lab_error *err)
{
    struct lab_facts *f = &p->facts;
    double f1, D = lab_domain_diameter(&p->domain);
    p->problem->objective(p->self, 1, f->x1, &f1, NULL);
    if (!isfinite(f1))
        return lab_fail(err, "f has no finite value at the start: f(x_1) is %s",
                        isnan(f1) ? "not a number" : "infinite");
    lab_know(&f->f1, LAB_COMPUTED, f1, "f at the start");
    if (f->minimiser)
        lab_know(&f->R1, f->x_star.status, distance(f->d, f->x1, f->minimiser),
                 "from x_1 to that x_star");
    else
        lab_unknown(&f->R1, "x_star is unknown: %s", f->x_star.source);
    if (isfinite(D))
        lab_know(&f->D, LAB_ANALYTIC, D, "closed form");
    else
        lab_unknown(&f->D, "no bounded domain");
    return 0;
}

/* A declared minimiser is refused where f is plainly lower: at x_1, or down its gradient. */
static int check_declared(const struct lab_problem_entry *p, struct lab_error *err)
{
    const struct lab_facts *f = &p->facts;
    if (f->x_star.status != LAB_MEASURED)
        return 0;
    double *g = lab_alloc(2 * f->d, sizeof *g), *x = g + f->d, value, least = f->f1.value;
    const double slack =
        1e-6 * fmax(fabs(f->f_star.value), fabs(least - f->f_star.value));
    p->problem->objective(p->self, 1, f->minimiser, &value, g);
    for (double eta = 1.0; eta > 1e-12; eta *= 0.25) {
        for (size_t j = 0; j < f->d; j++)
            x[j] = f->minimiser[j] - eta * g[j];
        lab_domain_project(&p->domain, 1, x);
        p->problem->objective(p->self, 1, x, &value, NULL);
        least = fmin(least, value);
    }
    free(g);
    if (least >= f->f_star.value - slack)
        return 0;
    return lab_fail(err,
                    "f = %.6g at the declared x_star, but %.6g %s: it is no minimiser",
                    f->f_star.value, least,
                    least == f->f1.value ? "at the start" : "down its gradient");
}

/* E‖g‖² at x* for single samples of a finite sum, and the table of sampled losses there. */
static int sample_at_star(struct lab_problem_entry *p, struct lab_error *err)
{
    struct lab_facts *f = &p->facts;
    const struct lab_odds *odds = p->odds;
    if (!f->minimiser) {
        lab_unknown(&f->sigma2_star, "x_star is unknown: %s", f->x_star.source);
    } else if (f->n) {
        double *grad2 = lab_alloc(f->n, sizeof *grad2), sum = 0.0;
        p->loss_star = lab_alloc(f->n, sizeof *p->loss_star);
        p->problem->components(p->self, f->minimiser, p->loss_star, grad2);
        const int failed = odds ? lab_importance_misses(p, grad2, err) : 0;
        for (size_t i = 0; i < f->n; i++)
            sum += odds ? odds->weight[i] * grad2[i] : grad2[i];
        for (size_t i = 0; odds && i < f->n; i++)
            p->loss_star[i] = odds->weight[i] * p->loss_star[i] + odds->rest;
        free(grad2);
        lab_know(&f->sigma2_star, LAB_COMPUTED, sum / (double)f->n,
                 odds ? "mean of w_i ‖g_i‖² at x_star, w_i = 1/(n p_i)"
                      : "mean of ‖g_i‖² at x_star");
        return failed;
    }
    return 0;
}

static double full_gradient2_at_star(const struct lab_problem_entry *p)
{
    const struct lab_facts *f = &p->facts;
    double *g = lab_alloc(f->d, sizeof *g), value;
    p->problem->objective(p->self, 1, f->minimiser, &value, g);
    double length = norm(f->d, g);
    free(g);
    return length * length;
}

/* fact <- factor fact + extra, or why it is not known. */
static void change(struct lab_fact *fact, double factor, double extra, const char *how,
                   const char *noise)
{
    const struct lab_fact before = *fact;
    if (before.status == LAB_UNKNOWN)
        return;
    if (isfinite(extra))
        lab_know(fact, before.status, factor * before.value + extra, how, before.source);
    else
        lab_unknown(fact, how, noise);
}

/* Mini-batches average samples, independent or all different: their spread about grad f
 * shrinks by 1/B, or (n - B)/(B (n - 1)).  The whole sum has none and is one loss of its own. */
static void average_batch(struct lab_problem_entry *p, size_t batch,
                          enum lab_sampling sampling)
{
    struct lab_facts *f = &p->facts;
    const bool exact = batch == 0 || (!f->n && !p->problem->draw);
    const double B = (double)batch, n = (double)f->n;
    if (exact && f->minimiser)
        lab_know(&f->sigma2_star, f->x_star.status, full_gradient2_at_star(p),
                 "‖grad f(x_star)‖²");
    if (exact && f->n) {
        lab_know(&f->sigma2, LAB_ANALYTIC, 0.0, "the whole sum: gradients are exact");
        f->L_max = f->L;
        f->mu_min = f->mu;
    }
    if (exact || batch == 1)
        return;
    const bool different = sampling == LAB_WITHOUT_REPLACEMENT && f->n > 1;
    const double part = different ? (n - B) / (B * (n - 1.0)) : 1.0 / B;
    change(&f->sigma2, part, 0.0, different ? "(%s) (n-B)/(B(n-1))" : "(%s)/batch", NULL);
    if (f->sigma2_star.status != LAB_UNKNOWN) {
        const double mean2 = full_gradient2_at_star(p);
        const double spread = fmax(f->sigma2_star.value - mean2, 0.0);
        const struct lab_fact one = f->sigma2_star;
        lab_know(&f->sigma2_star, one.status, mean2 + spread * part,
                 "%s, of a mini-batch", one.source);
    }
}

/* What noise does to the constants; each sample of a mini-batch has noise of its own. */
static void add_noise(struct lab_problem_entry *p, size_t batch)
{
    struct lab_facts *f = &p->facts;
    const double d = (double)f->d, most = lab_noise_most(&p->noise);
    const double extra = d * lab_noise_variance(&p->noise) / (double)(batch ? batch : 1);
    char *text = lab_noise_text(&p->noise);
    const char *more = "infinite variance: %s";
    if (isfinite(extra))
        more = batch > 1 ? "%s + d E z_j²/batch" : "%s + d E z_j²";
    change(&f->G, 1.0, sqrt(d) * most,
           isfinite(most) ? "%s + sqrt(d) sigma" : "no bound: %s", text);
    change(&f->G2, 1.0, extra, more, text);
    change(&f->sigma2, 1.0, extra, more, text);
    change(&f->sigma2_star, 1.0, extra, more, text);
    free(text);
}

/* l times 1 + z, z = ±sigma: E‖(1+z) g - grad f‖² = E‖g - grad f‖² + sigma² E‖g‖². */
static void multiply_noise(struct lab_problem_entry *p)
{
    struct lab_facts *f = &p->facts;
    const double s = p->noise.sigma;
    if (f->G2.status == LAB_UNKNOWN)
        lab_unknown(&f->sigma2, "the noise grows with ‖g‖: %s", f->G2.source);
    else
        change(&f->sigma2, 1.0, s * s * f->G2.value, "%s + sigma² G2", NULL);
    change(&f->G, 1.0 + s, 0.0, "(1 + sigma) × (%s)", NULL);
    change(&f->G2, 1.0 + s * s, 0.0, "(1 + sigma²) × (%s)", NULL);
    change(&f->L_max, 1.0 + s, 0.0, "(1 + sigma) × (%s)", NULL);
    change(&f->mu_min, fmax(1.0 - s, 0.0), 0.0, "(1 - sigma)_+ × (%s)", NULL);
    change(&f->sigma2_star, 1.0 + s * s, 0.0, "(1 + sigma²) × (%s)", NULL);
}

int lab_facts_open(struct lab_problem_entry *p, struct lab_error *err)
{
    if (p->problem->open(p->self, &p->facts, err))
        return -1;
    p->opened = true;
    const double bytes = VECTORS * sizeof(double) * (double)p->facts.d;
    const double machine =
        (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
    if (bytes > 0.5 * machine)
        return lab_fail(err,
                        "d = %zu: vectors that long take more than half of the %.1f GB "
                        "of memory",
                        p->facts.d, machine / 1e9);
    return lab_domain_bind(&p->domain, p->facts.d, err) ? -1 : place_start(p, err);
}

static int establish(struct lab_problem_entry *p, size_t batch,
                     enum lab_sampling sampling, const struct lab_importance *importance,
                     void (*announce)(const char *label), struct lab_error *err)
{
    struct lab_facts *f = &p->facts;
    for (const struct lab_fact_card *card = lab_fact_cards; card->name; card++)
        lab_unknown((struct lab_fact *)(void *)((char *)f + card->offset), "%s",
                    NOT_KNOWN);
    if (lab_facts_open(p, err))
        return -1;
    if (batch == 0 && p->problem->draw)
        return lab_fail(err, "batch = \"full\" needs a finite sum, this is a stream");
    if (sampling == LAB_WITHOUT_REPLACEMENT && f->n && batch > f->n)
        return lab_fail(err, "batch = %zu different points of n = %zu", batch, f->n);
    if (importance && lab_importance_open(p, importance, err))
        return -1;
    f->cheap |= batch == 0;
    f->minimiser = lab_alloc(f->d, sizeof *f->minimiser);
    p->problem->constants(p->self, &p->domain, f);
    if (announce && p->problem->model && f->convex && lab_model_work(f) > LONG)
        announce(p->label);
    if (f->n == 0 && !p->problem->draw) { /* all randomness is noise that the core adds */
        lab_know(&f->sigma2, LAB_ANALYTIC, 0.0, "gradients are exact");
        f->mu_min = f->mu;
    }
    if (f->PL.status == LAB_UNKNOWN && f->mu.value > 0.0 &&
        p->domain.kind == LAB_NO_DOMAIN) /* mu may be that of the domain only */
        lab_know(&f->PL, f->mu.status, f->mu.value, "mu: strong convexity implies it");
    find_minimum(p);
    if (f->f_star.status >= LAB_COMPUTED && !(f->f_low.value >= f->f_star.value))
        lab_know(&f->f_low, f->f_star.status, f->f_star.value, "f_star");
    if (relate_start(p, err) || check_declared(p, err))
        return -1;
    if (sample_at_star(p, err))
        return -1;
    if (p->odds)
        lab_importance_weigh(p);
    average_batch(p, batch, sampling);
    f->G_clean = f->G;
    if (lab_noise_adds(&p->noise))
        add_noise(p, batch);
    else if (p->noise.law == LAB_MULTIPLICATIVE)
        multiply_noise(p);
    return 0;
}

void lab_facts_establish(struct lab_problem_entry *p, size_t batch,
                         enum lab_sampling sampling,
                         const struct lab_importance *importance,
                         void (*announce)(const char *label),
                         struct lab_mistakes *mistakes)
{
    struct lab_error err = {""};
    if (establish(p, batch, sampling, importance, announce, &err))
        lab_mistake(mistakes, p->where, "problem '%s': %s", p->label, err.text);
}

double *lab_facts_delta0(const struct lab_facts *f)
{
    double *delta0 = lab_alloc(f->d, sizeof *delta0);
    for (size_t i = 0; i < f->d; i++)
        for (size_t j = 0; j < f->d; j++)
            if (f->basis || i == j)
                delta0[i] += (f->basis ? f->basis[i * f->d + j] : 1.0) *
                             (f->x1[j] - f->minimiser[j]);
    return delta0;
}
