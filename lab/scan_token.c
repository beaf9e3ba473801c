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
    if (!s->value_next)
        lab_scan_wrong(s, lab_scan_here(s, r),
                       "'%c' is unexpected: '%c' is missing before it", kind,
                       lab_scan_in_list(s) ? ',' : '=');
    lab_scan_begin(s, lab_scan_here(s, r), false);
    fputc(kind == '{' ? '{' : '(', s->out); /* to the user [] and () are the same */
    s->open[++s->depth] = (struct bracket){.kind = kind, .place = lab_scan_here(s, r)};
    s->value_next = kind != '{';
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
    s->depth--;
    s->comma = false;
    fputc(kind == '{' ? '}' : ')', s->out);
    s->value_next = false;
}

static void scan_sign(struct scan *s, struct reader *r)
{
    char c = *r->at++;
    bool list = lab_scan_in_list(s);
    if (list && (c != ',' || s->value_next || (s->single && s->depth == 0))) {
        lab_scan_wrong(s, lab_scan_here(s, r), "'%c' is unexpected%s", c,
                       s->single && s->depth == 0 ? ": one value is meant" : "");
        s->stop = true;
    } else if (list) {
        s->comma = s->value_next = true;
    } else {
        if (!s->script->lines) /* a file that begins with it */
            lab_scan_begin(s, lab_scan_here(s, r), false);
        fputc(c, s->out);
        s->value_next = c == '=' || c == ':';
    }
}

/* ---- all of it ------------------------------------------------------ */

static void scan_token(struct scan *s, struct reader *r,
                       void (*include)(struct scan *, struct reader *))
{
    char c = *r->at;
    if (s->key_alone && c != '=' && c != ':') {
        lab_scan_wrong(s, lab_scan_here(s, r), "'=' is missing after '%.*s'",
                       (int)strcspn(s->key, " "), s->key);
        s->value_next = true;
    }
    s->key_alone = false;
    if (c == '"') {
        scan_string(s, r);
        return;
    }
    if (strchr("{([", c))
        open_bracket(s, r);
    else if (strchr("})]", c))
        close_bracket(s, r);
    else if (strchr("=:,;", c))
        scan_sign(s, r);
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
