/* lab/runner.c -- see runner.h */
#include "lab/runner.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/pairing.h"
#include "lab/parallel.h"

extern void openblas_set_num_threads(int threads); /* OpenBLAS; its header is not used */

volatile sig_atomic_t lab_interrupted, lab_preparing;

/* ---- preparation ------------------------------------------------------- */

static void check_memory(const struct lab_run *run, double bytes,
                         struct lab_mistakes *mistakes)
{
    const double machine =
        (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
    if (bytes > 0.8 * machine)
        lab_mistake(
            mistakes, NULL,
            "results of %zu arms x %zu seeds x %zu rows would take %.1f GB of %.1f GB "
            "of memory: fewer seeds, rows (checkpoints, every) or metrics",
            run->arms, run->e->seeds, run->rows, bytes / 1e9, machine / 1e9);
}

/* Rows t = 1 + k period near those there are: a theorem speaks of no others. */
static void add_period_rows(struct lab_run *run, size_t period)
{
    const size_t T = run->e->T, before = run->rows;
    if (!period)
        return;
    size_t *t = lab_alloc(2 * before, sizeof *t), count = 0;
    for (size_t i = 0; i < before; i++) {
        const size_t k = (run->t[i] - 1 + period / 2) / period, at = 1 + k * period;
        t[count++] = run->t[i];
        if (k && at <= T)
            t[count++] = at;
    }
    free(run->t);
    run->t = t;
    run->rows = lab_distinct(t, count);
}

static double watch_bytes(const struct lab_run *run, const struct lab_arm_run *a)
{
    double numbers = 0.0;
    for (size_t k = 0; k < a->claims; k++)
        numbers += a->claim[k].inputs ? 2.0 : 0.0;
    return numbers * sizeof(double) * (double)run->rows * (double)run->e->seeds;
}

/* Arms are there to be compared: what one measures all do that can. */
static void share_metrics(const struct lab_run *run, bool (*want)[LAB_METRICS])
{
    for (enum lab_metric m = 1; m < LAB_SLACK_CONVEXITY; m++) {
        bool any = false;
        for (size_t i = 0; i < run->arms; i++)
            any |= want[i][m];
        for (size_t i = 0; any && i < run->arms; i++)
            want[i][m] |= !lab_metric_refused(run->e, run->arm[i].arm.problem, m);
    }
}

struct lab_run *lab_run_new(struct lab_experiment *e, struct lab_mistakes *mistakes)
{
    struct lab_run *run = lab_alloc(1, sizeof *run);
    double bytes = 0.0;
    run->e = e;
    run->t = lab_experiment_rows(e, &run->rows);
    run->arms = lab_experiment_arms(e);
    run->arm = lab_alloc(run->arms, sizeof *run->arm);
    bool(*want)[LAB_METRICS] = lab_alloc(run->arms, sizeof *want);
    for (size_t i = 0; i < run->arms; i++) {
        struct lab_arm_run *a = &run->arm[i];
        a->arm = lab_experiment_arm(e, i);
        a->claim = lab_claims(e, &a->arm, &a->claims);
        lab_claims_want(e, &a->arm, a->claim, a->claims, want[i]);
        for (size_t k = 0; k < a->claims; k++)
            add_period_rows(run, a->claim[k].period);
    }
    if (!e->metrics_given)
        share_metrics(run, want);
    for (size_t i = 0; i < run->arms; i++)
        bytes += lab_measure_bytes(e, run->arm[i].arm.problem, run->rows, want[i]) +
                 watch_bytes(run, &run->arm[i]);
    const size_t before = mistakes->count;
    check_memory(run, bytes, mistakes);
    for (size_t i = 0; i < run->arms && mistakes->count == before; i++) {
        struct lab_arm_run *a = &run->arm[i];
        a->measure = lab_measure_new(e, a->arm.problem, run->t, run->rows, want[i]);
        a->measure->watcher = lab_claims_watchers(a->claim, a->claims, e->seeds,
                                                  run->rows, &a->measure->watchers);
    }
    free(want);
    return run;
}

void lab_run_close(struct lab_run *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->arms; i++) {
        lab_claims_free(run->arm[i].claim, run->arm[i].claims);
        lab_measure_free(run->arm[i].measure);
    }
    free(run->arm), free(run->t), free(run);
}

