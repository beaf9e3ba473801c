/* lab/csv.c -- see csv.h */
#include "lab/csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void put(struct lab_csv *csv, int byte)
{
    if (csv->length == csv->room) {
        csv->room = csv->room ? 2 * csv->room : 256;
        csv->text = lab_realloc(csv->text, csv->room, 1);
    }
    csv->text[csv->length++] = (char)byte;
}

static void begin_cell(struct lab_csv *csv)
{
    if (csv->cells == csv->cell_room) {
        csv->cell_room = csv->cell_room ? 2 * csv->cell_room : 16;
        csv->cell = lab_realloc(csv->cell, csv->cell_room, sizeof *csv->cell);
    }
    csv->cell[csv->cells++] = csv->length;
}

static int fail(const struct lab_csv *csv, size_t line, const char *what,
                struct lab_error *err)
{
    if (ferror(csv->in))
        return lab_fail(err, "cannot read %s: %s", csv->path, strerror(errno));
    return lab_fail(err, "%s:%zu: %s", csv->path, line, what);
}

/* The inside of a quoted cell, after its first quote; returns what follows the last. */
static int read_quoted(struct lab_csv *csv)
{
    for (;;) {
        int c = getc_unlocked(csv->in);
        if (c == '"') {
            c = getc_unlocked(csv->in);
            if (c != '"')
                return c;
        } else if (c == EOF || c == '\0') {
            return '"'; /* never follows a closing quote: the caller refuses it */
        }
        csv->next += c == '\n';
        put(csv, c);
    }
}

/* One cell; returns what ended it (',', '\n', EOF), or '"' if it is malformed. */
static int read_cell(struct lab_csv *csv)
{
    begin_cell(csv);
    int c = getc_unlocked(csv->in);
    if (c == '"') {
        c = read_quoted(csv);
    } else {
        for (; c != ',' && c != '\n' && c != EOF; c = getc_unlocked(csv->in)) {
            if (c == '"' || c == '\0')
                return '"';
            if (c == '\r') {
                c = getc_unlocked(csv->in);
                if (c == '\n')
                    break;
                return '"';
            }
            put(csv, c);
        }
    }
    if (c == '\r')
        c = getc_unlocked(csv->in) == '\n' ? '\n' : '"';
    put(csv, '\0');
    return c == ',' || c == '\n' || c == EOF ? c : '"';
}

/* Splits one record into cells: 1, or 0 at the end, or -1. */
static int read_record(struct lab_csv *csv, struct lab_error *err)
{
    csv->line = csv->next;
    csv->length = csv->cells = 0;
    int c = getc_unlocked(csv->in);
    if (c == EOF)
        return ferror(csv->in) ? fail(csv, csv->line, "", err) : 0;
    ungetc(c, csv->in);
    do
        c = read_cell(csv);
    while (c == ',');
    if (c == '"')
        return fail(csv, csv->line, "a quote or byte that does not belong there", err);
    if (ferror(csv->in))
        return fail(csv, csv->line, "", err);
    csv->next++;
    return 1;
}

int lab_csv_open(struct lab_csv *csv, const char *path, struct lab_error *err)
{
    *csv = (struct lab_csv){.in = fopen(path, "re"), .next = 1};
    if (!csv->in)
        return lab_fail(err, "cannot read %s: %s", path, strerror(errno));
    csv->path = lab_text("%s", path);
    int got = read_record(csv, err);
    if (got <= 0) {
        if (got == 0)
            fail(csv, 1, "the file is empty", err);
        lab_csv_close(csv);
        return -1;
    }
    csv->columns = csv->cells;
    csv->name = lab_alloc(csv->columns, sizeof *csv->name);
    for (size_t i = 0; i < csv->columns; i++)
        csv->name[i] = lab_text("%s", csv->text + csv->cell[i]);
    return 0;
}

int lab_csv_next(struct lab_csv *csv, struct lab_error *err)
{
    int got = read_record(csv, err);
    if (got == 1 && csv->cells != csv->columns)
        return lab_fail(err, "%s:%zu: %zu cells, but %zu columns", csv->path, csv->line,
                        csv->cells, csv->columns);
    return got;
}

void lab_csv_close(struct lab_csv *csv)
{
    if (csv->in)
        fclose(csv->in);
    for (size_t i = 0; csv->name && i < csv->columns; i++)
        free(csv->name[i]);
    free(csv->name);
    free(csv->cell);
    free(csv->text);
    free(csv->path);
    *csv = (struct lab_csv){0};
}

int lab_csv_column(const struct lab_csv *csv, const char *name, size_t *column,
                   struct lab_error *err)
{
    for (size_t i = 0; i < csv->columns; i++)
        if (strcmp(csv->name[i], name) == 0) {
            *column = i;
            return 0;
        }
    return lab_fail(err, "%s: no column '%s'", csv->path, name);
}

const char *lab_csv_cell(const struct lab_csv *csv, size_t column)
{
    if (column >= csv->cells)
        LAB_BUG("column %zu of %zu", column, csv->cells);
    return csv->text + csv->cell[column];
}

int lab_csv_number(const struct lab_csv *csv, size_t column, double *value,
                   struct lab_error *err)
{
    const char *cell = lab_csv_cell(csv, column);
    char *end;
    *value = strtod(cell, &end);
    if (end == cell || *end != '\0')
        return lab_fail(err, "%s:%zu: %s = '%.40s' is not a number", csv->path, csv->line,
                        csv->name[column], cell);
    return 0;
}
