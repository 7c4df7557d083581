/* Dialects: what is known of the C of one platform: its worlds, and the words and phrases of a body.
 *
 * A dialect is the file templates/DIALECT/dialect.yaml beside the templates of its roles. It is read once,
 * when it is first asked for, and lives as long as the process, like the data files; so do the templates that
 * were asked for.
 */
#ifndef DIALECT_H
#define DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"
#include "template.h"
#include "world.h"

enum { DIALECT_WORLDS = 16, DIALECT_MODELS = 8, DIALECT_NAMES = 16, DIALECT_WORKS = 4 };

/* NAMES(identifier, key, how many): lists of names. */
#define DIALECT_NAME_LISTS(NAMES)                  \
	NAMES(NAMES_LOCK, "locks", 3)                  \
	NAMES(NAMES_HANDLE, "handles", 3)              \
	NAMES(NAMES_FLAG, "flags", 8)                  \
	NAMES(NAMES_FLAG_BIT, "flag-bits", 8)          \
	NAMES(NAMES_HELPER, "helpers", 14)             \
	NAMES(NAMES_OUTER_HELPER, "outer-helpers", 14) \
	NAMES(NAMES_LABEL, "labels", 7)

/* WORD(identifier, key): printed as they stand. */
#define DIALECT_WORDS(WORD)                         \
	WORD(WORD_VOID, "void")                         \
	WORD(WORD_BOOLEAN, "boolean")                   \
	WORD(WORD_YES, "yes")                           \
	WORD(WORD_NO, "no")                             \
	WORD(WORD_NUMBER, "number")                     \
	WORD(WORD_STATUS, "status")                     \
	WORD(WORD_SUCCESS, "success")                   \
	WORD(WORD_FAILURE, "failure")                   \
	WORD(WORD_SUCCEEDED, "succeeded")               \
	WORD(WORD_IRQL, "irql")                         \
	WORD(WORD_IRQL_POINTER, "irql-pointer")         \
	WORD(WORD_LOWEST_IRQL, "lowest-irql")           \
	WORD(WORD_HANDLE, "handle")                     \
	WORD(WORD_HANDLE_POINTER, "handle-pointer")     \
	WORD(WORD_CLEAR, "clear")                       \
	WORD(WORD_FALLS, "falls")                       \
	WORD(WORD_LEAVE, "leave")                       \
	WORD(WORD_LEAVE_IF, "leave-if")                 \
	WORD(WORD_LEAVE_BY, "leave-by")                 \
	WORD(WORD_TRY, "try")                           \
	WORD(WORD_FINALLY, "finally")                   \
	WORD(WORD_LEAVE_TRY, "leave-try")               \
	WORD(WORD_SCOPE_CLEANUP, "scope-cleanup")       \
	WORD(WORD_GENERIC, "generic")                   \
	WORD(WORD_ASM_BRANCH, "asm-branch")             \
	WORD(WORD_GLOBAL_LOCK, "global-lock")           \
	WORD(WORD_GLOBAL_LOCK_NAME, "global-lock-name") \
	WORD(WORD_GLOBAL_LOCK_HELD, "global-lock-held") \
	WORD(WORD_RESTORES, "restores")                 \
	WORD(WORD_NORETURN, "noreturn")                 \
	WORD(WORD_REQUIRE, "require")                   \
	WORD(WORD_OUTER_LOCK, "outer-lock")

/* PHRASE(identifier, key): may hold slots. What a body does that touches shared state has a row for the field
 * of the device extension that it needs; the two stand in the same order, from WORK and from WORK_FIELD. */
