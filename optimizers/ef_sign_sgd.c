/*
 * optimizers/ef_sign_sgd.c -- SignSGD that remembers what rounding to a sign lost.
 *
 *     p_t = eta_t g_t + e_t,  e_1 = 0
 *     u_t = (‖p_t‖_1/d) sign(p_t)
 *     x_{t+1} = x_t - u_t
 *     e_{t+1} = p_t - u_t
 */
#include "lab/plugin.h"

static void step(const void *self, struct lab_step *s)
{
    const double *g = lab_gradient(s);
    double *e = s->vector[0], *x = s->x;
    (void)self;

    for (size_t r = 0; r < s->replicas; r++, g += s->d, e += s->d, x += s->d) {
        double sum = 0.0;
        for (size_t j = 0; j < s->d; j++) {
            e[j] += s->eta * g[j];
            sum += fabs(e[j]);
        }
        for (size_t j = 0; j < s->d; j++) {
            const double u = sum / (double)s->d * ((e[j] > 0.0) - (e[j] < 0.0));
            x[j] -= u;
            e[j] -= u;
        }
    }
}

LAB_OPTIMIZER(ef_sign_sgd) = {
    .base = {.summary = "signSGD that remembers what rounding to a sign lost",
             .formula = "p_t = eta_t g_t + e_t,  e_1 = 0\n"
                        "u_t = (‖p_t‖_1/d) sign(p_t)\n"
                        "x_{t+1} = x_t - u_t\n"
                        "e_{t+1} = p_t - u_t\n"
                        "sign(0) = 0",
             .reference = "Karimireddy et al. (2019), Algorithm 1"},
    .vectors = 1,
    .step = step,
};
