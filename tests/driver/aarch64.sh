# Programs for aarch64, where a cross C library and an emulator are at hand.
set -eu
run=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || true)
if [ -z "$run" ] || [ ! -f /usr/aarch64-linux-gnu/lib/crt1.o ] || [ "$(uname -m)" = aarch64 ]; then
	exit 0
fi
make -C "$ROOT" B="${BIN%/bin}" librt-aarch64 >log 2>&1 || { cat log; exit 1; }
for flags in "" --release; do
	"$GOS" build $flags --target aarch64-linux-gnu -o program "$ROOT/examples/goroutines.gos"
	"$run" ./program >got
	"$GOS" run "$ROOT/examples/goroutines.gos" | cmp - got
done
