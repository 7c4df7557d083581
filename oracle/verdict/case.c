/* case: cases as files. See case.h. */
#include "case.h"

#include "make.h"

bool
case_file(struct buf *out, struct buf *helpers, const struct world *world,
          const struct suite_case *const *cases, unsigned count, bool packed, unsigned reading,
          struct text_span *span, struct diag *diag)
{
	struct text_pack pack;
	struct arena arena = {0};
	struct prog prog;
	bool ok = true;

	text_pack_begin(&pack, out, helpers, world, packed, reading);
	for (unsigned i = 0; ok && i < count; i++) {
		prog_make(&prog, &arena, cases[i]->rule, cases[i]->role, &cases[i]->seq, &cases[i]->shapes);
		ok = text_pack_add(&pack, &prog, &span[i], diag);
		arena_reset(&arena);
	}
	text_pack_end(&pack);
	arena_free(&arena);
	return ok;
}
