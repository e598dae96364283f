/* What the program was started with: arguments and environment. */
#include "librt/gos_rt.h"
#include "librt/str/str.h"

#include <stdlib.h>
#include <string.h>

static int n_args;
static char **args;

void
gos_rt_set_args(int n, char **at)
{
	n_args = n;
	args = at;
}

int64_t
gos_rt_arg_count(G *g)
{
	(void)g;
	return n_args;
}

void
gos_rt_arg(G *g, GosString *out, int64_t n)
{
	gos_in_str_make(g, out, args[n], strlen(args[n]));
	gos_in_str_repair(g, out);
}

int64_t
gos_rt_env_var(G *g, void *out, const GosString *name)
{
	Text t = string_text(name);
	char *key = malloc(t.len + 1);
	const char *value = NULL;

	/* A name with a zero byte names nothing. */
	if (key && !memchr(t.at, 0, t.len)) {
		memcpy(key, t.at, t.len);
		key[t.len] = 0;
		value = getenv(key);
	}
	free(key);
	gos_in_str_make(g, out, value ? value : "", value ? strlen(value) : 0);
	return !value ? 1 : gos_in_str_repair(g, out) ? 2 : 0;
}
