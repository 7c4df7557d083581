/* Records: a checker's answers as JSON lines or as CSV, one record a case.
 * include/lockdrill/answers.schema.json describes a line of the former.
 *
 * A CSV file begins with a row of names: `file` or `id`, `verdict`, and any of `kind`, `line`, `in_helpers`,
 * `message`, `seconds` and `memory`, in any order. It may have several rows of one case, each with a finding;
 * their verdicts must be the same.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "import.h"

/* Reads one file into the import; `name` is that of the file, and must outlive the import. False with the
 * place. */
bool records_read_json(struct import *import, const char *name, const char *text, size_t length,
                       struct diag *diag);
bool records_read_csv(struct import *import, const char *name, const char *text, size_t length,
                      struct diag *diag);

#endif
