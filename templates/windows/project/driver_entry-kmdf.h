@# How a KMDF driver registers the callbacks of driver_snippet.c, which includes this at its end.
@set level project
@set model kmdf
@set file driver_entry.h
@begin head
/* DriverEntry and EvtDriverDeviceAdd, and what registers each callback of driver_snippet.c with its role type.
 * The driver is for analysis: it drives no hardware and is never to be loaded. Licence: 0BSD. */
#include <wdf.h>

/* Each callback of a queue has one of its own; a request is passed to the queue that its output buffer's length
 * chooses. */
typedef NTSTATUS FORWARD(WDFREQUEST Request);

static FORWARD *Routes[@{count}];
static ULONG RouteCount;

VOID AddRoute(FORWARD *Forward);

VOID
AddRoute(FORWARD *Forward)
{
	Routes[RouteCount++] = Forward;
}

EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoForward;

_Use_decl_annotations_
VOID
EvtIoForward(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputBufferLength, size_t InputBufferLength,
	ULONG IoControlCode)
{
	NTSTATUS Status = STATUS_INVALID_DEVICE_REQUEST;

	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(InputBufferLength);
	UNREFERENCED_PARAMETER(IoControlCode);
	if (OutputBufferLength < RouteCount) {
		Status = Routes[OutputBufferLength](Request);
	}
	if (!NT_SUCCESS(Status)) {
		WdfRequestComplete(Request, Status);
	}
}
@{registrations}

EVT_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;

_Use_decl_annotations_
NTSTATUS
EvtDriverDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_IO_QUEUE_CONFIG Config;
	WDFDEVICE Device;
	NTSTATUS Status;

	UNREFERENCED_PARAMETER(Driver);
	Status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &Device);
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&Config, WdfIoQueueDispatchParallel);
	Config.EvtIoDeviceControl = EvtIoForward;
	Status = WdfIoQueueCreate(Device, &Config, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
@end
@begin each
	if (NT_SUCCESS(Status)) {
		Status = Register@{n}(Device);
	}
@end
@begin tail
	return Status;
}

DRIVER_INITIALIZE DriverEntry;

_Use_decl_annotations_
NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG Config;

	WDF_DRIVER_CONFIG_INIT(&Config, EvtDriverDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, WDF_NO_HANDLE);
}
@end
