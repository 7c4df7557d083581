/* Logs of Static Driver Verifier as answers. See dvl.h.
 *
 * How to read it: expat calls us for each element, as it comes to it, so that every refusal has its line and
 * column; no tree is built, nothing is fetched, and a document type, which entities would need, is refused.
 * (libxml2 would bring libraries of 35 MB with it, which every process of ours would load.) What may stand
 * where is two tables, `elements` and `attributes`; what SDV says of a rule is a third, `words`. Rules are
 * given to the case when their element is read.
 *
 *   <SDV Driver="..." Version="...">
 *     <Rules> <Rule Name="SpinlockRelease" Result="Defect"/> ... </Rules>
 *     <Defects> <Defect RuleName="SpinlockRelease" Category="..." SdvDefectPath="..."/> ... </Defects>
 *   </SDV>
 */
#include "dvl.h"

#include <assert.h>
#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DEPTH = 8, VALUE = 256, NOWHERE = 0 };

/* what may stand where */

enum element { DVL, SDV, RULES, DEFECTS, RULE, DEFECT, ELEMENTS };

static const struct {
	const char *name;
	unsigned inside; /* bits of elements; 1 << ELEMENTS: it may be the outermost one */
} elements[ELEMENTS] = {
	[DVL] = {"DVL", 1U << ELEMENTS},
	[SDV] = {"SDV", 1U << ELEMENTS | 1U << DVL},
	[RULES] = {"Rules", 1U << SDV},
	[DEFECTS] = {"Defects", 1U << SDV},
	[RULE] = {"Rule", 1U << SDV | 1U << RULES},
	[DEFECT] = {"Defect", 1U << SDV | 1U << DEFECTS | 1U << RULE},
};

enum attribute { ATTRIBUTE_RULE, ATTRIBUTE_RESULT, ATTRIBUTE_NOTHING, ATTRIBUTES };

static const struct {
	const char *name;
	unsigned of; /* bits of elements */
	enum attribute is;
} attributes[] = {
	{"Name", 1U << RULE, ATTRIBUTE_RULE},
	{"RuleName", 1U << RULE | 1U << DEFECT, ATTRIBUTE_RULE},
	{"Result", 1U << RULE, ATTRIBUTE_RESULT},
	{"Status", 1U << RULE, ATTRIBUTE_RESULT},
	{"Category", 1U << RULE | 1U << DEFECT, ATTRIBUTE_NOTHING},
	{"SdvDefectPath", 1U << DEFECT, ATTRIBUTE_NOTHING},
	{"Driver", 1U << SDV, ATTRIBUTE_NOTHING},
	{"Version", 1U << DVL | 1U << SDV, ATTRIBUTE_NOTHING},
};

/* What SDV's results are, as its documentation explains them; blanks and the case of letters do not
 * matter. */
static const struct {
	const char *word;
	enum answer_state state;
} words[] = {
	{"pass", ANSWER_PASS},
	{"passed", ANSWER_PASS},
	{"completed", ANSWER_PASS},
	{"defect", ANSWER_VIOLATION},
	{"fail", ANSWER_VIOLATION},
	{"failed", ANSWER_VIOLATION},
	{"notapplicable",
     ANSWER_UNSUPPORTED}, /* it calls none of the rule's functions, or no entry point is known */
	{"timeout", ANSWER_TIMEOUT},
	{"spaceout", ANSWER_MEMORY},
	{"uncertain", ANSWER_UNKNOWN},
	{"error", ANSWER_CRASH},
	{"toolerror", ANSWER_CRASH},
};

struct dvl {
	struct import *import;
	const char *name;
	struct import_meaning *meaning;
	unsigned meanings;
	struct diag *diag;
	XML_Parser parser;
	uint32_t of; /* the case */
	bool refused;
	unsigned depth;
	enum element open[DEPTH];
};

static bool FAIL_PRINTF(4, 5)
	refuse_at(struct dvl *d, uint64_t line, uint64_t column, const char *format, ...)
{
	char message[sizeof d->diag->message];
	va_list args;

	if (d->refused)
		return false;
	d->refused = true;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	for (char *at = message; *at; at++)
		*at = *at < ' ' && *at >= 0 ? '?' : *at;
	diag_set(d->diag, d->name, (unsigned)line, (unsigned)column, "%s", message);
	if (d->parser)
		XML_StopParser(d->parser, XML_FALSE);
	return false;
}

