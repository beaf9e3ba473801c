/*
 * bounds/dog_posteriori.c -- regret of distance over gradients, in terms of where it has been.
 *
 * x_{t+1} = P(x_t - rbar_t g_t/sqrt(Q_t)), Q_t = sum_{s<=t} ‖g_s‖^2, d_t = ‖x_t - x*‖ and
 * rbar_t = max(r_eps (1 + ‖x_1‖), max_{s<=t} ‖x_s - x_1‖).  Expanding d_{t+1}^2, which the
 * projection can only lower, and multiplying by sqrt(Q_t)/2,
 *
 *     rbar_t <g_t, x_t - x*> <= sqrt(Q_t) (d_t^2 - d_{t+1}^2)/2 + rbar_t^2 ‖g_t‖^2/(2 sqrt(Q_t)).
 *
 * The first terms, by parts, sum to at most sqrt(Q_T) (d_s^2 - d_{T+1}^2)/2, s the farthest of
 * 1..T, and d_s - d_{T+1} <= ‖x_s - x_{T+1}‖ <= 2 rbar_{T+1}, d_s + d_{T+1} <= 2 dbar with
 * dbar = max_{t<=T+1} d_t: 2 rbar_{T+1} dbar sqrt(Q_T).  As sum ‖g_t‖^2/sqrt(Q_t) <= 2 sqrt(Q_T),
 * the others sum to at most rbar_{T+1}^2 sqrt(Q_T).  Divided by sum rbar_t,
 *
 *     sum rbar_t <g_t, x_t - x*>/sum rbar_t
 *         <= rbar_{T+1} (2 dbar + rbar_{T+1}) sqrt(Q_T)/sum rbar_t.
 *
 * Nothing is assumed of f, but both sides are known only afterwards.  Row t, which has just seen
 * x_t, is T = t - 1.
 */
#include "lab/plugin.h"

struct inputs {
    double dbar;
    struct lab_vector rbar, gnorm;
    double r_eps; /* of a run */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, dbar, LAB_REQUIRED, "[0,inf)", "max_{t<=T+1} ‖x_t - x*‖"),
    LAB_PARAM(struct inputs, rbar, LAB_REQUIRED, "(0,inf)", "rbar_1, ..., rbar_{T+1}"),
    LAB_PARAM(struct inputs, gnorm, LAB_REQUIRED, "[0,inf)", "‖g_1‖, ..., ‖g_T‖"),
    LAB_PARAM_END,
};

static int one_more(const void *inputs, struct lab_error *err)
{
    const struct inputs *in = inputs;
    if (in->gnorm.n && in->rbar.n == in->gnorm.n + 1)
        return 0;
    return lab_fail(err, "rbar must have one number more than gnorm, not %zu and %zu",
                    in->rbar.n, in->gnorm.n);
}

static int check(const struct lab_course *c, struct lab_error *why)
{
    for (size_t t = 1; t <= c->eta.T; t++)
        if (c->eta.eta[t - 1] != 1.0)
            return lab_fail(why, "needs eta_t = 1, but eta_%zu = %.6g", t,
                            c->eta.eta[t - 1]);
    return 0;
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    double norm;
    ((struct inputs *)inputs)->r_eps = lab_option(c, "r_eps");
    return lab_take(&c->facts->x_star, "x_star", &norm, measured, why);
}

static bool speaks(const void *inputs, size_t T)
{
    (void)inputs;
    return T >= 1;
}

/* ---- along the path: numbers of steps before t, and those of step t, which wait ------ */

enum { RBAR, DBAR, WEIGHT, REGRET, Q, STEP_REGRET, STEP_Q, START };

static size_t numbers(size_t d)
{
    return START + d;
}

static void see(const void *inputs, const struct lab_moment *m, size_t r, double *kept)
{
    const double *x = m->x + r * m->d, *g = m->g + r * m->d;
    double *start = kept + START, far2 = 0.0, off2 = 0.0, regret = 0.0, norm2 = 0.0;
    for (size_t j = 0; j < m->d; j++) {
        start[j] = m->t > 1 ? start[j] : x[j];
        const double away = x[j] - m->x_star[j], moved = x[j] - start[j];
        far2 += away * away, off2 += moved * moved;
        regret += g[j] * away, norm2 += g[j] * g[j];
    }
    if (m->t > 1) {
        kept[WEIGHT] += kept[RBAR];
        kept[REGRET] += kept[RBAR] * kept[STEP_REGRET];
        kept[Q] += kept[STEP_Q];
    } else {
        kept[RBAR] = ((const struct inputs *)inputs)->r_eps * (1.0 + lab_norm(m->d, x));
    }
    kept[RBAR] = fmax(kept[RBAR], sqrt(off2));
    kept[DBAR] = fmax(kept[DBAR], sqrt(far2));
    kept[STEP_REGRET] = regret, kept[STEP_Q] = norm2;
}

static double own(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)inputs, (void)d;
    return t > 1 ? kept[REGRET] / kept[WEIGHT] : NAN;
}

static double formula(double rbar, double dbar, double Q_T, double weight)
{
    return rbar * (2.0 * dbar + rbar) * sqrt(Q_T) / weight;
}

static double of_path(const void *inputs, size_t d, size_t t, const double *kept)
{
    (void)inputs, (void)d;
    return t > 1 ? formula(kept[RBAR], kept[DBAR], kept[Q], kept[WEIGHT]) : NAN;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    double Q_T = 0.0, weight = 0.0;
    for (size_t t = 0; t < in->gnorm.n; t++) {
        Q_T += in->gnorm.value[t] * in->gnorm.value[t];
        weight += in->rbar.value[t];
    }
    return formula(in->rbar.value[in->gnorm.n], in->dbar, Q_T, weight);
}

LAB_BOUND(dog_posteriori) = {
    .base = {.summary = "regret of distance over gradients, known afterwards",
             .formula = "rbar_{T+1} (2 dbar + rbar_{T+1}) sqrt(sum_{t<=T} ‖g_t‖^2)\n"
                        "/ sum_{t<=T} rbar_t",
             .reference = "Ivgi, Hinder & Carmon (2023), lemma 1 [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement = "Distance over gradients, eta_t = 1: on every path the rbar-weighted "
                 "mean of <g_t, x_t - x*> stays below the formula, both met on it.",
    .method = "dog",
    .limits = {{LAB_OWN, LAB_PATH}},
    .lag = 1,
    .speaks = speaks,
    .check = check,
    .bind = bind,
    .watch = {.quantity = "sum_{s<t} rbar_s <g_s, x_s - x*>/sum_{s<t} rbar_s",
              .numbers = numbers,
              .see = see,
              .own = own,
              .rhs = of_path},
    .inputs = one_more,
    .rhs = rhs,
};
