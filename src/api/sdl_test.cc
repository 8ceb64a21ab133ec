#include "api/sdl.h"

#include <gmock/gmock.h>

#include "graphql/schema.h"

namespace strongroom::api {
namespace {

std::shared_ptr<const graphql::Schema> Built() {
  const auto catalog = ledger::Catalog::Make();
  auto schema = graphql::BuildSchema(BuildSdl(*catalog));
  EXPECT_TRUE(schema.ok()) << schema.error().message;
  return schema.ok() ? *schema : nullptr;
}

TEST(Sdl, IsAValidSchema) { EXPECT_NE(Built(), nullptr); }

TEST(Sdl, FollowsFromTheCatalog) {
  const auto schema = Built();
  const graphql::NamedType* account = schema->FindType("Account");
  ASSERT_NE(account, nullptr);
  EXPECT_EQ(account->FindField("externalId")->type->text, "String!");
  EXPECT_EQ(account->FindField("_recordId")->type->text, "UUID!");
  EXPECT_NE(account->FindField("entries")->FindArgument("where"), nullptr);
  EXPECT_TRUE(schema->FindType("AccountInput")->FindInputField("accountId")->IsRequired());
  EXPECT_EQ(schema->FindType("AccountUpdateInput")->FindInputField("accountId"), nullptr);
  EXPECT_NE(schema->FindType("AccountConfigInput")->FindInputField("upsert"), nullptr);
  EXPECT_EQ(schema->FindType("AccountConfig")->FindField("upsert"), nullptr);
}

TEST(Sdl, ShowsNothingInternal) {
  const auto schema = Built();
  EXPECT_EQ(schema->FindType("Journal")->FindField("virtual"), nullptr);
  EXPECT_EQ(schema->FindType("Tenant")->FindField("parentId"), nullptr);
}

TEST(Sdl, FindsTenantsGroupsAndUsersByTheirNames) {
  const auto schema = Built();
  EXPECT_EQ(schema->FindType("UpdateTenantInput")->FindInputField("accountId")->type->text,
            "String!");
  EXPECT_EQ(schema->FindType("UpdateUserInput")->FindInputField("email")->type->text, "String!");
}

TEST(SnakeCase, IsTheInverseOfCamelCase) {
  for (const char* name : {"account_id", "code", "external_id", "code_unique"}) {
    EXPECT_EQ(SnakeCase(ledger::CamelCase(name)), name);
  }
}

}  // namespace
}  // namespace strongroom::api
