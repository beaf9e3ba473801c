/*
 * tests/test_expression.c -- formulas: values by hand, gradients against closed forms and finite
 * differences, messages with columns, limits, convexity, interval bounds; and the problem.
 */
#include "lab/facts.h"
#include "lab/random.h"
#include "tests/helpers.h"

static const char *const scalars[] = {"t", "T", NULL};

static struct lab_expression *parse(const char *text)
{
    struct lab_error err = {""};
    struct lab_expression *e = lab_expression_parse(text, scalars, "x", &err);
    if (!e)
        fail_msg("%s: %s", text, err.text);
    assert_string_equal(err.text, "");
    return e;
}

/* The value at x = (2, -1, 0.5), t = 3, T = 100. */
static double value_of(const char *text)
{
    static const double x[] = {2.0, -1.0, 0.5}, s[] = {3.0, 100.0};
    struct lab_expression *e = parse(text);
    assert_true(lab_expression_dimension(e) <= 3);
    const double f = lab_expression_value(e, s, x);
    lab_expression_free(e);
    return f;
}

/* ---- values ---------------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *text;
    double value;
} values[] = {
    /* numbers and constants */
    {"1", 1}, {".5", 0.5}, {"1.", 1}, {"1e-3", 1e-3}, {"2.5E+2", 250}, {"pi", M_PI}, {"e", M_E},
    {"0.1", 0.1}, {"1e308", 1e308}, {"\t 1\n", 1},
    /* precedence and order */
    {"1 + 2*3", 7}, {"(1 + 2)*3", 9}, {"8 - 3 - 2", 3}, {"16/4/2", 2}, {"2*3^2", 18},
    {"2^3^2", 512}, {"2**3**2", 512}, {"2^-1", 0.5}, {"-x^2", -4}, {"(-x)^2", 4}, {"-2^2", -4},
    {"2^-x^2", 0.0625}, {"--x", 2}, {"-+-x", 2}, {"+x", 2}, {"3 - -x", 5}, {"2*-x", -4},
    {"6/2*3", 9}, {"1 - 2 + 3", 2}, {"-x*3", -6}, {"x ^ 2", 4}, {"x ** 2", 4},
    /* variables */
    {"x[0] + 10*x[1] + 100*x[2]", 42}, {"x", 2}, {"x[1 + 1]", 0.5}, {"x[2^1 - 2]", 2},
    {"0.5/sqrt(t)", 0.28867513459481287}, {"t/T", 0.03}, {"x[1]*t", -3},
    /* powers */
    {"x[1]^2", 1}, {"x[1]^3", -1}, {"x^10", 1024}, {"x^-2", 0.25}, {"x[1]^-3", -1}, {"x^0", 1},
    {"x[1]^0", 1}, {"x[2]^0.5", M_SQRT1_2}, {"pow(x, 3)", 8}, {"pow(x[1], 2)", 1},
    {"x[0]^x[1]", 0.5}, {"3^x", 9}, {"(1 + x)^65", 10301051460877537453973547267843.0},
    {"x[1]^101", -1}, {"x^1", 2}, {"x*x*x", 8}, {"4^0.5", 2},
    /* functions at x = 2, x[1] = -1, x[2] = 1/2; to 16 digits from a table */
    {"sin(x)", 0.9092974268256817}, {"cos(x)", -0.4161468365471424}, {"tan(x)", -2.185039863261519},
    {"asin(x[2])", 0.5235987755982989}, {"acos(x[2])", 1.0471975511965979},
    {"atan(x[1])", -0.7853981633974483}, {"sinh(x)", 3.626860407847019},
    {"cosh(x)", 3.7621956910836314}, {"tanh(x)", 0.9640275800758169}, {"exp(x)", 7.38905609893065},
    {"log(x)", 0.6931471805599453}, {"log10(x)", 0.3010299956639812}, {"log2(8*x)", 4},
    {"log1p(x)", 1.0986122886681098}, {"expm1(x)", 6.38905609893065}, {"sqrt(x)", M_SQRT2},
    {"cbrt(x[1]*8)", -2}, {"abs(x[1])", 1}, {"sign(x[1])", -1}, {"sign(0*x)", 0}, {"sign(x)", 1},
    {"min(x[0], x[1])", -1}, {"max(x[0], x[1])", 2}, {"min(x[0], x[1], -3, x[2])", -3},
    {"max(1, x[2], x[0], -4)", 2}, {"hypot(3*x, 8)", 10}, {"softplus(0)", M_LN2},
    {"softplus(x)", 2.1269280110429727}, {"softplus(-1000)", 0}, {"softplus(1000)", 1000},
    {"sigmoid(0)", 0.5}, {"sigmoid(x)", 0.8807970779778823}, {"sigmoid(-1000*x)", 0},
    /* sums */
    {"sum(i, 0, 2, x[i])", 1.5}, {"sum(i, 1, 10, i)", 55}, {"sum(k, -1, 1, k^2)", 2},
    {"sum(i, 0, 1, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)", 2500 + 1 + 25 + 4},
    {"sum(i, 0, 2, sum(j, 0, i, x[j]))", 4.5}, {"2*sum(i, 2, 2, x[i])^2", 0.5},
    {"sum(i, 0, 3 - 1, i*x[2 - i])", 3}, {"sum(i, 1, 3, 1/i)", 11.0 / 6.0},
};
/* clang-format on */

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const double v = value_of(values[i].text);
        if (!(fabs(v - values[i].value) <= 4e-16 * fabs(values[i].value)))
            fail_msg("%s is %.17g, not %.17g", values[i].text, v, values[i].value);
    }
}

/* ---- gradients ------------------------------------------------------------------- */

