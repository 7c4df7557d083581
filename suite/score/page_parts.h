/* What the files of a page share. Only suite/score/page*.c use it. */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "html.h"
#include "pick.h"
#include "place.h"
#include "report_page.h"
#include "report_parts.h"

/* A page of scores in the making. */
struct page {
	const struct report_page *of;
	const struct ranked *ranked; /* one a checker, best first */
	struct picks picks;
	struct places places;
	struct arena *arena;
	struct diag *diag;
};

/* Index in stored->checker of one by its rank. */
unsigned page_checker(const struct page *page, unsigned rank);

enum { PAGE_ID = 12 }; /* digits of an id by which it is found */
/* Prints a page: the parts and links of its template, "report/scores.html", within the frame, with style and
 * script. Title and subject are markup. */
bool page_print(struct buf *out, const char *name, const char *title, const struct buf *subject,
                const struct template_slot *slots, size_t count, struct arena *arena, struct diag *diag);
/* Text of several lines as items of a list; a line that begins with a blank goes on with the one above. */
void page_lines(struct buf *out, const char *text);
/* ".83", "-.02", "1": what is not 1, -1 or 0 is not rounded to it; "-" for what is not defined. */
void page_share(struct buf *out, struct measure measure);

/* maps: steps or shapes by checkers, each cell a link to its list; and these lists. */
void page_map(struct buf *out, const struct page *page, enum score_by by, const char *caption);
void page_lists(struct buf *out, const struct page *page);
/* courses: recall against depth, locks and size of sequences; drawings, then the numbers as a table. */
void page_courses(struct buf *out, const struct page *page, enum score_by by, const char *what);
/* cases: pairs that the picks are about, as long as they are no more than `most` bytes; keeps those picks. */
bool page_cases(struct buf *out, struct page *page, size_t most);

/* One pair: its heading, and the twins as one listing. `answers` stands below it. */
struct page_pair {
	char id[16]; /* of the element */
	const struct stored_pair *pair;
	const char *reading;
	const struct buf *answers;
};

bool page_pair(struct buf *out, const struct template *template, const struct page_pair *of,
               struct places *places, struct diag *diag);
/* The reading that a pair's findings are marked in. */
const char *page_reading(const struct score_options *options, const struct stored_case *of);
/* The commands that show a case and, where `ask` has options of checkers, ask them again. All but the id are
 * words of a shell. */
void page_commands(struct buf *out, const char *id, const char *path, const char *level, const char *ask);

#endif
