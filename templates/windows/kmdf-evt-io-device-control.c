@# A KMDF event callback of an I/O queue: takes the fields of a request, completes it, and works on the device's
@# state. EvtIoInCallerContext filled the request's context.
@set header ntddk.h wdf.h
@set routine EvtIoDeviceControl
@set entry_irql PASSIVE_LEVEL
@set extension Context
@set extension_type DEVICE_CONTEXT
@set request Fields
@set request_type REQUEST_CONTEXT
@begin declarations
@if types
@{types}

@endif
#define IOCTL_START CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)

@if request_fields
typedef struct _REQUEST_CONTEXT@{n} {
@{request_fields}
} REQUEST_CONTEXT@{n}, *PREQUEST_CONTEXT@{n};

@endif
typedef struct _DEVICE_CONTEXT@{n} {
@{lock_fields}
	LONG volatile Requests;
} DEVICE_CONTEXT@{n}, *PDEVICE_CONTEXT@{n};

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT@{n}, DeviceGetContext@{n})
@if request
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REQUEST_CONTEXT@{n}, RequestGetContext@{n})
@endif
@if globals

@{globals}
@endif

EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoDeviceControl@{n};
@end
@begin routine
_Function_class_(EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL)
_Use_decl_annotations_
VOID
EvtIoDeviceControl@{n}(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputBufferLength,
	size_t InputBufferLength, ULONG IoControlCode)
{
	PDEVICE_CONTEXT@{n} Context = DeviceGetContext@{n}(WdfIoQueueGetDevice(Queue));
@if request
	REQUEST_CONTEXT@{n} Fields = *RequestGetContext@{n}(Request);
@endif
@{locals}

	UNREFERENCED_PARAMETER(OutputBufferLength);
	UNREFERENCED_PARAMETER(InputBufferLength);
	if (IoControlCode != IOCTL_START) {
		WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
		return;
	}
	InterlockedIncrement(&Context->Requests);
	WdfRequestComplete(Request, STATUS_SUCCESS);
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_CONTEXT@{n} Extension = {0};
	struct LOCKDRILL_OBJECT Device = {0};
	struct LOCKDRILL_OBJECT RequestObject = {0};
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
	Device.Context = &Extension;
@if request_fields
	RequestObject.Context = &Request;
@endif
	EvtIoDeviceControl@{n}(&Device, &RequestObject, 0, 0, IOCTL_START);
@{lock_exit}
	LK_END();
}
@end
@begin register

static WDFQUEUE Queue@{n};

/* Gives a request what the callback reads of it, and passes it on. */
static NTSTATUS
Forward@{n}(WDFREQUEST Request)
{
@if request_fields
	WDF_OBJECT_ATTRIBUTES Attributes;
	PVOID Fields, Input;
	NTSTATUS Status;

	Status = WdfRequestRetrieveInputBuffer(Request, sizeof(REQUEST_CONTEXT@{n}), &Input, NULL);
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, REQUEST_CONTEXT@{n});
	Status = WdfObjectAllocateContext(Request, &Attributes, &Fields);
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	*(PREQUEST_CONTEXT@{n})Fields = *(PREQUEST_CONTEXT@{n})Input;
@endif
	return WdfRequestForwardToIoQueue(Request, Queue@{n});
}

static NTSTATUS
Register@{n}(WDFDEVICE Device)
{
	PDEVICE_CONTEXT@{n} Context;
	WDF_OBJECT_ATTRIBUTES Attributes;
	WDF_IO_QUEUE_CONFIG Config;
	PVOID Allocated;
	NTSTATUS Status;
@{lock_objects}

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, DEVICE_CONTEXT@{n});
	Status = WdfObjectAllocateContext(Device, &Attributes, &Allocated);
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	Context = (PDEVICE_CONTEXT@{n})Allocated;
	Context->Requests = 0;
	WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
	Attributes.ParentObject = Device;
@{lock_init}
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	WDF_IO_QUEUE_CONFIG_INIT(&Config, WdfIoQueueDispatchParallel);
	Config.EvtIoDeviceControl = EvtIoDeviceControl@{n};
	Status = WdfIoQueueCreate(Device, &Config, WDF_NO_OBJECT_ATTRIBUTES, &Queue@{n});
	if (NT_SUCCESS(Status)) {
		AddRoute(Forward@{n});
	}
	return Status;
}
@end
