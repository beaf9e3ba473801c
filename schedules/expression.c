/*
 * schedules/expression.c -- a learning rate of your own, written in the config.
 *
 *     eta = "0.5/sqrt(t)";     eta = "0.1*min(1, t/100)*(1 - t/(T + 1))";
 *
 * lab/expression.h has the language; its variables are t = 1..T and T.
 */
#include "lab/plugin.h"

struct expression {
    const char *eta;
    struct lab_expression *program;
};

static const struct lab_param params[] = {
    LAB_PARAM_TEXT(struct expression, eta, NULL, NULL,
                   "formula in t and T, like \"0.5/sqrt(t)\"; required"),
    LAB_PARAM_END,
};

static int open_expression(void *self, size_t T, struct lab_error *err)
{
    static const char *const variables[] = {"t", "T", NULL};
    struct expression *c = self;
    struct lab_error why = {""};
    (void)T;
    if (!c->eta)
        return lab_fail(err, "eta is missing: a formula, like eta = \"0.5/sqrt(t)\"");
    c->program = lab_expression_parse(c->eta, variables, NULL, &why);
    return c->program ? 0 : lab_fail(err, "eta: %s", why.text);
}

static void close_expression(void *self)
{
    struct expression *c = self;
    lab_expression_free(c->program);
    c->program = NULL;
}

static double eta(const void *self, size_t t, size_t T)
{
    const struct expression *c = self;
    const double variables[] = {(double)t, (double)T};
    return lab_expression_value(c->program, variables, NULL);
}

LAB_SCHEDULE(expression) = {
    .base = {.summary = "a learning rate of your own, written as a formula",
             .formula = "eta_t as the option eta says, in t, T, numbers, pi, e with\n"
                        "+ - * / ^, sqrt exp log sin cos min max abs ... (see\n"
                        "lab/expression.h); an eta_t that is negative or not finite\n"
                        "is an error",
             .reference = "the config",
             .params = params,
             .size = sizeof(struct expression)},
    .open = open_expression,
    .close = close_expression,
    .eta = eta,
};
