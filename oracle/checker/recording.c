/* recording: reading recordings, adding to one, and holding an adapter against one. See recording.h.
 *
 * How to read it: parse_line takes one line by the word that it begins with; add_answers prints what was said
 * of each case, both for a new recording and to be compared with what an old one has. The answers of a pack
 * are kept as the text that they are, so that comparing them is comparing texts.
 */
#include "recording.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "pack.h"
#include "process.h"
#include "said.h"

enum { RECORDING_BYTES = 1 << 20, PACKS_MOST = 1000, CASES_MOST = 1000, ID_LENGTH = HASH_TEXT - 1 };

/* A line of a stream, or the answers so far, as a list in the arena would cost more than text that grows. */
struct recording_pack {
	unsigned status, files, cases, room;
	unsigned line;          /* of the recording, from 1, on which it begins */
	struct text_span *span; /* one a case, and the canary's */
	unsigned spans, span_room;
	struct suite_case *of;
	const char *answers; /* as add_answers prints them */
	const char *out, *err;
};

/* What is read of the pack at hand, until the next begins. */
struct reading {
	struct recording *recording;
	struct arena *arena;
	struct buf answers, out, err;
	const char *text;
	size_t length;
	const char *line;
	struct diag *diag;
};

/* reading */

static bool
refuse(const struct reading *r, const char *message)
{
	diag_at(r->diag, r->recording->name, r->text, r->length, (size_t)(r->line - r->text), "%s", message);
	return false;
}

static struct recording_pack *
last(const struct reading *r)
{
	return r->recording->packs ? &r->recording->pack[r->recording->packs - 1] : NULL;
}

/* Texts that grew become the pack's. */
static void
end_pack(struct reading *r)
{
	struct recording_pack *pack = last(r);

	if (!pack)
		return;
	pack->answers = arena_string(r->arena, buf_string(&r->answers));
	pack->out = arena_string(r->arena, buf_string(&r->out));
	pack->err = arena_string(r->arena, buf_string(&r->err));
	buf_clear(&r->answers);
	buf_clear(&r->out);
	buf_clear(&r->err);
}

static bool
is_sound(const struct text_span *span)
{
	const uint32_t most = 1U << 24;

	return span->first && span->lines && span->first < most && span->lines < most &&
	       span->helpers_first < most && span->helpers_lines < most;
}

/* Cases stand in the order of their lines, which attributing by halving needs. */
static bool
add_span(struct reading *r, struct recording_pack *pack, const struct text_span *span)
{
	const struct text_span *before = pack->spans ? &pack->span[pack->spans - 1] : NULL;

	if (!is_sound(span) || (before && span->first < before->first + before->lines))
		return refuse(r, "these lines cannot be those of a case here");
	*array_add(r->arena, pack->span, pack->spans, pack->span_room) = *span;
	return true;
}

static bool
parse_pack(struct reading *r, const char *line)
{
	struct recording_pack pack = {0};
	int end = 0;

	if (sscanf(line, "pack %3u %1u%n", &pack.status, &pack.files, &end) != 2 || line[end] ||
	    pack.status > 255 || !pack.files || pack.files > 2)
		return refuse(r, "expected: pack STATUS FILES");
	if (last(r) && !last(r)->cases)
		return refuse(r, "the pack before has no case");
	if (r->recording->packs == PACKS_MOST)
		return refuse(r, "too many packs");
	end_pack(r);
	*array_add(r->arena, r->recording->pack, r->recording->packs, r->recording->room) = pack;
	return true;
}

static bool
parse_case(struct reading *r, const char *line)
{
	struct recording_pack *pack = last(r);
	struct text_span span;
	struct suite_case of = {0};
	char state[16];
	int end = 0;

	if (sscanf(line, "case %32s %8u %8u %8u %8u %15s%n", of.id, &span.first, &span.lines, &span.helpers_first,
	           &span.helpers_lines, state, &end) != 6 ||
	    line[end] || strspn(of.id, "0123456789abcdef") != ID_LENGTH || answer_find(state) > ANSWER_UNKNOWN)
		return refuse(r, "expected: case ID FIRST LINES HELPERS_FIRST HELPERS_LINES STATE");
	if (!pack || pack->spans > pack->cases || r->out.len || r->err.len)
		return refuse(r, "cases stand behind `pack`, and in front of `canary` and what was printed");
	if (pack->cases == CASES_MOST)
		return refuse(r, "too many cases");
	if (!add_span(r, pack, &span))
		return false;
	of.number = pack->cases;
	*array_add(r->arena, pack->of, pack->cases, pack->room) = of;
	r->recording->cases++;
	buf_printf(&r->answers, "%s %s\n", of.id, state);
	return true;
}

