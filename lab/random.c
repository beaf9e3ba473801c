/*
 * lab/random.c -- see random.h
 *
 * Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011.  Word w of a stream is half of the cipher's
 * output for counter (w/2, replica, purpose) under the key `seed`.
 *
 * A stream works through its words in groups: the cipher and the Box-Muller transform run
 * over all blocks of a group at once, in loops of fixed length that compilers turn into
 * vector code.  A number therefore always comes from the same instructions, whatever
 * call asks for it.
 */
#include "lab/random.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "lab/plugin.h"

_Static_assert(ULONG_MAX == UINT64_MAX, "gsl_rng hands numbers on as unsigned long");

enum { BLOCKS = 32, WORDS = 2 * BLOCKS };

struct stream {
    uint32_t key[2];
    uint32_t who[2];  /* counter words 2, 3: replica and purpose */
    uint64_t block;   /* the first one of the next group */
    size_t next;      /* word of this group; WORDS: none left */
    bool gaussian;    /* the last number drawn was one */
    bool transformed; /* normal[] belongs to this group */
    uint64_t word[WORDS];
    double normal[WORDS]; /* Gaussians 2i, 2i+1 are made of words 2i, 2i+1 */
};

/* ---- cipher ----------------------------------------------------------- */

/* Ten rounds on lane i of c[0..3]. */
static inline __attribute__((always_inline)) void encrypt(uint32_t c[4][BLOCKS],
                                                          const uint32_t key[2])
{
    for (size_t i = 0; i < BLOCKS; i++) {
        uint32_t c0 = c[0][i], c1 = c[1][i], c2 = c[2][i], c3 = c[3][i];
        uint32_t k0 = key[0], k1 = key[1];
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            uint64_t a = (uint64_t)c0 * UINT32_C(0xD2511F53);
            uint64_t b = (uint64_t)c2 * UINT32_C(0xCD9E8D57);
            c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
            c1 = (uint32_t)b;
            c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
            c3 = (uint32_t)a;
            k0 += UINT32_C(0x9E3779B9); /* golden ratio */
            k1 += UINT32_C(0xBB67AE85); /* sqrt(3) - 1 */
        }
        c[0][i] = c0, c[1][i] = c1, c[2][i] = c2, c[3][i] = c3;
    }
}

/* The next group of words. */
LAB_HOT static void refill(struct stream *s)
{
    uint32_t c[4][BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        c[0][i] = (uint32_t)s->block + (uint32_t)i; /* no carry: BLOCKS divides 2^32 */
        c[1][i] = (uint32_t)(s->block >> 32);
        c[2][i] = s->who[0];
        c[3][i] = s->who[1];
    }
    encrypt(c, s->key);
    for (size_t i = 0; i < BLOCKS; i++) {
        s->word[2 * i] = (uint64_t)c[1][i] << 32 | c[0][i];
        s->word[2 * i + 1] = (uint64_t)c[3][i] << 32 | c[2][i];
    }
    s->block += BLOCKS;
    s->next = 0;
    s->transformed = false;
}

void lab_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c[4][BLOCKS] = {{counter[0]}, {counter[1]}, {counter[2]}, {counter[3]}};
    encrypt(c, key);
    for (size_t i = 0; i < 4; i++)
        out[i] = c[i][0];
}

/* ---- as a gsl_rng ----------------------------------------------------- */

/* Makes sure that the next word is there and its block is not one of the other kind. */
static inline void prepare(struct stream *s, bool gaussian)
{
    if (s->gaussian != gaussian) {
        s->gaussian = gaussian;
        s->next += s->next % 2;
    }
    if (s->next == WORDS)
        refill(s);
}

static void set(void *state, unsigned long seed)
{
    struct stream *s = state;
    *s = (struct stream){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .next = WORDS,
    };
}

static unsigned long get(void *state)
{
    struct stream *s = state;
    prepare(s, false);
    return s->word[s->next++];
}

static double get_double(void *state)
{
    return (double)(get(state) >> 11) * 0x1p-53;
}

static const gsl_rng_type philox = {
    .name = "philox4x32-10",
    .max = ULONG_MAX,
    .min = 0,
    .size = sizeof(struct stream),
    .set = set,
    .get = get,
    .get_double = get_double,
};

gsl_rng *lab_rng_new(uint64_t seed, uint64_t replica, enum lab_purpose purpose)
{
    if (replica >> 56 || (unsigned)purpose > 255)
        LAB_BUG("no stream for replica %ju, purpose %d", (uintmax_t)replica,
                (int)purpose);
    gsl_rng *rng = gsl_rng_alloc(&philox);
    gsl_rng_set(rng, seed);
    struct stream *s = rng->state;
    s->who[0] = (uint32_t)replica;
    s->who[1] = (uint32_t)(replica >> 32) | (uint32_t)purpose << 24;
    return rng;
}

static struct stream *stream_of(gsl_rng *rng)
{
    if (rng->type != &philox)
        LAB_BUG("not one of lab_rng_new(): %s", gsl_rng_name(rng));
    return rng->state;
}

/* ---- indices ---------------------------------------------------------- */

/* word * n = index 2^64 + *low, exactly, for n = last + 1 <= 2^32, without 128-bit
 * arithmetic, which has no vector form. */
static inline uint32_t scale(uint64_t word, uint32_t last, uint64_t *low)
{
    uint64_t a = (uint32_t)word, b = word >> 32;
    uint64_t lower = a * last + a;
    uint64_t upper = b * last + b + (lower >> 32);
    *low = upper << 32 | (uint32_t)lower;
    return (uint32_t)(upper >> 32);
}

