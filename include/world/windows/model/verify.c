/* What the model world's program calls, for software verifiers that want it to have a body: compiled beside the program, or
 * behind it. Licence: 0BSD. */
void reach_error(void);

#if defined(__CPROVER)
void
reach_error(void)
{
	__CPROVER_assert(0, "reach_error");
}
#elif defined(__ESBMC)
void __ESBMC_assert(_Bool, const char *);

void
reach_error(void)
{
	__ESBMC_assert(0, "reach_error");
}
#elif defined(LOCKDRILL_KLEE)
int klee_range(int begin, int end, const char *name);
void klee_report_error(const char *file, int line, const char *message, const char *suffix);
void klee_silent_exit(int status);
int __VERIFIER_nondet_int(void);

int
__VERIFIER_nondet_int(void)
{
	return klee_range(0, 2, "unknown");
}

void
reach_error(void)
{
	klee_report_error(__FILE__, __LINE__, "reach_error", "reach");
}

void
abort(void)
{
	klee_silent_exit(0);
}
#endif
