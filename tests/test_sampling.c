/*
 * tests/test_sampling.c -- which data points are seen: exact counts, laws, independence of how
 * the drawing is split, what theorems and constants make of it.
 */
#include "lab/bounds.h"
#include "lab/facts.h"
#include "tests/helpers.h"

static const char *const words[] = {"iid",    "reshuffle",           "shuffle_once",
                                    "cyclic", "without_replacement", "importance"};
enum { WORDS = sizeof words / sizeof *words };

/* `batches` mini-batches of a fresh sampler, drawn in portions of `portion`. */
static uint32_t *drawn(enum lab_sampling sampling, uint64_t seed, size_t n, size_t batch,
                       size_t batches, size_t portion)
{
    double *p = lab_alloc(n, sizeof *p); /* of importance sampling: 0, 1, 2, ... times */
    for (size_t i = 0; i < n; i++)
        p[i] = (double)i / (0.5 * (double)(n * (n - 1)));
    struct lab_odds *odds = sampling == LAB_IMPORTANCE ? lab_odds_new(n, p) : NULL;
    struct lab_sampler *s =
        lab_sampler_new(sampling, lab_rng_new(seed, 0, LAB_FOR_SAMPLES), n, batch, odds);
    uint32_t *index = lab_alloc(batches * batch, sizeof *index);
    for (size_t k = 0; k < batches; k += portion)
        lab_sampler_draw(s, batches - k < portion ? batches - k : portion,
                         index + k * batch);
    lab_sampler_free(s), lab_odds_free(odds), free(p);
    return index;
}

static void test_names(void **state)
{
    (void)state;
    for (enum lab_sampling k = LAB_IID; k <= LAB_IMPORTANCE; k++)
        assert_int_equal(lab_sampling_named(words[k]), k);
}

/* What is drawn does not depend on how the drawing is split into calls. */
static void test_portions(void **state)
{
    (void)state;
    for (enum lab_sampling k = LAB_IID; k <= LAB_IMPORTANCE; k++)
        for (size_t batch = 1; batch <= 3; batch++) {
            uint32_t *all = drawn(k, 1, 7, batch, 60, 60);
            for (size_t portion = 1; portion < 60; portion += 11) {
                uint32_t *parts = drawn(k, 1, 7, batch, 60, portion);
                assert_memory_equal(all, parts, 60 * batch * sizeof *all);
                free(parts);
            }
            free(all);
        }
}

/* Every n indices in a row of a permuting scheme hold each point once; one permutation comes
 * back, fresh ones differ; mini-batches without replacement have no point twice. */
static void test_counts(void **state)
{
    enum { N = 11, EPOCHS = 40 };
    (void)state;
    for (enum lab_sampling k = LAB_RESHUFFLE; k <= LAB_CYCLIC; k++)
        for (size_t batch = 1; batch <= 4; batch += 3) {
            uint32_t *index = drawn(k, 2, N, batch, N * EPOCHS, 17);
            size_t same = 0;
            for (size_t epoch = 0; epoch < EPOCHS * batch; epoch++) {
                size_t seen[N] = {0};
                for (size_t i = 0; i < N; i++)
                    seen[index[epoch * N + i]]++;
                for (size_t i = 0; i < N; i++)
                    assert_int_equal(seen[i], 1);
                same += memcmp(index, index + epoch * N, N * sizeof *index) == 0;
            }
            assert_int_equal(same, k == LAB_RESHUFFLE ? 1 : EPOCHS * batch);
            if (k == LAB_CYCLIC)
                for (uint32_t i = 0; i < N; i++)
                    assert_int_equal(index[i], i);
            free(index);
        }
    for (size_t batch = 1; batch <= N; batch++) {
        uint32_t *index = drawn(LAB_WITHOUT_REPLACEMENT, 3, N, batch, 100, 9);
        for (size_t b = 0; b < 100; b++) {
            size_t seen[N] = {0};
            for (size_t i = 0; i < batch; i++)
                assert_int_equal(seen[index[b * batch + i]]++, 0);
        }
        free(index);
    }
}

/* All six orders of three points are equally frequent, and so are all pairs of a batch of two
 * of four: five standard errors. */
static void test_uniform(void **state)
{
    enum { DRAWS = 60000 };
    double orders[27] = {0}, pairs[16] = {0};
    (void)state;
    uint32_t *index = drawn(LAB_RESHUFFLE, 4, 3, 1, 3 * DRAWS, 1000);
    for (size_t k = 0; k < DRAWS; k++)
        orders[index[3 * k] * 9 + index[3 * k + 1] * 3 + index[3 * k + 2]] += 1.0 / DRAWS;
    for (size_t k = 0; k < 27; k++)
        if (orders[k] > 0.0)
            assert_true(fabs(orders[k] - 1.0 / 6.0) < 5.0 * sqrt(5.0 / 36.0 / DRAWS));
    free(index);
    index = drawn(LAB_WITHOUT_REPLACEMENT, 5, 4, 2, DRAWS, 1000);
    for (size_t k = 0; k < DRAWS; k++)
        pairs[index[2 * k] * 4 + index[2 * k + 1]] += 1.0 / DRAWS;
    for (size_t k = 0; k < 16; k++)
        assert_true(k % 5 == 0
                        ? pairs[k] == 0.0
                        : fabs(pairs[k] - 1.0 / 12.0) < 5.0 * sqrt(11.0 / 144.0 / DRAWS));
    free(index);
}

