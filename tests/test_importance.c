/*
 * tests/test_importance.c -- importance sampling: frequencies, unbiased samples, constants by
 * enumeration, what is refused.
 */
#include <gsl/gsl_cdf.h>

#include "lab/facts.h"
#include "lab/pairing.h"
#include "tests/helpers.h"

/* ---- frequencies ------------------------------------------------------------------- */

/* Pearson's chi-square of what was drawn, in its middle but for once in a million times. */
static void check_frequencies(size_t n, const double *p, uint64_t seed)
{
    const size_t draws = 1000000;
    uint32_t *index = lab_alloc(draws, sizeof *index);
    double *seen = lab_alloc(n, sizeof *seen), chi2 = 0.0;
    struct lab_odds *odds = lab_odds_new(n, p);
    struct lab_sampler *s = lab_sampler_new(
        LAB_IMPORTANCE, lab_rng_new(seed, 0, LAB_FOR_SAMPLES), n, 1, odds);
    size_t possible = 0;
    lab_sampler_draw(s, draws, index);
    for (size_t k = 0; k < draws; k++)
        seen[index[k]] += 1.0;
    for (size_t i = 0; i < n; i++) {
        const double expected = p[i] * (double)draws;
        possible += p[i] > 0.0;
        if (p[i] > 0.0)
            chi2 += (seen[i] - expected) * (seen[i] - expected) / expected;
        else
            assert_true(seen[i] == 0.0);
        assert_close(odds->weight[i], p[i] > 0.0 ? 1.0 / ((double)n * p[i]) : 0.0, 0.0);
    }
    if (possible > 1) {
        assert_true(gsl_cdf_chisq_Q(chi2, (double)(possible - 1)) > 5e-7);
        assert_true(gsl_cdf_chisq_P(chi2, (double)(possible - 1)) > 5e-7);
    }
    lab_sampler_free(s), lab_odds_free(odds);
    free(seen), free(index);
}

static void test_frequencies(void **state)
{
    enum { MOST = 100 };
    static const size_t sizes[] = {1, 2, 3, 50, MOST};
    double p[MOST];
    (void)state;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int law = 0; law < 3; law++) { /* equal; 1/i; 1/i with holes */
            const size_t n = sizes[k];
            double sum = 0.0;
            for (size_t i = 0; i < n; i++)
                sum += p[i] = law == 2 && i % 3 == 1 ? 0.0
                              : law                  ? 1.0 / (double)(i + 1)
                                                     : 1.0;
            for (size_t i = 0; i < n; i++)
                p[i] /= sum;
            check_frequencies(n, p, 100 * k + (uint64_t)law);
        }
}

/* ---- every problem that knows sizes -------------------------------------------------- */

static const char *const cases[] = {
    "{ type = 'least_squares'; n = 25; d = 4; }",
    "{ type = 'least_squares'; n = 25; d = 4; l2 = 0.3; domain = { type = 'ball'; "
    "radius = 0.3; }; }", /* x* on the border: grad f(x*) is not 0 */
    "{ type = 'logistic'; data = 'synthetic'; n = 30; d = 3; l2 = 0.05; domain = { type "
    "= 'box'; lower = -0.2; upper = 0.1; }; }",
    "{ type = 'logistic'; data = 'synthetic'; n = 30; d = 3; l2 = 0.1; }",
    "{ type = 'squared_hinge'; data = 'synthetic'; n = 30; d = 3; l2 = 0.1; domain = { "
    "type = 'ball'; radius = 2; }; }",
    "{ type = 'huber_regression'; n = 30; d = 3; delta = 0.5; }",
    "{ type = 'hinge'; data = 'synthetic'; n = 30; d = 3; l2 = 0.1; domain = { type = "
    "'ball'; radius = 2; }; }",
    "{ type = 'l1_regression'; n = 15; d = 3; domain = { type = 'ball'; radius = 1; }; }",
    "{ type = 'quantile_regression'; n = 15; d = 3; tau = 0.2; }",
    "{ type = 'lasso'; n = 30; d = 4; domain = { type = 'ball'; radius = 2; }; }",
    "{ type = 'elastic_net'; n = 30; d = 4; l2 = 0.2; }",
    "{ type = 'poisson_regression'; n = 30; d = 3; domain = { type = 'ball'; radius = 1; "
    "}; }",
    "{ type = 'logistic_nonconvex'; data = 'synthetic'; n = 30; d = 3; }",
    "{ type = 'softmax'; data = 'synthetic'; n = 30; d = 2; l2 = 0.1; domain = { type = "
    "'ball'; radius = 2; }; }",
    "{ type = 'softmax'; data = 'synthetic'; n = 30; d = 2; l2 = 0.1; }",
    "{ type = 'phase_retrieval'; n = 20; d = 3; domain = { type = 'ball'; radius = 2; }; "
    "}",
    "{ type = 'attention'; n = 20; tokens = 3; width = 3; domain = { type = 'ball'; "
    "radius "
    "= 2; }; }",
    "{ type = 'deep_linear'; n = 20; d = 3; depth = 2; width = 2; domain = { type = "
    "'ball'; "
    "radius = 2; }; }",
    "{ type = 'sign_counterexample'; domain = { type = 'box'; lower = -1; upper = 1; }; "
    "}"};
