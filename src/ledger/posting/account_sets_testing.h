// Short ways to make account sets and to look at them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/list.h"
#include "ledger/posting/testing.h"

namespace strongroom::ledger {

inline base::Uuid SetId(std::uint32_t number) { return Numbered(0x5E, number); }

class AccountSetTest : public PostingTest {
 protected:
  // The second journal, beside the default one.
  static base::Uuid Other() { return Id("41ee64d6-dcde-46dc-bdc5-c9164517402a"); }

  void SetUp() override {
    Make(LedgerId::kJournal, R"({"journalId":")" + Other().ToString() + R"(","name":"other"})");
    const auto made = CreateCode(R"json({
      "tranCodeId": "53c7a411-9070-42c8-81cf-ea37ebe63183", "code": "XFRJ",
      "params": [{"name": "from", "type": "UUID"}, {"name": "to", "type": "UUID"},
                 {"name": "amount", "type": "DECIMAL"}, {"name": "journal", "type": "UUID"},
                 {"name": "currency", "default": "USD"},
                 {"name": "layer", "type": "INTEGER", "default": "0"}],
      "transaction": {"effective": "date('2022-09-10')", "journalId": "params.journal"},
      "entries": [
        {"accountId": "params.from", "units": "params.amount", "currency": "params.currency",
         "direction": "DEBIT", "layer": "params.layer"},
        {"accountId": "params.to", "units": "params.amount", "currency": "params.currency",
         "direction": "CREDIT", "layer": "params.layer"}]})json");
    ASSERT_TRUE(made.ok()) << made.error().message;
  }

  static boost::json::object SetInput(const base::Uuid& id, const base::Uuid& journal = {},
                                      std::string_view normal_side = "CREDIT") {
    return {{"accountSetId", id.ToString()},
            {"journalId", journal.ToString()},
            {"name", "set"},
            {"normalBalanceType", normal_side}};
  }
  std::string MakeSet(const boost::json::object& input) { return MakeSet(All(), input); }
  std::string MakeSet(const authz::Permit& permit, const boost::json::object& input) {
    return Outcome(
        Write([&](WriteScope& scope) { return CreateAccountSet(permit, scope, input); }));
  }
  static boost::json::object Member(const base::Uuid& id, std::string_view type = {}) {
    boost::json::object member{{"memberId", id.ToString()}};
    if (!type.empty()) member["memberType"] = type;
    return member;
  }
  std::string AddTo(const base::Uuid& set, const boost::json::object& member) {
    return AddTo(All(), set, member);
  }
  std::string AddTo(const authz::Permit& permit, const base::Uuid& set,
                    const boost::json::object& member) {
    return Outcome(
        Write([&](WriteScope& scope) { return AddToAccountSet(permit, scope, set, member); }));
  }
  std::string Remove(const authz::Permit& permit, const base::Uuid& set,
                     const boost::json::object& member) {
    return Outcome(
        Write([&](WriteScope& scope) { return RemoveFromAccountSet(permit, scope, set, member); }));
  }
  std::string Remove(const base::Uuid& set, const boost::json::object& member) {
    return Remove(All(), set, member);
  }

  static boost::json::object TransferIn(const base::Uuid& journal, std::uint32_t number,
                                        const base::Uuid& from, const base::Uuid& to,
                                        std::string_view amount, std::string_view currency = "USD",
                                        int layer = 0) {
    boost::json::object input = Transfer(number, from, to, amount, currency, layer);
    input["tranCode"] = "XFRJ";
    input["params"].as_object()["journal"] = journal.ToString();
    return input;
  }

  SharedDocument SetOf(const base::Uuid& id) {
    return LoadOne(LedgerId::kAccountSet, DocumentKey::Of(id));
  }
  // The sets that an entry counts for.
  static std::vector<base::Uuid> Parents(const Document& entry) {
    std::vector<base::Uuid> parents;
    const auto* list = entry.At("parent_account_ids").As<ListValue>();
    if (list == nullptr) return parents;
    for (const Value& item : *list->items) parents.push_back(item.Get<base::Uuid>());
    return parents;
  }

  // A join from a document, as `permit` sees it: ids in order, or the error.
  std::string Follow(const authz::Permit& permit, LedgerId ledger, const DocumentKey& key,
                     std::string_view join, JoinRequest request = {}) {
    if (!request.page.first) request.page.first = 100;
    const auto snapshot = store_->Read().value();
    ReadScope scope{*engine_, *snapshot, tenant_};
    const auto start = Get(permit, scope, ledger, key);
    if (!start.ok() || !start->has_value()) return "no start";
    const auto page =
        FollowMany(permit, scope, **start, *(*start)->ledger().FindJoin(join), request);
    if (!page.ok()) return Outcome(page);
    std::string ids;
    for (const Edge& edge : page->edges) {
      const Document& node = *edge.node.Unjudged();
      if (!ids.empty()) ids += ' ';
      ids += node.At(node.ledger().key().front()).Get<base::Uuid>().ToString();
    }
    return ids + (page->has_next_page ? " …" : "");
  }
};

}  // namespace strongroom::ledger
