// Decisions asked one at a time: by identifier, with or without a document, and told in full.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "authz/pattern.h"
#include "authz/permit.h"
#include "authz/permit_request.h"
#include "authz/seen_values.h"

namespace strongroom::authz {
namespace {

bool MatchesAny(const std::vector<std::string>& patterns, std::string_view identifier) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return MatchesResource(pattern, identifier); });
}

std::vector<Catalog::Place> Below(const Catalog& catalog, std::string_view part) {
  std::vector<Catalog::Place> places;
  if (std::ranges::count(part, '.') >= 3) return places;
  const std::string prefix = std::string(part) + ".";
  for (std::uint16_t ledger = 0; ledger < catalog.ledger_count(); ++ledger) {
    const auto resources = catalog.Resources(LedgerId{ledger});
    for (std::uint16_t i = 0; i < resources.size(); ++i)
      if (resources[i].identifier.starts_with(prefix))
        places.push_back({LedgerId{ledger}, ResourceId{i}});
  }
  return places;
}

AssertionOutcome ToTrace(RunOutcome outcome) {
  if (outcome == RunOutcome::kTrue) return AssertionOutcome::kTrue;
  return outcome == RunOutcome::kFalse ? AssertionOutcome::kFalse : AssertionOutcome::kError;
}

// One decision, policy by policy, on the same programs that Judge runs.
class Inquiry {
 public:
  Inquiry(PermitRequest& request, Action action, std::string_view resource,
          const cel::ObjectView* document)
      : request_(request),
        action_(action),
        resource_(resource),
        ledger_(request.compiled().catalog->LedgerOf(resource)) {
    request_.context.SetAction(ActionName(action));
    request_.context.SetResource(resource);
    request_.context.SetDocument(document);
    has_document_ = document != nullptr;
    below_ = Below(*request_.compiled().catalog, resource);
  }

  base::Result<Decision> Run(bool with_values) {
    Decision decision;
    decision.action = action_;
    decision.resource = std::string(resource_);
    for (PolicyNumber number = 0; number < request_.compiled().compiled.size(); ++number) {
      STRONGROOM_ASSIGN(PolicyTrace trace, Trace(number, with_values));
      decision.policies.push_back(std::move(trace));
    }
    Conclude(decision);
    return decision;
  }

 private:
  static void Conclude(Decision& decision) {
    std::vector<std::uint32_t> allows;
    std::vector<std::uint32_t> denies;
    for (const PolicyTrace& trace : decision.policies) {
      if (trace.outcome == PolicyOutcome::kFailed) decision.errors.push_back(trace.policy);
      if (trace.Applies())
        (trace.effect == Effect::kAllow ? allows : denies).push_back(trace.policy);
    }
    const bool allowed = denies.empty() && !allows.empty();
    decision.effect = allowed ? Effect::kAllow : Effect::kDeny;
    decision.reasons = allowed ? std::move(allows) : std::move(denies);
  }

  base::Result<PolicyTrace> Trace(PolicyNumber number, bool with_values) {
    const CompiledPolicy& policy = request_.compiled().compiled[number];
    PolicyTrace trace;
    trace.policy = number;
    trace.effect = policy.effect;
    const std::string& origin = request_.compiled().policies[number].origin;
    if (with_values && !Charge(origin.size())) return BudgetError();
    trace.origin = origin;
    trace.outcome = PolicyOutcome::kOtherAction;
    if (!policy.actions.Has(action_)) return trace;
    trace.outcome = PolicyOutcome::kOtherResource;
    if (!Covers(number)) return trace;
    trace.outcome = policy.defective ? PolicyOutcome::kDefective : PolicyOutcome::kApplicable;
    for (std::size_t i = 0; i < policy.assertions.size(); ++i) {
      STRONGROOM_ASSIGN(AssertionTrace assertion, Trace(number, i, with_values));
      if (assertion.outcome == AssertionOutcome::kFalse)
        trace.outcome = PolicyOutcome::kSkipped;
      else if (assertion.outcome == AssertionOutcome::kError &&
               trace.outcome == PolicyOutcome::kApplicable)
        trace.outcome = PolicyOutcome::kFailed;
      trace.assertions.push_back(std::move(assertion));
    }
    return trace;
  }

