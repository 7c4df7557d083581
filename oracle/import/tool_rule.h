/* tool_rule: what the rules of tools mean, as their documents say. */
#ifndef TOOL_RULE_H
#define TOOL_RULE_H

#include <stdint.h>

/* What a result of that tool and rule is taken for where the user does not say: a kind, IMPORT_KINDLESS for a
 * rule about locks that has none, IMPORT_IGNORED for the tool's rules about anything else; of a tool that is
 * not known, IMPORT_KINDLESS. */
uint8_t tool_rule_meaning(const char *tool, const char *rule);

#endif
