// The oracle against what writes ask for: an insert on the new document, an update on both, a
// delete on the stored one with every property (security 6.15); a posting on the transaction and on
// every entry it writes (SPEC 4).
#include <rapidcheck.h>

#include <algorithm>
#include <boost/json.hpp>

#include "books.h"
#include "cases.h"
#include "expressions.h"
#include "ledger/mutations.h"
#include "ledger/testing.h"
#include "ledger/write.h"

namespace strongroom::oracle {
namespace {

namespace json = boost::json;
using ledger::PropertyIndex;

const Texts kSettable = {"name", "code", "external_id", "description", "status", "metadata"};

class WritesTest : public ledger::BootstrappedTest {
 protected:
  WritesTest() : books_(engine_->catalog()), style_{kAllActions, books_.leaves, false} {}

  // Policies that often allow something, under any claims.
  std::vector<Policy> AnyRights(Choices& choices) const {
    std::vector<Policy> policies = AnyPolicies(choices, 4, books_.ledgers, style_);
    std::erase_if(policies, &Policy::invalid);
    for (Policy& policy : policies)
      if (choices.Chance(70)) policy.actions = kAllActions;
    if (choices.Chance(70)) policies.push_back({true, kAllActions, {"financial"}, {}});
    return policies;
  }
  authz::Permit PermitFor(const std::vector<Policy>& policies, const Values& claims) const {
    return PermitOf(authz::FormatPolicies(ToPolicies(policies)), json::serialize(ToJson(claims)));
  }
  std::vector<PropertyIndex> IndexesOf(const Texts& names) const {
    std::vector<PropertyIndex> indexes;
    for (const std::string& name : names)
      indexes.push_back(engine_->catalog().At(ledger::LedgerId::kAccount).At(name));
    return indexes;
  }

  Books books_;
  PolicyStyle style_;
};

// `document.` before each.
Texts Properties(Texts names) {
  for (std::string& name : names) name.insert(0, "document.");
  return names;
}

Texts AnySettable(Choices& choices) {
  Texts set;
  for (const std::string& name : kSettable)
    if (choices.Chance(40)) set.push_back(name);
  if (set.empty()) set.push_back("name");
  return set;
}

void Expect(bool allowed, const base::Status& asked, const std::vector<Policy>& policies,
            const Request& request) {
  if (asked.ok() != allowed) RC_FAIL(Describe(policies, request));
  if (!asked.ok()) RC_ASSERT(asked.error().code == base::ErrorCode::kAccessDenied);
}

TEST_F(WritesTest, Line15InsertAsksTheNewDocumentDeleteTheStoredOneAndUpdateBoth) {
  int allowed_writes = 0;
  const int cases = Cases(5'000, 500'000);
  CheckMany(cases, [&] {
    Choices choices(*AnyTape(400));
    const auto policies = AnyRights(choices);
    Request request;
    request.account_id = "Root";
    request.claims = AnyClaims(choices);
    const authz::Permit permit = PermitFor(policies, request.claims);
    const Ledger& ledger = books_.ledgers[kAccount];
    const auto allows = [&](const char* action, const Values& document, const Texts& names) {
      request.action = action;
      request.document = document;
      return AllAllowed(policies, ledger, request, Properties(names));
    };
    const Values before = AnyAccount(choices);
    Values after = before;
    Texts set = AnySettable(choices);
    const Values other = AnyAccount(choices);
    for (const std::string& name : set) after[name] = other.at(name);
    const auto old_document = ToDocument(engine_->catalog(), before);
    const auto new_document = ToDocument(engine_->catalog(), after);
    const auto properties = IndexesOf(set);

    const bool insert = allows("db:Insert", after, set);
    Expect(insert, AskInsert(permit, new_document, properties), policies, request);
    const bool update = allows("db:Update", before, set) && allows("db:Update", after, set);
    Expect(update, AskUpdate(permit, old_document, new_document, properties), policies, request);
    // What changes counts without being named; an update of nothing needs a right to something.
    Texts changed;
    for (const std::string& name : set)
      if (before.at(name) != after.at(name)) changed.push_back(name);
    const auto any = [&](const Values& document) {
      return std::ranges::any_of(ledger.fields, [&](const std::string& name) {
        return allows("db:Update", document, {name});
      });
    };
    const bool unnamed = changed.empty() ? any(before) && any(after)
                                         : allows("db:Update", before, changed) &&
                                               allows("db:Update", after, changed);
    Expect(unnamed, AskUpdate(permit, old_document, new_document, {}), policies, request);
    const bool erase = allows("db:Delete", before, {ledger.fields.begin(), ledger.fields.end()});
    Expect(erase, AskDelete(permit, old_document), policies, request);
    allowed_writes += (insert ? 1 : 0) + (update ? 1 : 0) + (erase ? 1 : 0);
  });
  EXPECT_GT(allowed_writes, cases / 4);
}

// ---- Postings.

constexpr const char* kPlain = R"json({
  "tranCodeId": "53c7a411-9070-42c8-81cf-ea37ebe63182", "code": "PLAIN",
  "params": [{"name": "from", "type": "UUID"}, {"name": "to", "type": "UUID"},
             {"name": "amount", "type": "DECIMAL"}],
  "transaction": {"effective": "date('2022-09-10')"},
  "entries": [
    {"accountId": "params.from", "units": "params.amount", "currency": "'USD'",
     "direction": "DEBIT"},
    {"accountId": "params.to", "units": "params.amount", "currency": "'USD'",
     "direction": "CREDIT"}]})json";
