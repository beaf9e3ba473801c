/*
 * tests/test_nonconvex.c -- nonconvex problems: tiny instances by hand, minima, and the
 * phenomena they are there for.  Gradients and facts in general: tests/test_plugins.c.
 */
#include <gsl/gsl_linalg.h>

#include "lab/data.h"
#include "lab/random.h"
#include "tests/helpers.h"

/* ---- helpers --------------------------------------------------------------------- */

static struct lab_experiment *opened;

/* The problem of some options; close_problem() it before the next. */
__attribute__((format(printf, 1, 2))) static const struct lab_problem_entry *
problem(const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert_in_range(length, 0, sizeof text - 1);
    opened = experiment("problems = ( { %s } ); " SGD STEP(0.1), text);
    return opened->problem;
}

static void close_problem(void)
{
    lab_experiment_free(opened);
    opened = NULL;
}

static double value(const struct lab_problem_entry *p, const double *x, double *g)
{
    double f;
    p->problem->objective(p->self, 1, x, &f, g);
    return f;
}

/* One step of gradient descent; f before it. */
static double descend(const struct lab_problem_entry *p, double eta, double *x)
{
    double *g = lab_alloc(p->facts.d, sizeof *g), f = value(p, x, g);
    for (size_t j = 0; j < p->facts.d; j++)
        x[j] -= eta * g[j];
    free(g);
    return f;
}

static double *copy_start(const struct lab_problem_entry *p)
{
    double *x = lab_alloc(p->facts.d, sizeof *x);
    memcpy(x, p->facts.x1, p->facts.d * sizeof *x);
    return x;
}

/* Greatest eigenvalue of the Hessian by size: power iteration on differences of gradients. */
static double sharpness(const struct lab_problem_entry *p, const double *x)
{
    enum { ROUNDS = 150 };
    const size_t d = p->facts.d;
    const double h = 1e-5;
    double *v = lab_alloc(d, sizeof *v), *ends = lab_alloc(4 * d, sizeof *ends);
    double *g = ends + 2 * d, f[2], size = 0.0;
    for (size_t j = 0; j < d; j++)
        v[j] = sin((double)j + 1.0);
    for (size_t round = 0; round < ROUNDS; round++) {
        const double scale = sqrt(dot(d, v, v));
        for (size_t j = 0; j < d; j++) {
            v[j] /= scale;
            ends[j] = x[j] + h * v[j], ends[d + j] = x[j] - h * v[j];
        }
        p->problem->objective(p->self, 2, ends, f, g);
        for (size_t j = 0; j < d; j++)
            v[j] = (g[j] - g[d + j]) / (2.0 * h);
        size = sqrt(dot(d, v, v));
    }
    free(v), free(ends);
    return size;
}

/* ---- minima ---------------------------------------------------------------------- */

