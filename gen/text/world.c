/* Worlds. See world.h.
 *
 * Which worlds there are is said by the dialect's file. Headers of a world are those of
 * include/world/DIALECT/common/ and its own; where both have a name, its own counts. A self-contained world
 * pastes them: an #include of ours is replaced by the file, once; an #include <...> of a body's prologue is
 * looked up in the same way.
 *
 * The model world's file begins with the reading's transition table as a C function, written here from the
 * rule.
 */
#include "world.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "data.h"
#include "dialect.h"
#include "tree.h"

const struct world *
world_list(const char *dialect, struct diag *diag)
{
	const struct dialect *of = dialect_find(dialect, diag);

	return of ? of->world : NULL;
}

const struct world *
world_find(const char *dialect, const char *name, struct diag *diag)
{
	const struct world *world = world_list(dialect, diag);
	struct buf known = {0};

	if (!world)
		return NULL;
	for (; world->name; world++) {
		if (!strcmp(world->name, name)) {
			buf_free(&known);
			return world;
		}
		buf_printf(&known, "%s%s", known.len ? ", " : "", world->name);
	}
	diag_set(diag, "--world", 0, 0, "there is no world '%.100s'; known: %s", name, buf_string(&known));
	buf_free(&known);
	return NULL;
}

const char *
world_lacks(const struct world *world, const struct shapes *shapes)
{
	for (unsigned i = 0; i < world->lacks; i++) {
		struct shapes with = *shapes;
		struct diag diag;

		if (shapes_set(&with, world->lack[i], &diag) && !memcmp(&with, shapes, sizeof with))
			return world->lack[i];
	}
	return NULL;
}

static bool
find_header(struct arena *arena, const struct world *world, const char *name, size_t length,
            struct data_file *file)
{
	char path[160];

	snprintf(path, sizeof path, "world/%s/%s/%.*s", world->dialect, world->name, (int)length, name);
	if (data_find(arena, path, file))
		return true;
	snprintf(path, sizeof path, "world/%s/common/%.*s", world->dialect, (int)length, name);
	return data_find(arena, path, file);
}

/* Whether `name` stands below the directory of a world, or below that of all worlds of its dialect. */
static bool
is_header_of(const struct world *world, const char *name)
{
	char own[64], common[64];

	snprintf(own, sizeof own, "world/%s/%s/", world->dialect, world->name);
	snprintf(common, sizeof common, "world/%s/common/", world->dialect);
	return !strncmp(name, own, strlen(own)) || !strncmp(name, common, strlen(common));
}

size_t
world_headers(const struct world *world, struct arena *arena, const char ***names)
{
	size_t all = data_list(arena, "world/", names), count = 0;

	for (size_t i = 0; i < all; i++)
		if (is_header_of(world, (*names)[i]))
			(*names)[count++] = (*names)[i];
	return count;
}

static bool
is_inside_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool
has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += length)
		if ((at == text || !is_inside_word(at[-1])) && !is_inside_word(at[length]))
			return true;
	return false;
}

bool
world_declares(const struct world *world, const char *word)
{
	struct arena arena = {0};
	const char **names;
	size_t count = world_headers(world, &arena, &names);
	struct data_file file;
	bool found = false;

	for (size_t i = 0; i < count && !found; i++)
		found = data_find(&arena, names[i], &file) && has_word(file.bytes, word);
	arena_free(&arena);
	return found;
}

bool
world_write_headers(const struct world *world, const char *directory)
{
	struct arena arena = {0};
	const char **names;
	size_t count = world_headers(world, &arena, &names);
	struct buf path = {0};
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++) {
		struct data_file file;

		buf_clear(&path);
		buf_printf(&path, "%s%s", directory, strrchr(names[i], '/'));
		ok = data_find(&arena, names[i], &file) && tree_write(path.data, file.bytes, file.length);
	}
	int error = errno;
	buf_free(&path);
	arena_free(&arena);
	errno = error;
	return ok;
}

/* pasting */

enum { PASTED_MOST = 16, PASTED_DEPTH = 8 };

struct pasting {
	struct buf *out;
	const struct world *world;
	struct arena arena;
	unsigned count;
	const char *done[PASTED_MOST]; /* names pasted already */
};

static bool
paste(struct pasting *p, const char *name, size_t length, unsigned depth)
{
	struct data_file file;
	const char *at, *end;

	for (unsigned i = 0; i < p->count; i++)
		if (strlen(p->done[i]) == length && !memcmp(p->done[i], name, length))
			return true;
	if (depth == PASTED_DEPTH || p->count == PASTED_MOST ||
	    !find_header(&p->arena, p->world, name, length, &file))
		return false;
	p->done[p->count++] = arena_copy(&p->arena, name, length);
	end = file.bytes + file.length;
	for (at = file.bytes; at < end;) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		const char *next = line_end ? line_end + 1 : end;
		static const char include[] = "#include \"";

		if ((size_t)(next - at) > sizeof include && !memcmp(at, include, sizeof include - 1)) {
			const char *inner = at + sizeof include - 1;
			const char *quote = memchr(inner, '"', (size_t)(next - inner));

			if (!quote || !paste(p, inner, (size_t)(quote - inner), depth + 1))
				return false;
		} else {
			buf_add(p->out, at, (size_t)(next - at));
		}
		at = next;
	}
	return true;
}

