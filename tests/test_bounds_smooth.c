/*
 * tests/test_bounds_smooth.c -- theorems on smooth f: formulas by hand, runs that satisfy the
 * assumptions (how tight), reasons where they fail, and misuse that is really violated.
 */
#include "tests/helpers.h"

/* ---- formulas --------------------------------------------------------------------- */

/* One number from "R1 = 2; eta = 0.5, 0.25"; a list where there is a comma. */
static double formula(const char *bound, const char *inputs)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "test");
    char *text = lab_text("%s", inputs), *at = text;
    for (char *one; (one = strsep(&at, ";"));) {
        char *value = strchr(one, '='), *end;
        if (!value)
            continue;
        *value++ = '\0';
        one += strspn(one, " ");
        one[strcspn(one, " ")] = '\0';
        const bool list = strchr(value, ',') != NULL;
        struct lab_node *node = lab_node_new(LAB_NODE_LIST, one, "test");
        for (double number = strtod(value, &end);; number = strtod(end + 1, &end)) {
            if (!list) {
                lab_node_free(node);
                node = lab_node_real(one, "test", number);
                break;
            }
            lab_node_add(node, lab_node_real(NULL, "test", number));
            if (*end != ',')
                break;
        }
        lab_node_add(root, node);
    }
    free(text);
    return right_hand_side(bound_named(bound), root);
}

/* Each worked out by hand:
 *   4/(2 1/2 4) + (1/4) 3 (3/2);     w = 1/8, 3/32, 1/8: (2 + 9/64)/(11/32);
 *   4/(2 1/2 1/2 4);                 4/8 + 2 (1/2) 3;
 *   q = 1/2: 4 (3/4)^2 + (3/2)/(1/4);  a = 1/4: 4/16 + (3/4)(15/16)/(3/4);  a = 0: 1 3;
 *   4/8;   4/(4/2) + 2 (1/2) 3;      (2/(1/2) + 2/(1/2))^2/16;
 *   w = 1, 3/4, 3/4: (2 + 2 3/2)/(5/2);  r = 1/2: 4/4 + (3/2)(3/4)/(1/2);  r = 0: 3/2;
 *   4/4 + 3/1;   4/4 + 3 (1/2)/2;    3/(6/4);   b = 3: 3 + 1/4;
 *   max(16 2/2, 2 3)/4, max(16, 2 10)/4
 */
