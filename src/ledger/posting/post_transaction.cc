#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/json.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/engine.h"
#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/posting/tran_code_cache.h"
#include "ledger/posting/tran_code_program.h"
#include "ledger/posting/write_posting.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using base::ErrorCode;

constexpr std::int64_t kLocked = 1;  // of Status, catalog/enums.cc

base::Error InInput(std::string_view member, base::Error error) {
  return Within("input", Within(member, std::move(error)));
}

struct PostingInput {
  base::Uuid transaction_id;
  std::string tran_code;
  std::optional<std::int64_t> version;
  boost::json::object params;
  PostingProperties properties;
};

base::Result<std::string> RequiredText(const boost::json::object& input, std::string_view member) {
  const auto* value = input.if_contains(member);
  if (value != nullptr && value->is_string()) return std::string(value->get_string());
  return InInput(member,
                 base::MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is required", member),
                                 "give it as a string"));
}

// An object, or a string that holds one (behaviour §4); an absent one is empty.
base::Result<boost::json::object> ReadParamsObject(const boost::json::object& input) {
  const auto* given = input.if_contains("params");
  if (given == nullptr || given->is_null()) return boost::json::object();
  boost::json::value params = *given;
  if (const auto* text = given->if_string()) {
    auto parsed = base::ParseJson(*text, {limits::kJsonDepthMax, limits::kJsonBytesMax});
    params = parsed.ok() ? std::move(*parsed) : boost::json::value();
  }
  if (auto* object = params.if_object()) return std::move(*object);
  return InInput("params", base::MakeError(ErrorCode::kJsonParseError, "invalid JSON format"));
}

// The schema has checked their shape.
PostingProperties ReadProperties(const boost::json::object& input) {
  PostingProperties properties;
  const auto* given = input.if_contains("properties");
  if (given == nullptr || !given->is_object()) return properties;
  properties.given = true;
  const auto member = [](const boost::json::value& of, std::string_view name) {
    const auto* found = of.is_object() ? of.get_object().if_contains(name) : nullptr;
    return found == nullptr ? boost::json::value() : *found;
  };
  const auto action = member(member(*given, "overrideVelocityEnforcement"), "action");
  if (action.is_string())
    properties.override_enforcement =
        MakeRecord({Value(kVelocityAction.Find(action.get_string()))});
  const auto exception = member(*given, "exception");
  if (exception.is_object())
    properties.exceptions =
        MakeList({MakeRecord({Value(std::string_view(member(exception, "type").as_string())),
                              Value(std::string_view(member(exception, "message").as_string())),
                              MakeJson(member(exception, "detail"))})});
  return properties;
}

base::Result<PostingInput> ReadPostingInput(const boost::json::object& input) {
  PostingInput result;
  STRONGROOM_ASSIGN(const std::string id, RequiredText(input, "transactionId"));
  auto transaction_id = base::ParseUuid(id);
  if (!transaction_id.ok()) return InInput("transactionId", transaction_id.error());
  result.transaction_id = *transaction_id;
  STRONGROOM_ASSIGN(result.tran_code, RequiredText(input, "tranCode"));
  if (result.tran_code.size() > limits::kIndexedTextBytesMax) {
    return InInput("tranCode", base::MakeError(ErrorCode::kLimitExceeded,
                                               fmt::format("a code has at most {} bytes",
                                                           limits::kIndexedTextBytesMax)));
  }
  if (const auto* version = input.if_contains("tranCodeVersion");
      version != nullptr && version->is_int64()) {
    result.version = version->get_int64();
  }
  STRONGROOM_ASSIGN(result.params, ReadParamsObject(input));
  result.properties = ReadProperties(input);
  return result;
}

// Who could never post learns nothing of tran codes.
base::Status RefuseHopeless(const authz::Permit& permit, const Catalog& catalog) {
  for (const LedgerId id : {LedgerId::kTransaction, LedgerId::kEntry}) {
    const Ledger& ledger = catalog.At(id);
    if (permit.NeverAllows(authz::Action::kInsert, ledger.rights())) {
      return AccessDenied(permit, authz::Action::kInsert, ledger);
    }
  }
  return {};
}

struct TranCode {
  SharedDocument current;
  SharedDocument used;  // the version that posts
};

base::Result<TranCode> FindTranCode(WriteScope& scope, const PostingInput& input) {
  STRONGROOM_ASSIGN(SharedDocument current,
                    LoadBy(scope, LedgerId::kTranCode, "code", {Value(input.tran_code)}));
  if (current == nullptr) {
    return NotFound(scope.catalog().At(LedgerId::kTranCode), input.tran_code);
  }
  if (!input.version.has_value() || *input.version == current->version()) {
    return TranCode{current, current};
  }
  STRONGROOM_ASSIGN(SharedDocument used, LoadVersion(scope, LedgerId::kTranCode,
                                                     DocumentKey::Of(*current), *input.version));
  if (used != nullptr) return TranCode{std::move(current), std::move(used)};
  return base::MakeError(
      ErrorCode::kNotFound,
      fmt::format("tran code `{}` has no version {}", input.tran_code, *input.version),
      "leave tranCodeVersion out to post with the newest one");
}

// Posting needs no Select on the tran code, so what its expressions say is told only to who has it.
base::Error Veil(const authz::Permit& permit, const SharedDocument& tran_code,
                 const ExpressionSite& site, base::Error error) {
  if (site.property.empty()) return error;
  const auto judged = VisibleDocument::Judge(permit, tran_code);
  if (!judged.ok()) return judged.error();
  if (judged->Allows(tran_code->ledger().At(site.property))) return error;
  error.message = fmt::format("[{}]: the expression fails for these params", site.field);
  error.hint = "ask who maintains the tran code, or get Select on it to see why";
  return error;
}

}  // namespace

base::Result<VisibleDocument> PostTransaction(const authz::Permit& permit, WriteScope& scope,
                                              const boost::json::object& input) {
  STRONGROOM_TRY(RefuseHopeless(permit, scope.catalog()));
  STRONGROOM_ASSIGN(const PostingInput given, ReadPostingInput(input));
  STRONGROOM_ASSIGN(const TranCode tran_code, FindTranCode(scope, given));
  STRONGROOM_ASSIGN(const auto program,
                    scope.engine.tran_codes().Get(scope.tenant, *tran_code.used, scope.now));
  ExpressionSite site;
  const auto draft = program->Run({given.params, given.transaction_id, scope.now,
                                   scope.engine.random(), scope.expression_cost_left},
                                  site);
  if (!draft.ok()) return Veil(permit, tran_code.used, site, draft.error());
  Posting posting{given.transaction_id, tran_code.current->At("tran_code_id").Get<base::Uuid>(),
                  *draft};
  posting.properties = given.properties;
  if (tran_code.current->At("status").Get<std::int64_t>() == kLocked) {
    posting.refusal =
        base::MakeError(ErrorCode::kBadRequest,
                        fmt::format("cannot post with a locked tran code: {}", given.tran_code),
                        "set its status to ACTIVE, or post with another one");
  }
  STRONGROOM_ASSIGN(SharedDocument written, WritePosting(permit, scope, posting));
  if (!given.properties.exceptions.IsNull()) {
    // behaviour §10: it is posted, and voided at once.
    STRONGROOM_TRY(VoidTransaction(permit, scope, given.transaction_id));
    STRONGROOM_ASSIGN(written,
                      Load(scope, LedgerId::kTransaction, DocumentKey::Of(given.transaction_id)));
  }
  return VisibleDocument::Judge(permit, std::move(written));
}

}  // namespace strongroom::ledger
