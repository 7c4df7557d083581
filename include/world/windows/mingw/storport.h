/* The Storport names of lockdrill's cases on top of the mingw-w64 DDK, whose own storport.h does not
 * compile beside ntddk.h. Licence: 0BSD. */
#ifndef LOCKDRILL_MINGW_STORPORT_H
#define LOCKDRILL_MINGW_STORPORT_H

#include <ntddk.h>
#include <srb.h>

typedef BOOLEAN HW_STARTIO(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb);
typedef VOID HW_TIMER(PVOID DeviceExtension);

#endif
