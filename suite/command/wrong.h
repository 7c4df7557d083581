/* wrong: what lockdrill wrong tells of one wrong answer, and the forms that it is told in. Only
 * suite/command/wrong*.c use it. */
#ifndef WRONG_H
#define WRONG_H

#include "cause.h"
#include "judged.h"
#include "place.h"

struct wrong {
	struct judged judged; /* with one checker */
	struct causes causes;
	struct places places;
	const char *path; /* of the database */
	const char *ask;  /* options of run that ask the checker: "--checker sparse"; NULL: it cannot be asked */
};

/* All that is told of an answer. */
struct wrong_answer {
	const struct cause_case *of;
	const struct stored_case *stored, *twin; /* twin: NULL where there is none */
	const struct stored_reading *expected;
	const struct stored_answer *answer;
	struct place place;
	struct buf why, message;
	struct buf shapes; /* those that are not default, with blanks between them; "" for none */
	struct buf again;  /* the command that asks again; "" where there is none */
	struct buf show;   /* the command that shows the case */
};

/* Reads it; valid until the next one is read. False with the message. */
bool wrong_read(struct wrong *wrong, const struct cause_case *of, struct wrong_answer *answer,
                struct diag *diag);
void wrong_answer_free(struct wrong_answer *answer);
/* Finds the options of `run` by which the checker is asked again, from the adapter that is stored; NULL where
 * its answers were imported. */
bool wrong_find_ask(struct wrong *wrong, struct diag *diag);

/* The first `most` of all wrong answers, smallest first, under their causes. */
bool wrong_print(struct wrong *wrong, unsigned most, struct diag *diag);
/* The same as JSON lines, in the order of their sizes, as include/lockdrill/wrong.schema.json says. */
bool wrong_print_json(struct wrong *wrong, unsigned most, struct diag *diag);

#endif
