// Non-interference (security 6.22), the master property: two databases that agree on all that the
// caller may see answer the same queries with the same bytes. Both are real stores behind the
// GraphQL that is served; each case is a tenant of its own in both, so that errors, cursors, ids of
// decisions and the order of everything count.
#include <rapidcheck.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cases.h"
#include "choices.h"
#include "database.h"
#include "ledger/mutations.h"
#include "ledger/write.h"
#include "values.h"

namespace strongroom::oracle {
namespace {

namespace json = boost::json;

const base::Timestamp kStart{std::chrono::seconds(1769581445)};
const Texts kWords = {"a", "aa", "ab", "b"};

// The caller sees what is described as `mine`, and of no account its code.
constexpr const char* kPolicies = R"json([
  {"effect":"ALLOW","actions":["SELECT","UPDATE","DELETE"],
   "resources":["financial.Account","financial.AccountSet","financial.Transaction",
                "financial.Entry"],
   "assertions":{"mine":"context.document.description == 'mine'"}},
  {"effect":"DENY","actions":["SELECT","UPDATE"],
   "resources":["financial.Account.document.code"]},
  {"effect":"ALLOW","actions":["SELECT"],"resources":["financial.Balance"],
   "assertions":{"mine":"context.document.account_id < uuid('b0000000-0000-0000-0000-000000000000')"}},
  {"effect":"ALLOW","actions":["SELECT"],
   "resources":["financial.Journal","financial.TranCode.document.code"]}])json";

// Visible accounts begin with `a`, others with `b`; `c` is nowhere.
std::string AccountId(char kind, std::size_t number) {
  return std::string(1, kind) + "0000000-0000-0000-0000-00000000000" + std::to_string(number);
}
std::string SetId(bool mine, std::size_t number) {
  return AccountId(mine ? 'a' : 'b', 0).substr(0, 35) + (number == 0 ? "e" : "f");
}
std::string TransactionId(bool mine, std::size_t number) {
  return std::string(mine ? "1" : "2") + "0000000-0000-0000-0000-00000000000" +
         std::to_string(number);
}

constexpr std::size_t kAccounts = 4;
constexpr std::size_t kTransactions = 4;

// What both databases are told, and what each is told besides.
struct Told {
  std::vector<json::object> accounts;  // inputs
  std::vector<json::object> sets;
  std::vector<json::object> transactions;                    // inputs of postings
  std::vector<std::pair<std::string, std::string>> members;  // set, account
  std::vector<std::string> updated;                          // accounts with a second version
};

json::object AnyAccountInput(Choices& choices, bool mine, std::size_t number) {
  return {{"accountId", AccountId(mine ? 'a' : 'b', number)},
          {"name", choices.Pick(kWords)},
          {"externalId", choices.Pick(kWords) + (mine ? "v" : "h") + std::to_string(number)},
          {"status", choices.Chance(80) ? "ACTIVE" : "INACTIVE"},
          {"description", mine ? "mine" : choices.Pick(Texts{"", "theirs", "Mine"})}};
}

json::object AnyPosting(Choices& choices, bool mine, std::size_t number) {
  // What is mine may be posted against an account that is not: one of its entries is invisible.
  const auto account = [&](bool visible) {
    return AccountId(visible ? 'a' : 'b', choices.Below(kAccounts));
  };
  const bool both = choices.Chance(70);
  return {{"transactionId", TransactionId(mine, number)},
          {"tranCode", "XFR"},
          {"params",
           {{"from", account(mine)},
            {"to", account(mine && both)},
            {"amount", std::to_string(1 + choices.Below(3)) + ".00"},
            {"whose", mine ? "mine" : "theirs"},
            {"other", mine && both ? "mine" : "theirs"},
            {"correlation", choices.Pick(kWords)}}}};
}

Told AnyVisible(Choices& choices) {
  Told told;
  for (std::size_t i = 0; i < kAccounts; ++i)
    told.accounts.push_back(AnyAccountInput(choices, true, i));
  for (std::size_t i = choices.Below(kTransactions + 1); i > 0; --i)
    told.transactions.push_back(AnyPosting(choices, true, i));
  if (choices.Chance(50)) {
    told.sets.push_back(
        {{"accountSetId", SetId(true, 0)}, {"name", "set"}, {"description", "mine"}});
    told.members.emplace_back(SetId(true, 0), AccountId('a', choices.Below(kAccounts)));
  }
  for (std::size_t i = 0; i < kAccounts; ++i)
    if (choices.Chance(30)) told.updated.push_back(AccountId('a', i));
  return told;
}

