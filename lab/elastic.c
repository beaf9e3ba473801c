/*
 * lab/elastic.c -- squared errors with the penalties l1 and l2; see linear.h.  The conjugate
 * of a squared error is y^2/2 + y b.
 */
#include "lab/linear.h"

LAB_LINEAR_EACH(each, struct lab_elastic, 0.5 * (z - b) * (z - b), z - b)

static double smooth(const void *self, double s, double z, double b, double *first,
                     double *second)
{
    (void)self, (void)s;
    *first = z - b;
    *second = 1.0;
    return 0.5 * (z - b) * (z - b);
}

static double conjugate(const void *self, double b, double *y)
{
    (void)self;
    return *y * (0.5 * *y + b);
}

static double add_l1(const void *self, double weight, const double *x, double *g)
{
    const struct lab_elastic *p = self;
    const size_t d = p->linear.set->d;
    const double step = weight * p->l1;
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += fabs(x[j]);
    for (size_t j = 0; g && j < d; j++)
        g[j] += (x[j] > 0.0 ? step : 0.0) - (x[j] < 0.0 ? step : 0.0);
    return p->l1 * sum;
}

double lab_elastic_penalty(const void *self, double weight, const double *x, double *g)
{
    const struct lab_elastic *p = self;
    const double l2 = p->linear.l2;
    double norm2 = 0.0;
    for (size_t j = 0; j < p->linear.set->d; j++) {
        norm2 += x[j] * x[j];
        if (g)
            g[j] += weight * l2 * x[j];
    }
    return add_l1(self, weight, x, g) + 0.5 * l2 * norm2;
}

void lab_elastic_prox(const void *self, double eta, size_t replicas, double *x)
{
    const struct lab_elastic *p = self;
    const double shift = eta * p->l1, shrink = 1.0 + eta * p->linear.l2;
    for (size_t r = 0; r < replicas; r++, x += p->linear.set->d)
        for (size_t j = 0; j < p->linear.set->d; j++) {
            double size = fabs(x[j]) - shift;
            x[j] = size <= 0.0 ? 0.0 : copysign(size, x[j]) / shrink; /* NaN stays */
        }
}

int lab_elastic_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    const struct lab_elastic *p = self;
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_REAL,
        .planted = LAB_PLANTED_GAUSSIAN,
        .each = each,
        .steepest = INFINITY,
        .curvature = 1.0,
        .least_curvature = 1.0,
        .smooth = smooth,
        .conjugate = conjugate,
        .penalty = {.add = add_l1,
                    .name = "l1 ‖x‖_1",
                    .steepest = p->l1,
                    .curvature = NAN,
                    .l1 = p->l1},
    };
    return lab_linear_open(self, phi, facts, err);
}
