/*
 * void gos_in_switch(void **save, void *to)
 *
 * Leaves the registers that a call preserves on the running stack and its pointer in *save, then
 * continues on the stack `to`, which was left in the same way or made by gos_in_context_make.  Ends in
 * pop and jump: a `ret` would be predicted to go back to the caller, and always wrong.
 * The control words of the floating point units are the same everywhere and not saved.
 */
	.text
	.globl	gos_in_switch
	.hidden	gos_in_switch
	.type	gos_in_switch, @function
	.p2align 4
gos_in_switch:
	.cfi_startproc
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	popq	%rcx
	jmp	*%rcx
	.cfi_endproc
	.size	gos_in_switch, .-gos_in_switch

/* Where a new stack begins: gos_in_context_make puts the goroutine in rbx and what to call in r12. */
	.globl	gos_in_context_start
	.hidden	gos_in_context_start
	.type	gos_in_context_start, @function
	.p2align 4
gos_in_context_start:
	.cfi_startproc
	.cfi_undefined rip
	movq	%rbx, %rdi
	callq	*%r12
	ud2
	.cfi_endproc
	.size	gos_in_context_start, .-gos_in_context_start
	.section .note.GNU-stack, "", @progbits
