/* Reading and replacing whole files. */
#ifndef GOS_LIB_FILE_H
#define GOS_LIB_FILE_H

#include "lib/intern.h"

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

#endif
