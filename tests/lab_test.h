/* tests/lab_test.h -- cmocka and the headers it wants, in its order; assert_close(). */
#ifndef LAB_TEST_H
#define LAB_TEST_H
/* clang-format off */
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

/** |a - b| <= rtol max(|a|, |b|), or a == b (infinities too).  NaN is close to nothing:
 *  cmocka's own assert_float_equal() casts to float and takes NaN for equal. */
#define assert_close(a, b, rtol)                                                         \
    lab_assert_close((a), (b), (rtol), #a, __FILE__, __LINE__)

static inline void lab_assert_close(double a, double b, double rtol, const char *what,
                                    const char *file, int line)
{
    double scale = fmax(fabs(a), fabs(b));
    if (a == b || (isfinite(scale) && fabs(a - b) <= rtol * scale))
        return;
    print_error("%s is %.17g, not %.17g (rtol %g)\n", what, a, b, rtol);
    _fail(file, line);
}
#endif
