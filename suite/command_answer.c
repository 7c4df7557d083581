/* lockdrill answer CHECKER FILE SPANS: the degenerate checkers, which run as checkers do and read next to nothing. See
 * command.h.
 *
 * SPANS has a line `FIRST LINES` for each case of the pack, the canary's last. Prints `FILE:FIRST: violation` for each
 * case found guilty, then `done`.
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

/* By a hash without the suffixes of names, _0 _1 ..., and blank lines at the end, so that a case's answer is the same in every
 * pack. */
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

/* The byte behind `lines` lines from `at`. */
static size_t
skip_lines(const struct buf *text, size_t at, unsigned long lines)
{
	for (; lines && at < text->len; lines--) {
		const char *newline = memchr(text->data + at, '\n', text->len - at);

		at = newline ? (size_t)(newline - text->data) + 1 : text->len;
	}
	return at;
}

/* Takes one line of the spans; false at their end. */
static bool
next_span(const char **at, unsigned long *first, unsigned long *lines)
{
	char *end;

	*first = strtoul(*at, &end, 10);
	if (end == *at || *end != ' ')
		return false;
	*at = end;
	*lines = strtoul(*at, &end, 10);
	if (end == *at || *end != '\n')
		return false;
	*at = end + 1;
	return *first > 0;
}

static bool
answer_all(const char *file, const struct buf *text, const char *spans, answer_judge *judge)
{
	unsigned long first, lines, line = 1;
	size_t at = 0;

	while (next_span(&spans, &first, &lines)) {
		size_t end;

		if (first < line)
			return false;
		at = skip_lines(text, at, first - line);
		end = skip_lines(text, at, lines);
		if (judge(buf_string(text) + at, end - at))
			printf("%s:%lu: violation\n", file, first);
		line = first + lines;
		at = end;
	}
	return !*spans;
}

static int
answer_file(const char *file, const char *spans_file, answer_judge *judge)
{
	struct buf text = {0}, spans = {0};
	struct diag diag;
	int status = STATUS_FINE;

	if (!buf_read_file(&text, file, ANSWER_FILE)) {
		diag_set(&diag, file, 0, 0, "cannot read: %s", strerror(errno));
		status = command_refuse(&diag);
	} else if (!buf_read_file(&spans, spans_file, ANSWER_FILE)) {
		diag_set(&diag, spans_file, 0, 0, "cannot read: %s", strerror(errno));
		status = command_refuse(&diag);
	} else if (!answer_all(file, &text, buf_string(&spans), judge)) {
		diag_set(&diag, spans_file, 0, 0, "expected lines FIRST LINES in ascending order");
		status = command_refuse(&diag);
	} else {
		puts("done");
	}
	buf_free(&text);
	buf_free(&spans);
	return status;
}

int
command_answer(int argc, char **argv)
{
	struct diag diag;

	if (argc == 4)
		for (size_t i = 0; i < sizeof checkers / sizeof *checkers; i++)
			if (!strcmp(argv[1], checkers[i].name))
				return answer_file(argv[2], argv[3], checkers[i].judge);
	diag_set(&diag, "answer", 0, 0,
	         "expected CHECKER FILE SPANS; checkers: always-pass, "
	         "always-violation, coin, count-calls");
	return command_refuse(&diag);
}
