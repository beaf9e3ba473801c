/*
 * tests/test_plugins.c -- every plug-in of the registry keeps its promises.
 *
 * Nothing here names a plug-in where it can be helped: the tests walk the registry and
 * make up options from the option tables, so that a new plug-in is tested the day it
 * comes.
 */
#include <gsl/gsl_randist.h>
#include <jansson.h>

#include "lab/inputs.h"
#include "lab/pairing.h"
#include "lab/random.h"
#include "tests/helpers.h"

static const struct lab_problem *problem_of(const struct lab_entry *entry)
{
    return (const struct lab_problem *)entry->plugin;
}

/* ---- cards and option tables ----------------------------------------------------- */

static const size_t field_size[] = {[LAB_REAL] = sizeof(double),
                                    [LAB_COUNT] = sizeof(size_t),
                                    [LAB_FLAG] = sizeof(bool),
                                    [LAB_TEXT] = sizeof(const char *),
                                    [LAB_VECTOR] = sizeof(struct lab_vector),
                                    [LAB_STEPS] = sizeof(struct lab_steps)};

/* "a|b|c" has the word. */
static bool among(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (const char *w = words; w; w = strchr(w, '|') ? strchr(w, '|') + 1 : NULL)
        if (strncmp(w, word, length) == 0 && (!w[length] || w[length] == '|'))
            return true;
    return false;
}

static void check_default(const struct lab_param *p)
{
    if (p->type == LAB_TEXT) {
        assert_true(!p->text || !p->range || among(p->range, p->text));
    } else if (!isnan(p->fallback) && p->fallback != LAB_REQUIRED) {
        assert_true(isfinite(p->fallback));
        assert_true(!p->range || lab_in_range(p->range, p->fallback));
        assert_true(p->type != LAB_COUNT || p->fallback == floor(p->fallback));
        assert_true(p->type != LAB_FLAG || p->fallback == 0.0 || p->fallback == 1.0);
    }
}

static void check_param(const struct lab_plugin *plugin, const struct lab_param *p)
{
    static const char *const taken[] = {"type",  "label", "domain",
                                        "noise", "start", "warmup"};
    assert_true(p->name[0] != '\0');
    assert_true(p->help && p->help[0] != '\0');
    assert_true(p->offset + field_size[p->type] <= plugin->size);
    assert_int_equal(p->offset % (p->type == LAB_FLAG ? 1 : 8), 0);
    check_default(p);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        assert_string_not_equal(p->name, taken[i]);
    for (const struct lab_param *q = plugin->params; q != p; q++) {
        assert_string_not_equal(q->name, p->name);
        assert_true(q->offset + field_size[q->type] <= p->offset ||
                    p->offset + field_size[p->type] <= q->offset);
    }
}

static void test_cards(void **state)
{
    size_t kinds[LAB_KINDS] = {0};
    (void)state;
    for (const struct lab_entry *e = lab_registry; e->name; e++) {
        const struct lab_plugin *p = e->plugin;
        struct lab_error err = {""};
        assert_ptr_equal(lab_find(e->kind, e->name, &err), e);
        assert_true(p->summary && *p->summary && !strchr(p->summary, '\n'));
        assert_true(p->formula && *p->formula && p->reference && *p->reference);
        assert_true(e == lab_registry || e[-1].kind < e->kind ||
                    (e[-1].kind == e->kind && strcmp(e[-1].name, e->name) < 0));
        for (const struct lab_param *q = p->params; q && q->name; q++)
            check_param(p, q);
        void *self = lab_defaults(p);
        assert_int_equal(self != NULL, p->size > 0);
        if (p->params)
            lab_param_release(p->params, self);
        free(self);
        kinds[e->kind]++;
    }
    for (size_t kind = 0; kind < LAB_KINDS; kind++)
        assert_true(kinds[kind] > 0);
}

/* "a|b": optimizers, all of them; NULL: any. */
static void check_methods(const char *methods)
{
    for (size_t length; methods && *methods;
         methods += length + (methods[length] == '|')) {
        char name[64];
        length = strcspn(methods, "|");
        assert_in_range(length, 1, sizeof name - 1);
        snprintf(name, sizeof name, "%.*s", (int)length, methods);
        if (!lab_find(LAB_KIND_optimizer, name, NULL))
            fail_msg("%s is no optimizer", name);
    }
}

static void check_bound_card(const struct lab_bound *b)
{
    size_t k = 0;
    assert_true(b->statement && *b->statement && b->rhs && b->base.params);
    check_methods(b->method);
    while (k < 6 && b->limits[k].metric != LAB_NO_METRIC) {
        assert_in_range(b->limits[k].metric, 1, LAB_METRICS); /* LAB_OWN, too */
        assert_true(b->limits[k].metric != LAB_OWN || b->watch.own || b->watch.point);
        assert_true(!b->limits[k].realised || b->limits[k].mode == LAB_PATH);
        k++;
    }
    assert_in_range(k, 1, 5); /* at least one, and an end */
    for (const struct lab_param *p = b->base.params; p->name; p++) {
        /* R is measured on the run: of no use where the mean over runs is bounded */
        for (size_t i = 0; i < k; i++)
            assert_true(strcmp(p->name, "R") != 0 || b->limits[i].mode == LAB_PATH ||
                        (b->binds && lab_is_among(b->binds, "R")));
        assert_true(p->type == LAB_VECTOR || strcmp(p->name, "delta") == 0 ||
                    p->fallback == LAB_REQUIRED);
    }
}

static void test_vtables(void **state)
{
    (void)state;
    for (const struct lab_entry *e = lab_registry; e->name; e++) {
        const struct lab_problem *p = problem_of(e);
        switch (e->kind) {
        case LAB_KIND_problem:
            assert_true(p->open && p->constants && p->objective);
            assert_int_equal(p->gradient != NULL, p->components || p->draw);
            assert_true(!p->draw || !p->components);
            assert_int_equal(p->penalty != NULL, p->prox != NULL);
            break;
        case LAB_KIND_optimizer:
            assert_non_null(((const struct lab_optimizer *)e->plugin)->step);
            break;
        case LAB_KIND_schedule:
            assert_true(!((const struct lab_schedule *)e->plugin)->eta !=
                        !((const struct lab_schedule *)e->plugin)->tabulate);
            break;
        case LAB_KIND_bound: check_bound_card((const struct lab_bound *)e->plugin); break;
        case LAB_KINDS: fail();
        }
    }
}

/* ---- problems, with several sets of options and domains -------------------------- */

/* Tried on problems that have the option `has` ("": all do) and all those that are set, but not
 * `lacks`. */
static const struct {
    const char *has, *options, *lacks;
} variants[] = {
    {"", "", NULL},
    {"data", "data = 'synthetic'; n = 50; d = 7;", NULL},
    {"l2",
     "data = 'synthetic'; n = 50; d = 7; normalize = 'none'; bias = false;"
     " l2 = 0.3;",
     "depth"},
    {"l2",
     "data = 'synthetic'; n = 600; d = 9; normalize = 'scale'; max_row_norm = 1; l2 = "
     "0.01;",
     "depth"},
    {"l1", "data = 'synthetic'; n = 50; d = 7; l1 = 0.02;", NULL},
    {"l1", "data = 'synthetic'; n = 20; d = 30; l1 = 1; normalize = 'none';", NULL},
    {"tau", "data = 'synthetic'; n = 50; d = 7; tau = 0.9;", NULL},
    {"delta", "data = 'synthetic'; n = 50; d = 7; delta = 0.05;", NULL},
    {"alpha", "data = 'synthetic'; n = 50; d = 7; alpha = 2;", NULL},
    {"classes", "data = 'synthetic'; n = 70; d = 4; classes = 5;", "task"},
    {"classes", "data = 'synthetic'; n = 70; d = 4; classes = 2; l2 = 1;", "task"},
    {"rotate", "d = 7; rotate = true; mu = 0.1;", NULL},
    {"eigenvalues", "eigenvalues = ( 3, 0, 1 );", NULL},
    {"d", "d = 4;", "data"},
    {"temperature", "n = 9; d = 3; temperature = 0.2; l2 = 0.1;", NULL},
    {"sequence", "d = 3; sequence = 'orthogonal'; G = 2;", NULL},
    {"sequence", "sequence = 'script'; slopes = ( -1, 2, 0.5 );", NULL},
    {"sequence", "d = 3; sequence = 'adversary'; G = 2;", NULL},
    {"misfit", "n = 9; d = 2; misfit = 1;", NULL},
    {"misfit", "n = 40; d = 6; misfit = 0.5;", NULL},
    {"advantage", "d = 4; advantage = 0.2;", NULL},
    {"advantage", "d = 4; advantage = 0.1; law = 'uniform';", NULL},
    {"f", "f = 'x^2 + 3*sin(x)^2';", NULL},
    {"f", "f = 'sum(i, 0, 3, (1 + i)*softplus(x[i] - i) + x[i]^2/2)'; d = 4;", NULL},
    {"f", "f = 'exp(hypot(x[0] - 1, x[1]) - 2*x[2]) + max(x[0], x[1], x[2]^2)';", NULL},
    {"f", "f = 'sin(x[0]*x[2]) + atan(x[1] - x[0])^2/(1 + x[1]^2)'; d = 5;", NULL},
    {"hidden2", "hidden = 5; hidden2 = 3; bias = false; l2 = 0.1;", NULL},
    {"hidden2",
     "data = 'synthetic'; n = 30; d = 4; hidden = 3; activation = 'relu'; task = "
     "'binary';",
     NULL},
    {"hidden2",
     "data = 'synthetic'; n = 30; d = 4; hidden = 6; hidden2 = 5; classes = 4;"
     " task = 'softmax'; l2 = 0.2;",
     NULL},
    {"hidden2", "data = 'wine'; hidden = 9; task = 'softmax'; activation = 'relu';",
     NULL},
    {"depth", "data = 'synthetic'; n = 40; d = 3; depth = 4; width = 3;", NULL},
    {"depth", "data = 'synthetic'; n = 3; d = 5; depth = 3; width = 1;", NULL},
    {"depth",
     "data = 'synthetic'; n = 1; d = 1; width = 8; bias = false; normalize = 'none';",
     NULL},
    {"true_rank", "rows = 4; columns = 6; rank = 2; sigma = 0.5;", NULL},
    {"true_rank", "rows = 6; columns = 4; rank = 5; true_rank = 2; sigma = 0.1;", NULL},
    {"true_rank", "rows = 7; columns = 5; observed = 0.6;", NULL},
    {"true_rank", "rows = 7; columns = 5; rank = 2; observed = 0.6;", NULL},
    {"tokens", "n = 20; tokens = 5; width = 3; scale = 4; sigma = 0.3;", NULL},
    {"tokens", "n = 7; tokens = 1; width = 1;", NULL},
    {"sigma", "sigma = 0.2;", NULL},
    {"gamma", "d = 3; tau = 0.2; curvature = 2; gamma = 0.5;", NULL},
};
static const char *const domains[] = {
    "", "domain = { type = 'ball'; radius = 1.5; };",
    "domain = { type = 'box'; lower = -0.4; upper = 0.9; };",
    "domain = { type = 'simplex'; };"};

