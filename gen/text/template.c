/* Templates. See template.h.
 *
 * template_parse cuts each section into pieces, line by line, so that printing is a walk over pieces with one
 * memcpy each. A run of plain lines is one piece.
 */
#include "template.h"

#include <string.h>

#include "array.h"

enum { NESTED_MOST = 8 };

struct parsing {
	struct template *template;
	struct arena *arena;
	struct diag *diag;
	struct template_section *section; /* that is open, or NULL */
	size_t section_offset;
	size_t open[NESTED_MOST]; /* pieces of the @if that are open */
	unsigned depth;
};

static bool
refuse(struct parsing *p, const char *at, const char *message, const char *what, size_t length)
{
	diag_at(p->diag, p->template->name, p->template->text, p->template->length,
	        (size_t)(at - p->template->text), "%s%.*s", message, (int)length, what);
	return false;
}

static struct template_piece *
add_piece(struct parsing *p, enum template_op op, const char *bytes, size_t length)
{
	struct template_section *section = p->section;
	struct template_piece *last = section->count ? &section->piece[section->count - 1] : NULL;

	if (op == TEMPLATE_TEXT && last && last->op == TEMPLATE_TEXT && last->bytes + last->length == bytes) {
		last->length += length;
		last->lines += (uint32_t)buf_newlines(bytes, length);
		return last;
	}
	last = array_add(p->arena, section->piece, section->count, section->room);
	*last = (struct template_piece){.op = op, .bytes = bytes, .length = length};
	last->lines = op == TEMPLATE_TEXT ? (uint32_t)buf_newlines(bytes, length) : 0;
	last->offset = (size_t)(bytes - p->template->text);
	return last;
}

static bool
is_name(const char *at, size_t length)
{
	if (!length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz_0123456789", at[i]) || !at[i])
			return false;
	return true;
}

/* A line of text with its newline. */
static bool
parse_text(struct parsing *p, const char *line, const char *end)
{
	const char *at = line;

	while (at < end) {
		const char *mark = memchr(at, '@', (size_t)(end - at)), *close;

		if (!mark)
			mark = end;
		if (mark > at)
			add_piece(p, TEMPLATE_TEXT, at, (size_t)(mark - at));
		if (mark == end)
			break;
		if (mark + 1 < end && mark[1] == '@') {
			add_piece(p, TEMPLATE_TEXT, mark, 1);
			at = mark + 2;
			continue;
		}
		close = mark + 1 < end && mark[1] == '{' ? memchr(mark, '}', (size_t)(end - mark)) : NULL;
		if (!close || !is_name(mark + 2, (size_t)(close - mark - 2)))
			return refuse(p, mark, "expected @{slot}, or @@ for one @", "", 0);
		if (mark == line && close + 1 < end && close[1] == '\n') {
			add_piece(p, TEMPLATE_SLOT_LINE, mark + 2, (size_t)(close - mark - 2));
			return true;
		}
		add_piece(p, TEMPLATE_SLOT, mark + 2, (size_t)(close - mark - 2));
		at = close + 1;
	}
	return true;
}

static bool
parse_set(struct parsing *p, const char *line, const char *word, const char *end)
{
	struct template *template = p->template;
	size_t key = strcspn(word, " \n");
	const char *value = word + key + 1, *name;

	if (p->section || template->sections)
		return refuse(p, line, "@set stands before the first section", "", 0);
	if (template->sets == TEMPLATE_SETS)
		return refuse(p, line, "too many @set", "", 0);
	if (word + key >= end || value >= end || !is_name(word, key))
		return refuse(p, line, "expected @set KEY VALUE", "", 0);
	name = arena_copy(p->arena, word, key);
	if (template_value(template, name))
		return refuse(p, line, "a value is there already: ", name, key);
	template->set[template->sets++] =
		(struct template_set){name, arena_copy(p->arena, value, (size_t)(end - value))};
	return true;
}

static bool
parse_begin(struct parsing *p, const char *line, const char *word, size_t length)
{
	struct template *template = p->template;
	const char *name;

	if (p->section)
		return refuse(p, line, "a section is open already: ", p->section->name, strlen(p->section->name));
	if (template->sections == TEMPLATE_SECTIONS)
		return refuse(p, line, "too many sections", "", 0);
	if (!is_name(word, length))
		return refuse(p, line, "expected @begin NAME", "", 0);
	name = arena_copy(p->arena, word, length);
	if (template_section(template, name))
		return refuse(p, line, "a section is there already: ", name, length);
	p->section = &template->section[template->sections++];
	p->section_offset = (size_t)(line - template->text);
	*p->section = (struct template_section){.template = template, .name = name};
	return true;
}

static bool
parse_if(struct parsing *p, const char *line, const char *word, size_t length)
{
	if (!p->section || p->depth == NESTED_MOST)
		return refuse(p, line, p->section ? "@if nests too deep" : "@if outside a section", "", 0);
	if (!is_name(word, length))
		return refuse(p, line, "expected @if SLOT", "", 0);
	add_piece(p, TEMPLATE_IF, word, length);
	p->open[p->depth++] = p->section->count - 1;
	return true;
}

/* The lines from here to @endif are for an empty slot. */
static bool
parse_else(struct parsing *p, const char *line)
{
	if (!p->depth || p->section->piece[p->open[p->depth - 1]].op != TEMPLATE_IF)
		return refuse(p, line, p->depth ? "a second @else" : "@else without @if", "", 0);
	add_piece(p, TEMPLATE_ELSE, line, 0);
	p->section->piece[p->open[p->depth - 1]].skip = p->section->count - 1;
	p->open[p->depth - 1] = p->section->count - 1;
	return true;
}

static bool
parse_endif(struct parsing *p, const char *line)
{
	if (!p->depth)
		return refuse(p, line, "@endif without @if", "", 0);
	add_piece(p, TEMPLATE_ENDIF, line, 0);
	p->section->piece[p->open[--p->depth]].skip = p->section->count - 1;
	return true;
}

static bool
parse_end(struct parsing *p, const char *line)
{
	if (!p->section)
		return refuse(p, line, "@end without @begin", "", 0);
	if (p->depth)
		return refuse(p, line, "@end before @endif", "", 0);
	p->section = NULL;
	return true;
}

/* A line that begins with @ and a letter or #. */
static bool
parse_directive(struct parsing *p, const char *line, const char *end)
{
	size_t length = strcspn(line + 1, " \n");
	const char *word = line + 1 + length;

	if (end > line && end[-1] == '\n')
		end--;
	word += word < end && *word == ' ';
	if (line[1] == '#')
		return true;
	if (length == 3 && !memcmp(line + 1, "set", 3))
		return parse_set(p, line, word, end);
	if (length == 5 && !memcmp(line + 1, "begin", 5))
		return parse_begin(p, line, word, (size_t)(end - word));
	if (length == 3 && !memcmp(line + 1, "end", 3))
		return parse_end(p, line);
	if (length == 2 && !memcmp(line + 1, "if", 2))
		return parse_if(p, line, word, (size_t)(end - word));
	if (length == 4 && !memcmp(line + 1, "else", 4))
		return parse_else(p, line);
	if (length == 5 && !memcmp(line + 1, "endif", 5))
		return parse_endif(p, line);
	return refuse(p, line, "unknown directive @", line + 1, length);
}

/* Drops a byte order mark, and the carriage returns of a file with CRLF. */
static void
take_text(struct template *template, struct arena *arena, const char *text, size_t length)
{
	size_t kept = 0;
	char *copy;

	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		length -= 3;
	}
	template->text = text;
	template->length = length;
	if (!memchr(text, '\r', length))
		return;
	copy = arena_copy(arena, text, length);
	for (size_t i = 0; i < length; i++)
		if (text[i] != '\r' || i + 1 == length || text[i + 1] != '\n')
			copy[kept++] = text[i];
	copy[kept] = 0;
	template->text = copy;
	template->length = kept;
}

