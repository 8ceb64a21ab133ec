#include "authz/permit.h"

#include <boost/json/object.hpp>
#include <utility>

#include "authz/permit_request.h"
#include "base/check.h"

namespace strongroom::authz {
namespace {

// Decides the classes of one (action, ledger) that the document decides.
class Judgement {
 public:
  Judgement(PermitRequest& request, const FoldedLedger& ledger, Action action, LedgerId id)
      : request_(request), ledger_(ledger), action_(action), id_(id) {
    request_.context.SetAction(ActionName(action_));
    request_.outcomes.assign(ledger.slots.size(), PermitRequest::kNotRun);
  }

  // Whether the class is allowed; nothing when the budget is spent.
  std::optional<bool> Allows(const ResidualClass& one) {
    if (one.only) {
      request_.context.SetResource(request_.compiled().catalog->At(id_, *one.only).identifier);
    }
    for (const Condition& deny : one.denies) {
      const RunOutcome outcome = Run(deny);
      if (outcome == RunOutcome::kBudgetSpent) return std::nullopt;
      if (outcome != RunOutcome::kFalse) return false;  // a DENY that fails applies
    }
    if (one.allowed) return true;
    for (const Condition& allow : one.allows) {
      const RunOutcome outcome = Run(allow);
      if (outcome == RunOutcome::kBudgetSpent) return std::nullopt;
      if (outcome == RunOutcome::kTrue) return true;
    }
    return false;
  }

 private:
  RunOutcome Run(const Condition& condition) {
    bool failed = condition.failed;
    for (const SlotNumber slot : condition.slots) {
      const RunOutcome outcome = Run(slot);
      if (outcome == RunOutcome::kFalse || outcome == RunOutcome::kBudgetSpent) return outcome;
      failed |= outcome == RunOutcome::kError;
    }
    return failed ? RunOutcome::kError : RunOutcome::kTrue;
  }

  RunOutcome Run(SlotNumber slot) {
    const FoldedAssertion& assertion = *ledger_.slots[slot];
    if (assertion.reads_resource) return request_.Run(assertion, nullptr);
    std::uint8_t& known = request_.outcomes[slot];
    if (known == PermitRequest::kNotRun)
      known = static_cast<std::uint8_t>(request_.Run(assertion, nullptr));
    return static_cast<RunOutcome>(known);
  }