  // By the bit set where the catalog knows the resource, else by the patterns themselves.
  bool Covers(PolicyNumber number) const {
    const CompiledPolicies& set = request_.compiled();
    if (const auto place = set.catalog->Find(resource_)) return Covers(number, *place);
    for (const Catalog::Place place : below_)
      if (Covers(number, place)) return true;
    if (!below_.empty()) return false;
    const Policy& policy = set.policies[number];
    return MatchesAny(policy.resources, resource_) ||
           (set.compiled[number].defective && policy.resources.empty());
  }

  bool Covers(PolicyNumber number, Catalog::Place place) const {
    const auto& covered = request_.compiled().compiled[number].covers[place.ledger.value];
    return !covered.empty() && covered[place.resource.value];
  }

  base::Result<AssertionTrace> Trace(PolicyNumber number, std::size_t index, bool with_values) {
    const CompiledPolicies& set = request_.compiled();
    const auto& source = set.policies[number].assertions[index];
    if (with_values && !Charge(source.name.size() + source.expression.size())) return BudgetError();
    AssertionTrace trace;
    trace.name = source.name;
    trace.expression = source.expression;
    const ProgramNumber program = set.compiled[number].assertions[index].For(ledger_);
    if (program == kNoProgram) {
      trace.error = FaultOf(number, index);
      return trace;
    }
    const FoldedAssertion& folded = request_.policies->plans().Assertion(action_, program);
    const RunOutcome outcome = request_.Outcome(folded, &trace.error);
    if (outcome == RunOutcome::kBudgetSpent) return BudgetError();
    trace.outcome = ToTrace(outcome);
    if (!with_values) return trace;
    trace.seen = SeenValues(set.programs[program], request_.context);
    std::size_t bytes = trace.error.size();
    for (const SeenValue& one : trace.seen) bytes += one.path.size() + one.value.size();
    if (!Charge(bytes)) return BudgetError();
    return trace;
  }

  // Values are charged in full, so that writing them out is paid for as well as keeping them.
  bool Charge(std::size_t bytes) {
    if (bytes > request_.trace_bytes_left) {
      request_.trace_bytes_left = 0;
      return false;
    }
    request_.trace_bytes_left -= bytes;
    return true;
  }

  std::string FaultOf(PolicyNumber number, std::size_t index) const {
    if (!ledger_) return "there is no document";
    for (const AssertionFault& fault : request_.compiled().faults)
      if (fault.policy == number && fault.assertion == index && fault.ledger == *ledger_)
        return fault.message;
    return has_document_ ? "the assertion was not checked for this ledger" : "there is no document";
  }

  PermitRequest& request_;
  const Action action_;
  const std::string_view resource_;
  const std::optional<LedgerId> ledger_;
  bool has_document_ = false;
  // Of a leading part of identifiers: a policy that covers any resource below it is told of.
  std::vector<Catalog::Place> below_;
};

base::Error BadResource(std::string_view resource, std::string hint) {
  return base::MakeError(base::ErrorCode::kBadRequest,
                         fmt::format("`{}` is not a resource", resource), std::move(hint));
}

Verdict ToVerdict(bool allowed) { return allowed ? Verdict::kAllow : Verdict::kDeny; }

// Two resources asked together: what both say, else kDepends.
Verdict Both(std::optional<Verdict> one, Verdict other) {
  return !one || *one == other ? other : Verdict::kDepends;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow: return "ALLOW";
    case Verdict::kDeny: return "DENY";
    case Verdict::kDepends: break;
  }
  return "DEPENDS";
}

