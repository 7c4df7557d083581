/* A test bench for a pack of the driver-verifier world: calls every routine once, along a random path, as a machine with
 * Driver Verifier would, and stops it at the first bug check. A model of what the pages of the rules and of bug check 0xC4
 * say, and not Driver Verifier. Compiled together with the pack, and called with SPANS FILE RUN.
 *
 * A path is random by the text of its case and the number of the run, so that a run is the same each time, and in each pack.
 * Every unknown is 0 or 1, each as likely; a try takes a lock that is free half of the time. An endless loop ends the path
 * behind ROUND_MOST rounds, as does what stops the machine by itself: nothing was seen then.
 *
 * Bug checks come in the order in which a call is made: first whether it may be made at this IRQL, then the rule; at the
 * routine's end, whether a lock that the rule watches is held. Prints a line for each routine: `case K: pass`, or where it
 * stopped, which for a lock that is still held is the call that took it; then `done`. Licence: 0BSD. */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSIVE_LEVEL, DISPATCH_LEVEL = 2 };
enum { ROUND_MOST = 64, LOCKS = 64, CASES = 100000 };

extern int (*const lockdrill_main[])(void);
extern const unsigned lockdrill_mains;

/* Of pages that name a bug check; the others are not checked at run time. */
struct rule {
	const char *name;
	unsigned parameter; /* of bug check 0xC4 */
};
static const struct rule spin_lock_release = {"SpinlockRelease", 0x4000B};
static const struct rule queued_spin_lock_release = {"QueuedSpinLockRelease", 0x40007};

/* What the calls need and do, by their number in locks.h. The parameters of bug check 0xC4 for a call below or above
 * DISPATCH_LEVEL are those of its page; 0: none is named. */
static const struct {
	const char *name;
	const struct rule *rule; /* that watches it, or NULL */
	int keeps_irql;
	unsigned below, above;
} calls[] = {
	{"KeAcquireSpinLock", &spin_lock_release, 0, 0, 0x42},
	{"KeAcquireSpinLockRaiseToDpc", &spin_lock_release, 0, 0, 0x42},
	{"KeAcquireSpinLockAtDpcLevel", &spin_lock_release, 1, 0x40, 0},
	{"KeTryToAcquireSpinLockAtDpcLevel", &spin_lock_release, 1, 0, 0},
	{"KeReleaseSpinLock", &spin_lock_release, 0, 0x32, 0x32},
	{"KeReleaseSpinLockFromDpcLevel", &spin_lock_release, 1, 0x41, 0},
	{"KeAcquireInStackQueuedSpinLock", &queued_spin_lock_release, 0, 0, 0},
	{"KeReleaseInStackQueuedSpinLock", &queued_spin_lock_release, 0, 0, 0},
	{"IoAcquireCancelSpinLock", NULL, 0, 0, 0},
	{"IoReleaseCancelSpinLock", NULL, 0, 0, 0},
	{"WdfSpinLockAcquire", NULL, 0, 0, 0},
	{"WdfSpinLockRelease", NULL, 0, 0, 0},
};

/* The cases of the pack: their lines of the file, what begins their random numbers, and their roles. */
static struct {
	unsigned first, lines;
	uint64_t seed;
	int irql; /* at which its routine is entered */
} cases[CASES];
static unsigned count;

/* Roles in the order in which they are told, before main. */
static struct {
	unsigned line;
	int irql;
} role[CASES];
static unsigned roles;

/* The machine. */
static const char *file;
static uint64_t random_state;
static int irql;
static unsigned rounds; /* of endless loops */
static struct {
	const void *address;
	int held;
	int call; /* that took it, at this line */
	unsigned line;
} lock[LOCKS];
static unsigned locks;
static jmp_buf leave;

static void
fail(const char *what)
{
	fprintf(stderr, "driver_verifier: error: %s\n", what);
	exit(2);
}

/* splitmix64, by Sebastiano Vigna */
static uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return z ^ z >> 31;
}

/* The machine stops here. `why` is a format, of the call and the IRQL. */
static void
bug_check(unsigned line, unsigned parameter, const char *why, int call)
{
	printf("%s:%u: bug check 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION, parameter 1 0x%X: ", file, line, parameter);
	if (calls[call].rule && calls[call].rule->parameter == parameter)
		printf("rule %s: ", calls[call].rule->name);
	printf(why, calls[call].name, irql);
	putchar('\n');
	longjmp(leave, 1);
}

static void
check_irql(int call, unsigned line)
{
	unsigned parameter =
		irql < DISPATCH_LEVEL ? calls[call].below : irql > DISPATCH_LEVEL ? calls[call].above : 0;

	if (parameter)
		bug_check(line, parameter, "%s at IRQL %d", call);
}

/* Place of a lock among those that were seen. */
static unsigned
find_lock(const void *address)
{
	unsigned i = 0;

	while (i < locks && lock[i].address != address)
		i++;
	if (i == LOCKS)
		fail("a routine has too many locks");
	if (i == locks) {
		lock[locks].address = address;
		lock[locks++].held = 0;
	}
	return i;
}

void
verifier_initialise(void *address)
{
	lock[find_lock(address)].held = 0;
}

