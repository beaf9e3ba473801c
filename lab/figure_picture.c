/* lab/figure_picture.c -- what a figure says: manifest, curves -> struct lab_picture */
#include "lab/figure_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/gnuplot.h"

enum { POINTS = 2000, TEXT = 240, SETTING = 150 };

static const char *text_of(const json_t *object, const char *key, const char *fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && *text ? text : fallback;
}

static const json_t *find_arm(const json_t *manifest, size_t arm)
{
    const json_t *arms = json_object_get(manifest, "arms");
    for (size_t i = 0; i < json_array_size(arms); i++) {
        const json_t *one = json_array_get(arms, i);
        if (json_integer_value(json_object_get(one, "arm")) == (json_int_t)arm)
            return one;
    }
    return NULL;
}

/* Adds to a text and frees what it adds. */
static void append(char **text, const char *separator, char *part)
{
    char *longer = lab_text("%s%s%s", *text, **text && *part ? separator : "", part);
    free(*text);
    free(part);
    *text = longer;
}

/* The arm's label may be made of the others: nothing is said twice. */
static char *setting(const json_t *manifest, const json_t *arm)
{
    static const char *const keys[] = {"label", "problem", "optimizer", "schedule"};
    bool several = json_array_size(json_object_get(manifest, "arms")) > 1;
    char *said = lab_text("%s", "");
    for (size_t i = several ? 0 : 1; i < sizeof keys / sizeof *keys; i++) {
        const char *part = text_of(arm, keys[i], "");
        if (!strstr(said, part))
            append(&said, ", ", lab_text("%s", part));
    }
    char *cut = lab_text_clean(said, SETTING); /* what follows is always said in full */
    free(said);
    return cut;
}

static char *subtitle(const json_t *manifest, const json_t *arm, long long seeds,
                      bool stacked)
{
    char *text = setting(manifest, arm);
    const char *domain = text_of(arm, "domain", "");
    if (*domain)
        append(&text, ", ", lab_text("%s", domain));
    json_int_t batch = json_integer_value(json_object_get(manifest, "batch"));
    if (json_is_string(json_object_get(manifest, "batch")))
        append(&text, ", ", lab_text("full batch"));
    else if (batch > 0)
        append(&text, ", ", lab_text("batch %lld", (long long)batch));
    const char *sampling = text_of(manifest, "sampling", "iid");
    if (strcmp(sampling, "iid") != 0)
        append(&text, ", ", lab_text("%s", sampling));
    append(&text, "; ",
           seeds > 1 ? lab_text("mean%s of %lld seeds", stacked ? "" : " and 5–95 % band",
                                seeds)
                     : lab_text("1 seed"));
    return text;
}

static void note_divergence(struct lab_picture *picture, const json_t *arm,
                            long long seeds)
{
    const json_t *diverged = json_object_get(arm, "diverged");
    size_t count = json_array_size(diverged);
    for (size_t i = 0; i < count; i++) {
        double t = json_number_value(json_object_get(json_array_get(diverged, i), "t"));
        if (!(picture->diverged <= t))
            picture->diverged = t;
    }
    if (count)
        picture->note[picture->notes++] =
            lab_text("× %zu of %lld seeds diverged (first at t = %.0f)", count, seeds,
                     picture->diverged);
}

/* What is drawn of a series, over t unless there is an abscissa. */
static struct lab_series drawn(const struct lab_picture *picture,
                               const struct lab_series *series,
                               const struct lab_series *abscissa)
{
    if (!abscissa)
        return lab_series_thin(series, picture->log_x, POINTS);
    struct lab_series over = lab_series_over(series, abscissa);
    struct lab_series thin = lab_series_thin(&over, picture->log_x, POINTS);
    lab_series_free(&over);
    return thin;
}

/* The curve first, then the bounds on it in file order. */
static void take_series(struct lab_picture *picture, const struct lab_curves *curves,
                        size_t curve, const struct lab_series *abscissa)
{
    const struct lab_series *about = &curves->series[curve];
    picture->series = lab_alloc(curves->count, sizeof *picture->series);
    picture->series[picture->count++] = drawn(picture, about, abscissa);
    for (size_t i = 0; i < curves->count; i++) {
        const struct lab_series *one = &curves->series[i];
        if (one->bound && one->arm == about->arm && !strcmp(one->metric, about->metric))
            picture->series[picture->count++] = drawn(picture, one, abscissa);
    }
}

