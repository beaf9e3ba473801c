/* lab/report.c -- see report.h */
#include "lab/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lab/facts.h"
#include "lab/importance.h"

size_t lab_report_width(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col)
        return size.ws_col < 40 ? 40 : size.ws_col > 120 ? 120 : size.ws_col;
    return 80;
}

/* Bytes of the character at s; broken UTF-8 counts byte by byte. */
static size_t character(const char *s)
{
    const unsigned char c = (unsigned char)*s;
    size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return 1;
    return length;
}

static size_t columns(const char *s)
{
    size_t count = 0;
    for (; *s; s += character(s))
        count++;
    return count;
}

/* Control characters could confuse a terminal. */
static void put_character(FILE *out, const char *s)
{
    if ((unsigned char)*s < 0x20 || *s == 0x7f)
        putc('?', out);
    else
        fwrite(s, 1, character(s), out);
}

void lab_report_cell(FILE *out, const char *text, size_t width)
{
    const size_t have = columns(text), show = have > width ? width - 1 : have;
    for (size_t i = 0; i < show; i++, text += character(text))
        put_character(out, text);
    if (have > width)
        fputs("…", out);
    for (size_t i = have; i < width; i++)
        putc(' ', out);
}

/* The next word: its bytes, and its columns, at most `most` of them. */
static size_t word(const char *text, size_t most, size_t *count)
{
    size_t bytes = 0;
    for (*count = 0; text[bytes] && !strchr(" \n", text[bytes]) && *count < most;
         ++*count)
        bytes += character(text + bytes);
    return bytes;
}

void lab_report_paragraph(FILE *out, const char *text, size_t indent)
{
    const size_t width = lab_report_width(), room = width > indent ? width - indent : 1;
    size_t column = indent;
    bool blank = false; /* between the last word and this one */
    while (*text) {
        size_t count, bytes = word(text, room, &count);
        if (column > indent && column + blank + count > width) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent && blank) {
            putc(' ', out);
            column++;
        }
        for (const char *s = text; s < text + bytes; s += character(s))
            put_character(out, s);
        column += count;
        text += bytes;
        const size_t blanks = strspn(text, " \n");
        blank = blanks > 0;
        text += blanks;
    }
    putc('\n', out);
}

static bool colours(void)
{
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no && *no) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

static void heading(FILE *out, const char *text)
{
    fprintf(out, colours() ? "\n\033[1m" : "\n");
    const size_t length = columns(text), width = lab_report_width();
    lab_report_cell(out, text, length < width ? length : width);
    fprintf(out, colours() ? "\033[0m\n" : "\n");
}

void lab_report_setup(FILE *out, const struct lab_run *run)
{
    const struct lab_experiment *e = run->e;
    char *text =
        lab_text("%s%s%s", e->name, e->title ? ": " : "", e->title ? e->title : "");
    lab_report_paragraph(out, text, 0);
    free(text);
    char *batch = e->batch ? lab_text("batch %zu, %s sampling", e->batch, e->sampling)
                           : lab_text("full batch");
    text = lab_text("%zu arm%s x %zu seed%s x %zu steps, %s", run->arms,
                    run->arms == 1 ? "" : "s", e->seeds, e->seeds == 1 ? "" : "s", e->T,
                    batch);
    free(batch);
    lab_report_paragraph(out, text, 0);
    free(text);
    heading(out, "arm  problem · optimizer · schedule");
    for (size_t i = 0; i < run->arms; i++) {
        const struct lab_arm *a = &run->arm[i].arm;
        char *domain = lab_domain_text(&a->problem->domain);
        const bool bounded = a->problem->domain.kind != LAB_NO_DOMAIN;
        char *noise = lab_noise_text(&a->problem->noise);
        const bool noisy = a->problem->noise.law != LAB_NO_NOISE;
        text = lab_text("%s%s%s%s%s · %s · %s", a->problem->label, bounded ? " on " : "",
                        bounded ? domain : "", noisy ? ", " : "", noisy ? noise : "",
                        a->optimizer->label, a->schedule->label);
        free(noise);
        fprintf(out, "%3zu  ", i + 1);
        lab_report_paragraph(out, text, 5);
        free(text), free(domain);
    }
}

