@# A WDM dispatch routine: takes the fields of an IRP, queues it for a DPC that completes it, and works on the
@# device's state.
@set header ntddk.h
@set routine DispatchDeviceControl
@set entry_irql PASSIVE_LEVEL
@set returns STATUS_PENDING
@set extension Extension
@set extension_type DEVICE_EXTENSION
@set request Request
@set request_type REQUEST_CONTEXT
@begin declarations
@if types
@{types}

@endif
@if request_fields
#define IOCTL_START CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)

typedef struct _REQUEST_CONTEXT@{n} {
@{request_fields}
} REQUEST_CONTEXT@{n}, *PREQUEST_CONTEXT@{n};

@endif
typedef struct _DEVICE_EXTENSION@{n} {
@{lock_fields}
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@if globals

@{globals}
@endif

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl@{n};
@end
@begin routine
_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl@{n}(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeviceObject->DeviceExtension;
@if request
	PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
	REQUEST_CONTEXT@{n} Request;
@endif
@{locals}

@if request
	if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_START ||
	    Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof Request) {
		Irp->IoStatus.Status = STATUS_INVALID_PARAMETER;
		Irp->IoStatus.Information = 0;
		IoCompleteRequest(Irp, IO_NO_INCREMENT);
		return STATUS_INVALID_PARAMETER;
	}
	Request = *(PREQUEST_CONTEXT@{n})Irp->AssociatedIrp.SystemBuffer;
@endif
	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
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
	IO_STACK_LOCATION Stack = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
	DeviceObject.DeviceExtension = &Extension;
@if request_fields
	Stack.Parameters.DeviceIoControl.IoControlCode = IOCTL_START;
	Stack.Parameters.DeviceIoControl.InputBufferLength = sizeof Request;
	Irp.Tail.Overlay.CurrentStackLocation = &Stack;
	Irp.AssociatedIrp.SystemBuffer = &Request;
@endif
	(void)DispatchDeviceControl@{n}(&DeviceObject, &Irp);
@{lock_exit}
	LK_END();
}
@end
@begin register

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
@if alone
	DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchDeviceControl@{n};
@else
	AddRoute(Device, IRP_MJ_DEVICE_CONTROL, DispatchDeviceControl@{n});
@endif
	Device->Flags &= ~DO_DEVICE_INITIALIZING;
	return IoCsqInitialize(&Extension->PendingQueue, QueueInsertIrp, QueueRemoveIrp, QueuePeekNextIrp,
		QueueAcquireLock, QueueReleaseLock, QueueCompleteCanceledIrp);
}
@end
