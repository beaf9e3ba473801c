/*
 * lab/data.h -- data sets: found, read, checked, prepared.  Rows a_i of a matrix, labels
 * b_i.
 *
 * A LIBSVM file stays sparse if it has more than a million entries, zeros included, of
 * which less than a quarter are not zero, and the problem takes sparse rows; all else is
 * stored dense.  Where the features are to be standardised, which fills in the zeros, up to
 * 32 million entries become dense; beyond, that is refused.  lab/rows.h hides the difference.
 */
#ifndef LAB_DATA_H
#define LAB_DATA_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lab/param.h"

/** How a problem wants its rows. */
enum lab_storage {
    LAB_DENSE,       /**< in a dense matrix, whatever the file has */
    LAB_ANY_STORAGE, /**< by the rule above */
    LAB_SPARSE,      /**< a LIBSVM file stays sparse whatever its size */
};

/** Options shared by every problem on data; put `struct lab_data_spec data` first. */
struct lab_data_spec {
    const char *data;         /**< shipped name, path of a file, "synthetic" */
    const char *normalize;    /**< "standardize", "scale", "unit_rows", "none" */
    bool bias;                /**< append a constant-1 column */
    double max_row_norm;      /**< then divide all rows by one number so that
                                   max ‖a_i‖ is this; NAN: do not */
    double positive;          /**< this label becomes +1, every other -1; NAN: as they
                                   are */
    size_t n, d;              /**< synthetic only: rows; columns with the bias */
    size_t classes;           /**< synthetic classes only; 0: 3 */
    size_t data_seed;         /**< synthetic only */
    enum lab_storage storage; /**< no option: set by the problem */
};

/* clang-format off */
#define LAB_DATA_TEXT(field, text, range, help) \
    {#field, LAB_TEXT, offsetof(struct lab_data_spec, field), LAB_UNSET, text, range, \
     help}
#define LAB_DATA_NUMBER(field, fallback, range, help) \
    {#field, LAB_TYPE_OF(((struct lab_data_spec *)0)->field), \
     offsetof(struct lab_data_spec, field), fallback, NULL, range, help}

/** The option rows that all problems on data share; the spec opens their own struct. */
#define LAB_DATA_PARAMS(default_data) \
    LAB_DATA_TEXT(data, default_data, NULL, \
                    "shipped data set, file, or \"synthetic\""), \
    LAB_DATA_TEXT(normalize, "standardize", "standardize|scale|unit_rows|none", \
                    "preparation of the features"), \
    LAB_DATA_NUMBER(bias, true, NULL, "append a constant column"), \
    LAB_DATA_NUMBER(max_row_norm, LAB_UNSET, "(0,inf)", \
                      "divide all rows by one number so that max ‖a_i‖ is this"), \
    LAB_DATA_NUMBER(positive, LAB_UNSET, "(-inf,inf)", \
                      "this label becomes +1, all others -1; not of classes, counts"), \
    LAB_DATA_NUMBER(n, 0, "[0,4294967295]", "synthetic: data points; 0: 1000"), \
    LAB_DATA_NUMBER(d, 0, "[0,inf)", \
                      "synthetic: columns, the constant one included; 0: 20"), \
    LAB_DATA_NUMBER(data_seed, 1, "[0,inf)", "synthetic: seed of the data")
/* clang-format on */

enum lab_labels {
    LAB_LABELS_BINARY,  /**< exactly two values, mapped to -1 (the lesser) and +1 */
    LAB_LABELS_REAL,    /**< any numbers */
    LAB_LABELS_CLASSES, /**< K >= 2 integers, mapped to 0..K-1 in ascending order */
    LAB_LABELS_COUNTS,  /**< 0, 1, 2, ... */
};

enum { LAB_MOST_CLASSES = 1000 };

/** How synthetic labels follow from the planted prediction z = <a, w>, w ~ N(0, I/d). */
enum lab_planted {
    LAB_PLANTED_LOGISTIC, /**< +1 with probability 1/(1+exp(-z*4)), else -1 */
    LAB_PLANTED_GAUSSIAN, /**< z + 0.5 N(0,1) */
    LAB_PLANTED_LAPLACE,  /**< z + 0.5 Laplace(1) */
    LAB_PLANTED_CLASSES, /**< k with probability proportional to exp(4 z_k), one w per k */
    LAB_PLANTED_COUNTS,  /**< Poisson with mean exp(z/2) */
};

struct lab_data {
    size_t n, d;
    size_t stride;     /**< dense: row i starts at A + i*stride; stride >= d, a multiple
                            of 8, zero filled */
    double *A;         /**< dense: 64-byte aligned; NULL: sparse */
    size_t *row_start; /**< sparse: row i is value[k] in column[k], ascending, for */
    uint32_t *column;  /**< row_start[i] <= k < row_start[i+1] */
    double *value;
    double *b;      /**< n labels */
    size_t classes; /**< K where labels are classes, else 0; synthetic data may lack
                         some */
    char *name;     /**< "breast_cancer", "synthetic", "file.csv" */
};

/**
 * The data set, prepared as specified.  Equal specs share one copy (reference counted).
 * NULL after lab_fail(): not found (with the nearest shipped name and the paths tried),
 * unreadable, malformed ("file.csv:17: ..."), label outside the expected set,
 * Debian package missing (named), options that do not fit together.
 */
const struct lab_data *lab_data_open(const struct lab_data_spec *spec,
                                     enum lab_labels labels, enum lab_planted planted,
                                     struct lab_error *err);
void lab_data_close(const struct lab_data *data);

/** Tells lab_data_open() which folder, besides the working folder, relative paths may
 *  start from (that of the config being read); copied; NULL: none. */
void lab_data_base(const char *folder);

/** The numbers of a text file, gzipped or not: `count` lines with one number in `range` each;
 *  blank lines and those that begin with # do not count.  The path is looked up like that of a data
 *  file.  free() it; NULL after lab_fail() with "path:line: ...". */
double *lab_data_column(const char *name, const char *range, size_t count,
                        struct lab_error *err);

/** One shipped data set (or known package), for `lab list data` and `lab show NAME`. */
struct lab_data_card {
    char *name, *title, *task, *source, *licence, *where;
    size_t n, d;
    bool present; /**< false: its Debian package is not installed */
};
/** All of them, sorted by name; *count of them; lab_data_cards_free() them. */
struct lab_data_card *lab_data_cards(size_t *count);
void lab_data_cards_free(struct lab_data_card *cards, size_t count);

#endif