void lab_report_problem(FILE *out, const struct lab_facts *facts)
{
    const size_t width = lab_report_width();
    char *size =
        facts->n ? lab_text("n = %zu data point%s, ", facts->n, facts->n == 1 ? "" : "s")
                 : lab_text("%s", "");
    fprintf(out, "  %sd = %zu, %s\n", size, facts->d,
            facts->convex ? "convex" : "not convex");
    free(size);
    for (const struct lab_fact_card *card = lab_fact_cards; card->name; card++) {
        const struct lab_fact *fact = lab_fact_at(facts, card);
        fprintf(out, "  %-11s ", card->name);
        if (fact->status == LAB_UNKNOWN)
            fprintf(out, "%-13s ", "-");
        else if (strcmp(card->name, "x_star") == 0)
            fprintf(out, "norm %-8.4g ", fact->value);
        else
            fprintf(out, "%-13.7g ", fact->value);
        fprintf(out, "%-8s  ", lab_status_text(fact->status));
        lab_report_paragraph(out, fact->source, width > 60 ? 38 : 4);
    }
}

void lab_report_facts(FILE *out, const struct lab_experiment *e)
{
    for (size_t i = 0; i < e->problems; i++) {
        char *title = lab_text("facts of %s", e->problem[i].label);
        heading(out, title);
        free(title);
        if (e->problem[i].odds) {
            char *text = lab_importance_text(e->problem[i].odds);
            fputs("  importance  ", out);
            lab_report_paragraph(out, text, 14);
            free(text);
        }
        lab_report_problem(out, &e->problem[i].facts);
    }
}

/* The steps to print of a schedule: the first, its kinks, the last; ascending, their number. */
static size_t shown_steps(const struct lab_schedule_entry *s, size_t T, size_t *t)
{
    enum { FIRST = 3, KINKS = 8 };
    size_t kink[LAB_MOST_KINKS], kinks = lab_schedule_kinks(s, T, kink), count = 0;
    for (size_t i = 1; i <= FIRST && i <= T; i++)
        t[count++] = i;
    for (size_t i = 0; i < kinks && i < KINKS; i++)
        if (kink[i] > t[count - 1])
            t[count++] = kink[i];
    for (size_t i = T - (T > 1); i <= T; i++)
        if (i > t[count - 1])
            t[count++] = i;
    return count;
}

static void put_schedule(FILE *out, const struct lab_schedule_entry *s,
                         const struct lab_steps *eta, const char *problem)
{
    const size_t T = eta->T;
    size_t t[LAB_MOST_KINKS], count = shown_steps(s, T, t), zero = T;
    char *text =
        lab_text("%s%s%s:", s->label, problem ? " on " : "", problem ? problem : "");
    for (size_t i = 0; i < count; i++) {
        char *longer = lab_text("%s eta_%zu = %.6g,", text, t[i], eta->eta[t[i] - 1]);
        free(text);
        text = longer;
    }
    while (zero > 0 && eta->eta[zero - 1] == 0.0)
        zero--;
    char *end = zero + 1 < T ? lab_text("; eta_t = 0 from t = %zu on", zero + 1)
                             : lab_text("%s", "");
    char *whole = lab_text("%s sum eta = %.6g, sum eta² = %.6g%s", text, eta->sum[T - 1],
                           eta->sum2[T - 1], end);
    fputs("  ", out);
    lab_report_paragraph(out, whole, 4);
    free(text), free(end), free(whole);
}

void lab_report_schedule(FILE *out, const struct lab_experiment *e, size_t i)
{
    const struct lab_schedule_entry *s = &e->schedule[i];
    for (size_t k = 0; k < s->tables; k++)
        put_schedule(out, s, &s->eta[k],
                     s->schedule->tabulate ? e->problem[k].label : NULL);
}

void lab_report_schedules(FILE *out, const struct lab_experiment *e)
{
    heading(out, "schedules");
    for (size_t i = 0; i < e->schedules; i++)
        lab_report_schedule(out, e, i);
}

static const char *colour_of(enum lab_verdict verdict)
{
    static const char *const codes[] = {"", "\033[32m", "\033[31m", "\033[33m"};
    return colours() ? codes[verdict] : "";
}

/* Columns of the table of claims: name, metric, verdict, tightness. */
enum { NAME = 28, VERDICT = 9 };

static size_t metric_columns(const struct lab_run *run)
{
    size_t most = strlen("metric");
    for (size_t i = 0; i < run->arms; i++)
        for (size_t c = 0; c < run->arm[i].claims; c++) {
            const struct lab_claim *claim = &run->arm[i].claim[c];
            const size_t length = strlen(lab_metric_cards[claim->metric].name);
            if (claim->status != LAB_NOT_APPLICABLE && length > most)
                most = length;
        }
    return most;
}

