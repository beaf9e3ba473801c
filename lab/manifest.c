/* lab/manifest.c -- manifest.json: what was run, on what, with which facts; see results.h
 */
#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "lab/facts.h"
#include "lab/output.h"
#include "lab/results.h"

extern char *openblas_get_corename(void); /* OpenBLAS; its header is not used */
extern char *openblas_get_config(void);

/* JSON has no nan or inf: what is not a number is null. */
static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(const char *value)
{
    json_t *string = value ? json_string(value) : NULL; /* NULL if it is not UTF-8 */
    return string ? string : json_null();
}

static json_t *facts_json(const struct lab_facts *f)
{
    json_t *all = json_object();
    for (const struct lab_fact_card *card = lab_fact_cards; card->name; card++) {
        const struct lab_fact *fact = lab_fact_at(f, card);
        json_t *value = number(fact->value);
        if (strcmp(card->name, "x_star") == 0 && f->minimiser) {
            json_decref(value);
            value = json_array();
            for (size_t j = 0; j < f->d; j++)
                json_array_append_new(value, number(f->minimiser[j]));
        }
        json_object_set_new(all, card->name,
                            json_pack("{s:o, s:s, s:o}", "value", value, "status",
                                      lab_status_text(fact->status), "source",
                                      text(fact->source)));
    }
    json_object_set_new(all, "d",
                        json_pack("{s:I, s:s, s:s}", "value", (json_int_t)f->d, "status",
                                  "analytic", "source", "dimension"));
    json_object_set_new(all, "n",
                        json_pack("{s:I, s:s, s:s}", "value", (json_int_t)f->n, "status",
                                  "analytic", "source",
                                  f->n ? "data points" : "f is not a finite sum"));
    return all;
}

static json_t *problems_json(const struct lab_experiment *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->problems; i++) {
        const struct lab_problem_entry *p = &e->problem[i];
        char *domain = lab_domain_text(&p->domain), *noise = lab_noise_text(&p->noise);
        json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:s, s:o}", "label",
                                              text(p->label), "type", p->type, "domain",
                                              text(domain), "noise", noise, "facts",
                                              facts_json(&p->facts)));
        free(domain), free(noise);
    }
    return list;
}

static json_t *diverged_json(const struct lab_arm_run *a)
{
    json_t *list = json_array();
    for (size_t r = 0; r < a->measure->seeds; r++) {
        const size_t t = a->measure->diverged[r];
        if (t)
            json_array_append_new(list, json_pack("{s:I, s:I, s:f}", "replica",
                                                  (json_int_t)(r + 1), "t", (json_int_t)t,
                                                  "eta", a->arm.eta->eta[t - 1]));
    }
    return list;
}

static json_t *domain_json(const struct lab_problem_entry *p)
{
    char *domain = p->domain.kind == LAB_NO_DOMAIN ? NULL : lab_domain_text(&p->domain);
    json_t *string = text(domain);
    free(domain);
    return string;
}

/* Gradients of single samples in all steps: the mean over replicas. */
static json_t *evaluations_json(const struct lab_measure *m)
{
    const double first = (double)m->evaluations[0];
    double beyond = 0.0;
    for (size_t r = 0; r < m->seeds; r++)
        beyond += (double)m->evaluations[r] - first;
    const double mean = first + beyond / (double)m->seeds;
    return mean == floor(mean) && mean < 9e15 ? json_integer((json_int_t)mean)
                                              : json_real(mean);
}

static json_t *arms_json(const struct lab_run *run)
{
    const struct lab_experiment *e = run->e;
    json_t *list = json_array();
    for (size_t i = 0; i < run->arms; i++) {
        const struct lab_arm_run *a = &run->arm[i];
        char *label = lab_arm_label(e, &a->arm);
        json_array_append_new(
            list,
            json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "arm",
                      (json_int_t)(i + 1), "label", text(label), "problem",
                      text(a->arm.problem->label), "domain", domain_json(a->arm.problem),
                      "optimizer", text(a->arm.optimizer->label), "schedule",
                      text(a->arm.schedule->label), "steps", (json_int_t)e->T,
                      "gradient_evaluations", evaluations_json(a->measure), "diverged",
                      diverged_json(a)));
        free(label);
    }
    return list;
}

/* Where the best of several values was looked for. */
static const char *evaluated_at(const struct lab_experiment *e)
{
    bool cheap = true;
    for (size_t i = 0; i < e->problems; i++)
        cheap &= e->problem[i].facts.cheap;
    return cheap || e->every == 1 ? "every s <= t" : "s in the rows t of curves.csv";
}

