/*
 * lab/plugin.h -- the one header a plug-in includes.
 *
 * A plug-in is one file that defines one constant:
 *
 *   problems/logistic.c             LAB_PROBLEM(logistic)       = { ... };
 *   optimizers/momentum.c           LAB_OPTIMIZER(momentum)     = { ... };
 *   schedules/inv_sqrt.c            LAB_SCHEDULE(inv_sqrt)      = { ... };
 *   bounds/seed_avg_regret.c        LAB_BOUND(seed_avg_regret)  = { ... };
 *
 * The file's stem, the macro's argument and the name used in configs are the
 * same word.  `make` finds the file; nothing else has to be edited.
 *
 * Notation, used in code, configs, column heads and figures alike:
 *
 *   x_t, t = 1..T  iterate; x_1 is the start           eta_t  learning rate, x_t -> x_{t+1}
 *   g_t            stochastic gradient, taken AT x_t   xi_t   the sample drawn at step t
 *   l(x; xi), f(x) sampled loss; f = E l               d, n   dimension, data points
 *   L, L_max, mu   smoothness of f, of a sampled loss; strong convexity (mu_min: of the losses)
 *   G              sup norm of a sampled gradient      R1     ‖x_1 - x*‖
 *   sigma2         sup E‖g - grad f‖^2                 D      diameter of the domain
 *
 * Squares carry a 2.  Row t of every table speaks of x_1..x_t and xi_1..xi_t.
 */
#ifndef LAB_PLUGIN_H
#define LAB_PLUGIN_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/chebyshev.h"
#include "lab/data.h"
#include "lab/domain.h"
#include "lab/error.h"
#include "lab/expression.h"
#include "lab/noise.h"
#include "lab/param.h"
#include "lab/random.h"

/** What every plug-in says of itself.  Always the first member ("base"). */
struct lab_plugin {
    const char *summary;            /**< one line, for `lab list` */
    const char *formula;            /**< for the card; lines separated by \n */
    const char *reference;          /**< author (year), theorem or section */
    const struct lab_param *params; /**< ends with LAB_PARAM_END; NULL: none */
    size_t size;                    /**< of the struct that holds them; 0: none */
};

/* ---- facts ------------------------------------------------------------ */

enum lab_status { LAB_UNKNOWN, LAB_MEASURED, LAB_COMPUTED, LAB_ANALYTIC };

/** A constant, how it is known and from where; value is NAN if it is not. */
struct lab_fact {
    double value;
    enum lab_status status;
    char source[256]; /**< "max ‖a_i‖"; of an unknown one: why */
};

/** Records a fact.  `source` is printf-like. */
__attribute__((format(printf, 4, 5))) void lab_know(struct lab_fact *fact,
                                                    enum lab_status status, double value,
                                                    const char *source, ...);
/** Records why a constant is not known. */
__attribute__((format(printf, 2, 3))) void lab_unknown(struct lab_fact *fact,
                                                       const char *why, ...);

struct lab_facts;
/** The minimiser over C of an f that grows with ‖x‖: the point nearest to 0.  Sets it and
 *  x_star; f_star is left to the problem. */
void lab_know_nearest(struct lab_facts *facts, const struct lab_domain *C);
/** Exact gradients of a nonconvex f, over the domain: L = L_max at most `curvature`, G at
 *  most `slope`, each unknown if it is not finite; `why`: what keeps it from a bound. */
void lab_know_limits(struct lab_facts *facts, double curvature, double slope,
                     const char *why);

/**
 * What is known of a problem on its domain C.  `constants` of a problem fills what it
 * knows for batch 1 and without added noise; the source of a bound that need not be the
 * constant itself begins with "at most" or "at least"; the core then solves for the minimum
 * where that is needed, adds start, domain, batch and noise.
 */
