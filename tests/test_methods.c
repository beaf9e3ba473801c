/*
 * tests/test_methods.c -- optimizers that look elsewhere than at x_t, take two gradients,
 * a prox, an average or a random number: three steps by hand, and what theory says of them.
 *
 * Row t of raw_x is x_t, so the start is row 1 and the first update shows in row 2.
 */
#include <gsl/gsl_cdf.h>

#include "lab/random.h"
#include "tests/helpers.h"

static const char *points; /* a data file: see write_points() */

/* x_t[j] of replica r of arm i, with a row for every step. */
static double at(const struct lab_run *run, size_t i, size_t r, size_t t, size_t j)
{
    const size_t d = run->e->problem->facts.d;
    assert_int_equal(run->t[t - 1], t);
    return run->arm[i].measure->raw_x[(r * run->rows + t - 1) * d + j];
}

/* Two data points: losses (2x - 3)^2/2 and (y + 1)^2/2, gradients (4x - 6, 0) and (0, y + 1). */
static int write_points(void **state)
{
    static char path[] = "/tmp/lab-methods-XXXXXX";
    const int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    (void)state;
    if (!file)
        return -1;
    fputs("2,0,3\n0,1,-1\n", file);
    points = path;
    return fclose(file);
}

static int remove_points(void **state)
{
    (void)state;
    return unlink(points);
}

/* ---- three steps by hand --------------------------------------------------------- */

/* theta_2 = (1 + sqrt 5)/2, theta_3 = 2.19...: the third step of FISTA repeats so much. */
#define BETA3 0.28175352512532081818 /* (theta_2 - 1)/theta_3 */

#define BOX "domain = { type = 'box'; lower = -3; upper = 1; };"

/*
 * f = (x^2 + 3 y^2)/2, g = (x, 3y), from (1, -3).
 *
 * heavy_ball  box [-3, 1], eta = 1, 1/2, 1/4: (0, 6) -> (0, 1)
 *             (0, 1) - (0, 3/2) + ((0, 1) - (1, -3))/2 = (-1/2, 3/2) -> (-1/2, 1)
 *             (-1/2, 1) - (-1/8, 3/4) + (-1/2, 0)/2 = (-5/8, 1/4)
 * dog         box [-4, 12], start (3, 0), r = 1, then 7, 9: 3 - 10 -> -4
 *             -4 + (25/7) 7 4/5 = 16 -> 12, 12 - (13/18) 9 12/13 = 6
 * coin        box x >= 0.45, start (0.6, -0.8/3): w_2 = (-0.3, 0.4), x_2 = (0.3 -> 0.45, 0.4/3)
 * betting     g_2 = (0.45, 0.4), W = 1 + 0.135 - 0.16 = 0.975, sum c = (-1.05, 0.4)
 *             w_3 = 0.325 (-1.05, 0.4), x_3 = (0.45, -0.8/3 + 0.13), g_3 = (0.45, -0.41)
 *             W = 0.975 + 0.1535625 + 0.0533 = 1.1818625, sum c = (-1.5, 0.81)
 *             w_4 = 1.1818625/4 (-1.5, 0.81)
 * schedule    eta = 1/2, 1/2, 1/4, 1/4, beta = 1/2: z_2 = z_1 - (1, -9)/2 = (1/2, 3/2)
 * _free       power 1: x_2 = (z_1 + z_2)/2 = (3/4, -3/4), y_2 = (5/8, 3/8)
 *             z_3 = (1/2, 3/2) - (5/16, 9/16) = (3/16, 15/16)
 *             x_3 = (2 z_1 + 2 z_2 + z_3)/5 = (51/80, -33/80), y_3 = (33/80, 21/80)
 *             z_4 = (3/16 - 33/320, 15/16 - 63/320) = (27/320, 237/320)
 *             x_4 = (2 z_1 + 2 z_2 + z_3 + z_4)/6 = (1047/320, -423/320)/6
 *             power 0: x_3 = (z_1 + z_2 + z_3)/3 = (9/16, -3/16), y_3 = (3/8, 3/8)
 *             z_4 = (3/16 - 3/32, 15/16 - 9/32) = (3/32, 21/32), x_4 = (57/32, 3/32)/4
 *             power 2: x_3 = (4 z_1 + 4 z_2 + z_3)/9 = (11/16, -9/16), y_3 = (7/16, 3/16)
 *             z_4 = (5/64, 51/64), x_4 = (4 z_1 + 4 z_2 + z_3 + z_4)/10 = (401, -273)/640
 *             box [-3, 1]: z_2 = (1/2, 1), x_2 = (3/4, -1), y_2 = (5/8, 0), z_3 = (3/16, 1)
 *             x_3 = (51/80, -3/5), y_3 = (33/80, 1/5), z_4 = (27/320, 17/20)
 *             x_4 = (349/640, -43/120)
 * fista       x_2 = (1/2, 3/2), x_3 = (3/8, 3/8): theta_1 - 1 = 0 repeats nothing
 *             y_4's beta = BETA3, moved (-1/8, -9/8): x_4 = (7/8)(3/8 - beta/8), ...
 *             box, eta = 1, 1/2, 1/2: (0, 1), (0, -1/2), y_3 = -1/2 - 3 beta/2, x_4 = -y_3/2
 * nesterov_sc kappa 9: beta = (3 - 1)/(3 + 1); y_2 = (1/2, 3/2) + (-1/2, 9/2)/2 = (1/4, 15/4)
 *             x_3 = (3/4, 1/4) y_2 = (3/16, 15/16), y_3 = (3/16 - 5/32, 15/16 - 9/32)
 *             x_4 = (7/8, 5/8) y_3 = (7/256, 105/256)
 *             box, eta = 1/2: x_2 = (1/2, 1), y_2 = (1/4, 3), x_3 = (1/8, -3/2)
 *             y_3 = (1/8 - 3/16, -3/2 - 5/4), x_4 = (-1/32, 11/8 -> 1)
 * ogm         eta = 1/3 takes y to 0: there x_t = -3 (-1)^t.../theta_t of 1, 1.61803, 2.19353 and
 *             (the last, with 8) 3.64215; the other coordinate, and the box, by the paper's
 *             recursion in decimal arithmetic of 40 digits
 * extra-      eta = 1/2, 1/4, 1/8: y = (1/2, 3/2): (1 - 1/4, -3 - 9/4) = (3/4, -21/4)
 * gradient    y = (9/16, -21/16): (3/4 - 9/64, -21/4 + 63/64) = (39/64, -273/64)
 *             y = (273/512, -1365/512): (39/64 - 273/4096, -273/64 + 4095/4096)
 *             box [-7, 1], eta = 1, 1/2, 1/4: y = (0, 6 -> 1): (1, -6); y = (1/2, 3 -> 1):
 *             (1 - 1/4, -6 - 3/2 -> -7); y = (9/16, -7/4): (3/4 - 9/64, -7 + 21/16)
 * sam         rho = 1 from (3, 4/3), g = (3, 4), y = x + (3/5, 4/5), eta = 1/3:
 *             (3 - 6/5, 4/3 - 32/15) = (9/5, -4/5); g = (9, -12)/5, eta = 3/11
 *             y = (12/5, -8/5): (9/5 - 36/55, -4/5 + 72/55) = (63, 28)/55; g = (63, 84)/55
 *             y = (96, 72)/55, eta = 1/4: (63 - 24, 28 - 54)/55
 *             box [-1, 1] from (3/4, 1/3), eta = 5/9, 1/4, 1/2: y = (27/20, 17/15)
 *             (0, 1/3 - 17/9 -> -1); y = (0, -2), -1 + 6/4 = 1/2; y = 3/2, 1/2 - 9/4 -> -1
 *             at 0: g = 0 and y = 0
 * lookahead   k = 2, alpha 1/2: (1/2, 3/2), (3/8, 3/8) -> ((1, -3) + (3/8, 3/8))/2
 *             = (11/16, -21/16), (7/8, 5/8) of it
 *             beta 1/2: v = (1, -9), x_2 as before, v = (1/2, -9/2) + (1/2, 9/2) = (1, 0)
 *             (1/4, 3/2) -> (5/8, -3/4), v = (1/2, 0) + (5/8, -9/4): - (9/8, -9/4)/8
 *             box, k = 1, beta 1/2, eta = 1, 1, 1/2: (0, 6 -> 1) -> (1/2, -1)
 *             v = (1/2, -9/2) + (1/2, -3) = (1, -15/2): (-1/2, 13/2 -> 1) -> (0, 0)
 *             v = (1/2, -15/4): (-1/4, 15/8 -> 1) -> (-1/8, 1/2)
 */
