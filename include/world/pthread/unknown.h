/* The unknowns of the pthread world. A system header, since the analyzer lets any other function that it cannot see change
 * every global lock, and real drivers get these from the system too. Licence: 0BSD. */
#ifndef LOCKDRILL_UNKNOWN_H
#define LOCKDRILL_UNKNOWN_H
#pragma GCC system_header

int LockdrillUnknown(void);
ULONG LockdrillReadRegister(volatile ULONG *Register);
#define READ_REGISTER_ULONG(address) LockdrillReadRegister(address)

#endif
