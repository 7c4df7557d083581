/* SARIF 2.1.0 logs as answers. See sarif.h.
 *
 * How to read it: what a run covers, its invocations, the run, the log. A run is read in two steps, since
 * what it covers may follow from what its results name: its results become a list of findings with the file
 * and line of each (sarif_result.c); then its files are covered, and each finding goes to its case.
 *
 *   run: invocations -> failed, crashed files    results -> findings, named files    artifacts, name ->
 * covered files all of it -> cases (import.h)
 */
#include "sarif.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sarif_state.h"

enum { TEXT_MOST = 80 };

/* what a run covers */

static bool
is_target(const json_t *roles)
{
	for (size_t i = 0; i < json_array_size(roles); i++) {
		const char *role = json_string_value(json_array_get(roles, i));

		if (role && !strcmp(role, "analysisTarget"))
			return true;
	}
	return false;
}

static bool
read_target(struct sarif *s, const json_t *artifact, size_t index, void *context)
{
	const json_t *roles, *location;
	bool *said = context;
	uint32_t file;

	(void)index;
	if (!sarif_take(s, artifact, "roles", JSON_ARRAY, &roles) ||
	    !sarif_take(s, artifact, "location", JSON_OBJECT, &location))
		return false;
	if (!is_target(roles))
		return true;
	if (!sarif_find_file(s, location, true, &file))
		return false;
	if (file < SARIF_NOBODY)
		s->covered[file] = true;
	*said = true;
	return true;
}

/* The files of a driver are those of the directory that is called as the log. */
static bool
cover_directory(struct sarif *s, const char *stem)
{
	bool any = false;

	for (uint32_t i = 0; i < s->import->files; i++)
		if (import_is_named(&s->import->file[i], stem, strlen(stem)))
			s->covered[i] = any = true;
	return any;
}

/* 000000012.sarif, 000000012.sarif.json and 000000012.c.sarif are about 000000012.c, the first two also about
 * 000000012/driver_snippet.c. */
static bool
cover_namesake(struct sarif *s)
{
	const char *base = strrchr(s->name, '/') ? strrchr(s->name, '/') + 1 : s->name;
	char stem[256];
	size_t length = strlen(base);

	if (length >= sizeof stem)
		return false;
	memcpy(stem, base, length + 1);
	for (char *dot = strrchr(stem, '.'); dot; dot = strrchr(stem, '.')) {
		uint32_t file;

		*dot = 0;
		file = import_find_file(s->import, stem);
		if (file == IMPORT_NONE)
			file = import_find_stem(s->import, stem, strlen(stem));
		if (file != IMPORT_NONE) {
			s->covered[file] = true;
			return true;
		}
		if (cover_directory(s, stem))
			return true;
	}
	return false;
}

/* Whether its world can compile a file of the manifest. */
static bool
is_supported(const struct sarif *s, uint32_t file)
{
	const struct import_file *of = &s->import->file[file];

	for (unsigned i = 0; i < of->parts; i++)
		if (!s->import->of[of->part[i].of].unsupported)
			return true;
	return false;
}

/* The artifacts that are said to be analysed, and the files that are said to be extracted; else the file that
 * the log is named after, else what results name; all files where there is one run, which has nothing to keep
 * apart from others. */
static bool
find_covered(struct sarif *s)
{
	bool said = false;

	if (!sarif_each(s, s->run, "artifacts", read_target, &said))
		return false;
	if (said || s->extracts || cover_namesake(s))
		return true;
	for (uint32_t i = 0; i < s->import->files; i++)
		s->covered[i] = (s->alone && is_supported(s, i)) || s->named[i];
	s->tool->whole += s->alone;
	s->tool->guessed += !s->alone;
	return true;
}

/* The only case in the files that the run covers, or IMPORT_NONE. */
static uint32_t
only_case(const struct sarif *s)
{
	uint32_t only = IMPORT_NONE;

	for (uint32_t i = 0; i < s->import->files; i++)
		for (unsigned j = 0; s->covered[i] && j < s->import->file[i].parts; j++) {
			uint32_t of = s->import->file[i].part[j].of;

			if (only != IMPORT_NONE && only != of)
				return IMPORT_NONE;
			only = of;
		}
	return only;
}

