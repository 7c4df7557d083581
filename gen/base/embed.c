/* embed OUT.c NAME=PATH...: writes the files as byte arrays with an index sorted by name. A build tool of
 * its own, made with CC_FOR_BUILD; see gen/base/embedded.h for what it writes. When something fails, what
 * there is of OUT.c lacks embedded_count, so that nothing links with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
	char *name, *path;
	size_t length; /* without the NUL */
};

static void
fail(const char *what, const char *which)
{
	fprintf(stderr, "embed: %s %s\n", what, which);
	exit(1);
}

static int
compare(const void *one, const void *two)
{
	return strcmp(((const struct input *)one)->name, ((const struct input *)two)->name);
}

/* Splits NAME=PATH and sorts by name: with the path behind it "a=" would come after "a.b=". */
static void
read_arguments(struct input *input, char **argument, int count)
{
	for (int i = 0; i < count; i++) {
		char *equals = strchr(argument[i], '=');

		if (!equals)
			fail("expected NAME=PATH:", argument[i]);
		*equals = 0;
		input[i] = (struct input){argument[i], equals + 1, 0};
	}
	qsort(input, (size_t)count, sizeof *input, compare);
	for (int i = 1; i < count; i++)
		if (!compare(&input[i - 1], &input[i]))
			fail("twice the name", input[i].name);
}

/* One byte of a string literal: in octal unless it is plain, so that no digit behind it is taken for a part
 * of it, and no trigraph comes about. */
static void
write_byte(FILE *out, int c)
{
	if (c == '\n')
		fputs("\\n", out);
	else if (c == '\t')
		fputs("\\t", out);
	else if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?')
		fprintf(out, "\\%03o", (unsigned)c);
	else
		putc(c, out);
}

/* Writes one array, a string a line of the file, which a compiler reads ten times faster than numbers;
 * returns its length without the NUL. */
static size_t
write_array(FILE *out, int number, const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t length = 0;
	int c, last = '\n';

	if (!in)
		fail("cannot read", path);
	fprintf(out, "static const unsigned char file_%d[] =\n\t\"", number);
	for (; (c = getc(in)) != EOF; last = c, length++) {
		if (last == '\n' && length)
			fputs("\"\n\t\"", out);
		write_byte(out, c);
	}
	if (ferror(in))
		fail("cannot read", path);
	fclose(in);
	fputs("\";\n", out);
	return length;
}

int
main(int argc, char **argv)
{
	int count = argc - 2, failed;
	struct input *input;
	FILE *out;

	if (count < 1)
		fail("usage:", "embed OUT.c NAME=PATH...");
	input = calloc((size_t)count, sizeof *input);
	if (!input)
		fail("out of memory for", argv[1]);
	read_arguments(input, argv + 2, count);
	out = fopen(argv[1], "wb");
	if (!out)
		fail("cannot write", argv[1]);
	fputs("#include \"embedded.h\"\n\n", out);
	for (int i = 0; i < count; i++)
		input[i].length = write_array(out, i, input[i].path);
	fputs("const struct embedded_file embedded_files[] = {\n", out);
	for (int i = 0; i < count; i++)
		fprintf(out, "\t{\"%s\", file_%d, %zu},\n", input[i].name, i, input[i].length);
	fprintf(out, "};\nconst size_t embedded_count = %d;\n", count);
	free(input);
	failed = ferror(out);
	if (fclose(out) || failed)
		fail("cannot write", argv[1]);
	return 0;
}
