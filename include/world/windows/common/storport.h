/* Stub of the Storport headers: the names, signatures and role types that lockdrill's cases use, in our own
 * declarations. Licence: 0BSD. */
#ifndef LOCKDRILL_STORPORT_H
#define LOCKDRILL_STORPORT_H

#include "ntddk.h"

typedef struct _SCSI_REQUEST_BLOCK {
	UCHAR SrbStatus;
	PVOID SrbExtension;
} SCSI_REQUEST_BLOCK, *PSCSI_REQUEST_BLOCK;

typedef BOOLEAN HW_STARTIO(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb);
typedef VOID HW_TIMER(PVOID DeviceExtension);

#endif
