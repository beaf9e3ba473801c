/*
 * tests/test_variance.c -- methods that reduce the variance of stochastic gradients.
 *
 * Row t of raw_x is x_t, so the start is row 1 and the first update shows in row 2.
 */
#include "lab/block.h"
#include "lab/pairing.h"
#include "tests/helpers.h"

static const double *x_of(const struct lab_run *run, size_t r, size_t t)
{
    const struct lab_measure *m = run->arm->measure;
    for (size_t k = 0; k < run->rows; k++)
        if (run->t[k] == t)
            return m->raw_x + (r * run->rows + k) * m->problem->facts.d;
    fail_msg("no row at t = %zu", t);
    return NULL;
}

/* ---- by hand ---------------------------------------------------------------------- */

/* Two points (a, b) = (1, 0), (2, 2) of (a x - b)^2/2: gradients x and 4x - 4, that of f
 * (5x - 4)/2.  Cyclic sampling: the first point in odd steps.  x_1 = 2, where the gradients
 * are 2 and 4, that of f 3; eta = 1/2, 1/4, 1/8, 1/16.
 *
 * svrg     x_2 = 2 - 3/2 = 1/2;  -2 - 4 + 3 = -3, x_3 = 1/2 + 3/4 = 5/4
 * m = 2    w = 5/4: 9/8, x_4 = 5/4 - 9/64 = 71/64
 *          7/16 - 1 + 9/8 = 9/16, x_5 = 71/64 - 9/256 = 275/256
 * m = 3    5/4 - 2 + 3 = 9/4, x_4 = 5/4 - 9/32 = 31/32;  w = 31/32: 27/64, x_5 = 31/32 -
 *          27/1024 = 965/1024
 * m = 2n   = 4: -1/8 - 4 + 3 = -9/8, x_5 = 31/32 + 9/128 = 133/128
 * in [1,3] x_2 = 1;  0 - 4 + 3 = -1, x_3 = 5/4;  5/4 - 2 + 3 = 9/4, x_4 = 1 (31/32)
 * m = 4    0 - 4 + 3 = -1, x_5 = 17/16
 * lsvrg    w_2 = 2, so x_3 as svrg;  w_3 = 1/2: 5/4 - 1/2 - 3/4 = 0, x_4 = 5/4
 * p = 1    w_4 = 5/4: 1 - 1 + 9/8, x_5 = 5/4 - 9/128 = 151/128
 * in [1,3] x_2 = 1, x_3 = 5/4;  w_3 = 1: 5/4 - 1 + 1/2 = 3/4, x_4 = 5/4 - 3/32 = 37/32
 *          w_4 = 5/4: 5/8 - 1 + 9/8 = 3/4, x_5 = 37/32 - 3/64 = 71/64
 * p = tiny w = 2 for ever: svrg with m = 4
 * sag      u = (2, 0): 1, x_2 = 3/2;  u = (2, 2): 2, x_3 = 1;  u = (1, 2): 3/2, x_4 = 13/16
 *          u = (1, -3/4): 1/8, x_5 = 13/16 - 1/128 = 103/128
 * in       x_3 = 5/4 (1);  u = (5/4, 2): 13/8, x_4 = 5/4 (67/64)
 * [5/4,3]  u = (5/4, 1): 9/8, x_5 = 5/4 (151/128)
 * saga     u = (2, 4): 3, x_2 = 1/2;  -2 - 4 + 3 = -3, x_3 = 5/4
 *          u = (2, -2): 5/4 - 2 + 0 = -3/4, x_4 = 5/4 + 3/32 = 43/32
 *          u = (5/4, -2): 11/8 + 2 - 3/8 = 3, x_5 = 43/32 - 3/16 = 37/32
 * in [1,3] x_2 = 1;  0 - 4 + 3 = -1, x_3 = 5/4;  u = (2, 0): 5/4 - 2 + 1 = 1/4, x_4 = 39/32
 *          u = (5/4, 0): 7/8 - 0 + 5/8 = 3/2, x_5 = 39/32 - 3/32 = 9/8
 * sarah    v = 3, x_2 = 1/2;  v = 3 - 2 - 4 = -3, x_3 = 5/4
 * m = 2    v = 9/8, x_4 = 71/64;  v = 9/8 + 7/16 - 1 = 9/16, x_5 = 275/256
 * m = 3    v = -3 + 5/4 - 1/2 = -9/4, x_4 = 49/32;  v = 117/64, x_5 = 49/32 - 117/1024 =
 *          1451/1024
 * m = 2n   = 4: v = -9/4 + 17/8 - 1 = -9/8, x_5 = 49/32 + 9/128 = 205/128
 * in [1,3] x_2 = 1;  v = 3 + 0 - 4 = -1, x_3 = 5/4;  v = -1 + 5/4 - 1 = -3/4, x_4 = 43/32
 * m = 4    v = -3/4 + 11/8 - 1 = -3/8, x_5 = 43/32 + 3/128 = 175/128
 *
 * Gradients in four steps: n + 1 in the first step of an epoch, two in others; with p = 1 also
 * n in every step; saga n before the first.
 */