/* the table of the model world */

static void
model_cell(struct buf *out, const struct rule_reading *reading, const struct rule_cell *cell)
{
	if (cell->violates)
		buf_puts(out, "\t\treach_error();\n\t\treturn state;\n");
	else if (reading->counts)
		buf_printf(out, "\t\treturn state + %d;\n", cell->step);
	else
		buf_printf(out, "\t\treturn %d;\n", cell->next);
}

static void
model_table(struct buf *out, const struct rule_reading *reading)
{
	static const char *const signs[COUNTER_STATES] = {"state < 0", "state == 0", "state > 0"};

	buf_puts(out, "extern int __VERIFIER_nondet_int(void);\nextern void reach_error(void);\n\n");
	buf_printf(out, "#define LOCKDRILL_SCOPE %d\n", (int)reading->scope);
	buf_printf(out, "#define LOCKDRILL_COUNTS %d\n", reading->counts);
	buf_printf(out, "#define LOCKDRILL_FREE %d\n", reading->counts ? 0 : reading->initial);
	buf_printf(out, "#define LOCKDRILL_HELD %d\n\n", reading->counts ? 1 : reading->initial_held);
	buf_printf(out, "/* Reading %s: event 0 is an acquire, 1 a release, 2 the routine's end. */\n",
	           reading->name);
	buf_puts(out, "static inline int\nlockdrill_next(int state, int event)\n{\n");
	for (unsigned state = 0; state < reading->states; state++)
		for (unsigned event = 0; event < EVENT_COUNT; event++) {
			if (reading->counts)
				buf_printf(out, "\tif (%s && event == %u) {\n", signs[state], event);
			else
				buf_printf(out, "\tif (state == %u && event == %u) {\n", state, event);
			model_cell(out, reading, &reading->cell[state][event]);
			buf_puts(out, "\t}\n");
		}
	buf_puts(out, "\treturn state;\n}\n\n");
}

bool
world_prologue(struct buf *out, const struct world *world, const struct rule *rule, unsigned reading,
               const char *header, struct diag *diag)
{
	struct pasting pasting = {.out = out, .world = world};
	bool ok = true;

	if (world->prologue)
		buf_puts(out, world->prologue);
	if (world->table)
		model_table(out, &rule->reading[reading]);
	for (const char *at = header; ok && *at; at += *at == ' ') {
		size_t length = strcspn(at, " ");

		if (!world->self_contained)
			buf_printf(out, "#include <%.*s>\n", (int)length, at);
		else
			ok = paste(&pasting, at, length, 0);
		at += length;
	}
	if (!ok)
		diag_set(diag, header, 0, 0, "world %s: this header, or one that it includes, is missing",
		         world->name);
	buf_putc(out, '\n');
	arena_free(&pasting.arena);
	return ok;
}

static void
end_with_harnesses(struct buf *out, unsigned count, bool packed)
{
	buf_puts(out, "\nvoid (*lockdrill_harness[])(void) = {\n");
	for (unsigned i = 0; i < count; i++)
		packed ? buf_printf(out, "\tLockdrillHarness_%u,\n", i) : buf_puts(out, "\tLockdrillHarness,\n");
	buf_puts(out, "};\n");
}

static void
end_with_main(struct buf *out, unsigned count, bool packed)
{
	if (!packed) {
		buf_puts(out, "\nint\nmain(void)\n{\n\tLockdrillHarness();\n\treturn 0;\n}\n");
		return;
	}
	for (unsigned i = 0; i < count; i++)
		buf_printf(out, "\nstatic int\nmain_%u(void)\n{\n\tLockdrillHarness_%u();\n\treturn 0;\n}\n", i, i);
	buf_puts(out, "\nextern int (*const lockdrill_main[])(void);\n"
	              "int (*const lockdrill_main[])(void) = {\n");
	for (unsigned i = 0; i < count; i++)
		buf_printf(out, "\tmain_%u,\n", i);
	buf_printf(out, "};\nextern const unsigned lockdrill_mains;\nconst unsigned lockdrill_mains = %u;\n",
	           count);
}

void
world_epilogue(struct buf *out, const struct world *world, unsigned count, bool packed)
{
	assert(packed || count <= 1); /* names without a suffix are there once */
	if (world->epilogue)
		buf_puts(out, world->epilogue);
	switch (world->end) {
	case WORLD_ENDS_WITH_NOTHING:
		break;
	case WORLD_ENDS_WITH_MAIN:
		end_with_main(out, count, packed);
		break;
	case WORLD_ENDS_WITH_HARNESSES:
		end_with_harnesses(out, count, packed);
		break;
	}
}