struct lab_facts {
    size_t d, n;   /**< dimension; data points (0: f is not a finite sum) */
    size_t xi;     /**< numbers that draw() makes for one sample */
    bool convex;   /**< f and every sampled loss are convex */
    bool scripted; /**< losses follow a script: no step's gradient estimates that of f */
    bool linear;   /**< every sampled loss is linear, its gradient the same everywhere */
    bool cheap;  /**< f costs about as much as a step: the core may take it every step */
    double work; /**< multiplications of one model(); 0: max(n, d) d^2 */
    struct lab_fact L, L_max, mu;   /**< see above; mu = 0: convex, not strongly */
    struct lab_fact mu_min;         /**< every sampled loss is mu_min-strongly convex */
    struct lab_fact PL;             /**< ‖grad f‖^2 >= 2 PL (f - f*) on R^d */
    struct lab_fact G;              /**< over the domain */
    struct lab_fact G_clean;        /**< G before the core's noise; no card shows it */
    struct lab_fact G2;             /**< sup E‖g‖^2 over the domain */
    struct lab_fact sigma2;         /**< over the domain */
    struct lab_fact sigma2_star;    /**< E‖g‖^2 at x_star */
    struct lab_fact f_star, x_star; /**< minimum over the domain; ‖x_star‖ */
    struct lab_fact f_low;     /**< f >= f_low on the domain, where f_star is unknown */
    struct lab_fact f1, R1, D; /**< f(x_1), ‖x_1 - x_star‖, diameter of the domain */
    double *x1, *minimiser;    /**< d numbers, owned by the core; minimiser NULL:
                                             unknown */
    const double *lam, *basis; /**< f = sum lam_i <basis_i, x - x*>^2/2: d, d x d (rows;
                                             NULL: identity); lam NULL: no quadratic */
    double row2, label2;       /**< of streams of (<a, x - x*> - e)^2/2 with H = E a a':
                                             E‖a‖^2 a a' <= row2 H, E e^2 a a' <= label2 H;
                                             row2 = 0: no such stream */
};

/* ---- problems --------------------------------------------------------- */

/** The samples of one step for a block of replicas. */
struct lab_sample {
    size_t batch;          /**< samples per replica */
    const uint32_t *index; /**< replicas x batch data points, replica after replica */
    size_t known; /**< indices readable from `index` on (>= replicas x batch): prefetch */
    const double *xi; /**< replicas x batch x facts->xi: what draw() made */
};

/** What is known of each sampled loss alone, l_i(x) on the domain: see sizes() below. */
enum lab_size {
    LAB_SMOOTHNESS, /**< L_i; of a composite f that of its smooth part */
    LAB_NORM,       /**< ‖a_i‖, or what else tells large gradients from small ones */
    LAB_STEEPNESS   /**< G_i >= ‖grad l_i‖ */
};

/** Where `lab list problems` shows a problem. */
enum lab_group {
    LAB_GROUP_SMOOTH,    /**< convex, smooth */
    LAB_GROUP_NONSMOOTH, /**< convex, with kinks */
    LAB_GROUP_ONLINE,    /**< convex, losses that come one after another */
    LAB_GROUP_NONCONVEX,
    LAB_GROUP_USER, /**< the user writes f */
    LAB_GROUPS
};

/**
 * An objective f over R^d, of one of three kinds:
 *
 *   a finite sum (n > 0) has n sampled losses, of which the core draws;
 *   a stream (draw) makes every sample anew; l(x; xi), f = E l where that exists;
 *   otherwise the only randomness is the noise that the core adds.
 *
 * Work is done for a block of `replicas` independent runs at a time; the iterate of
 * replica r is x[r*d .. r*d+d-1], its gradient g likewise.  What comes out for one
 * replica never depends on the others or on its place, to the last bit.  After
 * constants(), `self` is read-only and shared between threads.
 */
struct lab_problem {
    struct lab_plugin base;
    enum lab_group group;
    const char
        *strongly; /**< "l2 > 0": what makes f strongly convex; NULL: nothing does */

    /** Reads or builds the data; sets facts->d, n or xi, convex, cheap.  0, or lab_fail(). */
    int (*open)(void *self, struct lab_facts *facts, struct lab_error *err);
    /** Frees what open() and constants() allocated, not `self`.  Optional. */
    void (*close)(void *self);
    /** Fills the facts it knows over the domain C (bound to d).  f_star and minimiser only
     *  where there is a closed form: set facts->minimiser[0..d-1] and f_star, x_star. */
    void (*constants)(void *self, const struct lab_domain *C, struct lab_facts *facts);
    /** Default x_1; NULL: zero. */
    void (*start)(const void *self, double *x);

