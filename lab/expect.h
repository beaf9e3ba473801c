/* lab/expect.h -- the `expect` blocks of a config: what its author says will come out. */
#ifndef LAB_EXPECT_H
#define LAB_EXPECT_H

#include "lab/param.h"
#include "lab/error.h"
#include "lab/tree.h"

/** Checks keys, kinds, names and ranges of an `expect` list for an experiment of `arms`
 *  arms; every mistake is added.  (`lab verify`, which compares, comes later.) */
void lab_expect_check(const struct lab_node *list, size_t arms,
                      struct lab_mistakes *mistakes);

/** The options of an entry of `expect`, for cards. */
extern const struct lab_param lab_expect_params[];

#endif