base::Result<bool> Permit::AllowsWithoutDocument(Action action, std::string_view resource) const {
  ++request_->decisions;
  if (const auto place = catalog().Find(resource)) {
    const Verdict standing = Standing(action, place->ledger, place->resource);
    if (standing != Verdict::kDepends) return standing == Verdict::kAllow;
  }
  STRONGROOM_ASSIGN(const Decision decision,
                    Inquiry(*request_, action, resource, nullptr).Run(false));
  return decision.allowed();
}

base::Result<Decision> Permit::Explain(std::string id, Action action, std::string_view resource,
                                       const cel::ObjectView* document) const {
  STRONGROOM_ASSIGN(Decision decision, Inquiry(*request_, action, resource, document).Run(true));
  decision.id = std::move(id);
  decision.principal = token().principal;
  decision.time = now();
  return decision;
}

std::string Permit::Keep(Action action, std::string_view resource,
                         const cel::ObjectView* document) const {
  PermitRequest& request = *request_;
  if (!request.decision_id || request.kept.size() >= base::limits::kDecisionsKeptMax ||
      resource.size() > base::limits::kPolicyPatternBytesMax)
    return {};
  // Telling what happened takes nothing from what may still be decided.
  std::swap(request.cost_left, request.cost_left_to_explain);
  const std::size_t policies = request.compiled().compiled.size();
  base::Result<Decision> decision = BudgetError();
  if (request.traces_left >= policies) {
    request.traces_left -= policies;
    decision = Explain({}, action, resource, document);
  }
  std::swap(request.cost_left, request.cost_left_to_explain);
  if (!decision.ok()) {
    decision = Decision{};
    decision->action = action;
    decision->resource = std::string(resource);
    decision->principal = token().principal;
    decision->time = now();
    decision->complete = false;
  }
  decision->id = request.decision_id();
  request.kept.push_back(std::move(decision).value());
  return request.kept.back().id;
}

std::vector<Decision> Permit::TakeKept() const { return std::exchange(request_->kept, {}); }

base::Result<Verdict> Permit::Can(Action action, std::string_view resource,
                                  const cel::ObjectView* document) const {
  if (resource.size() > base::limits::kPolicyPatternBytesMax)
    return base::MakeError(base::ErrorCode::kBadRequest, "the resource is too long");
  if (resource.find_first_of("*?") != std::string_view::npos)
    return BadResource(resource, "name one resource, such as `financial.Account.document.name`");
  std::optional<Verdict> all;
  std::optional<LedgerId> judged;
  std::optional<DocumentVerdict> verdict;
  const std::string below = std::string(resource) + ".";
  for (std::uint16_t number = 0; number < catalog().ledger_count(); ++number) {
    const LedgerId ledger{number};
    const auto resources = catalog().Resources(ledger);
    for (std::uint16_t i = 0; i < resources.size(); ++i) {
      const std::string& identifier = resources[i].identifier;
      if (identifier != resource && !identifier.starts_with(below)) continue;
      if (document == nullptr) {
        all = Both(all, Standing(action, ledger, ResourceId{i}));
        continue;
      }
      if (judged && *judged != ledger)
        return BadResource(resource, "a document belongs to one ledger: name a resource of it");
      if (!judged) {
        STRONGROOM_ASSIGN(verdict, Judge(action, ledger, *document));
        judged = ledger;
      }
      all = Both(all, ToVerdict(verdict->Allows(ResourceId{i})));
    }
  }
  if (all) return *all;
  // Not in the catalog: the name of something to come, such as an index. It has to have the form.
  if (!catalog().LedgerOf(resource) || std::ranges::count(resource, '.') != 3)
    return BadResource(resource,
                       "resources are `namespace.ledger.<document|indexes|joins|references>.name`");
  STRONGROOM_ASSIGN(const Decision decision,
                    Inquiry(*request_, action, resource, document).Run(false));
  return ToVerdict(decision.allowed());
}

}  // namespace strongroom::authz