/* d/dx at x = a = 0.7 by hand; x is the only coordinate. */
static void test_closed_forms(void **state)
{
    const double a = 0.7, s = sin(a), c = cos(a), h = 1.0 / cosh(a), r = hypot(a, 2.0);
    const struct {
        const char *text;
        double slope;
    } table[] = {
        {"3", 0.0},
        {"x", 1.0},
        {"-x", -1.0},
        {"x - 3*x", -2.0},
        {"x^2", 2.0 * a},
        {"x*x", 2.0 * a},
        {"x^3", 3.0 * a * a},
        {"x^-1", -1.0 / (a * a)},
        {"(x - 2)^3", 3.0 * (a - 2.0) * (a - 2.0)},
        {"x^2.5", 2.5 * pow(a, 1.5)},
        {"2^x", exp2(a) * M_LN2},
        {"x^x", pow(a, a) * (log(a) + 1.0)},
        {"1/x", -1.0 / (a * a)},
        {"x/(1 + x)", 1.0 / ((1.0 + a) * (1.0 + a))},
        {"(1 + x)/2", 0.5},
        {"x^2 + 3*sin(x)^2", 2.0 * a + 6.0 * s * c},
        {"sin(x)", c},
        {"cos(x)", -s},
        {"tan(x)", 1.0 / (c * c)},
        {"asin(x)", 1.0 / sqrt(1.0 - a * a)},
        {"acos(x)", -1.0 / sqrt(1.0 - a * a)},
        {"atan(x)", 1.0 / (1.0 + a * a)},
        {"sinh(x)", cosh(a)},
        {"cosh(x)", sinh(a)},
        {"tanh(x)", h * h},
        {"exp(x)", exp(a)},
        {"exp(-x^2)", -2.0 * a * exp(-a * a)},
        {"log(x)", 1.0 / a},
        {"log2(x)", 1.0 / (a * M_LN2)},
        {"log10(x)", 1.0 / (a * M_LN10)},
        {"log1p(x)", 1.0 / (1.0 + a)},
        {"expm1(x)", exp(a)},
        {"sqrt(x)", 0.5 / sqrt(a)},
        {"cbrt(x)", 1.0 / (3.0 * pow(a, 2.0 / 3.0))},
        {"abs(x)", 1.0},
        {"abs(-x)", 1.0},
        {"abs(x - 1)", -1.0},
        {"sign(x)", 0.0},
        {"min(x, 2*x)", 1.0},
        {"max(x, 2*x)", 2.0},
        {"max(0, x - 1)", 0.0},
        {"max(1, 3*x, x^2)", 3.0},
        {"hypot(x, 2)", a / r},
        {"hypot(2, x)", a / r},
        {"softplus(x)", 1.0 / (1.0 + exp(-a))},
        {"sigmoid(x)", exp(-a) / ((1.0 + exp(-a)) * (1.0 + exp(-a)))},
        {"sum(i, 1, 4, i*x^i)", 1.0 + 4.0 * a + 9.0 * a * a + 16.0 * a * a * a},
        {"sin(cos(x))*exp(x)", exp(a) * (sin(c) - s * cos(c))},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_expression *e = parse(table[i].text);
        double f, g;
        lab_expression_evaluate(e, NULL, 1, 1, &a, &f, &g);
        if (!(fabs(g - table[i].slope) <= 1e-14 * fabs(table[i].slope)))
            fail_msg("(%s)' is %.17g, not %.17g", table[i].text, g, table[i].slope);
        lab_expression_free(e);
    }
}

