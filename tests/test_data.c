/* tests/test_data.c -- data sets: found, read, refused, prepared, shared. */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_math.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "lab/data.h"
#include "lab/random.h"
#include "lab/rows.h"
#include "tests/lab_test.h"

/* Also false for NaN. */
#define assert_within(a, b, distance) assert_true(fabs((a) - (b)) <= (distance))

static char folder[] = "/tmp/lab_test_data.XXXXXX";

/* ---- tools ------------------------------------------------------------ */

/* The path of a file in the test's own folder; valid until the next call but three. */
static const char *in_folder(const char *name)
{
    static char path[4][256];
    static size_t turn;
    char *p = path[turn++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

/* Writes bytes as they are, or gzipped if the name ends in .gz. */
static const char *write_file(const char *name, const void *bytes, size_t length)
{
    const char *path = in_folder(name), *dot = strrchr(name, '.');
    gzFile file = gzopen(path, dot && strcmp(dot, ".gz") == 0 ? "wb" : "wbT");
    assert_non_null(file);
    if (length)
        assert_int_equal(gzwrite(file, bytes, (unsigned)length), (int)length);
    assert_int_equal(gzclose(file), Z_OK);
    return path;
}

static const char *write_text(const char *name, const char *text)
{
    return write_file(name, text, strlen(text));
}

static struct lab_data_spec spec_of(const char *data)
{
    return (struct lab_data_spec){
        .data = data, .normalize = "none", .max_row_norm = NAN, .positive = NAN};
}

static const struct lab_data *open_spec(const struct lab_data_spec *spec,
                                        enum lab_labels labels)
{
    struct lab_error err = {""};
    const struct lab_data *data = lab_data_open(spec, labels, LAB_PLANTED_LOGISTIC, &err);
    if (!data)
        fail_msg("%s", err.text);
    return data;
}

static const struct lab_data *open_plainly(const char *name)
{
    struct lab_data_spec spec = spec_of(name);
    return open_spec(&spec, LAB_LABELS_REAL);
}

static void assert_refused(const struct lab_data_spec *spec, enum lab_labels labels,
                           const char *message)
{
    struct lab_error err = {""};
    assert_null(lab_data_open(spec, labels, LAB_PLANTED_LOGISTIC, &err));
    if (!strstr(err.text, message))
        fail_msg("'%s' is not in '%s'", message, err.text);
}

static void assert_file_refused(const char *path, const char *message)
{
    struct lab_data_spec spec = spec_of(path);
    assert_refused(&spec, LAB_LABELS_REAL, message);
}

static double at(const struct lab_data *data, size_t i, size_t j)
{
    return data->A[i * data->stride + j];
}

static double largest_norm2(const struct lab_data *data)
{
    double largest = 0.0;
    for (size_t i = 0; i < data->n; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < data->d; j++)
            sum += at(data, i, j) * at(data, i, j);
        largest = fmax(largest, sum);
    }
    return largest;
}

/* Rows 0.5 -2 | 1, 0 3e2 | -1, 7 0 | 1. */
static void assert_is_the_small_table(const char *path)
{
    static const double expected[3][3] = {{0.5, -2, 1}, {0, 300, -1}, {7, 0, 1}};
    const struct lab_data *data = open_plainly(path);
    assert_int_equal(data->n, 3);
    assert_int_equal(data->d, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_true(at(data, i, 0) == expected[i][0] && at(data, i, 1) == expected[i][1]);
        assert_true(data->b[i] == expected[i][2]);
    }
    lab_data_close(data);
}

/* ---- preparing -------------------------------------------------------- */

static void breast_cancer_is_as_published(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of("breast_cancer");
    spec.normalize = "standardize";
    spec.bias = true;
    const struct lab_data *data = open_spec(&spec, LAB_LABELS_BINARY);
    assert_int_equal(data->n, 569);
    assert_int_equal(data->d, 31);
    assert_int_equal(data->stride, 32);
    assert_int_equal((uintptr_t)data->A % 64, 0);
    assert_string_equal(data->name, "breast_cancer");
    for (size_t j = 0; j < 32; j++) {
        double sum = 0.0, sum2 = 0.0;
        for (size_t i = 0; i < data->n; i++) {
            sum += at(data, i, j) / 569;
            sum2 += at(data, i, j) * at(data, i, j) / 569;
        }
        assert_within(sum, j == 30 ? 1.0 : 0.0, 1e-14);
        assert_close(sum2, j == 31 ? 0.0 : 1.0, 1e-13);
    }
    size_t positive = 0;
    for (size_t i = 0; i < data->n; i++) {
        assert_true(fabs(data->b[i]) == 1.0);
        positive += data->b[i] > 0.0;
    }
    assert_int_equal(positive, 357);
    assert_close(largest_norm2(data) / 4 + 0.1, 105.88026633078645, 1e-13);

    gsl_matrix *gram = gsl_matrix_calloc(31, 31);
    gsl_matrix_view A = gsl_matrix_view_array_with_tda(data->A, 569, 31, 32);
    for (size_t j = 0; j < 31; j++)
        for (size_t k = 0; k < 31; k++)
            for (size_t i = 0; i < 569; i++)
                *gsl_matrix_ptr(gram, j, k) +=
                    gsl_matrix_get(&A.matrix, i, j) * gsl_matrix_get(&A.matrix, i, k);
    gsl_vector *lambda = gsl_vector_alloc(31);
    gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc(31);
    gsl_eigen_symm(gram, lambda, work);
    assert_close(gsl_vector_max(lambda) / (4 * 569) + 0.1, 3.4204019205644802, 1e-13);
    gsl_eigen_symm_free(work), gsl_vector_free(lambda), gsl_matrix_free(gram);
    lab_data_close(data);
}

static void rows_are_scaled_last(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of("wine");
    spec.normalize = "standardize";
    spec.bias = true;
    const struct lab_data *plain = open_spec(&spec, LAB_LABELS_REAL);
    spec.max_row_norm = 2.5;
    const struct lab_data *scaled = open_spec(&spec, LAB_LABELS_REAL);
    assert_close(sqrt(largest_norm2(scaled)), 2.5, 1e-15);
    const double factor = 2.5 / sqrt(largest_norm2(plain));
    for (size_t i = 0; i < plain->n * plain->stride; i++)
        assert_close(scaled->A[i], plain->A[i] * factor, 1e-14);
    lab_data_close(plain);
    lab_data_close(scaled);

    spec.normalize = "unit_rows";
    spec.max_row_norm = NAN;
    const struct lab_data *unit = open_spec(&spec, LAB_LABELS_REAL);
    for (size_t i = 0; i < unit->n; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < 13; j++)
            sum += at(unit, i, j) * at(unit, i, j);
        assert_close(sum, 1.0, 1e-14);
        assert_true(at(unit, i, 13) == 1.0);
    }
    lab_data_close(unit);
}