static bool has_option(const struct lab_plugin *plugin, const char *name)
{
    for (const struct lab_param *p = plugin->params; name && p && p->name; p++)
        if (strcmp(p->name, name) == 0)
            return true;
    return name && !*name;
}

/* It has every option that "name = value; ..." sets. */
static bool takes(const struct lab_plugin *plugin, const char *options)
{
    char name[64];
    int length;
    for (; sscanf(options, " %63[A-Za-z0-9_] = %*[^;];%n", name, &length) == 1;
         options += length)
        if (!has_option(plugin, name))
            return false;
    return true;
}

/* Solving for minima takes most of the time: every problem is opened once, for all tests. */
static struct lab_experiment **opened;
static size_t opened_count;

static bool is_sensible(const struct lab_entry *e, size_t v, size_t c)
{
    if (!has_option(e->plugin, variants[v].has) ||
        !takes(e->plugin, variants[v].options) ||
        has_option(e->plugin, variants[v].lacks))
        return false;
    if (has_option(e->plugin, "f") && strcmp(variants[v].has, "f") != 0)
        return false; /* a formula has no default */
    /* on a simplex weights of 0 put the inputs of relu at its kink */
    return !(c == 3 && strstr(variants[v].options, "relu"));
}

static int open_problems(void **state)
{
    const size_t all = sizeof variants / sizeof *variants;
    (void)state;
    for (const struct lab_entry *e = lab_registry; e->name; e++)
        for (size_t v = 0; e->kind == LAB_KIND_problem && v < all; v++)
            for (size_t c = 0; c < 4; c++) {
                if (!is_sensible(e, v, c))
                    continue;
                opened = lab_realloc(opened, opened_count + 1, sizeof(*opened));
                opened[opened_count++] =
                    experiment("problems = ( { type = '%s'; %s %s } ); " SGD STEP(0.1),
                               e->name, variants[v].options, domains[c]);
            }
    return 0;
}

static int close_problems(void **state)
{
    (void)state;
    for (size_t i = 0; i < opened_count; i++)
        lab_experiment_free(opened[i]);
    free(opened);
    return 0;
}

static void each_problem(void (*check)(const struct lab_problem_entry *))
{
    for (size_t i = 0; i < opened_count; i++)
        check(opened[i]->problem);
}

/* Points of size around 1, in the domain. */
static double *points(const struct lab_problem_entry *p, size_t count, uint64_t seed)
{
    gsl_rng *rng = lab_rng_new(seed, 0, LAB_FOR_TESTS);
    double *x = lab_alloc(count * p->facts.d, sizeof *x);
    lab_draw_gaussian(rng, 1.0, count * p->facts.d, x);
    lab_domain_project(&p->domain, count, x);
    gsl_rng_free(rng);
    return x;
}

/* The gradient against central differences; at a kink of a convex f, as a subgradient. */
static void check_gradient(const struct lab_problem_entry *p)
{
    enum { COUNT = 3 };
    const size_t d = p->facts.d;
    double *x = points(p, COUNT, 1), *g = lab_alloc(COUNT * d, sizeof *g), f[COUNT], up,
           down;
    p->problem->objective(p->self, COUNT, x, f, g);
    for (size_t k = 0; k < COUNT; k++)
        for (size_t j = 0; j < d; j++) {
            const double h = 1e-6, at = x[k * d + j];
            x[k * d + j] = at + h;
            p->problem->objective(p->self, 1, x + k * d, &up, NULL);
            x[k * d + j] = at - h;
            p->problem->objective(p->self, 1, x + k * d, &down, NULL);
            x[k * d + j] = at;
            double scale = 1.0 + fabs(f[k]) + sqrt(dot(d, g + k * d, g + k * d));
            const double slope = g[k * d + j], bend = up - 2.0 * f[k] + down;
            if (p->facts.convex && p->facts.L.status == LAB_UNKNOWN && bend > 1e-7 * h)
                assert_true(up - f[k] >= h * (slope - 1e-7 * scale) &&
                            down - f[k] >= h * (-slope - 1e-7 * scale));
            else if (!(fabs((up - down) / (2.0 * h) - slope) <=
                       1e-7 * scale + (p->facts.convex ? fabs(bend) / h : 0.0)))
                fail_msg("%s: df/dx[%zu] is %.17g, not %.17g", p->type, j,
                         (up - down) / (2.0 * h), slope);
        }
    free(x), free(g);
}

static void test_gradients(void **state)
{
    (void)state;
    each_problem(check_gradient);
}

/* All n sampled gradients and losses at one x: g is n x d. */
static void enumerate(const struct lab_problem_entry *p, const double *x, double *g,
                      double *loss)
{
    const size_t d = p->facts.d, n = p->facts.n;
    double *copies = lab_alloc(n * d, sizeof *copies);
    uint32_t *index = lab_alloc(n, sizeof *index);
    for (size_t i = 0; i < n; i++) {
        index[i] = (uint32_t)i;
        memcpy(copies + i * d, x, d * sizeof *x);
    }
    const struct lab_sample sample = {.batch = 1, .index = index, .known = n};
    p->problem->gradient(p->self, &sample, n, copies, g, loss);
    free(copies), free(index);
}

/* The mean over all samples is f and its gradient: the estimate is unbiased. */
static void check_samples(const struct lab_problem_entry *p)
{
    const size_t d = p->facts.d, n = p->facts.n;
    if (!n)
        return;
    double *x = points(p, 1, 2), *g = lab_alloc((n + 1) * d, sizeof *g),
           *full = g + n * d;
    double *loss = lab_alloc(3 * n, sizeof *loss), *other = loss + n,
           *grad2 = loss + 2 * n;
    double f, sum = 0.0, length = 0.0; /* of gradients: what cancels has rounding left */
    p->problem->objective(p->self, 1, x, &f, full);
    p->problem->components(p->self, x, other, grad2);
    enumerate(p, x, g, loss);
    for (size_t i = 0; i < n; i++) {
        sum += loss[i] / (double)n, length += sqrt(grad2[i]) / (double)n;
        assert_close(loss[i], other[i], 1e-12);
        assert_true(fabs(grad2[i] - dot(d, g + i * d, g + i * d)) <=
                    1e-12 * (grad2[i] + 1e-3));
    }
    assert_close(sum, f, 1e-12);
    for (size_t j = 0; j < d; j++) {
        double mean = 0.0, size = 0.0;
        for (size_t i = 0; i < n; i++)
            mean += g[i * d + j] / (double)n, size += fabs(g[i * d + j]) / (double)n;
        assert_true(fabs(mean - full[j]) <= 1e-12 * size + 1e-15 * length);
    }
    p->problem->components(p->self, x, loss, NULL);
    assert_memory_equal(other, loss, n * sizeof *loss);
    free(x), free(g), free(loss);
}

static void test_samples(void **state)
{
    (void)state;
    each_problem(check_samples);
}

