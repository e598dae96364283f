#!/bin/sh
# Looks for what the build needs, says what is missing and why, and installs it with apt-get.
# --yes: do not ask.  --check: only look; status 1 if something is missing.

set -u
yes=no check=no
for word; do
	case $word in
	--yes | -y) yes=yes ;;
	--check) check=yes ;;
	*)
		echo "usage: tools/deps.sh [--yes | --check]" >&2
		exit 2
		;;
	esac
done

missing=
need() { # PACKAGE WHY
	missing="$missing $1"
	printf '  %-22s %s\n' "$1" "$2"
}
have() { command -v "$1" >/dev/null 2>&1; }
have_header() { echo "#include <$1>" | cc -E -x c - >/dev/null 2>&1; }
# A tool of LLVM, 16 or later, as the Makefile and gos look for it.
have_llvm() {
	for tool in "$1-19" "$1-18" "$1-17" "$1-16"; do
		have "$tool" && return
	done
	if [ -n "${LLVM:-}" ]; then
		[ -x "$LLVM/bin/$1" ] || [ -x "$LLVM/$1" ]
		return
	fi
	have "$1" || return
	version=$("$1" --version | sed -n 's/[^0-9]*\([0-9][0-9]*\)\.[0-9].*/\1/p' | head -n 1)
	[ "${version:-0}" -ge 16 ]
}
has_sanitizers() {
	echo 'int main(void){return 0;}' |
		"$1" -fsanitize=fuzzer-no-link,address -x c - -o /dev/null 2>/dev/null
}
newest_clang() {
	for tool in clang-19 clang-18 clang-17 clang-16 clang; do
		have "$tool" && echo "$tool" && return
	done
}

look() {
	have cc || need gcc "compiles the stages"
	have make || need make "runs the build"
	have git || need git "the version history"
	have python3 || need python3 "runs the tests"
	have pkg-config || need pkg-config "finds the libraries"
	[ -f /usr/include/stdio.h ] || have_header stdio.h || need libc6-dev "the C library"
	have_header msgpack.h || need libmsgpack-dev "the format of the streams between stages"
	have_header bsd/string.h || need libbsd-dev "safe strings"
	have_header ffi.h || need libffi-dev "calls between the virtual machine and C"
	have_header histedit.h || need libedit-dev "editing lines in sessions"
	have_header utf8proc.h || need libutf8proc-dev "Unicode tables"
	have_header jansson.h || need libjansson-dev "reads diagnostics, to apply their fixes"
	have_header check.h || need check "unit tests"
	have_llvm llc || need llvm-19 "generates machine code (16 or later will do)"
	have_llvm ld.lld || need lld-19 "links programs"
	if ! have_llvm clang; then
		need clang-19 "compiles the part of the runtime that release builds inline"
		need libclang-rt-19-dev "fuzzing (make fuzz)"
	elif clang=$(newest_clang) && ! has_sanitizers "$clang"; then
		need "libclang-rt-$("$clang" -dumpversion | cut -d. -f1)-dev" "fuzzing (make fuzz)"
	fi
}

echo "looking for what the build needs"
look
if [ -z "$missing" ]; then
	echo "everything is here"
	exit 0
fi
[ "$check" = no ] || exit 1

if ! have apt-get; then
	echo "These are the names in Debian; please install them with your system's package manager." >&2
	exit 1
fi
as_root=
if [ "$(id -u)" != 0 ]; then
	have sudo || {
		echo "Run as root: apt-get update && apt-get install$missing" >&2
		exit 1
	}
	as_root="sudo "
fi
echo "to do: ${as_root}apt-get update && ${as_root}apt-get install$missing"
if [ "$yes" = no ] && [ -t 0 ]; then
	printf 'Install them now? [Y/n] '
	read -r answer
	case $answer in
	'' | [yY]*) ;;
	*) exit 1 ;;
	esac
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q || echo "apt-get update failed; trying with the lists that are here" >&2
$as_root apt-get install -y -q --no-install-recommends $missing || exit 1
missing=
look >/dev/null
[ -z "$missing" ] || {
	echo "still missing:$missing" >&2
	exit 1
}
echo "everything is here"
