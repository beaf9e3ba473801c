/*
 * problems/poisson_regression.c -- log-linear model of counts b = 0, 1, 2, ...
 *
 *     f(x) = (1/n) sum_i (exp(<a_i, x>) - b_i <a_i, x> + log b_i!) + (l2/2) ‖x‖^2,
 *
 * the mean negative log-likelihood of Poisson variables with means exp(<a_i, x>), so f >= 0.
 * phi'' = exp(z) has no bound on R^d; over a domain it lies between exp of the least and the
 * greatest prediction, and it is its own derivative.
 */
#include "lab/plugin.h"

enum { TABLE = 256 };

struct poisson_regression {
    struct lab_linear linear;
    double log_factorial[TABLE];
};

static const struct lab_param params[] = {
    LAB_LINEAR_PARAMS("synthetic"),
    LAB_PARAM_END,
};

LAB_LINEAR_EACH(vary, struct poisson_regression, lab_exp(z) - b * z, lab_exp(z) - b)

/* log b! is looked up after the vector loops, of which lgamma() would take most of the
 * time. */
static double constant(const struct poisson_regression *p, double b)
{
    return b < TABLE ? p->log_factorial[(size_t)b] : lgamma(b + 1.0);
}

static void each(const void *self, size_t count, const double *z, const double *b,
                 double *losses, double *slopes)
{
    vary(self, count, z, b, losses, slopes);
    for (size_t i = 0; i < count; i++)
        losses[i] += constant(self, b[i]);
}

static double smooth(const void *self, double s, double z, double b, double *first,
                     double *second)
{
    const double e = exp(z);
    (void)s;
    *first = e - b;
    *second = e;
    return e - b * z + constant(self, b);
}

/* At exp(z) = b; for b = 0 only approached, z -> -inf. */
static double least(const void *self, double b)
{
    return b > 0.0 ? b - b * log(b) + constant(self, b) : 0.0;
}

static void curvatures(const void *self, double low, double high, double b, double *least,
                       double *most)
{
    (void)self, (void)b;
    *least = exp(low);
    *most = exp(high);
}

static int poisson_open(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct poisson_regression *p = self;
    struct lab_linear_loss phi = {
        .labels = LAB_LABELS_COUNTS,
        .planted = LAB_PLANTED_COUNTS,
        .each = each,
        .steepest = INFINITY,
        .curvature = INFINITY,
        .least_curvature = 0.0,
        .concordance = 1.0,
        .curvatures = curvatures,
        .smooth = smooth,
        .least = least,
    };
    for (size_t b = 0; b < TABLE; b++)
        p->log_factorial[b] = lgamma((double)b + 1.0);
    return lab_linear_open(self, phi, facts, err);
}

LAB_PROBLEM(poisson_regression) = {
    .base =
        {
            .summary = "log-linear model of counts",
            .formula = "f(x) = (1/n) sum_i (exp(<a_i,x>) - b_i <a_i,x> + log b_i!) + "
                       "(l2/2) ‖x‖^2",
            .reference = "McCullagh & Nelder (1989), ch. 6",
            .params = params,
            .size = sizeof(struct poisson_regression),
        },
    .group = LAB_GROUP_SMOOTH,
    .strongly = "l2 > 0",
    .open = poisson_open,
    .close = lab_linear_close,
    .constants = lab_linear_constants,
    .gradient = lab_linear_gradient,
    .objective = lab_linear_objective,
    .components = lab_linear_components,
    .infima = lab_linear_infima,
    .sizes = lab_linear_sizes,
    .model = lab_linear_model,
    .concordance = lab_linear_concordance,
};
