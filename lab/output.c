/* lab/output.c -- see output.h */
#include "lab/output.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void discard(struct lab_output *out)
{
    if (out->file)
        fclose(out->file);
    free(out->path), free(out->temporary);
    *out = (struct lab_output){0};
}

int lab_output_open(struct lab_output *out, const char *dir, const char *name,
                    struct lab_error *err)
{
    out->path = lab_text("%s/%s", dir, name);
    out->temporary = lab_text("%s/.%s.%ld.tmp", dir, name, (long)getpid());
    out->file = fopen(out->temporary, "wxe");
    if (!out->file) {
        lab_fail(err, "cannot write %s: %s", out->path, strerror(errno));
        discard(out);
        return -1;
    }
    return 0;
}

int lab_output_commit(struct lab_output *out, struct lab_error *err)
{
    errno = 0;
    bool good = fflush(out->file) == 0 && !ferror(out->file) && fsync(fileno(out->file)) == 0;
    int cause = errno;
    good = fclose(out->file) == 0 && good;
    cause = cause ? cause : errno;
    out->file = NULL;
    if (good && rename(out->temporary, out->path)) {
        cause = errno;
        good = false;
    }
    if (!good) {
        unlink(out->temporary);
        lab_fail(err, "cannot write %s: %s", out->path, strerror(cause ? cause : EIO));
    }
    discard(out);
    return good ? 0 : -1;
}

int lab_output_folder(const char *path, struct lab_error *err)
{
    char *part = strdup(path);
    int failed = 0;
    for (char *slash = part + 1; !failed; slash++) {
        slash = strchr(slash, '/');
        if (slash)
            *slash = '\0';
        if (mkdir(part, 0777) && errno != EEXIST)
            failed = lab_fail(err, "cannot make folder %s: %s", part, strerror(errno));
        if (!slash)
            break;
        *slash = '/';
    }
    struct stat info;
    if (!failed && (stat(path, &info) || !S_ISDIR(info.st_mode)))
        failed = lab_fail(err, "%s is not a folder", path);
    free(part);
    return failed;
}

int lab_output_lock(const char *dir, struct lab_error *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return lab_fail(err, "cannot open folder %s: %s", dir, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) {
        close(fd);
        return lab_fail(err, "%s is being written by another lab", dir);
    }
    return fd;
}

void lab_output_sync(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

void lab_put_text(FILE *out, const char *text)
{
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', out);
        putc(*text, out);
    }
    putc('"', out);
}

void lab_put_number(FILE *out, double value)
{
    if (isnan(value))
        fputs("nan", out);
    else if (isinf(value))
        fputs(value > 0.0 ? "inf" : "-inf", out);
    else
        fprintf(out, "%.17g", value);
}
