/*
 * tests/test_optimizers.c -- update rules: three steps by hand, a thousand against torch.
 *
 * Row t of raw_x is x_t, so the start is row 1 and the first update shows in row 2.
 */
#include <jansson.h>

#include "tests/helpers.h"

static double x_at(const struct lab_run *run, size_t t, size_t j)
{
    const size_t d = run->e->problem->facts.d;
    for (size_t k = 0; k < run->rows; k++)
        if (run->t[k] == t)
            return run->arm->measure->raw_x[k * d + j];
    fail_msg("no row at t = %zu", t);
    return NAN;
}

/* f = (x^2 + 3 y^2)/2, so g = (x, 3y).  Learning rates and starts are such that roots come
 * out whole; with the start (x, -x) a method that treats coordinates alike whatever their
 * scale (eps = 0) goes from (x, -x) to (x', -x').
 *
 * From (1, -3), eta = 1/2, 1/4, 1/8 (dual averaging also needs eta_4 = 1/16):
 * sgd        x_2 = (1 - 1/2, -3 + 9/2)             = (1/2, 3/2)
 *            x_3 = (1/2 - 1/8, 3/2 - 9/8)          = (3/8, 3/8)
 *            x_4 = (3/8 - 3/64, 3/8 - 9/64)        = (21/64, 15/64)
 * momentum   v_1 = (1, -9)                         x_2 = (1/2, 3/2)
 * beta 1/2   v_2 = (1/2, -9/2) + (1/2, 9/2) = (1, 0)       x_3 = (1/4, 3/2)
 *            v_3 = (1/2, 0) + (1/4, 9/2) = (3/4, 9/2)      x_4 = (5/32, 15/16)
 * nesterov   g_1 + v_1/2 = (3/2, -27/2)                    x_2 = (1/4, 15/4)
 * beta 1/2   g_2 = (1/4, 45/4), v_2 = (3/4, 27/4), g + v/2 = (5/8, 117/8)
 *            x_3 = (1/4 - 5/32, 15/4 - 117/32) = (3/32, 3/32)
 *            g_3 = (3/32, 9/32), v_3 = (15/32, 117/32), g + v/2 = (21/64, 135/64)
 *            x_4 = (3/32 - 21/512, 3/32 - 135/512) = (27/512, -87/512)
 * heavy_ball x_2 = (1/2, 3/2)
 * beta 1/2   x_3 = (3/8, 3/8) + (-1/2, 9/2)/2 = (1/8, 21/8)
 *            x_4 = (1/8 - 1/64, 21/8 - 63/64) + (-3/8, 9/8)/2 = (-5/64, 141/64)
 * momentum   z_2 = (1, -3) - (1, -9)/2 = (1/2, 3/2)       x_2 = ((1, -3) + 2 z_2)/3 = (2/3, 0)
 * _ima       z_3 = (1/2 - 1/6, 3/2) = (1/3, 3/2)          x_3 = (x_2 + z_3)/2 = (1/2, 3/4)
 *            z_4 = (1/3 - 1/16, 3/2 - 9/32)               x_4 = (3 x_3 + 2 z_4)/5
 *                = (13/48, 39/32)                             = (49/120, 15/16)
 * lion       c = g/2 has signs (1, -1)   x_2 = (1 - (1 + 1/2)/2, -3 + (1 + 3/2)/2)
 * beta1 1/2      = (1/4, -7/4), m_1 = (1, -9)/4
 * beta2 3/4  (1, -1) again               x_3 = (1/4 - (1 + 1/8)/4, -7/4 + (1 + 7/8)/4)
 * decay 1/2      = (-1/32, -41/32), m_2 = (3/16 + 1/16, -27/16 - 21/16) = (1/4, -3)
 *            c = (1/8 - 1/64, ..): m outvotes g   x_4 = (-1/32 - (1 - 1/64)/8,
 *                -41/32 + (1 + 41/64)/8) = (-79/512, -551/512)
 * dual       x_2 = (1, -3) - (1, -9)/4 = (3/4, -3/4), sum g = (7/4, -45/4)
 * averaging  x_3 = (1, -3) - (7/4, -45/4)/8 = (25/32, -51/32), sum g = (81/32, -513/32)
 *            x_4 = (1, -3) - (81, -513)/512 = (431/512, -1023/512)
 *
 * From (3, -3), eps = 0, eta = 7, 20, 13/2:
 * adagrad    roots of v: 3, sqrt(9 + 16) = 5, sqrt(25 + 144) = 13
 *            3 - 7 = -4, -4 + 20 4/5 = 12, 12 - (13/2) 12/13 = 6
 * eps 1      roots + 1: 4, 6, 14; eta = 28/3, 24, 7 walk the same way
 * dog        r = 1 = (1 + 3)/4 (start (3, 0)), 7, 9; roots as above; eta = 7, 20/7, 13/18:
 *            3 - 7 = -4, -4 + (20/7) 7 4/5 = 12, 12 - (13/18) 9 12/13 = 6
 * From (12, 3): adagrad_norm, eta = 5, 323, 145/2: g = (12, 9), root 15: (8, 0); root
 *            sqrt(225 + 64) = 17: 8 - 323 8/17 = -144; root sqrt(289 + 144^2) = 145:
 *            -144 + (145/2) 144/145 = -72
 * From (5, -5), beta2 = 0.36 (1 - beta2 = 0.8^2), eps = 0, eta = 7.2, 8, 1:
 * rmsprop    v = 16; 0.36 16 + 0.64 16 = 16; again 16
 *            5 - 7.2 5/4 = -4, -4 + 8 4/4 = 4, 4 - 1 = 3
 * eps 1      root + 1 = 5; eta = 9, 10, 5/4 walk the same way
 * From (5, -5), beta1 = beta2 = 1/2; M, V are m, v without bias:
 * adam       M = 5, (5 - 2)/3 = 1, (5 - 2 - 12)/7 = -9/7
 *            V = 25, (25 + 2)/3 = 9, (25 + 2 + 36)/7 = 9
 *            eta = 6, 6, 7/3: 5 - 6 = -1, -1 - 6/3 = -3, -3 + (7/3) 3/7 = -2
 * eps 1      roots + 1: 6, 4, 4; eta = 36/5, 8, 28/9 walk the same way
 * adamw      decay 1/5: moves 1 + 1, 1/3 - 1/5, -3/7 - 3/5; eta = 3, 15, 35/36: the same way
 * nadam      momentum_decay 0: mu = 1/4, p_t = 4^-t, q_t = 4^-(t+2)
 *            g + (16/63) 5/2 = 355/63, over 5; eta = 378/71: 5 - 6 = -1
 *            (4/5) (-1) + (64/255) 3/4 = -52/85, over 3; eta = 255/13: -1 + 4 = 3
 *            m_3 = 15/8; (16/21) 3 + (256/1023) 15/8 = 6576/2387, over 3; eta = 2387/2192:
 *            3 - 1 = 2
 * adabelief  M = 5, (5/4 + 3/4) 4/3 = 8/3, (1 - 1/2) 8/7 = 4/7
 *            g - m = 5/2, -1/2, -3/2; S = 25/4, (25/4 + 2/4)/3 = 9/4, (27/4 + 9)/7 = 9/4
 *            eta = 7/4, 45/32, 21/8: 5 - 7/2 = 3/2, 3/2 - (45/32) 16/9 = -1, -1 - 1 = -2
 * eps 1      from (2, 0), eta = 1: s_1 = 1/2 + 1, S = 3, x_2 = 2 - 2/(sqrt(3) + 1); the rest by
 *            bc to 25 digits
 * amsgrad    beta2 = 0.36 from (35, -35), no bias correction: v = 28^2, 0.36 28^2 = 16.8^2,
 *            (0.6 16.8)^2 + (0.8 43.2)^2 = 10.08^2 + 34.56^2 = 36^2; w = 28^2, 28^2, 36^2
 *            m = 35/2, 35/4, 35/8 - 43.2/2 = -17.225; eta = 56, 138.24, 36:
 *            35 - 56 5/8 = 0, -138.24 5/16 = -43.2, -43.2 + 17.225 = -25.975
 * From (2, -2/3), g = (2, -2), rho = 1/2, eps = 1/4, eta = 1:
 * adadelta   u = 2 (1/2)/sqrt(2 + 1/4) = 2/3, w = 2/9: (4/3, 0)
 *            v = 1 + 8/9, u = (4/3) sqrt(17/36)/sqrt(77/36): x_3 = (4/3)(1 - sqrt(17/77))
 *            w = 1/9 + (8/9)(17/77), v = 17/18 + x_3^2/2: x_4 by bc to 25 digits
 * sign_sgd   from (1/2, -3), eta = 1/2, 1/4, 1/8: sign(0) = 0
 * ef_sign    from (1, -3), eta = 1/4, 1/2, 2: p = (1/4, -9/4), mean 5/4, x = (-1/4, -7/4),
 * _sgd       e = (-1, -1); p = (-1/8 - 1, -21/8 - 1), mean 19/8, x = (17/8, 5/8), e = (5/4,
 *            -5/4); p = (17/4 + 5/4, 15/4 - 5/4), mean 4, x = (-15/8, -27/8)
 * From (3, 4/3), g = (3, 4):
 * normalized eta = 5/2, 5/4, 5/4: g halves twice, norms 5, 5/2, 5/4, (3/2, -2/3): g = (3/2, -2)
 * _sgd       (3/4, 1/3): g = (3/4, 1), (0, -2/3)
 * clipped    limit 2, eta = 5/4, 5/8, 1/2: factors 2/5, 4/5, 1: (3/2, -2/3), (3/4, 1/3),
 * _sgd       (3/8, -1/6)
 * coin       from (3/5, -4/15), ‖g‖ <= 1: W = 1; w_2 = (-0.6, 0.8)/2, g_2 = (0.3, 0.4)
 * betting    W = 1 + 0.09 - 0.16 = 0.93; w_3 = (-0.9, 0.4) 0.93/3 = (-0.279, 0.124)
 *            g_3 = (0.321, -0.428), W = 0.93 + 0.142631; w_4 = (-1.221, 0.828) 1.072631/4
 *            G = 2, eps = 2 from twice as far: the same, twice as large
 * From (1, 1), steps f/‖g‖^2:
 * polyak     2/10: (4, 2)/5; (14/25)/(52/25) = 7/26: (38, 5)/65; (1519/2)/1669:
 * sps_star   (38 1819, -5 1219)/(65 3338)
 * sps_max    c = 1: the third step is 3/10 (38, 5)/65 -> (266, 5)/650 with gamma_b = 3/10
 *            c = 1/2: steps as long with eta = 1/2; with gamma_b = 3/10 all three are 3/10
 */
