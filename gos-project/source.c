/* Where a dependency is from: the keys beside its id, and which of them go together. */
#include "gos-project/project.h"

#include "lib/semver.h"
#include "lib/sha256.h"

#include <string.h>

/* What stands in the table of a dependency; NULL: nothing. */
typedef struct Keys {
	const TomlEntry *path, *git, *url, *tag, *rev, *version, *sha256;
} Keys;

static const char *
text_of(const TomlEntry *e)
{
	return e ? e->value->as.text.s : NULL;
}

/* ---- What values must look like ---- */

/* No character that ends a line or a word, or that other programs give a meaning. */
static bool
is_plain(Text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if ((unsigned char)t.s[i] <= ' ' || (unsigned char)t.s[i] >= 0x7f || strchr("\"\\'`", t.s[i]))
			return false;
	return t.n > 0;
}

static bool
begins(const char *s, const char *const *with)
{
	for (; *with; with++)
		if (strncmp(s, *with, strlen(*with)) == 0)
			return true;
	return false;
}

static bool
is_git_url(Text t)
{
	static const char *const ways[] = {"https://", "http://", "ssh://", "git@", "file:///", "/", NULL};

	return is_plain(t) && begins(t.s, ways);
}

static bool
is_archive_url(Text t)
{
	static const char *const ways[] = {"https://", "http://", "file:///", NULL};

	return is_plain(t) && begins(t.s, ways);
}

/* As git has them, and none that means something to it. */
static bool
is_tag(Text t)
{
	return is_plain(t) && *t.s != '-' && *t.s != '/' && !strpbrk(t.s, "~^:?*[") && !strstr(t.s, "..") &&
	    !strstr(t.s, "//") && !strstr(t.s, "@{");
}

static bool
is_rev(Text t)
{
	return strlen(t.s) == t.n && sha256_is_hex(t.s, 4, SHA256_HEX);
}

static bool
is_sum(Text t)
{
	return strlen(t.s) == t.n && sha256_is_hex(t.s, SHA256_HEX, SHA256_HEX);
}

static bool
is_wanted_version(Text t)
{
	return semver_valid(t) && !strchr(t.s, '+');
}

static bool
is_path(Text t)
{
	return t.n > 0 && strlen(t.s) == t.n && !strpbrk(t.s, "\n\t");
}

static bool
check_value(Project *p, const TomlEntry *e, bool (*is_good)(Text), const char *what, const char *example)
{
	if (!e || is_good(e->value->as.text))
		return true;
	Diag *d = diag_error(&p->all->diags, G0034, e->value->span, e->value->as.text.s, what);
	diag_help(d, "%s looks like \"%s\"", what, example);
	return false;
}

