/* The version of the toolchain; every tool prints it and writes it into stream headers. */
#ifndef GOS_LIB_VERSION_H
#define GOS_LIB_VERSION_H

#define GOS_VERSION "0.1.0"

#endif
