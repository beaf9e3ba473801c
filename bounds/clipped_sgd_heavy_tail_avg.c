/*
 * bounds/clipped_sgd_heavy_tail_avg.c -- clipped SGD where E‖g‖^2 may be infinite.
 *
 * u_t = min(1, c/‖g_t‖) g_t, projected on a set of diameter D, E‖g_t‖^p <= Mp, 1 <=
 * p <= 2.  The sum of bounds/const_step_avg.c for u_t has E‖u_t‖^2 <= c^(2-p) Mp.  What
 * clipping does to the mean: ‖E g - E u‖ <= E(‖g‖ - c)_+ <= k_p Mp c^(1-p), where
 * k_p = max_{s>=1} (s - 1)/s^p = (p-1)^(p-1)/p^p (1 if p = 1), so <E u_t, x_t - x*> >= E
 * f(x_t) - f* - D k_p Mp c^(1-p), and
 *
 *     (1/T) sum E f(x_t) - f* <= D^2/(2 eta T) + eta c^(2-p) Mp/2 + D k_p Mp c^(1-p).
 *
 * Mp of a run.  Where E‖g‖^2 <= G2, Mp = G2^(p/2).  Else of noise whose tail index a <=
 * 2 leaves p < a: by Minkowski (E‖g + z‖^p)^(1/p) <= G0 + (E‖z‖^p)^(1/p), G0 = sup
 * ‖g‖ before noise, and E‖z‖^p <= d E|z_j|^p, as ‖z‖ <= ‖z‖_p; a mean over
 * a mini-batch has no more (Minkowski again).  Any such p is right; the one with the least
 * right-hand side at the run's horizon is taken.
 */
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>

#include "lab/plugin.h"

struct inputs {
    double D, p, Mp, c, eta;
    size_t T;
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, D, LAB_REQUIRED, "[0,inf)", "diameter of the domain"),
    LAB_PARAM(struct inputs, p, LAB_REQUIRED, "[1,2]", "the moment that exists"),
    LAB_PARAM(struct inputs, Mp, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^p <= Mp"),
    LAB_PARAM(struct inputs, c, LAB_REQUIRED, "(0,inf)", "the limit of clipping"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)", "the constant step"),
    LAB_PARAM(struct inputs, T, LAB_REQUIRED, "[1,inf)", "steps"),
    LAB_PARAM_END,
};

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const double p = in->p, bias = p > 1.0 ? pow(p - 1.0, p - 1.0) / pow(p, p) : 1.0;
    return in->D * in->D / (2.0 * in->eta * (double)in->T) +
           0.5 * in->eta * pow(in->c, 2.0 - p) * in->Mp +
           in->D * bias * in->Mp * pow(in->c, 1.0 - p);
}

/* E|z_j|^p, p < index, of one sample; the density of Student's t integrates to gammas. */
static double moment(const struct lab_noise *z, double p)
{
    const double a = z->index, scale = pow(z->scale, p);
    if (z->law == LAB_PARETO)
        return scale * a / (a - p);
    return scale * pow(a, 0.5 * p) / sqrt(M_PI) *
           exp(gsl_sf_lngamma(0.5 * (p + 1.0)) + gsl_sf_lngamma(0.5 * (a - p)) -
               gsl_sf_lngamma(0.5 * a));
}

/* Mp of a course, p < its greatest. */
static double moment_of(const struct lab_course *c, double p, bool square, double G)
{
    if (square) /* G^2 is G2 */
        return pow(G, p);
    return pow(G + pow((double)c->facts->d * moment(c->noise, p), 1.0 / p), p);
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    enum { GRID = 400 };
    struct inputs *in = inputs;
    const struct lab_facts *f = c->facts;
    const bool tails = c->noise->law == LAB_STUDENT_T || c->noise->law == LAB_PARETO,
               square = f->G2.status != LAB_UNKNOWN || !tails || c->noise->index > 2.0;
    double G, least = INFINITY;
    if (lab_take(square ? &f->G2 : &f->G_clean,
                 square ? "a bound on E‖g‖²" : "G without noise", &G, measured, why))
        return -1;
    G = square ? sqrt(G) : G;
    in->c = lab_option(c, "limit");
    in->T = c->eta.T;
    const double top = square ? 2.0 : fmin(2.0, c->noise->index);
    struct inputs best = *in;
    for (int k = 0; k < GRID + square; k++) {
        in->p = 1.0 + (top - 1.0) * k / GRID;
        in->Mp = moment_of(c, in->p, square, G);
        const double value = rhs(in);
        if (value < least)
            least = value, best = *in;
    }
    *in = best;
    return isfinite(least) ? 0 : lab_fail(why, "no moment of ‖g‖ is finite");
}

LAB_BOUND(clipped_sgd_heavy_tail_avg) = {
    .base = {.summary = "average loss of clipped SGD, infinite variance allowed",
             .formula = "D^2/(2 eta T) + eta c^(2-p) Mp/2 + D k_p Mp c^(1-p),\n"
                        "k_p = (p-1)^(p-1)/p^p, 1 if p = 1",
             .reference = "in the spirit of Zhang et al. (2020) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD with gradients clipped to length c and a constant step, projected on a "
        "convex set of diameter D that holds x*, E‖g_t‖^p <= Mp for a p in [1,2]: "
        "the average of E f(x_t) - f* over t <= T and f at the mean iterate stay below "
        "the formula.",
    .method = "clipped_sgd",
    .limits = {{LAB_AVG_GAP, LAB_EXPECTATION}, {LAB_GAP_MEAN_ITERATE, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_CONSTANT_STEP | LAB_BOUNDED_DOMAIN,
    .bind = bind,
    .rhs = rhs,
};
