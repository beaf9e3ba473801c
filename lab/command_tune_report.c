/* lab/command_tune_report.c -- what `lab tune` prints, and the table it writes */
#include <jansson.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/command_tune.h"
#include "lab/output.h"
#include "lab/report.h"

struct lab_tune_block *lab_tune_add(struct lab_tune_report *r, char *label)
{
    r->block = lab_realloc(r->block, r->blocks + 1, sizeof *r->block);
    struct lab_tune_block *block = &r->block[r->blocks++];
    *block = (struct lab_tune_block){
        .label = label, .rate = "factor", .base = 1.0, .prescribed = NAN};
    return block;
}

void lab_tune_rate(struct lab_tune_block *block,
                   const struct lab_schedule_entry *schedule)
{
    static const char *const names[] = {"eta", "factor"};
    for (size_t i = 0; i < 2; i++)
        for (const struct lab_param *p = schedule->schedule->base.params; p && p->name;
             p++)
            if (p->type == LAB_REAL && strcmp(p->name, names[i]) == 0) {
                block->rate = p->name;
                block->base =
                    *(const double *)(const void *)((const char *)schedule->self +
                                                    p->offset);
                return;
            }
}

bool lab_tune_any(const struct lab_tune_report *r)
{
    for (size_t i = 0; i < r->blocks; i++)
        for (size_t k = 0; k < r->block[i].lines; k++)
            if (r->block[i].line[k].tuned.how != LAB_TUNED_NOT)
                return true;
    return false;
}

/* ---- text ---------------------------------------------------------------- */

enum { METRIC = 22, NUMBER = 11 };

static void put(double x)
{
    char text[32] = "-";
    if (!isnan(x))
        snprintf(text, sizeof text, "%.6g", x);
    printf(" %-*s", NUMBER, text);
}

static void note(const char *text)
{
    fputs("    ", stdout);
    lab_report_paragraph(stdout, text, 4);
}

static void put_notes(const struct lab_tune_block *b, const struct lab_tuned *t)
{
    static const char *const words[] = {
        [LAB_TUNED_ONE] = "the theorem allows no other rate",
        [LAB_TUNED_FLAT] = "does not depend on the rate",
        [LAB_TUNED_ENDLESS] = "falls as far as one looks: there is no best rate"};
    if (t->how == LAB_TUNED_EDGE) {
        char *text =
            lab_text("at the edge of what the theorem allows; beyond it: %s", t->reason);
        note(text);
        free(text);
    } else if (t->how >= LAB_TUNED_ONE)
        note(words[t->how]);
    if (isnan(t->given)) {
        char *text =
            lab_text("does not apply at %s = %.6g: %s", b->rate, b->base, t->refused);
        note(text);
        free(text);
    }
    if (t->estimated)
        note("estimated: a constant is measured, or the metric is an estimate");
}

/* Of two metrics with the same notes the second has them. */
static bool same_notes(const struct lab_tuned *a, const struct lab_tuned *b)
{
    return a->how == b->how && a->estimated == b->estimated &&
           strcmp(a->reason, b->reason) == 0 && strcmp(a->refused, b->refused) == 0;
}

static void put_line(const struct lab_tune_block *b, const struct lab_tune_line *l)
{
    const struct lab_tuned *t = &l->tuned;
    const char *what = l->metric ? l->metric : "right-hand side";
    if (t->how == LAB_TUNED_NOT) {
        char *text = lab_text("%s: %s", what, t->reason);
        fputs("  ", stdout);
        lab_report_paragraph(stdout, text, 4);
        free(text);
        return;
    }
    fputs("  ", stdout);
    lab_report_cell(stdout, what, METRIC);
    put(t->factor * b->base);
    put(t->value);
    put(b->base);
    put(t->given);
    const double ratio = t->given / t->value;
    printf(isnan(ratio) ? " -\n" : " %.4g\n", ratio);
    if (l + 1 == b->line + b->lines || !same_notes(t, &l[1].tuned))
        put_notes(b, t);
}

static void put_prescribed(const struct lab_tune_block *b, bool table)
{
    if (isnan(b->prescribed))
        return;
    if (!table) {
        printf("  as prescribed: %.6g\n", b->prescribed);
        return;
    }
    printf("  %-*s", METRIC, "as prescribed");
    put(NAN);
    printf(" %.6g\n", b->prescribed);
}

