/* lab/noise.c -- laws of noise: config, moments, draws; see noise.h */
#include "lab/noise.h"

#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

#define SIGMA(range, help) LAB_PARAM(struct lab_noise, sigma, LAB_REQUIRED, range, help)
#define SCALE                                                                            \
    LAB_PARAM(struct lab_noise, scale, LAB_REQUIRED, "[0,inf)", "unit of the noise")
#define INDEX                                                                            \
    LAB_PARAM(struct lab_noise, index, LAB_REQUIRED, "(1,inf)",                          \
              "tail index; <= 2: infinite variance")

static const struct lab_param gaussian[] = {
    SIGMA("[0,inf)", "standard deviation per coordinate of one sample's noise"),
    LAB_PARAM_END};
static const struct lab_param rademacher[] = {
    SIGMA("[0,inf)", "size of the noise in each coordinate"), LAB_PARAM_END};
static const struct lab_param heavy[] = {SCALE, INDEX, LAB_PARAM_END};
static const struct lab_param multiplicative[] = {
    SIGMA("[0,1]", "the gradient is multiplied by 1 - sigma or 1 + sigma"),
    LAB_PARAM_END};
static const struct lab_param none[] = {LAB_PARAM_END};

/* In the order of enum lab_noise_law. */
const struct lab_noise_card lab_noise_cards[] = {
    {"none", "no noise", none},
    {"gaussian", "g + z, z_j ~ N(0, sigma²)", gaussian},
    {"rademacher", "g + z, z_j = ±sigma with probability 1/2 each", rademacher},
    {"student_t", "g + z, z_j = scale × Student's t with `index` degrees of freedom",
     heavy},
    {"pareto", "g + z, |z_j| = scale × U^(-1/index), U uniform, random sign", heavy},
    {"multiplicative", "(1 + z) g, z = ±sigma with probability 1/2: one factor a step",
     multiplicative},
    {NULL, NULL, NULL},
};
static const char *const names[] = {"none",   "gaussian",       "rademacher", "student_t",
                                    "pareto", "multiplicative", NULL};

/* ---- config ------------------------------------------------------------- */

void lab_noise_read(struct lab_noise *noise, const struct lab_node *group,
                    struct lab_mistakes *mistakes)
{
    static const char *const known[] = {"type", NULL};
    *noise = (struct lab_noise){LAB_NO_NOISE};
    if (!group)
        return;
    const bool untyped = group->kind == LAB_NODE_GROUP && !lab_node_get(group, "type");
    const int law = untyped ? LAB_GAUSSIAN : lab_param_kind(group, names, mistakes);
    if (law < 0)
        return;
    lab_param_fill(lab_noise_cards[law].params, noise, group, known, mistakes);
    const double size =
        law == LAB_STUDENT_T || law == LAB_PARETO ? noise->scale : noise->sigma;
    noise->law = size > 0.0 ? (enum lab_noise_law)law : LAB_NO_NOISE;
}

struct lab_node *lab_noise_write(const struct lab_noise *noise)
{
    if (noise->law == LAB_NO_NOISE)
        return NULL;
    struct lab_node *group = lab_node_new(LAB_NODE_GROUP, "noise", NULL);
    lab_node_add(group, lab_node_string("type", NULL, names[noise->law]));
    lab_param_write(lab_noise_cards[noise->law].params, noise, group);
    return group;
}

char *lab_noise_text(const struct lab_noise *noise)
{
    switch (noise->law) {
    case LAB_NO_NOISE: break;
    case LAB_GAUSSIAN:
    case LAB_RADEMACHER:
    case LAB_MULTIPLICATIVE:
        return lab_text("%s noise, sigma = %g", names[noise->law], noise->sigma);
    case LAB_STUDENT_T:
    case LAB_PARETO:
        return lab_text("%s noise, scale = %g, index = %g", names[noise->law],
                        noise->scale, noise->index);
    }
    return lab_text("none");
}

/* ---- law ---------------------------------------------------------------- */

double lab_noise_variance(const struct lab_noise *noise)
{
    const double s = noise->scale, a = noise->index;
    switch (noise->law) {
    case LAB_NO_NOISE: break;
    case LAB_GAUSSIAN:
    case LAB_RADEMACHER:
    case LAB_MULTIPLICATIVE: return noise->sigma * noise->sigma;
    case LAB_STUDENT_T:
    case LAB_PARETO: return a > 2.0 ? s * s * a / (a - 2.0) : INFINITY;
    }
    return 0.0;
}

double lab_noise_most(const struct lab_noise *noise)
{
    switch (noise->law) {
    case LAB_NO_NOISE: return 0.0;
    case LAB_RADEMACHER:
    case LAB_MULTIPLICATIVE: return noise->sigma;
    case LAB_GAUSSIAN:
    case LAB_STUDENT_T:
    case LAB_PARETO: break;
    }
    return INFINITY;
}

static double sign_of(gsl_rng *rng)
{
    return gsl_rng_uniform(rng) < 0.5 ? -1.0 : 1.0;
}

/* One number of any additive law but the Gaussian. */
static double draw_one(const struct lab_noise *noise, gsl_rng *rng)
{
    double sign;
    switch (noise->law) {
    case LAB_RADEMACHER: return sign_of(rng) * noise->sigma;
    case LAB_STUDENT_T: return noise->scale * gsl_ran_tdist(rng, noise->index);
    case LAB_PARETO:
        sign = sign_of(rng);
        return sign * noise->scale * pow(1.0 - gsl_rng_uniform(rng), -1.0 / noise->index);
    case LAB_NO_NOISE:
    case LAB_GAUSSIAN:
    case LAB_MULTIPLICATIVE: break;
    }
    LAB_BUG("noise of law %d", (int)noise->law);
}

void lab_noise_draw(const struct lab_noise *noise, gsl_rng *rng, size_t batch, size_t d,
                    double *z)
{
    if (noise->law == LAB_GAUSSIAN) { /* the mean of Gaussians is one */
        lab_draw_gaussian(rng, noise->sigma / sqrt((double)batch), d, z);
        return;
    }
    memset(z, 0, d * sizeof *z);
    for (size_t k = 0; k < batch; k++)
        for (size_t j = 0; j < d; j++)
            z[j] += draw_one(noise, rng) / (double)batch;
}

double lab_noise_factor(const struct lab_noise *noise, gsl_rng *rng)
{
    return 1.0 + sign_of(rng) * noise->sigma;
}
