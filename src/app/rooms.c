/* SPDX-License-Identifier: Apache-2.0 */
/* The list of rooms: what each gives to the command line, the portal and the log. */
#include "app/app_priv.h"
#include "catalogue/catalogue.h"
#include "catalogue/catalogue_faces.h"
#include "intake/intake_faces.h"
#include "notice/notice.h"
#include "notice/notice_faces.h"
#include "project/project.h"
#include "project/project_faces.h"
#include "search/search.h"
#include "search/search_faces.h"

const struct command *const app_commands[] = {
    home_commands,
    serve_commands,
    catalogue_commands,
    intake_commands,
    log_commands,
    NULL,
};

const struct route *const app_routes[] = {
    notice_routes,
    catalogue_routes,
    project_routes,
    search_routes,
    NULL,
};

const struct ledger_view *app_views(void)
{
	static struct ledger_view all[24];
	static const struct ledger_view *const rooms[] = {catalogue_views, notice_views};
	size_t n = 0;

	if (all[0].name != NULL)
		return all;
	for (size_t r = 0; r < ARRAY_SIZE(rooms); r++)
		for (const struct ledger_view *v = rooms[r]; v->name; v++) {
			BUG_ON(n + 1 == ARRAY_SIZE(all));
			all[n++] = *v;
		}
	return all;
}

/* The domain comes first: what the others read of an entry may be defined by one just before it. */
enum { FOLLOW_DOMAIN, FOLLOW_PROJECTS, FOLLOW_SEARCH, FOLLOWERS };
static struct follower followers[FOLLOWERS + 1];

bool app_followers_open(
    struct cx *cx, const struct config *c, const struct follower *more, const struct follower **out)
{
	followers[FOLLOW_PROJECTS] = project_follower;
	if (!search_open(cx, c->home, &followers[FOLLOW_SEARCH]))
		return cx_note(cx, "opening the search index");
	if (more != NULL)
		followers[FOLLOW_DOMAIN] = *more;
	*out = followers + (more != NULL ? FOLLOW_DOMAIN : FOLLOW_PROJECTS);
	return true;
}

void app_followers_close(void)
{
	if (followers[FOLLOW_SEARCH].name != NULL)
		search_close(&followers[FOLLOW_SEARCH]);
	followers[FOLLOW_SEARCH] = (struct follower){.name = NULL};
}
