/* lab/measure.c -- see measure.h: cards, what is gathered, raw quantities -> metrics */
#include "lab/measure.h"

#include <stdlib.h>
#include <string.h>

#include "lab/tally.h"

_Static_assert(sizeof((struct lab_measure *)0)->raw / sizeof(double *) == LAB_RAWS,
               "one array per raw quantity");

/* clang-format off */
const struct lab_metric_card lab_metric_cards[LAB_METRICS + 1] = {
    [LAB_NO_METRIC] = {.name = ""},
    [LAB_AVG_LOSS] = {"avg_loss", "average loss", "(1/t) Σ l(x_s; ξ_s), s ≤ t", false, false},
    [LAB_AVG_REGRET] = {"avg_regret", "average regret",
        "(1/t) Σ [l(x_s; ξ_s) − l(x*; ξ_s)], s ≤ t", true, false},
    [LAB_LOSS] = {"loss", "loss", "f(x_t)", false, true},
    [LAB_GAP] = {"gap", "gap", "f(x_t) − f*", true, true},
    [LAB_AVG_GAP] = {"avg_gap", "average gap", "(1/t) Σ [f(x_s) − f*], s ≤ t", true, true},
    [LAB_AVG_GRAD2] = {"avg_grad2", "average squared gradient norm",
        "(1/t) Σ ‖∇f(x_s)‖², s ≤ t", false, true},
    [LAB_AVG_GAP_THINNED] = {"avg_gap_thinned", "average gap, thinned estimate",
        "unbiased estimate of (1/t) Σ [f(x_s) − f*] from one random s per interval of rows",
        true, true},
    [LAB_AVG_GRAD2_THINNED] = {"avg_grad2_thinned",
        "average squared gradient norm, thinned estimate",
        "unbiased estimate of (1/t) Σ ‖∇f(x_s)‖² from one random s per interval of rows",
        false, true},
    [LAB_GAP_BEST] = {"gap_best", "best gap", "min f(x_s) − f* over evaluated s ≤ t",
        true, true},
    [LAB_GAP_MEAN_ITERATE] = {"gap_mean_iterate", "gap at the mean iterate",
        "f((1/t) Σ x_s) − f*, s ≤ t", true, true},
    [LAB_GAP_ETA_ITERATE] = {"gap_eta_iterate", "gap at the η-weighted mean iterate",
        "f(Σ η_s x_s / Σ η_s) − f*, s ≤ t", true, true},
    [LAB_GAP_SUFFIX_ITERATE] = {"gap_suffix_iterate", "gap at the suffix mean iterate",
        "f(mean of the last ⌈α t⌉ of x_1..x_t) − f*", true, true},
    [LAB_GAP_POLY_ITERATE] = {"gap_poly_iterate", "gap at the (s+1)-weighted mean iterate",
        "f(Σ (s+1) x_s / Σ (s+1)) − f*, s ≤ t", true, true},
    [LAB_GAP_EMA_ITERATE] = {"gap_ema_iterate", "gap at the exponential moving average",
        "f(a_t) − f*, a_t = β a_{t−1} + (1 − β) x_t, a_1 = x_1", true, true},
    [LAB_DIST2] = {"dist2", "squared distance", "‖x_t − x*‖²", true, false},
    [LAB_GRAD2] = {"grad2", "squared gradient norm", "‖∇f(x_t)‖²", false, true},
    [LAB_R] = {"R", "largest distance", "max ‖x_s − x*‖, s ≤ t", true, false},
    [LAB_G] = {"G", "largest sampled gradient", "max ‖g_s‖, s ≤ t", false, false},
    [LAB_AVG_LINEAR_REGRET] = {"avg_linear_regret", "average linearised regret",
        "(1/t) Σ ⟨g_s, x_s − x*⟩, s ≤ t", true, false},
    [LAB_AVG_REGRET_HINDSIGHT] = {"avg_regret_hindsight", "average regret in hindsight",
        "(1/t) [Σ l(x_s; ξ_s) − min over the domain of Σ l(·; ξ_s)], s ≤ t", false, false},
    [LAB_AVG_GRAD] = {"avg_grad", "average gradient norm", "(1/t) Σ ‖∇f(x_s)‖, s ≤ t",
        false, true},
    [LAB_AVG_GRAD_L1] = {"avg_grad_l1", "average l1 norm of the gradient",
        "(1/t) Σ ‖∇f(x_s)‖₁, s ≤ t", false, true},
    [LAB_SLACK_CONVEXITY] = {"slack_convexity", "slack: convexity",
        "(1/t) Σ ⟨g_s, x_s − x*⟩ − [l(x_s; ξ_s) − l(x*; ξ_s)], s ≤ t", true, false},
    [LAB_SLACK_GRADIENT] = {"slack_gradient", "slack: gradient norms",
        "(1/t) Σ (η_s/2)(G² − ‖g_s‖²), G the largest ‖g_s‖, s ≤ t", true, false},
    [LAB_SLACK_DISTANCE] = {"slack_distance", "slack: distances",
        "(1/t) Σ ((R² − ‖x_s − x*‖²)/2)(1/η_s − 1/η_{s−1}), s ≤ t", true, false},
    [LAB_SLACK_LAST] = {"slack_last", "slack: last distance",
        "(1/t) ‖x_{t+1} − x*‖²/(2 η_t)", true, false},
    [LAB_SLACK_PROJECTION] = {"slack_projection", "slack: projection gain",
        "(1/t) Σ [‖x_s − η_s g_s − x*‖² − ‖x_{s+1} − x*‖²]/(2 η_s), s ≤ t", true, false},
    [LAB_LAST_SLACK_DISTANCE] = {"last_slack_distance", "last iterate, slack: distances",
        "(‖x_{t+1} − x*‖² + what projection gained)/(2 Σ η_s)", true, true},
    [LAB_LAST_SLACK_GRADIENT] = {"last_slack_gradient",
        "last iterate, slack: gradient norms", "Σ η_s² (G2 − ‖g_s‖²)/(2 Σ η_s), s ≤ t",
        true, true},
    [LAB_LAST_SLACK_CONVEXITY] = {"last_slack_convexity",
        "last iterate, slack: convexity and noise",
        "Σ η_s (⟨g_s, x_s − x*⟩ − [f(x_s) − f*])/Σ η_s, s ≤ t", true, true},
    [LAB_LAST_SLACK_SUFFIX] = {"last_slack_suffix", "last iterate, slack: suffixes",
        "the bound's third term − [f(x_t) − f* − Σ η_s (f(x_s) − f*)/Σ η_s]", true, true},
    [LAB_OWN] = {"own", "the theorem's own quantity", "as the theorem's card defines it",
        false, false},
    [LAB_EVALUATIONS] = {"evaluations", "gradient evaluations",
        "gradients of single samples evaluated in steps 1..t", false, false},
};
/* clang-format on */

