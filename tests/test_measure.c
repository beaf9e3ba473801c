/*
 * tests/test_measure.c -- every metric against its definition.
 *
 * A second, slow implementation: plain loops follow SGD or momentum step by step and keep
 * every x_s, then each metric is taken at each row straight from contract.md, section 2.
 * Shared with lab are only the random numbers, the data and x* (both tested elsewhere).
 * An index off by one anywhere shows here.
 * The parts of slack have tests of their own: tests/test_slack.c.
 */
#include "lab/random.h"
#include "tests/helpers.h"

enum { MOST_T = 400, MOST_D = 40 };

/* ---- the objectives, written down once more -------------------------------------- */

enum kind { QUADRATIC, LEAST_SQUARES, LOGISTIC };

struct objective {
    enum kind kind;
    size_t d;
    const double *lam; /* QUADRATIC */
    double l2;
    const struct lab_data *set;
};

/* l(x; i) of one data point; adds share * gradient to g. */
static double sampled(const struct objective *o, size_t i, const double *x, double share,
                      double *g)
{
    const double *a = o->set->A + i * o->set->stride;
    const double b = o->set->b[i], z = dot(o->d, a, x);
    const double slope = o->kind == LOGISTIC ? -b / (1.0 + exp(b * z)) : z - b;
    for (size_t j = 0; g && j < o->d; j++)
        g[j] += share * (slope * a[j] + o->l2 * x[j]);
    const double loss = o->kind == LOGISTIC ? fmax(0.0, -b * z) + log1p(exp(-fabs(b * z)))
                                            : 0.5 * (z - b) * (z - b);
    return loss + 0.5 * o->l2 * dot(o->d, x, x);
}

/* f(x), and its gradient unless g is NULL. */
static double full(const struct objective *o, const double *x, double *g)
{
    double f = 0.0;
    for (size_t j = 0; j < o->d; j++) {
        if (g)
            g[j] = o->kind == QUADRATIC ? o->lam[j] * x[j] : 0.0;
        f += o->kind == QUADRATIC ? 0.5 * o->lam[j] * x[j] * x[j] : 0.0;
    }
    for (size_t i = 0; o->kind != QUADRATIC && i < o->set->n; i++)
        f += sampled(o, i, x, 1.0 / (double)o->set->n, g) / (double)o->set->n;
    return f;
}

/* ---- one path, step by step ------------------------------------------------------ */

struct path {
    const struct objective *o;
    size_t T, d;
    const double *eta, *star;
    double f_star, alpha, beta;   /* of suffixes, of the moving average */
    size_t cost;                  /* single samples in one gradient */
    double x[MOST_T + 2][MOST_D]; /* x[t] is x_t */
    double loss[MOST_T + 1], loss_star[MOST_T + 1], g2[MOST_T + 1], linear[MOST_T + 1];
};

static void project(const struct lab_domain *c, double *x)
{
    if (c->kind == LAB_NO_DOMAIN)
        return;
    assert_int_equal(c->kind, LAB_BALL);
    const double far = sqrt(dist2(c->d, x, c->center));
    for (size_t j = 0; far > c->radius && j < c->d; j++)
        x[j] = c->center[j] + (x[j] - c->center[j]) * c->radius / far;
}

/* g_t, l(x_t; xi_t) and l(x*; xi_t). */
static void draw(struct path *p, const struct lab_experiment *e, gsl_rng *samples,
                 gsl_rng *noise, size_t t, double *g)
{
    const struct objective *o = p->o;
    const double B = (double)e->batch, sigma = e->problem->noise.sigma;
    double z[MOST_D];
    uint32_t index[8];
    memset(g, 0, p->d * sizeof *g);
    if (o->kind == QUADRATIC) {
        p->loss[t] = full(o, p->x[t], g);
        p->loss_star[t] = full(o, p->star, NULL);
    } else {
        lab_draw_indices(samples, o->set->n, e->batch, index);
        for (size_t k = 0; k < e->batch; k++) {
            p->loss[t] += sampled(o, index[k], p->x[t], 1.0 / B, g) / B;
            p->loss_star[t] += sampled(o, index[k], p->star, 0.0, NULL) / B;
        }
    }
    if (sigma > 0.0) {
        lab_draw_gaussian(noise, sigma / sqrt(B), p->d, z);
        for (size_t j = 0; j < p->d; j++)
            g[j] += z[j];
        p->loss[t] += dot(p->d, z, p->x[t]);
        p->loss_star[t] += dot(p->d, z, p->star);
    }
    p->g2[t] = dot(p->d, g, g);
    p->linear[t] = dot(p->d, g, p->x[t]) - dot(p->d, g, p->star);
}

