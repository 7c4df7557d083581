/* What a routine's role means for its locks, where a world has words for that: _Function_class_ marks a routine with its
 * role, and LOCK_GIVES is the world's. A new role type is a line here. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCK_ROLES_H
#define LOCKDRILL_LOCK_ROLES_H

/* The I/O manager enters a cancel routine with the cancel lock held. */
#undef _Function_class_
#define _Function_class_(type) LOCK_ROLE_##type
#define LOCK_ROLE_DRIVER_CANCEL LOCK_GIVES(LOCK_CANCEL)
#define LOCK_ROLE_DRIVER_DISPATCH
#define LOCK_ROLE_KDEFERRED_ROUTINE
#define LOCK_ROLE_EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL
#define LOCK_ROLE_EVT_WDF_TIMER
#define LOCK_ROLE_HW_STARTIO
#define LOCK_ROLE_HW_TIMER

#endif
