/*
 * lab/tally.c -- gathers the raw quantities of one block; see measure.h.
 *
 * Sums and maxima over steps are kept by observers; points where f is wanted are copied
 * to a queue, which is evaluated many points at a time.
 */
#include "lab/tally.h"

#include <stdlib.h>
#include <string.h>

#include "lab/measure.h"
#include "lab/random.h"
#include "lab/window.h"

enum { QUEUE = 128, FEW = 4, OBSERVERS = 16, STEPS_BETWEEN_PAUSES = 1 << 15 };
enum { QUEUE_NUMBERS = 1 << 18 /* in a queue of long x, which holds fewer of them */ };

/* Points waiting for f (and ‖grad f‖^2), and where the answers go (NULL: nowhere). */
struct queue {
    size_t count, capacity;
    double *x, *f, *g;
    double **f_to, **grad2_to;
};

struct tally {
    struct lab_measure *m;
    const struct lab_plan *plan;
    struct lab_block *block;
    size_t first, replicas, d;
    struct lab_observer observer[OBSERVERS];
    size_t observers;
    double *stepwise[MAX_G2 + 1]; /* one number per replica for SUM_LOSS .. MAX_G2 */
    double *sum[F_EMA + 1];       /* replicas x d for F_MEAN, F_ETA, F_POLY, F_EMA */
    double weight[F_EMA + 1];
    double *f, *g; /* f(x_t), grad f(x_t) at every step */
    double *x;     /* x_t of the row being finished */
    struct queue values, gradients;
    struct lab_window
        *window;        /* suffixes, one open per row on its way; NULL: not wanted */
    double *suffix;     /* replicas x d: the one of the row being finished */
    size_t next_suffix; /* row whose suffix starts next */
    gsl_rng **thinning;
    double *losses;                /* replicas x d: sum of g of linear losses */
    struct lab_watching *watching; /* theorems that watch; NULL: none */
    struct lab_slack *slack;       /* NULL: not wanted */
};

/* ---- observers: once a step ------------------------------------------- */

static void see_loss(void *self, const struct lab_moment *m)
{
    double *sum = ((struct tally *)self)->stepwise[SUM_LOSS];
    for (size_t r = 0; r < m->replicas; r++)
        sum[r] += m->loss[r];
}

static void see_regret(void *self, const struct lab_moment *m)
{
    double *sum = ((struct tally *)self)->stepwise[SUM_REGRET];
    for (size_t r = 0; r < m->replicas; r++)
        sum[r] += m->loss[r] - m->loss_star[r];
}

LAB_HOT static void max_norm2(size_t replicas, size_t d, const double *v, double *most)
{
    for (size_t r = 0; r < replicas; r++, v += d) {
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < d; j++)
            sum += v[j] * v[j];
        most[r] = sum > most[r] ? sum : most[r];
    }
}

LAB_HOT static double distance2(size_t d, const double *x, const double *y)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < d; j++)
        sum += (x[j] - y[j]) * (x[j] - y[j]);
    return sum;
}

static void see_gradient(void *self, const struct lab_moment *m)
{
    max_norm2(m->replicas, m->d, m->g, ((struct tally *)self)->stepwise[MAX_G2]);
}

static void see_distance(void *self, const struct lab_moment *m)
{
    struct tally *y = self;
    double *most = y->stepwise[MAX_DIST2];
    for (size_t r = 0; r < m->replicas; r++) {
        double far = distance2(m->d, m->x + r * m->d, y->plan->facts->minimiser);
        most[r] = far > most[r] ? far : most[r];
    }
}

LAB_HOT static void add_weighted(size_t n, double weight, const double *restrict x,
                                 double *restrict sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += weight * x[i];
}

static void see_iterate(void *self, const struct lab_moment *m)
{
    struct tally *y = self;
    const double weight[F_POLY + 1] = {
        [F_MEAN] = 1.0, [F_ETA] = m->eta, [F_POLY] = (double)(m->t + 1)};
    for (size_t q = F_MEAN; q <= F_POLY; q++)
        if (y->sum[q]) {
            add_weighted(m->replicas * m->d, weight[q], m->x, y->sum[q]);
            y->weight[q] += weight[q];
        }
}

/* beta a + (1 - beta) x with one product: compilers may fuse it with the sum in one way only,
 * so that the last bit does not depend on a replica's place. */
LAB_HOT static void decay_towards(size_t n, double beta, const double *restrict x,
                                  double *restrict average)
{
    for (size_t i = 0; i < n; i++)
        average[i] = x[i] + beta * (average[i] - x[i]);
}