static const struct {
    const char *optimizer, *domain;
    double eta[4], x[4][2];
} traces[] = {
    {"type = 'heavy_ball'; beta = 0.5;",
     BOX,
     {1, 0.5, 0.25, 1},
     {{1, -3}, {0, 1}, {-0.5, 1}, {-0.625, 0.25}}},
    {"type = 'dog'; r_eps = 0.25;",
     "domain = { type = 'box'; lower = -4; upper = 12; };",
     {10, 25.0 / 7, 13.0 / 18, 1},
     {{3, 0}, {-4, 0}, {12, 0}, {6, 0}}},
    {"type = 'coin_betting';",
     "domain = { type = 'box'; lower = [ 0.45, -1.0 ]; upper = 1; };",
     {1, 1, 1, 1},
     {{0.6, -0.8 / 3},
      {0.45, 0.4 / 3},
      {0.45, -0.41 / 3},
      {0.45, -0.8 / 3 + 0.23932715625}}},
    {"type = 'schedule_free'; beta = 0.5;",
     "",
     {0.5, 0.5, 0.25, 0.25},
     {{1, -3}, {0.75, -0.75}, {51.0 / 80, -33.0 / 80}, {349.0 / 640, -141.0 / 640}}},
    {"type = 'schedule_free'; beta = 0.5; iterate = 'y';",
     "",
     {0.5, 0.5, 0.25, 0.25},
     {{1, -3}, {0.625, 0.375}, {33.0 / 80, 21.0 / 80}, {403.0 / 1280, 333.0 / 1280}}},
    {"type = 'schedule_free'; beta = 0.5; iterate = 'z';",
     "",
     {0.5, 0.5, 0.25, 0.25},
     {{1, -3}, {0.5, 1.5}, {3.0 / 16, 15.0 / 16}, {27.0 / 320, 237.0 / 320}}},
    {"type = 'schedule_free'; beta = 0.5; power = 0;",
     "",
     {0.5, 0.5, 0.25, 0.25},
     {{1, -3}, {0.75, -0.75}, {9.0 / 16, -3.0 / 16}, {57.0 / 128, 3.0 / 128}}},
    {"type = 'schedule_free'; beta = 0.5; power = 2;",
     "",
     {0.5, 0.5, 0.25, 0.25},
     {{1, -3}, {0.75, -0.75}, {11.0 / 16, -9.0 / 16}, {401.0 / 640, -273.0 / 640}}},
    {"type = 'schedule_free'; beta = 0.5;",
     BOX,
     {0.5, 0.5, 0.25, 0.25},
     {{1, -3}, {0.75, -1}, {51.0 / 80, -0.6}, {349.0 / 640, -43.0 / 120}}},
    {"type = 'schedule_free'; beta = 0.5; iterate = 'z';",
     BOX,
     {0.5, 0.5, 0.25, 0.25},
     {{1, -3}, {0.5, 1}, {3.0 / 16, 1}, {27.0 / 320, 0.85}}},
    {"type = 'prox_sgd';",
     "",
     {0.5, 0.25, 0.125, 1},
     {{1, -3}, {0.5, 1.5}, {0.375, 0.375}, {21.0 / 64, 15.0 / 64}}},
    {"type = 'fista';",
     "",
     {0.5, 0.25, 0.125, 1},
     {{1, -3},
      {0.5, 1.5},
      {0.375, 0.375},
      {7.0 / 64 * (3 - BETA3), 5.0 / 64 * (3 - 9 * BETA3)}}},
    {"type = 'fista';",
     BOX,
     {1, 0.5, 0.5, 1},
     {{1, -3}, {0, 1}, {0, -0.5}, {0, 0.25 + 0.75 * BETA3}}},
    {"type = 'nesterov_sc'; kappa = 9;",
     "",
     {0.5, 0.25, 0.125, 1},
     {{1, -3}, {0.5, 1.5}, {3.0 / 16, 15.0 / 16}, {7.0 / 256, 105.0 / 256}}},
    {"type = 'nesterov_sc'; kappa = 9;",
     BOX,
     {0.5, 0.5, 0.5, 1},
     {{1, -3}, {0.5, 1}, {0.125, -1.5}, {-1.0 / 32, 1}}},
    {"type = 'ogm';",
     "",
     {1.0 / 3, 1.0 / 3, 1.0 / 3, 1},
     {{1, -3},
      {0.46065533708336838393, 3 / 1.6180339887498948482},
      {0.092529403548996554073, -3 / 2.1935270853310539386},
      {-0.037312176400714892194, 3 / 3.6421524705465674734}}},
    {"type = 'ogm';",
     BOX,
     {1, 0.5, 0.25, 1},
     {{1, -3},
      {-0.61803398874989484820, 1},
      {-0.16814023181228701501, -2.0290907455302622948},
      {-0.040849201552360143664, 0.40687602387339313662}}},
    {"type = 'extragradient';",
     "",
     {0.5, 0.25, 0.125, 1},
     {{1, -3},
      {0.75, -5.25},
      {39.0 / 64, -273.0 / 64},
      {2223.0 / 4096, -13377.0 / 4096}}},
    {"type = 'extragradient'; same_sample = true;",
     "domain = { type = 'box'; lower = -7; upper = 1; };",
     {1, 0.5, 0.25, 1},
     {{1, -3}, {1, -6}, {0.75, -7}, {39.0 / 64, -91.0 / 16}}},
    {"type = 'sam'; rho = 1;",
     "",
     {1.0 / 3, 3.0 / 11, 0.25, 1},
     {{3, 4.0 / 3}, {1.8, -0.8}, {63.0 / 55, 28.0 / 55}, {39.0 / 55, -26.0 / 55}}},
    {"type = 'sam'; rho = 1;",
     "domain = { type = 'box'; lower = -1; upper = 1; };",
     {5.0 / 9, 0.25, 0.5, 1},
     {{0.75, 1.0 / 3}, {0, -1}, {0, 0.5}, {0, -1}}},
    {"type = 'sam'; rho = 1;", "", {1, 1, 1, 1}, {{0, 0}, {0, 0}, {0, 0}, {0, 0}}},
    {"type = 'lookahead'; k = 2;",
     "",
     {0.5, 0.25, 0.125, 1},
     {{1, -3}, {0.5, 1.5}, {11.0 / 16, -21.0 / 16}, {77.0 / 128, -105.0 / 128}}},
    {"type = 'lookahead'; k = 2; beta = 0.5;",
     "",
     {0.5, 0.25, 0.125, 1},
     {{1, -3}, {0.5, 1.5}, {0.625, -0.75}, {31.0 / 64, -15.0 / 32}}},
    {"type = 'lookahead'; k = 1; beta = 0.5;",
     BOX,
     {1, 1, 0.5, 1},
     {{1, -3}, {0.5, -1}, {0, 0}, {-0.125, 0.5}}},
};