enum lab_metric lab_metric_find(const char *name, struct lab_error *err)
{
    const char *names[LAB_METRICS] = {NULL};
    for (enum lab_metric m = 1; m < LAB_METRICS; m++) {
        if (strcmp(lab_metric_cards[m].name, name) == 0)
            return m;
        names[m - 1] = lab_metric_cards[m].name;
    }
    const char *nearest = lab_nearest(name, names);
    lab_fail(err,
             nearest ? "unknown metric '%.64s' (did you mean '%s'?)"
                     : "unknown metric '%.64s' (see `lab list metrics`)%s",
             name, nearest ? nearest : "");
    return LAB_NO_METRIC;
}

static const char *refused_dear(enum lab_metric m)
{
    switch (m) {
    case LAB_AVG_GAP:
        return "f at every step is dear here; use every = 1, or avg_gap_thinned";
    case LAB_AVG_GRAD2:
        return "grad f at every step is dear here; use every = 1, or avg_grad2_thinned";
    default: return "grad f at every step is dear here; use every = 1";
    }
}

const char *lab_metric_refused(const struct lab_experiment *e,
                               const struct lab_problem_entry *p, enum lab_metric m)
{
    if (lab_metric_cards[m].needs_minimum && !p->facts.minimiser)
        return p->facts.f_star.source;
    const bool of_last = m >= LAB_LAST_SLACK_DISTANCE && m <= LAB_LAST_SLACK_SUFFIX;
    if (of_last && p->facts.G2.status == LAB_UNKNOWN)
        return p->facts.G2.source;
    const bool every_step = of_last || m == LAB_AVG_GAP || m == LAB_AVG_GRAD2 ||
                            m == LAB_AVG_GRAD || m == LAB_AVG_GRAD_L1;
    if (every_step && !p->facts.cheap && e->every != 1)
        return refused_dear(m);
    if (m == LAB_AVG_REGRET_HINDSIGHT && !p->facts.linear)
        return "the best point in hindsight is found for linear losses alone";
    if (m == LAB_AVG_REGRET_HINDSIGHT && !isfinite(lab_domain_diameter(&p->domain)))
        return "linear losses have no least sum without a bounded domain";
    return NULL;
}