/* a_1 = x_1, so that the weights of x_1..x_t sum to 1 from the start. */
static void see_moving(void *self, const struct lab_moment *m)
{
    struct tally *y = self;
    decay_towards(m->replicas * m->d, m->t == 1 ? 0.0 : y->m->e->average_beta, m->x,
                  y->sum[F_EMA]);
    y->weight[F_EMA] = 1.0;
}

static void see_suffix(void *self, const struct lab_moment *m)
{
    lab_window_add(((struct tally *)self)->window, m->x);
}

static void add_norms(struct tally *y, size_t r, const double *g)
{
    double sum2 = 0.0, sum1 = 0.0;
    for (size_t j = 0; j < y->d; j++) {
        sum2 += g[j] * g[j];
        sum1 += fabs(g[j]);
    }
    if (y->stepwise[SUM_GRAD2])
        y->stepwise[SUM_GRAD2][r] += sum2;
    if (y->stepwise[SUM_GRAD])
        y->stepwise[SUM_GRAD][r] += sqrt(sum2);
    if (y->stepwise[SUM_GRAD_L1])
        y->stepwise[SUM_GRAD_L1][r] += sum1;
}

static void see_linear(void *self, const struct lab_moment *m)
{
    double *sum = ((struct tally *)self)->stepwise[SUM_LINEAR];
    for (size_t r = 0; r < m->replicas; r++)
        for (size_t j = 0; j < m->d; j++)
            sum[r] += m->g[r * m->d + j] * (m->x[r * m->d + j] - m->x_star[j]);
}

/* Of linear losses: their sum so far, of which the domain's least value is taken at rows. */
static void see_hindsight(void *self, const struct lab_moment *m)
{
    struct tally *y = self;
    for (size_t r = 0; r < m->replicas; r++)
        y->stepwise[HINDSIGHT][r] += m->loss[r];
    for (size_t i = 0; i < m->replicas * m->d; i++)
        y->losses[i] += m->g[i];
}

static void see_objective(void *self, const struct lab_moment *m)
{
    struct tally *y = self;
    double *sum = y->stepwise[SUM_F], *least = y->stepwise[MIN_F];
    const double f_star =
        y->plan->facts->f_star.value; /* SUM_F is only wanted if known */
    y->plan->problem->objective(y->plan->problem_self, m->replicas, m->x, y->f, y->g);
    for (size_t r = 0; r < m->replicas; r++) {
        const double *g = y->g ? y->g + r * m->d : NULL;
        if (sum)
            sum[r] += y->f[r] - f_star;
        if (least)
            least[r] = fmin(least[r], y->f[r]);
        if (g)
            add_norms(y, r, g);
    }
}

/* ---- points where f is wanted ----------------------------------------- */

static struct queue new_queue(size_t d, bool gradients)
{
    const size_t fit = QUEUE_NUMBERS / d;
    const size_t capacity = fit > QUEUE ? QUEUE : fit > FEW ? fit : FEW;
    return (struct queue){
        .capacity = capacity,
        .x = lab_alloc(capacity * d, sizeof(double)),
        .f = lab_alloc(capacity, sizeof(double)),
        .g = gradients ? lab_alloc(capacity * d, sizeof(double)) : NULL,
        .f_to = lab_alloc(capacity, sizeof(double *)),
        .grad2_to = lab_alloc(capacity, sizeof(double *)),
    };
}

static void free_queue(struct queue *q)
{
    free(q->x), free(q->f), free(q->g), free(q->f_to), free(q->grad2_to);
}

static void flush(const struct tally *y, struct queue *q)
{
    if (!q->count)
        return;
    y->plan->problem->objective(y->plan->problem_self, q->count, q->x, q->f, q->g);
    for (size_t i = 0; i < q->count; i++) {
        double grad2 = 0.0;
        for (size_t j = 0; q->grad2_to[i] && j < y->d; j++)
            grad2 += q->g[i * y->d + j] * q->g[i * y->d + j];
        if (q->f_to[i])
            *q->f_to[i] = q->f[i];
        if (q->grad2_to[i])
            *q->grad2_to[i] = grad2;
    }
    q->count = 0;
}

/* Room for one more point, whose f and ‖grad f‖^2 go there. */
static double *enqueue(struct tally *y, double *f_to, double *grad2_to)
{
    struct queue *q = grad2_to ? &y->gradients : &y->values;
    if (q->count == q->capacity)
        flush(y, q);
    q->f_to[q->count] = f_to;
    q->grad2_to[q->count] = grad2_to;
    return q->x + q->count++ * y->d;
}

