/*
 * lab/window.h -- sums over the last part of a sequence of vectors, for suffix averages.
 *
 * Suffixes are opened as the sequence goes along and taken in the same order.  Their sums
 * come from additions alone: differences of prefix sums would be spoilt for good by one
 * large transient.  Each vector is added once, each suffix a constant number of times on
 * average (a queue made of two stacks).
 */
#ifndef LAB_WINDOW_H
#define LAB_WINDOW_H

#include <stddef.h>

struct lab_window;

/** For vectors of n numbers. */
struct lab_window *lab_window_new(size_t n);
void lab_window_free(struct lab_window *w);
/** A suffix begins with the next vector. */
void lab_window_open(struct lab_window *w);
void lab_window_add(struct lab_window *w, const double *v);
/** The sum of the oldest suffix still open, which is closed. */
void lab_window_take(struct lab_window *w, double *sum);

#endif
