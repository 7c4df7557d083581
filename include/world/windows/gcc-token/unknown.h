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
PVOID ExAllocatePool2(ULONG64 Flags, ULONG_PTR NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID Buffer, ULONG Tag);
__attribute__((noreturn)) VOID KeBugCheckEx(ULONG Code, ULONG_PTR One, ULONG_PTR Two, ULONG_PTR Three,
                                            ULONG_PTR Four);
__attribute__((noreturn)) VOID RtlFailFast(ULONG Code);
VOID StorPortStallExecution(ULONG Delay);
VOID StorPortDebugPrint(ULONG DebugPrintLevel, const char *DebugMessage, ...);
PVOID LockdrillAllocate(ULONG NumberOfBytes, ULONG Tag);
#define StorPortAllocatePool(extension, size, tag, buffer)                     \
	((void)(extension), *(buffer) = LockdrillAllocate((size), (tag)), \
	 *(buffer) ? STOR_STATUS_SUCCESS : STOR_STATUS_INSUFFICIENT_RESOURCES)
#define StorPortFreePool(extension, buffer) ((void)(extension), ExFreePoolWithTag((buffer), 0))
#define READ_REGISTER_ULONG(address) LockdrillReadRegister(address)
#define StorPortReadRegisterUlong(extension, address) ((void)(extension), LockdrillReadRegister(address))

#endif