/* f = f_star and no slope at the minimiser, and nothing near it is lower. */
static void planted_minima_are_stationary(void **state)
{
    static const char *const options[] = {
        "type = 'phase_retrieval';",
        "type = 'phase_retrieval'; n = 3; d = 7; init_seed = 5;",
        "type = 'matrix_factorization';",
        "type = 'matrix_factorization'; rank = 5; observed = 0.4; init_seed = 2;",
        "type = 'matrix_factorization'; rows = 9; columns = 14; sigma = 0.3;",
        "type = 'matrix_factorization'; rows = 14; columns = 9; sigma = 0.3; rank = 12;",
        "type = 'deep_linear'; data = 'synthetic'; n = 50; d = 6; depth = 4; width = 3;",
        "type = 'deep_linear'; data = 'synthetic'; n = 4; d = 9; depth = 2; width = 5;",
        "type = 'deep_linear'; data = 'wine'; normalize = 'none'; width = 2;",
        "type = 'attention'; scale = 3.0;",
        "type = 'octopus'; d = 5; tau = 0.7; curvature = 2.0; gamma = 0.4;",
        "type = 'octopus'; start = ( -0.1, 0.1, 0.1, -0.1 );",
    };
    (void)state;
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        const struct lab_problem_entry *p = problem("%s", options[k]);
        const struct lab_facts *f = &p->facts;
        const size_t d = f->d;
        assert_non_null(f->minimiser);
        double *g = lab_alloc(d, sizeof *g), *x = lab_alloc(d, sizeof *x);
        gsl_rng *rng = lab_rng_new(k, 0, LAB_FOR_TESTS);
        const double f1 = value(p, f->x1, g), least = value(p, f->minimiser, g);
        assert_true(f1 > f->f_star.value + 1e-3);
        assert_true(fabs(least - f->f_star.value) <= 1e-12 * (1.0 + fabs(least)));
        assert_true(sqrt(dot(d, g, g)) <= 1e-10 * (1.0 + fabs(f1)));
        assert_close(f->x_star.value, sqrt(dot(d, f->minimiser, f->minimiser)), 1e-12);
        for (int round = 0; round < 20; round++) {
            lab_draw_gaussian(rng, round < 10 ? 1e-2 : 1.0, d, x);
            for (size_t j = 0; j < d; j++)
                x[j] += f->minimiser[j];
            assert_true(value(p, x, NULL) >= f->f_star.value - 1e-12);
        }
        gsl_rng_free(rng), free(g), free(x);
        close_problem();
    }
}

