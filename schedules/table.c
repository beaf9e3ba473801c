/*
 * schedules/table.c -- learning rates from a file: line t has eta_t.
 *
 * Blank lines and lines that begin with # do not count.  There must be as many numbers as steps;
 * behind a warm-up of W steps, T-W of them.
 */
#include <stdlib.h>

#include "lab/plugin.h"

struct table {
    const char *file;
    double *eta; /* T numbers */
};

static const struct lab_param params[] = {
    LAB_PARAM_TEXT(struct table, file, NULL, NULL,
                   "path, also seen from the config's folder; perhaps gzipped; required"),
    LAB_PARAM_END,
};

static int open_table(void *self, size_t T, struct lab_error *err)
{
    struct table *c = self;
    if (!c->file)
        return lab_fail(err, "file is missing: a path, like file = \"./eta.txt\"");
    c->eta = lab_data_column(c->file, "[0,inf)", T, err);
    return c->eta ? 0 : -1;
}

static void close_table(void *self)
{
    struct table *c = self;
    free(c->eta);
    c->eta = NULL;
}

static double eta(const void *self, size_t t, size_t T)
{
    const struct table *c = self;
    (void)T;
    return c->eta[t - 1];
}

LAB_SCHEDULE(table) = {
    .base = {.summary = "learning rates from a file, one number per line",
             .formula = "eta_t = number t of the file; it must have T of them\n"
                        "(T - warmup); blank lines and # comments do not count",
             .reference = "the file",
             .params = params,
             .size = sizeof(struct table)},
    .open = open_table,
    .close = close_table,
    .eta = eta,
};