static const struct {
    const char *optimizer;
    double lower;
    double x[5];
    size_t evaluations;
} traces[] = {
    {"type = 'svrg'; inner = 2;",
     -9,
     {2, 0.5, 1.25, 71.0 / 64, 275.0 / 256},
     3 + 2 + 3 + 2},
    {"type = 'svrg'; inner = 3;", -9, {2, 0.5, 1.25, 31.0 / 32, 965.0 / 1024}, 3 + 4 + 3},
    {"type = 'svrg';", -9, {2, 0.5, 1.25, 31.0 / 32, 133.0 / 128}, 3 + 6},
    {"type = 'svrg';", 1, {2, 1, 1.25, 1, 17.0 / 16}, 3 + 6},
    {"type = 'lsvrg'; p = 1;", -9, {2, 0.5, 1.25, 1.25, 151.0 / 128}, 3 + 6 + 4 * 2},
    {"type = 'lsvrg'; p = 1;", 1, {2, 1, 1.25, 37.0 / 32, 71.0 / 64}, 3 + 6 + 4 * 2},
    {"type = 'lsvrg'; p = 1e-300;", -9, {2, 0.5, 1.25, 31.0 / 32, 133.0 / 128}, 3 + 6},
    {"type = 'sag';", -9, {2, 1.5, 1, 13.0 / 16, 103.0 / 128}, 4},
    {"type = 'sag';", 1.25, {2, 1.5, 1.25, 1.25, 1.25}, 4},
    {"type = 'saga';", -9, {2, 0.5, 1.25, 43.0 / 32, 37.0 / 32}, 2 + 4},
    {"type = 'saga';", 1, {2, 1, 1.25, 39.0 / 32, 9.0 / 8}, 2 + 4},
    {"type = 'sarah'; inner = 2; snapshot = 'last';",
     -9,
     {2, 0.5, 1.25, 71.0 / 64, 275.0 / 256},
     3 + 2 + 3 + 2},
    {"type = 'sarah'; inner = 3; snapshot = 'last';",
     -9,
     {2, 0.5, 1.25, 49.0 / 32, 1451.0 / 1024},
     3 + 4 + 3},
    {"type = 'sarah'; snapshot = 'last';",
     -9,
     {2, 0.5, 1.25, 49.0 / 32, 205.0 / 128},
     3 + 6},
    {"type = 'sarah'; snapshot = 'last';",
     1,
     {2, 1, 1.25, 43.0 / 32, 175.0 / 128},
     3 + 6},
};

