/* lab/error.c -- see error.h */
#include "lab/error.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static char *format_text(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        LAB_BUG("cannot format %s", format);
    char *text = lab_realloc(NULL, (size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

int lab_fail(struct lab_error *err, const char *format, ...)
{
    if (err && err->text[0] == '\0') {
        va_list args;
        va_start(args, format);
        vsnprintf(err->text, sizeof err->text, format, args);
        lab_mend_end(err->text);
        va_end(args);
    }
    return -1;
}

void lab_mistake(struct lab_mistakes *list, const char *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = format_text(format, args);
    va_end(args);
    char *line = where ? lab_text("%s: %s", where, message) : lab_text("%s", message);
    free(message);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->line[i], line) == 0) {
            free(line);
            return;
        }
    list->line = lab_realloc(list->line, list->count + 1, sizeof *list->line);
    list->line[list->count++] = line;
}

void lab_mistakes_free(struct lab_mistakes *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->line[i]);
    free(list->line);
    *list = (struct lab_mistakes){0};
}

static _Noreturn void no_memory(size_t count, size_t size)
{
    fprintf(stderr, "lab: no memory for %zu x %zu bytes\n", count, size);
    exit(EXIT_FAILURE);
}

void *lab_alloc(size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - ALIGNMENT) / size)
        no_memory(count, size);
    size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!bytes)
        bytes = ALIGNMENT;
    void *memory = aligned_alloc(ALIGNMENT, bytes);
    if (!memory)
        no_memory(count, size);
    return memset(memory, 0, bytes);
}

void *lab_realloc(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        no_memory(count, size);
    void *memory = realloc(old, count && size ? count * size : 1);
    if (!memory)
        no_memory(count, size);
    return memory;
}

char *lab_text(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_text(format, args);
    va_end(args);
    return text;
}

void lab_mend_end(char *text)
{
    size_t end = strlen(text), start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--; /* continuation bytes */
    if (start == 0)
        return;
    const unsigned char first = (unsigned char)text[start - 1];
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (end - (start - 1) < length)
        text[start - 1] = '\0';
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, changes and swaps of neighbours from a to b (optimal string
 * alignment), for words shorter than 64 characters. */
static size_t distance(const char *a, const char *b)
{
    size_t row[3][64] = {{0}}, m = strlen(a), n = strlen(b);
    if (n >= 64 || m >= 64)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3], *older = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            now[j] = least_of(last[j - 1] + (a[i - 1] != b[j - 1]),
                              1 + least_of(last[j], now[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least_of(now[j], older[j - 2] + 1);
        }
    }
    return row[m % 3][n];
}

const char *lab_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL, *begun = NULL;
    const size_t length = strlen(word);
    size_t least = length < 4 ? 2 : length < 9 ? 3 : 4; /* as far is no suggestion */
    for (; *names; names++) {
        size_t far = distance(word, *names);
        if (far < least)
            least = far, nearest = *names;
        if (!begun && length >= 3 && strncmp(word, *names, length) == 0)
            begun = *names;
    }
    return nearest ? nearest : begun;
}

void lab_bug(const char *file, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "lab: bug at %s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}
