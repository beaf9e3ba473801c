/*
 * lab/data_find.c -- see data_parts.h.  Shipped data sets and paths.
 *
 * A shipped data set NAME is a sidecar NAME.json in one of a few folders: what
 * `lab list data` says of it, and its files, which may belong to a Debian package.
 */
#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/data_parts.h"
#include "lab/source.h"

#ifndef LAB_DATADIR
#define LAB_DATADIR ""
#endif

enum { MOST_FOLDERS = 6, SIDECAR_LIMIT = 1 << 20 };

static char *base_folder;

void lab_data_base(const char *folder)
{
    char *copy = folder ? lab_text("%s", folder) : NULL;
    free(base_folder);
    base_folder = copy;
}

/* ---- folders ---------------------------------------------------------- */

/* Cuts the last component of a path; false if there is none to cut. */
static bool cut(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    return slash;
}

/* Where sidecars may be, best first, ending with NULL; free_list() it.  The executable is
 * build/lab, build/tests/test_data or PREFIX/bin/lab. */
static char **folders(void)
{
    char **folder = lab_alloc(MOST_FOLDERS, sizeof *folder), executable[4096];
    size_t count = 0;
    const char *own = getenv("LAB_DATA_DIR");
    if (own && *own)
        folder[count++] = lab_text("%s", own);
    ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
    executable[length > 0 ? length : 0] = '\0';
    if (cut(executable) && cut(executable)) {
        folder[count++] = lab_text("%s/data", executable);
        folder[count++] = lab_text("%s/share/lab/data", executable);
        if (cut(executable))
            folder[count++] = lab_text("%s/data", executable);
    }
    if (*LAB_DATADIR)
        folder[count++] = lab_text("%s", LAB_DATADIR);
    return folder;
}

static void free_list(char **list)
{
    for (char **item = list; *item; item++)
        free(*item);
    free(list);
}

/* "a, b, c" */
static char *join(char *const *list)
{
    char *text = lab_text("%s", "");
    for (; *list; list++) {
        char *longer = lab_text("%s%s%s", text, *text ? ", " : "", *list);
        free(text);
        text = longer;
    }
    return text;
}

/* ---- sidecars --------------------------------------------------------- */

static char *text_of(const json_t *sidecar, const char *key)
{
    const char *text = json_string_value(json_object_get(sidecar, key));
    return lab_text("%s", text ? text : "");
}

/* The object in folder/name.json, or NULL: none, or after lab_fail() a damaged one. */
static json_t *read_sidecar(const char *folder, const char *name, struct lab_error *err)
{
    char *path = lab_text("%s/%s.json", folder, name);
    struct lab_source source;
    json_t *sidecar = NULL;
    if (access(path, F_OK) == 0) {
        struct lab_error why = {""};
        json_error_t wrong;
        if (lab_source_read(path, SIDECAR_LIMIT, &source, &why)) {
            lab_fail(err, "%s: %s", path, why.text);
        } else {
            sidecar =
                json_loadb(source.text, source.length, JSON_REJECT_DUPLICATES, &wrong);
            if (!sidecar)
                lab_fail(err, "%s:%d: %s", path, wrong.line, wrong.text);
            free(source.text);
        }
    }
    free(path);
    return sidecar;
}

/* File i of a sidecar, NULL if it has no more; free() it. */
static char *file_of(const char *folder, const json_t *sidecar, size_t i)
{
    const json_t *files = json_object_get(sidecar, "files");
    const char *file = json_string_value(json_array_get(files, i));
    if (!file)
        return NULL;
    return *file == '/' ? lab_text("%s", file) : lab_text("%s/%s", folder, file);
}

/* The first file that is not there, NULL if all are; free() it. */
static char *missing_file(const char *folder, const json_t *sidecar)
{
    for (size_t i = 0;; i++) {
        char *file = file_of(folder, sidecar, i);
        if (!file || access(file, R_OK))
            return file;
        free(file);
    }
}

/* ---- cards ------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct lab_data_card *)a)->name,
                  ((const struct lab_data_card *)b)->name);
}

static void free_card(struct lab_data_card *card)
{
    free(card->name), free(card->title), free(card->task);
    free(card->source), free(card->licence), free(card->where);
}

/* The card of folder/name.json; false if it is no sidecar. */
static bool read_card(const char *folder, const char *name, struct lab_data_card *card)
{
    json_t *sidecar = read_sidecar(folder, name, NULL);
    char *where = file_of(folder, sidecar, 0), *missing = missing_file(folder, sidecar);
    if (where)
        *card = (struct lab_data_card){
            .name = lab_text("%s", name),
            .title = text_of(sidecar, "title"),
            .task = text_of(sidecar, "task"),
            .source = text_of(sidecar, "source"),
            .licence = text_of(sidecar, "licence"),
            .where = where,
            .n = (size_t)json_integer_value(json_object_get(sidecar, "n")),
            .d = (size_t)json_integer_value(json_object_get(sidecar, "d")),
            .present = !missing,
        };
    free(missing);
    json_decref(sidecar);
    return where;
}

