/* lab/command_claims.c -- `lab list bounds --for CONFIG`: what applies to each arm, and why the
 * others do not */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "lab/command_config.h"
#include "lab/commands.h"
#include "lab/report.h"

static json_t *claim_json(const struct lab_claim *c)
{
    json_t *object = json_pack("{s:s, s:s, s:s}", "bound", c->entry->name, "metric",
                               lab_metric_cards[c->metric].name, "status",
                               lab_standing_text[c->status]);
    if (c->status == LAB_NOT_APPLICABLE)
        json_object_set_new(object, "reason", json_string(c->reason));
    else if (c->takes)
        json_object_set_new(object, "needs", json_string(c->takes));
    else
        json_object_set_new(object, "value", json_real(c->final));
    return object;
}

static void print_json(const struct lab_run *run)
{
    json_t *arms = json_array();
    for (size_t i = 0; i < run->arms; i++) {
        const struct lab_arm_run *a = &run->arm[i];
        char *label = lab_arm_label(run->e, &a->arm);
        json_t *claims = json_array();
        for (size_t k = 0; k < a->claims; k++)
            json_array_append_new(claims, claim_json(&a->claim[k]));
        json_array_append_new(arms,
                              json_pack("{s:I, s:s, s:o}", "arm", (json_int_t)(i + 1),
                                        "label", label, "bounds", claims));
        free(label);
    }
    json_dumpf(arms, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(arms);
}

int lab_list_claims(const char *path, char **override, size_t overrides, bool json)
{
    struct lab_mistakes mistakes = {0};
    struct lab_experiment *e = lab_command_config(path, override, overrides, &mistakes);
    struct lab_run *run = e ? lab_run_new(e, &mistakes) : NULL;
    const int status = mistakes.count ? LAB_EXIT_USAGE : LAB_EXIT_DONE;
    lab_print_mistakes(&mistakes);
    if (!mistakes.count && json)
        print_json(run);
    else if (!mistakes.count)
        lab_report_claims(stdout, run, false);
    lab_run_close(run);
    lab_experiment_free(e);
    lab_mistakes_free(&mistakes);
    return status;
}
