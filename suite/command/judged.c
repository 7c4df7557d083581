/* judged: opening a database to look at its answers. See judged.h. */
#include "judged.h"

#include "report.h"
#include "rule.h"

static bool
check_wish(struct judged *judged, const struct judged_wish *wish, struct diag *diag)
{
	enum score_view view = report_view_find(wish->view);

	if (!wish->path)
		diag_set(diag, "lockdrill", 0, 0, "give the database that `lockdrill run` made");
	else if (view >= VIEW_NAMED)
		diag_set(diag, "--view", 0, 0, "there is no view '%s'; known: headline, declared, settled",
		         wish->view);
	else
		return filters_make(&wish->filters, &judged->filter, diag);
	return false;
}

bool
judged_open(struct judged *judged, const struct judged_wish *wish, struct diag *diag)
{
	struct filter *filter = &judged->filter;

	*judged = (struct judged){.options = {.view = VIEW_NAMED, .reading = wish->reading}};
	if (!check_wish(judged, wish, diag))
		return false;
	if (!wish->reading)
		judged->options.view = report_view_find(wish->view);
	for (unsigned i = 0; i < filter->rules.count; i++)
		filter->rules.word[i] = rule_proper_name(&judged->arena, filter->rules.word[i]);
	judged->store = store_open(wish->path, true, diag);
	if (!judged->store || !filters_are_known(judged->store, filter, wish->reading, diag) ||
	    !store_read(judged->store, &judged->stored, filter, &judged->arena, diag) ||
	    !score_keep_checkers(&judged->stored, wish->checkers.item, wish->checkers.count, diag))
		return false;
	if (judged->stored.cases)
		return true;
	diag_set(diag, wish->path, 0, 0, FILTERS_NOTHING);
	return false;
}

bool
judged_check_run(const struct stored_checker *checker, const char *path, struct diag *diag)
{
	const char *why_not = score_why_not(checker);

	if (why_not)
		diag_set(diag, path, 0, 0, "%s has no answers that count: %s", checker->name, why_not);
	return !why_not;
}

void
judged_close(struct judged *judged)
{
	store_close(judged->store);
	arena_free(&judged->arena);
}

void
judged_head(struct buf *out, const struct judged *judged)
{
	const struct stored *stored = &judged->stored;

	buf_printf(out, "lockdrill suite %s, level %s, %u of its %u cases; filters: ", stored->suite,
	           stored->level, stored->cases, stored->all);
	report_filters(out, stored);
	buf_printf(out, "; %s: %s", judged->options.reading ? "reading" : "view",
	           judged->options.reading ? judged->options.reading : report_view_name(judged->options.view));
}
