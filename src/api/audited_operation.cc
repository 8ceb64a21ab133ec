// What the audit log is told of an operation (SPEC 3.7).
#include <algorithm>

#include "api/running_operation.h"
#include "base/encoding.h"
#include "ledger/audit/append.h"
#include "ledger/audit/keeper.h"

namespace strongroom::api {
namespace {

// Of reads that are sampled, one in so many is told of.
constexpr std::uint64_t kSampledReads = 100;
// Of the name of an operation, which its caller chooses.
constexpr std::size_t kOperationBytesMax = 128;

}  // namespace

ledger::audit::Source RunningOperation::Source() const {
  ledger::audit::Source source;
  source.time = now_;
  source.request_id = request_.request_id;
  source.account_id = entry_.access->account_id;
  source.principal = request_.claims->principal();
  source.client = entry_.access->client;
  source.client_version = entry_.access->client_version;
  source.groups = entry_.access->groups;
  source.jwt_id = request_.claims->jwt_id();
  source.token_hash = base::EncodeBase64Url(base::AsChars(request_.claims->token_hash()));
  source.operation = answer_.operation.substr(0, kOperationBytesMax);  // names are ASCII
  return source;
}

base::Status RunningOperation::Audit(ledger::WriteScope& scope) {
  if (api_.parts_.audit == nullptr) return {};
  const authz::PermitNotes notes = entry_.permit->TakeNotes();
  std::string reads;
  if (AuditsReads(notes))
    reads = ledger::audit::ReadsText(Source(), scope.catalog(), notes.selected);
  reads_told_ = true;
  STRONGROOM_ASSIGN(
      audited_, ledger::audit::AppendOperation(scope, Source(), notes.granted, std::move(reads)));
  return {};
}

bool RunningOperation::AuditsReads(const authz::PermitNotes& notes) const {
  if (!operation_ || reads_told_) return false;
  // A mutation answers documents too, those of `queries` and of its own fields.
  if (operation_->kind() == graphql::OperationKind::kMutation &&
      std::all_of(notes.selected.begin(), notes.selected.end(), [](auto n) { return n == 0; }))
    return false;
  switch (api_.options_.audited_reads) {
    case AuditedReads::kNone: return false;
    case AuditedReads::kAll: return true;
    case AuditedReads::kSampled: break;
  }
  return api_.queries_.fetch_add(1, std::memory_order_relaxed) % kSampledReads == 0;
}

bool RunningOperation::Record() {
  if (api_.parts_.audit == nullptr || !entry_.permit) return true;
  const authz::PermitNotes notes = entry_.permit->TakeNotes();
  ledger::audit::Keeper& keeper = *api_.parts_.audit;
  const storage::SpaceId tenant = entry_.access->tenant;
  const ledger::Catalog& catalog = api_.parts_.ledger.catalog();
  if (!notes.denied.empty() && !keeper.Offer(tenant, ledger::audit::DenialsText(Source(), notes)))
    return false;
  const bool dry_run = operation_ && operation_->FindDirective("dryRun") != nullptr;
  if (dry_run && !notes.granted.empty() &&
      !keeper.Offer(tenant, ledger::audit::WritesText(Source(), ledger::audit::Kind::kDryRun,
                                                      catalog, notes.granted)))
    return false;
  if (!AuditsReads(notes)) return true;
  const bool taken =
      keeper.Offer(tenant, ledger::audit::ReadsText(Source(), catalog, notes.selected));
  return taken || api_.options_.audited_reads == AuditedReads::kSampled;
}

}  // namespace strongroom::api
