/* lab/output.c -- see output.h */
#include "lab/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void forget(struct lab_output *out)
{
    free(out->path), free(out->temporary);
    *out = (struct lab_output){0};
}

void lab_output_discard(struct lab_output *out)
{
    if (out->file)
        fclose(out->file);
    if (out->temporary)
        unlink(out->temporary);
    forget(out);
}

/* Without a trace, with the reason. */
static int give_up(struct lab_output *out, int cause, struct lab_error *err)
{
    lab_fail(err, "cannot write %s: %s", out->path, strerror(cause ? cause : EIO));
    lab_output_discard(out);
    return -1;
}

int lab_output_open(struct lab_output *out, const char *dir, const char *name,
                    struct lab_error *err)
{
    *out = (struct lab_output){
        .path = lab_text("%s/%s", dir, name),
        .temporary = lab_text("%s/.%s.%ld.tmp", dir, name, (long)getpid()),
    };
    out->file = fopen(out->temporary, "wxe");
    if (out->file)
        return 0;
    lab_fail(err, "cannot write %s: %s", out->path, strerror(errno));
    forget(out);
    return -1;
}

int lab_output_close(struct lab_output *out, struct lab_error *err)
{
    errno = 0;
    bool good =
        fflush(out->file) == 0 && !ferror(out->file) && fsync(fileno(out->file)) == 0;
    int cause = errno;
    good = fclose(out->file) == 0 && good;
    cause = cause ? cause : errno;
    out->file = NULL;
    return good ? 0 : give_up(out, cause, err);
}

int lab_output_publish(struct lab_output *out, struct lab_error *err)
{
    if (rename(out->temporary, out->path))
        return give_up(out, errno, err);
    forget(out);
    return 0;
}

int lab_output_commit(struct lab_output *out, struct lab_error *err)
{
    return lab_output_close(out, err) || lab_output_publish(out, err) ? -1 : 0;
}

void lab_output_sweep(const char *dir)
{
    DIR *folder = opendir(dir);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        const char *name = entry->d_name;
        const size_t length = strlen(name);
        if (name[0] == '.' && length > 5 && strcmp(name + length - 4, ".tmp") == 0)
            unlinkat(dirfd(folder), name, 0);
    }
    if (folder)
        closedir(folder);
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