enum { CASES = sizeof cases / sizeof *cases, D = 8 /* at most */ };

/* Ways to set probabilities; the first is not possible everywhere. */
static const char *const ways[] = {"importance = 'smoothness';", "importance = 'norm';",
                                   "importance = 'norm'; importance_uniform = 0.2;"};

static bool by_smoothness(const char *text)
{
    static const char *const no[] = {"'hinge'", "'l1_r", "'quantile", "'sign"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (strstr(text, no[i]))
            return false;
    return true;
}

static struct lab_experiment *open_case(size_t i, size_t way, size_t batch)
{
    return experiment("steps = 5; batch = %zu; sampling = 'importance'; %s problems = ( "
                      "%s );" SGD STEP(0.1),
                      batch, ways[way], cases[i]);
}

static void each_case(size_t batch, void (*check)(const struct lab_experiment *e))
{
    for (size_t i = 0; i < CASES; i++)
        for (size_t way = by_smoothness(cases[i]) ? 0 : 1; way < 3; way++) {
            struct lab_experiment *e = open_case(i, way, batch);
            assert_true(e->problem->facts.d <= D);
            check(e);
            lab_experiment_free(e);
        }
}

/* None is missing above. */
static void test_cases(void **state)
{
    (void)state;
    for (const struct lab_entry *entry = lab_registry; entry->name; entry++) {
        char *type = lab_text("'%s'", entry->name);
        bool found = false;
        for (size_t i = 0; i < CASES; i++)
            found |= strstr(cases[i], type) != NULL;
        if (entry->kind == LAB_KIND_problem)
            assert_int_equal(found,
                             ((const struct lab_problem *)entry->plugin)->sizes != NULL);
        free(type);
    }
}

static void place(const struct lab_problem_entry *p, gsl_rng *rng, double *x)
{
    lab_draw_gaussian(rng, 1.0, p->facts.d, x);
    lab_domain_project(&p->domain, 1, x);
}

static double sample(const struct lab_problem_entry *p, uint32_t i, const double *x,
                     double *g)
{
    const struct lab_sample one = {.batch = 1, .index = &i, .known = 1};
    double loss;
    p->problem->gradient(p->self, &one, 1, x, g, &loss);
    return loss;
}

/* sum_i p_i w_i grad l_i = grad f, and the same of losses. */
static void check_unbiased(const struct lab_experiment *e)
{
    const struct lab_problem_entry *p = e->problem;
    const struct lab_odds *odds = p->odds;
    const size_t d = p->facts.d;
    gsl_rng *rng = lab_rng_new(31, 0, LAB_FOR_TESTS);
    double x[D], g[D], grad[D], mean[D], f, sum = 0.0;
    for (size_t i = 0; i < odds->n; i++)
        sum += odds->p[i];
    assert_close(sum, 1.0, 1e-14);
    for (size_t k = 0; k < 6; k++) {
        double loss = odds->rest, size = 0.0;
        memset(mean, 0, sizeof mean);
        place(p, rng, x);
        p->problem->objective(p->self, 1, x, &f, grad);
        for (uint32_t i = 0; i < odds->n; i++) {
            const double share = odds->p[i] * odds->weight[i];
            loss += share * sample(p, i, x, g);
            for (size_t j = 0; j < d; j++) {
                mean[j] += share * g[j];
                size = fmax(size, fabs(g[j]));
            }
        }
        assert_close(loss, f, 1e-12);
        for (size_t j = 0; j < d; j++)
            assert_true(fabs(mean[j] - grad[j]) <= 1e-12 * size);
    }
    gsl_rng_free(rng);
}

static void test_unbiased(void **state)
{
    (void)state;
    each_case(1, check_unbiased);
}

/* ---- what a block hands out ------------------------------------------------------------ */

/* Compares it with what the weights say, at every step. */
struct probe {
    const struct lab_experiment *e;
    bool smooth; /* the method takes h by its prox */
    size_t looked;
};

static void look(const void *self, struct lab_step *s)
{
    struct probe *probe = *(struct probe *const *)self;
    const struct lab_problem_entry *p = probe->e->problem;
    const size_t B = probe->e->batch, d = s->d;
    const bool smooth = probe->smooth;
    const double *g = lab_gradient(s);
    for (size_t r = 0; r < s->replicas; r++) {
        double expected[D] = {0}, one[D], loss = p->odds->rest, star = 0.0, size = 0.0;
        for (size_t k = 0; k < B; k++) {
            const uint32_t i = s->index[r * B + k];
            const double w = p->odds->weight[i] / (double)B;
            loss += w * sample(p, i, s->x + r * d, one);
            if (smooth && p->problem->penalty)
                p->problem->penalty(p->self, -1.0, s->x + r * d, one);
            for (size_t j = 0; j < d; j++) {
                expected[j] += w * one[j];
                size = fmax(size, w * fabs(one[j]));
            }
            if (s->loss_star)
                star += w * sample(p, i, p->facts.minimiser, one);
        }
        const double noise = s->loss[r] / loss, sigma = p->noise.sigma;
        if (loss != 0.0) /* 1, or 1 + sigma or 1 - sigma */
            assert_true(fabs(fabs(noise - 1.0) - sigma) <= 1e-12);
        for (size_t j = 0; j < d && loss != 0.0; j++)
            assert_true(fabs(g[r * d + j] - noise * expected[j]) <= 1e-11 * (1.0 + size));
        if (s->loss_star && loss != 0.0)
            assert_close(s->loss_star[r], noise * (star + p->odds->rest), 1e-11);
        probe->looked++;
    }
    for (size_t k = 0; k < s->n; k++)
        s->x[k] -= 0.01 * g[k];
}

static void check_method(const struct lab_experiment *e, bool smooth)
{
    const struct lab_optimizer optimizer = {.step = look, .prox = smooth};
    struct probe probe = {.e = e, .smooth = smooth}, *self = &probe;
    const struct lab_problem_entry *p = e->problem;
    const struct lab_plan plan = {.problem = p->problem,
                                  .problem_self = p->self,
                                  .facts = &p->facts,
                                  .domain = &p->domain,
                                  .loss_star = p->loss_star,
                                  .noise = &p->noise,
                                  .optimizer = &optimizer,
                                  .optimizer_self = &self,
                                  .eta = e->schedule->eta->eta,
                                  .T = e->T,
                                  .batch = e->batch,
                                  .sampling = LAB_IMPORTANCE,
                                  .odds = p->odds,
                                  .seed = 5};
    struct lab_block *block = lab_block_new(&plan, 0, 7, NULL, 0);
    lab_block_advance(block, e->T + 1);
    lab_block_free(block);
    assert_int_equal(probe.looked, 7 * e->T);
}

static void check_block(const struct lab_experiment *e)
{
    check_method(e, false);
    check_method(e, true);
}

static void test_blocks(void **state)
{
    (void)state;
    each_case(1, check_block);
    each_case(3, check_block);
    for (size_t batch = 1; batch <= 2; batch++) {
        struct lab_experiment *e = experiment(
            "steps = 6; batch = %zu; sampling = 'importance'; problems = ( { type = "
            "'lasso'; n = 30; d = 4; noise = { type = 'multiplicative'; sigma = 0.5; }; "
            "} "
            ");" SGD STEP(0.1),
            batch);
        check_block(e), lab_experiment_free(e);
    }
}

/* ---- constants -------------------------------------------------------------------------- */

/* E‖g‖^2, E‖g - grad f‖^2 and the largest ‖g‖ at x over all ordered mini-batches of two. */
static void enumerate(const struct lab_problem_entry *p, size_t batch, const double *x,
                      double *square, double *variance, double *most)
{
    const struct lab_odds *odds = p->odds;
    const uint32_t n = (uint32_t)odds->n;
    const size_t d = p->facts.d;
    double one[D], two[D], full[D], f;
    *square = *variance = *most = 0.0;
    p->problem->objective(p->self, 1, x, &f, full);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < (batch == 2 ? n : 1); k++) {
            const double chance = odds->p[i] * (batch == 2 ? odds->p[k] : 1.0);
            sample(p, i, x, one), sample(p, k, x, two);
            for (size_t j = 0; j < d; j++)
                one[j] = batch == 2
                             ? 0.5 * (odds->weight[i] * one[j] + odds->weight[k] * two[j])
                             : odds->weight[i] * one[j];
            *square += chance * dot(d, one, one);
            *variance += chance * dist2(d, one, full);
            *most = fmax(*most, sqrt(dot(d, one, one)));
        }
}

