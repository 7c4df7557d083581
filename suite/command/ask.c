/* ask: words of a command line that asks a checker again. See ask.h. */
#include "ask.h"

#include <string.h>

#include "adapter.h"
#include "data.h"

void
ask_word(struct buf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";

	if (*word && *word != '-' && !word[strspn(word, plain)]) {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	buf_putc(out, '\'');
}

void
ask_checker(struct buf *ask, const char *name)
{
	struct arena arena = {0};
	struct data_file file, built_in;
	struct buf path = {0};
	size_t length;

	buf_printf(&path, "adapters/%s.yaml", name);
	if (!data_find(&arena, path.data, &file)) {
		buf_puts(ask, "--data DIR ");
	} else if (!data_built_in(path.data, &built_in) || built_in.bytes != file.bytes) {
		length = strlen(file.where) - path.len;
		buf_puts(ask, "--data ");
		ask_word(ask, arena_copy(&arena, file.where, length > 1 ? length - 1 : length));
		buf_putc(ask, ' ');
	}
	buf_puts(ask, "--checker ");
	ask_word(ask, name);
	buf_free(&path);
	arena_free(&arena);
}

/* runs */

static const char imported[] = "imported\n";

/* A checker that was named by its path has an adapter of its own, which checker_of_program made. */
static void
put_ask(struct buf *ask, const struct adapter *adapter, const char *name)
{
	if (strcmp(adapter->title, ADAPTER_OF_COMMAND_LINE) != 0) {
		ask_checker(ask, name);
		return;
	}
	buf_puts(ask, adapter->plugin ? "--plugin " : "--program ");
	ask_word(ask, adapter->plugin ? adapter->plugin : adapter->exe[0]);
}

bool
ask_run(const char **ask, struct store *store, const struct stored_checker *checker, struct arena *arena,
        struct diag *diag)
{
	struct arena work = {0};
	struct adapter adapter;
	struct buf text = {0}, words = {0};
	struct diag ignored;

	*ask = NULL;
	if (!store_adapter(store, checker->run, &text, diag))
		return false;
	if (strncmp(buf_string(&text), imported, sizeof imported - 1) != 0) {
		/* one that another lockdrill made may not be readable here; its name is known all the same */
		if (adapter_parse(&adapter, &work, checker->name, arena_copy(&work, buf_string(&text), text.len),
		                  text.len, &ignored)) {
			put_ask(&words, &adapter, checker->name);
			adapter_free(&adapter);
		} else {
			ask_checker(&words, checker->name);
		}
		*ask = arena_string(arena, words.data);
	}
	arena_free(&work);
	buf_free(&text);
	buf_free(&words);
	return true;
}
