/* lab/source.c -- see source.h */
#include "lab/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Up to `limit` + 1 bytes: a file may grow, and those in /proc claim to be empty. */
static int read_all(int fd, size_t limit, struct lab_source *source,
                    struct lab_error *err)
{
    for (;;) {
        ssize_t got = read(fd, source->text + source->length, limit + 1 - source->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return lab_fail(err, "%s", strerror(errno));
        source->length += (size_t)got;
        if (source->length > limit)
            return lab_fail(err, "is too large (1 MiB in all is the limit)");
        if (got == 0)
            break;
    }
    source->text[source->length] = '\0';
    return 0;
}

static int read_open(int fd, size_t limit, struct lab_source *source,
                     struct lab_error *err)
{
    struct stat info;
    if (fstat(fd, &info) < 0)
        return lab_fail(err, "%s", strerror(errno));
    if (S_ISDIR(info.st_mode))
        return lab_fail(err, "is a directory, not a config file");
    if (!S_ISREG(info.st_mode))
        return lab_fail(err, "is not a regular file");
    if ((unsigned long long)info.st_size > limit)
        return lab_fail(err, "is too large (1 MiB in all is the limit)");
    source->device = info.st_dev, source->inode = info.st_ino;
    source->text = lab_alloc(limit + 2, 1);
    return read_all(fd, limit, source, err);
}

int lab_source_read(const char *path, size_t limit, struct lab_source *source,
                    struct lab_error *err)
{
    *source = (struct lab_source){0};
    /* O_NONBLOCK: a FIFO nobody writes to opens at once, and is then refused */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return lab_fail(err, "%s", strerror(errno));
    int status = read_open(fd, limit, source, err);
    close(fd);
    if (status < 0) {
        free(source->text);
        *source = (struct lab_source){0};
    }
    return status;
}

char *lab_source_beside(const char *from, const char *name)
{
    const char *slash = strrchr(from, '/');
    if (!slash || name[0] == '/')
        return lab_text("%s", name);
    return lab_text("%.*s/%s", (int)(slash - from), from, name);
}

static int is_config(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && dot != entry->d_name && strcmp(dot, ".cfg") == 0;
}

char *lab_source_similar(const char *path)
{
    char *with_suffix = lab_text("%s.cfg", path);
    if (path[0] && access(with_suffix, R_OK) == 0)
        return with_suffix;
    free(with_suffix);

    const char *slash = strrchr(path, '/');
    char *folder = lab_source_beside(path, slash ? "" : ".");
    struct dirent **entry;
    int count = scandir(folder, &entry, is_config, alphasort);
    free(folder);
    if (count < 0)
        return NULL;
    const char **names = lab_alloc((size_t)count + 1, sizeof *names);
    for (int i = 0; i < count; i++)
        names[i] = entry[i]->d_name;
    const char *nearest = lab_nearest(slash ? slash + 1 : path, names);
    char *similar = nearest ? lab_source_beside(path, nearest) : NULL;
    for (int i = 0; i < count; i++)
        free(entry[i]);
    free(entry), free(names);
    return similar;
}

/* The length of the character at `s`, of which `left` bytes are there; 0 if it is none.
 */
static size_t utf8_length(const unsigned char *s, size_t left)
{
    if (s[0] < 0x80)
        return s[0] != 0;
    size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xED && s[1] > 0x9F;
    bool beyond = s[0] == 0xF4 && s[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

size_t lab_utf8_prefix(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t at = 0;
    while (at < length) {
        size_t step = utf8_length(s + at, length - at);
        if (!step)
            break;
        at += step;
    }
    return at;
}
