/* lab/scan_token.c -- see scan_parts.h */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lab/scan_parts.h"

bool lab_scan_starts(const struct reader *r, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(r->end - r->at) >= length && memcmp(r->at, text, length) == 0;
}

static bool at_comment(const struct scan *s, const struct reader *r)
{
    return !s->single &&
           (*r->at == '#' || lab_scan_starts(r, "//") || lab_scan_starts(r, "/*"));
}

static void scan_word(struct scan *s, struct reader *r)
{
    const char *begin = r->at;
    while (r->at < r->end && !strchr(" \t\r\n\f()[]{}=:,;\"", *r->at) &&
           !at_comment(s, r))
        r->at++;
    char *word = lab_text("%.*s", (int)(r->at - begin), begin);
    lab_scan_word(s, lab_scan_here(s, r), word);
    free(word);
}

/* ---- strings -------------------------------------------------------- */

/* Reads one character of a string at r->at, with the escapes libconfig knows. */
static char string_character(struct reader *r)
{
    static const char codes[] = "nrtf\\\"", meaning[] = "\n\r\t\f\\\"";
    char c = *r->at++;
    r->line += c == '\n';
    if (c != '\\' || r->at == r->end)
        return c;
    const char *code = strchr(codes, *r->at);
    if (code) {
        r->at++;
        return meaning[code - codes];
    }
    if ((*r->at == 'x' || *r->at == 'X') && r->end - r->at > 2 &&
        isxdigit((unsigned char)r->at[1]) && isxdigit((unsigned char)r->at[2])) {
        char hex[] = {r->at[1], r->at[2], 0};
        r->at += 3;
        return (char)strtol(hex, NULL, 16);
    }
    return c;
}

/* The quote that closes the string opened at r->at; the end if there is none. */
static const char *closing_quote(const struct reader *r)
{
    const char *p = r->at + 1;
    while (p < r->end && *p != '"')
        p += *p == '\\' && p + 1 < r->end ? 2 : 1;
    return p;
}

char *lab_scan_string(struct scan *s, struct reader *r)
{
    struct lab_place place = lab_scan_here(s, r);
    const char *close = closing_quote(r);
    size_t line = r->line, length = 0;
    if (close == r->end) {
        char hint[64] = "";
        if (r->long_string)
            snprintf(hint, sizeof hint, " (or the one begun in line %zu)",
                     r->long_string);
        lab_scan_wrong(s, place, "this string is never closed%s", hint);
        s->stop = true;
        return NULL;
    }
    char *text = lab_alloc((size_t)(close - r->at), 1);
    for (r->at++; r->at < close;)
        text[length++] = string_character(r);
    r->at++;
    if (r->line > line && !r->long_string)
        r->long_string = line;
    s->run += length + 1;
    if (s->run > MOST_STRING)
        lab_scan_wrong(s, place, "this string is longer than %d KiB", MOST_STRING / 1024);
    else if (lab_utf8_prefix(text, length) < length)
        lab_scan_wrong(s, place, "this string has a NUL or invalid UTF-8 in it");
    else
        return text;
    free(text);
    return NULL;
}

static void scan_string(struct scan *s, struct reader *r)
{
    struct lab_place place = lab_scan_here(s, r);
    if (s->run && s->last == 'v') /* continues the string before it */
        s->last = '=';
    char *text = lab_scan_string(s, r);
    struct lab_node node = {.kind = LAB_NODE_STRING, .string = text}; /* NULL: empty */
    lab_scan_value_node(s, place, &node);
    free(text);
}

/* ---- punctuation ---------------------------------------------------- */

static void scan_comment(struct scan *s, struct reader *r)
{
    struct lab_place place = lab_scan_here(s, r);
    if (!lab_scan_starts(r, "/*")) {
        while (r->at < r->end && *r->at != '\n')
            r->at++;
        return;
    }
    for (r->at += 2; r->at < r->end && !lab_scan_starts(r, "*/"); r->at++)
        r->line += *r->at == '\n';
    if (r->at < r->end)
        r->at += 2;
    else
        lab_scan_wrong(s, place, "this comment is never closed");
}

