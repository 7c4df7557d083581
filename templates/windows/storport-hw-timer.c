@# A Storport timer routine: the adapter's extension is all it gets.
@set header ntddk.h storport.h
@set routine HwTimer
@set entry_irql DISPATCH_LEVEL
@set extension Extension
@set extension_type DEVICE_EXTENSION
@set request Settings
@set request_type TIMER_SETTINGS
@begin declarations
@if types
@{types}

@endif
@if request_fields
typedef struct _TIMER_SETTINGS@{n} {
@{request_fields}
} TIMER_SETTINGS@{n}, *PTIMER_SETTINGS@{n};

@endif
typedef struct _DEVICE_EXTENSION@{n} {
@{lock_fields}
@if request_fields
	TIMER_SETTINGS@{n} Settings; /* set before the timer is requested */
@endif
	LONG volatile Ticks;
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@if globals

@{globals}
@endif

HW_TIMER HwTimer@{n};
@end
@begin routine
_Function_class_(HW_TIMER)
_Use_decl_annotations_
VOID
HwTimer@{n}(PVOID DeviceExtension)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeviceExtension;
@if request
	TIMER_SETTINGS@{n} Settings = Extension->Settings;
@endif
@{locals}

	InterlockedIncrement(&Extension->Ticks);
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_EXTENSION@{n} Extension = {0};
@if request_fields
	TIMER_SETTINGS@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
@if request_fields
	Extension.Settings = Request;
@endif
	HwTimer@{n}(&Extension);
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
	Extension->Ticks = 0;
@{lock_init}
	ConfigInfo->NumberOfBuses = 1;
	ConfigInfo->MaximumNumberOfTargets = 1;
	return SP_RETURN_FOUND;
}

static HW_INITIALIZE HwInitialize@{n};

_Use_decl_annotations_
static BOOLEAN
HwInitialize@{n}(PVOID DeviceExtension)
{
	StorPortNotification(RequestTimerCall, DeviceExtension, HwTimer@{n}, 1000000);
	return TRUE;
}

static NTSTATUS
Register@{n}(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	HW_INITIALIZATION_DATA Data;

	InitializeData(&Data);
	Data.HwFindAdapter = HwFindAdapter@{n};
	Data.HwInitialize = HwInitialize@{n};
	Data.HwStartIo = HwCompleteIo;
	Data.DeviceExtensionSize = sizeof(DEVICE_EXTENSION@{n});
	return (NTSTATUS)StorPortInitialize(DriverObject, RegistryPath, &Data, NULL);
}
@end
