// Clients: what a tenant knows about a principal (behaviour §14).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "ledger/administration.h"
#include "ledger/engine.h"
#include "ledger/input.h"
#include "ledger/installation.h"
#include "ledger/lockout.h"
#include "ledger/policies.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

base::Result<SharedDocument> FindClient(const authz::Permit& permit, WriteScope& scope,
                                        std::string_view principal) {
  return RequireVisible(permit, scope, LedgerId::kClient, DocumentKey::Of(principal), principal);
}

// Tokens of our own issuer name their principal by `sub`, so its name is nobody's (SPEC 1).
base::Status CheckPrincipal(const WriteScope& scope, const Document& client) {
  const auto& principal = client.At("principal").Get<std::string>();
  const std::string& own = scope.engine.options().own_issuer;
  std::string message;
  if (principal.empty()) message = "`principal` has to be the issuer of its tokens, or an AWS ARN";
  if (!own.empty() && principal == own)
    message = fmt::format("`{}` is this installation's own issuer, and not a principal", own);
  if (message.empty()) return {};
  return Within(
      "input", Within("principal", base::MakeError(base::ErrorCode::kBadRequest, std::move(message),
                                                   "name the ARN that the token has as `sub`")));
}

base::Result<Administered> Answer(const authz::Permit& permit, SharedDocument client,
                                  std::vector<authz::Warning> warnings) {
  STRONGROOM_ASSIGN(VisibleDocument judged, VisibleDocument::Judge(permit, std::move(client)));
  return Administered{std::move(judged), std::move(warnings)};
}

}  // namespace

base::Result<Administered> CreateClient(const authz::Permit& permit, WriteScope& scope,
                                        const boost::json::object& input) {
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(LedgerId::kClient), input));
  STRONGROOM_TRY(CheckPrincipal(scope, draft.document));
  STRONGROOM_TRY(AskInsert(permit, draft.document, draft.set));
  STRONGROOM_ASSIGN(auto warnings, CheckPolicies(scope, draft.document));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  STRONGROOM_TRY(RequireManager(scope, nullptr, written.get(), warnings));
  STRONGROOM_TRY(Register(scope, written->At("principal").Get<std::string>()));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written), std::move(warnings));
}

base::Result<Administered> UpdateClient(const authz::Permit& permit, WriteScope& scope,
                                        std::string_view principal,
                                        const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before, FindClient(permit, scope, principal));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  STRONGROOM_TRY(AskUpdate(permit, *before, draft.document, draft.set));
  STRONGROOM_ASSIGN(auto warnings, CheckPolicies(scope, draft.document));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  STRONGROOM_TRY(RequireManager(scope, before.get(), written.get(), warnings));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written), std::move(warnings));
}

base::Result<Administered> DeleteClient(const authz::Permit& permit, WriteScope& scope,
                                        std::string_view principal) {
  STRONGROOM_ASSIGN(SharedDocument client, FindClient(permit, scope, principal));
  STRONGROOM_TRY(AskDelete(permit, *client));
  STRONGROOM_TRY(EraseUnasked(scope, *client));
  std::vector<authz::Warning> warnings;
  STRONGROOM_TRY(RequireManager(scope, client.get(), nullptr, warnings));
  STRONGROOM_TRY(Unregister(scope, principal));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(client), std::move(warnings));
}

}  // namespace strongroom::ledger
