/* What the commands share: the reading of their options, help, and messages. See command.h. */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "data.h"
#include "likeness.h"
#include "page.h"
#include "progress.h"
#include "version.h"

const struct command *const *command_list;
unsigned command_count;

/* What every command may be asked. */
struct common {
	struct option_list data;
	bool quiet, help, version;
};

const struct option command_common[] = {
	{"data", OPTION_LIST_AT(common, data), .value = "DIR", .words = WORDS_DIRECTORY,
     .help = "look for rules, templates, ... there first"},
	{"quiet", OPTION_FLAG_AT(common, quiet), .help = "no progress, no notes"},
	{"help", OPTION_FLAG_AT(common, help), .letter = 'h', .help = "print this help"},
	{"version", OPTION_FLAG_AT(common, version), .letter = 'V', .help = "print the version"},
	{0},
};

static const struct option no_options[] = {{0}};

/* Set once, while the command line is read. */
static bool quiet;

bool
command_quiet(void)
{
	return quiet;
}

/* the list */

const struct command *
command_find(const char *name)
{
	for (unsigned i = 0; i < command_count; i++)
		if (!strcmp(command_list[i]->name, name))
			return command_list[i];
	return NULL;
}

const struct command *
command_nearest(const char *name)
{
	struct likeness likeness = {LIKENESS_FAR, NULL};

	for (unsigned i = 0; i < command_count; i++)
		if (command_list[i]->operands)
			likeness_try(&likeness, name, strlen(name), command_list[i]->name, command_list[i]);
	return likeness.best;
}

/* options */

void
command_print_usage(struct buf *out, const struct command *command)
{
	buf_printf(out, "lockdrill %s", command->name);
	for (const struct option *o = command->options; o && o->name; o++)
		if (o->needed) {
			buf_putc(out, ' ');
			option_spell(out, o);
			buf_printf(out, " %s", o->value);
		}
	if (command->options)
		buf_puts(out, " [OPTIONS]");
	if (command->operands && command->operands[0])
		buf_printf(out, " %s", command->operands);
}

void
command_print_help(struct buf *out, const struct command *command)
{
	buf_puts(out, "usage: ");
	command_print_usage(out, command);
	buf_printf(out, "\n%s\n\n", command->summary);
	if (command->options)
		option_print_help(out, command->options);
	option_print_help(out, command_common);
}

/* --help and --version; true when there was one. */
static bool
answer_common(const struct common *common, const struct command *command)
{
	struct buf out = {0};

	if (common->help)
		command_print_help(&out, command);
	else if (common->version)
		buf_printf(&out, "lockdrill %s\n", LOCKDRILL_VERSION);
	fputs(buf_string(&out), stdout);
	buf_free(&out);
	return common->help || common->version;
}

static bool
add_directories(const struct option_list *data, struct diag *diag)
{
	for (unsigned i = 0; i < data->count; i++)
		if (!data_add_directory(data->item[i])) {
			diag_set(diag, "--data", 0, 0, "cannot read directory %s: %s", data->item[i], strerror(errno));
			return false;
		}
	return true;
}

/* A name that is empty is a variable that a script did not set; an empty sequence is one. */
static bool
check_operands(const struct command *command, const char *const *operand, unsigned operands,
               struct diag *diag)
{
	for (unsigned i = 0; i < operands && !command->takes_sequence; i++)
		if (!*operand[i]) {
			diag_set(diag, command->name, 0, 0, "operand %u is empty: %s", i + 1, command->operands);
			return false;
		}
	return true;
}

bool
command_options(const struct command *command, void *request, int argc, char **argv, const char **operand,
                unsigned *operands, int *status)
{
	struct common common = {0};
	struct option_set sets[2] = {{command->options ? command->options : no_options, request, 0},
	                             {command_common, &common, 0}};
	struct diag diag;
	bool ok;

	*status = STATUS_FINE;
	ok = option_parse(sets, argc, argv, operand, command->operands_most, operands, &diag);
	quiet = common.quiet;
	if (ok && answer_common(&common, command))
		return false;
	if (ok && option_all_given(&sets[0], command->name, &diag) &&
	    check_operands(command, operand, *operands, &diag) && add_directories(&common.data, &diag)) {
		if (!quiet)
			progress_begin(command->name);
		return true;
	}
	*status = command_refuse(&diag);
	return false;
}

void
command_print_filled(const struct buf *text, size_t column, size_t indent)
{
	struct buf out = {0};

	progress_clear();
	page_fill(&out, buf_string(text), column, indent, PAGE_WIDTH);
	fputs(buf_string(&out), stdout);
	buf_free(&out);
}

bool
command_print_cut(const struct buf *line, bool wide)
{
	static const char mark[] = "...";
	bool is_cut = !wide && line->len > PAGE_WIDTH;

	if (is_cut)
		printf("%.*s%s\n", (int)(PAGE_WIDTH - (sizeof mark - 1)), line->data, mark);
	else
		puts(buf_string(line));
	return is_cut;
}

/* messages and what several commands read */

int
command_refuse(const struct diag *diag)
{
	progress_clear();
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
command_alphabet(enum space_alphabet *alphabet, const char *word, struct diag *diag)
{
	*alphabet = word && !strcmp(word, "state") ? SPACE_STATE : SPACE_PLAIN;
	if (!word || *alphabet == SPACE_STATE || !strcmp(word, "plain"))
		return true;
	diag_set(diag, "--alphabet", 0, 0, "there is no alphabet '%s': expected plain or state", word);
	return false;
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