static void check_moments(const struct lab_experiment *e)
{
    const struct lab_problem_entry *p = e->problem;
    const struct lab_facts *f = &p->facts;
    gsl_rng *rng = lab_rng_new(32, 0, LAB_FOR_TESTS);
    double square, variance, most, x[D];
    if (f->minimiser) {
        enumerate(p, e->batch, f->minimiser, &square, &variance, &most);
        assert_true(fabs(f->sigma2_star.value - square) <= 1e-8 * square + 1e-14);
    }
    for (size_t k = 0; k < 10; k++) {
        place(p, rng, x);
        enumerate(p, e->batch, x, &square, &variance, &most);
        assert_true(!(variance > f->sigma2.value * (1 + 1e-12)));
        assert_true(!(square > f->G2.value * (1 + 1e-12)));
        assert_true(!(most > f->G.value * (1 + 1e-12)));
    }
    gsl_rng_free(rng);
}

static void test_moments(void **state)
{
    (void)state;
    each_case(1, check_moments);
    each_case(2, check_moments);
}

/* No sampled gradient w_i grad l_i changes faster than L_max says, and sizes are those that
 * the facts of uniform sampling are the maxima of. */
static void check_curvature(const struct lab_experiment *e)
{
    const struct lab_problem_entry *p = e->problem;
    const size_t n = p->facts.n, d = p->facts.d;
    gsl_rng *rng = lab_rng_new(33, 0, LAB_FOR_TESTS);
    double x[D], y[D], at_x[D], at_y[D], *size = lab_alloc(n, sizeof *size);
    for (size_t k = 0; k < 10; k++) {
        place(p, rng, x), place(p, rng, y);
        for (uint32_t i = 0; i < n; i++) {
            sample(p, i, x, at_x), sample(p, i, y, at_y);
            const double w = p->odds->weight[i];
            const double change = w * sqrt(dist2(d, at_x, at_y));
            assert_true(
                !(change > p->facts.L_max.value * sqrt(dist2(d, x, y)) * (1 + 1e-9)));
        }
    }
    gsl_rng_free(rng);
    if (p->facts.L_max.status != LAB_UNKNOWN &&
        !p->problem->sizes(p->self, LAB_SMOOTHNESS, &p->domain, size, NULL)) {
        double most = 0.0;
        for (size_t i = 0; i < n; i++)
            most = fmax(most, p->odds->weight[i] * size[i]);
        assert_close(p->facts.L_max.value, most, 1e-14);
    }
    free(size);
}

