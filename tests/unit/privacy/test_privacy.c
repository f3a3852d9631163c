/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"

#include "base/io.h"
#include "codec/csv.h"
#include "privacy/privacy.h"

static void check_digits_agree_with_every_vector(void **state)
{
	static const struct {
		const char *kind;
		bool (*valid)(struct str);
	} kinds[] = {{"uscc", id_uscc_valid}, {"resident_id", id_resident_valid},
	    {"unified_deal_code", id_deal_code_valid}};
	struct cx cx = {.mem = *state};
	struct str text;
	struct csv csv;
	struct csv_record row;
	int n = 0;

	assert_true(
	    io_file_read(&cx, SOURCE_DIR "/tests/data/check-digit-vectors.csv", 1 << 20, &text));
	assert_true(csv_open(&cx, text, &csv));
	assert_true(csv_next(cx.mem, &csv, &row));
	while (csv_next(cx.mem, &csv, &row))
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
			if (str_is(row.at[0], kinds[i].kind)) {
				assert_int_equal(
				    kinds[i].valid(row.at[1]), str_is(row.at[2], "valid"));
				n++;
			}
	assert_int_equal(n, 39);
}

static void other_identifiers_are_checked_too(void **state)
{
	static const struct {
		bool (*valid)(struct str);
		const char *value;
		bool ok;
	} cases[] = {
	    {id_organisation_valid, "745322928", true},
	    {id_organisation_valid, "74532292-8", true},
	    {id_organisation_valid, "MA01A4ER3", true},
	    {id_organisation_valid, "103070925", true},
	    {id_organisation_valid, "103070926", false},
	    {id_organisation_valid, "10307092", false},
	    {id_organisation_valid, "1030-70925", false},
	    {id_resident_valid, "11010519491231002X", true},
	    {id_resident_valid, "11010519491231002x", false},
	    {id_resident_valid, "11010519490230002X", false},
	    {id_resident_valid, "440524188001010014", false}, /* born 1880 */
	    {id_resident_valid, "990105194912310021", false},
	    {id_resident_valid, "362401199003070016", true},
	    {id_uscc_valid, "91350100M000100Y43", true},
	    {id_uscc_valid, "91350100m000100y43", false},
	    {id_luhn_valid, "6222021506000000005", true},
	    {id_luhn_valid, "6222021506000000006", false},
	    {id_luhn_valid, "6217001234567890122", true},
	    {id_luhn_valid, "", false},
	    {id_deal_code_valid, "A01-11410423005487188A-20261331-000001-T", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(cases[i].valid(str_of(cases[i].value)), cases[i].ok);
}

struct scan_case {
	const char *text;
	const char *digits; /* NULL: nothing personal */
	enum personal_kind kind;
};

static void scan_cases(struct arena *mem, const struct scan_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct personal_list found = {0};
		size_t wanted = cases[i].digits ? 1 : 0;

		privacy_scan(mem, STR(""), str_of(cases[i].text), &found);
		if (found.n != wanted)
			print_error("case %zu: \"%s\": %zu found\n", i, cases[i].text, found.n);
		assert_int_equal(found.n, wanted);
		if (!wanted)
			continue;
		assert_string_equal(str_c(mem, found.at[0].digits), cases[i].digits);
		assert_int_equal(found.at[0].kind, cases[i].kind);
	}
}

#define ID     "11010519491231002X"
#define MOBILE "13800138000"
#define CARD   "6222021506000000005"

static void personal_identifiers_are_found_as_they_stand(void **state)
{
	static const struct scan_case cases[] = {
	    {"身份证号：11010519491231002X。", ID, PERSONAL_RESIDENT_ID},
	    {"王某，362401199003070016，购房人", "362401199003070016", PERSONAL_RESIDENT_ID},
	    {"王某110105491231002", "110105491231002", PERSONAL_RESIDENT_ID},
	    {"联系人张三13800138000", MOBILE, PERSONAL_MOBILE},
	    {"张三-13800138000", MOBILE, PERSONAL_MOBILE},
	    {"(+86)13800138000", MOBILE, PERSONAL_MOBILE},
	    {"8613800138000", MOBILE, PERSONAL_MOBILE},
	    {"0086-13800138000", MOBILE, PERSONAL_MOBILE},
	    {"TEL:13800138000", MOBILE, PERSONAL_MOBILE},
	    {"Tel13800138000", MOBILE, PERSONAL_MOBILE},
	    {"1.13800138000", MOBILE, PERSONAL_MOBILE},
	    {"卡号 6222021506000000005", CARD, PERSONAL_BANK_CARD},
	    {"6217001234567890122（建设银行卡）", "6217001234567890122", PERSONAL_BANK_CARD},
	    {"ID11010519491231002X", ID, PERSONAL_RESIDENT_ID},
	    {"王某440524188001010014", "440524188001010014", PERSONAL_RESIDENT_ID},
	    {"账 号：6222021506000000005", CARD, PERSONAL_BANK_CARD},
	    {"账　号　6222021506000000005", CARD, PERSONAL_BANK_CARD},
	    {"开户行：某银行\n户名：王某\n6222021506000000005", CARD, PERSONAL_BANK_CARD},
	    {"退款至4111111111111111（信用卡）", "4111111111111111", PERSONAL_BANK_CARD},
	    {"签字13800138000", MOBILE, PERSONAL_MOBILE},
	    {"https://a.example/?tel=13800138000", MOBILE, PERSONAL_MOBILE},
	};

	scan_cases(*state, cases, ARRAY_SIZE(cases));
}

static void disguises_do_not_hide_them(void **state)
{
	static const struct scan_case cases[] = {
	    {"１１０１０５１９４９１２３１００２Ｘ", ID, PERSONAL_RESIDENT_ID},
	    {"11010519491231002x", ID, PERSONAL_RESIDENT_ID},
	    {"110105 19491231 002X", ID, PERSONAL_RESIDENT_ID},
	    {"110105-19491231-002X", ID, PERSONAL_RESIDENT_ID},
	    {"110105-19491231-002-x", ID, PERSONAL_RESIDENT_ID},
	    {"11010519491\n231002X", ID, PERSONAL_RESIDENT_ID},
	    {"11010519491\r\n231002X", ID, PERSONAL_RESIDENT_ID},
	    {"110105\u200B19491231\u200B002X", ID, PERSONAL_RESIDENT_ID},
	    {"一一〇一〇五一九四九一二三一〇〇二X", ID, PERSONAL_RESIDENT_ID},
	    {"1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", ID, PERSONAL_RESIDENT_ID},
	    {"&#49;&#49;0105194912310&#x30;2X", ID, PERSONAL_RESIDENT_ID},
	    {"110105\t19491231\t002X", ID, PERSONAL_RESIDENT_ID},
	    {"11010519491231002Ⅹ", ID, PERSONAL_RESIDENT_ID}, /* the Roman numeral */
	    {"11010519491231002Х", ID, PERSONAL_RESIDENT_ID}, /* Cyrillic */
	    {"电话：１３８００１３８０００", MOBILE, PERSONAL_MOBILE},
	    {"138 0013 8000", MOBILE, PERSONAL_MOBILE},
	    {"业主王某 138-0013-8000 收", MOBILE, PERSONAL_MOBILE},
	    {"业主王某 138—0013—8000 收", MOBILE, PERSONAL_MOBILE},
	    {"+86 138 0013 8000", MOBILE, PERSONAL_MOBILE},
	    {"1 3 8 0 0 1 3 8 0 0 0", MOBILE, PERSONAL_MOBILE},
	    {"13800\n138000", MOBILE, PERSONAL_MOBILE},
	    {"请致电1380013\n8000咨询", MOBILE, PERSONAL_MOBILE},
	    {"13800\u200B13\u20608000", MOBILE, PERSONAL_MOBILE},
	    {"一三八〇〇一三八〇〇〇", MOBILE, PERSONAL_MOBILE},
	    {"王某，壹叁捌零零壹叁捌零零零", MOBILE, PERSONAL_MOBILE},
	    {"1三8零0一3八0零0", MOBILE, PERSONAL_MOBILE},
	    {"第一13800138000", MOBILE, PERSONAL_MOBILE},
	    {"卡号6222 0215 0600 0000 005", CARD, PERSONAL_BANK_CARD},
	    {"账户：６２２２０２１５０６００００００００５", CARD, PERSONAL_BANK_CARD},
	};

	scan_cases(*state, cases, ARRAY_SIZE(cases));
}

static void codes_and_figures_are_not_taken_for_persons(void **state)
{
	static const struct scan_case cases[] = {
	    {"911401000607241151", NULL, 0}, {"9114 0100 0607 2411 51", NULL, 0},
	    {"91350100M000100Y43", NULL, 0}, {"360801032026018", NULL, 0},
	    {"360802202405160103-SG001", NULL, 0}, {"2208-360800-04-01-233101", NULL, 0},
	    {"E3500000717002688002001", NULL, 0}, {"YCA010152-202501-01", NULL, 0},
	    {"A01-11410423005487188A-20260331-000001-T", NULL, 0},
	    {"D03-12500000745322928L-20251231-000042-G", NULL, 0},
	    {"0035634ed22e24ca406b8a2242e9d79fcea9", NULL, 0}, {"项目编号：15920260316", NULL, 0},
	    {"JX13912345678", NULL, 0}, {"1380013.8000", NULL, 0}, {"1.3800138000", NULL, 0},
	    {"0.13800138000", NULL, 0}, {"13800138000.00", NULL, 0}, {"13,800,138,000元", NULL, 0},
	    {"110105194912.31002X", NULL, 0}, {"数量 1500 1800 350", NULL, 0},
	    {"投资1500000\n2000", NULL, 0}, {"0796-8223344", NULL, 0}, {"138****8000", NULL, 0},
	    {"138********", NULL, 0}, {"2026-03-16 10:00至2026-04-08 17:30", NULL, 0},
	    {"6222021506000000005", NULL, 0}, {"一二三四五六七八九", NULL, 0},
	    {"二〇二六年三月十六日", NULL, 0}, {"", NULL, 0}, {"12345678901", NULL, 0},
	    {"注册编号：京111161720912567", NULL, 0}, {"13800138000A", NULL, 0},
	    {"0-1-3-8-0-0-1-3-8-0-0-0", NULL, 0}, {"合同价13800138000元", NULL, 0},
	    {"合同价 13800138000 元", NULL, 0}, {"联系电话0796-8223344，投资¥13800138000", NULL, 0},
	    {"面积13800138000㎡", NULL, 0}, {"鄂建许字13800138000号", NULL, 0},
	    {"序号13800138000", NULL, 0}, {"https://a.example/13800138000.html", NULL, 0},
	    {"账号：4000000000000000006", NULL, 0}, /* 19 digits: no foreign card */
	};

	scan_cases(*state, cases, ARRAY_SIZE(cases));
}

static void the_label_tells_what_a_number_is(void **state)
{
	static const struct {
		const char *label, *text;
		size_t found;
	} cases[] = {
	    {"账号", "6222021506000000005", 1},
	    {"银行账户", "6222 0215 0600 0000 005", 1},
	    {"卡号", "６２２２０２１５０６００００００００５", 1},
	    {"标段编号", "6222021506000000005", 0},
	    {"账号", "6222021506000000006", 0},
	    {"联系电话", "13800138000", 1},
	    {"合同编号", "13800138000", 0},
	    {"备注", "13800138000", 1},
	    {"账号",
		"本项目概况如下：建设一条道路，全长三千米，工期一年，质量合格，6222021506000000005",
		0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct personal_list found = {0};

		privacy_scan(*state, str_of(cases[i].label), str_of(cases[i].text), &found);
		if (found.n != cases[i].found)
			fail_msg("%s: %s", cases[i].label, cases[i].text);
	}
}

static void what_is_found_says_where_and_how_it_may_be_shown(void **state)
{
	static const char text[] = "联系人：李四，138 0013 8000；身份证11010519491231002X";
	struct arena *mem = *state;
	struct personal_list found = {0};

	privacy_scan(mem, STR(""), str_of(text), &found);
	assert_int_equal(found.n, 2);
	assert_string_equal(
	    str_c(mem, str_cut(str_of(text), found.at[0].from, found.at[0].to)), "138 0013 8000");
	assert_string_equal(str_c(mem, found.at[0].masked), "138****8000");
	assert_string_equal(
	    str_c(mem, str_cut(str_of(text), found.at[1].from, found.at[1].to)), ID);
	assert_string_equal(str_c(mem, found.at[1].masked), "110*************2X");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(check_digits_agree_with_every_vector),
	    CASE(other_identifiers_are_checked_too),
	    CASE(personal_identifiers_are_found_as_they_stand),
	    CASE(disguises_do_not_hide_them),
	    CASE(codes_and_figures_are_not_taken_for_persons),
	    CASE(the_label_tells_what_a_number_is),
	    CASE(what_is_found_says_where_and_how_it_may_be_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