    /** Streams: one sample xi (facts->xi numbers) of step t = 1, 2, ...  Scripted losses look
     *  at t, random ones at rng. */
    void (*draw)(const void *self, gsl_rng *rng, size_t t, double *xi);
    /** Finite sums and streams: g and loss (one per replica) of the mini-batch means; of
     *  streams also without g (NULL). */
    void (*gradient)(const void *self, const struct lab_sample *sample, size_t replicas,
                     const double *x, double *g, double *loss);
    /** f[i] = f(x_i) exactly for `count` points; g = grad f too unless NULL. */
    void (*objective)(const void *self, size_t count, const double *x, double *f,
                      double *g);
    /** Finite sums: all n sampled losses at one x, and ‖grad l_i‖^2 unless NULL. */
    void (*components)(const void *self, const double *x, double *loss, double *grad2);

    /** Finite sums: low[i] = inf of sampled loss i over R^d, n numbers, zero on entry; never
     *  above it but for rounding.  0, or lab_fail() if that is not known.  NULL: unknown. */
    int (*infima)(const void *self, double *low, struct lab_error *why);

    /** Finite sums: n numbers over the domain C, for importance sampling: L_i and G_i are as
     *  sharp as the facts L_max and G, and bounds where those are.  0, or lab_fail() if that is
     *  not known.  NULL: unknown. */
    int (*sizes)(const void *self, enum lab_size what, const struct lab_domain *C,
                 double *size, struct lab_error *why);

    /** Composite f = s + h, h a sum over coordinates: h(x); adds `weight` times the
     *  subgradient of h that is part of gradient() and objective() to g, unless NULL.
     *  NULL: h = 0. */
    double (*penalty)(const void *self, double weight, const double *x, double *g);
    /** Composite f: x <- argmin_u h(u) + ‖u - x‖^2/(2 eta), for each replica. */
    void (*prox)(const void *self, double eta, size_t replicas, double *x);

    /**
     * For the solver, convex problems only.  Value, gradient (d) and Hessian (d x d, both
     * triangles) at x of a twice differentiable convex F that tends to f with the
     * smoothing s, |F - f| = O(s log(1/s)), and whose minimiser over C has f <= f* + s; a
     * smooth f is its own F for any smoothing.  NULL: no solver; NAN: none for this f.
     */
    double (*model)(const void *self, double smoothing, const double *x, double *g,
                    double *H);
    /** For the solver.  A certified lower bound of min f over C, from x near the minimum
     *  of that F.  NULL: the solver linearises f at x, which is valid for smooth convex f. */
    double (*lower)(const void *self, double smoothing, const struct lab_domain *C,
                    const double *x);
    /** For the solver without a domain: -1 with the reason if x proves that f has no
     *  minimiser (separable data).  Optional. */
    int (*escapes)(const void *self, const double *x, struct lab_error *why);
    /** For the solver without a domain: x <- a point where f = 0, its least conceivable value,
     *  if one is found (of a separating x, some multiple); else false.  Optional. */
    bool (*attain)(const void *self, double *x);
    /** For the solver, lets it certify where mu = 0: the rho with |f'''| <= rho f'' along
     *  every line with unit direction; 0 of a quadratic.  NULL: there is none. */
    double (*concordance)(const void *self);
};

/** The spectrum that options ask for, *d numbers; free() it: `given`, which sets *d (0 before), or
 *  from L down to mu in geometric steps; *d = 0: 10 of them.  NULL after lab_fail(). */
double *lab_eigenvalues(const struct lab_vector *given, size_t *d, double L, double mu,
                        struct lab_error *err);

/** The concordance of a quadratic. */
static inline double lab_no_concordance(const void *self)
{
    (void)self;
    return 0.0;
}

/** The infima of losses >= 0 of which each can be made 0. */
static inline int lab_infima_zero(const void *self, double *low, struct lab_error *why)
{
    (void)self, (void)low, (void)why;
    return 0;
}

