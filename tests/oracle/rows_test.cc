// The rows of SPEC 4's table, each as it is served: with exactly the rights that the row names an
// operation works, and without any one of them it does not.
#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <vector>

#include "database.h"
#include "values.h"

namespace strongroom::oracle {
namespace {

// `SELECT financial.Account.document.name`
using Rights = Texts;

struct Row {
  std::string name;
  std::string query;
  std::string marker;  // stands in the answer when it worked
  Rights rights;
};

Rights Join(Rights rights, const std::string& action, const std::string& prefix,
            const Texts& names) {
  for (const std::string& name : names) rights.push_back(action + " " + prefix + name);
  return rights;
}

const std::string kAccount = "a0000000-0000-0000-0000-000000000001";
const std::string kOther = "a0000000-0000-0000-0000-000000000002";
const std::string kPosted = "b0000000-0000-0000-0000-000000000001";

class RowsTest : public testing::Test {
 protected:
  RowsTest() {
    for (const std::string& id : {kAccount, kOther})
      Operate("createAccount(input: {accountId: \"" + id + "\", name: \"Ann\", code: \"C" +
              id.substr(35) + "\"}) { name }");
    Operate(R"json(createTranCode(input: {tranCodeId: "d0000000-0000-0000-0000-000000000001",
      code: "XFR", transaction: {effective: "date('2022-09-10')"},
      entries: [{accountId: "uuid('a0000000-0000-0000-0000-000000000001')", units: "decimal('7')",
                 currency: "'USD'", direction: "DEBIT"},
                {accountId: "uuid('a0000000-0000-0000-0000-000000000002')", units: "decimal('7')",
                 currency: "'USD'", direction: "CREDIT"}]}) { code })json");
    Operate("postTransaction(input: {transactionId: \"" + kPosted +
            "\", tranCode: \"XFR\"}) { transactionId }");
    Operate("auth { createClient(input: {principal: \"" + kPrincipal +
            "\", name: \"p\", policies: []}) { name } }");
    const std::string entries =
        database_.Ask(operator_, "Root",
                      "{ entries(index: {name: TRANSACTION_ID}, where: {transactionId: {eq: \"" +
                          kPosted + "\"}}, first: 1) { nodes { entryId } } }");
    entry_ = entries.substr(entries.find("entryId\":\"") + 10, 36);
  }

  void Operate(const std::string& mutation) {
    const std::string answer = database_.Ask(operator_, "Root", "mutation { " + mutation + " }");
    ASSERT_EQ(answer.find("\"errors\""), std::string::npos) << answer;
  }
  std::string AskWith(const Rights& rights, const std::string& query) {
    std::string policies;
    for (const std::string& right : rights) {
      const std::size_t space = right.find(' ');
      policies += "{effect: ALLOW, actions: [" + right.substr(0, space) + "], resources: [\"" +
                  right.substr(space + 1) + "\"]} ";
    }
    Operate("auth { updateClient(principal: \"" + kPrincipal + "\", input: {policies: [" +
            policies + "]}) { name } }");
    return database_.Ask(caller_, "Root", query);
  }
  static bool Worked(const std::string& answer, const Row& row) {
    return answer.find("\"errors\"") == std::string::npos &&
           answer.find(row.marker) != std::string::npos;
  }

  void Check(const Row& row) {
    const std::string answer = AskWith(row.rights, row.query);
    EXPECT_TRUE(Worked(answer, row)) << row.name << "\n" << row.query << "\n" << answer;
    for (std::size_t i = 0; i < row.rights.size(); ++i) {
      Rights fewer = row.rights;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      const std::string less = AskWith(fewer, row.query);
      EXPECT_FALSE(Worked(less, row)) << row.name << " without " << row.rights[i] << "\n" << less;
      ++rights_;
    }
  }

  Database database_{base::SystemClock().Now()};
  const Claims operator_ = ClaimsOf(kOperator);
  const Claims caller_ = ClaimsOf(kPrincipal);
  std::string entry_;
  int rights_ = 0;
};