static void unknown_minima_say_why(void **state)
{
    static const struct {
        const char *options, *why;
    } cases[] = {
        {"type = 'phase_retrieval'; sigma = 0.1;", "noise moves the planted minimum"},
        {"type = 'attention'; sigma = 0.1;", "noise moves the planted minimum"},
        {"type = 'matrix_factorization'; sigma = 0.1; observed = 0.5;",
         "entries are missing"},
        {"type = 'matrix_factorization'; rank = 2; observed = 0.5;",
         "entries are missing"},
        {"type = 'mlp';", "no certified minimum"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const struct lab_facts *f = &problem("%s", cases[k].options)->facts;
        assert_true(f->f_star.status == LAB_UNKNOWN && isnan(f->f_star.value));
        assert_non_null(strstr(f->f_star.source, cases[k].why));
        assert_true(f->f_low.status == LAB_ANALYTIC && f->f_low.value == 0.0);
        assert_true(f->L.status == LAB_UNKNOWN && f->sigma2.status == LAB_UNKNOWN);
        close_problem();
    }
    assert_non_null(
        strstr(problem("type = 'mlp'; activation = 'relu';")->facts.L.source, "kinks"));
    close_problem();
}

/* A domain keeps what lies in it. */
static void minima_over_domains(void **state)
{
#define BOX(lower, upper)                                                                \
    "domain = { type = 'box'; lower = " lower "; upper = " upper "; };"
    (void)state;
    const struct lab_facts *f =
        &problem("type = 'himmelblau'; " BOX("-5.0", "-1.0"))->facts;
    assert_close(f->f_star.value, 0.0, 0.0);
    assert_close(f->minimiser[0], -3.779310253377747, 1e-15);
    assert_close(f->minimiser[1], -3.283185991286170, 1e-15);
    close_problem();
    f = &problem("type = 'saddle'; " BOX("( -1.0, -2.0 )", "( 1.0, -0.5 )"))->facts;
    assert_close(f->minimiser[1], -1.0, 0.0);
    close_problem();
    f = &problem("type = 'octopus'; d = 2; " BOX("( -9.0, 0.0 )", "( -1.0, 9.0 )"))
             ->facts;
    assert_close(f->minimiser[0], -4.0, 0.0);
    assert_close(f->minimiser[1], 4.0, 0.0);
    close_problem();
    f = &problem("type = 'rosenbrock'; " BOX("-0.5", "0.5"))->facts; /* not (1, 1) */
    assert_true(f->f_star.status == LAB_UNKNOWN);
    assert_close(f->f_low.value, 0.0, 0.0);
    close_problem();
}

/* ---- classical functions ----------------------------------------------------------- */

/* Values worked out from the formulas, and minima as printed in collections of test functions
 * (Jamil & Yang 2013; Surjanovic & Bingham 2013). */
static void classical_values(void **state)
{
    static const struct {
        const char *type;
        double x[2], f, digits;
    } cases[] = {
        {"ackley", {1.0, 1.0}, 3.6253849384403627, 1e-14}, /* 20 (1 - e^{-0.2}) */
        {"beale", {1.0, 1.0}, 14.203125, 1e-15},           /* 1.5^2 + 2.25^2 + 2.625^2 */
        {"beale", {3.0, 0.5}, 0.0, 0.0},
        {"booth", {0.0, 0.0}, 74.0, 0.0},
        {"booth", {1.0, 3.0}, 0.0, 0.0},
        {"goldstein_price", {0.0, 0.0}, 600.0, 0.0},
        {"goldstein_price", {0.0, -1.0}, 3.0, 0.0},
        {"goldstein_price", {-0.6, -0.4}, 30.0, 1e-13},
        {"goldstein_price", {1.8, 0.2}, 84.0, 1e-12},
        {"goldstein_price", {1.2, 0.8}, 840.0, 1e-12},
        {"himmelblau", {0.0, 0.0}, 170.0, 0.0},
        {"himmelblau", {3.0, 2.0}, 0.0, 0.0},
        {"rastrigin", {1.0, 1.0}, 2.0, 1e-14},
        {"rastrigin", {0.5, 0.5}, 40.5, 1e-15},
        {"rosenbrock", {-1.2, 1.0}, 24.2, 1e-14},
        {"saddle", {1.0, 1.0}, 0.25, 0.0},
        {"saddle", {0.0, 1.0}, -0.25, 0.0},
        {"styblinski_tang", {-2.903534, -2.903534}, -78.33233140754, 1e-12},
        {"styblinski_tang", {1.0, -1.0}, -15.0, 0.0},
        {"three_hump_camel", {1.0, -1.0}, 1.1166666666666667, 1e-14}, /* 2 - 1.05 + 1/6 */
        {"three_hump_camel", {1.7475523, -0.8737762}, 0.298638442, 1e-8},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const double f = value(problem("type = '%s';", cases[k].type), cases[k].x, NULL);
        if (fabs(f - cases[k].f) > cases[k].digits * fabs(cases[k].f))
            fail_msg("%s: %.17g, not %.17g", cases[k].type, f, cases[k].f);
        close_problem();
    }
}

static void rosenbrock_takes_even_dimensions(void **state)
{
    struct lab_mistakes mistakes = {0};
    (void)state;
    assert_int_equal(problem("type = 'rosenbrock'; d = 6;")->facts.d, 6);
    close_problem();
    struct lab_experiment *e = try_experiment(
        "problems = ( { type = 'rosenbrock'; d = 5; } ); " SGD STEP(0.1), &mistakes);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(mistakes.line[0], "d = 5 is not even"));
    lab_mistakes_free(&mistakes);
    lab_experiment_free(e);
}

/* y grows by 1.1 a step while it is small: from 1e-9 to 1e-2 takes log(1e7)/log(1.1) = 169.1
 * steps; from 0 nothing happens. */
static void saddle_is_left_in_logarithmic_time(void **state)
{
    const double first[] = {1e-2, 1e-9, 1e-16, 0.0};
    size_t steps[4];
    (void)state;
    const struct lab_problem_entry *p = problem("type = 'saddle';");
    for (size_t k = 0; k < 4; k++) {
        double x[2] = {1.0, first[k]};
        steps[k] = 0;
        while (x[1] < 0.9 && steps[k] < 1000)
            descend(p, 0.1, x), steps[k]++;
    }
    assert_in_range(steps[0], 48, 60);
    assert_in_range(steps[1] - steps[0], 168, 170);
    assert_in_range(steps[2] - steps[1], 168, 170);
    assert_int_equal(steps[3], 1000);
    close_problem();
}

