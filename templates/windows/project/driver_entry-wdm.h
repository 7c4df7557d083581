@# How a WDM driver registers the routines of driver_snippet.c, which includes this at its end. Nothing here takes a
@# lock of the rules: what a checker says of one of those is about a case.
@set level project
@set model wdm
@set file driver_entry.h
@begin head
/* DriverEntry, and what registers each routine of driver_snippet.c with its role type. The driver is for
 * analysis: it drives no hardware and is never to be loaded. Licence: 0BSD. */
#include <wdm.h>

/* The queues of IRPs that are pending: one list, and a lock that no rule here watches. */
static LIST_ENTRY PendingIrps;
static EX_SPIN_LOCK PendingLock;

IO_CSQ_INSERT_IRP QueueInsertIrp;
IO_CSQ_REMOVE_IRP QueueRemoveIrp;
IO_CSQ_PEEK_NEXT_IRP QueuePeekNextIrp;
IO_CSQ_ACQUIRE_LOCK QueueAcquireLock;
IO_CSQ_RELEASE_LOCK QueueReleaseLock;
IO_CSQ_COMPLETE_CANCELED_IRP QueueCompleteCanceledIrp;

_Use_decl_annotations_
VOID
QueueInsertIrp(PIO_CSQ Csq, PIRP Irp)
{
	UNREFERENCED_PARAMETER(Csq);
	InsertTailList(&PendingIrps, &Irp->Tail.Overlay.ListEntry);
}

_Use_decl_annotations_
VOID
QueueRemoveIrp(PIO_CSQ Csq, PIRP Irp)
{
	UNREFERENCED_PARAMETER(Csq);
	RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

_Use_decl_annotations_
PIRP
QueuePeekNextIrp(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
	PLIST_ENTRY Next = Irp == NULL ? PendingIrps.Flink : Irp->Tail.Overlay.ListEntry.Flink;

	UNREFERENCED_PARAMETER(Csq);
	UNREFERENCED_PARAMETER(PeekContext);
	return Next == &PendingIrps ? NULL : CONTAINING_RECORD(Next, IRP, Tail.Overlay.ListEntry);
}

_IRQL_raises_(DISPATCH_LEVEL)
_Acquires_lock_(PendingLock)
_Use_decl_annotations_
VOID
QueueAcquireLock(PIO_CSQ Csq, PKIRQL Irql)
{
	UNREFERENCED_PARAMETER(Csq);
	*Irql = ExAcquireSpinLockExclusive(&PendingLock);
}

_IRQL_requires_(DISPATCH_LEVEL)
_Releases_lock_(PendingLock)
_Use_decl_annotations_
VOID
QueueReleaseLock(PIO_CSQ Csq, KIRQL Irql)
{
	UNREFERENCED_PARAMETER(Csq);
	ExReleaseSpinLockExclusive(&PendingLock, Irql);
}

_Use_decl_annotations_
VOID
QueueCompleteCanceledIrp(PIO_CSQ Csq, PIRP Irp)
{
	UNREFERENCED_PARAMETER(Csq);
	Irp->IoStatus.Status = STATUS_CANCELLED;
	Irp->IoStatus.Information = 0;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

/* What cancel routines queue. */
static LONG volatile Cancellations;
KDEFERRED_ROUTINE CountCancellation;

_Use_decl_annotations_
VOID
CountCancellation(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
	UNREFERENCED_PARAMETER(Dpc);
	UNREFERENCED_PARAMETER(DeferredContext);
	UNREFERENCED_PARAMETER(SystemArgument1);
	UNREFERENCED_PARAMETER(SystemArgument2);
	InterlockedIncrement(&Cancellations);
}

/* Each routine has a device of its own, and a request goes to the routine of its device. */
typedef struct _ROUTE {
	PDEVICE_OBJECT Device;
	UCHAR MajorFunction;
	PDRIVER_DISPATCH Routine;
} ROUTE;

static ROUTE Routes[@{count}];
static ULONG RouteCount;

VOID AddRoute(PDEVICE_OBJECT Device, UCHAR MajorFunction, PDRIVER_DISPATCH Routine);

VOID
AddRoute(PDEVICE_OBJECT Device, UCHAR MajorFunction, PDRIVER_DISPATCH Routine)
{
	Routes[RouteCount].Device = Device;
	Routes[RouteCount].MajorFunction = MajorFunction;
	Routes[RouteCount].Routine = Routine;
	RouteCount++;
}

_Dispatch_type_(IRP_MJ_READ)
_Dispatch_type_(IRP_MJ_WRITE)
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchByDevice;

_Use_decl_annotations_
NTSTATUS
DispatchByDevice(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	UCHAR MajorFunction = IoGetCurrentIrpStackLocation(Irp)->MajorFunction;

	for (ULONG Index = 0; Index < RouteCount; Index++) {
		if (Routes[Index].Device == DeviceObject && Routes[Index].MajorFunction == MajorFunction) {
			return Routes[Index].Routine(DeviceObject, Irp);
		}
	}
	Irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
	Irp->IoStatus.Information = 0;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
	return STATUS_INVALID_DEVICE_REQUEST;
}

_Dispatch_type_(IRP_MJ_CREATE)
_Dispatch_type_(IRP_MJ_CLOSE)
DRIVER_DISPATCH DispatchCreateClose;

_Use_decl_annotations_
NTSTATUS
DispatchCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	UNREFERENCED_PARAMETER(DeviceObject);
	Irp->IoStatus.Status = STATUS_SUCCESS;
	Irp->IoStatus.Information = 0;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
	return STATUS_SUCCESS;
}

DRIVER_UNLOAD DriverUnload;

_Use_decl_annotations_
VOID
DriverUnload(PDRIVER_OBJECT DriverObject)
{
	while (DriverObject->DeviceObject != NULL) {
		IoDeleteDevice(DriverObject->DeviceObject);
	}
}
@{registrations}

DRIVER_INITIALIZE DriverEntry;

_Use_decl_annotations_
NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NTSTATUS Status = STATUS_SUCCESS;

	UNREFERENCED_PARAMETER(RegistryPath);
	InitializeListHead(&PendingIrps);
	DriverObject->DriverUnload = DriverUnload;
	DriverObject->MajorFunction[IRP_MJ_CREATE] = DispatchCreateClose;
	DriverObject->MajorFunction[IRP_MJ_CLOSE] = DispatchCreateClose;
	DriverObject->MajorFunction[IRP_MJ_READ] = DispatchByDevice;
	DriverObject->MajorFunction[IRP_MJ_WRITE] = DispatchByDevice;
	DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchByDevice;
@end
@begin each
	if (NT_SUCCESS(Status)) {
		Status = Register@{n}(DriverObject);
	}
@end
@begin tail
	if (!NT_SUCCESS(Status)) {
		DriverUnload(DriverObject);
	}
	return Status;
}
@end
