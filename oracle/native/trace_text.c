/* trace_text: a trace as one line, written and read again. See trace.h.
 *
 *   c0,1,-,-,0; a12,0,0,1,KeAcquireInStackQueuedSpinLock; ... .
 *
 * A step is its letter, line, value, lock, handle and name; the line ends with the letter of how the path
 * ended. What comes from another process may be anything, so every field is checked.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

enum { NAME_MOST = 80 };

static const char step_letters[] = {
#define STEP(id, letter) [id] = letter,
	TRACE_STEPS_LIST(STEP)
#undef STEP
};

static const char end_letters[] = {
#define END(id, letter) [id] = letter,
	TRACE_ENDS(END)
#undef END
};

void
trace_print(struct buf *out, const struct trace *trace)
{
	for (unsigned i = 0; i < trace->steps; i++) {
		const struct trace_step *step = &trace->step[i];

		buf_putc(out, step_letters[step->what]);
		buf_number(out, step->line);
		buf_putc(out, ',');
		buf_number(out, step->value);
		buf_putc(out, ',');
		buf_number(out, step->lock);
		buf_putc(out, ',');
		buf_number(out, step->handle);
		buf_all(out, ",", step->name, " ");
	}
	buf_putc(out, end_letters[trace->end]);
}

/* The index of a letter; false where it is none of them. */
static bool
find_letter(const char *letters, unsigned count, char letter, unsigned *index)
{
	for (*index = 0; *index < count; ++*index)
		if (letters[*index] == letter)
			return true;
	return false;
}

/* Reads a number up to `most` and the comma behind it. */
static bool
read_number(const char **at, unsigned long most, unsigned long *number)
{
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	*number = strtoul(*at, &end, 10);
	if (*number > most || *end != ',')
		return false;
	*at = end + 1;
	return true;
}

static bool
is_lock(unsigned long lock)
{
	return lock < TRACE_LOCKS || lock == TRACE_OTHER_LOCK || lock == TRACE_NONE;
}

/* One step and the blank behind it. */
static bool
read_step(struct trace_step *step, struct arena *arena, const char **at)
{
	unsigned long line, value, lock, handle;
	size_t length;
	unsigned what;

	if (!find_letter(step_letters, STEP_KINDS, **at, &what))
		return false;
	++*at;
	if (!read_number(at, INT32_MAX, &line) || !read_number(at, 1, &value) ||
	    !read_number(at, TRACE_NONE, &lock) || !read_number(at, TRACE_NONE, &handle) || !is_lock(lock) ||
	    (handle >= TRACE_HANDLES && handle != TRACE_NONE))
		return false;
	length = strcspn(*at, " ");
	if (length > NAME_MOST || (*at)[length] != ' ')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)(*at)[i]) && (*at)[i] != '_')
			return false;
	*step = (struct trace_step){(enum trace_what)what, (uint8_t)value, (uint8_t)lock,
	                            (uint8_t)handle,       (uint32_t)line, arena_copy(arena, *at, length)};
	*at += length + 1;
	return true;
}

static unsigned
count_blanks(const char *line)
{
	unsigned count = 0;

	for (; *line; line++)
		count += *line == ' ';
	return count;
}

bool
trace_parse(struct trace *trace, struct arena *arena, const char *line)
{
	unsigned count = count_blanks(line), end;
	struct trace_step *step;

	*trace = (struct trace){0};
	if (count > TRACE_STEPS)
		return false;
	step = arena_alloc(arena, (count + 1U) * sizeof *step);
	for (unsigned i = 0; i < count; i++) {
		if (!read_step(&step[i], arena, &line))
			return false;
		trace->choices += step[i].what == STEP_CHOICE;
	}
	if (!find_letter(end_letters, TRACE_END_KINDS, *line, &end) || line[1])
		return false;
	trace->steps = count;
	trace->step = step;
	trace->end = (enum trace_end)end;
	return true;
}