static struct lab_run *trace(const char *problem, const char *domain, const double *start,
                             const double *eta, const char *optimizer)
{
    struct lab_experiment *e = experiment(
        "steps = 4; seeds = 1; every = 1; bounds = (); raw = true; raw_x = true; "
        "sampling = 'cyclic'; problems = ( { %s %s start = ( %.17g, %.17g ); } ); "
        "optimizers = ( { %s } );" STEP(1),
        problem, domain, start[0], start[1], optimizer);
    set_eta(e, 0, eta);
    return run_with(e, 1, 1);
}

static void compare(struct lab_run *run, const double (*x)[2], const char *what)
{
    for (size_t t = 1; t <= 4; t++)
        for (size_t j = 0; j < 2; j++)
            if (!(fabs(at(run, 0, 0, t, j) - x[t - 1][j]) <= 1e-12))
                fail_msg("%s: x_%zu[%zu] is %.17g, not %.17g", what, t, j,
                         at(run, 0, 0, t, j), x[t - 1][j]);
    close_run(run);
}

static void test_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++)
        compare(trace("type = 'quadratic'; eigenvalues = ( 1, 3 );", traces[i].domain,
                      traces[i].x[0], traces[i].eta, traces[i].optimizer),
                traces[i].x, traces[i].optimizer);
}

/*
 * On the two points in turn, gradients (4x - 6, 0) and (0, y + 1), from (1, -3/4) with eta = 1/4,
 * 1/2, 3/2; h = |x|/2 + |y|/2 in lasso, that and (x^2 + y^2)/2 in elastic_net.
 *
 * prox_sgd   (3/2, -3/4) less 1/8: (11/8, -5/8); (11/8, -13/16) less 1/4: (9/8, -9/16)
 *            (9/8 + 9/4, -9/16) less 3/4: (21/8, 0)
 * box        [-1, 5/4]: (5/4, -5/8), (1, -9/16), (1 + 3 - 3/4 -> 5/4, 0)
 * elastic    (11/8, -5/8)/(5/4) = (11/10, -1/2); (11/10 - 1/4, -3/4 + 1/4)/(3/2) = (17/30, -1/3)
 *            (17/30 + 28/5 - 3/4, 0)/(5/2) = (13/6, 0)
 * fista      y_3 = x_3 + beta (-1/4, 1/16): x 27/8 + 5 beta/4 less 3/4
 * extra-     the midpoint takes one point, the step the other: only y moves, by -1/4 1/4,
 * gradient   -1/2 3/16, -3/2 3/32; same_sample: midpoint 3/2 has g = 0; -7/8, g = 1/8; 4,
 *            g = 10
 * sam        rho 1: y = 0, g = -6, x = 5/2; y = 1/4, g = 5/4, -3/4 - 5/8; y = 7/2, g = 8, 5/2 - 12
 */
