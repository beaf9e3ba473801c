/*
 * lab/figure.h -- draws the figures of a run from its CSV files.
 *
 *   figure.c         which figures; files, formats, gnuplot runs
 *   figure_read.c    CSV and manifest -> curves and bounds
 *   figure_stack.c   shares of a bound, stacked
 *   figure_layout.c  axes, tics, where each text stands
 *   figure_script.c  the gnuplot script that says so
 *
 * One figure per entry of the manifest's `plots` and arm that has the metric, one per entry of
 * `stacks` and arm that has all its parts.
 */
#ifndef LAB_FIGURE_H
#define LAB_FIGURE_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

#include "lab/error.h"

enum lab_format { LAB_SVG, LAB_PNG, LAB_PDF, LAB_TXT };

/** "svg", "png", "pdf", "txt", NULL: in the order of the enum. */
extern const char *const lab_format_names[];
/** 0, or -1 with the known names in the message. */
int lab_format_find(const char *name, enum lab_format *format, struct lab_error *err);

/** What was drawn: files relative to the run's folder, "figures/avg_regret-1.svg". */
struct lab_figures {
    size_t drawn;
    char **path;
};

/**
 * Draws every figure of a run.  Reads curves.csv, bounds.csv and verdicts.csv in
 * `run_dir`; `manifest` is what manifest.json says or will say.  Writes figures/NAME.gp,
 * also where gnuplot is missing, and figures/NAME.svg (png, pdf).  LAB_TXT writes no
 * files: it prints to `terminal`, as large as the window.  `made` need not be
 * initialised, lists the files drawn also after an error, and wants
 * lab_figures_free().  0, or -1 with the first error; other figures are still drawn.
 */
int lab_figures_draw(const char *run_dir, const json_t *manifest, enum lab_format format,
                     FILE *terminal, struct lab_figures *made, struct lab_error *err);
void lab_figures_free(struct lab_figures *made);

#endif