/* ---- optimizers ------------------------------------------------------- */

/** One step of a block of replicas, as an optimizer sees it. */
struct lab_step {
    size_t t, T;           /**< x is x_t on entry, x_{t+1} on return; the last step */
    double eta;            /**< eta_t, from the schedule */
    double eta_next;       /**< eta_{t+1}; after the last step eta_T again */
    size_t replicas, d, n; /**< n = replicas * d */
    size_t points;         /**< data points of a finite sum, otherwise 0 */
    double *x;             /**< n doubles, replica after replica */
    double **vector;       /**< the optimizer's `vectors` arrays of n doubles */
    double *scalar;        /**< `scalars` doubles per replica */
    double *table;         /**< with `table`: replicas x points x d, zero before step 1 */
    gsl_rng **rng;         /**< with `random`: one of its own for each replica */
    double f_star;         /**< min f over the domain, NAN if unknown */
    /* Of the samples last drawn, one per replica: */
    const double *loss;      /**< l(y; xi), y where the gradient was last taken */
    const double *loss_star; /**< l(x*; xi); NULL: x* is unknown */
    const double *loss_low;  /**< with `infima`: inf of l(.; xi) */
    const uint32_t *index;   /**< the data points: replicas x batch; NULL: none */
    struct lab_block *block;
};

/* Gradients: n doubles, valid until the next call of the same function.  The core counts
 * them.  What metrics call g_t and l(.; xi_t) comes of the first two, which a step calls once:
 * g_t is the one returned, the loss is that at x_t whatever y was. */

/** Draws fresh samples xi_t; g_t, taken at s->x. */
const double *lab_gradient(struct lab_step *s);
/** The same, taken at other points y. */
const double *lab_gradient_at(struct lab_step *s, const double *y);
/** At y once more for the samples last drawn. */
const double *lab_gradient_again(struct lab_step *s, const double *y);
/** At y for samples of its own.  Overwrites what lab_gradient_again() returned. */
const double *lab_gradient_fresh(struct lab_step *s, const double *y);
/** grad f at y for replicas r .. r+count-1: y and g are theirs, count x d. */
void lab_full_gradient(struct lab_step *s, size_t r, size_t count, const double *y,
                       double *g);
/** The gradient (d) at y of loss i of a finite sum, for replica r; without the weight that
 *  importance sampling would give it. */
void lab_sample_gradient(struct lab_step *s, size_t r, uint32_t i, const double *y,
                         double *g);
/** Composite f: y <- argmin_u h(u) + ‖u - y‖^2/(2 eta) for every replica; h = 0: nothing. */
void lab_prox(struct lab_step *s, double eta, double *y);
/** Every replica's y <- its projection on the domain. */
void lab_project(struct lab_step *s, double *y);
/** Every replica's y <- exp(y)/sum_j exp(y_j), a point of the simplex. */
void lab_exponentiate(struct lab_step *s, double *y);

/** ‖x‖ of d numbers, summed in their order: the same wherever x lies in memory.  Scaled
 *  where squares would leave the range of doubles; inf or NaN only if x holds one. */
static inline double lab_norm(size_t d, const double *x)
{
    double sum = 0.0, most = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * x[j];
    if (isnan(sum) || (sum > 1e-280 && sum < 1e300))
        return sqrt(sum);
    for (size_t j = 0; j < d; j++)
        most = fmax(most, fabs(x[j]));
    if (most == 0.0 || isinf(most))
        return most;
    sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += (x[j] / most) * (x[j] / most);
    return most * sqrt(sum);
}

struct lab_course;

/**
 * An update rule.  The core owns the state: it hands out `vectors` arrays like x and
 * `scalars` numbers per replica, zeroed before step 1, projects on the domain after
 * each step, records and counts.  So an optimizer does none of that.
 */
