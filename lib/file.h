/* Reading and replacing whole files. */
#ifndef GOS_LIB_FILE_H
#define GOS_LIB_FILE_H

#include "lib/intern.h"

#include <stdbool.h>
#include <sys/types.h>

typedef enum FileStatus { FILE_OK, FILE_FAILED, FILE_IS_DIRECTORY, FILE_TOO_LARGE } FileStatus;

enum { FILE_SIZE_MAX = 1 << 30 };

/*
 * The contents of `path` in the arena, followed by a zero byte that does not count.  Anything
 * that can be read to its end will do; more than FILE_SIZE_MAX bytes are refused.  After
 * FILE_FAILED, errno says why.
 */
FileStatus file_read(Arena *a, const char *path, Text *contents);
/* The same from an open descriptor. */
FileStatus file_read_fd(Arena *a, int fd, Text *contents);
/* All bytes, however many calls it takes; false: errno says why. */
bool file_write_fd(int fd, const char *s, size_t n);
/*
 * A file `path` with these contents and permissions, made beside its place and renamed: whoever reads
 * it sees the old or the new one.  False: nothing has changed, errno says why.
 */
bool file_replace(Arena *a, const char *path, Text contents, mode_t mode);

#endif