static void put_tightness(FILE *out, const struct lab_claim *c, size_t column)
{
    char text[64] = "-";
    if (c->lo == c->hi && !isnan(c->tightness))
        snprintf(text, sizeof text, "%.3g", c->tightness);
    else if (!isnan(c->tightness))
        snprintf(text, sizeof text, "%.3g [%.3g,%.3g]", c->tightness, c->lo, c->hi);
    const size_t width = lab_report_width();
    if (column + strlen(text) > width && c->lo != c->hi)
        snprintf(text, sizeof text, "%.2g [%.2g,%.2g]", c->tightness, c->lo, c->hi);
    const size_t length = strlen(text);
    if (column + length > width) /* on a line of its own, to the right */
        fprintf(out, "\n%*s", (int)(width > length ? width - length : 0), "");
    fprintf(out, "%s\n", text);
}

static void put_claim(FILE *out, const struct lab_claim *c, size_t metric, bool judged)
{
    fputs("  ", out);
    lab_report_cell(out, c->entry->name, NAME);
    putc(' ', out);
    lab_report_cell(out, lab_metric_cards[c->metric].name, metric);
    putc(' ', out);
    if (!judged) {
        if (isnan(c->final))
            fprintf(out, "needs %s of the run\n", c->takes);
        else
            fprintf(out, "%.6g\n", c->final);
        return;
    }
    fprintf(out, "%s%-*s%s ", colour_of(c->verdict), VERDICT,
            lab_verdict_text[c->verdict], *colour_of(c->verdict) ? "\033[0m" : "");
    put_tightness(out, c, 2 + NAME + 1 + metric + 1 + VERDICT + 1);
    if (c->verdict != LAB_HOLDS || c->incomplete) {
        fputs("    ", out);
        lab_report_paragraph(out, c->reason, 4);
    }
}

static int by_value(const void *a, const void *b)
{
    const struct lab_claim *const *p = a, *const *q = b;
    const double x = (*p)->final, y = (*q)->final;
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y) ? isnan(x) - isnan(y) : (*p > *q) - (*p < *q);
    return x != y ? (x > y) - (x < y) : (*p > *q) - (*p < *q);
}

/* Before a run the applicable theorems are sorted by their value at T. */
static void put_status(FILE *out, const struct lab_arm_run *a, enum lab_standing status,
                       size_t metric, bool judged)
{
    const struct lab_claim **some = lab_alloc(a->claims + 1, sizeof *some);
    size_t count = 0;
    for (size_t c = 0; c < a->claims; c++)
        if (a->claim[c].status == status)
            some[count++] = &a->claim[c];
    if (!judged)
        qsort(some, count, sizeof *some, by_value);
    if (count)
        fprintf(out, "  %-*s %-*s %s\n", NAME, lab_standing_text[status], (int)metric,
                "metric", judged ? "verdict   tightness [95 %]" : "value at T");
    for (size_t c = 0; c < count; c++)
        put_claim(out, some[c], metric, judged);
    free(some);
}

static bool same_refusal(const struct lab_claim *a, const struct lab_claim *b)
{
    return a->status == LAB_NOT_APPLICABLE && b->status == LAB_NOT_APPLICABLE &&
           strcmp(a->reason, b->reason) == 0;
}

/* "bound", or "bound on metric, metric" where another of its metrics fares otherwise. */
static char *refused_name(const struct lab_arm_run *a, const struct lab_claim *claim)
{
    char *text = lab_text("%s", claim->entry->name);
    bool all = true, first = true;
    for (size_t k = 0; k < a->claims; k++)
        all &= a->claim[k].entry != claim->entry || same_refusal(&a->claim[k], claim);
    for (size_t k = 0; !all && k < a->claims; k++) {
        if (a->claim[k].entry != claim->entry || !same_refusal(&a->claim[k], claim))
            continue;
        char *longer = lab_text("%s%s %s", text, first ? " on" : ",",
                                lab_metric_cards[a->claim[k].metric].name);
        free(text);
        text = longer;
        first = false;
    }
    return text;
}

