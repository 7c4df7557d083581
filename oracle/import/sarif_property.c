/* Properties of SARIF's objects: taken with the type that the standard gives them, or refused with their JSON
 * pointer. See sarif_state.h.
 */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "sarif_state.h"
#include "whole.h"

size_t
sarif_enter(struct sarif *s, const char *key)
{
	size_t before = s->pointer.len;

	buf_putc(&s->pointer, '/');
	buf_puts(&s->pointer, key);
	return before;
}

size_t
sarif_enter_item(struct sarif *s, size_t index)
{
	size_t before = s->pointer.len;

	buf_putc(&s->pointer, '/');
	buf_number(&s->pointer, index);
	return before;
}

void
sarif_leave(struct sarif *s, size_t before)
{
	assert(before < s->pointer.len && s->pointer.data[before] == '/');
	s->pointer.len = before;
	s->pointer.data[before] = 0;
}

bool
sarif_refuse(struct sarif *s, const char *format, ...)
{
	char message[400];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	diag_set(s->diag, s->name, 0, 0, "%s: %s", s->pointer.len ? s->pointer.data : "/", message);
	return false;
}

static const char *
type_name(json_type type)
{
	static const char *const names[] = {[JSON_OBJECT] = "an object",
	                                    [JSON_ARRAY] = "an array",
	                                    [JSON_STRING] = "a string",
	                                    [JSON_INTEGER] = "a number",
	                                    [JSON_TRUE] = "true or false"};

	assert(type < sizeof names / sizeof *names && names[type]);
	return names[type];
}

/* A whole number may be written as a real one. */
static bool
is_of_type(const json_t *value, json_type type)
{
	int64_t number;

	return json_typeof(value) == type || (type == JSON_TRUE && json_is_false(value)) ||
	       (type == JSON_INTEGER && whole_number(value, &number));
}

bool
sarif_take(struct sarif *s, const json_t *object, const char *key, json_type type, const json_t **value)
{
	const json_t *found = json_object_get(object, key);
	size_t before;

	*value = NULL;
	if (!found || json_is_null(found))
		return true;
	if (is_of_type(found, type)) {
		*value = found;
		return true;
	}
	before = sarif_enter(s, key);
	sarif_refuse(s, "expected %s", type_name(type));
	sarif_leave(s, before);
	return false;
}

bool
sarif_take_string(struct sarif *s, const json_t *object, const char *key, const char *otherwise,
                  const char **string)
{
	const json_t *value;

	if (!sarif_take(s, object, key, JSON_STRING, &value))
		return false;
	*string = value ? json_string_value(value) : otherwise;
	if (!value || strlen(*string) == json_string_length(value))
		return true;
	sarif_enter(s, key);
	return sarif_refuse(s, "a string with a NUL");
}

bool
sarif_take_number(struct sarif *s, const json_t *object, const char *key, int64_t otherwise, int64_t *number)
{
	const json_t *value;

	*number = otherwise;
	if (!sarif_take(s, object, key, JSON_INTEGER, &value))
		return false;
	if (value)
		whole_number(value, number);
	return true;
}

bool
sarif_take_index(struct sarif *s, const json_t *object, const char *key, const json_t *array,
                 const json_t **item)
{
	int64_t index;

	*item = NULL;
	if (!sarif_take_number(s, object, key, -1, &index))
		return false;
	if (index == -1 || !array)
		return true;
	*item = index < 0 ? NULL : json_array_get(array, (size_t)index);
	if (json_is_object(*item))
		return true;
	sarif_enter(s, key);
	return sarif_refuse(s, "there is no object %lld in that array", (long long)index);
}

bool
sarif_each(struct sarif *s, const json_t *object, const char *key,
           bool (*read)(struct sarif *s, const json_t *item, size_t index, void *context), void *context)
{
	const json_t *array, *item;
	size_t before, i;

	if (!sarif_take(s, object, key, JSON_ARRAY, &array))
		return false;
	before = sarif_enter(s, key);
	json_array_foreach(array, i, item)
	{
		size_t entered = sarif_enter_item(s, i);

		if (!json_is_object(item))
			return sarif_refuse(s, "expected an object");
		if (!read(s, item, i, context))
			return false;
		sarif_leave(s, entered);
	}
	sarif_leave(s, before);
	return true;
}