static char *two_points(void)
{
    char *path = lab_text("/tmp/lab-test-XXXXXX.csv");
    const int fd = mkstemps(path, 4);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    fputs("a,b\n1,0\n2,2\n", file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static struct lab_run *run_on_two(const char *optimizer, double lower,
                                  const char *sampling, size_t seeds, const char *noise)
{
    const double eta[5] = {0.5, 0.25, 0.125, 0.0625, 0.03125};
    char *path = two_points();
    struct lab_experiment *e = experiment(
        "steps = 5; seeds = %zu; every = 1; bounds = (); metrics = ( 'gap' ); raw = "
        "true; "
        "raw_x = true; sampling = '%s'; problems = ( { type = 'least_squares'; data = "
        "'%s'; normalize = 'none'; bias = false; start = ( 2 ); domain = { type = 'box'; "
        "lower = %g; upper = 3; }; %s } ); optimizers = ( { %s } );" STEP(1),
        seeds, sampling, path, lower, noise, optimizer);
    unlink(path), free(path);
    set_eta(e, 0, eta);
    return run_with(e, 1, 0);
}

static void test_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        struct lab_run *run =
            run_on_two(traces[i].optimizer, traces[i].lower, "cyclic", 2, "");
        for (size_t t = 1; t <= 5; t++)
            for (size_t r = 0; r < 2; r++)
                if (fabs(*x_of(run, r, t) - traces[i].x[t - 1]) > 1e-14)
                    fail_msg("%s: x_%zu is %.17g, not %.17g", traces[i].optimizer, t,
                             *x_of(run, r, t), traces[i].x[t - 1]);
        close_run(run);
    }
}

/* ---- what is random in the method itself ------------------------------------------ */

/* Counts the seeds whose x_t is y. */
static size_t seeds_at(const struct lab_run *run, size_t t, double y)
{
    size_t count = 0;
    for (size_t r = 0; r < run->e->seeds; r++)
        count += fabs(*x_of(run, r, t) - y) < 1e-14;
    return count;
}

/* That x_t is one of those numbers, each in its share of 2000 seeds, within 4.5 standard
 * deviations. */
static void check_shares(const char *optimizer, size_t t, size_t count, const double *y,
                         const double *share)
{
    enum { SEEDS = 2000 };
    struct lab_run *run = run_on_two(optimizer, -9, "cyclic", SEEDS, "");
    size_t sum = 0;
    for (size_t k = 0; k < count; k++) {
        const size_t found = seeds_at(run, t, y[k]);
        const double sd = sqrt(SEEDS * share[k] * (1.0 - share[k]));
        if (fabs((double)found - SEEDS * share[k]) > 4.5 * sd)
            fail_msg("%s: x_%zu is %g for %zu seeds", optimizer, t, y[k], found);
        sum += found;
    }
    assert_int_equal(sum, SEEDS);
    close_run(run);
}

/* Iterates as above.  svrg draws from the m iterates at the steps of an epoch; an epoch that
 * starts at 2 or 1/2 goes on to 2 - 3/8 or 1/2 + 3/32.  sarah draws from m + 1. */
static void test_draws(void **state)
{
    const double half[] = {0.5, 0.5}, third[] = {1.0 / 3, 1.0 / 3, 1.0 / 3},
                 quarter[] = {0.25, 0.25, 0.25, 0.25};
    (void)state;
    check_shares("type = 'svrg'; snapshot = 'random'; inner = 1;", 5, 1,
                 (const double[]){2}, (const double[]){1});
    check_shares("type = 'svrg'; snapshot = 'random'; inner = 2;", 3, 2,
                 (const double[]){2, 0.5}, half);
    check_shares("type = 'svrg'; snapshot = 'random'; inner = 2;", 4, 2,
                 (const double[]){1.625, 19.0 / 32}, half);
    check_shares("type = 'svrg'; snapshot = 'random'; inner = 3;", 4, 3,
                 (const double[]){2, 0.5, 1.25}, third);
    check_shares("type = 'svrg'; snapshot = 'random';", 5, 4,
                 (const double[]){2, 0.5, 1.25, 31.0 / 32}, quarter);
    check_shares("type = 'sarah'; inner = 1;", 2, 2, (const double[]){2, 0.5}, half);
    check_shares("type = 'sarah'; inner = 2;", 3, 3, (const double[]){2, 0.5, 1.25},
                 third);
    check_shares("type = 'sarah'; inner = 3;", 4, 4,
                 (const double[]){2, 0.5, 1.25, 49.0 / 32}, quarter);
    check_shares("type = 'lsvrg'; p = 0.1;", 4, 2, (const double[]){1.25, 31.0 / 32},
                 (const double[]){0.1, 0.9});
    check_shares("type = 'lsvrg';", 4, 2, (const double[]){1.25, 31.0 / 32}, half);
}

