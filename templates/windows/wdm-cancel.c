@# A WDM cancel routine: entered with the cancel lock held, which guards the list that the IRP moves to; a DPC
@# completes it. Who queued the IRP gave it its context.
@set header ntddk.h
@set routine CancelRequest
@set entry_irql Irp->CancelIrql
@set extension Extension
@set extension_type DEVICE_EXTENSION
@set request Request
@set request_type REQUEST_CONTEXT
@set held_lock LK_CANCEL_LOCK
@begin declarations
@if types
@{types}

@endif
@if request_fields
typedef struct _REQUEST_CONTEXT@{n} {
@{request_fields}
} REQUEST_CONTEXT@{n}, *PREQUEST_CONTEXT@{n};

@endif
typedef struct _DEVICE_EXTENSION@{n} {
@{lock_fields}
	LIST_ENTRY CancelledIrps; /* guarded by the cancel spin lock */
	KDPC CancelDpc; /* completes them */
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@if globals

@{globals}
@endif

DRIVER_CANCEL CancelRequest@{n};
@end
@begin routine
_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest@{n}(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeviceObject->DeviceExtension;
@if request
	REQUEST_CONTEXT@{n} Request = *(PREQUEST_CONTEXT@{n})Irp->Tail.Overlay.DriverContext[0];
@endif
@{locals}

	RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
	InsertTailList(&Extension->CancelledIrps, &Irp->Tail.Overlay.ListEntry);
	KeInsertQueueDpc(&Extension->CancelDpc, NULL, NULL);
@if gives_cancel_lock
	IoReleaseCancelSpinLock(Irp->CancelIrql);
@endif
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_EXTENSION@{n} Extension = {0};
	DEVICE_OBJECT DeviceObject = {0};
	IRP Irp = {0};
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
	DeviceObject.DeviceExtension = &Extension;
@if request_fields
	Irp.Tail.Overlay.DriverContext[0] = &Request;
@endif
	CancelRequest@{n}(&DeviceObject, &Irp);
@{lock_exit}
	LK_END();
}
@end
@begin register

/* Makes an IRP wait until it is cancelled. */
_Dispatch_type_(IRP_MJ_READ)
static DRIVER_DISPATCH PendRequest@{n};

_Use_decl_annotations_
static NTSTATUS
PendRequest@{n}(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
@if request_fields
	static REQUEST_CONTEXT@{n} Request;
@endif

	UNREFERENCED_PARAMETER(DeviceObject);
@if request_fields
	Irp->Tail.Overlay.DriverContext[0] = &Request;
@endif
	InitializeListHead(&Irp->Tail.Overlay.ListEntry);
	IoMarkIrpPending(Irp);
	(void)IoSetCancelRoutine(Irp, CancelRequest@{n});
	if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
		Irp->IoStatus.Status = STATUS_CANCELLED;
		Irp->IoStatus.Information = 0;
		IoCompleteRequest(Irp, IO_NO_INCREMENT);
	}
	return STATUS_PENDING;
}

static NTSTATUS
Register@{n}(PDRIVER_OBJECT DriverObject)
{
	PDEVICE_EXTENSION@{n} Extension;
	PDEVICE_OBJECT Device;
	NTSTATUS Status;
@{lock_objects}

	Status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION@{n}), NULL, FILE_DEVICE_UNKNOWN,
		FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	Extension = (PDEVICE_EXTENSION@{n})Device->DeviceExtension;
	InitializeListHead(&Extension->CancelledIrps);
	KeInitializeDpc(&Extension->CancelDpc, CountCancellation, NULL);
@{lock_init}
@if alone
	DriverObject->MajorFunction[IRP_MJ_READ] = PendRequest@{n};
@else
	AddRoute(Device, IRP_MJ_READ, PendRequest@{n});
@endif
	Device->Flags &= ~DO_DEVICE_INITIALIZING;
	return STATUS_SUCCESS;
}
@end
