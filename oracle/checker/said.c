/* said: reading outputs by patterns. See said.h.
 *
 * How to read it: said_read goes line by line over both streams; the first pattern that matches a line says
 * what it means (matches, read_stream), and its groups say for which case (attribute). Nothing is concluded
 * from an output that is not complete: completion. A line that says that the checker gave up, and not on
 * which case, is meant for each case of the pack, so that nothing is concluded from the rest either: the pack
 * is halved until the case stands alone.
 */
#include "said.h"

#include <assert.h>
#include <ctype.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
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

/* Where a line of output belongs: a case of the pack, by its place, and a line of its body. */
struct place {
	unsigned of;
	uint32_t line; /* 0: not said */
};

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

/* False where the line is nobody's. */
static bool
attribute_first(const struct pack *pack, unsigned line, struct place *place)
{
	unsigned low = 0, high = pack->spans;

	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (pack->span[middle].first <= line)
			low = middle;
		else
			high = middle;
	}
	if (line < pack->span[low].first || line - pack->span[low].first >= pack->span[low].lines)
		return false;
	*place = (struct place){low, line - pack->span[low].first + 1};
	return true;
}

/* Not every case has lines there, so this looks at all of them. */
static bool
attribute_second(const struct pack *pack, unsigned line, struct place *place)
{
	for (unsigned i = 0; i < pack->spans; i++) {
		const struct text_span *span = &pack->span[i];

		if (line < span->helpers_first || line - span->helpers_first >= span->helpers_lines)
			continue;
		*place = (struct place){i, LINE_SECOND + line - span->helpers_first + 1};
		return true;
	}
	return false;
}

/* Finds the case by its group `case`, or by its groups `file` and `line`: what is said of a header is
 * nobody's. False where no case is found. */
static bool
attribute(const struct pack *pack, const struct adapter_pattern *pattern, const char *text,
          const PCRE2_SIZE *vector, struct place *place)
{
	int by_case = group_of(pattern, "case", vector), by_line = group_of(pattern, "line", vector);
	int by_file = group_of(pattern, "file", vector);

	if (by_case) {
		*place = (struct place){.of = number_in(text, vector, by_case)};
		return place->of < pack->spans;
	}
	if (by_line) {
		unsigned line = number_in(text, vector, by_line);

		if (!by_file || names_file(text, vector, by_file, "pack.c"))
			return attribute_first(pack, line, place);
		if (pack->two_files && names_file(text, vector, by_file, "helpers.c"))
			return attribute_second(pack, line, place);
	}
	return false;
}

/* The line as that of a body: where one file holds both parts of a case, they have lines of their own all the
 * same. */
static uint32_t
line_of_body(const struct pack *pack, const struct place *place)
{
	const struct text_span *span = &pack->span[place->of];
	uint32_t line = span->first + place->line - 1;

	if (pack->two_files || !place->line || line < span->helpers_first ||
	    line - span->helpers_first >= span->helpers_lines)
		return place->line;
	return LINE_SECOND + line - span->helpers_first + 1;
}