/* Both gradients of a difference have the same noise, full ones none. */
static void test_noise_cancels(void **state)
{
    static const char *const methods[] = {"type = 'svrg'; inner = 3;",
                                          "type = 'lsvrg'; p = 1;",
                                          "type = 'sarah'; inner = 3;"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab_run *quiet = run_on_two(methods[i], -9, "iid", 20, "");
        struct lab_run *noisy =
            run_on_two(methods[i], -9, "iid", 20, "noise = { sigma = 0.1; };");
        for (size_t r = 0; r < 20; r++)
            for (size_t t = 1; t <= 5; t++)
                assert_true(fabs(*x_of(quiet, r, t) - *x_of(noisy, r, t)) < 1e-13);
        close_run(quiet), close_run(noisy);
    }
}

/* ---- ridge ------------------------------------------------------------------------ */

#define RIDGE                                                                            \
    "problems = ( { type = 'least_squares'; data = 'synthetic'; n = 200; d = 10; l2 = "  \
    "0.01; } ); "

static const char *const methods[] = {
    "type = 'svrg';",
    "type = 'svrg'; snapshot = 'random';",
    "type = 'lsvrg';",
    "type = 'sag';",
    "type = 'saga';",
    "type = 'sarah';",
    "type = 'sarah'; snapshot = 'last';",
};
enum { METHODS = sizeof methods / sizeof *methods };

static struct lab_run *run_on_ridge(const char *optimizer, size_t steps)
{
    return run_with(
        experiment("steps = %zu; seeds = 4; bounds = (); metrics = ( 'gap' ); " RIDGE
                   "optimizers = ( { %s } );" STEP(0.02),
                   steps, optimizer),
        0, 0);
}

/* From a gap of 0.4 to what rounding leaves, 1e-12 of it at most; SGD with the same steps
 * stays near 1e-2. */
static void test_linear_rate(void **state)
{
    (void)state;
    for (size_t i = 0; i <= METHODS; i++) {
        struct lab_run *run =
            run_on_ridge(i < METHODS ? methods[i] : "type = 'sgd';", 12000);
        for (size_t r = 0; r < 4; r++) {
            const double first = measured(run, 0, LAB_GAP, r, 0),
                         last = measured(run, 0, LAB_GAP, r, run->rows - 1);
            assert_close(first, 0.4, 0.1);
            if (i < METHODS ? !(last <= 1e-12 * first) : !(last > 1e-3 && last < 0.1))
                fail_msg("%s: gap %g after %g", i < METHODS ? methods[i] : "sgd", last,
                         first);
        }
        close_run(run);
    }
}

/* 15 epochs of 2n steps, 30 n steps that take 75 n gradients: 1e-11 or less. */
static void test_thirty_passes(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_run *run = run_on_ridge(methods[i], 30 * 200 + 1);
        for (size_t r = 0; r < 4; r++)
            assert_true(measured(run, 0, LAB_GAP, r, run->rows - 1) < 1e-11);
        close_run(run);
    }
}

/* The same bytes for any number of threads and size of blocks. */
static void test_blocks(void **state)
{
    static const char *const samplings[] = {"iid", "reshuffle"};
    (void)state;
    for (size_t i = 0; i < 2 * METHODS; i++) {
        struct lab_run *run[3];
        const size_t threads[3] = {1, 4, 4}, block[3] = {7, 1, 3};
        for (size_t k = 0; k < 3; k++)
            run[k] = run_with(
                experiment(
                    "steps = 900; seeds = 7; sampling = '%s'; bounds = (); metrics = "
                    "( 'gap' ); raw = true; raw_x = true; " RIDGE
                    "optimizers = ( { %s } );" STEP(0.02),
                    samplings[i % 2], methods[i / 2]),
                threads[k], block[k]);
        const size_t bytes = 7 * run[0]->rows * 10 * sizeof(double);
        for (size_t k = 1; k < 3; k++)
            assert_memory_equal(run[0]->arm->measure->raw_x, run[k]->arm->measure->raw_x,
                                bytes);
        for (size_t k = 0; k < 3; k++)
            close_run(run[k]);
    }
}

