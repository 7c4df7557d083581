@# How a Storport miniport registers the routines of driver_snippet.c, which includes this at its end.
@set level project
@set model storport
@set file driver_entry.h
@begin head
/* DriverEntry, and what registers each routine of driver_snippet.c with its role type: each in initialisation data
 * of its own. The driver is for analysis: it drives no hardware and is never to be loaded. Licence: 0BSD. */
#include <storport.h>

HW_INITIALIZE HwInitialize;

_Use_decl_annotations_
BOOLEAN
HwInitialize(PVOID DeviceExtension)
{
	UNREFERENCED_PARAMETER(DeviceExtension);
	return TRUE;
}

HW_RESET_BUS HwResetBus;

_Use_decl_annotations_
BOOLEAN
HwResetBus(PVOID DeviceExtension, ULONG PathId)
{
	UNREFERENCED_PARAMETER(DeviceExtension);
	UNREFERENCED_PARAMETER(PathId);
	return TRUE;
}

HW_ADAPTER_CONTROL HwAdapterControl;

_Use_decl_annotations_
SCSI_ADAPTER_CONTROL_STATUS
HwAdapterControl(PVOID DeviceExtension, SCSI_ADAPTER_CONTROL_TYPE ControlType, PVOID Parameters)
{
	UNREFERENCED_PARAMETER(DeviceExtension);
	UNREFERENCED_PARAMETER(ControlType);
	UNREFERENCED_PARAMETER(Parameters);
	return ScsiAdapterControlUnsuccessful;
}

/* Starts the requests of a miniport whose timer is what matters. */
HW_STARTIO HwCompleteIo;

_Use_decl_annotations_
BOOLEAN
HwCompleteIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	Srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, DeviceExtension, Srb);
	return TRUE;
}

static VOID
InitializeData(PHW_INITIALIZATION_DATA Data)
{
	RtlZeroMemory(Data, sizeof *Data);
	Data->HwInitializationDataSize = sizeof *Data;
	Data->AdapterInterfaceType = PCIBus;
	Data->HwResetBus = HwResetBus;
	Data->HwAdapterControl = HwAdapterControl;
	Data->NumberOfAccessRanges = 1;
	Data->NeedPhysicalAddresses = TRUE;
	Data->TaggedQueuing = TRUE;
	Data->AutoRequestSense = TRUE;
	Data->MultipleRequestPerLu = TRUE;
}
@{registrations}

DRIVER_INITIALIZE DriverEntry;

_Use_decl_annotations_
NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NTSTATUS Status = STATUS_SUCCESS;

@end
@begin each
	if (NT_SUCCESS(Status)) {
		Status = Register@{n}(DriverObject, RegistryPath);
	}
@end
@begin tail
	return Status;
}
@end
