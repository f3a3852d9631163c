/* SPDX-License-Identifier: Apache-2.0 */
#include "privacy/privacy_priv.h"

#define NUMBER_MAX 19u /* digits of the longest identifier, a bank card */
#define NEAR	   60u /* bytes before a number in which a word tells what it is: 20 Chinese characters */
#define BEHIND	   30u
#define CLOSE	   30u

static const char *const words_mobile[] = {"电话", "手机", "联系", "号码", "致电", "拨打", "微信",
    "机号", "tel", "phone", "mobile", "cell", "call", "contact", NULL};
static const char *const words_resident[] = {
    "身份证", "证件号", "公民", "身份", "id card", "idcard", "identity", NULL};
static const char *const words_card[] = {"卡号", "银行卡", "账号", "帐号", "账户", "帐户", "开户",
    "借记卡", "信用卡", "储蓄", "收款", "汇款", "转账", "存折", "银行", "card", "account", NULL};
static const char *const words_code[] = {"编号", "编码", "代码", "项目号", "文号", "合同号", "单号",
    "标段", "流水号", "证书", "注册号", "备案", "宗地", "许可证", "序号", "code", NULL};
/* Letters that may hang before a telephone number without making a code of it. */
static const char *const words_hanging[] = {"TEL", "PHONE", "MOBILE", "MOB", "CELL", "CALL", "WX",
    "VX", "WEIXIN", "WECHAT", "M", "T", NULL};
static const char *const words_hanging_resident[] = {"ID", "NO", "IDNO", "IDCARD", "SFZ", NULL};
/* What stands before or behind an amount, a quantity, the number of a document. */
static const char *const words_sign[] = {"¥", "￥", "$", NULL};
static const char *const words_numbered[] = {"字", "第", NULL};
static const char *const words_unit[] = {"元", "万元", "亿元", "美元", "港元", "欧元", "日元", "吨",
    "亩", "米", "平方", "立方", "㎡", "㎥", "m²", "m³", "公里", "公顷", "公斤", "千瓦", "千克",
    "千米", "%", "％", NULL};
/* Registration numbers of engineers begin with their province in one character. */
static const char provinces[] = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/* Pieces [first, last] read as one number. */
struct number {
	char digits[NUMBER_MAX + 1];
	uint32_t glyph[NUMBER_MAX + 1];
	size_t n, first, last;
	size_t groups;		      /* separated by something visible */
	size_t group[NUMBER_MAX + 1]; /* their lengths */
	enum gap gap;		      /* of the first separation */
	bool same_gap;
};

struct scan {
	struct arena *mem;
	struct str label, text;
	struct glyphs glyphs;
	struct pieces pieces;
};

static bool any_word(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_has(s, str_of(*words)))
			return true;
	return false;
}

