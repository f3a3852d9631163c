/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/catalogue_faces.h"

static const struct param catalogue_in[] = {
    {"sector", PARAM_ID, 40, "only this sector"},
    {"agency", PARAM_ID, 100, "only what this body leads or discloses"},
    {NULL, PARAM_TEXT, 0, NULL},
};

static const struct param calendar_in[] = {
    {"from", PARAM_TEXT, 40, "day from which the period runs"},
    {"days", PARAM_TEXT, 10, "how many; negative counts back"},
    {"unit", PARAM_ID, 10, "workday, day, month or year"},
    {"rule", PARAM_ID, 60, "key of a statutory period, shown above the result"},
    {NULL, PARAM_TEXT, 0, NULL},
};

#define PAGE(where, parameters, template, handler, scope, says)                                    \
	{                                                                                          \
		.method = GET, .right = RIGHT_PUBLIC, .path = (where), .in = (parameters),         \
		.page = (template), .run = (handler), .cache = (scope), .doc = (says)              \
	}

const struct route catalogue_routes[] = {
    PAGE("/catalogue", catalogue_in, "catalogue/catalogue", catalogue_page, CACHE_DOMAIN,
	"The disclosure catalogue: every item with content, limit, method, discloser, lead, media, "
	"channels and supervision."),
    PAGE("/catalogue.csv", catalogue_in, NULL, catalogue_csv, CACHE_DOMAIN,
	"The same as CSV; its SHA-256 is the digest that the page shows."),
    PAGE("/i/:item", NULL, "catalogue/item", item_page, CACHE_NOTICE,
	"An item, or ITEM@VERSION: definition, fields, rules, what exists and who has never "
	"published it."),
    PAGE("/a/:agency", NULL, "catalogue/agency", agency_page, CACHE_NOTICE,
	"A disclosing body: what it has published, and what never."),
    PAGE("/r/:place", NULL, "catalogue/place", place_page, CACHE_NOTICE,
	"A place with everything below it: notices by sector, bodies."),
    PAGE("/calendar", calendar_in, "catalogue/calendar", calendar_page, CACHE_DOMAIN,
	"Computes a period in working or calendar days, months or years and explains it day by "
	"day, in both ways of counting."),
    PAGE("/about", NULL, "web/about", about_page, CACHE_NOTICE,
	"What this portal is, and the key of its log."),
    PAGE("/accessibility", NULL, "web/accessibility", accessibility_page, CACHE_DOMAIN,
	"The accessibility statement."),
    PAGE("/sitemap", NULL, "web/sitemap", sitemap_page, CACHE_DOMAIN,
	"Every page, sector, place and body."),
    {.path = NULL},
};
