/* calls: the functions that a driver may call, as a table. Private to hygiene. */
#ifndef CALLS_H
#define CALLS_H

/* What a call does that a check asks for. */
enum {
	CALL_INITIALISES = 1, /* a lock, which is an argument */
	CALL_ALLOCATES = 2,   /* memory */
	CALL_GIVES = 4,       /* away the request that is an argument: completed, queued, or no longer guarded */
	CALL_ACQUIRES = 8,    /* with a queue handle, which is its second argument */
	CALL_LISTS = 16,      /* puts the request that is an argument into a list */
	CALL_READS = 32,      /* a register of the device, its last argument: each time anew */
};

enum { MODEL_WDM = 1, MODEL_KMDF = 2, MODEL_STORPORT = 4 };

struct call_row {
	const char *name;
	unsigned char models; /* bit set */
	unsigned char does;   /* bit set */
};

extern const struct call_row call_rows[];
extern const unsigned call_row_count;

/* 0 for a model that nothing is known of. */
unsigned call_model(const char *name);

#endif