struct lab_optimizer {
    struct lab_plugin base;
    unsigned vectors, scalars;
    bool table;    /**< d numbers for each data point and replica: see lab_step.table */
    bool random;   /**< draws random numbers: see lab_step.rng */
    bool infima;   /**< needs the infimum of each sampled loss: see lab_step.loss_low */
    bool plain;    /**< x_{t+1} = P(x_t - eta_t g_t) and nothing else: see lab/slack.h */
    bool prox;     /**< f = s + h: its gradients are those of s, h goes by lab_prox() */
    bool feasible; /**< leaves x in the domain: the core does not project */
    void (*step)(const void *self, struct lab_step *s);
    /** 0, or lab_fail() if it cannot run on this course.  Optional. */
    int (*check)(const void *self, const struct lab_course *c, struct lab_error *why);
};

/** A check: the method goes back to single data points, so there must be some. */
int lab_needs_data(const void *self, const struct lab_course *c, struct lab_error *why);
/** A check: the same, and a step looks at one of them. */
int lab_needs_points(const void *self, const struct lab_course *c, struct lab_error *why);
/** A check: the theory is that of smooth f; h of a composite f has kinks. */
int lab_needs_smooth(const void *self, const struct lab_course *c, struct lab_error *why);
/** A check: that and data points. */
int lab_needs_smooth_data(const void *self, const struct lab_course *c,
                          struct lab_error *why);
/** A check: weights are multiplied, so they must be on the simplex and not 0 at the start. */
int lab_needs_simplex(const void *self, const struct lab_course *c,
                      struct lab_error *why);

/* ---- schedules -------------------------------------------------------- */

/** A learning rate: a pure function of t = 1..T, or of the problem's facts as well.  The core
 *  tabulates it before a run and puts the option `warmup` in front of any. */
struct lab_schedule {
    struct lab_plugin base;
    /** Checks and reads what options mean, once for the horizon T.  0, or lab_fail().  Optional. */
    int (*open)(void *self, size_t T, struct lab_error *err);
    /** Frees what open() allocated, not `self`.  Optional. */
    void (*close)(void *self);
    double (*eta)(const void *self, size_t t, size_t T);
    /** Instead of eta(), of a schedule that looks at facts: eta[t-1] = eta_t for t = 1..c->eta.T,
     *  on a course that has neither an optimizer nor steps yet.  0, or lab_fail(). */
    int (*tabulate)(const void *self, const struct lab_course *c, double *eta,
                    struct lab_error *err);
    /** The steps at which eta_t bends or jumps, ascending: number k = 0, 1, ...; 0: no more.
     *  The first of them get rows of their own.  Optional. */
    size_t (*kink)(const void *self, size_t T, size_t k);
};

/** 0 if a theorem of that name prescribes learning rates, or lab_fail(). */
int lab_prescribes(const char *bound, struct lab_error *err);
/** eta[t-1] = the eta_t that this theorem prescribes, t = 1..c->eta.T; or lab_fail(), for
 *  instance with the fact that is unknown. */
int lab_prescribed(const char *bound, const struct lab_course *c, double *eta,
                   struct lab_error *err);

/* ---- bounds ----------------------------------------------------------- */

/** The quantities of contract.md, section 2, at row t. */
enum lab_metric {
    LAB_NO_METRIC,
    LAB_AVG_LOSS,
    LAB_AVG_REGRET,
    LAB_LOSS,
    LAB_GAP,
    LAB_AVG_GAP,
    LAB_AVG_GRAD2,
    LAB_AVG_GAP_THINNED,
    LAB_AVG_GRAD2_THINNED,
    LAB_GAP_BEST,
    LAB_GAP_MEAN_ITERATE,
    LAB_GAP_ETA_ITERATE,
    LAB_GAP_SUFFIX_ITERATE,
    LAB_GAP_POLY_ITERATE,
    LAB_GAP_EMA_ITERATE,
    LAB_DIST2,
    LAB_GRAD2,
    LAB_R,
    LAB_G,
    LAB_AVG_LINEAR_REGRET,
    LAB_AVG_REGRET_HINDSIGHT,
    LAB_AVG_GRAD,
    LAB_AVG_GRAD_L1,
    LAB_EVALUATIONS,
    LAB_SLACK_CONVEXITY, /**< from here on as in lab/slack.h, in its order */
    LAB_SLACK_GRADIENT,
    LAB_SLACK_DISTANCE,
    LAB_SLACK_LAST,
    LAB_SLACK_PROJECTION,
    LAB_LAST_SLACK_DISTANCE,
    LAB_LAST_SLACK_GRADIENT,
    LAB_LAST_SLACK_CONVEXITY,
    LAB_LAST_SLACK_SUFFIX,
    LAB_METRICS,
    LAB_OWN = LAB_METRICS /**< what a theorem's watch makes: see lab_watch.own */
};