static void check_metric(const struct lab_experiment *e, enum lab_metric m,
                         const char *option, struct lab_mistakes *mistakes)
{
    const char *why = NULL;
    for (size_t i = 0; i < e->problems; i++)
        if (!(why = lab_metric_refused(e, &e->problem[i], m)))
            return;
    lab_mistake(mistakes, e->problem[0].where, "%s: %s cannot be had: %s", option,
                lab_metric_cards[m].name, why);
}

/* The slack of a proof is that of one method. */
static void check_plain(const struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    bool asked = e->slack;
    for (enum lab_metric m = LAB_SLACK_CONVEXITY; m <= LAB_LAST_SLACK_SUFFIX; m++)
        asked |= e->asked[m];
    for (size_t i = 0; i < e->optimizers; i++)
        asked &= !e->optimizer[i].optimizer->plain;
    if (asked)
        lab_mistake(mistakes, e->optimizer[0].where,
                    "slack: no optimizer is x_{t+1} = P(x_t - eta_t g_t), that is sgd");
}

void lab_measure_check(const struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    for (size_t i = 0; i < e->problems; i++)
        if (e->problem[i].facts.f1.status == LAB_UNKNOWN)
            return; /* a problem did not open: said already */
    for (enum lab_metric m = 1; m < LAB_METRICS; m++)
        if (e->asked[m])
            check_metric(e, m, "metrics", mistakes);
    for (size_t i = 0; i < e->plots; i++)
        check_metric(e, e->plot[i].metric, "plots", mistakes);
    check_plain(e, mistakes);
}

/* The raw quantities that a metric is made of. */
static void needs(const struct lab_experiment *e, const struct lab_problem_entry *p,
                  enum lab_metric m, bool raw[LAB_RAWS])
{
    const bool stepwise = e->every != 1 && p->facts.cheap; /* f at every step, summed */
    switch (m) {
    case LAB_AVG_LOSS: raw[SUM_LOSS] = true; break;
    case LAB_AVG_REGRET: raw[SUM_REGRET] = true; break;
    case LAB_LOSS:
    case LAB_GAP: raw[F_LAST] = true; break;
    case LAB_AVG_GAP: raw[stepwise ? SUM_F : F_LAST] = true; break;
    case LAB_AVG_GRAD2: raw[stepwise ? SUM_GRAD2 : GRAD2_LAST] = true; break;
    case LAB_AVG_GAP_THINNED: raw[F_THIN] = true; break;
    case LAB_AVG_GRAD2_THINNED: raw[GRAD2_THIN] = true; break;
    case LAB_GAP_BEST: raw[stepwise ? MIN_F : F_LAST] = true; break;
    case LAB_GAP_MEAN_ITERATE: raw[F_MEAN] = true; break;
    case LAB_GAP_ETA_ITERATE: raw[F_ETA] = true; break;
    case LAB_GAP_SUFFIX_ITERATE: raw[F_SUFFIX] = true; break;
    case LAB_GAP_POLY_ITERATE: raw[F_POLY] = true; break;
    case LAB_GAP_EMA_ITERATE: raw[F_EMA] = true; break;
    case LAB_DIST2: raw[DIST2_LAST] = true; break;
    case LAB_GRAD2: raw[GRAD2_LAST] = true; break;
    case LAB_R: raw[MAX_DIST2] = true; break;
    case LAB_G: raw[MAX_G2] = true; break;
    case LAB_AVG_LINEAR_REGRET: raw[SUM_LINEAR] = true; break;
    case LAB_AVG_REGRET_HINDSIGHT: raw[HINDSIGHT] = true; break;
    case LAB_AVG_GRAD: raw[SUM_GRAD] = true; break;
    case LAB_AVG_GRAD_L1: raw[SUM_GRAD_L1] = true; break;
    case LAB_EVALUATIONS: raw[EVALUATED] = true; break;
    case LAB_SLACK_CONVEXITY:
    case LAB_SLACK_GRADIENT:
    case LAB_SLACK_DISTANCE:
    case LAB_SLACK_LAST:
    case LAB_SLACK_PROJECTION:
    case LAB_LAST_SLACK_DISTANCE:
    case LAB_LAST_SLACK_GRADIENT:
    case LAB_LAST_SLACK_CONVEXITY:
    case LAB_LAST_SLACK_SUFFIX: raw[SLACK + (m - LAB_SLACK_CONVEXITY)] = true; break;
    case LAB_NO_METRIC:
    case LAB_OWN: break;
    }
}