/* ---- phase retrieval, factorization ------------------------------------------------ */

/* n = d = 1: f = a^4 (x^2 - w^2)^2/4, so f(2w) = 9 f(0) and f'(2w) = 6 a^4 w^3 = 24 f(0)/w. */
static void one_measurement(void **state)
{
    (void)state;
    const struct lab_problem_entry *p =
        problem("type = 'phase_retrieval'; n = 1; d = 1;");
    const double w = p->facts.minimiser[0], x0 = 0.0, x = 2.0 * w;
    double g, f0 = value(p, &x0, &g);
    assert_true(f0 > 0.0 && g == 0.0);
    assert_close(value(p, &x, &g), 9.0 * f0, 1e-13);
    assert_close(g, 24.0 * f0 / w, 1e-13);
    const double other = -w;
    assert_true(value(p, &other, NULL) <= 1e-30);
    assert_true(w * p->facts.x1[0] > 0.0); /* the nearer of the two */
    close_problem();
}

/* rows = columns = 1: f = (u v - M)^2/2, M = u_0 v_0. */
static void one_entry(void **state)
{
    (void)state;
    const struct lab_problem_entry *p =
        problem("type = 'matrix_factorization'; rows = 1; columns = 1; rank = 1;"
                " true_rank = 1;");
    const double M = p->facts.minimiser[0] * p->facts.minimiser[1], x[] = {2.0, 3.0};
    double g[2];
    assert_close(value(p, x, g), 0.5 * (6.0 - M) * (6.0 - M), 1e-14);
    assert_close(g[0], 3.0 * (6.0 - M), 1e-14);
    assert_close(g[1], 2.0 * (6.0 - M), 1e-14);
    close_problem();
}

/* Gradient descent from several starts reaches the Eckart-Young value and never passes it. */
static void eckart_young_is_the_minimum(void **state)
{
    (void)state;
    for (int rows = 4; rows <= 6; rows += 2)
        for (int seed = 1; seed <= 4; seed++) {
            const struct lab_problem_entry *p =
                problem("type = 'matrix_factorization'; rows = %d; columns = 5; rank = 2;"
                        " sigma = 0.5; init_seed = %d;",
                        rows, seed);
            double *x = copy_start(p), f = 0.0;
            for (int t = 0; t < 6000; t++)
                f = descend(p, 2.0, x);
            assert_true(p->facts.f_star.value > 1e-3);
            assert_close(f, p->facts.f_star.value, 1e-8);
            assert_true(f >= p->facts.f_star.value * (1.0 - 1e-12));
            free(x);
            close_problem();
        }
}

/* ---- networks ---------------------------------------------------------------------- */

static double relu(double z)
{
    return z > 0.0 ? z : 0.0;
}