static void follow(struct path *p, const struct objective *o,
                   const struct lab_experiment *e, size_t replica, double beta)
{
    const struct lab_problem_entry *q = e->problem;
    gsl_rng *samples = lab_rng_new(e->seed, replica, LAB_FOR_SAMPLES);
    gsl_rng *noise = lab_rng_new(e->seed, replica, LAB_FOR_NOISE);
    double g[MOST_D], v[MOST_D] = {0};
    memset(p, 0, sizeof *p);
    p->o = o, p->T = e->T, p->d = o->d, p->eta = e->schedule->eta->eta;
    p->star = q->facts.minimiser, p->f_star = full(o, p->star, NULL);
    p->alpha = e->average_alpha, p->beta = e->average_beta;
    p->cost = e->batch;
    memcpy(p->x[1], q->facts.x1, p->d * sizeof(double));
    for (size_t t = 1; t <= p->T; t++) {
        draw(p, e, samples, noise, t, g);
        for (size_t j = 0; j < p->d; j++) {
            v[j] = beta * v[j] + g[j];
            p->x[t + 1][j] = p->x[t][j] - p->eta[t - 1] * v[j];
        }
        project(&q->domain, p->x[t + 1]);
    }
    gsl_rng_free(samples), gsl_rng_free(noise);
}

/* ---- the metrics, as defined ----------------------------------------------------- */

static double gap(const struct path *p, const double *x)
{
    return full(p->o, x, NULL) - p->f_star;
}

static double grad2(const struct path *p, size_t s)
{
    double g[MOST_D];
    full(p->o, p->x[s], g);
    return dot(p->d, g, g);
}

static double grad1(const struct path *p, size_t s)
{
    double g[MOST_D], sum = 0.0;
    full(p->o, p->x[s], g);
    for (size_t j = 0; j < p->d; j++)
        sum += fabs(g[j]);
    return sum;
}

enum weight { EQUAL, ETA, POLY };

/* f - f* at the weighted mean of x_from..x_t. */
static double gap_at_mean(const struct path *p, size_t from, size_t t, enum weight kind)
{
    double mean[MOST_D] = {0}, total = 0.0;
    for (size_t s = from; s <= t; s++) {
        double w = kind == ETA ? p->eta[s - 1] : kind == POLY ? (double)(s + 1) : 1.0;
        total += w;
        for (size_t j = 0; j < p->d; j++)
            mean[j] += w * p->x[s][j];
    }
    for (size_t j = 0; j < p->d; j++)
        mean[j] /= total;
    return gap(p, mean);
}

/* By its weights: x_1 has beta^(t-1), x_s (1 - beta) beta^(t-s). */
static double gap_at_moving_average(const struct path *p, size_t t)
{
    double mean[MOST_D] = {0};
    for (size_t s = 1; s <= t; s++) {
        const double age = pow(p->beta, (double)(t - s));
        for (size_t j = 0; j < p->d; j++)
            mean[j] += (s == 1 ? age : (1.0 - p->beta) * age) * p->x[s][j];
    }
    return gap(p, mean);
}

/* Averages, maxima and minima over s <= t. */
static double over_time(const struct path *p, enum lab_metric m, size_t t)
{
    double sum = 0.0, most = 0.0, least = INFINITY;
    for (size_t s = 1; s <= t; s++) {
        double v = m == LAB_AVG_LOSS            ? p->loss[s]
                   : m == LAB_AVG_REGRET        ? p->loss[s] - p->loss_star[s]
                   : m == LAB_R                 ? sqrt(dist2(p->d, p->x[s], p->star))
                   : m == LAB_G                 ? sqrt(p->g2[s])
                   : m == LAB_AVG_LINEAR_REGRET ? p->linear[s]
                   : m == LAB_AVG_GRAD          ? sqrt(grad2(p, s))
                   : m == LAB_AVG_GRAD_L1       ? grad1(p, s)
                   : m == LAB_AVG_GRAD2 || m == LAB_AVG_GRAD2_THINNED ? grad2(p, s)
                                                                      : gap(p, p->x[s]);
        sum += v, most = fmax(most, v), least = fmin(least, v);
    }
    return m == LAB_R || m == LAB_G ? most : m == LAB_GAP_BEST ? least : sum / (double)t;
}

