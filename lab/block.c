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
    const uint32_t *drawn;        /* the data points of the present samples */
    double *part, *part_loss;     /* of mini-batches that are weighted: one sample each */
    uint32_t *part_index;
    double *xi, *star; /* of a stream: one step's samples; x* for each replica */
    double *noise;     /* of the present samples: replicas x d, or one factor each */
    double *g, *loss, *loss_star;
    double *again, *again_loss, *loss_low; /* made when first needed; that of step t */
    size_t evaluations, *more;             /* of every replica; beyond those, of each */
    size_t *diverged;                      /* per replica: the step, or 0 */
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
        .T = plan->T,
        .points = plan->facts->n,
        .f_star = plan->facts->f_star.value,
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
    if (plan->optimizer->table)
        s.table = lab_alloc(n * plan->facts->n, sizeof *s.table);
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
    b->more = lab_alloc(count, sizeof *b->more);
    if (plan->loss_low)
        b->loss_low = lab_alloc(count, sizeof *b->loss_low);
    if (plan->optimizer->random)
        b->step.rng = new_streams(plan, first, count, LAB_FOR_OPTIMIZER);
    if (plan->facts->n && plan->batch) {
        size_t chunk = DRAWN_AHEAD / (count * plan->batch);
        b->chunk = b->used = chunk ? (chunk < plan->T ? chunk : plan->T) : 1;
        b->index = lab_alloc(b->chunk * count * plan->batch, sizeof *b->index);
        b->one = lab_alloc(b->chunk * plan->batch, sizeof *b->one);
        b->sampler = lab_alloc(count, sizeof *b->sampler);
        for (size_t r = 0; r < count; r++)
            b->sampler[r] = lab_sampler_new(
                plan->sampling, lab_rng_new(plan->seed, first + r, LAB_FOR_SAMPLES),
                plan->facts->n, plan->batch, plan->odds);
        if (plan->odds && plan->batch > 1) {
            b->part = lab_alloc(n, sizeof *b->part);
            b->part_loss = lab_alloc(count, sizeof *b->part_loss);
            b->part_index = lab_alloc(count, sizeof *b->part_index);
        }
    }
    if (plan->problem->draw) {
        b->xi = lab_alloc(count * plan->batch * plan->facts->xi, sizeof *b->xi);
        b->streams = new_streams(plan, first, count, LAB_FOR_SAMPLES);
        b->star = plan->facts->minimiser ? lab_alloc(n, sizeof *b->star) : NULL;
        for (size_t i = 0; b->star && i < n; i++)
            b->star[i] = plan->facts->minimiser[i % plan->facts->d];
    }
    if (plan->noise->law != LAB_NO_NOISE) {
        b->noise = lab_alloc(n, sizeof *b->noise);
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
    free_streams(b->step.rng, b->step.replicas);
    free(b->step.vector), free(b->step.scalar), free(b->step.x), free(b->step.table);
    free(b->again), free(b->again_loss), free(b->loss_low), free(b->more);
    free(b->index), free(b->one), free(b->g), free(b->loss), free(b->loss_star);
    free(b->part), free(b->part_loss), free(b->part_index);
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

/* What the next step looks at: data points, numbers of a stream, noise. */
static void draw_samples(struct lab_block *b)
{
    const struct lab_plan *p = b->plan;
    const size_t K = b->step.replicas, B = p->batch, d = b->step.d;
    if (b->sampler) {
        if (b->used == b->chunk)
            draw_chunk(b);
        b->step.index = b->drawn = b->index + b->used++ * K * B;
    } else if (p->problem->draw) {
        for (size_t i = 0; i < K * B; i++)
            p->problem->draw(p->problem_self, b->streams[i / B], b->step.t,
                             b->xi + i * p->facts->xi);
    }
    for (size_t r = 0; b->noises && r < K; r++)
        if (lab_noise_adds(p->noise))
            lab_noise_draw(p->noise, b->noises[r], B ? B : 1, d, b->noise + r * d);
        else
            b->noise[r] = lab_noise_factor(p->noise, b->noises[r]);
}

/* Additive noise z: the sampled loss gains <z, x>, so that g is still its gradient. */
static void add_noise(const struct lab_block *b, const double *x, double *g, double *loss)
{
    const size_t d = b->step.d;
    for (size_t r = 0; r < b->step.replicas; r++) {
        const double *z = b->noise + r * d;
        double at_x = 0.0;
        for (size_t j = 0; j < d; j++) {
            g[r * d + j] += z[j];
            at_x += z[j] * x[r * d + j];
        }
        loss[r] += at_x;
    }
}

/* Multiplicative noise: the sampled loss times a factor. */
static void scale_by_noise(const struct lab_block *b, double *g, double *loss)
{
    const size_t d = b->step.d;
    for (size_t r = 0; r < b->step.replicas; r++) {
        for (size_t j = 0; j < d; j++)
            g[r * d + j] *= b->noise[r];
        loss[r] *= b->noise[r];
    }
}

/* g and loss of data points with weights of their own, which a mean over a mini-batch cannot
 * tell apart: sample k of every replica at a time. */
static void evaluate_weighted(struct lab_block *b, size_t known, const double *x,
                              double *g, double *loss)
{
    const struct lab_plan *p = b->plan;
    const size_t K = b->step.replicas, B = p->batch, d = b->step.d;
    double *one = B > 1 ? b->part : g, *one_loss = B > 1 ? b->part_loss : loss;
    for (size_t k = 0; k < B; k++) {
        struct lab_sample sample = {.batch = 1, .index = b->drawn, .known = known};
        if (B > 1) {
            for (size_t r = 0; r < K; r++)
                b->part_index[r] = b->drawn[r * B + k];
            sample.index = b->part_index, sample.known = K;
        }
        p->problem->gradient(p->problem_self, &sample, K, x, one, one_loss);
        for (size_t r = 0; r < K; r++) {
            const double w = p->odds->weight[sample.index[r]] / (double)B;
            for (size_t j = r * d; j < (r + 1) * d; j++)
                g[j] = w * one[j] + (k ? g[j] : 0.0);
            loss[r] = w * one_loss[r] + (k ? loss[r] : p->odds->rest);
        }
    }
}

/* The mean weight of a replica's present samples. */
static double weight_of(const struct lab_block *b, size_t r)
{
    const struct lab_plan *p = b->plan;
    double sum = 0.0;
    if (!p->odds)
        return 1.0;
    for (size_t k = 0; k < p->batch; k++)
        sum += p->odds->weight[b->drawn[r * p->batch + k]];
    return sum / (double)p->batch;
}

/* g and loss at x for the present samples. */
static void evaluate(struct lab_block *b, const double *x, double *g, double *loss)
{
    const struct lab_plan *p = b->plan;
    const size_t K = b->step.replicas, B = p->batch;
    if (b->sampler) {
        const size_t end = b->chunk * K * B, at = (size_t)(b->drawn - b->index);
        const struct lab_sample sample = {
            .batch = B, .index = b->drawn, .known = end - at};
        if (p->odds)
            evaluate_weighted(b, end - at, x, g, loss);
        else
            p->problem->gradient(p->problem_self, &sample, K, x, g, loss);
    } else if (p->problem->draw) {
        const struct lab_sample sample = {.batch = B, .xi = b->xi};
        p->problem->gradient(p->problem_self, &sample, K, x, g, loss);
    } else {
        p->problem->objective(p->problem_self, K, x, loss, g);
    }
    if (lab_noise_adds(p->noise))
        add_noise(b, x, g, loss);
    else if (b->noises)
        scale_by_noise(b, g, loss);
    b->step.loss = loss;
}

/* Means over each mini-batch of a table of n numbers. */
static void average_table(const struct lab_block *b, const double *table, double *mean)
{
    const size_t B = b->plan->batch;
    for (size_t r = 0; r < b->step.replicas; r++) {
        double sum = 0.0;
        for (size_t k = 0; k < B; k++)
            sum += table[b->drawn[r * B + k]];
        mean[r] = sum / (double)B;
    }
}

/* The loss at x* for the present samples; of a stream by a second look at them. */
static void evaluate_star(struct lab_block *b)
{
    const struct lab_plan *p = b->plan;
    const size_t K = b->step.replicas, d = b->step.d;
    const double *star = p->facts->minimiser;
    if (b->sampler) {
        average_table(b, p->loss_star, b->loss_star);
    } else if (p->problem->draw) {
        const struct lab_sample sample = {.batch = p->batch, .xi = b->xi};
        p->problem->gradient(p->problem_self, &sample, K, b->star, NULL, b->loss_star);
    } else {
        for (size_t r = 0; r < K; r++)
            b->loss_star[r] = p->facts->f_star.value;
    }
    for (size_t r = 0; b->noises && r < K; r++) {
        double at_star = 0.0;
        for (size_t j = 0; lab_noise_adds(p->noise) && j < d; j++)
            at_star += b->noise[r * d + j] * star[j];
        b->loss_star[r] *= lab_noise_adds(p->noise) ? 1.0 : b->noise[r];
        b->loss_star[r] += at_star;
    }
}

static void evaluate_low(struct lab_block *b)
{
    if (b->sampler)
        average_table(b, b->plan->loss_low, b->loss_low);
    else
        for (size_t r = 0; r < b->step.replicas; r++)
            b->loss_low[r] = b->plan->facts->f_star.value;
    b->step.loss_low = b->loss_low;
}

/* Gradients of single samples in a stochastic one, in a full one. */
static size_t cost(const struct lab_plan *p)
{
    return p->batch ? p->batch : p->facts->n ? p->facts->n : 1;
}

static size_t full_cost(const struct lab_plan *p)
{
    return p->facts->n ? p->facts->n : 1;
}

/* The second gradient of a step, and its loss. */
static double *room_for_another(struct lab_block *b)
{
    if (!b->again) {
        b->again = lab_alloc(b->step.n, sizeof *b->again);
        b->again_loss = lab_alloc(b->step.replicas, sizeof *b->again_loss);
    }
    return b->again;
}

/* Shows the observers step t; y: where g_t was taken. */
static void show(struct lab_block *b, const double *y)
{
    const struct lab_step *s = &b->step;
    const double *loss = b->loss;
    bool elsewhere = false;
    for (size_t i = 0; i < b->observers && y != s->x; i++)
        elsewhere |= b->observer[i].losses;
    if (elsewhere) {
        double *g = room_for_another(b);
        evaluate(b, s->x, g, b->again_loss);
        b->step.loss = b->loss;
        loss = b->again_loss;
    }
    const struct lab_moment m = {.t = s->t,
                                 .replicas = s->replicas,
                                 .d = s->d,
                                 .eta = s->eta,
                                 .x = s->x,
                                 .g = b->g,
                                 .loss = loss,
                                 .loss_star = s->loss_star,
                                 .x_star = b->plan->facts->minimiser};
    for (size_t i = 0; i < b->observers; i++)
        b->observer[i].see(b->observer[i].self, &m);
}

/* Of a method that takes h of f = s + h by its prox: g is left with the part of s.  Weights and
 * multiplicative noise have scaled both parts; the prox is that of h unscaled. */
static double *smooth_part(const struct lab_block *b, const double *y, double *g)
{
    const struct lab_plan *p = b->plan;
    const bool scaled = b->noises && !lab_noise_adds(p->noise);
    if (!p->optimizer->prox || !p->problem->penalty)
        return g;
    for (size_t r = 0; r < b->step.replicas; r++)
        p->problem->penalty(p->problem_self,
                            -weight_of(b, r) * (scaled ? b->noise[r] : 1.0),
                            y + r * b->step.d, g + r * b->step.d);
    return g;
}

const double *lab_gradient_at(struct lab_step *s, const double *y)
{
    struct lab_block *b = s->block;
    draw_samples(b);
    evaluate(b, y, b->g, b->loss);
    b->evaluations += cost(b->plan);
    if (b->plan->facts->minimiser) {
        evaluate_star(b);
        s->loss_star = b->loss_star;
    }
    if (b->loss_low)
        evaluate_low(b);
    show(b, y);
    return smooth_part(b, y, b->g);
}

const double *lab_gradient(struct lab_step *s)
{
    return lab_gradient_at(s, s->x);
}

const double *lab_gradient_again(struct lab_step *s, const double *y)
{
    struct lab_block *b = s->block;
    double *g = room_for_another(b);
    evaluate(b, y, g, b->again_loss);
    b->evaluations += cost(b->plan);
    return smooth_part(b, y, g);
}

const double *lab_gradient_fresh(struct lab_step *s, const double *y)
{
    draw_samples(s->block);
    return lab_gradient_again(s, y);
}

void lab_full_gradient(struct lab_step *s, size_t r, size_t count, const double *y,
                       double *g)
{
    struct lab_block *b = s->block;
    const struct lab_plan *p = b->plan;
    room_for_another(b);
    p->problem->objective(p->problem_self, count, y, b->again_loss, g);
    for (size_t k = 0; k < count; k++) {
        b->more[r + k] += full_cost(p);
        if (p->optimizer->prox && p->problem->penalty)
            p->problem->penalty(p->problem_self, -1.0, y + k * s->d, g + k * s->d);
    }
}

void lab_sample_gradient(struct lab_step *s, size_t r, uint32_t i, const double *y,
                         double *g)
{
    const struct lab_plan *p = s->block->plan;
    const struct lab_sample sample = {.batch = 1, .index = &i, .known = 1};
    double loss;
    p->problem->gradient(p->problem_self, &sample, 1, y, g, &loss);
    if (p->optimizer->prox && p->problem->penalty)
        p->problem->penalty(p->problem_self, -1.0, y, g);
    s->block->more[r]++;
}

void lab_prox(struct lab_step *s, double eta, double *y)
{
    const struct lab_plan *p = s->block->plan;
    if (p->problem->prox)
        p->problem->prox(p->problem_self, eta, s->replicas, y);
}

void lab_project(struct lab_step *s, double *y)
{
    lab_domain_project(s->block->plan->domain, s->replicas, y);
}

void lab_exponentiate(struct lab_step *s, double *y)
{
    for (size_t r = 0; r < s->replicas; r++)
        lab_softmax(s->d, y + r * s->d);
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
        if (!p->optimizer->feasible)
            lab_domain_project(p->domain, s->replicas, s->x);
        if (b->frozen_x || !all_finite(s->x, s->replicas, s->d))
            freeze(b); /* once one is frozen its update is undone at every step */
    }
}

const double *lab_block_x(const struct lab_block *b)
{
    return b->step.x;
}

size_t lab_block_evaluations(const struct lab_block *b, size_t r)
{
    return b->evaluations + b->more[r];
}

size_t lab_block_diverged(const struct lab_block *b, size_t r)
{
    return b->diverged[r];
}
