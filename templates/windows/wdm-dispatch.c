@# A WDM dispatch routine: takes an IRP, keeps it pending, and works on the device's state.
@set header ntddk.h
@set routine DispatchDeviceControl
@set entry_irql PASSIVE_LEVEL
@set returns STATUS_PENDING
@set extension Extension
@set extension_type DEVICE_EXTENSION
@set request Request
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
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP PendingIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@{globals}

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
	PREQUEST_CONTEXT@{n} Request = (PREQUEST_CONTEXT@{n})Irp->AssociatedIrp.SystemBuffer;
@endif
@{locals}

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
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
	Irp.AssociatedIrp.SystemBuffer = &Request;
@endif
	(void)DispatchDeviceControl@{n}(&DeviceObject, &Irp);
@{lock_exit}
	LK_END();
}
@end
