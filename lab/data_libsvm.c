/*
 * lab/data_libsvm.c -- LIBSVM (C.-C. Chang & C.-J. Lin 2011).
 *
 * Rows "label index:value ...", indices from 1 ascending; what is missing is 0.  A #
 * starts a comment; blank lines do not count.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/data_text.h"

/* The rule in data.h. */
enum { SMALL = 1000000, SMALL_FILLED = 32000000, MOSTLY = 4 };

struct libsvm {
    struct lab_text_file *text;
    bool bias;
    double *label, *value; /* values that are not zero, row after row */
    uint32_t *column;      /* from 0, of each; of the bias after all rows are read */
    size_t *start;         /* of each row, among the values */
    size_t rows, entries, label_room, value_room, column_room, start_room;
    size_t features; /* the largest index */
};

static int bad_entry(const struct lab_text_file *t, const char *s, const char *what)
{
    return lab_fail(t->err, "%s:%zu: '%s' %s", t->path, t->line,
                    lab_quote(s, strcspn(s, " \t")).text, what);
}

/* Reads "index:value" with index > last; returns its end, or NULL after lab_fail(). */
static const char *read_entry(const struct lab_text_file *t, const char *s, size_t last,
                              uint32_t *index, double *value)
{
    const char *wrong = NULL, *end = NULL;
    size_t digits = strspn(s, "0123456789");
    if (!digits || s[digits] != ':')
        wrong = "is not index:value";
    else if (digits > 10 || strtoull(s, NULL, 10) > UINT32_MAX)
        wrong = "has an index beyond 2^32 - 1";
    else if (!(end = lab_read_number(t, s + digits + 1, value)) ||
             (*end && *end != ' ' && *end != '\t'))
        wrong = "has a value that is not a number";
    else if (!isfinite(*value))
        wrong = "has a value that is not finite";
    else if ((*index = (uint32_t)strtoul(s, NULL, 10)) == 0)
        wrong = "has index 0; indices start at 1";
    else if (*index <= last)
        wrong = "has an index that is not above the one before it";
    if (wrong)
        bad_entry(t, s, wrong);
    return wrong ? NULL : end;
}

/* Appends a number of the current row. */
static int append(struct libsvm *c, size_t column, double value)
{
    struct lab_text_file *t = c->text;
    double *values = lab_data_grow(t->path, c->value, &c->value_room, c->entries,
                                   sizeof *values, t->err);
    c->value = values ? values : c->value;
    uint32_t *columns = values ? lab_data_grow(t->path, c->column, &c->column_room,
                                               c->entries, sizeof *columns, t->err)
                               : NULL;
    if (!columns)
        return -1;
    c->column = columns;
    values[c->entries] = value;
    columns[c->entries++] = (uint32_t)column;
    return 0;
}

/* Appends a row with its label and nothing in it yet. */
static int append_row(struct libsvm *c, double label)
{
    struct lab_text_file *t = c->text;
    if (c->rows == UINT32_MAX)
        return lab_fail(t->err, "%s: too many rows (at most 2^32 - 1)", t->path);
    double *labels =
        lab_data_grow(t->path, c->label, &c->label_room, c->rows, sizeof *labels, t->err);
    c->label = labels ? labels : c->label;
    size_t *starts = labels ? lab_data_grow(t->path, c->start, &c->start_room,
                                            c->rows + 1, sizeof *starts, t->err)
                            : NULL;
    if (!starts)
        return -1;
    c->start = starts;
    starts[c->rows] = c->entries;
    labels[c->rows++] = label;
    return lab_note_row(t);
}

/* Appends one row "label index:value ...". */
static int read_row(struct libsvm *c, char *line)
{
    struct lab_text_file *t = c->text;
    double label, value;
    line[strcspn(line, "#")] = '\0';
    const char *s = lab_skip_blanks(line, ' ');
    const char *end = lab_read_number(t, s, &label);
    if (!end || !isfinite(label) || (*end && *end != ' ' && *end != '\t'))
        return bad_entry(t, s, "is not a label (a finite number)");
    if (append_row(c, label))
        return -1;
    for (uint32_t index, last = 0; *(s = lab_skip_blanks(end, ' ')); last = index) {
        if (!(end = read_entry(t, s, last, &index, &value)))
            return -1;
        if (value != 0.0 && append(c, index - 1, value))
            return -1;
        c->features = index > c->features ? index : c->features;
    }
    return c->bias ? append(c, 0, 0.0) : 0;
}

/* Standardising fills in the zeros, so it makes a dense matrix as long as that is small. */
static bool stays_sparse(const struct libsvm *c, const struct lab_data_spec *spec)
{
    const bool fills = spec->normalize && strcmp(spec->normalize, "standardize") == 0;
    const double most_dense = fills ? SMALL_FILLED : SMALL;
    const double all = (double)c->rows * (double)c->features;
    const double filled = (double)(c->entries - (c->bias ? c->rows : 0));
    return spec->storage == LAB_SPARSE || (spec->storage == LAB_ANY_STORAGE &&
                                           all > most_dense && MOSTLY * filled < all);
}

/* Hands the arrays over. */
static int keep_sparse(struct libsvm *c, struct lab_data *data)
{
    const struct lab_text_file *t = c->text;
    if (lab_data_check_sparse(t->path, c->rows, (double)c->features + c->bias, t->err))
        return -1;
    data->n = c->rows;
    data->d = c->features + c->bias;
    data->b = lab_realloc(c->label, c->rows, sizeof *c->label);
    data->row_start = lab_realloc(c->start, c->rows + 1, sizeof *c->start);
    data->column = lab_realloc(c->column, c->entries, sizeof *c->column);
    data->value = lab_realloc(c->value, c->entries, sizeof *c->value);
    *c = (struct libsvm){.text = c->text};
    return 0;
}

static int spread_dense(const struct libsvm *c, struct lab_data *data)
{
    const struct lab_text_file *t = c->text;
    if (lab_data_shape(t->path, data, c->rows, c->features, c->bias, t->err))
        return -1;
    memcpy(data->b, c->label, c->rows * sizeof *c->label);
    for (size_t i = 0; i < c->rows; i++)
        for (size_t k = c->start[i]; k < c->start[i + 1]; k++)
            data->A[i * data->stride + c->column[k]] = c->value[k];
    return 0;
}

int lab_read_libsvm(struct lab_text_file *t, const struct lab_data_spec *spec,
                    struct lab_data *data)
{
    struct libsvm c = {.text = t, .bias = spec->bias};
    int status = 0;
    for (char *line; !status && (line = lab_next_line(t));)
        status = read_row(&c, line);
    if (t->failed || !c.rows)
        status = -1;
    if (!status) {
        c.start[c.rows] = c.entries;
        for (size_t i = 0; c.bias && i < c.rows; i++)
            c.column[c.start[i + 1] - 1] = (uint32_t)c.features;
        status = stays_sparse(&c, spec) ? keep_sparse(&c, data) : spread_dense(&c, data);
    }
    free(c.label), free(c.start), free(c.column), free(c.value);
    return status;
}
