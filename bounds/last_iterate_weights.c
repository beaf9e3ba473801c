/*
 * bounds/last_iterate_weights.c -- the last iterate of SGD, steps made of weights.
 *
 * Let w_t > 0, W = sum w_t, p_t = w_t/W, q_t = sum_{s>=t} p_s, and eta_t = eta w_t q_{t+1} for
 * t < T.  The points z_1 = x_1, z_{t+1} = z_t - eta w_t g_t obey
 *
 *     sum w_t E<g_t, z_t - x*> <= R1^2/(2 eta) + (eta/2) G^2 sum w_t^2.                   (1)
 *
 * x_{t+1} - x_t = q_{t+1} (z_{t+1} - z_t), so x_t = sum_{s<t} p_s z_s + q_t z_t and
 *
 *     z_t - x_t = sum_{2<=r<=t} (1/q_r - 1) (x_r - x_{r-1})
 *               = sum_{s<t} (1/q_{s+1} - 1/q_s) (x_t - x_s)
 *
 * with factors > 0.  By convexity the left side of (1), over W, is at least sum_t p_t [F_t - f* +
 * sum_{s<t} (1/q_{s+1} - 1/q_s) (F_t - F_s)], F_t = E f(x_t).  F_t, t < T, has the factor
 * p_t/q_t - q_{t+1} (1/q_{t+1} - 1/q_t) = (p_t + q_{t+1})/q_t - 1 = 0, F_T has p_T/q_T = 1.  So
 *
 *     E f(x_T) - f* <= [R1^2/(2 eta) + (eta/2) G^2 sum w_t^2]/W.
 *
 * Which weights does a run have?  Any steps come from some: scaled so that eta = W, they are
 * w_T = v, w_t = eta_t/u_{t+1} backwards, u_t = sum_{s>=t} w_s, for each v > 0; eta_T is free.
 * (u_t^2 = u_{t+1}^2 + 2 eta_t + w_t^2.)  With S = sum_{t<T} eta_t and Q = sum w_t^2 the bound is
 *
 *     R1^2/(2 (2 S + Q)) + G^2 Q/2,
 *
 * true for every v.  It is least at Q = R1/G - 2 S, where it is G (R1 - G S); Q(v) takes that
 * value if its minimum is not above it, since it is continuous and unbounded; otherwise the least
 * Q is best.  A search of a few values of v looks for it: were it missed, the bound would be
 * larger than it need be, but true.  A row costs 20 T divisions, and T if it is close to the
 * one before.
 */
#include "lab/plugin.h"

struct inputs {
    double R1, G, eta;
    struct lab_steps w;
    bool steps; /* of a run: w holds eta_1, eta_2, ... (eta counts for nothing) */
};

static const struct lab_param params[] = {
    LAB_PARAM(struct inputs, R1, LAB_REQUIRED, "[0,inf)", "‖x_1 - x*‖"),
    LAB_PARAM(struct inputs, G, LAB_REQUIRED, "[0,inf)", "E‖g_t‖^2 <= G^2"),
    LAB_PARAM(struct inputs, eta, LAB_REQUIRED, "(0,inf)",
              "eta_t = eta w_t (sum_{s>t} w_s)/(sum w)"),
    LAB_PARAM(struct inputs, w, LAB_REQUIRED, "(0,inf)", "w_1, ..., w_T"),
    LAB_PARAM_END,
};

/* Q of the weights that end with w_T = v and make eta_1..eta_{T-1}. */
static double square_sum(const double *eta, size_t T, double v)
{
    double Q = v * v, u = v;
    for (size_t t = T - 1; t >= 1; t--) {
        const double w = eta[t - 1] / u;
        Q += w * w;
        u += w;
    }
    return Q;
}