/* A mini-batch is the mean of its samples, whatever its size. */
static void check_batches(const struct lab_problem_entry *p)
{
    enum { REPLICAS = 5, MOST = 37 };
    static const size_t sizes[] = {2, 3, 8, MOST};
    const size_t d = p->facts.d, n = p->facts.n;
    uint32_t index[REPLICAS * MOST];
    double *x = points(p, REPLICAS, 3), loss[REPLICAS], one;
    double *g = lab_alloc((REPLICAS + 2) * d, sizeof *g), *mean = g + REPLICAS * d;
    gsl_rng *rng = lab_rng_new(4, 0, LAB_FOR_TESTS);
    for (size_t s = 0; n && s < 4; s++) {
        const size_t B = sizes[s];
        lab_draw_indices(rng, n, REPLICAS * B, index);
        const struct lab_sample all = {.batch = B, .index = index, .known = REPLICAS * B};
        p->problem->gradient(p->self, &all, REPLICAS, x, g, loss);
        for (size_t r = 0; r < REPLICAS; r++) {
            double sum = 0.0, size = 0.0;
            memset(mean, 0, d * sizeof *mean);
            for (size_t k = 0; k < B; k++) {
                const struct lab_sample single = {
                    .batch = 1, .index = index + r * B + k, .known = 1};
                p->problem->gradient(p->self, &single, 1, x + r * d, mean + d, &one);
                sum += one / (double)B;
                for (size_t j = 0; j < d; j++)
                    mean[j] += mean[d + j] / (double)B;
                size += sqrt(dot(d, mean + d, mean + d)) / (double)B;
            }
            assert_close(loss[r], sum, 1e-13);
            for (size_t j = 0; j < d; j++)
                assert_true(fabs(g[r * d + j] - mean[j]) <= 1e-13 * size);
        }
    }
    gsl_rng_free(rng), free(x), free(g);
}

static void test_batches(void **state)
{
    (void)state;
    each_problem(check_batches);
}

/* f of a point does not depend on the points beside it nor on whether g is wanted. */
static void check_positions(const struct lab_problem_entry *p)
{
    enum { COUNT = 37 };
    const size_t d = p->facts.d;
    double *x = points(p, COUNT, 5), *g = lab_alloc((COUNT + 1) * d, sizeof *g);
    double f[COUNT], alone[COUNT], one, *single = g + COUNT * d;
    p->problem->objective(p->self, COUNT, x, f, g);
    p->problem->objective(p->self, COUNT, x, alone, NULL);
    assert_memory_equal(f, alone, sizeof f);
    for (size_t k = 0; k < COUNT; k++) {
        p->problem->objective(p->self, 1, x + k * d, &one, single);
        assert_memory_equal(&f[k], &one, sizeof one);
        assert_memory_equal(g + k * d, single, d * sizeof *g);
    }
    x[3] = NAN; /* a diverged neighbour */
    p->problem->objective(p->self, COUNT, x, alone, g);
    assert_memory_equal(f + 4 / d + 1, alone + 4 / d + 1,
                        (COUNT - 4 / d - 1) * sizeof *f);
    free(x), free(g);
}

static void test_positions(void **state)
{
    (void)state;
    each_problem(check_positions);
}

/* ---- facts hold at points of the domain ------------------------------------------ */

/* v <= limit up to rounding, if the limit is known. */
static void assert_below(double v, const struct lab_fact *limit, double factor,
                         double rounding)
{
    if (limit->status == LAB_UNKNOWN)
        assert_true(isnan(limit->value) && limit->source[0]);
    else if (!(v <= factor * limit->value * (1.0 + 1e-10) + rounding))
        fail_msg("%.17g is above %.17g: %s", v, factor * limit->value, limit->source);
}

/* Sampled gradients: G, G2, sigma2, L_max; sampled losses: mu_min. */
static void check_sampled_facts(const struct lab_problem_entry *p, const double *x,
                                const double *y, double apart)
{
    const struct lab_facts *f = &p->facts;
    const size_t d = f->d, n = f->n;
    double *g = lab_alloc(2 * n * d + d, sizeof *g), *h = g + n * d, *full = h + n * d;
    double *loss = lab_alloc(2 * n, sizeof *loss), f_x, most = 0.0, mean = 0.0,
           spread = 0.0;
    enumerate(p, x, g, loss);
    enumerate(p, y, h, loss + n);
    p->problem->objective(p->self, 1, x, &f_x, full);
    for (size_t i = 0; i < n; i++) {
        const double g2 = dot(d, g + i * d, g + i * d);
        most = fmax(most, g2), mean += g2 / (double)n;
        spread += dist2(d, g + i * d, full) / (double)n;
        assert_below(sqrt(dist2(d, g + i * d, h + i * d)), &f->L_max, apart, 1e-12);
        double above =
            loss[n + i] - loss[i] - dot(d, g + i * d, y) + dot(d, g + i * d, x);
        assert_true(!f->convex || above >= -1e-12 * (1.0 + fabs(loss[n + i])));
        if (f->mu_min.status != LAB_UNKNOWN)
            assert_true(above >= 0.5 * f->mu_min.value * apart * apart -
                                     1e-12 * (1.0 + fabs(loss[n + i]) + fabs(loss[i])));
    }
    assert_below(sqrt(most), &f->G, 1.0, 0.0);
    assert_below(mean, &f->G2, 1.0, 0.0);
    assert_below(spread, &f->sigma2, 1.0, 0.0);
    free(g), free(loss);
}

static void check_pair(const struct lab_problem_entry *p, const double *x)
{
    const struct lab_facts *f = &p->facts;
    const size_t d = f->d;
    const double *y = x + d;
    const double apart2 = dist2(d, x, y);
    double v[2], *g = lab_alloc(2 * d, sizeof *g), inner = 0.0;
    p->problem->objective(p->self, 2, x, v, g);
    for (size_t j = 0; j < d; j++)
        inner += (g[j] - g[d + j]) * (x[j] - y[j]);
    assert_below(sqrt(dist2(d, g, g + d)), &f->L, sqrt(apart2), 1e-12);
    if (f->mu.status != LAB_UNKNOWN)
        assert_true(inner >= f->mu.value * apart2 * (1.0 - 1e-10) - 1e-12);
    if (f->minimiser)
        assert_true(v[0] >= f->f_star.value - 1e-10 * (1.0 + fabs(v[0])));
    if (isfinite(f->D.value))
        assert_below(sqrt(apart2), &f->D, 1.0, 0.0);
    if (f->n) {
        check_sampled_facts(p, x, y, sqrt(apart2));
    } else if (!p->problem->draw) {
        assert_below(sqrt(dot(d, g, g)), &f->G, 1.0, 0.0);
        assert_below(dot(d, g, g), &f->G2, 1.0, 0.0);
    }
    free(g);
}

static void check_facts(const struct lab_problem_entry *p)
{
    enum { COUNT = 6 };
    double *x = points(p, COUNT, 6);
    for (size_t i = 0; i < COUNT * p->facts.d && p->domain.kind == LAB_NO_DOMAIN; i++)
        x[i] *= 10.0;
    for (size_t k = 0; k + 1 < COUNT; k++)
        check_pair(p, x + k * p->facts.d);
    free(x);
}

static void test_facts_hold(void **state)
{
    (void)state;
    each_problem(check_facts);
}

/* Greatest curvature met at x: power iteration on differences of gradients, those of sample
 * `index` or of f; with `shift`, of shift I - H. */
static double curvature_at(const struct lab_problem_entry *p, const uint32_t *index,
                           double shift, const double *x, gsl_rng *rng)
{
    enum { ROUNDS = 300 };
    const size_t d = p->facts.d;
    const double h = 1e-5;
    double *v = lab_alloc(3 * d, sizeof *v), *ends = lab_alloc(4 * d, sizeof *ends);
    double *g = ends + 2 * d, value[2], size = 0.0;
    const uint32_t both[2] = {index ? *index : 0, index ? *index : 0};
    const struct lab_sample sample = {.batch = 1, .index = both, .known = 2};
    lab_draw_gaussian(rng, 1.0, d, v);
    for (size_t round = 0; round < ROUNDS; round++) {
        const double scale = sqrt(dot(d, v, v));
        if (scale == 0.0)
            break;
        for (size_t j = 0; j < d; j++) {
            v[j] /= scale;
            ends[j] = x[j] + h * v[j], ends[d + j] = x[j] - h * v[j];
        }
        if (index)
            p->problem->gradient(p->self, &sample, 2, ends, g, value);
        else
            p->problem->objective(p->self, 2, ends, value, g);
        for (size_t j = 0; j < d; j++)
            v[j] =
                shift * v[j] + (shift > 0.0 ? -1.0 : 1.0) * (g[j] - g[d + j]) / (2.0 * h);
        size = sqrt(dot(d, v, v));
    }
    free(v), free(ends);
    return size;
}

static bool is_exact(const struct lab_fact *fact)
{
    return fact->status != LAB_UNKNOWN && strncmp(fact->source, "at most", 7) != 0 &&
           strncmp(fact->source, "at least", 8) != 0;
}

