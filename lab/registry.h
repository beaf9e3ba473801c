/* lab/registry.h -- plug-ins by kind and name. */
#ifndef LAB_REGISTRY_H
#define LAB_REGISTRY_H

#include "lab/plugin.h"

enum lab_kind {
    LAB_KIND_problem,
    LAB_KIND_optimizer,
    LAB_KIND_schedule,
    LAB_KIND_bound,
    LAB_KINDS
};

struct lab_entry {
    enum lab_kind kind;
    const char *name;
    const struct lab_plugin *plugin; /**< `base` of the plug-in: cast by kind */
};

/** All plug-ins, sorted by kind, then by name; ends with a NULL name. */
extern const struct lab_entry lab_registry[];

/** "problem", "optimizer", ...; and "problems", ... */
extern const char *const lab_kind_name[LAB_KINDS], *const lab_kind_plural[LAB_KINDS];

/** The entry, or NULL after lab_fail() with the nearest name. */
const struct lab_entry *lab_find(enum lab_kind kind, const char *name,
                                 struct lab_error *err);

/** Names of one kind, ending with NULL; free() the array, not the names. */
const char **lab_names(enum lab_kind kind);

/** A new option struct holding the defaults (NULL if the plug-in has none);
 *  lab_param_release() what is inside, then free() it. */
void *lab_defaults(const struct lab_plugin *plugin);

#endif