/* One paragraph per reason, with every theorem it keeps away. */
static void put_refused(FILE *out, const struct lab_arm_run *a)
{
    bool *said = lab_alloc(a->claims + 1, sizeof *said), first = true;
    for (size_t c = 0; c < a->claims; c++) {
        const struct lab_claim *claim = &a->claim[c], *last = NULL;
        if (claim->status != LAB_NOT_APPLICABLE || said[c])
            continue;
        char *names = lab_text("%s", "");
        for (size_t k = c; k < a->claims; k++) {
            if (!same_refusal(&a->claim[k], claim))
                continue;
            said[k] = true;
            if (last && last->entry == a->claim[k].entry)
                continue;
            char *name = refused_name(a, &a->claim[k]);
            char *longer = lab_text("%s%s%s", names, last ? ", " : "", name);
            free(names), free(name);
            names = longer;
            last = &a->claim[k];
        }
        char *line = lab_text("%s: %s", names, claim->reason);
        fputs(first ? "  not applicable\n  " : "  ", out);
        lab_report_paragraph(out, line, 4);
        free(names), free(line);
        first = false;
    }
    free(said);
}

void lab_report_claims(FILE *out, const struct lab_run *run, bool judged)
{
    const size_t metric = metric_columns(run);
    for (size_t i = 0; i < run->arms; i++) {
        const struct lab_arm_run *a = &run->arm[i];
        char *label = lab_arm_label(run->e, &a->arm);
        char *title = lab_text("arm %zu  %s", i + 1, label);
        heading(out, title);
        free(title), free(label);
        for (enum lab_standing s = LAB_CERTIFIED; s <= LAB_ESTIMATED; s++)
            put_status(out, a, s, metric, judged);
        put_refused(out, a);
    }
}

/* ---- rates ------------------------------------------------------------- */

/* In words, where there is no slope or it is not a power's. */
static const char *const shape_words[] = {
    [LAB_GEOMETRIC] = "  faster than any power",
    [LAB_FLAT] = "  flat",
    [LAB_DIVERGED] = "the mean is not finite",
    [LAB_NULL] = "the mean is 0 at the end",
    [LAB_NEGATIVE] = "the mean is negative at the end",
    [LAB_SHORT] = "fewer than 8 rows, or no decade of t",
};

static bool is_bounded(const struct lab_run *run, const struct lab_arm_run *a,
                       enum lab_metric m)
{
    bool any = false;
    for (size_t c = 0; c < a->claims; c++)
        any |= a->claim[c].metric == m && a->claim[c].bound_value;
    for (size_t k = 0; k < run->e->plots; k++)
        any |= run->e->plot[k].metric == m;
    return any;
}

/* "-0.5", or "-1 to -0.5": the slopes of all bounds on a metric. */
static void put_bound_slopes(FILE *out, const struct lab_arm_run *a, enum lab_metric m)
{
    double least = NAN, most = NAN;
    for (size_t c = 0; c < a->claims; c++)
        if (a->claim[c].metric == m) {
            const double slope = lab_claim_slope(&a->claim[c], &a->rate[m]);
            least = fmin(least, slope), most = fmax(most, slope);
        }
    if (isnan(least))
        fputs("-\n", out);
    else if (most - least < 0.005)
        fprintf(out, "%.2f\n", least);
    else
        fprintf(out, "%.2f to %.2f\n", least, most);
}

static void put_rate(FILE *out, const struct lab_arm_run *a, enum lab_metric m,
                     size_t metric)
{
    const struct lab_rate *rate = &a->rate[m];
    const char *words = shape_words[rate->shape];
    char slope[48], window[48];
    fprintf(out, "%3zu  %-*s ", a->arm.number, (int)metric, lab_metric_cards[m].name);
    if (!rate->from) {
        fprintf(out, "%s\n", words);
        return;
    }
    snprintf(window, sizeof window, "%zu..%zu", rate->from, rate->to);
    snprintf(slope, sizeof slope, isnan(rate->lo) ? "%.2f" : "%.2f [%.2f,%.2f]",
             rate->slope, rate->lo, rate->hi);
    fprintf(out, "%-15s %-19s ", window, slope);
    put_bound_slopes(out, a, m);
    if (words)
        fprintf(out, "     %-*s %s\n", (int)metric, "", words);
}

void lab_report_rates(FILE *out, const struct lab_run *run)
{
    const size_t metric = metric_columns(run);
    bool any = false;
    for (size_t i = 0; i < run->arms; i++)
        for (enum lab_metric m = 1; m < LAB_METRICS; m++) {
            const struct lab_arm_run *a = &run->arm[i];
            if (!a->measure->want[m] || !is_bounded(run, a, m))
                continue;
            if (!any)
                heading(out,
                        "rates: slope of log mean against log t, where it is straight");
            if (!any)
                fprintf(out, "arm  %-*s %-15s %-19s bound's slope\n", (int)metric,
                        "metric", "rows t", "slope [95 %]");
            any = true;
            put_rate(out, a, m, metric);
        }
}
