/* Where SARIF's results and notifications are: the file of the manifest, and the line. See sarif_state.h.
 *
 * How to read it: from the inside out. A URI loses its scheme and is decoded; a relative one stands on its
 * bases; the path is looked up in the manifest, which forgives what stands before it; a location adds the
 * line.
 *
 *   uri, uriBaseId -> bases -> path --import_find_file--> file of the manifest
 */
#include <assert.h>
#include <string.h>

#include "sarif_state.h"

enum { BASES_MOST = 8 };

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Adds a URI's path with its %XX decoded; the part behind ? or # names no file. */
static void
add_path(struct buf *path, const char *uri)
{
	for (; *uri && *uri != '?' && *uri != '#'; uri++) {
		int high = *uri == '%' ? hex_digit(uri[1]) : -1, low = high < 0 ? -1 : hex_digit(uri[2]);

		if (low < 0 || !(high * 16 + low)) {
			buf_putc(path, *uri);
			continue;
		}
		buf_putc(path, (char)(high * 16 + low));
		uri += 2;
	}
}

/* What follows `file:` or another scheme. A path behind it may be relative, which the standard of URIs does
 * not know, and tools write all the same. */
static const char *
without_scheme(const char *uri)
{
	size_t length = strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return length && uri[length] == ':' ? uri + length + 1 : uri;
}

/* Puts before a relative path what its base says, and that one's base. A base that is not known adds nothing.
 */
static bool
add_bases(struct sarif *s, const json_t *location, struct buf *path, unsigned depth)
{
	const json_t *bases, *base;
	const char *id, *uri;

	if (!sarif_take_string(s, location, "uriBaseId", NULL, &id) ||
	    !sarif_take(s, s->run, "originalUriBaseIds", JSON_OBJECT, &bases))
		return false;
	base = id ? json_object_get(bases, id) : NULL;
	if (!json_is_object(base))
		return true;
	if (depth == BASES_MOST)
		return sarif_refuse(s, "uriBaseId '%.80s' stands on itself", id);
	if (!sarif_take_string(s, base, "uri", "", &uri))
		return false;
	uri = without_scheme(uri);
	if (*uri != '/' && !add_bases(s, base, path, depth + 1))
		return false;
	add_path(path, uri);
	return true;
}

static bool
is_header(const char *path)
{
	size_t length = strlen(path);

	return length > 2 && !strcmp(path + length - 2, ".h");
}

/* The URI of a location, which may stand with an artifact: then *of becomes that one's location. NULL where
 * there is none. */
static bool
find_uri(struct sarif *s, const json_t **of, const char **uri)
{
	const json_t *artifacts, *artifact;

	if (!sarif_take_string(s, *of, "uri", NULL, uri))
		return false;
	return *uri || (sarif_take(s, s->run, "artifacts", JSON_ARRAY, &artifacts) &&
	                sarif_take_index(s, *of, "index", artifacts, &artifact) &&
	                sarif_take(s, artifact, "location", JSON_OBJECT, of) &&
	                sarif_take_string(s, *of, "uri", NULL, uri));
}

/* With its bases, or else as it is. */
static bool
look_up(struct sarif *s, const struct buf *path, size_t own, bool wanted, uint32_t *file)
{
	*file = import_find_file(s->import, buf_string(path));
	if (*file == IMPORT_NONE)
		*file = import_find_file(s->import, buf_string(path) + own);
	if (*file == IMPORT_NONE && (!wanted || is_header(buf_string(path))))
		*file = SARIF_NOBODY;
	assert(*file == IMPORT_NONE || *file == SARIF_NOBODY || *file < s->import->files);
	return *file != IMPORT_NONE || sarif_refuse(s, "the manifest has no file '%.200s'", buf_string(path));
}

bool
sarif_find_file(struct sarif *s, const json_t *location, bool wanted, uint32_t *file)
{
	struct buf path = {0};
	const char *uri;
	bool ok;

	*file = IMPORT_NONE;
	if (!find_uri(s, &location, &uri))
		return false;
	if (!uri || !*uri)
		return true;
	uri = without_scheme(uri);
	ok = *uri == '/' || add_bases(s, location, &path, 0);
	if (ok) {
		size_t own = path.len;

		add_path(&path, uri);
		ok = look_up(s, &path, own, wanted, file);
	}
	buf_free(&path);
	return ok;
}

static bool
find_line(struct sarif *s, const json_t *physical, uint32_t *line)
{
	const json_t *region;
	size_t before;
	int64_t number;

	*line = 0;
	if (!sarif_take(s, physical, "region", JSON_OBJECT, &region))
		return false;
	if (!region)
		return true;
	before = sarif_enter(s, "region");
	if (!sarif_take_number(s, region, "startLine", 0, &number))
		return false;
	if ((number < 1 && json_is_number(json_object_get(region, "startLine"))) || number > IMPORT_LINES)
		return sarif_refuse(s, "startLine %lld is no line", (long long)number);
	*line = (uint32_t)number;
	sarif_leave(s, before);
	return true;
}

bool
sarif_find_place(struct sarif *s, const json_t *location, bool wanted, uint32_t *file, uint32_t *line)
{
	const json_t *physical, *artifact;
	size_t before;

	if (!sarif_take(s, location, "physicalLocation", JSON_OBJECT, &physical))
		return false;
	before = sarif_enter(s, "physicalLocation");
	if (!sarif_take(s, physical, "artifactLocation", JSON_OBJECT, &artifact) ||
	    !sarif_find_file(s, artifact, wanted, file) || !find_line(s, physical, line))
		return false;
	sarif_leave(s, before);
	return true;
}
