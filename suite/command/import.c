/* lockdrill import: stores what a checker answered that was run by other means.
 *
 * How to read it: the level is made anew, and the manifest must be that level's (read_manifest); it tells
 * where each case stands in the files that the checker was given. Then every output is read (read_outputs),
 * and only when all of them were read without an error is the database touched (store_answers).
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter.h"
#include "benchexec.h"
#include "command.h"
#include "dvl.h"
#include "filters.h"
#include "progress.h"
#include "import.h"
#include "level.h"
#include "manifest.h"
#include "records.h"
#include "sarif.h"
#include "store.h"

enum { NAME_MOST = 64, RULE_MOST = 60 };

struct importing {
	const char *level_name, *manifest, *db, *checker, *version, *format, *part, *property;
	struct filters filters;
	struct filter filter;
	struct option_list kinds, onlies, messages, readings;
	const char **output;
	unsigned outputs;
	struct shard shard;
	struct level level;
	struct import import;
	struct import_meaning meaning[IMPORT_OPTION_COUNT * OPTION_LIST_MOST];
	unsigned meanings;
	struct sarif_tool tool;
	struct benchexec benchexec;
	struct diag *diag;
	unsigned declareds; /* pairs of rule and reading */
	const char *declared[ADAPTER_READINGS][2];
};

/* the manifest */

struct place_of {
	const char *id;
	uint32_t of;
};

static int
by_id(const void *one, const void *two)
{
	return strcmp(((const struct place_of *)one)->id, ((const struct place_of *)two)->id);
}

/* What a task of the model world expects: the headline's verdict. */
static bool
violates(const struct suite_case *of)
{
	return of->verdict[of->rule->headline].outcome == OUTCOME_VIOLATION;
}

/* One line: its case must be the level's, and new. */
static bool
place_case(struct importing *m, const struct place_of *sorted, unsigned number, const char *text,
           size_t length)
{
	struct manifest_place place;
	const struct place_of *found;

	if (!manifest_read(&place, &m->import.arena, m->manifest, number, text, length, m->diag))
		return false;
	found = bsearch(&(struct place_of){.id = place.id}, sorted, m->level.count, sizeof *sorted, by_id);
	if (!found)
		diag_set(m->diag, m->manifest, number, 0,
		         "level %s has no case %.40s: give the --level, filters and --shard that gen had",
		         m->level_name, place.id);
	else if (strcmp(place.text_hash, m->level.cases[found->of].text_hash) != 0)
		diag_set(m->diag, m->manifest, number, 0, "case %.40s has another text than this lockdrill gives it",
		         place.id);
	else if (m->import.of[found->of].id)
		diag_set(m->diag, m->manifest, number, 0, "case %.40s stands in it twice", place.id);
	else {
		import_place(&m->import, found->of, place.id, place.file, place.helpers_file, &place.span);
		m->import.of[found->of].rule = m->level.cases[found->of].rule->name;
		m->import.of[found->of].violates = violates(&m->level.cases[found->of]);
		if (place.unsupported)
			import_unsupported(&m->import, found->of);
		return true;
	}
	return false;
}

static bool
read_lines(struct importing *m, FILE *file, const struct place_of *sorted)
{
	unsigned number = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	bool ok = true;

	while (ok && (length = getline(&line, &room, file)) > 0)
		if (strspn(line, " \t\r\n") < (size_t)length)
			ok = place_case(m, sorted, ++number, line, (size_t)length);
		else
			number++;
	free(line);
	if (ok && ferror(file)) {
		diag_set(m->diag, m->manifest, 0, 0, "cannot read: %s", strerror(errno));
		ok = false;
	}
	for (unsigned i = 0; ok && i < m->level.count; i++)
		if (!m->import.of[i].id) {
			diag_set(m->diag, m->manifest, 0, 0,
			         "case %s of level %s is not in it: give the whole manifest, and the filters and --shard "
			         "that gen had",
			         m->level.cases[i].id, m->level_name);
			ok = false;
		}
	return ok;
}

static bool
read_manifest(struct importing *m)
{
	struct place_of *sorted;
	FILE *file = fopen(m->manifest, "r");
	bool ok;

	if (!file) {
		diag_set(m->diag, m->manifest, 0, 0, "cannot open: %s", strerror(errno));
		return false;
	}
	import_begin(&m->import, m->level.count);
	sorted = malloc((m->level.count + 1U) * sizeof *sorted);
	if (!sorted)
		die("out of memory");
	for (unsigned i = 0; i < m->level.count; i++)
		sorted[i] = (struct place_of){m->level.cases[i].id, i};
	qsort(sorted, m->level.count, sizeof *sorted, by_id);
	ok = read_lines(m, file, sorted);
	fclose(file);
	free(sorted);
	return ok && import_ready(&m->import, m->manifest, m->diag);
}

