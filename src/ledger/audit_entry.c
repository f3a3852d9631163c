/* SPDX-License-Identifier: Apache-2.0 */
/* What entries mean together: time only goes forward, ids have no gaps, revisions follow each other, documents match their digests. */
#include "ledger/audit.h"
#include "text/text.h"

struct audit_id {
	int64_t revision, idx;
};

/* ---- numbers ---- */

/* 360800-works-2026-000123: the next number of its city, sector and year. */
static bool new_number_check(struct audit *a, const struct entry *e)
{
	struct str rest = e->id, city, sector, year, number = STR_NONE, key, want;
	struct audit_counter *c;
	int y, month, day;

	date_split(instant_day(e->time), &y, &month, &day);
	if (!str_split(&rest, '-', &city) || !str_split(&rest, '-', &sector) ||
	    !str_split(&rest, '-', &year) || !str_split(&rest, '-', &number) || rest.p != NULL)
		return cx_fail(a->cx, ERR_CORRUPT,
		    "entry %" PRId64 ": the id %.*s is not CITY-SECTOR-YEAR-NUMBER", e->index,
		    STR_ARG(e->id));
	key = str_cut(e->id, 0, e->id.n - number.n);
	c = map_get(&a->counters, key);
	if (c == NULL) {
		c = arena_new(a->keep, struct audit_counter);
		c->city = str_dup(a->keep, city);
		c->sector = str_dup(a->keep, sector);
		c->year = y;
		(void)map_put(a->keep, &a->counters, str_dup(a->keep, key), c);
	}
	c->last++;
	want = str_fmt(a->cx->mem, "%.*s-%.*s-%d-%06" PRId64, STR_ARG(c->city), STR_ARG(c->sector),
	    y, c->last);
	return str_eq(want, e->id) ||
	       cx_fail(a->cx, ERR_CORRUPT,
		   "entry %" PRId64 " has the id %.*s where %s comes next: a gap in the numbers",
		   e->index, STR_ARG(e->id), want.p);
}

/* corrects names the entry before of the same id, by index and leaf; a first entry has none. */
static bool target_check(struct audit *a, const struct entry *e, const struct audit_id *before)
{
	struct entry_target t = entry_target(e->meta, "corrects");

	if (before == NULL)
		return t.index < 0 ||
		       cx_fail(a->cx, ERR_CORRUPT,
			   "entry %" PRId64 " is the first of %.*s, yet corrects entry %" PRId64,
			   e->index, STR_ARG(e->id), t.index);
	if (t.index != before->idx)
		return cx_fail(a->cx, ERR_CORRUPT,
		    "entry %" PRId64 " corrects entry %" PRId64
		    "; the one before of %.*s is %" PRId64,
		    e->index, t.index, STR_ARG(e->id), before->idx);
	return hash_eq(&t.leaf, &a->leaves[t.index]) ||
	       cx_fail(a->cx, ERR_CORRUPT,
		   "entry %" PRId64 " corrects entry %" PRId64 " by another leaf hash than it has",
		   e->index, t.index);
}

static bool revision_check(struct audit *a, const struct entry *e, const struct entry_type *type,
    const struct audit_id *before)
{
	int64_t last = before ? before->revision : 0;

	if (type->numbered ? e->revision != last + 1 : before && e->revision <= last)
		return cx_fail(a->cx, ERR_CORRUPT,
		    "entry %" PRId64 " is revision %" PRId64 " of %.*s after revision %" PRId64,
		    e->index, e->revision, STR_ARG(e->id), last);
	return true;
}

static bool id_check(struct audit *a, const struct entry *e, const struct entry_type *type)
{
	struct str key = str_fmt(a->cx->mem, "%s %.*s", type->family, STR_ARG(e->id));
	struct audit_id *before = map_get(&a->ids, key);

	if (!revision_check(a, e, type, before) || !target_check(a, e, before))
		return false;
	if (before == NULL) {
		if (type->numbered && !new_number_check(a, e))
			return false;
		before = arena_new(a->keep, struct audit_id);
		(void)map_put(a->keep, &a->ids, str_dup(a->keep, key), before);
	}
	*before = (struct audit_id){e->revision, e->index};
	return true;
}

/* ---- documents ---- */

static bool erasure_check(struct audit *a, const struct entry *e)
{
	struct entry_target t = entry_target(e->meta, "erases");
	int64_t *by = arena_new(a->keep, int64_t);

	if (t.index < 0 || t.index >= e->index || !hash_eq(&t.leaf, &a->leaves[t.index]))
		return cx_fail(a->cx, ERR_CORRUPT,
		    "entry %" PRId64 " erases entry %" PRId64 ", which has another leaf hash",
		    e->index, t.index);
	*by = e->index;
	(void)map_put(a->keep, &a->erased, str_fmt(a->keep, "%" PRId64, t.index), by);
	return true;
}

static bool document_check(struct audit *a, const struct entry *e, const struct entry_row *row)
{
	struct hash want, is;

	a->documents += row->document.p != NULL;
	if (!entry_digest(e->meta, &want))
		return row->document.p == NULL ||
		       cx_fail(a->cx, ERR_CORRUPT,
			   "entry %" PRId64 " has no digest, yet a document stands beside it",
			   e->index);
	if (row->document.p == NULL) {
		*list_add(a->keep, &a->missing) = e->index;
		return true;
	}
	if (val_i64(e->meta, "length", -1) != (int64_t)row->document.n)
		return cx_fail(a->cx, ERR_CORRUPT,
		    "the document of entry %" PRId64 " has %zu bytes, the entry says %" PRId64,
		    e->index, row->document.n, val_i64(e->meta, "length", -1));
	is = document_digest(str_of_bytes(row->salt), row->document);
	if (row->salt.n != 32 || !hash_eq(&is, &want))
		return cx_fail(a->cx, ERR_CORRUPT,
		    "the document or the salt of entry %" PRId64 " does not match its digest",
		    e->index);
	return true;
}

bool audit_erasures(struct audit *a)
{
	for (size_t i = 0; i < a->missing.n; i++)
		if (!map_has(&a->erased, str_fmt(a->cx->mem, "%" PRId64, a->missing.at[i])))
			return cx_fail(a->cx, ERR_CORRUPT,
			    "the document of entry %" PRId64 " is missing and no entry erased it",
			    a->missing.at[i]);
	return true;
}

bool audit_entry(struct audit *a, const struct entry_row *row)
{
	const struct entry_type *type;
	struct entry e;

	if (!entry_parse(a->cx, row->idx, str_of_bytes(row->entry), &e))
		return false;
	type = entry_type_find(e.type);
	if (type == NULL) {
		a->documents += row->document.p != NULL;
		return row->document.p == NULL ||
		       cx_fail(a->cx, ERR_CORRUPT,
			   "entry %" PRId64 " has an unknown type, yet a document", row->idx);
	}
	if (e.time < a->time)
		return cx_fail(a->cx, ERR_CORRUPT,
		    "entry %" PRId64 " (%s) is older than the one before it (%s)", row->idx,
		    instant_print(a->cx->mem, e.time).p, instant_print(a->cx->mem, a->time).p);
	a->time = e.time;
	if (type->family != NULL ? !id_check(a, &e, type) : !erasure_check(a, &e))
		return false;
	return !a->source->documents || document_check(a, &e, row);
}
