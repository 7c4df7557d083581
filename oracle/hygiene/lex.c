/* lex: a text as tokens. See lex.h.
 *
 * How to read it: names and their hash table, then one function a kind of token, then the loop over the text.
 * A directive is TOKEN_HASH ... TOKEN_LINE_END; comments and escaped newlines are skipped.
 */
#include "lex.h"

#include <assert.h>
#include <string.h>

#include "hygiene.h"

enum { DEPTH = 64 };

/* What a byte begins. */
enum { BYTE_NONE, BYTE_NAME, BYTE_BRACKET, BYTE_OPERATOR, BYTE_QUOTE };

struct lexing {
	struct lex *lex;
	const char *at, *end, *line_begin;
	uint32_t line;
	unsigned depth;
	uint32_t open[DEPTH]; /* brackets that wait for their partner */
	bool in_directive;
};

/* names */

enum { HASH_FIRST = 2166136261U & 0x7fffffff, HASH_FACTOR = 16777619 };

static uint32_t
hash_byte(uint32_t hash, char byte)
{
	return (hash ^ (unsigned char)byte) * HASH_FACTOR;
}

/* The number of a name, which is new or not; LEX_NAMES where there is no room. */
static unsigned
find_name(struct lex *lex, const char *at, size_t length, uint32_t hash)
{
	uint32_t i = hash ^= hash >> 15;

	for (; lex->slot[i % LEX_SLOTS]; i++) {
		unsigned number = lex->slot[i % LEX_SLOTS] - 1U;
		const struct name *name = &lex->name[number];

		if (name->hash == hash && name->length == length && !memcmp(name->at, at, length))
			return number;
	}
	if (lex->names == LEX_NAMES)
		return LEX_NAMES;
	lex->name[lex->names] = (struct name){at, (uint32_t)length, hash};
	lex->slot[i % LEX_SLOTS] = (uint16_t)++lex->names;
	return lex->names - 1;
}

unsigned
lex_know(struct lex *lex, const char *text)
{
	uint32_t hash = HASH_FIRST;
	unsigned number;

	for (const char *at = text; *at; at++)
		hash = hash_byte(hash, *at);
	number = find_name(lex, text, strlen(text), hash);

	assert(number < LEX_NAMES);
	lex->known = lex->names;
	return number;
}

/* Forgets the names of the text before: the slots of newer names are emptied last first, so that no search
 * for an older one is cut. */
static void
forget_names(struct lex *lex)
{
	while (lex->names > lex->known) {
		uint32_t i = lex->name[--lex->names].hash;

		while (lex->slot[i % LEX_SLOTS] != lex->names + 1)
			i++;
		lex->slot[i % LEX_SLOTS] = 0;
	}
}

bool
lex_begins(const struct lex *lex, unsigned name, const char *beginning)
{
	size_t length = strlen(beginning);

	assert(name < lex->names);
	return lex->name[name].length >= length && !memcmp(lex->name[name].at, beginning, length);
}

/* tokens */

