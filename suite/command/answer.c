/* lockdrill answer CHECKER SPANS FILE [HELPERS]: the degenerate checkers, which run as checkers do and
 * read next to nothing. See command.h.
 *
 * SPANS has a line `FIRST LINES HELPERS_FIRST HELPERS_LINES` for each case of the pack, the canary's last:
 * its lines of FILE and, unless they are 0 0, of HELPERS. Prints `FILE:FIRST: violation` for each case
 * found guilty, then `done`.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "buf.h"
#include "command.h"

enum { ANSWER_FILE = 256 << 20 };

/* Guilty or not, by the text of a case. */
typedef bool answer_judge(const char *text, size_t length);

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool
judge_pass(const char *text, size_t length)
{
	(void)text;
	(void)length;
	return false;
}

static bool
judge_violation(const char *text, size_t length)
{
	(void)text;
	(void)length;
	return true;
}

/* By a hash without the suffixes of names, _0 _1 ..., and blank lines at the end, so that a case's answer
 * is the same in every pack. */
static bool
judge_coin(const char *text, size_t length)
{
	struct buf kept = {0};
	XXH64_hash_t hash;

	while (length && text[length - 1] == '\n')
		length--;
	for (size_t i = 0; i < length; i++) {
		size_t digits = 0;

		while (text[i] == '_' && i + 1 + digits < length && text[i + 1 + digits] >= '0' &&
		       text[i + 1 + digits] <= '9')
			digits++;
		if (digits)
			i += digits;
		else
			buf_putc(&kept, text[i]);
	}
	hash = XXH3_64bits(buf_string(&kept), kept.len);
	buf_free(&kept);
	return hash >> 63;
}

static bool
holds_one_of(const char *word, size_t length, const char *const *parts)
{
	for (; *parts; parts++) {
		size_t part = strlen(*parts);

		for (size_t i = 0; i + part <= length; i++)
			if (!memcmp(word + i, *parts, part))
				return true;
	}
	return false;
}

/* Counts calls by their names; a name is a call's where a parenthesis follows. */
static bool
judge_calls(const char *text, size_t length)
{
	static const char *const acquires[] = {"AcquireSpinLock", "AcquireInStackQueuedSpinLock",
	                                       "AcquireCancelSpinLock", "WdfSpinLockAcquire", NULL};
	static const char *const releases[] = {"ReleaseSpinLock", "ReleaseInStackQueuedSpinLock",
	                                       "ReleaseCancelSpinLock", "WdfSpinLockRelease", NULL};
	size_t taken = 0, given = 0;

	for (size_t i = 0, begin; i < length; i++) {
		for (begin = i; i < length && is_word(text[i]);)
			i++;
		if (i == length || text[i] != '(')
			continue;
		taken += holds_one_of(text + begin, i - begin, acquires);
		given += holds_one_of(text + begin, i - begin, releases);
	}
	return taken != given;
}

static const struct {
	const char *name;
	answer_judge *judge;
} checkers[] = {
	{"always-pass", judge_pass},
	{"always-violation", judge_violation},
	{"coin", judge_coin},
	{"count-calls", judge_calls},
};

/* A file that is read from its beginning to its end, a span at a time. */
struct source {
	struct buf text;
	size_t at;
	unsigned long line; /* that stands at `at` */
};

/* The byte behind `lines` lines from the source's present one. */
static size_t
skip_lines(struct source *source, unsigned long lines)
{
	const struct buf *text = &source->text;

	for (source->line += lines; lines && source->at < text->len; lines--) {
		const char *newline = memchr(text->data + source->at, '\n', text->len - source->at);

		source->at = newline ? (size_t)(newline - text->data) + 1 : text->len;
	}
	return source->at;
}

/* Adds a span's text; false where the span begins before what was read. */
static bool
add_span(struct buf *body, struct source *source, unsigned long first, unsigned long lines)
{
	size_t begin;

	if (!lines)
		return true;
	if (first < source->line)
		return false;
	begin = skip_lines(source, first - source->line);
	buf_add(body, buf_string(&source->text) + begin, skip_lines(source, lines) - begin);
	return true;
}

enum { FIRST, LINES, HELPERS_FIRST, HELPERS_LINES, SPAN_NUMBERS };

/* Takes one line of the spans; false at their end. */
static bool
next_span(const char **at, unsigned long span[SPAN_NUMBERS])
{
	const char *from = *at;

	for (unsigned i = 0; i < SPAN_NUMBERS; i++) {
		char *end;

		span[i] = strtoul(from, &end, 10);
		if (end == from || *end != (i + 1 < SPAN_NUMBERS ? ' ' : '\n'))
			return false;
		from = end + 1;
	}
	if (!span[FIRST])
		return false;
	*at = from;
	return true;
}

static bool
answer_all(const char *file, struct source *first, struct source *second, const char *spans,
           answer_judge *judge)
{
	unsigned long span[SPAN_NUMBERS];
	struct buf body = {0};
	bool ok = true;

	while (ok && next_span(&spans, span)) {
		buf_clear(&body);
		ok = add_span(&body, first, span[FIRST], span[LINES]) &&
		     add_span(&body, second, span[HELPERS_FIRST], span[HELPERS_LINES]);
		if (ok && judge(buf_string(&body), body.len))
			printf("%s:%lu: violation\n", file, span[FIRST]);
	}
	buf_free(&body);
	return ok && !*spans;
}

static bool
read_source(struct source *source, const char *file, struct diag *diag)
{
	source->line = 1;
	if (!file || buf_read_file(&source->text, file, ANSWER_FILE))
		return true;
	diag_set(diag, file, 0, 0, "cannot read: %s", strerror(errno));
	return false;
}

/* `files` are the spans, the pack, and its second file or NULL. */
static int
answer_files(char *const files[3], answer_judge *judge)
{
	struct source spans = {0}, first = {0}, second = {0};
	struct diag diag;
	bool ok = read_source(&spans, files[0], &diag) && read_source(&first, files[1], &diag) &&
	          read_source(&second, files[2], &diag);

	if (ok && !answer_all(files[1], &first, &second, buf_string(&spans.text), judge)) {
		diag_set(&diag, files[0], 0, 0,
		         "expected lines FIRST LINES HELPERS_FIRST HELPERS_LINES in ascending order");
		ok = false;
	}
	if (ok)
		puts("done");
	buf_free(&spans.text);
	buf_free(&first.text);
	buf_free(&second.text);
	return ok ? STATUS_FINE : command_refuse(&diag);
}

static int
run(int argc, char **argv)
{
	struct diag diag;

	if (argc == 4 || argc == 5)
		for (size_t i = 0; i < sizeof checkers / sizeof *checkers; i++)
			if (!strcmp(argv[1], checkers[i].name))
				return answer_files(argv + 2, checkers[i].judge); /* argv ends with NULL */
	diag_set(&diag, "answer", 0, 0,
	         "expected CHECKER SPANS FILE [HELPERS]; checkers: always-pass, "
	         "always-violation, coin, count-calls");
	return command_refuse(&diag);
}

const struct command command_answer = {.name = "answer", .run = run};