static void open_bracket(struct scan *s, struct reader *r)
{
    char kind = *r->at++;
    if (s->depth == MOST_DEPTH) {
        lab_scan_wrong(s, lab_scan_here(s, r), "nested deeper than %d", MOST_DEPTH);
        s->stop = true;
        return;
    }
    if (!lab_scan_wants_value(s))
        lab_scan_wrong(s, lab_scan_here(s, r),
                       "'%c' is unexpected: '%c' is missing before it", kind,
                       lab_scan_in_list(s) ? ',' : '=');
    lab_scan_begin(s, lab_scan_here(s, r), false);
    fputc(kind == '{' ? '{' : '(', s->out); /* to the user [] and () are the same */
    s->open[++s->depth] = (struct bracket){.kind = kind, .place = lab_scan_here(s, r)};
    s->last = kind == '{' ? '{' : '(';
}

static void close_bracket(struct scan *s, struct reader *r)
{
    static const char opening[] = "{([", closing[] = "})]";
    char c = *r->at++;
    char kind = opening[strchr(closing, c) - closing];
    if (s->depth == 0) {
        lab_scan_wrong(s, lab_scan_here(s, r), "'%c' closes nothing", c);
        s->stop = true; /* what follows would be misunderstood */
        return;
    }
    struct bracket *open = &s->open[s->depth];
    if (open->kind != kind) {
        char *where = lab_place_text(open->place);
        lab_scan_wrong(s, lab_scan_here(s, r), "'%c' cannot close the '%c' of %s", c,
                       open->kind, where);
        free(where);
        s->stop = true;
        return;
    }
    if (s->last == '=')
        lab_scan_wrong(s, lab_scan_here(s, r), "a value is missing before '%c'", c);
    s->depth--;
    s->comma = false;
    fputc(kind == '{' ? '}' : ')', s->out);
    s->last = 'v';
}

static void scan_comma(struct scan *s, struct reader *r, char c)
{
    bool alone = s->single && s->depth == 0;
    if (c != ',' || s->last != 'v' || alone) {
        lab_scan_wrong(s, lab_scan_here(s, r), "'%c' is unexpected%s", c,
                       alone ? ": one value is meant" : "");
        s->stop =
            true; /* perhaps the list should have ended: what follows would be lost */
    } else if (++s->open[s->depth].count == MOST_VALUES) {
        lab_scan_wrong(s, lab_scan_here(s, r), "more than %d values in one list",
                       MOST_VALUES);
        s->stop = true;
    }
    s->comma = true;
    s->last = ',';
}

/* Between the settings of a group, and between key and value. */
static void scan_sign(struct scan *s, struct reader *r, char c)
{
    bool equals = c == '=' || c == ':';
    if (s->last == '=')
        lab_scan_wrong(s, lab_scan_here(s, r), "a value is missing before '%c'", c);
    else if (s->last != 'b' && s->last != (equals ? 'k' : 'v'))
        lab_scan_wrong(s, lab_scan_here(s, r), "'%c' is unexpected", c);
    fprintf(s->out, "%s%c", equals ? " " : "", c);
    s->last = equals ? '=' : ';';
}

/* ---- all of it ------------------------------------------------------ */

static void scan_token(struct scan *s, struct reader *r,
                       void (*include)(struct scan *, struct reader *))
{
    char c = *r->at;
    if (s->last == 'k' && c != '=' && c != ':') {
        lab_scan_wrong(s, lab_scan_here(s, r), "'=' is missing after '%.*s'",
                       (int)strcspn(s->key, " "), s->key);
        s->last = '=';
    }
    if (c == '"') {
        scan_string(s, r);
        return;
    }
    if (strchr("{([", c))
        open_bracket(s, r);
    else if (strchr("})]", c))
        close_bracket(s, r);
    else if (strchr("=:,;", c))
        (lab_scan_in_list(s) ? scan_comma : scan_sign)(s, r, *r->at++);
    else if (c == '@' && !s->single)
        include(s, r);
    else
        scan_word(s, r);
    s->run = 0;
}

void lab_scan_tokens(struct scan *s, struct reader *r,
                     void (*include)(struct scan *, struct reader *))
{
    while (r->at < r->end && !s->stop)
        if (strchr(" \t\r\n\f", *r->at))
            r->line += *r->at++ == '\n';
        else if (at_comment(s, r))
            scan_comment(s, r);
        else
            scan_token(s, r, include);
}
