/*
 * Running the linker so that the output is in place whole or not at all: it writes into a private
 * folder beside the output, which is renamed into place when the linker has ended well.  Whatever
 * else happens, signals included, the folder is removed.
 */
#include "gos-link/link.h"
#include "lib/fatal.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t stopped_by;
static volatile pid_t linker;

/* Only notes the signal and ends the linker; the rest is done where waiting ends. */
static void
on_signal(int number)
{
	stopped_by = number;
	if (linker > 0)
		kill(linker, SIGTERM);
}

static void
catch_signals(void)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};
	struct sigaction action = {.sa_handler = on_signal}, old;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

static const char *
folder_of(Arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_strndup(a, path, (size_t)(slash - path) + 1) : "";
}

static void
check_place(const char *output)
{
	struct stat st;

	if (stat(output, &st) != 0)
		return;
	if (S_ISDIR(st.st_mode))
		fatal("cannot write %s: it is a folder", output);
	if (!S_ISREG(st.st_mode))
		fatal("cannot write %s: it is not an ordinary file", output);
}

static void
remove_folder(Arena *a, const char *folder)
{
	DIR *dir = opendir(folder);

	for (struct dirent *entry; dir && (entry = readdir(dir));)
		unlink(arena_printf(a, "%s/%s", folder, entry->d_name));
	if (dir)
		closedir(dir);
	rmdir(folder);
}

static void
show_command(char *const *command)
{
	for (; *command; command++)
		fprintf(stderr, "%s%c", *command, command[1] ? ' ' : '\n');
}

/* The wait status of the linker. */
static int
run_linker(char *const *command)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		fatal("cannot start the linker: %s", strerror(errno));
	if (pid == 0) {
		execv(command[0], command);
		fprintf(stderr, "gos-link: cannot start %s: %s\n", command[0], strerror(errno));
		_exit(127);
	}
	linker = pid;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			fatal("lost the linker: %s", strerror(errno));
	linker = 0;
	return status;
}

/* So little space is left that the linker may well have failed for that. */
static bool
disk_is_full(const char *folder)
{
	struct statvfs fs;

	return statvfs(folder, &fs) == 0 && fs.f_bavail * fs.f_frsize < 1 << 20;
}

static int
finish(Link *link, int status, const char *folder, const char *made)
{
	if (stopped_by)
		return EXIT_IO;
	if (WIFSIGNALED(status)) {
		fprintf(stderr, "gos-link: the linker was ended by signal %d (%s)\n",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
		return EXIT_IO;
	}
	if (WEXITSTATUS(status) != 0) {
		fprintf(stderr, "gos-link: %s was not made\n", link->output);
		return WEXITSTATUS(status) == 127 || disk_is_full(folder) ? EXIT_IO : EXIT_PROGRAM;
	}
	if (rename(made, link->output) != 0) {
		fprintf(stderr, "gos-link: cannot write %s: %s\n", link->output, strerror(errno));
		return EXIT_IO;
	}
	return EXIT_OK;
}

int
output_make(Link *link)
{
	Arena *a = &link->arena;
	char *folder = arena_printf(a, "%s.gos-link.XXXXXX", folder_of(a, link->output));

	check_place(link->output);
	catch_signals();
	if (!mkdtemp(folder))
		fatal("cannot write %s: %s", link->output, strerror(errno));
	const char *made = arena_printf(a, "%s/program", folder);
	char *const *command = command_make(link, made);
	if (link->verbose)
		show_command(command);
	int result = finish(link, run_linker(command), folder, made);
	remove_folder(a, folder);
	if (stopped_by) {
		signal(stopped_by, SIG_DFL);
		raise(stopped_by);
	}
	return result;
}