static void check_maxima(const char *text)
{
    struct lab_experiment *e =
        experiment("steps = 5; problems = ( %s );" SGD STEP(0.1), text);
    const struct lab_problem_entry *p = e->problem;
    const enum lab_size what[] = {LAB_SMOOTHNESS, LAB_STEEPNESS};
    const struct lab_fact *const fact[] = {&p->facts.L_max, &p->facts.G};
    double *size = lab_alloc(p->facts.n, sizeof *size);
    for (size_t k = 0; k < 2; k++) {
        double most = 0.0;
        const int failed = p->problem->sizes(p->self, what[k], &p->domain, size, NULL);
        for (size_t i = 0; !failed && i < p->facts.n; i++)
            most = fmax(most, size[i]);
        if (fact[k]->status != LAB_UNKNOWN) {
            assert_int_equal(failed, 0);
            assert_close(fact[k]->value, most, 1e-14);
        }
    }
    free(size), lab_experiment_free(e);
}

static void test_sizes(void **state)
{
    (void)state;
    each_case(1, check_curvature);
    for (size_t i = 0; i < CASES; i++)
        check_maxima(cases[i]);
}

/* ---- data of which everything is known --------------------------------------------------- */

static char *data_file(const char *text)
{
    char *path = lab_text("/tmp/lab-test-XXXXXX.csv");
    const int fd = mkstemps(path, 4);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static struct lab_experiment *on_file(const char *path, const char *top,
                                      const char *problem)
{
    return experiment("steps = 200; seeds = 8; %s problems = ( { data = '%s'; bias = "
                      "false; normalize = 'none'; %s } );" SGD STEP(0.001),
                      top, path, problem);
}

/* Rows (10^k, 0) and (0, 10^k), k = 0, 1, 2: ‖a_i‖^2 = 1, 1, 100, 100, 1e4, 1e4, so L_max =
 * 1e4, with importance the mean, 20202/6 = 3367; with l2 one more each.  Half the uniform
 * distribution: p = (x + 1/6)/2, x = 1e4/20202, w = 1/(6 p), L_max = 1e4 w. */
static void test_uneven(void **state)
{
    static const char importance[] = "sampling = 'importance';";
    char *path = data_file("a,b,y\n1,0,1\n0,1,2\n10,0,3\n0,10,4\n100,0,5\n0,100,6\n");
    struct lab_experiment *e[] = {
        on_file(path, "", "type = 'least_squares';"),
        on_file(path, importance, "type = 'least_squares';"),
        on_file(path, importance, "type = 'least_squares'; l2 = 1;"),
        on_file(path, "sampling = 'importance'; importance_uniform = 0.5;",
                "type = 'least_squares';"),
        on_file(path, "sampling = 'importance'; importance = 'norm';",
                "type = 'l1_regression';")};
    (void)state;
    assert_close(e[0]->problem->facts.L_max.value, 1e4, 1e-15);
    assert_close(e[1]->problem->facts.L_max.value, 20202.0 / 6.0, 1e-12);
    assert_close(e[2]->problem->facts.L_max.value, 20208.0 / 6.0, 1e-12);
    const double p = 0.5 * (1e4 / 20202.0 + 1.0 / 6.0);
    assert_close(e[3]->problem->odds->p[5], p, 1e-15);
    assert_close(e[3]->problem->facts.L_max.value, 1e4 / (6.0 * p), 1e-13);
    assert_close(e[1]->problem->facts.L.value, e[0]->problem->facts.L.value, 0.0);
    assert_close(e[1]->problem->facts.f_star.value, e[0]->problem->facts.f_star.value, 0);
    /* every sampled gradient as long as the mean norm, 2 (1 + 10 + 100)/6 = 37 */
    assert_close(e[4]->problem->facts.G.value, 37.0, 1e-14);
    assert_close(e[4]->problem->facts.G2.value, 37.0 * 37.0, 1e-13);
    for (size_t i = 0; i < 5; i++)
        lab_experiment_free(e[i]);
    unlink(path), free(path);
}

/* A row of zeros is never drawn; its loss 3^2/2 is in every sample all the same. */
static void test_zero_row(void **state)
{
    char *path = data_file("a,b,y\n1,0,1\n0,0,3\n0,2,2\n1,1,0\n");
    struct lab_experiment *e =
        on_file(path, "sampling = 'importance'; metrics = ( 'loss', 'avg_loss' );",
                "type = 'least_squares';");
    (void)state;
    assert_true(e->problem->odds->p[1] == 0.0);
    assert_close(e->problem->odds->rest, 4.5 / 4.0, 1e-15);
    check_unbiased(e), check_moments(e), check_curvature(e), check_block(e);
    lab_experiment_free(e);
    unlink(path), free(path);
}

/* Probabilities 1/n are uniform sampling: the same constants. */
static void test_equal(void **state)
{
    static const char *const problems[] = {
        "{ type = 'logistic'; data = 'synthetic'; n = 32; d = 4; l2 = 0.1; }",
        "{ type = 'least_squares'; n = 32; d = 4; domain = { type = 'ball'; radius = 1; "
        "}; }"};
    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (size_t batch = 1; batch <= 3; batch += 2) {
            struct lab_experiment *e[2];
            for (size_t k = 0; k < 2; k++)
                e[k] = experiment(
                    "steps = 5; batch = %zu; %s problems = ( %s );" SGD STEP(0.1), batch,
                    k ? "sampling = 'importance'; probabilities = 0.03125;" : "",
                    problems[i]);
            for (const struct lab_fact_card *c = lab_fact_cards; c->name; c++) {
                const struct lab_fact *a = lab_fact_at(&e[0]->problem->facts, c);
                const struct lab_fact *b = lab_fact_at(&e[1]->problem->facts, c);
                assert_int_equal(a->status, b->status);
                if (a->status != LAB_UNKNOWN)
                    assert_close(a->value, b->value, 1e-14);
            }
            lab_experiment_free(e[0]), lab_experiment_free(e[1]);
        }
}

/* What differs between data points no longer cancels: without a bound on G2 none on sigma2. */
static void test_unknown(void **state)
{
    (void)state;
    struct lab_experiment *e = open_case(3, 0, 1);
    assert_int_equal(e->problem->facts.sigma2.status, LAB_UNKNOWN);
    assert_non_null(strstr(e->problem->facts.sigma2.source, "do not cancel"));
    lab_experiment_free(e);
}

/* ---- optimizers ------------------------------------------------------------------------ */

/* Infima of sampled losses, here made up, are weighted. */
static const struct lab_optimizer needs_infima = {.base = {.summary = ""},
                                                  .infima = true};

static int find_infima(const void *self, double *low, struct lab_error *why)
{
    (void)self, (void)why;
    low[0] = 1.0, low[1] = 4.5, low[2] = 2.0, low[3] = 3.0;
    return 0;
}

static void test_infima(void **state)
{
    char *path = data_file("a,b,y\n1,0,1\n0,0,3\n0,2,2\n1,1,0\n");
    struct lab_mistakes mistakes = {0};
    struct lab_experiment *e =
        on_file(path, "sampling = 'importance';", "type = 'least_squares';");
    struct lab_problem_entry *p = e->problem;
    const struct lab_problem *real = p->problem;
    struct lab_problem known = *real;
    (void)state;
    known.infima = find_infima;
    p->problem = &known;
    e->optimizer->optimizer = &needs_infima;
    lab_pairing_check(e, &mistakes);
    assert_int_equal(mistakes.count, 0);
    /* p = (1, 0, 4, 2)/7, w = 1/(4 p); 9/8 more for the row of zeros */
    assert_close(p->loss_low[0], 7.0 / 4.0 * 1.0 + 1.125, 1e-14);
    assert_close(p->loss_low[2], 7.0 / 16.0 * 2.0 + 1.125, 1e-14);
    assert_close(p->loss_low[3], 7.0 / 8.0 * 3.0 + 1.125, 1e-14);
    p->problem = real;
    lab_mistakes_free(&mistakes), lab_experiment_free(e);
    unlink(path), free(path);
}

/* Infima of mini-batches are means where one x minimises all losses: where the mean of infima is
 * f*, whatever the weights. */
static double f_star;

static int find_equal_mean(const void *self, double *low, struct lab_error *why)
{
    (void)self, (void)why;
    low[0] = f_star + 1.0, low[1] = f_star, low[2] = f_star - 1.0;
    return 0;
}

static void test_common_minimiser(void **state)
{
    char *path = data_file("a,b,y\n1,0,1\n0,2,2\n1,1,0\n");
    struct lab_mistakes mistakes = {0};
    struct lab_experiment *e =
        on_file(path, "batch = 2; sampling = 'importance';", "type = 'least_squares';");
    struct lab_problem_entry *p = e->problem;
    const struct lab_problem *real = p->problem;
    struct lab_problem known = *real;
    (void)state;
    known.infima = find_equal_mean;
    p->problem = &known;
    f_star = p->facts.f_star.value;
    e->optimizer->optimizer = &needs_infima;
    lab_pairing_check(e, &mistakes);
    assert_int_equal(mistakes.count, 0);
    p->problem = real;
    lab_mistakes_free(&mistakes), lab_experiment_free(e);
    unlink(path), free(path);
}

/* ---- configs ------------------------------------------------------------------------------ */

static void test_effective(void **state)
{
    static const struct {
        const char *top;
        bool importance, probabilities, uniform;
    } table[] = {
        {"", false, false, false},
        {"sampling = 'importance';", true, false, true},
        {"sampling = 'importance'; importance = 'norm'; importance_uniform = 0.1;", true,
         false, true},
        {"sampling = 'importance'; probabilities = ( 0.1, 0.2, 0.3, 0.4 );", false, true,
         true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_mistakes mistakes = {0};
        struct lab_experiment *e = experiment(
            "steps = 5; %s problems = ( { type = 'least_squares'; n = 4; d = 2; } );" SGD
                STEP(0.1),
            table[i].top);
        struct lab_node *root = lab_experiment_write(e);
        assert_int_equal(lab_node_get(root, "importance") != NULL, table[i].importance);
        assert_int_equal(lab_node_get(root, "probabilities") != NULL,
                         table[i].probabilities);
        assert_int_equal(lab_node_get(root, "importance_uniform") != NULL,
                         table[i].uniform);
        char *text = NULL;
        size_t size;
        FILE *memory = open_memstream(&text, &size);
        assert_non_null(memory);
        lab_node_write(root, memory);
        assert_int_equal(fclose(memory), 0);
        struct lab_experiment *again = try_experiment(text, &mistakes);
        free(text);
        assert_int_equal(mistakes.count, 0);
        for (size_t k = 0; e->problem->odds && k < 4; k++)
            assert_true(e->problem->odds->p[k] == again->problem->odds->p[k]);
        lab_node_free(root);
        lab_experiment_free(e), lab_experiment_free(again);
    }
}

#define SIGN "problems = ( { type = 'sign_counterexample'; } );"
#define IMPORTANCE "sampling = 'importance'; "
static const struct {
    const char *text, *mistake;
} wrong[] = {
    {IMPORTANCE "problems = ( { type = 'experts'; } );", "this is a stream"},
    {IMPORTANCE "problems = ( { type = 'quadratic'; } );", "this has no data points"},
    {IMPORTANCE "problems = ( { type = 'hinge'; } );",
     "importance = \"smoothness\" is not possible: nonsmooth: the loss has a kink "
     "(possible: importance = \"norm\", probabilities"},
    {IMPORTANCE "problems = ( { type = 'mlp'; } );",
     "it is not known for this problem (possible: probabilities"},
    {IMPORTANCE "importance = 'norm'; problems = ( { type = 'mlp'; } );",
     "importance = \"norm\" is not possible"},
    {IMPORTANCE "problems = ( { type = 'poisson_regression'; } );",
     "no bound on all of R^d"},
    {IMPORTANCE "problems = ( { type = 'phase_retrieval'; } );",
     "no bound on all of R^d"},
    {IMPORTANCE SIGN, "it is 0 for all data points"},
    {IMPORTANCE "batch = 'full'; problems = ( { type = 'least_squares'; } );",
     "batch = \"full\" exclude each other"},
    {IMPORTANCE "probabilities = ( 0.5, 0.5 ); " SIGN,
     "probabilities has 2 numbers, but n = 4"},
    {IMPORTANCE "probabilities = ( 0.5, 0.5, 0.1, 0.1 ); " SIGN,
     "the 4 probabilities sum to 1.2, not 1"},
    {IMPORTANCE "probabilities = ( 0.3, 0.3, 0.3, 0.100002 ); " SIGN,
     "the 4 probabilities sum to 1.000002, not 1"},
    {IMPORTANCE "probabilities = 0.3; " SIGN, "the 4 probabilities sum to 1.2, not 1"},
    {IMPORTANCE "probabilities = ( 0.5, 0.6, -0.1, 0.0 ); " SIGN,
     "probabilities.[2] = -0.1 is not in [0,1]"},
    {IMPORTANCE "probabilities = ( 0.5, 0.4, 0.1, 0.0 ); " SIGN,
     "data point 4 has probability 0, but its gradient is not 0"},
    {IMPORTANCE "probabilities = ( 0.5, 0.4, 0.1, 1e-320 ); " SIGN, "is too large"},
    {IMPORTANCE "probabilities = 0.25; importance = 'norm'; " SIGN,
     "probabilities and importance exclude each other"},
    {IMPORTANCE "importance_uniform = 1.0; " SIGN, "is not in [0,1)"},
    {"probabilities = 0.25; " SIGN,
     "probabilities needs sampling = \"importance\", but sampling is \"iid\""},
    {"sampling = 'cyclic'; importance = 'norm'; " SIGN,
     "importance needs sampling = \"importance\", but sampling is \"cyclic\""},
    {"importance_uniform = 0.0; " SIGN, "importance_uniform needs sampling"},
    {"sampling = 'importanc'; importance = 'norm'; " SIGN,
     "(did you mean \"importance\"?)"},
};

static void check_wrong(const char *text, const char *mistake)
{
    char config[1024];
    struct lab_mistakes mistakes = {0};
    snprintf(config, sizeof config, "steps = 5; %s" SGD STEP(1), text);
    struct lab_experiment *e = try_experiment(config, &mistakes);
    assert_int_equal(mistakes.count, 1);
    if (!strstr(mistakes.line[0], mistake))
        fail_msg("%s: no '%s'", mistakes.line[0], mistake);
    assert_non_null(strstr(mistakes.line[0], ":1: "));
    lab_mistakes_free(&mistakes), lab_experiment_free(e);
}

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        check_wrong(wrong[i].text, wrong[i].mistake);
}

/* The gradient of a row of zeros is that of the penalties, if there are any. */
static void test_zero_probability(void **state)
{
    static const char *const problems[] = {
        "type = 'least_squares'; l2 = 0.1;", "type = 'lasso';",
        "type = 'l1_regression'; l2 = 0.1; domain = { type = 'ball'; radius = 1; };"};
    char *path = data_file("a,b,y\n1,0,1\n0,0,3\n0,2,2\n1,1,0\n"), text[512];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        snprintf(text, sizeof text,
                 "sampling = 'importance'; importance = 'norm'; problems = ( { data = "
                 "'%s'; bias = false; normalize = 'none'; %s } );",
                 path, problems[i]);
        check_wrong(text, "data point 2 has probability 0");
    }
    unlink(path), free(path);
}

