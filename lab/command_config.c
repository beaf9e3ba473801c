/* lab/command_config.c -- see command_config.h */
#include "lab/command_config.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/commands.h"
#include "lab/config.h"
#include "lab/data.h"

/* ---- mistakes in the order of the file ----------------------------------- */

struct mistake {
    char *text;
    size_t
        file_length; /* of "configs/a.cfg" in "configs/a.cfg:12: ..."; 0: no line named */
    size_t file, line, index;
};

static void locate(struct mistake *m)
{
    for (const char *colon = strchr(m->text, ':'); colon;
         colon = strchr(colon + 1, ':')) {
        char *end;
        m->line = strtoul(colon + 1, &end, 10);
        m->file_length = (size_t)(colon - m->text);
        if (end > colon + 1 && *end == ':')
            return;
    }
    m->line = m->file_length = 0;
}

static bool same_file(const struct mistake *a, const struct mistake *b)
{
    return a->file_length == b->file_length &&
           strncmp(a->text, b->text, a->file_length) == 0;
}

static int by_place(const void *a, const void *b)
{
    const struct mistake *p = a, *q = b;
    if (p->file != q->file)
        return p->file < q->file ? -1 : 1;
    if (p->line != q->line)
        return p->line < q->line ? -1 : 1;
    return p->index < q->index ? -1 : 1;
}

/* Names, ranges, lists are checked one after the other; people read from top to bottom.
 * Files come in the order in which they first have a mistake. */
static void sort_by_line(char **text, size_t count)
{
    struct mistake *m = lab_alloc(count, sizeof *m);
    for (size_t i = 0; i < count; i++) {
        m[i] = (struct mistake){.text = text[i], .index = i};
        locate(&m[i]);
        if (i && same_file(&m[i], &m[i - 1]))
            m[i].file = m[i - 1].file;
        else
            while (m[i].file < i && !same_file(&m[i], &m[m[i].file]))
                m[i].file++;
    }
    qsort(m, count, sizeof *m, by_place);
    for (size_t i = 0; i < count; i++)
        text[i] = m[i].text;
    free(m);
}

/* ---- from file to experiment --------------------------------------------- */

/* "configs/sgd_decay.cfg" -> "sgd_decay" */
static char *stem_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    return lab_text("%.*s",
                    (int)(dot && dot > base ? (size_t)(dot - base) : strlen(base)), base);
}

/* The file a relative path means: from here, or else from the config's folder; NULL:
 * none. */
static char *find_file(const char *path, const char *folder)
{
    char *found = realpath(path, NULL), *beside = lab_text("%s/%s", folder, path);
    if (!found && path[0] != '/')
        found = realpath(beside, NULL);
    free(beside);
    return found;
}

/* Data files become absolute paths, so that the effective config means the same file
 * wherever it is run again.  One that is not there stays, and is reported when opened. */
static void resolve_data(struct lab_node *root, const char *folder)
{
    const struct lab_node *list = lab_node_get(root, "problems");
    for (size_t i = 0; list && list->kind == LAB_NODE_LIST && i < list->count; i++) {
        struct lab_node *group = list->child[i];
        struct lab_node *data =
            group->kind == LAB_NODE_GROUP ? lab_node_get(group, "data") : NULL;
        if (!data || data->kind != LAB_NODE_STRING || !strpbrk(data->string, "/."))
            continue; /* no path but a name */
        char *found = find_file(data->string, folder);
        if (found) {
            free(data->string);
            data->string = found;
        }
    }
}

enum { ANNOUNCED = 79 };
static bool announced;

/* What takes long, until it is done. */
static void announce(const char *label)
{
    if (!isatty(STDERR_FILENO)) {
        lab_complain("finding the constants and the minimum of %.60s may take minutes",
                     label);
        return;
    }
    fprintf(stderr, "\rconstants and minimum of %-*.*s\r", ANNOUNCED - 25, ANNOUNCED - 25,
            label);
    fflush(stderr);
    announced = true;
}

static void end_announcement(void)
{
    if (announced)
        fprintf(stderr, "%*s\r", ANNOUNCED, "");
    announced = false;
}

struct lab_experiment *lab_command_config(const char *path, char **override,
                                          size_t overrides, struct lab_mistakes *mistakes)
{
    const size_t before = mistakes->count;
    struct lab_node *root = lab_config_read(path, mistakes);
    if (!root)
        return NULL;
    for (size_t i = 0; i < overrides; i++)
        lab_config_override(root, override[i], mistakes);
    char *stem = stem_of(path), *copy = strdup(path);
    const char *folder = dirname(copy);
    resolve_data(root, folder);
    struct lab_experiment *e = lab_experiment_read(root, stem, mistakes);
    lab_data_base(folder);
    if (mistakes->count == before)
        lab_experiment_open(e, announce, mistakes);
    else
        lab_experiment_probe(e, mistakes);
    end_announcement();
    lab_node_free(root);
    free(stem), free(copy);
    if (mistakes->count == before)
        return e;
    sort_by_line(mistakes->line + before, mistakes->count - before);
    lab_experiment_free(e);
    return NULL;
}

void lab_command_check_names(struct lab_experiment **e, size_t count, char **path,
                             struct lab_mistakes *mistakes)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; e[i] && j < i; j++)
            if (e[j] && strcmp(e[i]->name, e[j]->name) == 0)
                lab_mistake(mistakes, path[i], "name = \"%s\" is also that of %s",
                            e[i]->name, path[j]);
}
