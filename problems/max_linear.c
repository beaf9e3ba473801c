/*
 * problems/max_linear.c -- the worst nonsmooth function for every subgradient method.
 *
 *     f(x) = max{ G max_i x_i,  G ‖x‖ - G R (1 + 1/sqrt(d)) }
 *
 * The oracle answers with G e_i, i the FIRST coordinate that attains the maximum, or G x/‖x‖
 * where only the second part does.  From x_1 = 0 every step of a method that moves in the
 * span of past subgradients meets a new coordinate, so after N + 1 = d evaluations
 * f - f* >= G R/sqrt(N + 1).
 *
 * Minimum: with r = ‖x‖, max_i x_i >= -r/sqrt(d), so f >= max{-G r/sqrt(d), G r - G R (1 +
 * 1/sqrt(d))}.  The first falls, the second rises, and they meet at r = R: f >= -G R/sqrt(d),
 * attained at x = -R/sqrt(d) (1, ..., 1).  In a ball of radius rho < R around 0 the first
 * gives f >= -G rho/sqrt(d), attained at the point of that length.
 */
#include "lab/plugin.h"

struct max_linear {
    size_t d;
    double G, R;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct max_linear, d, 100, "[1,100000]",
              "dimension: steps it is worst for"),
    LAB_PARAM(struct max_linear, G, 1.0, "(0,inf)", "norm of subgradients"),
    LAB_PARAM(struct max_linear, R, 1.0, "(0,inf)", "distance of the minimiser from 0"),
    LAB_PARAM_END,
};

static int open_max_linear(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct max_linear *p = self;
    (void)err;
    facts->d = p->d;
    facts->convex = facts->cheap = true;
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct max_linear *p = self;
    const double root = sqrt((double)p->d);
    double reach = p->R;
    if (C->kind == LAB_BALL && lab_domain_farthest(C, NULL) == C->radius)
        reach = fmin(reach, C->radius); /* around 0 */
    for (size_t i = 0; i < p->d; i++)
        facts->minimiser[i] = -reach / root;
    lab_know(&facts->f_star, LAB_ANALYTIC, -p->G * reach / root, "-G R/sqrt(d)");
    lab_know(&facts->x_star, LAB_ANALYTIC, reach, "-R/sqrt(d) (1, ..., 1)");
    lab_know(&facts->G, LAB_ANALYTIC, p->G, "option G");
    lab_know(&facts->G2, LAB_ANALYTIC, p->G * p->G, "G²");
    lab_know(&facts->mu, LAB_ANALYTIC, 0.0, "convex, not strongly");
    lab_unknown(&facts->L, "nonsmooth");
    lab_unknown(&facts->L_max, "nonsmooth");
    lab_unknown(&facts->PL, "nonsmooth");
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct max_linear *p = self;
    const double shift = p->R * (1.0 + 1.0 / sqrt((double)p->d));
    for (size_t k = 0; k < count; k++, x += p->d) {
        size_t first = 0;
        double sum = 0.0;
        for (size_t i = 0; i < p->d; i++) {
            sum += x[i] * x[i];
            first = x[i] > x[first] ? i : first;
        }
        const double r = sqrt(sum);
        const bool outside = r - shift > x[first];
        f[k] = p->G * (outside ? r - shift : x[first]);
        for (size_t i = 0; g && i < p->d; i++)
            g[k * p->d + i] = outside ? p->G * (x[i] / r) : i == first ? p->G : 0.0;
        if (isnan(sum))
            f[k] = NAN;
    }
}

LAB_PROBLEM(max_linear) = {
    .base = {.summary = "the worst case of subgradient methods, with its oracle",
             .formula = "f(x) = max{G max_i x_i, G ‖x‖ - G R (1 + 1/sqrt(d))}\n"
                        "g = G e_i, i the first maximiser; x_1 = 0",
             .reference = "Drori & Teboulle (2016), sec. 3",
             .params = params,
             .size = sizeof(struct max_linear)},
    .group = LAB_GROUP_NONSMOOTH,
    .open = open_max_linear,
    .constants = constants,
    .objective = objective,
};