/* The case that a finding belongs to, and the line of its body; IMPORT_NONE for a stray. False for a finding
 * that could be about any of several cases. */
static bool
find_case(const struct sarif *s, const struct sarif_finding *finding, uint32_t *of, uint32_t *line)
{
	const struct import_file *file = finding->file == IMPORT_NONE ? NULL : &s->import->file[finding->file];

	*line = 0;
	if (file && finding->line) {
		*of = import_find_line(s->import, finding->file, finding->line, line);
		return true;
	}
	*of = !file ? only_case(s) : file->parts == 1 ? file->part->of : IMPORT_NONE;
	return *of != IMPORT_NONE;
}

static bool
refuse_vague(struct sarif *s, const struct sarif_finding *finding)
{
	sarif_enter(s, "results");
	sarif_enter_item(s, finding->result);
	return sarif_refuse(s,
	                    "it has no %s, and could be about any of several cases: leave it out with --kind "
	                    "RULEID=ignore or --message TEXT=ignore",
	                    finding->file == IMPORT_NONE ? "file" : "line");
}

/* What is undecided at no line is so in all of the file, at no file in all that the run covers. */
static void
give_undecided(struct sarif *s, const struct sarif_finding *finding)
{
	uint32_t of, line;

	if (finding->file != IMPORT_NONE && !finding->line) {
		import_cover(s->import, finding->file, ANSWER_UNKNOWN, s->name);
	} else if (finding->file == IMPORT_NONE) {
		for (uint32_t file = 0; file < s->import->files; file++)
			if (s->covered[file])
				import_cover(s->import, file, ANSWER_UNKNOWN, s->name);
	} else if (find_case(s, finding, &of, &line) && of != IMPORT_NONE) {
		import_cover_case(s->import, of, ANSWER_UNKNOWN, s->name);
		import_message(s->import, of, finding->message);
	} else {
		s->import->strays++;
	}
}

static void
say(struct sarif *s, uint32_t of, const struct sarif_finding *finding, uint32_t line)
{
	import_say(s->import, of, finding->taken, line);
	import_message(s->import, of, finding->message);
}

/* Each finding to its case, also to one beyond what the run says that it covers. What a failed run found is
 * not kept. */
static bool
give_findings(struct sarif *s)
{
	for (unsigned i = 0; i < s->findings; i++) {
		const struct sarif_finding *finding = &s->finding[i];
		uint32_t of, line;

		assert(finding->file == IMPORT_NONE || finding->file < s->import->files);
		if (finding->taken == IMPORT_UNDECIDED && !s->failed) {
			give_undecided(s, finding);
			continue;
		}
		if (!find_case(s, finding, &of, &line)) {
			if (!s->failed)
				return refuse_vague(s, finding);
			continue;
		}
		if (of == IMPORT_NONE) {
			s->import->strays++;
			continue;
		}
		import_cover_case(s->import, of, s->failed ? ANSWER_CRASH : ANSWER_VIOLATION, s->name);
		if (!s->failed)
			say(s, of, finding, line);
	}
	return true;
}

/* the run, the log */

struct notifying {
	const json_t *invocation;
	bool is_error, placed;
};

static bool
read_notified(struct sarif *s, const json_t *location, size_t index, void *context)
{
	struct notifying *at = context;
	uint32_t file, line;

	(void)index;
	if (!sarif_find_place(s, location, at->is_error, &file, &line))
		return false;
	if (file >= SARIF_NOBODY)
		return true;
	s->crashed[file] = true;
	at->placed = true;
	return true;
}

/* What CodeQL's diagnostic queries say of files, by the end of their ids: `cpp/diagnostics/...`. A file whose
 * extraction warns was not understood in all places, so what was found in it, and what not, is worth nothing.
 */
static const struct {
	const char *end;
	bool extracted;
} diagnostics[] = {
	{"/diagnostics/successfully-extracted-files", true},
	{"/diagnostics/extraction-warnings", false},
	{"/diagnostics/extraction-errors", false},
	{"/diagnostics/failed-extractor-invocations", false},
};