void
lex_init(struct lex *lex)
{
	static const struct {
		const char *bytes;
		uint8_t what;
	} rows[] = {
		{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", BYTE_NAME},
		{"()[]{}", BYTE_BRACKET},
		{"!%&*+,-./:;<=>?^|~", BYTE_OPERATOR},
		{"\"'", BYTE_QUOTE},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (const char *at = rows[i].bytes; *at; at++)
			lex->byte[(unsigned char)*at] = rows[i].what;
}

static bool
add_token(struct lexing *l, unsigned what, unsigned name)
{
	struct lex *lex = l->lex;

	if (lex->tokens == LEX_TOKENS)
		return false;
	lex->token[lex->tokens++] = (struct token){(uint16_t)what, (uint16_t)name, l->line & INT32_MAX, 0, 0};
	return true;
}

static bool
take_name(struct lexing *l)
{
	const char *begin = l->at;
	uint32_t hash = HASH_FIRST;
	unsigned name;

	for (; l->at < l->end && l->lex->byte[(unsigned char)*l->at] == BYTE_NAME; l->at++)
		hash = hash_byte(hash, *l->at);
	if (*begin >= '0' && *begin <= '9')
		return add_token(l, TOKEN_NUMBER, 0);
	name = find_name(l->lex, begin, (size_t)(l->at - begin), hash);
	if (name < WORD_COUNT)
		l->lex->words |= 1ULL << name;
	return name < LEX_NAMES && add_token(l, TOKEN_NAME, name);
}

static bool
take_string(struct lexing *l)
{
	char quote = *l->at++;

	while (l->at < l->end && *l->at != quote) {
		if (*l->at == '\n')
			return false;
		l->at += *l->at == '\\' && l->end - l->at > 1 && l->at[1] != '\n' ? 2 : 1;
	}
	if (l->at == l->end)
		return false;
	l->at++;
	return add_token(l, TOKEN_STRING, 0);
}

/* Columns count from 1; a tab goes on to the next multiple of HYGIENE_TAB. */
static bool
is_long(const char *at, const char *end)
{
	size_t column = 0;

	for (; at < end && *at == '\t'; at++)
		column += HYGIENE_TAB;
	if (column + (size_t)(end - at) <= HYGIENE_COLUMNS && !memchr(at, '\t', (size_t)(end - at)))
		return false;
	for (; at < end; at++)
		column = *at == '\t' ? (column / HYGIENE_TAB + 1) * HYGIENE_TAB : column + 1;
	return column > HYGIENE_COLUMNS;
}

/* At a newline, or at the end of the text. */
static void
end_line(struct lexing *l)
{
	if (!l->lex->long_line && is_long(l->line_begin, l->at))
		l->lex->long_line = l->line;
}

static bool
take_newline(struct lexing *l, bool escaped)
{
	end_line(l);
	if (l->in_directive && !escaped) {
		l->in_directive = false;
		if (l->depth || !add_token(l, TOKEN_LINE_END, 0))
			return false;
	}
	l->line++;
	l->line_begin = ++l->at;
	return true;
}

static bool
take_comment(struct lexing *l)
{
	for (l->at += 2; l->end - l->at > 1; l->at++) {
		if (l->at[0] == '*' && l->at[1] == '/') {
			l->at += 2;
			return true;
		}
		if (*l->at == '\n') {
			end_line(l);
			l->line++;
			l->line_begin = l->at + 1;
		}
	}
	return false;
}

static char
partner_of(char c)
{
	return c == '(' ? ')' : c == '[' ? ']' : '}';
}

/* Before an opening bracket. */
static void
note_call(struct lex *lex)
{
	struct token *last = lex->tokens ? &lex->token[lex->tokens - 1] : NULL;

	if (!last || last->what != TOKEN_NAME || last->name <= WORD_DEFINE)
		return;
	last->call = lex->tokens == 1 || (last[-1].what != PAIR('-', '>') && last[-1].what != '.');
}

static bool
take_bracket(struct lexing *l, char c)
{
	struct lex *lex = l->lex;
	bool opens = c == '(' || c == '[' || c == '{';

	l->at++;
	if (c == '(')
		note_call(lex);
	if (opens) {
		if (l->depth == DEPTH)
			return false;
		l->open[l->depth++] = lex->tokens;
		return add_token(l, (unsigned char)c, 0);
	}
	if (!l->depth || !add_token(l, (unsigned char)c, 0))
		return false;
	uint32_t open = l->open[--l->depth], close = lex->tokens - 1;

	lex->token[open].match = close;
	lex->token[close].match = open;
	return partner_of((char)lex->token[open].what) == c;
}

static bool
take_operator(struct lexing *l)
{
	char c = *l->at++, next = l->at < l->end ? *l->at : 0;
	bool doubled = next == c && strchr("+-&|<>=", c);
	bool assigned = next == '=' && strchr("+-*/%&|^!<>", c);

	if (!doubled && !assigned && !(c == '-' && next == '>'))
		return add_token(l, (unsigned char)c, 0);
	l->at++;
	return add_token(l, PAIR((unsigned char)c, (unsigned char)next), 0);
}

/* What no byte alone tells. */
static bool
take_other(struct lexing *l)
{
	char c = *l->at;

	if (c == '\n')
		return take_newline(l, false);
	if (c == '\\' && l->end - l->at > 1 && l->at[1] == '\n') {
		l->at++;
		return take_newline(l, true);
	}
	if (c != '#' || l->depth)
		return false;
	l->at++;
	l->in_directive = true;
	return add_token(l, TOKEN_HASH, 0);
}

static bool
take_token(struct lexing *l)
{
	char c = *l->at;

	switch (l->lex->byte[(unsigned char)c]) {
	case BYTE_NAME:
		return take_name(l);
	case BYTE_BRACKET:
		return take_bracket(l, c);
	case BYTE_QUOTE:
		return take_string(l);
	case BYTE_OPERATOR:
		return c == '/' && l->end - l->at > 1 && l->at[1] == '*' ? take_comment(l) : take_operator(l);
	default:
		return take_other(l);
	}
}

bool
lex_text(struct lex *lex, const char *text, size_t length)
{
	struct lexing l = {.lex = lex, .at = text, .end = text + length, .line_begin = text, .line = 1};
	bool ok = true;

	forget_names(lex);
	lex->tokens = 0;
	lex->long_line = lex->broken_line = 0;
	lex->words = 0;
	while (ok && l.at < l.end) {
		if (*l.at == ' ' || *l.at == '\t')
			l.at++;
		else
			ok = take_token(&l);
	}
	end_line(&l);
	ok = ok && !l.depth && !l.in_directive;
	if (!ok)
		lex->broken_line = l.line;
	lex->token[lex->tokens] = (struct token){.what = TOKEN_END, .line = l.line & INT32_MAX};
	return ok;
}
