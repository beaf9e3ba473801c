/* lab/scan.c -- see scan.h and scan_parts.h */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lab/scan_parts.h"

/* ---- mistakes ------------------------------------------------------- */

char *lab_place_text(struct lab_place place)
{
    return place.line ? lab_text("%s:%zu", place.file, place.line)
                      : lab_text("%s", place.file);
}

struct lab_place lab_scan_here(const struct scan *s, const struct reader *r)
{
    return (struct lab_place){r->name, s->single ? 0 : r->line};
}

void lab_scan_wrong(struct scan *s, struct lab_place place, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *where = lab_place_text(place);
    lab_mistake(s->mistakes, where, "%s", text);
    free(where);
    if (++s->found == MOST_MISTAKES) {
        lab_mistake(s->mistakes, place.file, "too many mistakes, the rest is not read");
        s->stop = true;
    }
}

char *lab_scan_quoted(const char *text)
{
    struct lab_node node = {.kind = LAB_NODE_STRING, .string = (char *)(uintptr_t)text};
    return lab_node_value(&node, SHOWN);
}

/* ---- files ---------------------------------------------------------- */

static void scan_file(struct scan *s, const char *path, const struct reader *includer,
                      struct lab_place place);

static const char *keep_name(struct lab_script *script, const char *name)
{
    script->file = lab_realloc(script->file, script->files + 1, sizeof *script->file);
    return script->file[script->files++] = lab_text("%s", name);
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if (iscntrl((unsigned char)*text))
            return true;
    return false;
}

/* At '@', which stands nowhere but before an include. */
static void scan_include(struct scan *s, struct reader *r)
{
    struct lab_place place = lab_scan_here(s, r);
    bool include = lab_scan_starts(r, "@include");
    r->at += include ? strlen("@include") : 1;
    while (include && r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
    if (!include || r->at == r->end || *r->at != '"') {
        lab_scan_wrong(s, place, "'@' is unexpected: it begins @include \"file\"");
        return;
    }
    s->run = 0;
    char *name = lab_scan_string(s, r);
    s->run = 0;
    size_t depth = 0;
    for (const struct reader *up = r; up->includer; up = up->includer)
        depth++;
    if (name && has_control(name)) /* it will stand in messages */
        lab_scan_wrong(s, place, "@include of a name with control characters");
    else if (name && depth == MOST_NESTED)
        lab_scan_wrong(s, place, "@include nested deeper than %d", MOST_NESTED);
    else if (name && ++s->includes > MOST_INCLUDES)
        lab_scan_wrong(s, place, "more than %d @include", MOST_INCLUDES), s->stop = true;
    else if (name) {
        char *path = lab_source_beside(r->name, name);
        scan_file(s, path, r, place);
        free(path);
    }
    free(name);
}

/* NUL and bytes that are not UTF-8: nothing else is said about such a file. */
static bool is_text(struct scan *s, const char *name, const char *text, size_t length)
{
    size_t good = lab_utf8_prefix(text, length);
    if (good == length)
        return true;
    struct lab_place place = {name, s->single ? 0 : 1};
    for (size_t i = 0; i < good; i++)
        place.line += !s->single && text[i] == '\n';
    lab_scan_wrong(s, place,
                   text[good] ? "byte 0x%02X is not valid UTF-8" : "a NUL byte (0x%02X)",
                   (unsigned char)text[good]);
    s->stop = true;
    return false;
}

/* Says at `place` what is wrong with the file at `path`: the command line or an @include.
 */
static void cannot_read(struct scan *s, struct lab_place place, const char *path,
                        const char *why)
{
    char *similar = strcmp(why, strerror(ENOENT)) == 0 ? lab_source_similar(path) : NULL;
    const char *hint[] = {similar ? " (did you mean '" : "", similar ? similar : "",
                          similar ? "'?)" : ""};
    char *shown = place.line ? lab_scan_quoted(path) : NULL;
    lab_scan_wrong(s, place, "%s%s%s%s%s%s%s", shown ? "@include " : "",
                   shown ? shown : "", shown ? ": " : "", why, hint[0], hint[1], hint[2]);
    free(similar), free(shown);
}

static void scan_file(struct scan *s, const char *path, const struct reader *includer,
                      struct lab_place place)
{
    struct lab_source source;
    struct lab_error err = {""};
    if (lab_source_read(path, MOST_BYTES - s->bytes, &source, &err) < 0) {
        cannot_read(s, place, path, err.text);
        return;
    }
    s->bytes += source.length;
    for (const struct reader *up = includer; up; up = up->includer)
        if (up->source->device == source.device && up->source->inode == source.inode) {
            lab_scan_wrong(s, place, "@include goes round in circles");
            free(source.text);
            return;
        }
    const char *name = keep_name(s->script, path);
    size_t mark =
        source.length >= 3 && memcmp(source.text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct reader r = {.name = name,
                       .at = source.text + mark,
                       .end = source.text + source.length,
                       .line = 1,
                       .source = &source,
                       .includer = includer};
    if (is_text(s, name, source.text, source.length))
        lab_scan_tokens(s, &r, scan_include);
    free(source.text);
}

/* ---- the two ways in ------------------------------------------------ */

static void begin(struct scan *s)
{
    s->out = open_memstream(&s->script->text, &s->length);
    if (!s->out)
        LAB_BUG("open_memstream failed");
    s->open[0].kind = s->single ? '(' : '{';
    s->last = s->single ? '(' : 0;
}

static int finish(struct scan *s)
{
    if (s->depth && !s->stop)
        lab_scan_wrong(s, s->open[s->depth].place, "this '%c' is never closed",
                       s->open[s->depth].kind);
    else if ((s->last == '=' || s->last == 'k') && s->script->lines && !s->stop)
        lab_scan_wrong(s, s->script->place[s->script->lines - 1],
                       "%s is missing after '%.*s'", s->last == 'k' ? "'='" : "a value",
                       (int)strcspn(s->key, " "), s->key);
    fclose(s->out);
    return s->found > (s->single ? 0 : s->values) || s->stop ? -1 : 0;
}

int lab_scan_file(const char *path, struct lab_script *script,
                  struct lab_mistakes *mistakes)
{
    struct scan s = {.script = script, .mistakes = mistakes};
    begin(&s);
    scan_file(&s, path, NULL, (struct lab_place){keep_name(script, path), 0});
    return finish(&s);
}

int lab_scan_value(const char *text, const char *where, struct lab_script *script,
                   struct lab_mistakes *mistakes)
{
    struct scan s = {.script = script, .mistakes = mistakes, .single = true};
    begin(&s);
    size_t length = strlen(text);
    struct reader r = {
        .name = keep_name(script, where), .at = text, .end = text + length};
    if (length > MOST_BYTES)
        lab_scan_wrong(&s, lab_scan_here(&s, &r), "is too large (1 MiB is the limit)");
    else if (is_text(&s, r.name, text, length))
        lab_scan_tokens(&s, &r, scan_include);
    if (!s.found && s.last == '(')
        lab_scan_wrong(&s, lab_scan_here(&s, &r), "a value is missing");
    return finish(&s);
}

void lab_script_free(struct lab_script *script)
{
    for (size_t i = 0; i < script->files; i++)
        free(script->file[i]);
    free(script->file);
    free(script->place);
    free(script->text);
    *script = (struct lab_script){0};
}