static size_t layout(const struct lab_experiment *e, const struct lab_problem_entry *p,
                     const bool want[LAB_METRICS], bool raw[LAB_RAWS])
{
    size_t arrays = 0;
    for (enum lab_metric m = 1; m < LAB_METRICS; m++)
        if (want[m])
            needs(e, p, m, raw), arrays++;
    for (size_t q = 0; q < LAB_RAWS; q++)
        arrays += raw[q];
    return arrays + (e->raw_x ? p->facts.d : 0);
}

double lab_measure_bytes(const struct lab_experiment *e,
                         const struct lab_problem_entry *p, size_t rows,
                         const bool want[LAB_METRICS])
{
    bool raw[LAB_RAWS] = {false};
    return 8.0 * (double)layout(e, p, want, raw) * (double)rows * (double)e->seeds;
}

struct lab_measure *lab_measure_new(const struct lab_experiment *e,
                                    const struct lab_problem_entry *p, const size_t *t,
                                    size_t rows, const bool want[LAB_METRICS])
{
    struct lab_measure *m = lab_alloc(1, sizeof *m);
    bool raw[LAB_RAWS] = {false};
    layout(e, p, want, raw);
    *m = (struct lab_measure){
        .e = e, .problem = p, .t = t, .rows = rows, .seeds = e->seeds};
    memcpy(m->want, want, sizeof m->want);
    for (size_t q = 0; q < LAB_RAWS; q++)
        if (raw[q])
            m->raw[q] = lab_alloc(m->seeds * rows, sizeof **m->raw);
    for (enum lab_metric k = 1; k < LAB_METRICS; k++)
        if (want[k])
            m->value[k] = lab_alloc(m->seeds * rows, sizeof **m->value);
    if (e->raw_x)
        m->raw_x = lab_alloc(m->seeds * rows * p->facts.d, sizeof *m->raw_x);
    m->diverged = lab_alloc(m->seeds, sizeof *m->diverged);
    m->evaluations = lab_alloc(m->seeds, sizeof *m->evaluations);
    return m;
}

void lab_measure_free(struct lab_measure *m)
{
    if (!m)
        return;
    for (size_t q = 0; q < LAB_RAWS; q++)
        free(m->raw[q]);
    for (enum lab_metric k = 1; k < LAB_METRICS; k++)
        free(m->value[k]);
    for (size_t i = 0; i < m->watchers; i++)
        free(m->watcher[i].rhs), free(m->watcher[i].own);
    free(m->watcher), free(m->raw_x), free(m->diverged), free(m->evaluations), free(m);
}

/* One replica's rows of a metric: `scale` (raw - shift), or an average or minimum of it. */
enum shape { PLAIN, OVER_T, ROOT, AVERAGE_OF_ROWS, THINNED, LEAST_SO_FAR };

static void shape_rows(const struct lab_measure *m, enum shape shape, const double *raw,
                       double shift, double *out)
{
    double sum = 0.0, least = INFINITY;
    for (size_t k = 0; k < m->rows; k++) {
        const double t = (double)m->t[k], length = t - (k ? (double)m->t[k - 1] : 0.0);
        switch (shape) {
        case PLAIN: out[k] = raw[k] - shift; break;
        case OVER_T: out[k] = raw[k] / t - shift; break;
        case ROOT: out[k] = sqrt(raw[k]); break;
        case AVERAGE_OF_ROWS: out[k] = (sum += raw[k] - shift) / (double)(k + 1); break;
        case THINNED: out[k] = (sum += length * (raw[k] - shift)) / t; break;
        case LEAST_SO_FAR: out[k] = least = fmin(least, raw[k] - shift); break;
        }
        if (isnan(out[k]))
            out[k] = INFINITY; /* non-finite is divergence: data, not an error */
    }
}

