/*
 * lab/tally.h -- raw quantities, gathered while a block runs (lab/tally.c) and turned into
 * metrics afterwards (lab/measure.c).  Private to these two.
 */
#ifndef LAB_TALLY_H
#define LAB_TALLY_H

#include "lab/slack.h"

/** Per replica at row t; indices of lab_measure.raw. */
enum lab_raw {
    SUM_LOSS,    /**< sum_{s<=t} l(x_s; xi_s) */
    SUM_REGRET,  /**< sum_{s<=t} l(x_s; xi_s) - l(x*; xi_s) */
    SUM_F,       /**< sum_{s<=t} f(x_s) - f* */
    MIN_F,       /**< min_{s<=t} f(x_s) */
    SUM_GRAD2,   /**< sum_{s<=t} ‖grad f(x_s)‖^2 */
    SUM_GRAD,    /**< sum_{s<=t} ‖grad f(x_s)‖ */
    SUM_GRAD_L1, /**< the same in the l1 norm */
    SUM_LINEAR,  /**< sum_{s<=t} <g_s, x_s - x*> */
    HINDSIGHT,   /**< sum_{s<=t} l(x_s; xi_s) - min over the domain of sum l(.; xi_s) */
    MAX_DIST2,   /**< max_{s<=t} ‖x_s - x*‖^2 */
    MAX_G2,      /**< max_{s<=t} ‖g_s‖^2 */
    DIST2_LAST,  /**< ‖x_t - x*‖^2 */
    F_LAST,      /**< f(x_t) */
    GRAD2_LAST,  /**< ‖grad f(x_t)‖^2 */
    F_MEAN,      /**< f at the mean of x_1..x_t */
    F_ETA,       /**< with weights eta_s */
    F_POLY,      /**< with weights s + 1 */
    F_EMA,       /**< f at the exponential moving average */
    F_SUFFIX,    /**< of the last ceil(alpha t) */
    F_THIN,      /**< f at one uniformly random step of (previous row, t] */
    GRAD2_THIN,  /**< ‖grad f‖^2 there */
    SLACK,       /**< the first of LAB_PARTS parts of a proof's slack, see slack.h */
    SLACK_END = SLACK + LAB_PARTS - 1,
    EVALUATED, /**< gradients of single samples, steps 1..t; also once diverged */
    LAB_RAWS
};

#endif