/* Small letters, and no spaces: 账 号 is 账号. */
static void room_add(char *room, size_t *used, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (str_starts(str_cut(s, i, s.n), STR("\xE3\x80\x80"))) /* U+3000 */
			i += 2;
		else if (c != ' ' && c != '\t')
			room[(*used)++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
}

/* Is one of the words within `before` bytes in front of the number, where the label stands before the text, or `behind` bytes after it? */
static bool near(const struct scan *s, const struct number *n, const char *const *words,
    size_t before, size_t behind)
{
	size_t from = s->glyphs.at[n->glyph[0]].from, to = s->glyphs.at[n->glyph[n->n - 1]].to;
	size_t label = from < before ? before - from : 0, used = 0;
	char room[NEAR + BEHIND + 1];

	room_add(room, &used,
	    str_cut(s->label, s->label.n > label ? s->label.n - label : 0, s->label.n));
	room_add(room, &used, str_cut(s->text, from > before ? from - before : 0, from));
	room[used++] = 0;
	room_add(room, &used, str_cut(s->text, to, to + behind));
	return any_word((struct str){room, used}, words);
}

/* ---- joining pieces ---- */
static void number_add(const struct scan *s, size_t at, struct number *n)
{
	const struct piece *p = &s->pieces.at[at];

	for (size_t g = p->from; g < p->to; g++) {
		n->digits[n->n] = s->glyphs.at[g].c;
		n->glyph[n->n++] = (uint32_t)g;
	}
	n->last = at;
	if (n->groups && p->before == GAP_NONE) {
		n->group[n->groups - 1] += p->to - p->from;
		return;
	}
	if (n->groups == 1)
		n->gap = p->before;
	n->same_gap = n->groups <= 1 || (n->same_gap && p->before == n->gap);
	n->group[n->groups++] = p->to - p->from;
}

/* The letter X as the last character of an identity number. */
static bool number_add_x(const struct scan *s, struct number *n)
{
	const struct piece *p = n->last + 1 < s->pieces.n ? &s->pieces.at[n->last + 1] : NULL;

	if (n->n != 17 || !p || !p->letters || p->before == GAP_BREAK || p->to - p->from != 1 ||
	    s->glyphs.at[p->from].c != 'X')
		return false;
	number_add(s, n->last + 1, n);
	return true;
}

static struct str number_str(const struct number *n)
{
	return (struct str){n->digits, n->n};
}

static bool whole_text(const struct scan *s, const struct number *n)
{
	return n->first == 0 && n->last + 1 == s->pieces.n &&
	       str_trim(s->text).n ==
		   s->glyphs.at[n->glyph[n->n - 1]].to - s->glyphs.at[n->glyph[0]].from;
}

static const struct piece *piece_before(const struct scan *s, const struct number *n, enum gap gap)
{
	return n->first && s->pieces.at[n->first].before == gap ? &s->pieces.at[n->first - 1]
								: NULL;
}

static const struct piece *piece_after(const struct scan *s, const struct number *n, enum gap gap)
{
	return n->last + 1 < s->pieces.n && s->pieces.at[n->last + 1].before == gap
		   ? &s->pieces.at[n->last + 1]
		   : NULL;
}

static bool is_word(const struct scan *s, const struct piece *p, const char *const *words)
{
	for (; *words; words++) {
		size_t n = strlen(*words), i = 0;

		if (p->to - p->from != n)
			continue;
		while (i < n && s->glyphs.at[p->from + i].c == (*words)[i])
			i++;
		if (i == n)
			return true;
	}
	return false;
}

/* Does the number hang on letters, or is it part of a decimal? */
static bool part_of_code(const struct scan *s, const struct number *n, const char *const *hanging)
{
	const struct piece *before = piece_before(s, n, GAP_NONE),
			   *after = piece_after(s, n, GAP_NONE);

	if (s->pieces.at[n->first].fraction || s->pieces.at[n->last].whole)
		return true;
	if (before && before->letters && !is_word(s, before, hanging))
		return true;
	return after && after->letters;
}

/* Is it tied by a dash to letters, or (letters false) to anything written in figures? */
static bool tied(const struct scan *s, const struct number *n, bool letters)
{
	const struct piece *sides[] = {piece_before(s, n, GAP_DASH), piece_after(s, n, GAP_DASH)};

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
		if (sides[i] && !sides[i]->han && (sides[i]->letters || !letters))
			return true;
	return false;
}

/* ---- the three kinds ---- */
static bool is_resident(const struct scan *s, const struct number *n)
{
	bool named;

	if (n->n != 18 || !id_resident_seen(number_str(n)) ||
	    part_of_code(s, n, words_hanging_resident))
		return false;
	named = near(s, n, words_resident, NEAR, BEHIND);
	if (named)
		return true;
	if (tied(s, n, false) || id_uscc_valid(number_str(n)))
		return false;
	/* Project codes hold a recent year where an identity number has the birth. */
	return memcmp(n->digits + 6, "2007", 4) < 0 || !near(s, n, words_code, CLOSE, 0);
}

static bool behind_province(const struct scan *s, const struct number *n)
{
	size_t from = s->glyphs.at[n->glyph[0]].from;

	return from >= 3 && (unsigned char)s->text.p[from - 3] >= 0xE0 &&
	       str_has(str_of(provinces), str_cut(s->text, from - 3, from));
}

static bool is_resident_old(const struct scan *s, const struct number *n)
{
	if (n->n != 15 || !id_resident_old_valid(number_str(n)) ||
	    part_of_code(s, n, words_hanging_resident))
		return false;
	if (near(s, n, words_resident, NEAR, BEHIND))
		return true;
	return n->groups == 1 && !tied(s, n, false) && !behind_province(s, n) &&
	       !near(s, n, words_code, CLOSE, 0);
}

/* Cards of the foreign schemes have 16 digits; accounts of companies may begin alike and are longer. */
static bool is_card(const struct scan *s, const struct number *n)
{
	static const char *const prefixes[] = {"62", "60", "9558", "9559", NULL};
	static const char *const of_16[] = {"4", "51", "52", "53", "54", "55", "35", "37", NULL};
	struct str digits = number_str(n);
	bool known = false;

	if (n->n < 16 || n->n > 19 || !id_luhn_valid(digits))
		return false;
	for (size_t i = 0; prefixes[i]; i++)
		known |= str_starts(digits, str_of(prefixes[i]));
	for (size_t i = 0; n->n == 16 && of_16[i]; i++)
		known |= str_starts(digits, str_of(of_16[i]));
	return known && !part_of_code(s, n, words_hanging) && near(s, n, words_card, NEAR, BEHIND);
}

/* An amount, a quantity, or the number of a document: ¥13812345678, 13812345678 ㎡, 建许字13812345678号. */
static bool is_quantity(const struct scan *s, const struct number *n)
{
	struct str before = str_trim(str_cut(s->text, 0, s->glyphs.at[n->glyph[0]].from)),
		   behind =
		       str_trim(str_cut(s->text, s->glyphs.at[n->glyph[n->n - 1]].to, s->text.n));

	for (size_t i = 0; words_sign[i]; i++)
		if (str_ends(before, str_of(words_sign[i])))
			return true;
	for (size_t i = 0; words_numbered[i]; i++)
		if (str_ends(before, str_of(words_numbered[i])) && str_starts(behind, STR("号")))
			return true;
	for (size_t i = 0; words_unit[i]; i++)
		if (str_starts(behind, str_of(words_unit[i])))
			return true;
	return false;
}

/* Part of a path: https://…/13812345678.html. */
static bool in_address(const struct scan *s, const struct number *n)
{
	size_t to = s->glyphs.at[n->glyph[0]].from, from = to;

	while (from > 0 && s->text.p[from - 1] > ' ' && s->text.p[from - 1] < 0x7F)
		from--;
	return to > 0 && s->text.p[to - 1] != '=' &&
	       str_has(str_cut(s->text, from, to), STR("://"));
}

static bool usual_groups(const struct number *n)
{
	if (n->groups == 1)
		return true;
	if (!n->same_gap)
		return false;
	return n->groups == n->n || (n->groups == 3 && n->group[0] == 3 && n->group[1] == 4);
}

static bool country_before(const struct scan *s, const struct number *n)
{
	static const char *const codes[] = {"86", "0086", NULL};
	const struct piece *p = piece_before(s, n, GAP_DASH);

	return p && !p->letters && is_word(s, p, codes);
}

static bool is_mobile(const struct scan *s, const struct number *n)
{
	if (n->n != 11 || n->digits[0] != '1' || n->digits[1] < '3' ||
	    part_of_code(s, n, words_hanging) || is_quantity(s, n) || in_address(s, n))
		return false;
	if (near(s, n, words_mobile, NEAR, 0) || country_before(s, n))
		return true;
	if (near(s, n, words_code, CLOSE, 0))
		return false;
	return whole_text(s, n) || (usual_groups(n) && !tied(s, n, n->groups == 1));
}

/* 86 or 0086 written together with the number: drops it. */
static bool drop_country(struct number *n)
{
	size_t drop = n->n == 13 && memcmp(n->digits, "86", 2) == 0	? 2
		      : n->n == 15 && memcmp(n->digits, "0086", 4) == 0 ? 4
									: 0;

	if (!drop || n->group[0] < drop)
		return false;
	n->n -= drop;
	memmove(n->digits, n->digits + drop, n->n);
	memmove(n->glyph, n->glyph + drop, n->n * sizeof n->glyph[0]);
	n->group[0] -= drop;
	return true;
}

static bool number_kind(const struct scan *s, struct number *n, enum personal_kind *out)
{
	struct number local = *n;

	if (is_resident(s, n) || is_resident_old(s, n)) {
		*out = PERSONAL_RESIDENT_ID;
		return true;
	}
	if (is_card(s, n)) {
		*out = PERSONAL_BANK_CARD;
		return true;
	}
	*out = PERSONAL_MOBILE;
	if (is_mobile(s, n))
		return true;
	if (!drop_country(&local) || !is_mobile(s, &local))
		return false;
	*n = local;
	return true;
}

static void report(const struct scan *s, const struct number *n, enum personal_kind kind,
    struct personal_list *out)
{
	static const struct {
		size_t head, tail;
	} shown[] = {[PERSONAL_RESIDENT_ID] = {3, 2},
	    [PERSONAL_MOBILE] = {3, 4},
	    [PERSONAL_BANK_CARD] = {4, 4}};
	struct personal *p = list_add(s->mem, out);
	char *masked = arena_alloc(s->mem, n->n + 1);

	memset(masked, '*', n->n);
	memcpy(masked, n->digits, shown[kind].head);
	memcpy(masked + n->n - shown[kind].tail, n->digits + n->n - shown[kind].tail,
	    shown[kind].tail);
	*p = (struct personal){.kind = kind,
	    .from = s->glyphs.at[n->glyph[0]].from,
	    .to = s->glyphs.at[n->glyph[n->n - 1]].to,
	    .digits = str_dup(s->mem, number_str(n)),
	    .masked = {masked, n->n}};
}

/* The gravest identifier that begins at this piece; returns the piece to go on with. */
static size_t scan_from(const struct scan *s, size_t first, struct personal_list *out)
{
	struct number n = {.first = first}, best = {0}, with_x;
	enum personal_kind kind, best_kind = PERSONAL_MOBILE;

	for (size_t i = first; i < s->pieces.n; i++) {
		const struct piece *p = &s->pieces.at[i];

		if (p->letters || (i > first && p->before == GAP_BREAK) ||
		    n.n + (p->to - p->from) > NUMBER_MAX)
			break;
		number_add(s, i, &n);
		with_x = n;
		if (!number_add_x(s, &with_x))
			with_x = n;
		if (with_x.n < 11 || !number_kind(s, &with_x, &kind) ||
		    (best.n && kind == PERSONAL_MOBILE))
			continue;
		best = with_x;
		best_kind = kind;
	}
	if (!best.n)
		return first + 1;
	report(s, &best, best_kind, out);
	return best.last + 1;
}

void privacy_scan(struct arena *mem, struct str label, struct str text, struct personal_list *out)
{
	struct scan s = {.mem = mem, .label = label, .text = text};

	if (!glyphs_may_hold(text, 11))
		return;
	glyphs_read(mem, text, &s.glyphs);
	pieces_read(mem, &s.glyphs, &s.pieces);
	for (size_t i = 0; i < s.pieces.n;)
		i = s.pieces.at[i].letters ? i + 1 : scan_from(&s, i, out);
}