static const struct {
    const char *optimizer;
    double eta[4], x[4][2];
} traces[] = {
    {"type = 'sgd';",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.5, 1.5}, {0.375, 0.375}, {21.0 / 64, 15.0 / 64}}},
    {"type = 'momentum'; beta = 0;",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.5, 1.5}, {0.375, 0.375}, {21.0 / 64, 15.0 / 64}}},
    {"type = 'momentum'; beta = 0.5;",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.5, 1.5}, {0.25, 1.5}, {5.0 / 32, 30.0 / 32}}},
    {"type = 'nesterov'; beta = 0.5;",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.25, 3.75}, {3.0 / 32, 3.0 / 32}, {27.0 / 512, -87.0 / 512}}},
    {"type = 'heavy_ball'; beta = 0.5;",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.5, 1.5}, {0.125, 2.625}, {-5.0 / 64, 141.0 / 64}}},
    {"type = 'momentum_ima';",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {2.0 / 3, 0}, {0.5, 0.75}, {49.0 / 120, 0.9375}}},
    {"type = 'lion'; beta1 = 0.5; beta2 = 0.75; weight_decay = 0.5;",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.25, -1.75}, {-1.0 / 32, -41.0 / 32}, {-79.0 / 512, -551.0 / 512}}},
    {"type = 'dual_averaging';",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.75, -0.75}, {25.0 / 32, -51.0 / 32}, {431.0 / 512, -1023.0 / 512}}},
    {"type = 'adagrad'; eps = 0;",
     {7, 20, 6.5, 1},
     {{3, -3}, {-4, 4}, {12, -12}, {6, -6}}},
    {"type = 'adagrad'; eps = 1;",
     {28.0 / 3, 24, 7, 1},
     {{3, 0}, {-4, 0}, {12, 0}, {6, 0}}},
    {"type = 'dog'; r_eps = 0.25;",
     {7, 20.0 / 7, 13.0 / 18, 1},
     {{3, 0}, {-4, 0}, {12, 0}, {6, 0}}},
    {"type = 'adagrad_norm';", {5, 323, 72.5, 1}, {{12, 3}, {8, 0}, {-144, 0}, {-72, 0}}},
    {"type = 'rmsprop'; beta2 = 0.36; eps = 0;",
     {7.2, 8, 1, 1},
     {{5, -5}, {-4, 4}, {4, -4}, {3, -3}}},
    {"type = 'rmsprop'; beta2 = 0.36; eps = 1;",
     {9, 10, 1.25, 1},
     {{5, 0}, {-4, 0}, {4, 0}, {3, 0}}},
    {"type = 'adam'; beta1 = 0.5; beta2 = 0.5; eps = 0;",
     {6, 6, 7.0 / 3, 1},
     {{5, -5}, {-1, 1}, {-3, 3}, {-2, 2}}},
    {"type = 'adam'; beta1 = 0.5; beta2 = 0.5; eps = 1;",
     {7.2, 8, 28.0 / 9, 1},
     {{5, 0}, {-1, 0}, {-3, 0}, {-2, 0}}},
    {"type = 'adamw'; beta1 = 0.5; beta2 = 0.5; eps = 0; weight_decay = 0.2;",
     {3, 15, 35.0 / 36, 1},
     {{5, -5}, {-1, 1}, {-3, 3}, {-2, 2}}},
    {"type = 'nadam'; beta1 = 0.5; beta2 = 0.5; eps = 0; momentum_decay = 0;",
     {378.0 / 71, 255.0 / 13, 2387.0 / 2192, 1},
     {{5, -5}, {-1, 1}, {3, -3}, {2, -2}}},
    {"type = 'adabelief'; beta1 = 0.5; beta2 = 0.5; eps = 0;",
     {1.75, 45.0 / 32, 21.0 / 8, 1},
     {{5, -5}, {1.5, -1.5}, {-1, 1}, {-2, 2}}},
    {"type = 'adabelief'; beta1 = 0.5; beta2 = 0.5; eps = 1;",
     {1, 1, 1, 1},
     {{2, 0},
      {1.2679491924311227, 0},
      {0.67067337879663859, 0},
      {0.25418830345918915, 0}}},
    {"type = 'amsgrad'; beta1 = 0.5; beta2 = 0.36; eps = 0; bias_correction = false;",
     {56, 138.24, 36, 1},
     {{35, -35}, {0, 0}, {-43.2, 43.2}, {-25.975, 25.975}}},
    {"type = 'adadelta'; rho = 0.5; eps = 0.25;",
     {1, 1, 1, 1},
     {{2, -2.0 / 3}, {4.0 / 3, 0}, {0.70683800813418031, 0}, {0.26773575131950927, 0}}},
    {"type = 'sign_sgd';",
     {0.5, 0.25, 0.125, 0.0625},
     {{0.5, -3}, {0, -2.5}, {0, -2.25}, {0, -2.125}}},
    {"type = 'ef_sign_sgd';",
     {0.25, 0.5, 2, 1},
     {{1, -3}, {-0.25, -1.75}, {2.125, 0.625}, {-1.875, -3.375}}},
    {"type = 'normalized_sgd';",
     {2.5, 1.25, 1.25, 1},
     {{3, 4.0 / 3}, {1.5, -2.0 / 3}, {0.75, 1.0 / 3}, {0, -2.0 / 3}}},
    {"type = 'clipped_sgd'; limit = 2;",
     {1.25, 0.625, 0.5, 1},
     {{3, 4.0 / 3}, {1.5, -2.0 / 3}, {0.75, 1.0 / 3}, {0.375, -1.0 / 6}}},
    {"type = 'coin_betting';",
     {1, 1, 1, 1},
     {{0.6, -0.8 / 3},
      {0.3, 0.4 / 3},
      {0.321, -0.428 / 3},
      {0.27257938725, -0.8 / 3 + 0.222034617}}},
    {"type = 'coin_betting'; G = 2; eps = 2;",
     {1, 1, 1, 1},
     {{1.2, -1.6 / 3},
      {0.6, 0.8 / 3},
      {0.642, -0.856 / 3},
      {0.5451587745, -1.6 / 3 + 0.444069234}}},
    {"type = 'mirror_descent'; mirror = 'euclidean';",
     {0.5, 0.25, 0.125, 0.0625},
     {{1, -3}, {0.5, 1.5}, {0.375, 0.375}, {21.0 / 64, 15.0 / 64}}},
    {"type = 'polyak';",
     {1, 1, 1, 1},
     {{1, 1}, {0.8, 0.4}, {38.0 / 65, 1.0 / 13}, {34561.0 / 108485, -1219.0 / 43394}}},
    {"type = 'polyak';",
     {0.5, 1.5, 1, 1},
     {{1, 1},
      {0.9, 0.7},
      {351.0 / 580, 7.0 / 580},
      {302094.0 / 996005, -2387.0 / 398402}}},
    {"type = 'sps_star';",
     {1, 1, 1, 1},
     {{1, 1}, {0.8, 0.4}, {38.0 / 65, 1.0 / 13}, {34561.0 / 108485, -1219.0 / 43394}}},
    {"type = 'sps_max'; c = 1; gamma_b = 0.3;",
     {1, 1, 1, 1},
     {{1, 1}, {0.8, 0.4}, {38.0 / 65, 1.0 / 13}, {133.0 / 325, 1.0 / 130}}},
    {"type = 'sps_max'; gamma_b = 10;",
     {0.5, 0.5, 0.5, 1},
     {{1, 1}, {0.8, 0.4}, {38.0 / 65, 1.0 / 13}, {34561.0 / 108485, -1219.0 / 43394}}},
    {"type = 'sps_max'; gamma_b = 0.3;",
     {1, 1, 1, 1},
     {{1, 1}, {0.7, 0.1}, {0.49, 0.01}, {0.343, 0.001}}},
};