/* What reading needs beside the adapter, and what it finds out about the whole run. */
struct reader {
	const struct said_listener *listener; /* or NULL */
	pcre2_match_data *match;
	bool marked;            /* a line matches the completion pattern */
	bool failed;            /* a pattern gave up on a line: nothing can be concluded from what was not seen */
	bool gave_up;           /* the checker said so, and not on which case */
	struct buf line, plain; /* at hand, as it is kept */
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

/* own words */

void
said_paths(struct pack *pack, unsigned of, struct message_path path[MESSAGE_PATHS])
{
	const char *slash = strrchr(pack->directory, '/');
	struct buf directory = {0};
	char *name[2];

	assert(of < pack->count);
	for (unsigned i = 0; i < 2; i++) {
		name[i] = arena_alloc(&pack->arena, CASE_FILE_NAME);
		case_file_name(name[i], pack->cases[of]->number, i);
	}
	path[0] = (struct message_path){pack->path[PACK_TEXT], name[0]};
	path[1] = (struct message_path){pack->path[PACK_HELPERS], name[1]};
	buf_all(&directory, pack->directory, "/");
	path[2] = (struct message_path){arena_string(&pack->arena, directory.data), ""};
	buf_free(&directory);
	path[3] =
		(struct message_path){arena_copy(&pack->arena, pack->directory,
	                                     slash ? (size_t)(slash + 1 - pack->directory) : 0), /* the run's */
	                          ""};
}

/* The line that the body's has in a file of the case alone: what stands above a pack's first case is what
 * stands above any. */
static uint32_t
line_alone(const struct pack *pack, uint32_t line)
{
	unsigned i = 0;

	if (line <= LINE_SECOND)
		return line + pack->span[0].first - 1;
	while (!pack->span[i].helpers_lines)
		i++;
	return line - LINE_SECOND + pack->span[i].helpers_first - 1;
}

/* Adds the part of the line between what was replaced last and a group, and `instead` of that group. */
static void
put_instead(struct buf *out, const char *line, size_t *done, const PCRE2_SIZE *vector, int group,
            const char *instead)
{
	if (!group || vector[2 * group] < *done)
		return;
	buf_add(out, line + *done, vector[2 * group] - *done);
	buf_puts(out, instead);
	*done = vector[2 * group + 1];
}

/* Adds a line without the suffix that names have at this place of a pack: Routine_7. */
static void
put_plain(struct buf *out, const char *line, size_t length, unsigned place)
{
	char suffix[16];
	size_t own = (size_t)snprintf(suffix, sizeof suffix, "_%u", place);

	for (size_t i = 0; i < length; i++) {
		bool ends = i + own >= length || !(isalnum((unsigned char)line[i + own]) || line[i + own] == '_');

		if (i && length - i >= own && !memcmp(line + i, suffix, own) && ends)
			i += own - 1;
		else
			buf_putc(out, line[i]);
	}
}

/* A line that was taken for a case, as if the case had stood alone in a file of its name. */
static void
add_words(struct pack *pack, struct reader *reader, struct said *said, const struct adapter_pattern *pattern,
          const struct place *place, const char *line, size_t length)
{
	const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(reader->match);
	int by_case = group_of(pattern, "case", vector);
	int by_file = by_case ? by_case : group_of(pattern, "file", vector);
	int by_line = place->line ? group_of(pattern, "line", vector) : 0;
	bool line_first = by_line && vector[2 * by_line] < vector[2 * by_file];
	struct message_path path[MESSAGE_PATHS];
	char number[16];
	size_t done = 0;

	if (place->of == pack->count) /* the canary's */
		return;
	said_paths(pack, place->of, path);
	buf_clear(&reader->line);
	buf_clear(&reader->plain);
	snprintf(number, sizeof number, "%lu", (unsigned long)(by_line ? line_alone(pack, place->line) : 0));
	if (line_first)
		put_instead(&reader->line, line, &done, vector, by_line, number);
	put_instead(&reader->line, line, &done, vector, by_file, path[place->line > LINE_SECOND].name);
	if (!line_first)
		put_instead(&reader->line, line, &done, vector, by_line, number);
	buf_add(&reader->line, line + done, length - done);
	if (pack->spans > 1)
		put_plain(&reader->plain, buf_string(&reader->line), reader->line.len, place->of);
	else
		buf_add(&reader->plain, buf_string(&reader->line), reader->line.len);
	message_add(&said[place->of].message, &pack->arena, buf_string(&reader->plain), reader->plain.len, path);
}

/* The first pattern that matches a line, and the case that it is of: matches, attribute. */
static void
find_pattern(const struct adapter *adapter, const struct pack *pack, struct reader *reader,
             struct said_line *line, struct place *place)
{
	unsigned i = 0;

