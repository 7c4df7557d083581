/* Lessons: behind the headers of the native world, so that calls that do not matter to a lock are recorded too: who
 * leaves one out has not written the same routine. Licence: 0BSD. */
#ifndef LOCKDRILL_LESSON_CALLS_H
#define LOCKDRILL_LESSON_CALLS_H

#define LK_CALLED(name) native_event(name, LK_OWN, 0, 0, __LINE__)

#undef InterlockedIncrement
#undef InterlockedExchange
#undef InterlockedExchangeAdd
#undef WRITE_REGISTER_ULONG
#undef StorPortWriteRegisterUlong
#undef InsertTailList
#undef RemoveEntryList
#undef KeInsertQueueDpc
#undef IoCompleteRequest
#undef IoCsqInsertIrp
#undef WdfRequestComplete
#undef StorPortNotification
#define InterlockedIncrement(addend) \
	(LK_CALLED("InterlockedIncrement"), *(addend) = (LONG)((ULONG) * (addend) + 1U))
#define InterlockedExchange(target, value) (LK_CALLED("InterlockedExchange"), *(target) = (value))
#define InterlockedExchangeAdd(addend, value) \
	(LK_CALLED("InterlockedExchangeAdd"), *(addend) = (LONG)((ULONG) * (addend) + (value)))
#define WRITE_REGISTER_ULONG(address, value) \
	((void)(address), (void)(value), (void)LK_CALLED("WRITE_REGISTER_ULONG"))
#define StorPortWriteRegisterUlong(extension, address, value) \
	((void)(extension), (void)(address), (void)(value), (void)LK_CALLED("StorPortWriteRegisterUlong"))
#define InsertTailList(head, entry) ((void)(head), (void)(entry), (void)LK_CALLED("InsertTailList"))
#define RemoveEntryList(entry) ((void)(entry), (void)LK_CALLED("RemoveEntryList"))
#define KeInsertQueueDpc(dpc, one, two) \
	((void)(dpc), (void)(one), (void)(two), (void)LK_CALLED("KeInsertQueueDpc"))
#define IoCompleteRequest(irp, boost) ((void)(irp), (void)(boost), (void)LK_CALLED("IoCompleteRequest"))
#define IoCsqInsertIrp(queue, irp, context) \
	((void)(queue), (void)(irp), (void)(context), (void)LK_CALLED("IoCsqInsertIrp"))
#define WdfRequestComplete(request, status) \
	((void)(request), (void)(status), (void)LK_CALLED("WdfRequestComplete"))
#define StorPortNotification(type, extension, srb) \
	((void)(type), (void)(extension), (void)(srb), (void)LK_CALLED("StorPortNotification"))

#endif
