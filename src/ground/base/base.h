/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base: what every room stands on. Arena, text view, builder, map, context and errors, issues, system calls, trace.
 * Imports nothing of ours. This header only gathers the small ones.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"
#include "base/cx.h"
#include "base/issue.h"

#endif