static struct lab_experiment *quadratic(const char *eigenvalues, const char *domain,
                                        const double *start, const double *eta,
                                        const char *optimizer)
{
    struct lab_experiment *e = experiment(
        "steps = 4; seeds = 1; every = 1; bounds = (); raw = true; raw_x = true; "
        "problems = ( { type = 'quadratic'; eigenvalues = ( %s ); %s "
        "start = ( %.17g, %.17g ); } ); optimizers = ( { %s } );" STEP(1),
        eigenvalues, domain, start[0], start[1], optimizer);
    set_eta(e, 0, eta);
    return e;
}

static void test_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        struct lab_run *run = run_with(
            quadratic("1, 3", "", traces[i].x[0], traces[i].eta, traces[i].optimizer), 1,
            1);
        for (size_t t = 1; t <= 4; t++)
            for (size_t j = 0; j < 2; j++)
                if (!(fabs(x_at(run, t, j) - traces[i].x[t - 1][j]) <= 1e-12))
                    fail_msg("%s: x_%zu[%zu] is %.17g, not %.17g", traces[i].optimizer, t,
                             j, x_at(run, t, j), traces[i].x[t - 1][j]);
        close_run(run);
    }
}

/* The same f on a domain.
 *
 * On the simplex the ratio of weights is multiplied by exp(eta (g_2 - g_1)), a = log 2:
 * mirror_descent  g = (1, 3)/2: ratio 2^1; (2, 3)/3: 2 2^(3/3); (4, 3)/5: 4 4^(-5/5) = 1
 * hedge           the same g, but sums: a (1) = log 2, (3/2) a (4/3) = log 4, and with g_3
 *                 (15/17) log(3) (17/15) = log 3
 * In the box [3/2, 3] x R, cut at ±5, f* = 9/8 at (3/2, 0):
 * polyak          2 (19/8)/13 = 19/52: (66/52, -5/52) -> (3/2, -5/52); then f - f* = 3 y^2/2,
 * sps_star        ‖g‖^2 = 9/4 + 9 y^2: y turns to y (1 - 2 y^2/(1 + 4 y^2))
 */
