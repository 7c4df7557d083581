/* place: where a stored case stands. See place.h. */
#include "place.h"

#include <stdio.h>
#include <string.h>

#include "line.h"
#include "read.h"
#include "shapes.h"
#include "version.h"
#include "world.h"

struct placed_rule {
	const char *name;
	bool ok;
	struct rule rule;
	const struct world *world;
	struct placed_rule *next;
};

void
places_begin(struct places *places, const char *suite)
{
	*places = (struct places){.suite = suite};
}

void
places_end(struct places *places)
{
	arena_free(&places->arena);
	arena_free(&places->work);
}

/* NULL where there is no such rule here. */
static const struct placed_rule *
find_rule(struct places *places, const char *name)
{
	struct placed_rule *found = places->rule;
	struct diag ignored;

	while (found && strcmp(found->name, name))
		found = found->next;
	if (!found) {
		found = arena_alloc(&places->arena, sizeof *found);
		found->name = arena_string(&places->arena, name);
		found->ok = rule_load(&found->rule, &places->arena, name, &ignored);
		found->world = found->ok ? world_find(found->rule.dialect, "plain", &ignored) : NULL;
		found->next = places->rule;
		places->rule = found;
	}
	return found->ok && found->world ? found : NULL;
}

/* {"alias":"direct","call":"inline"} as alias=direct,call=inline. The JSON is ours: a flat object of words,
 * without spaces. */
static bool
read_shapes(struct shapes *shapes, const char *json)
{
	struct buf list = {0};
	struct diag ignored;
	bool ok;

	for (; *json; json++)
		if (!strchr("{}\"", *json))
			buf_putc(&list, *json == ':' ? '=' : *json);
	*shapes = shapes_default();
	ok = shapes_set_list(shapes, buf_string(&list), &ignored);
	buf_free(&list);
	return ok;
}

bool
places_make(struct places *places, const struct stored_case *of, struct arena *arena, struct suite_case *made,
            const struct world **world)
{
	const struct placed_rule *rule = find_rule(places, of->rule);
	struct diag ignored;

	*made = (struct suite_case){.rule = rule ? &rule->rule : NULL, .number = of->number, .twin = of->twin};
	if (!rule || strcmp(places->suite, SUITE_VERSION) ||
	    !rule_find_role(&rule->rule, of->role, &made->role) || !read_shapes(&made->shapes, of->shapes) ||
	    !seq_read(&made->seq, arena, &rule->rule, made->role, of->id, of->sequence, strlen(of->sequence),
	              &ignored))
		return false;
	case_identify(made, arena);
	*world = rule->world;
	return !strcmp(made->id, of->id);
}

static bool
find_lines(struct places *places, const struct stored_case *of, struct text_span *span)
{
	struct suite_case made;
	const struct suite_case *const cases[] = {&made};
	const struct world *world;
	struct buf text = {0}, helpers = {0};
	struct diag ignored;
	bool ok = places_make(places, of, &places->work, &made, &world) &&
	          case_file(&text, &helpers, world, cases, 1, false, RULE_READINGS, span, &ignored);

	buf_free(&text);
	buf_free(&helpers);
	return ok;
}

static void
name_file(char file[PLACE_FILE], uint32_t number, bool helpers)
{
	char name[CASE_FILE_NAME];

	case_file_name(name, number, helpers);
	snprintf(file, PLACE_FILE, "cases/%s", name);
}

void
place_name(struct place *place, uint32_t number)
{
	*place = (struct place){.has_lines = false};
	name_file(place->file, number, false);
	name_file(place->helpers, number, true);
}

void
places_find(struct places *places, const struct stored_case *of, struct place *place)
{
	place_name(place, of->number);
	place->has_lines = find_lines(places, of, &place->span);
	arena_reset(&places->work);
}

const char *
place_file(const struct place *place, uint32_t line)
{
	return line > LINE_SECOND ? place->helpers : place->file;
}

uint32_t
place_line(const struct place *place, uint32_t line)
{
	return place->has_lines && line ? text_span_line(&place->span, line) : 0;
}
