/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of the catalogue, of agencies and places, of the calendar and of the site itself. Value trees as ui/CONTRACT.md describes them. */
#ifndef CATALOGUE_CATALOGUE_FACES_H
#define CATALOGUE_CATALOGUE_FACES_H

#include "catalogue/catalogue.h"
#include "notice/notice.h"
#include "web/command.h"
#include "web/web.h"

extern const struct route catalogue_routes[]; /* ended by path NULL */
extern const struct command
    catalogue_commands[]; /* check, catalogue load, workday; ended by name NULL */

/* ---- inside the room ---- */
/* Adds {link} to a list. */
void links_add(struct cx *cx, struct val *list, struct val *link);
/* A list of texts; absent ones are left out. */
struct val *texts_show(struct cx *cx, const struct str *at, size_t n);
/* Names in the language of cx: of a channel, of a lead (a body or a class of bodies), of a code of a list. */
struct str channel_name(struct cx *cx, struct str id);
struct str lead_name(struct cx *cx, struct str lead);
struct str code_name(struct cx *cx, const char *list, struct str code);
/* Who discloses: the item's own words; in English the rule. */
struct str discloser_text(struct cx *cx, const struct item *it);
/* "现场公开;电话" → its pieces. */
size_t pieces_of(struct arena *mem, struct str text, struct str **out);
/* any, notices, all: the newest notices of a filter. */
MUST_CHECK bool newest_show(
    struct cx *cx, const struct notice_filter *f, struct str all, struct val *page);
/* The calendar page for a period, from absent: /calendar?days=20&unit=workday&rule=active.disclosure */
struct val *period_link(struct cx *cx, const struct deadline *rule);
/* {from, due, weeks, ways, day_by_day …}: the `result` of the calendar page (without calendar_index), shared with the command. */
struct val *period_show(struct cx *cx, const struct explanation *e);
/* Every day from start to due: {on, day, state, n, why}. */
struct val *period_days(struct cx *cx, const struct explanation *e);
/* {label, first, last, used_for} for each way of counting; empty when all end on the same day. */
struct val *period_ways(struct cx *cx, const struct explanation *e);
struct val *period_unit_code(struct cx *cx, enum period_unit unit);
bool period_unit_parse(struct str word, enum period_unit *out);
/* How far a period of this unit may reach, so that it can be explained day by day. */
int period_max(enum period_unit unit);

bool catalogue_page(struct cx *cx, const struct input *in, struct reply *out);
bool catalogue_csv(struct cx *cx, const struct input *in, struct reply *out);
bool item_page(struct cx *cx, const struct input *in, struct reply *out);
bool agency_page(struct cx *cx, const struct input *in, struct reply *out);
bool place_page(struct cx *cx, const struct input *in, struct reply *out);
bool calendar_page(struct cx *cx, const struct input *in, struct reply *out);
bool about_page(struct cx *cx, const struct input *in, struct reply *out);
bool accessibility_page(struct cx *cx, const struct input *in, struct reply *out);
bool sitemap_page(struct cx *cx, const struct input *in, struct reply *out);

#endif