static void special_rows_and_columns_are_prepared(void **state)
{
    (void)state;
    /* zero row; column constant, constant up to rounding, and far from 0 but not constant
     */
    const char *path = write_text("special.csv", "0.1,1e9,1000000001,0,1\n"
                                                 "0.1,1000000000.0000001,1000000002,3,2\n"
                                                 "0.1,1e9,1000000003,-4,3\n");
    struct lab_data_spec spec = spec_of(path);
    spec.normalize = "standardize";
    const struct lab_data *data = open_spec(&spec, LAB_LABELS_REAL);
    for (size_t i = 0; i < 3; i++) {
        assert_true(at(data, i, 0) == 0.0 && at(data, i, 1) == 0.0);
        assert_within(at(data, i, 2), sqrt(1.5) * ((double)i - 1.0), 1e-15);
    }
    lab_data_close(data);

    spec.data = write_text("zero.csv", "0,0,1\n3,4,2\n3e-200,4e-200,3\n");
    spec.normalize = "unit_rows";
    data = open_spec(&spec, LAB_LABELS_REAL);
    assert_true(at(data, 0, 0) == 0.0 && at(data, 0, 1) == 0.0);
    for (size_t i = 1; i < 3; i++) {
        assert_close(at(data, i, 0), 0.6, 1e-15);
        assert_close(at(data, i, 1), 0.8, 1e-15);
    }
    lab_data_close(data);

    spec.data = write_text("huge.csv", "1e308,1\n-1e308,2\n");
    spec.normalize = "standardize";
    assert_refused(&spec, LAB_LABELS_REAL,
                   "huge.csv: column 1: numbers as large as 1e+308");
    spec.data = write_text("zeros.csv", "0,1\n0,2\n");
    spec.max_row_norm = 1.0;
    assert_refused(&spec, LAB_LABELS_REAL, "the largest row norm is 0");
}

static void labels_become_signs(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of("digits");
    assert_refused(
        &spec, LAB_LABELS_BINARY,
        "digits: labels take more than two values (0, 1, 2, 3, 4, ...); choose "
        "the one that becomes +1, the others -1, with positive = 0");
    spec.positive = 17;
    assert_refused(&spec, LAB_LABELS_BINARY,
                   "no label is positive = 17; labels are 0, 1, 2, 3, 4, ...");
    const struct lab_data *digits = open_plainly("digits");
    spec.positive = 5;
    const struct lab_data *fives = open_spec(&spec, LAB_LABELS_BINARY);
    size_t count = 0;
    for (size_t i = 0; i < digits->n; i++) {
        assert_true(fives->b[i] == (digits->b[i] == 5.0 ? 1.0 : -1.0));
        count += fives->b[i] > 0.0;
    }
    assert_int_equal(count, 182);
    lab_data_close(digits);
    lab_data_close(fives);

    spec = spec_of(write_text("two.csv", "1,2.5\n2,7\n3,2.5\n"));
    const struct lab_data *two = open_spec(&spec, LAB_LABELS_BINARY);
    assert_true(two->b[0] == -1.0 && two->b[1] == 1.0 && two->b[2] == -1.0);
    lab_data_close(two);
    spec.data = write_text("one.csv", "1,2.5\n2,2.5\n");
    assert_refused(&spec, LAB_LABELS_BINARY,
                   "all labels are 2.5; two classes are needed");
}

/* Lines that are no rows count, as does a header; gzipped or not. */
static void wrong_labels_are_named_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        enum lab_labels labels;
        const char *message;
    } bad[] = {
        {"counts.csv", "a,y\n# none\n1,0\n\n1,3\n1,-1\n1,-2\n", LAB_LABELS_COUNTS,
         "counts.csv:6: label -1 is not a count (0, 1, 2, ...)"},
        {"counts.csv.gz", "1,0\n1,2.5\n", LAB_LABELS_COUNTS,
         "counts.csv.gz:2: label 2.5 is not a count (0, 1, 2, ...)"},
        {"counts.svm", "# none\n0 1:2\n\n1\n.5 1:3 # half\n", LAB_LABELS_COUNTS,
         "counts.svm:5: label 0.5 is not a count (0, 1, 2, ...)"},
        {"classes.svm.gz", "2 1:2\n\r\n1.5 1:3\n", LAB_LABELS_CLASSES,
         "classes.svm.gz:3: label 1.5 is not a class (an integer)"},
        {"classes.csv", "x,y\n1,7\n2,7\n", LAB_LABELS_CLASSES,
         "classes.csv: all labels are 7; two classes are needed"},
        {"signs.csv", "x,y\n1,4\n2,7\n# five\n3,5\n4,2\n", LAB_LABELS_BINARY,
         "signs.csv: labels take more than two values (2, 4, 5, 7); choose the one that "
         "becomes +1, the others -1, with positive = 2 (the third value, 5, is first "
         "seen "
         "at "},
        {"signs.csv", "x,y\n1,4\n2,7\n# five\n3,5\n4,2\n", LAB_LABELS_BINARY,
         "/signs.csv:5)"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lab_data_spec spec = spec_of(write_text(bad[i].name, bad[i].text));
        assert_refused(&spec, bad[i].labels, bad[i].message);
    }
    static char text[1001 * 12];
    size_t length = 0;
    for (int i = 0; i < 1001; i++)
        length += (size_t)sprintf(text + length, "%d,%d\n", i, (i * 5) % 1001);
    struct lab_data_spec spec = spec_of(write_file("many.csv", text, length));
    assert_refused(&spec, LAB_LABELS_CLASSES,
                   "many.csv:1001: label 996 makes more than 1000 classes");
    spec.data = write_file("many.csv", text, length - 9);
    const struct lab_data *data = open_spec(&spec, LAB_LABELS_CLASSES);
    assert_int_equal(data->classes, 1000);
    lab_data_close(data);
}

