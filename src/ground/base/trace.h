/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structured log: one JSON object a line on stderr (the service manager keeps it). Values are escaped, so no input can forge a line.
 * Nothing secret and no query text goes in. Thread-safe: one write per line.
 */
#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include "base/str.h"

enum trace_level { TRACE_ERROR, TRACE_WARNING, TRACE_INFO, TRACE_DEBUG };

/* trace(TRACE_INFO, "listening", "address", addr, "port", "8080", NULL): pairs of C strings, ended by NULL. */
void trace(enum trace_level level, const char *event, ...) __attribute__((sentinel));
void trace_level_set(enum trace_level most);

#endif
