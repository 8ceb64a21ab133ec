// The recorded exchanges of existing clients, as the inputs that GraphQL makes of them.
#include "ledger/posting/testing.h"

namespace strongroom::ledger {
namespace {

constexpr std::string_view kSettlement = "8cd11607-1104-4270-9482-ae4b8053fd5a";
constexpr std::string_view kCustomer = "63e766a5-4a04-4aee-a4d6-aa49350f13c6";
constexpr std::string_view kJournal = "822cb59f-ce51-4837-8391-2af3b7a5fc51";
constexpr std::string_view kAchCredit = R"json({
  "tranCodeId": "53c7a411-9070-42c8-81cf-ea37ebe63182",
  "code": "ACH_CREDIT",
  "description": "An ACH credit into an account.",
  "params": [{"name": "account", "type": "UUID", "description": "Deposit account ID."},
             {"name": "amount", "type": "DECIMAL"}, {"name": "effectiveDate", "type": "DATE"}],
  "transaction": {"journalId": "uuid('822cb59f-ce51-4837-8391-2af3b7a5fc51')",
                  "effective": "params.effectiveDate"},
  "entries": [
    {"accountId": "uuid('8cd11607-1104-4270-9482-ae4b8053fd5a')", "units": "params.amount",
     "currency": "'USD'", "entryType": "'ACH_DR'", "direction": "DEBIT", "layer": "SETTLED"},
    {"accountId": "params.account", "units": "params.amount", "currency": "'USD'",
     "entryType": "'ACH_CR'", "direction": "CREDIT", "layer": "SETTLED"}]})json";

class BasicTranCodeFlow : public PostingTest {
 protected:
  void SetUp() override {
    Make(LedgerId::kJournal, R"({"journalId":"822cb59f-ce51-4837-8391-2af3b7a5fc51","name":"GL",
                                 "description":"General Ledger"})");
    MakeAccount(Id(kSettlement), "DEBIT");
    MakeAccount(Id(kCustomer), "CREDIT");
  }
};

TEST_F(BasicTranCodeFlow, PostsAnAchCredit) {
  const auto created = CreateCode(kAchCredit);
  ASSERT_EQ(Outcome(created), "ok");
  const auto code = created->Unjudged();
  const Values& first = *(*code->At("entries").Get<ListValue>().items)[0].Get<RecordValue>().fields;
  EXPECT_EQ(first[0].Get<std::string>(), "uuid('8cd11607-1104-4270-9482-ae4b8053fd5a')");

  const auto posted = Post(R"({
    "transactionId": "a71dd074-3b4e-465b-80f4-9dc111a8ecb4", "tranCode": "ACH_CREDIT",
    "params": {"account": "63e766a5-4a04-4aee-a4d6-aa49350f13c6", "amount": "12.87",
               "effectiveDate": "2022-09-21"}})");
  ASSERT_EQ(Outcome(posted), "ok");
  const Document& transaction = *posted->Unjudged();
  EXPECT_EQ(transaction.At("tran_code_id").Get<base::Uuid>(),
            Id("53c7a411-9070-42c8-81cf-ea37ebe63182"));
  EXPECT_EQ(transaction.At("effective").Get<scalars::Date>().ToString(), "2022-09-21");
  EXPECT_EQ(transaction.At("correlation_id").Get<std::string>(),
            "a71dd074-3b4e-465b-80f4-9dc111a8ecb4");
  EXPECT_EQ(transaction.At("external_id").Get<std::string>(), "");
  EXPECT_EQ(transaction.version(), 1);

  const auto entries = EntriesOf(Id("a71dd074-3b4e-465b-80f4-9dc111a8ecb4"));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0]->At("account_id").Get<base::Uuid>(), Id(kSettlement));
  EXPECT_EQ(entries[0]->At("amount").Get<scalars::Money>().ToString(), "12.87 USD");
  EXPECT_EQ(entries[0]->At("direction").Get<std::int64_t>(), kDebit);
  EXPECT_EQ(entries[0]->At("entry_type").Get<std::string>(), "ACH_DR");
  EXPECT_EQ(entries[1]->At("account_id").Get<base::Uuid>(), Id(kCustomer));
  EXPECT_EQ(entries[1]->At("direction").Get<std::int64_t>(), kCredit);
  EXPECT_EQ(entries[1]->At("layer").Get<std::int64_t>(), kSettled);
  EXPECT_EQ(entries[1]->At("sequence").Get<std::int64_t>(), 2);

  const auto balance = BalanceOf(Id(kCustomer), "USD", Id(kJournal));
  EXPECT_EQ(Sums(balance), "0/12.87/12.87");
  EXPECT_EQ(balance->version(), 1);
  EXPECT_EQ(entries[1]->At("balance_record_id").Get<base::Uuid>(), balance->record_id());
  EXPECT_EQ(entries[1]->At("balance_record_version").Get<std::int64_t>(), 1);
  EXPECT_EQ(Sums(BalanceOf(Id(kSettlement), "USD", Id(kJournal))), "12.87/0/12.87");
}