/* One unit a layer, no bias: f = (1/2n) sum (w s(u a) - a^3)^2, by libm and by hand. */
static void one_unit(void **state)
{
    double (*const s[])(double) = {tanh, relu};
    const double x[] = {1.3, -0.7, 0.9};
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        double f1 = 0.0, f2 = 0.0, du = 0.0, dw = 0.0, g[2];
        for (int i = 0; i < 20; i++) {
            const double a = -1.0 + 2.0 * i / 19.0, h = s[kind](x[0] * a);
            const double slope = kind ? (h > 0.0 ? 1.0 : 0.0) : 1.0 - h * h;
            const double miss = x[1] * h - a * a * a;
            const double miss2 = x[2] * s[kind](x[1] * h) - a * a * a;
            f1 += miss * miss / 40.0, f2 += miss2 * miss2 / 40.0;
            du += miss * x[1] * slope * a / 20.0, dw += miss * h / 20.0;
        }
        const char *name = kind ? "relu" : "tanh";
        const struct lab_problem_entry *p =
            problem("type = 'mlp'; normalize = 'none'; bias = false; hidden = 1;"
                    " activation = '%s';",
                    name);
        assert_int_equal(p->facts.d, 2);
        assert_close(value(p, x, g), f1, 1e-13);
        assert_close(g[0], du, 1e-12);
        assert_close(g[1], dw, 1e-12);
        close_problem();
        p = problem("type = 'mlp'; normalize = 'none'; bias = false; hidden = 1;"
                    " hidden2 = 1; activation = '%s'; l2 = 0.1;",
                    name);
        assert_int_equal(p->facts.d, 3);
        assert_close(value(p, x, NULL), f2 + 0.05 * dot(3, x, x), 1e-13);
        close_problem();
    }
}

/* A biased output layer alone: all weights 0 but the last one, so that the output is 2. */
static void biases_and_losses(void **state)
{
    (void)state;
    const struct lab_problem_entry *p = problem("type = 'mlp'; hidden = 4;");
    double x[13] = {0.0}, f = 0.0;
    assert_int_equal(p->facts.d, 13); /* (1 + 1) 4 + (4 + 1) */
    x[12] = 2.0;
    for (int i = 0; i < 20; i++)
        f += pow(2.0 - pow(-1.0 + 2.0 * i / 19.0, 3.0), 2.0) / 40.0;
    assert_close(value(p, x, NULL), f, 1e-14);
    close_problem();
    p = problem("type = 'mlp'; data = 'wine'; task = 'softmax'; hidden = 2;");
    assert_int_equal(p->facts.d, 14 * 2 + 3 * 3);
    double *zero = lab_alloc(p->facts.d, sizeof *zero), g[37];
    assert_close(value(p, zero, g), log(3.0), 1e-14);
    /* wine: 59, 71, 48 of 178; slopes of the output biases are 1/3 - share */
    assert_close(g[34], 1.0 / 3.0 - 59.0 / 178.0, 1e-11);
    assert_close(g[35], 1.0 / 3.0 - 71.0 / 178.0, 1e-11);
    assert_close(g[36], 1.0 / 3.0 - 48.0 / 178.0, 1e-11);
    close_problem();
    p = problem("type = 'mlp'; data = 'breast_cancer'; task = 'binary'; hidden = 1;");
    assert_int_equal(p->facts.d, 31 + 2);
    zero[32] = 1.5;
    double expected = 0.0; /* 357 of 569 are benign, +1; or the other way round */
    expected = (357.0 * log1p(exp(-1.5)) + 212.0 * log1p(exp(1.5))) / 569.0;
    assert_close(value(p, zero, NULL), expected, 1e-14);
    free(zero);
    close_problem();
}

static void classes_need_softmax(void **state)
{
    struct lab_mistakes mistakes = {0};
    (void)state;
    struct lab_experiment *e = try_experiment(
        "problems = ( { type = 'mlp'; data = 'synthetic'; classes = 4; } ); " SGD STEP(
            0.1),
        &mistakes);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(mistakes.line[0], "classes need task"));
    lab_mistakes_free(&mistakes);
    lab_experiment_free(e);
}

/* Cohen et al. (2021): with a large step the sharpness hovers at 2/eta and f goes up and down;
 * with a small one it stays below and f falls monotonically. */
static void edge_of_stability(void **state)
{
    const double eta[] = {0.4, 0.1};
    (void)state;
    const struct lab_problem_entry *p =
        problem("type = 'mlp'; normalize = 'none'; init_seed = 2;");
    for (int k = 0; k < 2; k++) {
        double *x = copy_start(p), last = INFINITY, f;
        int rises = 0;
        for (int t = 0; t < 8000; t++) {
            f = descend(p, eta[k], x);
            rises += f > last;
            last = f;
        }
        const double sharp = sharpness(p, x);
        if (k == 0)
            assert_true(rises > 500 && fabs(sharp - 5.0) < 0.1);
        else
            assert_true(rises == 0 && sharp > 8.0 && sharp < 20.0);
        free(x);
    }
    close_problem();
}

