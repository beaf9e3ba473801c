/* lab/scan_write.c -- see scan_parts.h */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lab/scan_parts.h"

/* ---- writing -------------------------------------------------------- */

void lab_scan_begin(struct scan *s, struct lab_place place, bool key)
{
    struct lab_script *script = s->script;
    if (s->comma)
        fputc(',', s->out);
    s->comma = false;
    const struct lab_place *last =
        script->lines ? &script->place[script->lines - 1] : NULL;
    if (last && !key && last->file == place.file && last->line == place.line) {
        fputc(' ', s->out);
        return;
    }
    if (last)
        fputc('\n', s->out);
    if ((script->lines & (script->lines - 1)) == 0)
        script->place = lab_realloc(script->place, script->lines ? 2 * script->lines : 1,
                                    sizeof *script->place);
    script->place[script->lines++] = place;
}

bool lab_scan_in_list(const struct scan *s)
{
    return s->open[s->depth].kind != '{';
}

bool lab_scan_wants_value(const struct scan *s)
{
    return s->last == '=' || (lab_scan_in_list(s) && s->last != 'v');
}

void lab_scan_value_node(struct scan *s, struct lab_place place,
                         const struct lab_node *node)
{
    if (!lab_scan_wants_value(s) && s->last != 'b') {
        char *text = lab_node_value(node, SHOWN);
        if (s->single && s->depth == 0)
            lab_scan_wrong(s, place,
                           "%s is unexpected: one value is meant, and text with blanks "
                           "stands in quotes",
                           text);
        else if (lab_scan_in_list(s))
            lab_scan_wrong(s, place, "a comma is missing before %s", text);
        else
            lab_scan_wrong(s, place, "%s is unexpected: a key is meant", text);
        free(text);
    }
    lab_scan_begin(s, place, false);
    lab_node_write_value(node, s->out);
    s->last = 'v';
}

/* ---- words ---------------------------------------------------------- */

/* 'i' decimal integer, 'x' hexadecimal, 'r' real; 0: no number. */
static char number_kind(const char *word)
{
    static const char digits[] = "0123456789", *const suffixes[] = {"", "L", "LL"};
    bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    const char *p = hex ? word + 2 : word + (*word == '+' || *word == '-');
    size_t whole = strspn(p, hex ? "0123456789abcdefABCDEF" : digits), part = 0;
    p += whole;
    for (size_t i = 0; whole && i < 3; i++)
        if (strcmp(p, suffixes[i]) == 0)
            return hex ? 'x' : 'i';
    if (*p == '.')
        part = strspn(++p, digits), p += part;
    if (hex || !(whole + part))
        return 0;
    if (*p == 'e' || *p == 'E') {
        p += 1 + (p[1] == '+' || p[1] == '-');
        size_t power = strspn(p, digits);
        p += power;
        if (!power)
            return 0;
    }
    return *p ? 0 : 'r';
}

static const struct lab_node unusable = {.kind = LAB_NODE_STRING,
                                         .string = (char[]){LAB_SCAN_UNUSABLE}};

static void put_number(struct scan *s, struct lab_place place, const char *word,
                       char kind)
{
    struct lab_node node = {.kind = kind == 'r' ? LAB_NODE_REAL : LAB_NODE_INTEGER};
    const char *problem = NULL;
    errno = 0;
    if (kind == 'r') {
        node.real = lab_number(word, NULL);
        if (!isfinite(node.real))
            problem = "is too large for a number";
        else if (node.real == 0 && errno == ERANGE)
            problem = "is too small for a number: it would become 0";
        if (problem)
            node.real = 0;
    } else {
        node.integer = strtoll(word, NULL, kind == 'x' ? 16 : 10);
        if (errno == ERANGE)
            problem = "is too large: an integer has 64 bits";
    }
    if (problem) {
        lab_scan_wrong(s, place, "%s%.*s%s %s", s->key, SHOWN, word,
                       strlen(word) > SHOWN ? "..." : "", problem);
        s->values++;
    }
    lab_scan_value_node(s, place, problem ? &unusable : &node);
}

static bool is_flag(const char *word)
{
    return strcasecmp(word, "true") == 0 || strcasecmp(word, "false") == 0;
}

static bool is_not_finite(const char *word)
{
    static const char *const names[] = {"nan", "inf", "infinity"};
    word += *word == '-' || *word == '+';
    for (size_t i = 0; i < 3; i++)
        if (strcasecmp(word, names[i]) == 0)
            return true;
    return false;
}

static void put_plain(struct scan *s, struct lab_place place, const char *word)
{
    struct lab_node flag = {.kind = LAB_NODE_FLAG};
    struct lab_node text = {.kind = LAB_NODE_STRING, .string = (char *)(uintptr_t)word};
    char kind = number_kind(word);
    if (kind) {
        put_number(s, place, word, kind);
        return;
    }
    if (is_flag(word)) {
        flag.integer = tolower((unsigned char)word[0]) == 't';
        lab_scan_value_node(s, place, &flag);
        return;
    }
    char *shown = lab_scan_quoted(word);
    bool digit = isdigit((unsigned char)word[0]) || strchr("+-.", word[0]);
    if (is_not_finite(word))
        lab_scan_wrong(s, place, "%s%.*s is not finite", s->key, SHOWN, word);
    else if (!s->single && digit)
        lab_scan_wrong(s, place, "%s%s is not a number", s->key, shown);
    else if (!s->single)
        lab_scan_wrong(s, place, "%s%s must stand in quotes", s->key, shown);
    free(shown);
    s->values += !s->single || is_not_finite(word);
    lab_scan_value_node(s, place, s->single ? &text : &unusable);
}

size_t lab_key_length(const char *text)
{
    size_t n = isalpha((unsigned char)text[0]) || text[0] == '*';
    while (n && (isalnum((unsigned char)text[n]) || (text[n] && strchr("_-*", text[n]))))
        n++;
    bool flag = (n == 4 && strncasecmp(text, "true", n) == 0) ||
                (n == 5 && strncasecmp(text, "false", n) == 0);
    return n > MOST_KEY || flag ? 0 : n;
}

static void put_key(struct scan *s, struct lab_place place, const char *word)
{
    size_t length = lab_key_length(word);
    if (!length || word[length]) {
        s->last = 'b';
        char *shown = lab_scan_quoted(word);
        lab_scan_wrong(s, place,
                       "%s is not a key: a letter, then letters, digits, _ and -", shown);
        free(shown);
        return;
    }
    if (++s->open[s->depth].count > MOST_KEYS) {
        lab_scan_wrong(s, place, "more than %d settings in one group", MOST_KEYS);
        s->stop = true;
        return;
    }
    lab_scan_begin(s, place, true);
    fputs(word, s->out);
    snprintf(s->key, sizeof s->key, "%s = ", word);
    s->last = 'k';
}

void lab_scan_word(struct scan *s, struct lab_place place, const char *word)
{
    if (lab_scan_wants_value(s) || lab_scan_in_list(s))
        put_plain(s, place, word);
    else
        put_key(s, place, word);
}
