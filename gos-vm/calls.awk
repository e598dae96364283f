# Makes a C function for each function of librt/abi.def: it takes the operands from the frame, calls
# the function, stores the result, and gives the next instruction.  gos-vm/runtime.c includes it.

# Operands 0 and 1 are b and c of the first word, four more are in each word after it.
function operand(n,  at) {
	at = n + 2
	return "pc[" int(at / 4) "]." field[at % 4]
}

BEGIN { split("op a b c", f, " "); for (i = 1; i <= 4; i++) field[i - 1] = f[i] }

/^RT\(/ {
	line = $0
	sub(/^RT\(/, "", line)
	split(line, part, /,[ \t]*/)
	name = part[1]
	result = part[2]
	args = part[3]
	gsub(/"/, "", args)
	flags = part[4]
	panics = flags ~ /PANICS/
	list = ""
	n = 0 # operand 0 is the result
	if (result == "S" || panics && result != "v")
		list = ", " (result == "S" ? "STRING" : "OUT") "(" operand(0) ")"
	for (i = 1; i <= length(args); i++)
		list = list ", ARG_" substr(args, i, 1) "(" operand(i) ")"
	words = 1 + int((length(args) + 1 + 1) / 4) # two operands are in the first word
	call = "gos_rt_" name "(g" list ")"
	print "static const Insn *\nrt_" name "(G *g, char *fp, const Insn *pc)\n{\n\t(void)fp;"
	if (panics)
		print "\tif (" call ")\n\t\treturn NULL;"
	else if (result == "v" || result == "S")
		print "\t" call ";"
	else
		print "\tRESULT_" result "(" operand(0) ") = " call ";"
	if (flags !~ /NORETURN/)
		print "\treturn pc + " words ";"
	print "}\n"
	names[++count] = name
}

END {
	print "VmRuntime *const vm_runtime[] = {"
	for (i = 1; i <= count; i++)
		print "\trt_" names[i] ","
	print "};"
}
