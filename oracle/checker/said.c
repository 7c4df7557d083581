/* said: reading outputs by patterns. See said.h.
 *
 * How to read it: said_read goes line by line over both streams; the first pattern that matches a line says
 * what it means (matches, read_stream), and its groups say for which case (attribute). Nothing is concluded
 * from an output that is not complete: completion.
 */
#include "said.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "array.h"
#include "buf.h"

static unsigned
number_in(const char *line, const PCRE2_SIZE *vector, int group)
{
	unsigned long number = 0;

	for (PCRE2_SIZE i = vector[2 * group]; i < vector[2 * group + 1] && number < 400000000UL; i++)
		if (line[i] >= '0' && line[i] <= '9')
			number = number * 10 + (unsigned long)(line[i] - '0');
	return (unsigned)number;
}

static void
add_finding(struct pack *pack, struct said *said, const struct adapter_pattern *pattern, uint32_t line)
{
	struct answer_finding finding = {(uint8_t)pattern->kind, line};

	if (pattern->says_unknown) {
		said->unknown = true;
		return;
	}
	said->violates = true;
	for (unsigned i = 0; i < said->count; i++)
		if (said->finding[i].kind == finding.kind && said->finding[i].line == line)
			return;
	*array_add(&pack->arena, said->finding, said->count, said->room) = finding;
}

/* Number of a named group that matched; 0 where there is none. */
static int
group_of(const struct adapter_pattern *pattern, const char *name, const PCRE2_SIZE *vector)
{
	int group = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR)name);

	return group > 0 && vector[2 * group] != PCRE2_UNSET ? group : 0;
}

/* Whether the path that a group holds ends in this file's name. */
static bool
names_file(const char *text, const PCRE2_SIZE *vector, int group, const char *name)
{
	const char *path = text + vector[2 * group];
	size_t length = vector[2 * group + 1] - vector[2 * group], own = strlen(name);

	return length >= own && !memcmp(path + length - own, name, own) &&
	       (length == own || path[length - own - 1] == '/');
}

static void
attribute_first(struct pack *pack, struct said *said, const struct adapter_pattern *pattern, unsigned line)
{
	unsigned low = 0, high = pack->count + 1;

	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (pack->span[middle].first <= line)
			low = middle;
		else
			high = middle;
	}
	if (line >= pack->span[low].first && line < pack->span[low].first + pack->span[low].lines)
		add_finding(pack, &said[low], pattern, line - pack->span[low].first + 1);
}

/* Not every case has lines there, so this looks at all of them. */
static void
attribute_second(struct pack *pack, struct said *said, const struct adapter_pattern *pattern, unsigned line)
{
	for (unsigned i = 0; i <= pack->count; i++) {
		const struct text_span *span = &pack->span[i];

		if (line >= span->helpers_first && line < span->helpers_first + span->helpers_lines)
			add_finding(pack, &said[i], pattern, LINE_SECOND + line - span->helpers_first + 1);
	}
}

/* Finds the case by its group `case`, or by its groups `file` and `line`: what is said of a header is
 * nobody's. */
static void
attribute(struct pack *pack, struct said *said, const struct adapter_pattern *pattern, const char *text,
          const PCRE2_SIZE *vector)
{
	int by_case = group_of(pattern, "case", vector), by_line = group_of(pattern, "line", vector);
	int by_file = group_of(pattern, "file", vector);

	if (by_case) {
		unsigned index = number_in(text, vector, by_case);

		if (index <= pack->count)
			add_finding(pack, &said[index], pattern, 0);
	} else if (by_line) {
		unsigned line = number_in(text, vector, by_line);

		if (!by_file || names_file(text, vector, by_file, "pack.c"))
			attribute_first(pack, said, pattern, line);
		else if (pack->two_files && names_file(text, vector, by_file, "helpers.c"))
			attribute_second(pack, said, pattern, line);
	}
}

/* What reading needs beside the adapter, and what it finds out about the whole run. */
struct reader {
	pcre2_match_data *match;
	bool marked; /* a line matches the completion pattern */
	bool failed; /* a pattern gave up on a line: nothing can be concluded from what was not seen */
};

