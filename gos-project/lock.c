/*
 * project.lock, beside the project.toml of the root: which version of each dependency is used, and
 * the checksum of its files.  People and programs may have changed it, so nothing in it is believed
 * that does not look as it should.
 */
#include "gos-project/project.h"

#include "lib/fatal.h"
#include "lib/file.h"
#include "lib/semver.h"
#include "lib/sha256.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *
lock_path(const Project *root)
{
	return project_join(root->all, root->root, LOCK_FILE);
}

const Pin *
lock_find(const Projects *all, const char *id, const char *source)
{
	for (uint32_t i = 0; i < all->lock.len; i++) {
		const Pin *pin = &all->lock.at[i];
		if (strcmp(pin->id, id) == 0 && strcmp(pin->source, source) == 0)
			return pin;
	}
	return NULL;
}

/* ---- Reading ---- */

static void
bad_lock(Projects *all, Span span, const char *why)
{
	Diag *d = diag_error(&all->diags, G0046, span, why);

	diag_help(d, "take it from version control again; or remove it, and `gos fetch` makes a new one");
}

/* The text at the key; NULL if it is absent, or reported and `*good` false if it is no text like that. */
static const char *
read_text(Projects *all, const Toml *doc, const TomlValue *table, const char *key, bool (*is_good)(Text), bool *good)
{
	const TomlEntry *e = toml_find(doc, table, key);

	if (!e)
		return NULL;
	if (e->value->kind == TOML_STRING && is_good(e->value->as.text))
		return e->value->as.text.s;
	bad_lock(all, e->value->span, arena_printf(&all->arena, "this cannot be a `%s`", key));
	*good = false;
	return NULL;
}

static bool
is_sum(Text t)
{
	return strlen(t.s) == t.n && sha256_is_hex(t.s, SHA256_HEX, SHA256_HEX);
}

static bool
is_commit(Text t)
{
	return strlen(t.s) == t.n && sha256_is_hex(t.s, 40, SHA256_HEX);
}

static bool
is_line(Text t)
{
	return t.n > 0 && strlen(t.s) == t.n && !strpbrk(t.s, "\n\t");
}

static void
read_pin(Projects *all, const Toml *doc, const TomlValue *table)
{
	bool good = true;
	Pin pin = {
		.id = read_text(all, doc, table, "id", manifest_is_id, &good),
		.version = read_text(all, doc, table, "version", semver_valid, &good),
		.source = read_text(all, doc, table, "source", is_line, &good),
		.rev = read_text(all, doc, table, "rev", is_commit, &good),
		.sha256 = read_text(all, doc, table, "sha256", is_sum, &good),
	};

	if (!good)
		return;
	if (!pin.id || !pin.version || !pin.source || (!pin.sha256 && strncmp(pin.source, "path+", 5) != 0)) {
		bad_lock(all, table->span, "an entry has `id`, `version`, `source` and `sha256`");
		return;
	}
	for (uint32_t i = 0; i < all->lock.len; i++)
		if (strcmp(all->lock.at[i].id, pin.id) == 0)
			bad_lock(all, table->span, arena_printf(&all->arena, "`%s` is in it twice", pin.id));
	vec_push(&all->arena, &all->lock, pin);
}

void
lock_read(Project *root)
{
	Projects *all = root->all;
	const char *path = lock_path(root);
	struct stat st;
	Toml doc;

	if (lstat(path, &st) < 0 && errno == ENOENT)
		return;
	all->has_lock = true;
	if (!manifest_read_document(all, path, &doc))
		return;
	const TomlEntry *packages = toml_find(&doc, &doc.root, "package");
	if (!packages)
		return;
	if (packages->value->kind != TOML_ARRAY) {
		bad_lock(all, packages->key_span, "`package` is a list: `[[package]]`");
		return;
	}
	for (uint32_t i = 0; i < packages->value->as.array.items.len; i++) {
		const TomlValue *item = packages->value->as.array.items.at[i];
		if (item->kind == TOML_TABLE)
			read_pin(all, &doc, item);
		else
			bad_lock(all, item->span, "`package` is a list of tables: `[[package]]`");
	}
}

/* ---- What is used now ---- */

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const Pin *)a)->id, ((const Pin *)b)->id);
}

