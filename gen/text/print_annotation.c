/* print: what a helper does to a lock and to the IRQL, in the dialect's annotations. See print.h.
 *
 *   _Acquires_lock_(*Lock)
 *   _IRQL_requires_max_(DISPATCH_LEVEL)
 *   _IRQL_raises_(DISPATCH_LEVEL)
 *   _At_(*OldIrql, _IRQL_saves_)
 *
 * They follow from the one call that the helper makes, as the rule tells of it, and so say nothing of the
 * routine. A helper that decides whether to acquire does all that is on success only. Worlds that have no use
 * for annotations define them away. */
#include "print.h"

#include <assert.h>
#include <string.h>

enum { WORDS_MOST = 128 };

/* An annotation of calls that change the lock so and keep the IRQL there. */
static const struct {
	enum event event;
	unsigned keeps; /* bit set of enum rule_keep */
	enum dialect_phrase phrase;
} rows[] = {
	{EVENT_ACQUIRE, 1U << KEEP_NONE | 1U << KEEP_KIRQL | 1U << KEEP_LOCK, PHRASE_ACQUIRES},
	{EVENT_ACQUIRE, 1U << KEEP_HANDLE, PHRASE_ACQUIRES_HANDLE},
	{EVENT_ACQUIRE, 1U << KEEP_HANDLE, PHRASE_SAME_LOCK},
	{EVENT_ACQUIRE, 1U << KEEP_HANDLE, PHRASE_SAVES_HANDLE},
	{EVENT_ACQUIRE, 1U << KEEP_KIRQL, PHRASE_SAVES_IRQL},
	{EVENT_ACQUIRE, 1U << KEEP_KIRQL | 1U << KEEP_LOCK | 1U << KEEP_HANDLE, PHRASE_RAISES_IRQL},
	{EVENT_RELEASE, 1U << KEEP_NONE | 1U << KEEP_KIRQL | 1U << KEEP_LOCK, PHRASE_RELEASES},
	{EVENT_RELEASE, 1U << KEEP_HANDLE, PHRASE_RELEASES_HANDLE},
	{EVENT_RELEASE, 1U << KEEP_HANDLE, PHRASE_RESTORES_HANDLE},
};

/* The call of the rule that a helper makes, itself or through another helper with the same parameters. */
static const struct prog_node *
find_call(const struct prog *prog, const struct prog_node *node)
{
	const struct prog_node *found = NULL;

	for (; node && !found; node = node->next) {
		if (node->op == PROG_CALL || node->op == PROG_TRY || node->op == PROG_ASSERT)
			return node;
		found = find_call(prog, node->function ? prog->function[node->function].body : node->body);
	}
	return found;
}

/* What is printed now, taken back and copied. */
static void
take(struct printer *p, size_t from, char words[WORDS_MOST])
{
	size_t length = p->out->len - from;

	if (length >= WORDS_MOST)
		bug("an annotation of %zu bytes", length);
	memcpy(words, buf_string(p->out) + from, length);
	words[length] = 0;
	p->out->len = from;
}

/* The lock itself: Extension->QueueLock for &Extension->QueueLock, *Lock for Lock. */
static void
find_lock(struct printer *p, const struct prog_node *call, char lock[WORDS_MOST])
{
	size_t from = p->out->len;

	p->plain = true;
	if (!rule_names_locks(p->rule))
		print(p, p->word[WORD_GLOBAL_LOCK_HELD]);
	else if (call->lock.kind != EXPR_NONE)
		print_value(p, call->lock, TYPE_LOCK, false);
	if (call->lock.kind == EXPR_PARAMETER && !p->rule->type[p->rule->call[call->call].type].is_handle &&
	    p->out->data[from] != '&') {
		p->out->len = from;
		print(p, "*");
		print_value(p, call->lock, TYPE_LOCK, false);
	}
	p->plain = false;
	take(p, from, lock);
	if (lock[0] == '&')
		memmove(lock, lock + 1, strlen(lock));
}

/* One line; where it is so on a condition only, within that: PHRASE_COUNT is none. */
static void
put(struct printer *p, enum dialect_phrase when, enum dialect_phrase phrase, const char *lock)
{
	char words[WORDS_MOST];
	size_t from = p->out->len;

	p->made = lock;
	if (when != PHRASE_COUNT) {
		print_phrase(p, phrase);
		take(p, from, words);
		p->made = words;
		phrase = when;
	}
	print_phrase(p, phrase);
	print_newline(p);
	p->made = NULL;
}