/* outputs */

enum format { FORMAT_SARIF, FORMAT_JSON, FORMAT_CSV, FORMAT_DVL, FORMAT_BENCHEXEC, FORMAT_COUNT };

static const struct {
	const char *name, *endings[3];
} formats[FORMAT_COUNT] = {
	[FORMAT_SARIF] = {"sarif", {".sarif", ".json"}},
	[FORMAT_JSON] = {"jsonl", {".jsonl", ".ndjson"}},
	[FORMAT_CSV] = {"csv", {".csv"}},
	[FORMAT_DVL] = {"dvl", {".dvl.xml", ".DVL.xml", ".DVL.XML"}},
	[FORMAT_BENCHEXEC] = {"benchexec", {".xml", ".xml.bz2"}},
};

static bool
ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), own = strlen(ending);

	return length > own && !strcmp(name + length - own, ending);
}

static bool
format_of(const struct importing *m, const char *name, enum format *format)
{
	for (unsigned f = 0; f < FORMAT_COUNT; f++) {
		*format = (enum format)f;
		if (m->format && !strcmp(m->format, formats[f].name))
			return true;
		for (unsigned i = 0; !m->format && i < 3 && formats[f].endings[i]; i++)
			if (ends_with(name, formats[f].endings[i]))
				return true;
	}
	if (m->format)
		diag_set(m->diag, "--format", 0, 0, "'%s' is none of sarif, jsonl, csv, dvl, benchexec", m->format);
	else
		diag_set(
			m->diag, name, 0, 0,
			"neither .sarif, .json, .jsonl, .ndjson, .csv, .dvl.xml, .xml nor .xml.bz2: say by --format what "
			"it is");
	return false;
}

static bool
read_output(struct importing *m, const char *name, const struct sarif_options *options)
{
	struct buf text = {0};
	enum format format;
	bool ok = false;

	if (!format_of(m, name, &format))
		return false;
	if (!buf_read_file(&text, name, IMPORT_BYTES))
		diag_set(m->diag, name, 0, 0, "cannot read: %s",
		         errno == EFBIG ? "more than 256 MB" : strerror(errno));
	else if (format == FORMAT_SARIF)
		ok = sarif_read(&m->import, &m->tool, name, buf_string(&text), text.len, options, m->diag);
	else if (format == FORMAT_JSON)
		ok = records_read_json(&m->import, name, buf_string(&text), text.len, m->diag);
	else if (format == FORMAT_CSV)
		ok = records_read_csv(&m->import, name, buf_string(&text), text.len, m->diag);
	else if (format == FORMAT_DVL)
		ok = dvl_read(&m->import, name, buf_string(&text), text.len, m->meaning, m->meanings, m->diag);
	else
		ok = benchexec_unpack(&text, IMPORT_BYTES, name, m->diag) &&
		     benchexec_read(&m->import, &m->benchexec, name, buf_string(&text), text.len, m->diag);
	buf_free(&text);
	return ok;
}

static bool
read_outputs(struct importing *m)
{
	struct sarif_options options = {m->meaning, m->meanings, false, m->version};
	unsigned logs = 0;

	for (unsigned i = 0; i < m->outputs; i++) {
		enum format format;

		if (!format_of(m, m->output[i], &format))
			return false;
		logs += format == FORMAT_SARIF;
	}
	options.alone = logs == 1;
	for (unsigned i = 0; i < m->outputs; i++)
		if (!read_output(m, m->output[i], &options))
			return false;
	return import_end(&m->import, m->diag) &&
	       import_check_meanings(&m->import, m->meaning, m->meanings, m->diag);
}

/* options */

static bool
refuse(struct importing *m, const char *option, const char *text, const char *why)
{
	diag_set(m->diag, option, 0, 0, "'%.80s' %s", text, why);
	return false;
}

/* What later stands in tables: a name is one word. */
static bool
check_names(struct importing *m)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
	const char *version = m->version ? m->version : "";

	if (!*m->checker || m->checker[strspn(m->checker, letters)] || strlen(m->checker) > NAME_MOST)
		return refuse(m, "--checker", m->checker, "is no name: letters, digits and any of ._+- make one");
	for (const char *at = version; *at; at++)
		if (*at < ' ' || *at > '~')
			return refuse(m, "--tool-version", version, "has characters that cannot be printed");
	return strlen(version) <= NAME_MOST || refuse(m, "--tool-version", version, "is too long");
}

static bool
read_meanings(struct importing *m)
{
	const struct option_list *lists[IMPORT_OPTION_COUNT] = {
		[IMPORT_KIND] = &m->kinds, [IMPORT_ONLY] = &m->onlies, [IMPORT_MESSAGE] = &m->messages};

	for (unsigned option = 0; option < IMPORT_OPTION_COUNT; option++)
		for (unsigned i = 0; i < lists[option]->count; i++)
			if (!import_read_meaning(&m->meaning[m->meanings++], lists[option]->item[i],
			                         (enum import_option)option, m->diag))
				return false;
	return true;
}

