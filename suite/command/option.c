/* Command-line options from a table. See option.h. */
#include "option.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "likeness.h"

struct parsing {
	struct option_set *sets; /* two */
	const char *command;
	struct diag *diag;
};

/* An option, and the request that its value goes to. */
struct found {
	const struct option *option;
	struct option_set *set;
};

static bool
is_spelt(const struct option *option, const char *name, size_t length, bool is_long)
{
	if (!is_long && option->letter && option->letter == name[0])
		return true;
	return is_long == (length > 1) && strlen(option->name) == length && !memcmp(option->name, name, length);
}

static struct found
find(struct option_set sets[2], const char *name, size_t length, bool is_long)
{
	for (unsigned i = 0; i < 2; i++)
		for (const struct option *o = sets[i].options; o->name; o++)
			if (is_spelt(o, name, length, is_long))
				return (struct found){o, &sets[i]};
	return (struct found){NULL, NULL};
}

/* The name as it was written, with its dashes. */
static bool
refuse_unknown(const struct parsing *p, const char *word, size_t length)
{
	size_t dashes = word[1] == '-' ? 2 : 1;
	struct likeness likeness = {LIKENESS_FAR, NULL};
	struct buf hint = {0};

	for (unsigned i = 0; i < 2; i++)
		for (const struct option *o = p->sets[i].options; o->name; o++)
			likeness_try(&likeness, word + dashes, length - dashes, o->name, o);
	if (likeness.best) {
		buf_puts(&hint, "; did you mean ");
		option_spell(&hint, likeness.best);
		buf_putc(&hint, '?');
	}
	diag_set(p->diag, p->command, 0, 0, "unknown option '%.*s'%s (--help lists all)", (int)length, word,
	         buf_string(&hint));
	buf_free(&hint);
	return false;
}

/* A message that begins with the option as it is written. */
static bool FAIL_PRINTF(3, 4)
	refuse(const struct parsing *p, const struct option *option, const char *format, ...)
{
	struct buf spelling = {0};
	char rest[256];
	va_list args;

	option_spell(&spelling, option);
	va_start(args, format);
	vsnprintf(rest, sizeof rest, format, args);
	va_end(args);
	diag_set(p->diag, p->command, 0, 0, "%s%s", buf_string(&spelling), rest);
	buf_free(&spelling);
	return false;
}

static bool
read_number(const struct parsing *p, const struct option *option, unsigned long long *number,
            const char *value)
{
	char *end;

	errno = 0;
	*number = strtoull(value, &end, 10);
	if (!errno && !*end && value[0] >= '0' && value[0] <= '9' && *number >= option->least &&
	    *number <= option->most)
		return true;
	return refuse(p, option, ": '%s' is not a number from %llu to %llu", value, option->least, option->most);
}

/* The bit of a row in `given`. */
static unsigned long long
bit_of(const struct option_set *set, const struct option *option)
{
	assert(option - set->options < 64);
	return 1ULL << (option - set->options);
}

static bool
refuse_twice(const struct parsing *p, const struct option *option)
{
	return refuse(p, option, " is given twice, with different values");
}

static bool
take(const struct parsing *p, const struct found *found, const char *value)
{
	const struct option *option = found->option;
	void *to = (char *)found->set->request + option->at;
	bool again = found->set->given & bit_of(found->set, option);
	struct option_list *list = to;
	unsigned long long number;

	found->set->given |= bit_of(found->set, option);
	switch (option->kind) {
	case OPTION_FLAG:
		*(bool *)to = true;
		return true;
	case OPTION_STRING:
		if (again && strcmp(*(const char **)to, value) != 0)
			return refuse_twice(p, option);
		if (!*value)
			return refuse(p, option, ": the %s is empty", option->value);
		*(const char **)to = value;
		return true;
	case OPTION_NUMBER:
		if (!read_number(p, option, &number, value))
			return false;
		if (again && *(unsigned long long *)to != number)
			return refuse_twice(p, option);
		*(unsigned long long *)to = number;
		return true;
	case OPTION_LIST:
		break;
	}
	if (!*value)
		return refuse(p, option, ": the %s is empty", option->value);
	if (list->count == OPTION_LIST_MOST)
		return refuse(p, option, " is given too often");
	list->item[list->count++] = value;
	return true;
}

