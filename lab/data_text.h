/*
 * lab/data_text.h -- lines and numbers of a text file, for the readers of CSV and LIBSVM.
 * Only the files lab/data*.c include it.
 */
#ifndef LAB_DATA_TEXT_H
#define LAB_DATA_TEXT_H

#include <locale.h>

#include "lab/data_parts.h"

struct lab_text_file {
    gzFile file;
    const char *path;
    struct lab_error *err;
    char *buffer; /**< bytes begin..end-1 are unread, and a NUL has room behind */
    size_t begin, end, room;
    size_t line; /**< number of the current line */
    size_t *row; /**< numbers of the lines that were rows of data */
    size_t rows, row_room;
    bool ended, failed;
    locale_t c; /**< 1.5 is 1.5 whatever LC_NUMERIC is */
};

/** The next line that is not blank and does not start with #, without its end, valid
 *  until the next call; NULL at the end of the file or if t->failed. */
char *lab_next_line(struct lab_text_file *t);

/** Notes that the current line is a row.  0, or lab_fail(): no memory. */
int lab_note_row(struct lab_text_file *t);

/** Behind spaces, and behind tabs unless those separate. */
static inline const char *lab_skip_blanks(const char *s, char separator)
{
    while (*s == ' ' || (*s == '\t' && separator != '\t'))
        s++;
    return s;
}

/** Reads a decimal number that starts at s, also "nan" and "inf"; its end, or NULL. */
const char *lab_read_number(const struct lab_text_file *t, const char *s, double *value);

/** Text from the file for a message: at most 40 bytes, only printable ones. */
struct lab_quotation {
    char text[4 * 40 + 4];
};
struct lab_quotation lab_quote(const char *s, size_t length);

/* The two formats, from the first line on. */
int lab_read_csv(struct lab_text_file *t, const struct lab_data_spec *spec,
                 struct lab_data *data);
int lab_read_libsvm(struct lab_text_file *t, const struct lab_data_spec *spec,
                    struct lab_data *data);

#endif
