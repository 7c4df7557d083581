/* For analyzers that let every function without a body change each global lock: only one that a system header declares
 * does not. Licence: 0BSD. */
#ifndef LOCKDRILL_FRESH_H
#define LOCKDRILL_FRESH_H
#pragma GCC system_header

int LockdrillFresh(void);

#endif
