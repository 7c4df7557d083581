/* hash: XXH3-128, the hash of all texts and files here. */
#ifndef HASH_H
#define HASH_H

#include <stdbool.h>
#include <stddef.h>

enum { HASH_TEXT = 33 }; /* 128 bits as 32 hexadecimal digits and a NUL */

void hash_bytes(const void *bytes, size_t length, char hash[HASH_TEXT]);
/* Of a file's bytes; false, and "", where it cannot be read. */
bool hash_file(const char *path, char hash[HASH_TEXT]);

#endif
