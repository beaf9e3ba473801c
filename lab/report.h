/*
 * lab/report.h -- tables for people, on stdout; 80 columns unless the terminal says else.
 */
#ifndef LAB_REPORT_H
#define LAB_REPORT_H

#include <stdio.h>

#include "lab/runner.h"

/** Columns of the terminal on stdout, between 40 and 120; 80 if it is none. */
size_t lab_report_width(void);

/** Prints `text` cut to `width` columns (code points, with an ellipsis) and padded. */
void lab_report_cell(FILE *out, const char *text, size_t width);
/** Prints `text` broken at blanks to the width, every line after the first indented. */
void lab_report_paragraph(FILE *out, const char *text, size_t indent);

/** What is run: title, arms, seeds, steps. */
void lab_report_setup(FILE *out, const struct lab_run *run);
/** The facts of every problem. */
void lab_report_problem(FILE *out, const struct lab_facts *facts);
void lab_report_facts(FILE *out, const struct lab_experiment *e);
/** The first and last eta_t of a schedule, those at its kinks, sums; of one that looks at facts, on
 *  every problem. */
void lab_report_schedule(FILE *out, const struct lab_experiment *e, size_t i);
/** The same of every schedule. */
void lab_report_schedules(FILE *out, const struct lab_experiment *e);
/** Verdicts of every arm (`judged`), or what applies and its value at T. */
void lab_report_claims(FILE *out, const struct lab_run *run, bool judged);
/** After a run: rates of metrics that are bounded or plotted, beside those of their bounds. */
void lab_report_rates(FILE *out, const struct lab_run *run);

#endif