/* ---- work -------------------------------------------------------------- */

struct pool {
    struct lab_run *run;
    size_t block, blocks;      /* replicas in a block; blocks of an arm */
    atomic_size_t next;        /* task = arm * blocks + block */
    atomic_size_t *unfinished; /* blocks of each arm */
    atomic_size_t working;     /* threads still at it */
    atomic_ullong steps;       /* done, all replicas */
};

static bool pause_run(void *context, size_t steps)
{
    struct pool *pool = context;
    atomic_fetch_add_explicit(&pool->steps, steps, memory_order_relaxed);
    return lab_interrupted != 0;
}

static struct lab_plan plan_of(const struct lab_experiment *e, const struct lab_arm *arm)
{
    return (struct lab_plan){
        .problem = arm->problem->problem,
        .problem_self = arm->problem->self,
        .facts = &arm->problem->facts,
        .domain = &arm->problem->domain,
        .loss_star = arm->problem->loss_star,
        .loss_low = lab_loss_low(e, arm->problem, arm->optimizer),
        .noise = &arm->problem->noise,
        .optimizer = arm->optimizer->optimizer,
        .optimizer_self = arm->optimizer->self,
        .eta = arm->eta->eta,
        .T = e->T,
        .batch = e->batch,
        .sampling = lab_sampling_named(e->sampling),
        .odds = arm->problem->odds,
        .seed = e->seed,
    };
}

struct lab_rate lab_run_rate(const struct lab_run *run, const struct lab_arm_run *a,
                             enum lab_metric metric, size_t from, size_t to)
{
    const struct lab_measure *m = a->measure;
    return lab_rate(m->seeds, m->rows, m->t, m->value[metric], from, to, run->e->seed);
}

static void finish_arm(struct lab_run *run, struct lab_arm_run *a)
{
    lab_measure_finish(a->measure);
    for (size_t i = 0; i < a->claims; i++)
        lab_claim_judge(&a->claim[i], run->e, &a->arm, a->measure);
    for (enum lab_metric m = 1; m < LAB_METRICS; m++)
        if (a->measure->want[m])
            a->rate[m] = lab_run_rate(run, a, m, 0, 0);
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    struct lab_run *run = pool->run;
    size_t task;
    while ((task = atomic_fetch_add(&pool->next, 1)) < run->arms * pool->blocks) {
        struct lab_arm_run *a = &run->arm[task / pool->blocks];
        const struct lab_plan plan = plan_of(run->e, &a->arm);
        const size_t first = task % pool->blocks * pool->block;
        const size_t left = run->e->seeds - first;
        const size_t count = left < pool->block ? left : pool->block;
        if (lab_measure_block(a->measure, &plan, first, count, pause_run, pool))
            break;
        if (atomic_fetch_sub(&pool->unfinished[task / pool->blocks], 1) == 1)
            finish_arm(run, a);
    }
    atomic_fetch_sub(&pool->working, 1);
    return NULL;
}

/* ---- progress ---------------------------------------------------------- */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void show_progress(const struct pool *pool, double total, double since)
{
    enum { WIDTH = 30 };
    const double share =
        (double)atomic_load(&((struct pool *)(uintptr_t)pool)->steps) / total;
    const double left = share > 0.0 ? since * (1.0 - share) / share : 0.0;
    char bar[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++)
        bar[i] = (double)i < share * WIDTH ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %3.0f %%  %.1f s, %.0f s left \033[K", bar, 100.0 * share,
            since, left);
    fflush(stderr);
}

