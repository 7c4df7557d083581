/* compile: the text of a pack of the native world becomes code that can be called, by libtcc in memory or by
 * any C compiler as a shared object. Knows nothing of what is run, nor why.
 */
#ifndef COMPILE_H
#define COMPILE_H

#include <stdbool.h>

#include "diag.h"

/* What the text calls, each as native_NAME, with the types that the native world's locks.h declares:
 * CALL(type, give, name, parameters, arguments), where `give` is empty for type void. */
#define COMPILE_CALLS(CALL)                                                                     \
	CALL(int, return, choose, (int line), (line))                                               \
	CALL(void, , acquire, (void *lock, void *handle, int line), (lock, handle, line))           \
	CALL(void, , release, (void *lock, void *handle, int line), (lock, handle, line))           \
	CALL(int, return, try, (void *lock, int line), (lock, line))                                \
	CALL(int, return, event, (const char *call, int event, void *lock, void *handle, int line), \
	     (call, event, lock, handle, line))                                                     \
	CALL(void, , lock, (void *lock, int index, int held), (lock, index, held))                  \
	CALL(void, , local, (int index), (index))                                                   \
	CALL(void, , initialise, (void *lock), (lock))                                              \
	CALL(void, , handle, (void *handle, const char *name), (handle, name))                      \
	CALL(void, , stop, (void), ())                                                              \
	CALL(void, , round, (int line), (line))

/* Where each of them leads; NULL where the text does not call it. A call may leave by longjmp: the pack's
 * frames hold nothing that must be given back. */
struct compile_calls {
#define CALL(type, give, name, parameters, arguments) type(*name) parameters;
	COMPILE_CALLS(CALL)
#undef CALL
};

struct compiled {
	void (**harness)(void); /* the pack's table of routines; valid until compile_free */
	void *memory;           /* of libtcc; owned */
	void *object;           /* a loaded shared object; owned */
};

/* Compiles a pack. `command` is a compiler with its options, as words with blanks between them ("gcc -O2"):
 * its program is looked up on PATH unless it holds a slash, and runs in a private directory below TMPDIR,
 * which is gone when this returns; so no other path in it may be relative. NULL is libtcc, in memory, one at
 * a time in a process: libtcc has one state. False where there is no such compiler, or where it does not make
 * of this text what can be loaded: `diag` has its first error. Call compile_free only after true. */
bool compile_pack(struct compiled *compiled, const char *command, const char *text,
                  const struct compile_calls *calls, struct diag *diag);
void compile_free(struct compiled *compiled);

#endif