// fixtures/errors
class RecordedErrors : public PostingTest {
 protected:
  void SetUp() override {
    MakeAccount(Id("7052f9fd-dd15-40d0-b0b6-df8c4c372e41"), "DEBIT");
    ASSERT_EQ(Outcome(CreateCode(kTestCode)), "ok");
  }
  static constexpr std::string_view kTestCode = R"json({
    "tranCodeId": "7c436096-8d2c-4e50-b7a8-fec60894db9f", "code": "TESTTC",
    "params": [{"name": "effectiveDate", "type": "DATE"}, {"name": "accountId", "type": "UUID"}],
    "transaction": {"journalId": "uuid('822cb59f-ce51-4837-8391-2af3b7a5fc51')",
                    "effective": "params.effectiveDate"},
    "entries": [
      {"accountId": "uuid('7052f9fd-dd15-40d0-b0b6-df8c4c372e41')", "units": "decimal('1.00')",
       "currency": "'USD'", "description": "'TESTDESC'", "entryType": "'TESTTC_DR'",
       "direction": "DEBIT", "layer": "SETTLED"},
      {"accountId": "params.accountId", "units": "decimal('1.00')", "currency": "'USD'",
       "description": "'TESTDESC'", "entryType": "'TESTTC_CR'", "direction": "CREDIT",
       "layer": "SETTLED"}]})json";
};

TEST_F(RecordedErrors, ATextThatIsNoDate) {
  EXPECT_EQ(Outcome(Post(R"({
    "transactionId": "981b7bbd-2d70-4975-90d3-027ee9d8be77", "tranCode": "TESTTC",
    "params": {"accountId": "7052f9fd-dd15-40d0-b0b6-df8c4c372e41",
               "effectiveDate": "{2022-12-21}"}})")),
            "DATE_PARSE_ERROR: parsing time \"{2022-12-21}\" as \"2006-01-02\": cannot parse "
            "\"{2022-12-21}\" as \"2006\"");
}

TEST_F(RecordedErrors, AParamThatIsMissing) {
  EXPECT_EQ(Outcome(Post(R"({
    "transactionId": "f82391bb-90a7-4328-b5ad-8629a7602de8", "tranCode": "TESTTC",
    "params": {"accountId": "7052f9fd-dd15-40d0-b0b6-df8c4c372e41"}})")),
            "DEPENDENCY_ERROR: param 'effectiveDate' not defined");
}

TEST_F(RecordedErrors, ParamsThatAreNoJson) {
  const auto posted = Post(R"({
    "transactionId": "e0995c6f-1a25-42f2-b2f2-568cf91f0487", "tranCode": "TESTTC", "params": ""})");
  EXPECT_EQ(Outcome(posted), "JSON_PARSE_ERROR: invalid JSON format");
  EXPECT_EQ(posted.error().argument_path, (std::vector<std::string>{"input", "params"}));
}

TEST_F(RecordedErrors, ATransactionIdThatIsNoUuid) {
  const auto posted = Post(R"({"transactionId": "", "tranCode": "TESTTC"})");
  EXPECT_EQ(Outcome(posted), "UUID_PARSE_ERROR: invalid UUID length: 0");
  EXPECT_EQ(posted.error().argument_path, (std::vector<std::string>{"input", "transactionId"}));
}

TEST_F(RecordedErrors, ASyntaxErrorInTheEffectiveDate) {
  const auto created = CreateCode(R"json({
    "tranCodeId": "B852FEA6-3445-49E7-BFD4-A162EEC08017", "code": "ABC123",
    "params": [{"name": "amount", "type": "DECIMAL"}],
    "transaction": {"effective": "{time.Now()}",
                    "journalId": "uuid('822cb59f-ce51-4837-8391-2af3b7a5fc51')"},
    "entries": [{"entryType": "EXAMPLE", "accountId": "uuid('7052f9fd-dd15-40d0-b0b6-df8c4c372e41')",
                 "layer": "SETTLED", "units": "params.amount", "currency": "'USD'",
                 "direction": "DEBIT"}]})json");
  EXPECT_EQ(Outcome(created),
            "TRAN_CODE_ERROR: [effective]: `{time.Now()}`, ERROR: <input>:1:12: Syntax error: "
            "mismatched input '}' expecting ':'\n | {time.Now()}\n | ...........^");
}

TEST_F(RecordedErrors, ASyntaxErrorInTheJournal) {
  const auto created = CreateCode(R"json({
    "tranCodeId": "B852FEA6-3445-49E7-BFD4-A162EEC08018", "code": "DEF456",
    "params": [{"name": "amount", "type": "DECIMAL"}],
    "transaction": {"effective": "time.Now()", "journalId": "822cb59f-ce51-4837-8391-2af3b7a5fc51"},
    "entries": [{"entryType": "EXAMPLE", "accountId": "uuid('7052f9fd-dd15-40d0-b0b6-df8c4c372e41')",
                 "layer": "SETTLED", "units": "params.amount", "currency": "'USD'",
                 "direction": "DEBIT"}]})json");
  EXPECT_EQ(Outcome(created),
            "TRAN_CODE_ERROR: [journal_id]: `822cb59f-ce51-4837-8391-2af3b7a5fc51`, ERROR: "
            "<input>:1:4: Syntax error: mismatched input 'cb59f' expecting <EOF>\n"
            " | 822cb59f-ce51-4837-8391-2af3b7a5fc51\n | ...^");
}

