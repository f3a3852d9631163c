/* SPDX-License-Identifier: Apache-2.0 */
#include "search/search_faces.h"

static const struct param search_in[] = {
    {"q", PARAM_TEXT, 200, "words; all must occur, words in quotes side by side"},
    {"sector", PARAM_ID, 40, "a sector"},
    {"item", PARAM_ID, 100, "an item of the catalogue"},
    {"place", PARAM_ID, 40, "a place with everything below it"},
    {"agency", PARAM_ID, 100, "a disclosing body"},
    {"from", PARAM_TEXT, 40, "first day of publication"},
    {"to", PARAM_TEXT, 40, "last day of publication"},
    {"sort", PARAM_ID, 10, "newest (default), or title: those with the words in the title first"},
    {"after", PARAM_ID, 40, "key of the last hit of the page before, as the next link gives it"},
    {NULL, PARAM_TEXT, 0, NULL},
};

const struct route search_routes[] = {
    {.method = GET,
	.right = RIGHT_PUBLIC,
	.path = "/search",
	.in = search_in,
	.page = "search/search",
	.run = search_page,
	.cache = CACHE_LIST,
	.cost = 10,
	.doc = "Search of every public word of every current notice, with filters, counts and keys "
	       "to the very end."},
    {.path = NULL},
};