static void test_on_domains(void **state)
{
    static const struct {
        const char *domain, *optimizer;
        double eta[4], x[4][2];
    } on[] = {
        {"domain = { type = 'simplex'; };",
         "type = 'mirror_descent';",
         {M_LN2, 3 * M_LN2, 10 * M_LN2, 1},
         {{0.5, 0.5}, {2.0 / 3, 1.0 / 3}, {0.8, 0.2}, {0.5, 0.5}}},
        {"domain = { type = 'simplex'; };",
         "type = 'hedge';",
         {99, M_LN2, 1.5 * M_LN2, 15.0 / 17 * 1.0986122886681098},
         {{0.5, 0.5}, {2.0 / 3, 1.0 / 3}, {0.8, 0.2}, {0.75, 0.25}}},
        {"domain = { type = 'box'; lower = ( 1.5, -5 ); upper = ( 3, 5 ); };",
         "type = 'polyak';",
         {2, 1, 1, 1},
         {{2, 1},
          {1.5, -5.0 / 52},
          {1.5, -6885.0 / 72904},
          {1.5, -18623235350205.0 / 200653902140432}}},
        {"domain = { type = 'box'; lower = ( 1.5, -5 ); upper = ( 3, 5 ); };",
         "type = 'sps_star';",
         {2, 1, 1, 1},
         {{2, 1},
          {1.5, -5.0 / 52},
          {1.5, -6885.0 / 72904},
          {1.5, -18623235350205.0 / 200653902140432}}},
        {"domain = { type = 'box'; lower = -3; upper = 1; };",
         "type = 'mirror_descent'; mirror = 'euclidean';",
         {1, 1, 1, 1},
         {{1, -3}, {0, 1}, {0, -2}, {0, 1}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
        struct lab_run *run = run_with(
            quadratic("1, 3", on[i].domain, on[i].x[0], on[i].eta, on[i].optimizer), 1,
            1);
        for (size_t t = 1; t <= 4; t++)
            for (size_t j = 0; j < 2; j++)
                if (fabs(x_at(run, t, j) - on[i].x[t - 1][j]) > 1e-12)
                    fail_msg("%s: x_%zu[%zu] is %.17g, not %.17g", on[i].optimizer, t, j,
                             x_at(run, t, j), on[i].x[t - 1][j]);
        close_run(run);
    }
}

/* ---- what must not matter -------------------------------------------------------- */

static void walk_alike(const char *optimizer, const char *eigenvalues)
{
    const double start[2] = {1.25, -0.75}, eta[4] = {0.4, 0.3, 0.2, 0.1};
    struct lab_run *a = run_with(quadratic("1, 3", "", start, eta, optimizer), 1, 1);
    struct lab_run *b = run_with(quadratic(eigenvalues, "", start, eta, optimizer), 1, 1);
    for (size_t t = 1; t <= 4; t++)
        for (size_t j = 0; j < 2; j++)
            assert_close(x_at(a, t, j), x_at(b, t, j), 1e-12);
    assert_true(x_at(a, 4, 0) != start[0]);
    close_run(a), close_run(b);
}

/* f times a factor, even one at which squares of norms underflow; for methods that work by
 * coordinate also another factor for each. */
static void test_scaling(void **state)
{
    static const char *const whole[] = {
        "type = 'adagrad_norm';",
        "type = 'normalized_sgd';",
        "type = 'dog'; r_eps = 0.1;",
    };
    static const char *const each[] = {
        "type = 'adagrad'; eps = 0;",
        "type = 'rmsprop'; eps = 0;",
        "type = 'adam'; eps = 0;",
        "type = 'adam'; eps = 0; bias_correction = false;",
        "type = 'amsgrad'; eps = 0;",
        "type = 'amsgrad'; eps = 0; bias_correction = false;",
        "type = 'adamw'; eps = 0; weight_decay = 0.3;",
        "type = 'nadam'; eps = 0;",
        "type = 'adabelief'; eps = 0;",
        "type = 'sign_sgd';",
        "type = 'lion';",
    };
    (void)state;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        walk_alike(whole[i], "7, 21");
        walk_alike(whole[i], "1e-170, 3e-170");
    }
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        walk_alike(each[i], "7, 21");
        walk_alike(each[i], "0.01, 50");
    }
}

