/*
 * Modules, imports and paths: what a name means.
 */
#ifndef GOS_CHECK_NAMES_H
#define GOS_CHECK_NAMES_H

#include "gos-check/check.h"

/* Where a name is looked up. */
typedef struct Scope {
	ModuleId module;
	const Generics *generics;	/* or NULL */
} Scope;

typedef struct Resolved {
	Def def;
	uint32_t at;	/* segments consumed; what is left names associated items */
} Resolved;

ModuleId names_module_new(Check *c, ModuleId parent, Sym name, bool is_std, bool is_block);
/* Adds a name; reports a second one of the same kind. */
void names_define(Check *c, ModuleId m, NameSpace ns, Sym name, Def def, AstVis vis, Span span);
/* The primitive types and what the compiler itself knows, in a module of their own. */
void names_define_builtin(Check *c);
/* Takes a `use` apart into m's list. */
void names_add_use(Check *c, ModuleId m, const AstUseTree *tree, AstVis vis);
/* Resolves the imports of the modules from `first` on; reports those that lead nowhere. */
void names_resolve_uses(Check *c, ModuleId first);
/* Warns of imports that nothing used; after all bodies. */
void names_report_unused(Check *c);
/* The meaning of the path as far as it names items; unknown names are reported: DEF_ERROR. */
Resolved names_resolve(Check *c, Scope s, const AstPath *path, NameSpace ns);
/* The same for the path of an import. */
Resolved names_resolve_import(Check *c, ModuleId m, const AstPath *path);
/* The same in silence: DEF_NONE. */
Resolved names_try(Check *c, Scope s, const AstPath *path, NameSpace ns);
/* A single name from the inside out; DEF_NONE if there is none. */
Def names_lookup(Check *c, Scope s, Sym name, NameSpace ns);
/* Index of an enum's variant, or IR_NONE. */
uint32_t names_variant(const Check *c, TastAdtId adt, Sym name);
/* May code in `from` use what is private to `home`? */
bool names_visible(const Check *c, AstVis vis, ModuleId home, ModuleId from);
/* The nearest real module around a block's. */
ModuleId names_real(const Check *c, ModuleId m);
/* "a function", "a struct"… */
const char *names_kind(const Check *c, Def def);
/* Reports a name that was not found, with the nearest that exists. */
void names_unknown(Check *c, Scope s, Sym name, Span span, NameSpace ns);
/* The path of an item in a module: `main::inner::name`. */
Sym names_path(Check *c, ModuleId m, Sym name);
/* std's module `prelude`, once std is declared. */
void names_find_prelude(Check *c);
/* Is it one of the names that are there in every module of `from`'s project, without import? */
const NameEntry *names_everywhere(const Check *c, ModuleId from, NameSpace ns, Sym name);
/* Adds an imported name; false if it was there. */
bool names_import(Check *c, ModuleId m, NameSpace ns, Sym name, Def def, const UseDecl *u, bool glob);
/* The entry of a module itself, or NULL. */
NameEntry *names_entry(const Check *c, ModuleId m, NameSpace ns, Sym name);

/* places.c */
/* `std::cmp::Ordering` for `Ordering`, or NULL: where std has it. */
const char *names_std_path(Check *c, Sym name);
/* Something in the module stands at `span`; `use` items are preferred as the place for others. */
void names_note_start(Check *c, ModuleId m, Span span, bool is_use);
/*
 * If std has the name somewhere: reports that it must be imported, with the `use` to add as the fix,
 * and goes on as if it had been.
 */
bool names_report_importable(Check *c, ModuleId m, Sym name, Span span, NameSpace ns);
/* Is it a single segment without arguments? Then its name, else 0. */
Sym names_single(const AstPath *path);

#endif
