/* Words of the cases for a reader that opens no header. Licence: 0BSD. */
#define _Use_decl_annotations_
#define _Function_class_(x)
#define _Dispatch_type_(x)
#define _When_(a, b)
#define _At_(a, b)
#define _Acquires_lock_(x)
#define _Releases_lock_(x)
#define _Post_same_lock_(a, b)
#define _Requires_lock_held_(x)
#define _Requires_lock_not_held_(x)
#define _IRQL_requires_(x)
#define _IRQL_requires_max_(x)
#define _IRQL_requires_same_
#define _IRQL_raises_(x)
#define _IRQL_saves_
#define _IRQL_restores_
#define _IRQL_saves_global_(a, b)
#define _IRQL_restores_global_(a, b)
#define SCOPE_CLEANUP(x)
#define __fallthrough
#define DECLSPEC_NORETURN