/* Room for the groups of the pattern that has most. */
static pcre2_match_data *
make_match(const struct adapter *adapter)
{
	pcre2_match_data *match;
	uint32_t most = 0;

	for (unsigned i = 0; i < adapter->patterns; i++) {
		uint32_t groups = 0;

		pcre2_pattern_info(adapter->pattern[i].code, PCRE2_INFO_CAPTURECOUNT, &groups);
		most = groups > most ? groups : most;
	}
	match = pcre2_match_data_create(most + 1, NULL);
	if (!match)
		die("out of memory");
	return match;
}

static bool
matches(struct reader *reader, void *code, const char *line, size_t length)
{
	int groups = pcre2_match(code, (PCRE2_SPTR)line, length, 0, 0, reader->match, NULL);

	if (groups < 0 && groups != PCRE2_ERROR_NOMATCH)
		reader->failed = true;
	return groups >= 0;
}

static void
read_stream(const struct adapter *adapter, struct pack *pack, const struct buf *stream, struct reader *reader,
            struct said *said)
{
	const char *line = buf_string(stream), *end = line + stream->len, *next;

	for (; line < end; line = next) { /* a checker may print any bytes, NUL too */
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		next = newline ? newline + 1 : end;
		if (adapter->complete_pattern && matches(reader, adapter->complete_pattern, line, length))
			reader->marked = true;
		for (unsigned i = 0; i < adapter->patterns; i++) {
			const struct adapter_pattern *pattern = &adapter->pattern[i];

			if (!matches(reader, pattern->code, line, length))
				continue;
			if (!pattern->ignores)
				attribute(pack, said, pattern, line, pcre2_get_ovector_pointer(reader->match));
			break;
		}
	}
}

static bool
exit_is_listed(const struct adapter *adapter, int status)
{
	for (unsigned i = 0; i < adapter->exits; i++)
		if (adapter->exit[i] == status)
			return true;
	return false;
}

enum answer_state
said_end(const struct process *process)
{
	switch (process->end) {
	case END_SECONDS:
	case END_CPU:
		return ANSWER_TIMEOUT;
	case END_OUTPUT:
		return ANSWER_GARBLED;
	case END_MEMORY:
		return ANSWER_MEMORY;
	case END_SUPERVISOR:
		return ANSWER_CRASH;
	case END_ASKED:
	case END_OWN:
		break;
	}
	if (process->exited)
		return ANSWER_PASS;
	/* A KILL that is not ours is the kernel's, for want of memory; XCPU is the limit of processor time. */
	return process->status == SIGXCPU   ? ANSWER_TIMEOUT
	       : process->status == SIGKILL ? ANSWER_MEMORY
	                                    : ANSWER_CRASH;
}

/* ANSWER_PASS when the run is complete, else the reason why it is not. */
static enum answer_state
completion(const struct adapter *adapter, const struct process *process, bool canary,
           const struct reader *reader)
{
	enum answer_state reason = said_end(process);

	if (reason != ANSWER_PASS)
		return reason;
	if (reader->failed || !exit_is_listed(adapter, process->status) ||
	    (adapter->complete == COMPLETE_CANARY && !canary) ||
	    (adapter->complete == COMPLETE_PATTERN && !reader->marked))
		return ANSWER_GARBLED;
	return ANSWER_PASS;
}

enum answer_state
said_state(const struct said *said)
{
	return said->violates ? ANSWER_VIOLATION : said->unknown ? ANSWER_UNKNOWN : ANSWER_PASS;
}

enum answer_state
said_read(const struct adapter *adapter, struct pack *pack, const struct process *process, struct said **said)
{
	struct reader reader = {.match = make_match(adapter)};

	*said = arena_alloc(&pack->arena, (pack->count + 1U) * sizeof **said);
	read_stream(adapter, pack, &process->stdout_text, &reader, *said);
	read_stream(adapter, pack, &process->stderr_text, &reader, *said);
	pcre2_match_data_free(reader.match);
	return completion(adapter, process, (*said)[pack->count].violates, &reader);
}
