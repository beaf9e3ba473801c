/* tests/test_random.c -- the streams of lab/random.h.  Seeds are fixed; each statistical
 * check would fail by chance with probability at most 1e-6. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/error.h"
#include "lab/random.h"
#include "tests/lab_test.h"

static const double chance = 1e-6;

/* Also false for NaN. */
#define assert_within(a, b, distance) assert_true(fabs((a) - (b)) <= (distance))

/* Checks sum (count - expected)^2 / expected against its law, both tails. */
static void assert_uniform(const size_t *count, size_t bins, double expected)
{
    double chi2 = 0.0;
    for (size_t i = 0; i < bins; i++)
        chi2 += pow((double)count[i] - expected, 2) / expected;
    assert_true(gsl_cdf_chisq_Q(chi2, (double)(bins - 1)) > chance / 2);
    assert_true(gsl_cdf_chisq_P(chi2, (double)(bins - 1)) > chance / 2);
}

/* Known answers of Random123 1.14, examples/kat_vectors. */
static void cipher_gives_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
         {UINT32_MAX, UINT32_MAX},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[4];
        lab_philox(known[i].counter, known[i].key, out);
        assert_memory_equal(out, known[i].out, sizeof out);
    }
}

/* Word by word what the header says: key = seed, counter = block, replica, purpose. */
static void stream_is_the_cipher_of_its_counter(void **state)
{
    (void)state;
    const uint64_t seed = UINT64_C(0x0123456789abcdef),
                   replica = UINT64_C(0xf0000000000002);
    const uint32_t key[2] = {0x89abcdef, 0x01234567};
    gsl_rng *rng = lab_rng_new(seed, replica, LAB_FOR_TESTS);
    for (uint32_t block = 0; block < 1000; block++) {
        uint32_t counter[4] = {block, 0, 2, 0xf00000 | (uint32_t)LAB_FOR_TESTS << 24},
                 out[4];
        lab_philox(counter, key, out);
        assert_true(gsl_rng_get(rng) == ((uint64_t)out[1] << 32 | out[0]));
        assert_true(gsl_rng_get(rng) == ((uint64_t)out[3] << 32 | out[2]));
    }
    gsl_rng_free(rng);
}

static int order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* 2^18 words: a repeated one has probability 2e-9 if they are independent. */
static void streams_differ(void **state)
{
    (void)state;
    enum { SEEDS = 16, REPLICAS = 256, PURPOSES = LAB_FOR_TESTS + 1, WORDS = 8 };
    size_t count = 0;
    uint64_t *word = lab_alloc(SEEDS * REPLICAS * PURPOSES * WORDS, sizeof *word);
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        for (uint64_t replica = 0; replica < REPLICAS; replica++)
            for (int purpose = 0; purpose < PURPOSES; purpose++) {
                gsl_rng *rng = lab_rng_new(seed, replica, (enum lab_purpose)purpose);
                for (int i = 0; i < WORDS; i++)
                    word[count++] = gsl_rng_get(rng);
                gsl_rng_free(rng);
            }
    qsort(word, count, sizeof *word, order);
    for (size_t i = 1; i < count; i++)
        assert_true(word[i] != word[i - 1]);
    free(word);
}

static void uniform_has_53_bits(void **state)
{
    (void)state;
    gsl_rng *rng = lab_rng_new(1, 0, LAB_FOR_TESTS), *same = gsl_rng_clone(rng);
    size_t count[64] = {0};
    bool fine = false;
    for (int i = 0; i < 1 << 16; i++) {
        double u = gsl_rng_uniform(rng);
        assert_true(u >= 0.0 && u < 1.0);
        assert_true(u == (double)(gsl_rng_get(same) >> 11) / 0x1p53);
        fine |= fmod(u * 0x1p52, 1.0) != 0.0;
        count[(size_t)(64 * u)]++;
    }
    assert_true(fine);
    assert_uniform(count, 64, 1024);
    gsl_rng_free(rng), gsl_rng_free(same);
}