static void labels_become_classes_or_stay_counts(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of(write_text("k.csv", "1,10\n2,-3\n3,4\n4,-3\n"));
    static const double expected[] = {2, 0, 1, 0};
    const struct lab_data *data = open_spec(&spec, LAB_LABELS_CLASSES);
    assert_int_equal(data->classes, 3);
    assert_memory_equal(data->b, expected, sizeof expected);
    lab_data_close(data);
    data = open_spec(&spec, LAB_LABELS_REAL);
    assert_int_equal(data->classes, 0);
    assert_true(data->b[0] == 10.0);
    lab_data_close(data);
    spec.positive = 4;
    assert_refused(&spec, LAB_LABELS_CLASSES, "positive = 4 makes two classes of many");
    assert_refused(&spec, LAB_LABELS_COUNTS,
                   "positive = 4 makes two classes, but labels");
    spec = spec_of("digits");
    data = open_spec(&spec, LAB_LABELS_CLASSES);
    assert_int_equal(data->classes, 10);
    lab_data_close(data);
    data = open_spec(&spec, LAB_LABELS_COUNTS);
    assert_int_equal(data->classes, 0);
    lab_data_close(data);
    spec.classes = 10;
    assert_refused(&spec, LAB_LABELS_CLASSES, "classes is an option of synthetic data");
    spec = spec_of("synthetic");
    spec.classes = 1;
    assert_refused(&spec, LAB_LABELS_CLASSES, "classes = 1 is not in [2,1000]");
}

static void options_have_to_fit(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of("wine");
    spec.n = 5;
    assert_refused(&spec, LAB_LABELS_REAL, "n = 5 is an option of synthetic data");
    spec.n = 0, spec.d = 3;
    assert_refused(&spec, LAB_LABELS_REAL, "d = 3 is an option of synthetic data");
    spec.d = 0, spec.max_row_norm = 0.0;
    assert_refused(&spec, LAB_LABELS_REAL, "max_row_norm = 0 is not in (0,inf)");
    spec.max_row_norm = NAN, spec.normalize = "standardise";
    assert_refused(&spec, LAB_LABELS_REAL, "(did you mean 'standardize'?)");
    spec = spec_of("synthetic");
    spec.d = 1, spec.bias = true;
    assert_refused(&spec, LAB_LABELS_REAL, "d = 1 leaves no feature beside the bias");
    spec.n = UINT32_MAX, spec.d = UINT32_MAX;
    assert_refused(&spec, LAB_LABELS_REAL, "4294967295 rows x 4294967295 columns take");
    spec.n = (size_t)UINT32_MAX + 1, spec.d = 1, spec.bias = false;
    assert_refused(&spec, LAB_LABELS_REAL, "4294967296 rows are too many");
}

/* ---- reading ---------------------------------------------------------- */

static void equal_tables_are_read_equal(void **state)
{
    (void)state;
    static const char *const text[] = {
        "0.5,-2,1\n0,3e2,-1\n7,0,1\n",
        "a,b,y\n0.5,-2,1\n0,3e2,-1\n7,0,1\n",
        ",b,y\n0.5,-2,1\n0,3e2,-1\n7,0,1\n",
        "\"a,1\",\"say \"\"b\"\"\",y\n0.5,-2,1\n0,3e2,-1\n7,0,1\n",
        "0.5;-2;1\n0;3e2;-1\n7;0;1",
        "0.5\t-2\t1\r\n0\t3e2\t-1\r\n7\t0\t1\r\n",
        "\xef\xbb\xbf\"0.5\" , -2,\"+1\"\r\n\r\n .0, \" 300. \" ,-1.0\r\n07,-0,1 "
        "\r\n\r\n",
        "# a, b, y\n0.5,-2,1\n# more\n0,3e2,-1\n\n7,0,1\n\n",
        "1 1:0.5 2:-2\n-1 2:3e2\n+1 1:7\n",
        "# by hand\n\n1 1:.5 2:-2 # one\r\n-1\t2:300\t\r\n  1  1:7  2:0",
        "\xef\xbb\xbf"
        "1 1:0.5 2:-2\n-1 2:300\n1 1:7\n",
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        char name[32];
        snprintf(name, sizeof name, "same%zu.txt", i);
        assert_is_the_small_table(write_text(name, text[i]));
        strcat(name, ".gz");
        assert_is_the_small_table(write_text(name, text[i]));
    }
    const struct lab_data *data = open_plainly(write_text(
        "rows.svm", "1\n2 # nothing either\n3 3:1\n4\n")); /* empty rows first */
    assert_int_equal(data->n, 4);
    assert_int_equal(data->d, 3);
    assert_true(at(data, 2, 2) == 1.0 && at(data, 3, 2) == 0.0 && data->b[3] == 4.0);
    lab_data_close(data);
}

