#include "ledger/read.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json.h"
#include "ledger/input.h"
#include "ledger/records.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

namespace json = boost::json;
using authz::Action;

constexpr std::string_view kDefaultCurrency = "USD";

base::Error NotAGlobalId() {
  return base::MakeError(base::ErrorCode::kBadRequest, "the id is not a global id",
                         "pass what a field `id` answered");
}

// Whether a key property is left out of global ids when it has this value (behaviour §5).
bool IsDefault(const Value& value) {
  if (const auto* id = value.As<base::Uuid>(); id != nullptr) return id->IsNil();
  const auto* text = value.As<std::string>();
  return text != nullptr && *text == kDefaultCurrency;
}

std::string TextOf(const PropertySpec& spec, const Value& value) {
  if (spec.enumeration != nullptr) return std::string(EnumName(*spec.enumeration, value));
  const auto* id = value.As<base::Uuid>();
  return id != nullptr ? id->ToString() : value.Get<std::string>();
}

// SPEC 4.1.3
base::Status RequireReadable(const authz::Permit& permit, const Ledger& ledger) {
  if (!permit.NeverAllows(Action::kSelect, ledger.rights())) return {};
  return AccessDenied(permit, Action::kSelect, ledger);
}

}  // namespace

// ---- Keys.

DocumentKey DocumentKey::Of(const base::Uuid& id) {
  return DocumentKey(storage::KeyWriter().Uuid(id).Take());
}

DocumentKey DocumentKey::Of(std::string_view text) {
  return DocumentKey(storage::KeyWriter().Text(text).Take());
}

DocumentKey DocumentKey::OfBalance(const base::Uuid& account, const base::Uuid& journal,
                                   std::string_view currency) {
  return DocumentKey(storage::KeyWriter().Uuid(account).Uuid(journal).Text(currency).Take());
}

DocumentKey DocumentKey::Of(const Document& document) {
  const Ledger& ledger = document.ledger();
  std::string bytes;
  for (const PropertyIndex part : ledger.key())
    AppendOrdered(ledger.properties()[part], document.At(part), false, bytes);
  return DocumentKey(std::move(bytes));
}

// ---- VisibleDocument.

base::Result<VisibleDocument> VisibleDocument::Judge(const authz::Permit& permit,
                                                     SharedDocument document) {
  STRONGROOM_CHECK(document != nullptr);
  STRONGROOM_ASSIGN(auto verdict,
                    permit.Judge(Action::kSelect, document->ledger().rights(), *document));
  return VisibleDocument(permit, std::move(document), std::move(verdict));
}

base::Result<std::optional<VisibleDocument>> VisibleDocument::JudgeFound(
    const authz::Permit& permit, SharedDocument document) {
  if (document == nullptr) return std::optional<VisibleDocument>();
  STRONGROOM_ASSIGN(VisibleDocument judged, Judge(permit, std::move(document)));
  if (!judged.Visible()) return std::optional<VisibleDocument>();
  return std::optional<VisibleDocument>(std::move(judged));
}

base::Result<const Value*> VisibleDocument::Property(PropertyIndex property) const {
  const PropertySpec& spec = ledger().properties()[property];
  STRONGROOM_CHECK(!spec.internal);
  if (Allows(property)) return &document_->At(property);
  return AccessDenied(
      *permit_, Action::kSelect,
      authz::ResourceIdentifier(ledger().full_name(), authz::ResourceKind::kDocument, spec.name),
      document_.get());
}

base::Result<const Value*> VisibleDocument::Property(std::string_view name) const {
  return Property(ledger().At(name));
}

base::Result<std::string> VisibleDocument::GlobalId() const {
  STRONGROOM_CHECK(!ledger().spec().id_prefix.empty());
  json::object members;
  std::size_t number = 0;
  for (const PropertyIndex part : ledger().key()) {
    STRONGROOM_ASSIGN(const Value* value, Property(part));
    ++number;
    if (number == 1 || !IsDefault(*value))
      members[std::to_string(number)] = TextOf(ledger().properties()[part], *value);
  }
  return fmt::format("{}:{}", ledger().spec().id_prefix,
                     base::EncodeBase64(json::serialize(members)));
}

