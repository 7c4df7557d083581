/* What a witness says of itself. See origin.h. */
#include "origin.h"

#include <stdio.h>

#include "hash.h"
#include "version.h"

/* A witness of the same case and version has the same bytes, whenever it is made. */
static const char created[] = "2026-01-01T00:00:00Z";

/* 8-4-4-4-12 digits of a hash, marked as RFC 9562 marks what no standard explains: version 8. */
static const char *
make_uuid(struct arena *arena, const struct suite_case *of, const char *specification)
{
	struct buf key = {0};
	char hash[HASH_TEXT], uuid[37];

	buf_all(&key, of->id, "\n", specification, "\n", LOCKDRILL_VERSION);
	hash_bytes(key.data, key.len, hash);
	buf_free(&key);
	snprintf(uuid, sizeof uuid, "%.8s-%.4s-8%.3s-8%.3s-%.12s", hash, hash + 8, hash + 12, hash + 16,
	         hash + 20);
	return arena_string(arena, uuid);
}

void
origin_fill(struct witness *witness, struct arena *arena, const struct suite_case *of,
            const struct task *task, enum task_property property, enum task_model model)
{
	char hash[WITNESS_HASH];

	witness_hash(task->text.data, task->text.len, hash);
	*witness = (struct witness){.created = created,
	                            .producer = "lockdrill",
	                            .version = LOCKDRILL_VERSION,
	                            .input_file = arena_string(arena, task->name),
	                            .input_hash = arena_string(arena, hash),
	                            .specification = task_property_text(property),
	                            .data_model = task_model_name(model)};
	witness->uuid = make_uuid(arena, of, witness->specification);
}
