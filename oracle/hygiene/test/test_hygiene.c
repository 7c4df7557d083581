/* hygiene: each kind is seen in a guilty text, and not in its clean twin; what is no C is said to be so. */
#include <criterion/criterion.h>
#include <string.h>

#include "bits.h"
#include "buf.h"
#include "hygiene.h"

#define TEN "1234567890"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define EXTENSION                                                                                            \
	"typedef struct _DEVICE_EXTENSION {\n\tKSPIN_LOCK QueueLock;\n\tPULONG StatusRegister;\n\tLONG Count;\n" \
	"\tPVOID Scratch;\n\tPIRP PendingIrp;\n\tPVOID Current;\n} DEVICE_EXTENSION, *PDEVICE_EXTENSION;\n"
#define REQUEST \
	"typedef struct _REQUEST_CONTEXT {\n\tBOOLEAN Urgent;\n} REQUEST_CONTEXT, *PREQUEST_CONTEXT;\n"
#define TIMER EXTENSION REQUEST "VOID\nTimer(PVOID Context)\n{\n\tPDEVICE_EXTENSION Extension = Context;\n"
#define DISPATCH                                                                                            \
	EXTENSION REQUEST "DRIVER_DISPATCH Dispatch;\nNTSTATUS\nDispatch(PDEVICE_OBJECT Device, PIRP Irp)\n{\n" \
					  "\tPDEVICE_EXTENSION Extension = Device->DeviceExtension;\n"                          \
					  "\tPREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Irp->AssociatedIrp.SystemBuffer;\n"
#define LENGTH \
	"\tif (Stack->Parameters.DeviceIoControl.InputBufferLength < 8) {\n\t\treturn STATUS_INVALID;\n\t}\n"
#define CODE \
	"\tif (Stack->Parameters.DeviceIoControl.IoControlCode != 1) {\n\t\treturn STATUS_INVALID;\n\t}\n"
#define READS(field) \
	"(PDEVICE_OBJECT Device, PIRP Irp)\n{\n\tREQUEST_CONTEXT R = *(PREQUEST_CONTEXT)Irp->" field ";\n}\n"
#define ASK(what) "READ_REGISTER_ULONG(Extension->" what "Register) != 0"
#define ACQUIRE(handle) "\tKeAcquireInStackQueuedSpinLock(&Extension->QueueLock, " handle ");\n"
#define RELEASE(handle) "\tKeReleaseInStackQueuedSpinLock(" handle ");\n"
#define HELPER                                                                                         \
	"static VOID\nAcquire(PKSPIN_LOCK Lock, PKLOCK_QUEUE_HANDLE Handle)\n{\n"                          \
	"\tKeAcquireInStackQueuedSpinLock(Lock, Handle);\n}\nstatic VOID\n(*AcquireRoutine)(PKSPIN_LOCK, " \
	"PKLOCK_QUEUE_HANDLE) = Acquire;\n"
#define CHANGE                                                                                  \
	"static VOID\nChange(PKLOCK_QUEUE_HANDLE Handle, BOOLEAN Acquire)\n{\n\tif (Acquire) {\n\t" \
	"\tKeAcquireInStackQueuedSpinLock(Lock, Handle);\n\t} else {\n\t" RELEASE("Handle") "\t}\n}\n"

#define HOLDER "typedef struct _HOLDER {\n\tKSPIN_LOCK One;\n\tKSPIN_LOCK Two;\n} HOLDER, *PHOLDER;\n"

struct row {
	enum hygiene_kind kind;
	const char *model, *guilty, *clean;
};