// ---- Reading.

base::Result<std::optional<VisibleDocument>> Get(const authz::Permit& permit, ReadScope& scope,
                                                 LedgerId ledger, const DocumentKey& key) {
  STRONGROOM_TRY(RequireReadable(permit, scope.catalog().At(ledger)));
  STRONGROOM_ASSIGN(SharedDocument document, Load(scope, ledger, key));
  return VisibleDocument::JudgeFound(permit, std::move(document));
}

base::Result<std::optional<VisibleDocument>> GetVersion(const authz::Permit& permit,
                                                        ReadScope& scope, LedgerId ledger,
                                                        const DocumentKey& key,
                                                        std::int64_t version) {
  STRONGROOM_ASSIGN(auto current, Get(permit, scope, ledger, key));
  if (!current || current->Unjudged()->version() == version) return current;
  STRONGROOM_ASSIGN(SharedDocument document, LoadVersion(scope, ledger, key, version));
  return VisibleDocument::JudgeFound(permit, std::move(document));
}

base::Result<std::optional<VisibleDocument>> GetBy(const authz::Permit& permit, ReadScope& scope,
                                                   LedgerId ledger, std::string_view index,
                                                   std::string_view value) {
  STRONGROOM_TRY(RequireReadable(permit, scope.catalog().At(ledger)));
  STRONGROOM_ASSIGN(SharedDocument document, LoadBy(scope, ledger, index, {Value(value)}));
  return VisibleDocument::JudgeFound(permit, std::move(document));
}

base::Result<GlobalId> ParseGlobalId(const Catalog& catalog, std::string_view id) {
  const std::size_t colon = id.find(':');
  if (colon == std::string_view::npos) return NotAGlobalId();
  const Ledger* ledger = catalog.FindByIdPrefix(id.substr(0, colon));
  const auto text = base::DecodeBase64(id.substr(colon + 1));
  if (ledger == nullptr || !text.ok()) return NotAGlobalId();
  const auto members = base::ParseJson(*text);
  if (!members.ok() || !members->is_object()) return NotAGlobalId();
  std::string key;
  std::size_t number = 0;
  for (const PropertyIndex part : ledger->key()) {
    const PropertySpec& spec = ledger->properties()[part];
    const json::value* member = members->get_object().if_contains(std::to_string(++number));
    Value value = spec.type == PropertyType::kUuid ? Value(base::Uuid()) : Value(kDefaultCurrency);
    if (member != nullptr) {
      const json::string* given = member->if_string();
      auto read = given == nullptr ? base::Result<Value>(NotAGlobalId()) : ReadText(spec, *given);
      if (!read.ok()) return NotAGlobalId();
      value = std::move(read).value();
    } else if (number == 1) {
      return NotAGlobalId();
    }
    AppendOrdered(spec, value, false, key);
  }
  return GlobalId{ledger->id(), DocumentKey::FromBytes(std::move(key))};
}

base::Error AccessDenied(const authz::Permit& permit, Action action, std::string_view resource,
                         const Document* document, std::string_view explained) {
  base::Error error = base::MakeError(
      base::ErrorCode::kAccessDenied,
      fmt::format("access denied: {} on {}", authz::ActionName(action), resource),
      fmt::format("ask for a policy that allows {} on it", authz::ActionName(action)));
  json::object details{{"action", authz::ActionName(action)}, {"resource", resource}};
  const std::string id = permit.Keep(action, explained.empty() ? resource : explained, document);
  if (!id.empty()) details["decisionId"] = id;
  permit.NoteDenied(action, resource, id);
  error.details = std::make_shared<const json::object>(std::move(details));
  return error;
}

base::Error AccessDenied(const authz::Permit& permit, Action action, const Ledger& ledger) {
  return AccessDenied(permit, action, ledger.full_name(), nullptr,
                      ledger.full_name() + ".document");
}

}  // namespace strongroom::ledger
