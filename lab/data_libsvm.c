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

struct entry {
    uint32_t row, index;
    double value;
};

struct libsvm {
    struct lab_text_file *text;
    struct entry *entry;
    double *label;
    size_t entries, entry_room, labels, label_room;
    uint32_t features; /* the largest index */
};

static int bad_entry(const struct lab_text_file *t, const char *s, const char *what)
{
    return lab_fail(t->err, "%s:%zu: '%s' %s", t->path, t->line,
                    lab_quote(s, strcspn(s, " \t")).text, what);
}

/* Reads "index:value" with index > last; returns its end, or NULL after lab_fail(). */
static const char *read_entry(const struct lab_text_file *t, const char *s, size_t last,
                              struct entry *entry)
{
    const char *wrong = NULL, *end = NULL;
    size_t digits = strspn(s, "0123456789");
    if (!digits || s[digits] != ':')
        wrong = "is not index:value";
    else if (digits > 10 || strtoull(s, NULL, 10) > UINT32_MAX)
        wrong = "has an index beyond 2^32 - 1";
    else if (!(end = lab_read_number(t, s + digits + 1, &entry->value)) ||
             (*end && *end != ' ' && *end != '\t'))
        wrong = "has a value that is not a number";
    else if (!isfinite(entry->value))
        wrong = "has a value that is not finite";
    else if ((entry->index = (uint32_t)strtoul(s, NULL, 10)) == 0)
        wrong = "has index 0; indices start at 1";
    else if (entry->index <= last)
        wrong = "has an index that is not above the one before it";
    if (wrong)
        bad_entry(t, s, wrong);
    return wrong ? NULL : end;
}

/* Appends one row "label index:value ...". */
static int read_entries(struct libsvm *c, char *line)
{
    struct lab_text_file *t = c->text;
    line[strcspn(line, "#")] = '\0';
    const char *s = lab_skip_blanks(line, ' ');
    double *label = lab_data_grow(t->path, c->label, &c->label_room, c->labels,
                                  sizeof *label, t->err);
    if (!label)
        return -1;
    c->label = label;
    const char *end = lab_read_number(t, s, &label[c->labels]);
    if (!end || !isfinite(label[c->labels]) || (*end && *end != ' ' && *end != '\t'))
        return bad_entry(t, s, "is not a label (a finite number)");
    if (c->labels == UINT32_MAX)
        return lab_fail(t->err, "%s: too many rows (at most 2^32 - 1)", t->path);
    for (uint32_t last = 0; *(s = lab_skip_blanks(end, ' '));) {
        struct entry *entry = lab_data_grow(t->path, c->entry, &c->entry_room, c->entries,
                                            sizeof *entry, t->err);
        if (!entry)
            return -1;
        c->entry = entry;
        entry += c->entries++;
        if (!(end = read_entry(t, s, last, entry)))
            return -1;
        entry->row = (uint32_t)c->labels;
        last = entry->index;
        c->features = last > c->features ? last : c->features;
    }
    c->labels++;
    return lab_note_row(t);
}

int lab_read_libsvm(struct lab_text_file *t, bool bias, struct lab_data *data)
{
    struct libsvm c = {.text = t};
    int status = 0;
    for (char *line; !status && (line = lab_next_line(t));)
        status = read_entries(&c, line);
    if (t->failed || !c.label)
        status = -1;
    if (!status)
        status = lab_data_shape(t->path, data, c.labels, c.features, bias, t->err);
    if (!status) {
        memcpy(data->b, c.label, c.labels * sizeof *c.label);
        for (const struct entry *e = c.entry; e < c.entry + c.entries; e++)
            data->A[e->row * data->stride + e->index - 1] = e->value;
    }
    free(c.label);
    free(c.entry);
    return status;
}