static void check_attained(const struct lab_problem_entry *p, const struct lab_fact *fact,
                           const char *name, bool attained)
{
    if (is_exact(fact) && !attained)
        fail_msg("%s: %s = %.17g (%s) is met nowhere, but is said to be exact", p->label,
                 name, fact->value, fact->source);
}

/* L, L_max and mu are met somewhere to 1 %, unless they are said to be mere bounds. */
static void check_sharpness(const struct lab_problem_entry *p)
{
    enum { COUNT = 6, MOST = 60, LARGE = 50 };
    const struct lab_facts *f = &p->facts;
    const size_t d = f->d;
    if (p->domain.kind != LAB_NO_DOMAIN || d > LARGE)
        return;
    double *x = points(p, COUNT, 7), L = 0.0, L_max = 0.0, mu = INFINITY;
    gsl_rng *rng = lab_rng_new(8, 0, LAB_FOR_TESTS);
    memset(x, 0, d * sizeof *x);
    memcpy(x + d, f->x1, d * sizeof *x);
    if (f->minimiser)
        memcpy(x + 2 * d, f->minimiser, d * sizeof *x);
    for (size_t j = 0; j < d; j++)
        x[3 * d + j] *= 10.0;
    for (size_t k = 0; k < COUNT; k++) {
        const double top = curvature_at(p, NULL, 0.0, x + k * d, rng);
        L = fmax(L, top);
        if (is_exact(&f->mu) && f->convex)
            mu = fmin(mu, 1.01 * top - curvature_at(p, NULL, 1.01 * top, x + k * d, rng));
        for (uint32_t i = 0; f->n <= MOST && i < f->n; i++)
            L_max = fmax(L_max, curvature_at(p, &i, 0.0, x + k * d, rng));
    }
    check_attained(p, &f->L, "L", L >= 0.99 * f->L.value);
    if (f->n && f->n <= MOST)
        check_attained(p, &f->L_max, "L_max", L_max >= 0.99 * f->L_max.value);
    check_attained(p, &f->mu, "mu", mu <= 1.01 * f->mu.value + 1e-4 * L);
    free(x), gsl_rng_free(rng);
}

static void test_sharpness(void **state)
{
    (void)state;
    each_problem(check_sharpness);
}

/* Streams: sampled gradients are those of sampled losses, on average grad f, as far from it
 * as sigma2 says.  A wrong mean passes, and a right one fails, less than once in a million
 * times per number: six standard errors. */
static void check_stream(const struct lab_problem_entry *p)
{
    enum { DRAWS = 20000 };
    const struct lab_facts *f = &p->facts;
    const size_t d = f->d;
    if (!p->problem->draw)
        return;
    double *x = points(p, 1, 9), *g = lab_alloc(4 * d, sizeof *g), *full = g + d;
    double *mean = g + 2 * d, *square = g + 3 * d, value, loss, up, down;
    double *xi = lab_alloc(f->xi, sizeof *xi), spread = 0.0, spread2 = 0.0, average = 0.0,
           average2 = 0.0;
    gsl_rng *rng = lab_rng_new(10, 0, LAB_FOR_TESTS);
    const struct lab_sample sample = {.batch = 1, .xi = xi};
    p->problem->objective(p->self, 1, x, &value, full);
    for (size_t t = 1; t <= DRAWS; t++) {
        p->problem->draw(p->self, rng, t, xi);
        p->problem->gradient(p->self, &sample, 1, x, g, &loss);
        assert_below(sqrt(dot(d, g, g)), &f->G, 1.0, 0.0);
        const double off = dist2(d, g, full);
        spread += off / DRAWS, spread2 += off * off / DRAWS;
        average += loss / DRAWS, average2 += loss * loss / DRAWS;
        for (size_t j = 0; j < d; j++)
            mean[j] += g[j] / DRAWS, square[j] += g[j] * g[j] / DRAWS;
        if (t > 3)
            continue;
        for (size_t j = 0; j < d; j++) {
            const double at = x[j], h = 1e-6;
            x[j] = at + h;
            p->problem->gradient(p->self, &sample, 1, x, NULL, &up);
            x[j] = at - h;
            p->problem->gradient(p->self, &sample, 1, x, NULL, &down);
            x[j] = at;
            assert_true(fabs((up - down) / (2.0 * h) - g[j]) <=
                        1e-7 * (1.0 + fabs(loss) + sqrt(dot(d, g, g))));
        }
    }
    const double error = 6.0 / sqrt(DRAWS);
    for (size_t j = 0; j < d && !f->scripted; j++)
        assert_true(fabs(mean[j] - full[j]) <=
                    error * sqrt(fmax(square[j] - mean[j] * mean[j], 0.0)) + 1e-12);
    if (!f->scripted)
        assert_true(fabs(average - value) <=
                    error * sqrt(fmax(average2 - average * average, 0.0)) + 1e-12);
    const double doubt = error * sqrt(fmax(spread2 - spread * spread, 0.0));
    assert_below(spread - doubt, &f->sigma2, 1.0, 1e-12);
    if (is_exact(&f->sigma2)) /* the same at every point */
        assert_true(spread + doubt >= f->sigma2.value * (1.0 - 1e-12));
    assert_below(spread + dot(d, full, full) - doubt, &f->G2, 1.0, 1e-12);
    gsl_rng_free(rng), free(x), free(g), free(xi);
}

static void test_streams(void **state)
{
    (void)state;
    each_problem(check_stream);
}

/* ---- options a plug-in cannot do without ------------------------------------------ */

/* Every required option of a plug-in: 0.5 where that is allowed, else 1, else 10; a text
 * without a default is the `file`, a `bound` or a formula. */
static void fill_required(const struct lab_plugin *plugin, const char *file, char *text,
                          size_t size)
{
    *text = '\0';
    for (const struct lab_param *p = plugin->params; p && p->name; p++) {
        const size_t used = strlen(text);
        if (p->type == LAB_TEXT && !p->text)
            snprintf(text + used, size - used, "%s = '%s'; ", p->name,
                     strcmp(p->name, "file") == 0    ? file
                     : strcmp(p->name, "bound") == 0 ? "gd_convex_classic"
                                                     : "0.5/sqrt(t) + 1/T");
        if (p->fallback != LAB_REQUIRED)
            continue;
        const double value = p->type == LAB_REAL && lab_in_range(p->range, 0.5) ? 0.5
                             : lab_in_range(p->range, 1.0)                      ? 1.0
                                                                                : 10.0;
        snprintf(text + used, size - used, "%s = %g; ", p->name, value);
    }
}

/* ---- infima of sampled losses ---------------------------------------------------- */

static double sampled(const struct lab_problem_entry *p, uint32_t i, const double *x,
                      double *g)
{
    const struct lab_sample sample = {.batch = 1, .index = &i, .known = 1};
    double loss;
    p->problem->gradient(p->self, &sample, 1, x, g, &loss);
    return loss;
}

/* The least sampled loss i on a path of Polyak's steps from x: with an attainable target
 * they come near it, with one that is too low near the infimum, if only by chance. */
static double descend(const struct lab_problem_entry *p, uint32_t i, double target,
                      size_t steps, double *x)
{
    double *g = lab_alloc(p->facts.d, sizeof *g), least = INFINITY;
    for (size_t t = 0; t < steps && least > target; t++) {
        const double loss = sampled(p, i, x, g), norm = lab_norm(p->facts.d, g);
        least = fmin(least, loss);
        for (size_t j = 0; norm > 0.0 && j < p->facts.d; j++)
            x[j] -= (loss - target) / norm * (g[j] / norm);
    }
    free(g);
    return least;
}

/* The same of proximal gradient steps for s + h, s = (<a, x> - b)^2/2: ‖grad s‖^2 = 2 s ‖a‖^2. */
static double shrink(const struct lab_problem_entry *p, uint32_t i, double target,
                     size_t steps, double *x)
{
    const size_t d = p->facts.d;
    double *g = lab_alloc(d, sizeof *g), least = INFINITY;
    for (size_t t = 0; t < steps && least > target; t++) {
        double s = sampled(p, i, x, g);
        least = fmin(least, s);
        s -= p->problem->penalty(p->self, -1.0, x, g);
        const double eta = 2.0 * s / dot(d, g, g);
        if (!(eta > 0.0))
            break;
        for (size_t j = 0; j < d; j++)
            x[j] -= eta * g[j];
        p->problem->prox(p->self, eta, 1, x);
    }
    free(g);
    return least;
}

