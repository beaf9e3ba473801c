/* lab/slack.c -- see slack.h */
#include "lab/slack.h"

#include <stdlib.h>

/* Of one replica, after steps 1..t. */
struct path {
    double convexity, linear;    /* sums; linear: eta_s (<g_s, x_s - x*> - q_s) */
    double gained, gained_plain; /* p_s/(2 eta_s), p_s for s < t */
    double steps, squares;       /* eta_s ‖g_s‖^2/2, eta_s^2 ‖g_s‖^2 */
    double sum, sum2;            /* eta_s, eta_s^2 */
    double distances;            /* (d_s^2/2)(1/eta_s - 1/eta_{s-1}) */
    double most_g2, most_d2;
    double unprojected;   /* ‖x_t - eta_t g_t - x*‖^2 */
    double weighted, gap; /* sum eta_s q_s, q_t */
};

struct lab_slack {
    const struct lab_plan *plan;
    size_t count, d;
    struct path *path;
    double *f; /* NULL: not for the last iterate */
};

struct lab_slack *lab_slack_new(const struct lab_plan *plan, size_t count, bool last)
{
    struct lab_slack *s = lab_alloc(1, sizeof *s);
    *s = (struct lab_slack){.plan = plan,
                            .count = count,
                            .d = plan->facts->d,
                            .path = lab_alloc(count, sizeof *s->path),
                            .f = last ? lab_alloc(count, sizeof *s->f) : NULL};
    return s;
}

void lab_slack_free(struct lab_slack *s)
{
    if (s)
        free(s->path), free(s->f);
    free(s);
}

static double distance2(size_t d, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t j = 0; j < d; j++)
        sum += (x[j] - y[j]) * (x[j] - y[j]);
    return sum;
}

/* What projection gained in the step that led to x, now that x is known. */
static double gain(const struct path *p, double d2)
{
    return fmax(p->unprojected - d2, 0.0);
}

static void see_one(struct path *p, const struct lab_moment *m, size_t r, double before)
{
    const double *x = m->x + r * m->d, *g = m->g + r * m->d, eta = m->eta;
    const double d2 = distance2(m->d, x, m->x_star);
    double inner = 0.0, g2 = 0.0, unprojected = 0.0;
    for (size_t j = 0; j < m->d; j++) {
        const double off = x[j] - m->x_star[j], next = off - eta * g[j];
        inner += g[j] * off;
        g2 += g[j] * g[j];
        unprojected += next * next;
    }
    if (m->t > 1) {
        p->gained += gain(p, d2) / (2.0 * before);
        p->gained_plain += gain(p, d2);
    }
    p->convexity += inner - (m->loss[r] - m->loss_star[r]);
    p->sum += eta;
    p->sum2 += eta * eta;
    p->steps += 0.5 * eta * g2;
    p->squares += eta * eta * g2;
    p->distances += 0.5 * d2 * (1.0 / eta - (m->t > 1 ? 1.0 / before : 0.0));
    p->most_g2 = fmax(p->most_g2, g2);
    p->most_d2 = fmax(p->most_d2, d2);
    p->unprojected = unprojected;
    if (m->f) {
        p->gap = m->f[r];
        p->weighted += eta * p->gap;
        p->linear += eta * (inner - p->gap);
    }
}

void lab_slack_see(void *self, const struct lab_moment *moment)
{
    struct lab_slack *s = self;
    struct lab_moment m = *moment;
    const double before = m.t > 1 ? s->plan->eta[m.t - 2] : NAN;
    m.f = s->f;
    if (s->f) {
        s->plan->problem->objective(s->plan->problem_self, s->count, m.x, s->f, NULL);
        for (size_t r = 0; r < s->count; r++)
            s->f[r] -= s->plan->facts->f_star.value;
    }
    for (size_t r = 0; r < s->count; r++)
        see_one(&s->path[r], &m, r, before);
}

/* eta_t + sum_{k<t} eta_k^2/S_{k+1}, of which sum eta^2/S_1 is the first sum's: the third term
 * of the bound, without G2/2. */
static double suffixes(const double *eta, size_t t, double sum, double sum2)
{
    double after = eta[t - 1], total = eta[t - 1];
    for (size_t k = t - 1; k >= 1; k--) {
        total += eta[k - 1] * eta[k - 1] / after;
        after += eta[k - 1];
    }
    return total - sum2 / sum;
}

void lab_slack_parts(const struct lab_slack *s, size_t r, size_t t, const double *next,
                     double part[LAB_PARTS])
{
    const struct path *p = &s->path[r];
    const struct lab_facts *facts = s->plan->facts;
    const double *eta = s->plan->eta, last = eta[t - 1], T = (double)t;
    const double d2 = distance2(s->d, next, facts->minimiser), gained = gain(p, d2);
    part[LAB_PART_CONVEXITY] = p->convexity / T;
    part[LAB_PART_GRADIENT] = (0.5 * p->most_g2 * p->sum - p->steps) / T;
    part[LAB_PART_DISTANCE] = (p->most_d2 / (2.0 * last) - p->distances) / T;
    part[LAB_PART_LAST] = d2 / (2.0 * last) / T;
    part[LAB_PART_PROJECTION] = (p->gained + gained / (2.0 * last)) / T;
    if (!s->f)
        return;
    const double G2 = facts->G2.value;
    part[LAB_PART_AVERAGE_DISTANCE] = (d2 + p->gained_plain + gained) / (2.0 * p->sum);
    part[LAB_PART_AVERAGE_GRADIENT] = (G2 * p->sum2 - p->squares) / (2.0 * p->sum);
    part[LAB_PART_AVERAGE_CONVEXITY] = p->linear / p->sum;
    part[LAB_PART_SUFFIX] =
        0.5 * G2 * suffixes(eta, t, p->sum, p->sum2) - (p->gap - p->weighted / p->sum);
}
