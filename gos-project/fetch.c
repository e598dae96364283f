/* Projects from elsewhere come into the cache through the program gos-fetch, if they are not there. */
#include "gos-project/project.h"

#include "lib/cachedir.h"
#include "lib/child.h"
#include "lib/semver.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FETCH_ARGS = 16 };

typedef struct Command {
	const char *argv[FETCH_ARGS];
	int n;
} Command;

/* Lines of words with a tab between. */
typedef struct Answer {
	Text text;
	bool good;
} Answer;

static const char *
program(Projects *all)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	self[n < 0 ? 0 : n] = '\0';
	char *slash = strrchr(self, '/');
	if (!slash)
		return "gos-fetch";
	*slash = '\0';
	return arena_printf(&all->arena, "%s/gos-fetch", self);
}

static void
add(Projects *all, Command *c, const char *option, const char *value)
{
	if (value)
		c->argv[c->n++] = arena_printf(&all->arena, "--%s=%s", option, value);
}

/* The base that an entry `BASE` or `PREFIX=BASE` of GOS_REGISTRY has for the id, or NULL. */
static const char *
base_for(Arena *a, const char *entry, size_t n, const char *id)
{
	size_t prefix = strcspn(entry, "=:,");

	/* Addresses have a colon or begin with a slash. */
	if (prefix >= n || entry[prefix] != '=' || *entry == '/')
		return n ? arena_strndup(a, entry, n) : NULL;
	if (strncmp(id, entry, prefix) != 0 || (id[prefix] && id[prefix] != '/'))
		return NULL;
	return arena_strndup(a, entry + prefix + 1, n - prefix - 1);
}

/* The repository of a dependency: the registry's are where GOS_REGISTRY says, or where the id does. */
static const char *
repository(Projects *all, const Dependency *d)
{
	const char *entries = getenv("GOS_REGISTRY"), *base = NULL;

	if (d->source.kind != SOURCE_REGISTRY)
		return d->source.url;
	for (const char *at = entries; at && *at && !base;) {
		size_t n = strcspn(at, ",");
		base = base_for(&all->arena, at, n, d->id);
		at += n + (at[n] == ',');
	}
	if (!base || !*base)
		return arena_printf(&all->arena, "https://%s", d->id);
	return arena_printf(&all->arena, "%s%s%s.git", base, base[strlen(base) - 1] == '/' ? "" : "/", d->id);
}

/* The value in the answer's line that begins with `key` and a tab, or NULL. */
static const char *
find_word(Projects *all, const Answer *answer, const char *key)
{
	size_t n = strlen(key);

	for (const char *at = answer->text.s; *at;) {
		size_t line = strcspn(at, "\n");
		if (line > n && strncmp(at, key, n) == 0 && at[n] == '\t')
			return arena_strndup(&all->arena, at + n + 1, line - n - 1);
		at += line + (at[line] == '\n');
	}
	return NULL;
}

static void
report(Projects *all, const Dependency *d, const Answer *answer)
{
	const char *why = find_word(all, answer, "error");
	const char *help = find_word(all, answer, "help");
	Diag *diag = diag_error(&all->diags, G0044, d->span, d->id, why ? why : "gos-fetch ended without an answer");

	diag_primary(diag, "from `%s`", d->source.kind == SOURCE_REGISTRY ? repository(all, d) : d->source.text);
	if (help)
		diag_help(diag, "%s", help);
}

static Answer
run(Projects *all, const Dependency *d, Command *c)
{
	Answer answer;

	if (all->options.offline)
		c->argv[c->n++] = "--offline";
	ChildResult r = child_run(&all->arena, c->argv, &(ChildInput){.show_errors = true});
	if (child_stopped())
		child_end();
	answer = (Answer){r.out, r.error == 0 && r.status == 0};
	if (r.error)
		answer.text.s = arena_printf(&all->arena, "error\tcannot start `%s`: %s\n", c->argv[0],
		    strerror(r.error));
	if (!answer.good)
		report(all, d, &answer);
	return answer;
}

/* ---- Trees ---- */

/* The top of a tree; what it has of its own by paths is in the same. */
static bool
open_tree(Projects *all, Version *v, const char *path)
{
	char *real = realpath(path, NULL);

	if (!real || access(project_join(all, real, PROJECT_FILE), R_OK) != 0)
		return false;
	v->project = project_at(all, real, real);
	v->project->fetched = v;
	return true;
}

