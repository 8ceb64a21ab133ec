#include "authz/policy_set.h"

#include <fmt/format.h>

#include <map>
#include <unordered_map>
#include <utility>

#include "authz/pattern.h"
#include "authz/policy_plan.h"
#include "base/limits.h"

namespace strongroom::authz {
namespace {

// What one pattern covers: [ledger][resource], the ledger empty for none.
using Cover = std::vector<std::vector<bool>>;

LedgerId LedgerAt(std::size_t number) { return LedgerId{static_cast<std::uint16_t>(number)}; }

class Compiler {
 public:
  Compiler(std::vector<Policy> policies, std::shared_ptr<const Catalog> catalog)
      : set_(std::make_unique<CompiledPolicies>()) {
    set_->catalog = std::move(catalog);
    set_->policies = std::move(policies);
  }

  base::Result<std::unique_ptr<const CompiledPolicies>> Run(PolicySet::BadPolicy bad_policy) {
    for (PolicyNumber number = 0; number < set_->policies.size(); ++number) {
      auto compiled = CompilePolicy(number);
      if (compiled.ok()) {
        set_->compiled.push_back(std::move(compiled).value());
        continue;
      }
      base::Error error = AtPolicy(number, std::move(compiled).error());
      if (bad_policy == PolicySet::BadPolicy::kRefuse) return error;
      set_->defects.push_back(std::move(error));
      set_->compiled.push_back(Defective(set_->policies[number]));
    }
    PlanClasses(*set_);
    return std::unique_ptr<const CompiledPolicies>(std::move(set_));
  }

 private:
  const Catalog& catalog() const { return *set_->catalog; }

  base::Result<CompiledPolicy> CompilePolicy(PolicyNumber number) {
    const Policy& policy = set_->policies[number];
    STRONGROOM_TRY(CheckPolicy(policy));
    CompiledPolicy compiled;
    compiled.effect = policy.effect;
    compiled.actions = ActionsOf(policy);
    compiled.covers = CoverOf(policy.resources);
    for (std::size_t i = 0; i < policy.assertions.size(); ++i) {
      auto programs = CompileForCover(number, i, compiled.covers);
      if (!programs.ok()) return Name(policy.assertions[i], std::move(programs).error());
      compiled.assertions.push_back(std::move(programs).value());
    }
    return compiled;
  }

  // Denies what the policy covers; everything, where that can't be told.
  CompiledPolicy Defective(const Policy& policy) {
    CompiledPolicy compiled;
    compiled.effect = Effect::kDeny;
    compiled.defective = true;
    compiled.actions = CheckPolicy(policy).ok() ? ActionsOf(policy) : ActionSet::All();
    compiled.covers = policy.resources.empty() ? CoverOf({"*"}) : CoverOf(policy.resources);
    return compiled;
  }

  static base::Error Name(const Assertion& assertion, base::Error error) {
    error.message = fmt::format("assertion `{}`: {}", assertion.name, error.message);
    if (error.hint.empty())
      error.hint =
          "an assertion is a CEL expression that is true or false, such as "
          "`context.auth.claims.sub == 'x'`";
    error.argument_path.insert(error.argument_path.begin(), {"assertions", assertion.name});
    return error;
  }

  Cover CoverOf(const std::vector<std::string>& patterns) {
    Cover all(catalog().ledger_count());
    for (const std::string& pattern : patterns) {
      const Cover& one = CoverOfPattern(pattern);
      for (std::size_t ledger = 0; ledger < all.size(); ++ledger) {
        if (one[ledger].empty()) continue;
        all[ledger].resize(one[ledger].size());
        for (std::size_t resource = 0; resource < one[ledger].size(); ++resource)
          if (one[ledger][resource]) all[ledger][resource] = true;
      }
    }
    return all;
  }

