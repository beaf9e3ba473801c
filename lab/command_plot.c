/* lab/command_plot.c -- `lab plot` */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab/commands.h"
#include "lab/figure.h"
#include "lab/output.h"
#include "lab/results.h"

static int draw(const char *dir, const json_t *manifest, enum lab_format format)
{
    struct lab_error err = {""};
    struct lab_figures made = {0};
    const int failed = lab_figures_draw(dir, manifest, format, stdout, &made, &err);
    for (size_t i = 0; i < made.drawn && format != LAB_TXT; i++)
        printf("%s/%s\n", dir, made.path[i]);
    lab_figures_free(&made);
    if (failed)
        lab_complain("%s", err.text);
    else if (json_array_size(json_object_get(manifest, "plots")) == 0)
        lab_complain("%s has nothing to draw: no metric was measured", dir);
    return failed ? LAB_EXIT_FAILED : LAB_EXIT_DONE;
}

/* Who only looks need not wait for one who writes. */
static int plot(const char *dir, enum lab_format format)
{
    struct lab_error err = {""};
    const int lock = format == LAB_TXT ? -1 : lab_output_lock(dir, &err);
    if (lock < 0 && format != LAB_TXT) {
        lab_complain("%s", err.text);
        return LAB_EXIT_FAILED;
    }
    json_t *manifest = lab_results_load(dir, &err);
    int status = LAB_EXIT_FAILED;
    if (manifest)
        status = draw(dir, manifest, format);
    else if (err.text[0])
        lab_complain("%s", err.text);
    else
        lab_complain("%s holds no finished run (there is no manifest.json)", dir);
    json_decref(manifest);
    if (lock >= 0)
        close(lock);
    return status;
}

int lab_command_plot(int argc, char **argv)
{
    enum { FORMAT = LAB_OPTION_OWN, SHOW };
    static const struct option names[] = {{"format", required_argument, NULL, FORMAT},
                                          {"show", no_argument, NULL, SHOW},
                                          LAB_COMMON_OPTIONS,
                                          {0}};
    enum lab_format format = LAB_SVG;
    struct lab_error err = {""};
    int c;
    while ((c = getopt_long(argc, argv, "h", names, NULL)) != -1)
        if (c == SHOW) {
            format = LAB_TXT;
        } else if (c != FORMAT) {
            return lab_common_option("plot", c);
        } else if (lab_format_find(optarg, &format, &err)) {
            lab_complain("%s", err.text);
            return LAB_EXIT_USAGE;
        }
    if (argc - optind != 1) {
        lab_complain(optind == argc ? "no run folder given" : "one run folder at a time");
        return lab_usage("plot", false);
    }
    return plot(argv[optind], format);
}
