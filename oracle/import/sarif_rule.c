/* What SARIF's results and notifications are instances of: rule, level and message. See sarif_state.h.
 *
 * How to read it: a reference names a component of the tool (the driver where it names none) and in it a
 * descriptor, by index or by id. A result may name its rule by up to four properties, which must not
 * contradict each other: a rule that is taken for another has another level, and the result would vanish.
 * Then the level, which the descriptor gives where the result does not, and the invocation may override; and
 * the message, whose text may stand with the descriptor.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sarif_state.h"

/* components and descriptors */

static bool
same_text(const json_t *one, const json_t *two)
{
	return json_is_string(one) && json_is_string(two) &&
	       !strcmp(json_string_value(one), json_string_value(two));
}

/* The driver or the extension that a toolComponentReference means; NULL where there is none such. */
static bool
find_component(struct sarif *s, const json_t *reference, const json_t **component)
{
	static const char *const keys[] = {"guid", "name"};
	const json_t *tool = json_object_get(s->run, "tool"), *extensions, *extension;
	int64_t index;
	size_t i;

	*component = json_object_get(tool, "driver");
	if (!reference)
		return true;
	if (!sarif_take(s, tool, "extensions", JSON_ARRAY, &extensions) ||
	    !sarif_take_number(s, reference, "index", -1, &index))
		return false;
	if (index >= 0 && extensions)
		return sarif_take_index(s, reference, "index", extensions, component);
	for (unsigned key = 0; key < 2; key++) {
		const json_t *own = json_object_get(reference, keys[key]);

		if (!own || same_text(own, json_object_get(*component, keys[key])))
			continue;
		*component = NULL;
		json_array_foreach(extensions, i,
		                   extension) if (same_text(own, json_object_get(extension, keys[key]))) *component =
			extension;
		return true;
	}
	if (index >= 0)
		*component = NULL;
	return true;
}

/* Whether a rule's id is `own`, or goes on behind it with another component. */
static bool
is_below(const char *id, const char *own)
{
	size_t length = strlen(own);

	return !strncmp(own, id, length) && (!id[length] || id[length] == '/');
}

static const char *
id_of(const json_t *descriptor)
{
	const char *id = json_string_value(json_object_get(descriptor, "id"));

	return id ? id : "";
}

/* By id, or the longest beginning of a hierarchical id that is one. */
static const json_t *
find_descriptor(const json_t *list, const char *id)
{
	const json_t *best = NULL, *descriptor;
	size_t i, most = 0;

	json_array_foreach(list, i, descriptor)
	{
		const char *own = id_of(descriptor);

		if (strlen(own) > most && is_below(id, own)) {
			best = descriptor;
			most = strlen(own);
		}
	}
	return best;
}

/* Fills in what one reference says, by its properties `id` and `index`, to what is known; it must not be
 * another rule. */
static bool
add_reference(struct sarif *s, const json_t *of, const char *id_key, const char *index_key,
              const json_t *list, struct sarif_rule *rule)
{
	const json_t *descriptor;
	const char *id;

	if (!sarif_take_string(s, of, id_key, "", &id) || !sarif_take_index(s, of, index_key, list, &descriptor))
		return false;
	if (*id && *rule->id && strcmp(id, rule->id) != 0)
		return sarif_refuse(s, "its rule is '%.80s' by one property, and '%.80s' by another", rule->id, id);
	if (descriptor && rule->descriptor && descriptor != rule->descriptor)
		return sarif_refuse(s, "its rule is '%.80s' by one index, and '%.80s' by another",
		                    id_of(rule->descriptor), id_of(descriptor));
	rule->id = *rule->id ? rule->id : id;
	rule->descriptor = rule->descriptor ? rule->descriptor : descriptor;
	return true;
}

/* When all references are read: id and descriptor follow from each other, or must be of one rule. */
static bool
match_rule(struct sarif *s, const json_t *list, struct sarif_rule *rule)
{
	const char *own = id_of(rule->descriptor);

	if (rule->descriptor && *own && *rule->id && !is_below(rule->id, own))
		return sarif_refuse(s, "its rule is '%.80s' by id, and '%.80s' by index", rule->id, own);
	if (!rule->descriptor && *rule->id)
		rule->descriptor = find_descriptor(list, rule->id);
	if (!*rule->id)
		rule->id = own;
	return true;
}

static bool
find_list(struct sarif *s, const json_t *reference, const char *key, struct sarif_rule *rule,
          const json_t **list)
{
	const json_t *component;

	*rule = (struct sarif_rule){.id = ""};
	return sarif_take(s, reference, "toolComponent", JSON_OBJECT, &component) &&
	       find_component(s, component, &rule->component) &&
	       sarif_take(s, rule->component, key, JSON_ARRAY, list);
}

bool
sarif_find_rule(struct sarif *s, const json_t *reference, const char *list, struct sarif_rule *rule)
{
	const json_t *descriptors;

	return find_list(s, reference, list, rule, &descriptors) &&
	       add_reference(s, reference, "id", "index", descriptors, rule) && match_rule(s, descriptors, rule);
}

bool
sarif_find_result_rule(struct sarif *s, const json_t *result, struct sarif_rule *rule)
{
	const json_t *reference, *rules;

	return sarif_take(s, result, "rule", JSON_OBJECT, &reference) &&
	       find_list(s, reference, "rules", rule, &rules) &&
	       add_reference(s, result, "ruleId", "ruleIndex", rules, rule) &&
	       add_reference(s, reference, "id", "index", rules, rule) && match_rule(s, rules, rule);
}

