/* Calls of the runtime: one function for each entry of librt/abi.def, made by calls.awk. */
#include "gos-vm/vm.h"

#define ALIAS __attribute__((may_alias))
typedef GosBool ALIAS AliasBool;
typedef uint32_t ALIAS AliasChar;
typedef int64_t ALIAS AliasInt;
typedef double ALIAS AliasFloat;
typedef void *ALIAS AliasPointer;

#define AT(T, at) (*(T *)(void *)(fp + (at)))
#define ADDRESS(p) ((p) & 1 ? AT(AliasPointer, (p) - 1) : (void *)(fp + (p)))

#define ARG_b(at) AT(AliasBool, at)
#define ARG_w(at) AT(AliasChar, at)
#define ARG_i(at) AT(AliasInt, at)
#define ARG_d(at) AT(AliasFloat, at)
#define ARG_p(at) AT(AliasPointer, at)
#define ARG_P(at) AT(AliasPointer, at)
#define ARG_L(at) AT(AliasPointer, at)
#define ARG_a(at) ADDRESS(at)
#define ARG_s(at) ADDRESS(at)
#define ARG_S(at) ADDRESS(at)
#define RESULT_b(at) AT(AliasBool, at)
#define RESULT_w(at) AT(AliasChar, at)
#define RESULT_i(at) AT(AliasInt, at)
#define RESULT_d(at) AT(AliasFloat, at)
#define RESULT_p(at) AT(AliasPointer, at)
#define STRING(at) ADDRESS(at)
#define OUT(at) (void *)(fp + (at))

#include "gen/vm_calls.h"
