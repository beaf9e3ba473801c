/*
 * lab/data_parts.h -- what lab/data.c is made of: finding, reading, preparing.
 * Only the files lab/data*.c include it.
 */
#ifndef LAB_DATA_PARTS_H
#define LAB_DATA_PARTS_H

#include <zlib.h>

#include "lab/data.h"

/* ---- finding (data_find.c) -------------------------------------------- */

/** Where a data set is. */
struct lab_data_place {
    char *name;   /**< "breast_cancer", "file.csv" */
    char *path;   /**< of the file to read */
    char *labels; /**< of the labels of IDX images, where a sidecar names it; or NULL */
};

/** Finds a shipped name or a path.  0, or lab_fail() with what was looked at. */
int lab_data_find(const char *data, struct lab_data_place *place, struct lab_error *err);
void lab_data_place_free(struct lab_data_place *place);

/* ---- reading (data_read.c, data_text.c) ------------------------------- */

/**
 * Reads a data file, gzipped or not: IDX images, LIBSVM or CSV, told apart by their
 * content.  Fills n, d, b, and stride and A or, where the spec lets it, the sparse rows;
 * with `bias` the last entry of every row is a zero left for it.  *line: the number of
 * each row's line, for messages, or NULL (IDX); free() it.
 * 0, or lab_fail() with "path: ..." or "path:line: ..." and nothing allocated.
 */
int lab_data_read(const struct lab_data_place *place, const struct lab_data_spec *spec,
                  struct lab_data *data, size_t **line, struct lab_error *err);

/** The same for a text file that is open already. */
int lab_data_read_text(gzFile file, const char *path, const struct lab_data_spec *spec,
                       struct lab_data *data, size_t **line, struct lab_error *err);

/** Sets n, d = features + bias and stride, and allocates A and b, zeroed.  -1 with
 * numbers if that takes more than half of the machine's memory.  `path` is for the
 * message. */
int lab_data_shape(const char *path, struct lab_data *data, size_t n, size_t features,
                   bool bias, struct lab_error *err);

/** -1 with numbers if vectors of d columns or n rows, as sparse rows need a few, take more
 *  than half of the machine's memory. */
int lab_data_check_sparse(const char *path, size_t n, double columns,
                          struct lab_error *err);

/** The same file as a column: fills `count` numbers in `range`, one per line.  0, or lab_fail()
 *  with "path:line: ...". */
int lab_data_read_column(gzFile file, const char *path, const char *range, size_t count,
                         double *value, struct lab_error *err);

/** Makes room for item `count` of an array that grows by doubling; returns it, perhaps
 *  moved, or NULL (and the old one stays) if it would take more than half of the memory.
 */
void *lab_data_grow(const char *path, void *array, size_t *room, size_t count,
                    size_t size, struct lab_error *err);

/** gzread(), with a damaged or truncated file as an error: bytes read, 0 at the end, -1.
 */
int lab_data_bytes(gzFile file, const char *path, void *out, size_t count,
                   struct lab_error *err);

/* ---- preparing (data_labels.c, data_prepare.c) ------------------------ */

/** Where rows are from, for messages. */
struct lab_data_origin {
    const char *path;   /**< of the file; or NULL */
    const size_t *line; /**< of each row; or NULL */
};

/** Labels as the spec and `labels` have them, in place.  -1 after lab_fail() with
 *  "path:line: ..." of the first label that does not fit, or "name: ...". */
int lab_data_label(const struct lab_data_spec *spec, enum lab_labels labels,
                   const struct lab_data_origin *origin, struct lab_data *data,
                   struct lab_error *err);

/** Features, then bias and row norm as the spec has them, in place. */
int lab_data_prepare(const struct lab_data_spec *spec, struct lab_data *data,
                     struct lab_error *err);

#endif