// Accounts that visible transactions post to are there in both.
Told AnyInvisible(Choices& choices) {
  Told told;
  for (std::size_t i = 0; i < kAccounts; ++i)
    told.accounts.push_back(AnyAccountInput(choices, false, i));
  for (std::size_t i = choices.Below(kTransactions + 1); i > 0; --i)
    told.transactions.push_back(AnyPosting(choices, false, i));
  if (choices.Chance(50)) {
    told.sets.push_back(
        {{"accountSetId", SetId(false, 0)}, {"name", "set"}, {"description", "theirs"}});
    // After all postings: what counts for a set is seen in the entries.
    told.members.emplace_back(SetId(false, 0), AccountId('a', choices.Below(kAccounts)));
  }
  for (std::size_t i = 0; i < kAccounts; ++i)
    if (choices.Chance(30)) told.updated.push_back(AccountId('b', i));
  return told;
}

constexpr const char* kTranCode = R"json({
  "tranCodeId": "53c7a411-9070-42c8-81cf-ea37ebe63182", "code": "XFR",
  "params": [{"name": "from", "type": "UUID"}, {"name": "to", "type": "UUID"},
             {"name": "amount", "type": "DECIMAL"}, {"name": "whose"}, {"name": "other"},
             {"name": "correlation"}],
  "transaction": {"effective": "date('2022-09-10')", "description": "params.whose",
                  "correlationId": "params.correlation"},
  "entries": [
    {"accountId": "params.from", "units": "params.amount", "currency": "'USD'",
     "direction": "DEBIT", "description": "params.whose"},
    {"accountId": "params.to", "units": "params.amount", "currency": "'USD'",
     "direction": "CREDIT", "description": "params.other"}]})json";

// One tenant of one database.
class Side {
 public:
  Side(Database& database, std::uint64_t number)
      : database_(database),
        account_id_("T" + std::to_string(number)),
        space_{base::ParseUuid(Padded(number)).value()} {}

  // The codes of visible accounts are the caller's business no more than other accounts are.
  void Fill(const Told& visible, const Told& invisible, Choices& choices) {
    const auto transaction =
        storage::BeginOn(*database_.store, {database_.root, space_, storage::kInstallation});
    ledger::WriteScope root(*database_.engine, *transaction, database_.root, kStart);
    Step(1);
    ledger::Must(CreateTenant(database_.all, root,
                              {{"id", space_.id.ToString()},
                               {"accountId", account_id_},
                               {"name", "n"},
                               {"description", "d"}}));
    scope_.emplace(*database_.engine, *transaction, space_, kStart);
    ledger::Must(CreateClient(
        database_.all, *scope_,
        {{"principal", kPrincipal}, {"name", "caller"}, {"policies", json::parse(kPolicies)}}));
    ledger::Must(CreateTranCode(database_.all, *scope_, ledger::JsonObject(kTranCode)));
    // What is invisible comes between, before and after.
    if (choices.Chance(50)) AddAccounts(invisible, choices, 1000);
    AddAccounts(visible, choices, 100);
    AddAccounts(invisible, choices, 2000);
    AddMembers(visible, 300);
    AddPostings(visible, 400);
    AddPostings(invisible, 3000);
    AddMembers(invisible, 4000);
    EXPECT_TRUE(storage::CommitAndWait(*transaction).ok());
    EXPECT_TRUE(database_.access->Refresh().ok());
    scope_.reset();
  }

  std::string Ask(const Claims& claims, const std::string& query, std::uint64_t step) {
    Step(100'000 + step);
    return database_.Ask(claims, account_id_, query);
  }

 private:
  static std::string Padded(std::uint64_t number) {
    std::string digits = std::to_string(number);
    return "50000000-0000-0000-0000-" + std::string(12 - digits.size(), '0') + digits;
  }
  // What is random from here on is the same in both databases.
  void Step(std::uint64_t number) { database_.random.Seed(number); }

  void AddAccounts(const Told& told, Choices& choices, std::uint64_t step) {
    for (json::object input : told.accounts) {
      Step(++step);
      if (added_.contains(std::string(input.at("accountId").as_string()))) continue;
      added_.emplace(input.at("accountId").as_string());
      input["code"] = choices.Pick(kWords);
      ledger::Must(CreateAccount(database_.all, *scope_, input));
    }
    for (const std::string& id : told.updated) {
      Step(++step);
      if (!updated_.emplace(id).second) continue;
      ledger::Must(
          UpdateAccount(database_.all, *scope_, base::ParseUuid(id).value(), {{"name", "b"}}));
    }
  }
  void AddMembers(const Told& told, std::uint64_t step) {
    for (const json::object& input : told.sets) {
      Step(++step);
      ledger::Must(CreateAccountSet(database_.all, *scope_, input));
    }
    for (const auto& [set, account] : told.members) {
      Step(++step);
      ledger::Must(AddToAccountSet(database_.all, *scope_, base::ParseUuid(set).value(),
                                   {{"memberId", account}, {"memberType", "ACCOUNT"}}));
    }
  }
  void AddPostings(const Told& told, std::uint64_t step) {
    for (const json::object& input : told.transactions) {
      Step(++step);
      ledger::Must(PostTransaction(database_.all, *scope_, input));
    }
  }

  Database& database_;
  std::string account_id_;
  storage::SpaceId space_;
  std::optional<ledger::WriteScope> scope_;
  std::set<std::string> added_;
  std::set<std::string> updated_;
};

// ---- Queries.

constexpr const char* kAccount =
    "{ id accountId externalId name status description version "
    "modified _recordId metadata config { isAccountSet } }";
constexpr const char* kPage = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

class Queries {
 public:
  Queries(Choices& choices) : choices_(choices) {}