static const struct row rows[] = {
	{HYGIENE_UNREADABLE, "wdm", "VOID\nF(VOID)\n{\n\tif (x) {\n}\n",
     "VOID\nF(VOID)\n{\n\tif (x) {\n\t}\n}\n"},
	{HYGIENE_KEPT_HANDLE, "wdm", "struct S {\n\tKLOCK_QUEUE_HANDLE QueueHandle;\n};\n",
     "struct S {\n\tPKLOCK_QUEUE_HANDLE QueueHandle;\n};\n"},
	{HYGIENE_KEPT_HANDLE, "wdm", "static KLOCK_QUEUE_HANDLE QueueHandle;\n",
     "VOID\nF(VOID)\n{\n\tKLOCK_QUEUE_HANDLE QueueHandle;\n}\n"},
	{HYGIENE_SHARED_HANDLE, "wdm",
     TIMER "\tKLOCK_QUEUE_HANDLE One;\n" ACQUIRE("&One") RELEASE("&One") ACQUIRE("&One")
         RELEASE("&One") "}\n",
     TIMER "\tKLOCK_QUEUE_HANDLE One;\n\tKLOCK_QUEUE_HANDLE Two;\n" ACQUIRE("&One") RELEASE("&One")
         ACQUIRE("&Two") RELEASE("&Two") "}\n"},
	{HYGIENE_SHARED_HANDLE, "wdm",
     HELPER TIMER "\tKLOCK_QUEUE_HANDLE One;\n\tAcquire(&Extension->QueueLock, &One);\n" RELEASE(
		 "&One") "\tAcquireRoutine(&Extension->QueueLock, &One);\n}\n",
     HELPER TIMER "\tKLOCK_QUEUE_HANDLE One, Two;\n\tAcquire(&Extension->QueueLock, &One);\n" RELEASE(
		 "&One") "\tAcquireRoutine(&Extension->QueueLock, &Two);\n}\n"},
	{HYGIENE_SHARED_HANDLE, "wdm",
     CHANGE TIMER "\tKLOCK_QUEUE_HANDLE One;\n\tChange(&One, TRUE);\n\tChange(&One, TRUE);\n}\n",
     CHANGE TIMER "\tKLOCK_QUEUE_HANDLE One;\n\tChange(&One, TRUE);\n\tChange(&One, FALSE);\n}\n"},
	{HYGIENE_SHARED_HANDLE, "wdm",
     CHANGE TIMER
     "\tKLOCK_QUEUE_HANDLE One;\n\tChange(&One, LockAcquire);\n\tChange(&One, LockAcquire);\n}\n",
     CHANGE TIMER
     "\tKLOCK_QUEUE_HANDLE One;\n\tChange(&One, LockAcquire);\n\tChange(&One, LockRelease);\n}\n"},
	{HYGIENE_KEPT_SCRATCH, "wdm",
     TIMER "\tExtension->Scratch = ExAllocatePoolWithTag(NonPagedPool, 64, 1);\n}\n",
     TIMER "\tPVOID Scratch = ExAllocatePoolWithTag(NonPagedPool, 64, 1);\n}\n"},
	{HYGIENE_FOREIGN_CALL, "storport",
     TIMER "\tPVOID Scratch = ExAllocatePoolWithTag(NonPagedPool, 64, 1);\n}\n",
     TIMER "\tStorPortStallExecution(1);\n}\n"},
	{HYGIENE_UNKNOWN_CALL, "wdm", TIMER "\tNoSuchFunction(1);\n}\n", TIMER "\tOwnAcquire(1);\n}\n"},
	{HYGIENE_UNKNOWN_CALL, "wdm", TIMER "\tNoSuchFunction(1);\n}\n",
     "static VOID NoSuchFunction(ULONG Value);\n" TIMER "\tNoSuchFunction(1);\n}\n"},
	{HYGIENE_UNINITIALISED, "wdm", "static KSPIN_LOCK GlobalLock;\n" TIMER "}\n",
     "static KSPIN_LOCK GlobalLock;\n" TIMER "\tKeInitializeSpinLock(&GlobalLock);\n}\n"},
	{HYGIENE_UNINITIALISED, "wdm", TIMER "\tKSPIN_LOCK Own;\n\n\tKeAcquireSpinLock(&Own, &Irql);\n}\n",
     TIMER "\tKSPIN_LOCK Own;\n\n\tKeInitializeSpinLock(&Own);\n\tKeAcquireSpinLock(&Own, &Irql);\n}\n"},
	{HYGIENE_UNINITIALISED, "wdm", HOLDER TIMER "\tHOLDER Own;\n\tKeInitializeSpinLock(&Own.One);\n}\n",
     HOLDER TIMER "\tHOLDER Own;\n\tKeInitializeSpinLock(&Own.One);\n\tKeInitializeSpinLock(&Own.Two);\n}\n"},
	{HYGIENE_UNINITIALISED, "wdm", HOLDER TIMER "\tHOLDER Own;\n}\n",
     HOLDER TIMER "\tPHOLDER Own = &Extension->Holder;\n}\n"},
	{HYGIENE_UNINITIALISED, "kmdf", "static WDFSPINLOCK GlobalLock;\n", "extern WDFSPINLOCK GlobalLock;\n"},
	{HYGIENE_FLAG_REREAD, "wdm",
     TIMER
     "\tPREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Extension->Current;\n\tif (Request->Urgent) {\n\t}\n"
     "\tif (Request->Urgent) {\n\t}\n}\n",
     TIMER "\tPREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Extension->Current;\n"
           "\tBOOLEAN Urgent = Request->Urgent;\n\tif (Urgent) {\n\t}\n\tif (Urgent) {\n\t}\n}\n"},
	{HYGIENE_FLAG_REREAD, "wdm",
     TIMER "\tPREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Extension->Current;\nAgain:\n"
           "\tif (Request->Urgent) {\n\t\tgoto Again;\n\t}\n}\n",
     TIMER "\tPREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Extension->Current;\n"
           "\tif (Request->Urgent) {\n\t\tgoto Behind;\n\t}\nBehind:;\n}\n"},
	{HYGIENE_READ_PUBLISHED, "wdm",
     DISPATCH LENGTH "\tExtension->PendingIrp = Irp;\n\tif (Request->Urgent) {\n\t}\n}\n",
     DISPATCH LENGTH "\tif (Request->Urgent) {\n\t}\n\tExtension->PendingIrp = Irp;\n}\n"},
	{HYGIENE_READ_PUBLISHED, "wdm",
     DISPATCH LENGTH "\tif (Irp->Cancel) {\n\t\tIoCompleteRequest(Irp, 0);\n\t}\n\tLook(Request);\n}\n"
                     "VOID\nLook(PREQUEST_CONTEXT Request)\n{\n}\n",
     DISPATCH LENGTH "\tif (Irp->Cancel) {\n\t\tIoCompleteRequest(Irp, 0);\n\t\treturn 1;\n\t}\n"
                     "\tLook(Request);\n}\nVOID\nLook(PREQUEST_CONTEXT Request)\n{\n}\n"},
	{HYGIENE_DROPPED, "wdm", DISPATCH LENGTH "}\n",
     DISPATCH LENGTH "\tIoCsqInsertIrp(&Extension->Queue, Irp, NULL);\n}\n"},
	{HYGIENE_UNCHECKED_LENGTH, "wdm", EXTENSION "DRIVER_DISPATCH D;\nNTSTATUS\nD" READS("SystemBuffer"),
     EXTENSION "NTSTATUS\nD" READS("SystemBuffer")},
	{HYGIENE_UNCHECKED_LENGTH, "wdm", EXTENSION "DRIVER_CANCEL D;\nVOID\nD" READS("SystemBuffer"),
     EXTENSION "DRIVER_CANCEL D;\nVOID\nD" READS("DriverContext[0]")},
	{HYGIENE_UNCHECKED_CODE, "wdm", DISPATCH LENGTH "\tif (Request->Urgent) {\n\t}\n}\n",
     DISPATCH CODE LENGTH "\tif (Request->Urgent) {\n\t}\n}\n"},
	{HYGIENE_UNCHECKED_CODE, "kmdf",
     "VOID\nEvt(ULONG IoControlCode)\n{\n\tUNREFERENCED_PARAMETER(IoControlCode);\n}\n",
     "VOID\nEvt(ULONG IoControlCode)\n{\n\tif (IoControlCode != 1) {\n\t\treturn;\n\t}\n}\n"},
	{HYGIENE_UNTYPED_DISPATCH, "wdm", "DRIVER_DISPATCH Dispatch;\n",
     "_Dispatch_type_(IRP_MJ_READ)\nDRIVER_DISPATCH Dispatch;\n"},
	{HYGIENE_UNCHECKED_LENGTH, "wdm",
     EXTENSION "_Dispatch_type_(IRP_MJ_READ)\nDRIVER_DISPATCH D;\nNTSTATUS\nD" READS("SystemBuffer"),
     EXTENSION "_Dispatch_type_(IRP_MJ_READ)\nDRIVER_DISPATCH D;\nNTSTATUS\nD" READS("DriverContext[0]")},
	{HYGIENE_ASKED_AGAIN, "wdm", TIMER "\tif (" ASK("Status") " && " ASK("Status") ") {\n\t}\n}\n",
     TIMER "\tif (" ASK("Status") " && " ASK("Error") ") {\n\t}\n}\n"},
	{HYGIENE_ASKED_AGAIN, "wdm",
     TIMER "\twhile (" ASK("Queue") ") {\n\t\twhile (" ASK("Queue") ") {\n\t\t}\n\t}\n}\n",
     TIMER "\twhile (" ASK("Queue") ") {\n\t\tLook();\n\t\twhile (" ASK("Queue") ") {\n\t\t}\n\t}\n}\n"},
	{HYGIENE_MADE_SWITCH, "wdm", TIMER "\tswitch (Urgent ? 1 : 0) {\n\tdefault:\n\t\tbreak;\n\t}\n}\n",
     TIMER "\tswitch (Urgent) {\n\tcase 0:\n\t\tCount = Urgent ? 1 : 0;\n\t\tbreak;\n\t}\n}\n"},
	{HYGIENE_UNCHECKED_LENGTH, "wdm", DISPATCH "\tif (Request->Urgent) {\n\t}\n" LENGTH "}\n",
     DISPATCH LENGTH "\tif (Request->Urgent) {\n\t}\n}\n"},
	{HYGIENE_BARE_COUNTER, "wdm", TIMER "\tExtension->Count += 1;\n}\n",
     TIMER "\tInterlockedIncrement(&Extension->Count);\n}\n"},
	{HYGIENE_BARE_COUNTER, "wdm", TIMER "\t++Extension->Count;\n}\n",
     TIMER "\tLONG Count = Extension->Count;\n}\n"},
	{HYGIENE_REFERENCED, "wdm", "VOID\nF(PVOID A)\n{\n\tPVOID B = A;\n\tUNREFERENCED_PARAMETER(A);\n}\n",
     "VOID\nF(PVOID A)\n{\n\tPVOID B = C->A;\n\tUNREFERENCED_PARAMETER(A);\n}\n"},
	{HYGIENE_LONG_LINE, "wdm", "VOID F(\n\t" HUNDRED "123456789012345);\n",
     "VOID F(\n\t" HUNDRED "12345678901234);\n"},
};