static void
take(int call, const void *address, unsigned line)
{
	unsigned i = find_lock(address);

	if (lock[i].held && calls[call].rule)
		bug_check(line, calls[call].rule->parameter, "%s of a lock that is held", call);
	lock[i].held = 1;
	lock[i].call = call;
	lock[i].line = line;
}

unsigned char
verifier_acquire(int call, void *address, unsigned line)
{
	int before = irql;

	check_irql(call, line);
	take(call, address, line);
	if (!calls[call].keeps_irql)
		irql = DISPATCH_LEVEL;
	return (unsigned char)before;
}

int
verifier_choose(void)
{
	return (int)(random_next(&random_state) >> 63);
}

int
verifier_try(int call, void *address, unsigned line)
{
	check_irql(call, line);
	if (lock[find_lock(address)].held || !verifier_choose())
		return 0;
	take(call, address, line);
	return 1;
}

void
verifier_release(int call, void *address, int old, unsigned line)
{
	check_irql(call, line);
	if (calls[call].rule && !(address && lock[find_lock(address)].held))
		bug_check(line, calls[call].rule->parameter, "%s of a lock that is not held", call);
	if (address)
		lock[find_lock(address)].held = 0;
	if (!calls[call].keeps_irql)
		irql = old;
}

int
verifier_irql(void)
{
	return irql;
}

/* The path ends, and nothing was seen. */
void
verifier_stop(void)
{
	longjmp(leave, 2);
}

void
verifier_round(void)
{
	if (rounds++ == ROUND_MOST)
		verifier_stop();
}

/* The routine has returned. */
void
verifier_end(void)
{
	for (unsigned i = 0; i < locks; i++)
		if (lock[i].held && calls[lock[i].call].rule)
			bug_check(lock[i].line, calls[lock[i].call].rule->parameter,
			          "the routine returned, and holds what %s took here", lock[i].call);
}

void
verifier_role(unsigned line, int at_entry)
{
	if (roles == CASES)
		fail("too many routines");
	role[roles].line = line;
	role[roles++].irql = at_entry;
}

/* what is run */

/* FNV-1a of a case's lines; without the suffixes of names, _0 _1 ..., and blank lines at its end, so that it is the same in
 * each pack. */
static uint64_t
hash_lines(const char *text, size_t length)
{
	uint64_t hash = 0xCBF29CE484222325;

	while (length && text[length - 1] == '\n')
		length--;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '_' && i + 1 < length && text[i + 1] >= '0' && text[i + 1] <= '9') {
			while (i + 1 < length && text[i + 1] >= '0' && text[i + 1] <= '9')
				i++;
			continue;
		}
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001B3;
	}
	return hash;
}

static char *
read_file(const char *path)
{
	FILE *stream = fopen(path, "rb");
	size_t length = 0, room = 1 << 16;
	char *text = malloc(room);

	if (!stream || !text)
		fail("cannot read the files");
	while ((length += fread(text + length, 1, room - length - 1, stream)) == room - 1)
		if (!(text = realloc(text, room *= 2)))
			fail("out of memory");
	fclose(stream);
	text[length] = 0;
	return text;
}

static const char *
next_line(const char *at)
{
	const char *newline = strchr(at, '\n');

	return newline ? newline + 1 : at + strlen(at);
}

static void
read_cases(const char *spans, const char *text, const char *run)
{
	uint64_t number = strtoull(run, NULL, 10), salt = random_next(&number);
	unsigned line = 1;

	for (; *spans; spans = next_line(spans)) {
		const char *begin;

		if (count == CASES || sscanf(spans, "%u %u", &cases[count].first, &cases[count].lines) != 2 ||
		    cases[count].first < line)
			fail("SPANS does not have the lines of cases");
		for (; line < cases[count].first; line++)
			text = next_line(text);
		for (begin = text; line < cases[count].first + cases[count].lines; line++)
			text = next_line(text);
		cases[count].seed = hash_lines(begin, (size_t)(text - begin)) ^ salt;
		count++;
	}
}

static void
give_roles(void)
{
	unsigned given = 0;

	for (unsigned i = 0; i < roles; i++)
		for (unsigned k = 0; k < count; k++)
			if (role[i].line - cases[k].first < cases[k].lines) {
				cases[k].irql = role[i].irql;
				given++;
			}
	if (roles != count || given != count || lockdrill_mains != count)
		fail("the pack does not have one routine a case");
}

static void
run_case(unsigned which)
{
	random_state = cases[which].seed;
	irql = cases[which].irql;
	locks = rounds = 0;
	switch (setjmp(leave)) {
	case 0:
		lockdrill_main[which]();
		/* falls through */
	case 2:
		printf("case %u: pass\n", which);
	}
}

int
main(int argc, char **argv)
{
	const char *slash;

	if (argc != 4)
		fail("expected SPANS FILE RUN");
	slash = strrchr(argv[2], '/');
	file = slash ? slash + 1 : argv[2];
	read_cases(read_file(argv[1]), read_file(argv[2]), argv[3]);
	give_roles();
	for (unsigned i = 0; i < count; i++)
		run_case(i);
	puts("done");
	return fflush(stdout) != 0;
}
