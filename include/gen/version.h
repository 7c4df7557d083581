/* The version of the program. */
#ifndef VERSION_H
#define VERSION_H

#define SUITE_VERSION "4" /* of the cases: see suite/CHANGELOG.md */
#define LOCKDRILL_VERSION "0.1.0"

#endif