  std::string Any(const std::string& last_answer) {
    last_ = &last_answer;
    switch (choices_.Below(14)) {
      case 0:
      case 1: return "{ account(id: \"" + AnyId() + "\") " + Pick(kAccount, Code(), Joins()) + " }";
      case 2:
      case 3:
      case 4: return Accounts();
      case 5:
        return "{ balance(accountId: \"" + AnyId() +
               "\") { accountId version settled { normalBalance { units } } account { name } } }";
      case 6:
        return "{ balances(index: {name: ACCOUNT_ID}, where: {accountId: {eq: \"" + AnyId() +
               "\"}}, " + First() + ") { nodes { accountId version } " + kPage + " } }";
      case 7:
        return "{ transaction(id: \"" + AnyTransactionId() +
               "\") { description correlationId tranCode { code } entries(first: 5) { nodes { " +
               Entry() + " } " + kPage + " } correlated(first: 3) { nodes { transactionId } } } }";
      case 8:
        return "{ transactions(index: {name: " +
               Word({"CORRELATION_ID", "TRANSACTION_ID", "EXTERNAL_ID"}) +
               "}, where: {correlationId: {eq: \"" + Word(kWords) + "\"}, transactionId: {eq: \"" +
               AnyTransactionId() + "\"}, externalId: {eq: \"\"}}, " + First() +
               ") { nodes { transactionId version } edges { cursor } " + kPage + " } }";
      case 9:
        return "{ entries(index: {name: TRANSACTION_ID}, where: {transactionId: {eq: \"" +
               AnyTransactionId() + "\"}}, " + First() + ") { nodes { " + Entry() + " } " + kPage +
               " } }";
      case 10:
        return "{ accountSet(id: \"" + SetId(choices_.Chance(50), choices_.Below(2)) +
               "\") { name description members(first: 3) { nodes { __typename } } } }";
      case 11:
        return "{ auth { whoami { principal client groups } can(action: " +
               Word({"SELECT", "INSERT", "UPDATE", "DELETE"}) +
               ", resource: \"financial.Account.document.name\") { verdict decisionId } } }";
      case 12: return "{ node(id: \"" + GlobalId() + "\") { id ... on Account " + kAccount + " } }";
      default: return Mutation();
    }
  }

