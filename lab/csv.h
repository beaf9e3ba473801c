/*
 * lab/csv.h -- reads the result files: RFC 4180, one record at a time, whatever their
 * size.
 *
 * The first record names the columns.  Cells may be quoted, then with commas, doubled
 * quotes and line breaks inside; lines may end in \n or \r\n.  Anything else (a record
 * with too few or too many cells, a stray quote, an open quote, a NUL byte) is an error
 * that names file and line.
 */
#ifndef LAB_CSV_H
#define LAB_CSV_H

#include <stddef.h>
#include <stdio.h>

#include "lab/error.h"

struct lab_csv {
    FILE *in;
    char *path;
    size_t line; /**< where the current record starts, from 1 */
    size_t next; /**< where the next one does */
    size_t columns;
    char **name;  /**< of the columns */
    size_t *cell; /**< offsets in `text` */
    char *text;   /**< the current record, cells ended by NUL */
    size_t length, room, cells, cell_room;
};

/** Opens and reads the names of the columns; -1 and nothing to close on an error. */
int lab_csv_open(struct lab_csv *csv, const char *path, struct lab_error *err);
/** Next record: 1, or 0 at the end of the file, or -1. */
int lab_csv_next(struct lab_csv *csv, struct lab_error *err);
void lab_csv_close(struct lab_csv *csv);

/** Finds a column by name; -1 if there is none. */
int lab_csv_column(const struct lab_csv *csv, const char *name, size_t *column,
                   struct lab_error *err);
/** A cell of the current record, valid until the next one is read. */
const char *lab_csv_cell(const struct lab_csv *csv, size_t column);
/** The same as a number; "nan" and "inf" are numbers, "" and "1x" are errors. */
int lab_csv_number(const struct lab_csv *csv, size_t column, double *value,
                   struct lab_error *err);

#endif