/* Subgradients where there is a kink, and products with infinite factors that do not reach f. */
static void test_kinks(void **state)
{
    static const struct {
        const char *text;
        double x[2], f, g[2];
    } table[] = {
        {"abs(x[0]) + 0*x[1]", {0, 0}, 0, {0, 0}},
        {"hypot(x[0], x[1])", {0, 0}, 0, {0, 0}},
        {"max(x[0], x[1])", {1, 1}, 1, {1, 0}},
        {"min(x[0], x[1])", {1, 1}, 1, {1, 0}},
        {"max(x[0], -x[0]) + x[1]", {0, 2}, 2, {1, 1}},
        {"x[0]^2 + x[1]^2", {0, -0.0}, 0, {0, 0}},
        {"1/(1 + exp(-x[0])) + x[1]", {-800, 0}, 0, {0, 1}},
        {"max(0, x[0]) + min(0, exp(x[1]))", {-1, 1000}, 0, {0, 0}},
        {"x[0]*x[1]", {0, 3}, 0, {3, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_expression *e = parse(table[i].text);
        double f, g[2];
        lab_expression_evaluate(e, NULL, 2, 1, table[i].x, &f, g);
        assert_close(f, table[i].f, 1e-15);
        assert_close(g[0], table[i].g[0], 1e-15);
        assert_close(g[1], table[i].g[1], 1e-15);
        lab_expression_free(e);
    }
}

/* No value: no gradient either, not even of a coordinate that is not concerned. */
static void test_undefined(void **state)
{
    static const struct {
        const char *text;
        double x[2];
    } table[] = {
        {"log(x[0]) + x[1]", {-1, 1}},          {"log(x[0]) + x[1]", {0, 1}},
        {"sqrt(x[0]) + x[1]", {-1, 1}},         {"1/x[0] + x[1]", {0, 1}},
        {"x[0]^0.5 + x[1]", {-1, 1}},           {"x[0]^-2 + x[1]", {0, 1}},
        {"asin(x[0]) + x[1]", {2, 1}},          {"exp(x[0]) + x[1]", {1000, 1}},
        {"min(log(x[0]), x[1])", {-1, 1}},      {"max(x[1], log(x[0]))", {-1, 1}},
        {"max(log(x[0]), x[1])", {-1, 1}},      {"x[0] + x[1]", {NAN, 1}},
        {"x[0] + x[1]^2", {1, INFINITY}},       {"1/0 + x[0]*x[1]", {1, 1}},
        {"softplus(x[0]) + x[1]", {NAN, 1}},    {"abs(x[0]) + x[1]", {NAN, 1}},
        {"sign(x[0]) + x[1]", {NAN, 1}},        {"log(-1) + x[0] + x[1]", {1, 1}},
        {"0*log(x[0]) + x[1]", {-1, 1}},        {"min(x[0], x[1])", {1, NAN}},
        {"hypot(x[0], x[1])", {1e308, 1.7e308}}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_expression *e = parse(table[i].text);
        double f, g[2];
        lab_expression_evaluate(e, NULL, 2, 1, table[i].x, &f, g);
        if (isfinite(f) || !isnan(g[0]) || !isnan(g[1]))
            fail_msg("%s is %g with gradient (%g, %g)", table[i].text, f, g[0], g[1]);
        lab_expression_free(e);
    }
}

/* A point's result does not depend on the others, nor on whether the gradient is wanted; d may
 * be more than the formula uses. */
static void test_blocks(void **state)
{
    enum { COUNT = 19, D = 4 };
    struct lab_expression *e =
        parse("sin(x[0])*x[2]^3/t + exp(x[1] - x[2])/hypot(1, x[0])");
    double x[COUNT * D], f[COUNT], g[COUNT * D], alone, single[D];
    const double s[] = {3.0, 0.0};
    gsl_rng *rng = lab_rng_new(1, 0, LAB_FOR_TESTS);
    (void)state;
    lab_draw_gaussian(rng, 1.0, COUNT * D, x);
    x[5] = NAN;
    for (size_t count = 1; count <= COUNT; count++) {
        lab_expression_evaluate(e, s, D, count, x, f, g);
        for (size_t k = 0; k < count; k++) {
            lab_expression_evaluate(e, s, D, 1, x + k * D, &alone, single);
            assert_memory_equal(&f[k], &alone, sizeof alone);
            assert_memory_equal(g + k * D, single, sizeof single);
            lab_expression_evaluate(e, s, D, 1, x + k * D, &alone, NULL);
            assert_memory_equal(&f[k], &alone, sizeof alone);
            assert_true(k == 1 ? isnan(g[k * D + 3]) : g[k * D + 3] == 0.0);
        }
    }
    gsl_rng_free(rng), lab_expression_free(e);
}

/* ---- mistakes -------------------------------------------------------------------- */

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"x^2 + sine(x)", "column 7: unknown function 'sine' (did you mean 'sin'?)"},
        {"2*(x + 1", "column 9: ')' is missing (for the bracket of column 3)"},
        {"2*sin(x", "column 8: ')' is missing (for the bracket of column 6)"},
        {"x[0 + 1", "column 8: ']' is missing (for the bracket of column 2)"},
        {"", "column 1: a number, a name or '(' is missing at the end"},
        {"  ", "column 3: a number, a name or '(' is missing at the end"},
        {"x +", "column 4: a number, a name or '(' is missing at the end"},
        {"x + * 3", "column 5: '*' in place of a number, a name or '('"},
        {"x)", "column 2: ')' closes nothing"},
        {"2x", "column 2: an operator is missing"},
        {"x x", "column 3: an operator is missing"},
        {"(x 2)", "column 4: an operator or ')' is missing"},
        {"x(0)", "column 2: an operator is missing"},
        {"0x10", "column 2: an operator is missing"},
        {"x²", "column 2: '²' in place of an operator"},
        {"é + x", "column 1: 'é' in place of a number, a name or '('"},
        {"x[2] + 3·x[0]", "column 9: '·' in place of an operator"},
        {"x + \xff", "column 5: byte 0xff in place of a number, a name or '('"},
        {"x = 1", "column 3: '=' in place of an operator"},
        {"1e999", "column 1: the number is too large"},
        {"x + y", "column 5: unknown name 'y' (did you mean 'x'?)"},
        {"x0^2 + x_12", "column 1: unknown name 'x0' (did you mean 'x[0]'?)"},
        {"1 + x_12", "column 5: unknown name 'x_12' (did you mean 'x[12]'?)"},
        {"quux + 1", "column 1: unknown name 'quux'"},
        {"sin x", "column 4: '(' is missing after 'sin'"},
        {"sin", "column 4: '(' is missing after 'sin'"},
        {"pi(2)", "column 3: an operator is missing"},
        {"pow(x)", "column 1: 'pow' takes 2 arguments"},
        {"1 + pow(x, 1, 2)", "column 5: 'pow' takes 2 arguments, not more"},
        {"sin(x, 1)", "column 1: 'sin' takes 1 argument, not more"},
        {"min(x)", "column 1: 'min' takes at least 2 arguments"},
        {"sin()", "column 5: ')' in place of a number, a name or '('"},
        {"x[1] + x", "column 8: a bare 'x' means x[0], but x[1] is used too: write x[0]"},
        {"x[0.5]", "column 3: index 0.5 is not a whole number"},
        {"x[-1]", "column 3: index -1 is not in [0,9999]"},
        {"x[10000]", "column 3: index 10000 is not in [0,9999]"},
        {"x[x[0]]", "column 3: index must be a number, not a variable"},
        {"x[t]", "column 3: index must be a number, not a variable"},
        {"x[1/0]", "column 3: index inf is not a whole number"},
        {"sum(i, 0, 2, x[i - 1])", "column 16: index -1 is not in [0,9999]"},
        {"sum(i, 0, 2)", "column 12: ',' is missing (for the bracket of column 4)"},
        {"sum(x, 0, 2, 1)",
         "column 5: 'x' has a meaning already: another name for the index"},
        {"sum(e, 0, 2, 1)",
         "column 5: 'e' has a meaning already: another name for the index"},
        {"sum(3, 0, 2, 1)", "column 5: '3' in place of the name of an index"},
        {"sum(i, 0, x, i)", "column 11: the last index must be a number, not a variable"},
        {"sum(i, 1, 0, i)", "column 11: the sum is empty: from 1 to 0"},
        {"sum(i, 0, 3, i) + i", "column 19: unknown name 'i' (did you mean 'x'?)"},
        {"sum(i, 0, 1e9, 0)", "column 16: the sums are too long to be written out"},
        {"sum(i, 0, 999999, sin(i*x))", "column 19: more than 262144 operations"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_error err = {""};
        assert_null(lab_expression_parse(table[i].text, scalars, "x", &err));
        assert_string_equal(err.text, table[i].message);
    }
    struct lab_error err = {""}; /* without an array, without scalars */
    assert_null(lab_expression_parse("x[0]", NULL, NULL, &err));
    assert_string_equal(err.text, "column 1: unknown name 'x'");
}

static char *repeated(const char *before, const char *piece, size_t times,
                      const char *after)
{
    const size_t length = strlen(piece);
    char *text = lab_alloc(strlen(before) + times * length + strlen(after) + 1, 1);
    char *end = stpcpy(text, before);
    for (size_t i = 0; i < times; i++)
        end = stpcpy(end, piece);
    strcpy(end, after);
    return text;
}

static void assert_fails(char *text, const char *message)
{
    struct lab_error err = {""};
    assert_null(lab_expression_parse(text, NULL, "x", &err));
    if (!strstr(err.text, message))
        fail_msg("'%s' has no '%s'", err.text, message);
    free(text);
}

