/* SPDX-License-Identifier: Apache-2.0 */
#include "project/project_faces.h"

/* A code of another platform may hold any character. */
static const struct param project_in[] = {
    {"project", PARAM_TEXT, 200, NULL},
    {NULL, PARAM_TEXT, 0, NULL},
};

const struct route project_routes[] = {
    {.method = GET,
	.right = RIGHT_PUBLIC,
	.path = "/p/:project",
	.in = project_in,
	.page = "project/project",
	.run = project_page,
	.cache = CACHE_NOTICE,
	.doc = "A project by its name or by any code of its notices: stages with their notices, "
	       "stages without any, amounts, warnings."},
    {.path = NULL},
};
