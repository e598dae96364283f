#!/bin/sh
# Writes the sources that exist once per number type, from the *.gos.in templates beside this script.
#	expand.sh OUTDIR
set -eu
here=$(dirname "$0")
out=$1
mkdir -p "$out"
rm -f "$out"/*.gos

# A file for each, so that a program has only those texts that it uses.
integer() { # TYPE BITS MIN MAX UNSIGNED
	expand_integer "$@" >"$out/int_$1.gos"
}
expand_integer() {
	sed "s/@T@/$1/g; s/@BITS@/$2/g; s/@BYTES@/$(($2 / 8))/g; s/@MIN@/$3/g; s/@MAX@/$4/g; s/@U@/$5/g" \
	    "$here/int.gos.in"
	case $1 in
	i*) sed "s/@T@/$1/g; s/@U@/$5/g" "$here/int_signed.gos.in" ;;
	u*) sed "s/@T@/$1/g; s/@S@/i${1#u}/g" "$here/int_unsigned.gos.in" ;;
	esac
}
float() { # TYPE MAX EPSILON BITS LEAST
	sed "s/@T@/$1/g; s/@MAX@/$2/g; s/@EPSILON@/$3/g; s/@BITS@/$4/g; s/@BYTES@/$(($4 / 8))/g; s/@LEAST@/$5/g" \
	    "$here/float.gos.in" >"$out/float_$1.gos"
}
convert() { # TO FROM…
	expand_conversions "$@" >"$out/convert_$1.gos"
}
expand_conversions() {
	to=$1
	shift
	for from; do sed "s/@A@/$from/g; s/@B@/$to/g" "$here/convert.gos.in"; done
}

attempts() { # TO
	for from in $integers; do
		test "$from" = "$1" || sed "s/@A@/$from/g; s/@B@/$1/g" "$here/try_from.gos.in"
	done >"$out/try_from_$1.gos"
}
atomic() { # TYPE NAME, then how a word is added to
	sed "s/@ADD@/$3/g; s/@T@/$1/g; s/@A@/$2/g" "$here/atomic.gos.in" >"$out/atomic_$1.gos"
}
integers='i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize'

integer i8 8 -128 127 u8
integer i16 16 -32768 32767 u16
integer i32 32 -2147483648 2147483647 u32
integer i64 64 -9223372036854775808 9223372036854775807 u64
integer i128 128 -170141183460469231731687303715884105728 170141183460469231731687303715884105727 u128
integer isize 64 -9223372036854775808 9223372036854775807 usize
integer u8 8 0 255 u8
integer u16 16 0 65535 u16
integer u32 32 0 4294967295 u32
integer u64 64 0 18446744073709551615 u64
integer u128 128 0 340282366920938463463374607431768211455 u128
integer usize 64 0 18446744073709551615 usize
float f32 3.40282347e38 1.1920929e-7 32 1.17549435e-38
float f64 1.7976931348623157e308 2.220446049250313e-16 64 2.2250738585072014e-308
convert i16 i8 u8
convert i32 i8 i16 u8 u16
convert i64 i8 i16 i32 u8 u16 u32
convert i128 i8 i16 i32 i64 u8 u16 u32 u64
convert u16 u8
convert u32 u8 u16 char
convert u64 u8 u16 u32
convert u128 u8 u16 u32 u64
convert f64 i8 i16 i32 u8 u16 u32 f32
convert f32 i8 i16 u8 u16
for t in 'i64 AtomicI64' 'u64 AtomicU64' 'isize AtomicIsize' 'usize AtomicUsize'; do
	atomic $t 'atomic_add(self.cell, value as i64) as @T@'
done
for t in 'i32 AtomicI32' 'u32 AtomicU32'; do atomic $t 'self.change(|x| x +% value)'; done
for to in $integers; do attempts "$to"; done