static struct hygiene hygiene;

static void
end(void)
{
	hygiene_free(&hygiene);
}

TestSuite(hygiene, .fini = end);

static struct hygiene_result
judge(const char *text, const char *model)
{
	struct rule rule = {.model = model, .call = {{.name = "OwnAcquire"}}, .calls = 1};
	struct hygiene_result result;

	hygiene_judge(&hygiene, text, strlen(text), &rule, &result);
	return result;
}

/* Further kinds may show in a text that is made for one: what counts is that one. */
Test(hygiene, each_kind_is_seen_in_a_guilty_text_and_not_in_its_clean_twin)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct hygiene_result guilty = judge(row->guilty, row->model), clean = judge(row->clean, row->model);

		cr_expect(guilty.kinds >> row->kind & 1, "row %zu: %s is not seen", i, hygiene_name(row->kind));
		cr_expect(guilty.line[row->kind] > 0, "row %zu: without a line", i);
		cr_expect(!(clean.kinds >> row->kind & 1), "row %zu: %s in the twin, line %u", i,
		          hygiene_name(row->kind), clean.line[row->kind]);
		cr_expect(row->kind == HYGIENE_UNREADABLE || !(clean.kinds & 1), "row %zu: unreadable", i);
		seen |= 1U << row->kind;
	}
	cr_expect_eq(seen, (1U << HYGIENE_KINDS) - 1, "a kind has no row");
}