/* What came with another one is covered by that one's checksum. */
static Pins
pins_now(Project *root, bool *any_fetched)
{
	Projects *all = root->all;
	Pins pins = {0};

	*any_fetched = false;
	for (uint32_t i = 0; i < all->list.len; i++) {
		const Project *p = all->list.at[i];
		if (p->fetched) {
			*any_fetched = true;
			vec_push(&all->arena, &pins, p->fetched->pin);
		} else if (p != root && !p->tree) {
			const char *path = project_relative(all, root->real, p->real);
			vec_push(&all->arena, &pins, (Pin){.id = p->id, .version = p->version,
			    .source = arena_printf(&all->arena, "path+%s", path)});
		}
	}
	if (pins.len)
		qsort(pins.at, pins.len, sizeof *pins.at, by_id);
	return pins;
}

static bool
is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
is_same(const Pin *a, const Pin *b)
{
	return is_same_text(a->id, b->id) && is_same_text(a->version, b->version) &&
	    is_same_text(a->source, b->source) && is_same_text(a->rev, b->rev) && is_same_text(a->sha256, b->sha256);
}

/* What differs first, or NULL; both are in the order of ids when we wrote them. */
static const char *
difference(Projects *all, const Pins *now)
{
	for (uint32_t i = 0; i < now->len; i++) {
		const Pin *was = lock_find(all, now->at[i].id, now->at[i].source);
		if (!was)
			return arena_printf(&all->arena, "`%s` from `%s` is not in it", now->at[i].id,
			    now->at[i].source);
		if (!is_same(was, &now->at[i]))
			return arena_printf(&all->arena, "it has `%s` %s, and %s is wanted", was->id, was->version,
			    now->at[i].version);
	}
	for (uint32_t i = 0; i < all->lock.len; i++) {
		const Pin *was = &all->lock.at[i];
		bool found = false;
		for (uint32_t j = 0; j < now->len; j++)
			found |= strcmp(now->at[j].id, was->id) == 0;
		if (!found)
			return arena_printf(&all->arena, "it has `%s`, which nobody needs", was->id);
	}
	return NULL;
}

/* ---- Writing ---- */

static const char *
add_key(Arena *a, const char *text, const char *key, const char *value)
{
	return value ? arena_printf(a, "%s%s = \"%s\"\n", text, key, value) : text;
}

/* The texts have no quotes and backslashes but those of paths, which are written as TOML wants them. */
static const char *
quoted(Arena *a, const char *s)
{
	VEC(char) to = {0};

	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			vec_push(a, &to, '\\');
		vec_push(a, &to, *s);
	}
	return arena_strndup(a, to.at ? to.at : "", to.len);
}

static const char *
lock_text(Arena *a, const Pins *pins)
{
	const char *text = "# Which versions of its dependencies this project is built with. Written by gos; "
	    "keep it under version control.\n";

	for (uint32_t i = 0; i < pins->len; i++) {
		const Pin *pin = &pins->at[i];
		text = arena_printf(a, "%s\n[[package]]\n", text);
		text = add_key(a, text, "id", pin->id);
		text = add_key(a, text, "version", pin->version);
		text = add_key(a, text, "source", quoted(a, pin->source));
		text = add_key(a, text, "rev", pin->rev);
		text = add_key(a, text, "sha256", pin->sha256);
	}
	return text;
}

void
lock_write(Project *root)
{
	Projects *all = root->all;
	bool any_fetched;
	Pins now = pins_now(root, &any_fetched);
	const char *path = lock_path(root), *why;

	/* Folders are edited in place, so a lock that has nothing else would say nothing. */
	if (!any_fetched && !all->has_lock)
		return;
	why = all->has_lock ? difference(all, &now) : "there is none";
	if (!why)
		return;
	if (all->options.locked) {
		Diag *d = diag_error(&all->diags, G0047, DIAG_NOWHERE, path, why);
		diag_help(d, "`gos fetch` writes it; or leave out `--locked`");
		return;
	}
	const char *text = lock_text(&all->arena, &now);
	mode_t mask = umask(0);
	umask(mask);
	if (!file_replace(&all->arena, path, (Text){text, (uint32_t)strlen(text)}, 0666 & ~mask))
		fatal("cannot write `%s`: %s", path, strerror(errno));
}
