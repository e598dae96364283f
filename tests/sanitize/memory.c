/* What LLVM's instrumentation for ThreadSanitizer calls and gcc's runtime lacks: the intercepted functions. */
#include <string.h>

void *__tsan_memcpy(void *to, const void *from, size_t n);
void *__tsan_memmove(void *to, const void *from, size_t n);
void *__tsan_memset(void *to, int byte, size_t n);

__attribute__((weak)) void *
__tsan_memcpy(void *to, const void *from, size_t n)
{
	return memcpy(to, from, n);
}

__attribute__((weak)) void *
__tsan_memmove(void *to, const void *from, size_t n)
{
	return memmove(to, from, n);
}

__attribute__((weak)) void *
__tsan_memset(void *to, int byte, size_t n)
{
	return memset(to, byte, n);
}