static bool
parse_finding(struct reading *r, const char *line)
{
	const struct recording_pack *pack = last(r);
	char kind[32];
	unsigned at;
	int end = 0;

	if (sscanf(line, "finding %31s %8u%n", kind, &at, &end) != 2 || line[end] ||
	    (kind_find(kind) == KIND_COUNT && strcmp(kind, "none") != 0))
		return refuse(r, "expected: finding KIND LINE");
	if (!pack || !pack->cases || pack->spans > pack->cases || r->out.len || r->err.len)
		return refuse(r, "a finding stands behind its case");
	buf_printf(&r->answers, "finding %s %u\n", kind, at);
	return true;
}

static bool
parse_canary(struct reading *r, const char *line)
{
	struct recording_pack *pack = last(r);
	struct text_span span;
	int end = 0;

	if (sscanf(line, "canary %8u %8u %8u %8u%n", &span.first, &span.lines, &span.helpers_first,
	           &span.helpers_lines, &end) != 4 ||
	    line[end])
		return refuse(r, "expected: canary FIRST LINES HELPERS_FIRST HELPERS_LINES");
	if (!pack || !pack->cases || pack->spans > pack->cases || r->out.len || r->err.len)
		return refuse(r, "the canary stands behind the cases, once");
	return add_span(r, pack, &span);
}

static bool
parse_stream(struct reading *r, const char *line)
{
	struct buf *to = line[0] == '1' ? &r->out : &r->err;

	if (!last(r) || !last(r)->cases)
		return refuse(r, "what was printed stands behind the cases");
	buf_all(to, line + 2, "\n");
	return true;
}

static bool
parse_line(struct reading *r, const char *line)
{
	static const struct {
		const char *word;
		bool (*parse)(struct reading *r, const char *line);
	} rows[] = {{"1 ", parse_stream},  {"2 ", parse_stream},        {"pack ", parse_pack},
	            {"case ", parse_case}, {"finding ", parse_finding}, {"canary ", parse_canary}};

	if (!line[0] || line[0] == '#')
		return true;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strncmp(line, rows[i].word, strlen(rows[i].word)))
			return rows[i].parse(r, line);
	return refuse(r, "expected pack, case, finding, canary, 1 or 2");
}

static bool
parse_lines(struct reading *r)
{
	const char *end = r->text + r->length, *next;
	unsigned number = 1;

	for (r->line = r->text; r->line < end; r->line = next, number++) {
		const char *newline = memchr(r->line, '\n', (size_t)(end - r->line));
		size_t length = (size_t)((newline ? newline : end) - r->line);
		unsigned packs = r->recording->packs;

		next = newline ? newline + 1 : end;
		if (memchr(r->line, 0, length))
			return refuse(r, "a byte is 0");
		if (!parse_line(r, arena_copy(r->arena, r->line, length)))
			return false;
		if (r->recording->packs > packs)
			last(r)->line = number;
	}
	return last(r) && last(r)->cases ? true : refuse(r, "expected a pack with a case");
}

bool
recording_parse(struct recording *recording, struct arena *arena, const char *name, const char *text,
                size_t length, struct diag *diag)
{
	struct reading r = {.recording = recording, .arena = arena, .text = text, .length = length, .diag = diag};
	bool ok;

	*recording = (struct recording){.name = name};
	r.line = text;
	ok = length <= RECORDING_BYTES ? parse_lines(&r) : refuse(&r, "longer than 1 MiB");
	if (ok)
		end_pack(&r);
	buf_free(&r.answers);
	buf_free(&r.out);
	buf_free(&r.err);
	return ok;
}

/* answers */

/* What was said of a case, as its lines of a recording. */
static void
add_answer(struct buf *out, const struct said *said)
{
	buf_all(out, answer_name(said_state(said)), "\n");
	for (unsigned i = 0; said->violates && i < said->count; i++)
		buf_printf(out, "finding %s %u\n",
		           said->finding[i].kind == KIND_COUNT ? "none" : kind_name((enum kind)said->finding[i].kind),
		           said->finding[i].line);
}

/* Reads what a pack printed; false, with the reason, where nothing can be concluded. */
static bool
read_pack(const struct recording_pack *from, const struct adapter *adapter, struct buf *answers,
          struct buf *why)
{
	const struct suite_case **cases;
	struct pack pack = {.count = from->cases, .span = from->span, .spans = from->spans};
	struct process process = {.exited = true, .status = (int)from->status};
	struct said *said;
	bool ok;

	cases = arena_alloc(&pack.arena, from->cases * sizeof *cases);
	for (unsigned i = 0; i < from->cases; i++)
		cases[i] = &from->of[i];
	pack.cases = cases;
	pack.two_files = from->files == 2;
	pack.directory = arena_string(&pack.arena, ".");
	pack.path[PACK_TEXT] = arena_string(&pack.arena, "pack.c");
	pack.path[PACK_HELPERS] = arena_string(&pack.arena, "helpers.c");
	pack.path[PACK_SPANS] = arena_string(&pack.arena, "spans");
	buf_puts(&process.stdout_text, from->out);
	buf_puts(&process.stderr_text, from->err);
	ok = said_read(adapter, &pack, &process, NULL, &said, why) == ANSWER_PASS;
	for (unsigned i = 0; ok && i < from->cases; i++) {
		buf_all(answers, from->of[i].id, " ");
		add_answer(answers, &said[i]);
	}
	buf_free(&process.stdout_text);
	buf_free(&process.stderr_text);
	arena_free(&pack.arena);
	return ok;
}

