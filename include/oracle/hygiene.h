/* hygiene: what is wrong in a case's text beside its locks, and should be in none.
 *
 * Judged from the bytes of the text alone, as native is: the program that made it is not seen. Whether
 * a path is possible is not asked, so what is found may be more than a run would show; a text of ours is
 * written so that a reader sees without asking. It knows the Windows dialect and its driver models, and says
 * nothing about others. HYGIENE is the table.
 */
#ifndef HYGIENE_H
#define HYGIENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule.h"

/* KIND(identifier, text, meaning, source). Above HYGIENE_REMARKS are defects; what stands from there on is
 * said and held against no case: a function that a user's texts call. */
#define HYGIENE(KIND)                                                                                       \
	KIND(HYGIENE_UNREADABLE, "unreadable",                                                                  \
	     "brackets, strings or comments that do not end, or too much of it", "C11, 6.4 and 6.8")            \
	KIND(HYGIENE_KEPT_HANDLE, "kept-handle", "a queue handle that is no local variable",                    \
	     "KeAcquireInStackQueuedSpinLock: a local variable on the stack")                                   \
	KIND(HYGIENE_SHARED_HANDLE, "shared-handle", "one queue handle for several places that acquire",        \
	     "Queued Spin Locks: normally a structure each time")                                               \
	KIND(HYGIENE_KEPT_SCRATCH, "kept-scratch", "a fresh block of memory is put into a shared structure",    \
	     "Locks: data that several threads touch is touched under a lock")                                  \
	KIND(HYGIENE_FOREIGN_CALL, "foreign-call", "a function that is not for this driver model",              \
	     "Storport Driver Support Routines; Summary of Framework Objects; Kernel-Mode Routines")            \
	KIND(HYGIENE_UNINITIALISED, "uninitialised-lock",                                                       \
	     "a lock of the file or routine alone that nothing initialises",                                    \
	     "KeInitializeSpinLock: before the first acquire; WdfSpinLockCreate")                               \
	KIND(HYGIENE_FLAG_REREAD, "flag-reread", "a field of a shared request is read more than once",          \
	     "Locks: what another processor may change between is copied once")                                 \
	KIND(HYGIENE_READ_PUBLISHED, "read-published", "a request is read after it was given away",             \
	     "IoMarkIrpPending; IoCompleteRequest: never touch an IRP that another may complete")               \
	KIND(HYGIENE_DROPPED, "dropped-request", "a request is neither completed, queued nor given on",         \
	     "Completing IRPs; Handling I/O Requests; StorPortNotification")                                    \
	KIND(HYGIENE_UNCHECKED_LENGTH, "unchecked-length",                                                      \
	     "a buffer is read and its length not looked at before",                                            \
	     "Buffer Descriptions for I/O Control Codes: check InputBufferLength")                              \
	KIND(HYGIENE_UNCHECKED_CODE, "unchecked-code", "a request is taken whatever its control code is",       \
	     "Buffer Descriptions for I/O Control Codes: the code says how its buffers come")                   \
	KIND(HYGIENE_UNTYPED_DISPATCH, "untyped-dispatch",                                                      \
	     "a dispatch routine that does not say for which requests",                                         \
	     "C28169: the dispatch function does not have a _Dispatch_type_ annotation")                        \
	KIND(HYGIENE_ASKED_AGAIN, "asked-again", "one register is asked twice in a row",                        \
	     "our own style of texts: a reader takes it for a slip")                                            \
	KIND(HYGIENE_MADE_SWITCH, "made-switch", "a switch over a truth value made into 1 or 0",                \
	     "our own style of texts: a switch is over a number, an if over a truth value")                     \
	KIND(HYGIENE_BARE_COUNTER, "bare-counter", "a shared number changes with neither lock nor Interlocked", \
	     "Interlocked Variable Access")                                                                     \
	KIND(HYGIENE_REFERENCED, "referenced", "a parameter is called unreferenced and used",                   \
	     "UNREFERENCED_PARAMETER: for a parameter that is not used")                                        \
	KIND(HYGIENE_LONG_LINE, "long-line", "a line beyond 120 columns", "our own style of texts")             \
	KIND(HYGIENE_UNKNOWN_CALL, "unknown-call", "a function that hygiene knows nothing of", "none")

enum hygiene_kind {
#define KIND(id, text, meaning, source) id,
	HYGIENE(KIND)
#undef KIND
		HYGIENE_KINDS
};

enum { HYGIENE_REMARKS = HYGIENE_UNKNOWN_CALL };

enum { HYGIENE_COLUMNS = 120, HYGIENE_TAB = 4 };

const char *hygiene_name(enum hygiene_kind kind);
const char *hygiene_meaning(enum hygiene_kind kind);
/* The page that asks for it, in words. */
const char *hygiene_source(enum hygiene_kind kind);

/* Of a bit set of kinds those that are defects. */
uint32_t hygiene_guilt(uint32_t kinds);

struct hygiene_memory;

/* Work space, kept from text to text. Not shared between threads. Zeroed is ready. */
struct hygiene {
	struct hygiene_memory *memory; /* owned */
};

struct hygiene_result {
	uint32_t kinds;               /* bit set of enum hygiene_kind, remarks too */
	uint32_t line[HYGIENE_KINDS]; /* the first of each, from 1 */
};

/* Judges one text: a body, its second part behind it. The rule tells the driver model, and its calls may be
 * made. Any bytes are allowed. */
void hygiene_judge(struct hygiene *hygiene, const char *text, size_t length, const struct rule *rule,
                   struct hygiene_result *result);
void hygiene_free(struct hygiene *hygiene);

#endif
