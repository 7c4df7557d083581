/* What the commands share. See command.h. */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "data.h"

enum { OPTIONS_MOST = 24 };

static const struct {
	const char *name, *operands, *summary;
} commands[] = {
#define COMMAND(name, operands, summary) {#name, operands, summary},
	COMMANDS(COMMAND)
#undef COMMAND
};

/* Set once, while the command line is read. */
static bool quiet;

bool
command_quiet(void)
{
	return quiet;
}

static void
print_help(const char *name, const struct option *options)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (!strcmp(commands[i].name, name))
			printf("usage: lockdrill %s %s\n%s\n\n", name, commands[i].operands, commands[i].summary);
	for (; options->name; options++)
		printf("  %s%-9s %s\n", strlen(options->name) > 1 ? "--" : "-", options->name, options->help);
}

bool
command_options(const struct option *options, int argc, char **argv, const char **operand, unsigned max,
                unsigned *operands, int *status)
{
	struct option all[OPTIONS_MOST] = {{0}};
	struct option_list data = {0};
	struct diag diag;
	bool help = false;
	unsigned n = 0;

	while (options[n].name) {
		all[n] = options[n];
		n++;
	}
	all[n++] = (struct option){
		"data", OPTION_LIST, {.list = &data}, 0, "DIR  look for rules, templates, ... there first"};
	all[n++] = (struct option){"quiet", OPTION_FLAG, {.flag = &quiet}, 0, "no progress, no notes"};
	all[n++] = (struct option){"help", OPTION_FLAG, {.flag = &help}, 0, "this"};
	*status = STATUS_FINE;
	if (!option_parse(all, argc, argv, operand, max, operands, &diag)) {
		*status = command_refuse(&diag);
		return false;
	}
	if (help) {
		print_help(argv[0], all);
		return false;
	}
	for (unsigned i = 0; i < data.count; i++)
		if (!data_add_directory(data.item[i])) {
			diag_set(&diag, "--data", 0, 0, "cannot read directory %s: %s", data.item[i], strerror(errno));
			*status = command_refuse(&diag);
			return false;
		}
	return true;
}

int
command_refuse(const struct diag *diag)
{
	diag_print(stderr, diag);
	return STATUS_USAGE;
}

int
command_dispute(const struct diag *diag, const struct buf *dispute)
{
	int status = command_refuse(diag);

	if (!dispute->len)
		return status;
	fputs(dispute->data, stderr);
	return STATUS_FAILED;
}

bool
command_shard(struct shard *shard, const char *text, struct diag *diag)
{
	int end = 0;

	*shard = (struct shard){0, 1};
	if (text && (sscanf(text, "%5u/%5u%n", &shard->index, &shard->count, &end) != 2 || text[end] ||
	             shard->index >= shard->count)) {
		diag_set(diag, "--shard", 0, 0, "'%s' is not K/N with K from 0 to N - 1", text);
		return false;
	}
	return true;
}

bool
command_rule(struct rule *rule, unsigned *role, struct arena *arena, const char *rule_name,
             const char *role_name, struct diag *diag)
{
	struct buf known = {0};

	if (!rule_load(rule, arena, rule_name, diag))
		return false;
	*role = 0;
	if (!role_name || rule_find_role(rule, role_name, role))
		return true;
	for (unsigned i = 0; i < rule->roles; i++)
		buf_printf(&known, " %s", rule->role[i].name);
	diag_set(diag, "--role", 0, 0, "rule %s has no role '%s'; known:%s", rule_name, role_name,
	         buf_string(&known));
	buf_free(&known);
	return false;
}