#define DIALECT_PHRASES(PHRASE)                                     \
	PHRASE(PHRASE_WORK, "work-1")                                   \
	PHRASE(PHRASE_WORK_2, "work-2")                                 \
	PHRASE(PHRASE_WORK_3, "work-3")                                 \
	PHRASE(PHRASE_WORK_4, "work-4")                                 \
	PHRASE(PHRASE_SERVE, "serve")                                   \
	PHRASE(PHRASE_ROUND, "round")                                   \
	PHRASE(PHRASE_KEEP_STATUS, "keep-status")                       \
	PHRASE(PHRASE_KEEP_TRY, "keep-try")                             \
	PHRASE(PHRASE_KEEP_RETURN, "keep-return")                       \
	PHRASE(PHRASE_STATUS_REGISTER, "status-register")               \
	PHRASE(PHRASE_ERROR_REGISTER, "error-register")                 \
	PHRASE(PHRASE_MODE_REGISTER, "mode-register")                   \
	PHRASE(PHRASE_QUEUE_REGISTER, "queue-register")                 \
	PHRASE(PHRASE_FIFO_REGISTER, "fifo-register")                   \
	PHRASE(PHRASE_WORK_FIELD, "work-1-field")                       \
	PHRASE(PHRASE_WORK_2_FIELD, "work-2-field")                     \
	PHRASE(PHRASE_WORK_3_FIELD, "work-3-field")                     \
	PHRASE(PHRASE_WORK_4_FIELD, "work-4-field")                     \
	PHRASE(PHRASE_SERVE_FIELD, "serve-field")                       \
	PHRASE(PHRASE_ROUND_FIELD, "round-field")                       \
	PHRASE(PHRASE_KEEP_STATUS_FIELD, "keep-status-field")           \
	PHRASE(PHRASE_KEEP_TRY_FIELD, "keep-try-field")                 \
	PHRASE(PHRASE_KEEP_RETURN_FIELD, "keep-return-field")           \
	PHRASE(PHRASE_STATUS_REGISTER_FIELD, "status-register-field")   \
	PHRASE(PHRASE_ERROR_REGISTER_FIELD, "error-register-field")     \
	PHRASE(PHRASE_MODE_REGISTER_FIELD, "mode-register-field")       \
	PHRASE(PHRASE_QUEUE_REGISTER_FIELD, "queue-register-field")     \
	PHRASE(PHRASE_FIFO_REGISTER_FIELD, "fifo-register-field")       \
	PHRASE(PHRASE_STOP, "stop")                                     \
	PHRASE(PHRASE_PAUSE, "pause")                                   \
	PHRASE(PHRASE_LOCK_POINTER, "lock-pointer")                     \
	PHRASE(PHRASE_LOCK_OBJECT, "lock-object")                       \
	PHRASE(PHRASE_INITIALISE_BEGIN, "initialise-begin")             \
	PHRASE(PHRASE_INITIALISE_LOCK, "initialise-lock")               \
	PHRASE(PHRASE_INITIALISE_NEXT, "initialise-next")               \
	PHRASE(PHRASE_INITIALISE_END, "initialise-end")                 \
	PHRASE(PHRASE_INITIALISE_CALL, "initialise-call")               \
	PHRASE(PHRASE_REGISTER_CALL, "register-call")                   \
	PHRASE(PHRASE_REGISTER_OUTER, "register-outer")                 \
	PHRASE(PHRASE_ACQUIRES, "acquires")                             \
	PHRASE(PHRASE_ACQUIRES_HANDLE, "acquires-handle")               \
	PHRASE(PHRASE_SAME_LOCK, "same-lock")                           \
	PHRASE(PHRASE_SAVES_IRQL, "saves-irql")                         \
	PHRASE(PHRASE_SAVES_HANDLE, "saves-handle")                     \
	PHRASE(PHRASE_RAISES_IRQL, "raises-irql")                       \
	PHRASE(PHRASE_RELEASES, "releases")                             \
	PHRASE(PHRASE_RELEASES_HANDLE, "releases-handle")               \
	PHRASE(PHRASE_RESTORES_HANDLE, "restores-handle")               \
	PHRASE(PHRASE_AT_DISPATCH, "at-dispatch")                       \
	PHRASE(PHRASE_UP_TO_DISPATCH, "up-to-dispatch")                 \
	PHRASE(PHRASE_ON_TRUE, "on-true")                               \
	PHRASE(PHRASE_ON_SUCCESS, "on-success")                         \
	PHRASE(PHRASE_RESTORES_IRQL, "restores-irql")                   \
	PHRASE(PHRASE_WHEN, "when")                                     \
	PHRASE(PHRASE_WHEN_NOT, "when-not")                             \
	PHRASE(PHRASE_WHEN_ACQUIRE, "when-acquire")                     \
	PHRASE(PHRASE_WHEN_RELEASE, "when-release")                     \
	PHRASE(PHRASE_DIRECTION, "direction")                           \
	PHRASE(PHRASE_DIRECTION_ACQUIRE, "direction-acquire")           \
	PHRASE(PHRASE_DIRECTION_RELEASE, "direction-release")           \
	PHRASE(PHRASE_DIRECTION_TYPE, "direction-type")                 \
	PHRASE(PHRASE_LOCK_FREE, "lock-free")                           \
	PHRASE(PHRASE_LOCK_HELD, "lock-held")                           \
	PHRASE(PHRASE_HANDLE_HELD, "handle-held")                       \
	PHRASE(PHRASE_SAME_IRQL, "same-irql")                           \
	PHRASE(PHRASE_ASSERT_HELD, "assert-held")                       \
	PHRASE(PHRASE_UNREFERENCED, "unreferenced")                     \
	PHRASE(PHRASE_EXTENSION_POINTER, "extension-pointer")           \
	PHRASE(PHRASE_REQUEST_POINTER, "request-pointer")               \
	PHRASE(PHRASE_SCOPE, "scope")                                   \
	PHRASE(PHRASE_SCOPE_POINTER, "scope-pointer")                   \
	PHRASE(PHRASE_SCOPE_BEGIN, "scope-begin")                       \
	PHRASE(PHRASE_SCOPE_END, "scope-end")                           \
	PHRASE(PHRASE_BLOCK, "block")                                   \
	PHRASE(PHRASE_BLOCK_POINTER, "block-pointer")                   \
	PHRASE(PHRASE_BLOCK_BEGIN, "block-begin")                       \
	PHRASE(PHRASE_BLOCK_END, "block-end")                           \
	PHRASE(PHRASE_LOCAL, "local")                                   \
	PHRASE(PHRASE_LOCAL_NAME, "local-name")                         \
	PHRASE(PHRASE_LOCAL_BEGIN, "local-begin")                       \
	PHRASE(PHRASE_LOCAL_END, "local-end")                           \
	PHRASE(PHRASE_LOCAL_SETUP, "local-setup")                       \
	PHRASE(PHRASE_LOCAL_INITIALISE, "local-initialise")             \
	PHRASE(PHRASE_KEPT, "kept")                                     \
	PHRASE(PHRASE_KEPT_BEGIN, "kept-begin")                         \
	PHRASE(PHRASE_KEPT_END, "kept-end")                             \
	PHRASE(PHRASE_STATE, "state")                                   \
	PHRASE(PHRASE_STATE_IDLE, "state-idle")                         \
	PHRASE(PHRASE_STATE_ACTIVE, "state-active")                     \
	PHRASE(PHRASE_STATE_TYPE, "state-type")                         \
	PHRASE(PHRASE_SIGNAL_CLEAR, "signal-clear")                     \
	PHRASE(PHRASE_SIGNAL_TYPE, "signal-type")                       \
	PHRASE(PHRASE_TAKEN, "taken")                                   \
	PHRASE(PHRASE_NOT_TAKEN, "not-taken")                           \
	PHRASE(PHRASE_TAKEN_TYPE, "taken-type")                         \
	PHRASE(PHRASE_STATUS_TAKEN, "status-taken")                     \
	PHRASE(PHRASE_STATUS_NOT_TAKEN, "status-not-taken")             \
	PHRASE(PHRASE_STATUS_TYPE, "status-type")                       \
	PHRASE(PHRASE_NEVER, "never")                                   \
	PHRASE(PHRASE_NOISE_CALL, "noise-call")                         \
	PHRASE(PHRASE_NOISE_LOG, "noise-log")                           \
	PHRASE(PHRASE_NOISE_ALLOCATE, "noise-allocate")                 \
	PHRASE(PHRASE_NOISE_ALLOCATE_LOCAL, "noise-allocate-local")     \
	PHRASE(PHRASE_NOISE_INITIALISE, "noise-initialise")             \
	PHRASE(PHRASE_NOISE_INITIALISE_LOCAL, "noise-initialise-local") \
	PHRASE(PHRASE_NOISE_ASSERT, "noise-assert")                     \
	PHRASE(PHRASE_OUTER_LOCAL, "outer-local")                       \
	PHRASE(PHRASE_OUTER_FIELD, "outer-field")                       \
	PHRASE(PHRASE_OUTER_ACQUIRE, "outer-acquire")                   \
	PHRASE(PHRASE_OUTER_RELEASE, "outer-release")                   \
	PHRASE(PHRASE_OUTER_GLOBAL_ACQUIRE, "outer-global-acquire")     \
	PHRASE(PHRASE_OUTER_GLOBAL_RELEASE, "outer-global-release")

