/*
 * lab/data_labels.c -- see data_parts.h.  Labels: signs, classes, counts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/data_parts.h"

enum { SHOWN = 5 };

/* "file.csv:17", or "digits: row 17" of what has no lines; free() it. */
static char *place_of(const struct lab_data_origin *origin, const struct lab_data *data,
                      size_t row)
{
    return origin->line ? lab_text("%s:%zu", origin->path, origin->line[row])
                        : lab_text("%s: row %zu", data->name, row + 1);
}

static int bad_label(const struct lab_data_origin *origin, const struct lab_data *data,
                     size_t row, const char *what, struct lab_error *err)
{
    char *place = place_of(origin, data, row);
    int status = lab_fail(err, "%s: label %.10g %s", place, data->b[row], what);
    free(place);
    return status;
}

/* Where `label` is, or would be, among ascending values. */
static size_t rank(const double *value, size_t count, double label)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (value[middle] < label)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

/* Distinct labels, ascending, up to `most`; returns how many.  *row: the first one that
 * has the last of them that was found. */
static size_t distinct(const struct lab_data *data, size_t most, double *value,
                       size_t *row)
{
    size_t count = 0;
    for (size_t i = 0; i < data->n && count < most; i++) {
        size_t place = rank(value, count, data->b[i]);
        if (place < count && value[place] == data->b[i])
            continue;
        memmove(value + place + 1, value + place, (count - place) * sizeof *value);
        value[place] = data->b[i];
        count++;
        *row = i;
    }
    return count;
}

/* "0, 1, 2, 3, 4, ..." */
static void list_labels(const struct lab_data *data, char *text, size_t size)
{
    double value[SHOWN];
    size_t row, count = distinct(data, SHOWN, value, &row), used = 0;
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(text + used, size - used, i ? ", %.10g" : "%.10g", value[i]);
    if (count == SHOWN)
        snprintf(text + used, size - used, ", ...");
}

static int mark_positive(double positive, struct lab_data *data, struct lab_error *err)
{
    char shown[SHOWN * 32];
    bool found = false;
    list_labels(data, shown, sizeof shown);
    for (size_t i = 0; i < data->n; i++) {
        bool is_positive = data->b[i] == positive;
        found |= is_positive;
        data->b[i] = is_positive ? 1.0 : -1.0;
    }
    return found ? 0
                 : lab_fail(err, "%s: no label is positive = %.17g; labels are %s",
                            data->name, positive, shown);
}

static int too_few(const struct lab_data *data, struct lab_error *err)
{
    return lab_fail(err, "%s: all labels are %.10g; two classes are needed", data->name,
                    data->b[0]);
}

static int map_to_signs(const struct lab_data_origin *origin, struct lab_data *data,
                        struct lab_error *err)
{
    double value[3];
    size_t third, count = distinct(data, 3, value, &third);
    if (count > 2) {
        char shown[SHOWN * 32], *place = place_of(origin, data, third);
        double least = INFINITY;
        for (size_t i = 0; i < data->n; i++)
            least = fmin(least, data->b[i]);
        list_labels(data, shown, sizeof shown);
        lab_fail(err,
                 "%s: labels take more than two values (%s); choose the one that becomes "
                 "+1, the others -1, with positive = %.10g (the third value, %.10g, is "
                 "first seen at %s)",
                 data->name, shown, least, data->b[third], place);
        free(place);
        return -1;
    }
    if (count < 2)
        return too_few(data, err);
    for (size_t i = 0; i < data->n; i++)
        data->b[i] = data->b[i] == value[1] ? 1.0 : -1.0;
    return 0;
}

static int map_to_classes(const struct lab_data_origin *origin, struct lab_data *data,
                          struct lab_error *err)
{
    for (size_t i = 0; i < data->n; i++)
        if (data->b[i] != floor(data->b[i]))
            return bad_label(origin, data, i, "is not a class (an integer)", err);
    double value[LAB_MOST_CLASSES + 1];
    size_t row, count = distinct(data, LAB_MOST_CLASSES + 1, value, &row);
    if (count > LAB_MOST_CLASSES)
        return bad_label(origin, data, row, "makes more than 1000 classes", err);
    if (count < 2)
        return too_few(data, err);
    for (size_t i = 0; i < data->n; i++)
        data->b[i] = (double)rank(value, count, data->b[i]);
    data->classes = count;
    return 0;
}

static int check_counts(const struct lab_data_origin *origin, const struct lab_data *data,
                        struct lab_error *err)
{
    for (size_t i = 0; i < data->n; i++)
        if (data->b[i] < 0.0 || data->b[i] != floor(data->b[i]))
            return bad_label(origin, data, i, "is not a count (0, 1, 2, ...)", err);
    return 0;
}

int lab_data_label(const struct lab_data_spec *spec, enum lab_labels labels,
                   const struct lab_data_origin *origin, struct lab_data *data,
                   struct lab_error *err)
{
    if (!isnan(spec->positive) && mark_positive(spec->positive, data, err))
        return -1;
    switch (labels) {
    case LAB_LABELS_BINARY: return map_to_signs(origin, data, err);
    case LAB_LABELS_REAL: return 0;
    case LAB_LABELS_CLASSES:
        return data->classes ? 0 : map_to_classes(origin, data, err); /* synthetic are */
    case LAB_LABELS_COUNTS: return check_counts(origin, data, err);
    }
    LAB_BUG("labels of kind %d", (int)labels);
}
