/* lab/gnuplot.c -- see gnuplot.h */
#include "lab/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

unsigned lab_utf8_next(const char **text)
{
    static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)*text;
    if (!*s)
        return 0;
    *text += 1;
    if (*s < 0x80)
        return *s;
    unsigned more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : *s >= 0xc0 ? 1 : 0;
    unsigned code = *s & (0x3fU >> more);
    if (!more || *s > 0xf4)
        return '?';
    for (unsigned i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return '?';
        code = code << 6 | (s[i] & 0x3fU);
    }
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return '?';
    *text += more;
    return code;
}

/* Characters with no place in a figure: controls, direction marks, noncharacters (which
 * XML, and so SVG, does not allow). */
static bool is_dropped(unsigned c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0xfeff ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || (c >= 0xfdd0 && c <= 0xfdef) ||
           (c & 0xfffe) == 0xfffe;
}

static bool is_harmless(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr(" .,:;()+-=/_*?", c));
}

char *lab_text_clean(const char *text, size_t limit)
{
    char *clean = lab_text("%s%s", text, "..."), *to = clean;
    for (size_t written = 0;;) {
        const char *start = text;
        unsigned c = lab_utf8_next(&text);
        if (c == 0)
            break;
        if (c == '\n' || c == '\t' || c == '\r')
            start = " ";
        else if (c == '?')
            start = "?"; /* was it one, or a byte that is not UTF-8? */
        else if (is_dropped(c))
            continue;
        if (written++ == limit) {
            to = stpcpy(to, "...");
            break;
        }
        size_t bytes = *start == ' ' || *start == '?' ? 1 : (size_t)(text - start);
        memcpy(to, start, bytes);
        to += bytes;
    }
    *to = '\0';
    return clean;
}

void lab_gnuplot_quote(FILE *out, const char *text, size_t limit)
{
    char *clean = lab_text_clean(text, limit);
    fputc('"', out);
    for (const char *p = clean; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (is_harmless(c))
            fputc(c, out);
        else
            fprintf(out, "\\%03o", (unsigned)c);
    }
    fputc('"', out);
    free(clean);
}

/* Where its input comes from, where its output goes, and where it works. */
static int describe_files(posix_spawn_file_actions_t *actions, int input,
                          const char *folder, int output, int messages)
{
    int failed = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    if (!failed && output >= 0)
        failed = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (!failed && output < 0)
        failed = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null",
                                                  O_WRONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(actions, messages, STDERR_FILENO);
    if (!failed && folder)
        failed = posix_spawn_file_actions_addchdir_np(actions, folder);
    return failed;
}

/* Signals as a fresh process has them: lab ignores SIGPIPE, and may block others. */
static int describe_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    int failed = posix_spawnattr_setflags(attributes,
                                          POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (!failed)
        failed = posix_spawnattr_setsigdefault(attributes, &defaults);
    return failed ? failed : posix_spawnattr_setsigmask(attributes, &none);
}

/* 0 or an errno. */
static int spawn(pid_t *pid, int input, const char *folder, int output, int messages)
{
    char *const arguments[] = {(char[]){"gnuplot"}, (char[]){"-d"}, (char[]){"-"}, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = describe_files(&actions, input, folder, output, messages);
        if (!failed)
            failed = describe_signals(&attributes);
        if (!failed)
            failed =
                posix_spawnp(pid, "gnuplot", &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static bool is_past(const struct timespec *deadline)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > deadline->tv_sec ||
           (now.tv_sec == deadline->tv_sec && now.tv_nsec > deadline->tv_nsec);
}

/* Sends the script down the pipe, whose end does not block.  If gnuplot stops reading, it
 * has failed or hangs: lab_gnuplot_wait() finds out which. */
static void feed(int pipe_end, int script, const struct timespec *deadline)
{
    char text[16384];
    off_t at = 0;
    ssize_t have;
    while ((have = pread(script, text, sizeof text, at)) > 0)
        for (ssize_t sent = 0, n; sent < have; sent += n, at += n) {
            n = write(pipe_end, text + sent, (size_t)(have - sent));
            if (n >= 0)
                continue;
            struct pollfd room = {.fd = pipe_end, .events = POLLOUT};
            n = 0;
            if ((errno != EAGAIN && errno != EINTR) || is_past(deadline))
                return;
            poll(&room, 1, 1000);
        }
}

int lab_gnuplot_start(struct lab_gnuplot *process, int script, const char *folder,
                      int output, struct lab_error *err)
{
    int ends[2];
    process->messages = memfd_create("gnuplot-messages", MFD_CLOEXEC);
    if (process->messages < 0)
        return lab_fail(err, "cannot start gnuplot: %s", strerror(errno));
    clock_gettime(CLOCK_MONOTONIC, &process->deadline);
    process->deadline.tv_sec += LAB_GNUPLOT_SECONDS;
    if (pipe2(ends, O_CLOEXEC)) {
        close(process->messages);
        return lab_fail(err, "cannot start gnuplot: %s", strerror(errno));
    }
    int failed = spawn(&process->pid, ends[0], folder, output, process->messages);
    close(ends[0]);
    if (!failed && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
        feed(ends[1], script, &process->deadline);
    close(ends[1]);
    if (!failed)
        return 0;
    close(process->messages);
    /* EACCES: a folder of PATH that may not be searched, and gnuplot in none of the
     * others */
    if (failed == ENOENT || failed == EACCES || failed == ENOTDIR)
        return LAB_GNUPLOT_MISSING;
    return lab_fail(err, "cannot start gnuplot: %s", strerror(failed));
}

/* gnuplot echoes the command, marks the place, and only then says `line 3: what`. */
static void complain(int messages, struct lab_error *err)
{
    char text[4096];
    ssize_t n = pread(messages, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    char *start = strstr(text, "line ");
    if (!start)
        start = text;
    start += strspn(start, " \t\r\n");
    for (char *p = start; *p; p++)
        if ((unsigned char)*p < 0x20)
            *p = *p == '\n' || *p == '\r' ? '\0' : ' ';
    if (strstr(start, "ambiguous terminal type"))
        lab_fail(err, "this gnuplot cannot draw in that format (no such terminal): "
                      "`apt-get install gnuplot-nox` has svg, pngcairo and pdfcairo");
    else
        lab_fail(err, "gnuplot failed: %.300s", *start ? start : "without a message");
}

int lab_gnuplot_wait(struct lab_gnuplot *process, struct lab_error *err)
{
    int status = 0;
    bool killed = false;
    pid_t done;
    while ((done = waitpid(process->pid, &status, killed ? 0 : WNOHANG)) !=
           process->pid) {
        if (done < 0 && errno != EINTR)
            break;
        if (!killed && is_past(&process->deadline))
            killed = true, kill(process->pid, SIGKILL);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    if (done < 0)
        lab_fail(err, "cannot wait for gnuplot: %s", strerror(errno));
    else if (killed)
        lab_fail(err, "gnuplot did not finish within %d s", LAB_GNUPLOT_SECONDS);
    else if (WIFSIGNALED(status))
        lab_fail(err, "gnuplot was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else if (status != 0)
        complain(process->messages, err);
    close(process->messages);
    return done == process->pid && !killed && status == 0 ? 0 : -1;
}
