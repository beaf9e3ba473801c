/*
 * problems/harvey_last_iterate.c -- where the last iterate of the subgradient method pays a
 * logarithm that the average does not.
 *
 *     f(x) = max_{i <= d+1} <h_i, x>,   h_i = (a_1, ..., a_{i-1}, -b_i, 0, ..., 0),
 *     a_j = 1/(8 (d - j + 1)),   b_j = sqrt(j)/(2 sqrt(d)),   h_{d+1} = (a_1, ..., a_d)
 *
 * The oracle answers with the first maximiser.  From x_1 = 0 with eta_t = 1/sqrt(t) on the
 * unit ball, T = d steps end with f(x_{T+1}) >= log T/(32 sqrt T), while f* = 0.
 *
 * 0 is a minimiser: weights w_{d+1} = 1 and w_j = (a_j/b_j) sum_{i>j} w_i > 0 make
 * sum w_i h_i = 0, so max_i <h_i, x> >= 0 for every x.
 * ‖h_i‖^2 = b_i^2 + sum_{j<i} a_j^2 <= 1/4 + (1/64) pi^2/6 < 1; the greatest is computed.
 * Ties are exact: <h_i, x> adds the same terms for all i beyond the last nonzero x_j.
 */
#include "lab/plugin.h"

struct harvey {
    size_t d;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct harvey, d, 1000, "[1,1000000]", "dimension: steps it is made for"),
    LAB_PARAM_END,
};

static double a(const struct harvey *p, size_t j) /* j = 0.. here */
{
    return 1.0 / (8.0 * (double)(p->d - j));
}

static double b(const struct harvey *p, size_t j)
{
    return sqrt((double)(j + 1) / (double)p->d) / 2.0;
}

static int open_harvey(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct harvey *p = self;
    (void)err;
    facts->d = p->d;
    facts->convex = facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct harvey *p = self;
    double most2 = 0.0, sum = 0.0;
    (void)C; /* the minimiser is 0, as it comes */
    for (size_t i = 0; i < p->d; i++) {
        most2 = fmax(most2, sum + b(p, i) * b(p, i));
        sum += a(p, i) * a(p, i);
    }
    most2 = fmax(most2, sum);
    lab_know(&facts->f_star, LAB_ANALYTIC, 0.0, "0 is a convex combination of the h_i");
    lab_know(&facts->x_star, LAB_ANALYTIC, 0.0, "closed form: 0");
    lab_know(&facts->G, LAB_ANALYTIC, sqrt(most2), "max ‖h_i‖");
    lab_know(&facts->G2, LAB_ANALYTIC, most2, "max ‖h_i‖²");
    lab_know(&facts->mu, LAB_ANALYTIC, 0.0, "convex, not strongly");
    lab_unknown(&facts->L, "nonsmooth");
    lab_unknown(&facts->L_max, "nonsmooth");
    lab_unknown(&facts->PL, "nonsmooth");
}

/* All <h_i, x> from one running sum of a_j x_j. */
static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct harvey *p = self;
    for (size_t k = 0; k < count; k++, x += p->d) {
        double sum = 0.0, most = -INFINITY;
        size_t first = 0;
        for (size_t i = 0; i < p->d; i++) {
            const double here = sum - b(p, i) * x[i];
            if (here > most)
                most = here, first = i;
            sum += a(p, i) * x[i];
        }
        if (sum > most)
            most = sum, first = p->d;
        f[k] = isnan(sum) ? NAN : most;
        for (size_t j = 0; g && j < p->d; j++)
            g[k * p->d + j] = j < first ? a(p, j) : j == first ? -b(p, j) : 0.0;
    }
}

LAB_PROBLEM(harvey_last_iterate) = {
    .base = {.summary = "the last iterate pays log T here, the average does not",
             .formula =
                 "f(x) = max_{i<=d+1} <h_i, x>,  h_i = (a_1, ..., a_{i-1}, -b_i, 0, ...)\n"
                 "h_{d+1} = (a_1, ..., a_d),  a_j = 1/(8(d-j+1)),  b_j = sqrt(j/d)/2\n"
                 "x_1 = x* = 0",
             .reference = "Harvey, Liaw, Plan & Randhawa (2019), sec. 3",
             .params = params,
             .size = sizeof(struct harvey)},
    .group = LAB_GROUP_NONSMOOTH,
    .open = open_harvey,
    .constants = constants,
    .objective = objective,
};
