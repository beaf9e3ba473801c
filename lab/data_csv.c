/*
 * lab/data_csv.c -- CSV (RFC 4180, as far as numbers need it).
 *
 * Rows of numbers, the label last, separated by the first of , ; tab that the first line
 * has, perhaps quoted.  The first line is a header if its first or last field is a word.
 * Blank lines do not count, nor do lines that start with #.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/data_text.h"

struct csv {
    struct lab_text_file *text;
    char separator;
    size_t columns;
    double *value; /* row after row */
    size_t count, room;
};

/* The separator or NUL that ends the field at s. */
static const char *field_end(const char *s, char separator)
{
    for (bool quoted = false; *s && (quoted || *s != separator); s++)
        quoted ^= *s == '"';
    return s;
}

/* Reads a number, its blanks and quotes; returns field_end(), or NULL. */
static const char *read_field(const struct csv *c, const char *s, double *value)
{
    s = lab_skip_blanks(s, c->separator);
    const bool quoted = *s == '"';
    s = lab_read_number(c->text, quoted ? lab_skip_blanks(s + 1, c->separator) : s,
                        value);
    if (!s)
        return NULL;
    s = lab_skip_blanks(s, c->separator);
    if (quoted && *s++ != '"')
        return NULL;
    s = lab_skip_blanks(s, c->separator);
    return *s == c->separator || !*s ? s : NULL;
}

static int bad_field(const struct csv *c, const char *s, size_t column)
{
    const struct lab_text_file *t = c->text;
    s = lab_skip_blanks(s, c->separator);
    size_t length = (size_t)(field_end(s, c->separator) - s);
    while (length && isspace((unsigned char)s[length - 1]))
        length--;
    double value;
    if (length == 0)
        return lab_fail(t->err, "%s:%zu: column %zu is empty", t->path, t->line, column);
    return lab_fail(t->err, "%s:%zu: column %zu: '%s' is not a %snumber", t->path,
                    t->line, column, lab_quote(s, length).text,
                    read_field(c, s, &value) ? "finite " : "");
}

/* Appends one row of numbers. */
static int read_row(struct csv *c, const char *line)
{
    struct lab_text_file *t = c->text;
    size_t column = 0;
    for (const char *s = line;; s++) {
        double value, *more;
        more = lab_data_grow(t->path, c->value, &c->room, c->count, sizeof value, t->err);
        if (!more)
            return -1;
        c->value = more;
        const char *end = read_field(c, s, &value);
        column++;
        if (!end || !isfinite(value))
            return bad_field(c, s, column);
        c->value[c->count++] = value;
        s = end;
        if (!*s)
            break;
    }
    if (column != c->columns)
        return lab_fail(t->err, "%s:%zu: %zu columns instead of %zu", t->path, t->line,
                        column, c->columns);
    return lab_note_row(t);
}

/* True if there is something at s that is no number. */
static bool is_word(const struct csv *c, const char *s)
{
    double value;
    s = lab_skip_blanks(s, c->separator);
    return s != field_end(s, c->separator) && !read_field(c, s, &value);
}

/* Separator and number of columns from the first line; true if it is a header. */
static bool read_first_line(struct csv *c, const char *line)
{
    const char *separator = ",;\t", *last = line, *end;
    while (separator[1] && !*field_end(line, *separator))
        separator++;
    c->separator = *separator;
    for (c->columns = 1; *(end = field_end(last, c->separator)); c->columns++)
        last = end + 1;
    return is_word(c, line) || is_word(c, last);
}

static int read_rows(struct csv *c)
{
    struct lab_text_file *t = c->text;
    char *line = lab_next_line(t);
    if (!line)
        return lab_fail(t->err, "%s: no rows of numbers", t->path);
    bool header = read_first_line(c, line);
    if (c->columns < 2)
        return lab_fail(t->err,
                        "%s:%zu: one column only; needed are features and, last, a label",
                        t->path, t->line);
    for (line = header ? lab_next_line(t) : line; line; line = lab_next_line(t))
        if (read_row(c, line))
            return -1;
    if (!t->failed && !c->count)
        return lab_fail(t->err, "%s: no rows of numbers", t->path);
    return t->failed ? -1 : 0;
}

int lab_read_csv(struct lab_text_file *t, const struct lab_data_spec *spec,
                 struct lab_data *data)
{
    struct csv c = {.text = t, .columns = 1};
    int status = -1;
    if (!read_rows(&c) && c.value) {
        const size_t n = c.count / c.columns, features = c.columns - 1;
        status = lab_data_shape(t->path, data, n, features, spec->bias, t->err);
        for (size_t i = 0; !status && i < n; i++) {
            const double *row = c.value + i * c.columns;
            memcpy(data->A + i * data->stride, row, features * sizeof *row);
            data->b[i] = row[features];
        }
    }
    free(c.value);
    return status;
}