/* The v of the least Q(v), T >= 2, by golden section in log v: Q >= v^2 and >= (eta_{T-1}/v)^2. */
static double search(const double *eta, size_t T)
{
    const double golden = 0.5 * (sqrt(5.0) - 1.0);
    double most = 0.0;
    for (size_t t = 1; t < T; t++)
        most = fmax(most, eta[t - 1]);
    const double start = sqrt(square_sum(eta, T, sqrt(most)));
    double low = log(eta[T - 2] / start), high = log(start);
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double at_a = square_sum(eta, T, exp(a)), at_b = square_sum(eta, T, exp(b));
    for (size_t i = 0; i < 16; i++)
        if (at_a < at_b) {
            high = b, b = a, at_b = at_a, a = high - golden * (high - low);
            at_a = square_sum(eta, T, exp(a));
        } else {
            low = a, a = b, at_a = at_b, b = low + golden * (high - low);
            at_b = square_sum(eta, T, exp(b));
        }
    return exp(at_a < at_b ? a : b);
}

/* The bound of weights with that Q, or better ones. */
static double of_weights(const struct inputs *in, size_t T, double Q)
{
    const double R1 = in->R1, G = in->G, S = T > 1 ? in->w.sum[T - 2] : 0.0;
    if (R1 >= G * (2.0 * S + Q))
        return G * (R1 - G * S);
    return R1 * R1 / (2.0 * (2.0 * S + Q)) + G * G * Q / 2.0;
}

/* Of a run.  Rows that are close together share the v, in units of sqrt(eta_{T-1}). */
static void sweep(const void *inputs, size_t rows, const size_t *T, double *bound)
{
    const struct inputs *in = inputs;
    const double *eta = in->w.eta;
    size_t searched = 0;
    double ratio = 1.0;
    for (size_t k = 0; k < rows; k++) {
        const double unit = T[k] > 1 ? sqrt(eta[T[k] - 2]) : 0.0;
        if (T[k] > 1 && (k + 1 == rows || T[k] > searched + searched / 20)) {
            searched = T[k];
            ratio = search(eta, T[k]) / unit;
        }
        bound[k] =
            of_weights(in, T[k], unit > 0.0 ? square_sum(eta, T[k], ratio * unit) : 0.0);
    }
}

static int bind(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why)
{
    struct inputs *in = inputs;
    (void)c, (void)measured, (void)why;
    in->steps = true; /* lists are eta_1..eta_T in a run */
    return 0;
}

static double rhs(const void *inputs)
{
    const struct inputs *in = inputs;
    const size_t last = in->w.T - 1;
    double bound;
    if (in->steps) {
        sweep(inputs, 1, &in->w.T, &bound);
        return bound;
    }
    return (in->R1 * in->R1 / (2.0 * in->eta) +
            in->eta / 2.0 * in->G * in->G * in->w.sum2[last]) /
           in->w.sum[last];
}

LAB_BOUND(last_iterate_weights) = {
    .base = {.summary =
                 "the last iterate of SGD, steps made of weights: the sharpest here",
             .formula = "[R1^2/(2 eta) + (eta/2) G^2 sum w_t^2]/(sum w_t)\n"
                        "where eta_t = eta w_t (sum_{s>t} w_s)/(sum_s w_s), t < T",
             .reference = "Defazio, Cutkosky, Mehta & Mishchenko (2023), theorem 1, "
                          "specialised; Zamani & Glineur (2023) [re-derived]",
             .params = params,
             .size = sizeof(struct inputs)},
    .statement =
        "SGD without projection, E‖g_t‖^2 <= G^2, steps eta_t = eta w_t (sum_{s>t} "
        "w_s)/(sum "
        "w) with positive weights: E f(x_T) - f* at the last iterate stays below the "
        "formula; "
        "eta_T is never used.  Any positive steps come from weights, in one way for each "
        "value of w_T: a run is given those with the least bound, at every row anew.  "
        "With "
        "equal weights steps fall to 0 linearly, and the bound is that of the average.",
    .method = "sgd",
    .limits = {{LAB_GAP, LAB_EXPECTATION}},
    .assumes = LAB_CONVEX | LAB_NO_PROJECTION,
    .bind = bind,
    .rhs = rhs,
    .sweep = sweep,
};
