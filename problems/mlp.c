/*
 * problems/mlp.c -- a small neural network on data, one or two hidden layers; nonconvex.
 *
 *     f(x) = (1/n) sum_i loss(net(a_i; x), b_i) + (l2/2) ‖x‖^2
 *     net(a) = W_3' s(W_2' s(W_1' a)),   s = tanh or relu; without W_2 if hidden2 = 0
 *
 * The loss is (z - b)^2/2 (regression), log(1 + exp(-b z)) (binary), or log sum_k exp(z_k) - z_b
 * (softmax, one output per class).  With `bias`, the data and every hidden layer have one more
 * entry that is 1.  x holds W_1, W_2, W_3, each input after input: the weights from input j to all
 * units lie together.  Start: N(0, init_scale^2/m) for the weights of a layer of m inputs, the
 * constant one included (LeCun et al. 1998).
 *
 * f >= 0.  Nothing else is known in closed form: the Hessian grows with the weights, and
 * relu has kinks.
 */
#include "lab/plugin.h"

enum { MOST_UNITS = 1024, ROOM = MOST_UNITS + 8 };
enum task { REGRESSION, BINARY, SOFTMAX };

struct mlp {
    struct lab_data_spec spec;
    size_t hidden, hidden2, init_seed;
    double l2, init_scale;
    const char *task, *activation;
    const struct lab_data *set;
    enum task kind;
    bool relu;
    size_t layers, in[3], out[3], d; /* in[] counts the constant input */
};

#define OPTION(field, fallback, range, help)                                             \
    LAB_PARAM(struct mlp, field, fallback, range, help)
#define WORD(field, text, range, help)                                                   \
    LAB_PARAM_TEXT(struct mlp, field, text, range, help)
static const struct lab_param params[] = {
    LAB_DATA_PARAMS("cubic"),
    LAB_DATA_NUMBER(classes, 0, "[0,1000]", "synthetic, softmax: classes; 0: 3"),
    WORD(task, "regression", "regression|binary|softmax",
         "what labels are, and the loss"),
    OPTION(hidden, 20, "[1,1024]", "units of the first hidden layer"),
    OPTION(hidden2, 0, "[0,1024]", "units of a second one; 0: none"),
    WORD(activation, "tanh", "tanh|relu", "of hidden units"),
    OPTION(l2, 0.0, "[0,inf)", "weight of (l2/2)‖x‖^2"),
    OPTION(init_seed, 1, "[0,inf)", "seed of the start"),
    OPTION(init_scale, 1.0, "[0,inf)", "start: times 1/sqrt(inputs)"),
    LAB_PARAM_END,
};

static void add_layer(struct mlp *p, size_t units)
{
    const size_t l = p->layers++;
    p->in[l] = l ? p->out[l - 1] + p->spec.bias : p->set->d;
    p->out[l] = units;
    p->d += p->in[l] * units;
}

static int open_mlp(void *self, struct lab_facts *facts, struct lab_error *err)
{
    static const enum lab_labels labels[] = {LAB_LABELS_REAL, LAB_LABELS_BINARY,
                                             LAB_LABELS_CLASSES};
    static const enum lab_planted planted[] = {LAB_PLANTED_GAUSSIAN, LAB_PLANTED_LOGISTIC,
                                               LAB_PLANTED_CLASSES};
    struct mlp *p = self;
    p->kind = *p->task == 'r' ? REGRESSION : *p->task == 'b' ? BINARY : SOFTMAX;
    p->relu = *p->activation == 'r';
    if (p->spec.classes && p->kind != SOFTMAX)
        return lab_fail(err, "classes need task = \"softmax\"");
    p->set = lab_data_open(&p->spec, labels[p->kind], planted[p->kind], err);
    if (!p->set)
        return -1;
    add_layer(p, p->hidden);
    if (p->hidden2)
        add_layer(p, p->hidden2);
    add_layer(p, p->kind == SOFTMAX ? p->set->classes : 1);
    facts->d = p->d;
    facts->n = p->set->n;
    facts->cheap = p->set->n * p->d <= 4096;
    return 0;
}

static void close_mlp(void *self)
{
    struct mlp *p = self;
    if (p->set)
        lab_data_close(p->set);
    p->set = NULL;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct mlp *p = self;
    (void)C;
    lab_know(&facts->f_low, LAB_ANALYTIC, 0.0, "losses are >= 0");
    lab_unknown(&facts->f_star, "a network: no closed form, no certified minimum");
    lab_sum_unknown(
        facts, p->relu ? "relu has kinks; slopes grow with the weights: empirical only"
                       : "grows with the weights: empirical only");
}