static void test_by_hand(void **state)
{
    static const struct {
        const char *bound, *inputs;
        double value;
    } table[] = {
        {"smooth_bounded_variance_avg", "R1 = 2; L = 1; sigma2 = 3; eta = 0.5; T = 4",
         2.125},
        {"smooth_gradient_noise_avg",
         "R1 = 2; Lmax = 1; sigma2_star = 1; eta = 0.25, 0.125, 0.25", 137.0 / 22},
        {"smooth_interpolation_avg", "R1 = 2; Lmax = 1; eta = 0.5; T = 4", 2.0},
        {"sc_smooth_distance_gower", "R1 = 2; mu = 1; sigma2_star = 3; eta = 0.5; T = 3",
         3.5},
        {"sc_smooth_distance_needell",
         "R1 = 2; mu = 0.5; Lmax = 1; sigma2_star = 3; eta = 0.5; T = 2", 8.25},
        {"sc_bounded_variance_distance", "R1 = 2; mu = 1; sigma2 = 3; eta = 0.5; T = 2",
         1.1875},
        {"sc_bounded_variance_distance", "R1 = 2; mu = 1; sigma2 = 3; eta = 1; T = 2",
         3.0},
        {"sc_interpolation_distance", "R1 = 2; mu = 1; eta = 0.5; T = 3", 0.5},
        {"momentum_ima_last", "R1 = 2; sigma2_star = 3; eta = 0.5; T = 3", 5.0},
        {"lms_const_step_avg", "R1 = 2; Rx2 = 1; sigma2 = 2; d = 2; gamma = 0.25; n = 8",
         4.0},
        {"nonconvex_grad_weighted", "gap1 = 1; L = 1; sigma2 = 2; eta = 1, 0.5, 0.5",
         2.0},
        {"pl_bounded_variance", "gap1 = 4; mu = 0.5; L = 1; sigma2 = 3; eta = 1; T = 2",
         3.25},
        {"pl_bounded_variance", "gap1 = 4; mu = 1; L = 1; sigma2 = 3; eta = 1; T = 2",
         1.5},
        {"pl_bounded_variance_simple",
         "gap1 = 4; mu = 0.5; L = 1; sigma2 = 3; eta = 1; T = 2", 4.0},
        {"pl_karimi_const", "gap1 = 4; mu = 0.5; L = 1; C2 = 3; alpha = 0.5; T = 2",
         1.75},
        {"pl_karimi_decreasing", "mu = 0.5; L = 1; C2 = 3; k = 3", 2.0},
        {"bcn_const", "gap1 = 4; mu = 0.5; L = 1; M = 3; alpha = 1; T = 2", 3.25},
        {"bcn_decreasing", "gap1 = 3; mu = 0.5; L = 1; M = 2; beta = 4; gamma = 1; k = 3",
         4.0},
        {"bcn_decreasing",
         "gap1 = 10; mu = 0.5; L = 1; M = 2; beta = 4; gamma = 1; k = 3", 5.0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_close(formula(table[i].bound, table[i].inputs), table[i].value, 1e-14);
}

/* ---- runs ------------------------------------------------------------------------- */

/* Data whose labels are 2 a_1 - a_2 + 3 a_3 exactly: L_max = 41 = 4^2 + 4^2 + 3^2. */
static const char INTERPOLATED[] =
    "4,4,-3,-5\n1,0,2,8\n-2,1,1,-2\n0,3,-1,-6\n2,2,2,8\n-1,-1,0,-1\n3,0,-2,0\n0,1,4,11\n";
/* Ten rows, A'A/n = diag(10, 9/10): L = 10, but L_max = 100; labels that (2, -1) fits, or none. */
#define FOUR(b) "0,1," b "\n0,1," b "\n0,1," b "\n0,1," b "\n"
static const char FITTED[] = "10,0,20\n" FOUR("-1") FOUR("-1") "0,1,-1\n",
                  SPREAD[] = "10,0,20\n" FOUR("1") FOUR("-3") "0,1,-1\n";
static char file[64];

static const char *csv(const char *text)
{
    static int number; /* data sets are shared by name */
    snprintf(file, sizeof file, "/tmp/lab-test-%ld-%d.csv", (long)getpid(), number++);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
    return file;
}

struct course {
    const char *bound, *problem, *optimizer, *schedule;
    double times; /* a learning rate that is this times ... */
    char unit;    /* ... 'L': 1/L, 'M': 1/L_max; 0: schedule as it is */
    size_t steps, seeds;
};

static struct lab_experiment *opened(const struct course *c)
{
    struct lab_experiment *e = experiment(
        "steps = %zu; seeds = %zu; seed = 3; every = 1; bounds = ( '%s' );"
        "problems = ( { %s } ); optimizers = ( { type = '%s'; } );"
        "schedules = ( { %s } );",
        c->steps, c->seeds, c->bound, c->problem, c->optimizer ? c->optimizer : "sgd",
        c->schedule ? c->schedule : "type = 'constant'; eta = 1;");
    const struct lab_facts *f = &e->problem->facts;
    if (c->unit) {
        double *eta = lab_alloc(c->steps, sizeof *eta);
        const double L = c->unit == 'L' ? f->L.value : f->L_max.value;
        for (size_t t = 0; t < c->steps; t++)
            eta[t] = e->schedule->eta->eta[t] * c->times / L;
        set_eta(e, 0, eta);
        free(eta);
    }
    return e;
}

#define QUADRATIC "type = 'quadratic'; noise = { sigma = 0.3; }; eigenvalues = "
#define ROWS "type = 'least_squares'; data = 'synthetic'; n = 60; d = 5; "
#define EXACT "type = 'least_squares'; data = '%s'; normalize = 'none'; bias = false; "
/* x* lies where the ball ends: without it ‖x*‖ is 0.91. */
#define SMALL_BALL ROWS "domain = { type = 'ball'; radius = 0.3; };"
#define INV_SQRT "type = 'inv_sqrt'; eta = 1;"

/* Every one is certified and not violated; in its last row E is between these parts of the
 * formula, the same order as the catalogue of theorems found for its own problems. */
static const struct {
    struct course course;
    double from, to; /* of the formula, in the last row */
} runs[] = {
    {{"smooth_bounded_variance_avg", QUADRATIC "( 1, 0.3, 0.1 );", NULL, NULL, 0.1, 'L',
      400, 40},
     0.3,
     0.6},
    {{"smooth_bounded_variance_avg", QUADRATIC "( 1, 1 ); start = 0;", NULL, NULL, 1.0,
      'L', 100, 50},
     0.4,
     0.6}, /* eta = 1/L: x is noise alone, f(x) - f* half of the formula */
    {{"smooth_bounded_variance_avg", SMALL_BALL, NULL, NULL, 0.5, 'L', 100, 20},
     5e-3,
     0.1},
    {{"smooth_gradient_noise_avg", ROWS, NULL, NULL, 0.1, 'M', 500, 30}, 0.15, 0.4},
    {{"smooth_gradient_noise_avg", ROWS, NULL, INV_SQRT, 0.4, 'M', 500, 30}, 0.2, 0.5},
    {{"smooth_gradient_noise_avg", SMALL_BALL "l2 = 0.1;", NULL, NULL, 0.3, 'M', 200, 20},
     0.05,
     0.2},
    {{"smooth_interpolation_avg", EXACT, NULL, NULL, 0.25, 'M', 100, 40}, 0.25, 0.5},
    {{"sc_smooth_distance_gower", ROWS, NULL, NULL, 0.1, 'M', 800, 30}, 0.05, 0.15},
    {{"sc_smooth_distance_gower", SMALL_BALL, NULL, NULL, 0.5, 'M', 200, 20}, 0.02, 0.08},
    {{"sc_smooth_distance_needell", ROWS, NULL, NULL, 0.1, 'M', 800, 30}, 0.2, 0.5},
    {{"sc_smooth_distance_needell", SMALL_BALL, NULL, NULL, 0.5, 'M', 200, 20},
     0.02,
     0.08},
    {{"sc_bounded_variance_distance", SMALL_BALL, NULL, NULL, 1.0, 'L', 100, 20},
     4e-3,
     0.02},
    {{"sc_interpolation_distance", EXACT, NULL, NULL, 1.0, 'M', 60, 40}, 0.01, 0.2},
    {{"momentum_ima_last", ROWS, "momentum_ima", NULL, 0.1, 'M', 500, 30}, 7e-3, 0.03},
    {{"momentum_ima_last", SMALL_BALL, "momentum_ima", NULL, 0.25, 'M', 200, 20},
     0.03,
     0.15},
    {{"lms_const_step_avg", "type = 'gauss_least_squares'; eigenvalues = ( 1, 1, 1, 1 );",
      NULL, "type = 'constant'; eta = 0.0416;", 0.0, 0, 400, 60},
     0.03,
     0.1}, /* Rx2 = 4 + 2: gamma Rx2 = 1/4 */
    {{"nonconvex_grad_weighted", QUADRATIC "( 1, 1 );", NULL, NULL, 0.5, 'L', 800, 60},
     0.95,
     1.05}, /* the descent lemma is an equality, and f ends near f* */
    {{"nonconvex_grad_weighted", "type = 'pl_sine'; d = 2; noise = { sigma = 2; };", NULL,
      INV_SQRT, 1.5, 'L', 200, 30},
     0.4,
     0.8},
    {{"pl_bounded_variance", "type = 'pl_sine'; d = 2; noise = { sigma = 0.5; };", NULL,
      NULL, 1.0, 'L', 200, 30},
     1e-3,
     5e-3}, /* as if the best PL were 1/32 */
    {{"pl_bounded_variance_simple", QUADRATIC "( 1, 1 ); start = 0;", NULL, NULL, 0.8,
      'L', 60, 400},
     0.75,
     0.93}, /* 1/(2 - eta L) of it */
    {{"bcn_const", QUADRATIC "( 1, 1 ); start = 0;", NULL, NULL, 0.8, 'L', 60, 400},
     0.75,
     0.93},
    {{"pl_karimi_const",
      QUADRATIC "( 1, 0.5 ); domain = { type = 'box'; lower = -1; upper = 2; };", NULL,
      "type = 'constant'; eta = 0.2;", 0.0, 0, 100, 30},
     5e-3,
     0.03},
    {{"bcn_decreasing", QUADRATIC "( 1 );", NULL, "type = 'inv_t'; eta = 2; offset = 1;",
      0.0, 0, 200, 60},
     0.03,
     0.1},
};

static void check_run(const struct course *c, double from, double to)
{
    struct lab_run *run = run_with(opened(c), 0, 0);
    const struct lab_claim *claim = claim_about(run, 0, c->bound, LAB_NO_METRIC);
    if (claim->status != LAB_CERTIFIED || claim->verdict == LAB_VIOLATED)
        fail_msg("%s: %s", c->bound, claim->reason);
    const double last = claim->ratio[claim->rows - 1];
    if (!(last >= from && last <= to && claim->tightness < 1.2))
        fail_msg("%s on %s: %g of the bound is not in [%g, %g]", c->bound, c->problem,
                 last, from, to);
    close_run(run);
}

static void test_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct course c = runs[i].course;
        char *problem =
            strcmp(c.problem, EXACT) == 0 ? lab_text(EXACT, csv(INTERPOLATED)) : NULL;
        c.problem = problem ? problem : c.problem;
        check_run(&c, runs[i].from, runs[i].to);
        if (problem)
            unlink(file), free(problem);
    }
}

