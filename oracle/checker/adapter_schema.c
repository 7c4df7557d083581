/* adapter_schema: what may stand in an adapter file. See adapter_schema.h.
 *
 * How it works: names, types, limits, words and whether a key is needed come from the rows that read it
 * (conf.h); defaults of members from adapter_usual. What a row cannot say, since a function of its own reads
 * the node, stands in the table `texts` below, with what the key means. A test holds what is needed and each
 * default against the reader.
 */
#include "adapter_schema.h"

#include <string.h>

#include "adapter.h"
#include "conf.h"

enum { TABLE_ALL, TABLE_OUTPUT, TABLE_VERDICT, TABLE_PROTOCOL, TABLE_PLUGIN, TABLES };

#define IN(table) (1U << TABLE_##table)
#define ANY (IN(ALL) | IN(OUTPUT) | IN(VERDICT) | IN(PROTOCOL) | IN(PLUGIN))

static const char *const titles[TABLES] = {
	[TABLE_ALL] = "every adapter",
	[TABLE_OUTPUT] = "one whose output is read",
	[TABLE_VERDICT] = "one whose exit status is its verdict",
	[TABLE_PROTOCOL] = "one that talks the line protocol",
	[TABLE_PLUGIN] = "one that is a plug-in",
};

/* Of a key, in some of the tables. */
struct text {
	unsigned tables;
	const char *name;
	const char *usual; /* NULL: the row's member in adapter_usual, where it is not needed */
	const char *value; /* NULL: the row says it; '#': "LOW to HIGH", or "at most HIGH" */
	long low, high;
	const char *about;
};

static const struct text texts[] = {
	{ANY, "name", NULL, "small letters, digits and -", 0, 0, "as its file"},
	{ANY, "title", NULL, NULL, 0, 0, "what it is"},
	{ANY, "url", "none", NULL, 0, 0, "where that is documented"},
	{ANY, "world", NULL, "the name of a world", 0, 0, "the headers that it wants"},
	{ANY, "run", NULL, NULL, 0, 0, "when `run` takes it: `named` and `sample` only by name"},
	{ANY, "degenerate", NULL, NULL, 0, 0, "it hardly reads a case, and canaries say nothing of it"},
	{ANY, "seconds", "20", "seconds, 0.1 to 86400", 0, 0, "time limit of a process or a question"},
	{ANY, "cpu", "4", "0 to 86400", 0, 0,
     "limit of processor time, as a multiple of the time limit; 0: none"},
	{ANY, "memory", NULL, NULL, 0, 0, "bytes of memory of all that it starts; 0: no limit"},
	{ANY, "rules", "all", "a list of # names", 0, ADAPTER_RULES,
     "those that it has; cases of others are `unsupported`"},
	{ANY, "readings", "headlines", "a map of #, from rule to reading", 0, ADAPTER_READINGS,
     "which reading of a rule it implements"},
	{ANY, "kinds", "all", "a list of # kinds", 1, KIND_COUNT, "the kinds of violation that it knows"},
	{ANY, "files", "none", "a map of #, from name to text", 0, ADAPTER_FILES,
     "files of its own, which {include} has beside the headers, or instead"},
	{ANY, "exe", NULL, "a list of # names or paths", 1, ADAPTER_EXES,
     "programs to look for on PATH; the first one found"},
	{ANY, "version", "none", "a map of `argv` and `pattern`", 0, 0,
     "how to ask its version, and a pattern with a group `version`"},
	{IN(OUTPUT) | IN(VERDICT), "steps", NULL, "a list of # lists of arguments", 1, ADAPTER_STEPS,
     "command lines, run one after the other in its own directory"},
	{IN(PROTOCOL), "steps", NULL, "a list of one list of arguments", 0, 0, "the command line that starts it"},
	{IN(OUTPUT), "exit", NULL, "a list of # statuses, 0 to 255", 1, ADAPTER_EXITS,
     "those of the last step that mean that it ran"},
	{IN(VERDICT), "exit", NULL, "a map of #, from status to pass, violation or unknown", 1, ADAPTER_EXITS,
     "what a status of the last step says"},
	{ANY, "complete", "exit", "canary, exit, or {pattern: '...'}", 0, 0,
     "what must be there besides: the canary, nothing, or a line that matches"},
	{ANY, "ignore", "none", "a list of # patterns", 0, ADAPTER_PATTERNS,
     "lines that are dropped, whatever else they match"},
	{ANY, "unknown", "none", "a list of # patterns", 0, ADAPTER_PATTERNS,
     "lines that say that it gave up, on a case or on the file"},
	{ANY, "findings", "none", "a list of maps of `pattern` and `kind`, # patterns in all", 0,
     ADAPTER_PATTERNS, "lines that are findings"},
	{ANY, "pack", NULL, NULL, 0, 0, "cases a process"},
	{IN(OUTPUT) | IN(VERDICT), "seconds-case", "0.1", "seconds, 0 to 86400", 0, 0,
     "so much more for each case of a process"},
	{IN(PROTOCOL) | IN(PLUGIN), "seconds-case", "0", "seconds, 0 to 86400", 0, 0,
     "so much more for a question"},
	{ANY, "output", NULL, NULL, 0, 0, "bytes of output; a checker that writes more is `garbled`"},
	{ANY, "protocol", NULL, NULL, 0, 0, "the version of the protocol"},
	{ANY, "plugin", NULL, "a path from the root", 0, 0, "the shared object, with the C ABI"},
};

