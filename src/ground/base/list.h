/* SPDX-License-Identifier: Apache-2.0 */
/* A growing array in an arena: `LIST_OF(struct issue) issues;  *list_add(mem, &issues) = x;  LIST_EACH(it, &issues) … it->…` */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/arena.h"

#define LIST_OF(type)                                                                              \
	struct {                                                                                   \
		type *at;                                                                          \
		size_t n, cap;                                                                     \
	}

/* Pointer to a new zeroed element at the end. Pointers to elements move when the list grows. */
#define list_add(mem, list)                                                                        \
	((list)->n == (list)->cap                                                                  \
		? ((list)->at = arena_grow((mem), (list)->at, (list)->cap * sizeof *(list)->at,    \
		       ((list)->cap ? (list)->cap * 2 : 8) * sizeof *(list)->at),                  \
		      (list)->cap = (list)->cap ? (list)->cap * 2 : 8)                             \
		: (size_t)0,                                                                       \
	    &(list)->at[(list)->n++])

#define LIST_EACH(it, list)                                                                        \
	for (__typeof__((list)->at)(it) = (list)->at;                                              \
	     (it) != NULL && (it) < (list)->at + (list)->n; (it)++)

#endif
