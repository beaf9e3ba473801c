/* lab/watching.c -- see watching.h */
#include "lab/watching.h"

#include <stdlib.h>

struct lab_watching {
    struct lab_watcher *watcher;
    size_t watchers;
    const struct lab_plan *plan;
    size_t first, count, rows, d;
    double **kept; /* per watcher: replicas x numbers */
    double *f, *grad;
};

static size_t numbers(const struct lab_watching *w, size_t i)
{
    return w->watcher[i].bound->watch.numbers(w->d);
}

struct lab_watching *lab_watching_new(struct lab_watcher *watcher, size_t watchers,
                                      const struct lab_plan *plan, size_t first,
                                      size_t count, size_t rows)
{
    struct lab_watching *w = lab_alloc(1, sizeof *w);
    *w = (struct lab_watching){.watcher = watcher,
                               .watchers = watchers,
                               .plan = plan,
                               .first = first,
                               .count = count,
                               .rows = rows,
                               .d = plan->facts->d,
                               .kept = lab_alloc(watchers, sizeof *w->kept)};
    bool objective = false;
    for (size_t i = 0; i < watchers; i++) {
        w->kept[i] = lab_alloc(count * numbers(w, i), sizeof **w->kept);
        objective |= watcher[i].bound->watch.objective;
    }
    if (objective) {
        w->f = lab_alloc(count, sizeof *w->f);
        w->grad = lab_alloc(count * w->d, sizeof *w->grad);
    }
    return w;
}

void lab_watching_free(struct lab_watching *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->watchers; i++)
        free(w->kept[i]);
    free(w->kept), free(w->f), free(w->grad), free(w);
}

void lab_watching_see(void *self, const struct lab_moment *moment)
{
    struct lab_watching *w = self;
    struct lab_moment m = *moment;
    m.f = w->f, m.grad = w->grad;
    if (w->f)
        w->plan->problem->objective(w->plan->problem_self, w->count, m.x, w->f, w->grad);
    for (size_t i = 0; i < w->watchers; i++)
        for (size_t r = 0; r < w->count; r++)
            w->watcher[i].bound->watch.see(w->watcher[i].inputs, &m, r,
                                           w->kept[i] + r * numbers(w, i));
}

void lab_watching_record(struct lab_watching *w, size_t k, size_t t, size_t r, bool gone,
                         void (*later)(void *context, const double *x, double *f),
                         void *context)
{
    const size_t to = (w->first + r) * w->rows + k;
    for (size_t i = 0; i < w->watchers; i++) {
        const struct lab_watcher *one = &w->watcher[i];
        const struct lab_watch *watch = &one->bound->watch;
        const double *kept = w->kept[i] + r * numbers(w, i);
        if (one->rhs)
            one->rhs[to] = gone ? INFINITY : watch->rhs(one->inputs, w->d, t, kept);
        if (one->own && !gone && watch->point)
            later(context, watch->point(one->inputs, w->d, t, kept), &one->own[to]);
        else if (one->own)
            one->own[to] = gone ? INFINITY : watch->own(one->inputs, w->d, t, kept);
    }
}
