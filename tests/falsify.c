/*
 * tests/falsify.c -- looks for a violated theorem: every problem with every optimizer that
 * fits it, with settings drawn at random from a fixed seed, every bound that claims to apply.
 *
 *   falsify [SECONDS [SEED]]     300 s, seed 1; 0 s: three settings of every pair
 *
 * Prints a line for every certified bound that is violated, with the config that shows it, then
 * what was tried.  Exit status 3 if there was one.  A verdict over seeds may err once in 1000
 * times (lab/judge.c), so a violation of a mean is looked at again with other seeds and four times
 * as many; only what is violated again counts.
 */
#include <time.h>

#include "tests/helpers.h"

enum { SETTINGS = 3, TEXT = 4096 };

static gsl_rng *rng;

static size_t pick(size_t n)
{
    return gsl_rng_uniform_int(rng, n);
}

#define ONE_OF(list) list[pick(sizeof(list) / sizeof *(list))]

static const struct lab_param *option(const struct lab_plugin *plugin, const char *name)
{
    for (const struct lab_param *p = plugin->params; p && p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

__attribute__((format(printf, 2, 3))) static void append(char *text, const char *format,
                                                         ...)
{
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, TEXT - used, format, args);
    va_end(args);
}

/* One of the words of "a|b|c". */
static void append_word(char *text, const char *name, const char *words)
{
    size_t count = 1;
    for (const char *c = words; *c; c++)
        count += *c == '|';
    for (size_t skip = pick(count); skip; skip--)
        words = strchr(words, '|') + 1;
    append(text, "%s = '%.*s'; ", name, (int)strcspn(words, "|"), words);
}

/* Options of an optimizer: those required, and now and then another value. */
static void append_options(char *text, const struct lab_plugin *plugin)
{
    static const double reals[] = {0.0, 0.5, 0.9, 1.0, 4.0};
    for (const struct lab_param *p = plugin->params; p && p->name; p++) {
        const bool needed = p->fallback == LAB_REQUIRED;
        const double value = p->type == LAB_COUNT ? (double)(1 + pick(9)) : ONE_OF(reals);
        if (!needed && pick(3))
            continue;
        if (p->type == LAB_FLAG)
            append(text, "%s = %s; ", p->name, pick(2) ? "true" : "false");
        else if (p->type == LAB_TEXT && p->range)
            append_word(text, p->name, p->range);
        else if (p->type == LAB_COUNT ||
                 (p->type == LAB_REAL && lab_in_range(p->range, value)))
            append(text, "%s = %g; ", p->name, value);
        else if (needed)
            append(text, "%s = 4; ", p->name);
    }
}

static void append_problem(char *text, const struct lab_entry *problem)
{
    static const char *const domains[] = {
        "", "", "domain = { type = 'ball'; radius = 2; }; ",
        "domain = { type = 'box'; lower = -1; upper = 1.5; }; ",
        "domain = { type = 'simplex'; }; "};
    static const char *const noises[] = {
        "",
        "",
        "noise = { sigma = 0.3; }; ",
        "noise = { type = 'rademacher'; sigma = 0.5; }; ",
        "noise = { type = 'student_t'; scale = 0.2; index = 5; }; ",
        "noise = { type = 'pareto'; scale = 0.1; index = 1.5; }; ",
        "noise = { type = 'multiplicative'; sigma = 0.5; }; "};
    const struct lab_plugin *plugin = problem->plugin;
    append(text, "problems = ( { type = '%s'; ", problem->name);
    if (option(plugin, "data"))
        append(text, "n = %zu; ", 5 + pick(40));
    if (option(plugin, "d"))
        append(text, "d = %zu; ", 2 + pick(5));
    if (option(plugin, "l2") && pick(2))
        append(text, "l2 = 0.1; ");
    if (option(plugin, "f"))
        append(text, "f = 'x1^2 + 0.5*(x1 - x2)^2'; ");
    append(text, "%s%s} ); ", ONE_OF(domains), ONE_OF(noises));
}

/* The theorems that prescribe learning rates, one of them. */
static const char *prescriber(void)
{
    const char *names[256];
    size_t count = 0;
    for (const struct lab_entry *e = lab_registry; e->name; e++)
        if (e->kind == LAB_KIND_bound &&
            ((const struct lab_bound *)e->plugin)->prescription.formula && count < 256)
            names[count++] = e->name;
    return names[pick(count)];
}

static void append_schedules(char *text, bool theory)
{
    static const char *const shapes[] = {"type = 'constant';",
                                         "type = 'inv_sqrt';",
                                         "type = 'inv_t';",
                                         "type = 'linear';",
                                         "type = 'cosine';",
                                         "type = 'wsd'; ",
                                         "type = 'inv_t'; offset = 5;",
                                         "type = 'inv_sqrt'; warmup = 3;"};
    static const double rates[] = {0.003, 0.03, 0.1, 0.5, 1.0};
    append(text, "schedules = ( { type = 'constant'; eta = %g; }", ONE_OF(rates));
    for (size_t i = 0; i < 3; i++)
        append(text, ", { %s eta = %g; }", ONE_OF(shapes), ONE_OF(rates));
    if (theory)
        append(text, ", { type = 'theory'; bound = '%s'; }", prescriber());
    append(text, " ); ");
}

/* A config at random; `again`: other seeds, four times as many. */
static void write_config(char *text, const struct lab_entry *problem,
                         const struct lab_entry *optimizer, bool theory)
{
    static const size_t lengths[] = {5, 20, 60, 150};
    static const char *const batches[] = {"1", "1", "3", "'full'"};
    static const char *const samplings[] = {
        "iid", "iid", "iid", "without_replacement", "importance", "reshuffle"};
    *text = '\0';
    append(text, "steps = %zu; every = %zu; batch = %s; sampling = '%s'; ",
           ONE_OF(lengths), pick(2), ONE_OF(batches), ONE_OF(samplings));
    append(text, "bounds = ( 'all' ); ");
    append_problem(text, problem);
    append(text, "optimizers = ( { type = '%s'; ", optimizer->name);
    append_options(text, optimizer->plugin);
    append(text, "} ); ");
    append_schedules(text, theory);
}

static struct {
    size_t configs, arms, refused, found;
    size_t count[LAB_UNDECIDED + 1];
    size_t *applied; /* per registry entry */
} total;

static struct lab_run *try_run(const char *text, size_t seed, size_t seeds)
{
    struct lab_mistakes mistakes = {0};
    char *whole = lab_text("seed = %zu; seeds = %zu; %s", seed, seeds, text);
    struct lab_experiment *e = try_experiment(whole, &mistakes);
    struct lab_run *run = mistakes.count ? NULL : run_with(e, 2, 0);
    if (!run)
        lab_experiment_free(e);
    lab_mistakes_free(&mistakes);
    free(whole);
    return run;
}

static bool is_broken(const struct lab_claim *c)
{
    return c->verdict == LAB_VIOLATED && c->status == LAB_CERTIFIED;
}

/* A mean that is broken must be so again; a path is at once. */
static void examine(const char *text, const struct lab_run *run, size_t i, size_t k)
{
    const struct lab_claim *c = &run->arm[i].claim[k];
    if (c->limit->mode != LAB_PATH && c->limit->mode != LAB_LOWER) {
        struct lab_run *again = try_run(text, 1000, 4 * run->e->seeds);
        const bool broken = is_broken(&again->arm[i].claim[k]);
        close_run(again);
        if (!broken)
            return;
    }
    total.found++;
    printf("%s on %s, arm %zu: %s\n    %s\n", c->entry->name,
           lab_metric_cards[c->metric].name, i + 1, c->reason, text);
}

static void count_run(const char *text, const struct lab_run *run)
{
    total.configs++;
    for (size_t i = 0; i < run->arms; i++) {
        total.arms++;
        for (size_t k = 0; k < run->arm[i].claims; k++) {
            const struct lab_claim *c = &run->arm[i].claim[k];
            if (c->status == LAB_NOT_APPLICABLE)
                continue;
            total.applied[c->entry - lab_registry]++;
            if (c->status == LAB_CERTIFIED)
                total.count[c->verdict]++;
            if (is_broken(c))
                examine(text, run, i, k);
        }
    }
}

static void one(const struct lab_entry *problem, const struct lab_entry *optimizer)
{
    char text[TEXT];
    struct lab_run *run = NULL;
    write_config(text, problem, optimizer, true);
    if (!(run = try_run(text, 1, 24))) { /* theory may need a fact that is unknown */
        write_config(text, problem, optimizer, false);
        run = try_run(text, 1, 24);
    }
    if (!run) {
        total.refused++;
        return;
    }
    count_run(text, run);
    close_run(run);
}

/* Every pair once. */
static void round_of_pairs(time_t until)
{
    for (const struct lab_entry *p = lab_registry; p->name; p++)
        for (const struct lab_entry *o = lab_registry;
             p->kind == LAB_KIND_problem && o->name; o++) {
            if (until && time(NULL) > until)
                return;
            if (o->kind == LAB_KIND_optimizer)
                one(p, o);
        }
}

static void report(void)
{
    size_t idle = 0, entries = 0;
    for (const struct lab_entry *e = lab_registry; e->name; e++, entries++)
        if (e->kind == LAB_KIND_bound && !total.applied[entries])
            printf("%s%s", idle++ ? ", " : "never applied: ", e->name);
    printf("%s%zu configs (%zu drawn ones refused), %zu arms; certified claims: %zu "
           "hold, %zu "
           "undecided, %zu violated on a first look, %zu found\n",
           idle ? "\n" : "", total.configs, total.refused, total.arms,
           total.count[LAB_HOLDS], total.count[LAB_UNDECIDED], total.count[LAB_VIOLATED],
           total.found);
}

int main(int argc, char **argv)
{
    const long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 300;
    const size_t seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    const time_t until = seconds ? time(NULL) + seconds : 0;
    size_t entries = 0;
    for (const struct lab_entry *e = lab_registry; e->name; e++)
        entries++;
    rng = lab_rng_new(seed, 0, LAB_FOR_TESTS);
    total.applied = lab_alloc(entries, sizeof *total.applied);
    for (size_t i = 0; until ? time(NULL) < until : i < SETTINGS; i++)
        round_of_pairs(until);
    report();
    gsl_rng_free(rng);
    free(total.applied);
    return total.found ? 3 : 0;
}