/** How a theorem speaks. */
enum lab_mode {
    LAB_PATH,        /**< on every run */
    LAB_EXPECTATION, /**< of the mean over runs */
    LAB_EXACT,       /**< of the mean over runs, an equality */
    LAB_PROBABILITY, /**< of a share of 1 - `delta` of the runs: the input of that name */
    LAB_LOWER,       /**< on every run, from below */
    LAB_LOWER_MEAN   /**< of the mean over runs, from below */
};

/** Does it speak of the mean over runs? */
static inline bool lab_of_mean(enum lab_mode mode)
{
    return mode == LAB_EXPECTATION || mode == LAB_EXACT || mode == LAB_LOWER_MEAN;
}

/** One quantity that a theorem limits, and how. */
struct lab_limit {
    enum lab_metric metric;
    enum lab_mode mode;
    bool realised; /**< PATH: G is the one met on the path, not the fact */
};

/** Assumptions the core checks and explains in words; all theorems need eta_t > 0. */
enum lab_assumption {
    LAB_CONVEX = 1 << 0,          /**< every sampled loss convex */
    LAB_NONINCREASING = 1 << 1,   /**< eta_t >= eta_{t+1} */
    LAB_CONSTANT_STEP = 1 << 2,   /**< eta_t = eta */
    LAB_BOUNDED_DOMAIN = 1 << 3,  /**< projection on a bounded convex set */
    LAB_NO_PROJECTION = 1 << 4,   /**< x_{t+1} = x_t - eta_t g_t exactly */
    LAB_STRONGLY_CONVEX = 1 << 5, /**< f mu-strongly convex, mu > 0 */
    LAB_EXACT_GRADIENTS = 1 << 6, /**< g_t = grad f(x_t) */
    LAB_FOR_HORIZON = 1 << 7,     /**< steps made for one T: speaks of row T alone */
    LAB_BEFORE_LAST = 1 << 8, /**< speaks of x_T: eta_T, which leads beyond, is free */
    LAB_FINITE_SUM = 1 << 9,  /**< data points, no noise added to their gradients */
    LAB_ADDITIVE_NOISE = 1 << 10, /**< nothing but additive noise is random */
    LAB_RESHUFFLED = 1 << 11,     /**< batch 1, data points in the order of random
                                     permutations instead of unbiased gradients */
    LAB_STRONG_LOSSES = 1 << 12,  /**< every sampled loss mu_min-strongly convex, > 0 */
    LAB_UNIFORM = 1 << 13,        /**< no importance sampling: all points are alike */
};

/** What observers see of step t, in the middle of it: x_t, and the sample's outcome. */
struct lab_moment {
    size_t t, replicas, d;
    double eta;
    const double *x;         /**< x_t, replicas x d */
    const double *g;         /**< g_t, replicas x d: where the method takes it */
    const double *loss;      /**< l(x_t; xi_t), one per replica */
    const double *loss_star; /**< l(x*; xi_t), one per replica; NULL if x* is unknown */
    const double *x_star;    /**< x*, d; NULL if unknown */
    const double *f, *grad;  /**< f(x_t), grad f(x_t), for a watch that wants them */
};

/** What the checks of theorems and optimizers may look at. */
struct lab_course {
    const struct lab_facts *facts;
    const struct lab_domain *domain;
    bool composite; /**< f = s + h, and the prox of h is known */
    const char *problem, *optimizer, *sampling; /**< names as in the config */
    size_t batch;                               /**< 0: the whole sum */
    const struct lab_noise *noise;
    bool streams; /**< every sample is made anew: see draw() of a problem */
    struct lab_steps eta;
    const double *loss_low;           /**< with `infima` of an optimizer: n of them */
    const struct lab_problem *oracle; /**< the problem itself */
    const void *oracle_self;
    const struct lab_optimizer *method; /**< the optimizer and its options */
    const void *method_self;
    double average_alpha; /**< of gap_suffix_iterate */
};

