/* The supervisor: the process between us and a program, our own binary started anew. It runs one program
 * after the other, watches their limits, ends the whole tree of each, and reports how it ended.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

/* Takes orders until it is told to leave or the other end is closed. Closes all other descriptors above
 * stderr, and changes signals: for a process that does nothing else. Returns the exit status: 0, or 2 where
 * `socket` is none of ours. */
int supervisor_run(int socket);

#endif
