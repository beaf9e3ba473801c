/*
 * lab/vector.h -- exp and log1p that a compiler can put into vector loops.
 *
 * Branch-free, no tables, no calls; errors stay below 1 and 2 units in the last place
 * (tests/test_linear.c).  In a loop they take a fifth of libm's time or less; a single
 * value that others wait for is better served by libm.
 */
#ifndef LAB_VECTOR_H
#define LAB_VECTOR_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* 2^k for a whole number k in [-1000, 1000]: k lands in the low bits of k + shift, and
 * from there in the exponent. */
static inline double lab_power_of_two(double k)
{
    const double shift = 0x1.8p52;
    double shifted = k + shift;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/** e^x: x = k ln 2 + r with |r| <= ln(2)/2, Taylor's series of e^r to r^13, times 2^k. */
static inline double lab_exp(double x)
{
    const double log2_e = 0x1.71547652b82fep0, shift = 0x1.8p52;
    const double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;

    x = x < -746.0 ? -746.0 : x > 710.0 ? 710.0 : x; /* 0 and inf from there on */
    double k = x * log2_e + shift - shift;
    double r = x - k * ln2_high - k * ln2_low;

    double q = 1.0 / 6227020800.0;
    q = q * r + 1.0 / 479001600.0;
    q = q * r + 1.0 / 39916800.0;
    q = q * r + 1.0 / 3628800.0;
    q = q * r + 1.0 / 362880.0;
    q = q * r + 1.0 / 40320.0;
    q = q * r + 1.0 / 5040.0;
    q = q * r + 1.0 / 720.0;
    q = q * r + 1.0 / 120.0;
    q = q * r + 1.0 / 24.0;
    q = q * r + 1.0 / 6.0;
    q = q * r + 0.5;
    double power = 1.0 + (r + r * r * q);

    /* Two factors, since 2^-1075 is no number but e^-745 is. */
    double most = k < -1000.0 ? -1000.0 : k > 1000.0 ? 1000.0 : k;
    return power * lab_power_of_two(most) * lab_power_of_two(k - most);
}

/** log(1 + u) for 0 <= u <= 1, relatively accurate for small u too:
 *  log(1 + u) = 2 artanh(s), s = u/(2 + u); above sqrt(2) - 1 it is ln 2 + log((1 +
 * u)/2). */
static inline double lab_log1p_unit(double u)
{
    int high = u > 0.41421356237309503;
    double s = (high ? u - 1.0 : u) / (high ? u + 3.0 : u + 2.0), s2 = s * s;

    double q = 1.0 / 21.0;
    q = q * s2 + 1.0 / 19.0;
    q = q * s2 + 1.0 / 17.0;
    q = q * s2 + 1.0 / 15.0;
    q = q * s2 + 1.0 / 13.0;
    q = q * s2 + 1.0 / 11.0;
    q = q * s2 + 1.0 / 9.0;
    q = q * s2 + 1.0 / 7.0;
    q = q * s2 + 1.0 / 5.0;
    q = q * s2 + 1.0 / 3.0;
    return 2.0 * s + 2.0 * s * s2 * q + (high ? 0x1.62e42fefa39efp-1 : 0.0);
}

#endif
