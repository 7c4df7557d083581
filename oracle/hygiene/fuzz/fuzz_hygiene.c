/* Bytes as a text: it is judged without a fault of ours, the same each time, and every kind has a line of the
 * text. */
#include "bits.h"
#include "fail.h"
#include "hygiene.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const models[] = {"wdm", "kmdf", "storport"};
	static struct hygiene hygiene;
	struct rule rule = {0};
	struct hygiene_result once, again;
	uint32_t lines = 1;

	if (!size)
		return 0;
	for (size_t i = 1; i < size; i++)
		lines += data[i] == '\n';
	rule.model = models[data[0] % 3];
	hygiene_judge(&hygiene, (const char *)data + 1, size - 1, &rule, &once);
	hygiene_judge(&hygiene, (const char *)data + 1, size - 1, &rule, &again);
	if (once.kinds != again.kinds)
		bug("judged %x, then %x", once.kinds, again.kinds);
	bits_each (kind, once.kinds)
		if (!once.line[kind] || once.line[kind] > lines || once.line[kind] != again.line[kind])
			bug("%s on line %u of %u", hygiene_name((enum hygiene_kind)kind), once.line[kind], lines);
	return 0;
}