/* ---- deep linear ------------------------------------------------------------------- */

#define ONE_COLUMN                                                                       \
    "data = 'synthetic'; d = 1; bias = false; normalize = 'none'; max_row_norm = 1.0; "

/* The data of that problem. */
static const struct lab_data *one_column(size_t n)
{
    const struct lab_data_spec spec = {.data = "synthetic",
                                       .normalize = "none",
                                       .max_row_norm = 1.0,
                                       .positive = NAN,
                                       .n = n,
                                       .d = 1,
                                       .data_seed = 1};
    struct lab_error err = {""};
    const struct lab_data *set =
        lab_data_open(&spec, LAB_LABELS_REAL, LAB_PLANTED_GAUSSIAN, &err);
    assert_non_null(set);
    return set;
}

static void products_of_matrices(void **state)
{
    (void)state;
    const struct lab_data *set = one_column(1);
    const double a = set->A[0], b = set->b[0];
    /* depth 3, width 1: (u v w a - b)^2/2 */
    const struct lab_problem_entry *p =
        problem("type = 'deep_linear'; " ONE_COLUMN "n = 1; depth = 3; width = 1;");
    const double x[] = {0.5, -2.0, 3.0, 1.5}, miss = -3.0 * a - b;
    double g[4];
    assert_close(value(p, x, g), 0.5 * miss * miss, 1e-14);
    assert_close(g[0], miss * a * -6.0, 1e-14);
    assert_close(g[1], miss * a * 1.5, 1e-14);
    assert_close(g[2], miss * a * -1.0, 1e-14);
    close_problem();
    /* depth 2, width 2: c = 2^{-1/2}; prediction c (u_1 w_1 + u_2 w_2) a = c (1.5 - 3) a */
    p = problem("type = 'deep_linear'; " ONE_COLUMN "n = 1; width = 2;");
    const double miss2 = -1.5 * a / sqrt(2.0) - b;
    assert_close(value(p, x, g), 0.5 * miss2 * miss2, 1e-14);
    assert_close(g[0], miss2 * a * 3.0 / sqrt(2.0), 1e-14);
    assert_close(g[3], miss2 * a * -2.0 / sqrt(2.0), 1e-14);
    assert_close(p->facts.f_star.value, 0.0, 0.0);
    close_problem();
    lab_data_close(set);
}

/* One column: f* = (sum b^2 - (sum a b)^2/sum a^2)/(2n). */
static void deep_linear_minimum_is_least_squares(void **state)
{
    (void)state;
    const struct lab_data *set = one_column(40);
    double aa = 0.0, ab = 0.0, bb = 0.0;
    for (size_t i = 0; i < 40; i++) {
        const double a = set->A[i * set->stride], b = set->b[i];
        aa += a * a, ab += a * b, bb += b * b;
    }
    const struct lab_facts *f =
        &problem("type = 'deep_linear'; " ONE_COLUMN "n = 40; depth = 5; width = 3;")
             ->facts;
    assert_close(f->f_star.value, (bb - ab * ab / aa) / 80.0, 1e-13);
    assert_true(f->f_low.value == f->f_star.value);
    close_problem();
    lab_data_close(set);
}

/* Lewkowycz et al. (2020): with lambda = (‖u‖^2 + ‖w‖^2) a^2/width, gradient descent is monotone
 * for eta lambda < 2, rises and then settles where lambda is smaller between 2 and 4, and
 * diverges above. */
