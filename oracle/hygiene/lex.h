/* lex: a text as tokens, names as small numbers. Private to hygiene.
 *
 * A name's number is a word of WORDS, a row of the table of functions, or one that this text is the first to
 * use. Brackets know their partner.
 */
#ifndef LEX_H
#define LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* WORD(identifier, text): names that a check asks for. */
#define WORDS(WORD)                                        \
	WORD(WORD_NONE, "")                                    \
	WORD(WORD_TYPEDEF, "typedef")                          \
	WORD(WORD_STRUCT, "struct")                            \
	WORD(WORD_UNION, "union")                              \
	WORD(WORD_ENUM, "enum")                                \
	WORD(WORD_STATIC, "static")                            \
	WORD(WORD_EXTERN, "extern")                            \
	WORD(WORD_INLINE, "inline")                            \
	WORD(WORD_CONST, "const")                              \
	WORD(WORD_VOLATILE, "volatile")                        \
	WORD(WORD_SIZEOF, "sizeof")                            \
	WORD(WORD_GENERIC, "_Generic")                         \
	WORD(WORD_IF, "if")                                    \
	WORD(WORD_ELSE, "else")                                \
	WORD(WORD_SWITCH, "switch")                            \
	WORD(WORD_CASE, "case")                                \
	WORD(WORD_DEFAULT, "default")                          \
	WORD(WORD_WHILE, "while")                              \
	WORD(WORD_FOR, "for")                                  \
	WORD(WORD_DO, "do")                                    \
	WORD(WORD_BREAK, "break")                              \
	WORD(WORD_CONTINUE, "continue")                        \
	WORD(WORD_RETURN, "return")                            \
	WORD(WORD_GOTO, "goto")                                \
	WORD(WORD_DEFINE, "define")                            \
	WORD(WORD_VOID, "VOID")                                \
	WORD(WORD_SPIN_LOCK, "KSPIN_LOCK")                     \
	WORD(WORD_WDF_LOCK, "WDFSPINLOCK")                     \
	WORD(WORD_HANDLE, "KLOCK_QUEUE_HANDLE")                \
	WORD(WORD_HANDLE_POINTER, "PKLOCK_QUEUE_HANDLE")       \
	WORD(WORD_EXTENSION_POINTER, "PDEVICE_EXTENSION")      \
	WORD(WORD_CONTEXT_POINTER, "PDEVICE_CONTEXT")          \
	WORD(WORD_REQUEST_POINTER, "PREQUEST_CONTEXT")         \
	WORD(WORD_SETTINGS_POINTER, "PTIMER_SETTINGS")         \
	WORD(WORD_DISPATCH, "DRIVER_DISPATCH")                 \
	WORD(WORD_ULONG, "ULONG")                              \
	WORD(WORD_LONG, "LONG")                                \
	WORD(WORD_STATUS, "NTSTATUS")                          \
	WORD(WORD_BOOLEAN, "BOOLEAN")                          \
	WORD(WORD_FALSE, "FALSE")                              \
	WORD(WORD_LOCK_RELEASE, "LockRelease")                 \
	WORD(WORD_UNREFERENCED, "UNREFERENCED_PARAMETER")      \
	WORD(WORD_IRP_POINTER, "PIRP")                         \
	WORD(WORD_SRB_POINTER, "PSCSI_REQUEST_BLOCK")          \
	WORD(WORD_WDF_REQUEST, "WDFREQUEST")                   \
	WORD(WORD_SYSTEM_BUFFER, "SystemBuffer")               \
	WORD(WORD_INPUT_LENGTH, "InputBufferLength")           \
	WORD(WORD_CONTROL_CODE, "IoControlCode")               \
	WORD(WORD_DISPATCH_TYPE, "_Dispatch_type_")            \
	WORD(WORD_CANCEL, "DRIVER_CANCEL")                     \
	WORD(WORD_DECLARE_CONTEXT, "WDF_DECLARE_CONTEXT_TYPE") \
	WORD(WORD_DECLARE_NAMED, "WDF_DECLARE_CONTEXT_TYPE_WITH_NAME")

enum word {
#define WORD(id, text) id,
	WORDS(WORD)
#undef WORD
		WORD_COUNT
};

enum { LEX_NAMES = 1024, LEX_SLOTS = 4096, LEX_TOKENS = 1 << 15 };

/* Two characters of one operator. */
#define PAIR(first, second) ((uint16_t)((first) << 8 | (second)))

/* What a token is: an operator's one or two characters, or one of these. */
enum { TOKEN_NAME = 1, TOKEN_NUMBER, TOKEN_STRING, TOKEN_HASH, TOKEN_LINE_END, TOKEN_END };

struct token {
	uint16_t what;
	uint16_t name;      /* of a TOKEN_NAME */
	uint32_t line : 31; /* from 1 */
	uint32_t call : 1;  /* of a TOKEN_NAME: no keyword and no field, and behind it stands an argument list */
	uint32_t match;     /* of a bracket: its partner's index */
};

struct name {
	const char *at;
	uint32_t length;
	uint32_t hash;
};

struct lex {
	struct token token[LEX_TOKENS + 1]; /* the last is TOKEN_END */
	unsigned tokens;
	struct name name[LEX_NAMES];
	unsigned names, known; /* the first `known` are those of tables */
	uint16_t slot[LEX_SLOTS];
	uint64_t words;       /* bit set of the words that the text has */
	uint8_t byte[256];    /* what a token that begins so is */
	uint32_t long_line;   /* the first that is too long; 0: none */
	uint32_t broken_line; /* where it stopped, as the text is no C that we know; 0: it did not */
};

_Static_assert(WORD_COUNT <= 64, "words are the bits of a set");

/* Before anything else. */
void lex_init(struct lex *lex);
/* Adds a name of a table; its number. Before the first text. */
unsigned lex_know(struct lex *lex, const char *text);
/* False, with broken_line, where the text is no C, or too long. */
bool lex_text(struct lex *lex, const char *text, size_t length);
/* Whether a name begins so. */
bool lex_begins(const struct lex *lex, unsigned name, const char *beginning);

#endif
