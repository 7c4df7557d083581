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
		if (node->op == PROG_CALL || node->op == PROG_TRY)
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
	memcpy(words, p->out->data + from, length);
	words[length] = 0;
	p->out->len = from;
}

/* The lock itself: Extension->QueueLock for &Extension->QueueLock, *Lock for Lock. */
static void
find_lock(struct printer *p, const struct prog_node *call, char lock[WORDS_MOST])
{
	size_t from = p->out->len;

	if (!p->rule->lock_type[0])
		print(p, p->word[WORD_GLOBAL_LOCK_HELD]);
	else if (call->lock.kind != EXPR_NONE)
		print_value(p, call->lock, TYPE_LOCK, false);
	if (call->lock.kind == EXPR_PARAMETER && !p->rule->lock_is_handle && p->out->data[from] != '&') {
		p->out->len = from;
		print(p, "*");
		print_value(p, call->lock, TYPE_LOCK, false);
	}
	take(p, from, lock);
	if (lock[0] == '&')
		memmove(lock, lock + 1, strlen(lock));
}

/* One line; where the helper may fail, within _When_. */
static void
put(struct printer *p, const struct prog_function *helper, enum dialect_phrase phrase, const char *lock)
{
	char words[WORDS_MOST];
	size_t from = p->out->len;

	p->made = lock;
	if (helper->returns != TYPE_NONE) {
		print_phrase(p, phrase);
		take(p, from, words);
		p->made = words;
		phrase = helper->returns == TYPE_STATUS ? PHRASE_ON_SUCCESS : PHRASE_ON_TRUE;
	}
	print_phrase(p, phrase);
	print_newline(p);
	p->made = NULL;
}

/* From which IRQL on it may be called. */
static void
put_required(struct printer *p, const struct rule_call *call)
{
	if (call->irql_max != IRQL_DISPATCH)
		return;
	print_phrase(p, call->irql_min == IRQL_DISPATCH ? PHRASE_AT_DISPATCH : PHRASE_UP_TO_DISPATCH);
	print_newline(p);
}

void
print_annotations(struct printer *p, const struct prog_function *helper)
{
	const struct prog_node *node;
	const struct rule_call *call;
	char lock[WORDS_MOST];

	if (helper->purpose != PURPOSE_ACQUIRE && helper->purpose != PURPOSE_RELEASE &&
	    helper->purpose != PURPOSE_CONDITIONAL)
		return;
	node = find_call(p->prog, helper->body);
	assert(node);
	call = &p->rule->call[node->call];
	find_lock(p, node, lock);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].event == call->event && rows[i].keeps >> call->keep & 1)
			put(p, helper, rows[i].phrase, lock);
	put_required(p, call);
}
