/*
 * lab/registry.c -- see registry.h
 *
 * build/registry.def is written by make, one line per plug-in file:
 *     ENTRY(optimizer, momentum)
 */
#include "lab/registry.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY(kind, id) extern const struct lab_##kind lab_##kind##_##id;
#include "registry.def"
#undef ENTRY

const struct lab_entry lab_registry[] = {
#define ENTRY(kind, id) {LAB_KIND_##kind, #id, &lab_##kind##_##id.base},
#include "registry.def"
#undef ENTRY
    {.name = NULL},
};

const char *const lab_kind_name[LAB_KINDS] = {"problem", "optimizer", "schedule",
                                              "bound"};
const char *const lab_kind_plural[LAB_KINDS] = {"problems", "optimizers", "schedules",
                                                "bounds"};

const char **lab_names(enum lab_kind kind)
{
    size_t count = 0;
    const char **names =
        lab_alloc(sizeof lab_registry / sizeof *lab_registry, sizeof *names);
    for (const struct lab_entry *e = lab_registry; e->name; e++)
        if (e->kind == kind)
            names[count++] = e->name;
    return names;
}

const struct lab_entry *lab_find(enum lab_kind kind, const char *name,
                                 struct lab_error *err)
{
    for (const struct lab_entry *e = lab_registry; e->name; e++)
        if (e->kind == kind && strcmp(e->name, name) == 0)
            return e;

    const char **names = lab_names(kind);
    const char *nearest = lab_nearest(name, names);
    free(names);
    if (nearest)
        lab_fail(err, "unknown %s '%.64s' (did you mean '%s'?)", lab_kind_name[kind],
                 name, nearest);
    else
        lab_fail(err, "unknown %s '%.64s' (see `lab list %s`)", lab_kind_name[kind], name,
                 lab_kind_plural[kind]);
    return NULL;
}

void *lab_defaults(const struct lab_plugin *plugin)
{
    if (!plugin->size)
        return NULL;
    void *self = lab_alloc(1, plugin->size);
    if (plugin->params)
        lab_param_defaults(plugin->params, self);
    return self;
}
