#include "ledger/indexes/custom_index.h"

#include <gtest/gtest.h>

#include "ledger/indexes/index_set.h"
#include "ledger/indexes/index_work.h"
#include "ledger/list.h"
#include "ledger/posting/testing.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

class CustomIndexTest : public PostingTest {
 protected:
  std::string Create(std::string_view input) {
    return Outcome(
        Write([&](WriteScope& scope) { return CreateIndex(All(), scope, Json(input), false); }));
  }
  static constexpr std::string_view kByCode =
      R"({"name":"by_code","on":"Account","partition":[{"alias":"side","value":"document.normal_balance_type"}],
          "sort":[{"alias":"code","value":"document.code","sort":"ASC"}]})";
  // The codes that the host finds, or the error.
  std::string Find(std::string_view index, std::string_view side) {
    const auto snapshot = store_->Read().value();
    ReadScope scope{*engine_, *snapshot, tenant_};
    const auto set = Must(IndexesOf(scope));
    const auto permit = authz::Permit::UnrestrictedForHost(set->rights, "Root", now_);
    CustomFilter filter{std::string(index), {}, {}};
    filter.partition.push_back({"side", {FilterValue::Operator::kEq, std::string(side), {}}});
    const auto page = ListCustom(permit, scope, LedgerId::kAccount, filter, false, {.first = 100});
    if (!page.ok()) return Outcome(page);
    std::string codes;
    for (const Edge& edge : page->edges)
      codes += edge.node.Unjudged()->At("code").Get<std::string>().back();
    return codes;
  }
};

TEST_F(CustomIndexTest, FindsEnumsByName) {
  for (std::uint32_t i = 1; i <= 4; ++i) MakeAccount(AccountId(i), i % 2 == 0 ? "DEBIT" : "CREDIT");
  ASSERT_EQ(Create(kByCode), "ok");
  EXPECT_EQ(Find("by_code", "DEBIT"), "24");
  EXPECT_EQ(Find("by_code", "CREDIT"), "13");
  EXPECT_EQ(Find("by_code", "0"), "24");
}

TEST_F(CustomIndexTest, IsBuiltInStepsThatKeepWhatWasWrittenMeanwhile) {
  for (std::uint32_t i = 1; i <= 7; ++i) MakeAccount(AccountId(i));
  // As a larger ledger would have it: two documents a step.
  const auto definition = Write([&](WriteScope& scope) -> base::Result<SharedDocument> {
    STRONGROOM_TRY(CreateIndex(All(), scope, Json(kByCode), false));
    STRONGROOM_ASSIGN(const auto set, IndexesOf(scope));
    const auto key = DocumentKey::FromBytes(storage::KeyWriter().Text("by_code").Int64(0).Take());
    STRONGROOM_ASSIGN(SharedDocument stored, Load(scope, LedgerId::kIndex, key));
    for (const std::string& entry : Must(set->indexes.front()->KeysOf(
             *Must(Load(scope, LedgerId::kAccount, DocumentKey::Of(AccountId(1)))))))
      STRONGROOM_CHECK(scope.transaction.Delete(tenant_, entry).ok());
    STRONGROOM_ASSIGN(stored, RewriteUnasked(scope, stored, "state", std::int64_t{1}));
    STRONGROOM_TRY(ChangeIndexes(scope));
    return RewriteUnasked(scope, stored, "reached", "");
  });
  ASSERT_TRUE(definition.ok()) << Outcome(definition);
  EXPECT_EQ(Find("by_code", "CREDIT"),
            "BAD_REQUEST: the index `by_code` is being built: about 0 % is done");
  MakeAccount(AccountId(8));
  SetProperty(LedgerId::kAccount, AccountId(2), "code", "changed 9");
  int steps = 0;
  while (Must(WorkOnIndexes(*store_, *engine_, tenant_, Tick()))) ++steps;
  EXPECT_EQ(steps, 1);
  EXPECT_EQ(Find("by_code", "CREDIT"), "13456789");
}

TEST_F(CustomIndexTest, ADeletedIndexLeavesNothing) {
  for (std::uint32_t i = 1; i <= 3; ++i) MakeAccount(AccountId(i));
  ASSERT_EQ(Create(kByCode), "ok");
  ASSERT_EQ(Outcome(Write([&](WriteScope& scope) {
              return DeleteIndex(All(), scope, "Account", "by_code");
            })),
            "ok");
  const auto entries = [&] {
    const auto snapshot = store_->Read().value();
    const auto cursor =
        snapshot->Scan(tenant_, storage::PrefixRange(std::string(1, '\x17'))).value();
    int count = 0;
    while (cursor->Next().value()) ++count;
    return count;
  };
  EXPECT_EQ(entries(), 3);
  while (Must(WorkOnIndexes(*store_, *engine_, tenant_, Tick()))) {
  }
  EXPECT_EQ(entries(), 0);
  const auto snapshot = store_->Read().value();
  EXPECT_TRUE(Must(TenantsWithIndexWork(*snapshot, *engine_)).empty());
}

TEST_F(CustomIndexTest, WhatDependsOnTheTimeHasNoValue) {
  MakeAccount(AccountId(1));
  const std::string_view late = R"json({"name":"late","on":"Account","sort":[],
      "partition":[{"alias":"side","value":"string(time.Now())"}]})json";
  ASSERT_EQ(Create(late), "ok");
  EXPECT_EQ(Find("late", "x"), "");
}

}  // namespace
}  // namespace strongroom::ledger