/* The least m with m >= alpha t. */
static size_t suffix_length(double alpha, size_t t)
{
    size_t m = 1;
    while ((double)m < alpha * (double)t - 1e-9)
        m++;
    return m;
}

static double metric(const struct path *p, enum lab_metric m, size_t t)
{
    switch (m) {
    case LAB_LOSS: return full(p->o, p->x[t], NULL);
    case LAB_GAP: return gap(p, p->x[t]);
    case LAB_GAP_MEAN_ITERATE: return gap_at_mean(p, 1, t, EQUAL);
    case LAB_GAP_ETA_ITERATE: return gap_at_mean(p, 1, t, ETA);
    case LAB_GAP_POLY_ITERATE: return gap_at_mean(p, 1, t, POLY);
    case LAB_GAP_SUFFIX_ITERATE:
        return gap_at_mean(p, t + 1 - suffix_length(p->alpha, t), t, EQUAL);
    case LAB_GAP_EMA_ITERATE: return gap_at_moving_average(p, t);
    case LAB_EVALUATIONS: return (double)(p->cost * t);
    case LAB_DIST2: return dist2(p->d, p->x[t], p->star);
    case LAB_GRAD2: return grad2(p, t);
    default: return over_time(p, m, t);
    }
}

/* ---- comparison ------------------------------------------------------------------ */

/* Differences of f are as exact as f itself: `scale` is its size. */
static void assert_near(double value, double expected, double scale, enum lab_metric m,
                        size_t t)
{
    if (fabs(value - expected) <= 1e-12 * fmax(fabs(expected), scale))
        return;
    print_error("%s at t = %zu is %.17g, by definition %.17g\n", lab_metric_cards[m].name,
                t, value, expected);
    fail();
}

static bool thinned(enum lab_metric m)
{
    return m == LAB_AVG_GAP_THINNED || m == LAB_AVG_GRAD2_THINNED;
}

/* gap_best where f is dear: over the rows up to row k only. */
static double best_of_rows(const struct path *p, const size_t *t, size_t k)
{
    double least = INFINITY;
    for (size_t i = 0; i <= k; i++)
        least = fmin(least, gap(p, p->x[t[i]]));
    return least;
}

static size_t compare_path(const struct lab_run *run, const struct path *p, size_t r)
{
    const struct lab_experiment *e = run->e;
    const bool dear = e->every != 1 && !e->problem->facts.cheap;
    const double scale = full(p->o, p->x[1], NULL) + full(p->o, p->star, NULL);
    size_t compared = 0;
    for (enum lab_metric m = 1; m < LAB_SLACK_CONVEXITY; m++) {
        if (!run->arm->measure->want[m] || (thinned(m) && e->every != 1))
            continue;
        for (size_t k = 0; k < run->rows; k++) {
            const size_t t = run->t[k];
            double expected =
                m == LAB_GAP_BEST && dear ? best_of_rows(p, run->t, k) : metric(p, m, t);
            assert_near(measured(run, 0, m, r, k), expected, scale, m, t);
        }
        compared++;
    }
    return compared;
}

/* ---- the cases ------------------------------------------------------------------- */

static const struct course {
    enum kind kind;
    double l2;
    const char *problem; /* and batch */
} courses[] = {
    {QUADRATIC, 0.0,
     "batch = 1; problems = ( { type = 'quadratic'; eigenvalues = ( 1, 0.3, 0.02 );"
     " start = ( 2, -1, 3 ); noise = { sigma = 0.7; }; } );"},
    {LEAST_SQUARES, 0.0,
     "batch = 2; problems = ( { type = 'least_squares'; data = 'synthetic'; n = 50; "
     "d = 7; start = 0.3; domain = { type = 'ball'; radius = 0.9; }; } );"},
    {LEAST_SQUARES, 0.2,
     "batch = 3; problems = ( { type = 'least_squares'; data = 'synthetic'; n = 20; "
     "d = 4; l2 = 0.2; noise = { sigma = 0.5; }; } );"},
    {LOGISTIC, 0.1,
     "batch = 1; problems = ( { type = 'logistic'; data = 'breast_cancer'; l2 = 0.1; "
     "} );"},
};
/* Warm-up and a decay: no eta_t equals its neighbour. */
static const char SCHEDULE[] = "schedules = ( { type = 'inv_sqrt'; eta = 0.2; "
                               "warmup = 6; } );";

