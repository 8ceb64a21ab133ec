// Tests of policies, from files (docs/howto/policy-tests.md): what a principal with these claims
// may do and see, and which policies decide it. The engine is the one that decides requests.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "authz/decision.h"
#include "authz/policy.h"
#include "base/result.h"
#include "ledger/catalog/catalog.h"
#include "ledger/document.h"

namespace strongroom::server::cli {

// A decision that a case asked for. Of a list: one per document that came out otherwise.
struct CaseDecision {
  std::string document;  // the name of a listed document; else empty
  authz::Decision decision;
};

struct CaseResult {
  std::string name;
  bool list = false;
  std::vector<std::string> shown;  // of a list, by name
  std::vector<CaseDecision> decisions;
  std::vector<std::string> failures;  // what was expected and came out otherwise; empty: passed
};

struct SuiteResult {
  std::string name;  // the path of the file
  std::vector<CaseResult> cases;

  std::size_t failed() const;
};

// What the cases of all suites met: each policy, by the file that it stands in and its number
// there.
class Coverage {
 public:
  struct OfAssertion {
    std::string name;
    bool was_true = false;
    bool was_false = false;
    bool was_error = false;
  };
  struct OfPolicy {
    authz::Effect effect = authz::Effect::kDeny;
    bool applied = false;
    std::vector<OfAssertion> assertions;
  };
  using Key = std::pair<std::string, std::size_t>;

  void Add(const Key& key, const authz::Policy& policy);
  void Note(const Key& key, const authz::PolicyTrace& trace);
  const std::map<Key, OfPolicy>& policies() const { return policies_; }

  // Points: every policy applied, every assertion true, and false, at least once. Errors are shown
  // and count for nothing: not every assertion can fail.
  std::size_t points() const;
  std::size_t points_met() const;
  // 100 when there is nothing to meet.
  double percent() const;

 private:
  std::map<Key, OfPolicy> policies_;
};

// Claims and documents of a suite, for whoever compares policies with them.
struct Fixtures {
  std::string principal;
  std::string account;
  base::Timestamp now{};
  std::map<std::string, boost::json::object> claims;
  struct OfDocument {
    std::string name;
    const ledger::Ledger* ledger = nullptr;
    ledger::Document document;
  };
  std::vector<OfDocument> documents;
};
base::Result<Fixtures> ReadFixtures(const std::string& path, const ledger::Catalog& catalog);

// Runs the suite in the file at `path`; the paths of policy files in it are relative to it. Errors
// are about the file: unreadable, not valid, an unknown member.
base::Result<SuiteResult> RunSuite(const std::string& path, const ledger::Catalog& catalog,
                                   Coverage& coverage);

// Reports: for people, for programs, for CI.
std::string AsTree(const std::vector<SuiteResult>& suites);
std::string AsJson(const std::vector<SuiteResult>& suites, const Coverage* coverage);
std::string AsJunit(const std::vector<SuiteResult>& suites);
std::string CoverageText(const Coverage& coverage);
// A decision, policy by policy.
std::string Story(const authz::Decision& decision);

}  // namespace strongroom::server::cli
