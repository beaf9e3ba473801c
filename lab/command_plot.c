/* lab/command_plot.c -- `lab plot` */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/figure.h"
#include "lab/results.h"

static int plot(const char *dir, enum lab_format format)
{
    struct lab_error err = {""};
    json_t *manifest = lab_results_load(dir, &err);
    if (!manifest) {
        lab_complain("%s%s", err.text[0] ? err.text : dir,
                     err.text[0] ? "" : " holds no finished run (no manifest.json)");
        return LAB_EXIT_FAILED;
    }
    struct lab_figures made = {0};
    int failed = lab_figures_draw(dir, manifest, format, stdout, &made, &err);
    for (size_t i = 0; i < made.drawn && format != LAB_TXT; i++)
        printf("%s/%s\n", dir, made.path[i]);
    lab_figures_free(&made);
    json_decref(manifest);
    if (failed)
        lab_complain("%s", err.text);
    return failed ? LAB_EXIT_FAILED : LAB_EXIT_DONE;
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
