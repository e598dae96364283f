/* Sites: where an instruction stands in the program, and where its panic goes.  See vm.h. */
#include "gos-vm/vm.h"

const VmSite *
vm_site(const VmFn *fn, const Insn *pc)
{
	uint32_t at = (uint32_t)(pc - fn->code), low = 0, high = fn->n_sites;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (fn->sites[middle].pc < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < fn->n_sites && fn->sites[low].pc == at ? &fn->sites[low] : NULL;
}

/* The place in *slot, made if it is not there yet. */
static const GosPlace *
place_in(GosPlace **slot, const VmFn *fn, Span span)
{
	GosPlace *place = __atomic_load_n(slot, __ATOMIC_ACQUIRE);

	if (place)
		return place;
	pthread_mutex_lock(&vm.lock);
	place = *slot;
	if (!place) {
		place = vm_place(fn, span);
		__atomic_store_n(slot, place, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&vm.lock);
	return place;
}

const GosPlace *
vm_site_place(VmFn *fn, const Insn *pc)
{
	VmSite *site = (VmSite *)(uintptr_t)vm_site(fn, pc);

	return site ? place_in(&site->place, fn, site->span) : vm_fn_place(fn);
}

const GosPlace *
vm_fn_place(VmFn *fn)
{
	return place_in(&fn->place, fn, fn->mir->span);
}

void
vm_interrupt(G *g, VmFn *fn, const Insn *pc)
{
	static const GosString text = {.bytes = "interrupted", .bytes[15] = sizeof "interrupted" - 1};

	/* What is dropped on the way out is not interrupted. */
	__atomic_store_n(&vm.evaluating, NULL, __ATOMIC_RELEASE);
	gos_rt_panic_static(g, &text, vm_site_place(fn, pc));
}