static void assert_value(char *text, double value)
{
    struct lab_expression *e = parse(text);
    const double x = 2.0;
    assert_close(lab_expression_value(e, NULL, &x), value, 1e-12);
    lab_expression_free(e), free(text);
}

static void test_limits(void **state)
{
    (void)state;
    assert_fails(repeated("", "(", 1000000, "x"), "column 65537: the text is longer");
    assert_fails(repeated("", "(", 60000, "x"), "column 201: more than 200");
    assert_fails(repeated("", "-", 60000, "x"), "column 201: more than 200");
    assert_fails(repeated("", "2^", 30000, "x"), "column 401: more than 200");
    assert_fails(repeated("", "sin(", 15000, "x"), "more than 200");
    assert_fails(repeated("", "sum(i,0,1,", 6000, "x"), "has a meaning already");
    assert_fails(repeated("", "x[", 30000, "0"), "more than 200");
    assert_fails(repeated("", "abcdefghij", 6000, ""), "unknown name 'abcdefghij");
    assert_fails(repeated("", "1", 400, ""), "too large");
    assert_fails(repeated("sum(i,0,1e9,", " ", 60000, "0)"),
                 "too long to be written out");
    assert_fails(repeated("sum(i,0,1e9,", "0", 60000, ")"), "too long to be written out");
    assert_value(repeated("", "-", 150, "x"), 2.0);
    assert_value(repeated("x", "+x", 30000, ""), 60002.0);
    assert_value(repeated("x", "-x", 30000, ""), -59998.0);
    assert_value(repeated("x", "*1", 30000, ""), 2.0);
}

/* ---- random formulas ------------------------------------------------------------- */

/* Writes a random formula of at most that depth into `out`; returns its end. */
static char *write_formula(gsl_rng *rng, int depth, char *out)
{
    static const char *const leaves[] = {"x[0]", "x[1]", "x[2]", "0.5",
                                         "2",    "3",    "pi",   "1e-1"};
    static const char *const unary[] = {
        "sin",   "cos",  "tan",  "asin", "acos",     "atan",    "sinh",
        "cosh",  "tanh", "exp",  "log",  "log2",     "log10",   "log1p",
        "expm1", "sqrt", "cbrt", "abs",  "softplus", "sigmoid", "-"};
    static const char *const binary[] = {" + ", " - ", "*", "/", "^"};
    static const char *const calls[] = {"min", "max", "hypot", "pow"};
    const unsigned long kind = depth ? gsl_rng_uniform_int(rng, 10) : 0;
    if (kind < 2)
        return stpcpy(out, leaves[gsl_rng_uniform_int(rng, 8)]);
    if (kind < 5) {
        out = stpcpy(out, unary[gsl_rng_uniform_int(rng, 21)]);
        out = write_formula(rng, depth - 1, stpcpy(out, "("));
        return stpcpy(out, ")");
    }
    if (kind < 6) { /* a whole power */
        out = write_formula(rng, depth - 1, stpcpy(out, "("));
        return out + sprintf(out, ")^%d", (int)gsl_rng_uniform_int(rng, 7) - 2);
    }
    const bool call = kind == 9;
    out = stpcpy(out, call ? calls[gsl_rng_uniform_int(rng, 4)] : "");
    out = write_formula(rng, depth - 1, stpcpy(out, "("));
    out = stpcpy(out, call ? ", " : binary[gsl_rng_uniform_int(rng, 5)]);
    out = write_formula(rng, depth - 1, out);
    return stpcpy(out, ")");
}

static void each_formula(size_t count, int depth,
                         size_t (*check)(const char *, const struct lab_expression *,
                                         gsl_rng *),
                         size_t least)
{
    gsl_rng *rng = lab_rng_new(2, 0, LAB_FOR_TESTS);
    static char text[1 << 16];
    size_t told = 0;
    for (size_t i = 0; i < count; i++) {
        write_formula(rng, 1 + (int)(i % (size_t)depth), text);
        struct lab_expression *e = parse(text);
        told += check(text, e, rng);
        lab_expression_free(e);
    }
    if (told < least) /* the test would say nothing */
        fail_msg("only %zu of %zu formulas were of use", told, count);
    gsl_rng_free(rng);
}

/* Central differences with two widths: where they agree the slope is known. */
static size_t check_differences(const char *text, const struct lab_expression *e,
                                gsl_rng *rng)
{
    double x[3], g[3], f;
    lab_draw_gaussian(rng, 1.0, 3, x);
    lab_expression_evaluate(e, NULL, 3, 1, x, &f, g);
    size_t known = 0;
    for (size_t j = 0; j < 3; j++) {
        double slope[2];
        for (int k = 0; k < 2; k++) {
            const double at = x[j], h = k ? 2e-5 : 1e-5;
            x[j] = at + h;
            const double up = lab_expression_value(e, NULL, x);
            x[j] = at - h;
            const double down = lab_expression_value(e, NULL, x);
            slope[k] = (up - down) / (2.0 * h);
            x[j] = at;
        }
        const double scale = 1.0 + fabs(f) + fabs(slope[0]);
        if (!isfinite(f) || !(fabs(slope[0] - slope[1]) <= 1e-8 * scale) ||
            fabs(f) > 1e6 || isinf(g[j]))
            continue;
        known++;
        if (!(fabs(g[j] - slope[0]) <= 1e-6 * scale))
            fail_msg("d/dx[%zu] of %s at (%.17g, %.17g, %.17g) is %.12g, not %.12g", j,
                     text, x[0], x[1], x[2], g[j], slope[0]);
    }
    return known;
}

static void test_differences(void **state)
{
    (void)state;
    each_formula(6000, 5, check_differences, 6000);
}