static json_t *metrics_json(const struct lab_run *run)
{
    json_t *all = json_object();
    for (size_t i = 0; i < run->arms; i++)
        for (enum lab_metric k = 1; k < LAB_METRICS; k++) {
            const struct lab_metric_card *card = &lab_metric_cards[k];
            if (!run->arm[i].measure->want[k] || json_object_get(all, card->name))
                continue;
            json_t *about = json_pack("{s:s, s:s, s:s}", "label", card->label,
                                      "definition", card->definition, "mean_of", "seeds");
            if (k == LAB_GAP_BEST)
                json_object_set_new(about, "evaluated", text(evaluated_at(run->e)));
            if (k == LAB_AVG_GAP_THINNED || k == LAB_AVG_GRAD2_THINNED)
                json_object_set_new(about, "status", text("estimated"));
            json_object_set_new(all, card->name, about);
        }
    return all;
}

static void add_plot(json_t *list, struct lab_plot plot)
{
    const char *against = plot.against ? lab_metric_cards[plot.against].name : "t";
    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "metric",
                                          lab_metric_cards[plot.metric].name, "against",
                                          against, "x", plot.x, "y", plot.y));
}

/* Those asked for; else one per bounded metric; else one per metric. */
static json_t *plots_json(const struct lab_run *run)
{
    const struct lab_experiment *e = run->e;
    bool bounded[LAB_METRICS] = {false}, measured[LAB_METRICS] = {false}, any = false;
    json_t *list = json_array();
    for (size_t i = 0; i < e->plots; i++)
        add_plot(list, e->plot[i]);
    for (size_t i = 0; i < run->arms; i++) {
        for (size_t c = 0; c < run->arm[i].claims; c++)
            if (run->arm[i].claim[c].bound_value &&
                run->arm[i].claim[c].metric != LAB_OWN)
                any = bounded[run->arm[i].claim[c].metric] = true;
        for (enum lab_metric k = 1; k < LAB_METRICS; k++)
            measured[k] |= run->arm[i].measure->want[k];
    }
    for (enum lab_metric k = 1; !e->plots && k < LAB_METRICS; k++)
        if (any ? bounded[k] : measured[k])
            add_plot(list, (struct lab_plot){.metric = k, .x = "log", .y = "log"});
    return list;
}

/* Parts of a proof that add up, with what was measured, to its bound. */
static const struct stack {
    const char *name, *about, *bound;
    enum lab_metric metric, first, last;
    const char *part[6];
} stacks[] = {
    {"slack",
     "average regret",
     "average regret ≤ R²/(2 t η_t) + (G²/(2 t)) Σ η_s, R and G met on the path",
     LAB_AVG_REGRET,
     LAB_SLACK_CONVEXITY,
     LAB_SLACK_PROJECTION,
     {"convexity", "gradient norms", "distances", "last distance", "projection"}},
    {"last_slack",
     "the last iterate",
     "gap ≤ (R1² + G2 Σ η_s²)/(2 Σ η_s) + suffix terms",
     LAB_GAP,
     LAB_LAST_SLACK_DISTANCE,
     LAB_LAST_SLACK_SUFFIX,
     {"distances", "gradient norms", "convexity and noise", "suffixes"}},
};

static json_t *stacks_json(const struct lab_run *run)
{
    json_t *list = json_array();
    for (size_t k = 0; k < sizeof stacks / sizeof *stacks; k++) {
        const struct stack *s = &stacks[k];
        json_t *parts = json_array();
        bool whole = false;
        for (size_t i = 0; i < run->arms; i++) {
            bool all = run->arm[i].measure->want[s->metric];
            for (enum lab_metric m = s->first; m <= s->last; m++)
                all &= run->arm[i].measure->want[m];
            whole |= all;
        }
        for (enum lab_metric m = s->first; m <= s->last; m++)
            json_array_append_new(parts, json_pack("{s:s, s:s}", "metric",
                                                   lab_metric_cards[m].name, "label",
                                                   s->part[m - s->first]));
        if (whole)
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:O}", "stack",
                                                  s->name, "about", s->about, "metric",
                                                  lab_metric_cards[s->metric].name,
                                                  "bound", s->bound, "parts", parts));
        json_decref(parts);
    }
    return list;
}

static json_t *libraries_json(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "gsl", gsl_version, "openblas",
                     openblas_get_config(), "openblas_core", openblas_get_corename(),
                     "jansson", JANSSON_VERSION, "zlib", zlibVersion());
}

