#include "authz/context_view.h"

#include <boost/json/object.hpp>

#include "base/check.h"

namespace strongroom::authz {

AuthView::AuthView(const cel::StructType& type, const TokenContext& token)
    : type_(type), claims_(cel::Value::Json(*token.claims)), principal_(token.principal) {}

cel::Value AuthView::Get(std::size_t field, cel::Arena&) const {
  return field == 0 ? claims_ : cel::Value::String(principal_);
}

bool AuthView::Has(std::size_t) const { return true; }

cel::Value TenantView::Get(std::size_t, cel::Arena&) const {
  return cel::Value::String(account_id_);
}

bool TenantView::Has(std::size_t) const { return true; }

void ContextView::SetNow(base::Timestamp now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  now_ = cel::Value::Timestamp(
      {seconds.time_since_epoch().count(), static_cast<std::int32_t>((now - seconds).count())});
}

cel::Value ContextView::Get(std::size_t field, cel::Arena&) const {
  switch (static_cast<ContextField>(field)) {
    case kContextAuth: return cel::Value::Object(&auth_);
    case kContextTenant: return cel::Value::Object(&tenant_);
    case kContextAction: return action_;
    case kContextResource: return resource_;
    case kContextNow: return now_;
    case kContextDocument: return document_;
  }
  return {};
}

bool ContextView::Has(std::size_t field) const {
  switch (static_cast<ContextField>(field)) {
    case kContextAuth:
    case kContextTenant: return true;
    case kContextAction: return !action_.absent();
    case kContextResource: return !resource_.absent();
    case kContextNow: return !now_.absent();
    case kContextDocument: return !document_.absent();
  }
  return false;
}

}  // namespace strongroom::authz