/* The Hessian against central differences of the gradient, in the same way. */
static size_t check_hessian(const char *text, const struct lab_expression *e,
                            gsl_rng *rng)
{
    double x[3], f, H[9], g[4][3];
    size_t known = 0;
    struct lab_expression *hessian = lab_expression_hessian(e, 3);
    if (!hessian)
        fail_msg("%s has no Hessian", text);
    lab_draw_gaussian(rng, 1.0, 3, x);
    lab_expression_evaluate(hessian, NULL, 9, 1, x, &f, H);
    for (size_t i = 0; i < 3; i++) {
        const double at = x[i], h = 1e-5;
        for (int k = 0; k < 4; k++) {
            x[i] = at + h * (k < 2 ? 1.0 : 2.0) * (k % 2 ? 1.0 : -1.0);
            lab_expression_evaluate(e, NULL, 3, 1, x, &f, g[k]);
        }
        x[i] = at;
        for (size_t j = 0; j < 3; j++) {
            const double one = (g[1][j] - g[0][j]) / (2.0 * h);
            const double two = (g[3][j] - g[2][j]) / (4.0 * h);
            const double scale = 1.0 + fabs(g[0][j]) + fabs(one);
            if (!(fabs(one - two) <= 1e-8 * scale && scale < 1e6 &&
                  isfinite(H[3 * j + i])))
                continue;
            known++;
            if (!(fabs(H[3 * j + i] - one) <= 1e-6 * scale))
                fail_msg("H[%zu][%zu] of %s at (%.17g, %.17g, %.17g) is %.12g, not %.12g",
                         j, i, text, x[0], x[1], x[2], H[3 * j + i], one);
        }
    }
    lab_expression_free(hessian);
    return known;
}

static void test_hessians(void **state)
{
    (void)state;
    each_formula(6000, 4, check_hessian, 10000);
}

static void draw_in_box(gsl_rng *rng, const double *lower, const double *upper, double *x)
{
    for (size_t j = 0; j < 3; j++) {
        const double u = gsl_rng_uniform(rng); /* corners and edges too */
        x[j] = u < 0.2   ? lower[j]
               : u > 0.8 ? upper[j]
                         : lower[j] + u * (upper[j] - lower[j]);
    }
}

/* No point of a box has a longer gradient, and no two differ by more than the curvature allows. */
static size_t check_bounds(const char *text, const struct lab_expression *e, gsl_rng *rng)
{
    double lower[3], upper[3], x[6], f[2], g[6], most, least, greatest;
    lab_draw_gaussian(rng, 1.0, 3, lower);
    for (size_t j = 0; j < 3; j++)
        upper[j] =
            lower[j] + gsl_rng_uniform(rng) * (gsl_rng_uniform(rng) < 0.5 ? 0.1 : 2.0);
    const bool steep = !lab_expression_steepest(e, 3, lower, upper, &most, NULL);
    const bool bent =
        !lab_expression_curvature(e, 3, lower, upper, &least, &greatest, NULL);
    for (int k = 0; k < 50 && (steep || bent); k++) {
        draw_in_box(rng, lower, upper, x), draw_in_box(rng, lower, upper, x + 3);
        lab_expression_evaluate(e, NULL, 3, 2, x, f, g);
        const double apart2 = dist2(3, x, x + 3), size = sqrt(dot(3, g, g));
        double inner = 0.0;
        for (size_t j = 0; j < 3; j++)
            inner += (g[j] - g[j + 3]) * (x[j] - x[j + 3]);
        if (steep && isfinite(most) && !(size <= most * (1.0 + 1e-12)) && isfinite(f[0]))
            fail_msg("‖grad %s‖ = %.17g is above %.17g", text, size, most);
        const double room = 1e-11 * (size + sqrt(dot(3, g + 3, g + 3))) * sqrt(apart2);
        if (bent && isfinite(greatest - least) && isfinite(f[0]) && isfinite(f[1]) &&
            !(inner <= greatest * apart2 + room && inner >= least * apart2 - room))
            fail_msg("curvature of %s: %.17g is not in [%.17g,%.17g]", text,
                     inner / apart2, least, greatest);
    }
    return steep && bent && isfinite(greatest) && most > 0.0;
}

static void test_bounds(void **state)
{
    (void)state;
    each_formula(20000, 5, check_bounds, 4000);
}

/* What is found convex is convex: f((x + y)/2) <= (f(x) + f(y))/2. */
static size_t check_convexity(const char *text, const struct lab_expression *e,
                              gsl_rng *rng)
{
    double x[9], f[3];
    size_t seen = 0;
    if (!lab_expression_is_convex(e))
        return 0;
    for (int k = 0; k < 60; k++) {
        lab_draw_gaussian(rng, k % 2 ? 1.0 : 4.0, 6, x);
        for (size_t j = 0; j < 3; j++)
            x[6 + j] = 0.5 * (x[j] + x[3 + j]);
        lab_expression_evaluate(e, NULL, 3, 3, x, f, NULL);
        if (!isfinite(f[0]) || !isfinite(f[1]))
            continue;
        seen++;
        const double room = 1e-12 * (fabs(f[0]) + fabs(f[1]) + 1.0);
        if (!(f[2] <= 0.5 * (f[0] + f[1]) + room))
            fail_msg("%s was found convex: f(%.17g, %.17g, %.17g) = %.17g > %.17g", text,
                     x[6], x[7], x[8], f[2], 0.5 * (f[0] + f[1]));
    }
    return seen > 0 && lab_expression_dimension(e) > 0;
}

static void test_convex_formulas(void **state)
{
    (void)state;
    each_formula(60000, 4, check_convexity, 10000);
}

/* Noise and near-formulas: an expression or a message with a column, never anything else. */
static void test_noise(void **state)
{
    static const char *const pieces[] = {
        "x",   "[",    "]",    "(",   ")", "+",  "-", "*",   "/",          "^",
        "**",  ",",    "sum(", "i",   "0", "1",  "9", ".",   "e",          "pi",
        "sin", "max(", "min",  "pow", " ", "1e", "t", "x[i", "sum(j,0,3,", "²"};
    gsl_rng *rng = lab_rng_new(3, 0, LAB_FOR_TESTS);
    const double s[] = {1.0, 2.0};
    size_t good = 0;
    (void)state;
    for (size_t k = 0; k < 60000; k++) {
        char text[256] = "", *end = text;
        const size_t length = 1 + gsl_rng_uniform_int(rng, 20);
        for (size_t n = 0; n < length; n++)
            if (k % 2)
                *end++ = (char)(1 + gsl_rng_uniform_int(rng, 255));
            else
                end = stpcpy(end, pieces[gsl_rng_uniform_int(rng, 30)]);
        *end = '\0';
        struct lab_error err = {""};
        struct lab_expression *e = lab_expression_parse(text, scalars, "x", &err);
        assert_true(e ? !err.text[0] : strncmp(err.text, "column ", 7) == 0);
        if (e) {
            const size_t d = lab_expression_dimension(e);
            double *x = lab_alloc(2 * d + 1, sizeof *x), f;
            lab_expression_evaluate(e, s, d, 1, x, &f, x + d);
            free(x), good++;
        }
        lab_expression_free(e);
    }
    assert_true(good > 500);
    gsl_rng_free(rng);
}