	while (i < adapter->patterns && !matches(reader, adapter->pattern[i].code, line->text, line->length))
		i++;
	if (i == adapter->patterns)
		return;
	line->pattern = &adapter->pattern[i];
	line->has_case = !line->pattern->ignores && attribute(pack, line->pattern, line->text,
	                                                      pcre2_get_ovector_pointer(reader->match), place);
	if (line->has_case) {
		line->of = place->of;
		line->line = line_of_body(pack, place);
	}
}

bool
said_is_stray(const struct said_line *line)
{
	return line->pattern && !line->pattern->ignores && !line->pattern->says_unknown && !line->has_case;
}

/* One line, by the first pattern that fits. */
static void
read_line(const struct adapter *adapter, struct pack *pack, struct said_line *line, struct reader *reader,
          struct said *said)
{
	const struct place whole = {0};
	struct place place = {0};

	find_pattern(adapter, pack, reader, line, &place);
	if (line->has_case) {
		add_finding(pack, &said[place.of], line->pattern, line->line);
		add_words(pack, reader, said, line->pattern, &place, line->text, line->length);
	} else if (line->pattern && line->pattern->says_unknown) {
		reader->gave_up = true;
		if (pack->count == 1)
			add_words(pack, reader, said, line->pattern, &whole, line->text, line->length);
	}
	if (reader->listener)
		reader->listener->line(reader->listener->context, line);
}

static void
read_stream(const struct adapter *adapter, struct pack *pack, const struct buf *stream, struct reader *reader,
            struct said *said)
{
	const char *line = buf_string(stream), *end = line + stream->len, *next;
	struct said_line of;