/* P acts on x_1 - sum g, not on the projected x_t: box [-3, 1]^2, eta = 1, from (1, -3).
 * g_1 = (1, -9): (0, 6) -> (0, 1); g_2 = (0, 3), sum (1, -6): (0, 3) -> (0, 1);
 * g_3 = (0, 3), sum (1, -3): (0, 0).  Projected SGD is at (0, -2) already in step 3. */
static void test_dual_point(void **state)
{
    const double start[2] = {1, -3}, eta[4] = {1, 1, 1, 1}, y[4] = {-3, 1, 1, 0};
    const char *box = "domain = { type = 'box'; lower = -3; upper = 1; };";
    (void)state;
    struct lab_run *run =
        run_with(quadratic("1, 3", box, start, eta, "type = 'dual_averaging';"), 1, 1);
    for (size_t t = 1; t <= 4; t++) {
        assert_close(x_at(run, t, 0), t == 1, 0.0);
        assert_close(x_at(run, t, 1), y[t - 1], 0.0);
    }
    close_run(run);
}

/* Adam on the losses of Reddi et al. (2018), beta = (0.9, 0.99), 0.1/sqrt(t): at 10^5 it is on
 * its way to the worst point +1, without bias correction at x_T = 0.83176, with it at 0.92642 (an
 * independent loop in C). */
