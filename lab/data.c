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

enum { SYNTHETIC_ROWS = 1000, SYNTHETIC_COLUMNS = 20, SYNTHETIC_CLASSES = 3 };

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

/* k with probability proportional to exp(4 z_k). */
static double draw_class(gsl_rng *rng, size_t classes, const double *z)
{
    double largest = z[0], sum = 0.0;
    for (size_t k = 1; k < classes; k++)
        largest = fmax(largest, z[k]);
    for (size_t k = 0; k < classes; k++)
        sum += exp(4.0 * (z[k] - largest));
    double rest = sum * gsl_rng_uniform(rng);
    size_t k = 0;
    while (k < classes - 1 && (rest -= exp(4.0 * (z[k] - largest))) >= 0.0)
        k++;
    return (double)k;
}

/* The label of a row with planted prediction z, of classes one each. */
static double draw_label(gsl_rng *rng, enum lab_planted planted, size_t classes,
                         const double *z)
{
    double noise;
    switch (planted) {
    case LAB_PLANTED_LOGISTIC:
        return gsl_rng_uniform(rng) < 1.0 / (1.0 + exp(-4.0 * *z)) ? 1.0 : -1.0;
    case LAB_PLANTED_GAUSSIAN: lab_draw_gaussian(rng, 0.5, 1, &noise); return *z + noise;
    case LAB_PLANTED_LAPLACE: return *z + 0.5 * gsl_ran_laplace(rng, 1.0);
    case LAB_PLANTED_CLASSES: return draw_class(rng, classes, z);
    case LAB_PLANTED_COUNTS: return gsl_ran_poisson(rng, exp(0.5 * *z));
    }
    LAB_BUG("planted labels of kind %d", (int)planted);
}

/* Row after row, so that the first rows do not depend on n. */
static int draw_synthetic(const struct lab_data_spec *spec, enum lab_planted planted,
                          struct lab_data *data, struct lab_error *err)
{
    const size_t n = spec->n ? spec->n : SYNTHETIC_ROWS;
    const size_t d = spec->d ? spec->d : SYNTHETIC_COLUMNS, features = d - spec->bias;
    const size_t classes = spec->classes ? spec->classes : SYNTHETIC_CLASSES;
    const size_t planes = planted == LAB_PLANTED_CLASSES ? classes : 1;
    if (features == 0)
        return lab_fail(err, "d = 1 leaves no feature beside the bias");
    if (lab_data_shape("synthetic", data, n, features, spec->bias, err))
        return -1;
    data->name = lab_text("synthetic");
    gsl_rng *rng = lab_rng_new(spec->data_seed, 0, LAB_FOR_DATA);
    double *w = lab_alloc(planes * d, sizeof *w), *z = lab_alloc(planes, sizeof *z);
    lab_draw_gaussian(rng, 1.0 / sqrt((double)d), planes * d, w);
    for (size_t i = 0; i < n; i++) {
        double *row = data->A + i * data->stride;
        lab_draw_gaussian(rng, 1.0, features, row);
        for (size_t k = 0; k < planes; k++) {
            z[k] = spec->bias ? w[k * d + d - 1] : 0.0;
            for (size_t j = 0; j < features; j++)
                z[k] += row[j] * w[k * d + j];
        }
        data->b[i] = draw_label(rng, planted, classes, z);
    }
    data->classes = planted == LAB_PLANTED_CLASSES ? classes : 0;
    free(w), free(z);
    gsl_rng_free(rng);
    return 0;
}

/* ---- opening ---------------------------------------------------------- */

static bool is_synthetic(const struct lab_data_spec *spec)
{
    return strcmp(spec->data, "synthetic") == 0;
}

static int check_spec(const struct lab_data_spec *spec, enum lab_labels labels,
                      struct lab_error *err)
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
    if (!is_synthetic(spec) && spec->classes)
        return lab_fail(err,
                        "classes is an option of synthetic data; '%.64s' has its own",
                        spec->data);
    if (spec->classes == 1 || spec->classes > LAB_MOST_CLASSES)
        return lab_fail(err, "classes = %zu is not in [2,%d]", spec->classes,
                        LAB_MOST_CLASSES);
    if (!isnan(spec->positive) && labels == LAB_LABELS_CLASSES)
        return lab_fail(err,
                        "positive = %.17g makes two classes of many, but all classes "
                        "are used here",
                        spec->positive);
    if (!isnan(spec->positive) && labels == LAB_LABELS_COUNTS)
        return lab_fail(err,
                        "positive = %.17g makes two classes, but labels are counts "
                        "here",
                        spec->positive);
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
                same_number(s->positive, t->positive) && a->labels == b->labels &&
                s->storage == t->storage;
    if (same && !a->path)
        same = s->n == t->n && s->d == t->d && s->classes == t->classes &&
               s->data_seed == t->data_seed && a->planted == b->planted;
    return same;
}

static void free_copy(struct copy *copy)
{
    struct lab_data *data = &copy->data;
    free(data->A), free(data->row_start), free(data->column), free(data->value);
    free(data->b), free(data->name);
    free(copy->path), free(copy->normalize);
    free(copy);
}

static int load(struct copy *copy, struct lab_data_place *place, struct lab_error *err)
{
    struct lab_error why = {""};
    struct lab_data *data = &copy->data;
    size_t *line = NULL;
    if (copy->path ? lab_data_read(place, &copy->spec, data, &line, err)
                   : draw_synthetic(&copy->spec, copy->planted, data, err))
        return -1;
    if (copy->path)
        data->name = lab_text("%s", place->name);
    const struct lab_data_origin origin = {.path = copy->path, .line = line};
    int status = lab_data_label(&copy->spec, copy->labels, &origin, data, err);
    free(line);
    if (!status && lab_data_prepare(&copy->spec, data, &why))
        status = lab_fail(err, "%s: %s", data->name, why.text);
    return status;
}

const struct lab_data *lab_data_open(const struct lab_data_spec *spec,
                                     enum lab_labels labels, enum lab_planted planted,
                                     struct lab_error *err)
{
    struct lab_data_place place = {.name = NULL};
    if (check_spec(spec, labels, err))
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
