/* Whole files.  See file.h. */
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_READ = 64 * 1024 };

static FileStatus
read_all(Arena *a, int fd, size_t expect, Text *contents)
{
	size_t cap = expect + 2, n = 0;	/* one to see the end, one for the zero */
	char *s = arena_array(a, char, cap);

	for (;;) {
		ssize_t got = read(fd, s + n, cap - n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EISDIR ? FILE_IS_DIRECTORY : FILE_FAILED;
		if (got == 0)
			break;
		n += (size_t)got;
		if (n > FILE_SIZE_MAX)
			return FILE_TOO_LARGE;
		if (n + 1 == cap) {
			s = arena_grow(a, s, cap, cap * 2, 1);
			cap *= 2;
		}
	}
	s[n] = 0;
	*contents = (Text){s, (uint32_t)n};
	return FILE_OK;
}

FileStatus
file_read_fd(Arena *a, int fd, Text *contents)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return FILE_FAILED;
	if (S_ISDIR(st.st_mode))
		return FILE_IS_DIRECTORY;
	if (S_ISREG(st.st_mode) && st.st_size > FILE_SIZE_MAX)
		return FILE_TOO_LARGE;
	return read_all(a, fd, S_ISREG(st.st_mode) ? (size_t)st.st_size : FIRST_READ, contents);
}

FileStatus
file_read(Arena *a, const char *path, Text *contents)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return FILE_FAILED;
	FileStatus status = file_read_fd(a, fd, contents);
	int saved = errno;
	close(fd);
	errno = saved;
	return status;
}

bool
file_write_fd(int fd, const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(fd, s, n);
		if (done < 0 && errno != EINTR)
			return false;
		s += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return true;
}

bool
file_replace(Arena *a, const char *path, Text contents, mode_t mode)
{
	char *temporary = arena_printf(a, "%s.XXXXXX", path);
	int fd = mkstemp(temporary), why;
	bool ok;

	if (fd < 0)
		return false;
	ok = file_write_fd(fd, contents.s, contents.n) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
	why = errno;
	if (close(fd) == 0 && ok && rename(temporary, path) == 0)
		return true;
	why = ok ? errno : why;
	unlink(temporary);
	errno = why;
	return false;
}
