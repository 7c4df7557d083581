/* print: the macro that holds a lock while its block runs. See print.h.
 *
 *   #define WITH_LOCK(lock, irql) \
 *   	for (ULONG Once = (KeAcquireSpinLock((lock), &(irql)), 1); Once != 0; \
 *   	     Once = (KeReleaseSpinLock((lock), (irql)), 0))
 *
 * Each pair of calls has a macro of its own. Where the release names the lock by another expression than
 * the acquire, or gives back another KIRQL, that is one more parameter. Both calls stand on the line that
 * uses it. */
#include "print.h"

#include <assert.h>

enum { GUARDS = 16 };

/* What a macro looks like. */
struct guard {
	uint8_t acquire, release; /* index into rule.call */
	bool held, restored;      /* the release has a lock, a KIRQL of its own */
};

struct guards {
	unsigned count;
	struct guard guard[GUARDS];
};

static bool
is_same(struct prog_expr one, struct prog_expr other)
{
	return one.kind == other.kind && one.index == other.index;
}

static struct guard
guard_of(const struct prog_node *node)
{
	const struct prog_node *release = node->other;

	assert(node->op == PROG_GUARD && release);
	return (struct guard){.acquire = node->call,
	                      .release = release->call,
	                      .held = release->lock.kind != EXPR_NONE && !is_same(node->lock, release->lock),
	                      .restored = release->irql.kind != EXPR_NONE && !is_same(node->irql, release->irql)};
}

/* The number of a guard among those found, from 0; it is added where it is new. */
static unsigned
find_guard(struct guards *found, struct guard guard)
{
	unsigned i = 0;

	for (; i < found->count; i++) {
		const struct guard *old = &found->guard[i];

		if (old->acquire == guard.acquire && old->release == guard.release && old->held == guard.held &&
		    old->restored == guard.restored)
			return i;
	}
	if (i == GUARDS)
		bug("more than %d kinds of guards", GUARDS);
	found->guard[found->count++] = guard;
	return i;
}

static void
find_block(struct guards *found, const struct prog_node *node)
{
	for (; node; node = node->next) {
		if (node->op == PROG_GUARD)
			find_guard(found, guard_of(node));
		find_block(found, node->body);
		find_block(found, node->other);
	}
}

static struct guards
find_all(const struct prog *prog)
{
	struct guards found = {0};

	for (unsigned i = 0; i < prog->functions; i++)
		find_block(&found, prog->function[i].body);
	return found;
}

/* WITH_LOCK, WITH_LOCK2 */
static void
put_name(struct printer *p, unsigned number)
{
	print(p, "WITH_LOCK");
	if (number)
		buf_number(p->out, number + 1);
	print(p, p->suffix);
	print(p, "(");
}

static bool
saves_irql(const struct rule_call *call)
{
	bool saves = call->result == RESULT_SAVED_IRQL;

	for (unsigned i = 0; i < call->arguments; i++)
		saves |= call->argument[i] == ARGUMENT_SAVE_IRQL;
	return saves;
}

static bool
has_argument(const struct rule_call *call, enum rule_argument argument)
{
	for (unsigned i = 0; i < call->arguments; i++)
		if (call->argument[i] == argument)
			return true;
	return false;
}

/* lock, held, irql */
static void
put_parameters(struct printer *p, const struct guard *guard)
{
	const struct rule_call *acquire = &p->prog->rule->call[guard->acquire];
	const struct {
		const char *name;
		bool there;
	} rows[] = {
		{"lock", has_argument(acquire, ARGUMENT_LOCK)},
		{"held", guard->held},
		{"irql", saves_irql(acquire)},
		{"restored", guard->restored},
		{"handle", has_argument(acquire, ARGUMENT_HANDLE)},
	};
	bool some = false;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].there) {
			print(p, some ? ", " : "");
			print(p, rows[i].name);
			some = true;
		}
	print(p, ")");
}

/* KeAcquireSpinLock((lock), &(irql)) */
static void
put_call(struct printer *p, const struct rule_call *call, const char *lock, const char *irql)
{
	if (call->result == RESULT_SAVED_IRQL)
		buf_all(p->out, "(", irql, ") = ");
	buf_all(p->out, call->name, "(");
	for (unsigned i = 0; i < call->arguments; i++) {
		print(p, i ? ", " : "");
		switch (call->argument[i]) {
		case ARGUMENT_LOCK:
			buf_all(p->out, "(", lock, ")");
			break;
		case ARGUMENT_SAVE_IRQL:
			buf_all(p->out, "&(", irql, ")");
			break;
		case ARGUMENT_IRQL:
			buf_all(p->out, "(", irql, ")");
			break;
		case ARGUMENT_HANDLE:
			print(p, "&(handle)");
			break;
		}
	}
	print(p, ")");
}

void
print_guard_macros(struct printer *p)
{
	const struct guards found = find_all(p->prog);

	for (unsigned i = 0; i < found.count; i++) {
		const struct guard *guard = &found.guard[i];
		const struct rule_call *calls = p->prog->rule->call;

		print(p, "#define ");
		put_name(p, i);
		put_parameters(p, guard);
		buf_all(p->out, " \\\n\tfor (", p->word[WORD_NUMBER], " Once = (");
		put_call(p, &calls[guard->acquire], "lock", "irql");
		print(p, ", 1); Once != 0; \\\n\t     Once = (");
		put_call(p, &calls[guard->release], guard->held ? "held" : "lock",
		         guard->restored ? "restored" : "irql");
		print(p, ", 0))\n");
	}
}

static void
put_argument(struct printer *p, struct prog_expr value, enum prog_type type)
{
	if (value.kind == EXPR_NONE)
		return;
	print(p, p->out->data[p->out->len - 1] == '(' ? "" : ", ");
	print_value(p, value, type, false);
}

void
print_guard(struct printer *p, const struct prog_node *node)
{
	struct guards found = find_all(p->prog);
	const struct guard guard = guard_of(node);
	const struct prog_expr nothing = {EXPR_NONE, 0};

	put_name(p, find_guard(&found, guard));
	put_argument(p, node->lock, TYPE_LOCK);
	put_argument(p, guard.held ? node->other->lock : nothing, TYPE_LOCK);
	put_argument(p, node->irql, TYPE_KIRQL);
	put_argument(p, guard.restored ? node->other->irql : nothing, TYPE_KIRQL);
	put_argument(p, node->handle, TYPE_HANDLE);
	print(p, ")");
}
