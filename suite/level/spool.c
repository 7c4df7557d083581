/* A spool. See spool.h.
 *
 * A case is a record of constant size and, behind it, the nodes of its sequence, as they are in memory: the
 * file has no name, so nobody else reads it, and it is gone with the process.
 */
#include "spool.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"

struct record {
	uint32_t number, twin, nodes, size; /* the last two: of the sequence */
	uint32_t rule, role;                /* rule: its index */
	struct shapes shapes;
	char id[HASH_TEXT];
};

struct spool {
	const struct rule *const *rules;
	unsigned count; /* of them */
	FILE *file;
	char *path; /* that it had */
	struct suite_case of;
	struct seq_node *node; /* of that case */
	unsigned nodes, room;
};

static bool
refuse(const struct spool *spool, const char *what, struct diag *diag)
{
	diag_set(diag, spool->path, 0, 0, "cannot %s cases: %s", what, strerror(errno));
	return false;
}

struct spool *
spool_open(const struct rule *const *rules, unsigned count, struct diag *diag)
{
	const char *base = getenv("TMPDIR");
	struct spool *spool = calloc(1, sizeof *spool);
	struct buf path = {0};
	int file;

	buf_printf(&path, "%s/lockdrill-XXXXXX", base && *base ? base : "/tmp");
	if (!spool)
		die("out of memory");
	*spool = (struct spool){.rules = rules, .count = count, .path = path.data};
	file = mkstemp(spool->path);
	if (file >= 0) {
		unlink(spool->path);
		spool->file = fdopen(file, "w+b");
	}
	if (spool->file)
		return spool;
	refuse(spool, "make a file for", diag);
	if (file >= 0)
		close(file);
	spool_free(spool);
	return NULL;
}

static uint32_t
rule_index(const struct spool *spool, const struct rule *rule)
{
	uint32_t index = 0;

	while (index < spool->count && spool->rules[index] != rule)
		index++;
	assert(index < spool->count);
	return index;
}

bool
spool_add(struct spool *spool, const struct suite_case *cases, unsigned count, struct diag *diag)
{
	for (unsigned i = 0; i < count; i++) {
		const struct suite_case *of = &cases[i];
		struct record record = {.number = of->number,
		                        .twin = of->twin,
		                        .nodes = of->seq.count,
		                        .size = of->seq.size,
		                        .rule = rule_index(spool, of->rule),
		                        .role = of->role,
		                        .shapes = of->shapes};

		memcpy(record.id, of->id, sizeof record.id);
		if (fwrite(&record, sizeof record, 1, spool->file) != 1 ||
		    fwrite(of->seq.node, sizeof *of->seq.node, of->seq.count, spool->file) != of->seq.count)
			return refuse(spool, "keep", diag);
	}
	return true;
}

bool
spool_rewind(struct spool *spool, struct diag *diag)
{
	return !fseek(spool->file, 0, SEEK_SET) || refuse(spool, "keep", diag);
}

bool
spool_next(struct spool *spool, const struct suite_case **of, struct diag *diag)
{
	struct record record;

	*of = NULL;
	if (fread(&record, sizeof record, 1, spool->file) != 1)
		return !ferror(spool->file) || refuse(spool, "read", diag);
	assert(record.rule < spool->count);
	array_need(NULL, spool->node, spool->nodes, spool->room, record.nodes);
	if (fread(spool->node, sizeof *spool->node, record.nodes, spool->file) != record.nodes)
		return refuse(spool, "read", diag);
	spool->of = (struct suite_case){.rule = spool->rules[record.rule],
	                                .role = record.role,
	                                .seq = {spool->node, record.nodes, record.size},
	                                .shapes = record.shapes,
	                                .number = record.number,
	                                .twin = record.twin};
	memcpy(spool->of.id, record.id, sizeof record.id);
	*of = &spool->of;
	return true;
}

void
spool_free(struct spool *spool)
{
	if (!spool)
		return;
	if (spool->file)
		fclose(spool->file);
	free(spool->path);
	free(spool->node);
	free(spool);
}