/* Results do not depend on threads and blocks, and theorems hold. */
static void test_runs(void **state)
{
    (void)state;
    for (size_t batch = 1; batch <= 4; batch += 3) {
        struct lab_run *run[3];
        for (size_t i = 0; i < 3; i++)
            run[i] = run_with(
                experiment(
                    "steps = 300; seeds = 19; batch = %zu; sampling = 'importance'; "
                    "problems = ( { type = 'logistic'; data = 'synthetic'; n = 40; "
                    "d = 5; domain = { type = 'ball'; radius = 1; }; }, { type = "
                    "'least_squares'; n = 30; d = 3; domain = { type = 'ball'; "
                    "radius = 2; }; } );" SGD STEP(0.05),
                    batch),
                i ? 4 : 1, i == 2 ? 3 : 0);
        for (size_t a = 0; a < run[0]->arms; a++) {
            size_t held = 0;
            for (enum lab_metric m = 1; m < LAB_METRICS; m++)
                for (size_t r = 0; run[0]->arm[a].measure->want[m] && r < 19; r++)
                    for (size_t row = 0; row < run[0]->rows; row++) {
                        const double here = measured(run[0], a, m, r, row);
                        assert_true(here == measured(run[1], a, m, r, row));
                        assert_true(here == measured(run[2], a, m, r, row));
                    }
            for (size_t c = 0; c < run[0]->arm[a].claims; c++) {
                assert_int_not_equal(run[0]->arm[a].claim[c].verdict, LAB_VIOLATED);
                held += run[0]->arm[a].claim[c].verdict == LAB_HOLDS;
            }
            assert_true(held >= 4);
        }
        for (size_t i = 0; i < 3; i++)
            close_run(run[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frequencies),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_unbiased),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_uneven),
        cmocka_unit_test(test_zero_row),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_effective),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_common_minimiser),
        cmocka_unit_test(test_infima),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_zero_probability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
