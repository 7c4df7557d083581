/* message: a checker's own words. See message.h.
 *
 * A text goes through put(), character by character: a path that is to be replaced, a whole character of
 * UTF-8, or a byte that becomes '?'. So a message is only ever cut between two of them.
 */
#include "message.h"

#include <assert.h>
#include <string.h>

enum { ROOM_LEAST = 128, CUT_LENGTH = sizeof MESSAGE_CUT - 1, TAKEN_MOST = MESSAGE_MOST - CUT_LENGTH - 1 };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes of the character of UTF-8 that the text begins with; 0: it begins with none. RFC 3629: no surrogates,
 * nothing longer than need be, nothing above U+10FFFF. */
static size_t
character(const unsigned char *text, size_t length)
{
	static const struct {
		unsigned char first, last;   /* of the first byte */
		unsigned char second, until; /* of the second */
		size_t bytes;
	} rows[] = {
		{0x00, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t bytes = rows[i].bytes, at = 2;

		if (text[0] < rows[i].first || text[0] > rows[i].last)
			continue;
		if (bytes == 1)
			return 1;
		if (bytes > length || text[1] < rows[i].second || text[1] > rows[i].until)
			return 0;
		while (at < bytes && (text[at] & 0xc0) == 0x80)
			at++;
		return at == bytes ? bytes : 0;
	}
	return 0;
}

/* Adds all of the bytes, or marks the message as cut. */
static void
put(struct message *message, struct arena *arena, const char *bytes, size_t length)
{
	if (!length)
		return; /* a path's name may be empty, while there is nothing yet */
	if (message->cut || message->length + length > TAKEN_MOST) {
		message->cut = true;
		return;
	}
	if (message->length + length > message->room) {
		size_t room = message->room ? 2 * message->room : ROOM_LEAST;
		char *grown;

		while (room < message->length + length)
			room *= 2;
		grown = arena_alloc(arena, room);
		if (message->length)
			memcpy(grown, message->bytes, message->length);
		message->bytes = grown;
		message->room = room;
	}
	memcpy(message->bytes + message->length, bytes, length);
	message->length += length;
}

/* The row whose path the text begins with; NULL: none. */
static const struct message_path *
find_path(const struct message_path *path, const char *text, size_t length)
{
	for (unsigned i = 0; path && i < MESSAGE_PATHS; i++) {
		size_t own;

		if (!path[i].path || path[i].path[0] != *text)
			continue;
		own = strlen(path[i].path);
		if (own && own <= length && !memcmp(text, path[i].path, own))
			return &path[i];
	}
	return NULL;
}

void
message_add(struct message *message, struct arena *arena, const char *text, size_t length,
            const struct message_path *path)
{
	const char *end;

	while (length && is_blank(text[length - 1]))
		length--;
	if (!length)
		return; /* also of a text that is NULL */
	end = text + length;
	if (message->length)
		put(message, arena, "\n", 1);
	while (text < end && !message->cut) {
		const struct message_path *row = find_path(path, text, (size_t)(end - text));
		size_t bytes = character((const unsigned char *)text, (size_t)(end - text));

		if (row) {
			put(message, arena, row->name, strlen(row->name));
			text += strlen(row->path);
			continue;
		}
		if (*text == '\r' && text + 1 < end && text[1] == '\n')
			text++;
		if (!bytes || ((unsigned char)*text < ' ' && *text != '\t' && *text != '\n') || *text == 127)
			put(message, arena, "?", 1);
		else
			put(message, arena, text, bytes);
		text += bytes ? bytes : 1;
	}
}

static const char *
with_mark(struct arena *arena, const struct message *message, const char *before, const char *behind)
{
	size_t front = strlen(before), back = strlen(behind);
	char *text = arena_alloc(arena, front + message->length + back + 1);

	assert(front + message->length + back <= MESSAGE_MOST);
	memcpy(text, before, front);
	memcpy(text + front, message->bytes, message->length);
	memcpy(text + front + message->length, behind, back);
	return text;
}

const char *
message_text(const struct message *message, struct arena *arena)
{
	struct message kept = *message;

	if (!kept.length)
		return NULL;
	while (kept.cut && kept.length && is_blank(kept.bytes[kept.length - 1]))
		kept.length--;
	return with_mark(arena, &kept, "", kept.cut ? " " MESSAGE_CUT : "");
}

/* Where to begin, so that what follows fits: at a line, or else at a character. */
static size_t
begin_of_end(const char *text, size_t length)
{
	size_t begin = length - TAKEN_MOST, line = begin;

	while (line < length && text[line - 1] != '\n')
		line++;
	if (line < length)
		return line;
	while (begin < length && ((unsigned char)text[begin] & 0xc0) == 0x80)
		begin++;
	return begin;
}

const char *
message_end(struct arena *arena, const char *text, size_t length, const struct message_path *path)
{
	struct message message = {0};
	size_t begin = 0;

	while (length && is_blank(text[length - 1]))
		length--;
	if (!length)
		return NULL;
	if (length > TAKEN_MOST)
		begin = begin_of_end(text, length);
	message_add(&message, arena, text + begin, length - begin, path);
	if (!begin || !message.length)
		return message_text(&message, arena);
	return with_mark(arena, &message, text[begin - 1] == '\n' ? MESSAGE_CUT "\n" : MESSAGE_CUT " ", "");
}