static void check_infima(const struct lab_problem_entry *p)
{
    static const double below[] = {0.0, 1e-6, 1e-4, 1e-2};
    const size_t n = p->facts.n, d = p->facts.d, stride = n > 8 ? n / 8 : 1;
    struct lab_error why = {""};
    if (!p->problem->infima || p->domain.kind != LAB_NO_DOMAIN)
        return;
    double *low = lab_alloc(n, sizeof *low);
    if (p->problem->infima(p->self, low, &why)) {
        assert_true(why.text[0] != 0);
        free(low);
        return;
    }
    for (size_t i = 0; i < n; i += stride) {
        const double size = 1.0 + fabs(low[i]);
        double *x = points(p, 4, i), least;
        if (p->facts.convex)
            memset(x, 0, d * sizeof *x); /* sharp in what is left of R^d */
        least = p->problem->prox ? shrink(p, (uint32_t)i, low[i] + 1e-9 * size, 300000, x)
                                 : descend(p, (uint32_t)i, low[i], 20000, x);
        if (!(least <= low[i] + 1e-9 * size))
            fail_msg("%s: loss %zu comes down to %.17g, not to %.17g", p->label, i, least,
                     low[i]);
        for (size_t k = 0; k < 4; k++) {
            least = descend(p, (uint32_t)i, low[i] - below[k] * size, 500, x + k * d);
            if (!(least >= low[i] - 1e-13 * size))
                fail_msg("%s: loss %zu is %.17g, less than %.17g", p->label, i, least,
                         low[i]);
        }
        free(x);
    }
    free(low);
}

static void test_infima(void **state)
{
    (void)state;
    each_problem(check_infima);
}

/* ---- optimizers: one replica does not know of the others ------------------------- */

enum { REPLICAS = 5, STEPS = 60 };

static const char *const arenas[] = {
    "{ type = 'quadratic'; d = 7; rotate = true; noise = { sigma = 0.5; }; }",
    "{ type = 'quadratic'; d = 3; noise = { sigma = 0.5; }; "
    "domain = { type = 'simplex'; }; }",
    "{ type = 'logistic'; data = 'synthetic'; n = 50; d = 7; l2 = 0.1; }",
    "{ type = 'least_squares'; data = 'synthetic'; n = 300; d = 13; "
    "noise = { sigma = 0.1; }; domain = { type = 'ball'; radius = 0.7; }; }",
    "{ type = 'logistic'; data = 'breast_cancer'; domain = { type = 'box'; lower = -1;"
    "  upper = 1; }; }",
    "{ type = 'gauss_least_squares'; d = 5; noise = { type = 'student_t'; scale = 0.1; "
    "index = 3; }; }",
    "{ type = 'experts'; d = 6; noise = { type = 'multiplicative'; sigma = 0.5; }; }",
    "{ type = 'linear_losses'; d = 3; noise = { type = 'pareto'; scale = 0.1; index = "
    "1.5; "
    "}; }",
    "{ type = 'saddle'; noise = { type = 'rademacher'; sigma = 0.2; }; }",
    "{ type = 'elastic_net'; data = 'synthetic'; n = 50; d = 7; l1 = 0.01; l2 = 0.1; "
    "noise = { type = 'multiplicative'; sigma = 0.5; }; domain = { type = 'box'; lower = "
    "-1; upper = 1; }; }",
    "{ type = 'quadratic'; d = 7; rotate = true; }"};
enum { ARENAS = sizeof arenas / sizeof *arenas };

/* x_{STEPS+1} of replicas first..first+count-1, stopping `often` times on the way. */
static void advance(const struct lab_experiment *e, size_t first, size_t count,
                    size_t often, double *x)
{
    const struct lab_problem_entry *p = e->problem;
    const struct lab_plan plan = {.problem = p->problem,
                                  .problem_self = p->self,
                                  .facts = &p->facts,
                                  .domain = &p->domain,
                                  .loss_star = p->loss_star,
                                  .loss_low = lab_loss_low(e, p, e->optimizer),
                                  .noise = &p->noise,
                                  .optimizer = e->optimizer->optimizer,
                                  .optimizer_self = e->optimizer->self,
                                  .eta = e->schedule->eta->eta,
                                  .T = e->T,
                                  .batch = e->batch,
                                  .sampling = lab_sampling_named(e->sampling),
                                  .seed = e->seed};
    struct lab_block *block = lab_block_new(&plan, first, count, NULL, 0);
    for (size_t t = 1; t <= STEPS; t += STEPS / often)
        lab_block_advance(block, t);
    lab_block_advance(block, STEPS + 1);
    memcpy(x, lab_block_x(block), count * p->facts.d * sizeof *x);
    lab_block_free(block);
}

/* False if the optimizer says that it cannot run there, or knows that it starts at x*. */
static bool check_replicas(const char *optimizer, const char *options, const char *arena,
                           size_t batch)
{
    struct lab_mistakes mistakes = {0};
    char *text = lab_text("steps = %d; batch = %zu; problems = ( %s ); optimizers = ( { "
                          "type = '%s'; %s } );"
                          "schedules = ( { type = 'inv_sqrt'; eta = 0.05; } );",
                          STEPS, batch, arena, optimizer, options);
    struct lab_experiment *e = try_experiment(text, &mistakes);
    const size_t d = e->problem->facts.d;
    free(text);
    if (mistakes.count) {
        const struct lab_optimizer *o = e->optimizer->optimizer;
        assert_true(o->check || o->infima);
        lab_mistakes_free(&mistakes), lab_experiment_free(e);
        return false;
    }
    const bool knows_star = e->optimizer->optimizer->check;
    const bool random = e->problem->noise.law != LAB_NO_NOISE || e->problem->facts.n;
    double *x = lab_alloc(2 * REPLICAS * d, sizeof *x), *alone = x + REPLICAS * d;
    advance(e, 0, REPLICAS, 1, x);
    for (size_t r = 0; r < REPLICAS; r++)
        advance(e, r, 1, r + 1, alone + r * d);
    assert_memory_equal(x, alone, REPLICAS * d * sizeof *x);
    advance(e, 1, REPLICAS - 1, 7, alone);
    assert_memory_equal(x + d, alone, (REPLICAS - 1) * d * sizeof *x);
    const bool moved = dist2(d, x, e->problem->facts.x1) > 0.0;
    assert_true(moved || (knows_star && e->problem->facts.R1.value == 0.0));
    for (size_t r = 1; r < REPLICAS; r++) /* and every one is its own */
        assert_true(e->optimizer->optimizer->random ||
                    (random && moved) == (dist2(d, x, x + r * d) > 0.0));
    free(x), lab_experiment_free(e);
    return moved;
}

/* Options that lead a method another way. */
static const char *const other_ways[][2] = {
    {"schedule_free", "iterate = 'y'; power = 0;"},
    {"schedule_free", "iterate = 'z'; power = 2; beta = 0;"},
    {"extragradient", "same_sample = true;"},
    {"lookahead", "beta = 0.9; k = 3;"},
    {"sgld", "temperature = 0;"},
    {"svrg", "snapshot = 'random'; inner = 3;"},
    {"sarah", "snapshot = 'last'; inner = 3;"},
};

static void test_replicas(void **state)
{
    (void)state;
    for (const struct lab_entry *o = lab_registry; o->name; o++) {
        bool ran = o->kind != LAB_KIND_optimizer;
        for (size_t i = 0; o->kind == LAB_KIND_optimizer && i < ARENAS; i++) {
            char options[256];
            fill_required(o->plugin, "", options, sizeof options);
            ran |= check_replicas(o->name, options, arenas[i], 1);
            ran |= check_replicas(o->name, options, arenas[i], 3);
        }
        assert_true(ran);
    }
    for (size_t v = 0; v < sizeof other_ways / sizeof *other_ways; v++)
        for (size_t i = 0; i < ARENAS; i++)
            check_replicas(other_ways[v][0], other_ways[v][1], arenas[i], 2);
}

/* ---- schedules ------------------------------------------------------------------- */