/* ---- convexity and bounds by hand ------------------------------------------------ */

static void test_convexity(void **state)
{
    static const char *const convex[] = {"x^2",
                                         "abs(x)",
                                         "exp(x) + x^4",
                                         "-log(x)",
                                         "1/x[0]^0.5",
                                         "x[0]^2 + 3*x[1]",
                                         "max(x[0], x[1], 2)",
                                         "hypot(x[0], x[1] - 1)",
                                         "softplus(-x)",
                                         "2^x",
                                         "0.5^x",
                                         "exp(x^2)",
                                         "(x[0] - 2*x[1])^2",
                                         "x*x",
                                         "3",
                                         "-sqrt(x)",
                                         "x^1.5",
                                         "-min(x, 1)",
                                         "1/sqrt(x)",
                                         "abs(x)^3",
                                         "cosh(x)",
                                         "sinh(x^2)",
                                         "-tanh(sqrt(x))",
                                         "x/2 + 1",
                                         "softplus(x)^2",
                                         "-log(x) - log(1 - x)",
                                         "sum(i, 0, 8, (x[i] - i)^2)",
                                         "exp(x)^2",
                                         "max(0, 1 - x)^2",
                                         "hypot(exp(x), 1)",
                                         "-log(-x[0] - x[1])",
                                         "expm1(x)",
                                         "-x^0.3"};
    static const char *const other[] = {"x^3",
                                        "sin(x)",
                                        "x[0]*x[1]",
                                        "log(x)",
                                        "sqrt(x)",
                                        "-x^2",
                                        "1/x",
                                        "1/x^2",
                                        "tanh(x)",
                                        "x^2 + 3*sin(x)^2",
                                        "min(x, 0)",
                                        "(x^2 - 1)^2",
                                        "exp(-x^2)",
                                        "sqrt(abs(x))",
                                        "-abs(x)",
                                        "100*(x[1] - x[0]^2)^2 + (1 - x[0])^2",
                                        "sign(x)",
                                        "x[0]/x[1]",
                                        "1/log(x)*x",
                                        "1/log(x)",
                                        "cbrt(x)",
                                        "-sqrt(x^2 - 1)",
                                        "log(1 + x^2)",
                                        "x[0]^x[1]",
                                        "hypot(log(x), 1)",
                                        "0*tan(x)"};
    (void)state;
    for (size_t i = 0; i < sizeof convex / sizeof *convex; i++) {
        struct lab_expression *e = parse(convex[i]);
        if (!lab_expression_is_convex(e))
            fail_msg("%s is convex", convex[i]);
        lab_expression_free(e);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct lab_expression *e = parse(other[i]);
        if (lab_expression_is_convex(e))
            fail_msg("%s is not convex", other[i]);
        lab_expression_free(e);
    }
}

/* Exact constants where every number occurs once. */
static void test_exact_bounds(void **state)
{
    static const struct {
        const char *text;
        double lower, upper, steepest, least, greatest;
    } table[] = {
        {"x^2", -3, 2, 6, 2, 2},
        {"x^2 + 3*sin(x)^2", -INFINITY, INFINITY, NAN, -4, 8},
        {"x[0]^2 + 2*x[1]^2", -1, 2, 4 * M_SQRT2 * 1.5811388300841898, 2, 4},
        {"x[0]*x[1]", -1, 2, 2 * M_SQRT2, -1, 1},
        {"exp(x)", 0, 1, M_E, 1, M_E},
        {"-log(x)", 0.5, 2, 2, 0.25, 4},
        {"softplus(x)", -INFINITY, INFINITY, 1, 0, 1},
        {"abs(x)", -INFINITY, INFINITY, 1, NAN, NAN},
        {"hypot(1, x)", -INFINITY, INFINITY, 1, -1, 2},
        {"max(x, -3*x)", -INFINITY, INFINITY, 3, NAN, NAN},
        {"x^4", -2, 1, 32, 0, 48},
        {"sin(x)", 0, 1, 1, -0.8414709848078965, 0},
        {"1/x", 1, 2, 1, 0.25, 2},
        {"log(x)", -1, 2, NAN, NAN, NAN},
        {"1/x", -1, 2, NAN, NAN, NAN},
        {"sign(x)", -1, 2, NAN, NAN, NAN},
        {"sqrt(x)", 0, 2, NAN, NAN, NAN},
        {"3*x + 1", -INFINITY, INFINITY, 3, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_expression *e = parse(table[i].text);
        const double lower[] = {table[i].lower, table[i].lower};
        const double upper[] = {table[i].upper, table[i].upper};
        const size_t d = lab_expression_dimension(e);
        double most = NAN, least = NAN, greatest = NAN;
        const bool steep =
            !lab_expression_steepest(e, d, lower, upper, &most, NULL) && isfinite(most);
        const bool bent =
            !lab_expression_curvature(e, d, lower, upper, &least, &greatest, NULL) &&
            isfinite(greatest);
        if (steep == isnan(table[i].steepest) || bent == isnan(table[i].greatest))
            fail_msg("%s: %g, %g, %g", table[i].text, most, least, greatest);
        if (steep) {
            assert_true(most >= table[i].steepest);
            assert_close(most, table[i].steepest, 1e-14);
        }
        if (bent) {
            assert_true(least <= table[i].least && greatest >= table[i].greatest);
            assert_true(fabs(least - table[i].least) <= 1e-14 * (1.0 + fabs(least)));
            assert_true(fabs(greatest - table[i].greatest) <= 1e-14 * (1.0 + greatest));
        }
        lab_expression_free(e);
    }
}

/* ---- the problem ----------------------------------------------------------------- */

static struct lab_experiment *open_problem(const char *problem)
{
    return experiment("problems = ( { %s } ); " SGD STEP(0.1), problem);
}

/* The same function, once built in and once written down. */
static void test_as_built_in(void **state)
{
    static const struct {
        const char *built_in, *written;
    } pairs[] = {
        {"type = 'rosenbrock'; d = 6;",
         "sum(i, 0, 2, 100*(x[2*i + 1] - x[2*i]^2)^2 + (1 - x[2*i])^2)"},
        {"type = 'pl_sine';", "x^2 + 3*sin(x)^2"},
        {"type = 'pl_sine'; d = 3;", "sum(i, 0, 2, x[i]^2 + 3*sin(x[i])^2)"},
        {"type = 'quadratic'; eigenvalues = ( 1, 4, 0.5 );",
         "(x[0]^2 + 4*x[1]^2 + 0.5*x[2]^2)/2"},
        {"type = 'rastrigin'; d = 2;",
         "20 + x[0]^2 + x[1]^2 - 10*cos(2*pi*x[0]) - 10*cos(2*pi*x[1])"},
        {"type = 'himmelblau';", "(x[0]^2 + x[1] - 11)^2 + (x[0] + x[1]^2 - 7)^2"},
        {"type = 'beale';",
         "(1.5 - x[0] + x[0]*x[1])^2 + (2.25 - x[0] + x[0]*x[1]^2)^2 + "
         "(2.625 - x[0] + x[0]*x[1]^3)^2"},
        {"type = 'saddle';", "x[0]^2/2 - x[1]^2/2 + x[1]^4/4"},
    };
    enum { COUNT = 40 };
    gsl_rng *rng = lab_rng_new(4, 0, LAB_FOR_TESTS);
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[512];
        snprintf(text, sizeof text, "type = 'expression'; f = '%s';", pairs[i].written);
        struct lab_experiment *e = open_problem(pairs[i].built_in),
                              *o = open_problem(text);
        const struct lab_problem_entry *p = e->problem, *q = o->problem;
        const size_t d = p->facts.d;
        double *x = lab_alloc(3 * COUNT * d, sizeof *x), f[COUNT], h[COUNT];
        double *g = x + COUNT * d, *k = g + COUNT * d;
        assert_int_equal(q->facts.d, d);
        assert_false(q->facts.convex && !p->facts.convex);
        lab_draw_gaussian(rng, 2.0, COUNT * d, x);
        p->problem->objective(p->self, COUNT, x, f, g);
        q->problem->objective(q->self, COUNT, x, h, k);
        for (size_t n = 0; n < COUNT; n++) {
            const double size = sqrt(dot(d, g + n * d, g + n * d));
            assert_true(fabs(f[n] - h[n]) <=
                        1e-14 * (fabs(f[n]) + (double)(20 * (i == 4))));
            assert_true(sqrt(dist2(d, g + n * d, k + n * d)) <= 1e-12 * size);
        }
        free(x), lab_experiment_free(e), lab_experiment_free(o);
    }
    gsl_rng_free(rng);
}