static void test_worst_point(void **state)
{
    const double expected[] = {0.8317625087809255, 0.9264154744461064};
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 100000; seeds = 1; bounds = (); raw = true; raw_x = true;"
        "problems = ( { type = 'reddi_online'; start = 'zero';"
        "               domain = { type = 'box'; lower = -1; upper = 1; }; } );"
        "optimizers = ( { type = 'adam'; beta2 = 0.99; bias_correction = false; },"
        "               { type = 'adam'; beta2 = 0.99; label = 'torch'; } );"
        "schedules = ( { type = 'inv_sqrt'; eta = 0.1; } );");
    struct lab_run *run = run_with(e, 1, 1);
    for (size_t i = 0; i < 2; i++)
        assert_close(run->arm[i].measure->raw_x[run->rows - 1], expected[i], 1e-9);
    close_run(run);
}

/* Norms near the ends of the range, where squares are 0 or infinite. */
static void test_norm(void **state)
{
    (void)state;
    assert_close(lab_norm(2, (const double[]){3, -4}), 5, 0.0);
    assert_close(lab_norm(2, (const double[]){3e-200, -4e-200}), 5e-200, 1e-15);
    assert_close(lab_norm(2, (const double[]){3e200, -4e200}), 5e200, 1e-15);
    assert_close(lab_norm(2, (const double[]){0, 0}), 0, 0.0);
    assert_close(lab_norm(2, (const double[]){-INFINITY, 0}), INFINITY, 0.0);
    assert_true(isnan(lab_norm(2, (const double[]){NAN, 1e200})));
}

