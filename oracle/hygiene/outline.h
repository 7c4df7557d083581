/* outline: what a text declares at file scope. Private to hygiene. */
#ifndef OUTLINE_H
#define OUTLINE_H

#include "calls.h"
#include "lex.h"

/* What a name of this text is, as a bit set. */
enum {
	NAME_DEFINED = 1,    /* a function, macro, pointer to a function, or accessor of the text */
	NAME_EXTENSION = 2,  /* a pointer to what all routines of a device share */
	NAME_REQUEST = 4,    /* a pointer to the fields of a request */
	NAME_SHARED = 8,     /* of these one that came out of a shared structure */
	NAME_BUFFER = 16,    /* of these one that is a caller's buffer */
	NAME_HANDLE = 32,    /* a queue handle */
	NAME_NUMBER = 64,    /* a field of a shared structure that is a number */
	NAME_OBJECT = 128,   /* a parameter that is a request as the system gives it */
	NAME_DISPATCH = 256, /* a dispatch routine, or a cancel routine: it gets what a dispatch routine got */
	NAME_LOCAL =
		NAME_EXTENSION | NAME_REQUEST | NAME_SHARED | NAME_BUFFER | NAME_OBJECT, /* in one function */
};

enum { OUTLINE_FUNCTIONS = 64, OUTLINE_PARAMETERS = 12, OUTLINE_LOCKS = 16, OUTLINE_LOOPS = 32 };

struct outline_function {
	uint16_t name;
	uint16_t parameters;
	uint16_t parameter[OUTLINE_PARAMETERS], type[OUTLINE_PARAMETERS];
	uint32_t acquires;   /* bit set of parameters that are handles with which it acquires */
	uint32_t begin, end; /* tokens of its body; of a macro its replacement */
	uint32_t loops;
	uint32_t loop[OUTLINE_LOOPS][2]; /* tokens */
};

struct outline {
	uint16_t is[LEX_NAMES];     /* by name */
	uint8_t row[LEX_NAMES];     /* 1 + index of the function's row; 0: none */
	uint16_t points[LEX_NAMES]; /* of a pointer to a function: that function; else 0 */
	struct outline_function function[OUTLINE_FUNCTIONS];
	unsigned functions;
	const struct outline_function *entered; /* whose names `is` tells of; NULL: none */
	bool shares;                            /* a request is read where it is shared */
	struct {
		uint16_t name;
		uint32_t line;
	} lock[OUTLINE_LOCKS]; /* static locks at file scope, and those of local variables */
	unsigned locks;
	struct {
		uint16_t name;
		uint32_t body;       /* token */
	} holder[OUTLINE_LOCKS]; /* types of structures that hold locks */
	unsigned holders;
	uint32_t
		untyped_line;   /* of the first dispatch routine that is not said to be for which requests; 0: none */
	uint32_t kept_line; /* of the first queue handle in a structure or at file scope; 0: none */
};

/* Teaches the lexer words and functions; before the first text. */
void outline_init(struct outline *outline, struct lex *lex);
/* Reads the tokens. False, with broken_line, where there is more than fits. */
bool outline_text(struct outline *outline, struct lex *lex);
/* Makes `is` tell of the names of one function: parameters and local variables. */
void outline_enter(struct outline *outline, struct lex *lex, const struct outline_function *function);
/* NULL where the name is none of the table. */
const struct call_row *outline_call(const struct outline *outline, unsigned name);

#endif