  PermitRequest& request_;
  const FoldedLedger& ledger_;
  const Action action_;
  const LedgerId id_;
};

}  // namespace

PermitRequest::PermitRequest(std::shared_ptr<const FoldedPolicies> folded, base::Timestamp at,
                             const Permit::Options& options)
    : policies(std::move(folded)),
      now(at),
      cost_left(options.cost_max),
      decision_id(options.decision_id),
      keeps_notes(options.notes),
      context(compiled().catalog->assertion_envs(), policies->token()),
      activation(*compiled().catalog->assertion_envs().plain.env) {
  context.SetNow(at);
  if (keeps_notes) notes.selected.assign(compiled().catalog->ledger_count(), 0);
  activation.Set(compiled().catalog->assertion_envs().context_variable,
                 cel::Value::Object(&context));
}

RunOutcome PermitRequest::Run(const FoldedAssertion& assertion, std::string* error) {
  context.SetShape(*assertion.env);
  arena.Reset();
  return RunAssertion(*assertion.residual, activation, cost_left, arena, error);
}

RunOutcome PermitRequest::Outcome(const FoldedAssertion& assertion, std::string* error) {
  if (assertion.residual) return Run(assertion, error);
  if (error != nullptr) *error = assertion.error;
  return assertion.outcome;
}

Permit::Permit(std::unique_ptr<PermitRequest> request) : request_(std::move(request)) {}
Permit::Permit(Permit&&) noexcept = default;
Permit& Permit::operator=(Permit&&) noexcept = default;
Permit::~Permit() = default;

Permit Permit::Grant(std::shared_ptr<const FoldedPolicies> policies, base::Timestamp now,
                     const Options& options) {
  STRONGROOM_CHECK(policies != nullptr);
  return Permit(std::make_unique<PermitRequest>(std::move(policies), now, options));
}

Permit Permit::UnrestrictedForHost(std::shared_ptr<const Catalog> catalog, std::string account_id,
                                   base::Timestamp now) {
  Policy everything;
  everything.effect = Effect::kAllow;
  everything.actions = {"*"};
  everything.resources = {"*"};
  everything.origin = "the host";
  auto set = PolicySet::Compile({std::move(everything)}, std::move(catalog));
  STRONGROOM_CHECK(set.ok());
  auto folded = FoldedPolicies::Fold(
      *std::move(set),
      {std::make_shared<const boost::json::object>(), "host", std::move(account_id)});
  STRONGROOM_CHECK(folded.ok());
  return Grant(*std::move(folded), now);
}

base::Result<DocumentVerdict> Permit::Judge(Action action, LedgerId ledger,
                                            const cel::ObjectView& document) const {
  const FoldedLedger& folded = request_->policies->plans().Ledger(action, ledger);
  ++request_->decisions;
  if (request_->keeps_notes && action == Action::kSelect) ++request_->notes.selected[ledger.value];
  DocumentVerdict verdict(folded);
  if (folded.residual.empty()) return verdict;
  request_->context.SetDocument(&document);
  Judgement judgement(*request_, folded, action, ledger);
  for (const ResidualClass& one : folded.residual) {
    const auto allowed = judgement.Allows(one);
    if (!allowed) return BudgetError();
    if (*allowed) verdict.Allow(one.number);
  }
  return verdict;
}

bool Permit::NeverAllows(Action action, LedgerId ledger) const {
  const FoldedLedger& folded = request_->policies->plans().Ledger(action, ledger);
  for (std::size_t i = 0; i < folded.possible.size(); ++i)
    if ((folded.possible[i] & folded.properties[i]) != 0) return false;
  return true;
}

Verdict Permit::Standing(Action action, LedgerId ledger, ResourceId resource) const {
  const FoldedLedger& folded = request_->policies->plans().Ledger(action, ledger);
  const std::size_t number = folded.plan->class_of[resource.value];
  if (HasBit(folded.always, number)) return Verdict::kAllow;
  return HasBit(folded.possible, number) ? Verdict::kDepends : Verdict::kDeny;
}

const TokenContext& Permit::token() const { return request_->policies->token(); }
const Catalog& Permit::catalog() const { return policy_set().catalog(); }
base::Timestamp Permit::now() const { return request_->now; }
const PolicySet& Permit::policy_set() const { return request_->policies->policy_set(); }
std::uint64_t Permit::decisions() const { return request_->decisions; }

DocumentVerdict::DocumentVerdict(const FoldedLedger& ledger)
    : ledger_(&ledger),
      bits_(ledger.always[0]),
      more_(ledger.always.begin() + 1, ledger.always.end()) {}

void DocumentVerdict::Allow(std::size_t number) {
  (number < 64 ? bits_ : more_[number / 64 - 1]) |= std::uint64_t{1} << (number % 64);
}

bool DocumentVerdict::Allows(ResourceId resource) const {
  const std::size_t number = ledger_->plan->class_of[resource.value];
  return ((number < 64 ? bits_ : more_[number / 64 - 1]) >> (number % 64) & 1) != 0;
}

bool DocumentVerdict::Visible() const {
  if ((bits_ & ledger_->properties[0]) != 0) return true;
  for (std::size_t i = 0; i < more_.size(); ++i)
    if ((more_[i] & ledger_->properties[i + 1]) != 0) return true;
  return false;
}

bool DocumentVerdict::AllowsEveryProperty() const {
  if ((~bits_ & ledger_->properties[0]) != 0) return false;
  for (std::size_t i = 0; i < more_.size(); ++i)
    if ((~more_[i] & ledger_->properties[i + 1]) != 0) return false;
  return Visible();  // a ledger without properties allows nothing
}

}  // namespace strongroom::authz