static void
know_rules_of(struct sarif *s, const json_t *component)
{
	const json_t *descriptor;
	size_t i;

	json_array_foreach(json_object_get(component, "rules"), i, descriptor) if (*id_of(descriptor))
		import_know_rule(s->options->meaning, s->options->meanings, id_of(descriptor));
}

void
sarif_know_rules(struct sarif *s)
{
	const json_t *tool = json_object_get(s->run, "tool"), *extension;
	size_t i;

	know_rules_of(s, json_object_get(tool, "driver"));
	json_array_foreach(json_object_get(tool, "extensions"), i, extension) know_rules_of(s, extension);
}

/* levels */

struct level {
	const struct sarif_rule *rule;
	const char *list, *level; /* the level is NULL until it is known */
};

/* An override counts where it means the same descriptor, or where nobody describes the rule, the same id. */
static bool
read_override(struct sarif *s, const json_t *item, size_t index, void *context)
{
	struct level *level = context;
	const json_t *reference, *configuration;
	struct sarif_rule rule;
	const char *own;

	(void)index;
	if (!sarif_take(s, item, "descriptor", JSON_OBJECT, &reference) ||
	    !sarif_take(s, item, "configuration", JSON_OBJECT, &configuration) ||
	    !sarif_take_string(s, configuration, "level", NULL, &own) ||
	    !sarif_find_rule(s, reference, level->list, &rule))
		return false;
	if (own && (rule.descriptor ? rule.descriptor == level->rule->descriptor
	                            : !level->rule->descriptor && *rule.id && is_below(level->rule->id, rule.id)))
		level->level = own;
	return true;
}

bool
sarif_check_overrides(struct sarif *s, const json_t *invocation)
{
	const struct sarif_rule none = {.id = ""};
	struct level rules = {&none, "rules", NULL}, notifications = {&none, "notifications", NULL};

	return sarif_each(s, invocation, "ruleConfigurationOverrides", read_override, &rules) &&
	       sarif_each(s, invocation, "notificationConfigurationOverrides", read_override, &notifications);
}

bool
sarif_find_level(struct sarif *s, const json_t *of, const struct sarif_rule *rule, const json_t *invocation,
                 const char *overrides, const char **level)
{
	static const char *const known[] = {"none", "note", "warning", "error"};
	struct level found = {rule, strcmp(overrides, "ruleConfigurationOverrides") ? "notifications" : "rules",
	                      NULL};
	const json_t *defaults;
	const char *usual;

	if (!sarif_take(s, rule->descriptor, "defaultConfiguration", JSON_OBJECT, &defaults) ||
	    !sarif_take_string(s, defaults, "level", "warning", &usual) ||
	    !sarif_take_string(s, of, "level", NULL, level))
		return false;
	if (!*level && !sarif_each(s, invocation, overrides, read_override, &found))
		return false;
	if (!*level)
		*level = found.level ? found.level : usual;
	for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(*level, known[i]))
			return true;
	return sarif_refuse(s, "level '%.80s' is none of SARIF's", *level);
}

/* messages */

/* Puts arguments in the places of {0}, {1} and so on; {{ and }} are single braces where there are arguments.
 */
static bool
put_arguments(struct sarif *s, const char *text, const json_t *arguments)
{
	buf_clear(&s->text);
	for (; *text; text++) {
		size_t digits = *text == '{' ? strspn(text + 1, "0123456789") : 0;
		const json_t *argument = NULL;

		if (digits && digits < 4 && text[1 + digits] == '}')
			argument = json_array_get(arguments, strtoul(text + 1, NULL, 10));
		if (argument) {
			if (!json_is_string(argument))
				return sarif_refuse(s, "an argument of its message is no string");
			buf_puts(&s->text, json_string_value(argument));
			text += digits + 1;
			continue;
		}
		if (json_array_size(arguments) && (*text == '{' || *text == '}') && text[1] == *text)
			text++;
		buf_putc(&s->text, *text);
	}
	return true;
}

/* The string of that id, of the rule or of all rules of the component; NULL where there is none. */
static bool
find_string(struct sarif *s, const struct sarif_rule *rule, const char *id, const char **text)
{
	const json_t *own, *global, *string;

	if (!sarif_take(s, rule->descriptor, "messageStrings", JSON_OBJECT, &own) ||
	    !sarif_take(s, rule->component, "globalMessageStrings", JSON_OBJECT, &global))
		return false;
	string = json_object_get(own, id);
	*text = json_string_value(json_object_get(string ? string : json_object_get(global, id), "text"));
	return true;
}

bool
sarif_find_message(struct sarif *s, const json_t *of, const struct sarif_rule *rule, const char **text)
{
	const json_t *message, *arguments;
	const char *id;

	if (!sarif_take(s, of, "message", JSON_OBJECT, &message) ||
	    !sarif_take_string(s, message, "text", NULL, text) ||
	    !sarif_take_string(s, message, "id", NULL, &id) ||
	    !sarif_take(s, message, "arguments", JSON_ARRAY, &arguments) ||
	    (!*text && id && !find_string(s, rule, id, text)) || !put_arguments(s, *text ? *text : "", arguments))
		return false;
	*text = buf_string(&s->text);
	return true;
}