/* Where raw quantity q of replica r (of the block) at row k goes; NULL: not wanted. */
static double *place(const struct tally *y, enum lab_raw q, size_t r, size_t k)
{
    double *raw = y->m->raw[q];
    return raw ? raw + (y->first + r) * y->m->rows + k : NULL;
}

/* ---- one block --------------------------------------------------------- */

static void observe_with(struct tally *y, void (*see)(void *, const struct lab_moment *),
                         void *self)
{
    const bool losses = see == see_loss || see == see_regret || see == see_hindsight ||
                        see == lab_watching_see || see == lab_slack_see;
    y->observer[y->observers++] = (struct lab_observer){see, self, losses};
}

static void observe(struct tally *y, void (*see)(void *, const struct lab_moment *))
{
    observe_with(y, see, y);
}

static void start_observers(struct tally *y)
{
    double *const *raw = y->m->raw;
    for (size_t q = SUM_LOSS; q <= MAX_G2; q++)
        if (raw[q])
            y->stepwise[q] = lab_alloc(y->replicas, sizeof(double));
    for (size_t r = 0; raw[MIN_F] && r < y->replicas; r++)
        y->stepwise[MIN_F][r] = INFINITY;
    for (size_t q = F_MEAN; q <= F_EMA; q++)
        if (raw[q])
            y->sum[q] = lab_alloc(y->replicas * y->d, sizeof(double));
    if (raw[SUM_LOSS])
        observe(y, see_loss);
    if (raw[SUM_REGRET])
        observe(y, see_regret);
    if (raw[MAX_G2])
        observe(y, see_gradient);
    if (raw[MAX_DIST2])
        observe(y, see_distance);
    if (y->sum[F_MEAN] || y->sum[F_ETA] || y->sum[F_POLY])
        observe(y, see_iterate);
    if (y->sum[F_EMA])
        observe(y, see_moving);
    if (raw[F_SUFFIX]) {
        observe(y, see_suffix);
        y->window = lab_window_new(y->replicas * y->d);
        y->suffix = lab_alloc(y->replicas * y->d, sizeof *y->suffix);
    }
    if (raw[SUM_LINEAR])
        observe(y, see_linear);
    if (raw[HINDSIGHT]) {
        observe(y, see_hindsight);
        y->losses = lab_alloc(y->replicas * y->d, sizeof *y->losses);
    }
    const bool gradients = raw[SUM_GRAD2] || raw[SUM_GRAD] || raw[SUM_GRAD_L1];
    if (raw[SUM_F] || raw[MIN_F] || gradients) {
        observe(y, see_objective);
        y->f = lab_alloc(y->replicas, sizeof *y->f);
        if (gradients)
            y->g = lab_alloc(y->replicas * y->d, sizeof *y->g);
    }
}

static void start_slack(struct tally *y)
{
    bool any = false, last = false;
    for (size_t q = 0; q < LAB_PARTS; q++) {
        any |= y->m->raw[SLACK + q] != NULL;
        last |= q >= LAB_PART_AVERAGE_DISTANCE && y->m->raw[SLACK + q];
    }
    if (!any)
        return;
    y->slack = lab_slack_new(y->plan, y->replicas, last);
    observe_with(y, lab_slack_see, y->slack);
}

static struct tally *new_tally(struct lab_measure *m, const struct lab_plan *plan,
                               size_t first, size_t count)
{
    struct tally *y = lab_alloc(1, sizeof *y);
    const bool thin = m->raw[F_THIN] || m->raw[GRAD2_THIN];
    y->m = m, y->plan = plan, y->first = first, y->replicas = count;
    y->d = plan->facts->d;
    y->x = lab_alloc(count * y->d, sizeof *y->x);
    y->values = new_queue(y->d, false);
    y->gradients = new_queue(y->d, true);
    y->thinning = thin ? lab_alloc(count, sizeof *y->thinning) : NULL;
    for (size_t r = 0; thin && r < count; r++)
        y->thinning[r] = lab_rng_new(plan->seed, first + r, LAB_FOR_THINNING);
    start_observers(y);
    start_slack(y);
    if (m->watchers) {
        y->watching =
            lab_watching_new(m->watcher, m->watchers, plan, first, count, m->rows);
        observe_with(y, lab_watching_see, y->watching);
    }
    y->block = lab_block_new(plan, first, count, y->observer, y->observers);
    return y;
}

