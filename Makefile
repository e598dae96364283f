# Gossamer: the whole build.  `make help` lists the targets, docs/hacking.md explains them.
#
# Each folder gos-*/ becomes an archive (all its .c but main.c) and, with main.o, the program
# $(B)/bin/gos-*.  lib/ and what irgen makes of ir-spec/*.ir become lib.a.  librt/ is the library of
# compiled programs and has flags of its own.  A folder that does not exist yet is simply absent.

MODE ?= dev
B ?= build/$(MODE)
PREFIX ?= /usr/local

ARCH := $(shell uname -m)
TARGET := $(ARCH)-linux-gnu

# --- tools ------------------------------------------------------------------------------------

# The newest of PROGRAM-19 … PROGRAM-16, or PROGRAM itself, in $(LLVM)/bin or in PATH.
LLVM ?=
find_llvm = $(firstword $(wildcard $(LLVM:%=%/bin/$(1)) $(LLVM:%=%/$(1))) $(foreach p, \
	$(1)-19 $(1)-18 $(1)-17 $(1)-16 $(1),$(shell command -v $(p) 2>/dev/null)))
CLANG = $(call find_llvm,clang)
LLVM_LINK = $(call find_llvm,llvm-link)

PKG_CFLAGS := $(shell pkg-config --cflags msgpack libbsd-overlay libutf8proc 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs msgpack libbsd-overlay libutf8proc 2>/dev/null || echo -lmsgpackc -lbsd -lutf8proc)
JSON_LIBS := $(shell pkg-config --libs jansson 2>/dev/null || echo -ljansson)
CHECK_LIBS := $(shell pkg-config --libs check 2>/dev/null || echo -lcheck_pic -lrt -lm -lsubunit) -lpthread

# --- flags ------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings \
	$(if $(filter 1,$(CI)),-Werror)
UBSAN := -fsanitize=undefined -fno-sanitize-recover=all
FLAGS_dev := -Og -g3 -DGOS_DEBUG
FLAGS_rel := -O2 -g
FLAGS_asan := -O1 -g3 -DGOS_DEBUG -fno-omit-frame-pointer -fsanitize=address $(UBSAN)
FLAGS_tsan := -O1 -g3 -DGOS_DEBUG -fsanitize=thread
# The same with all counts atomic: see RC_ONE in librt/alloc/heap.h.
FLAGS_atomic := $(FLAGS_tsan) -DGOS_ATOMIC_ALL
FLAGS_ubsan := -O1 -g3 -DGOS_DEBUG $(UBSAN)
FLAGS_fuzz := -O1 -g -DGOS_DEBUG -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
FLAGS := $(FLAGS_$(MODE))
$(if $(FLAGS),,$(error unknown MODE '$(MODE)': dev rel asan tsan atomic ubsan fuzz))
ifeq ($(MODE),fuzz)
CC := $(CLANG)
endif

# Commands are printed in short; V=1 prints them whole.
ifeq ($(V),1)
say = @:
Q :=
else
say = @echo '  $(1)'
Q := @
endif

ALL_CPPFLAGS = -D_GNU_SOURCE -DGOS_TARGET='"$(TARGET)"' \
	-I. -I$(B) $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c11 $(WARN) $(FLAGS) $(CFLAGS)
ALL_LDFLAGS = $(FLAGS) $(LDFLAGS)
LIBS = $(PKG_LIBS) -lm $(LDLIBS)

# Compiled programs are linked statically and carry no sanitizer runtime, so librt.a is built as for
# a release in every mode; under `ubsan` and `asan` its undefined behaviour traps.  The tests of librt
# itself link librt-test.a, which has the mode's own flags.
RT_CFLAGS = -std=c11 $(WARN) -O2 -g -fvisibility=hidden -ffunction-sections -fdata-sections \
	-fno-pie -fno-omit-frame-pointer -fno-strict-aliasing $(RT_$(MODE))