static void numbers_have_points_in_every_locale(void **state)
{
    (void)state;
    static const char *const comma[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE",
                                        "es_ES.UTF-8"};
    for (size_t i = 0; i < sizeof comma / sizeof *comma; i++)
        if (setlocale(LC_NUMERIC, comma[i])) {
            assert_is_the_small_table(
                write_text("locale.csv", "0.5,-2,1\n0,3e2,-1\n7,0,1\n"));
            setlocale(LC_NUMERIC, "C");
            return;
        }
    print_message("no locale with a decimal comma is installed: skipped\n");
}

static void lines_may_be_long_and_many(void **state)
{
    (void)state;
    enum { ROWS = 3, COLUMNS = 200000 };
    static char text[ROWS * COLUMNS * 8];
    size_t length = 0;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            length += (size_t)sprintf(text + length, "%d%c", (i + j) % 1000,
                                      j < COLUMNS - 1 ? ',' : '\n');
    const struct lab_data *data = open_plainly(write_file("long.csv.gz", text, length));
    assert_int_equal(data->n, ROWS);
    assert_int_equal(data->d, COLUMNS - 1);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS - 1; j++)
            assert_true(at(data, i, j) == (double)((i + j) % 1000));
    lab_data_close(data);
}

static void malformed_text_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "bad.csv: empty"},
        {"\n\n", "bad.csv: no rows of numbers"},
        {"a,b\n", "bad.csv: no rows of numbers"},
        {"1\n2\n", "bad.csv:1: one column only"},
        {"hello\n", "bad.csv:1: one column only"},
        {"1,2,3\n4,5\n", "bad.csv:2: 2 columns instead of 3"},
        {"1,2,3\n\n4,5,6,7\n", "bad.csv:3: 4 columns instead of 3"},
        {"a,b,c,d\n4,5,6\n", "bad.csv:2: 3 columns instead of 4"},
        {"1,2\n1,x\n", "bad.csv:2: column 2: 'x' is not a number"},
        {"1,NA,2\n", "bad.csv:1: column 2: 'NA' is not a number"},
        {"1,2\n1 1,2\n", "bad.csv:2: column 1: '1 1' is not a number"},
        {"1,2\n0x10,2\n", "bad.csv:2: column 1: '0x10' is not a number"},
        {"1,2\n\"1,2\n", "bad.csv:2: column 1: '\"1,2' is not a number"},
        {"1,2\n1.5.2,2\n", "bad.csv:2: column 1: '1.5.2' is not a number"},
        {"1,2\n,2\n", "bad.csv:2: column 1 is empty"},
        {"1\t2\t3\n1\t \t3\n", "bad.csv:2: column 2 is empty"},
        {"1,2\n1,\n", "bad.csv:2: column 2 is empty"},
        {"1,2\nnan,2\n", "bad.csv:2: column 1: 'nan' is not a finite number"},
        {"1,2\n1,-inf\n", "bad.csv:2: column 2: '-inf' is not a finite number"},
        {"1,2\n1e999,2\n", "bad.csv:2: column 1: '1e999' is not a finite number"},
        {"1,2\n1,a\x1b[31m\xc3\xa9\n",
         "column 2: 'a\\x1b[31m\\xc3\\xa9' is not a number"},
        {"1,2\n1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
         "column 2: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' is not a number"},
        {"1 1:2\n1 0:3\n", "bad.csv:2: '0:3' has index 0; indices start at 1"},
        {"1 1:2\n1 3:1 2:1\n", "bad.csv:2: '2:1' has an index that is not above the one"},
        {"1 1:2\n1 3:1 3:1\n", "bad.csv:2: '3:1' has an index that is not above the one"},
        {"1 1:2\n1 4294967296:1\n", "bad.csv:2: '4294967296:1' has an index beyond"},
        {"1 1:2\n1 99999999999999999999:1\n", "has an index beyond 2^32 - 1"},
        {"1 1:2\n1 -1:1\n", "bad.csv:2: '-1:1' is not index:value"},
        {"1 1:2\n1 qid:1 1:1\n", "bad.csv:2: 'qid:1' is not index:value"},
        {"1 1:2\n1 1:x\n", "bad.csv:2: '1:x' has a value that is not a number"},
        {"1 1:2\n1 1: 2\n", "bad.csv:2: '1:' has a value that is not a number"},
        {"1 1:2\n1 1:nan\n", "bad.csv:2: '1:nan' has a value that is not finite"},
        {"1 1:2\nx 1:1\n", "bad.csv:2: 'x' is not a label"},
        {"1 1:2\n1,2 1:1\n", "bad.csv:2: '1,2' is not a label"},
        {"1 1:2\ninf 1:1\n", "bad.csv:2: 'inf' is not a label"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_file_refused(write_text("bad.csv", bad[i].text), bad[i].message);
    assert_file_refused(write_file("bad.csv", "1,2\n1\0,2\n", 9),
                        "bad.csv:2: a NUL byte");
    assert_file_refused(write_file("bad.csv", "1\0002,2\n", 6), "bad.csv:1: a NUL byte");
}

