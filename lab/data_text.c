/*
 * lab/data_text.c -- see data_text.h.  Lines, numbers, and which format it is.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lab/data_text.h"

/* ---- lines ------------------------------------------------------------ */

/* Gets more bytes behind the unread ones. */
static void read_more(struct lab_text_file *t)
{
    if (t->begin) {
        memmove(t->buffer, t->buffer + t->begin, t->end - t->begin);
        t->end -= t->begin;
        t->begin = 0;
    }
    char *buffer = lab_data_grow(t->path, t->buffer, &t->room, t->end + 1, 1, t->err);
    int got = -1;
    if (buffer) {
        t->buffer = buffer;
        got = lab_data_bytes(t->file, t->path, buffer + t->end, t->room - t->end - 1,
                             t->err);
        t->end += got > 0 ? (size_t)got : 0;
        buffer[t->end] = '\0';
    }
    t->ended = got <= 0;
    t->failed = got < 0;
}

char *lab_next_line(struct lab_text_file *t)
{
    for (size_t seen = 0; !t->failed;) {
        char *line = t->buffer + t->begin, *last = t->buffer + t->end;
        char *stop = memchr(line + seen, '\n', (size_t)(last - line) - seen);
        if (!stop && !t->ended) {
            seen = t->end - t->begin;
            read_more(t);
            continue;
        }
        if (!stop && line == last)
            break;
        t->begin = stop ? (size_t)(stop + 1 - t->buffer) : t->end;
        stop = stop ? stop : last;
        stop -= stop > line && stop[-1] == '\r';
        *stop = '\0';
        seen = 0;
        t->line++;
        if (strlen(line) < (size_t)(stop - line)) {
            lab_fail(t->err, "%s:%zu: a NUL byte: not a text file", t->path, t->line);
            t->failed = true;
            break;
        }
        char first = line[strspn(line, " \t")];
        if (first && first != '#')
            return line;
    }
    return NULL;
}

int lab_note_row(struct lab_text_file *t)
{
    size_t *row =
        lab_data_grow(t->path, t->row, &t->row_room, t->rows, sizeof *row, t->err);
    if (!row)
        return -1;
    t->row = row;
    row[t->rows++] = t->line;
    return 0;
}

/* ---- numbers ---------------------------------------------------------- */

const char *lab_read_number(const struct lab_text_file *t, const char *s, double *value)
{
    const char *digit = s + (*s == '+' || *s == '-');
    bool hexadecimal = digit[0] == '0' && (digit[1] == 'x' || digit[1] == 'X');
    if (isspace((unsigned char)*s) || hexadecimal)
        return NULL;
    char *end;
    *value = strtod_l(s, &end, t->c);
    return end > s ? end : NULL;
}

struct lab_quotation lab_quote(const char *s, size_t length)
{
    struct lab_quotation q = {""};
    size_t used = 0;
    for (size_t i = 0; i < length && i < 40; i++) {
        const bool printable = s[i] >= ' ' && s[i] <= '~';
        used += (size_t)snprintf(q.text + used, sizeof q.text - used,
                                 printable ? "%c" : "\\x%02x", (unsigned char)s[i]);
    }
    if (length > 40)
        snprintf(q.text + used, sizeof q.text - used, "...");
    return q;
}

/* ---- one number per line ---------------------------------------------- */

static int read_column(struct lab_text_file *t, const char *range, size_t count,
                       double *value)
{
    size_t got = 0;
    for (char *line; (line = lab_next_line(t)); got++) {
        const char *s = lab_skip_blanks(line, ' ');
        double number;
        const char *end = lab_read_number(t, s, &number);
        const bool whole = end && !*lab_skip_blanks(end, ' ');
        const struct lab_quotation quote = lab_quote(s, strlen(s));
        if (!whole)
            return lab_fail(t->err, "%s:%zu: '%s' is not one number", t->path, t->line,
                            quote.text);
        if (!lab_in_range(range, number))
            return lab_fail(t->err, "%s:%zu: %s is not in %s", t->path, t->line,
                            quote.text, range);
        if (got == count)
            return lab_fail(t->err, "%s:%zu: more than the %zu numbers needed", t->path,
                            t->line, count);
        value[got] = number;
    }
    if (!t->failed && got < count)
        return lab_fail(t->err, "%s:%zu: ends after %zu of the %zu numbers needed",
                        t->path, t->line ? t->line : 1, got, count);
    return t->failed ? -1 : 0;
}

static void open_text(struct lab_text_file *t)
{
    t->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    read_more(t);
    if (t->end >= 3 && memcmp(t->buffer, "\xef\xbb\xbf", 3) == 0)
        t->begin = 3; /* a byte order mark */
}

int lab_data_read_column(gzFile file, const char *path, const char *range, size_t count,
                         double *value, struct lab_error *err)
{
    struct lab_text_file t = {.file = file, .path = path, .err = err};
    open_text(&t);
    const int status = t.failed ? -1 : read_column(&t, range, count, value);
    free(t.buffer);
    freelocale(t.c);
    return status;
}

/* ---- which of the two ------------------------------------------------- */

/* LIBSVM, if the first line that has more than a label goes on with "index:". */
static bool is_libsvm(const struct lab_text_file *t)
{
    const char *line = t->buffer + t->begin;
    for (double label; *line; line += *line == '\n') {
        const char *s = lab_skip_blanks(line, ' ');
        const char *end = *s == '#' ? s : lab_read_number(t, s, &label);
        line += strcspn(line, "\n");
        if (!end && *s != '\n' && *s != '\r')
            return false;
        end = end ? lab_skip_blanks(end, ' ') : s;
        if (*end != '\n' && *end != '\r' && *end != '#' && *end) {
            size_t digits = strspn(end, "0123456789");
            return digits && end[digits] == ':';
        }
    }
    return false;
}

int lab_data_read_text(gzFile file, const char *path, const struct lab_data_spec *spec,
                       struct lab_data *data, size_t **line, struct lab_error *err)
{
    struct lab_text_file t = {.file = file, .path = path, .err = err};
    open_text(&t);
    int status = -1;
    if (!t.failed)
        status = (is_libsvm(&t) ? lab_read_libsvm : lab_read_csv)(&t, spec, data);
    *line = status ? NULL : t.row;
    if (status)
        free(t.row);
    free(t.buffer);
    freelocale(t.c);
    return status;
}