/* A new file of that text; free() its name after unlink(). */
static char *text_file(const char *text)
{
    char *path = lab_text("/tmp/lab-test-XXXXXX");
    const int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void check_schedule(const struct lab_entry *entry, size_t T, size_t W)
{
    char options[256], *column = lab_text("%s", "");
    for (size_t t = 1; t <= T - W; t++) {
        char *longer = lab_text("%s%g\n", column, 1.0 / (double)t);
        free(column);
        column = longer;
    }
    char *file = text_file(column);
    fill_required(entry->plugin, file, options, sizeof options);
    struct lab_experiment *e =
        experiment("steps = %zu; problems = ( { type = 'quadratic'; } ); " SGD
                   "schedules = ( { type = '%s'; %s warmup = %zu; } );",
                   T, entry->name, options, W);
    unlink(file), free(file), free(column);
    const struct lab_schedule_entry *s = e->schedule;
    const bool pure = s->schedule->eta != NULL; /* not of the facts */
    const double *eta = s->eta->eta,
                 first = pure ? s->schedule->eta(s->self, 1, T - W) : eta[W];
    assert_int_equal(s->eta->T, T);
    for (size_t t = 1; t <= T; t++) {
        assert_true(eta[t - 1] > 0.0 && isfinite(eta[t - 1]));
        double expected = t <= W ? first * (double)t / ((double)W + 1.0)
                          : pure ? s->schedule->eta(s->self, t - W, T - W)
                                 : first;
        assert_close(eta[t - 1], expected, 1e-15);
    }
    if (W) { /* contract.md, section 4, at its corners */
        assert_close(eta[0], first / ((double)W + 1.0), 1e-15);
        assert_close(eta[W - 1], first * (double)W / ((double)W + 1.0), 1e-15);
        assert_close(eta[W], first, 0.0);
    }
    if (pure)
        assert_close(eta[T - 1], s->schedule->eta(s->self, T - W, T - W), 0.0);
    lab_experiment_free(e);
}

static void test_schedules(void **state)
{
    static const size_t T[] = {1, 2, 3, 50, 1000};
    (void)state;
    for (const struct lab_entry *s = lab_registry; s->name; s++)
        for (size_t i = 0; s->kind == LAB_KIND_schedule && i < 5; i++) {
            check_schedule(s, T[i], 0);
            if (T[i] > 1)
                check_schedule(s, T[i], 1), check_schedule(s, T[i], T[i] - 1);
            if (T[i] > 3)
                check_schedule(s, T[i], T[i] / 3);
        }
}

/* Values of contract.md's table and of papers, by hand.  cos(3 pi/4) = -sqrt(1/2), cos(pi/5) =
 * (1 + sqrt(5))/4; jain has phases of 8, 4, 2, 1, 1 of 16 steps and of 2, 1, 1, 1 of 5. */
static void test_schedule_values(void **state)
{
    static const struct {
        const char *schedule;
        size_t T, t;
        double eta;
    } table[] = {
        {"type = 'constant'; eta = 0.3;", 10, 1, 0.3},
        {"type = 'constant'; eta = 0.3;", 10, 10, 0.3},
        {"type = 'inv_sqrt'; eta = 0.3;", 10, 1, 0.3},
        {"type = 'inv_sqrt'; eta = 0.3;", 10, 9, 0.1},
        {"type = 'inv_t'; eta = 0.3;", 10, 1, 0.3},
        {"type = 'inv_t'; eta = 0.3;", 10, 10, 0.03},
        {"type = 'inv_t'; eta = 0.3; offset = 5;", 10, 1, 0.05},
        {"type = 'inv_sqrt'; eta = 0.3; warmup = 2;", 10, 1, 0.1},
        {"type = 'inv_sqrt'; eta = 0.3; warmup = 2;", 10, 2, 0.2},
        {"type = 'inv_sqrt'; eta = 0.3; warmup = 2;", 10, 3, 0.3},
        {"type = 'inv_sqrt'; eta = 0.3; warmup = 2;", 11, 11, 0.1},
        {"type = 'polynomial'; eta = 0.4; power = 2;", 4, 1, 0.4},
        {"type = 'polynomial'; eta = 0.4; power = 2;", 4, 2, 0.225},
        {"type = 'polynomial'; eta = 0.4; power = 2;", 4, 4, 0.025},
        {"type = 'polynomial'; eta = 0.4;", 4, 2, 0.3},
        {"type = 'linear'; eta = 0.3;", 3, 1, 0.3},
        {"type = 'linear'; eta = 0.3;", 3, 2, 0.2},
        {"type = 'linear'; eta = 0.3;", 3, 3, 0.1},
        {"type = 'linear'; eta = 0.3; warmup = 2;", 5, 1, 0.1},
        {"type = 'linear'; eta = 0.3; warmup = 2;", 5, 2, 0.2},
        {"type = 'linear'; eta = 0.3; warmup = 2;", 5, 3, 0.3},
        {"type = 'linear'; eta = 0.3; warmup = 2;", 5, 4, 0.2},
        {"type = 'linear'; eta = 0.3; warmup = 2;", 5, 5, 0.1},
        {"type = 'cosine'; eta = 1;", 4, 1, 1.0},
        {"type = 'cosine'; eta = 1;", 4, 3, 0.5},
        {"type = 'cosine'; eta = 1;", 4, 4, 0.14644660940672624},
        {"type = 'cosine'; eta = 1; final = 0.2;", 4, 1, 1.0},
        {"type = 'cosine'; eta = 1; final = 0.2;", 4, 3, 0.6},
        {"type = 'cosine'; eta = 1; cycles = 2;", 8, 4, 0.14644660940672624},
        {"type = 'cosine'; eta = 1; cycles = 2;", 8, 5, 1.0},
        {"type = 'cosine'; eta = 1; cycles = 2;", 8, 7, 0.5},
        {"type = 'cosine'; eta = 1; cycles = 2;", 5, 1, 1.0},
        {"type = 'cosine'; eta = 1; cycles = 2;", 5, 3, 0.09549150281252627},
        {"type = 'cosine'; eta = 1; cycles = 2;", 5, 4, 0.9045084971874737},
        {"type = 'wsd'; eta = 1;", 9, 1, 1.0},
        {"type = 'wsd'; eta = 1;", 9, 8, 1.0},
        {"type = 'wsd'; eta = 1;", 9, 9, 0.5},
        {"type = 'wsd'; eta = 1; shape = 'sqrt';", 9, 8, 1.0},
        {"type = 'wsd'; eta = 1; shape = 'sqrt';", 9, 9, 0.2928932188134524},
        {"type = 'wsd'; eta = 1; cooldown = 0.5;", 9, 5, 1.0},
        {"type = 'wsd'; eta = 1; cooldown = 0.5;", 9, 6, 0.8},
        {"type = 'wsd'; eta = 1; cooldown = 0.5;", 9, 7, 0.6},
        {"type = 'wsd'; eta = 1; cooldown = 0;", 9, 9, 1.0},
        {"type = 'wsd'; eta = 1; cooldown = 1;", 9, 1, 0.9},
        {"type = 'exponential'; eta = 0.8; decay = 0.5;", 4, 1, 0.8},
        {"type = 'exponential'; eta = 0.8; decay = 0.5;", 4, 2, 0.4},
        {"type = 'exponential'; eta = 0.8; decay = 0.5;", 4, 4, 0.1},
        {"type = 'step'; eta = 0.8; factor = 0.5; every = 3;", 7, 1, 0.8},
        {"type = 'step'; eta = 0.8; factor = 0.5; every = 3;", 7, 3, 0.8},
        {"type = 'step'; eta = 0.8; factor = 0.5; every = 3;", 7, 4, 0.4},
        {"type = 'step'; eta = 0.8; factor = 0.5; every = 3;", 7, 6, 0.4},
        {"type = 'step'; eta = 0.8; factor = 0.5; every = 3;", 7, 7, 0.2},
        {"type = 'jain'; eta = 1;", 16, 1, 0.25},
        {"type = 'jain'; eta = 1;", 16, 8, 0.25},
        {"type = 'jain'; eta = 1;", 16, 9, 0.125},
        {"type = 'jain'; eta = 1;", 16, 12, 0.125},
        {"type = 'jain'; eta = 1;", 16, 13, 0.0625},
        {"type = 'jain'; eta = 1;", 16, 14, 0.0625},
        {"type = 'jain'; eta = 1;", 16, 15, 0.03125},
        {"type = 'jain'; eta = 1;", 16, 16, 0.015625},
        {"type = 'jain'; eta = 1;", 5, 2, 0.4472135954999579},
        {"type = 'jain'; eta = 1;", 5, 3, 0.22360679774997896},
        {"type = 'jain'; eta = 1;", 5, 5, 0.05590169943749474},
        {"type = 'jain'; eta = 1;", 1, 1, 1.0},
        {"type = 'silver'; eta = 0.5;", 8, 1, 0.7071067811865476},
        {"type = 'silver'; eta = 0.5;", 8, 2, 1.0},
        {"type = 'silver'; eta = 0.5;", 8, 3, 0.7071067811865476},
        {"type = 'silver'; eta = 0.5;", 8, 4, 1.7071067811865475},
        {"type = 'silver'; eta = 0.5;", 8, 6, 1.0},
        {"type = 'silver'; eta = 0.5;", 8, 8, 3.414213562373095},
        {"type = 'one_cycle'; eta = 1;", 11, 1, 0.04},
        {"type = 'one_cycle'; eta = 1;", 11, 2, 0.36},
        {"type = 'one_cycle'; eta = 1;", 11, 3, 0.68},
        {"type = 'one_cycle'; eta = 1;", 11, 4, 1.0},
        {"type = 'one_cycle'; eta = 1;", 11, 8, 0.5},
        {"type = 'one_cycle'; eta = 1;", 11, 10, 0.14644660940672624},
        {"type = 'one_cycle'; eta = 1; final = 0.5;", 11, 4, 1.0},
        {"type = 'one_cycle'; eta = 1; final = 0.5;", 11, 8, 0.75},
        {"type = 'one_cycle'; eta = 1; rise = 0;", 3, 1, 1.0},
        {"type = 'piecewise'; values = ( 0.3, 0.1, 0.5 ); steps = ( 2, 3 );", 5, 1, 0.3},
        {"type = 'piecewise'; values = ( 0.3, 0.1, 0.5 ); steps = ( 2, 3 );", 5, 2, 0.3},
        {"type = 'piecewise'; values = ( 0.3, 0.1, 0.5 ); steps = ( 2, 3 );", 5, 3, 0.1},
        {"type = 'piecewise'; values = ( 0.3, 0.1, 0.5 ); steps = ( 2, 3 );", 5, 4, 0.5},
        {"type = 'piecewise'; values = ( 0.3, 0.1, 0.5 ); steps = ( 2, 3 );", 5, 5, 0.5},
        {"type = 'piecewise'; values = ( 1, 2 ); steps = 9;", 5, 5, 1.0},
        {"type = 'piecewise'; values = 0.7;", 5, 5, 0.7},
        {"type = 'piecewise'; values = ( 0.3, 0.1 ); steps = ( 1 ); warmup = 2;", 4, 1,
         0.1},
        {"type = 'piecewise'; values = ( 0.3, 0.1 ); steps = ( 1 ); warmup = 2;", 4, 2,
         0.2},
        {"type = 'piecewise'; values = ( 0.3, 0.1 ); steps = ( 1 ); warmup = 2;", 4, 3,
         0.3},
        {"type = 'piecewise'; values = ( 0.3, 0.1 ); steps = ( 1 ); warmup = 2;", 4, 4,
         0.1},
        {"type = 'expression'; eta = '0.5/sqrt(t)';", 9, 1, 0.5},
        {"type = 'expression'; eta = '0.5/sqrt(t)';", 9, 4, 0.25},
        {"type = 'expression'; eta = '2*(T + 1 - t)/T';", 4, 1, 2.0},
        {"type = 'expression'; eta = '2*(T + 1 - t)/T';", 4, 4, 0.5},
        {"type = 'expression'; eta = 'T/10'; warmup = 2;", 4, 1, 0.06666666666666667},
        {"type = 'expression'; eta = 'T/10'; warmup = 2;", 4, 2, 0.13333333333333333},
        {"type = 'expression'; eta = 'T/10'; warmup = 2;", 4, 3, 0.2},
        {"type = 'expression'; eta = 'T/10'; warmup = 2;", 4, 4, 0.2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_experiment *e =
            experiment("steps = %zu; problems = ( { type = 'quadratic'; } );" SGD
                       "schedules = ( { %s } );",
                       table[i].T, table[i].schedule);
        assert_close(e->schedule->eta->eta[table[i].t - 1], table[i].eta, 1e-15);
        lab_experiment_free(e);
    }
}

/* The recursion of the silver steps: h_1 = [sqrt 2], h_{k+1} = [h_k, 1 + rho^(k-1), h_k]. */
static void test_silver_recursion(void **state)
{
    double h[63] = {sqrt(2.0)}, middle = 2.0;
    (void)state;
    for (size_t n = 1; n < 63; n = 2 * n + 1) {
        h[n] = middle, middle = 1.0 + (middle - 1.0) * (1.0 + sqrt(2.0));
        memcpy(h + n + 1, h, n * sizeof *h);
    }
    struct lab_experiment *e =
        experiment("steps = 63; problems = ( { type = 'quadratic'; } );" SGD
                   "schedules = ( { type = 'silver'; eta = 1; } );");
    for (size_t t = 1; t <= 63; t++)
        assert_close(e->schedule->eta->eta[t - 1], h[t - 1], 1e-14);
    assert_close(e->schedule->eta->sum[62], pow(1.0 + sqrt(2.0), 6) - 1.0, 1e-14);
    lab_experiment_free(e);
}

static bool has_row(const struct lab_experiment *e, size_t t)
{
    size_t rows, found = 0, *row = lab_experiment_rows(e, &rows);
    for (size_t k = 0; k < rows; k++) {
        assert_true(row[k] >= 1 && row[k] <= e->T && (!k || row[k] > row[k - 1]));
        found += row[k] == t;
    }
    free(row);
    return found == 1;
}

/* Kinks have rows where log-spaced ones (t = 1, T) leave them out. */
static void test_schedule_kinks(void **state)
{
    static const struct {
        const char *schedule;
        size_t T, kink[5]; /* all of them, from number 0 on */
    } table[] = {
        {"type = 'constant'; eta = 1;", 100, {0}},
        {"type = 'cosine'; eta = 1;", 100, {0}},
        {"type = 'cosine'; eta = 1; cycles = 3;", 100, {35, 68}},
        {"type = 'wsd'; eta = 1;", 100, {81}},
        {"type = 'wsd'; eta = 1; cooldown = 0;", 100, {0}},
        {"type = 'wsd'; eta = 1; cooldown = 1;", 100, {0}},
        {"type = 'step'; eta = 1; factor = 0.5; every = 30;", 100, {31, 61, 91}},
        {"type = 'step'; eta = 1; factor = 0.5; every = 30;", 91, {31, 61, 91}},
        {"type = 'step'; eta = 1; factor = 0.5; every = 30;", 90, {31, 61}},
        {"type = 'jain'; eta = 1;", 16, {9, 13, 15, 16}},
        {"type = 'jain'; eta = 1;", 1, {0}},
        {"type = 'one_cycle'; eta = 1;", 100, {31}},
        {"type = 'piecewise'; values = ( 1, 2, 3, 4 ); steps = ( 20, 50, 100 );",
         100,
         {21, 51}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (size_t W = 0; W <= 7; W += 7) {
            struct lab_experiment *e = experiment(
                "steps = %zu; checkpoints = 2; problems = ( { type = 'quadratic'; } "
                ");" SGD "schedules = ( { %s warmup = %zu; } );",
                table[i].T + W, table[i].schedule, W);
            const struct lab_schedule_entry *s = e->schedule;
            for (size_t k = 0; s->schedule->kink && k < 5; k++) {
                const size_t kink = table[i].kink[k];
                assert_int_equal(s->schedule->kink(s->self, table[i].T, k), kink);
                assert_true(!kink || has_row(e, W + kink));
                if (!kink)
                    break;
            }
            assert_true(!W || (has_row(e, W) && has_row(e, W + 1)));
            lab_experiment_free(e);
        }
    struct lab_experiment *e =
        experiment(/* a stair per step: not a row per step */
                   "steps = 5000; checkpoints = 2; problems = ( { type = 'quadratic'; } "
                   ");" SGD "schedules = ( { type = 'step'; eta = 1; factor = 1; every = "
                   "1; warmup = 2; } );");
    assert_true(has_row(e, 65) && !has_row(e, 66) && has_row(e, 5000));
    lab_experiment_free(e);
}

/* What is wrong with the options of a schedule is said with its place. */
static void test_schedule_mistakes(void **state)
{
    static const struct {
        const char *schedule, *message;
    } table[] = {
        {"type = 'polynomial'; eta = 1; power = -1;", "power = -1 is not in [0,inf)"},
        {"type = 'linear';", "eta is missing"},
        {"type = 'cosine'; eta = 1; final = 2;", "final = 2 is not in [0,1]"},
        {"type = 'cosine'; eta = 1; cycles = 1.5;", "cycles = 1.5 is not a whole number"},
        {"type = 'cosine'; eta = 1; cycles = 9; warmup = 2;",
         "1: schedule 'cosine eta=1 cycles=9 warmup=2': cycles = 9, but there are only 8 "
         "steps"},
        {"type = 'wsd'; eta = 1; cooldown = 1.1;", "cooldown = 1.1 is not in [0,1]"},
        {"type = 'wsd'; eta = 1; shape = 'square';", "is not one of linear, sqrt"},
        {"type = 'exponential'; eta = 1;", "decay is missing"},
        {"type = 'exponential'; eta = 1; decay = 1.01;", "decay = 1.01 is not in (0,1]"},
        {"type = 'step'; eta = 1; factor = 0.5;", "every is missing"},
        {"type = 'step'; eta = 1; factor = 0.5; every = 0;",
         "every = 0 is not in [1,inf)"},
        {"type = 'jain'; eta = 0;", "eta = 0 is not in (0,inf)"},
        {"type = 'silver'; L = 2; eta = 1;", "unknown key 'schedules.[0].L'"},
        {"type = 'one_cycle'; eta = 1; rise = 1;", "rise = 1 is not in [0,1)"},
        {"type = 'one_cycle'; eta = 1; initial = 0;", "initial = 0 is not in (0,1]"},
        {"type = 'piecewise'; steps = ( 2 );", "values is missing"},
        {"type = 'piecewise'; values = ( 1, 2 ); steps = ( 2, 3 );",
         "2 steps part 3 pieces, but there are 2 values"},
        {"type = 'piecewise'; values = ( 1, 2, 3 ); steps = ( 3, 3 );",
         "steps.[1] = 3 is not greater than the one before it"},
        {"type = 'piecewise'; values = ( 1, 2 ); steps = ( 2.5 );",
         "steps.[0] = 2.5 is not a whole number"},
        {"type = 'piecewise'; values = ( 1, -2 ); steps = ( 2 );", "is not in [0,inf)"},
        {"type = 'expression';", ": eta is missing"},
        {"type = 'expression'; eta = 0.5;", "eta = 0.5 is not a string"},
        {"type = 'expression'; eta = '0.5/sqr(t)';",
         "eta: column 5: unknown function 'sqr' (did you mean 'sqrt'?)"},
        {"type = 'expression'; eta = '1/(t - 3)';", "eta_1 = -0.5"},
        {"type = 'expression'; eta = '1/(t - 1)';", "eta_1 = inf"},
        {"type = 'expression'; eta = '1 - t/5';", "eta_6 = -0.2"},
        {"type = 'table';", ": file is missing"},
        {"type = 'table'; file = './no-such-file.txt';", "no data file"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct lab_mistakes mistakes = {0};
        char *text = lab_text("steps = 10; problems = ( { type = 'quadratic'; } );" SGD
                              "schedules = ( { %s } );",
                              table[i].schedule);
        struct lab_experiment *e = try_experiment(text, &mistakes);
        assert_int_equal(mistakes.count, 1);
        if (!strstr(mistakes.line[0], table[i].message))
            fail_msg("%s: %s", table[i].schedule, mistakes.line[0]);
        lab_experiment_free(e), lab_mistakes_free(&mistakes), free(text);
    }
}

static void check_table(const char *text, size_t W, const char *message)
{
    struct lab_mistakes mistakes = {0};
    char *path = text_file(text),
         *config =
             lab_text("steps = %zu; problems = ( { type = 'quadratic'; } );" SGD
                      "schedules = ( { type = 'table'; file = '%s'; warmup = %zu; } );",
                      3 + W, path, W);
    struct lab_experiment *e = try_experiment(config, &mistakes);
    unlink(path);
    assert_int_equal(mistakes.count, message ? 1 : 0);
    if (message) {
        char *expected = lab_text("%s%s", path, message);
        if (!strstr(mistakes.line[0], expected))
            fail_msg("%s, not %s", mistakes.line[0], expected);
        assert_non_null(strstr(mistakes.line[0], ":1: schedule 'table"));
        free(expected);
    } else {
        const double *eta = e->schedule->eta->eta + W;
        assert_close(eta[0], 0.5, 0.0), assert_close(eta[1], 2.0, 0.0);
        assert_close(eta[2], 1e-3, 0.0);
    }
    lab_experiment_free(e), lab_mistakes_free(&mistakes);
    free(config), free(path);
}

/* Three numbers are needed: what is read, and what is wrong with line so-and-so. */
static void test_schedule_table(void **state)
{
    (void)state;
    check_table("0.5\n2\n1e-3\n", 0, NULL);
    check_table("# eta\n 0.5 \r\n\n+2.0\t\n.001", 0, NULL);
    check_table("0.5\n2\n1e-3\n", 4, NULL);
    check_table("0.5\n2\n", 0, ":2: ends after 2 of the 3 numbers needed");
    check_table("", 0, ":1: ends after 0 of the 3 numbers needed");
    check_table("0.5\n2\n\n1e-3\n4\n", 0, ":5: more than the 3 numbers needed");
    check_table("0.5\n# two\ntwo\n3\n", 0, ":3: 'two' is not one number");
    check_table("0.5\n2 3\n4\n", 0, ":2: '2 3' is not one number");
    check_table("0.5\n2,5\n4\n", 0, ":2: '2,5' is not one number");
    check_table("0.5\n0x2\n4\n", 0, ":2: '0x2' is not one number");
    check_table("0.5\n2\n-1\n", 0, ":3: -1 is not in [0,inf)");
    check_table("0.5\ninf\n1\n", 0, ":2: inf is not in [0,inf)");
    check_table("0.5\nnan\n1\n", 0, ":2: nan is not in [0,inf)");
}

/* A horizon of 1e9: rates that fall to 0 at T+1 are still positive and right at T, where
 * (1 + cos(pi u))/2 as written would be 0; it is (pi/2)^2/T^2 up to O(T^-4). */
static void test_schedule_ends(void **state)
{
    const size_t T = 1000000000;
    const double left = 1.0 / (double)T;
    static const char *const types[] = {"cosine", "linear"};
    const double expected[] = {0.25 * M_PI * M_PI * left * left, left};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct lab_experiment *e =
            experiment("steps = 3; problems = ( { type = 'quadratic'; } );" SGD
                       "schedules = ( { type = '%s'; eta = 1; } );",
                       types[i]);
        const struct lab_schedule_entry *s = e->schedule;
        assert_close(s->schedule->eta(s->self, T, T), expected[i], 1e-14);
        lab_experiment_free(e);
    }
}

/* ---- bounds ---------------------------------------------------------------------- */

static json_t *load(const char *path)
{
    json_error_t why;
    json_t *root = json_load_file(path, 0, &why);
    if (!root)
        fail_msg("%s:%d: %s", path, why.line, why.text);
    return root;
}

static struct lab_node *node_of(const char *key, json_t *value)
{
    if (json_is_integer(value))
        return lab_node_integer(key, "vectors", json_integer_value(value));
    if (!json_is_array(value))
        return lab_node_real(key, "vectors", json_real_value(value));
    struct lab_node *list = lab_node_new(LAB_NODE_LIST, key, "vectors");
    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *entry = json_array_get(value, i); /* a row of a matrix, or a number */
        for (size_t j = 0; j < (json_is_array(entry) ? json_array_size(entry) : 1); j++)
            lab_node_add(
                list,
                node_of(NULL, json_is_array(entry) ? json_array_get(entry, j) : entry));
    }
    return list;
}

static struct lab_node *inputs_of(json_t *values)
{
    struct lab_node *root = lab_node_new(LAB_NODE_GROUP, NULL, "vectors");
    const char *key;
    json_t *value;
    json_object_foreach(values, key, value) lab_node_add(root, node_of(key, value));
    return root;
}

/* tests/vectors.json: independently computed right-hand sides. */
static void test_right_hand_sides(void **state)
{
    json_t *root = load("tests/vectors.json"),
           *vectors = json_object_get(root, "vectors");
    (void)state;
    for (const struct lab_entry *e = lab_registry; e->name; e++) {
        size_t found = 0;
        for (size_t i = 0; e->kind == LAB_KIND_bound && i < json_array_size(vectors);
             i++) {
            json_t *v = json_array_get(vectors, i);
            if (strcmp(json_string_value(json_object_get(v, "bound")), e->name) != 0)
                continue;
            assert_close(right_hand_side((const struct lab_bound *)e->plugin,
                                         inputs_of(json_object_get(v, "inputs"))),
                         json_number_value(json_object_get(v, "expected")), 1e-9);
            found++;
        }
        if (e->kind == LAB_KIND_bound && found == 0)
            fail_msg("bound %s has no test vectors in tests/vectors.json", e->name);
    }
    json_decref(root);
}

/* Does a theorem speak of SGD on projected least squares with these steps? */
static void check_applicability(const struct lab_entry *bound, json_t *steps,
                                bool applicable)
{
    const char *method = ((const struct lab_bound *)bound->plugin)->method;
    char options[256];
    double eta[16];
    fill_required(lab_find(LAB_KIND_optimizer, method, NULL)->plugin, "", options,
                  sizeof options);
    const size_t T = json_array_size(steps);
    assert_in_range(T, 1, 16);
    for (size_t t = 0; t < T; t++)
        eta[t] = json_number_value(json_array_get(steps, t));
    struct lab_experiment *e = experiment(
        "steps = %zu; bounds = ( '%s' );"
        "problems = ( { type = 'least_squares'; data = 'synthetic'; n = 50; d = 7;"
        "               domain = { type = 'ball'; radius = 2.0; }; } );"
        "optimizers = ( { type = '%s'; %s } ); " STEP(1),
        T, bound->name, method, options);
    set_eta(e, 0, eta);
    const struct lab_arm arm = lab_experiment_arm(e, 0);
    size_t count;
    struct lab_claim *claims = lab_claims(e, &arm, &count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(claims[i].status != LAB_NOT_APPLICABLE, applicable);
        assert_true(applicable || claims[i].reason[0]);
    }
    lab_claims_free(claims, count), lab_experiment_free(e);
}

static void test_applicability(void **state)
{
    json_t *root = load("tests/vectors.json"),
           *list = json_object_get(root, "applicability");
    size_t checked = 0;
    (void)state;
    for (const struct lab_entry *e = lab_registry; e->name; e++)
        for (size_t i = 0; e->kind == LAB_KIND_bound && i < json_array_size(list); i++) {
            json_t *a = json_array_get(list, i);
            if (strcmp(json_string_value(json_object_get(a, "bound")), e->name) != 0)
                continue;
            const char *expected = json_string_value(json_object_get(a, "expected"));
            check_applicability(e, json_object_get(a, "schedule"),
                                strcmp(expected, "applicable") == 0);
            checked++;
        }
    assert_true(checked > 0);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cards),
        cmocka_unit_test(test_vtables),
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_facts_hold),
        cmocka_unit_test(test_sharpness),
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_infima),
        cmocka_unit_test(test_replicas),
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_schedule_values),
        cmocka_unit_test(test_silver_recursion),
        cmocka_unit_test(test_schedule_kinks),
        cmocka_unit_test(test_schedule_mistakes),
        cmocka_unit_test(test_schedule_table),
        cmocka_unit_test(test_schedule_ends),
        cmocka_unit_test(test_right_hand_sides),
        cmocka_unit_test(test_applicability),
    };
    return cmocka_run_group_tests(tests, open_problems, close_problems);
}