	for (; line < end; line = next) { /* a checker may print any bytes, NUL too */
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		next = newline ? newline + 1 : end;
		if (length && line[length - 1] == '\r')
			length--;
		of = (struct said_line){.text = line, .length = length};
		of.completes = adapter->complete_pattern && matches(reader, adapter->complete_pattern, line, length);
		reader->marked = reader->marked || of.completes;
		read_line(adapter, pack, &of, reader, said);
	}
}

/* NULL: the status is not listed. */
static const struct adapter_exit *
find_exit(const struct adapter *adapter, int status)
{
	for (unsigned i = 0; i < adapter->exits; i++)
		if (adapter->exit[i].status == status)
			return &adapter->exit[i];
	return NULL;
}

enum { QUOTE_MOST = 80 };

/* The first line of a stream that is not blank; its length. */
static size_t
first_line(const struct buf *stream, const char **line)
{
	*line = buf_string(stream);
	*line += strspn(*line, " \t\r\n");
	return strcspn(*line, "\r\n");
}

void
said_quote(struct buf *out, const struct process *process)
{
	const char *line;
	size_t length = first_line(&process->stderr_text, &line);

	if (!length)
		length = first_line(&process->stdout_text, &line);
	if (!length)
		return;
	buf_puts(out, ": '");
	for (size_t i = 0; i < length && i < QUOTE_MOST; i++)
		buf_putc(out, line[i] < ' ' || line[i] > '~' ? '?' : line[i]);
	buf_puts(out, length > QUOTE_MOST ? "...'" : "'");
}

/* How a process was ended that did not end by itself. */
static const struct {
	enum answer_state state;
	const char *why;
} ends[] = {
	[END_OWN] = {ANSWER_PASS, ""},
	[END_ASKED] = {ANSWER_PASS, ""},
	[END_SECONDS] = {ANSWER_TIMEOUT, "took longer than its time limit"},
	[END_CPU] = {ANSWER_TIMEOUT, "took more than its limit of processor time"},
	[END_OUTPUT] = {ANSWER_GARBLED, "wrote more than its limit of output"},
	[END_MEMORY] = {ANSWER_MEMORY, "took more than its limit of memory, as a whole or in a part of it"},
	[END_SUPERVISOR] = {ANSWER_CRASH, "its supervisor was ended, most likely by the checker"},
};

/* A KILL that is not ours is the kernel's, for want of memory; XCPU is the limit of processor time. */
static enum answer_state
state_of_signal(int number)
{
	return number == SIGXCPU ? ANSWER_TIMEOUT : number == SIGKILL ? ANSWER_MEMORY : ANSWER_CRASH;
}

enum answer_state
said_end(const struct process *process, struct buf *why)
{
	enum answer_state state = ends[process->end].state;

	if (state != ANSWER_PASS) {
		if (why)
			buf_puts(why, ends[process->end].why);
		return state;
	}
	if (process->exited)
		return ANSWER_PASS;
	if (why)
		buf_printf(why, "ended by signal %d", process->status);
	return state_of_signal(process->status);
}

/* What is missing that would make the run complete; NULL: nothing. */
static const char *
missing(const struct adapter *adapter, const struct said *canary, const struct reader *reader)
{
	if (reader->failed)
		return "a pattern of the adapter gave up on a line";
	if (adapter->complete == COMPLETE_CANARY && !canary->violates)
		return "the canary at the end of the file was not reported";
	if (adapter->complete == COMPLETE_PATTERN && !reader->marked)
		return "no line matches the pattern of `complete`";
	return NULL;
}

/* What the exit status says of the only case, where it says something. */
static enum answer_state
take_verdict(const struct adapter_exit *exit, struct said *said, struct buf *why)
{
	if ((exit->says == SAYS_PASS || exit->says == SAYS_UNKNOWN) && said->violates) {
		buf_printf(why, "exit status %d is no violation, and it printed a finding", exit->status);
		return ANSWER_GARBLED;
	}
	said->violates |= exit->says == SAYS_VIOLATION;
	said->unknown |= exit->says == SAYS_UNKNOWN;
	return ANSWER_PASS;
}

/* ANSWER_PASS when the run is complete, else the reason why it is not. */
static enum answer_state
completion(const struct adapter *adapter, struct pack *pack, const struct process *process,
           const struct reader *reader, struct said *said, struct buf *why)
{
	enum answer_state reason = said_end(process, why);
	const char *lacks = missing(adapter, &said[pack->count], reader);
	const struct adapter_exit *exit = find_exit(adapter, process->status);

	if (reason != ANSWER_PASS)
		return reason;
	if (!exit) {
		buf_printf(why, "exit status %d, which the adapter's `exit` does not list", process->status);
		said_quote(why, process);
		return ANSWER_GARBLED;
	}
	if (reader->gave_up && !reader->failed && (lacks || pack->count > 1)) {
		buf_puts(why, "said that it gave up, and not on which case");
		return ANSWER_UNKNOWN;
	}
	if (lacks) {
		buf_puts(why, lacks);
		said_quote(why, process);
		return ANSWER_GARBLED;
	}
	if (reader->gave_up)
		said[0].unknown = true;
	return take_verdict(exit, said, why);
}

enum answer_state
said_state(const struct said *said)
{
	return said->violates ? ANSWER_VIOLATION : said->unknown ? ANSWER_UNKNOWN : ANSWER_PASS;
}

enum answer_state
said_read(const struct adapter *adapter, struct pack *pack, const struct process *process,
          const struct said_listener *listener, struct said **said, struct buf *why)
{
	struct reader reader = {.listener = listener, .match = make_match(adapter)};

	*said = arena_alloc(&pack->arena, (pack->count + 1U) * sizeof **said);
	read_stream(adapter, pack, &process->stdout_text, &reader, *said);
	read_stream(adapter, pack, &process->stderr_text, &reader, *said);
	pcre2_match_data_free(reader.match);
	buf_free(&reader.line);
	buf_free(&reader.plain);
	return completion(adapter, pack, process, &reader, *said, why);
}
