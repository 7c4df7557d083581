/* The unknowns of the pthread world, and calls that do not matter. A system header, since the analyzer lets any other
 * function that it cannot see change every global lock, and real drivers get these from the system too. Licence: 0BSD. */
#ifndef LOCKDRILL_UNKNOWN_H
#define LOCKDRILL_UNKNOWN_H
#pragma GCC system_header

int LockdrillUnknown(void);
ULONG LockdrillReadRegister(volatile ULONG *Register);
ULONG DbgPrint(const char *Format, ...);
#define DbgPrint DbgPrint
VOID KeStallExecutionProcessor(ULONG MicroSeconds);
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, ULONG_PTR NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID Buffer, ULONG Tag);
__attribute__((noreturn)) VOID KeBugCheckEx(ULONG Code, ULONG_PTR One, ULONG_PTR Two, ULONG_PTR Three,
                                            ULONG_PTR Four);
#define READ_REGISTER_ULONG(address) LockdrillReadRegister(address)

#endif
