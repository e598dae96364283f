/* void gos_in_switch(void **save, void *to): see the x86_64 form.  Saves x19-x30 and d8-d15. */
	.text
	.globl	gos_in_switch
	.hidden	gos_in_switch
	.type	gos_in_switch, %function
	.p2align 4
gos_in_switch:
	.cfi_startproc
	sub	sp, sp, #160
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #160
	br	x30
	.cfi_endproc
	.size	gos_in_switch, .-gos_in_switch

/* Where a new stack begins: the goroutine is in x19, what to call in x20. */
	.globl	gos_in_context_start
	.hidden	gos_in_context_start
	.type	gos_in_context_start, %function
	.p2align 4
gos_in_context_start:
	.cfi_startproc
	.cfi_undefined x30
	mov	x0, x19
	blr	x20
	brk	#1
	.cfi_endproc
	.size	gos_in_context_start, .-gos_in_context_start
	.section .note.GNU-stack, "", %progbits
