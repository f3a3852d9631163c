/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar: two files, one definition. */
#include "schema/schema_priv.h"
#include "codec/csv.h"

struct exception {
	struct str date, name, kind, plan_year;
};
static const struct member exception_members[] = {
    MUST("date", struct exception, date),
    MEMBER("holiday_name", struct exception, name),
    MUST("kind", struct exception, kind),
    MUST("plan_year", struct exception, plan_year),
    MEMBERS_END,
};
struct plan_notice {
	struct str year, url;
};
static const struct member plan_notice_members[] = {
    MUST("plan_year", struct plan_notice, year),
    MUST("notice_url", struct plan_notice, url),
    MEMBERS_END,
};

/* One of the two: where it stands in the definition and among the files. */
static const struct part {
	const char *name, *file;
	const struct member *members;
} parts[] = {
    {"notices", "calendar/notices.csv", plan_notice_members},
    {"exceptions", "calendar/exceptions.csv", exception_members},
};

/* The list as the CSV text that calendar_parse reads: row i of the list is line i + 2. */
static struct str csv_of(struct arena *mem, const struct val *list, const struct member *members)
{
	struct buf b = buf_new(mem, (size_t)4 << 20);

	for (const struct member *m = members; m->key; m++)
		csv_print(&b, str_of(m->key), m == members);
	buf_char(&b, '\n');
	VAL_EACH(i, list) {
		for (const struct member *m = members; m->key; m++) {
			struct str cell = val_str(list->at[i], m->key);

			csv_print(&b, cell.p ? cell : STR(""), m == members);
		}
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

/* What was said of the text made above; the row stood elsewhere in its file if that has comments or rows that cannot be read. */
static void mistake_of_line(struct load *l, const struct val *tree, struct str said)
{
	struct str file = l->file;
	struct val place = {0};

	(void)place_said(&said, &file, &place);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct val *list = val_find(tree, str_of(parts[i].name));

		if (str_is(file, parts[i].file) && list && place.line >= 2 &&
		    place.line - 2 < list->n)
			place.line = list->at[place.line - 2]->line;
	}
	mistake_in(l, file, &place, "%.*s", STR_ARG(said));
}

void load_calendar(struct load *l, struct val *tree)
{
	struct str days = csv_of(l->mem, val_at(tree, "exceptions"), exception_members);
	struct str notices = csv_of(l->mem, val_at(tree, "notices"), plan_notice_members);
	struct str said, one;

	if (calendar_parse(l->cx, days, notices, &l->d->calendar))
		return;
	said = l->cx->err.msg;
	cx_clear(l->cx);
	while (str_split(&said, '\n', &one))
		mistake_of_line(l, tree, one);
}

bool calendar_source(struct load *l)
{
	struct val *tree = val_map(l->mem), *one;
	bool all = true;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct str *text = map_get(l->files, str_of(parts[i].file));

		l->file = str_of(parts[i].file);
		if (text == NULL)
			mistake(l, NULL, "the file is missing");
		else if (!csv_tree(l, *text, parts[i].name, parts[i].members, &one))
			return false;
		if (text == NULL || one == NULL ||
		    is_source_lost(l, str_fmt(l->mem, "%s/v1", parts[i].name).p))
			all = false;
		else
			val_put(l->mem, tree, str_of(parts[i].name),
			    val_find(one, str_of(parts[i].name)));
	}
	if (!all) {
		source_lost(l, "calendar/v1");
		return true;
	}
	*list_add(l->mem, &l->sources) =
	    (struct source){.def = {.type = "calendar/v1", .id = STR("calendar"), .document = tree},
		.file = l->file,
		.version_key = STR("calendar")};
	return true;
}