TEST_F(RowsTest, ReadsNeedThePropertiesTheIndexAndTheJoins) {
  const std::string account = "financial.Account.";
  const std::string entry = "financial.Entry.";
  const std::string transaction = "financial.Transaction.";
  for (const Row& row : std::vector<Row>{
           {"properties", "{ account(id: \"" + kAccount + "\") { name code } }", "Ann",
            Join({}, "SELECT", account, {"document.name", "document.code"})},
           {"the global id needs the key", "{ account(id: \"" + kAccount + "\") { id name } }",
            "\"id\"", Join({}, "SELECT", account, {"document.account_id", "document.name"})},
           {"an index and what it orders by",
            "{ accounts(index: {name: CODE}, where: {code: {eq: \"C1\"}}, first: 1) { nodes { name "
            "} } }",
            "Ann", Join({}, "SELECT", account, {"indexes.code", "document.code", "document.name"})},
           {"a unique index",
            "{ accounts(index: {name: ACCOUNT_ID}, where: {accountId: {eq: \"" + kAccount +
                "\"}}, first: 1) { nodes { name } } }",
            "Ann",
            Join({}, "SELECT", account,
                 {"indexes.account_id", "document.account_id", "document.name"})},
           {"a join to one", "{ entry(id: \"" + entry_ + "\") { sequence account { name } } }",
            "Ann",
            Join(Join({}, "SELECT", entry, {"document.sequence", "joins.account"}), "SELECT",
                 account, {"document.name"})},
           {"amounts in parts", "{ entry(id: \"" + entry_ + "\") { sequence units currency } }",
            "USD", Join({}, "SELECT", entry, {"document.sequence", "document.amount"})},
           {"a join to many",
            "{ transaction(id: \"" + kPosted +
                "\") { effective entries(first: 2) { nodes { direction } } } }",
            "DEBIT",
            Join(Join({}, "SELECT", transaction, {"document.effective", "joins.entries"}), "SELECT",
                 entry, {"document.direction"})},
           {"the balance of an account",
            "{ account(id: \"" + kAccount + "\") { name balance { version } } }", "version\":1",
            Join(Join({}, "SELECT", account, {"document.name", "joins.balance"}), "SELECT",
                 "financial.Balance.", {"document.version"})}})
    Check(row);
  std::cout << rights_ << " rights, each needed" << std::endl;
}

TEST_F(RowsTest, WritesNeedWhatIsSetWhatIsChangedOrEverything) {
  const std::string account = "financial.Account.";
  Rights everything = {"SELECT " + account + "document.name"};
  for (const authz::Resource& resource : database_.engine->catalog().rights()->Resources(
           database_.engine->catalog().At(ledger::LedgerId::kAccount).rights()))
    if (resource.kind == authz::ResourceKind::kDocument)
      everything.push_back("DELETE " + resource.identifier);
  const std::string set = "financial.AccountSet.";
  for (const Row& row : std::vector<Row>{
           {"create",
            "mutation @dryRun { createAccount(input: {accountId: \"" + kPosted +
                "\", name: \"n\", code: \"c\"}) { __typename } }",
            "Account", Join({}, "INSERT", account + "document.", {"account_id", "name", "code"})},
           {"what a mutation returns",
            "mutation @dryRun { createAccount(input: {accountId: \"" + kPosted +
                "\", name: \"n\", code: \"c\"}) { name } }",
            "\"n\"",
            Join({"SELECT " + account + "document.name"}, "INSERT", account + "document.",
                 {"account_id", "name", "code"})},
           {"create with a reference",
            "mutation @dryRun { createAccountSet(input: {accountSetId: \"" + kPosted +
                "\", name: \"n\", journalId: \"00000000-0000-0000-0000-000000000000\"}) { "
                "__typename } }",
            "AccountSet",
            Join({}, "INSERT", set,
                 {"document.account_set_id", "document.name", "document.journal_id",
                  "references.journal_id"})},
           {"update",
            "mutation @dryRun { updateAccount(id: \"" + kAccount +
                "\", input: {name: \"z\"}) { __typename } }",
            "Account",
            {"SELECT " + account + "document.code", "UPDATE " + account + "document.name"}},
           {"delete", "mutation @dryRun { deleteAccount(id: \"" + kAccount + "\") { __typename } }",
            "Account", everything},
           {"a client",
            "mutation @dryRun { auth { createClient(input: {principal: \"https://new.example\", "
            "name: \"new\", policies: []}) { __typename } } }",
            "Client",
            Join({}, "INSERT", "system.Client.document.", {"principal", "name", "policies"})},
           {"a group",
            "mutation @dryRun { admin { createGroup(input: {id: \"" + kPosted +
                "\", name: \"g\", description: \"d\", policy: \"[]\"}) { __typename } } }",
            "Group",
            Join({}, "INSERT", "tenancy.Group.document.",
                 {"id", "name", "description", "policy"})}})
    Check(row);
  std::cout << rights_ << " rights, each needed" << std::endl;
}

TEST_F(RowsTest, PostingsNeedInsertOnTheTransactionAndItsEntriesAndTheirReferences) {
  Rights rights = Join({}, "INSERT", "financial.Transaction.",
                       {"document.transaction_id", "document.tran_code_id", "document.journal_id",
                        "document.effective", "references.tran_code_id", "references.journal_id"});
  rights = Join(std::move(rights), "INSERT", "financial.Entry.",
                {"document.transaction_id", "document.account_id", "document.journal_id",
                 "document.entry_type", "document.layer", "document.direction", "document.amount",
                 "references.transaction_id", "references.account_id", "references.journal_id"});
  Check({"posting",
         "mutation @dryRun { postTransaction(input: {transactionId: \"" + kOther +
             "\", tranCode: \"XFR\"}) { __typename } }",
         "Transaction", rights});
}

}  // namespace
}  // namespace strongroom::oracle
