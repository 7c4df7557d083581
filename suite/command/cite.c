/* lockdrill cite: how to cite lockdrill, as BibTeX. See command.h.
 *
 * What it says is read from CITATION.cff, so that there is one place for it; the versions are the program's.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "conf.h"
#include "data.h"
#include "version.h"

enum { CITATION_MOST = 1 << 16, CITATION_DEPTH = 4 };

struct citation {
	const char *title, *license, *version;
	struct buf authors;
};

static bool
read_author(const struct conf *conf, struct conf_node *node, void *to)
{
	struct citation *citation = to;
	const struct conf_node *name = conf_find(node, "name");

	if (!name || name->kind != CONF_TEXT)
		return conf_refuse(conf, node, "an author without a name");
	buf_all(&citation->authors, citation->authors.len ? " and {" : "{", name->text, "}");
	return true;
}

static bool
read_citation(struct citation *citation, struct arena *arena, struct diag *diag)
{
	static const struct conf_field fields[] = {
		CONF_STRING_ROW("title", true, struct citation, title),
		CONF_STRING_ROW("license", true, struct citation, license),
		CONF_STRING_ROW("version", true, struct citation, version),
		CONF_EACH_ROW("authors", true, CONF_MAP, read_author, 1, 100),
	};
	struct data_file file;
	struct conf conf;

	if (!data_find(arena, "CITATION.cff", &file)) {
		diag_set(diag, "CITATION.cff", 0, 0, "the data file is missing");
		return false;
	}
	return conf_parse(&conf, arena, file.where, file.bytes, file.length, CITATION_MOST, CITATION_DEPTH,
	                  diag) &&
	       conf_read(&conf, conf.root, CONF_ROWS(fields), citation);
}

static int
run(int argc, char **argv)
{
	struct citation citation = {0};
	struct arena arena = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_cite, NULL, argc, argv, NULL, &operands, &status))
		return status;
	if (read_citation(&citation, &arena, &diag))
		printf("@software{lockdrill,\n  author  = {%s},\n  title   = {{%s}},\n  version = {%s},\n"
		       "  note    = {Version %s of the suite of cases; licence %s},\n}\n",
		       citation.authors.data, citation.title, citation.version, SUITE_VERSION, citation.license);
	else
		status = command_refuse(&diag);
	buf_free(&citation.authors);
	arena_free(&arena);
	return status;
}

const struct command command_cite = {
	.name = "cite", .operands = "", .summary = "print how to cite lockdrill, as BibTeX", .run = run};
