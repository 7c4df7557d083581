/* Calls that do not matter to a lock, where bodies run: they do next to nothing. What they return nobody reads.
 * LK_STOP ends a path. A world may bring DbgPrint and its like as functions. Licence: 0BSD. */
#ifndef LOCKDRILL_QUIET_CALLS_H
#define LOCKDRILL_QUIET_CALLS_H

#define InterlockedIncrement(addend) (*(addend) = (LONG)((ULONG) * (addend) + 1U))
#define InterlockedExchange(target, value) (*(target) = (value))
#define InterlockedExchangeAdd(addend, value) (*(addend) = (LONG)((ULONG) * (addend) + (value)))
#define WRITE_REGISTER_ULONG(address, value) ((void)(address), (void)(value))
#define InsertTailList(head, entry) ((void)(head), (void)(entry))
#define RemoveEntryList(entry) ((void)(entry))
#define KeInsertQueueDpc(dpc, one, two) ((void)(dpc), (void)(one), (void)(two))
#ifndef YieldProcessor
#define YieldProcessor() ((void)0)
#endif
#define KeGetCurrentIrql() ((KIRQL)DISPATCH_LEVEL)
#define IoCompleteRequest(irp, boost) ((void)(irp), (void)(boost))
#define IoCsqInsertIrp(queue, irp, context) ((void)(queue), (void)(irp), (void)(context))
#define WdfRequestComplete(request, status) ((void)(request), (void)(status))
#define StorPortNotification(type, extension, srb) ((void)(type), (void)(extension), (void)(srb))
#define StorPortWriteRegisterUlong(extension, address, value) \
	((void)(extension), (void)(address), (void)(value))

#ifndef DbgPrint
#define DbgPrint(...) ((void)0)
#define KeStallExecutionProcessor(time) ((void)0)
#define KeInitializeSpinLock(lock) ((void)(lock))
#define KeBugCheckEx(code, one, two, three, four) LK_STOP()
#define RtlFailFast(code) LK_STOP()
#define ExAllocatePool2(flags, size, tag) ((PVOID)0)
#define ExFreePoolWithTag(buffer, tag) ((void)(buffer))
#define StorPortStallExecution(time) ((void)0)
#define StorPortDebugPrint(...) ((void)0)
#define StorPortAllocatePool(extension, size, tag, buffer) \
	((void)(extension), *(buffer) = NULL, STOR_STATUS_INSUFFICIENT_RESOURCES)
#define StorPortFreePool(extension, buffer) ((void)(extension), (void)(buffer))
#endif

#endif