 private:
  std::string Word(const Texts& words) { return choices_.Pick(words); }
  std::string AnyId() {
    return AccountId(Word({"a", "a", "b", "b", "c"})[0], choices_.Below(kAccounts));
  }
  std::string AnyTransactionId() {
    return TransactionId(choices_.Chance(60), choices_.Below(kTransactions + 2));
  }
  std::string GlobalId() {
    // "ac:" and the key as JSON in base64, as ids are made.
    const std::string key = "{\"1\":\"" + AnyId() + "\"}";
    return "ac:" + base::EncodeBase64(key);
  }
  std::string First() {
    std::string text = "first: " + std::to_string(choices_.Below(4));
    // On from a place that was answered before.
    const std::size_t at = last_->rfind("Cursor\":\"");
    if (at != std::string::npos && choices_.Chance(50)) {
      const std::size_t begin = at + 9;
      text += ", after: \"" + last_->substr(begin, last_->find('"', begin) - begin) + "\"";
    }
    return text;
  }
  std::string Code() { return choices_.Chance(20) ? "code " : ""; }
  std::string Joins() {
    switch (choices_.Below(5)) {
      case 0: return "entries(" + First() + ") { nodes { " + Entry() + " } " + kPage + " }";
      case 1: return "sets(first: 5) { nodes { name } " + std::string(kPage) + " }";
      case 2: return "history(first: 3) { nodes { version name } }";
      case 3: return "balance { version settled { normalBalance { units } } }";
      default: return "balances(first: 2) { nodes { version } " + std::string(kPage) + " }";
    }
  }
  static std::string Pick(std::string fields, const std::string& a, const std::string& b) {
    fields.insert(fields.size() - 1, a + b + " ");
    return fields;
  }
  static std::string Entry() {
    return "entryId sequence description units account { name } transaction { description }";
  }
  std::string Accounts() {
    const std::string index = Word({"NAME", "CODE", "STATUS", "EXTERNAL_ID", "ACCOUNT_ID"});
    const std::string op = Word({"eq", "like", "lt", "lte", "gt", "gte"});
    std::string where;
    if (index == "NAME" || index == "CODE") {
      const std::string property = index == "NAME" ? "name" : "code";
      if (choices_.Chance(60)) where = property + ": {" + op + ": \"" + Word(kWords) + "\"}";
    } else if (index == "STATUS") {
      where = "status: {eq: \"" + Word({"ACTIVE", "INACTIVE", "LOCKED"}) + "\"}";
    } else if (index == "EXTERNAL_ID") {
      where = "externalId: {eq: \"" + Word(kWords) + Word({"v", "h"}) +
              std::to_string(choices_.Below(kAccounts)) + "\"}";
    } else {
      where = "accountId: {eq: \"" + AnyId() + "\"}";
    }
    return "{ accounts(index: {name: " + index + ", sort: " + Word({"ASC", "DESC"}) +
           "}, where: {" + where + "}, " + First() + ") { edges { cursor node " +
           Pick(kAccount, Code(), "") + " } " + kPage + " } }";
  }
  std::string Mutation() {
    const std::string id = AnyId();
    switch (choices_.Below(4)) {
      case 0:
        return "mutation @dryRun { updateAccount(id: \"" + id + "\", input: {name: \"z\"}) " +
               kAccount + " }";
      case 1: return "mutation @dryRun { deleteAccount(id: \"" + id + "\") { status } }";
      case 2:
        return "mutation { createAccount(input: {accountId: \"" + id +
               "\", name: \"n\", code: \"c\"}) { name } }";
      default:
        return "mutation @dryRun { updateTransaction(id: \"" + AnyTransactionId() +
               "\", input: {externalId: \"z\"}) { version } }";
    }
  }

  Choices& choices_;
  const std::string* last_ = nullptr;
};

TEST(Security6, Line22WhatTheCallerMayNotSeeChangesNoByteOfAnyAnswer) {
  Database one(kStart);
  Database other(kStart);
  const Claims claims = ClaimsOf(kPrincipal);
  std::uint64_t number = 0;
  std::uint64_t queries = 0;
  std::uint64_t with_data = 0;
  std::uint64_t told_apart = 0;
  const Claims everything = ClaimsOf(kOperator);
  CheckMany(Cases(60, 5'000), [&] {
    Choices shared(*AnyTape(200));
    const Told visible = AnyVisible(shared);
    Side left(one, ++number);
    Side right(other, number);
    Choices left_choices(AnySeed());
    Choices right_choices(AnySeed());
    left.Fill(visible, AnyInvisible(left_choices), left_choices);
    right.Fill(visible, AnyInvisible(right_choices), right_choices);
    Choices asked(AnySeed());
    Queries any(asked);
    std::string last;
    for (std::uint64_t i = 0; i < 40; ++i) {
      const std::string query = any.Any(last);
      std::string answer = left.Ask(claims, query, i);
      const std::string same = right.Ask(claims, query, i);
      if (answer != same) RC_FAIL(query + "\n" + answer + "\n" + same);
      ++queries;
      if (answer.find("\"errors\"") == std::string::npos) ++with_data;
      if (answer.find("Cursor\":\"") != std::string::npos) last = std::move(answer);
    }
    // Who sees everything tells them apart.
    const std::string all = "{ accounts(index: {name: NAME}, first: 20) { nodes { name code } } }";
    if (left.Ask(everything, all, 0) != right.Ask(everything, all, 0)) ++told_apart;
  });
  std::cout << number << " pairs of databases, " << queries << " queries, " << with_data
            << " without an error" << std::endl;
  EXPECT_GT(with_data, queries / 3);
  EXPECT_GT(told_apart, number / 2);
}

}  // namespace
}  // namespace strongroom::oracle
