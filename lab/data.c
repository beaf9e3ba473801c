/*
 * lab/data.c -- see data.h.  Data sets are opened once per specification and shared.
 */
#include "lab/data.h"

#include <ctype.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/data_parts.h"
#include "lab/random.h"

enum { SYNTHETIC_ROWS = 1000, SYNTHETIC_COLUMNS = 20 };

/* One copy in memory, and what it was made from. */
struct copy {
    struct lab_data data; /* first: lab_data_close() gets its address */
    struct lab_data_spec spec;
    char *path, *normalize; /* owned; path NULL: synthetic */
    enum lab_labels labels;
    enum lab_planted planted;
    size_t users;
    struct copy *next;
};

static struct copy *copies;

/* ---- synthetic -------------------------------------------------------- */

/* The label of a row with planted prediction z. */
static double draw_label(gsl_rng *rng, enum lab_planted planted, double z)
{
    double noise;
    switch (planted) {
    case LAB_PLANTED_LOGISTIC:
        return gsl_rng_uniform(rng) < 1.0 / (1.0 + exp(-4.0 * z)) ? 1.0 : -1.0;
    case LAB_PLANTED_GAUSSIAN: lab_draw_gaussian(rng, 0.5, 1, &noise); return z + noise;
    case LAB_PLANTED_LAPLACE: return z + 0.5 * gsl_ran_laplace(rng, 1.0);
    }
    LAB_BUG("planted labels of kind %d", (int)planted);
}

/* Row after row, so that the first rows do not depend on n. */
static int draw_synthetic(const struct lab_data_spec *spec, enum lab_planted planted,
                          struct lab_data *data, struct lab_error *err)
{
    const size_t n = spec->n ? spec->n : SYNTHETIC_ROWS;
    const size_t d = spec->d ? spec->d : SYNTHETIC_COLUMNS, features = d - spec->bias;
    if (features == 0)
        return lab_fail(err, "d = 1 leaves no feature beside the bias");
    if (lab_data_shape("synthetic", data, n, features, spec->bias, err))
        return -1;
    data->name = lab_text("synthetic");
    gsl_rng *rng = lab_rng_new(spec->data_seed, 0, LAB_FOR_DATA);
    double *w = lab_alloc(d, sizeof *w);
    lab_draw_gaussian(rng, 1.0 / sqrt((double)d), d, w);
    for (size_t i = 0; i < n; i++) {
        double *row = data->A + i * data->stride, z = spec->bias ? w[d - 1] : 0.0;
        lab_draw_gaussian(rng, 1.0, features, row);
        for (size_t j = 0; j < features; j++)
            z += row[j] * w[j];
        data->b[i] = draw_label(rng, planted, z);
    }
    free(w);
    gsl_rng_free(rng);
    return 0;
}

/* ---- opening ---------------------------------------------------------- */

static bool is_synthetic(const struct lab_data_spec *spec)
{
    return strcmp(spec->data, "synthetic") == 0;
}

static int check_spec(const struct lab_data_spec *spec, struct lab_error *err)
{
    if (!spec->data || !*spec->data)
        return lab_fail(err, "no data set is named");
    for (const char *s = spec->data; *s; s++)
        if (iscntrl((unsigned char)*s))
            return lab_fail(err, "the name of the data set has a control character");
    if (!isnan(spec->max_row_norm) &&
        !(spec->max_row_norm > 0.0 && isfinite(spec->max_row_norm)))
        return lab_fail(err, "max_row_norm = %g is not in (0,inf)", spec->max_row_norm);
    if (!is_synthetic(spec) && (spec->n || spec->d))
        return lab_fail(err,
                        "%s = %zu is an option of synthetic data; '%.64s' has its own",
                        spec->n ? "n" : "d", spec->n ? spec->n : spec->d, spec->data);
    return 0;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool matches(const struct copy *a, const struct copy *b)
{
    const struct lab_data_spec *s = &a->spec, *t = &b->spec;
    bool same = same_text(a->path, b->path) && same_text(a->normalize, b->normalize) &&
                s->bias == t->bias && same_number(s->max_row_norm, t->max_row_norm) &&
                same_number(s->positive, t->positive) && a->labels == b->labels;
    if (same && !a->path)
        same = s->n == t->n && s->d == t->d && s->data_seed == t->data_seed &&
               a->planted == b->planted;
    return same;
}

static void free_copy(struct copy *copy)
{
    free(copy->data.A), free(copy->data.b), free(copy->data.name);
    free(copy->path), free(copy->normalize);
    free(copy);
}

static int load(struct copy *copy, struct lab_data_place *place, struct lab_error *err)
{
    struct lab_error why = {""};
    struct lab_data *data = &copy->data;
    if (copy->path ? lab_data_read(place, copy->spec.bias, data, err)
                   : draw_synthetic(&copy->spec, copy->planted, data, err))
        return -1;
    if (copy->path)
        data->name = lab_text("%s", place->name);
    if (lab_data_prepare(&copy->spec, copy->labels, data, &why))
        return lab_fail(err, "%s: %s", data->name, why.text);
    return 0;
}

const struct lab_data *lab_data_open(const struct lab_data_spec *spec,
                                     enum lab_labels labels, enum lab_planted planted,
                                     struct lab_error *err)
{
    struct lab_data_place place = {.name = NULL};
    if (check_spec(spec, err))
        return NULL;
    if (!is_synthetic(spec) && lab_data_find(spec->data, &place, err))
        return NULL;
    struct copy *copy = lab_alloc(1, sizeof *copy), *known = copies;
    copy->path = place.path ? lab_text("%s", place.path) : NULL;
    copy->normalize = spec->normalize ? lab_text("%s", spec->normalize) : NULL;
    copy->spec = *spec;
    copy->spec.data = NULL; /* the caller's, who may free it */
    copy->spec.normalize = copy->normalize;
    copy->labels = labels;
    copy->planted = planted;
    while (known && !matches(known, copy))
        known = known->next;
    if (known || load(copy, &place, err)) {
        free_copy(copy);
        copy = known;
    } else {
        copy->next = copies;
        copies = copy;
    }
    lab_data_place_free(&place);
    if (copy)
        copy->users++;
    return copy ? &copy->data : NULL;
}

void lab_data_close(const struct lab_data *data)
{
    struct copy **link = &copies;
    while (*link && &(*link)->data != data)
        link = &(*link)->next;
    struct copy *copy = *link;
    if (!copy && data)
        LAB_BUG("data set closed that is not open");
    if (!copy || --copy->users)
        return;
    *link = copy->next;
    free_copy(copy);
}