/* How the drawing is split into calls is nobody's business, whatever is drawn. */
static void numbers_do_not_depend_on_the_calls(void **state)
{
    (void)state;
    enum { N = 1000 };
    gsl_rng *whole = lab_rng_new(5, 6, LAB_FOR_NOISE), *parts = gsl_rng_clone(whole);
    double x[N], y[N];
    uint32_t i[N], j[N];
    for (size_t size = 1; size < 100; size += 3) {
        lab_draw_gaussian(whole, 2.0, N - size, x); /* of all parities */
        lab_draw_indices(whole, 77, N, i);
        for (size_t k = 0; k < N - size; k += size)
            lab_draw_gaussian(parts, 2.0, k + size < N - size ? size : N - size - k,
                              y + k);
        for (size_t k = 0; k < N; k += size)
            lab_draw_indices(parts, 77, k + size < N ? size : N - k, j + k);
        assert_memory_equal(x, y, (N - size) * sizeof *x);
        assert_memory_equal(i, j, sizeof i);
    }
    assert_true(gsl_rng_get(whole) == gsl_rng_get(parts));
    gsl_rng_free(whole), gsl_rng_free(parts);
}

/* One Gaussian, then a word: the word must not come from the Gaussian's block. */
static void no_block_serves_both_kinds(void **state)
{
    (void)state;
    gsl_rng *mixed = lab_rng_new(8, 0, LAB_FOR_TESTS), *words = gsl_rng_clone(mixed);
    double x;
    uint64_t word[4];
    for (int i = 0; i < 4; i++)
        word[i] = gsl_rng_get(words);
    lab_draw_gaussian(mixed, 1.0, 1, &x);
    assert_true(gsl_rng_get(mixed) == word[2]);
    lab_draw_gaussian(mixed, 1.0, 1, &x);
    assert_true(gsl_rng_get(mixed) != word[3]);
    gsl_rng_free(mixed), gsl_rng_free(words);
}

static void indices_are_uniform(void **state)
{
    (void)state;
    enum { N = 1 << 20, BINS = 97 };
    static uint32_t index[N];
    const uint64_t sizes[] = {1, 2, BINS, 50000, UINT32_MAX, UINT64_C(1) << 32};
    gsl_rng *rng = lab_rng_new(7, 0, LAB_FOR_SAMPLES);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        size_t count[BINS] = {0}, bins = sizes[k] < BINS ? (size_t)sizes[k] : BINS;
        lab_draw_indices(rng, sizes[k], N, index);
        for (size_t i = 0; i < N; i++) {
            assert_true(index[i] < sizes[k]);
            count[(size_t)((double)index[i] * (double)bins / (double)sizes[k])]++;
        }
        if (bins > 1)
            assert_uniform(count, bins, (double)N / (double)bins);
    }
    gsl_rng_free(rng);
}

static void indices_are_scaled_words(void **state)
{
    (void)state;
    gsl_rng *rng = lab_rng_new(9, 1, LAB_FOR_SAMPLES), *words = gsl_rng_clone(rng);
    for (uint64_t n = 1; n < UINT64_C(1) << 32; n = 3 * n + 1) {
        uint32_t index;
        lab_draw_indices(rng, n, 1, &index);
        uint64_t word = gsl_rng_get(words), high = (word >> 32) * n;
        assert_true(index == (high + ((word & UINT32_MAX) * n >> 32)) >> 32);
    }
    gsl_rng_free(rng), gsl_rng_free(words);
}

/* Found by search: the first word of this replica is one of the few (1 in 2^32 for this
 * n) that have to be redrawn. */
static void biased_words_are_redrawn(void **state)
{
    (void)state;
    const uint64_t n = UINT64_C(4294907296);
    gsl_rng *rng = lab_rng_new(1, 401164524, LAB_FOR_TESTS);
    gsl_rng *words = gsl_rng_clone(rng);
    assert_true(gsl_rng_get(words) * n < -n % n);
    uint32_t index[40], after[39];
    lab_draw_indices(rng, n, 40, index);
    assert_int_equal(index[0], UINT32_C(3832639834));
    lab_draw_indices(words, n, 39, after); /* the words from the second one on */
    assert_memory_equal(index, after, sizeof after);
    gsl_rng_free(rng), gsl_rng_free(words);
}