static void free_tally(struct tally *y)
{
    lab_watching_free(y->watching);
    lab_slack_free(y->slack);
    free(y->losses);
    for (size_t q = SUM_LOSS; q <= MAX_G2; q++)
        free(y->stepwise[q]);
    for (size_t q = F_MEAN; q <= F_EMA; q++)
        free(y->sum[q]);
    for (size_t r = 0; y->thinning && r < y->replicas; r++)
        gsl_rng_free(y->thinning[r]);
    lab_window_free(y->window);
    free_queue(&y->values), free_queue(&y->gradients);
    lab_block_free(y->block);
    free(y->thinning), free(y->f), free(y->g), free(y->x);
    free(y->suffix), free(y);
}

/* The first step of row k's suffix: the last ceil(alpha t) of 1..t. */
static size_t suffix_start(const struct tally *y, size_t k)
{
    const double t = (double)y->m->t[k];
    size_t length = (size_t)ceil(y->m->e->average_alpha * t - 1e-12 * t);
    return y->m->t[k] - (length ? length : 1) + 1;
}

/* A point on the way to row k where the block has to stop and be looked at. */
struct stop {
    size_t t, replica; /* replica SIZE_MAX: a suffix starts */
};

static int earlier(const void *a, const void *b)
{
    const struct stop *p = a, *q = b;
    if (p->t != q->t)
        return p->t < q->t ? -1 : 1;
    return (p->replica > q->replica) - (p->replica < q->replica);
}

/* The stops in (t[k-1], t[k]], ascending; a row's thinned step is drawn here. */
static struct stop *plan_stops(struct tally *y, size_t k, size_t *count)
{
    const size_t before = k ? y->m->t[k - 1] : 0, t = y->m->t[k];
    size_t suffixes = 0;
    while (y->m->raw[F_SUFFIX] && y->next_suffix + suffixes < y->m->rows &&
           suffix_start(y, y->next_suffix + suffixes) <= t)
        suffixes++;
    struct stop *stop = lab_alloc(suffixes + y->replicas, sizeof *stop);
    *count = 0;
    for (size_t i = 0; i < suffixes; i++)
        stop[(*count)++] = (struct stop){suffix_start(y, y->next_suffix + i), SIZE_MAX};
    for (size_t r = 0; y->thinning && r < y->replicas; r++) {
        uint32_t pick; /* of t - before <= 2^32 steps */
        lab_draw_indices(y->thinning[r], t - before, 1, &pick);
        stop[(*count)++] = (struct stop){before + 1 + pick, r};
    }
    qsort(stop, *count, sizeof *stop, earlier);
    return stop;
}

static void look(struct tally *y, size_t k, const struct stop *stop)
{
    const size_t r = stop->replica;
    if (r == SIZE_MAX)
        lab_window_open(y->window), y->next_suffix++;
    else if (!lab_block_diverged(y->block, r))
        memcpy(enqueue(y, place(y, F_THIN, r, k), place(y, GRAD2_THIN, r, k)),
               lab_block_x(y->block) + r * y->d, y->d * sizeof *y->x);
}

/* f at the averages of x_1..x_t and at the mean of the suffix, row k. */
static void average_iterates(struct tally *y, size_t k, size_t r)
{
    for (size_t q = F_MEAN; q <= F_EMA; q++) {
        double *to = place(y, (enum lab_raw)q, r, k),
               *x = to ? enqueue(y, to, NULL) : NULL;
        for (size_t j = 0; x && j < y->d; j++)
            x[j] = y->sum[q][r * y->d + j] / y->weight[q];
    }
    double *to = place(y, F_SUFFIX, r, k), *x = to ? enqueue(y, to, NULL) : NULL;
    const double length = (double)(y->m->t[k] - suffix_start(y, k) + 1);
    for (size_t j = 0; x && j < y->d; j++)
        x[j] = y->suffix[r * y->d + j] / length;
}

/* The least sum of linear losses over the domain. */
static double least_sum(const struct tally *y, const double *sum)
{
    double *u = lab_alloc(y->d, sizeof *u), least = 0.0;
    lab_domain_minimise_linear(y->plan->domain, sum, u);
    for (size_t j = 0; j < y->d; j++)
        least += sum[j] * u[j];
    free(u);
    return least;
}

