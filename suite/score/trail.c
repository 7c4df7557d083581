/* trail: paths for people. See trail.h. */
#include "trail.h"

#include "line.h"

void
trail_words(struct buf *out, const struct finding *finding, const struct walk_path *path,
            const struct text_span *span)
{
	uint32_t last = 0;

	buf_printf(out, "A shortest path to %s of lock %c:", kind_name((enum kind)finding->kind),
	           lock_letter(finding->lock));
	for (unsigned i = 0; i < path->count; i++) {
		const struct walk_step *step = &path->step[i];

		if (!step->node || (step->node->line == last && step->choice < 0))
			continue;
		last = step->node->line;
		buf_printf(out, last > LINE_SECOND ? " second:%u" : " %u", text_span_line(span, last));
		buf_printf(out, "%s", step->choice < 0 ? "" : step->choice ? " (taken)" : " (not taken)");
	}
	buf_puts(out, finding->statement ? "" : " and the routine's end");
}

bool
trail_has_line(const struct walk_path *path, uint32_t line)
{
	for (unsigned i = 0; i < path->count; i++)
		if (path->step[i].node && path->step[i].node->line == line)
			return true;
	return false;
}