static void test_samples_by_hand(void **state)
{
    static const struct {
        const char *problem, *domain, *optimizer;
        double x[4][2];
    } cases[] = {
        {"lasso'; l1 = 0.5;",
         "",
         "prox_sgd",
         {{1, -0.75}, {1.375, -0.625}, {1.125, -0.5625}, {2.625, 0}}},
        {"lasso'; l1 = 0.5;",
         "domain = { type = 'box'; lower = -1; upper = 1.25; };",
         "prox_sgd",
         {{1, -0.75}, {1.25, -0.625}, {1, -0.5625}, {1.25, 0}}},
        {"elastic_net'; l1 = 0.5; l2 = 1;",
         "",
         "prox_sgd",
         {{1, -0.75}, {1.1, -0.5}, {17.0 / 30, -1.0 / 3}, {13.0 / 6, 0}}},
        {"lasso'; l1 = 0.5;",
         "",
         "fista",
         {{1, -0.75}, {1.375, -0.625}, {1.125, -0.5625}, {2.625 + 1.25 * BETA3, 0}}},
        {"least_squares';",
         "",
         "extragradient",
         {{1, -0.75}, {1, -0.8125}, {1, -29.0 / 32}, {1, -67.0 / 64}}},
        {"least_squares';",
         "",
         "extragradient'; same_sample = true; label = 'same",
         {{1, -0.75}, {1, -0.75}, {1, -0.8125}, {-14, -0.8125}}},
        {"least_squares';",
         "",
         "sam'; rho = 1; label = 'sam",
         {{1, -0.75}, {2.5, -0.75}, {2.5, -1.375}, {-9.5, -1.375}}},
    };
    const double eta[4] = {0.25, 0.5, 1.5, 1};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char problem[256], optimizer[128];
        snprintf(problem, sizeof problem,
                 "data = '%s'; normalize = 'none'; bias = false; type = '%s", points,
                 cases[i].problem);
        snprintf(optimizer, sizeof optimizer, "type = '%s';", cases[i].optimizer);
        struct lab_run *run =
            trace(problem, cases[i].domain, cases[i].x[0], eta, optimizer);
        assert_true(cases[i].x[3][1] != 0.0 || at(run, 0, 0, 4, 1) == 0.0);
        compare(run, cases[i].x, cases[i].optimizer);
    }
}

/* ---- what metrics speak of, and what it costs ------------------------------------- */

struct seen {
    double x[2], g[2], loss;
};

static void see(void *self, const struct lab_moment *m)
{
    struct seen *seen = (struct seen *)self + m->t - 1;
    memcpy(seen->x, m->x, sizeof seen->x);
    memcpy(seen->g, m->g, sizeof seen->g);
    seen->loss = m->loss[0];
}

/* Gradients that `optimizer` takes in three steps on `problem`, and what an observer saw. */
static size_t watch(const char *problem, const char *batch, const char *optimizer,
                    struct seen *seen)
{
    struct lab_experiment *e = experiment(
        "steps = 3; batch = %s; problems = ( { %s } ); optimizers = ( { type = '%s } );"
        "schedules = ( { type = 'inv_sqrt'; eta = 0.1; } );",
        batch, problem, optimizer);
    const struct lab_problem_entry *p = e->problem;
    const struct lab_plan plan = {.problem = p->problem,
                                  .problem_self = p->self,
                                  .facts = &p->facts,
                                  .domain = &p->domain,
                                  .loss_star = p->loss_star,
                                  .noise = &p->noise,
                                  .optimizer = e->optimizer->optimizer,
                                  .optimizer_self = e->optimizer->self,
                                  .eta = e->schedule->eta->eta,
                                  .T = e->T,
                                  .batch = e->batch,
                                  .sampling = lab_sampling_named(e->sampling),
                                  .seed = e->seed};
    const struct lab_observer observer = {see, seen, true};
    struct lab_block *block = lab_block_new(&plan, 0, 1, &observer, seen != NULL);
    lab_block_advance(block, 4);
    const size_t evaluations = lab_block_evaluations(block, 0);
    lab_block_free(block), lab_experiment_free(e);
    return evaluations;
}

/* The loss is that at x_t; g_t is taken there, or in step 3 elsewhere. */
static void test_observed(void **state)
{
    static const struct {
        const char *optimizer;
        size_t gradients;
        bool elsewhere;
    } cases[] = {
        {"schedule_free';", 1, true},
        {"schedule_free'; iterate = 'y';", 1, false},
        {"schedule_free'; iterate = 'z';", 1, true},
        {"prox_sgd';", 1, false},
        {"fista';", 1, true},
        {"nesterov_sc'; kappa = 9;", 1, true},
        {"ogm';", 1, false},
        {"extragradient';", 2, false},
        {"extragradient'; same_sample = true;", 2, false},
        {"sam';", 2, false},
        {"lookahead'; k = 2;", 1, false},
        {"sgld';", 1, false},
    };
    const char *composite = "type = 'lasso'; data = 'synthetic'; n = 50; d = 4;",
               *smooth = "type = 'least_squares'; data = 'synthetic'; n = 50; d = 4;";
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen[3];
        const char *optimizer = cases[i].optimizer;
        const char *data = strncmp(optimizer, "ogm", 3) ? composite : smooth;
        const size_t three = 3 * cases[i].gradients;
        assert_int_equal(
            watch("type = 'quadratic'; eigenvalues = ( 1, 3 );", "1", optimizer, seen),
            three);
        for (size_t t = 0; t < 3; t++) {
            const double x = seen[t].x[0], y = seen[t].x[1];
            assert_close(seen[t].loss, (x * x + 3 * y * y) / 2, 1e-15);
            if (t != 1) /* FISTA is at y_2 = x_2 */
                assert_int_equal(fabs(seen[t].g[1] - 3 * y) > 1e-6,
                                 cases[i].elsewhere && t > 0);
        }
        assert_int_equal(watch(data, "1", optimizer, NULL), three);
        assert_int_equal(watch(data, "7", optimizer, NULL), 7 * three);
        assert_int_equal(watch(data, "'full'", optimizer, NULL), 50 * three);
    }
}