/* What a call does, and what it asks for. */
static void
put_call(struct printer *p, const struct rule_call *call, enum dialect_phrase when, const char *lock)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].event == call->event && rows[i].keeps >> call->keep & 1)
			put(p, when, rows[i].phrase, lock);
}

/* From which IRQL on it may be called. */
static void
put_required(struct printer *p, const struct rule_call *call, enum dialect_phrase when)
{
	if (call->irql_max == IRQL_DISPATCH)
		put(p, when, call->irql_min == IRQL_DISPATCH ? PHRASE_AT_DISPATCH : PHRASE_UP_TO_DISPATCH, NULL);
}

/* The branch of a function for both directions. */
static const struct prog_node *
find_directions(const struct prog *prog, const struct prog_node *node)
{
	while (node->op != PROG_IF)
		node = node->op == PROG_HELPER ? prog->function[node->function].body : node->next;
	return node;
}

static void
put_directions(struct printer *p, const struct prog_function *helper)
{
	const struct prog_node *test = find_directions(p->prog, helper->body);
	const struct rule_call *acquire = &p->rule->call[test->body->call],
						   *release = &p->rule->call[test->other->call];
	bool flag = p->prog->shapes.choice[SHAPE_HELPER] == HELPER_DIRECTION;
	enum dialect_phrase takes = flag ? PHRASE_WHEN : PHRASE_WHEN_ACQUIRE,
						gives = flag ? PHRASE_WHEN_NOT : PHRASE_WHEN_RELEASE;
	char lock[WORDS_MOST];

	find_lock(p, test->body, lock);
	put_call(p, acquire, takes, lock);
	put_call(p, release, gives, lock);
	if (release->keep == KEEP_KIRQL)
		put(p, gives, PHRASE_RESTORES_IRQL, NULL);
	put_required(p, acquire, takes);
	put_required(p, release, gives);
}

/* What a run, or an assertion, asks for of its lock; it leaves all as it was. */
static void
put_same(struct printer *p, const struct prog_function *helper)
{
	const struct prog_node *node = find_call(p->prog, helper->body);
	const struct rule_call *call = &p->rule->call[node->call];
	bool held = call->event == EVENT_RELEASE;
	char lock[WORDS_MOST];

	find_lock(p, node, lock);
	put(p, PHRASE_COUNT,
	    !held                       ? PHRASE_LOCK_FREE
	    : call->keep == KEEP_HANDLE ? PHRASE_HANDLE_HELD
	                                : PHRASE_LOCK_HELD,
	    lock);
	put_required(p, call, PHRASE_COUNT);
	put(p, PHRASE_COUNT, PHRASE_SAME_IRQL, NULL);
}

void
print_annotations(struct printer *p, const struct prog_function *helper)
{
	enum dialect_phrase when = helper->returns == TYPE_NONE     ? PHRASE_COUNT
	                           : helper->returns == TYPE_STATUS ? PHRASE_ON_SUCCESS
	                                                            : PHRASE_ON_TRUE;
	const struct prog_node *node;
	char lock[WORDS_MOST];

	if (prog_is_run(helper) || helper->purpose == PURPOSE_ASSERTION)
		put_same(p, helper);
	if (!prog_serves(helper))
		return;
	if (helper->purpose == PURPOSE_DIRECTION) {
		put_directions(p, helper);
		return;
	}
	node = find_call(p->prog, helper->body);
	assert(node);
	if (helper->purpose == PURPOSE_CLEANUP && p->rule->call[node->call].event == EVENT_ACQUIRE)
		node = find_directions(p->prog, helper->body)->other;
	find_lock(p, node, lock);
	put_call(p, &p->rule->call[node->call], when, lock);
	if (helper->purpose == PURPOSE_CLEANUP && p->rule->call[node->call].keep == KEEP_KIRQL)
		put(p, PHRASE_COUNT, PHRASE_RESTORES_IRQL, NULL);
	put_required(p, &p->rule->call[node->call], PHRASE_COUNT);
}