bool
template_parse(struct template *template, struct arena *arena, const char *name, const char *text,
               size_t length, struct diag *diag)
{
	struct parsing p = {.template = template, .arena = arena, .diag = diag};
	const char *end;

	*template = (struct template){.name = name};
	take_text(template, arena, text, length);
	end = template->text + template->length;
	for (const char *line = template->text, *next; line < end; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		bool ok;

		next = newline ? newline + 1 : end;
		if (next - line > 1 && line[0] == '@' && line[1] != '{' && line[1] != '@')
			ok = parse_directive(&p, line, next);
		else if (!p.section)
			ok = next - line == 1 || refuse(&p, line, "text outside a section", "", 0);
		else
			ok = parse_text(&p, line, next);
		if (!ok)
			return false;
	}
	if (p.section)
		return refuse(&p, template->text + p.section_offset, "this section is not closed by @end", "", 0);
	return true;
}

const char *
template_value(const struct template *template, const char *key)
{
	for (unsigned i = 0; i < template->sets; i++)
		if (template->set[i].key[0] == key[0] && !strcmp(template->set[i].key, key))
			return template->set[i].value;
	return NULL;
}

const struct template_section *
template_section(const struct template *template, const char *name)
{
	for (unsigned i = 0; i < template->sections; i++)
		if (!strcmp(template->section[i].name, name))
			return &template->section[i];
	return NULL;
}

static const struct template_slot *
find_slot(const struct template_piece *piece, const struct template_slot *slots, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slots[i].name[0] == piece->bytes[0] && !strncmp(slots[i].name, piece->bytes, piece->length) &&
		    !slots[i].name[piece->length])
			return &slots[i];
	return NULL;
}

bool
template_print(struct buf *out, const struct template_section *section, const struct template_slot *slots,
               size_t count, uint32_t *lines, struct diag *diag)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct template_piece *piece = &section->piece[i];
		const struct template_slot *slot;

		if (piece->op == TEMPLATE_TEXT) {
			buf_add_word(out, piece->bytes, piece->length);
			*lines += piece->lines;
			continue;
		}
		if (piece->op == TEMPLATE_ENDIF)
			continue;
		if (piece->op == TEMPLATE_ELSE) {
			i = piece->skip;
			continue;
		}
		slot = find_slot(piece, slots, count);
		if (!slot) {
			diag_at(diag, section->template->name, section->template->text, section->template->length,
			        piece->offset, "there is no slot '%.*s' here", (int)piece->length, piece->bytes);
			return false;
		}
		if (piece->op == TEMPLATE_IF) {
			i = slot->length ? i : piece->skip;
			continue;
		}
		buf_add_word(out, slot->bytes, slot->length);
		*lines += (uint32_t)buf_newlines(slot->bytes, slot->length);
		if (piece->op == TEMPLATE_SLOT_LINE && slot->length) {
			buf_putc(out, '\n');
			++*lines;
		}
	}
	return true;
}
