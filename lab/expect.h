/* lab/expect.h -- the `expect` blocks of a config: what its author says will come out. */
#ifndef LAB_EXPECT_H
#define LAB_EXPECT_H

#include "lab/error.h"
#include "lab/param.h"
#include "lab/runner.h"
#include "lab/tree.h"

/** Checks keys, kinds, names and ranges of an `expect` list for an experiment of `arms`
 *  arms; every mistake is added.  (`lab verify`, which compares, comes later.) */
void lab_expect_check(const struct lab_node *list, size_t arms,
                      struct lab_mistakes *mistakes);

/** The options of an entry of `expect`, for cards. */
extern const struct lab_param lab_expect_params[];

enum lab_met { LAB_NOT_EXPECTED, LAB_MET, LAB_MISSED };
/**
 * Compares the slope that an entry without mistakes expects, if it does, after the run.  The
 * window is found as rate.h says, unless `from` begins it; no row after `to` is looked at.
 * Met: within atol + rtol |expected|; where neither is given, inside the 95 % interval.
 * `rate`: what was found; a metric not measured, or one without a rate, is missed.
 */
enum lab_met lab_expect_slope(const struct lab_node *group, const struct lab_run *run,
                              struct lab_rate *rate);

#endif
