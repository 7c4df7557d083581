/* Command-line options from a table. See option.h. */
#include "option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct parsing {
	const struct option *options;
	const char *command;
	struct diag *diag;
};

static const struct option *
find(const struct option *options, const char *name, size_t length)
{
	for (; options->name; options++)
		if (strlen(options->name) == length && !memcmp(options->name, name, length))
			return options;
	return NULL;
}

/* How many letters two words share in order: enough to guess what was meant. */
static unsigned
likeness(const char *one, const char *two, size_t length)
{
	unsigned shared = 0;

	for (size_t i = 0; i < length && *two; i++) {
		const char *at = strchr(two, one[i]);

		if (at) {
			shared++;
			two = at + 1;
		}
	}
	return shared;
}

static bool
refuse_unknown(const struct parsing *p, const char *name, size_t length)
{
	const struct option *best = p->options;

	for (const struct option *o = p->options; o->name; o++)
		if (likeness(name, o->name, length) * 2 * strlen(best->name) >
		    likeness(name, best->name, length) * 2 * strlen(o->name))
			best = o;
	diag_set(p->diag, p->command, 0, 0, "unknown option '%.*s'; did you mean %s%s? (--help lists all)",
	         (int)length, name, strlen(best->name) > 1 ? "--" : "-", best->name);
	return false;
}

static bool
take_number(const struct parsing *p, const struct option *option, const char *value)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(value, &end, 10);
	if (errno || *end || value[0] < '0' || value[0] > '9' || number > option->limit) {
		diag_set(p->diag, p->command, 0, 0, "--%s: '%s' is not a number from 0 to %llu", option->name, value,
		         option->limit);
		return false;
	}
	*option->to.number = number;
	return true;
}

static bool
take(const struct parsing *p, const struct option *option, const char *value)
{
	struct option_list *list = option->to.list;

	switch (option->kind) {
	case OPTION_FLAG:
		*option->to.flag = true;
		return true;
	case OPTION_STRING:
		*option->to.string = value;
		return true;
	case OPTION_NUMBER:
		return take_number(p, option, value);
	case OPTION_LIST:
		break;
	}
	if (list->count == OPTION_LIST_MOST) {
		diag_set(p->diag, p->command, 0, 0, "--%s is given too often", option->name);
		return false;
	}
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
	const struct option *option = find(p->options, name, length);
	const char *value = is_long ? (name[length] ? name + length + 1 : NULL) : (name[1] ? name + 1 : NULL);

	if (!option || is_long != (length > 1))
		return refuse_unknown(p, name, length);
	if (option->kind == OPTION_FLAG) {
		if (!value)
			return take(p, option, NULL);
		diag_set(p->diag, p->command, 0, 0, "--%s takes no value", option->name);
		return false;
	}
	if (!value && *at + 1 < argc)
		value = argv[++*at];
	if (!value) {
		diag_set(p->diag, p->command, 0, 0, "%s%s needs a value: %s", is_long ? "--" : "-", option->name,
		         option->help);
		return false;
	}
	return take(p, option, value);
}

bool
option_parse(const struct option *options, int argc, char *const *argv, const char **operand, unsigned max,
             unsigned *operands, struct diag *diag)
{
	struct parsing p = {.options = options, .command = argv[0], .diag = diag};
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
