@# A WDM deferred procedure call: runs at DISPATCH_LEVEL; the device is its context, and who queued it gave it
@# the request.
@set header ntddk.h
@set routine TransferDpc
@set entry_irql DISPATCH_LEVEL
@set extension Extension
@set extension_type DEVICE_EXTENSION
@set request Request
@set request_type REQUEST_CONTEXT
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
	LONG volatile Interrupts;
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@if globals

@{globals}
@endif

KDEFERRED_ROUTINE TransferDpc@{n};
@end
@begin routine
_Function_class_(KDEFERRED_ROUTINE)
_Use_decl_annotations_
VOID
TransferDpc@{n}(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeferredContext;
@if request
	REQUEST_CONTEXT@{n} Request = *(PREQUEST_CONTEXT@{n})SystemArgument1;
@endif
@{locals}

	UNREFERENCED_PARAMETER(Dpc);
@if request
@else
	UNREFERENCED_PARAMETER(SystemArgument1);
@endif
	UNREFERENCED_PARAMETER(SystemArgument2);
	InterlockedIncrement(&Extension->Interrupts);
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_EXTENSION@{n} Extension = {0};
	KDPC Dpc = {0};
	PVOID Argument = NULL;
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
@if request_fields
	Argument = &Request;
@endif
	TransferDpc@{n}(&Dpc, &Extension, Argument, NULL);
@{lock_exit}
	LK_END();
}
@end
@begin register

static KDPC QueuedDpc@{n};

/* Queues the deferred procedure call. */
_Dispatch_type_(IRP_MJ_WRITE)
static DRIVER_DISPATCH StartTransfer@{n};

_Use_decl_annotations_
static NTSTATUS
StartTransfer@{n}(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
@if request_fields
	static REQUEST_CONTEXT@{n} Request;
@endif

	UNREFERENCED_PARAMETER(DeviceObject);
@if request_fields
	KeInsertQueueDpc(&QueuedDpc@{n}, &Request, NULL);
@else
	KeInsertQueueDpc(&QueuedDpc@{n}, NULL, NULL);
@endif
	Irp->IoStatus.Status = STATUS_SUCCESS;
	Irp->IoStatus.Information = 0;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
	return STATUS_SUCCESS;
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
@{lock_init}
	KeInitializeDpc(&QueuedDpc@{n}, TransferDpc@{n}, Extension);
@if alone
	DriverObject->MajorFunction[IRP_MJ_WRITE] = StartTransfer@{n};
@else
	AddRoute(Device, IRP_MJ_WRITE, StartTransfer@{n});
@endif
	Device->Flags &= ~DO_DEVICE_INITIALIZING;
	return STATUS_SUCCESS;
}
@end