/* ---- torch ----------------------------------------------------------------------- */

/* A JSON object as the inside of a config group. */
static void config_of(json_t *object, char *text, size_t size)
{
    const char *key;
    json_t *value;
    *text = '\0';
    json_object_foreach(object, key, value)
    {
        const size_t used = strlen(text);
        char *plain = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
        snprintf(text + used, size - used, "%s = %s; ", key, plain);
        free(plain);
    }
}

static struct lab_run *run_case(json_t *torch)
{
    char problem[512], optimizer[512], schedule[512];
    config_of(json_object_get(torch, "problem"), problem, sizeof problem);
    config_of(json_object_get(torch, "optimizer"), optimizer, sizeof optimizer);
    config_of(json_object_get(torch, "schedule"), schedule, sizeof schedule);
    struct lab_experiment *e = experiment(
        "steps = %d; seeds = 1; every = 1; bounds = (); metrics = ( 'loss' ); "
        "raw = true; raw_x = true; problems = ( { %s } ); optimizers = ( { %s } ); "
        "schedules = ( { %s } );",
        (int)json_integer_value(json_object_get(torch, "steps")), problem, optimizer,
        schedule);
    return run_with(e, 1, 1);
}

static void compare(json_t *torch)
{
    struct lab_run *run = run_case(torch);
    const char *row;
    json_t *seen, *theta;
    json_object_foreach(json_object_get(torch, "trace"), row, seen)
    {
        const size_t t = strtoul(row, NULL, 10);
        theta = json_object_get(seen, "theta");
        assert_int_equal(json_array_size(theta), run->e->problem->facts.d);
        for (size_t j = 0; j < json_array_size(theta); j++)
            assert_close(x_at(run, t, j), json_number_value(json_array_get(theta, j)),
                         1e-9);
        assert_int_equal(run->t[t - 1], t);
        assert_close(measured(run, 0, LAB_LOSS, 0, t - 1),
                     json_number_value(json_object_get(seen, "f")), 1e-9);
    }
    close_run(run);
}