/* Bounds for sample moments: each mean of x^k within 5 standard deviations (6e-7). */
static void gaussians_have_their_moments(void **state)
{
    (void)state;
    enum { N = 1 << 20 };
    static double x[N];
    const double moment[] = {0, 1, 0, 3, 0, 15, 0, 105}; /* E x, E x^2, ... */
    gsl_rng *rng = lab_rng_new(11, 0, LAB_FOR_NOISE);
    lab_draw_gaussian(rng, 3.0, N, x);
    for (int k = 1; k <= 4; k++) {
        double sum = 0.0, sd = sqrt((moment[2 * k - 1] - pow(moment[k - 1], 2)) / N);
        for (size_t i = 0; i < N; i++)
            sum += pow(x[i] / 3.0, k) / N;
        assert_within(sum, moment[k - 1], 5.0 * sd);
    }
    for (size_t lag = 1; lag <= 4; lag++) { /* correlation, also of squares: pairs */
        double sum = 0.0, sum2 = 0.0;
        for (size_t i = lag; i < N; i++) {
            sum += x[i] * x[i - lag] / (9.0 * N);
            sum2 += (x[i] * x[i] / 9.0 - 1.0) * (x[i - lag] * x[i - lag] / 9.0 - 1.0) / N;
        }
        assert_within(sum, 0.0, 5.0 / sqrt(N));
        assert_within(sum2, 0.0, 5.0 * 2.0 / sqrt(N));
    }
    gsl_rng_free(rng);
}

static void gaussians_have_their_distribution(void **state)
{
    (void)state;
    enum { N = 1 << 20, BINS = 256 };
    static double x[N];
    size_t count[BINS] = {0}, angle[BINS] = {0};
    gsl_rng *rng = lab_rng_new(12, 0, LAB_FOR_NOISE);
    lab_draw_gaussian(rng, 1.0, N, x);
    for (size_t i = 0; i < N; i++)
        count[(size_t)(BINS * gsl_cdf_ugaussian_P(x[i]))]++;
    for (size_t i = 0; i < N; i += 2)
        angle[(size_t)(BINS * (atan2(x[i], x[i + 1]) / (2 * M_PI) + 0.5)) % BINS]++;
    assert_uniform(count, BINS, N / BINS);
    assert_uniform(angle, BINS, N / 2 / BINS);
    gsl_rng_free(rng);
}

/* The formula in plain words, from libm, to a few units in the last place. */
static void gaussians_are_box_muller(void **state)
{
    (void)state;
    gsl_rng *rng = lab_rng_new(13, 0, LAB_FOR_NOISE), *words = gsl_rng_clone(rng);
    for (int i = 0; i < 10000; i++) {
        double z[2];
        lab_draw_gaussian(rng, 1.0, 2, z);
        /* the radius from 53 bits; the first 32 count from the middle */
        uint64_t a = gsl_rng_get(words) ^ UINT64_C(1) << 63, b = gsl_rng_get(words);
        double r = sqrt(-2.0 * log((double)((a >> 11) + 1) * 0x1p-53));
        double angle = M_PI_4 * (double)(b >> 35) * 0x1p-29 +
                       M_PI_4 * (double)(b & UINT32_MAX) * 0x1p-61;
        double x = b >> 34 & 1 ? sin(angle) : cos(angle);
        double y = b >> 34 & 1 ? cos(angle) : sin(angle);
        assert_close(z[0], b >> 33 & 1 ? -r * x : r * x, 2e-15);
        assert_close(z[1], b >> 32 & 1 ? -r * y : r * y, 2e-15);
    }
    gsl_rng_free(rng), gsl_rng_free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cipher_gives_known_answers),
        cmocka_unit_test(stream_is_the_cipher_of_its_counter),
        cmocka_unit_test(streams_differ),
        cmocka_unit_test(uniform_has_53_bits),
        cmocka_unit_test(numbers_do_not_depend_on_the_calls),
        cmocka_unit_test(no_block_serves_both_kinds),
        cmocka_unit_test(indices_are_uniform),
        cmocka_unit_test(indices_are_scaled_words),
        cmocka_unit_test(biased_words_are_redrawn),
        cmocka_unit_test(gaussians_have_their_moments),
        cmocka_unit_test(gaussians_have_their_distribution),
        cmocka_unit_test(gaussians_are_box_muller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
