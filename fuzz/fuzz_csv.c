/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/csv.h"
#include "fuzz.h"
#include "text/text.h"

/* The record printed and read again has the same fields, but for the ' that guards a formula. */
static void reads_back(struct cx *cx, const struct csv_record *record)
{
	struct buf b = buf_new(cx->mem, (size_t)64 << 20);
	struct csv_record again;
	struct csv csv;

	for (size_t i = 0; i < record->n; i++)
		csv_print(&b, record->at[i], i == 0);
	if (b.n == 0) /* one empty field is an empty line */
		return;
	csv = (struct csv){.text = buf_str(&b), .line = 1};
	BUG_ON(!csv_next(cx->mem, &csv, &again) || again.defect || again.n != record->n);
	for (size_t i = 0; i < again.n; i++) {
		struct str was = record->at[i], is = again.at[i];

		BUG_ON(!str_eq(is, was) &&
		       !(is.n == was.n + 1 && is.p[0] == '\'' && str_ends(is, was)));
	}
	BUG_ON(csv_next(cx->mem, &csv, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct csv_record record;
	struct csv csv;
	uint32_t line = 0;
	size_t bad;

	if (!csv_open(cx, fuzz_text(data, size), &csv))
		return 0;
	while (csv_next(cx->mem, &csv, &record)) {
		BUG_ON(record.line <= line || record.raw.n == 0);
		line = record.line;
		BUG_ON((record.defect == NULL) != (record.n > 0));
		BUG_ON(!record.defect && !text_utf8_valid(record.raw, &bad));
		reads_back(cx, &record);
	}
	BUG_ON(csv.at != csv.text.n);
	return 0;
}
