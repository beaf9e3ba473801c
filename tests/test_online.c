/*
 * tests/test_online.c -- losses that come one after another: their order, their laws, and
 * which theorems may speak of them.
 */
#include "lab/bounds.h"
#include "lab/facts.h"
#include "lab/random.h"
#include "tests/helpers.h"

static struct lab_experiment *open_problem(const char *problem)
{
    return experiment("steps = 5; problems = ( { %s } ); " SGD STEP(0.1), problem);
}

/* Sample t of a problem, and the gradient it gives at x. */
static double gradient_at(const struct lab_problem_entry *p, size_t t, const double *x,
                          double *g)
{
    gsl_rng *rng = lab_rng_new(1, 0, LAB_FOR_TESTS);
    double *xi = lab_alloc(p->facts.xi, sizeof *xi), loss;
    const struct lab_sample sample = {.batch = 1, .xi = xi};
    p->problem->draw(p->self, rng, t, xi);
    p->problem->gradient(p->self, &sample, 1, x, g, &loss);
    gsl_rng_free(rng), free(xi);
    return loss;
}

/* Scripts, by hand. */
static void test_scripts(void **state)
{
    const double x[3] = {2, -3, 6};
    double g[3];
    (void)state;
    struct lab_experiment *e = open_problem(
        "type = 'linear_losses'; sequence = 'script'; slopes = ( -1, 2, 0.5 );");
    const double slopes[] = {-1, 2, 0.5};
    for (size_t t = 1; t <= 9; t++) {
        assert_close(gradient_at(e->problem, t, x, g), 2.0 * slopes[(t - 1) % 3], 0.0);
        assert_close(g[0], slopes[(t - 1) % 3], 0.0);
    }
    assert_close(e->problem->facts.G.value, 2.0, 0.0);
    assert_int_equal(e->problem->facts.f_star.status, LAB_UNKNOWN); /* 0.5 x, no domain */
    lab_experiment_free(e);

    e = open_problem("type = 'linear_losses'; d = 3; sequence = 'orthogonal'; G = 2; "
                     "domain = { type = 'ball'; radius = 3; };");
    for (size_t t = 1; t <= 7; t++) {
        assert_close(gradient_at(e->problem, t, x, g), 2.0 * x[(t - 1) % 3], 0.0);
        for (size_t j = 0; j < 3; j++)
            assert_close(g[j], j == (t - 1) % 3 ? 2.0 : 0.0, 0.0);
    }
    /* f = (2/3) sum x_j: least at -sqrt(3) (1, 1, 1), where it is -2 sqrt(3) */
    assert_close(e->problem->facts.f_star.value, -2.0 * sqrt(3.0), 1e-14);
    lab_experiment_free(e);

    e = open_problem("type = 'linear_losses'; d = 3; sequence = 'adversary'; G = 14;");
    assert_close(gradient_at(e->problem, 1, x, g), 98.0, 1e-15); /* ‖x‖ = 7 */
    assert_close(g[0], 4.0, 1e-15), assert_close(g[1], -6.0, 1e-15);
    const double zero[3] = {0};
    assert_close(gradient_at(e->problem, 1, zero, g), 0.0, 0.0);
    assert_true(g[0] == 14.0 && g[1] == 0.0);
    lab_experiment_free(e);

    e = open_problem(
        "type = 'reddi_online'; period = 3; large = 5; small = 1; domain = { "
        "type = 'box'; lower = -1; upper = 1; };");
    const double cycle[] = {-1, 5, -1};
    for (size_t t = 1; t <= 9; t++) {
        gradient_at(e->problem, t, x, g);
        assert_close(g[0], cycle[t % 3], 0.0);
    }
    assert_close(e->problem->facts.minimiser[0], -1.0,
                 0.0); /* mean slope (5 - 2)/3 = 1 */
    assert_close(e->problem->facts.f_star.value, -1.0, 1e-15);
    lab_experiment_free(e);
}

/* Orthogonal losses attain the bound R1 G/sqrt(T) of constant steps: x_t = -eta G (e_1 + ...
 * + e_{t-1}), so no loss is ever suffered, while x* = -R/sqrt(T) (1, ..., 1) gains G R/sqrt(T)
 * a step.  The projection on the ball of radius R = eta G sqrt(T) is idle. */
