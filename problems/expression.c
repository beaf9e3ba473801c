/*
 * problems/expression.c -- a function of your own, written in the config.
 *
 *     f = "x^2 + 3*sin(x)^2";     f = "(1 - x[0])^2 + 100*(x[1] - x[0]^2)^2";
 *
 * lab/expression.h has the language, how it derives, and the composition rules that may prove f
 * to be convex; lab/expression_facts.c the constants.  All follows from the formula alone.  The
 * minimum of a convex f comes from the solver, with its certificate, or is declared; where 0 is
 * a subgradient of a convex f, a declared minimiser is proved.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct expression {
    const char *f;
    size_t d;
    struct lab_vector x_star;
    struct lab_expression *program, *hessian; /* of a convex f, unless it is too long */
};

static const struct lab_param params[] = {
    LAB_PARAM_TEXT(struct expression, f, NULL, NULL,
                   "formula in x[0], x[1], ... (x: x[0]), like \"x^2 + 3*sin(x)^2\""),
    LAB_PARAM(struct expression, d, 0, "[0,10000]",
              "dimension; 0: one more than the highest index in f"),
    LAB_PARAM(struct expression, x_star, LAB_UNSET, "(-inf,inf)",
              "a minimiser, if you know one; it is not checked"),
    LAB_PARAM_END,
};

static size_t dimension(const struct expression *p)
{
    return p->d ? p->d : lab_expression_dimension(p->program);
}

static bool is_declared(const struct expression *p)
{
    return p->x_star.n || !isnan(p->x_star.fill);
}

static double value_at_star(const struct expression *p, double *x, double *g)
{
    double f;
    for (size_t j = 0; j < dimension(p); j++)
        x[j] = lab_vector_at(&p->x_star, j);
    lab_expression_evaluate(p->program, NULL, dimension(p), 1, x, &f, g);
    return f;
}

static int check_options(const struct expression *p, struct lab_error *err)
{
    const size_t used = lab_expression_dimension(p->program), d = dimension(p);
    if (d == 0)
        return lab_fail(err, "f names no coordinate x[0], x[1], ...");
    if (d < used)
        return lab_fail(err, "d = %zu, but f uses x[%zu]", d, used - 1);
    if (p->x_star.n && p->x_star.n != d)
        return lab_fail(err, "x_star has %zu coordinates, but d = %zu", p->x_star.n, d);
    double *x = lab_alloc(d, sizeof *x),
           f = is_declared(p) ? value_at_star(p, x, NULL) : 0.0;
    free(x);
    return isfinite(f) ? 0 : lab_fail(err, "f = %g at the declared x_star", f);
}

static void close_expression(void *self)
{
    struct expression *p = self;
    lab_expression_free(p->program), lab_expression_free(p->hessian);
    p->program = p->hessian = NULL;
}

static int open_expression(void *self, struct lab_facts *facts, struct lab_error *err)
{
    struct expression *p = self;
    struct lab_error why = {""};
    if (!p->f)
        return lab_fail(err, "f is missing: the formula, like f = \"x^2 + 3*sin(x)^2\"");
    p->program = lab_expression_parse(p->f, NULL, "x", &why);
    if (!p->program)
        return lab_fail(err, "f: %s", why.text);
    if (check_options(p, err)) {
        close_expression(p);
        return -1;
    }
    facts->d = dimension(p);
    facts->convex = lab_expression_is_convex(p->program);
    facts->cheap = true;
    if (facts->convex)
        p->hessian = lab_expression_hessian(p->program, facts->d);
    return 0;
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct expression *p = self;
    lab_expression_constants(p->program, C, facts);
    if (!is_declared(p))
        return;
    double *x = facts->minimiser, *g = lab_alloc(facts->d, sizeof *g), f, norm2 = 0.0;
    bool flat = true;
    f = value_at_star(p, x, g);
    for (size_t j = 0; j < facts->d; j++)
        norm2 += x[j] * x[j], flat &= g[j] == 0.0;
    free(g);
    const bool proved = facts->convex && flat;
    const char *source = proved ? "declared, and 0 is a subgradient there"
                                : "declared in the config, not checked";
    const enum lab_status status = proved ? LAB_COMPUTED : LAB_MEASURED;
    lab_know(&facts->f_star, status, f, "%s", source);
    lab_know(&facts->x_star, status, sqrt(norm2), "%s", source);
}

static void start(const void *self, double *x)
{
    for (size_t j = 0; j < dimension(self); j++)
        x[j] = 1.0;
}

static void objective(const void *self, size_t count, const double *x, double *f,
                      double *g)
{
    const struct expression *p = self;
    lab_expression_evaluate(p->program, NULL, dimension(p), count, x, f, g);
}

/* f itself.  Where it has a kink Newton's method may fail; what it finds is proved anyway. */
static double model(const void *self, double smoothing, const double *x, double *g,
                    double *H)
{
    const struct expression *p = self;
    const size_t d = dimension(p);
    double f = NAN;
    (void)smoothing;
    if (p->hessian) {
        lab_expression_evaluate(p->hessian, NULL, d * d, 1, x, &f, H);
        lab_expression_evaluate(p->program, NULL, d, 1, x, &f, g);
    }
    return f;
}

LAB_PROBLEM(expression) = {
    .base =
        {.summary = "a function of your own, written as a formula",
         .formula = "f(x) as the option f says, in x[0], x[1], ..., numbers, pi, e with\n"
                    "+ - * / ^, sum(i, first, last, term), sqrt exp log sin cos tan\n"
                    "asin acos atan sinh cosh tanh cbrt abs sign log2 log10 log1p expm1\n"
                    "softplus sigmoid pow hypot min max; starts at 1 in every coordinate",
         .reference = "Grant, Boyd & Ye (2006) for convexity; Moore (1966) for bounds",
         .params = params,
         .size = sizeof(struct expression)},
    .group = LAB_GROUP_USER,
    .open = open_expression,
    .close = close_expression,
    .constants = constants,
    .start = start,
    .objective = objective,
    .model = model,
};