static bool
is_whole(Projects *all, const char *tree, const char *sum)
{
	Command c = {.argv = {program(all), "verify"}, .n = 2};

	add(all, &c, "sha256", sum);
	c.argv[c.n++] = tree;
	ChildResult r = child_run(&all->arena, c.argv, &(ChildInput){.show_errors = true});
	if (child_stopped())
		child_end();
	return r.error == 0 && r.status == 0;
}

/* A tree of the pin that is in the cache costs no more than looking there. */
static bool
take_pinned(Projects *all, const Pin *pin, Version *v)
{
	const char *tree;

	if (!all->cache)
		all->cache = cachedir_find(&all->arena);
	if (!all->cache)
		return false;
	v->pin = *pin;
	tree = cachedir_tree(&all->arena, all->cache, pin->id, pin->version, pin->sha256);
	return (!all->options.verify || is_whole(all, tree, pin->sha256)) && open_tree(all, v, tree);
}

static Answer
fetch(Projects *all, const Dependency *d, const Pin *pin, const char *version)
{
	const Source *s = &d->source;
	Command c = {.argv = {program(all), "tree"}, .n = 2};

	add(all, &c, "id", d->id);
	add(all, &c, "version", version);
	if (s->kind == SOURCE_URL) {
		add(all, &c, "url", s->url);
		add(all, &c, "sha256", s->sha256);
	} else {
		add(all, &c, "git", repository(all, d));
		add(all, &c, "tag", s->tag ? s->tag : version ? arena_printf(&all->arena, "v%s", version) : NULL);
		add(all, &c, "rev", pin ? pin->rev : s->rev);
	}
	if ((all->options.update && s->tag && !pin) || (all->options.verify && pin))
		c.argv[c.n++] = "--refresh";
	return run(all, d, &c);
}

static bool
is_pinned_sum(Projects *all, const Dependency *d, const Pin *pin, const char *sum)
{
	if (!pin || strcmp(pin->sha256, sum) == 0)
		return true;
	Diag *diag = diag_error(&all->diags, G0045, d->span, d->id, pin->version);
	diag_primary(diag, "from `%s`", d->source.text);
	diag_note(diag, "`" LOCK_FILE "` has the sha256 %s, what was fetched has %s", pin->sha256, sum);
	diag_help(diag, "find out why; if what is there now is what you want, `gos update %s` pins it", d->id);
	return false;
}

bool
project_fetch(Projects *all, const Dependency *d, const Pin *pin, Version *v)
{
	Answer answer;

	if (pin && take_pinned(all, pin, v))
		return true;
	if (!pin && all->options.locked) {
		Diag *diag = diag_error(&all->diags, G0047, d->span, LOCK_FILE,
		    arena_printf(&all->arena, "it has nothing that suits `%s`", d->id));
		diag_help(diag, "`gos fetch` writes it; or leave out `--locked`");
		return false;
	}
	answer = fetch(all, d, pin, pin ? pin->version : v->pin.version);
	if (!answer.good)
		return false;
	const char *path = find_word(all, &answer, "path");
	v->pin = (Pin){.id = d->id, .source = d->source.text, .version = find_word(all, &answer, "version"),
	    .rev = find_word(all, &answer, "rev"), .sha256 = find_word(all, &answer, "sha256")};
	if (!path || !v->pin.version || !v->pin.sha256 || !is_pinned_sum(all, d, pin, v->pin.sha256))
		return false;
	if (!open_tree(all, v, path))
		project_cannot_read(all, path, errno);
	return v->project != NULL;
}

/* ---- Newest versions ---- */

static bool
is_newer(const char *tag, const char *best)
{
	return semver_valid((Text){tag, (uint32_t)strlen(tag)}) && !strchr(tag, '+') && !semver_is_early(tag) &&
	    semver_major(tag) == semver_major(best) && semver_compare(tag, best) > 0;
}

const char *
project_newest(Projects *all, const Dependency *d, const char *version)
{
	Command c = {.argv = {program(all), "tags"}, .n = 2};
	const char *best = version;
	Answer answer;

	add(all, &c, "git", repository(all, d));
	answer = run(all, d, &c);
	for (const char *at = answer.text.s; *at;) {
		size_t n = strcspn(at, "\n");
		if (n > 5 && strncmp(at, "tag\tv", 5) == 0) {
			const char *tag = arena_strndup(&all->arena, at + 5, n - 5);
			if (is_newer(tag, best))
				best = tag;
		}
		at += n + (at[n] == '\n');
	}
	return best;
}
