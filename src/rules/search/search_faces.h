/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_SEARCH_FACES_H
#define SEARCH_SEARCH_FACES_H

#include "web/web.h"

extern const struct route search_routes[]; /* ended by path NULL */

bool search_page(struct cx *cx, const struct input *in, struct reply *out);

#endif