/* Runs a course with `rows` and compares every replica; the number of metrics. */
static size_t check_course(const struct course *c, double alpha, double beta,
                           const char *rows)
{
    const char *momentum = "optimizers = ( { type = 'momentum'; beta = 0.6; } );";
    struct lab_experiment *e = experiment(
        "steps = 40; seeds = 5; seed = 7; bounds = (); average_alpha = %g; "
        "average_beta = %g; %s %s %s %s",
        alpha, 1.0 - alpha, rows, c->problem, SCHEDULE, beta > 0.0 ? momentum : SGD);
    const struct objective o = {
        .kind = c->kind,
        .d = e->problem->facts.d,
        .lam = e->problem->facts.lam,
        .l2 = c->l2,
        /* LAB_LINEAR_PARAMS: the struct lab_linear comes first in the problem's own */
        .set = c->kind == QUADRATIC ? NULL
                                    : ((const struct lab_linear *)e->problem->self)->set};
    ask_everything(e);
    struct lab_run *run = run_with(e, 1, 3); /* replicas 0-2 and 3-4 */
    static struct path p;
    size_t compared = 0;
    for (size_t r = 0; r < e->seeds; r++) {
        follow(&p, &o, e, r, beta);
        compared = compare_path(run, &p, r);
    }
    close_run(run);
    return compared;
}

static void test_every_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        assert_int_equal(check_course(&courses[i], 0.5, 0.0, "every = 1;"),
                         LAB_SLACK_CONVEXITY - 2);
        assert_int_equal(check_course(&courses[i], 0.25, 0.6, "every = 1;"),
                         LAB_SLACK_CONVEXITY - 2);
    }
}

static void test_checkpoints(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        /* without the thinned ones and hindsight; where f is dear four are refused */
        const size_t all =
            courses[i].kind == LOGISTIC ? LAB_SLACK_CONVEXITY - 8 : LAB_SLACK_CONVEXITY - 4;
        assert_int_equal(check_course(&courses[i], 0.5, 0.0, "checkpoints = 12;"), all);
        assert_int_equal(check_course(&courses[i], 1.0, 0.6, "checkpoints = 12;"), all);
        assert_int_equal(check_course(&courses[i], 0.25, 0.0, "every = 7;"), all);
    }
}

/* Suffixes of every length: several of them start between two rows, or at one. */
static void test_suffixes(void **state)
{
    (void)state;
    for (double alpha = 0.01; alpha <= 1.0; alpha += 0.09) {
        check_course(&courses[0], alpha, 0.0, "every = 1;");
        check_course(&courses[0], alpha, 0.6, "checkpoints = 5;");
    }
    check_course(&courses[0], 0.1, 0.0, "every = 1;"); /* 0.1 t is not a round number */
    check_course(&courses[0], 0.7, 0.0, "every = 1;");
}

/* ---- by hand --------------------------------------------------------------------- */

