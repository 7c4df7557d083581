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
@begin register

static HW_FIND_ADAPTER HwFindAdapter@{n};

_Use_decl_annotations_
static ULONG
HwFindAdapter@{n}(PVOID DeviceExtension, PVOID HwContext, PVOID BusInformation, PCHAR ArgumentString,
	PPORT_CONFIGURATION_INFORMATION ConfigInfo, PBOOLEAN Again)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeviceExtension;
@{lock_objects}

	UNREFERENCED_PARAMETER(HwContext);
	UNREFERENCED_PARAMETER(BusInformation);
	UNREFERENCED_PARAMETER(ArgumentString);
	UNREFERENCED_PARAMETER(Again);
	Extension->Requests = 0;
@{lock_init}
	ConfigInfo->NumberOfBuses = 1;
	ConfigInfo->MaximumNumberOfTargets = 1;
	return SP_RETURN_FOUND;
}

static NTSTATUS
Register@{n}(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	HW_INITIALIZATION_DATA Data;

	InitializeData(&Data);
	Data.HwFindAdapter = HwFindAdapter@{n};
	Data.HwInitialize = HwInitialize;
	Data.HwStartIo = HwStorStartIo@{n};
	Data.DeviceExtensionSize = sizeof(DEVICE_EXTENSION@{n});
@if request_fields
	Data.SrbExtensionSize = sizeof(REQUEST_CONTEXT@{n});
@endif
	return (NTSTATUS)StorPortInitialize(DriverObject, RegistryPath, &Data, NULL);
}
@end
