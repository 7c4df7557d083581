/* Stub of the Storport headers: the names, signatures and role types that lockdrill's cases use, in our own
 * declarations. Licence: 0BSD. */
#ifndef LOCKDRILL_STORPORT_H
#define LOCKDRILL_STORPORT_H

#include "ntddk.h"

#define SRB_STATUS_SUCCESS 0x01
#define STOR_STATUS_SUCCESS 0x00000000U
#define STOR_STATUS_INSUFFICIENT_RESOURCES 0xC1000003U

typedef struct _SCSI_REQUEST_BLOCK {
	UCHAR SrbStatus;
	PVOID SrbExtension;
} SCSI_REQUEST_BLOCK, *PSCSI_REQUEST_BLOCK;

typedef enum _SCSI_NOTIFICATION_TYPE {
	RequestComplete
} SCSI_NOTIFICATION_TYPE;

typedef BOOLEAN HW_STARTIO(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb);
typedef VOID HW_TIMER(PVOID DeviceExtension);

/* A world whose bodies run brings what it needs of these; at IRQL <= DISPATCH_LEVEL. */
#ifndef LOCKDRILL_QUIET_CALLS_H
VOID StorPortNotification(SCSI_NOTIFICATION_TYPE NotificationType, PVOID HwDeviceExtension, ...);
VOID StorPortWriteRegisterUlong(PVOID HwDeviceExtension, PULONG Register, ULONG Value);
VOID StorPortStallExecution(ULONG Delay);
VOID StorPortDebugPrint(ULONG DebugPrintLevel, const char *DebugMessage, ...);
ULONG StorPortAllocatePool(PVOID HwDeviceExtension, ULONG NumberOfBytes, ULONG Tag, PVOID *BufferPointer);
ULONG StorPortFreePool(PVOID HwDeviceExtension, PVOID BufferPointer);
#endif

#ifndef StorPortReadRegisterUlong
ULONG StorPortReadRegisterUlong(PVOID HwDeviceExtension, PULONG Register);
#endif

#endif