/* RULE=READING, of a rule of the level. */
static bool
read_declared(struct importing *m)
{
	for (unsigned i = 0; i < m->readings.count; i++) {
		const char *option = m->readings.item[i], *reading = strchr(option, '=');
		unsigned index;
		bool found = false;

		if (m->declareds == ADAPTER_READINGS)
			return refuse(m, "--reading", option, "is one too many");
		for (unsigned r = 0; reading && r < m->level.rules; r++) {
			const char *name = m->level.rule[r]->name;

			if (strncmp(option, name, (size_t)(reading - option)) || name[reading - option] ||
			    !rule_find_reading(m->level.rule[r], reading + 1, &index))
				continue;
			m->declared[m->declareds][0] = name;
			m->declared[m->declareds++][1] = reading + 1;
			found = true;
		}
		if (!found)
			return refuse(m, "--reading", option,
			              "is not RULE=READING with a rule of the level and one of its readings");
	}
	return true;
}

/* the database */

/* What the answers follow from, beside the outputs: it stands where the bytes of an adapter do. */
static void
describe(const struct importing *m, struct buf *out)
{
	static const char *const names[IMPORT_OPTION_COUNT] = {
		[IMPORT_KIND] = "kind", [IMPORT_ONLY] = "only", [IMPORT_MESSAGE] = "message"};

	buf_printf(out, "imported\ntool %s\n", m->tool.name ? m->tool.name : m->benchexec.tool);
	for (unsigned i = 0; i < m->meanings; i++)
		buf_printf(out, "%s %s\n", names[m->meaning[i].option], m->meaning[i].text);
}

/* All of the run in one transaction. */
static bool
store_answers(struct importing *m, struct store *store, const struct store_run *as)
{
	struct answer answer;
	uint64_t reused;
	int64_t run;

	if (!store_level(store, m->level.name, m->level.shard, &m->level.filter, m->level.cases, m->level.count,
	                 m->diag) ||
	    !store_begin_run(store, as, STORE_FRESH, &run, &reused, m->diag))
		return false;
	for (unsigned i = 0; i < m->level.count; i++) {
		import_answer(&m->import, i, &answer);
		if (!store_answer(store, run, &m->level.cases[i], 0, &answer, m->diag))
			return false;
	}
	return store_end_run(store, run, NULL, 0, m->diag);
}

static bool
store_all(struct importing *m)
{
	struct buf description = {0};
	struct store_run as = {
		.checker = m->checker,
		.version = m->version        ? m->version
	               : m->tool.version ? m->tool.version
	                                 : m->benchexec.version,
		.exe_hash = "",
		.arguments = "",
		.limits = "",
		.world_hash = "",
		.containment = "none",
		.repeats = 1,
		.declareds = m->declareds,
		.declared = m->declared,
	};
	struct store *store;
	bool ok;

	describe(m, &description);
	as.adapter = description.data;
	as.adapter_length = description.len;
	store = store_open(m->db, false, m->diag);
	ok = store && store_answers(m, store, &as);
	store_close(store);
	buf_free(&description);
	return ok;
}

/* A rule's id as a table holds it; "-" where a result has none. */
static void
show_rule(char shown[RULE_MOST + 1], const char *rule)
{
	snprintf(shown, RULE_MOST + 1, "%s", *rule ? rule : "-");
	for (char *at = shown; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}

/* What the results were taken for, on stdout: unrelated ones would look like violations. */
static void
tell_tallies(const struct importing *m)
{
	char shown[RULE_MOST + 1];
	int width = sizeof "rule" - 1;

	if (!m->import.tallies)
		return;
	for (unsigned i = 0; i < m->import.tallies; i++) {
		show_rule(shown, m->import.tally[i].rule);
		width = (int)strlen(shown) > width ? (int)strlen(shown) : width;
	}
	printf("%-*s  results  taken for\n", width, "rule");
	for (unsigned i = 0; i < m->import.tallies; i++) {
		show_rule(shown, m->import.tally[i].rule);
		printf("%-*s  %7lu  %s\n", width, shown, m->import.tally[i].results,
		       import_taken_name(m->import.tally[i].taken));
	}
}

/* BenchExec's own categories, which no answer follows from. */
static void
tell_categories(const struct importing *m)
{
	const char *between = ": in BenchExec's categories ";

	for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
		if (!m->benchexec.category[i])
			continue;
		fprintf(stderr, "%s%s%s %u", *between == ':' ? m->checker : "", between,
		        benchexec_category_name((enum benchexec_category)i), m->benchexec.category[i]);
		between = ", ";
	}
	if (*between == ',')
		putc('\n', stderr);
	if (m->benchexec.others)
		fprintf(stderr, "%s: runs of another property, which are left out: %u\n", m->checker,
		        m->benchexec.others);
}