/* File names, and what scripts say in comments: letters and digits, the rest is '_'. */
static char *plain(char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (char *p = text; *p; p++)
        if (!strchr(letters, *p) && !(*p >= '0' && *p <= '9'))
            *p = '_';
    return text;
}

static char *file_stem(const json_t *manifest, const char *metric, size_t arm,
                       const struct lab_series *abscissa)
{
    char *stem = plain(abscissa ? lab_text("%.80s_by_%.80s", metric, abscissa->metric)
                                : lab_text("%.80s", metric));
    if (json_array_size(json_object_get(manifest, "arms")) > 1) {
        char *longer = lab_text("%s-%zu", stem, arm);
        free(stem);
        stem = longer;
    }
    return stem;
}

static void clean(char **text)
{
    char *dirty = *text;
    *text = lab_text_clean(dirty, TEXT);
    free(dirty);
}

/* What stands below the x axis.  Seeds may differ in what they have evaluated at row t:
 * then it is their mean, and the figure says so. */
static char *across(const struct lab_series *abscissa)
{
    bool differ = false;
    for (size_t i = 0; abscissa && i < abscissa->n; i++)
        differ |= abscissa->low[i] < abscissa->high[i];
    return lab_text("%s%s",
                    abscissa ? "gradient evaluations (single samples)" : "t, steps",
                    differ ? ", mean over seeds" : "");
}

/* Once, for every format: whatever came from a config or file can be shown as it is. */
static void clean_texts(struct lab_picture *picture)
{
    clean(&picture->title);
    clean(&picture->subtitle);
    clean(&picture->label);
    clean(&picture->quantity);
    clean(&picture->across);
    clean(&picture->source);
    for (size_t i = 0; i < picture->notes; i++)
        clean(&picture->note[i]);
    for (size_t i = 1; i < picture->count; i++) {
        clean(&picture->series[i].bound);
        clean(&picture->series[i].status);
        clean(&picture->series[i].verdict);
    }
}

struct lab_picture lab_picture_new(const json_t *manifest, const json_t *plot,
                                   const struct lab_curves *curves, size_t curve,
                                   const struct lab_series *abscissa)
{
    const struct lab_series *series = &curves->series[curve];
    const json_t *metric =
        json_object_get(json_object_get(manifest, "metrics"), series->metric);
    const json_t *arm = find_arm(manifest, series->arm);
    long long seeds = (long long)json_integer_value(json_object_get(manifest, "seeds"));
    const char *label = text_of(metric, "label", series->metric);
    const char *stack = json_string_value(json_object_get(plot, "stack"));
    struct lab_picture picture = {
        .name = stack ? plain(lab_text("%.80s", stack))
                      : file_stem(manifest, series->metric, series->arm, abscissa),
        .run = plain(lab_text("%.12s", text_of(manifest, "run_id", "unknown"))),
        .title = lab_text("%s", text_of(manifest, "title", label)),
        .subtitle = subtitle(manifest, arm, seeds, stack != NULL),
        .label = lab_text("%s%s", label, seeds > 1 ? " (mean)" : ""),
        .quantity = lab_text("%s   %s", label, text_of(metric, "definition", "")),
        .across = across(abscissa),
        .unit = abscissa ? "evaluations" : "t",
        .source = lab_text("run %.12s", text_of(manifest, "run_id", "unknown")),
        .diverged = NAN,
        .log_x = strcmp(text_of(plot, "x", "log"), "linear") != 0,
        .log_y = strcmp(text_of(plot, "y", "log"), "linear") != 0,
        .band = seeds > 1,
    };
    take_series(&picture, curves, curve, abscissa);
    note_divergence(&picture, arm, seeds);
    if (abscissa && !isnan(picture.diverged))
        picture.diverged = lab_series_at(abscissa, picture.diverged);
    clean_texts(&picture);
    if (stack) {
        lab_picture_stack(&picture, plot, curves, curve);
        append(&picture.name, "-", lab_text("%zu", series->arm));
    }
    return picture;
}

void lab_picture_free(struct lab_picture *picture)
{
    for (size_t i = 0; i < picture->count; i++)
        lab_series_free(&picture->series[i]);
    for (size_t i = 0; i < picture->notes; i++)
        free(picture->note[i]);
    free(picture->series);
    free(picture->name);
    free(picture->run);
    free(picture->source);
    free(picture->title);
    free(picture->subtitle);
    free(picture->label);
    free(picture->quantity);
    free(picture->across);
    *picture = (struct lab_picture){0};
}