static void catapult(void **state)
{
    const double eta_lambda[] = {1.5, 3.0, 5.0};
    (void)state;
    const struct lab_problem_entry *p =
        problem("type = 'deep_linear'; " ONE_COLUMN "n = 1; width = 512;");
    const double lambda = dot(1024, p->facts.x1, p->facts.x1) / 512.0;
    for (int k = 0; k < 3; k++) {
        double *x = copy_start(p), most = 0.0, f = 0.0, last = INFINITY;
        bool rises = false;
        for (int t = 0; t < 400 && f < 1e100; t++) {
            f = descend(p, eta_lambda[k] / lambda, x);
            rises = rises || (f > last && f > 1e-20);
            most = fmax(most, f), last = f;
        }
        const double flat = dot(1024, x, x) / 512.0;
        if (k == 0)
            assert_true(!rises && f < 1e-20 && flat > 0.9 * lambda);
        if (k == 1)
            assert_true(most > 10.0 * p->facts.f1.value && f < 1e-20 &&
                        flat < 2.0 / 3.0 * lambda);
        if (k == 2)
            assert_true(f > 1e100);
        free(x);
    }
    close_problem();
}

/* ---- attention --------------------------------------------------------------------- */

/* One token of one number: f = t^2 (v - v_0)^2/2 whatever q is. */
static void one_token(void **state)
{
    (void)state;
    const struct lab_problem_entry *p =
        problem("type = 'attention'; n = 1; tokens = 1; width = 1;");
    const double v0 = p->facts.minimiser[1], x[] = {0.7, 0.0}, y[] = {-2.0, 3.0 * v0};
    double g[2], f0 = value(p, x, g);
    assert_close(g[1], -2.0 * f0 / v0, 1e-13);
    assert_close(value(p, y, g), 4.0 * f0, 1e-13);
    assert_close(g[1], 4.0 * f0 / v0, 1e-13);
    assert_true(fabs(g[0]) <= 1e-15);
    close_problem();
}

/* One sequence: ‖g_q‖/‖g_v‖ = scale ‖Cov‖/‖mean‖ at q = 0, and nothing once one token has all. */
static void scale_of_logits(void **state)
{
    enum { WIDTH = 4 };
    double ratio[2], x[2 * WIDTH] = {0.0}, g[2 * WIDTH];
    (void)state;
    for (size_t j = 0; j < WIDTH; j++)
        x[WIDTH + j] = 1.0 + (double)j;
    for (int k = 0; k < 2; k++) {
        const struct lab_problem_entry *p =
            problem("type = 'attention'; n = 1; width = 4; scale = %g;", k ? 3.0 : 1.0);
        value(p, x, g);
        ratio[k] = sqrt(dot(WIDTH, g, g) / dot(WIDTH, g + WIDTH, g + WIDTH));
        if (k) {
            double far[2 * WIDTH];
            memcpy(far, x, sizeof far);
            for (size_t j = 0; j < WIDTH; j++)
                far[j] = 1e3 * p->facts.minimiser[j];
            value(p, far, g);
            assert_true(dot(WIDTH, g, g) < 1e-20 * dot(WIDTH, g + WIDTH, g + WIDTH));
        }
        close_problem();
    }
    assert_close(ratio[1], 3.0 * ratio[0], 1e-12);
}

/* ---- octopus ------------------------------------------------------------------------ */

/* tau = L = gamma = 1: nu = 50/6; s(1/2) = 0; s(3/2) = 1/2, s' = 30/16.  On [1, 2] with t = 1/2,
 * g' = -2 (1/4)(5/2) - 2 (1/4)(9/2) = -3.5; g by Simpson's rule (exact for cubics) from 1 to 3/2:
 * -1 + (1/12)(-2 + 4 g'(1.25) - 3.5), g'(1.25) = -2 (9/16)(7/4) - 2 (1/16)(23/4) = -86/32. */
