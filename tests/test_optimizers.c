/*
 * tests/test_optimizers.c -- update rules: three steps by hand, a thousand against torch.
 *
 * Row t of raw_x is x_t, so the start is row 1 and the first update shows in row 2.
 */
#include <jansson.h>

#include "tests/helpers.h"

static double x_at(const struct lab_run *run, size_t t, size_t j)
{
    const size_t d = run->e->problem->facts.d;
    for (size_t k = 0; k < run->rows; k++)
        if (run->t[k] == t)
            return run->arm->measure->raw_x[k * d + j];
    fail_msg("no row at t = %zu", t);
    return NAN;
}

/* f = (x^2 + 3 y^2)/2 from (1, -3), so g = (x, 3y); eta = 1/2, 1/4, 1/8.
 *
 * sgd       x_2 = (1 - 1/2, -3 + 9/2)             = (1/2, 3/2)
 *           x_3 = (1/2 - 1/8, 3/2 - 9/8)          = (3/8, 3/8)
 *           x_4 = (3/8 - 3/64, 3/8 - 9/64)        = (21/64, 15/64)
 * momentum  v_1 = (1, -9)                         x_2 = (1/2, 3/2)
 * beta 1/2  v_2 = (1/2, -9/2) + (1/2, 9/2) = (1, 0)       x_3 = (1/4, 3/2)
 *           v_3 = (1/2, 0) + (1/4, 9/2) = (3/4, 9/2)      x_4 = (5/32, 15/16)
 */
static const struct {
    const char *optimizer;
    double x[4][2];
} traces[] = {
    {"type = 'sgd';", {{1, -3}, {0.5, 1.5}, {0.375, 0.375}, {21.0 / 64, 15.0 / 64}}},
    {"type = 'momentum'; beta = 0;",
     {{1, -3}, {0.5, 1.5}, {0.375, 0.375}, {21.0 / 64, 15.0 / 64}}},
    {"type = 'momentum'; beta = 0.5;",
     {{1, -3}, {0.5, 1.5}, {0.25, 1.5}, {5.0 / 32, 15.0 / 16}}},
};

static void test_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        struct lab_experiment *e = experiment(
            "steps = 4; seeds = 1; every = 1; bounds = (); raw = true; raw_x = true; "
            "problems = ( { type = 'quadratic'; eigenvalues = ( 1, 3 ); "
            "start = ( 1, -3 ); } ); optimizers = ( { %s } );" STEP(1),
            traces[i].optimizer);
        set_eta(e, 0, (const double[]){0.5, 0.25, 0.125, 0.0625});
        struct lab_run *run = run_with(e, 1, 1);
        for (size_t t = 1; t <= 4; t++)
            for (size_t j = 0; j < 2; j++)
                assert_close(x_at(run, t, j), traces[i].x[t - 1][j], 1e-15);
        close_run(run);
    }
}

/* ---- torch ----------------------------------------------------------------------- */

/* A JSON object as the inside of a config group. */
static void config_of(json_t *object, char *text, size_t size)
{
    const char *key;
    json_t *value;
    *text = '\0';
    json_object_foreach(object, key, value)
    {
        const size_t used = strlen(text);
        char *plain = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
        snprintf(text + used, size - used, "%s = %s; ", key, plain);
        free(plain);
    }
}

static struct lab_run *run_case(json_t *torch)
{
    char problem[512], optimizer[512], schedule[512];
    config_of(json_object_get(torch, "problem"), problem, sizeof problem);
    config_of(json_object_get(torch, "optimizer"), optimizer, sizeof optimizer);
    config_of(json_object_get(torch, "schedule"), schedule, sizeof schedule);
    struct lab_experiment *e = experiment(
        "steps = %d; seeds = 1; every = 1; bounds = (); metrics = ( 'loss' ); "
        "raw = true; raw_x = true; problems = ( { %s } ); optimizers = ( { %s } ); "
        "schedules = ( { %s } );",
        (int)json_integer_value(json_object_get(torch, "steps")), problem, optimizer,
        schedule);
    return run_with(e, 1, 1);
}

static void compare(json_t *torch)
{
    struct lab_run *run = run_case(torch);
    const char *row;
    json_t *seen, *theta;
    json_object_foreach(json_object_get(torch, "trace"), row, seen)
    {
        const size_t t = strtoul(row, NULL, 10);
        theta = json_object_get(seen, "theta");
        assert_int_equal(json_array_size(theta), run->e->problem->facts.d);
        for (size_t j = 0; j < json_array_size(theta); j++)
            assert_close(x_at(run, t, j), json_number_value(json_array_get(theta, j)),
                         1e-9);
        assert_int_equal(run->t[t - 1], t);
        assert_close(measured(run, 0, LAB_LOSS, 0, t - 1),
                     json_number_value(json_object_get(seen, "f")), 1e-9);
    }
    close_run(run);
}

/* tests/torch.json: theta after steps of torch.optim, for every optimizer here that has
 * a namesake there. */
static void test_torch(void **state)
{
    json_error_t why;
    json_t *root = json_load_file("tests/torch.json", 0, &why);
    size_t compared = 0;
    (void)state;
    if (!root)
        fail_msg("tests/torch.json:%d: %s", why.line, why.text);
    json_t *cases = json_object_get(root, "cases");
    for (size_t i = 0; i < json_array_size(cases); i++) {
        json_t *torch = json_array_get(cases, i);
        json_t *type = json_object_get(json_object_get(torch, "optimizer"), "type");
        if (!lab_find(LAB_KIND_optimizer, json_string_value(type), NULL))
            continue;
        compare(torch);
        compared++;
    }
    assert_true(compared >= 4);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_torch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