static const char *const everyone[] = {
    "{ type = 'schedule_free'; }, { type = 'schedule_free'; iterate = 'z'; label = 'z'; "
    "}",
    "{ type = 'prox_sgd'; }",
    "{ type = 'fista'; }",
    "{ type = 'nesterov_sc'; kappa = 30; }",
    "{ type = 'ogm'; }",
    "{ type = 'extragradient'; }, { type = 'extragradient'; same_sample = true; }",
    "{ type = 'sam'; }",
    "{ type = 'lookahead'; beta = 0.5; }",
    "{ type = 'sgld'; temperature = 0.01; }",
};

/* Threads and blocks change nothing, to the last bit, nor do metrics. */
static void test_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof everyone / sizeof *everyone; i++) {
        struct lab_run *run[2];
        for (size_t k = 0; k < 2; k++) {
            struct lab_experiment *e = experiment(
                "steps = 40; seeds = 7; every = 1; bounds = (); raw = true; raw_x = "
                "true; "
                "batch = 2; metrics = ( 'avg_loss' ); problems = ( { type = "
                "'%s'; data = 'synthetic'; n = 60; d = 5; domain = { type = 'box'; "
                "lower = -0.4; upper = 0.3; }; noise = { sigma = 0.1; }; } );"
                "optimizers = ( %s ); " STEP(0.1),
                strstr(everyone[i], "ogm") ? "least_squares" : "elastic_net",
                everyone[i]);
            if (k)
                ask_everything(e);
            run[k] = run_with(e, k ? 1 : 2, k ? 7 : 3);
        }
        for (size_t a = 0; a < run[0]->arms; a++)
            assert_memory_equal(run[0]->arm[a].measure->raw_x,
                                run[1]->arm[a].measure->raw_x,
                                7 * 40 * 5 * sizeof(double));
        assert_true(at(run[0], 0, 1, 40, 0) != at(run[0], 0, 2, 40, 0));
        close_run(run[0]), close_run(run[1]);
    }
}

/* ---- schedule-free ---------------------------------------------------------------- */

/* x_t is the mean of z_1..z_t, and y_t lies between, over 1000 noisy steps. */
static void check_average(const char *domain, const char *schedule, int power)
{
    struct lab_run *run = run_with(
        experiment(
            "steps = 1000; seeds = 2; every = 1; bounds = (); raw = true; raw_x = true; "
            "problems = ( { type = 'quadratic'; d = 3; %s noise = { sigma = 1.0; }; "
            "start = 0.5; } ); schedules = ( { %s } ); optimizers = ( "
            "{ type = 'schedule_free'; power = %d; iterate = 'x'; label = 'x'; }, "
            "{ type = 'schedule_free'; power = %d; iterate = 'y'; label = 'y'; }, "
            "{ type = 'schedule_free'; power = %d; iterate = 'z'; label = 'z'; } );",
            domain, schedule, power, power, power),
        2, 0);
    const double *eta = run->arm[0].arm.schedule->eta->eta;
    for (size_t r = 0; r < 2; r++)
        for (size_t j = 0; j < 3; j++) {
            long double sum = 0.0L, weights = 0.0L;
            for (size_t t = 1; t <= 1000; t++) {
                const long double w = powl(eta[t - 1], (long double)power);
                const double x = at(run, 0, r, t, j), z = at(run, 2, r, t, j);
                sum += w * (long double)z;
                weights += w;
                assert_true(fabs(x - (double)(sum / weights)) < 1e-13);
                assert_true(fabs(at(run, 1, r, t, j) - (0.1 * z + 0.9 * x)) < 1e-13);
            }
        }
    assert_true(fabs(at(run, 0, 0, 1000, 0) - at(run, 2, 0, 1000, 0)) > 1e-3);
    close_run(run);
}

static void test_average(void **state)
{
    static const char *const domains[] = {"",
                                          "domain = { type = 'ball'; radius = 0.9; };"};
    static const char *const schedules[] = {
        "type = 'constant'; eta = 0.3;", "type = 'constant'; eta = 0.3; warmup = 200;",
        "type = 'linear'; eta = 0.5; warmup = 50;", "type = 'inv_sqrt'; eta = 0.7;"};
    (void)state;
    for (size_t k = 0; k < 4; k++)
        for (size_t i = 0; i < 2; i++)
            for (int power = 0; power <= 2; power++)
                check_average(domains[i], schedules[k], power);
}

/* beta = 0: z is SGD. */
static void test_without_interpolation(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 50; seeds = 2; every = 1; bounds = (); raw = true; raw_x = "
            "true; problems = ( { type = 'quadratic'; d = 3; noise = { sigma = "
            "1.0; }; domain = { type = 'ball'; radius = 2; }; } ); optimizers = ( "
            "{ type = 'sgd'; }, { type = 'schedule_free'; beta = 0; iterate = 'z'; "
            "} );" STEP(0.3)),
        1, 0);
    for (size_t r = 0; r < 2; r++)
        for (size_t t = 1; t <= 50; t++)
            for (size_t j = 0; j < 3; j++)
                assert_close(at(run, 1, r, t, j), at(run, 0, r, t, j), 1e-14);
    close_run(run);
}

/* Defazio et al. (2024), Theorem 2: f(x_T) - f* <= (R1^2 + G^2 sum eta^2)/(2 sum eta) for any beta
 * and steps, if weights are eta_t.  On max_linear with d = T, eta = R1/(G sqrt T) and beta = 0 it
 * is R1 G/sqrt T and attained.  z_T does not keep it. */