Test(hygiene, lines_are_those_of_the_text)
{
	struct hygiene_result result =
		judge("\nstatic KSPIN_LOCK One;\n/* a\n */ static KSPIN_LOCK Two;\n", "wdm");

	cr_expect_eq(result.kinds, 1U << HYGIENE_UNINITIALISED);
	cr_expect_eq(result.line[HYGIENE_UNINITIALISED], 2);
}

Test(hygiene, says_nothing_of_a_driver_model_that_it_does_not_know)
{
	cr_expect_eq(judge("static KSPIN_LOCK One;\n", "linux").kinds, 0);
}

Test(hygiene, a_text_leaves_nothing_behind_for_the_next)
{
	const char *guilty = "static KSPIN_LOCK One;\n", *clean = "extern KSPIN_LOCK One;\n";

	for (int i = 0; i < 3; i++) {
		cr_expect_neq(judge(guilty, "wdm").kinds, 0);
		cr_expect_eq(judge(clean, "wdm").kinds, 0);
	}
}

Test(hygiene, what_is_no_c_is_unreadable)
{
	static const char *const texts[] = {"(",    ")", "(]", "{)", "\"a", "'a\n'", "/* a", "#define A (\n",
	                                    "\x01", "@", "\\", "#if"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_eq(judge(texts[i], "wdm").kinds, 1U << HYGIENE_UNREADABLE, "%s", texts[i]);
}

Test(hygiene, what_is_too_much_is_unreadable)
{
	struct buf text = {0};

	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "static int Name%d;\n", i);
	cr_expect_eq(judge(text.data, "wdm").kinds, 1U << HYGIENE_UNREADABLE);
	buf_free(&text);
}