/* Where the first step is a full one whatever is drawn, x_3 has n outcomes; their mean is
 * x_2 - eta grad f(x_2). */
static void test_unbiased(void **state)
{
    enum { N = 6, D = 3, SEEDS = 200 };
    static const char *const unbiased[] = {"type = 'svrg';", "type = 'lsvrg';",
                                           "type = 'saga';"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab_run *run = run_with(
            experiment(
                "steps = 3; every = 1; seeds = %d; bounds = (); metrics = ( 'gap' ); "
                "raw = true; raw_x = true; problems = ( { type = 'least_squares'; "
                "data = 'synthetic'; n = %d; d = %d; } ); optimizers = ( { %s } );" STEP(
                    0.1),
                SEEDS, N, D, unbiased[i]),
            0, 0);
        double seen[N][D], mean[D] = {0}, f, g[D];
        size_t count = 0;
        for (size_t r = 0; r < SEEDS; r++) {
            size_t k = 0;
            assert_true(dist2(D, x_of(run, r, 2), x_of(run, 0, 2)) < 1e-28);
            while (k < count && dist2(D, seen[k], x_of(run, r, 3)) > 1e-20)
                k++;
            assert_true(k < N);
            memcpy(seen[k], x_of(run, r, 3), sizeof *seen);
            count += k == count;
        }
        assert_int_equal(count, N);
        const struct lab_problem_entry *p = run->e->problem;
        p->problem->objective(p->self, 1, x_of(run, 0, 2), &f, g);
        for (size_t j = 0; j < D; j++) {
            for (size_t k = 0; k < N; k++)
                mean[j] += seen[k][j] / N;
            assert_close(mean[j], x_of(run, 0, 2)[j] - 0.1 * g[j], 1e-12);
        }
        close_run(run);
    }
}

/* After n tiny steps of a permutation SAG's table holds the gradients at x_1, SAGA's too. */
static void test_table(void **state)
{
    enum { N = 20, D = 4 };
    static const char *const samplings[] = {"reshuffle", "shuffle_once", "cyclic"};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        double eta[N + 2], f, g[D];
        struct lab_experiment *e = experiment(
            "steps = %d; every = 1; seeds = 5; sampling = '%s'; bounds = (); metrics = "
            "( 'gap' ); raw = true; raw_x = true; problems = ( { type = 'least_squares'; "
            "data = 'synthetic'; n = %d; d = %d; } ); optimizers = ( { type = '%s'; } "
            ");" STEP(1),
            N + 2, samplings[i / 2], N, D, i % 2 ? "sag" : "saga");
        for (size_t t = 0; t < N + 2; t++)
            eta[t] = t < N ? 1e-15 : 1.0;
        set_eta(e, 0, eta);
        struct lab_run *run = run_with(e, 1, 0);
        e->problem->problem->objective(e->problem->self, 1, x_of(run, 0, 1), &f, g);
        for (size_t r = 0; r < 5; r++)
            for (size_t j = 0; j < D; j++)
                assert_close(x_of(run, r, N + 2)[j], x_of(run, r, 1)[j] - g[j], 1e-10);
        close_run(run);
    }
}

/* ---- cost ------------------------------------------------------------------------- */

static struct lab_plan plan_of(const struct lab_experiment *e)
{
    const struct lab_problem_entry *p = e->problem;
    return (struct lab_plan){.problem = p->problem,
                             .problem_self = p->self,
                             .facts = &p->facts,
                             .domain = &p->domain,
                             .loss_star = p->loss_star,
                             .noise = &p->noise,
                             .optimizer = e->optimizer->optimizer,
                             .optimizer_self = e->optimizer->self,
                             .eta = e->schedule->eta->eta,
                             .T = e->T,
                             .batch = e->batch,
                             .sampling = lab_sampling_named(e->sampling),
                             .seed = e->seed};
}