/* f = ‖x‖^2/2: both sides are equal, without noise to the last digits, with noise in the mean;
 * 1e4 seeds know a mean to 1 or 2 %.  2/(mu + L) shrinks all distances alike. */
static void test_equalities(void **state)
{
    static const struct {
        const char *bound;
        double eta, mu;
    } cases[] = {{"sc_bounded_variance_distance", 0.3, 1.0},
                 {"sc_bounded_variance_distance", 1.0, 1.0},
                 {"pl_bounded_variance", 0.3, 1.0},
                 {"pl_bounded_variance", 1.0, 1.0},
                 {"bcn_const", 1.0, 1.0},
                 {"pl_bounded_variance", 1.7, 1.0},
                 {"sc_bounded_variance_distance", 1.6, 0.25}};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        const bool noisy = i % 2;
        struct lab_run *run = run_with(
            experiment(
                "steps = 12; seeds = %d; every = 1; bounds = ( '%s' ); problems = ("
                "{ type = 'quadratic'; eigenvalues = ( 1, %g ); start = ( 1, 0 );"
                "  noise = { sigma = %g; }; } );" SGD
                "schedules = ( { type = 'constant'; eta = %g; } );",
                noisy ? 10000 : 1, cases[i / 2].bound, cases[i / 2].mu, noisy ? 0.5 : 0.0,
                cases[i / 2].eta),
            0, 0);
        const struct lab_claim *c =
            claim_about(run, 0, cases[i / 2].bound, LAB_NO_METRIC);
        assert_int_equal(c->status, LAB_CERTIFIED);
        assert_true(c->verdict != LAB_VIOLATED);
        for (size_t k = 0; k < c->rows; k++) {
            if (fabs(c->empirical[k] - c->bound_value[k]) >
                (noisy ? 0.07 : 1e-12) * c->bound_value[k] + 1e-15)
                fail_msg("%s, eta = %g: %g, not %g", cases[i / 2].bound, cases[i / 2].eta,
                         c->empirical[k], c->bound_value[k]);
        }
        close_run(run);
    }
}

