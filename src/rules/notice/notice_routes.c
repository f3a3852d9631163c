/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/notice_faces.h"

#define UPLOAD_MAX ((size_t)4 << 20)

static const struct param notice_in[] = {
    {"rows", PARAM_ID, 80, "a table and its first row: bidders.101"},
    {NULL, PARAM_TEXT, 0, NULL},
};
static const struct param list_in[] = {
    {"sector", PARAM_ID, 40, "one of the sectors"},
    {"item", PARAM_ID, 80, "a disclosure item"},
    {"place", PARAM_ID, 40, "a region code, with its children"},
    {"agency", PARAM_ID, 80, "a body that discloses"},
    {"status", PARAM_ID, 10,
	"open: takes bids or applications now; publicity: takes objections now"},
    {"from", PARAM_TEXT, 40, "first day of publication"},
    {"to", PARAM_TEXT, 40, "last day of publication"},
    {"before", PARAM_TEXT, 40, "a day, or the key of a row: older ones than this"},
    {"after", PARAM_TEXT, 40, "the key of a row: newer ones than this"},
    {NULL, PARAM_TEXT, 0, NULL},
};
static const struct param verify_in[] = {
    {"q", PARAM_TEXT, 200, "id, log index, digest or verification code"},
    {NULL, PARAM_TEXT, 0, NULL},
};
static const struct param upload_in[] = {
    {"file", PARAM_FILE, 0, "a document, an entry or a proof file"},
    {NULL, PARAM_TEXT, 0, NULL},
};

#define PAGE(path_, template_, run_, doc_)                                                         \
	.method = GET, .path = path_, .right = RIGHT_PUBLIC, .page = template_, .run = run_,       \
	.doc = doc_
#define RAW(path_, run_, doc_)                                                                     \
	.method = GET, .path = path_, .right = RIGHT_PUBLIC, .run = run_, .doc = doc_

const struct route notice_routes[] = {
    {PAGE("/", "notice/home", notice_home_page, "The home page."), .cache = CACHE_LIST},
    {PAGE("/s/:sector", "notice/sector", notice_sector_page,
	 "A sector: its newest notices, and all its items with what was never published."),
	.cache = CACHE_LIST},
    {PAGE("/n", "notice/list", notice_list_page, "Notices, newest first, by filters and keys."),
	.in = list_in, .cache = CACHE_LIST, .cost = 2},
    {PAGE("/n/:id", "notice/notice", notice_page_show,
	 "A notice, in its current revision or as ID@REVISION."),
	.in = notice_in, .cache = CACHE_NOTICE},
    {RAW("/n/:id/document", notice_document_raw,
	"The document, byte for byte as its digest covers it.")},
    {RAW("/n/:id/salt", notice_salt_raw, "The 32 bytes of salt before the document.")},
    {RAW("/n/:id/entry", notice_entry_raw, "The entry of the log, byte for byte.")},
    {RAW("/n/:id/proof", notice_proof_raw, "A proof file (tlog-proof) with the entry in it.")},
    {RAW("/n/:id/text", notice_text_raw, "The notice as plain text.")},
    {RAW("/n/:id/qr.svg", notice_qr_raw, "A QR code of the address that verifies this revision.")},
    {PAGE("/verify", "notice/verify", notice_verify_page,
	 "Verifies a notice by id, index, digest or code."),
	.in = verify_in, .cost = 2},
    {.method = POST,
	.path = "/verify",
	.right = RIGHT_PUBLIC,
	.page = "notice/verify",
	.in = upload_in,
	.run = notice_upload_page,
	.cost = 5,
	.body_max = UPLOAD_MAX,
	.doc = "Compares a file with what stands in the log; the file is not kept."},
    {RAW("/log/:generation/checkpoint", log_checkpoint_raw, "The signed checkpoint.")},
    {RAW("/log/:generation/tile/*", log_tile_raw,
	 "Tiles and entry bundles (C2SP tlog-tiles), full and partial."),
	.cache = CACHE_IMMUTABLE},
    {RAW("/log/:generation/document/:index", log_document_raw,
	"The document of an entry, for audits from outside.")},
    {RAW("/log/:generation/salt/:index", log_salt_raw,
	"The salt of an entry, for audits from outside.")},
    {.path = NULL},
};