static void data_beyond_memory_are_refused(void **state)
{
    (void)state;
    char text[100 * 15];
    for (size_t i = 0; i < sizeof text; i += 15)
        memcpy(text + i, "1 4294967295:1\n", 15);
    assert_file_refused(
        write_file("wide.svm", text, sizeof text),
        "wide.svm: 100 rows x 4294967295 columns take 3436.0 GB as a dense "
        "matrix, more than half of the ");
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    char text[4000], gz[4000];
    for (size_t i = 0; i < sizeof text; i += 4)
        memcpy(text + i, "1,2\n", 4);
    for (size_t i = 0; i < sizeof text; i += 44) /* not too regular */
        text[i] = (char)('0' + i * i % 10);
    FILE *file = fopen(write_file("whole.csv.gz", text, sizeof text), "rb");
    size_t length = fread(gz, 1, sizeof gz, file);
    fclose(file);
    assert_in_range(length, 30, 3999);
    const char *path = in_folder("cut.csv");
    static const size_t keep[] = {3, 11, 30};
    for (size_t i = 0; i < 5; i++) {
        size_t cut = i < 3 ? keep[i] : length - (i == 3 ? 1 : 8);
        assert_int_equal(gzclose(gzopen(path, "wbT")), Z_OK);
        file = fopen(path, "wb");
        fwrite(gz, 1, cut, file);
        fclose(file);
        assert_file_refused(path, "cut.csv");
        if (cut > 10)
            assert_file_refused(path, "damaged gzip file (unexpected end of file)");
    }
    gz[length - 6] ^= 1; /* in the check sum */
    file = fopen(path, "wb");
    fwrite(gz, 1, length, file);
    fclose(file);
    assert_file_refused(path, "cut.csv: damaged gzip file (incorrect data check)");
    assert_file_refused(write_text("empty.csv.gz", ""), "empty.csv.gz: empty");
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_file_refused(folder, "not a regular file");
    assert_file_refused("/dev/zero", "/dev/zero: not a regular file");
    const char *fifo = in_folder("fifo.csv");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_file_refused(fifo, "fifo.csv: not a regular file");
    assert_file_refused("", "no data set is named");
    assert_file_refused("a\nb", "control character");
}

/* ---- sparse rows ------------------------------------------------------ */

/* Entry i, j of a set, sparse or dense. */
static double entry(const struct lab_data *data, size_t i, size_t j)
{
    const struct lab_row row = lab_row_at(data, i);
    for (size_t k = 0; k < row.count; k++)
        if (lab_row_column(row, k) == j)
            return row.value[k];
    return 0.0;
}

/* An empty row, an empty column, a stored zero. */
static const char little[] = "1 1:3 4:-1\n# none\n-1 4:2.5 6:1\n1\n"
                             "-1 1:4 2:-7 4:1e3\n\n1 3:0 5:2\n";

static void sparse_and_dense_rows_are_prepared_alike(void **state)
{
    (void)state;
    static const char *const how[] = {"none", "scale", "unit_rows"};
    for (size_t k = 0; k < 12; k++) {
        struct lab_data_spec spec = spec_of(write_text("little.svm", little));
        spec.normalize = how[k % 3], spec.bias = k / 3 % 2;
        spec.max_row_norm = k < 6 ? NAN : 0.7;
        const struct lab_data *dense = open_spec(&spec, LAB_LABELS_BINARY);
        spec.storage = LAB_SPARSE;
        const struct lab_data *sparse = open_spec(&spec, LAB_LABELS_BINARY);
        assert_non_null(dense->A);
        assert_null(sparse->A);
        assert_int_equal(sparse->n, 5);
        assert_int_equal(sparse->d, 6 + spec.bias);
        assert_int_equal(sparse->row_start[5], 8 + 5 * spec.bias); /* not the zero */
        assert_int_equal(dense->d, sparse->d);
        assert_memory_equal(dense->b, sparse->b, 5 * sizeof *dense->b);
        for (size_t i = 0; i < 5; i++)
            for (size_t j = 0; j < dense->d; j++)
                assert_within(at(dense, i, j), entry(sparse, i, j),
                              4e-16 * fabs(at(dense, i, j)));
        lab_data_close(dense), lab_data_close(sparse);
    }
}

static void scaled_columns_have_root_mean_square_1(void **state)
{
    (void)state;
    /* sqrt((9 + 16)/4) = 2.5; a column of zeros; squares that would overflow */
    struct lab_data_spec spec =
        spec_of(write_text("scale.svm", "1 1:3 3:1e200\n2 1:0\n3 1:4\n4 4:1\n"));
    spec.normalize = "scale";
    static const double expected[4][5] = {
        {1.2, 0, 2, 0, 1}, {0, 0, 0, 0, 1}, {1.6, 0, 0, 0, 1}, {0, 0, 0, 2, 1}};
    spec.bias = true;
    for (enum lab_storage s = LAB_DENSE; s <= LAB_SPARSE; s++) {
        spec.storage = s;
        const struct lab_data *data = open_spec(&spec, LAB_LABELS_REAL);
        for (size_t i = 0; i < 4; i++)
            for (size_t j = 0; j < 5; j++)
                assert_within(entry(data, i, j), expected[i][j], 1e-15);
        lab_data_close(data);
    }
    spec.normalize = "standardize";
    assert_refused(
        &spec, LAB_LABELS_REAL,
        "scale.svm: normalize = 'standardize' would fill in the zeros of sparse "
        "rows (4 x 4, 25 % of it stored); choose normalize = 'scale' (columns");
    spec.normalize = "scales";
    assert_refused(&spec, LAB_LABELS_REAL, "(did you mean 'scale'?)");
}

/* More than a million entries of which less than a quarter are stored. */
static void large_and_empty_files_stay_sparse(void **state)
{
    (void)state;
    enum { COLUMNS = 1000, ROOM = 16 << 20 };
    static const struct {
        size_t rows, filled; /* entries in all */
        bool sparse;
    } file[] = {{1001, 250249, true}, {1001, 250250, false}, {1000, 1000, false}};
    char *text = lab_alloc(ROOM, 1);
    for (size_t f = 0; f < 3; f++) {
        size_t length = 0, left = file[f].filled;
        for (size_t i = 0; i < file[f].rows; i++) {
            length += (size_t)sprintf(text + length, "%zu", i % 7);
            size_t here = left / (file[f].rows - i);
            for (size_t j = 0; j < here; j++, left--)
                length +=
                    (size_t)sprintf(text + length, " %zu:1", j + 1 + COLUMNS - here);
            text[length++] = '\n';
        }
        assert_int_equal(left, 0);
        assert_true(length < ROOM);
        struct lab_data_spec spec = spec_of(write_file("large.svm.gz", text, length));
        spec.bias = true;
        spec.storage = LAB_ANY_STORAGE;
        const struct lab_data *data = open_spec(&spec, LAB_LABELS_COUNTS);
        assert_int_equal(data->n, file[f].rows);
        assert_int_equal(data->d, COLUMNS + 1);
        assert_true(lab_is_sparse(data) == file[f].sparse);
        assert_true(entry(data, 17, COLUMNS - 1) == 1.0 && entry(data, 17, 0) == 0.0);
        if (file[f].sparse) /* memory follows what is not zero */
            assert_int_equal(data->row_start[data->n], file[f].filled + data->n);
        lab_data_close(data);
        spec.normalize = "standardize"; /* fills in the zeros of a matrix of this size */
        data = open_spec(&spec, LAB_LABELS_COUNTS);
        assert_false(lab_is_sparse(data));
        lab_data_close(data);
        spec.normalize = "none";
        spec.storage = LAB_DENSE;
        data = open_spec(&spec, LAB_LABELS_COUNTS);
        assert_non_null(data->A);
        lab_data_close(data);
    }
    free(text);
}

