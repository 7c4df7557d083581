/* book_site: the files of a book, and what is around each page. See book.h. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "book.h"
#include "tree.h"
#include "verdict.h"

static struct buf *
add_file(struct book *book, const char *name)
{
	struct book_file *file = array_add(&book->arena, book->file, book->files, book->room);

	*file = (struct book_file){.name = ""};
	snprintf(file->name, sizeof file->name, "%s", name);
	return &file->bytes;
}

/* what stands around */

static void
put_link(struct buf *out, const struct book_page *page, const char *name, const char *words)
{
	html_mixed(out, "<li><a href=\"", name, strcmp(page->name, name) ? "\">" : "\" aria-current=\"page\">",
	           words, "</a></li>\n", NULL);
}

bool
book_add_page(struct book *book, const struct book_page *page)
{
	struct buf links = {0}, parts = {0}, title = {0}, heading = {0};
	bool ok;

	put_link(&links, page, "index.html", "Contents");
	put_link(&links, page, "course.html", "Course");
	put_link(&links, page, "quiz.html", "Quiz");
	put_link(&links, page, "glossary.html", "Glossary");
	html_mixed(&heading, "", page->heading, "", NULL);
	html_mixed(&title, "", page->heading, strcmp(page->section, "index") ? " - lockdrill" : "", NULL);
	ok = html_fill(&parts, &book->pages, page->section, page->slots, page->count, book->diag);
	if (ok) {
		const struct html_page whole = {.title = title.data,
		                                .heading = heading.data,
		                                .skip = "content",
		                                .skip_words = "the content",
		                                .foot = "Made by lockdrill book. These pages need no network.",
		                                .subject = page->subject,
		                                .links = &links,
		                                .parts = &parts};

		ok = html_page(add_file(book, page->name), &whole, &book->arena, book->diag);
	}
	buf_free(&links);
	buf_free(&parts);
	buf_free(&title);
	buf_free(&heading);
	return ok;
}

bool
book_add_files(struct book *book)
{
	struct buf *style = add_file(book, "style.css"), *script;

	if (!html_add_file(style, &book->arena, "report/style.css", book->diag) ||
	    !html_add_file(style, &book->arena, "book/book.css", book->diag))
		return false;
	script = add_file(book, "book.js");
	return html_add_file(script, &book->arena, "report/table.js", book->diag) &&
	       html_add_file(script, &book->arena, "book/book.js", book->diag);
}

/* what pages share */

bool
book_has_rule(const struct book *book, const char *name)
{
	for (unsigned i = 0; i < book->rules; i++)
		if (!strcmp(book->rule[i]->name, name))
			return true;
	return false;
}

void
book_put_subject(struct buf *out, const struct suite_case *of)
{
	const struct rule *rule = of->rule;

	html_mixed(out, "Rule <a href=\"", rule->name, ".html\">", rule->name, "</a> (", rule->model, "), role ",
	           rule->role[of->role].name, ". ", rule->summary, "", NULL);
	for (unsigned lock = 0; lock < rule->locks; lock++)
		if (rule->role[of->role].held >> lock & 1)
			buf_printf(out, " Lock %c is held when the routine is entered.", lock_letter(lock));
}

/* writing */

bool
book_may_write(const char *directory, struct diag *diag)
{
	DIR *open = opendir(directory);
	const struct dirent *entry;
	bool empty = true;

	if (!open && errno == ENOENT)
		return true;
	if (!open) {
		diag_set(diag, directory, 0, 0, "cannot write there: %s", strerror(errno));
		return false;
	}
	while (empty && (entry = readdir(open)))
		empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	closedir(open);
	if (!empty)
		diag_set(diag, directory, 0, 0, "the directory is not empty: a book goes into a new one");
	return empty;
}

static void
set_path(struct buf *path, const struct book *book, const char *name)
{
	buf_clear(path);
	buf_all(path, book->wish->out, "/", name);
}

/* Removes the first `written` files, and the directory where it is ours; ends the process. */
FAIL_NORETURN static void
fail(const struct book *book, unsigned written, bool made)
{
	struct buf path = {0};
	int error = errno;

	for (unsigned i = 0; i < written; i++) {
		set_path(&path, book, book->file[i].name);
		unlink(path.data);
	}
	if (made)
		rmdir(book->wish->out);
	errno = error;
	die("cannot write %s/%s:", book->wish->out, book->file[written].name);
}

void
book_write(struct book *book)
{
	struct buf path = {0};
	bool made = !mkdir(book->wish->out, 0777);

	if (!made && errno != EEXIST)
		die("cannot make directory %s:", book->wish->out);
	for (unsigned i = 0; i < book->files; i++) {
		set_path(&path, book, book->file[i].name);
		if (!tree_write(path.data, buf_string(&book->file[i].bytes), book->file[i].bytes.len))
			fail(book, i, made);
	}
	buf_free(&path);
}

void
book_free(struct book *book)
{
	for (unsigned i = 0; i < book->files; i++)
		buf_free(&book->file[i].bytes);
	buf_free(&book->dot);
	buf_free(&book->dispute);
	arena_free(&book->arena);
}
