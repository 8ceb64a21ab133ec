// `context` as assertions read it: views over the token and the request, nothing copied. Internal.
#pragma once

#include <string>
#include <string_view>

#include "authz/assertion_env.h"
#include "authz/folded_policies.h"
#include "base/clock.h"
#include "cel/value.h"

namespace strongroom::authz {

// context.auth
class AuthView final : public cel::ObjectView {
 public:
  AuthView(const cel::StructType& type, const TokenContext& token);
  const cel::StructType& type() const override { return type_; }
  cel::Value Get(std::size_t field, cel::Arena& arena) const override;
  bool Has(std::size_t field) const override;

 private:
  const cel::StructType& type_;
  cel::Value claims_;
  std::string_view principal_;
};

// context.tenant
class TenantView final : public cel::ObjectView {
 public:
  TenantView(const cel::StructType& type, const TokenContext& token)
      : type_(type), account_id_(token.account_id) {}
  const cel::StructType& type() const override { return type_; }
  cel::Value Get(std::size_t field, cel::Arena& arena) const override;
  bool Has(std::size_t field) const override;

 private:
  const cel::StructType& type_;
  std::string_view account_id_;
};

// context. What is not set is absent: unknown while folding, an error when evaluating. Points into
// the envs, the token, and whatever is set.
class ContextView final : public cel::ObjectView {
 public:
  ContextView(const AssertionEnvs& envs, const TokenContext& token)
      : auth_(*envs.auth, token), tenant_(*envs.tenant, token), type_(envs.plain.context.get()) {}
  ContextView(const ContextView&) = delete;
  ContextView& operator=(const ContextView&) = delete;

  void SetShape(const AssertionEnv& env) { type_ = env.context.get(); }
  void SetAction(std::string_view name) { action_ = cel::Value::String(name); }
  // The identifier outlives its use.
  void SetResource(std::string_view identifier) { resource_ = cel::Value::String(identifier); }
  void SetNow(base::Timestamp now);
  void SetDocument(const cel::ObjectView* document) {
    document_ = document == nullptr ? cel::Value() : cel::Value::Object(document);
  }

  const cel::StructType& type() const override { return *type_; }
  cel::Value Get(std::size_t field, cel::Arena& arena) const override;
  bool Has(std::size_t field) const override;

 private:
  AuthView auth_;
  TenantView tenant_;
  const cel::StructType* type_;
  cel::Value action_;
  cel::Value resource_;
  cel::Value now_;
  cel::Value document_;
};

}  // namespace strongroom::authz
