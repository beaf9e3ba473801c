/* lab/config.c -- see config.h; the work before libconfig is done by scan.h */
#include "lab/config.h"

#include <libconfig.h>

#include <stdlib.h>
#include <string.h>

#include "lab/scan.h"

enum { SHOWN = 48 /* bytes of the user's text in a message */ };

/* ---- libconfig -> tree ---------------------------------------------- */

static char *where_of(const struct lab_script *script, unsigned line)
{
    if (line < 1 || line > script->lines)
        return lab_text("%s", script->file[0]);
    return lab_place_text(script->place[line - 1]);
}

static struct lab_node *convert(const config_setting_t *from,
                                const struct lab_script *script);

static struct lab_node *convert_nest(enum lab_node_kind kind, const char *where,
                                     const config_setting_t *from,
                                     const struct lab_script *script)
{
    struct lab_node *node = lab_node_new(kind, config_setting_name(from), where);
    unsigned count = (unsigned)config_setting_length(from);
    for (unsigned i = 0; i < count; i++)
        lab_node_add(node, convert(config_setting_get_elem(from, i), script));
    return node;
}

static struct lab_node *convert_as(const config_setting_t *from, const char *where,
                                   const struct lab_script *script)
{
    const char *key = config_setting_name(from), *text;
    switch (config_setting_type(from)) {
    case CONFIG_TYPE_INT:
        return lab_node_integer(key, where, config_setting_get_int(from));
    case CONFIG_TYPE_INT64:
        return lab_node_integer(key, where, config_setting_get_int64(from));
    case CONFIG_TYPE_FLOAT:
        return lab_node_real(key, where, config_setting_get_float(from));
    case CONFIG_TYPE_BOOL:
        return lab_node_flag(key, where, config_setting_get_bool(from));
    case CONFIG_TYPE_STRING:
        text = config_setting_get_string(from);
        if (text && strcmp(text, LAB_SCAN_UNUSABLE) == 0)
            return lab_node_new(LAB_NODE_UNUSABLE, key, where);
        return lab_node_string(key, where, text ? text : "");
    case CONFIG_TYPE_GROUP: return convert_nest(LAB_NODE_GROUP, where, from, script);
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST: return convert_nest(LAB_NODE_LIST, where, from, script);
    default: LAB_BUG("libconfig type %d", config_setting_type(from));
    }
}

static struct lab_node *convert(const config_setting_t *from,
                                const struct lab_script *script)
{
    /* the root has no line; a file's name says where it is */
    unsigned line = config_setting_is_root(from) ? 0 : config_setting_source_line(from);
    char *where = where_of(script, line);
    struct lab_node *node = convert_as(from, where, script);
    free(where);
    return node;
}

/* Line `number` of the script, cut to a readable length; free() it. */
static char *line_of(const struct lab_script *script, int number)
{
    const char *text = script->text;
    for (int i = 1; i < number && text; i++)
        text = (text = strchr(text, '\n')) ? text + 1 : NULL;
    size_t length = text ? strcspn(text, "\n") : 0;
    char *line = lab_text("%.*s", (int)length, length ? text : "");
    if (length > SHOWN) {
        size_t cut = SHOWN - 3;
        while (((unsigned char)line[cut] & 0xC0) == 0x80)
            cut--;
        strcpy(line + cut, "...");
    }
    return line;
}

/* libconfig stops at the first mistake; its line begins with the key it was reading. */
static void report(const config_t *config, const struct lab_script *script,
                   struct lab_mistakes *mistakes)
{
    int number = config_error_line(config);
    const char *message = config_error_text(config);
    char *where = where_of(script, (unsigned)(number > 0 ? number : 0));
    char *line = line_of(script, number);
    if (message && strstr(message, "duplicate")) {
        line[strcspn(line, " =:")] = '\0';
        lab_mistake(mistakes, where, "duplicate key '%s'", line);
    } else {
        lab_mistake(mistakes, where, "%s%s%s", message ? message : "syntax error",
                    line[0] ? " near: " : "", line);
    }
    free(where), free(line);
}

/* `text` is that of the script, or that with something around it on its lines. */
static struct lab_node *parse(const char *text, const struct lab_script *script,
                              struct lab_mistakes *mistakes)
{
    config_t config;
    struct lab_node *root = NULL;
    config_init(&config);
    if (config_read_string(&config, text))
        root = convert(config_root_setting(&config), script);
    else
        report(&config, script, mistakes);
    config_destroy(&config);
    return root;
}

struct lab_node *lab_config_read(const char *path, struct lab_mistakes *mistakes)
{
    struct lab_script script = {0};
    struct lab_node *root = NULL;
    if (lab_scan_file(path, &script, mistakes) == 0)
        root = parse(script.text, &script, mistakes);
    lab_script_free(&script);
    return root;
}

struct lab_node *lab_config_value(const char *key, const char *text, const char *where,
                                  struct lab_mistakes *mistakes)
{
    struct lab_script script = {0};
    struct lab_node *root = NULL, *value = NULL;
    if (lab_scan_value(text, where, &script, mistakes) == 0) {
        /* a list of one: nothing in it can end it and begin another setting */
        char *list = lab_text("value = (%s);", script.text);
        root = parse(list, &script, mistakes);
        free(list);
    }
    if (root && root->child[0]->count == 1) {
        value = lab_node_copy(root->child[0]->child[0]);
        value->key = key ? lab_text("%s", key) : NULL;
    } else if (root) {
        lab_mistake(mistakes, where, "one value is meant");
    }
    lab_node_free(root);
    lab_script_free(&script);
    return value;
}
