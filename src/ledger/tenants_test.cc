#include "ledger/access_testing.h"
#include "ledger/list.h"
#include "ledger/mutations.h"

namespace strongroom::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(AccessTest, TenantsShareNothing) {
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  boost::json::object input = JsonObject(R"({"name":"n","code":"c"})");
  input["accountId"] = Id(9).ToString();
  Work work = Begin();
  ASSERT_EQ(Outcome(CreateAccount(all_, work.scope, input)), "ok");
  ASSERT_EQ(work.Commit(), "ok");
  work.transaction.reset();
  Work child = BeginIn({Id(1)});
  EXPECT_FALSE(
      Must(Get(all_, child.scope, LedgerId::kAccount, DocumentKey::Of(Id(9)))).has_value());
  const auto page = List(all_, child.scope,
                         {.ledger = LedgerId::kAccount, .index = "name", .page = {.first = 10}});
  EXPECT_THAT(Must(std::move(page)).edges, IsEmpty());
  EXPECT_EQ(Outcome(CreateAccount(all_, child.scope, input)), "ok") << "the id is free there";
  EXPECT_TRUE(
      Must(Get(all_, child.scope, LedgerId::kJournal, DocumentKey::Of(base::Uuid()))).has_value());
}

TEST_F(AccessTest, ADeletedTenantIsDestroyedWithItsClients) {
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  ASSERT_EQ(AddTenant({Id(1)}, 2, "Grandchild"), "ok");
  ASSERT_EQ(AddClient({Id(1)}, kOther), "ok");
  EXPECT_THAT(RemoveTenant(1, "Child"), HasSubstr("other tenants were created from this tenant"));
  EXPECT_THAT(RemoveTenant(1, "Root"), HasSubstr("can't delete itself"));
  ASSERT_EQ(RemoveTenant(2, "Grandchild"), "ok");
  ASSERT_EQ(RemoveTenant(1, "Child"), "ok");
  EXPECT_EQ(ClientOf("Child", kTestPrincipal), kNobody);
  EXPECT_FALSE(directory_of_access_->IsRegisteredPrincipal(kOther));
  const auto snapshot = Must(store_->Read());
  EXPECT_EQ(storage::ScanText(*snapshot, {Id(1)}), "<NOT_FOUND>");
  EXPECT_FALSE(Must(directory_of_access_->FindTenant(*snapshot, "Child")).has_value());
  EXPECT_THAT(RemoveTenant(1, "Child"), HasSubstr("NOT_FOUND"));
  EXPECT_THAT(AddTenant(tenant_, 1, "Again"), HasSubstr("ALREADY_EXISTS"))
      << "its key is gone for good";
}

TEST_F(AccessTest, TenantsAreUniqueAndAddressable) {
  EXPECT_THAT(AddTenant(tenant_, 1, "Root"), HasSubstr("Tenant.indexes.account_id unique"));
  EXPECT_THAT(AddTenant(tenant_, 1, "with space"), HasSubstr("visible ASCII"));
  EXPECT_THAT(AddTenant(tenant_, 1, ""), HasSubstr("visible ASCII"));
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  const boost::json::object input =
      JsonObject(R"({"accountId":"Child","description":"This is the sandbox tenant."})");
  Work work = Begin();
  const auto updated = Must(UpdateTenant(all_, work.scope, input));
  EXPECT_EQ(updated.document.Unjudged()->version(), 2);
  EXPECT_EQ(updated.document.Unjudged()->At("name").Get<std::string>(), "n");
}

TEST_F(AccessTest, TenantsAreCreatedSoDeepAndNoDeeper) {
  storage::SpaceId parent = tenant_;
  for (std::uint8_t i = 2; i <= limits::kTenantDepthMax; ++i) {
    ASSERT_EQ(AddTenant(parent, i, "T" + std::to_string(i)), "ok");
    parent = {Id(i)};
  }
  EXPECT_EQ(ClientOf("T16", kTestPrincipal), "administrator");
  EXPECT_THAT(AddTenant(parent, 99, "Deeper"), HasSubstr("LIMIT_EXCEEDED"));
}

}  // namespace
}  // namespace strongroom::ledger
