/*
 * lab/figure_stack.c -- where a proof is loose: what was measured and, stacked on it, what each
 * step of the proof gives away, as shares of their sum, the bound.
 *
 * Shares, because heights on a log axis do not add up, and a bound that falls by decades leaves
 * nothing to see on a linear one.  Means over seeds add up as every seed's numbers do, so the
 * share is that of the means.
 */
#include "lab/figure_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/gnuplot.h"

enum { MOST_PARTS = 6, POINTS = 600, TEXT = 160 };

/* What is stacked: the metric, then the parts. */
struct stack {
    size_t count;
    const struct lab_series *series[MOST_PARTS + 1];
    const char *label[MOST_PARTS + 1];
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool same_rows(const struct lab_series *a, const struct lab_series *b)
{
    return a->n == b->n && memcmp(a->t, b->t, a->n * sizeof *a->t) == 0;
}

/* false: this arm lacks one. */
static bool find_parts(struct stack *s, const json_t *plot,
                       const struct lab_curves *curves, size_t curve)
{
    const json_t *parts = json_object_get(plot, "parts");
    const struct lab_series *about = &curves->series[curve];
    *s = (struct stack){.count = 1, .series = {about}};
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        const struct lab_series *one =
            lab_curves_find(curves, about->arm, text_of(part, "metric"));
        if (!one || !same_rows(one, about) || s->count > MOST_PARTS)
            return false;
        s->label[s->count] = text_of(part, "label");
        s->series[s->count++] = one;
    }
    return s->count > 1;
}

bool lab_stack_is_whole(const json_t *plot, const struct lab_curves *curves, size_t curve)
{
    struct stack s;
    return find_parts(&s, plot, curves, curve);
}

/* NAN where there is no bound to have a share of. */
static double bound_at(const struct stack *s, size_t row)
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++)
        sum += s->series[i]->y[row];
    return sum > 0 && isfinite(sum) ? sum : NAN;
}

static void fill(struct lab_picture *picture, const struct stack *s)
{
    const struct lab_series *about = s->series[0];
    const double step = log(about->t[about->n - 1] / about->t[0]) / POINTS;
    size_t negative = 0;
    for (size_t row = 0, n = 0; row < about->n; row++) {
        const bool last = row + 1 == about->n;
        if (about->n > POINTS && n && !last &&
            log(about->t[row] / picture->series[0].t[n - 1]) < step)
            continue;
        double top = 0;
        bool below = false;
        for (size_t i = 0; i < s->count; i++) {
            struct lab_series *to = &picture->series[i];
            top += s->series[i]->y[row] / bound_at(s, row);
            below |= i && s->series[i]->y[row] < -1e-12 * bound_at(s, row);
            to->t[n] = about->t[row], to->y[n] = top;
            to->n = n + 1;
        }
        negative += below;
        n++;
    }
    if (negative)
        picture->note[picture->notes++] =
            lab_text("a part is below 0 in %zu of %zu points: areas overlap there",
                     negative, picture->series[0].n);
}

static void replace(char **text, char *by)
{
    free(*text);
    *text = lab_text_clean(by, TEXT);
    free(by);
}

void lab_picture_stack(struct lab_picture *picture, const json_t *plot,
                       const struct lab_curves *curves, size_t curve)
{
    struct stack s;
    const size_t n = curves->series[curve].n;
    if (!find_parts(&s, plot, curves, curve))
        LAB_BUG("a stack without parts");
    for (size_t i = 0; i < picture->count; i++)
        lab_series_free(&picture->series[i]);
    free(picture->series);
    picture->series = lab_alloc(s.count, sizeof *picture->series);
    picture->count = s.count;
    for (size_t i = 0; i < s.count; i++) {
        picture->series[i] = (struct lab_series){
            .arm = s.series[0]->arm,
            .metric = lab_text("%s", s.series[i]->metric),
            .bound = i ? lab_text_clean(s.label[i], TEXT) : NULL,
            .status = lab_text("%s", ""),
            .verdict = lab_text("%s", ""),
            .tightness = NAN,
            .t = lab_alloc(n, sizeof(double)),
            .y = lab_alloc(n, sizeof(double)),
        };
    }
    fill(picture, &s);
    picture->stacked = true;
    picture->band = picture->log_y = false;
    char *said = lab_text("%s", picture->title);
    replace(&picture->title, lab_text("%.90s: where the bound on %s is loose", said,
                                      text_of(plot, "about")));
    free(said);
    replace(&picture->quantity,
            lab_text("share of the bound   %s", text_of(plot, "bound")));
}