/* What several theorems assume: 0, or lab_fail(). */

/** Every eta_t <= most, but for rounding; with `strictly` eta_t < most.  `what`: "1/L". */
int lab_step_cap(const struct lab_course *c, double most, bool strictly, const char *what,
                 struct lab_error *why);
/** sigma2_star = 0: every sampled gradient vanishes at x*, exactly or as far as doubles tell, that
 *  is up to the rounding of a gradient, 64 eps L_max (‖x*‖ + R1): less no run can see. */
int lab_needs_interpolation(const struct lab_course *c, struct lab_error *why);
/** x_1 = 0. */
int lab_needs_zero_start(const struct lab_course *c, struct lab_error *why);
/** No projection, or one that cannot raise f, x* being the minimum over R^d: towards x* coordinate
 *  by coordinate. */
int lab_needs_mild_projection(const struct lab_course *c, struct lab_error *why);

/** The optimizer's option of that name, a number, a count or a flag; NAN: it has none. */
double lab_option(const struct lab_course *c, const char *name);
/** The same of a word; "": it has none. */
const char *lab_option_word(const struct lab_course *c, const char *name);
/** The problem's option of that name: as lab_option(), lab_option_word(). */
double lab_problem_option(const struct lab_course *c, const char *name);
const char *lab_problem_option_word(const struct lab_course *c, const char *name);
/** E[l(x*; xi) - low] of an optimizer that has `infima` on a finite sum without noise, all
 *  points alike; x* is known. */
double lab_excess_at_star(const struct lab_course *c);
/** Takes a constant: 0, or lab_fail() with `name` and why it is unknown.  `measured` becomes true
 *  if it was only measured. */
int lab_take(const struct lab_fact *fact, const char *name, double *to, bool *measured,
             struct lab_error *why);

/**
 * What a theorem keeps of every replica's path, step by step, where no metric says it.
 * Inputs are shared by threads: read only.
 */
struct lab_watch {
    const char *quantity;        /**< definition of what own() gives, one line */
    bool objective;              /**< see() looks at f and grad f of a step */
    size_t (*numbers)(size_t d); /**< to keep for a replica, zero at first */
    void (*see)(const void *inputs, const struct lab_moment *m, size_t r, double *kept);
    /** The quantity bounded, limit LAB_OWN, after steps 1..t.  Optional. */
    double (*own)(const void *inputs, size_t d, size_t t, const double *kept);
    /** Or: the quantity bounded is f - f* at this point (d numbers), such as a mean kept. */
    const double *(*point)(const void *inputs, size_t d, size_t t, const double *kept);
    /** The right-hand side of this path, instead of `rhs` of the theorem; of a limit in
     *  expectation the mean over runs is taken on both sides.  Optional. */
    double (*rhs)(const void *inputs, size_t d, size_t t, const double *kept);
};

/** The learning rates that a theorem prescribes. */
struct lab_prescription {
    const char *formula;  /**< "eta_t = R1/(G sqrt(T))", for the card; NULL: none */
    const char *facts[4]; /**< what it takes, named like inputs: "R1", "G" */
    double (*eta)(const double *fact, size_t t, size_t T); /**< fact[k]: facts[k] */
};

/** A check: eta_t <= factor/L, rounding apart; if not, says at which step it is not. */
int lab_check_cap(const struct lab_course *c, double factor, struct lab_error *why);
/** The same with L_max. */
int lab_check_cap_max(const struct lab_course *c, double factor, struct lab_error *why);
/** A check: eta_t = 1 for all t: the method chooses its steps itself. */
int lab_check_ones(const struct lab_course *c, struct lab_error *why);
/** A check: eta_t = eta_1 shape(t, T)/shape(1, T), rounding apart, where that is positive;
 *  `text`: "eta_t = c/t". */