static void test_orthogonal_run(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 64; seeds = 2; bounds = ( 'const_step_avg', 'seed_avg_regret' ); "
        "problems = "
        "( { type = 'linear_losses'; d = 64; sequence = 'orthogonal'; G = 3; domain = { "
        "type = 'ball'; radius = 2; }; } );" SGD
        "schedules = ( { type = 'constant'; eta = %.17g; } );",
        2.0 / (3.0 * 8.0));
    struct lab_run *run = run_with(e, 1, 0);
    assert_close(measured(run, 0, LAB_AVG_REGRET, 0, run->rows - 1), 6.0 / 8.0, 1e-13);
    const struct lab_claim *c = claim_about(run, 0, "const_step_avg", LAB_AVG_REGRET);
    assert_int_equal(c->status, LAB_CERTIFIED);
    assert_int_equal(c->verdict, LAB_HOLDS);
    assert_close(c->tightness, 1.0, 1e-12);
    close_run(run);
}

/* -1 a hundred times, then +1 a hundred times, eta_t = 1/sqrt(t): the seed bound holds with
 * the R met on the path, and is violated 17.76 times over with ‖x_1 - x*‖ instead. */
static void test_path_needs_its_own_R(void **state)
{
    char slopes[1024] = "";
    (void)state;
    for (size_t i = 0; i < 200; i++)
        strcat(slopes, i == 0 ? "-1" : i < 100 ? ", -1" : ", 1");
    struct lab_experiment *e = experiment(
        "steps = 200; seeds = 1; bounds = ( 'seed_avg_regret' ); problems = ( { type = "
        "'linear_losses'; sequence = 'script'; slopes = ( %s ); } );" SGD
        "schedules = ( { type = 'inv_sqrt'; eta = 1; } );",
        slopes);
    struct lab_run *run = run_with(e, 1, 0);
    const struct lab_claim *c = claim_about(run, 0, "seed_avg_regret", LAB_AVG_REGRET);
    assert_int_equal(c->status, LAB_CERTIFIED);
    assert_int_equal(c->verdict, LAB_HOLDS);
    double misused = 0.0;
    for (size_t t = 1; t <= 200; t++)
        misused += 1.0 / sqrt((double)t);
    misused /= 400.0; /* R1 = 0, G = 1: only sum eta/(2T) is left */
    const double regret = measured(run, 0, LAB_AVG_REGRET, 0, run->rows - 1);
    assert_close(regret / misused, 17.76, 1e-3);
    close_run(run);
}

/* What holds in expectation does not apply to a script. */
static void test_scripts_have_no_expectation(void **state)
{
    static const struct {
        const char *problem;
        bool scripted;
    } table[] = {
        {"type = 'reddi_online';", true},
        {"type = 'reddi_stochastic';", false},
        {"type = 'linear_losses';", false},
        {"type = 'linear_losses'; sequence = 'adversary';", true},
        {"type = 'sign_counterexample';", false},
    };
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct lab_experiment *e = experiment("steps = 50; problems = ( { %s domain = { "
                                              "type = 'box'; lower = -1; upper = 1; "
                                              "}; } );" SGD STEP(0.1),
                                              table[i].problem);
        const struct lab_arm arm = lab_experiment_arm(e, 0);
        size_t count, expectations = 0;
        struct lab_claim *claim = lab_claims(e, &arm, &count);
        for (size_t k = 0; k < count; k++) {
            const bool mean = claim[k].limit->mode != LAB_PATH;
            if (strcmp(claim[k].entry->name, "projected_avg_regret") == 0)
                assert_int_equal(claim[k].status == LAB_NOT_APPLICABLE,
                                 mean && table[i].scripted);
            expectations += mean && strstr(claim[k].reason, "script");
        }
        assert_int_equal(expectations > 0, table[i].scripted);
        lab_claims_free(claim, count), lab_experiment_free(e);
    }
}