static void wrong_sparse_rows_are_refused(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of(write_text("wrong.svm", "1 1:2\n\n1 3:1 3:2\n"));
    spec.storage = LAB_SPARSE;
    assert_refused(&spec, LAB_LABELS_REAL, "wrong.svm:3: '3:2' has an index that is not");
    spec.data = write_text("wrong.svm", "0 1:2\n# x\n-2 9:1\n");
    assert_refused(&spec, LAB_LABELS_COUNTS, "wrong.svm:3: label -2 is not a count");
    spec.data = write_text("wrong.svm", "1 4294967295:1\n");
    assert_refused(&spec, LAB_LABELS_REAL,
                   "wrong.svm: 1 rows, 4294967295 columns: vectors that long take more");
    spec.data = write_text("wrong.svm", "1 2:1e-200 3:0\n");
    spec.max_row_norm = 2.0;
    const struct lab_data *data = open_spec(&spec, LAB_LABELS_REAL);
    assert_close(data->value[0], 2.0, 1e-15);
    assert_int_equal(data->d, 3);
    lab_data_close(data);
}

/* ---- IDX -------------------------------------------------------------- */

static void idx_images_find_their_labels(void **state)
{
    (void)state;
    static const unsigned char images[] = {0, 0, 8, 3, 0, 0, 0,   3, 0, 0,   0,
                                           2, 0, 0, 0, 1, 0, 255, 7, 8, 128, 9};
    static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 4, 5, 6};
    const char *path = write_file("my-images-idx3-ubyte.gz", images, sizeof images);
    assert_file_refused(path, "my-labels-idx1-ubyte.gz: No such file or directory");
    write_file("my-labels-idx1-ubyte.gz", labels, sizeof labels);
    const struct lab_data *data = open_plainly(path);
    assert_int_equal(data->n, 3);
    assert_int_equal(data->d, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_true(at(data, i, 0) == images[16 + 2 * i]);
        assert_true(at(data, i, 1) == images[17 + 2 * i]);
        assert_true(data->b[i] == (double)(4 + i));
    }
    lab_data_close(data);

    write_file("cut-images", images, sizeof images - 1);
    write_file("cut-labels", labels, sizeof labels);
    assert_file_refused(in_folder("cut-images"), "cut-images: ends after 5 of 6 bytes");
    write_file("cut-images", images, 10);
    assert_file_refused(in_folder("cut-images"), "cut-images: ends after 6 of 12 bytes");
    write_file("cut-images", labels, sizeof labels - 1);
    assert_file_refused(in_folder("cut-images"), "cut-images: ends after 2 of 3 bytes");
    write_file("cut-images", images, sizeof images);
    write_file("cut-labels", "\0\0\x08\1\0\0\0\2\1\1", 10);
    assert_file_refused(in_folder("cut-images"), "2 x 1 labels, but ");
    write_file("cut-images", "\0\0\x0d\1\0\0\0\2", 8);
    assert_file_refused(in_folder("cut-images"), "type 0x0d; only bytes (0x08) are read");
    write_file("cut-images", "\0\0\x08\2\0\0\0\2\0\0\0\0", 12);
    assert_file_refused(in_folder("cut-images"), "sizes in its head make no sense");
    write_file("cut-images", "\0\0\x08\2\xff\xff\xff\xff\xff\xff\xff\xff", 12);
    assert_file_refused(in_folder("cut-images"), "ends after 0 of 18446744065119617025");
    assert_file_refused(write_file("other.idx", images, sizeof images),
                        "without 'images'");
}

static void fashion_mnist_is_read_if_installed(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of("fashion_mnist");
    if (access("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz", R_OK)) {
        assert_refused(&spec, LAB_LABELS_REAL, "apt-get install dataset-fashion-mnist");
        print_message("dataset-fashion-mnist is not installed: skipped\n");
        return;
    }
    const struct lab_data *data = open_spec(&spec, LAB_LABELS_REAL);
    assert_int_equal(data->n, 60000);
    assert_int_equal(data->d, 784);
    assert_int_equal(data->stride, 784);
    double count[10] = {0}, sum = 0.0;
    for (size_t i = 0; i < data->n; i++)
        count[(size_t)data->b[i]]++;
    for (size_t i = 0; i < data->n * data->d; i++)
        sum += data->A[i];
    for (size_t k = 0; k < 10; k++)
        assert_true(count[k] == 6000);
    assert_within(sum / 255 / (60000.0 * 784), 0.2860, 5e-5); /* as widely used */
    lab_data_close(data);
}

/* ---- synthetic -------------------------------------------------------- */

