/* What cases need of ntddk.h and the mingw-w64 DDK has elsewhere, or not at all. Licence: 0BSD. */
#ifndef LOCKDRILL_MINGW_NTDDK_H
#define LOCKDRILL_MINGW_NTDDK_H

#include_next <ntddk.h>
#include <csq.h>

#ifndef _IRQL_saves_global_
#define _IRQL_saves_global_(kind, where)
#define _IRQL_restores_global_(kind, where)
#endif

#ifndef _Dispatch_type_
#define _Dispatch_type_(type)
#endif

#define SCOPE_CLEANUP(function) __attribute__((unused, cleanup(function)))

/* The compiler has no structured exception handling: one such block a function. */
#define __try do
#define __leave goto TryLeft
#define __finally \
	while (0);    \
	TryLeft:

#define ASM_BRANCH(condition, label) __asm__ goto("" : : "r"(condition) : : label)

#ifndef MANUALLY_INITIATED_CRASH
#define MANUALLY_INITIATED_CRASH 0xE2
#endif

#ifndef POOL_FLAG_NON_PAGED
#define POOL_FLAG_NON_PAGED 0x40ULL
PVOID NTAPI ExAllocatePool2(ULONG64 Flags, SIZE_T NumberOfBytes, ULONG Tag);
#endif

#endif
