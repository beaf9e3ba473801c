/*
 * lab/data_read.c -- see data_parts.h.  Opening with distrust, memory, IDX.
 *
 * IDX (Y. LeCun, http://yann.lecun.com/exdb/mnist): two zero bytes, the type of the
 * numbers, how many sizes follow; then the sizes (32 bits, big-endian) and the numbers.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/data_parts.h"

enum { IDX_BYTES = 8, IDX_MOST_SIZES = 8, CHUNK = 1 << 18 };

/* ---- memory ----------------------------------------------------------- */

/* Half of the memory, in bytes. */
static double memory_limit(void)
{
    return 0.5 * (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

int lab_data_shape(const char *path, struct lab_data *data, size_t n, size_t features,
                   bool bias, struct lab_error *err)
{
    const double columns = (double)features + bias, limit = memory_limit();
    if (n > UINT32_MAX)
        return lab_fail(err, "%s: %zu rows are too many (at most 2^32 - 1)", path, n);
    if (8.0 * (double)n * (columns + 7.0) > limit)
        return lab_fail(
            err,
            "%s: %zu rows x %.0f columns take %.1f GB as a dense matrix, more "
            "than half of the %.1f GB of memory",
            path, n, columns, 8e-9 * (double)n * columns, 2e-9 * limit);
    data->n = n;
    data->d = features + bias;
    data->stride = (data->d + 7) / 8 * 8;
    data->A = lab_alloc(n * data->stride, sizeof *data->A);
    data->b = lab_alloc(n, sizeof *data->b);
    return 0;
}

int lab_data_check_sparse(const char *path, size_t n, double columns,
                          struct lab_error *err)
{
    const double vectors = 16.0, limit = memory_limit();
    if (8.0 * vectors * (columns + (double)n) > limit)
        return lab_fail(err,
                        "%s: %zu rows, %.0f columns: vectors that long take more than "
                        "half of the %.1f GB of memory",
                        path, n, columns, 2e-9 * limit);
    return 0;
}

void *lab_data_grow(const char *path, void *array, size_t *room, size_t count,
                    size_t size, struct lab_error *err)
{
    if (count < *room)
        return array;
    size_t more = *room ? 2 * *room : CHUNK / size;
    if ((double)more * (double)size > memory_limit()) {
        lab_fail(err, "%s: takes more than half of the %.1f GB of memory", path,
                 2e-9 * memory_limit());
        return NULL;
    }
    *room = more;
    return lab_realloc(array, more, size);
}

/* ---- opening ---------------------------------------------------------- */

static gzFile open_file(const char *path, struct lab_error *err)
{
    /* Without O_NONBLOCK, opening a FIFO waits for a writer. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat about;
    gzFile file = NULL;
    if (fd < 0 || fstat(fd, &about))
        lab_fail(err, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(about.st_mode))
        lab_fail(err, "%s: not a regular file", path);
    else if (!(file = gzdopen(fd, "rb")))
        lab_fail(err, "%s: cannot be opened", path);
    if (file)
        gzbuffer(file, CHUNK);
    else if (fd >= 0)
        close(fd);
    return file;
}

/* A truncated gzip file gives what it has, and only gzerror() tells. */
int lab_data_bytes(gzFile file, const char *path, void *out, size_t count,
                   struct lab_error *err)
{
    int status, got = gzread(file, out, (unsigned)(count < CHUNK ? count : CHUNK));
    const char *text = gzerror(file, &status);
    if (status == Z_OK && got >= 0)
        return got;
    if (status == Z_ERRNO)
        return lab_fail(err, "%s: %s", path, strerror(errno));
    const char *reason = strrchr(text, ':'); /* "<fd:3>: incorrect data check" */
    return lab_fail(err, "%s: damaged gzip file (%s)", path,
                    reason ? reason + 1 + strspn(reason + 1, " ") : text);
}

/* ---- IDX -------------------------------------------------------------- */

struct idx {
    size_t count, width; /* the first size; the product of the others */
    unsigned char *byte; /* count x width, owned */
};

/* Reads exactly `count` bytes.  Memory grows only as they arrive: the sizes in a damaged
 * file may say anything. */
static unsigned char *read_exactly(gzFile file, const char *path, size_t count,
                                   struct lab_error *err)
{
    unsigned char *byte = NULL;
    for (size_t have = 0, room = 0; have < count;) {
        unsigned char *more = lab_data_grow(path, byte, &room, have, 1, err);
        size_t want = (room < count ? room : count) - have;
        int got = more ? lab_data_bytes(file, path, more + have, want, err) : -1;
        if (got == 0)
            lab_fail(err, "%s: ends after %zu of %zu bytes", path, have, count);
        byte = more ? more : byte;
        if (got <= 0) {
            free(byte);
            return NULL;
        }
        have += (size_t)got;
    }
    return byte;
}

/* The sizes, up to 2^32 - 1 each; -1 if one is 0 or their product overflows. */
static int multiply_sizes(const unsigned char *big_endian, size_t sizes, struct idx *idx,
                          size_t *total)
{
    *total = idx->width = 1;
    for (size_t i = 0; i < sizes; i++) {
        const unsigned char *s = big_endian + 4 * i;
        size_t size = (size_t)s[0] << 24 | (size_t)s[1] << 16 | (size_t)s[2] << 8 | s[3];
        if (size == 0 || __builtin_mul_overflow(*total, size, total))
            return -1;
        if (i == 0)
            idx->count = size;
        else
            idx->width *= size;
    }
    return 0;
}

static int read_open_idx(gzFile file, const char *path, struct idx *idx,
                         struct lab_error *err)
{
    unsigned char head[4] = {1};
    size_t total;
    if (lab_data_bytes(file, path, head, sizeof head, err) < 0)
        return -1;
    if (head[0] || head[1] || head[3] < 1 || head[3] > IDX_MOST_SIZES)
        return lab_fail(err, "%s: not an IDX file", path);
    if (head[2] != IDX_BYTES)
        return lab_fail(err, "%s: IDX numbers of type 0x%02x; only bytes (0x08) are read",
                        path, (unsigned)head[2]);
    unsigned char *sizes = read_exactly(file, path, 4 * (size_t)head[3], err);
    if (!sizes)
        return -1;
    int status = multiply_sizes(sizes, head[3], idx, &total);
    free(sizes);
    if (status)
        return lab_fail(err, "%s: sizes in its head make no sense", path);
    idx->byte = read_exactly(file, path, total, err);
    return idx->byte ? 0 : -1;
}

static int read_idx(const char *path, struct idx *idx, struct lab_error *err)
{
    gzFile file = open_file(path, err);
    if (!file)
        return -1;
    int status = read_open_idx(file, path, idx, err);
    gzclose(file);
    return status;
}

/* "train-images-idx3-ubyte.gz" -> "train-labels-idx1-ubyte.gz", or NULL. */
static char *labels_beside(const char *images)
{
    const char *slash = strrchr(images, '/'),
               *at = strstr(slash ? slash : images, "images");
    if (!at)
        return NULL;
    char *path = lab_text("%.*slabels%s", (int)(at - images), images, at + 6);
    char *sizes = strstr(path + (at - images), "idx3");
    if (sizes)
        sizes[3] = '1';
    return path;
}

static int combine(const char *path, const struct idx *images, const char *labels_path,
                   const struct idx *labels, bool bias, struct lab_data *data,
                   struct lab_error *err)
{
    if (labels->width != 1 || labels->count != images->count)
        return lab_fail(err, "%s: %zu x %zu labels, but %s has %zu images", labels_path,
                        labels->count, labels->width, path, images->count);
    if (lab_data_shape(path, data, images->count, images->width, bias, err))
        return -1;
    for (size_t i = 0; i < data->n; i++) {
        data->b[i] = labels->byte[i];
        for (size_t j = 0; j < images->width; j++)
            data->A[i * data->stride + j] = images->byte[i * images->width + j];
    }
    return 0;
}

static int read_images(const struct lab_data_place *place, bool bias,
                       struct lab_data *data, struct lab_error *err)
{
    char *path =
        place->labels ? lab_text("%s", place->labels) : labels_beside(place->path);
    if (!path)
        return lab_fail(err, "%s: IDX; without 'images' in its name there are no labels",
                        place->path);
    struct idx images = {.byte = NULL}, labels = {.byte = NULL};
    int status = -1;
    if (!read_idx(path, &labels, err) && !read_idx(place->path, &images, err) &&
        labels.byte && images.byte)
        status = combine(place->path, &images, path, &labels, bias, data, err);
    free(images.byte);
    free(labels.byte);
    free(path);
    return status;
}

int lab_data_read(const struct lab_data_place *place, const struct lab_data_spec *spec,
                  struct lab_data *data, size_t **line, struct lab_error *err)
{
    const char *path = place->path;
    *line = NULL;
    gzFile file = open_file(path, err);
    if (!file)
        return -1;
    unsigned char head[4];
    int got = lab_data_bytes(file, path, head, sizeof head, err);
    if (got == 0)
        got = lab_fail(err, "%s: empty", path);
    bool idx = got == sizeof head && !head[0] && !head[1];
    int status = got < 0 ? -1 : 0;
    if (!status && !idx && gzrewind(file))
        status = lab_fail(err, "%s: cannot be read again", path);
    if (!status && !idx)
        status = lab_data_read_text(file, path, spec, data, line, err);
    gzclose(file);
    return status || !idx ? status : read_images(place, spec->bias, data, err);
}

double *lab_data_column(const char *name, const char *range, size_t count,
                        struct lab_error *err)
{
    struct lab_data_place place;
    if (lab_data_find(name, &place, err))
        return NULL;
    gzFile file = open_file(place.path, err);
    double *value = file ? lab_alloc(count, sizeof *value) : NULL;
    if (file && lab_data_read_column(file, place.path, range, count, value, err)) {
        free(value);
        value = NULL;
    }
    if (file)
        gzclose(file);
    lab_data_place_free(&place);
    return value;
}