// The same, and sets everything that a tran code can set.
constexpr const char* kRich = R"json({
  "tranCodeId": "53c7a411-9070-42c8-81cf-ea37ebe63183", "code": "RICH",
  "params": [{"name": "from", "type": "UUID"}, {"name": "to", "type": "UUID"},
             {"name": "amount", "type": "DECIMAL"}],
  "transaction": {"effective": "date('2022-09-10')", "correlationId": "'c'", "externalId": "'a'",
                  "description": "'a'", "metadata": "{'region': 'a'}"},
  "entries": [
    {"accountId": "params.from", "units": "params.amount", "currency": "'USD'",
     "direction": "DEBIT", "entryType": "'X'", "description": "'b'",
     "metadata": "{'region': 'b'}"},
    {"accountId": "params.to", "units": "params.amount", "currency": "'USD'",
     "direction": "CREDIT", "entryType": "'X'", "description": "'a'", "metadata": "{'other': 'a'}"}
  ]})json";

class PostingsTest : public WritesTest {
 protected:
  PostingsTest() {
    Work work = Begin();
    const authz::Permit all = PermitOf(ledger::kAllRights);
    for (std::size_t i = 1; i <= 3; ++i) {
      Choices choices(Tape{});
      Values account = AnyAccount(choices);
      account["account_id"] = AccountIdOf(i);
      account["external_id"] = std::to_string(i);
      account["status"] = std::string("ACTIVE");
      ledger::Must(InsertUnasked(work.scope, ToDocument(engine_->catalog(), account)));
    }
    for (const char* code : {kPlain, kRich})
      ledger::Must(CreateTranCode(all, work.scope, ledger::JsonObject(code)));
    EXPECT_EQ(work.Commit(), "ok");
  }

  // The documents that a posting writes and what it sets of them, by the tran codes above.
  static Values TransactionOf(bool rich) {
    Values document{{"external_id", rich ? std::string("a") : std::string()},
                    {"description", rich ? std::string("a") : std::string()},
                    {"metadata", Fields{}}};  // a tran code's default
    if (rich) document["metadata"] = Fields{{"region", "a"}};
    return document;
  }
  static Values EntryOf(bool rich, bool debit, const std::string& account, std::int64_t cents) {
    Values document{{"account_id", account},
                    {"direction", std::string(debit ? "DEBIT" : "CREDIT")},
                    {"sequence", std::int64_t{debit ? 1 : 2}},
                    {"amount", cents},
                    {"description", std::string()},
                    {"metadata", nullptr}};
    if (!rich) return document;
    document["description"] = std::string(debit ? "b" : "a");
    document["metadata"] = debit ? Fields{{"region", "b"}} : Fields{{"other", "a"}};
    return document;
  }
  static Texts SetByTransaction(bool rich) {
    Texts set = {"document.transaction_id", "document.tran_code_id", "document.journal_id",
                 "references.tran_code_id", "references.journal_id", "document.effective"};
    if (rich)
      for (const std::string name : {"correlation_id", "external_id", "description", "metadata"})
        set.push_back("document." + name);
    return set;
  }
  static Texts SetByEntry(bool rich) {
    Texts set = {"references.transaction_id", "references.account_id", "references.journal_id"};
    for (const std::string name : {"transaction_id", "account_id", "journal_id", "entry_type",
                                   "layer", "direction", "amount"})
      set.push_back("document." + name);
    if (rich) set.insert(set.end(), {"document.description", "document.metadata"});
    return set;
  }

  bool MayPost(const std::vector<Policy>& policies, Request request, bool rich,
               const std::string& from, const std::string& to, std::int64_t cents) const {
    request.action = "db:Insert";
    request.document = TransactionOf(rich);
    bool may = AllAllowed(policies, books_.ledgers[kTransaction], request, SetByTransaction(rich));
    for (const bool debit : {true, false}) {
      request.document = EntryOf(rich, debit, debit ? from : to, cents);
      may = may && AllAllowed(policies, books_.ledgers[kEntry], request, SetByEntry(rich));
    }
    return may;
  }

  std::string Post(const authz::Permit& permit, bool rich, const std::string& from,
                   const std::string& to, std::int64_t cents) {
    Work work = Begin();
    return ledger::Outcome(PostTransaction(
        permit, work.scope,
        {{"transactionId", "77777777-7777-7777-7777-777777777777"},
         {"tranCode", rich ? "RICH" : "PLAIN"},
         {"params",
          {{"from", from}, {"to", to}, {"amount", std::to_string(cents / 100) + ".00"}}}}));
  }
};

TEST_F(PostingsTest, APostingNeedsInsertOnTheTransactionAndOnEveryEntry) {
  int posted = 0;
  const int cases = Cases(1'500, 100'000);
  CheckMany(cases, [&] {
    Choices choices(*AnyTape(400));
    auto policies = AnyRights(choices);
    if (choices.Chance(50))  // often enough a right is missing that it takes
      policies.push_back({false,
                          {"db:Insert"},
                          {choices.Pick(books_.ledgers[1 + choices.Below(2)].identifiers)},
                          {}});
    Request request;
    request.account_id = "Root";
    request.claims = AnyClaims(choices);
    const bool rich = choices.Chance(50);
    const std::string from = AccountIdOf(1 + choices.Below(3));
    const std::string to = AccountIdOf(1 + choices.Below(3));
    const auto cents = static_cast<std::int64_t>(100 + 100 * choices.Below(3));
    const bool may = MayPost(policies, request, rich, from, to, cents);
    const std::string outcome = Post(PermitFor(policies, request.claims), rich, from, to, cents);
    if (may ? outcome != "ok" : !outcome.starts_with("ACCESS_DENIED"))
      RC_FAIL(outcome + "\n" + Describe(policies, request));
    posted += may ? 1 : 0;
  });
  EXPECT_GT(posted, cases / 10);
  EXPECT_LT(posted, cases * 9 / 10);
}

}  // namespace
}  // namespace strongroom::oracle