/* Says the first line in which two texts differ. */
static void
tell_difference(struct diag *diag, const char *name, unsigned line, const char *wanted, const char *is)
{
	while (strcspn(wanted, "\n") == strcspn(is, "\n") && !strncmp(wanted, is, strcspn(is, "\n") + 1)) {
		wanted += strcspn(wanted, "\n") + 1;
		is += strcspn(is, "\n") + 1;
	}
	diag_set(diag, name, line, 0, "of this pack the adapter makes '%.*s', where the recording has '%.*s'",
	         (int)strcspn(is, "\n"), is, (int)strcspn(wanted, "\n"), wanted);
}

bool
recording_holds(const struct recording *recording, const struct adapter *adapter, struct diag *diag)
{
	struct buf answers = {0}, why = {0};
	bool ok = true;

	for (unsigned i = 0; ok && i < recording->packs; i++) {
		const struct recording_pack *pack = &recording->pack[i];

		buf_clear(&answers);
		buf_clear(&why);
		if (!read_pack(pack, adapter, &answers, &why)) {
			diag_set(diag, recording->name, pack->line, 0, "of this pack the adapter makes nothing: %.300s",
			         buf_string(&why));
			ok = false;
		} else if (strcmp(buf_string(&answers), pack->answers) != 0) {
			tell_difference(diag, recording->name, pack->line, pack->answers, buf_string(&answers));
			ok = false;
		}
	}
	buf_free(&answers);
	buf_free(&why);
	return ok;
}

bool
recording_spares(const struct recording *recording, const struct adapter *adapter, unsigned pattern)
{
	struct adapter without = *adapter;
	struct diag ignored;

	assert(pattern < adapter->patterns);
	without.patterns--;
	memmove(&without.pattern[pattern], &without.pattern[pattern + 1],
	        (without.patterns - pattern) * sizeof *without.pattern);
	return recording_holds(recording, &without, &ignored);
}

/* making one */

/* One line, without paths of the run. */
static void
add_line(struct buf *out, const char *line, size_t length, const char *const paths[2])
{
	for (size_t i = 0; i < length;) {
		size_t gone = 0;

		for (unsigned j = 0; j < 2 && !gone; j++)
			if (length - i >= strlen(paths[j]) && !memcmp(line + i, paths[j], strlen(paths[j])))
				gone = strlen(paths[j]);
		if (!gone)
			buf_putc(out, line[i] ? line[i] : '?');
		i += gone ? gone : 1;
	}
}

static void
add_stream(struct buf *out, const char *stream, const struct buf *printed, const char *const paths[2])
{
	const char *line = buf_string(printed), *end = line + printed->len;

	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		buf_all(out, stream, " ");
		add_line(out, line, length, paths);
		buf_putc(out, '\n');
		line += length + 1;
	}
}

static void
add_span_text(struct buf *out, const struct pack *pack, const struct text_span *span)
{
	buf_printf(out, "%u %u %u %u", span->first, span->lines, pack->two_files ? span->helpers_first : 0,
	           pack->two_files ? span->helpers_lines : 0);
}

void
recording_add(struct buf *out, const struct adapter *adapter, const struct pack *pack,
              const struct process *process, const char *root)
{
	struct buf directory = {0}, above = {0}, why = {0};
	struct pack again = *pack;
	struct said *said;

	assert(process->exited);
	again.arena = (struct arena){0};
	if (said_read(adapter, &again, process, NULL, &said, &why) != ANSWER_PASS)
		bug("a pack is recorded that is not complete");
	buf_printf(out, "pack %d %d\n", process->status, pack->two_files ? 2 : 1);
	for (unsigned i = 0; i < pack->count; i++) {
		buf_all(out, "case ", pack->cases[i]->id, " ");
		add_span_text(out, pack, &pack->span[i]);
		buf_putc(out, ' ');
		add_answer(out, &said[i]);
	}
	if (pack->spans > pack->count) {
		buf_puts(out, "canary ");
		add_span_text(out, pack, &pack->span[pack->count]);
		buf_putc(out, '\n');
	}
	buf_all(&directory, pack->directory, "/");
	buf_all(&above, root, "/");
	add_stream(out, "1", &process->stdout_text, (const char *const[]){directory.data, above.data});
	add_stream(out, "2", &process->stderr_text, (const char *const[]){directory.data, above.data});
	buf_free(&directory);
	buf_free(&above);
	buf_free(&why);
	arena_free(&again.arena);
}