enum { DIAGNOSTICS = sizeof diagnostics / sizeof *diagnostics };

static unsigned
find_diagnostic(const char *id)
{
	unsigned i = 0;

	while (i < DIAGNOSTICS && (strlen(id) < strlen(diagnostics[i].end) ||
	                           strcmp(id + strlen(id) - strlen(diagnostics[i].end), diagnostics[i].end)))
		i++;
	return i;
}

static bool
read_extracted(struct sarif *s, const json_t *location, size_t index, void *context)
{
	uint32_t file, line;

	(void)index, (void)context;
	if (!sarif_find_place(s, location, false, &file, &line))
		return false;
	if (file < SARIF_NOBODY)
		s->covered[file] = true;
	return true;
}

/* An error of the tool: there is no answer for the files that it names; where it names none of the
 * manifest's, for all that the run covers, of which then nobody knows what was computed. A warning of the
 * extraction is about the files that it names, and may be about headers of others. */
static bool
read_notification(struct sarif *s, const json_t *notification, size_t index, void *context)
{
	struct notifying *at = context;
	const json_t *reference;
	struct sarif_rule rule;
	const char *level;
	unsigned diagnostic;

	(void)index;
	if (!sarif_take(s, notification, "descriptor", JSON_OBJECT, &reference) ||
	    !sarif_find_rule(s, reference, "notifications", &rule) ||
	    !sarif_find_level(s, notification, &rule, at->invocation, "notificationConfigurationOverrides",
	                      &level))
		return false;
	diagnostic = find_diagnostic(rule.id);
	if (diagnostic < DIAGNOSTICS && diagnostics[diagnostic].extracted) {
		s->extracts = true;
		return sarif_each(s, notification, "locations", read_extracted, NULL);
	}
	at->is_error = !strcmp(level, "error");
	at->placed = false;
	if (!at->is_error && diagnostic == DIAGNOSTICS)
		return true;
	if (!sarif_each(s, notification, "locations", read_notified, at))
		return false;
	s->failed = s->failed || (at->is_error && !at->placed);
	return true;
}

static bool
read_invocation(struct sarif *s, const json_t *invocation, size_t index, void *context)
{
	struct notifying at = {.invocation = invocation};
	const json_t *successful;

	(void)index, (void)context;
	if (!sarif_take(s, invocation, "executionSuccessful", JSON_TRUE, &successful))
		return false;
	if (!successful)
		return sarif_refuse(s, "it does not say whether it was executionSuccessful");
	s->failed = s->failed || json_is_false(successful);
	return sarif_check_overrides(s, invocation) &&
	       sarif_each(s, invocation, "toolExecutionNotifications", read_notification, &at) &&
	       sarif_each(s, invocation, "toolConfigurationNotifications", read_notification, &at);
}

/* A name or version, cut to what a table holds. */
static const char *
printable(struct sarif *s, const char *text)
{
	char *copy = arena_copy(&s->import->arena, text, strnlen(text, TEXT_MOST));

	for (char *at = copy; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return copy;
}

/* Keeps what the first run says of the tool; later ones must say the same. */
static bool
keep_text(struct sarif *s, const char **kept, const char *text, const char *what)
{
	const char *own = printable(s, text);

	if (!**kept) {
		*kept = own;
		return true;
	}
	if (!*own || s->options->any_version || !strcmp(*kept, own))
		return true;
	return sarif_refuse(s, "%s '%s', after '%s' before: give --tool-version if both are meant", what, own,
	                    *kept);
}

static bool
read_tool(struct sarif *s)
{
	static const char *const keys[] = {"version", "semanticVersion", "dottedQuadFileVersion"};
	const json_t *tool, *driver = NULL;
	const char *name = NULL, *version = "";
	size_t before;

	if (!sarif_take(s, s->run, "tool", JSON_OBJECT, &tool) ||
	    !sarif_take(s, tool, "driver", JSON_OBJECT, &driver) ||
	    !sarif_take_string(s, driver, "name", NULL, &name))
		return false;
	before = sarif_enter(s, "tool/driver");
	if (!name)
		return sarif_refuse(s, "no name of the tool");
	for (unsigned i = 0; i < sizeof keys / sizeof *keys && !*version; i++)
		if (!sarif_take_string(s, driver, keys[i], "", &version))
			return false;
	if (!keep_text(s, &s->tool->name, name, "tool") || !keep_text(s, &s->tool->version, version, "version"))
		return false;
	sarif_leave(s, before);
	return true;
}

/* Results that stand in another file would look like none. */
static bool
check_inline(struct sarif *s)
{
	static const char *const keys[] = {"results", "artifacts", "invocations"};
	const json_t *elsewhere;

	if (!sarif_take(s, s->run, "externalPropertyFileReferences", JSON_OBJECT, &elsewhere))
		return false;
	for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++)
		if (json_object_get(elsewhere, keys[i]) && !json_is_null(json_object_get(elsewhere, keys[i]))) {
			sarif_enter(s, "externalPropertyFileReferences");
			return sarif_refuse(s, "its %s stand in another file: inline them first", keys[i]);
		}
	return true;
}

