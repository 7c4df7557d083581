/* The first page of the command line, and the pages of the manual. */
#ifndef HELP_H
#define HELP_H

#include <stdio.h>

/* What lockdrill prints when it is called without a command. */
void help_print_usage(FILE *stream);

#endif
