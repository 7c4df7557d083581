/* What a supervisor is asked to start: directory, environment and arguments of a program. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <stdbool.h>

#include "buf.h"
#include "lane_state.h"
#include "order.h"
#include "process.h"

/* Makes the order that starts the command in the lane, and its strings. */
void launch_order(struct order *order, struct buf *strings, const struct lane *lane,
                  const struct process_command *command);
/* Whether the command's directory is there and its program could be run; false with errno. bubblewrap would
 * report these as an exit status of its own. */
bool launch_is_possible(const struct process_command *command);

#endif