/* What was made of the outputs, on stderr. */
static void
tell(const struct importing *m)
{
	unsigned count[ANSWER_COUNT] = {0};
	struct answer answer;

	progress_clear();
	tell_tallies(m);
	if (command_quiet())
		return;
	filters_tell(stderr, &m->level);
	if (m->tool.whole)
		fprintf(stderr, "%s: the log does not say which files were analysed, and is taken for one of all\n",
		        m->checker);
	for (unsigned i = 0; i < m->level.count; i++) {
		import_answer(&m->import, i, &answer);
		count[answer.state]++;
	}
	if (m->tool.guessed)
		fprintf(
			stderr,
			"%s: runs that do not say which files they analysed: %u; each covers the files that its results "
			"name, and no others\n",
			m->checker, m->tool.guessed);
	tell_categories(m);
	if (m->import.strays)
		fprintf(stderr, "%s: findings outside all cases: %lu\n", m->checker, m->import.strays);
	fprintf(stderr, "%s: %u of %u answered", m->checker, count[ANSWER_PASS] + count[ANSWER_VIOLATION],
	        m->level.count);
	for (unsigned i = ANSWER_VIOLATION + 1; i < ANSWER_COUNT; i++)
		if (count[i])
			fprintf(stderr, ", %s %u", answer_name((enum answer_state)i), count[i]);
	putc('\n', stderr);
}

static bool
import_all(struct importing *m, struct buf *dispute)
{
	if (!command_shard(&m->shard, m->part, m->diag) || !check_names(m) || !read_meanings(m) ||
	    !filters_make(&m->filters, &m->filter, m->diag) ||
	    !level_make(&m->level, m->level_name, &m->filter, m->shard, dispute, m->diag) || !read_declared(m) ||
	    !read_manifest(m) || !read_outputs(m) || !store_all(m))
		return false;
	tell(m);
	return true;
}

static const struct option options[] = {
	OPTION_LEVEL(importing, level_name, true),
	FILTERS_OPTIONS(importing, filters),
	OPTION_SHARD(importing, part),
	{"manifest", OPTION_STRING_AT(importing, manifest), .needed = true, .value = "FILE", .words = WORDS_FILE,
     .help = "manifest.jsonl of the cases that were checked"},
	OPTION_DATABASE(importing, db),
	{"checker", OPTION_STRING_AT(importing, checker), .needed = true, .value = "NAME", .words = WORDS_CHECKER,
     .help = "whose answers they are; they replace its earlier ones"},
	{"tool-version", OPTION_STRING_AT(importing, version), .value = "V",
     .help = "its version (default: as SARIF says)"},
	{"format", OPTION_STRING_AT(importing, format), .value = "NAME", .words = WORDS_CHOICE,
     .choices = "sarif jsonl csv dvl benchexec",
     .help = "sarif, jsonl, csv, dvl or benchexec (default: by the file's ending)"},
	{"property", OPTION_STRING_AT(importing, property), .value = "NAME",
     .help = "whose runs count of BenchExec's results (default: unreach-call)"},
	{"kind", OPTION_LIST_AT(importing, kinds), .value = "RULEID=KIND",
     .help = "what SARIF results of that rule mean: a kind, none, ignore"},
	{"only", OPTION_LIST_AT(importing, onlies), .value = "RULEID=KIND",
     .help = "the same, and results of rules that are not named so are left out"},
	{"message", OPTION_LIST_AT(importing, messages), .value = "TEXT=KIND",
     .help = "the same for results with that text in their message"},
	{"reading", OPTION_LIST_AT(importing, readings), .value = "RULE=READING",
     .help = "the reading that the checker implements"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct importing m = {.filters = {.seed = 1}};
	struct buf dispute = {0};
	struct diag diag = {0};
	int status;

	m.output = calloc((size_t)argc + 1, sizeof *m.output);
	if (!m.output)
		die("out of memory");
	m.diag = &diag;
	if (command_options(&command_import, &m, argc, argv, m.output, &m.outputs, &status)) {
		if (!m.outputs)
			diag_set(&diag, "import", 0, 0, "give the checker's outputs");
		m.benchexec.property = m.property;
		status = m.outputs && import_all(&m, &dispute) ? STATUS_FINE : command_dispute(&diag, &dispute);
	}
	import_free(&m.import);
	level_free(&m.level);
	free(m.output);
	buf_free(&dispute);
	return status;
}

const struct command command_import = {
	.name = "import",
	.operands = "FILE...",
	.summary = "store the answers of a checker that ran already: SARIF, JSON lines, CSV, SDV, BenchExec",
	.options = options,
	.operands_most = COMMAND_ANY,
	.words = WORDS_FILE,
	.run = run};
