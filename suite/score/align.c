/* align: two texts side by side. See align.h.
 *
 * The table has the length of the longest common subsequence behind each pair of lines. Behind it lines that
 * stand on one side alone are put beside each other as long as both sides have some.
 */
#include "align.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "line.h"

static void
add_lines(struct align_side *side, struct align_line *line, const struct buf *text, uint32_t above,
          const struct text_span *span)
{
	uint32_t number = above;

	for (const char *at = buf_string(text), *end; *at; at = *end ? end + 1 : end) {
		end = at + strcspn(at, "\n");
		number++;
		line[side->count++] =
			(struct align_line){at, (int)(end - at), text_span_line(span, number), number, above > 0};
	}
}

void
align_read(struct align_side *side, struct arena *arena, const struct buf *body, const struct buf *helpers,
           const struct text_span *span)
{
	size_t most = buf_newlines(body->data, body->len) + buf_newlines(helpers->data, helpers->len) + 2;
	struct align_line *line = arena_alloc(arena, most * sizeof *line);

	*side = (struct align_side){.line = line};
	add_lines(side, line, body, 0, span);
	add_lines(side, line, helpers, LINE_SECOND, span);
}

bool
align_is_same(const struct align_line *one, const struct align_line *two)
{
	return one->length == two->length && one->second == two->second &&
	       !memcmp(one->text, two->text, (size_t)one->length);
}

/* common[i * (two->count + 1) + j]: the length of the longest common subsequence behind lines i and j. */
static unsigned *
make_table(const struct align_side *one, const struct align_side *two)
{
	size_t width = two->count + 1U;
	unsigned *common = calloc((one->count + 1U) * width, sizeof *common);

	if (!common)
		die("out of memory");
	for (unsigned i = one->count; i-- > 0;)
		for (unsigned j = two->count; j-- > 0;) {
			unsigned down = common[(i + 1) * width + j], right = common[i * width + j + 1];

			common[i * width + j] = align_is_same(&one->line[i], &two->line[j])
			                            ? common[(i + 1) * width + j + 1] + 1
			                        : down > right ? down
			                                       : right;
		}
	return common;
}

void
align_each(const struct align_side *one, const struct align_side *two,
           void (*row)(void *context, const struct align_line *one, const struct align_line *two),
           void *context)
{
	unsigned *common = make_table(one, two);
	size_t width = two->count + 1U;
	unsigned i = 0, j = 0;

	while (i < one->count || j < two->count) {
		const struct align_line *left = i < one->count ? &one->line[i] : NULL;
		const struct align_line *right = j < two->count ? &two->line[j] : NULL;
		bool has_left = left && (!right || common[(i + 1) * width + j] == common[i * width + j]);
		bool has_right = right && (!left || common[i * width + j + 1] == common[i * width + j]);

		if (left && right && align_is_same(left, right))
			has_left = has_right = true;
		else if (has_left && has_right)
			has_right = common[(i + 1) * width + j + 1] == common[i * width + j];
		row(context, has_left ? left : NULL, has_right ? right : NULL);
		i += has_left;
		j += has_right;
	}
	free(common);
}