static void put_block(const struct lab_tune_block *b, size_t number)
{
    bool any = false;
    printf("\narm %zu  %s\n", number, b->label);
    for (size_t k = 0; k < b->lines; k++)
        any |= b->line[k].tuned.how != LAB_TUNED_NOT;
    if (any)
        printf("  %-*s best %-*s %-*s given %-*s %-*s ratio\n", METRIC, "metric",
               NUMBER - 5, b->rate, NUMBER, "bound", NUMBER - 6, b->rate, NUMBER,
               "bound");
    for (size_t k = 0; k < b->lines; k++)
        put_line(b, &b->line[k]);
    put_prescribed(b, any);
}

void lab_tune_print(const struct lab_tune_report *r)
{
    const struct lab_bound *bound = (const struct lab_bound *)r->bound->plugin;
    bool prescribed = false;
    fputs(r->bound->name, stdout);
    printf(r->T ? ", T = %zu\n" : "\n", r->T);
    for (size_t i = 0; i < r->blocks; i++)
        prescribed |= !isnan(r->block[i].prescribed);
    if (prescribed) {
        fputs("  prescribes ", stdout);
        lab_report_paragraph(stdout, bound->prescription.formula, 13);
    }
    for (size_t i = 0; i < r->blocks; i++)
        put_block(&r->block[i], i + 1);
}

/* ---- JSON ---------------------------------------------------------------- */

/* A number, or null. */
static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *line_json(const struct lab_tune_block *b, const struct lab_tune_line *l)
{
    const struct lab_tuned *t = &l->tuned;
    json_t *object =
        json_pack("{s:s?, s:s}", "metric", l->metric, "method", lab_tuning_text[t->how]);
    if (t->how != LAB_TUNED_NOT) {
        json_object_set_new(object, "best", number(t->factor * b->base));
        json_object_set_new(object, "bound", number(t->value));
        json_object_set_new(object, "given", number(b->base));
        json_object_set_new(object, "bound_given", number(t->given));
        json_object_set_new(object, "ratio", number(t->given / t->value));
        json_object_set_new(object, "estimated", json_boolean(t->estimated));
    }
    if (*t->reason)
        json_object_set_new(object, "reason", json_string(t->reason));
    if (*t->refused && t->how != LAB_TUNED_NOT)
        json_object_set_new(object, "reason_given", json_string(t->refused));
    return object;
}

void lab_tune_json(const struct lab_tune_report *r)
{
    json_t *arms = json_array();
    for (size_t i = 0; i < r->blocks; i++) {
        const struct lab_tune_block *b = &r->block[i];
        json_t *lines = json_array();
        for (size_t k = 0; k < b->lines; k++)
            json_array_append_new(lines, line_json(b, &b->line[k]));
        json_array_append_new(arms, json_pack("{s:I, s:s, s:s, s:o, s:o}", "arm",
                                              (json_int_t)(i + 1), "label", b->label,
                                              "rate", b->rate, "tuned", lines,
                                              "bound_prescribed", number(b->prescribed)));
    }
    json_t *root =
        json_pack("{s:s, s:o, s:o}", "bound", r->bound->name, "steps",
                  r->T ? json_integer((json_int_t)r->T) : json_null(), "arms", arms);
    json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(root);
}

/* ---- table --------------------------------------------------------------- */

int lab_tune_write(const struct lab_tune_report *r, const char *path,
                   struct lab_error *err)
{
    char *folder = strdup(path), *name = strdup(path);
    struct lab_output out;
    int status = lab_output_open(&out, dirname(folder), basename(name), err);
    if (!status) {
        fprintf(out.file, "# eta_1..eta_%zu that %s prescribes\n", r->T, r->bound->name);
        for (size_t t = 0; t < r->T; t++)
            fprintf(out.file, "%.17g\n", r->table[t]);
        status = lab_output_commit(&out, err);
    }
    free(folder), free(name);
    return status;
}

void lab_tune_free(struct lab_tune_report *r)
{
    for (size_t i = 0; i < r->blocks; i++)
        free(r->block[i].label);
    free(r->block), free(r->table);
}
