/* lab/online.c -- linear losses; see online.h */
#include "lab/online.h"

#include <string.h>

static double dot(size_t d, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * y[j];
    return sum;
}

void lab_online_constants(const double *slope, const struct lab_domain *C,
                          struct lab_facts *f)
{
    f->linear = true;
    const size_t d = f->d;
    lab_know(&f->L, LAB_ANALYTIC, 0.0, "f is linear");
    lab_know(&f->L_max, LAB_ANALYTIC, 0.0, "losses are linear");
    lab_know(&f->mu, LAB_ANALYTIC, 0.0, "f is linear");
    lab_unknown(&f->PL, "f is linear");
    if (dot(d, slope, slope) == 0.0) {
        lab_know_nearest(f, C);
        lab_know(&f->f_star, LAB_ANALYTIC, 0.0, "f = 0 everywhere");
    } else if (C->kind == LAB_NO_DOMAIN) {
        lab_unknown(&f->f_star,
                    "f is linear: it has a minimum over a bounded domain only, a ball, "
                    "box or simplex");
    } else {
        double *x = f->minimiser;
        lab_domain_minimise_linear(C, slope, x);
        lab_know(&f->f_star, LAB_ANALYTIC, dot(d, slope, x),
                 "a linear function over the domain");
        lab_know(&f->x_star, LAB_ANALYTIC, sqrt(dot(d, x, x)), "as f_star");
    }
}

void lab_online_gradient(size_t d, const struct lab_sample *sample, size_t replicas,
                         const double *x, double *g, double *loss)
{
    const double *xi = sample->xi, share = 1.0 / (double)sample->batch;
    if (g)
        memset(g, 0, replicas * d * sizeof *g);
    for (size_t r = 0; r < replicas; r++) {
        loss[r] = 0.0;
        for (size_t k = 0; k < sample->batch; k++, xi += d)
            for (size_t j = 0; j < d; j++) {
                loss[r] += share * xi[j] * x[r * d + j];
                if (g)
                    g[r * d + j] += share * xi[j];
            }
    }
}

void lab_online_objective(size_t d, const double *slope, size_t count, const double *x,
                          double *f, double *g)
{
    for (size_t k = 0; k < count; k++) {
        f[k] = dot(d, slope, x + k * d);
        if (g)
            memcpy(g + k * d, slope, d * sizeof *g);
    }
}