static double reached(const char *options, const double *eta)
{
    struct lab_experiment *e = experiment(
        "steps = 64; seeds = 1; bounds = (); metrics = ( 'gap' ); problems = ( { type = "
        "'max_linear'; d = 64; G = 2; R = 3; } ); optimizers = ( { type = "
        "'schedule_free'; %s } );" STEP(1),
        options);
    set_eta(e, 0, eta);
    struct lab_run *run = run_with(e, 1, 1);
    const double gap = measured(run, 0, LAB_GAP, 0, run->rows - 1);
    close_run(run);
    return gap;
}

static double allowed(const double *eta)
{
    double sum = 0.0, sum2 = 0.0;
    for (size_t t = 0; t < 64; t++) {
        sum += eta[t];
        sum2 += eta[t] * eta[t];
    }
    return (9 + 4 * sum2) / (2 * sum);
}

static void test_schedule_free_theorem(void **state)
{
    static const char *const betas[] = {"beta = 0;", "beta = 0.5;", "beta = 0.9;",
                                        "beta = 1;"};
    double best[64], rising[64], falling[64];
    (void)state;
    for (size_t t = 0; t < 64; t++) {
        best[t] = 3.0 / 16;
        rising[t] = 0.4 * (double)(t + 1) / 64;
        falling[t] = 0.4 * (double)(64 - t) / 64;
    }
    assert_close(allowed(best), 0.75, 1e-15);
    assert_close(reached("beta = 0;", best), 0.75, 1e-12);
    for (size_t i = 0; i < 4; i++) {
        assert_true(reached(betas[i], best) <= 0.75 * (1 + 1e-12));
        assert_true(reached(betas[i], rising) <= allowed(rising));
        assert_true(reached(betas[i], falling) <= allowed(falling));
    }
    assert_true(reached("iterate = 'z';", rising) > allowed(rising));
    assert_true(reached("iterate = 'z';", falling) > allowed(falling));
}

/* Steps of 0 before the first that moves leave no 0/0. */
static void test_zero_steps(void **state)
{
    const double start[2] = {1, -3}, eta[4] = {0, 0, 0.5, 0.5},
                 x[4][2] = {{1, -3}, {1, -3}, {1, -3}, {0.75, -0.75}};
    (void)state;
    compare(trace("type = 'quadratic'; eigenvalues = ( 1, 3 );", "", start, eta,
                  "type = 'schedule_free';"),
            x, "schedule_free");
}

/* ---- composite f ------------------------------------------------------------------ */

static const char *const composites[] = {
    "type = 'lasso'; l1 = 0.1;", "type = 'elastic_net'; l1 = 0.1; l2 = 0.05;",
    "type = 'lasso'; l1 = 0.1; domain = { type = 'box'; lower = -0.1; upper = 0.2; };"};

/* L of the smooth part: that of least squares on the same data. */
static double smoothness(void)
{
    struct lab_experiment *e = experiment(
        "steps = 2; problems = ( { type = 'least_squares'; data = 'synthetic'; n = 200; "
        "d = 12; } ); " SGD STEP(0.1));
    const double L = e->problem->facts.L.value;
    assert_true(e->problem->facts.L.status == LAB_COMPUTED && L > 0.5 && L < 5.0);
    lab_experiment_free(e);
    return L;
}

static struct lab_run *solve(const char *composite, const char *optimizer, size_t T,
                             double eta)
{
    return run_with(
        experiment(
            "steps = %zu; seeds = 1; every = 1; bounds = (); raw = true; raw_x = "
            "true; batch = 'full'; metrics = ( 'gap' ); problems = ( { data = "
            "'synthetic'; n = 200; d = 12; %s } ); optimizers = ( { type = '%s'; } "
            "); schedules = ( { type = 'constant'; eta = %.17g; } );",
            T, composite, optimizer, eta),
        1, 0);
}

/* With the whole sum and eta = 1/L both methods end at the certified minimum, with its
 * zeros, at no less than the proved speed: L R1^2/(2 N) of ISTA (Beck & Teboulle 2009, Theorem
 * 3.1), 2 L R1^2/(N + 1)^2 of FISTA (Theorem 4.4), N = t - 1 gradients. */
static void check_composite(const char *composite, const char *optimizer)
{
    const double L = smoothness();
    const size_t T = 600, d = 12;
    struct lab_run *run = solve(composite, optimizer, T, 1.0 / L);
    const struct lab_facts *f = &run->e->problem->facts;
    const bool fast = strcmp(optimizer, "fista") == 0;
    size_t zeros = 0;
    assert_non_null(f->minimiser);
    for (size_t t = 2; t <= T; t++) {
        const double N = (double)(t - 1), R2 = f->R1.value * f->R1.value;
        const double most = fast ? 2 * L * R2 / ((N + 1) * (N + 1)) : L * R2 / (2 * N);
        assert_true(measured(run, 0, LAB_GAP, 0, t - 1) <= most + 1e-12);
    }
    assert_true(fabs(measured(run, 0, LAB_GAP, 0, T - 1)) < 1e-12);
    for (size_t j = 0; j < d; j++) {
        const double x = at(run, 0, 0, T, j);
        assert_int_equal(x == 0.0, f->minimiser[j] == 0.0);
        assert_true(fabs(x - f->minimiser[j]) < 1e-6);
        zeros += x == 0.0;
    }
    assert_in_range(zeros, 1, d - 1);
    close_run(run);
}

static void test_composite(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        check_composite(composites[i], "prox_sgd");
        check_composite(composites[i], "fista");
    }
}

/* ISTA written out: the gradient of least squares, then the soft threshold. */
static void test_ista(void **state)
{
    const double eta = 0.2, l1 = 0.1;
    (void)state;
    struct lab_run *run = solve(composites[0], "prox_sgd", 50, eta);
    struct lab_experiment *e = experiment(
        "steps = 2; problems = ( { type = 'least_squares'; data = 'synthetic'; n = 200; "
        "d = 12; } ); " SGD STEP(0.1));
    double x[12] = {0}, g[12], f;
    for (size_t t = 1; t <= 50; t++) {
        e->problem->problem->objective(e->problem->self, 1, x, &f, g);
        for (size_t j = 0; j < 12; j++) {
            assert_close(at(run, 0, 0, t, j), x[j], 1e-13);
            const double v = x[j] - eta * g[j];
            x[j] = v > eta * l1 ? v - eta * l1 : v < -eta * l1 ? v + eta * l1 : 0.0;
        }
    }
    lab_experiment_free(e), close_run(run);
}