  const Cover& CoverOfPattern(const std::string& pattern) {
    const auto found = covers_.find(pattern);
    if (found != covers_.end()) return found->second;
    Cover cover(catalog().ledger_count());
    for (std::size_t ledger = 0; ledger < cover.size(); ++ledger) {
      const auto resources = catalog().Resources(LedgerAt(ledger));
      for (std::size_t i = 0; i < resources.size(); ++i) {
        if (!MatchesResource(pattern, resources[i].identifier)) continue;
        cover[ledger].resize(resources.size());
        cover[ledger][i] = true;
      }
    }
    return covers_.emplace(pattern, std::move(cover)).first->second;
  }

  base::Result<AssertionPrograms> CompileForCover(PolicyNumber policy, std::size_t index,
                                                  const Cover& cover) {
    const std::string& expression = set_->policies[policy].assertions[index].expression;
    AssertionPrograms programs;
    if (!MentionsDocument(expression)) {
      STRONGROOM_ASSIGN(programs.plain, CompileOnce(expression, std::nullopt));
      return programs;
    }
    // A policy that covers nothing today is checked against every ledger.
    bool covers_something = false;
    for (const auto& covered : cover) covers_something |= !covered.empty();
    std::optional<base::Error> first;
    bool valid = false;
    programs.by_ledger.assign(cover.size(), kNoProgram);
    for (std::size_t ledger = 0; ledger < cover.size(); ++ledger) {
      if (covers_something && cover[ledger].empty()) continue;
      auto program = CompileOnce(expression, LedgerAt(ledger));
      if (program.ok()) {
        programs.by_ledger[ledger] = *program;
        valid = true;
        continue;
      }
      set_->faults.push_back({policy, index, LedgerAt(ledger), program.error().message});
      if (!first) first = ForLedger(std::move(program).error(), LedgerAt(ledger));
    }
    if (!valid && first) return *std::move(first);
    return programs;
  }

  base::Error ForLedger(base::Error error, LedgerId ledger) const {
    error.message = fmt::format("for {}: {}", catalog().LedgerName(ledger), error.message);
    return error;
  }

  // The program of this text for this shape of `context`, compiled when first met.
  base::Result<ProgramNumber> CompileOnce(const std::string& expression,
                                          std::optional<LedgerId> ledger) {
    const auto key = std::pair(expression, ledger ? ledger->value : -1);
    const auto found = programs_.find(key);
    if (found != programs_.end()) return found->second;
    const AssertionEnvs& envs = catalog().assertion_envs();
    auto assertion = CompileAssertion(expression, ledger ? envs.ledger[ledger->value] : envs.plain);
    if (!assertion.ok()) return programs_.emplace(key, std::move(assertion).error()).first->second;
    const auto number = static_cast<ProgramNumber>(set_->programs.size());
    set_->programs.push_back(std::move(assertion).value());
    return programs_.emplace(key, number).first->second;
  }

  std::unique_ptr<CompiledPolicies> set_;
  std::unordered_map<std::string, Cover> covers_;
  std::map<std::pair<std::string, int>, base::Result<ProgramNumber>> programs_;
};

}  // namespace

PolicySet::PolicySet(std::unique_ptr<const CompiledPolicies> compiled)
    : compiled_(std::move(compiled)) {}
PolicySet::~PolicySet() = default;

base::Result<std::shared_ptr<const PolicySet>> PolicySet::Compile(
    std::vector<Policy> policies, std::shared_ptr<const Catalog> catalog, const Options& options) {
  if (policies.size() > base::limits::kPoliciesMax)
    return base::MakeError(base::ErrorCode::kBadRequest,
                           fmt::format("there are {} policies", policies.size()),
                           fmt::format("at most {} are allowed", base::limits::kPoliciesMax));
  STRONGROOM_ASSIGN(auto compiled,
                    Compiler(std::move(policies), std::move(catalog)).Run(options.bad_policy));
  return std::shared_ptr<const PolicySet>(new PolicySet(std::move(compiled)));
}

std::span<const Policy> PolicySet::policies() const { return compiled_->policies; }
const Catalog& PolicySet::catalog() const { return *compiled_->catalog; }
std::span<const base::Error> PolicySet::defects() const { return compiled_->defects; }

}  // namespace strongroom::authz