static void derive(struct lab_measure *m, enum lab_metric k)
{
    const bool stepwise = m->e->every != 1 && m->problem->facts.cheap;
    const double f_star = m->problem->facts.f_star.value;
    const struct recipe {
        enum shape shape;
        enum lab_raw raw;
        double shift;
    } recipes[LAB_METRICS] = {
        [LAB_AVG_LOSS] = {OVER_T, SUM_LOSS, 0.0},
        [LAB_AVG_REGRET] = {OVER_T, SUM_REGRET, 0.0},
        [LAB_LOSS] = {PLAIN, F_LAST, 0.0},
        [LAB_GAP] = {PLAIN, F_LAST, f_star},
        [LAB_AVG_GAP] = {stepwise ? OVER_T : AVERAGE_OF_ROWS, stepwise ? SUM_F : F_LAST,
                         stepwise ? 0.0 : f_star},
        [LAB_AVG_GRAD2] = {stepwise ? OVER_T : AVERAGE_OF_ROWS,
                           stepwise ? SUM_GRAD2 : GRAD2_LAST, 0.0},
        [LAB_AVG_GAP_THINNED] = {THINNED, F_THIN, f_star},
        [LAB_AVG_GRAD2_THINNED] = {THINNED, GRAD2_THIN, 0.0},
        [LAB_GAP_BEST] = {stepwise ? PLAIN : LEAST_SO_FAR, stepwise ? MIN_F : F_LAST,
                          f_star},
        [LAB_GAP_MEAN_ITERATE] = {PLAIN, F_MEAN, f_star},
        [LAB_GAP_ETA_ITERATE] = {PLAIN, F_ETA, f_star},
        [LAB_GAP_SUFFIX_ITERATE] = {PLAIN, F_SUFFIX, f_star},
        [LAB_GAP_POLY_ITERATE] = {PLAIN, F_POLY, f_star},
        [LAB_GAP_EMA_ITERATE] = {PLAIN, F_EMA, f_star},
        [LAB_DIST2] = {PLAIN, DIST2_LAST, 0.0},
        [LAB_GRAD2] = {PLAIN, GRAD2_LAST, 0.0},
        [LAB_R] = {ROOT, MAX_DIST2, 0.0},
        [LAB_G] = {ROOT, MAX_G2, 0.0},
        [LAB_AVG_LINEAR_REGRET] = {OVER_T, SUM_LINEAR, 0.0},
        [LAB_AVG_REGRET_HINDSIGHT] = {OVER_T, HINDSIGHT, 0.0},
        [LAB_AVG_GRAD] = {OVER_T, SUM_GRAD, 0.0},
        [LAB_AVG_GRAD_L1] = {OVER_T, SUM_GRAD_L1, 0.0},
        [LAB_EVALUATIONS] = {PLAIN, EVALUATED, 0.0},
    };
    const struct recipe part = {PLAIN, SLACK + (k - LAB_SLACK_CONVEXITY), 0.0};
    const bool slack = k >= LAB_SLACK_CONVEXITY && k <= LAB_LAST_SLACK_SUFFIX;
    const struct recipe *recipe = slack ? &part : &recipes[k];
    for (size_t r = 0; r < m->seeds; r++) {
        double *value = m->value[k] + r * m->rows;
        shape_rows(m, recipe->shape, m->raw[recipe->raw] + r * m->rows, recipe->shift,
                   value);
        for (size_t i = 0; m->diverged[r] && i < m->rows; i++)
            if (m->t[i] > m->diverged[r] && k != LAB_EVALUATIONS)
                value[i] = INFINITY;
    }
}

void lab_measure_finish(struct lab_measure *m)
{
    for (enum lab_metric k = 1; k < LAB_METRICS; k++)
        if (m->want[k])
            derive(m, k);
}
