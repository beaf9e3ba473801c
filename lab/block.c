/* lab/block.c -- see block.h.  This file holds the hot loop. */
#include "lab/block.h"

#include <stdlib.h>
#include <string.h>

#include "lab/random.h"

enum { DRAWN_AHEAD = 1 << 14 }; /* data indices kept per block, about */

struct lab_block {
    const struct lab_plan *plan;
    const struct lab_observer *observer;
    size_t observers;
    struct lab_step step;
    gsl_rng **streams, **noises;  /* of a stream, of noise: one per replica, or NULL */
    struct lab_sampler **sampler; /* of a finite sum: one per replica, or NULL */
    uint32_t *index, *one;        /* chunk x replicas x batch; chunk x batch */
    size_t chunk, used;           /* steps drawn at a time; of those taken */
    double *xi, *star; /* of a stream: one step's samples; x* for each replica */
    double *g, *loss, *loss_star, *noise;
    size_t *diverged; /* per replica: the step, or 0 */
    double *frozen_x;
};

static gsl_rng **new_streams(const struct lab_plan *plan, size_t first, size_t count,
                             enum lab_purpose purpose)
{
    gsl_rng **rng = lab_alloc(count, sizeof(gsl_rng *));
    for (size_t r = 0; r < count; r++)
        rng[r] = lab_rng_new(plan->seed, first + r, purpose);
    return rng;
}

static void free_streams(gsl_rng **rng, size_t count)
{
    for (size_t r = 0; rng && r < count; r++)
        gsl_rng_free(rng[r]);
    free(rng);
}

static struct lab_step new_step(struct lab_block *b, size_t count)
{
    const struct lab_plan *plan = b->plan;
    const size_t d = plan->facts->d, n = count * d;
    struct lab_step s = {
        .t = 1,
        .replicas = count,
        .d = d,
        .n = n,
        .x = lab_alloc(n, sizeof *s.x),
        .vector = lab_alloc(plan->optimizer->vectors, sizeof *s.vector),
        .scalar = lab_alloc(count * plan->optimizer->scalars, sizeof *s.scalar),
        .block = b,
    };
    for (unsigned k = 0; k < plan->optimizer->vectors; k++)
        s.vector[k] = lab_alloc(n, sizeof **s.vector);
    for (size_t r = 0; r < count; r++)
        memcpy(s.x + r * d, plan->facts->x1, d * sizeof *s.x);
    return s;
}

struct lab_block *lab_block_new(const struct lab_plan *plan, size_t first, size_t count,
                                const struct lab_observer *observers, size_t observed)
{
    struct lab_block *b = lab_alloc(1, sizeof *b);
    const size_t n = count * plan->facts->d;
    b->plan = plan;
    b->observer = observers;
    b->observers = observed;
    b->step = new_step(b, count);
    b->g = lab_alloc(n, sizeof *b->g);
    b->loss = lab_alloc(count, sizeof *b->loss);
    b->loss_star = lab_alloc(count, sizeof *b->loss_star);
    b->diverged = lab_alloc(count, sizeof *b->diverged);
    if (plan->facts->n && plan->batch) {
        size_t chunk = DRAWN_AHEAD / (count * plan->batch);
        b->chunk = b->used = chunk ? (chunk < plan->T ? chunk : plan->T) : 1;
        b->index = lab_alloc(b->chunk * count * plan->batch, sizeof *b->index);
        b->one = lab_alloc(b->chunk * plan->batch, sizeof *b->one);
        b->sampler = lab_alloc(count, sizeof *b->sampler);
        for (size_t r = 0; r < count; r++)
            b->sampler[r] = lab_sampler_new(
                plan->sampling, lab_rng_new(plan->seed, first + r, LAB_FOR_SAMPLES),
                plan->facts->n, plan->batch);
    }
    if (plan->problem->draw) {
        b->xi = lab_alloc(count * plan->batch * plan->facts->xi, sizeof *b->xi);
        b->streams = new_streams(plan, first, count, LAB_FOR_SAMPLES);
        b->star = plan->facts->minimiser ? lab_alloc(n, sizeof *b->star) : NULL;
        for (size_t i = 0; b->star && i < n; i++)
            b->star[i] = plan->facts->minimiser[i % plan->facts->d];
    }
    if (plan->noise->law != LAB_NO_NOISE) {
        b->noise = lab_alloc(plan->facts->d, sizeof *b->noise);
        b->noises = new_streams(plan, first, count, LAB_FOR_NOISE);
    }
    return b;
}

void lab_block_free(struct lab_block *b)
{
    if (!b)
        return;
    for (unsigned k = 0; k < b->plan->optimizer->vectors; k++)
        free(b->step.vector[k]);
    for (size_t r = 0; b->sampler && r < b->step.replicas; r++)
        lab_sampler_free(b->sampler[r]);
    free(b->sampler);
    free_streams(b->streams, b->step.replicas);
    free_streams(b->noises, b->step.replicas);
    free(b->step.vector), free(b->step.scalar), free(b->step.x);
    free(b->index), free(b->one), free(b->g), free(b->loss), free(b->loss_star);
    free(b->noise), free(b->diverged), free(b->frozen_x), free(b->xi), free(b->star);
    free(b);
}

/* Draws the next chunk of steps, laid out step after step, replica after replica. */
static void draw_chunk(struct lab_block *b)
{
    const size_t K = b->step.replicas, B = b->plan->batch;
    for (size_t r = 0; r < K; r++) {
        lab_sampler_draw(b->sampler[r], b->chunk, b->one);
        for (size_t s = 0; s < b->chunk; s++)
            memcpy(b->index + (s * K + r) * B, b->one + s * B, B * sizeof *b->index);
    }
    b->used = 0;
}