/* tests/torch.json: theta after steps of torch.optim, for every optimizer here that has
 * a namesake there. */
static void test_torch(void **state)
{
    json_error_t why;
    json_t *root = json_load_file("tests/torch.json", 0, &why);
    size_t compared = 0;
    (void)state;
    if (!root)
        fail_msg("tests/torch.json:%d: %s", why.line, why.text);
    json_t *cases = json_object_get(root, "cases");
    for (size_t i = 0; i < json_array_size(cases); i++) {
        json_t *torch = json_array_get(cases, i);
        json_t *type = json_object_get(json_object_get(torch, "optimizer"), "type");
        if (!lab_find(LAB_KIND_optimizer, json_string_value(type), NULL))
            continue;
        compare(torch);
        compared++;
    }
    assert_int_equal(compared, json_array_size(cases));
    json_decref(root);
}

/* Lion's average decays by beta2, not by beta1: of g = 8, -1, -1 with beta1 = 1/2, beta2 = 3/4
 * m_1 = 2, m_2 = 5/4, so c_3 = 5/8 - 1/2 > 0 and x walks 0, -1, -2, -3 (with beta1 for both
 * c_3 < 0).  Losses g_t x_t, g_4 = 1: 0 + 1 + 2 - 3 = 0. */
static void test_lion_decay(void **state)
{
    (void)state;
    struct lab_run *run = run_with(
        experiment(
            "steps = 4; seeds = 1; every = 1; metrics = ( 'avg_loss' ); problems = ( "
            "{ type = 'linear_losses'; sequence = 'script'; slopes = ( 8, -1, -1, 1 ); "
            "} ); optimizers = ( { type = 'lion'; beta1 = 0.5; beta2 = 0.75; "
            "weight_decay = 0; } );" STEP(1)),
        1, 0);
    assert_close(measured(run, 0, LAB_AVG_LOSS, 0, 2), 1.0, 1e-15);
    assert_close(measured(run, 0, LAB_AVG_LOSS, 0, 3), 0.0, 0.0);
    close_run(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lion_decay), cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_on_domains), cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_dual_point), cmocka_unit_test(test_norm),
        cmocka_unit_test(test_torch),      cmocka_unit_test(test_worst_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