/* f = x^2/2, x_1 = 1, eta = 1/2, 1/4, 1/5: x = 1, 0.5, 0.375. */
static void test_by_hand(void **state)
{
    static const double table[LAB_SLACK_CONVEXITY][3] = {
        [LAB_AVG_LOSS] = {0.5, 0.3125, 0.6953125 / 3},
        [LAB_AVG_REGRET] = {0.5, 0.3125, 0.6953125 / 3},
        [LAB_LOSS] = {0.5, 0.125, 0.0703125},
        [LAB_GAP] = {0.5, 0.125, 0.0703125},
        [LAB_AVG_GAP] = {0.5, 0.3125, 0.6953125 / 3},
        [LAB_AVG_GRAD2] = {1, 0.625, 1.390625 / 3},
        [LAB_AVG_GAP_THINNED] = {0.5, 0.3125, 0.6953125 / 3},
        [LAB_AVG_GRAD2_THINNED] = {1, 0.625, 1.390625 / 3},
        [LAB_GAP_BEST] = {0.5, 0.125, 0.0703125},
        [LAB_GAP_MEAN_ITERATE] = {0.5, 0.28125, 0.1953125}, /* 1, 0.75, 0.625 */
        /* 1, (0.5 + 0.125)/0.75, (0.5 + 0.125 + 0.075)/0.95 */
        [LAB_GAP_ETA_ITERATE] = {0.5, 0.5 * (0.625 / 0.75) * (0.625 / 0.75),
                                 0.5 * (0.7 / 0.95) * (0.7 / 0.95)},
        [LAB_GAP_SUFFIX_ITERATE] = {0.5, 0.125, 0.095703125}, /* 1, 0.5, 0.4375 */
        [LAB_GAP_POLY_ITERATE] = {0.5, 0.245, 0.5 * 25 / 81}, /* 1, 3.5/5, 5/9 */
        /* 1, (3 + 0.5)/4, (3 0.875 + 0.375)/4 = 0.75 */
        [LAB_GAP_EMA_ITERATE] = {0.5, 0.3828125, 0.28125},
        [LAB_DIST2] = {1, 0.25, 0.140625},
        [LAB_GRAD2] = {1, 0.25, 0.140625},
        [LAB_R] = {1, 1, 1},
        [LAB_G] = {1, 1, 1},
        [LAB_AVG_LINEAR_REGRET] = {1, 0.625, 1.390625 / 3},
        [LAB_AVG_GRAD] = {1, 0.75, 0.625},
        [LAB_AVG_GRAD_L1] = {1, 0.75, 0.625},
        [LAB_EVALUATIONS] = {1, 2, 3},
    };
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 3; seeds = 1; every = 1; bounds = (); raw = true; raw_x = true;"
        "average_beta = 0.75;"
        "problems = ( { type = 'quadratic'; d = 1; } ); " SGD STEP(1));
    set_eta(e, 0, (const double[]){0.5, 0.25, 0.2});
    ask_everything(e);
    struct lab_run *run = run_with(e, 1, 1);
    for (enum lab_metric m = 1; m < LAB_SLACK_CONVEXITY; m++)
        for (size_t k = 0; k < 3 && m != LAB_AVG_REGRET_HINDSIGHT; k++)
            assert_near(measured(run, 0, m, 0, k), table[m][k], 0.0, m, k + 1);
    for (size_t k = 0; k < 3; k++)
        assert_close(run->arm->measure->raw_x[k], ((double[]){1, 0.5, 0.375})[k], 0.0);
    close_run(run);
}

/* ---- thinned averages ------------------------------------------------------------ */

/* Thinned minus exact has mean 0 on every path; over 4000 seeds less than 6 standard
 * errors: a false alarm about once in 10^7 runs of this test. */
static void check_unbiased(enum lab_metric thin, enum lab_metric exact)
{
    struct lab_experiment *e = experiment(
        "steps = 40; seeds = 4000; checkpoints = 6; bounds = ();"
        "problems = ( { type = 'quadratic'; eigenvalues = ( 1, 0.1 ); start = ( 3, 3 );"
        "               noise = { sigma = 0.3; }; } );" SGD STEP(0.1));
    ask_everything(e);
    struct lab_run *run = run_with(e, 0, 0);
    for (size_t k = 0; k < run->rows; k++) {
        double sum = 0.0, square = 0.0, n = (double)e->seeds;
        for (size_t r = 0; r < e->seeds; r++) {
            double miss = measured(run, 0, thin, r, k) - measured(run, 0, exact, r, k);
            sum += miss, square += miss * miss;
        }
        assert_true(fabs(sum) <= 6.0 * sqrt(square) + 1e-12 * n);
        if (run->t[k] > 4) /* and it is not the exact one: a step is drawn */
            assert_true(sqrt(square / n) > 1e-3);
    }
    close_run(run);
}

static void test_thinned(void **state)
{
    (void)state;
    check_unbiased(LAB_AVG_GAP_THINNED, LAB_AVG_GAP);
    check_unbiased(LAB_AVG_GRAD2_THINNED, LAB_AVG_GRAD2);
}

/* ---- precision ------------------------------------------------------------------- */

/* Steps far too long at first: x grows to 1e13 before it comes to rest.  The mean of the
 * last iterates must not remember that. */
