// Tests of policies, from files (docs/howto/policy-tests.md): what a principal with these claims
// may do, and which policies decide it. The engine is the one that decides requests.
#pragma once

#include <string>
#include <vector>

#include "authz/decision.h"
#include "base/result.h"
#include "ledger/catalog/catalog.h"

namespace strongroom::server::cli {

struct CaseResult {
  std::string name;
  authz::Decision decision;
  std::vector<std::string> failures;  // what was expected and came out otherwise; empty: passed
};

struct SuiteResult {
  std::string name;  // the path of the file
  std::vector<CaseResult> cases;

  std::size_t failed() const;
};

// Runs the suite in the file at `path`; the paths of policy files in it are relative to it. Errors
// are about the file: unreadable, not valid, an unknown member.
base::Result<SuiteResult> RunSuite(const std::string& path, const ledger::Catalog& catalog);

// Reports: for people, for programs, for CI.
std::string AsTree(const std::vector<SuiteResult>& suites);
std::string AsJson(const std::vector<SuiteResult>& suites);
std::string AsJunit(const std::vector<SuiteResult>& suites);

}  // namespace strongroom::server::cli
