/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of notices, and what other rooms' pages show of notices. Value trees as ui/CONTRACT.md describes them. Everything lives in cx->mem; labels are
 * in the language of cx.
 */
#ifndef NOTICE_NOTICE_FACES_H
#define NOTICE_NOTICE_FACES_H

#include "notice/notice.h"
#include "project/project.h"
#include "web/web.h"

extern const struct route notice_routes[];

/* ---- for every room's pages ---- */
/* The list of `row`s; needs no documents. */
MUST_CHECK bool notice_rows_show(
    struct cx *cx, const struct notice_row *rows, size_t n, struct val **out);
/* One row; other rooms may add members. */
MUST_CHECK bool notice_row_show(struct cx *cx, const struct notice_row *row, struct val **out);
/* The list of `stage`s of a project: those that happened and those that its sector expects. here: id of the notice that shows it, or absent. */
MUST_CHECK bool notice_stages_show(struct cx *cx, const struct project *p,
    const struct sector *sector, struct str here, struct val **out);
/* {rule, message, field, source} of an issue of a document, and of a project follower's mark. */
struct val *notice_warning_show(struct cx *cx, const struct item *it, const struct issue *issue);
struct val *notice_mark_show(struct cx *cx, const struct project_mark *mark);
/* A statistic {label, value, unit, link}; address is a path, view the words of the link. */
struct val *notice_stat(
    struct cx *cx, struct str label, int64_t value, struct str unit, struct val *link);
/* The name of a place, of a county-level unit with its city where that is another than the site's. */
struct val *notice_place_code(struct cx *cx, struct str place);
/* From a code (of a project, a section, an investment) to all notices that hold it: a search for exactly this code. */
struct val *notice_code_link(struct cx *cx, struct str code);
/* https://… of the portal as its settings give it, without final slash */
struct str notice_site_address(const struct cx *cx);

/* ---- inside the room ---- */
/* status: open, publicity … or null. */
struct val *notice_status(struct cx *cx, const struct notice_row *row, const struct item *it);
struct val *notice_revised(struct cx *cx, const struct notice_row *row);
/* {kind, at, days, open, today} or null; brief: of the row, parsed. */
struct val *notice_deadline(struct cx *cx, const struct notice_row *row, const struct val *brief);
/* The item in the version the notice was made with; NULL when the catalogue lost it. */
const struct item *notice_item(struct cx *cx, const struct notice_row *row);
/* "ID" or "ID@REVISION" */
bool notice_ref_parse(struct str ref, struct str *id_out, int64_t *revision_out);
/* /n/ID@REVISION and what follows */
struct val *notice_revision_link(
    struct cx *cx, const struct notice_row *row, const char *rest, struct str label);

struct notice_page {
	struct cx *cx;
	struct notice n,
	    shown; /* what is asked for; whose document is shown (of a withdrawal: the revision before it) */
	struct notice_row *revisions;
	size_t revisions_n;
	struct val *out;
};
/* revisions, attachments, formats, proof, project, supervision. */
MUST_CHECK bool notice_record_show(struct notice_page *p);
/* Of a withdrawal, in words. */
struct str notice_ground(struct cx *cx, const struct notice *withdrawal);
struct val *notice_instant(struct cx *cx, int64_t time);
struct val *notice_text(struct cx *cx, struct str text); /* null when empty */
/* facts_any, facts, tables, texts. from: the first row shown of table `table`. */
void notice_facts_show(
    struct cx *cx, const struct notice *n, struct str table, int64_t from, struct val *page);

bool notice_home_page(struct cx *cx, const struct input *in, struct reply *out);
bool notice_sector_page(struct cx *cx, const struct input *in, struct reply *out);
bool notice_list_page(struct cx *cx, const struct input *in, struct reply *out);
bool notice_page_show(struct cx *cx, const struct input *in, struct reply *out);
bool notice_verify_page(struct cx *cx, const struct input *in, struct reply *out);
bool notice_upload_page(struct cx *cx, const struct input *in, struct reply *out);
/* The result of comparing an uploaded file; result null: issues say why. */
MUST_CHECK bool notice_file_compare(struct cx *cx, const struct input *in, struct val *page);
/* The `result` of an entry that stands in the log; it is checked against its document and the signed checkpoint. */
MUST_CHECK bool notice_result_show(
    struct cx *cx, struct str q, int64_t index, struct val *yours, bool match, struct val *page);
/* The shell lines with which anyone checks the checkpoint, and an entry (index ≥ 0). */
MUST_CHECK bool notice_shell_show(struct cx *cx, int64_t index, struct val *page);
/* /log/GENERATION/checkpoint */
struct val *notice_checkpoint_link(struct cx *cx);

bool notice_document_raw(struct cx *cx, const struct input *in, struct reply *out);
bool notice_salt_raw(struct cx *cx, const struct input *in, struct reply *out);
bool notice_entry_raw(struct cx *cx, const struct input *in, struct reply *out);
bool notice_proof_raw(struct cx *cx, const struct input *in, struct reply *out);
bool notice_text_raw(struct cx *cx, const struct input *in, struct reply *out);
bool notice_qr_raw(struct cx *cx, const struct input *in, struct reply *out);
bool log_checkpoint_raw(struct cx *cx, const struct input *in, struct reply *out);
bool log_tile_raw(struct cx *cx, const struct input *in, struct reply *out);
bool log_document_raw(struct cx *cx, const struct input *in, struct reply *out);
bool log_salt_raw(struct cx *cx, const struct input *in, struct reply *out);

#endif