RT_CPPFLAGS = -D_GNU_SOURCE -I.
RT_asan := -fsanitize=undefined -fsanitize-undefined-trap-on-error
RT_ubsan := $(RT_asan)
RT_atomic := -DGOS_ATOMIC_ALL

# --- what there is ----------------------------------------------------------------------------

STAGES := $(patsubst %/main.c,%,$(wildcard gos-*/main.c))
SCHEMAS := $(patsubst ir-spec/%.ir,%,$(wildcard ir-spec/*.ir))
GEN_H := $(SCHEMAS:%=$(B)/gen/%.h)
GEN_C := $(SCHEMAS:%=$(B)/gen/%.c)
EXTRA_asan := $(B)/tools/asan-options.o
EXTRA := $(EXTRA_$(MODE))

objs = $(patsubst %.c,$(B)/%.o,$(filter-out %/main.c,$(wildcard $(1)/*.c $(1)/*/*.c)))
LIB_OBJS := $(call objs,lib) $(SCHEMAS:%=$(B)/gen/%.o)
STAGE_LIBS := $(STAGES:%=$(B)/%.a)

rt_sources = $(strip $(filter-out librt/arch/%,$(wildcard librt/*.c librt/*/*.c)) \
	$(wildcard librt/arch/$(1)/*.c librt/arch/$(1)/*.S))
RT_SRC := $(call rt_sources,$(ARCH))
RT_HOT := $(wildcard librt/hot/*.c)
RT_LIB := $(B)/lib/gossamer/$(TARGET)

STD := $(if $(wildcard gos-parse/main.c),$(wildcard std/core/*.gos))
# The library as a stream, and as gos-check maps it; sanitizers leave no room for that.
STD_FILES := $(if $(STD),$(B)/lib/gossamer/std/core.ast \
	$(if $(filter dev rel,$(MODE)),$(B)/lib/gossamer/std/core.img))
STD_TEMPLATES := $(wildcard std/core/*.gos.in) std/core/expand.sh
UNIT_STAGE := $(filter-out tests/unit/rt_%,$(wildcard tests/unit/*.c))
UNIT_RT := $(wildcard tests/unit/rt_*.c tests/rt/*.c)
UNIT := $(UNIT_STAGE:tests/unit/%.c=$(B)/unit/%) \
	$(patsubst %.c,$(B)/unit/%,$(notdir $(UNIT_RT)))
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))

# --- main targets -----------------------------------------------------------------------------

all: $(B)/.built	## build everything (default); MODE=dev|rel|asan|tsan|atomic|ubsan, B=folder

programs: $(STAGES:%=$(B)/bin/%)	## the stages alone
librt: $(if $(RT_SRC),$(RT_LIB)/librt.a $(RT_LIB)/librt-stats.a) $(if $(RT_HOT),$(RT_LIB)/rt-hot.bc)	## the runtime library
std: $(STD_FILES)	## the standard library

# `./gos` uses the tree that was built last; the stamp tells which.
$(B)/.built: $(B)/lib.a $(STAGES:%=$(B)/bin/%) $(if $(filter asan tsan atomic,$(MODE)),,$(B)/bin/gos-vm-stats) \
		$(if $(RT_SRC),$(RT_LIB)/librt.a $(RT_LIB)/librt-stats.a) $(if $(RT_HOT),$(RT_LIB)/rt-hot.bc) \
		$(STD_FILES)
	@mkdir -p $(@D) && touch $@

# --- generated code ---------------------------------------------------------------------------

IRGEN := $(B)/bin/irgen
$(IRGEN): $(wildcard ir-spec/*.c ir-spec/*.h ir-spec/*/*.c ir-spec/*/*.h)
	@mkdir -p $(@D)
	$(call say,LINK      $@)
	$(Q)$(CC) -I. -std=c11 -D_GNU_SOURCE $(WARN) -O1 -g -o $@ $(filter %.c,$^)

$(B)/gen/%.h: ir-spec/%.ir $(IRGEN)
	@mkdir -p $(@D)
	$(call say,IRGEN     $<)
	$(Q)$(IRGEN) --header $< > $@
$(B)/gen/%.c: ir-spec/%.ir $(IRGEN)
	@mkdir -p $(@D)
	$(call say,IRGEN     $<)
	$(Q)$(IRGEN) --source $< > $@
# The schema of the engine's own tests; tests/unit/ir.c includes what comes of it.
$(B)/gen/%.h: tests/ir/%.ir $(IRGEN)
	@mkdir -p $(@D)
	$(call say,IRGEN     $<)
	$(Q)$(IRGEN) --header $< > $@
$(B)/gen/%.c: tests/ir/%.ir $(IRGEN)
	@mkdir -p $(@D)
	$(call say,IRGEN     $<)
	$(Q)$(IRGEN) --source $< > $@
$(B)/tests/unit/ir.o $(B)/tests/fuzz/ir_stream.o $(B)/tests/fuzz/ir_text.o: \
		$(B)/gen/toy.h $(B)/gen/toy.c
$(B)/docs/ir/%.md: ir-spec/%.ir $(IRGEN)
	@mkdir -p $(@D)
	$(call say,IRGEN     $<)
	$(Q)$(IRGEN) --docs $< > $@

# --- stages -----------------------------------------------------------------------------------

$(B)/%.o: %.c | $(GEN_H)
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/gen/%.o: $(B)/gen/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/lib.a: $(LIB_OBJS)
	@rm -f $@
	$(call say,AR        $@)
	$(Q)$(AR) rcs $@ $^

.SECONDEXPANSION:
$(STAGE_LIBS): $(B)/%.a: $$(call objs,$$*)
	@rm -f $@
	$(call say,AR        $@)
	$(Q)$(AR) rcs $@ $^

# gos-vm runs programs on the library that compiled programs are linked with; under a sanitizer, on
# the form of it that the tests have.
WITH_gos-vm := $(if $(filter asan tsan atomic,$(MODE)),$(B)/librt-test.a,$(RT_LIB)/librt.a)
# At a fixed address: librt.a is made so, and what gos-check maps points to its constants.
FIXED := -no-pie -Wl,--build-id=sha1
$(B)/bin/gos-vm: private LIBS += -lffi -lpthread
$(B)/bin/gos-fix: private LIBS += $(JSON_LIBS)
$(B)/bin/gos-repl: private LIBS += -ledit
$(STAGES:%=$(B)/bin/%): $(B)/bin/%: $(B)/%/main.o $(B)/%.a $(B)/lib.a $(EXTRA) $$(WITH_$$*)
	@mkdir -p $(@D)
	$(call say,LINK      $@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(if $(WITH_$*)$(filter gos-check,$*),$(FIXED)) -o $@ $^ $(LIBS)

# The same, counting what memory management does: for `gos run --stats`.
$(B)/bin/gos-vm-stats: private LIBS += -lffi -lpthread
$(B)/bin/gos-vm-stats: $(B)/gos-vm/main.o $(B)/gos-vm/run-stats.o $(B)/gos-vm.a $(B)/lib.a $(EXTRA) $(RT_LIB)/librt-stats.a
	@mkdir -p $(@D)
	$(call say,LINK      $@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(FIXED) -o $@ $^ $(LIBS)
$(B)/gos-vm/run-stats.o: gos-vm/run.c | $(GEN_H)
	$(call say,CC        $<)
	$(Q)$(CC) $(ALL_CPPFLAGS) -DGOS_COUNT $(ALL_CFLAGS) -O1 -fno-sanitize=all -MMD -MP -c -o $@ $<

# The loop is of no use without optimisation; AddressSanitizer in it takes a quarter of an hour to compile.
$(B)/gos-vm/run.o $(B)/gos-vm/runtime.o: private CFLAGS += -O2 $(if $(filter tsan atomic,$(MODE)),,-fno-sanitize=all)
# Each start of a program hashes what its cache has.
$(B)/lib/sha256.o: private CFLAGS += -O2
$(B)/gos-vm/runtime.o: $(B)/gen/vm_calls.h
$(B)/gen/vm_calls.h: librt/abi.def gos-vm/calls.awk
	@mkdir -p $(@D)
	$(call say,AWK       $@)
	$(Q)awk -f gos-vm/calls.awk librt/abi.def > $@

# --- the runtime library ----------------------------------------------------------------------

rt_objs = $(patsubst librt/%,$(1)/%.o,$(basename $(2)))

$(RT_LIB)/librt.a: $(call rt_objs,$(B)/rt,$(RT_SRC))
	@mkdir -p $(@D) && rm -f $@
	$(call say,AR        $@)
	$(Q)$(AR) rcs $@ $^
$(B)/rt/%.o: librt/%.c
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(RT_CPPFLAGS) $(RT_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/rt/%.o: librt/%.S
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(RT_CPPFLAGS) $(RT_CFLAGS) -MMD -MP -c -o $@ $<

# What `gos build --stats` links: it counts retains, releases and copies.
$(RT_LIB)/librt-stats.a: $(call rt_objs,$(B)/rt-stats,$(RT_SRC))
	@mkdir -p $(@D) && rm -f $@
	$(call say,AR        $@)
	$(Q)$(AR) rcs $@ $^
$(B)/rt-stats/%.o: librt/%.c
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(RT_CPPFLAGS) -DGOS_COUNT $(RT_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/rt-stats/%.o: librt/%.S
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(RT_CPPFLAGS) $(RT_CFLAGS) -MMD -MP -c -o $@ $<

# For the tests: the flags of the mode.
$(B)/librt-test.a: $(call rt_objs,$(B)/rt-test,$(RT_SRC))
	@rm -f $@
	$(call say,AR        $@)
	$(Q)$(AR) rcs $@ $^
$(B)/rt-test/%.o: librt/%.c
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(RT_CPPFLAGS) -std=c11 $(WARN) $(FLAGS) -fno-pie -fno-strict-aliasing -MMD -MP -c -o $@ $<
$(B)/rt-test/%.o: librt/%.S
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(CC) $(RT_CPPFLAGS) $(FLAGS) -fno-pie -MMD -MP -c -o $@ $<

# What release builds inline.  The same sources are in librt.a for debug builds, so they must define
# no variables.  LLVM inlines only between functions that agree on the CPU, so its name is taken out
# here and given once, to llc.
PLAIN_CPU := sed -i 's/"\(target-cpu\|target-features\|tune-cpu\)"="[^"]*"//g'
$(RT_LIB)/rt-hot.bc: $(patsubst librt/%.c,$(B)/rt-bc/%.ll,$(RT_HOT))
	@mkdir -p $(@D)
	$(call say,LLVM-LINK $@)
	$(Q)$(LLVM_LINK) -o $@ $^
$(B)/rt-bc/%.ll: librt/%.c
	@mkdir -p $(@D)
	$(call say,CLANG     $<)
	$(Q)$(CLANG) $(RT_CPPFLAGS) $(filter-out -g -fno-omit-frame-pointer -fsanitize%,$(RT_CFLAGS)) -g0 -S -emit-llvm -MMD -MP -o $@ $<
	@$(PLAIN_CPU) $@

# A second target: `make librt-aarch64`, with clang or the cross gcc.
RT_AARCH64 := $(call rt_sources,aarch64)
AARCH64_LIB := $(B)/lib/gossamer/aarch64-linux-gnu
AARCH64_CC ?= $(or $(shell command -v aarch64-linux-gnu-gcc 2>/dev/null), \
	$(CLANG) --target=aarch64-linux-gnu)
librt-aarch64: $(AARCH64_LIB)/librt.a $(if $(RT_HOT),$(AARCH64_LIB)/rt-hot.bc)	## the runtime for aarch64
$(AARCH64_LIB)/librt.a: $(call rt_objs,$(B)/rt-aarch64,$(RT_AARCH64))
	@mkdir -p $(@D) && rm -f $@
	$(call say,AR        $@)
	$(Q)$(AR) rcs $@ $^
$(B)/rt-aarch64/%.o: librt/%.c
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(AARCH64_CC) $(RT_CPPFLAGS) $(RT_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/rt-aarch64/%.o: librt/%.S
	@mkdir -p $(@D)
	$(call say,CC        $<)
	$(Q)$(AARCH64_CC) $(RT_CPPFLAGS) $(RT_CFLAGS) -MMD -MP -c -o $@ $<
$(AARCH64_LIB)/rt-hot.bc: $(patsubst librt/%.c,$(B)/rt-bc-aarch64/%.ll,$(RT_HOT))
	@mkdir -p $(@D)
	$(call say,LLVM-LINK $@)
	$(Q)$(LLVM_LINK) -o $@ $^
$(B)/rt-bc-aarch64/%.ll: librt/%.c
	@mkdir -p $(@D)
	$(call say,CLANG     $<)
	$(Q)$(CLANG) --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include $(RT_CPPFLAGS) \
		$(filter-out -g -fno-omit-frame-pointer -fsanitize%,$(RT_CFLAGS)) -g0 -S -emit-llvm -MMD -MP -o $@ $<
	@$(PLAIN_CPU) $@

# --- the standard library ---------------------------------------------------------------------

$(B)/lib/gossamer/std/core.ast: $(STD) $(STD_TEMPLATES) $(B)/bin/gos-lex $(B)/bin/gos-parse
	@mkdir -p $(@D)
	$(call say,GOS       $@)
	$(Q)std/core/expand.sh $(@D)/core
	$(Q)cp $(STD) $(@D)/core
	$(Q)cd $(@D) && $(abspath $(B))/bin/gos-lex core/*.gos | $(abspath $(B))/bin/gos-parse > core.ast

$(B)/lib/gossamer/std/core.img: $(B)/lib/gossamer/std/core.ast $(B)/bin/gos-check
	$(call say,GOS       $@)
	$(Q)$(B)/bin/gos-check --std $(@D) --write-image

# --- tests ------------------------------------------------------------------------------------

$(UNIT_STAGE:tests/unit/%.c=$(B)/unit/%): $(B)/unit/%: $(B)/tests/unit/%.o $(STAGE_LIBS) $(B)/lib.a $(EXTRA)
	@mkdir -p $(@D)
	$(call say,LINK      $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $< $(EXTRA) $(STAGE_LIBS) $(B)/lib.a $(CHECK_LIBS) $(LIBS)

$(B)/unit/%: tests/unit/%.c $(B)/librt-test.a
	@mkdir -p $(@D)
	$(call say,LINK      $@)
	$(Q)$(CC) $(RT_CPPFLAGS) -std=c11 $(WARN) $(FLAGS) -no-pie -fno-pie -MMD -MP -o $@ $(filter %.c %.a,$^) $(CHECK_LIBS)
$(B)/unit/%: tests/rt/%.c $(B)/librt-test.a
	@mkdir -p $(@D)
	$(call say,LINK      $@)
	$(Q)$(CC) $(RT_CPPFLAGS) -std=c11 $(WARN) $(FLAGS) -no-pie -fno-pie -MMD -MP -o $@ $(filter %.c %.a,$^) $(CHECK_LIBS)

# A fuzz target is linked with libFuzzer in MODE=fuzz, and with a main that replays files otherwise.
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),,$(B)/tools/fuzz-replay.o)
$(FUZZ:%=$(B)/fuzz/%): $(B)/fuzz/%: $(B)/tests/fuzz/%.o $(FUZZ_MAIN) $(STAGE_LIBS) $(B)/lib.a $(EXTRA)
	@mkdir -p $(@D)
	$(call say,LINK      $@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -o $@ $< $(FUZZ_MAIN) $(EXTRA) \
		$(STAGE_LIBS) $(B)/lib.a $(LIBS)

T ?=
RUN = tests/run --build $(B)
check: all $(UNIT) $(FUZZ:%=$(B)/fuzz/%)	## every test: unit, goldens, programs, streams, corpora, lint
	@$(RUN) --all
unit: all $(UNIT)	## unit tests
	@$(RUN) unit
golden: all	## golden files of each stage
	@$(RUN) lex parse check lower rc llvm ir
e2e: all	## whole programs, debug and release, and expected diagnostics
	@$(RUN) e2e compile-fail
test: all $(UNIT)	## chosen tests: make test T=tests/e2e/01-hello.gos
	@$(RUN) $(T)
asan tsan atomic ubsan:	## `check` with a sanitizer
	$(MAKE) MODE=$@ check

FUZZ_SECONDS ?= 20
fuzz:	## fuzz each reader for FUZZ_SECONDS (20) seconds
	$(MAKE) MODE=fuzz fuzz-run
fuzz-run: $(FUZZ:%=$(B)/fuzz/%)
	@for f in $(FUZZ); do \
		mkdir -p $(B)/corpus/$$f tests/fuzz/corpus/$$f; \
		echo "fuzz $$f for $(FUZZ_SECONDS) s"; \
		$(B)/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=512 -verbosity=0 \
			-print_final_stats=0 -artifact_prefix=$(B)/fuzz/$$f- \
			$(B)/corpus/$$f tests/fuzz/corpus/$$f || exit 1; \
	done

PROGRAMS ?= 20000
fuzz-programs: all	## PROGRAMS random programs and the pages of `gos explain`, the same in every tier
	@GOS_BUILD=$(B) tests/generate.py ./gos --count $(PROGRAMS) --seed $$(date +%j) --keep build/programs
	@GOS_BUILD=$(B) tests/documents.py ./gos . --pages

bench:	## ratios to clang -O2, build times, check of 100,000 lines; the VM against Lua and Python
	@$(MAKE) --no-print-directory MODE=rel all
	@bench/run --build build/rel
	@bench/vm/run --build build/rel
	@bench/start --build build/rel
	@bench/chains/run --build build/rel

lint:	## layering and naming rules
	@tools/lint --build $(B)

# --- the rest ---------------------------------------------------------------------------------

demo: deps	## install what is missing, build, compile and run examples
	@$(MAKE) --no-print-directory MODE=rel all
	@tools/demo
deps:	## look for the packages the build needs, and offer to install them
	@tools/deps.sh

docs: $(SCHEMAS:%=$(B)/docs/ir/%.md) $(B)/docs/diagnostics.md	## reference pages, in $(B)/docs
$(B)/docs/diagnostics.md: $(B)/bin/gos-explain
	@mkdir -p $(@D)
	$(call say,GOS       $@)
	$(Q)$(B)/bin/gos-explain --all > $@

install:	## install to PREFIX (/usr/local), under DESTDIR
	@$(MAKE) --no-print-directory MODE=rel all
	@tools/install.sh build/rel "$(DESTDIR)" "$(PREFIX)"
uninstall:	## remove what `install` put there
	@tools/install.sh --remove "$(DESTDIR)" "$(PREFIX)"

clean:	## remove build/
	rm -rf build
help:	## this list
	@sed -n 's/^\([a-z0-9][a-z0-9 -]*\):[^=].*##/\1:/p' Makefile | \
		awk -F': *\t*' '{ n = $$1; sub(/^[^:]*: */, ""); gsub(/\t/, ""); printf "  %-16s %s\n", n, $$0 }'

.PHONY: all programs librt std librt-aarch64 check unit golden e2e test asan tsan atomic ubsan fuzz fuzz-run \
	bench fuzz-programs lint demo deps docs install uninstall clean help
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell test -d $(B) && find $(B) -name '*.d')