static void test_suffix_after_a_large_start(void **state)
{
    (void)state;
    for (size_t every = 1; every <= 40; every += 39) {
        struct lab_experiment *e = experiment(
            "steps = 400; seeds = 3; every = %zu; bounds = (); average_alpha = 0.25;"
            "problems = ( { type = 'quadratic'; eigenvalues = ( 1, 0.5 ); } );" SGD
            "schedules = ( { type = 'inv_t'; eta = 50.5; } );",
            every);
        const struct objective o = {QUADRATIC, 2, e->problem->facts.lam, 0.0, NULL};
        ask_everything(e);
        struct lab_run *run = run_with(e, 1, 2);
        static struct path p;
        follow(&p, &o, e, 1, 0.0);
        assert_true(p.x[25][0] * p.x[25][0] > 1e20);
        assert_true(metric(&p, LAB_GAP_SUFFIX_ITERATE, 400) < 1e-20);
        for (size_t k = 0; k < run->rows; k++)
            assert_close(measured(run, 0, LAB_GAP_SUFFIX_ITERATE, 1, k),
                         metric(&p, LAB_GAP_SUFFIX_ITERATE, run->t[k]), 1e-10);
        close_run(run);
    }
}

/* ---- divergence ------------------------------------------------------------------ */

/* x_{t+1} = (1 - 1e9) x_t + noise leaves the numbers after about 16 steps, by the same
 * rule here and there. */
static void test_divergence(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 30; seeds = 6; every = 1; bounds = (); raw = true; raw_x = true; "
        "problems = ( { type = 'quadratic'; d = 1; start = 'zero'; "
        "noise = { sigma = 1; }; } );" SGD STEP(1e9));
    const struct objective o = {QUADRATIC, 1, e->problem->facts.lam, 0.0, NULL};
    ask_everything(e);
    struct lab_run *run = run_with(e, 1, 4);
    const struct lab_measure *m = run->arm->measure;
    static struct path p;
    for (size_t r = 0; r < e->seeds; r++) {
        follow(&p, &o, e, r, 0.0);
        size_t gone = 1;
        while (fabs(p.x[gone + 1][0]) <= 1e150)
            gone++;
        assert_int_equal(m->diverged[r], gone);
        for (size_t k = 0; k < run->rows; k++) {
            const size_t t = k + 1;
            for (enum lab_metric q = 1; q < LAB_SLACK_CONVEXITY; q++)
                if (q == LAB_AVG_REGRET_HINDSIGHT)
                    continue; /* of linear losses only */
                else if (q ==
                         LAB_EVALUATIONS) /* the block goes on, and so does the count */
                    assert_close(measured(run, 0, q, r, k), (double)t, 0.0);
                else if (t > gone)
                    assert_true(measured(run, 0, q, r, k) == INFINITY);
                else if (q != LAB_GAP_SUFFIX_ITERATE)
                    assert_close(measured(run, 0, q, r, k), metric(&p, q, t), 1e-9);
            assert_close(m->raw_x[r * run->rows + k], p.x[t > gone ? gone + 1 : t][0],
                         1e-9);
        }
    }
    close_run(run);
}

/* Some replicas fall off the banana, some stay: those who stay do not notice. */
static void test_neighbours_of_the_diverged(void **state)
{
    struct lab_run *run[2];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_experiment *e = experiment(
            "steps = 200; seeds = 24; seed = 3; checkpoints = 20; bounds = ();"
            "problems = ( { type = 'rosenbrock'; d = 4; noise = { sigma = 100; }; } );"
            "optimizers = ( { type = 'momentum'; beta = 0.5; } );" STEP(0.0016));
        ask_everything(e);
        run[i] = run_with(e, 1, i ? 1 : 24);
    }
    const struct lab_measure *a = run[0]->arm->measure, *b = run[1]->arm->measure;
    size_t gone = 0;
    for (size_t r = 0; r < a->seeds; r++) {
        gone += a->diverged[r] != 0;
        assert_int_equal(a->diverged[r], b->diverged[r]);
        for (size_t k = 0; k < a->rows; k++)
            if (!a->diverged[r] || a->t[k] > a->diverged[r])
                assert_int_equal(measured(run[0], 0, LAB_GAP, r, k) == INFINITY,
                                 a->diverged[r] != 0);
    }
    assert_in_range(gone, 3, 21);
    for (enum lab_metric m = 1; m < LAB_SLACK_CONVEXITY; m++)
        if (m != LAB_AVG_REGRET_HINDSIGHT)
            assert_memory_equal(a->value[m], b->value[m],
                                a->seeds * a->rows * sizeof(double));
    close_run(run[0]), close_run(run[1]);
}

/* ---- what it costs --------------------------------------------------------------- */

