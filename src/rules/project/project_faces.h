/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROJECT_PROJECT_FACES_H
#define PROJECT_PROJECT_FACES_H

#include "web/web.h"

extern const struct route project_routes[]; /* ended by path NULL */

bool project_page(struct cx *cx, const struct input *in, struct reply *out);

#endif
