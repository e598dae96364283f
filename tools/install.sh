#!/bin/sh
# install.sh BUILD DESTDIR PREFIX        copies a build to DESTDIR/PREFIX
# install.sh --remove DESTDIR PREFIX     removes what was copied
#
# bin/ gets the driver and the stages, lib/gossamer/ the runtime and the standard library; the
# programs find the latter relative to themselves, so the folder may be moved as a whole.

set -eu

if [ "$1" = --remove ]; then
	root=$2$3
	list=$root/lib/gossamer/installed
	[ -f "$list" ] || { echo "nothing is installed in $root" >&2; exit 1; }
	while IFS= read -r file; do
		rm -f "$root/$file"
	done <"$list"
	rm -rf "$root/lib/gossamer" "$root/share/gossamer" "$root/share/doc/gossamer"
	echo "removed from $root"
	exit 0
fi

build=$1
root=$2$3
cd "$(dirname "$0")/.."
mkdir -p "$root/bin" "$root/lib/gossamer" "$root/share/doc/gossamer" "$root/share/gossamer"
list=$root/lib/gossamer/installed
: >"$list"

put() { # MODE FILE FOLDER
	install -m "$1" "$2" "$root/$3/"
	echo "$3/${2##*/}" >>"$list"
}

put 755 gos bin
for program in "$build"/bin/gos-*; do
	put 755 "$program" bin
done
cp -R "$build/lib/gossamer/." "$root/lib/gossamer/"
put 644 LICENSE share/doc/gossamer
put 644 README.md share/doc/gossamer
cp -R examples "$root/share/gossamer/"
find docs -name '*.md' -exec install -m 644 {} "$root/share/doc/gossamer/" \;
chmod -R u+w,go=rX,u=rwX "$root/lib/gossamer" "$root/share/gossamer" "$root/share/doc/gossamer"
echo "installed to $root: run $root/bin/gos"
