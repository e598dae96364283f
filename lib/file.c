/* Whole files.  See file.h. */
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
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
