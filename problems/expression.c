/*
 * problems/expression.c -- a function of your own, written in the config.
 *
 *     f = "x^2 + 3*sin(x)^2";     f = "(1 - x[0])^2 + 100*(x[1] - x[0]^2)^2";
 *
 * lab/expression.h has the language and how it derives.  What is claimed about f follows from the
 * formula alone:
 *   convex     composition rules: f is built from convex parts in ways that keep convexity
 *   G          sup ‖grad f‖ over the domain, by interval arithmetic over the smallest box around it
 *   L, mu      bounds of the eigenvalues of the Hessian over R^d, by interval arithmetic and
 *              Gershgorin's circles: L = max(|least|, |greatest|), mu = least where f is convex
 *
 * The rules may miss that f is convex, and the bounds may be far above the constants, but never
 * below.  L and mu speak of R^d, whatever the domain: theorems use ‖grad f‖^2 <= 2 L (f - f*) and
 * ‖grad f‖^2 >= 2 mu (f - f*), which do not follow from a Hessian known on the domain only.  The
 * minimum of a convex f comes from the solver, with its certificate.
 */
#include "lab/plugin.h"

struct expression {
    const char *f;
    size_t d;
    struct lab_vector x_star;
    struct lab_expression *program;
    struct lab_expression *hessian; /* of a convex f, unless it is too long */
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

static int check_options(const struct expression *p, struct lab_error *err)
{
    const size_t used = lab_expression_dimension(p->program), d = dimension(p);
    if (d == 0)
        return lab_fail(err, "f names no coordinate x[0], x[1], ...");
    if (d < used)
        return lab_fail(err, "d = %zu, but f uses x[%zu]", d, used - 1);
    if (p->x_star.n && p->x_star.n != d)
        return lab_fail(err, "x_star has %zu coordinates, but d = %zu", p->x_star.n, d);
    return 0;
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

static void bound_gradient(const struct expression *p, const struct lab_domain *C,
                           struct lab_facts *facts)
{
    double *lower = lab_alloc(2 * C->d, sizeof *lower), G;
    struct lab_error why = {""};
    lab_domain_box(C, lower, lower + C->d);
    if (lab_expression_steepest(p->program, C->d, lower, lower + C->d, &G, &why)) {
        lab_unknown(&facts->G, "%s", why.text);
        lab_unknown(&facts->G2, "%s", why.text);
    } else {
        static const char *const source = "at most: interval arithmetic over the %s";
        const char *where = C->kind == LAB_NO_DOMAIN ? "whole space" : "domain";
        lab_know(&facts->G, LAB_COMPUTED, G, source, where);
        lab_know(&facts->G2, LAB_COMPUTED, nextafter(G * G, INFINITY), source, where);
    }
    free(lower);
}

static void bound_hessian(const struct expression *p, struct lab_facts *facts)
{
    double least = 0.0, greatest = INFINITY;
    struct lab_error why = {"interval arithmetic finds no bound of the Hessian on R^d"};
    struct lab_error broken = {""};
    if (lab_expression_curvature(p->program, facts->d, NULL, NULL, &least, &greatest,
                                 &broken))
        why = broken, least = 0.0, greatest = INFINITY;
    const double L = fmax(fabs(least), fabs(greatest));
    if (isfinite(L)) {
        lab_know(&facts->L, LAB_COMPUTED, L, "at most: interval arithmetic, Gershgorin");
        lab_know(&facts->L_max, LAB_COMPUTED, L, "at most: as L");
    } else {
        lab_unknown(&facts->L, "%s", why.text);
        lab_unknown(&facts->L_max, "%s", why.text);
    }
    if (!facts->convex)
        lab_unknown(&facts->mu, "f is not known to be convex");
    else
        lab_know(&facts->mu, LAB_COMPUTED, fmax(least, 0.0), "at least: %s",
                 least > 0.0 ? "interval arithmetic, Gershgorin"
                             : "convex by composition rules");
}

static void constants(void *self, const struct lab_domain *C, struct lab_facts *facts)
{
    const struct expression *p = self;
    double f, norm2 = 0.0;
    bound_gradient(p, C, facts);
    bound_hessian(p, facts);
    if (p->x_star.n == 0 && isnan(p->x_star.fill))
        return;
    for (size_t j = 0; j < facts->d; j++) {
        facts->minimiser[j] = lab_vector_at(&p->x_star, j);
        norm2 += facts->minimiser[j] * facts->minimiser[j];
    }
    lab_expression_evaluate(p->program, NULL, facts->d, 1, facts->minimiser, &f, NULL);
    if (!isfinite(f))
        return; /* no minimum there */
    lab_know(&facts->f_star, LAB_MEASURED, f, "declared in the config, not checked");
    lab_know(&facts->x_star, LAB_MEASURED, sqrt(norm2),
             "declared in the config, not checked");
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