static void test_evaluations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        struct lab_run *run =
            run_on_two(traces[i].optimizer, traces[i].lower, "cyclic", 2, "");
        const struct lab_plan plan = plan_of(run->e);
        struct lab_block *block = lab_block_new(&plan, 0, 2, NULL, 0);
        lab_block_advance(block, 5);
        for (size_t r = 0; r < 2; r++)
            if (lab_block_evaluations(block, r) != traces[i].evaluations)
                fail_msg("%s: %zu gradients, not %zu", traces[i].optimizer,
                         lab_block_evaluations(block, r), traces[i].evaluations);
        lab_block_free(block), close_run(run);
    }
}

/* A coin of its own for each seed: about p n gradients more a step. */
static void test_coins(void **state)
{
    enum { STEPS = 4000, N = 200, SEEDS = 5 };
    (void)state;
    struct lab_experiment *e =
        experiment("steps = %d; seeds = %d; bounds = (); " RIDGE
                   "optimizers = ( { type = 'lsvrg'; } );" STEP(0.02),
                   STEPS, SEEDS);
    const struct lab_plan plan = plan_of(e);
    struct lab_block *block = lab_block_new(&plan, 0, SEEDS, NULL, 0);
    size_t least = SIZE_MAX, most = 0;
    lab_block_advance(block, STEPS + 1);
    for (size_t r = 0; r < SEEDS; r++) {
        const size_t beyond = lab_block_evaluations(block, r) - (N + 1 + 2 * (STEPS - 1));
        const double sd = sqrt(STEPS * (1.0 / N) * (1.0 - 1.0 / N));
        assert_int_equal(beyond % N, 0);
        assert_true(fabs((double)(beyond / N) - STEPS * (1.0 / N)) < 4.5 * sd);
        least = beyond < least ? beyond : least;
        most = beyond > most ? beyond : most;
    }
    assert_true(least < most);
    lab_block_free(block), lab_experiment_free(e);
}

/* ---- what is refused -------------------------------------------------------------- */

static void refuse(const char *text, const char *why)
{
    struct lab_mistakes mistakes = {0};
    struct lab_experiment *e = try_experiment(text, &mistakes);
    assert_int_equal(mistakes.count, 1);
    if (!strstr(mistakes.line[0], why))
        fail_msg("%s", mistakes.line[0]);
    lab_experiment_free(e), lab_mistakes_free(&mistakes);
}

static void test_refused(void **state)
{
    static const char *const names[] = {"svrg", "lsvrg", "sarah", "sag", "saga"};
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        char text[512];
        snprintf(
            text, sizeof text,
            "steps = 5; problems = ( { type = 'gauss_least_squares'; } ); optimizers "
            "= ( { type = '%s'; } );" STEP(0.1),
            names[i]);
        refuse(text, "needs a finite sum, but gauss_least_squares is a stream");
        snprintf(text, sizeof text,
                 "steps = 5; problems = ( { type = 'quadratic'; } ); optimizers = ( { "
                 "type = '%s'; } );" STEP(0.1),
                 names[i]);
        refuse(text, "needs a finite sum, but quadratic has no data points");
        for (int full = 0; i >= 3 && full < 2; full++) {
            snprintf(text, sizeof text,
                     "steps = 5; batch = %s; " RIDGE
                     "optimizers = ( { type = '%s'; } );" STEP(0.1),
                     full ? "'full'" : "2", names[i]);
            refuse(text, full ? "batch = 1, not full" : "batch = 1, not 2");
        }
    }
}

/* A table for 1e12 points; nothing of that size is allocated. */
static void test_memory(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct lab_mistakes mistakes = {0};
        struct lab_experiment *e = experiment(
            "steps = 5; seeds = 1; " RIDGE "optimizers = ( { type = '%s'; } );" STEP(0.1),
            i ? "sag" : "saga");
        e->problem->facts.n = 1000000000000;
        lab_pairing_check(e, &mistakes);
        assert_int_equal(mistakes.count, 1);
        if (!strstr(mistakes.line[0], "n x d = 1000000000000 x 10 numbers") ||
            !strstr(mistakes.line[0], ": 80000.00 GB, more than the limit of "))
            fail_msg("%s", mistakes.line[0]);
        e->problem->facts.n = 200;
        lab_experiment_free(e), lab_mistakes_free(&mistakes);
    }
}