/* Where the parser is; its columns count from 0. */
#define refuse(d, ...)                                                                               \
	refuse_at(d, XML_GetCurrentLineNumber((d)->parser), XML_GetCurrentColumnNumber((d)->parser) + 1, \
	          __VA_ARGS__)

/* the case */

/* The driver's name: of the log 000000012.dvl.xml, or of 000000012/SDV/SDV.DVL.xml. */
static const char *
driver_name(const char *path, size_t *length)
{
	const char *base = path, *parent = path, *above = path;

	for (const char *at = path; *at; at++)
		if (*at == '/' || *at == '\\') {
			above = parent;
			parent = base;
			base = at + 1;
		}
	if (!strncasecmp(base, "SDV.", 4) && above != parent && parent != base) {
		*length = (size_t)(parent - above - 1);
		return above;
	}
	*length = strcspn(base, ".");
	return base;
}

static bool
find_case(struct dvl *d)
{
	size_t length;
	const char *driver = driver_name(d->name, &length);
	unsigned others = 0;

	d->of = IMPORT_NONE;
	for (uint32_t i = 0; i < d->import->files; i++) {
		const struct import_file *file = &d->import->file[i];

		if (!import_is_named(file, driver, length) && import_find_stem(d->import, driver, length) != i)
			continue;
		for (unsigned j = 0; j < file->parts; j++) {
			others += d->of != IMPORT_NONE && d->of != file->part[j].of;
			d->of = file->part[j].of;
		}
	}
	if (d->of == IMPORT_NONE)
		return refuse_at(d, NOWHERE, NOWHERE,
		                 "the manifest has no driver '%.*s', after which the log is named",
		                 (int)(length < 80 ? length : 80), driver);
	return !others || refuse_at(d, NOWHERE, NOWHERE,
	                            "driver '%.*s' is of several cases, and SDV gives one verdict a rule and "
	                            "driver: gen with --pack 1",
	                            (int)(length < 80 ? length : 80), driver);
}

/* results */

/* A kind, IMPORT_KINDLESS or IMPORT_IGNORED: the user's word goes before the case's own rule. */
static uint8_t
take(struct dvl *d, const char *rule)
{
	const char *own = d->import->of[d->of].rule;
	uint8_t taken = import_meaning(d->meaning, d->meanings, "SDV", rule, "");
	bool named = false;

	for (unsigned i = 0; i < d->meanings; i++)
		named = named || d->meaning[i].option == IMPORT_ONLY ||
		        (!strncmp(d->meaning[i].text, rule, d->meaning[i].length) && !rule[d->meaning[i].length]);
	return named || (own && !strcasecmp(own, rule)) ? taken : IMPORT_IGNORED;
}

/* Every file of the case is passed. */
static void
pass(struct dvl *d)
{
	for (uint32_t i = 0; i < d->import->files; i++)
		if (d->import->file[i].part->of == d->of)
			import_cover(d->import, i, ANSWER_PASS, d->name);
}

static void
give(struct dvl *d, const char *rule, enum answer_state state)
{
	uint8_t taken = take(d, rule);

	if (taken == IMPORT_IGNORED || state == ANSWER_VIOLATION)
		import_count(d->import, rule, taken);
	else
		import_count(d->import, rule, state == ANSWER_PASS ? IMPORT_NOTHING : IMPORT_UNDECIDED);
	if (taken == IMPORT_IGNORED)
		return;
	if (state == ANSWER_PASS) {
		pass(d);
		return;
	}
	import_cover_case(d->import, d->of, state, d->name);
	if (state != ANSWER_VIOLATION)
		return;
	import_say(d->import, d->of, taken, 0);
	import_message(d->import, d->of, rule);
}

static bool
find_state(const char *result, enum answer_state *state)
{
	char word[VALUE];
	size_t length = 0;

	for (; *result; result++)
		if (*result != ' ' && *result != '-' && *result != '_')
			word[length++] = *result;
	word[length] = 0;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(words[i].word, word)) {
			*state = words[i].state;
			return true;
		}
	return false;
}