static bool
check_values(Project *p, const Keys *k)
{
	return check_value(p, k->path, is_path, "a path", "../linalg") &
	    check_value(p, k->git, is_git_url, "the address of a repository", "https://example.org/linalg.git") &
	    check_value(p, k->url, is_archive_url, "the address of an archive",
	    "https://example.org/linalg.tar.gz") &
	    check_value(p, k->tag, is_tag, "a tag", "v1.2.0") &
	    check_value(p, k->rev, is_rev, "the hash of a commit", "4f9d2c81") &
	    check_value(p, k->version, is_wanted_version, "a version", "1.2.0") &
	    check_value(p, k->sha256, is_sum, "a sha256",
	    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
}

/* ---- Which keys go together ---- */

static bool
bad_keys(Project *p, const TomlEntry *e, const char *why)
{
	Diag *d = diag_error(&p->all->diags, G0035, e->key_span, e->key.s, why);

	diag_help(d, "it is one of { path = \"…\" }, { git = \"…\", tag = \"…\" } or with `rev` or `version` "
	    "instead, { url = \"…\", sha256 = \"…\" }, { version = \"…\" }");
	return false;
}

static bool
missing_key(Project *p, const TomlEntry *e, const char *key)
{
	diag_error(&p->all->diags, G0032, e->value->span, key, "the dependency");
	return false;
}

static bool
check_together(Project *p, const TomlEntry *e, const Keys *k)
{
	int from = (k->path != NULL) + (k->git != NULL) + (k->url != NULL);
	int which = (k->tag != NULL) + (k->rev != NULL) + (k->version != NULL);

	if (from > 1)
		return bad_keys(p, e, "it has several of `path`, `git` and `url`");
	if (which > 1)
		return bad_keys(p, e, "it has several of `tag`, `rev` and `version`");
	if (k->sha256 && !k->url)
		return bad_keys(p, e, "`sha256` goes with `url`");
	if ((k->path || k->url) && which)
		return bad_keys(p, e, "`tag`, `rev` and `version` do not go with `path` and `url`");
	if ((k->tag || k->rev) && !k->git)
		return bad_keys(p, e, "`tag` and `rev` go with `git`");
	if (k->git && !which)
		return missing_key(p, e, "tag`, `rev` or `version");
	if (k->url && !k->sha256)
		return missing_key(p, e, "sha256");
	if (!from && !which)
		return missing_key(p, e, "path`, `git`, `url` or `version");
	return true;
}

/* ---- Reading ---- */

/* Each a text or absent; false if one is of another kind. */
static bool
find_keys(Project *p, const Toml *doc, const TomlValue *table, Keys *k)
{
	static const char *const names[] = {"path", "git", "url", "tag", "rev", "version", "sha256"};
	const TomlEntry **to[] = {&k->path, &k->git, &k->url, &k->tag, &k->rev, &k->version, &k->sha256};
	bool good = true;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		*to[i] = toml_find(doc, table, names[i]);
		if (*to[i] && !manifest_expect_kind(p->all, *to[i], TOML_STRING))
			good = false;
	}
	return good;
}

static const char *
source_text(Projects *all, const Source *s)
{
	switch (s->kind) {
	case SOURCE_PATH:
		return arena_printf(&all->arena, "path+%s", s->path);
	case SOURCE_REGISTRY:
		return "registry";
	case SOURCE_URL:
		return arena_printf(&all->arena, "url+%s#sha256=%s", s->url, s->sha256);
	case SOURCE_GIT:
		break;
	}
	return arena_printf(&all->arena, "git+%s%s%s", s->url, s->tag ? "#tag=" : s->rev ? "#rev=" : "",
	    s->tag ? s->tag : s->rev ? s->rev : "");
}

static bool
read_table(Project *p, const Toml *doc, const TomlEntry *e, Source *source)
{
	static const char *const known[] = {"path", "git", "url", "tag", "rev", "version", "sha256", "as", NULL};
	Keys k;

	manifest_warn_unknown(p->all, e->value, "a dependency", known);
	if (!find_keys(p, doc, e->value, &k) || !check_together(p, e, &k) || !check_values(p, &k))
		return false;
	*source = (Source){
		.kind = k.path ? SOURCE_PATH : k.git ? SOURCE_GIT : k.url ? SOURCE_URL : SOURCE_REGISTRY,
		.path = text_of(k.path),
		.url = text_of(k.git ? k.git : k.url),
		.tag = text_of(k.tag),
		.rev = text_of(k.rev),
		.version = text_of(k.version),
		.sha256 = text_of(k.sha256),
	};
	return true;
}

bool
project_read_source(Project *p, const Toml *doc, const TomlEntry *e, Source *source)
{
	if (e->value->kind == TOML_STRING) {
		if (!check_value(p, e, is_wanted_version, "a version", "1.2.0"))
			return false;
		*source = (Source){.kind = SOURCE_REGISTRY, .version = e->value->as.text.s};
	} else if (!manifest_expect_kind(p->all, e, TOML_TABLE) || !read_table(p, doc, e, source)) {
		return false;
	}
	source->text = source_text(p->all, source);
	return true;
}