/* ---- composite f ---------------------------------------------------------------------- */

/* Lasso: h goes by its prox, so the methods come to the certified minimum, zeros and all, at a
 * constant step. */
static void test_composite(void **state)
{
    static const char *const proximal[] = {"svrg", "saga", "lsvrg",
                                           "svrg'; snapshot = 'random"};
    (void)state;
    for (size_t i = 0; i < sizeof proximal / sizeof *proximal; i++) {
        struct lab_experiment *e = experiment(
            "steps = 30000; seeds = 2; checkpoints = 8; bounds = (); metrics = ( 'gap' );"
            "raw = true; raw_x = true; problems = ( { type = 'lasso'; n = 60; d = 8; l1 "
            "= 0.3;"
            "} ); optimizers = ( { type = '%s'; } );" STEP(0.01),
            proximal[i]);
        struct lab_run *run = run_with(e, 1, 0);
        const size_t d = e->problem->facts.d;
        const double *x = run->arm->measure->raw_x + (run->rows - 1) * d,
                     *star = e->problem->facts.minimiser;
        size_t zeros = 0;
        for (size_t r = 0; r < 2; r++)
            assert_true(fabs(measured(run, 0, LAB_GAP, r, run->rows - 1)) <
                        1e-12 * measured(run, 0, LAB_GAP, r, 0));
        for (size_t j = 0; j < d; j++) {
            zeros += x[j] == 0.0;
            assert_true(fabs(x[j] - star[j]) < 1e-6);
        }
        assert_in_range(zeros, 1, d - 1);
        close_run(run);
    }
}

/* Those whose theory is that of smooth f say so. */
static void test_kinks(void **state)
{
    static const char *const smooth[] = {"sag", "sarah", "ogm"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct lab_mistakes mistakes = {0};
        char *text =
            lab_text("steps = 9; problems = ( { type = 'lasso'; } ); optimizers = ( { "
                     "type = '%s'; } );" STEP(0.1),
                     smooth[i]);
        struct lab_experiment *e = try_experiment(text, &mistakes);
        assert_int_equal(mistakes.count, 1);
        assert_non_null(strstr(mistakes.line[0], "has kinks in h"));
        lab_mistakes_free(&mistakes), lab_experiment_free(e), free(text);
    }
}

/* A replica that has diverged stays where it is, also if the method would jump back to finite
 * numbers, whoever else is in the block. */
static void test_frozen(void **state)
{
    struct lab_run *run[2];
    size_t gone = 0;
    (void)state;
    for (size_t i = 0; i < 2; i++)
        run[i] = run_with(
            experiment(
                "steps = 12; seeds = 33; seed = 5; sampling = 'cyclic'; raw = true;"
                "raw_x = true; every = 1; metrics = ( 'loss' ); problems = ( { type ="
                "'phase_retrieval'; } ); optimizers = ( { type = 'svrg'; snapshot ="
                "'random'; inner = 4; } );" STEP(100)),
            1, i ? 1 : 33);
    const struct lab_measure *a = run[0]->arm->measure, *b = run[1]->arm->measure;
    const size_t d = run[0]->e->problem->facts.d, rows = a->rows;
    assert_memory_equal(a->raw_x, b->raw_x, 33 * rows * d * sizeof(double));
    for (size_t r = 0; r < 33; r++)
        for (size_t k = a->diverged[r]; a->diverged[r] && k + 1 < rows; k++, gone++)
            assert_memory_equal(a->raw_x + (r * rows + k) * d,
                                a->raw_x + (r * rows + k + 1) * d, d * sizeof(double));
    assert_true(gone > 10);
    close_run(run[0]), close_run(run[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thirty_passes), cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_draws),         cmocka_unit_test(test_noise_cancels),
        cmocka_unit_test(test_linear_rate),   cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_unbiased),      cmocka_unit_test(test_table),
        cmocka_unit_test(test_evaluations),   cmocka_unit_test(test_coins),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_memory),
        cmocka_unit_test(test_composite),     cmocka_unit_test(test_kinks),
        cmocka_unit_test(test_frozen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