static void watch(struct pool *pool, double total, double begin)
{
    const struct timespec tick = {0, 50 * 1000 * 1000};
    bool shown = false;
    for (int i = 1; atomic_load(&pool->working); i++) {
        nanosleep(&tick, NULL);
        if (i % 5 == 0 && now() - begin > 1.0) {
            show_progress(pool, total, now() - begin);
            shown = true;
        }
    }
    if (shown)
        fprintf(stderr, "\r\033[K");
}

/* ---- the run ----------------------------------------------------------- */

/* The tables of all blocks at work must fit. */
static size_t fit_tables(const struct lab_run *run, size_t *threads, size_t block)
{
    double bytes = 0.0;
    for (size_t i = 0; i < run->arms; i++)
        bytes = fmax(bytes,
                     lab_table_bytes(run->arm[i].arm.problem, run->arm[i].arm.optimizer));
    const double fit = bytes > 0.0 ? lab_table_limit() / bytes : INFINITY;
    if (fit < (double)*threads)
        *threads = fit > 1.0 ? (size_t)fit : 1;
    const double each = fit / (double)*threads;
    return each < (double)block ? each > 1.0 ? (size_t)each : 1 : block;
}

/* A block's iterates should fit the first-level cache, and every thread get some work. */
static size_t choose_block(const struct lab_run *run, size_t threads)
{
    size_t d = 1, fair;
    for (size_t i = 0; i < run->e->problems; i++)
        if (run->e->problem[i].facts.d > d)
            d = run->e->problem[i].facts.d;
    size_t block = 2048 / d;
    block = block < 8 ? 8 : block > 64 ? 64 : block;
    fair = (run->arms * run->e->seeds + threads - 1) / threads;
    return block < fair ? block : fair;
}

int lab_run_execute(struct lab_run *run, const struct lab_run_options *options)
{
    const double begin = now();
    size_t threads = options->threads ? options->threads : lab_cores();
    struct pool pool = {.run = run};
    pool.block = options->block ? options->block : choose_block(run, threads);
    pool.block = fit_tables(run, &threads, pool.block);
    pool.blocks = (run->e->seeds + pool.block - 1) / pool.block;
    if (threads > run->arms * pool.blocks)
        threads = run->arms * pool.blocks;
    pool.unfinished = lab_alloc(run->arms, sizeof *pool.unfinished);
    for (size_t i = 0; i < run->arms; i++)
        atomic_init(&pool.unfinished[i], pool.blocks);
    openblas_set_num_threads(1);
    run->started = time(NULL);
    run->threads = threads;

    pthread_t *thread = lab_alloc(threads, sizeof *thread);
    atomic_init(&pool.working, threads);
    size_t running = 0;
    while (running < threads && pthread_create(&thread[running], NULL, work, &pool) == 0)
        running++;
    atomic_fetch_sub(&pool.working, threads - running);
    if (running == 0) {
        atomic_fetch_add(&pool.working, 1);
        work(&pool); /* no threads to be had: this one will do */
    }
    if (options->progress)
        watch(&pool, (double)run->arms * (double)run->e->seeds * (double)run->e->T,
              begin);
    for (size_t i = 0; i < running; i++)
        pthread_join(thread[i], NULL);
    free(thread), free(pool.unfinished);
    run->wall_seconds = now() - begin;
    return lab_interrupted ? -1 : 0;
}

double lab_claim_slope(const struct lab_claim *c, const struct lab_rate *rate)
{
    return c->bound_value && rate->from
               ? lab_log_slope(c->rows, c->t, c->bound_value, rate->from, rate->to)
               : NAN;
}

size_t lab_run_diverged(const struct lab_arm_run *a, size_t *first)
{
    size_t count = 0;
    *first = 0;
    for (size_t r = 0; r < a->measure->seeds; r++) {
        size_t t = a->measure->diverged[r];
        count += t != 0;
        if (t && (!*first || t < *first))
            *first = t;
    }
    return count;
}
