/*
 * lab/slack.h -- where the proof of a bound is loose, on every path of
 * x_{t+1} = P(x_t - eta_t g_t).
 *
 * Average loss.  With d_t = ‖x_t - x*‖ and p_t >= 0, what projection gains, expanding the square
 *
 *     d_{t+1}^2 + p_t = d_t^2 - 2 eta_t <g_t, x_t - x*> + eta_t^2 ‖g_t‖^2
 *
 * splits bound - regret, bound = R^2/(2 eta_t) + (G^2/2) sum eta_s with the R and G met on the
 * path, into five parts, each >= 0 for convex losses and steps that never grow:
 *
 *     convexity    sum <g_s, x_s - x*> - [l(x_s; xi_s) - l(x*; xi_s)]
 *     gradient     sum (eta_s/2)(G^2 - ‖g_s‖^2)
 *     distance     sum ((R^2 - d_s^2)/2)(1/eta_s - 1/eta_{s-1}),  1/eta_0 = 0
 *     last         d_{t+1}^2/(2 eta_t)
 *     projection   sum p_s/(2 eta_s)
 *
 * each over t, as the averages are.
 *
 * Last iterate, q_t = f(x_t) - f*, S_k = sum_{s=k}^t eta_s.  The identity
 *
 *     q_t = (1/S_1) sum eta_s q_s + sum_{k<t} eta_k/(S_k S_{k+1}) sum_{s>=k} eta_s (q_s - q_k)
 *
 * has two sums; (R1^2 + G^2 sum eta^2)/(2 S_1) bounds the first, and the third term of
 * bounds/last_iterate_any_schedule.c the second, here with E‖g‖^2 <= G2:
 *
 *     average distance    (d_{t+1}^2 + sum p_s)/(2 S_1)
 *     average gradient    sum eta_s^2 (G2 - ‖g_s‖^2)/(2 S_1)
 *     average convexity   sum eta_s (<g_s, x_s - x*> - q_s)/S_1
 *     suffixes            that term - [q_t - (1/S_1) sum eta_s q_s]
 *
 * The sum is bound - q_t on every path; with noise a part is >= 0 only in the mean.
 */
#ifndef LAB_SLACK_H
#define LAB_SLACK_H

#include "lab/block.h"

/** The parts, in the order of the metrics LAB_SLACK_CONVEXITY ... LAB_LAST_SLACK_SUFFIX. */
enum lab_slack_part {
    LAB_PART_CONVEXITY,
    LAB_PART_GRADIENT,
    LAB_PART_DISTANCE,
    LAB_PART_LAST,
    LAB_PART_PROJECTION,
    LAB_PART_AVERAGE_DISTANCE,
    LAB_PART_AVERAGE_GRADIENT,
    LAB_PART_AVERAGE_CONVEXITY,
    LAB_PART_SUFFIX,
    LAB_PARTS
};

struct lab_slack;

/** For `count` replicas of a plan; `last`: the parts of the last iterate too, which take f at
 *  every step. */
struct lab_slack *lab_slack_new(const struct lab_plan *plan, size_t count, bool last);
void lab_slack_free(struct lab_slack *s);
/** The observer: `self` is a struct lab_slack. */
void lab_slack_see(void *self, const struct lab_moment *m);
/** The parts for replica r after steps 1..t, given x_{t+1} (d numbers). */
void lab_slack_parts(const struct lab_slack *s, size_t r, size_t t, const double *next,
                     double part[LAB_PARTS]);

#endif