TEST_F(RecordedErrors, EntriesThatDoNotBalance) {
  const std::string before = Dump();
  const auto created = CreateCode(R"json({
    "tranCodeId": "74e90f0a-5ffa-4fce-9880-1bc976b59937", "code": "TFR_TEST",
    "description": "Transfer $1 from one account to another",
    "params": [{"name": "effectiveDate", "type": "DATE"}, {"name": "fromAccount", "type": "UUID"},
               {"name": "toAccount", "type": "UUID"},
               {"name": "amount", "type": "DECIMAL", "default": "1.00"}],
    "transaction": {"journalId": "uuid('822cb59f-ce51-4837-8391-2af3b7a5fc51')",
                    "effective": "params.effectiveDate"},
    "entries": [{"accountId": "params.fromAccount", "units": "params.amount", "currency": "'USD'",
                 "description": "metadata.tags + ' from'", "entryType": "'TRANSFER_DR'",
                 "direction": "DEBIT", "layer": "SETTLED"}],
    "metadata": {"tags": "xfer"}})json");
  EXPECT_EQ(Outcome(created),
            "TRAN_CODE_ERROR: 'TFR_TEST' tran code entries unbalanced: 'DR 1.00 USD != 'CR 0 USD'");
  EXPECT_TRUE(Dump() == before);
}

// fixtures/accountSetNoPost, as far as a posting is concerned: text amounts, a direction made from
// a param, defaults that are null, a JSON param given as text.
TEST_F(PostingTest, ACardHoldPostsToThePendingLayer) {
  MakeAccount(Id("fabdce1f-6eb9-4630-9472-6338ed3dc6a2"));
  MakeAccount(AccountId(1));
  ASSERT_EQ(Outcome(CreateCode(R"json({
    "tranCodeId": "346d25cd-d298-4044-bb8b-7aabbc935ca0", "code": "CARD_AUTH",
    "params": [
      {"name": "account", "type": "UUID"},
      {"name": "settlementAccount", "type": "UUID", "default": "fabdce1f-6eb9-4630-9472-6338ed3dc6a2"},
      {"name": "journal", "type": "UUID", "default": "00000000-0000-0000-0000-000000000000"},
      {"name": "amount", "type": "STRING"},
      {"name": "currency", "type": "STRING", "default": "USD"},
      {"name": "direction", "type": "STRING", "default": "DEBIT"},
      {"name": "correlation", "type": "STRING", "default": null},
      {"name": "effective", "type": "DATE", "default": null},
      {"name": "metadata", "type": "JSON", "default": "{}"}],
    "transaction": {"effective": "params.effective", "journalId": "params.journal",
                    "correlationId": "params.correlation", "externalId": "''",
                    "description": "''", "metadata": "params.metadata"},
    "entries": [
      {"accountId": "uuid(params.account)", "layer": "PENDING",
       "direction": "params.direction == 'DEBIT' ? DEBIT : CREDIT", "units": "params.amount",
       "currency": "params.currency", "description": "'Authorization'",
       "metadata": "params.metadata"},
      {"accountId": "uuid(params.settlementAccount)", "layer": "PENDING",
       "direction": "params.direction == 'DEBIT' ? CREDIT : DEBIT", "units": "params.amount",
       "currency": "params.currency", "description": "'Card hold placed.'", "metadata": "{}"}]})json")),
            "ok");
  const auto posted = Post(R"({
    "transactionId": "f319d138-9bbb-4b36-a6d1-5f3aa984b65a", "tranCode": "CARD_AUTH",
    "params": {"account": ")" +
                           AccountId(1).ToString() + R"(", "amount": "1.00", "correlation": "test",
               "metadata": "{\"mcc\": 5812}"}})");
  ASSERT_EQ(Outcome(posted), "ok");
  EXPECT_EQ(posted->Unjudged()->At("correlation_id").Get<std::string>(), "test");
  EXPECT_EQ(posted->Unjudged()->At("effective").Get<scalars::Date>(), scalars::DateOf(now_));
  const auto entries = EntriesOf(Id("f319d138-9bbb-4b36-a6d1-5f3aa984b65a"));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0]->At("entry_type").Get<std::string>(), "CARD_AUTH_DR");
  EXPECT_EQ(*entries[0]->At("metadata").Get<JsonValue>().json, boost::json::value({{"mcc", 5812}}));
  EXPECT_EQ(Sums(BalanceOf(AccountId(1)), "pending"), "1.00/0/-1.00");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1)), "settled"), "0/0/0");
}

}  // namespace
}  // namespace strongroom::ledger
