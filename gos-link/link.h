/*
 * gos-link: object files and the runtime library become a program.
 *
 *	target.c	what differs between machines, and where their libraries are
 *	object.c	looks at the object files before a linker complains about them
 *	command.c	the linker's command line
 *	output.c	runs it so that the output is in place whole or not at all
 *	note.c		what a program says of how it was built
 */
#ifndef GOS_LINK_LINK_H
#define GOS_LINK_LINK_H

#include "lib/arena.h"
#include "lib/vec.h"

#include <stdbool.h>

/* A machine that programs can be built for. */
typedef struct Target {
	const char *triple;	/* as the folders of Debian are called */
	const char *arch;
	const char *emulation;	/* the linker's -m */
	const char *loader;	/* of dynamically linked programs */
	const char *packages;	/* what to install when its libraries are missing here */
	uint16_t machine;	/* e_machine of its object files */
} Target;

/* Where the parts of a program are found; all paths are complete. */
typedef struct Places {
	const char *runtime;	/* librt.a */
	const char *libc;	/* the folder with crt1.o and libc.a */
	const char *gcc;	/* the folder with libgcc.a */
	const char *linker;
} Places;

typedef struct Link {
	Arena arena;
	const Target *target;
	Places places;
	const char *output;
	char **objects;
	int object_count;
	bool dynamic, strip, verbose;
	bool stats;		/* with the library that counts */
} Link;

typedef VEC(const char *) Words;

/* Accepts arch-linux-gnu with or without a vendor; NULL if it is unknown. */
const Target *target_find(const char *triple);
/* For messages: the known triples, separated by commas. */
const char *target_list(Arena *a);
/* The machine that gos-link itself runs on. */
const Target *target_host(void);

/* Finds runtime and libraries, or ends with a message that says what is missing. */
void places_find(Link *link);
bool file_exists(const char *path);

/* Prints how the program was built, or ends with a message: gos did not build it. */
void note_print(Arena *a, const char *path);

/* Ends with a message unless every object is there and made for the target. */
void objects_check(const Link *link);

/* The linker to run: LLD, or one that is installed; ends with a message if there is none. */
const char *linker_find(Link *link);
/* The linker and its arguments, to write `out`; NULL-terminated. */
char *const *command_make(Link *link, const char *out);

/* Makes the output; the exit status of gos-link. */
int output_make(Link *link);

#endif
