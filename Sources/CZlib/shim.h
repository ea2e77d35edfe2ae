#pragma once
#include <zlib.h>

// inflateInit2 is a macro. 15 + 16: a window of 32 kB, and gzip's header and trailer.
static inline int czlib_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