enum dialect_names {
#define NAMES(id, key, count) id,
	DIALECT_NAME_LISTS(NAMES)
#undef NAMES
		NAMES_COUNT
};

enum dialect_word {
#define WORD(id, key) id,
	DIALECT_WORDS(WORD)
#undef WORD
		WORD_COUNT
};

enum dialect_phrase {
#define PHRASE(id, key) id,
	DIALECT_PHRASES(PHRASE)
#undef PHRASE
		PHRASE_COUNT
};

/* What stands behind a piece of text. */
enum phrase_slot {
	SLOT_NOTHING,
	SLOT_NEWLINE, /* and the indentation of the place */
	SLOT_EXTENSION,
	SLOT_EXTENSION_TYPE,
	SLOT_LOCK, /* a pointer to the lock that is being made; the lock of an annotation, or what that is in */
	SLOT_LOCK_TYPE,
	SLOT_INITIALISE, /* the rule's function that makes one */
	SLOT_REQUEST_TYPE,
	SLOT_HANDLE, /* the parameters of a helper */
	SLOT_IRQL,
	SLOT_N,
	SLOT_COUNT
};

struct phrase_piece {
	const char *bytes; /* `length` of them, without newline */
	size_t length;
	enum phrase_slot slot;
};

struct phrase {
	unsigned count;
	struct phrase_piece *piece;
};

