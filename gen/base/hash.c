/* hash: XXH3-128 as text. See hash.h. */
#include "hash.h"

#include <stdio.h>
#include <xxhash.h>

#include "fail.h"

static void
print(XXH128_hash_t sum, char hash[HASH_TEXT])
{
	snprintf(hash, HASH_TEXT, "%016llx%016llx", (unsigned long long)sum.high64,
	         (unsigned long long)sum.low64);
}

void
hash_bytes(const void *bytes, size_t length, char hash[HASH_TEXT])
{
	print(XXH3_128bits(bytes, length), hash);
}

bool
hash_file(const char *path, char hash[HASH_TEXT])
{
	XXH3_state_t *state = XXH3_createState();
	FILE *stream = fopen(path, "rb");
	unsigned char chunk[65536];
	bool ok = stream != NULL;
	size_t got;

	if (!state || XXH3_128bits_reset(state) != XXH_OK)
		die("out of memory");
	while (ok && (got = fread(chunk, 1, sizeof chunk, stream)))
		XXH3_128bits_update(state, chunk, got);
	hash[0] = 0;
	ok = ok && !ferror(stream);
	if (ok)
		print(XXH3_128bits_digest(state), hash);
	if (stream)
		fclose(stream);
	XXH3_freeState(state);
	return ok;
}
