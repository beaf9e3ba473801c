/*
 * problems/gauss_least_squares.c -- least squares on an endless stream of Gaussian rows.
 *
 *     l(x; a, e) = (<a, x - w> - e)^2/2,   a ~ N(0, H), H = diag(lam), e ~ N(0, sigma^2)
 *     f(x) = <x - w, H (x - w)>/2 + sigma^2/2,   w = (1, ..., 1)
 *
 * With u = x - w and t = tr H, by the fourth moments of Gaussians (Isserlis 1918):
 * E‖g‖^2 = t u'Hu + 2 u'H^2 u + sigma^2 t, of which ‖grad f‖^2 = u'H^2 u.  Both grow with
 * ‖u‖ <= rho over a domain: G2 <= (t L + 2 L^2) rho^2 + sigma^2 t, sigma2 <= (t L + L^2) rho^2
 * + sigma^2 t.  At w, E‖g‖^2 = sigma^2 t.  A row can be as long as it likes: no L_max, no G.
 * E‖a‖^2 a a' = t H + 2 H^2 <= (t + 2 L) H.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h"

struct gauss {
    size_t d;
    double L, mu, sigma;
    struct lab_vector eigenvalues;
    double *lam;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct gauss, d, 0, "[0,10000]",
              "dimension; 0: 10, or that of eigenvalues"),
    LAB_PARAM(struct gauss, L, 1.0, "(0,inf)", "greatest eigenvalue of H"),
    LAB_PARAM(struct gauss, mu, 0.05, "(0,inf)", "least one; between them geometric"),
    LAB_PARAM(struct gauss, eigenvalues, LAB_UNSET, "[0,inf)", "all of them, instead"),
    LAB_PARAM(struct gauss, sigma, 0.5, "[0,inf)", "standard deviation of the errors e"),
    LAB_PARAM_END,
};

static int open_gauss(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct gauss *p = self;
    p->lam = lab_eigenvalues(&p->eigenvalues, &p->d, p->L, p->mu, err);
    if (!p->lam)
        return -1;
    facts->d = p->d;
    facts->xi = p->d + 1;
    facts->convex = facts->cheap = true;
    return 0;
}

static void close_gauss(void *self)
{
    struct gauss *p = self;
    free(p->lam);
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct gauss *p = self;
    double most = 0.0, least = INFINITY, trace = 0.0;
    for (size_t i = 0; i < p->d; i++) {
        most = fmax(most, p->lam[i]), least = fmin(least, p->lam[i]);
        trace += p->lam[i];
        facts->minimiser[i] = 1.0;
    }
    const double rho = lab_domain_farthest(C, facts->minimiser), s2 = p->sigma * p->sigma;
    facts->lam = p->lam;
    facts->row2 = trace + 2.0 * most;
    facts->label2 = s2;
    lab_know(&facts->L, LAB_ANALYTIC, most, "greatest eigenvalue of H");
    lab_unknown(&facts->L_max, "Gaussian rows are unbounded");
    lab_know(&facts->mu, LAB_ANALYTIC, least, "least eigenvalue of H");
    for (size_t i = 0; i < p->d; i++)
        if (p->lam[i] > 0.0 && !(facts->PL.value <= p->lam[i]))
            lab_know(&facts->PL, LAB_ANALYTIC, p->lam[i], "least positive eigenvalue");
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.5 * s2, "sigma²/2");
    lab_know(&facts->x_star, LAB_ANALYTIC, sqrt((double)p->d), "w = (1, ..., 1)");
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.5 * s2, "f at w");
    lab_unknown(&facts->G, "Gaussian rows are unbounded");
    lab_unknown(&facts->G2, "grows with ‖x‖: no bound on all of R^d");
    lab_unknown(&facts->sigma2, "grows with ‖x‖: no bound on all of R^d");
    if (isfinite(rho)) {
        const double grown = trace * most * rho * rho, squares = most * most * rho * rho;
        lab_know(&facts->G2, LAB_ANALYTIC, grown + 2.0 * squares + s2 * trace,
                 "at most (L tr H + 2 L²) max ‖x - w‖² + sigma² tr H");
        lab_know(&facts->sigma2, LAB_ANALYTIC, grown + squares + s2 * trace,
                 "at most (L tr H + L²) max ‖x - w‖² + sigma² tr H");
    }
    if (lab_domain_contains(C, facts->minimiser, 0.0))
        lab_know(&facts->sigma2_star, LAB_ANALYTIC, s2 * trace, "sigma² tr H");
    else
        lab_unknown(&facts->sigma2_star, "x_star is not w");
}

static void draw(const void *self, gsl_rng *rng, size_t t, double *xi)
{
    const struct gauss *p = self;
    (void)t;
    lab_draw_gaussian(rng, 1.0, p->d + 1, xi);
    for (size_t j = 0; j < p->d; j++)
        xi[j] *= sqrt(p->lam[j]);
    xi[p->d] *= p->sigma;
}

static void gradient(const void *self, const struct lab_sample *sample, size_t replicas,
                     const double *x, double *g, double *loss)
{
    const struct gauss *p = self;
    const size_t d = p->d;
    const double share = 1.0 / (double)sample->batch;
    const double *a = sample->xi;
    if (g)
        memset(g, 0, replicas * d * sizeof *g);
    for (size_t r = 0; r < replicas; r++, x += d) {
        loss[r] = 0.0;
        for (size_t k = 0; k < sample->batch; k++, a += d + 1) {
            double miss = -a[d];
            for (size_t j = 0; j < d; j++)
                miss += a[j] * (x[j] - 1.0);
            loss[r] += 0.5 * share * miss * miss;
            for (size_t j = 0; g && j < d; j++)
                g[r * d + j] += share * miss * a[j];
        }
    }
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct gauss *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        f[k] = 0.5 * p->sigma * p->sigma;
        for (size_t j = 0; j < p->d; j++) {
            const double u = x[j] - 1.0;
            f[k] += 0.5 * p->lam[j] * u * u;
            if (g)
                g[k * p->d + j] = p->lam[j] * u;
        }
    }
}

static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    const struct gauss *p = self;
    double f;
    (void)smoothing;
    objective(self, 1, x, &f, g);
    memset(H, 0, p->d * p->d * sizeof *H);
    for (size_t j = 0; j < p->d; j++)
        H[j * p->d + j] = p->lam[j];
    return f;
}

LAB_PROBLEM(gauss_least_squares) = {
    .base = {.summary = "least squares on an endless stream of Gaussian rows",
             .formula =
                 "l(x; a, e) = (<a, x - w> - e)^2/2,  a ~ N(0, H), e ~ N(0, sigma^2)\n"
                 "f(x) = <x - w, H (x - w)>/2 + sigma^2/2,  w = (1, ..., 1)",
             .reference = "Bach & Moulines (2013), sec. 2",
             .params = params,
             .size = sizeof(struct gauss)},
    .group = LAB_GROUP_SMOOTH,
    .strongly = "mu > 0",
    .open = open_gauss,
    .close = close_gauss,
    .constants = constants,
    .draw = draw,
    .gradient = gradient,
    .objective = objective,
    .model = model,
    .concordance = lab_no_concordance,
};
