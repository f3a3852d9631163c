/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "ledger/ledger.h"

/* A proof file that is accepted prints as what was read; verifying it comes to an end and accepts nothing unsigned. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char vkey[] =
	    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
	struct cx *cx = fuzz_cx();
	struct str file = fuzz_text(data, size);
	struct proof_result result;
	struct proof p;
	struct hash leaf;

	if (proof_parse(cx, file, &p)) {
		BUG_ON(!str_eq(proof_print(cx->mem, &p), file));
		leaf = merkle_leaf(p.extra);
		(void)merkle_inclusion_check(
		    p.index, p.index + size, &leaf, p.path.at, p.path.n, &leaf);
		(void)merkle_consistency_check(
		    p.index, p.index + size, &leaf, &leaf, p.path.at, p.path.n);
	} else {
		cx_clear(cx);
	}
	BUG_ON(proof_verify(cx, file, str_of(vkey), STR_NONE, &result));
	cx_clear(cx);
	return 0;
}