/* Without a prox it is SGD to the last bit; and multiplicative noise scales the smooth part
 * alone. */
static void test_prox_noise(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 30; seeds = 2; every = 1; bounds = (); raw = true; raw_x = "
            "true; problems = ( { type = 'least_squares'; data = 'synthetic'; "
            "domain = { type = 'simplex'; }; } ); optimizers = ( { type = 'sgd'; }, "
            "{ type = 'prox_sgd'; } );" STEP(0.05)),
        1, 0);
    assert_memory_equal(run->arm[0].measure->raw_x, run->arm[1].measure->raw_x,
                        2 * 30 * 20 * sizeof(double));
    close_run(run);
    struct seen seen[3];
    char problem[256];
    snprintf(problem, sizeof problem,
             "data = '%s'; normalize = 'none'; bias = false; type = 'lasso'; l1 = 0.5; "
             "start = ( 1, 2 ); noise = { type = 'multiplicative'; sigma = 0.5; };",
             points);
    watch(problem, "'full'", "prox_sgd';", seen);
    /* f = (2x - 3)^2/4 + (y + 1)^2/4 + |x|/2 + |y|/2, c the factor: g_1 = c (-1 + 1/2, 3/2 + 1/2),
     * of which c (-1, 3/2) is of the smooth part; eta_1 = 1/10. */
    const double c = seen[0].g[1] / 2;
    assert_true(fabs(c - 1.0) > 1e-3);
    assert_close(seen[0].g[0], -0.5 * c, 1e-14);
    assert_close(seen[1].x[0], 1 + 0.1 * c - 0.05, 1e-14);
    assert_close(seen[1].x[1], 2 - 0.15 * c - 0.05, 1e-14);
}

/* Prox, then projection, is no prox of both on a ball. */
static void test_refused(void **state)
{
    static const char *const refused[] = {"prox_sgd", "fista"};
    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (size_t ball = 0; ball < 2; ball++) {
            char text[512];
            struct lab_mistakes mistakes = {0};
            snprintf(
                text, sizeof text,
                "steps = 2; problems = ( { type = '%s'; data = 'synthetic'; domain = "
                "{ type = 'ball'; radius = 1; }; } ); optimizers = ( { type = '%s'; } "
                ");" STEP(0.1),
                ball ? "least_squares" : "lasso", refused[i]);
            lab_experiment_free(try_experiment(text, &mistakes));
            assert_int_equal(mistakes.count, !ball);
            assert_true(ball || strstr(mistakes.line[0], "needs the prox of h + "));
            lab_mistakes_free(&mistakes);
        }
}

/* ---- proved speeds ---------------------------------------------------------------- */

static struct lab_run *descend(const char *problem, const char *optimizer, size_t T,
                               double eta)
{
    return run_with(
        experiment(
            "steps = %zu; seeds = 1; every = 1; bounds = (); metrics = ( 'gap' ); "
            "problems = ( { %s } ); optimizers = ( { type = '%s } ); schedules = ( "
            "{ type = 'constant'; eta = %.17g; } );",
            T, problem, optimizer, eta),
        1, 0);
}

#define WORST "type = 'nesterov_tridiagonal'; d = 121; L = 4;"

/* Nesterov's worst function, N = t - 1 gradients, d = 121 = 2 60 + 1: no method is below
 * 3 L R1^2/(32 (N + 1)^2) at N = 60, FISTA is below 2 L R1^2/(N + 1)^2 at all N, and SGD is not. */
static void test_fista_speed(void **state)
{
    static const char *const methods[] = {"fista';", "sgd';"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_run *run = descend(WORST, methods[i], 301, 0.25);
        const double R1 = run->e->problem->facts.R1.value;
        bool below = true;
        for (size_t t = 2; t <= 301; t++)
            below &=
                measured(run, 0, LAB_GAP, 0, t - 1) <= 2 * 4 * R1 * R1 / (double)(t * t);
        assert_int_equal(below, i == 0);
        assert_true(measured(run, 0, LAB_GAP, 0, 60) >= 3 * 4 * R1 * R1 / (32 * 61 * 61));
        close_run(run);
    }
}

/* (1 - sqrt(mu/L))^N (f(x_1) - f* + mu R1^2/2), N = t - 1; SGD cannot. */
static void test_nesterov_sc_speed(void **state)
{
    static const char *const methods[] = {"nesterov_sc'; kappa = 400;", "sgd';"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_run *run =
            descend("type = 'quadratic'; d = 20; L = 2; mu = 0.005; rotate = true;",
                    methods[i], 400, 0.5);
        const struct lab_facts *f = &run->e->problem->facts;
        const double first =
            f->f1.value - f->f_star.value + 0.0025 * f->R1.value * f->R1.value;
        bool below = true;
        for (size_t t = 1; t <= 400; t++)
            below &= measured(run, 0, LAB_GAP, 0, t - 1) <=
                     pow(1 - 1 / 20.0, (double)(t - 1)) * first;
        assert_int_equal(below, i == 0);
        close_run(run);
    }
}

/* theta_N of the paper, N updates, the last one with 8. */
static double theta(size_t N)
{
    double value = 1.0;
    for (size_t i = 1; i <= N; i++)
        value = (1 + sqrt(1 + (i == N ? 8 : 4) * value * value)) / 2;
    return value;
}

/* Row T is the paper's x_N, N = T - 1: L R1^2/(2 theta_N^2) is attained by f = L x^2/2 and holds
 * on Nesterov's worst function, where SGD breaks it at T = 61. */