struct dialect_model {
	const char *name; /* of a driver model: a rule's `model` */
	bool global_lock; /* it has the lock without an object */
	struct phrase phrase[PHRASE_COUNT];
};

struct dialect {
	const char *name;
	struct world world[DIALECT_WORLDS + 1]; /* ended by a NULL name */
	unsigned worlds, models;
	const char *names[NAMES_COUNT][DIALECT_NAMES];
	const char *word[WORD_COUNT];
	struct phrase phrase[PHRASE_COUNT];         /* of models that are not named */
	struct dialect_model model[DIALECT_MODELS]; /* with phrases of their own */
};

/* Reads a dialect's file into the arena; `name` is the dialect's, `where` what messages call the file. All
 * keys must be there. */
bool dialect_parse(struct dialect *dialect, struct arena *arena, const char *name, const char *where,
                   const char *text, size_t length, struct diag *diag);

/* The dialect of that name; NULL, with the message, where there is none or its file is broken. */
const struct dialect *dialect_find(const char *name, struct diag *diag);
/* The template templates/DIALECT/NAME.c of a role, in which every value that a body needs is set; NULL, with
 * the message, where it is broken; NULL and an empty message where there is none. */
const struct template *dialect_template(const struct dialect *dialect, const char *name, struct diag *diag);

/* The phrases of a driver model, by enum dialect_phrase. */
const struct phrase *dialect_phrases(const struct dialect *dialect, const char *model);
/* Whether that driver model has the lock without an object. */
bool dialect_has_global_lock(const struct dialect *dialect, const char *model);

#endif