static void evaluate_later(void *tally, const double *x, double *f)
{
    struct tally *y = tally;
    memcpy(enqueue(y, f, NULL), x, y->d * sizeof *x);
}

static void record_replica(struct tally *y, size_t k, size_t r)
{
    const double *x = y->x + r * y->d;
    const size_t gone = lab_block_diverged(y->block, r);
    if (gone && gone < y->m->t[k]) {
        for (size_t q = 0; q < LAB_RAWS; q++)
            if (y->m->raw[q])
                *place(y, (enum lab_raw)q, r, k) = INFINITY;
        if (y->watching)
            lab_watching_record(y->watching, k, y->m->t[k], r, true, evaluate_later, y);
        return;
    }
    for (size_t q = SUM_LOSS; q <= MAX_G2; q++)
        if (y->stepwise[q])
            *place(y, (enum lab_raw)q, r, k) = y->stepwise[q][r];
    if (y->losses)
        *place(y, HINDSIGHT, r, k) -= least_sum(y, y->losses + r * y->d);
    if (y->watching)
        lab_watching_record(y->watching, k, y->m->t[k], r, false, evaluate_later, y);
    if (y->m->raw[DIST2_LAST])
        *place(y, DIST2_LAST, r, k) = distance2(y->d, x, y->plan->facts->minimiser);
    double part[LAB_PARTS];
    if (y->slack)
        lab_slack_parts(y->slack, r, y->m->t[k], lab_block_x(y->block) + r * y->d, part);
    for (size_t q = 0; y->slack && q < LAB_PARTS; q++)
        if (y->m->raw[SLACK + q])
            *place(y, (enum lab_raw)(SLACK + q), r, k) = part[q];
    double *f = place(y, F_LAST, r, k), *grad2 = place(y, GRAD2_LAST, r, k);
    if (f || grad2)
        memcpy(enqueue(y, f, grad2), x, y->d * sizeof *x);
    average_iterates(y, k, r);
}

/* The block has done step t[k]; y->x holds x_{t[k]}. */
static void record_row(struct tally *y, size_t k)
{
    if (y->window)
        lab_window_take(y->window, y->suffix);
    for (size_t r = 0; r < y->replicas; r++) {
        record_replica(y, k, r);
        if (y->m->raw[EVALUATED])
            *place(y, EVALUATED, r, k) = (double)lab_block_evaluations(y->block, r);
        if (y->m->raw_x)
            memcpy(y->m->raw_x + ((y->first + r) * y->m->rows + k) * y->d,
                   y->x + r * y->d, y->d * sizeof *y->x);
    }
}

/* Steps until the block stands at x_t, pausing now and then; true: asked to end. */
static bool walk(struct tally *y, size_t *at, size_t t, bool (*pause)(void *, size_t),
                 void *context)
{
    while (*at < t) {
        size_t next = t - *at > STEPS_BETWEEN_PAUSES ? *at + STEPS_BETWEEN_PAUSES : t;
        lab_block_advance(y->block, next);
        if (pause && pause(context, (next - *at) * y->replicas))
            return true;
        *at = next;
    }
    return false;
}

static bool run_row(struct tally *y, size_t k, size_t *at, bool (*pause)(void *, size_t),
                    void *context)
{
    size_t count;
    bool ended = false;
    struct stop *stop = plan_stops(y, k, &count);
    for (size_t i = 0; i < count && !ended; i++)
        if (!(ended = walk(y, at, stop[i].t, pause, context)))
            look(y, k, &stop[i]);
    free(stop);
    if (ended || walk(y, at, y->m->t[k], pause, context))
        return true;
    memcpy(y->x, lab_block_x(y->block), y->replicas * y->d * sizeof *y->x);
    ended = walk(y, at, y->m->t[k] + 1, pause, context);
    record_row(y, k);
    return ended;
}

int lab_measure_block(struct lab_measure *m, const struct lab_plan *plan, size_t first,
                      size_t count, bool (*pause)(void *, size_t), void *context)
{
    struct tally *y = new_tally(m, plan, first, count);
    bool ended = false;
    for (size_t k = 0, at = 1; k < m->rows && !ended; k++)
        ended = run_row(y, k, &at, pause, context);
    if (!ended) {
        flush(y, &y->values);
        flush(y, &y->gradients);
        for (size_t r = 0; r < count; r++) {
            m->diverged[first + r] = lab_block_diverged(y->block, r);
            m->evaluations[first + r] = lab_block_evaluations(y->block, r);
        }
    }
    free_tally(y);
    return ended ? -1 : 0;
}
