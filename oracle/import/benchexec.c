/* BenchExec's results as answers. See benchexec.h.
 *
 * How to read it: expat calls us for each element. A <run> is a task; its <column>s come inside it, and with
 * its end it is taken. Attributes and elements that are not known are passed over, for there are more with
 * each version of BenchExec; a run without a name or property, or with a status that nothing is said about,
 * is refused at its place. The document type is BenchExec's own; one with entities is refused.
 *
 *   <result tool="CBMC" version="5.12" ...>
 *     <run name="cases/000000012.yml" properties="unreach-call" expectedVerdict="false" ...>
 *       <column title="status" value="false(unreach-call)"/> <column title="walltime" value="0.31s"/> ...
 *     </run>
 *   </result>
 */
#include "benchexec.h"

#include <bzlib.h>
#include <expat.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VALUE = 1024, UNPACK_STEP = 1 << 16 };

static const char *const categories[CATEGORY_COUNT] = {
#define CATEGORY(id, word) [id] = word,
	BENCHEXEC_CATEGORIES(CATEGORY)
#undef CATEGORY
};

const char *
benchexec_category_name(enum benchexec_category category)
{
	return categories[category];
}

/* What a status begins with, or all of it, where it is no verdict. */
static const struct {
	const char *word;
	enum answer_state state;
} reasons[] = {
	{"timeout", ANSWER_TIMEOUT},
	{"out of memory", ANSWER_MEMORY},
	{"out of java memory", ANSWER_MEMORY},
	{"unknown", ANSWER_UNKNOWN},
	{"done", ANSWER_UNKNOWN},
	{"incomplete", ANSWER_UNKNOWN},
	{"error", ANSWER_CRASH},
	{"killed", ANSWER_CRASH},
	{"aborted", ANSWER_CRASH},
	{"exception", ANSWER_CRASH},
	{"segmentation fault", ANSWER_CRASH},
	{"assertion", ANSWER_CRASH},
	{"files size limit", ANSWER_CRASH},
	{"files count limit", ANSWER_CRASH},
};

struct column {
	char status[VALUE], wall[VALUE], memory[VALUE], category[VALUE];
};

struct reader {
	struct import *import;
	struct benchexec *benchexec;
	const char *name;
	struct diag *diag;
	XML_Parser parser;
	bool refused, in_result, in_run, counts;
	uint32_t of; /* the case of the run */
	unsigned line;
	struct column column;
};

static bool FAIL_PRINTF(2, 3) refuse(struct reader *r, const char *format, ...)
{
	char message[sizeof r->diag->message];
	va_list args;

	if (r->refused)
		return false;
	r->refused = true;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	for (char *at = message; *at; at++)
		*at = *at < ' ' && *at >= 0 ? '?' : *at;
	diag_set(r->diag, r->name, (unsigned)XML_GetCurrentLineNumber(r->parser),
	         (unsigned)XML_GetCurrentColumnNumber(r->parser) + 1, "%s", message);
	XML_StopParser(r->parser, XML_FALSE);
	return false;
}

static const char *
attribute(const char **all, const char *name)
{
	for (; *all; all += 2)
		if (!strcmp(all[0], name))
			return all[1];
	return NULL;
}

/* what a run says */

static bool
is_verdict(const char *status, const char *word)
{
	size_t length = strlen(word);

	return !strncmp(status, word, length) && (!status[length] || status[length] == '(');
}