/* Draws with the planted w; statistics of the labels given the prediction. */
static void check_planted(enum lab_planted planted, enum lab_labels labels)
{
    enum { N = 20000, D = 6 };
    struct lab_data_spec spec = spec_of("synthetic");
    spec.n = N, spec.d = D, spec.bias = true, spec.data_seed = 3;
    struct lab_error err = {""};
    const struct lab_data *data = lab_data_open(&spec, labels, planted, &err);
    assert_non_null(data);
    double w[D], sum = 0.0, sum2 = 0.0, sum_abs = 0.0, variance = 0.0;
    gsl_rng *rng = lab_rng_new(3, 0, LAB_FOR_DATA);
    lab_draw_gaussian(rng, 1.0 / sqrt(D), D, w);
    gsl_rng_free(rng);
    for (size_t i = 0; i < N; i++) {
        double z = 0.0;
        assert_true(at(data, i, D - 1) == 1.0);
        for (size_t j = 0; j < D; j++)
            z += at(data, i, j) * w[j];
        double p = 1.0 / (1.0 + exp(-4.0 * z));
        double off = data->b[i] - (planted == LAB_PLANTED_LOGISTIC ? 2.0 * p - 1.0 : z);
        variance += (planted == LAB_PLANTED_LOGISTIC   ? 4.0 * p * (1.0 - p)
                     : planted == LAB_PLANTED_GAUSSIAN ? 0.25
                                                       : 0.5) /
                    N;
        sum += off / N;
        sum2 += off * off / N;
        sum_abs += fabs(off) / N;
    }
    assert_within(sum, 0.0, 5.0 * sqrt(variance / N));
    assert_close(sum2, variance, 0.1);
    if (planted == LAB_PLANTED_LAPLACE)
        assert_close(sum_abs, 0.5, 0.04);
    if (planted == LAB_PLANTED_GAUSSIAN)
        assert_close(sum_abs, 0.5 * sqrt(2 / M_PI), 0.04);
    lab_data_close(data);
}

static void planted_predictions(const struct lab_data *data, size_t planes, size_t i,
                                const double *w, double *z)
{
    for (size_t k = 0; k < planes; k++) {
        z[k] = 0.0;
        for (size_t j = 0; j < data->d; j++)
            z[k] += at(data, i, j) * w[k * data->d + j];
    }
}

/* Sums of (label's mark - its mean) over rows, within five standard deviations. */
static void synthetic_classes_and_counts_have_their_means(void **state)
{
    (void)state;
    enum { N = 20000, D = 5, K = 4 };
    struct lab_data_spec spec = spec_of("synthetic");
    struct lab_error err = {""};
    spec.n = N, spec.d = D, spec.bias = true, spec.data_seed = 3, spec.classes = K;
    const struct lab_data *data =
        lab_data_open(&spec, LAB_LABELS_CLASSES, LAB_PLANTED_CLASSES, &err);
    assert_non_null(data);
    assert_int_equal(data->classes, K);
    double w[K * D], z[K], off[K] = {0}, variance[K] = {0};
    gsl_rng *rng = lab_rng_new(3, 0, LAB_FOR_DATA);
    lab_draw_gaussian(rng, 1.0 / sqrt(D), K * D, w);
    gsl_rng_free(rng);
    for (size_t i = 0; i < N; i++) {
        double sum = 0.0;
        planted_predictions(data, K, i, w, z);
        for (size_t k = 0; k < K; k++)
            sum += exp(4.0 * z[k]);
        for (size_t k = 0; k < K; k++) {
            double p = exp(4.0 * z[k]) / sum;
            off[k] += (data->b[i] == (double)k) - p;
            variance[k] += p * (1.0 - p);
        }
    }
    for (size_t k = 0; k < K; k++) {
        assert_true(variance[k] > 100.0);
        assert_within(off[k], 0.0, 5.0 * sqrt(variance[k]));
    }
    lab_data_close(data);
    spec.n = 1, spec.classes = 0;
    data = lab_data_open(&spec, LAB_LABELS_CLASSES, LAB_PLANTED_CLASSES, &err);
    assert_non_null(data);
    assert_int_equal(data->classes, 3); /* though one label cannot show them */
    lab_data_close(data);

    spec.n = N;
    data = lab_data_open(&spec, LAB_LABELS_COUNTS, LAB_PLANTED_COUNTS, &err);
    assert_non_null(data);
    rng = lab_rng_new(3, 0, LAB_FOR_DATA);
    lab_draw_gaussian(rng, 1.0 / sqrt(D), D, w);
    gsl_rng_free(rng);
    double sum = 0.0, sum2 = 0.0, spread = 0.0, largest = 0.0;
    for (size_t i = 0; i < N; i++) {
        planted_predictions(data, 1, i, w, z);
        double mean = exp(0.5 * *z), apart = data->b[i] - mean;
        sum += apart, sum2 += apart * apart, spread += mean;
        largest = fmax(largest, data->b[i]);
        assert_true(data->b[i] >= 0.0 && data->b[i] == floor(data->b[i]));
    }
    assert_within(sum, 0.0, 5.0 * sqrt(spread));
    assert_close(sum2, spread, 0.1); /* Poisson: the variance is the mean */
    assert_true(largest > 3.0 && largest < 100.0);
    lab_data_close(data);
}

static void synthetic_labels_follow_the_planted_prediction(void **state)
{
    (void)state;
    check_planted(LAB_PLANTED_LOGISTIC, LAB_LABELS_BINARY);
    check_planted(LAB_PLANTED_GAUSSIAN, LAB_LABELS_REAL);
    check_planted(LAB_PLANTED_LAPLACE, LAB_LABELS_REAL);
}

static void synthetic_data_depend_on_their_seed_alone(void **state)
{
    (void)state;
    struct lab_data_spec spec = spec_of("synthetic");
    const struct lab_data *first = open_spec(&spec, LAB_LABELS_BINARY);
    assert_int_equal(first->n, 1000);
    assert_int_equal(first->d, 20);
    assert_int_equal(first->stride, 24);
    spec.n = 1500;
    const struct lab_data *longer = open_spec(&spec, LAB_LABELS_BINARY);
    assert_memory_equal(first->A, longer->A, 1000 * 24 * sizeof(double));
    assert_memory_equal(first->b, longer->b, 1000 * sizeof(double));
    spec.data_seed = 1;
    const struct lab_data *other = open_spec(&spec, LAB_LABELS_BINARY);
    assert_true(at(other, 0, 0) != at(longer, 0, 0));
    lab_data_close(first);
    lab_data_close(other);
    lab_data_close(longer);
}