static void octopus_values(void **state)
{
    (void)state;
    const struct lab_problem_entry *p = problem("type = 'octopus'; d = 2;");
    const double nu = 50.0 / 6.0, tube = -1.0 + (-2.0 - 10.75 - 3.5) / 12.0;
    double g[2];
    assert_close(value(p, (double[]){0.5, -0.3}, g), -0.25 + 0.09, 1e-15);
    assert_close(g[0], -1.0, 1e-15);
    assert_close(g[1], -0.6, 1e-15);
    assert_close(value(p, (double[]){-1.5, 4.0}, g), tube + 0.5 * -nu + 0.5 * 16.0,
                 1e-14);
    assert_close(g[0], 3.5 - 30.0 / 16.0 * (-nu - 16.0), 1e-14);
    assert_close(g[1], 0.5 * 8.0, 1e-15);
    assert_close(value(p, (double[]){4.0, 4.0}, NULL), -2.0 * nu, 1e-15);
    assert_close(p->facts.f_star.value, -2.0 * nu, 1e-15);
    /* f, its slope and its curvature go on at tau and 2 tau, in either coordinate */
    for (int j = 0; j < 2; j++)
        for (double at = 1.0; at <= 2.0; at += 1.0) {
            const double h = 1e-5;
            double slope[4], f[4];
            for (int k = 0; k < 4; k++) {
                double x[2] = {1.7, 1.7};
                x[j] = at + (k - 1.5) * h;
                f[k] = value(p, x, g);
                slope[k] = g[j];
            }
            assert_true(fabs(f[2] - f[1] - h * slope[1]) < 1e-8);
            assert_true(fabs((slope[3] - slope[2]) - (slope[1] - slope[0])) <
                        3e3 * h * h);
        }
    close_problem();
}

/* Saddle after saddle: t_i = (1 + L/gamma) t_{i-1} + t_1, up to O(eta) and the way from tau
 * to 2 tau. */
static void octopus_takes_exponential_time(void **state)
{
    (void)state;
    for (int curvature = 1; curvature <= 2; curvature++) {
        const double eta = 0.01;
        const struct lab_problem_entry *p =
            problem("type = 'octopus'; curvature = %d.0;", curvature);
        double *x = copy_start(p), left[4] = {0.0}, f = 0.0;
        for (int t = 1; t <= 40000; t++) {
            f = descend(p, eta, x);
            for (int i = 0; i < 4; i++)
                left[i] = left[i] == 0.0 && x[i] > 1.0 ? t : left[i];
        }
        assert_true(fabs(left[0] - log(10.0) / log(1.02)) <= 1.0);
        for (int i = 1; i < 4; i++) {
            const double predicted = (1.0 + curvature) * left[i - 1] + left[0];
            if (!(fabs(left[i] / predicted - 1.0) < 0.2))
                fail_msg("saddle %d is left after %g steps, not %g", i + 1, left[i],
                         predicted);
        }
        assert_close(f, p->facts.f_star.value, 1e-12);
        free(x);
        close_problem();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_minima_are_stationary),
        cmocka_unit_test(unknown_minima_say_why),
        cmocka_unit_test(minima_over_domains),
        cmocka_unit_test(classical_values),
        cmocka_unit_test(rosenbrock_takes_even_dimensions),
        cmocka_unit_test(saddle_is_left_in_logarithmic_time),
        cmocka_unit_test(one_measurement),
        cmocka_unit_test(one_entry),
        cmocka_unit_test(eckart_young_is_the_minimum),
        cmocka_unit_test(one_unit),
        cmocka_unit_test(biases_and_losses),
        cmocka_unit_test(classes_need_softmax),
        cmocka_unit_test(edge_of_stability),
        cmocka_unit_test(products_of_matrices),
        cmocka_unit_test(deep_linear_minimum_is_least_squares),
        cmocka_unit_test(catapult),
        cmocka_unit_test(one_token),
        cmocka_unit_test(scale_of_logits),
        cmocka_unit_test(octopus_values),
        cmocka_unit_test(octopus_takes_exponential_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
