/* checker: a checker as it is on this machine: its adapter, its program, and what that says of itself. */
#ifndef CHECKER_H
#define CHECKER_H

#include <stdbool.h>

#include "adapter.h"
#include "arena.h"
#include "buf.h"
#include "case.h"
#include "containment.h"

struct checker {
	struct adapter adapter; /* of one that talks: with the world, rules and readings of its hello */
	const char *exe;        /* path of its program; NULL: it is not here */
	bool is_nameless;       /* it has no adapter of its own: its name is what it calls itself */
	enum containment containment;
	const char *version;  /* "" where it does not say */
	char hash[HASH_TEXT]; /* of the program, or of the plug-in */
};

/* Loads the adapter of that name and looks for its program. Everything lives in the arena; free with
 * checker_free. */
bool checker_load(struct checker *checker, struct arena *arena, const char *name, struct diag *diag);
/* A checker without an adapter of its own: a program that talks the line protocol, or a plug-in. Until
 * it says its name, that of the file serves. */
bool checker_of_program(struct checker *checker, struct arena *arena, const char *path, bool is_plugin,
                        struct diag *diag);
void checker_free(struct checker *checker);
/* Refuses one whose program is not here. */
bool checker_is_here(const struct checker *checker, struct diag *diag);
/* Refuses one that declares a reading of one of these rules which the rule has not: it would be taken for the
 * headline. */
bool checker_has_readings(const struct checker *checker, const struct rule *const *rule, unsigned rules,
                          struct diag *diag);

/* Starts the program to learn its version and, where it talks, all that its hello says. It must be here.
 * False with the message where it talks and says no hello, or names a world or a reading that there is not.
 */
bool checker_meet(struct checker *checker, struct arena *arena, struct diag *diag);
/* Whether `hash` tells when the checker becomes another one: what is hashed is a native binary, which is no
 * interpreter, and the adapter names no program or file besides. Never of a program without an adapter. */
bool checker_is_hashed(const struct checker *checker);
/* Asks again for the version; "" where it does not say, NULL where it cannot be asked. */
const char *checker_version(const struct checker *checker, struct arena *arena);
/* What an answer depends on, as text: the command lines without what changes from pack to pack, and the
 * limits. */
void checker_print_arguments(struct buf *out, const struct checker *checker);
void checker_print_limits(struct buf *out, const struct adapter *adapter);

#endif