/* Laws of random losses by hand: E‖g‖^2, variance, f*. */
static void test_laws(void **state)
{
    static const char simplex[] = "domain = { type = 'simplex'; };";
    static const struct {
        const char *problem;
        double G, G2, sigma2, f_star;
    } table[] = {
        /* 9 x 1/2 + 0.3; 9/4 + 0.21 */
        {"type = 'experts'; advantage = 0.2;", 3.1622776601683795, 4.8, 2.46, 0.3},
        /* (0.36 + 3)/3; a twelfth of the same; U's largest: 0.6, 1, 1, 1 */
        {"type = 'experts'; d = 4; law = 'uniform'; advantage = 0.2;", 1.8330302779823360,
         1.12, 0.28, 0.3},
        {"type = 'experts'; d = 2;", 1.4142135623730951, 1.0, 0.5, 0.5},
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char text[256];
        snprintf(text, sizeof text, "%s %s", table[i].problem, simplex);
        struct lab_experiment *e = open_problem(text);
        const struct lab_facts *f = &e->problem->facts;
        assert_close(f->G.value, table[i].G, 1e-14);
        assert_close(f->G2.value, table[i].G2, 1e-14);
        assert_close(f->sigma2.value, table[i].sigma2, 1e-14);
        assert_close(f->f_star.value, table[i].f_star, 1e-14);
        lab_experiment_free(e);
    }
    /* 0.01 x 1010^2 + 0.99 x 100; p (1-p) 1020^2; slope 0.2, at -1 */
    struct lab_experiment *e =
        open_problem("type = 'reddi_stochastic'; domain = { type = "
                     "'box'; lower = -1; upper = 1; };");
    assert_close(e->problem->facts.G2.value, 10300.0, 1e-14);
    assert_close(e->problem->facts.sigma2.value, 0.0099 * 1040400.0, 1e-14);
    assert_close(e->problem->facts.f_star.value, -0.2, 1e-12);
    lab_experiment_free(e);
    /* Gaussian rows, lam = (2, 1), sigma = 1, ball of radius 3 around (1, 1): t = 3, L = 2:
     * (3 x 2 + 8) 9 + 3 and (3 x 2 + 4) 9 + 3 */
    e = open_problem("type = 'gauss_least_squares'; eigenvalues = ( 2, 1 ); sigma = 1; "
                     "domain = { type = 'ball'; radius = 3; center = ( 1, 1 ); };");
    assert_close(e->problem->facts.G2.value, 129.0, 1e-14);
    assert_close(e->problem->facts.sigma2.value, 93.0, 1e-14);
    assert_close(e->problem->facts.sigma2_star.value, 3.0, 1e-14);
    assert_close(e->problem->facts.f_star.value, 0.5, 1e-14);
    lab_experiment_free(e);
}

/* E‖x_2 - w‖^2 of one step of least mean squares from 0, eta = 0.1, lam = (1, 0.5), sigma =
 * 0.5: p_i <- (1 - 2 eta l + 2 eta^2 l^2) p_i + eta^2 l (sum l_j p_j + s2), p = (1, 1):
 * 0.82 + 0.01 x 1.75, 0.905 + 0.005 x 1.75; f - f* = (p_1 + p_2/2)/2. */
static void test_stream_run(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 2; seeds = 40000; every = 1; metrics = ( 'gap', 'avg_regret', "
        "'avg_loss' );"
        "problems = ( { type = 'gauss_least_squares'; eigenvalues = ( 1, 0.5 ); } );" SGD
            STEP(0.1));
    struct lab_run *run = run_with(e, 2, 0);
    double sum = 0.0, sum2 = 0.0, regret = 0.0, loss = 0.0, regret2 = 0.0;
    const double n = 40000.0, exact = 0.5 * (0.8375 + 0.5 * 0.91375);
    for (size_t r = 0; r < 40000; r++) {
        const double gap = measured(run, 0, LAB_GAP, r, 1);
        const double one = measured(run, 0, LAB_AVG_REGRET, r, 0);
        sum += gap / n, sum2 += gap * gap / n;
        regret += one / n, regret2 += one * one / n;
        loss += measured(run, 0, LAB_AVG_LOSS, r, 0) / n;
        assert_close(measured(run, 0, LAB_GAP, r, 0), 0.75, 1e-14);
    }
    assert_true(fabs(sum - exact) <= 5.0 * sqrt((sum2 - sum * sum) / n));
    /* E [l(x_1) - l(w)] = f(x_1) - f* = 0.75, E l(w) = sigma^2/2 = 0.125 */
    assert_true(fabs(regret - 0.75) <= 5.0 * sqrt((regret2 - regret * regret) / n));
    assert_true(fabs(loss - regret - 0.125) <=
                5.0 * 0.18 / sqrt(n)); /* sd of e^2/2: 0.177 */
    close_run(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_orthogonal_run),
        cmocka_unit_test(test_path_needs_its_own_R),
        cmocka_unit_test(test_scripts_have_no_expectation),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_stream_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