static void test_ogm_speed(void **state)
{
    static const size_t horizons[] = {2, 3, 4, 10, 61};
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        const size_t T = horizons[i];
        const double most = 4 / (2 * theta(T - 1) * theta(T - 1));
        struct lab_run *run = descend(
            "type = 'quadratic'; eigenvalues = ( 4 ); start = ( 3 );", "ogm';", T, 0.25);
        assert_close(measured(run, 0, LAB_GAP, 0, T - 1), 9 * most, 1e-12);
        close_run(run);
        for (size_t k = 0; k < 2; k++) {
            run = descend(WORST, k ? "sgd';" : "ogm';", T, 0.25);
            const double R1 = run->e->problem->facts.R1.value;
            const double gap = measured(run, 0, LAB_GAP, 0, T - 1);
            assert_true(k || gap <= R1 * R1 * most);
            assert_true(!k || T < 61 || gap > R1 * R1 * most);
            close_run(run);
        }
    }
}

/* ---- Langevin --------------------------------------------------------------------- */

/* Temperature 0 is SGD to the last bit; else x_{t+1} = P(x_t - eta g + sqrt(2 eta tau) z) with z
 * of the replica's own stream. */
static void test_langevin_steps(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 20; seeds = 2; seed = 5; every = 1; bounds = (); raw = true; "
            "raw_x = true; problems = ( { type = 'quadratic'; eigenvalues = ( 1, 3 "
            "); domain = { type = 'ball'; radius = 1.5; }; } ); optimizers = ( { "
            "type = 'sgd'; }, { type = 'sgld'; temperature = [ 0, 0.5 ]; } ); " STEP(
                0.25)),
        1, 0);
    assert_memory_equal(run->arm[0].measure->raw_x, run->arm[1].measure->raw_x,
                        2 * 20 * 2 * sizeof(double));
    size_t outside = 0;
    for (size_t r = 0; r < 2; r++) {
        gsl_rng *rng = lab_rng_new(5, r, LAB_FOR_OPTIMIZER);
        for (size_t t = 1; t < 20; t++) {
            const double x = at(run, 2, r, t, 0), y = at(run, 2, r, t, 1);
            double z[2];
            lab_draw_gaussian(rng, 1.0, 2, z);
            const double u = 0.75 * x + 0.5 * z[0], v = 0.25 * y + 0.5 * z[1];
            const double shrink = fmin(1.0, 1.5 / hypot(u, v));
            outside += shrink < 1.0;
            assert_close(at(run, 2, r, t + 1, 0), shrink * u, 1e-13);
            assert_close(at(run, 2, r, t + 1, 1), shrink * v, 1e-13);
        }
        gsl_rng_free(rng);
    }
    assert_in_range(outside, 1, 30);
    close_run(run);
}

/* From 0 with exact gradients x_t is N(0, V_t) in each coordinate, V_t = V (1 - a^(2(t-1))),
 * a = 1 - eta lam, V = 2 eta tau/(1 - a^2) = tau/(lam (1 - eta lam/2)): not tau/lam, that of
 * exp(-f/tau).  Over 2000 independent seeds sum x_T^2/V_T is chi^2 with 2000 degrees: outside its
 * 5e-5 tails, in one of 2 coordinates, with probability 2e-4 for a random seed.  tau/lam in
 * place of V is far outside: V lam/tau = 4/3, 2. */
static void test_langevin_variance(void **state)
{
    const double lam[2] = {1, 2}, eta = 0.5, tau = 0.3;
    const size_t seeds = 2000, T = 40;
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 40; seeds = 2000; seed = 11; every = 1; bounds = (); raw = "
            "true; raw_x = true; problems = ( { type = 'quadratic'; eigenvalues = ( "
            "1, 2 ); start = 0; } ); optimizers = ( { type = 'sgld'; temperature = "
            "0.3; } );" STEP(0.5)),
        2, 0);
    for (size_t j = 0; j < 2; j++) {
        const double a = 1 - eta * lam[j], V = tau / (lam[j] * (1 - eta * lam[j] / 2)) *
                                               (1 - pow(a, 2.0 * (double)(T - 1)));
        double sum = 0.0;
        for (size_t r = 0; r < seeds; r++)
            sum += at(run, 0, r, T, j) * at(run, 0, r, T, j);
        assert_true(sum / V > gsl_cdf_chisq_Pinv(5e-5, (double)seeds));
        assert_true(sum / V < gsl_cdf_chisq_Qinv(5e-5, (double)seeds));
        assert_true(sum / (tau / lam[j]) > gsl_cdf_chisq_Qinv(5e-5, (double)seeds));
    }
    close_run(run);
}

/* A step of length 0 has no noise: x stands still. */
static void test_sgld_stops(void **state)
{
    const double eta[] = {0.1, 0.1, 0, 0, 0};
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 5; seeds = 1; every = 1; bounds = (); raw = true; raw_x = true;"
        "problems = ( { type = 'quadratic'; d = 1; } ); optimizers = ( { type ="
        "'sgld'; } );" STEP(1));
    set_eta(e, 0, eta);
    struct lab_run *run = run_with(e, 1, 1);
    const double *x = run->arm->measure->raw_x;
    assert_true(x[1] != x[2]);
    assert_true(x[2] == x[3] && x[3] == x[4]);
    close_run(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_samples_by_hand),
        cmocka_unit_test(test_observed),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_average),
        cmocka_unit_test(test_without_interpolation),
        cmocka_unit_test(test_schedule_free_theorem),
        cmocka_unit_test(test_zero_steps),
        cmocka_unit_test(test_composite),
        cmocka_unit_test(test_ista),
        cmocka_unit_test(test_prox_noise),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_fista_speed),
        cmocka_unit_test(test_nesterov_sc_speed),
        cmocka_unit_test(test_ogm_speed),
        cmocka_unit_test(test_langevin_steps),
        cmocka_unit_test(test_langevin_variance),
        cmocka_unit_test(test_sgld_stops),
    };
    return cmocka_run_group_tests(tests, write_points, remove_points);
}