/* Long after a geometric bound is less than rounding leaves of f - f*, or of distances, it is not
 * violated, and what is left says nothing of how tight it is. */
static void test_below_rounding(void **state)
{
    (void)state;
    char *problem = lab_text(EXACT, csv(INTERPOLATED));
    const struct course cases[] = {
        {"sc_interpolation_distance", problem, NULL, NULL, 1.0, 'M', 2500, 20},
        {"pl_bounded_variance",
         "type = 'quadratic'; eigenvalues = ( 1, 0.5, 0 ); rotate = true;", NULL, NULL,
         0.5, 'L', 2500, 2},
    };
    for (size_t i = 0; i < 2; i++) {
        struct lab_run *run = run_with(opened(&cases[i]), 0, 0);
        const struct lab_claim *c = claim_about(run, 0, cases[i].bound, LAB_NO_METRIC);
        assert_int_equal(c->status, LAB_CERTIFIED);
        if (c->verdict == LAB_VIOLATED)
            fail_msg("%s: %s", cases[i].bound, c->reason);
        assert_true(c->bound_value[c->rows - 1] < 1e-40);
        assert_true(c->empirical[c->rows - 1] > c->bound_value[c->rows - 1]);
        assert_true(c->tightness <= 1.0 + 1e-6);
        close_run(run);
    }
    unlink(file), free(problem);
}