static void test_facts(void **state)
{
    (void)state;
    struct lab_experiment *e = open_problem(
        "type = 'expression'; f = 'x[0]^2 + 2*x[1]^2'; x_star = 0; "
        "domain = { type = 'ball'; radius = 2; center = ( 1, 0 ); }; start = ( 2, 1 );");
    const struct lab_facts *f = &e->problem->facts;
    assert_true(f->convex);
    assert_int_equal(f->G.status, LAB_COMPUTED);
    assert_close(f->G.value, sqrt(36.0 + 64.0),
                 1e-14); /* at the corner (3, 2) of the box */
    assert_true(f->G.value >= 10.0 && f->G2.value >= 100.0);
    assert_memory_equal(f->G.source, "at most ", 7);
    assert_close(f->L.value, 4.0, 0.0), assert_close(f->mu.value, 2.0, 0.0);
    assert_int_equal(f->f_star.status, LAB_COMPUTED); /* grad f(0) = 0, f is convex */
    assert_string_equal(f->f_star.source, "declared, and 0 is a subgradient there");
    assert_close(f->f_star.value, 0.0, 0.0);
    assert_close(f->f1.value, 6.0, 1e-15), assert_close(f->R1.value, sqrt(5.0), 1e-15);
    lab_experiment_free(e);

    /* convex: 2x + e^x = 0 at x = -W(1/2) = -0.35173371124919584 (Newton's method by hand) */
    e = open_problem("type = 'expression'; f = 'x^2 + exp(x)';");
    f = &e->problem->facts;
    assert_int_equal(f->f_star.status, LAB_COMPUTED);
    assert_close(f->minimiser[0], -0.35173371124919584, 1e-9);
    assert_close(f->f_star.value, 0.8271840261275243, 1e-14);
    assert_close(f->mu.value, 2.0, 0.0);
    lab_experiment_free(e);

    /* mu = 0 is all that is known: certified by linearisation over the ball */
    e = open_problem("type = 'expression'; f = 'hypot(x[0] - 1, 1) + x[1]^2'; "
                     "domain = { type = 'ball'; radius = 2; };");
    f = &e->problem->facts;
    assert_close(f->f_star.value, 1.0, 1e-12), assert_close(f->x_star.value, 1.0, 1e-5);
    lab_experiment_free(e);

    /* too long for a Hessian, and said so */
    e = open_problem("type = 'expression'; f = 'sum(i, 0, 9999, x[i]^2)';");
    f = &e->problem->facts;
    assert_true(f->convex && f->f_star.status == LAB_UNKNOWN);
    assert_non_null(strstr(f->L.source, "too long for its Hessian"));
    lab_experiment_free(e);

    e = open_problem("type = 'expression'; f = 'x^3 - x[0]'; d = 3;");
    f = &e->problem->facts;
    assert_int_equal(f->d, 3);
    assert_false(f->convex);
    for (size_t j = 0; j < 3; j++)
        assert_close(f->x1[j], 1.0, 0.0);
    assert_int_equal(f->L.status, LAB_UNKNOWN),
        assert_int_equal(f->G.status, LAB_UNKNOWN);
    assert_int_equal(f->mu.status, LAB_UNKNOWN);
    assert_int_equal(f->f_star.status, LAB_UNKNOWN);
    lab_experiment_free(e);
}

/* What is compared with a minimum that nobody proved is estimated, never certified; and on
 * a domain of one point rounding violates nothing. */