json_t *lab_results_manifest(const struct lab_run *run)
{
    const struct lab_experiment *e = run->e;
    char started[32], host[256] = "unknown", *hash = lab_results_hash(e);
    struct tm utc;
    gethostname(host, sizeof host - 1);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ",
             gmtime_r(&run->started, &utc));
    json_t *m = json_object();
    json_object_set_new(m, "lab_version", text(LAB_VERSION));
    json_object_set_new(m, "lab_build", text(LAB_BUILD));
    json_object_set_new(m, "name", text(e->name));
    json_object_set_new(m, "title", text(e->title ? e->title : e->name));
    json_object_set_new(m, "about", text(e->about));
    json_object_set_new(m, "config_hash", text(hash));
    json_object_set_new(m, "run_id", json_stringn(hash, 12));
    json_object_set_new(m, "seed", json_integer((json_int_t)e->seed));
    json_object_set_new(m, "seeds", json_integer((json_int_t)e->seeds));
    json_object_set_new(m, "steps", json_integer((json_int_t)e->T));
    json_object_set_new(
        m, "batch", e->batch ? json_integer((json_int_t)e->batch) : json_string("full"));
    json_object_set_new(m, "sampling", text(e->sampling));
    json_object_set_new(m, "average_alpha", number(e->average_alpha));
    json_object_set_new(m, "average_beta", number(e->average_beta));
    json_object_set_new(m, "started", text(started));
    json_object_set_new(m, "wall_seconds", number(run->wall_seconds));
    json_object_set_new(m, "threads", json_integer((json_int_t)run->threads));
    json_object_set_new(m, "host", text(host));
    json_object_set_new(m, "libraries", libraries_json());
    json_object_set_new(m, "metrics", metrics_json(run));
    json_object_set_new(m, "plots", plots_json(run));
    json_object_set_new(m, "stacks", stacks_json(run));
    json_object_set_new(m, "problems", problems_json(e));
    json_object_set_new(m, "arms", arms_json(run));
    free(hash);
    return m;
}

int lab_results_commit(const json_t *manifest, const char *dir, struct lab_error *err)
{
    struct lab_output out;
    char *figures = lab_text("%s/figures", dir);
    lab_output_sync(figures); /* everything else is on the disk before the mark is */
    lab_output_sync(dir);
    free(figures);
    if (lab_output_open(&out, dir, "manifest.json", err))
        return -1;
    json_dumpf(manifest, out.file, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    putc('\n', out.file);
    int failed = lab_output_commit(&out, err);
    lab_output_sync(dir);
    return failed;
}

/* NULL with errno; a FIFO or device of that name is not waited for. */
static FILE *open_regular(const char *path)
{
    struct stat info;
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        return fdopen(fd, "r");
    close(fd);
    errno = EINVAL;
    return NULL;
}

json_t *lab_results_load(const char *dir, struct lab_error *err)
{
    json_error_t why;
    char *path = lab_text("%s/manifest.json", dir);
    json_t *manifest = NULL;
    FILE *in = open_regular(path);
    if (in) {
        manifest = json_loadf(in, 0, &why);
        if (!manifest)
            lab_fail(err, "%s:%d: %s", path, why.line, why.text);
        else if (!json_is_string(json_object_get(manifest, "config_hash")))
            lab_fail(err, "%s is not a manifest of lab", path);
        if (err->text[0]) {
            json_decref(manifest);
            manifest = NULL;
        }
        fclose(in);
    } else if (errno != ENOENT && errno != ENOTDIR) {
        lab_fail(err, "cannot read %s: %s", path, strerror(errno));
    }
    free(path);
    return manifest;
}

/* ---- identity ---------------------------------------------------------- */

static uint64_t fnv1a(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *c = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ c[i]) * UINT64_C(0x100000001b3);
    return hash;
}

char *lab_results_hash(const struct lab_experiment *e)
{
    char *buffer = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&buffer, &size);
    if (!memory)
        LAB_BUG("open_memstream: %s", strerror(errno));
    struct lab_node *root = lab_experiment_write(e);
    lab_node_write(root, memory);
    lab_node_free(root);
    fprintf(memory, "lab %s\n", LAB_VERSION);
    for (size_t i = 0; i < e->problems; i++) {
        const struct lab_facts *f = &e->problem[i].facts;
        fprintf(memory, "%zu %zu %.12g %.12g\n", f->n, f->d, f->f1.value, f->L_max.value);
    }
    fclose(memory);
    uint64_t hash = fnv1a(UINT64_C(0xcbf29ce484222325), buffer, size);
    free(buffer);
    return lab_text("%016llx", (unsigned long long)hash);
}
