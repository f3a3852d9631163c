/* SPDX-License-Identifier: Apache-2.0 */
/* site.yaml: the portal's name, owner, page tags and footer. A setting of the home: it is not published. */
#include "schema/schema_priv.h"

struct tags { /* of the annex of 政府网站发展指引 (国办发〔2017〕47号) */
	struct str name, domain, id_code, description, keywords, type, source;
};
static const struct member tag_members[] = {
    MUST("SiteName", struct tags, name),
    MUST("SiteDomain", struct tags, domain),
    MUST("SiteIDCode", struct tags, id_code),
    MEMBER("ColumnDescription", struct tags, description),
    MEMBER("ColumnKeywords", struct tags, keywords),
    MEMBER("ColumnType", struct tags, type),
    MEMBER("ContentSource", struct tags, source),
    MEMBERS_END,
};
struct owner {
	struct label name, short_name, owner, operator;
	struct str place, address;
};
static const struct member owner_members[] = {
    MUST("name", struct owner, name),
    MEMBER("short_name", struct owner, short_name),
    MUST("owner", struct owner, owner),
    MEMBER("operator", struct owner, operator),
    MUST("place", struct owner, place),
    MUST("address", struct owner, address),
    MEMBERS_END,
};
struct footer {
	struct str icp, police, contact, supervision, fault_url, mark_url;
};
static const struct member footer_members[] = {
    MEMBER("icp", struct footer, icp),
    MEMBER("police", struct footer, police),
    MEMBER("contact", struct footer, contact),
    MEMBER("supervision", struct footer, supervision),
    MEMBER("fault_url", struct footer, fault_url),
    MEMBER("mark_url", struct footer, mark_url),
    MEMBERS_END,
};
struct maps {
	struct val *tags, *site, *footer;
};
static const struct member map_members[] = {
    MUST("tags", struct maps, tags),
    MUST("site", struct maps, site),
    MUST("footer", struct maps, footer),
    MEMBERS_END,
};

static void site_check(struct load *l, struct val *tree)
{
	struct maps maps = {0};
	struct tags tags = {0};
	struct owner owner = {0};
	struct footer footer = {0};

	if (!record_read(l, tree, map_members, &maps))
		return;
	(void)record_read(l, maps.tags, tag_members, &tags);
	(void)record_read(l, maps.site, owner_members, &owner);
	(void)record_read(l, maps.footer, footer_members, &footer);
}

/* The values of one file in the place of those of the other. */
static void lay_over(struct load *l, struct val *site, const struct val *over)
{
	VAL_EACH(i, over) {
		struct val *mine = val_find(site, over->keys[i]);

		if (mine == NULL || mine->kind != VAL_MAP || over->at[i]->kind != VAL_MAP)
			continue; /* said already */
		VAL_EACH(k, over->at[i])
			val_put(l->mem, mine, over->at[i]->keys[k], over->at[i]->at[k]);
	}
}

static bool site_read(struct load *l, const char *file, struct val **out)
{
	const struct str *text = map_get(l->files, str_of(file));

	*out = NULL;
	l->file = str_of(file);
	if (text == NULL) {
		mistake(l, NULL, "the file is missing");
		return true;
	}
	if (!yaml_tree(l, *text, out))
		return false;
	if (*out)
		site_check(l, *out);
	return true;
}

bool domain_site(struct cx *cx, const struct map *files, bool demo, struct mistakes *mistakes,
    const struct val **out)
{
	struct load l = {.cx = cx, .mem = cx->mem, .mistakes = mistakes, .files = files};
	struct val *over = NULL, *site;

	*out = NULL;
	if (!site_read(&l, "site.yaml", &site) || (demo && !site_read(&l, "demo/site.yaml", &over)))
		return false;
	if (site && over)
		lay_over(&l, site, over);
	*out = site;
	return true;
}

void site_resolve(struct load *l)
{
	const struct val *place = val_path(l->d->site, STR("site.place"));

	l->file = l->d->demo ? STR("demo/site.yaml") : STR("site.yaml");
	if (place && place->kind == VAL_TEXT && place->text.n && place->text.p[0] >= '0' &&
	    place->text.p[0] <= '9' && !map_has(&l->d->places, place->text))
		mistake_word(l, place, "place", place->text, &l->d->places);
}