static void test_declared_verdicts(void **state)
{
    (void)state;
    struct lab_experiment *e = experiment(
        "steps = 50; seeds = 4; problems = ( { type = 'expression'; f = 'max(x, -2*x)'; "
        "x_star = 0; domain = { type = 'box'; lower = -1; upper = 2; }; } );" SGD STEP(
            0.1));
    struct lab_run *run = run_with(e, 1, 0);
    assert_int_equal(e->problem->facts.f_low.status, LAB_UNKNOWN);
    size_t estimated = 0;
    for (size_t i = 0; i < run->arm[0].claims; i++) {
        assert_int_not_equal(run->arm[0].claim[i].status, LAB_CERTIFIED);
        estimated += run->arm[0].claim[i].status == LAB_ESTIMATED;
    }
    assert_true(estimated >= 5);
    close_run(run);
    e = experiment(
        "steps = 100; seeds = 4; problems = ( { type = 'expression'; f = "
        "'abs(x - 0.7)'; domain = { type = 'box'; lower = 0.7; upper = 0.7; }; } "
        ");" SGD STEP(0.3));
    run = run_with(e, 1, 0);
    for (size_t i = 0; i < run->arm[0].claims; i++)
        assert_int_not_equal(run->arm[0].claim[i].verdict, LAB_VIOLATED);
    close_run(run);
}

/* A declared minimiser is proved where 0 is a subgradient of a convex f, else measured. */
static void test_declared(void **state)
{
    static const struct {
        const char *options;
        enum lab_status status;
    } table[] = {
        {"f = 'abs(x[0]) + abs(x[1] - 2)'; x_star = ( 0, 2 );", LAB_COMPUTED},
        {"f = 'max(x, -2*x)'; x_star = 0;", LAB_MEASURED}, /* g = 1 is chosen there */
        {"f = 'x^4 - x'; x_star = 0.63;", LAB_MEASURED},
        {"f = 'x^3'; x_star = 0;", LAB_MEASURED}, /* grad f = 0, but f is not convex */
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[128];
        snprintf(text, sizeof text, "type = 'expression'; %s", table[i].options);
        struct lab_experiment *e = open_problem(text);
        assert_int_equal(e->problem->facts.f_star.status, table[i].status);
        assert_int_equal(e->problem->facts.x_star.status, table[i].status);
        lab_experiment_free(e);
    }
    struct lab_mistakes mistakes = {0};
    struct lab_experiment *e =
        try_experiment("steps = 5; problems = ( { type = 'expression'; f = 'log(x)'; "
                       "x_star = -1; } );" SGD STEP(1),
                       &mistakes);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(mistakes.line[0], "at the declared x_star"));
    lab_mistakes_free(&mistakes), lab_experiment_free(e);
    /* f(x_1) = 0 < f(0) = 1; and 0.25 down the gradient from 0 */
    static const char *const starts[] = {"1", "3"};
    for (size_t i = 0; i < 2; i++) {
        char text[256];
        mistakes = (struct lab_mistakes){0};
        snprintf(text, sizeof text,
                 "steps = 5; problems = ( { type = 'expression'; f = "
                 "'(x - 1)^2'; x_star = 0; start = %s; } );" SGD STEP(1),
                 starts[i]);
        e = try_experiment(text, &mistakes);
        assert_int_equal(mistakes.count, 1);
        assert_non_null(strstr(mistakes.line[0], "it is no minimiser"));
        lab_mistakes_free(&mistakes), lab_experiment_free(e);
    }
    mistakes = (struct lab_mistakes){0};
    e = try_experiment(
        "steps = 5; problems = ( { type = 'expression'; f = 'log(x)'; start = "
        "-1; } );" SGD STEP(1),
        &mistakes);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(mistakes.line[0], "no finite value at the start"));
    lab_mistakes_free(&mistakes), lab_experiment_free(e);
}

/* A replica that leaves the set where f is defined is counted, not hidden. */
static void test_divergence(void **state)
{
    (void)state;
    struct lab_experiment *e =
        experiment("steps = 50; seeds = 3; problems = ( { type = 'expression';"
                   " f = '-log(1 - x^2)'; start = 0.9; } ); " SGD STEP(0.5));
    struct lab_run *run = run_with(e, 1, 0);
    const size_t last = run->arm[0].measure->rows - 1;
    assert_int_equal(run->arm[0].measure->seeds, 3);
    assert_true(!isfinite(measured(run, 0, LAB_LOSS, 0, last)));
    close_run(run);
}

static void test_problem_mistakes(void **state)
{
    static const struct {
        const char *options, *message;
    } cases[] = {
        {"", "problem 'expression': f is missing"},
        {"f = 'x^2 + sine(x)';", ": f: column 7: unknown function 'sine'"},
        {"f = '3';", "f names no coordinate"},
        {"f = 'x[4]'; d = 2;", "d = 2, but f uses x[4]"},
        {"f = 'x'; x_star = ( 1, 2 );", "x_star has 2 coordinates, but d = 1"},
        {"f = 3;", "is not a string"},
        {"f = 't*x';", "column 1: unknown name 't'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct lab_mistakes mistakes = {0};
        snprintf(text, sizeof text,
                 "\n problems = ( { type = 'expression'; %s } ); " SGD STEP(0.1),
                 cases[i].options);
        lab_experiment_free(try_experiment(text, &mistakes));
        assert_int_equal(mistakes.count, 1);
        assert_non_null(strstr(mistakes.line[0], ":2: ")); /* where it stands */
        if (!strstr(mistakes.line[0], cases[i].message))
            fail_msg("'%s' has no '%s'", mistakes.line[0], cases[i].message);
        lab_mistakes_free(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),          cmocka_unit_test(test_closed_forms),
        cmocka_unit_test(test_kinks),           cmocka_unit_test(test_undefined),
        cmocka_unit_test(test_blocks),          cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_limits),          cmocka_unit_test(test_differences),
        cmocka_unit_test(test_hessians),        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_convex_formulas), cmocka_unit_test(test_noise),
        cmocka_unit_test(test_convexity),       cmocka_unit_test(test_exact_bounds),
        cmocka_unit_test(test_as_built_in),     cmocka_unit_test(test_facts),
        cmocka_unit_test(test_declared),        cmocka_unit_test(test_declared_verdicts),
        cmocka_unit_test(test_divergence),      cmocka_unit_test(test_problem_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
