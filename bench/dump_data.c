/*
 * bench/dump_data.c -- writes the lab's synthetic logistic data as raw doubles, so that
 * other programs can be timed on the very same numbers.
 *
 *     dump_data n d FILE.bin
 */
#include <stdio.h>
#include <stdlib.h>

#include "lab/data.h"

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const struct lab_data_spec spec = {.data = "synthetic",
                                       .normalize = "standardize",
                                       .bias = true,
                                       .max_row_norm = LAB_UNSET,
                                       .positive = LAB_UNSET,
                                       .n = strtoul(argv[1], NULL, 10),
                                       .d = strtoul(argv[2], NULL, 10),
                                       .data_seed = 1};
    struct lab_error err = {""};
    const struct lab_data *data =
        lab_data_open(&spec, LAB_LABELS_BINARY, LAB_PLANTED_LOGISTIC, &err);
    FILE *out = data ? fopen(argv[3], "wb") : NULL;
    if (!out) {
        fprintf(stderr, "%s\n", data ? argv[3] : err.text);
        return 1;
    }
    for (size_t i = 0; i < data->n; i++)
        fwrite(data->A + i * data->stride, sizeof *data->A, data->d, out);
    fwrite(data->b, sizeof *data->b, data->n, out);
    int failed = fclose(out);
    lab_data_close(data);
    return failed != 0;
}