/* Results do not depend on blocks or threads, under any scheme. */
static void test_blocks(void **state)
{
    (void)state;
    for (size_t k = 0; k <= WORDS; k++) {
        struct lab_run *run[2];
        for (size_t i = 0; i < 2; i++)
            run[i] = run_with(
                experiment(
                    "steps = 70; seeds = 9; batch = %s; sampling = '%s'; metrics = ( "
                    "'loss', 'avg_regret' ); problems = ( { type = 'least_squares'; n "
                    "= 20; d = 4; noise = { sigma = 0.1; }; } );" SGD STEP(0.05),
                    k == WORDS ? "'full'" : "3", words[k % WORDS]),
                1 + i, i ? 4 : 9);
        for (size_t r = 0; r < 9; r++)
            for (size_t row = 0; row < run[0]->rows; row++)
                for (enum lab_metric m = LAB_AVG_REGRET; m <= LAB_LOSS; m++)
                    assert_true(measured(run[0], 0, m, r, row) ==
                                measured(run[1], 0, m, r, row));
        close_run(run[0]), close_run(run[1]);
    }
}

/* The whole sum is gradient descent: nothing is random, and the path of x/4 is known. */
static void test_full(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 30; seeds = 3; batch = 'full'; every = 1; metrics = ( 'gap', 'avg_gap', "
        "'avg_regret' ); problems = ( { type = 'sign_counterexample'; domain = { type = "
        "'box'; lower = -1; upper = 1; }; } );" SGD STEP(0.1));
    const struct lab_facts *f = &e->problem->facts;
    assert_close(f->sigma2.value, 0.0, 0.0);
    assert_close(f->sigma2_star.value, 1.0 / 16.0, 1e-15);
    struct lab_run *run = run_with(e, 1, 0);
    for (size_t t = 1; t <= 30; t++) /* x_t = -(t-1)/40, gap = (x_t + 1)/4 */
        for (size_t r = 0; r < 3; r++) {
            const double x = -(double)(t - 1) / 40.0;
            assert_close(measured(run, 0, LAB_GAP, r, t - 1), (x + 1.0) / 4.0, 1e-13);
        }
    close_run(run);
}

/* Mini-batches of different points: E‖g_B - grad f‖^2 over all pairs of six, by enumeration. */
static void test_different_points(void **state)
{
    enum { N = 6, D = 3 };
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 5; batch = 2; sampling = 'without_replacement'; problems = ( { "
        "type = 'least_squares'; n = 6; d = 3; } );" SGD STEP(0.1));
    const struct lab_problem_entry *p = e->problem;
    double g[D], loss, mean2 = 0.0;
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < N; j++) {
            const uint32_t pair[2] = {i, j};
            const struct lab_sample sample = {.batch = 2, .index = pair, .known = 2};
            if (i == j)
                continue;
            p->problem->gradient(p->self, &sample, 1, p->facts.minimiser, g, &loss);
            mean2 += dot(D, g, g) / (N * (N - 1));
        }
    assert_close(p->facts.sigma2_star.value, mean2, 1e-11);
    lab_experiment_free(e);
}

/* Theorems in expectation want independent samples; those on every path do not care. */
static void test_theorems(void **state)
{
    (void)state;
    for (size_t k = 0; k < WORDS; k++) {
        struct lab_experiment *e = experiment(
            "steps = 50; batch = 2; sampling = '%s'; bounds = ( "
            "'seed_avg_regret', 'seed_avg_regret_any_schedule', "
            "'projected_avg_regret', 'const_step_avg', "
            "'weighted_avg_any_schedule' ); problems = ( { type = 'logistic'; data "
            "= 'synthetic'; n = 40; d = 4; domain = { type = 'ball'; radius = "
            "1; }; } );" SGD STEP(0.1),
            words[k]);
        const bool independent = k == LAB_IID || k >= LAB_WITHOUT_REPLACEMENT;
        struct lab_run *run = run_with(e, 1, 0);
        size_t means = 0, paths = 0;
        for (size_t i = 0; i < run->arm[0].claims; i++) {
            const struct lab_claim *c = &run->arm[0].claim[i];
            if (c->limit->mode == LAB_PATH) {
                assert_int_equal(c->status, LAB_CERTIFIED);
                assert_int_equal(c->verdict, LAB_HOLDS);
                paths++;
            } else {
                assert_int_equal(c->status == LAB_NOT_APPLICABLE, !independent);
                assert_true(independent || strstr(c->reason, words[k]));
                means++;
            }
        }
        assert_true(means > 0 && paths > 0);
        close_run(run);
    }
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *mistake;
    } table[] = {
        {"batch = 9; sampling = 'without_replacement'; problems = ( { type = "
         "'sign_counterexample'; } );",
         "batch = 9 different points of n = 4"},
        {"batch = 'full'; problems = ( { type = 'experts'; } );",
         "batch = \"full\" needs a finite sum"},
        {"batch = 'ful'; problems = ( { type = 'quadratic'; } );",
         "is not a whole number"},
        {"sampling = 'reshufle'; problems = ( { type = 'quadratic'; } );",
         "(did you mean \"reshuffle\"?)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[512];
        struct lab_mistakes mistakes = {0};
        snprintf(text, sizeof text, "steps = 5; %s" SGD STEP(1), table[i].text);
        struct lab_experiment *e = try_experiment(text, &mistakes);
        assert_int_equal(mistakes.count, 1);
        assert_non_null(strstr(mistakes.line[0], table[i].mistake));
        lab_mistakes_free(&mistakes), lab_experiment_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_portions),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_different_points),
        cmocka_unit_test(test_theorems),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
