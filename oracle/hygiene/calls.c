/* calls: the functions and macros that a driver of a model may call. See outline.h.
 *
 * A row is a promise of the function's page: for whom it is, what it does to locks and memory. A call
 * that is missing here is refused in every text, so a phrase of the dialect that uses another needs a row.
 */
#include "calls.h"

#include <string.h>

enum { ALL = MODEL_WDM | MODEL_KMDF | MODEL_STORPORT, KERNEL = MODEL_WDM | MODEL_KMDF };

const struct call_row call_rows[] = {
	/* locks */
	{"KeInitializeSpinLock", ALL, CALL_INITIALISES},
	{"KeAcquireSpinLock", ALL, 0},
	{"KeAcquireSpinLockRaiseToDpc", ALL, 0},
	{"KeReleaseSpinLock", ALL, 0},
	{"KeAcquireSpinLockAtDpcLevel", KERNEL, 0},
	{"KeReleaseSpinLockFromDpcLevel", KERNEL, 0},
	{"KeTryToAcquireSpinLockAtDpcLevel", KERNEL, 0},
	{"KeAcquireInStackQueuedSpinLock", KERNEL, CALL_ACQUIRES},
	{"KeReleaseInStackQueuedSpinLock", KERNEL, 0},
	{"IoAcquireCancelSpinLock", KERNEL, 0},
	{"IoReleaseCancelSpinLock", KERNEL, CALL_GIVES},
	{"WdfSpinLockCreate", MODEL_KMDF, CALL_INITIALISES},
	{"WdfSpinLockAcquire", MODEL_KMDF, 0},
	{"WdfSpinLockRelease", MODEL_KMDF, 0},
	/* registers, memory, numbers */
	{"READ_REGISTER_ULONG", KERNEL, CALL_READS},
	{"WRITE_REGISTER_ULONG", KERNEL, 0},
	{"StorPortReadRegisterUlong", MODEL_STORPORT, CALL_READS},
	{"StorPortWriteRegisterUlong", MODEL_STORPORT, 0},
	{"ExAllocatePoolWithTag", KERNEL, CALL_ALLOCATES},
	{"ExAllocatePool2", KERNEL, CALL_ALLOCATES},
	{"ExFreePoolWithTag", KERNEL, 0},
	{"StorPortAllocatePool", MODEL_STORPORT, CALL_ALLOCATES},
	{"StorPortFreePool", MODEL_STORPORT, 0},
	{"RtlZeroMemory", ALL, 0},
	{"InterlockedIncrement", ALL, 0},
	{"InterlockedDecrement", ALL, 0},
	{"InterlockedExchange", ALL, 0},
	{"InterlockedExchangeAdd", ALL, 0},
	/* tracing, time, the end */
	{"DbgPrint", KERNEL, 0},
	{"StorPortDebugPrint", MODEL_STORPORT, 0},
	{"KeStallExecutionProcessor", KERNEL, 0},
	{"StorPortStallExecution", MODEL_STORPORT, 0},
	{"KeBugCheckEx", KERNEL, 0},
	{"RtlFailFast", ALL, 0},
	{"YieldProcessor", ALL, 0},
	{"NT_ASSERT", ALL, 0},
	{"KeGetCurrentIrql", ALL, 0},
	{"NT_SUCCESS", ALL, 0},
	{"CTL_CODE", ALL, 0},
	{"UNREFERENCED_PARAMETER", ALL, 0},
	{"ASM_BRANCH", ALL, 0},    /* of our worlds: asm goto on an unknown */
	{"SCOPE_CLEANUP", ALL, 0}, /* of our worlds: an attribute of a variable */
	/* requests */
	{"IoMarkIrpPending", MODEL_WDM, 0},
	{"IoGetCurrentIrpStackLocation", MODEL_WDM, 0},
	{"IoCompleteRequest", MODEL_WDM, CALL_GIVES},
	{"IoCsqInsertIrp", MODEL_WDM, CALL_GIVES},
	{"RemoveEntryList", ALL, 0},
	{"InsertTailList", ALL, CALL_LISTS},
	{"KeInsertQueueDpc", KERNEL, 0},
	{"WdfIoQueueGetDevice", MODEL_KMDF, 0},
	{"WdfTimerGetParentObject", MODEL_KMDF, 0},
	{"WdfRequestComplete", MODEL_KMDF, CALL_GIVES},
	{"WDF_OBJECT_ATTRIBUTES_INIT", MODEL_KMDF, 0},
	{"StorPortNotification", MODEL_STORPORT, CALL_GIVES},
};

const unsigned call_row_count = sizeof call_rows / sizeof *call_rows;

unsigned
call_model(const char *name)
{
	static const struct {
		const char *name;
		unsigned model;
	} rows[] = {{"wdm", MODEL_WDM}, {"kmdf", MODEL_KMDF}, {"storport", MODEL_STORPORT}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strcmp(rows[i].name, name))
			return rows[i].model;
	return 0;
}