/* Takes one option at argv[*at], with its value, and moves *at to the last word taken. */
static bool
take_option(const struct parsing *p, int argc, char *const *argv, int *at)
{
	bool is_long = argv[*at][1] == '-';
	const char *name = argv[*at] + (is_long ? 2 : 1);
	size_t length = is_long ? strcspn(name, "=") : 1;
	const char *value = is_long ? (name[length] ? name + length + 1 : NULL) : (name[1] ? name + 1 : NULL);
	struct found found = find(p->sets, name, length, is_long);

	if (!found.option)
		return refuse_unknown(p, argv[*at], length + (is_long ? 2 : 1));
	if (found.option->kind == OPTION_FLAG) {
		if (!value)
			return take(p, &found, NULL);
		return is_long ? refuse(p, found.option, " takes no value")
		               : refuse_unknown(p, name - 1, strlen(name) + 1);
	}
	if (!value && *at + 1 < argc)
		value = argv[++*at];
	if (!value)
		return refuse(p, found.option, " needs a value: %s  %s", found.option->value, found.option->help);
	return take(p, &found, value);
}

bool
option_parse(struct option_set sets[2], int argc, char *const *argv, const char **operand, unsigned max,
             unsigned *operands, struct diag *diag)
{
	struct parsing p = {.sets = sets, .command = argv[0], .diag = diag};
	bool only_operands = false;

	*operands = 0;
	for (int i = 1; i < argc; i++) {
		if (!only_operands && !strcmp(argv[i], "--")) {
			only_operands = true;
		} else if (!only_operands && argv[i][0] == '-' && argv[i][1]) {
			if (!take_option(&p, argc, argv, &i))
				return false;
		} else if (*operands == max) {
			diag_set(diag, argv[0], 0, 0, "unexpected '%s': %u operand%s at the most", argv[i], max,
			         max == 1 ? "" : "s");
			return false;
		} else {
			operand[(*operands)++] = argv[i];
		}
	}
	return true;
}

/* The row of a name that the table itself holds. */
static const struct option *
row_of(const struct option_set *set, const char *name)
{
	const struct option *option = set->options;

	while (strcmp(option->name, name) != 0)
		option++;
	return option;
}

static bool
is_given(const struct option_set *set, const char *name)
{
	return set->given & bit_of(set, row_of(set, name));
}

bool
option_all_given(const struct option_set *set, const char *command, struct diag *diag)
{
	const struct parsing p = {.command = command, .diag = diag};

	for (const struct option *o = set->options; o->name; o++) {
		assert(!o->needed || o->kind == OPTION_STRING);
		if (o->needed && !is_given(set, o->name))
			return refuse(&p, o, " %s is missing: %s", o->value, o->help);
		if (!is_given(set, o->name))
			continue;
		if (o->with && !is_given(set, o->with))
			return refuse(&p, o, " does nothing without --%s", o->with);
		if (o->without && is_given(set, o->without))
			return refuse(&p, o, " does nothing beside --%s", o->without);
	}
	return true;
}

/* help */

enum { HELP_COLUMN = 24 };

void
option_spell(struct buf *out, const struct option *option)
{
	buf_printf(out, "%s%s", option->name[1] ? "--" : "-", option->name);
}

void
option_print_help(struct buf *out, const struct option *options)
{
	for (; options->name; options++) {
		size_t begin = out->len, width;

		buf_puts(out, "  ");
		if (options->letter)
			buf_printf(out, "-%c, ", options->letter);
		option_spell(out, options);
		if (options->value)
			buf_printf(out, " %s", options->value);
		width = out->len - begin;
		if (width + 2 > HELP_COLUMN) {
			buf_putc(out, '\n');
			width = 0;
		}
		buf_printf(out, "%*s%s%s\n", (int)(HELP_COLUMN - width), "", options->help,
		           options->needed ? " (needed)" : "");
	}
}
