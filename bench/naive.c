/*
 * bench/naive.c -- what one would write without the lab: SGD on logistic regression, one
 * thread, one seed after another, plain loops and libm; the full loss at 40 checkpoints.
 *
 *     naive FILE.bin n d seeds steps checkpoints      (A and b as doubles, from bench/run)
 *
 * Prints seconds for the runs (reading the data is not counted) and, so that nothing is
 * optimised away, the mean final loss.  Compiled like the lab, -O3.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13, *s ^= *s >> 7, *s ^= *s << 17;
    return *s;
}

static double dot(const double *a, const double *x, size_t d)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += a[j] * x[j];
    return sum;
}

static double full_loss(const double *A, const double *b, size_t n, size_t d,
                        const double *x)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += log1p(exp(-b[i] * dot(A + i * d, x, d)));
    return sum / (double)n;
}

/* One seed: eta_t = 1/sqrt(t), full losses at log-spaced steps; returns the last one. */
static double run(const double *A, const double *b, size_t n, size_t d, size_t steps,
                  size_t checkpoints, uint64_t seed, double *x)
{
    double loss = 0.0, average = 0.0;
    size_t row = 1;
    for (size_t j = 0; j < d; j++)
        x[j] = 0.0;
    for (size_t t = 1; t <= steps; t++) {
        double at = pow((double)steps, (double)row / (double)checkpoints);
        if ((double)t >= at || t == steps) {
            loss = full_loss(A, b, n, d, x);
            row++;
        }
        size_t i = next(&seed) % n;
        double margin = b[i] * dot(A + i * d, x, d);
        double slope = -b[i] / (1.0 + exp(margin));
        average += log1p(exp(-margin));
        for (size_t j = 0; j < d; j++)
            x[j] -= slope * A[i * d + j] / sqrt((double)t);
    }
    return loss + 0.0 * average;
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    const size_t n = strtoul(argv[2], NULL, 10), d = strtoul(argv[3], NULL, 10),
                 seeds = strtoul(argv[4], NULL, 10), steps = strtoul(argv[5], NULL, 10),
                 checkpoints = strtoul(argv[6], NULL, 10);
    double *A = malloc(n * d * sizeof *A), *b = malloc(n * sizeof *b),
           *x = malloc(d * sizeof *x), mean = 0.0;
    FILE *in = fopen(argv[1], "rb");
    if (!in || !A || !b || !x || fread(A, sizeof *A, n * d, in) != n * d ||
        fread(b, sizeof *b, n, in) != n)
        return 1;
    fclose(in);
    double begin = now();
    for (size_t r = 1; r <= seeds; r++)
        mean += run(A, b, n, d, steps, checkpoints, 88172645463325252u + r, x) /
                (double)seeds;
    printf("%.4f %.6f\n", now() - begin, mean);
    free(A), free(b), free(x);
    return 0;
}
