/* ask: words of a command line that asks a checker again. See ask.h. */
#include "ask.h"

#include <string.h>

#include "arena.h"
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
