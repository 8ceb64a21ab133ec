#include "ledger/input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/testing.h"

namespace strongroom::ledger {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

const Catalog& TheCatalog() {
  static const std::shared_ptr<const Catalog> catalog = Catalog::Make();
  return *catalog;
}
const Ledger& Accounts() { return TheCatalog().At(LedgerId::kAccount); }

std::vector<std::string> Names(const Draft& draft) {
  std::vector<std::string> names;
  for (const PropertyIndex i : draft.set)
    names.emplace_back(draft.document.ledger().properties()[i].name);
  return names;
}

std::string Text(const Document& document, std::string_view name) {
  return document.At(name).Get<std::string>();
}

std::string MetadataOf(const Document& document) {
  return boost::json::serialize(*document.At("metadata").Get<JsonValue>().json);
}

Draft Account(std::string_view more = "{}") {
  boost::json::object input = JsonObject(R"({"accountId":"AAAAAAAA-aaaa-aaaa-aaaa-aaaaaaaaaa01",
                                       "name":"n","code":"c"})");
  for (const auto& [name, value] : JsonObject(more)) input[name] = value;
  return Must(ReadCreateInput(Accounts(), input));
}

base::Error CreateError(std::string_view more) {
  boost::json::object input = JsonObject(R"({"accountId":"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaa01",
                                       "name":"n","code":"c"})");
  for (const auto& [name, value] : JsonObject(more)) input[name] = value;
  return ReadCreateInput(Accounts(), input).error();
}

TEST(InputTest, WhatIsFilledInDoesNotCountAsSet) {
  const Draft draft = Account(R"({"description":null})");
  EXPECT_THAT(Names(draft), UnorderedElementsAre("account_id", "name", "code"));
  EXPECT_EQ(Text(draft.document, "external_id"), "");
  EXPECT_EQ(Text(draft.document, "description"), "");
  EXPECT_EQ(draft.document.At("normal_balance_type").Get<std::int64_t>(), 1) << "CREDIT";
  EXPECT_EQ(draft.document.At("status").Get<std::int64_t>(), 0) << "ACTIVE";
  EXPECT_TRUE(draft.document.At("metadata").IsNull());
  EXPECT_FALSE((*draft.document.At("config").Get<RecordValue>().fields)[1].Get<bool>());
}

TEST(InputTest, ErrorsCarryThePathOfTheArgument) {
  const base::Error length = CreateError(R"({"accountId":""})");
  EXPECT_EQ(length.code, base::ErrorCode::kUuidParseError);
  EXPECT_EQ(length.message, "invalid UUID length: 0");
  EXPECT_THAT(length.argument_path, ElementsAre("input", "accountId"));
  const base::Error status = CreateError(R"({"status":"FOO"})");
  EXPECT_EQ(status.code, base::ErrorCode::kEnumParseError);
  EXPECT_EQ(status.message, "account status enum 'FOO' not found");
  const base::Error json = CreateError(R"({"metadata":"no json"})");
  EXPECT_EQ(json.code, base::ErrorCode::kJsonParseError);
  EXPECT_EQ(json.message, "invalid JSON format");
  EXPECT_THAT(json.argument_path, ElementsAre("input", "metadata"));
  const base::Error inner = CreateError(R"({"config":{"enableConcurrentPosting":"maybe"}})");
  EXPECT_THAT(inner.argument_path, ElementsAre("input", "config", "enableConcurrentPosting"));
}

TEST(InputTest, MetadataIsALiteralOrATextThatHoldsJson) {
  EXPECT_EQ(MetadataOf(Account(R"({"metadata":{"a":[1]}})").document), R"({"a":[1]})");
  EXPECT_EQ(MetadataOf(Account(R"({"metadata":"{\"a\":[1]}"})").document), R"({"a":[1]})");
}

TEST(InputTest, MetadataIsBounded) {
  std::string deep = "1";
  for (int i = 0; i < 40; ++i) deep = "[" + deep + "]";
  const boost::json::value nested = boost::json::parse(deep, {}, {.max_depth = 64});
  const PropertySpec& metadata = Accounts().properties()[Accounts().At("metadata")];
  EXPECT_EQ(ReadScalar(metadata, nested).error().code, base::ErrorCode::kLimitExceeded);
  EXPECT_EQ(ReadScalar(metadata, boost::json::array{std::string(70000, 'x')}).error().code,
            base::ErrorCode::kLimitExceeded);
}

TEST(InputTest, AnUpdateMergesMetadataAndRemovesWhatIsNull) {
  const Draft before = Account(R"({"metadata":{"foo":"bar","deep":{"a":1,"b":2},"gone":1}})");
  const Draft after = Must(ReadUpdateInput(
      before.document, JsonObject(R"({"metadata":{"baz":"biz","deep":{"b":3},"gone":null}})")));
  EXPECT_EQ(boost::json::parse(MetadataOf(after.document)),
            boost::json::parse(R"({"foo":"bar","baz":"biz","deep":{"a":1,"b":3}})"));
  EXPECT_THAT(Names(after), ElementsAre("metadata"));
}

TEST(InputTest, AnUpdateChangesOnlyWhatIsGiven) {
  const Draft before = Account(R"({"description":"d","externalId":"e"})");
  const Draft after = Must(ReadUpdateInput(
      before.document,
      JsonObject(R"({"externalId":null,"name":null,"code":"new","accountId":"x"})")));
  EXPECT_EQ(Text(after.document, "description"), "d");
  EXPECT_EQ(Text(after.document, "external_id"), "") << "null empties what can be empty";
  EXPECT_EQ(Text(after.document, "name"), "n") << "null counts as absent where nothing else can be";
  EXPECT_EQ(Text(after.document, "code"), "new");
  EXPECT_THAT(Names(after), UnorderedElementsAre("external_id", "code"));
}

TEST(InputTest, AnUpdateMergesTheSettingsOfAnAccount) {
  Draft before = Account(R"({"config":{"enableConcurrentPosting":true}})");
  const Draft after =
      Must(ReadUpdateInput(before.document, JsonObject(R"({"config":{"upsert":true}})")));
  EXPECT_TRUE((*after.document.At("config").Get<RecordValue>().fields)[0].Get<bool>());
}

TEST(InputTest, ParamsTellANullDefaultFromNone) {
  const Draft draft = Must(ReadCreateInput(TheCatalog().At(LedgerId::kTranCode), JsonObject(R"({
    "tranCodeId":"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaa01","code":"T",
    "params":[{"name":"a"},{"name":"b","default":null},{"name":"c","default":0,"type":"INTEGER"}],
    "transaction":{"effective":"params.a"},
    "entries":[]})")));
  const Values& params = *draft.document.At("params").Get<ListValue>().items;
  const auto field = [&](std::size_t param, std::size_t number) {
    return (*params[param].Get<RecordValue>().fields)[number];
  };
  EXPECT_FALSE(field(0, 4).Get<bool>());
  EXPECT_TRUE(field(1, 4).Get<bool>());
  EXPECT_TRUE(field(1, 2).IsNull());
  EXPECT_EQ(field(2, 2).Get<std::string>(), "0") << "expressions may come as bare numbers";
  EXPECT_EQ(field(0, 1).Get<std::int64_t>(), 0) << "STRING is filled in";
  const Values& transaction = *draft.document.At("transaction").Get<RecordValue>().fields;
  EXPECT_EQ(transaction[0].Get<std::string>(), "params.a");
  EXPECT_EQ(transaction[5].Get<std::string>(), "{}");
}

}  // namespace
}  // namespace strongroom::ledger