/* Adds the cards of one folder, except for names that are there already. */
static struct lab_data_card *add_cards(const char *folder, struct lab_data_card *cards,
                                       size_t *count)
{
    DIR *dir = opendir(folder);
    for (struct dirent *file; dir && (file = readdir(dir));) {
        const char *dot = strrchr(file->d_name, '.');
        if (!dot || strcmp(dot, ".json") != 0)
            continue;
        char *name = lab_text("%.*s", (int)(dot - file->d_name), file->d_name);
        bool known = false;
        for (size_t i = 0; i < *count; i++)
            known |= strcmp(cards[i].name, name) == 0;
        cards = lab_realloc(cards, *count + 1, sizeof *cards);
        if (!known && read_card(folder, name, &cards[*count]))
            ++*count;
        free(name);
    }
    if (dir)
        closedir(dir);
    return cards;
}

struct lab_data_card *lab_data_cards(size_t *count)
{
    char **folder = folders();
    struct lab_data_card *cards = lab_realloc(NULL, 1, sizeof *cards);
    *count = 0;
    for (char **f = folder; *f; f++)
        cards = add_cards(*f, cards, count);
    free_list(folder);
    qsort(cards, *count, sizeof *cards, by_name);
    return cards;
}

void lab_data_cards_free(struct lab_data_card *cards, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free_card(&cards[i]);
    free(cards);
}

/* ---- finding ---------------------------------------------------------- */

/* " (did you mean 'digits'?)", or ""; free() it.  What follows a dot is not compared. */
static char *suggestion(const char *data)
{
    size_t count;
    struct lab_data_card *cards = lab_data_cards(&count);
    const char **names = lab_alloc(count + 2, sizeof *names);
    const char *slash = strrchr(data, '/'), *word = slash ? slash + 1 : data;
    char *stem = lab_text("%.*s", (int)strcspn(word, "."), word);
    for (size_t i = 0; i < count; i++)
        names[i] = cards[i].name;
    names[count] = "synthetic";
    const char *near = lab_nearest(stem, names);
    char *text = near ? lab_text(" (did you mean '%s'?)", near) : lab_text("%s", "");
    free(stem);
    free(names);
    lab_data_cards_free(cards, count);
    return text;
}

static int find_path(const char *data, struct lab_data_place *place,
                     struct lab_error *err)
{
    char *tried[] = {lab_text("%s", data), NULL, NULL}, *found = NULL;
    if (*data != '/' && base_folder)
        tried[1] = lab_text("%s/%s", base_folder, data);
    for (char **path = tried; !found && *path; path++)
        if (access(*path, F_OK) == 0)
            found = lab_text("%s", *path);
    char *list = join(tried), *near = suggestion(data);
    if (!found)
        lab_fail(err, "no data file%s; looked for %s", near, list);
    else
        place->name = lab_text("%s", strrchr(data, '/') ? strrchr(data, '/') + 1 : data);
    place->path = found;
    free(near), free(list), free(tried[0]), free(tried[1]);
    return found ? 0 : -1;
}

/* Takes the files of a sidecar, if all are there. */
static int use_sidecar(const char *folder, const char *name, const json_t *sidecar,
                       struct lab_data_place *place, struct lab_error *err)
{
    char *missing = missing_file(folder, sidecar);
    char *package = text_of(sidecar, "package");
    if (missing && *package)
        lab_fail(err, "data set '%s' needs %s: apt-get install %s", name, missing,
                 package);
    else if (missing)
        lab_fail(err, "data set '%s' lacks its file %s", name, missing);
    *place = (struct lab_data_place){
        .name = lab_text("%s", name),
        .path = file_of(folder, sidecar, 0),
        .labels = file_of(folder, sidecar, 1),
    };
    int status = missing ? -1 : 0;
    if (!place->path)
        status = lab_fail(err, "%s/%s.json: no 'files'", folder, name);
    free(missing), free(package);
    return status;
}

static int find_name(const char *name, struct lab_data_place *place,
                     struct lab_error *err)
{
    struct lab_error damaged = {""};
    char **folder = folders(), *list = join(folder), *near = suggestion(name);
    json_t *sidecar = NULL;
    size_t i = 0;
    while (folder[i] && !(sidecar = read_sidecar(folder[i], name, &damaged)) &&
           !*damaged.text)
        i++;
    int status;
    if (sidecar)
        status = use_sidecar(folder[i], name, sidecar, place, err);
    else if (*damaged.text)
        status = lab_fail(err, "%s", damaged.text);
    else
        status = lab_fail(err,
                          "unknown data set '%.64s'%s; looked in %s; of a file give the "
                          "path, ./%.64s",
                          name, near, list, name);
    json_decref(sidecar);
    free_list(folder);
    free(list), free(near);
    return status;
}

int lab_data_find(const char *data, struct lab_data_place *place, struct lab_error *err)
{
    *place = (struct lab_data_place){.name = NULL};
    int status = (strpbrk(data, "./") ? find_path : find_name)(data, place, err);
    if (status)
        lab_data_place_free(place);
    return status;
}

void lab_data_place_free(struct lab_data_place *place)
{
    free(place->name), free(place->path), free(place->labels);
    *place = (struct lab_data_place){.name = NULL};
}