/* Gradient, loss and loss at x* of a finite sum for the next samples. */
static void sample_gradient(struct lab_block *b, const double *x)
{
    const struct lab_plan *p = b->plan;
    const size_t K = b->step.replicas, B = p->batch;
    if (b->used == b->chunk)
        draw_chunk(b);
    const uint32_t *index = b->index + b->used * K * B;
    const struct lab_sample sample = {
        .batch = B, .index = index, .known = (b->chunk - b->used) * K * B};
    b->used++;
    p->problem->gradient(p->problem_self, &sample, K, x, b->g, b->loss);
    if (p->loss_star)
        for (size_t r = 0; r < K; r++) {
            double sum = 0.0;
            for (size_t k = 0; k < B; k++)
                sum += p->loss_star[index[r * B + k]];
            b->loss_star[r] = sum / (double)B;
        }
}

/* The same of a stream: new samples, the loss at x* by a second look at them. */
static void stream_gradient(struct lab_block *b, const double *x)
{
    const struct lab_plan *p = b->plan;
    const size_t K = b->step.replicas, B = p->batch, width = p->facts->xi;
    for (size_t r = 0; r < K; r++)
        for (size_t k = 0; k < B; k++)
            p->problem->draw(p->problem_self, b->streams[r], b->step.t,
                             b->xi + (r * B + k) * width);
    const struct lab_sample sample = {.batch = B, .xi = b->xi};
    p->problem->gradient(p->problem_self, &sample, K, x, b->g, b->loss);
    if (b->star)
        p->problem->gradient(p->problem_self, &sample, K, b->star, NULL, b->loss_star);
}

/* Additive noise z: the sampled loss gains <z, x>, so that g is still its gradient. */
static void add_noise(struct lab_block *b, const double *x)
{
    const struct lab_plan *p = b->plan;
    const size_t d = b->step.d;
    const double *star = p->facts->minimiser;
    for (size_t r = 0; r < b->step.replicas; r++) {
        double at_x = 0.0, at_star = 0.0;
        lab_noise_draw(p->noise, b->noises[r], p->batch ? p->batch : 1, d, b->noise);
        for (size_t j = 0; j < d; j++) {
            b->g[r * d + j] += b->noise[j];
            at_x += b->noise[j] * x[r * d + j];
            at_star += star ? b->noise[j] * star[j] : 0.0;
        }
        b->loss[r] += at_x;
        b->loss_star[r] += at_star;
    }
}

/* Multiplicative noise: the sampled loss times a factor. */
static void scale_by_noise(struct lab_block *b)
{
    const size_t d = b->step.d;
    for (size_t r = 0; r < b->step.replicas; r++) {
        const double factor = lab_noise_factor(b->plan->noise, b->noises[r]);
        for (size_t j = 0; j < d; j++)
            b->g[r * d + j] *= factor;
        b->loss[r] *= factor;
        b->loss_star[r] *= factor;
    }
}

const double *lab_gradient(struct lab_step *s)
{
    struct lab_block *b = s->block;
    const struct lab_plan *p = b->plan;
    const bool star = p->facts->minimiser != NULL;
    if (b->sampler) {
        sample_gradient(b, s->x);
    } else if (p->problem->draw) {
        stream_gradient(b, s->x);
    } else {
        p->problem->objective(p->problem_self, s->replicas, s->x, b->loss, b->g);
        for (size_t r = 0; star && r < s->replicas; r++)
            b->loss_star[r] = p->facts->f_star.value;
    }
    if (lab_noise_adds(p->noise))
        add_noise(b, s->x);
    else if (b->noises)
        scale_by_noise(b);
    const struct lab_moment m = {s->t, s->replicas, s->d,    s->eta,
                                 s->x, b->g,        b->loss, star ? b->loss_star : NULL};
    for (size_t i = 0; i < b->observers; i++)
        b->observer[i].see(b->observer[i].self, &m);
    return b->g;
}

/* True if every row is finite with ‖x‖ <= 1e150; NaN and inf fail the comparison. */
LAB_HOT static bool all_finite(const double *x, size_t replicas, size_t d)
{
    bool good = true;
    for (size_t r = 0; r < replicas; r++, x += d) {
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < d; j++)
            sum += x[j] * x[j];
        good &= sum <= 1e300;
    }
    return good;
}

/* Freezes what has diverged: such rows stay as the update of step t left them. */
static void freeze(struct lab_block *b)
{
    const size_t d = b->step.d;
    if (!b->frozen_x)
        b->frozen_x = lab_alloc(b->step.n, sizeof *b->frozen_x);
    for (size_t r = 0; r < b->step.replicas; r++) {
        double *x = b->step.x + r * d, *kept = b->frozen_x + r * d;
        if (b->diverged[r]) {
            memcpy(x, kept, d * sizeof *x);
        } else if (!all_finite(x, 1, d)) {
            b->diverged[r] = b->step.t;
            memcpy(kept, x, d * sizeof *x);
        }
    }
}

void lab_block_advance(struct lab_block *b, size_t t)
{
    const struct lab_plan *p = b->plan;
    void (*const step)(const void *, struct lab_step *) = p->optimizer->step;

    for (struct lab_step *s = &b->step; s->t < t; s->t++) {
        s->eta = p->eta[s->t - 1];
        s->eta_next = p->eta[s->t < p->T ? s->t : p->T - 1];
        step(p->optimizer_self, s);
        lab_domain_project(p->domain, s->replicas, s->x);
        if (!all_finite(s->x, s->replicas, s->d))
            freeze(b);
    }
}

const double *lab_block_x(const struct lab_block *b)
{
    return b->step.x;
}

size_t lab_block_diverged(const struct lab_block *b, size_t r)
{
    return b->diverged[r];
}
