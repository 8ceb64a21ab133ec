// What a request did with its permit, noted for the audit log.
#include <algorithm>
#include <utility>

#include "authz/permit.h"
#include "authz/permit_request.h"

namespace strongroom::authz {
namespace {

// Denials of one request are noted by action and resource, and further ones counted.
constexpr std::size_t kDeniedMax = 256;
// A document may be asked for ahead of its write, with others of the same operation between.
constexpr std::size_t kLookBack = 8;

// The first of the resources that the policy covers; with none asked for, any of the ledger.
std::optional<ResourceId> Covered(const CompiledPolicy& policy, LedgerId ledger,
                                  const std::vector<ResourceId>& resources) {
  const std::vector<bool>& covered = policy.covers[ledger.value];
  if (covered.empty()) return std::nullopt;
  if (resources.empty()) {
    const auto first = std::ranges::find(covered, true);
    return ResourceId{static_cast<std::uint16_t>(first - covered.begin())};
  }
  const auto found =
      std::ranges::find_if(resources, [&](ResourceId id) { return covered[id.value]; });
  return found == resources.end() ? std::nullopt : std::optional(*found);
}

class ReasonFinder {
 public:
  ReasonFinder(PermitRequest& request, const cel::ObjectView& document, GrantedWrite& write)
      : request_(request), write_(write) {
    request_.context.SetAction(ActionName(write.action));
    request_.context.SetDocument(&document);
  }

  void Run() {
    const CompiledPolicies& set = request_.compiled();
    for (PolicyNumber number = 0; number < set.compiled.size(); ++number) {
      const CompiledPolicy& policy = set.compiled[number];
      if (policy.effect != Effect::kAllow || policy.defective || !policy.actions.Has(write_.action))
        continue;
      const auto resource = Covered(policy, write_.ledger, write_.resources);
      if (!resource) continue;
      const auto applies = Applies(policy, *resource);
      if (!applies) {
        write_.complete = false;
        return;
      }
      if (*applies) write_.reasons.push_back(number);
    }
  }

 private:
  // Nothing when the budget is spent.
  std::optional<bool> Applies(const CompiledPolicy& policy, ResourceId resource) {
    const CompiledPolicies& set = request_.compiled();
    request_.context.SetResource(set.catalog->At(write_.ledger, resource).identifier);
    for (const AssertionPrograms& assertion : policy.assertions) {
      const ProgramNumber program = assertion.For(write_.ledger);
      if (program == kNoProgram) return false;
      const FoldedAssertion& folded = request_.policies->plans().Assertion(write_.action, program);
      const RunOutcome outcome = request_.Outcome(folded, nullptr);
      if (outcome == RunOutcome::kBudgetSpent) return std::nullopt;
      if (outcome != RunOutcome::kTrue) return false;
    }
    return true;
  }

  PermitRequest& request_;
  GrantedWrite& write_;
};

}  // namespace

void Permit::NoteGranted(Action action, LedgerId ledger, std::string key,
                         std::vector<ResourceId> resources, const cel::ObjectView& document) const {
  PermitRequest& request = *request_;
  if (!request.keeps_notes) return;
  auto& granted = request.notes.granted;
  const std::size_t from = granted.size() > kLookBack ? granted.size() - kLookBack : 0;
  for (std::size_t i = from; i < granted.size(); ++i) {
    const GrantedWrite& one = granted[i];
    if (one.action == action && one.ledger == ledger && one.key == key &&
        one.resources == resources)
      return;
  }
  GrantedWrite write;
  if (request.decision_id) write.id = request.decision_id();
  write.action = action;
  write.ledger = ledger;
  write.key = std::move(key);
  write.resources = std::move(resources);
  std::swap(request.cost_left, request.cost_left_to_explain);
  ReasonFinder(request, document, write).Run();
  std::swap(request.cost_left, request.cost_left_to_explain);
  granted.push_back(std::move(write));
}

void Permit::NoteDenied(Action action, std::string_view resource, const std::string& id) const {
  PermitRequest& request = *request_;
  if (!request.keeps_notes) return;
  for (DeniedAsk& one : request.notes.denied) {
    if (one.action != action || one.resource != resource) continue;
    ++one.count;
    return;
  }
  if (request.notes.denied.size() >= kDeniedMax) {
    ++request.notes.denied_more;
    return;
  }
  DeniedAsk denied;
  denied.id = id;
  denied.action = action;
  denied.resource = std::string(resource);
  if (!request.kept.empty() && request.kept.back().id == id) {
    denied.reasons = request.kept.back().reasons;
    denied.errors = request.kept.back().errors;
  }
  request.notes.denied.push_back(std::move(denied));
}

PermitNotes Permit::TakeNotes() const {
  return std::exchange(request_->notes, PermitNotes{{}, {}, 0, request_->notes.selected});
}

}  // namespace strongroom::authz
