/* embed OUT.c NAME=PATH...: writes the files as byte arrays with a sorted index. A build tool of its own, made with
 * CC_FOR_BUILD; see include/embedded.h for what it writes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
fail(const char *what, const char *which)
{
	fprintf(stderr, "embed: %s %s\n", what, which);
	exit(1);
}

static int
compare(const void *one, const void *two)
{
	return strcmp(*(char *const *)one, *(char *const *)two);
}

/* Writes one array; returns its length without the NUL. */
static size_t
write_array(FILE *out, int number, const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t length = 0;
	int c;

	if (!in)
		fail("cannot read", path);
	fprintf(out, "static const unsigned char file_%d[] = {", number);
	while ((c = getc(in)) != EOF) {
		if (length++ % 24 == 0)
			fputs("\n\t", out);
		fprintf(out, "%d,", c);
	}
	if (ferror(in))
		fail("cannot read", path);
	fclose(in);
	fputs("0\n};\n", out);
	return length;
}

int
main(int argc, char **argv)
{
	size_t *length = calloc((size_t)argc, sizeof *length);
	FILE *out = argc > 1 ? fopen(argv[1], "wb") : NULL;

	if (!out || !length)
		fail("cannot write", argc > 1 ? argv[1] : "");
	qsort(argv + 2, (size_t)argc - 2, sizeof *argv, compare);
	fputs("#include \"embedded.h\"\n\n", out);
	for (int i = 2; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (!equals)
			fail("expected NAME=PATH:", argv[i]);
		*equals = 0;
		length[i] = write_array(out, i, equals + 1);
	}
	fputs("const struct embedded_file embedded_files[] = {\n", out);
	for (int i = 2; i < argc; i++)
		fprintf(out, "\t{\"%s\", file_%d, %zu},\n", argv[i], i, length[i]);
	fprintf(out, "};\nconst size_t embedded_count = %d;\n", argc - 2);
	free(length);
	if (fclose(out))
		fail("cannot write", argv[1]);
	return 0;
}