static bool
give_result(struct dvl *d, enum element element, char value[ATTRIBUTES][VALUE])
{
	const char *rule = value[ATTRIBUTE_RULE], *result = value[ATTRIBUTE_RESULT];
	enum answer_state state = ANSWER_VIOLATION;

	if (element != RULE && element != DEFECT)
		return true;
	if (!*rule)
		return refuse(d, "<%s> names no rule", elements[element].name);
	if (element == RULE && !*result)
		return refuse(d, "rule '%.80s' has no result", rule);
	if (element == RULE && !find_state(result, &state))
		return refuse(d, "rule '%.80s' has the result '%.80s', which is none of SDV's", rule, result);
	give(d, rule, state);
	return true;
}

/* the parser's calls */

static bool
read_attribute(struct dvl *d, enum element element, const char *name, const char *text,
               char value[ATTRIBUTES][VALUE])
{
	if (strchr(name, ':') || !strcmp(name, "xmlns")) /* xsi:schemaLocation and its like */
		return true;
	for (unsigned i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		if (strcmp(attributes[i].name, name) || !(attributes[i].of >> element & 1))
			continue;
		if (strlen(text) >= VALUE)
			return refuse(d, "the attribute %s is longer than any that is known", name);
		if (value[attributes[i].is][0] && attributes[i].is != ATTRIBUTE_NOTHING)
			return refuse(d, "the attribute %s stands beside another that says the same", name);
		memcpy(value[attributes[i].is], text, strlen(text) + 1);
		return true;
	}
	return refuse(d, "<%s> has no attribute '%.80s' that is known", elements[element].name, name);
}

static void XMLCALL
start(void *context, const char *name, const char **attribute)
{
	struct dvl *d = context;
	char value[ATTRIBUTES][VALUE] = {{0}};
	unsigned element = 0, parent = d->depth ? d->open[d->depth - 1] : ELEMENTS;

	if (d->refused)
		return;
	while (element < ELEMENTS && strcmp(elements[element].name, name))
		element++;
	if (element == ELEMENTS || !(elements[element].inside >> parent & 1)) {
		refuse(d, "<%.80s> is not known %s%s%s", name, parent < ELEMENTS ? "in <" : "as a log",
		       parent < ELEMENTS ? elements[parent].name : "", parent < ELEMENTS ? ">" : "");
		return;
	}
	assert(d->depth < DEPTH); /* no element may stand within one of its own name */
	d->open[d->depth++] = (enum element)element;
	for (; *attribute; attribute += 2)
		if (!read_attribute(d, (enum element)element, attribute[0], attribute[1], value))
			return;
	give_result(d, (enum element)element, value);
}

static void XMLCALL
end(void *context, const char *name)
{
	struct dvl *d = context;

	(void)name;
	if (!d->refused)
		d->depth--;
}

static void XMLCALL
characters(void *context, const char *text, int length)
{
	for (int i = 0; i < length; i++)
		if (!memchr(" \t\r\n", text[i], 4)) {
			refuse((struct dvl *)context, "text where elements are expected");
			return;
		}
}

static void XMLCALL
document_type(void *context, const char *name, const char *system, const char *external, int internal)
{
	(void)name, (void)system, (void)external, (void)internal;
	refuse((struct dvl *)context, "a document type, which no log has");
}

bool
dvl_read(struct import *import, const char *name, const char *text, size_t length,
         struct import_meaning *meaning, unsigned meanings, struct diag *diag)
{
	struct dvl d = {.import = import, .name = name, .meaning = meaning, .meanings = meanings, .diag = diag};

	if (length > DVL_BYTES)
		return refuse_at(&d, NOWHERE, NOWHERE, "more than %d MB", DVL_BYTES >> 20);
	if (!find_case(&d))
		return false;
	if (!length)
		return refuse_at(&d, 1, 1, "empty, no log of SDV");
	d.parser = XML_ParserCreate(NULL);
	if (!d.parser)
		die("out of memory");
	XML_SetUserData(d.parser, &d);
	XML_SetElementHandler(d.parser, start, end);
	XML_SetCharacterDataHandler(d.parser, characters);
	XML_SetStartDoctypeDeclHandler(d.parser, document_type);
	if (XML_Parse(d.parser, text, (int)length, XML_TRUE) != XML_STATUS_OK)
		refuse(&d, "%s", XML_ErrorString(XML_GetErrorCode(d.parser)));
	XML_ParserFree(d.parser);
	return !d.refused;
}
