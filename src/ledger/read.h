// Reading single documents. Rights as SPEC 4 and 4.1 say: a document is visible when one of its
// properties may be selected; an invisible one is answered as a missing one; a ledger that could
// never be read with this permit is kAccessDenied.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "authz/permit.h"
#include "ledger/document.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// Names a document of a ledger: the encoded values of its key properties.
class DocumentKey {
 public:
  static DocumentKey Of(const base::Uuid& id);
  static DocumentKey Of(std::string_view text);  // Client
  static DocumentKey OfBalance(const base::Uuid& account, const base::Uuid& journal,
                               std::string_view currency);
  static DocumentKey Of(const Document& document);
  static DocumentKey FromBytes(std::string bytes) { return DocumentKey(std::move(bytes)); }

  const std::string& bytes() const { return bytes_; }

 private:
  explicit DocumentKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// A document with what the caller may select of it. Must not outlive the permit.
class VisibleDocument {
 public:
  // Fails when the engine does. The result may turn out to be invisible: look at Visible().
  static base::Result<VisibleDocument> Judge(const authz::Permit& permit, SharedDocument document);
  // The same; nothing for null and for what is invisible.
  static base::Result<std::optional<VisibleDocument>> JudgeFound(const authz::Permit& permit,
                                                                 SharedDocument document);

  const Ledger& ledger() const { return document_->ledger(); }
  bool Visible() const { return verdict_.Visible(); }
  bool Allows(PropertyIndex property) const { return verdict_.Allows(Ledger::Right(property)); }
  // The value, or kAccessDenied with the action and the resource. Aborts for an internal property.
  base::Result<const Value*> Property(PropertyIndex property) const;
  base::Result<const Value*> Property(std::string_view name) const;
  // "ac:<base64 of {"1":…}>"; needs the key properties (SPEC 4.1.6).
  base::Result<std::string> GlobalId() const;
  const authz::DocumentVerdict& verdict() const { return verdict_; }
  const authz::Permit& permit() const { return *permit_; }

  // The whole document, past the verdict: for the ledger itself and for audit.
  const SharedDocument& Unjudged() const { return document_; }

 private:
  VisibleDocument(const authz::Permit& permit, SharedDocument document,
                  authz::DocumentVerdict verdict)
      : permit_(&permit), document_(std::move(document)), verdict_(std::move(verdict)) {}
  const authz::Permit* permit_;
  SharedDocument document_;
  authz::DocumentVerdict verdict_;
};

// By key. Nothing: missing or invisible.
base::Result<std::optional<VisibleDocument>> Get(const authz::Permit& permit, ReadScope& scope,
                                                 LedgerId ledger, const DocumentKey& key);

// One of several versions. Shown when both it and the current one are visible (SPEC 4.1.8).
base::Result<std::optional<VisibleDocument>> GetVersion(const authz::Permit& permit,
                                                        ReadScope& scope, LedgerId ledger,
                                                        const DocumentKey& key,
                                                        std::int64_t version);

// For node(id:): the ledger and key that a global id names; kBadRequest when it is none.
struct GlobalId {
  LedgerId ledger;
  DocumentKey key;
};
base::Result<GlobalId> ParseGlobalId(const Catalog& catalog, std::string_view id);

// The one document that a unique index holds for `value`, such as a tenant by accountId or a user
// by email, as Get. Takes the rights of a read by id: it names the document, it does not search.
base::Result<std::optional<VisibleDocument>> GetBy(const authz::Permit& permit, ReadScope& scope,
                                                   LedgerId ledger, std::string_view index,
                                                   std::string_view value);

// The sums of a layer and of those above it: SETTLED; with PENDING; with ENCUMBRANCE too (behaviour
// §11). A record as the property `settled` has it. Needs Select on the layers it adds.
base::Result<Value> Available(const VisibleDocument& balance, std::string_view layer);

// "access denied: db:Select on financial.Account.document.code", with action, resource and the
// decisionId under which the permit keeps how it was decided (SPEC 4.1.12). `document` is the one
// that was judged, or null. `explained` is the resource whose story is kept where it is not the one
// that is named.
base::Error AccessDenied(const authz::Permit& permit, authz::Action action,
                         std::string_view resource, const Document* document,
                         std::string_view explained = {});
// Of a ledger that could never be touched with this permit (SPEC 4.1.3).
base::Error AccessDenied(const authz::Permit& permit, authz::Action action, const Ledger& ledger);

}  // namespace strongroom::ledger