enum { TEXTS = sizeof texts / sizeof *texts };

static const struct text *
find_text(unsigned table, const char *name)
{
	for (unsigned i = 0; i < TEXTS; i++)
		if (texts[i].tables >> table & 1 && !strcmp(texts[i].name, name))
			return &texts[i];
	bug("the key '%s' of an adapter has no text", name);
}

/* of a row */

static uint64_t
usual_number(const struct conf_field *field)
{
	const char *member = (const char *)&adapter_usual + field->offset;

	switch (field->size) {
	case 1:
		return *(const uint8_t *)member;
	case 4:
		return *(const uint32_t *)(const void *)member;
	case 8:
		return *(const uint64_t *)(const void *)member;
	}
	bug("'%s' is kept in %zu bytes", field->key, field->size);
}

static void
put_usual(struct buf *out, const struct conf_field *field, const struct text *text)
{
	if (field->needed)
		buf_puts(out, "needed");
	else if (text->usual)
		buf_puts(out, text->usual);
	else if (field->form == CONF_WORD)
		buf_puts(out, field->words[usual_number(field)]);
	else if (field->form == CONF_NUMBER)
		buf_printf(out, "%llu", (unsigned long long)usual_number(field));
	else
		bug("the default of '%s' is not said", field->key);
}

static void
put_limits(struct buf *out, const struct text *text)
{
	size_t before = strcspn(text->value, "#");

	buf_add(out, text->value, before);
	if (text->value[before] && text->low)
		buf_printf(out, "%ld to %ld", text->low, text->high);
	else if (text->value[before])
		buf_printf(out, "at most %ld", text->high);
	buf_puts(out, text->value + before + (text->value[before] != 0));
}

static void
put_value(struct buf *out, const struct conf_field *field, const struct text *text)
{
	if (text->value)
		put_limits(out, text);
	else if (field->form == CONF_NUMBER && field->low == field->high)
		buf_printf(out, "%ld", field->low);
	else if (field->form == CONF_NUMBER)
		buf_printf(out, "a whole number, %ld to %ld", field->low, field->high);
	else if (field->form == CONF_WORD)
		for (long i = 0; i < field->high; i++)
			buf_printf(out, "%s%s", i == 0 ? "" : i + 1 < field->high ? ", " : " or ", field->words[i]);
	else
		buf_puts(out, "text");
}

/* tables */

const char *
adapter_schema_table(unsigned table)
{
	return table < TABLES ? titles[table] : NULL;
}

static const char *
take(struct arena *arena, struct buf *text)
{
	const char *taken = arena_string(arena, buf_string(text));

	buf_clear(text);
	return taken;
}

unsigned
adapter_schema(unsigned table, struct arena *arena, const struct adapter_key **keys)
{
	unsigned count = 0;
	const struct conf_field *field = adapter_fields(table, &count);
	struct adapter_key *made = arena_alloc(arena, (count + 1U) * sizeof *made);
	struct buf out = {0};

	for (unsigned i = 0; i < count; i++) {
		const struct text *text = find_text(table, field[i].key);

		made[i] = (struct adapter_key){.name = field[i].key, .about = text->about};
		put_usual(&out, &field[i], text);
		made[i].usual = take(arena, &out);
		put_value(&out, &field[i], text);
		made[i].value = take(arena, &out);
	}
	buf_free(&out);
	*keys = made;
	return count;
}