int lab_check_shape(const struct lab_course *c, double (*shape)(size_t t, size_t T),
                    const char *text, struct lab_error *why);
/** True if a <= b, rounding apart: of learning rates and caps that should be equal. */
static inline bool lab_at_most(double a, double b)
{
    return a <= b * (1.0 + 1e-12);
}

/**
 * A theorem: its assumptions, checked, and its right-hand side, one formula.
 *
 * `base.params` are the inputs of the formula.  The core fills them by name: R (realised
 * max_{s<=t} ‖x_s - x*‖), G (realised, or the fact; of an expectation sqrt(G2)), R1, D, L, Lmax,
 * mu, sigma2, sigma2_star, gap1 = f(x_1) - f*, n, d, T or k or N (the horizon of a row), eta (a
 * number: constant step), any LAB_STEPS (eta_1..eta_T), lam, delta0, s2 (of a quadratic; s2 the
 * noise variance along each axis); what it does not know by name, or `binds` names, is left to
 * bind().  An input that the run does not know makes the theorem inapplicable.
 */
struct lab_bound {
    struct lab_plugin base;
    const char *statement; /**< one paragraph, for the card */
    const char *method; /**< the optimizer it is about; "a|b": one of them; NULL: any */
    struct lab_limit limits[6]; /**< ends with LAB_NO_METRIC */
    unsigned assumes;           /**< LAB_CONVEX | ... */
    size_t lag;                 /**< row t of the metric is the formula at T = t - lag */
    /** Rows t = 1 + k period alone speak, T = k.  0: none do here.  Optional. */
    size_t (*period)(const void *inputs);
    /** Is anything said at the horizon T?  T and eta.T of the inputs do not count; NULL: at
     *  every one. */
    bool (*speaks)(const void *inputs, size_t T);
    /** 0, or lab_fail() with the assumption that does not hold.  Optional. */
    int (*check)(const struct lab_course *c, struct lab_error *why);
    const char *horizon; /**< the input that is the horizon; NULL: T, k or N */
    const char *binds;   /**< "a|b": inputs that bind() fills, not the core; optional */
    /** Fills inputs that the core does not know, or other than by their names (c of eta_t =
     *  c/sqrt(t)), and compares them; may use lab_take().  0, or lab_fail().  Optional. */
    int (*bind)(const struct lab_course *c, void *inputs, bool *measured,
                struct lab_error *why);
    struct lab_watch watch;               /**< see() NULL: it watches nothing */
    struct lab_prescription prescription; /**< optional */
    /** Instead of prescription.eta(), of a recursion: eta[t-1] = eta_t for t = 1..T. */
    void (*prescribe)(const double *fact, size_t T, double *eta);
    /** 0, or lab_fail() if inputs of `lab bound` do not fit together.  Optional. */
    int (*inputs)(const void *inputs, struct lab_error *err);
    double (*rhs)(const void *inputs);
    /** rhs[k] = the formula at T[k], ascending, for a recursion whose every horizon would
     *  otherwise start anew; T and eta.T of the inputs do not count.  Optional. */
    void (*sweep)(const void *inputs, size_t rows, const size_t *T, double *rhs);
};

/* ---- definitions ------------------------------------------------------ */

#define LAB_DEFINE(kind, id)                                                             \
    extern const struct lab_##kind lab_##kind##_##id;                                    \
    const struct lab_##kind lab_##kind##_##id
#define LAB_PROBLEM(id) LAB_DEFINE(problem, id)
#define LAB_OPTIMIZER(id) LAB_DEFINE(optimizer, id)
#define LAB_SCHEDULE(id) LAB_DEFINE(schedule, id)
#define LAB_BOUND(id) LAB_DEFINE(bound, id)

/** On the few kernels that decide the speed: compiled for several CPU generations and
 *  chosen at start-up, so that a portable binary is fast.  Off for builds that have no use
 *  for it. */
#if defined(LAB_MULTIVERSION)
#define LAB_HOT                                                                          \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define LAB_HOT
#endif

#include "lab/layers.h"
#include "lab/linear.h"
#include "lab/multiclass.h"
#include "lab/online.h"
#include "lab/sum.h"

#endif
