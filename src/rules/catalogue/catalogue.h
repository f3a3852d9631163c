/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue: the domain in the log. data/ is the seed; what is published is the truth. Every sector, item version, list, rule file and the calendar is a
 * document with its entry (政府信息公开条例 12: catalogues are compiled, published and kept current), and the running system reads the domain back from there.
 *
 * A definition is known by type, id and version. The same content under the same version adds nothing; other content under a version that stands is refused,
 * naming what changed; a higher version is published and follows the one before. Old item versions stay known: a notice is shown and checked under the
 * version it was made with.
 */
#ifndef CATALOGUE_CATALOGUE_H
#define CATALOGUE_CATALOGUE_H

#include "ledger/ledger.h"
#include "schema/schema.h"

struct definition_row { /* one published version of one definition */
	struct str type, id;
	int64_t version, idx, time;
};
extern const struct db_col definition_cols[];

struct catalogue_report {
	size_t published, unchanged;
	LIST_OF(struct act_result) refused; /* id and message of each */
};
/* Publishes what the domain defines and the log does not have yet. True also when some were refused: look at the report. */
MUST_CHECK bool catalogue_load(struct cx *cx, struct ledger *ledger, const struct domain *domain,
    struct catalogue_report *out);

/*
 * The domain as published below the published size. files: data/, of which only the settings of the site are taken (site.yaml, demo/site.yaml); may be NULL.
 * ERR_NOT_FOUND when nothing is published yet; ERR_CORRUPT when what is published cannot be read. Lives in cx->mem.
 */
MUST_CHECK bool catalogue_domain(struct cx *cx, const struct ledger *ledger,
    const struct map *files, bool demo, const struct domain **out);

/* All published definitions in log order; type and id filter when they are not absent. History of an item: ("item/v1", id). */
MUST_CHECK bool catalogue_definitions(struct cx *cx, const struct ledger *ledger, struct str type,
    struct str id, struct definition_row **rows_out, size_t *n_out);

/* What differs between two versions of a document, in words: `fields[winner].required: "no" → "yes"`; at most `most` differences, one a line. */
struct str definition_changes(
    struct arena *mem, const struct val *before, const struct val *after, size_t most);

extern const struct ledger_view catalogue_views[]; /* ended by name NULL */

#endif