static const char WINE[] =
    "problems = ( { type = 'logistic'; data = 'wine'; positive = 0;"
    " max_row_norm = 1; l2 = 0.01; } );"; /* n = 178 */

/* Steps are all alike: row t is `each` t, for every replica, and so is the total. */
static void check_cost(const char *batch, const char *problem, size_t each)
{
    struct lab_experiment *e =
        experiment("steps = 30; seeds = 5; every = 7; bounds = (); batch = %s;"
                   "metrics = ( 'evaluations' ); %s" SGD STEP(0.1),
                   batch, problem);
    struct lab_run *run = run_with(e, 1, 2);
    for (size_t r = 0; r < e->seeds; r++) {
        for (size_t k = 0; k < run->rows; k++)
            assert_close(measured(run, 0, LAB_EVALUATIONS, r, k),
                         (double)(each * run->t[k]), 0.0);
        assert_int_equal(run->arm->measure->evaluations[r], 30 * each);
    }
    close_run(run);
}

static void test_evaluations(void **state)
{
    static const char *const plain = "problems = ( { type = 'quadratic'; d = 2; } );",
                             *const noisy = "problems = ( { type = 'quadratic'; d = 2; "
                                            "noise = { sigma = 1; }; } );";
    (void)state;
    check_cost("1", WINE, 1);
    check_cost("16", WINE, 16);
    check_cost("'full'", WINE, 178);
    check_cost("1", plain, 1);
    check_cost("'full'", plain, 1);
    check_cost("8", noisy, 8);
}

/* SVRG with a snapshot every 4 steps: 178 at t = 1, 5, 9, each with one gradient, and two
 * in the other steps: 179 181 183 185, 364 366 ...  Row t holds all of step t. */
static void test_evaluations_of_epochs(void **state)
{
    (void)state;
    struct lab_experiment *e =
        experiment("steps = 9; seeds = 2; every = 1; bounds = ();"
                   "metrics = ( 'evaluations' ); %s"
                   "optimizers = ( { type = 'svrg'; inner = 4; } );" STEP(0.1),
                   WINE);
    struct lab_run *run = run_with(e, 1, 2);
    for (size_t t = 1; t <= 9; t++)
        assert_close(measured(run, 0, LAB_EVALUATIONS, 1, t - 1),
                     (double)(178 * ((t + 3) / 4) + 2 * t - (t + 3) / 4), 0.0);
    close_run(run);
}

/* Snapshots by the toss of a coin: counts of replicas differ by multiples of 178 and do not
 * depend on blocks, and the total is there also if nobody asks. */
static void test_evaluations_of_coins(void **state)
{
    struct lab_run *run[2];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_experiment *e =
            experiment("steps = 300; seeds = 12; checkpoints = 9; bounds = ();"
                       "metrics = ( '%s' ); %s"
                       "optimizers = ( { type = 'lsvrg'; } );" STEP(0.1),
                       i ? "gap" : "evaluations", WINE);
        run[i] = run_with(e, 1, i ? 1 : 12);
        assert_int_equal(run[i]->arm->measure->want[LAB_EVALUATIONS], !i);
    }
    const struct lab_measure *m = run[0]->arm->measure;
    const size_t last = m->rows - 1, least = 178 + 2 * 300 - 1;
    bool differ = false;
    for (size_t r = 0; r < m->seeds; r++) {
        const size_t total = m->evaluations[r];
        assert_int_equal(total, run[1]->arm->measure->evaluations[r]);
        assert_close(measured(run[0], 0, LAB_EVALUATIONS, r, last), (double)total, 0.0);
        assert_true(total >= least && (total - least) % 178 == 0);
        differ |= total != m->evaluations[0];
        for (size_t k = 1; k < m->rows; k++)
            assert_true(measured(run[0], 0, LAB_EVALUATIONS, r, k) >
                        measured(run[0], 0, LAB_EVALUATIONS, r, k - 1));
    }
    assert_true(differ);
    close_run(run[0]), close_run(run[1]);
}