/* Indices from `count` words; false if one of them may have to be redrawn. */
LAB_HOT static bool scale_all(const uint64_t *word, uint32_t last, size_t count,
                              uint32_t *index)
{
    uint64_t doubtful = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t low;
        index[i] = scale(word[i], last, &low);
        doubtful |= low <= last;
    }
    return !doubtful;
}

/* The same, leaving out the words that would make small indices too frequent. */
static size_t scale_some(const uint64_t *word, uint32_t last, size_t count,
                         uint32_t *index)
{
    uint64_t n = (uint64_t)last + 1, threshold = -n % n; /* 2^64 mod n */
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t low;
        index[kept] = scale(word[i], last, &low);
        kept += low >= threshold;
    }
    return kept;
}

void lab_draw_indices(gsl_rng *rng, uint64_t n, size_t count, uint32_t *index)
{
    struct stream *s = stream_of(rng);
    if (n < 1 || n > UINT64_C(1) << 32)
        LAB_BUG("no index below %ju", (uintmax_t)n);
    const uint32_t last = (uint32_t)(n - 1);
    while (count) {
        prepare(s, false);
        const uint64_t *word = s->word + s->next;
        size_t take = count < WORDS - s->next ? count : WORDS - s->next, kept = take;
        if (!scale_all(word, last, take, index))
            kept = scale_some(word, last, take, index);
        s->next += take;
        index += kept;
        count -= kept;
    }
}

/* ---- Gaussians -------------------------------------------------------- */

/* sqrt(-2 log v) for v in [2^-53, 1].  With v = m 2^e, sqrt(1/2) <= m < sqrt(2), and
 * s = (m-1)/(m+1): log m = 2 atanh s, whose Taylor series to s^21 is exact to rounding.
 */
static inline double radius(double v)
{
    const uint64_t root = UINT64_C(0x3fe6a09e667f3bcd), two52 = UINT64_C(0x433) << 52;
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    bits += (UINT64_C(0x3ff) << 52) - root; /* the exponent field is now e + 1023 */
    uint64_t mantissa = (bits & (UINT64_MAX >> 12)) + root, exponent = bits >> 52 | two52;
    double m, e;
    memcpy(&m, &mantissa, sizeof m);
    memcpy(&e, &exponent, sizeof e);
    e -= 0x1p52 + 1023;
    double s = (m - 1.0) / (m + 1.0), z = s * s;
    double p = 1.0 / 21;
    p = p * z + 1.0 / 19;
    p = p * z + 1.0 / 17;
    p = p * z + 1.0 / 15;
    p = p * z + 1.0 / 13;
    p = p * z + 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    return sqrt(-2.0 * (e * M_LN2 + (2.0 * s + 2.0 * s * z * p)));
}

/* cos and sin of x in [0, pi/4], by their Taylor series to x^16 and x^17. */
static inline double cosine(double x)
{
    double z = x * x, p = 1.0 / 20922789888000; /* 16! */
    p = p * z - 1.0 / 87178291200;
    p = p * z + 1.0 / 479001600;
    p = p * z - 1.0 / 3628800;
    p = p * z + 1.0 / 40320;
    p = p * z - 1.0 / 720;
    p = p * z + 1.0 / 24;
    return 1.0 - (0.5 * z - z * z * p);
}

static inline double sine(double x)
{
    double z = x * x, p = 1.0 / 355687428096000; /* 17! */
    p = p * z - 1.0 / 1307674368000;
    p = p * z + 1.0 / 6227020800;
    p = p * z - 1.0 / 39916800;
    p = p * z + 1.0 / 362880;
    p = p * z - 1.0 / 5040;
    p = p * z + 1.0 / 120;
    p = p * z - 1.0 / 6;
    return x + x * z * p;
}

/* Box-Muller on the whole group.  The angle is uniform in [0, pi/4), then exchanged and
 * mirrored by three bits more: every octant alike. */
LAB_HOT static void transform(struct stream *s)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        uint64_t a = s->word[2 * i], b = s->word[2 * i + 1];
        /* Conversions from 32-bit integers, because those have a vector form. */
        double v = 0.5 + 0x1p-32 * (int32_t)(a >> 32) +
                   0x1p-53 * (int32_t)(((uint32_t)a >> 11) + 1);
        double turn = 0x1p-29 * (int32_t)(b >> 35) + 0x1p-61 * (uint32_t)b;
        double r = radius(v), c = cosine(M_PI_4 * turn), d = sine(M_PI_4 * turn);
        double x = b >> 34 & 1 ? d : c, y = b >> 34 & 1 ? c : d;
        s->normal[2 * i] = b >> 33 & 1 ? -r * x : r * x;
        s->normal[2 * i + 1] = b >> 32 & 1 ? -r * y : r * y;
    }
    s->transformed = true;
}

void lab_draw_gaussian(gsl_rng *rng, double sigma, size_t count, double *out)
{
    struct stream *s = stream_of(rng);
    while (count) {
        prepare(s, true);
        if (!s->transformed)
            transform(s);
        size_t take = count < WORDS - s->next ? count : WORDS - s->next;
        for (size_t i = 0; i < take; i++)
            out[i] = sigma * s->normal[s->next + i];
        s->next += take;
        out += take;
        count -= take;
    }
}

void lab_draw_start(uint64_t init_seed, double sigma, size_t count, double *x)
{
    gsl_rng *rng = lab_rng_new(init_seed, 0, LAB_FOR_START);
    lab_draw_gaussian(rng, sigma, count, x);
    gsl_rng_free(rng);
}
