/* lab/window.c -- see window.h */
#include "lab/window.h"

#include <stdlib.h>
#include <string.h>

#include "lab/plugin.h" /* LAB_HOT */

/* part[head..count-1] are the open suffixes, oldest first.  Those before `settled` hold
 * their sum up to the last settling, the others that of the vectors between their own
 * beginning and the next one's. */
struct lab_window {
    size_t n, head, settled, count;
    double **part;
    double *since;  /* from the last settling to the beginning of the newest suffix */
    double *recent; /* from there, or from the settling, on */
};

LAB_HOT static void add(size_t n, const double *restrict v, double *restrict sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += v[i];
}

struct lab_window *lab_window_new(size_t n)
{
    struct lab_window *w = lab_alloc(1, sizeof *w);
    w->n = n;
    w->since = lab_alloc(n, sizeof *w->since);
    w->recent = lab_alloc(n, sizeof *w->recent);
    return w;
}

void lab_window_free(struct lab_window *w)
{
    if (!w)
        return;
    for (size_t i = w->head; i < w->count; i++)
        free(w->part[i]);
    free(w->part), free(w->since), free(w->recent), free(w);
}

void lab_window_open(struct lab_window *w)
{
    if (w->count > w->settled)
        add(w->n, w->recent, w->part[w->count - 1]);
    add(w->n, w->recent, w->since);
    memset(w->recent, 0, w->n * sizeof *w->recent);
    w->part = lab_realloc(w->part, w->count + 1, sizeof *w->part);
    w->part[w->count++] = lab_alloc(w->n, sizeof **w->part);
}

void lab_window_add(struct lab_window *w, const double *v)
{
    add(w->n, v, w->recent);
}

/* From here on every open suffix holds all of its vectors. */
static void settle(struct lab_window *w)
{
    add(w->n, w->recent, w->part[w->count - 1]);
    for (size_t i = w->count - 1; i > w->head; i--)
        add(w->n, w->part[i], w->part[i - 1]);
    w->settled = w->count;
    memset(w->since, 0, w->n * sizeof *w->since);
    memset(w->recent, 0, w->n * sizeof *w->recent);
}

void lab_window_take(struct lab_window *w, double *sum)
{
    if (w->head == w->count)
        LAB_BUG("no suffix is open");
    if (w->head == w->settled)
        settle(w);
    double *oldest = w->part[w->head++];
    for (size_t i = 0; i < w->n; i++)
        sum[i] = oldest[i] + w->since[i] + w->recent[i];
    free(oldest);
}