/* f_i = (x -+ 1)^2/2 on [-1, 1], which steps do not leave: E‖g‖^2 <= 4, mu = L = 1. */
static void test_karimi(void **state)
{
    static const struct {
        const char *bound, *schedule;
        double from;
    } cases[] = {
        {"pl_karimi_const", "type = 'constant'; eta = 0.1;", 0.2},
        {"pl_karimi_const", "type = 'constant'; eta = 0.49;", 0.1},
        {"pl_karimi_decreasing", "type = 'expression'; eta = '(2*t - 1)/(2*t^2)';", 0.15},
        {"pl_karimi_decreasing", "type = 'expression'; eta = '(2*t - 1)/(2*0.9*t^2)';",
         0.1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *problem = lab_text(EXACT "start = 1; domain = { type = 'box'; lower = -1; "
                                       "upper = 1; };",
                                 csv("1,1\n1,-1\n"));
        const struct course c = {
            cases[i].bound, problem, NULL, cases[i].schedule, 0.0, 0, 200, 60};
        check_run(&c, cases[i].from, 0.99);
        unlink(file), free(problem);
    }
}

/* What a theorem's watch makes, from the iterates of raw_x: weights 1/8 and 3/32 of
 * eta (1 - 2 eta) at eta = 1/4, 1/8; of 2 eta - eta^2: 7/16 and 15/64; f = x^2/2 from 1 goes to
 * 3/4 and 21/32. */
static void test_watches(void **state)
{
    static const double eta[] = {0.25, 0.125, 0.125}, x[] = {1, 0.75, 0.65625};
    const double mean = (x[0] / 8 + x[1] * 3 / 32) / (1.0 / 8 + 3.0 / 32),
                 grad2 = (x[0] * 7 / 16 + x[1] * x[1] * 15 / 64) / (7.0 / 16 + 15.0 / 64);
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 3; seeds = 1; every = 1; bounds = ( 'smooth_gradient_noise_avg',"
        "'nonconvex_grad_weighted', 'smooth_bounded_variance_avg' );"
        "problems = ( { type = 'quadratic'; eigenvalues = ( 1 ); start = 1; } );" SGD
        "schedules = ( { type = 'constant'; eta = 0.25; },"
        "              { type = 'constant'; eta = 0.25; } );");
    set_eta(e, 0, eta);
    struct lab_run *run = run_with(e, 1, 1);
    const struct lab_claim *c =
        claim_about(run, 0, "smooth_gradient_noise_avg", LAB_NO_METRIC);
    assert_close(c->empirical[0], 0.5, 1e-15);
    assert_close(c->empirical[1], 0.5 * mean * mean, 1e-15);
    c = claim_about(run, 0, "nonconvex_grad_weighted", LAB_NO_METRIC);
    assert_close(c->empirical[0], 1.0, 1e-15);
    assert_close(c->empirical[1], grad2, 1e-15);
    c = claim_about(run, 1, "smooth_bounded_variance_avg", LAB_NO_METRIC);
    assert_int_equal(c->rows, 2); /* x_2; x_2 and x_3 */
    assert_int_equal(c->t[0], 2);
    assert_close(c->empirical[0], 9.0 / 32, 1e-15);
    assert_close(c->empirical[1], (9.0 / 32 + 81.0 / 512) / 2, 1e-15);
    assert_close(c->bound_value[1], 1.0, 1e-15); /* 1/(2 (1/4) 2) */
    close_run(run);
}

/* From (1, -1) in the box [-1, 1]^2, f = (x^2 + 3y^2)/2, eta = 1: z_2 = (0, 2) is cut to (0, 1),
 * x_2 = (1/3, 1/3) (not (1/3, 1), where z runs free); z_3 = (-1/3, 0), x_3 = (0, 1/6). */
static void test_moving_average_in_a_box(void **state)
{
    static const double expected[] = {1, -1, 1.0 / 3, 1.0 / 3, 0, 1.0 / 6};
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 3; seeds = 1; every = 1; bounds = (); raw = true; raw_x = true;"
            "problems = ( { type = 'quadratic'; eigenvalues = ( 1, 3 );"
            "start = ( 1, -1 ); domain = { type = 'box'; lower = -1; upper = 1; };"
            "} ); optimizers = ( { type = 'momentum_ima'; } );" STEP(1)),
        1, 1);
    for (size_t i = 0; i < 6; i++)
        assert_true(fabs(run->arm->measure->raw_x[i] - expected[i]) <= 1e-15);
    close_run(run);
}

