@# A Storport start-I/O routine: takes the fields of a request block, which HwStorBuildIo filled in, completes it, and
@# works on the adapter's state.
@set header ntddk.h storport.h
@set routine HwStorStartIo
@set entry_irql DISPATCH_LEVEL
@set returns TRUE
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
	LONG volatile Requests;
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@if globals

@{globals}
@endif

HW_STARTIO HwStorStartIo@{n};
@end
@begin routine
_Function_class_(HW_STARTIO)
_Use_decl_annotations_
BOOLEAN
HwStorStartIo@{n}(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeviceExtension;
@if request
	REQUEST_CONTEXT@{n} Request = *(PREQUEST_CONTEXT@{n})Srb->SrbExtension;
@endif
@{locals}

	InterlockedIncrement(&Extension->Requests);
	Srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, Extension, Srb);
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_EXTENSION@{n} Extension = {0};
	SCSI_REQUEST_BLOCK Srb = {0};
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
@if request_fields
	Srb.SrbExtension = &Request;
@endif
	(void)HwStorStartIo@{n}(&Extension, &Srb);
@{lock_exit}
	LK_END();
}
@end