static bool
find_state(const struct reader *r, enum answer_state *state)
{
	const char *status = r->column.status;

	*state = is_verdict(status, "true") ? ANSWER_PASS : ANSWER_VIOLATION;
	if (is_verdict(status, "true") || is_verdict(status, "false"))
		return true;
	for (unsigned i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (!strncasecmp(status, reasons[i].word, strlen(reasons[i].word))) {
			*state = reasons[i].state;
			return true;
		}
	/* A tool may have words of its own; then its category says what they are. */
	*state = !strcmp(r->column.category, "error") ? ANSWER_CRASH : ANSWER_UNKNOWN;
	return !strcmp(r->column.category, "error") || !strcmp(r->column.category, "unknown");
}

/* "0.31s" and "4096B": a number and its unit; false where it is none. */
static bool
read_number(const char *text, char unit, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end > text && isfinite(*number) && *number >= 0 && (!*end || (*end == unit && !end[1]));
}

static bool
take_measures(struct reader *r, struct import_case *of)
{
	double number;

	if (*r->column.wall) {
		if (!read_number(r->column.wall, 's', &number))
			return refuse(r, "walltime '%.40s' is no number of seconds", r->column.wall);
		of->seconds = number;
	}
	if (*r->column.memory) {
		if (!read_number(r->column.memory, 'B', &number) || number > (double)IMPORT_MEMORY)
			return refuse(r, "memory '%.40s' is no number of bytes", r->column.memory);
		of->memory = (uint64_t)number;
	}
	return true;
}

static bool
count_category(struct reader *r)
{
	if (!*r->column.category)
		return true;
	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		if (!strcmp(r->column.category, categories[i])) {
			r->benchexec->category[i]++;
			return true;
		}
	return refuse(r, "category '%.40s' is none of BenchExec's", r->column.category);
}

/* A run without a status was not begun. */
static bool
take_run(struct reader *r)
{
	struct import_case *of = &r->import->of[r->of];
	enum answer_state state;

	if (!*r->column.status)
		return true;
	if (!find_state(r, &state))
		return refuse(r, "status '%.80s' is none that is known", r->column.status);
	if (!import_record(r->import, r->of, state, false, r->name, r->line, r->diag)) {
		r->refused = true;
		XML_StopParser(r->parser, XML_FALSE);
		return false;
	}
	if (state != ANSWER_PASS)
		import_message(r->import, r->of, r->column.status);
	return count_category(r) && take_measures(r, of);
}

/* elements */

static void
begin_result(struct reader *r, const char **all)
{
	const char *tool = attribute(all, "tool"), *version = attribute(all, "version");
	const char *says[] = {tool, version};
	char *to[] = {r->benchexec->tool, r->benchexec->version};

	for (unsigned i = 0; i < 2; i++) {
		if (says[i])
			snprintf(to[i], BENCHEXEC_NAME, "%s", says[i]);
		for (char *at = to[i]; *at; at++)
			*at = *at > ' ' && *at <= '~' ? *at : '_';
	}
	r->in_result = true;
}

/* The name of a task is that of its case's file but for the ending. */
static bool
find_case(struct reader *r, const char *task)
{
	const char *base = task;
	uint32_t file;

	for (const char *at = task; *at; at++)
		base = *at == '/' || *at == '\\' ? at + 1 : base;
	file = import_find_stem(r->import, base, strcspn(base, "."));
	if (file == IMPORT_NONE)
		return refuse(r, "the manifest has no case for the task '%.80s'", task);
	if (r->import->file[file].parts != 1)
		return refuse(r, "the file of task '%.80s' holds several cases: gen with --pack 1", task);
	r->of = r->import->file[file].part->of;
	return true;
}

static bool
begin_run(struct reader *r, const char **all)
{
	const char *task = attribute(all, "name"), *properties = attribute(all, "properties");
	const char *expected = attribute(all, "expectedVerdict");
	const char *wanted = r->benchexec->property ? r->benchexec->property : BENCHEXEC_PROPERTY;

	if (r->in_run)
		return refuse(r, "a <run> in a <run>");
	r->in_run = true;
	r->column = (struct column){.status = ""};
	r->line = (unsigned)XML_GetCurrentLineNumber(r->parser);
	if (!task || !*task)
		return refuse(r, "a <run> without a name");
	if (!properties)
		return refuse(r, "run '%.80s' names no property: the benchmark definition has none", task);
	r->counts = !strcmp(properties, wanted);
	if (!r->counts) {
		r->benchexec->others++;
		return true;
	}
	if (!find_case(r, task))
		return false;
	if (expected &&
	    (is_verdict(expected, "true") ? r->import->of[r->of].violates
	                                  : is_verdict(expected, "false") && !r->import->of[r->of].violates))
		return refuse(r, "task '%.80s' expects %.40s, and the suite says otherwise: it is of another version",
		              task, expected);
	return true;
}

static bool
read_column(struct reader *r, const char **all)
{
	const char *title = attribute(all, "title"), *value = attribute(all, "value");
	const struct {
		const char *title;
		char *to;
	} known[] = {{"status", r->column.status},
	             {"walltime", r->column.wall},
	             {"memory", r->column.memory},
	             {"category", r->column.category}};

	for (unsigned i = 0; title && value && i < sizeof known / sizeof *known; i++) {
		if (strcmp(known[i].title, title) != 0)
			continue;
		if (strlen(value) >= VALUE)
			return refuse(r, "column '%.40s' is longer than any that is known", title);
		memcpy(known[i].to, value, strlen(value) + 1);
	}
	return true;
}

/* Columns of the results as a whole stand outside of runs. */
static void XMLCALL
start(void *context, const char *name, const char **all)
{
	struct reader *r = context;

	if (r->refused)
		return;
	if (!r->in_result && strcmp(name, "result") != 0)
		refuse(r, "<%.80s> is no <result> of BenchExec", name);
	else if (!r->in_result)
		begin_result(r, all);
	else if (!strcmp(name, "run"))
		begin_run(r, all);
	else if (!strcmp(name, "column") && r->in_run)
		read_column(r, all);
}

static void XMLCALL
end(void *context, const char *name)
{
	struct reader *r = context;

	if (r->refused || strcmp(name, "run") != 0)
		return;
	r->in_run = false;
	if (r->counts)
		take_run(r);
}

static void XMLCALL
document_type(void *context, const char *name, const char *system, const char *external, int internal)
{
	(void)name, (void)system, (void)external;
	if (internal)
		refuse((struct reader *)context, "a document type with entities of its own, which no results have");
}

bool
benchexec_read(struct import *import, struct benchexec *benchexec, const char *name, const char *text,
               size_t length, struct diag *diag)
{
	struct reader r = {.import = import, .benchexec = benchexec, .name = name, .diag = diag};

	r.parser = XML_ParserCreate(NULL);
	if (!r.parser)
		die("out of memory");
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, start, end);
	XML_SetStartDoctypeDeclHandler(r.parser, document_type);
	if (XML_Parse(r.parser, text, (int)length, XML_TRUE) != XML_STATUS_OK)
		refuse(&r, "%s", XML_ErrorString(XML_GetErrorCode(r.parser)));
	XML_ParserFree(r.parser);
	return !r.refused;
}

/* bzip2 */

bool
benchexec_unpack(struct buf *text, size_t most, const char *name, struct diag *diag)
{
	bz_stream stream = {.next_in = text->data, .avail_in = (unsigned)text->len};
	struct buf out = {0};
	int status = BZ_OK;

	if (text->len < 3 || memcmp(text->data, "BZh", 3) != 0)
		return true;
	if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
		die("out of memory");
	while (status == BZ_OK && out.len <= most && (stream.avail_in || !stream.avail_out)) {
		char step[UNPACK_STEP];

		stream.next_out = step;
		stream.avail_out = sizeof step;
		status = BZ2_bzDecompress(&stream);
		buf_add(&out, step, sizeof step - stream.avail_out);
	}
	BZ2_bzDecompressEnd(&stream);
	if (status != BZ_STREAM_END || stream.avail_in || out.len > most) {
		diag_set(diag, name, 0, 0,
		         out.len > most ? "more than %zu MB once it is unpacked"
		                        : "packed by bzip2, and damaged or not whole",
		         most >> 20);
		buf_free(&out);
		return false;
	}
	buf_free(text);
	*text = out;
	return true;
}