/* ---- where they do not apply ------------------------------------------------------ */

static void check_reason(const struct course *c, const char *why)
{
    struct lab_experiment *e = opened(c);
    const struct lab_arm arm = lab_experiment_arm(e, 0);
    size_t count;
    struct lab_claim *claims = lab_claims(e, &arm, &count);
    assert_true(count >= 1);
    if (claims[0].status != LAB_NOT_APPLICABLE || !strstr(claims[0].reason, why))
        fail_msg("%s on %s: '%s' does not say '%s'", c->bound, c->problem,
                 claims[0].reason, why);
    lab_claims_free(claims, count), lab_experiment_free(e);
}

#define BALL "domain = { type = 'ball'; radius = 2; };"
#define AS_IT_IS 0.0, 0, 20, 2

static void test_reasons(void **state)
{
    static const struct {
        struct course course;
        const char *why;
    } cases[] = {
        {{"smooth_bounded_variance_avg", QUADRATIC "( 1, 0.5 );", NULL, NULL, 1.01, 'L',
          20, 2},
         "eta_1 = 1.01 exceeds 1/L = 1"},
        {{"smooth_bounded_variance_avg", QUADRATIC "( 1, 0.5 );", NULL, INV_SQRT, 0.5,
          'L', 20, 2},
         "needs a constant step"},
        {{"smooth_bounded_variance_avg", ROWS, NULL, NULL, 0.5, 'L', 20, 2},
         "sigma2 is not known: grows with"},
        {{"smooth_bounded_variance_avg", "type = 'hinge'; data = 'synthetic';" BALL, NULL,
          NULL, AS_IT_IS},
         "L is not known: nonsmooth"},
        {{"smooth_bounded_variance_avg", "type = 'rosenbrock';", NULL, NULL, AS_IT_IS},
         "rosenbrock is not convex"},
        {{"smooth_gradient_noise_avg", ROWS, NULL, NULL, 0.5, 'M', 20, 2},
         "is not below 1/(2 L_max)"},
        {{"smooth_gradient_noise_avg", ROWS, "momentum", NULL, 0.1, 'M', 20, 2},
         "is about sgd, not momentum"},
        {{"smooth_gradient_noise_avg", "type = 'gauss_least_squares';", NULL, NULL,
          AS_IT_IS},
         "Lmax is not known: Gaussian rows"},
        {{"smooth_interpolation_avg", ROWS, NULL, NULL, 0.5, 'M', 20, 2},
         "needs sampled gradients that all vanish at x_star, but sigma2_star = "},
        {{"smooth_interpolation_avg", QUADRATIC "( 1 );", NULL, NULL, 0.5, 'M', 20, 2},
         "sigma2_star = 0.09 there"},
        {{"smooth_interpolation_avg", "type = 'quadratic'; eigenvalues = ( 1, 0.5 );",
          NULL, NULL, 1.0, 'M', 20, 2},
         "is not below 1/L_max = 1"},
        {{"sc_smooth_distance_gower", ROWS, NULL, NULL, 0.51, 'M', 20, 2},
         "exceeds 1/(2 L_max)"},
        {{"sc_smooth_distance_gower", "type = 'gauss_least_squares';", NULL, NULL,
          AS_IT_IS},
         "L_max is not known"},
        {{"sc_smooth_distance_gower", "type = 'logistic'; data = 'synthetic';", NULL,
          NULL, 0.1, 'M', 20, 2},
         "needs a strongly convex f, but mu = 0"},
        {{"sc_smooth_distance_needell", ROWS, NULL, NULL, 1.0, 'M', 20, 2},
         "is not below 1/L_max"},
        {{"sc_bounded_variance_distance", QUADRATIC "( 1, 0.25 );", NULL, NULL, 1.61, 'L',
          20, 2},
         "exceeds 2/(mu + L) = 1.6"},
        {{"sc_bounded_variance_distance", QUADRATIC "( 1, 0 );", NULL, NULL, 1.0, 'L', 20,
          2},
         "needs a strongly convex f, but mu = 0"},
        {{"sc_interpolation_distance", ROWS, NULL, NULL, 0.5, 'M', 20, 2},
         "needs sampled gradients that all vanish"},
        {{"sc_interpolation_distance", ROWS, NULL, NULL, 1.01, 'M', 20, 2},
         "exceeds 1/L_max"},
        {{"momentum_ima_last", ROWS, NULL, NULL, 0.25, 'M', 20, 2},
         "is about momentum_ima, not sgd"},
        {{"momentum_ima_last", ROWS, "momentum_ima", NULL, 0.26, 'M', 20, 2},
         "exceeds 1/(4 L_max)"},
        {{"lms_const_step_avg", ROWS, NULL, NULL, 0.1, 'M', 20, 2},
         "is about a stream of least squares, which least_squares is not"},
        {{"lms_const_step_avg", "type = 'gauss_least_squares'; eigenvalues = ( 1, 1 );",
          NULL, "type = 'constant'; eta = 0.25;", AS_IT_IS},
         "is not below 1/Rx2 = 0.25"},
        {{"lms_const_step_avg",
          "type = 'gauss_least_squares'; eigenvalues = ( 1, 1 ); noise = { sigma = 1; };",
          NULL, "type = 'constant'; eta = 0.1;", AS_IT_IS},
         "noise is added"},
        {{"lms_const_step_avg", "type = 'gauss_least_squares';" BALL, NULL,
          "type = 'constant'; eta = 0.01;", AS_IT_IS},
         "needs unprojected steps"},
        {{"nonconvex_grad_weighted", QUADRATIC "( 1 );", NULL, NULL, 2.0, 'L', 20, 2},
         "is not below 2/L"},
        {{"nonconvex_grad_weighted", QUADRATIC "( 1 );" BALL, NULL, NULL, 1.0, 'L', 20,
          2},
         "needs unprojected steps"},
        {{"nonconvex_grad_weighted", ROWS, NULL, NULL, 1.0, 'L', 20, 2},
         "sigma2 is not known"},
        {{"pl_bounded_variance", QUADRATIC "( 1 );" BALL, NULL, NULL, 1.0, 'L', 20, 2},
         "needs unprojected steps"},
        {{"pl_bounded_variance", "type = 'logistic'; data = 'synthetic';", NULL, NULL,
          0.5, 'L', 20, 2},
         "PL is not known"},
        {{"pl_bounded_variance", QUADRATIC "( 1 );", NULL, NULL, 2.0, 'L', 20, 2},
         "is not below 2/L"},
        {{"pl_bounded_variance_simple", QUADRATIC "( 1 );", NULL, NULL, 1.1, 'L', 20, 2},
         "exceeds 1/L"},
        {{"bcn_const", QUADRATIC "( 1 );", NULL, NULL, 1.1, 'L', 20, 2}, "exceeds 1/L"},
        {{"pl_karimi_const", QUADRATIC "( 1 );", NULL, NULL, 0.1, 'L', 20, 2},
         "a bound on E‖g‖² is not known: grows with"},
        {{"pl_karimi_const", QUADRATIC "( 1, 0.5 );" BALL, NULL, NULL, 0.1, 'L', 20, 2},
         "a projection may raise f"},
        {{"pl_karimi_const",
          QUADRATIC "( 1, 0.5 ); rotate = true;"
                    "domain = { type = 'box'; lower = -1; upper = 2; };",
          NULL, NULL, 0.1, 'L', 20, 2},
         "a projection may raise f"},
        {{"pl_karimi_const",
          QUADRATIC "( 1, 0.5 ); domain = { type = 'box'; lower = 0; upper = 2; };", NULL,
          NULL, 0.1, 'L', 20, 2},
         "a projection may raise f"},
        {{"pl_karimi_const", QUADRATIC "( 1 );" BALL, NULL, NULL, 0.5, 'L', 20, 2},
         "is not below 1/(2 mu) = 0.5"},
        {{"pl_karimi_decreasing", QUADRATIC "( 1 );" BALL, NULL, INV_SQRT, 0.5, 'L', 20,
          2},
         "needs eta_t = (2t - 1)/(2 mu t^2), but eta_2 = "},
        {{"pl_karimi_decreasing", QUADRATIC "( 1 );" BALL, NULL,
          "type = 'expression'; eta = '(2*t - 1)/(2*1.1*t^2)';", AS_IT_IS},
         "is 1/(2 mu) of mu = 1.1, but f has 1 only"},
        {{"bcn_decreasing", QUADRATIC "( 1 );", NULL, NULL, 1.0, 'L', 20, 2},
         "needs steps beta/(gamma + t), but eta_1 = 1 and eta_20 = 1"},
        {{"bcn_decreasing", QUADRATIC "( 1 );", NULL, INV_SQRT, 1.0, 'L', 20, 2},
         "needs steps beta/(gamma + t), but eta_2 = "},
        {{"bcn_decreasing", QUADRATIC "( 1 );", NULL,
          "type = 'inv_t'; eta = 1; offset = 2;", AS_IT_IS},
         "needs beta > 1/mu"},
        {{"bcn_decreasing", QUADRATIC "( 1 );", NULL,
          "type = 'inv_t'; eta = 3; offset = 1;", AS_IT_IS},
         "eta_1 = 1.5 exceeds 1/L"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_reason(&cases[i].course, cases[i].why);
}

/* ---- misuse ----------------------------------------------------------------------- */

static double mean_of(const struct lab_run *run, enum lab_metric metric)
{
    double sum = 0.0;
    for (size_t r = 0; r < run->e->seeds; r++)
        sum += measured(run, 0, metric, r, run->rows - 1) / (double)run->e->seeds;
    return sum;
}

/* sigma2 is a supremum over all that iterates may reach; at x* it is 0 here, and a step made for
 * L, not for L_max, runs away: (1 - 0.09 100)^2 = 64 once in ten steps. */
static void test_variance_at_the_minimum(void **state)
{
    (void)state;
    char *problem = lab_text(EXACT, csv(FITTED));
    const struct course c = {
        "sc_bounded_variance_distance", problem, NULL, NULL, 0.9, 'L', 40, 20};
    check_reason(&c, "sigma2 is not known");
    struct lab_experiment *e = opened(&c);
    ask_everything(e);
    const struct lab_facts f = e->problem->facts;
    char *inputs = lab_text(
        "R1 = %.17g; mu = %.17g; sigma2 = %.17g; eta = %.17g; T = %zu", f.R1.value,
        f.mu.value, f.sigma2_star.value, 0.9 / f.L.value, c.steps - 1);
    struct lab_run *run = run_with(e, 1, 0);
    assert_true(mean_of(run, LAB_DIST2) > 1e3 * formula(c.bound, inputs));
    close_run(run), unlink(file), free(problem), free(inputs);
}

/* L of the average in place of L_max: with a constant step the mean iterate is the plain one. */
static void test_average_smoothness(void **state)
{
    (void)state;
    char *problem = lab_text(EXACT, csv(SPREAD));
    const struct course c = {
        "smooth_gradient_noise_avg", problem, NULL, NULL, 0.45, 'L', 60, 20};
    check_reason(&c, "is not below 1/(2 L_max)");
    struct lab_experiment *e = opened(&c);
    ask_everything(e);
    const struct lab_facts *f = &e->problem->facts;
    const double eta = 0.45 / f->L.value, T = (double)c.steps,
                 W = T * eta * (1.0 - 2.0 * eta * f->L.value);
    const double rhs =
        (0.5 * f->R1.value * f->R1.value + f->sigma2_star.value * T * eta * eta) / W;
    struct lab_run *run = run_with(e, 1, 0);
    assert_true(mean_of(run, LAB_GAP_MEAN_ITERATE) > 10.0 * rhs);
    close_run(run), unlink(file), free(problem);
}

/* A stream of least squares is a quadratic in the mean, but its noise is not additive: what is
 * exact of noisy quadratics stays silent. */
static void test_streams_are_no_quadratics(void **state)
{
    (void)state;
    const struct course c = {"exact_quad_loss", "type = 'gauss_least_squares';", NULL,
                             "type = 'constant'; eta = 0.01;", AS_IT_IS};
    check_reason(&c, "needs a quadratic with a known spectrum");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_equalities),
        cmocka_unit_test(test_below_rounding),
        cmocka_unit_test(test_karimi),
        cmocka_unit_test(test_watches),
        cmocka_unit_test(test_moving_average_in_a_box),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_variance_at_the_minimum),
        cmocka_unit_test(test_average_smoothness),
        cmocka_unit_test(test_streams_are_no_quadratics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