/* From the iterates that raw_x keeps, by the recursion, of a method that is not SGD's. */
static void test_moving_average_of_raw_x(void **state)
{
    (void)state;
    struct lab_experiment *e =
        experiment("steps = 200; seeds = 6; every = 1; bounds = (); raw = true; "
                   "raw_x = true; metrics = ( 'gap_ema_iterate' );"
                   "problems = ( { type = 'quadratic'; eigenvalues = ( 1, 0.1 ); "
                   "noise = { sigma = 0.5; }; } );"
                   "optimizers = ( { type = 'adam'; } );" STEP(0.05));
    assert_close(e->average_beta, 0.99, 0.0);
    struct lab_run *run = run_with(e, 1, 4);
    for (size_t r = 0; r < 6; r++) {
        const double *x = run->arm->measure->raw_x + r * run->rows * 2;
        double a[2] = {x[0], x[1]};
        for (size_t k = 0; k < run->rows; k++) {
            for (size_t j = 0; j < 2; j++)
                a[j] += 0.01 * (x[2 * k + j] - a[j]);
            assert_close(measured(run, 0, LAB_GAP_EMA_ITERATE, r, k),
                         0.5 * a[0] * a[0] + 0.05 * a[1] * a[1], 1e-12);
        }
    }
    close_run(run);
}

/* ---- rows ------------------------------------------------------------------------ */

static void test_rows(void **state)
{
    static const struct {
        const char *rows;
        size_t steps, warmup, least, most;
    } cases[] = {{"", 10000, 0, 64, 64},
                 {"checkpoints = 12;", 40, 0, 12, 12},
                 {"checkpoints = 1;", 40, 0, 2, 2},
                 {"checkpoints = 64;", 10, 0, 10, 10},
                 {"every = 1;", 40, 0, 40, 40},
                 {"every = 7;", 40, 0, 7, 7},
                 {"every = 99;", 40, 0, 2, 2},
                 {"checkpoints = 5;", 1000, 333, 5, 7},
                 {"every = 1;", 1, 0, 1, 1},
                 {"every = 500;", 1000, 42, 5, 5}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_experiment *e =
            experiment("steps = %zu; %s problems = ( { type = 'quadratic'; } );" SGD
                       "schedules = ( { type = 'constant'; eta = 0.1; warmup = %zu; } );",
                       cases[i].steps, cases[i].rows, cases[i].warmup);
        size_t rows, kinks = 0, *t = lab_experiment_rows(e, &rows);
        assert_in_range(rows, cases[i].least, cases[i].most);
        assert_int_equal(t[0], 1);
        assert_int_equal(t[rows - 1], cases[i].steps);
        for (size_t k = 0; k < rows; k++) {
            assert_true(k == 0 || t[k] > t[k - 1]);
            kinks += t[k] == cases[i].warmup || t[k] == cases[i].warmup + 1;
        }
        assert_int_equal(kinks, cases[i].warmup ? 2 : 1);
        free(t), lab_experiment_free(e);
    }
}

/* ---- what is too dear ------------------------------------------------------------- */

/* f at every step of 569 x 31 data: refused by name, with what to use instead. */
static void test_refused(void **state)
{
    static const struct {
        const char *rows, *metric, *word; /* NULL: not refused */
    } cases[] = {
        {"", "avg_gap", "avg_gap_thinned"},
        {"every = 10;", "avg_grad2", "avg_grad2_thinned"},
        {"every = 1;", "avg_gap", NULL},
        {"", "avg_gap_thinned", NULL},
        {"", "gap_best", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab_mistakes mistakes = {0};
        char text[512];
        snprintf(text, sizeof text,
                 "steps = 50; %s metrics = ( '%s' ); problems = ( { type = 'logistic';"
                 "data = 'breast_cancer'; l2 = 0.1; } );" SGD STEP(0.1),
                 cases[i].rows, cases[i].metric);
        lab_experiment_free(try_experiment(text, &mistakes));
        assert_int_equal(mistakes.count, cases[i].word != NULL);
        if (cases[i].word)
            assert_non_null(strstr(mistakes.line[0], cases[i].word));
        lab_mistakes_free(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_every_step),
        cmocka_unit_test(test_checkpoints),
        cmocka_unit_test(test_suffixes),
        cmocka_unit_test(test_thinned),
        cmocka_unit_test(test_suffix_after_a_large_start),
        cmocka_unit_test(test_divergence),
        cmocka_unit_test(test_neighbours_of_the_diverged),
        cmocka_unit_test(test_evaluations),
        cmocka_unit_test(test_evaluations_of_epochs),
        cmocka_unit_test(test_evaluations_of_coins),
        cmocka_unit_test(test_moving_average_of_raw_x),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