static bool
read_run(struct sarif *s, const json_t *run, size_t index, void *context)
{
	const size_t files = s->import->files + 1U;
	const json_t *results;

	(void)index, (void)context;
	s->run = run;
	s->failed = s->extracts = false;
	memset(s->covered, 0, files * sizeof *s->covered);
	memset(s->named, 0, files * sizeof *s->named);
	memset(s->crashed, 0, files * sizeof *s->crashed);
	if (!check_inline(s) || !read_tool(s) || !sarif_each(s, run, "invocations", read_invocation, NULL) ||
	    !sarif_take(s, run, "results", JSON_ARRAY, &results) || !sarif_read_results(s) || !find_covered(s) ||
	    !give_findings(s))
		return false;
	sarif_know_rules(s);
	for (uint32_t file = 0; file < s->import->files; file++) {
		if (s->covered[file])
			import_cover(s->import, file,
			             s->failed ? ANSWER_CRASH
			             : results ? ANSWER_PASS
			                       : ANSWER_NOT_RUN,
			             s->name);
		if (s->crashed[file])
			import_cover(s->import, file, ANSWER_CRASH, s->name);
	}
	return true;
}

static bool
read_log(struct sarif *s, const json_t *log)
{
	const char *version;
	const json_t *runs;

	if (!json_is_object(log))
		return sarif_refuse(s, "no SARIF log: expected an object");
	if (!sarif_take_string(s, log, "version", NULL, &version) ||
	    !sarif_take(s, log, "runs", JSON_ARRAY, &runs))
		return false;
	if (!version || strcmp(version, "2.1.0"))
		return sarif_refuse(s, "SARIF 2.1.0 is read, this is %s%.40s", version ? "version " : "no SARIF log",
		                    version ? version : "");
	if (!json_array_size(runs))
		return sarif_refuse(s, "there are no runs in it");
	s->alone = s->options->alone && json_array_size(runs) == 1;
	return sarif_each(s, log, "runs", read_run, NULL);
}

bool
sarif_read(struct import *import, struct sarif_tool *tool, const char *name, const char *text, size_t length,
           const struct sarif_options *options, struct diag *diag)
{
	const size_t mark = length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0, files = import->files + 1U;
	struct sarif s = {.import = import, .tool = tool, .options = options, .name = name, .diag = diag};
	json_error_t error;
	json_t *log = json_loadb(text + mark, length - mark, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	bool ok;

	if (!log) {
		diag_set(diag, name, error.line > 0 ? (unsigned)error.line : 1,
		         error.column > 0 ? (unsigned)error.column : 1, "%s",
		         length - mark ? error.text : "empty, no SARIF log");
		return false;
	}
	tool->name = tool->name ? tool->name : "";
	tool->version = tool->version ? tool->version : "";
	s.covered = calloc(3 * files, sizeof *s.covered);
	if (!s.covered)
		die("out of memory");
	s.named = s.covered + files;
	s.crashed = s.named + files;
	ok = read_log(&s, log);
	json_decref(log);
	buf_free(&s.pointer);
	buf_free(&s.text);
	free(s.finding);
	free(s.covered);
	return ok;
}