/* ---- finding and sharing ---------------------------------------------- */

static void equal_specs_share_one_copy(void **state)
{
    (void)state;
    char name[] = "wine";
    struct lab_data_spec spec = spec_of("wine"), again = spec_of(name);
    const struct lab_data *a = open_spec(&spec, LAB_LABELS_REAL);
    const struct lab_data *b = open_spec(&again, LAB_LABELS_REAL);
    assert_ptr_equal(a, b);
    memset(name, 'x', 4); /* the caller's text may go */
    assert_ptr_equal(a, open_spec(&spec, LAB_LABELS_REAL));
    again = spec;
    again.bias = true;
    const struct lab_data *biased = open_spec(&again, LAB_LABELS_REAL);
    assert_ptr_not_equal(a, biased);
    lab_data_close(a);
    lab_data_close(a);
    assert_int_equal(b->n, 178);
    lab_data_close(b);
    lab_data_close(biased);
    lab_data_close(NULL);
}

static void what_is_not_found_is_explained(void **state)
{
    (void)state;
    assert_file_refused("brest_cancer", "unknown data set 'brest_cancer' (did you mean "
                                        "'breast_cancer'?); looked in ");
    assert_file_refused("sinthetic", "(did you mean 'synthetic'?)");
    assert_file_refused("./wine.csv", "no data file (did you mean 'wine'?); looked for "
                                      "./wine.csv");
    lab_data_base("/nowhere");
    assert_file_refused("x/no.csv",
                        "no data file; looked for x/no.csv, /nowhere/x/no.csv");
    write_text("based.csv", "0.5,-2,1\n0,3e2,-1\n7,0,1\n");
    lab_data_base(folder);
    assert_is_the_small_table("based.csv");
    lab_data_base(NULL);
    assert_file_refused("based.csv", "no data file; looked for based.csv");
}

static void sidecars_describe_the_shipped_data(void **state)
{
    (void)state;
    static const char *const names[] = {"breast_cancer", "cubic", "digits",
                                        "fashion_mnist", "wine"};
    size_t count;
    struct lab_data_card *cards = lab_data_cards(&count);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        const struct lab_data_card *c = &cards[i];
        assert_string_equal(c->name, names[i]);
        assert_true(*c->title && *c->task && *c->source && *c->licence && *c->where);
        assert_true(c->present == (access(c->where, R_OK) == 0));
        if (!c->present || i == 3)
            continue;
        const struct lab_data *data = open_plainly(c->name);
        assert_int_equal(data->n, c->n);
        assert_int_equal(data->d, c->d);
        lab_data_close(data);
    }
    lab_data_cards_free(cards, count);
}

static void own_folder_comes_first(void **state)
{
    (void)state;
    mkdir(in_folder("own"), 0700);
    write_text("own/wine.json", "{\"files\": [\"wine.csv\"]}");
    write_text("own/wine.csv", "0.5,-2,1\n0,3e2,-1\n7,0,1\n");
    write_text("own/packed.json",
               "{\"files\": [\"no.csv\"], \"package\": \"packed-data\"}");
    write_text("own/lost.json", "{\"files\": [\"no.csv\"]}");
    write_text("own/wrong.json", "{\n\"files\": ");
    write_text("own/other.json", "[1, 2]");
    setenv("LAB_DATA_DIR", in_folder("own"), 1);
    assert_is_the_small_table("wine");
    assert_file_refused("packed", "no.csv: apt-get install packed-data");
    assert_file_refused("lost", "data set 'lost' lacks its file ");
    assert_file_refused("wrong", "wrong.json:2: ");
    assert_file_refused("other", "other.json: no 'files'");
    size_t count;
    struct lab_data_card *cards = lab_data_cards(&count);
    assert_int_equal(count, 7); /* the five, packed and lost */
    assert_string_equal(cards[4].name, "lost");
    assert_false(cards[4].present);
    assert_int_equal(cards[6].n, 0); /* wine is ours */
    lab_data_cards_free(cards, count);
    unsetenv("LAB_DATA_DIR");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breast_cancer_is_as_published),
        cmocka_unit_test(rows_are_scaled_last),
        cmocka_unit_test(special_rows_and_columns_are_prepared),
        cmocka_unit_test(labels_become_signs),
        cmocka_unit_test(wrong_labels_are_named_by_line),
        cmocka_unit_test(labels_become_classes_or_stay_counts),
        cmocka_unit_test(options_have_to_fit),
        cmocka_unit_test(equal_tables_are_read_equal),
        cmocka_unit_test(numbers_have_points_in_every_locale),
        cmocka_unit_test(lines_may_be_long_and_many),
        cmocka_unit_test(malformed_text_is_refused),
        cmocka_unit_test(data_beyond_memory_are_refused),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(sparse_and_dense_rows_are_prepared_alike),
        cmocka_unit_test(scaled_columns_have_root_mean_square_1),
        cmocka_unit_test(large_and_empty_files_stay_sparse),
        cmocka_unit_test(wrong_sparse_rows_are_refused),
        cmocka_unit_test(idx_images_find_their_labels),
        cmocka_unit_test(fashion_mnist_is_read_if_installed),
        cmocka_unit_test(synthetic_labels_follow_the_planted_prediction),
        cmocka_unit_test(synthetic_classes_and_counts_have_their_means),
        cmocka_unit_test(synthetic_data_depend_on_their_seed_alone),
        cmocka_unit_test(equal_specs_share_one_copy),
        cmocka_unit_test(what_is_not_found_is_explained),
        cmocka_unit_test(sidecars_describe_the_shipped_data),
        cmocka_unit_test(own_folder_comes_first),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