static void start(const void *self, double *x)
{
    const struct mlp *p = self;
    lab_draw_start(p->init_seed, p->init_scale, p->d, x);
    for (size_t l = 0; l < p->layers; l++)
        for (size_t k = 0; k < p->in[l] * p->out[l]; k++)
            *x++ /= sqrt((double)p->in[l]);
}

/* tanh z = 1 - 2/(e^{2z} + 1): errors stay near 1e-16 of 1. */
static inline void activate(size_t units, bool relu, double *restrict z)
{
#pragma omp simd
    for (size_t k = 0; k < units; k++)
        z[k] = relu && z[k] < 0.0 ? 0.0
               : relu             ? z[k]
                                  : 1.0 - 2.0 / (lab_exp(2.0 * z[k]) + 1.0);
}

/* Times s', which follows from h = s. */
static inline void chain(size_t units, bool relu, const double *restrict h,
                         double *restrict slope)
{
#pragma omp simd
    for (size_t k = 0; k < units; k++)
        slope[k] *= relu ? (h[k] > 0.0 ? 1.0 : 0.0) : 1.0 - h[k] * h[k];
}

/* The loss of outputs z and label b; z becomes its slope. */
static inline double judge(enum task kind, size_t classes, double b, double *z)
{
    const double at = kind == SOFTMAX ? z[(size_t)b] : b * z[0], e = lab_exp(-fabs(at));
    switch (kind) {
    case REGRESSION: z[0] -= b; return 0.5 * z[0] * z[0];
    case BINARY:
        z[0] = -b * (at < 0.0 ? 1.0 : e) / (1.0 + e);
        return (at < 0.0 ? -at : 0.0) + lab_log1p_unit(e);
    case SOFTMAX: break;
    }
    const double total = lab_softmax(classes, z);
    z[(size_t)b] -= 1.0;
    return total - at;
}

LAB_HOT static double one(const void *self, size_t i, double weight,
                          const double *restrict x, double *restrict g)
{
    const struct mlp *p = self;
    _Alignas(64) double unit[3][ROOM], slope[2][ROOM];
    const double *a[3] = {p->set->A + i * p->set->stride, unit[0], unit[1]}, *W = x;
    const size_t last = p->layers - 1, outputs = p->out[last];
    for (size_t l = 0; l <= last; W += p->in[l] * p->out[l], l++) {
        lab_layer_forward(p->in[l], p->out[l], W, a[l], unit[l]);
        if (l < last)
            activate(p->out[l], p->relu, unit[l]);
        unit[l][p->out[l]] = 1.0; /* read only with bias */
    }
    const double loss = judge(p->kind, outputs, p->set->b[i], unit[last]);
    double *delta = unit[last], *G = g ? g + p->d : NULL;
    for (size_t k = 0; g && k < outputs; k++)
        delta[k] *= weight;
    for (size_t l = last + 1; g && l-- > 0; delta = slope[l ? l - 1 : 0]) {
        W -= p->in[l] * p->out[l], G -= p->in[l] * p->out[l];
        lab_layer_outer(p->in[l], p->out[l], a[l], delta, G);
        if (l) {
            lab_layer_backward(p->out[l - 1], p->out[l], W, delta, slope[l - 1]);
            chain(p->out[l - 1], p->relu, unit[l - 1], slope[l - 1]);
        }
    }
    return loss;
}

LAB_SUM_RIDGE(struct mlp, one, p->set->n, p->d, p->l2)

LAB_PROBLEM(mlp) = {
    .base = {.summary = "neural network of one or two hidden layers on data, nonconvex",
             .formula = "f(x) = (1/n) sum_i loss(net(a_i; x), b_i) + (l2/2) ‖x‖^2\n"
                        "net(a) = W_3' s(W_2' s(W_1' a)), s = tanh or relu",
             .reference = "LeCun, Bottou, Orr & Mueller (1998); Cohen et al. (2021)",
             .params = params,
             .size = sizeof(struct mlp)},
    .group = LAB_GROUP_NONCONVEX,
    .open = open_mlp,
    .close = close_mlp,
    .constants = constants,
    .start = start,
    .gradient = gradient,
    .objective = objective,
    .components = components,
};
