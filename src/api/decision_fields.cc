// `auth { can, explain, simulate }`: how decisions come about (SPEC 4.1.12). All of it is asked of
// the engine that decides requests.
#include <boost/json.hpp>

#include "api/roots.h"
#include "api/scalars.h"
#include "ledger/audit/find.h"
#include "ledger/decisions.h"
#include "ledger/document_json.h"
#include "ledger/read.h"

namespace strongroom::api {
namespace {

namespace json = boost::json;
using authz::Action;
using base::ErrorCode;
using graphql::FieldContext;
using graphql::Object;
using graphql::Resolved;

OperationContext& Caller(const FieldContext& field) { return field.Request<OperationContext>(); }

template <typename T>
Resolved Answer(T value) {
  return Resolved(Object{nullptr, std::make_shared<const T>(std::move(value))});
}

Action ActionOf(const graphql::Input& input) {
  const auto action = authz::ActionFromGraphqlName(input.AsEnum().name);
  STRONGROOM_CHECK(action.has_value());
  return *action;
}

// The document of an argument; nothing when it is left out.
base::Result<std::optional<ledger::Document>> DocumentOf(const OperationContext& context,
                                                         std::string_view resource,
                                                         const graphql::Input* given) {
  std::optional<ledger::Document> document;
  if (given == nullptr || given->IsNull()) return document;
  // A leading part will do, as long as it names a ledger.
  const auto id = context.permit->catalog().LedgerOf(resource);
  if (!id) {
    return base::MakeError(ErrorCode::kBadRequest, "a document belongs to one ledger",
                           "name a resource of it, such as `financial.Account.document.name`");
  }
  const ledger::Ledger& ledger =
      context.scope->catalog().At(static_cast<ledger::LedgerId>(id->value));
  STRONGROOM_ASSIGN(document, ledger::DocumentFromJson(ledger, given->AsJson()));
  return document;
}

// ---- can

struct Asked {
  Action action;
  std::string resource;
  std::optional<ledger::Document> document;
  authz::Verdict verdict = authz::Verdict::kDeny;

  const cel::ObjectView* view() const { return document ? &*document : nullptr; }
};

base::Result<Resolved> CanI(const FieldContext& field) {
  Asked asked{ActionOf(*field.arguments.Find("action")),
              std::string(TextArgument(field.arguments, "resource")), std::nullopt};
  STRONGROOM_ASSIGN(asked.document,
                    DocumentOf(Caller(field), asked.resource, field.arguments.Find("document")));
  STRONGROOM_ASSIGN(asked.verdict,
                    Caller(field).permit->Can(asked.action, asked.resource, asked.view()));
  return Answer(std::move(asked));
}

base::Result<Resolved> DecisionIdOfCan(const FieldContext& field) {
  const auto& asked = field.parent.As<Asked>();
  std::string id = Caller(field).permit->Keep(asked.action, asked.resource, asked.view());
  if (!id.empty()) return Resolved(std::move(id));
  return base::MakeError(ErrorCode::kLimitExceeded, "one request keeps no more decisions",
                         "ask for fewer at a time");
}

// ---- What a decision shows.

struct Told {
  authz::Decision decision;
  bool own = false;  // the asker brought the document: nothing of it is news
  std::string summary;
};
using ToldPtr = std::shared_ptr<const Told>;
struct ToldPolicy {
  ToldPtr told;
  const authz::PolicyTrace* trace;
};
struct ToldAssertion {
  ToldPtr told;
  const authz::AssertionTrace* trace;
};
struct ToldValue {
  ToldPtr told;
  const authz::SeenValue* seen;
  bool masked;
};

bool ReadsDocument(const authz::SeenValue& seen) {
  return seen.path == "context" || seen.path.starts_with("context.document");
}

// A property is shown to who may select it on every document: the one that was judged may have
// changed since.
bool Masked(const OperationContext& context, const Told& told, const authz::SeenValue& seen) {
  if (told.own || !ReadsDocument(seen)) return false;
  const authz::Catalog& catalog = context.permit->catalog();
  const auto ledger = catalog.LedgerOf(told.decision.resource);
  if (!ledger || seen.property.empty()) return true;
  const auto property = catalog.Find(*ledger, authz::ResourceKind::kDocument, seen.property);
  return !property ||
         context.permit->Standing(Action::kSelect, *ledger, *property) != authz::Verdict::kAllow;
}

// Errors quote values. Where an assertion may have come to the document on a way that its paths
// don't show, its error is not shown either.
bool MasksError(const OperationContext& context, const Told& told,
                const authz::AssertionTrace& trace) {
  if (told.own || trace.expression.find("document") == std::string::npos) return false;
  bool known = false;
  for (const authz::SeenValue& seen : trace.seen) {
    if (Masked(context, told, seen)) return true;
    known = known || ReadsDocument(seen);
  }
  return !known;
}

template <typename T>
using Read = Resolved (*)(const OperationContext&, const T&);

template <typename T>
void Bind(graphql::EngineBuilder& builder, std::string_view type, std::string_view name,
          Read<T> read) {
  builder.Bind(type, name, [read](const FieldContext& field) -> base::Result<Resolved> {
    return read(Caller(field), field.parent.As<T>());
  });
}

Resolved Numbers(const std::vector<std::uint32_t>& numbers) {
  Resolved::List list;
  for (const std::uint32_t number : numbers) list.emplace_back(std::int64_t{number});
  return Resolved(std::move(list));
}

// The object of a Decision holds a ToldPtr, so that what lies below can share it.
void BindDecision(graphql::EngineBuilder& builder) {
  const auto bind = [&](std::string_view name, Read<ToldPtr> read) {
    Bind<ToldPtr>(builder, "Decision", name, read);
  };
  bind("id", [](const OperationContext&, const ToldPtr& told) {
    return told->decision.id.empty() ? Resolved() : Resolved(std::string_view(told->decision.id));
  });
  bind("time", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(base::FormatTimestamp(told->decision.time));
  });
  bind("principal", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(std::string_view(told->decision.principal));
  });
  bind("effect", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(authz::EffectName(told->decision.effect));
  });
  bind("action", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(authz::ActionGraphqlName(told->decision.action));
  });
  bind("resource", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(std::string_view(told->decision.resource));
  });
  bind("deniedByDefault", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(told->decision.denied_by_default());
  });
  bind("summary", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(std::string_view(told->summary));
  });
  bind("complete", [](const OperationContext&, const ToldPtr& told) {
    return Resolved(told->decision.complete);
  });
  bind("reasons", [](const OperationContext&, const ToldPtr& told) {
    return Numbers(told->decision.reasons);
  });
  bind("errors",
       [](const OperationContext&, const ToldPtr& told) { return Numbers(told->decision.errors); });
  bind("policies", [](const OperationContext&, const ToldPtr& told) {
    Resolved::List list;
    for (const auto& trace : told->decision.policies)
      list.push_back(Answer(ToldPolicy{told, &trace}));
    return Resolved(std::move(list));
  });
}

void BindPolicyTrace(graphql::EngineBuilder& builder) {
  const auto bind = [&](std::string_view name, Read<ToldPolicy> read) {
    Bind<ToldPolicy>(builder, "PolicyTrace", name, read);
  };
  bind("policy", [](const OperationContext&, const ToldPolicy& of) {
    return Resolved(std::int64_t{of.trace->policy});
  });
  bind("origin", [](const OperationContext&, const ToldPolicy& of) {
    return Resolved(std::string_view(of.trace->origin));
  });
  bind("effect", [](const OperationContext&, const ToldPolicy& of) {
    return Resolved(authz::EffectName(of.trace->effect));
  });
  bind("outcome", [](const OperationContext&, const ToldPolicy& of) {
    return Resolved(authz::PolicyOutcomeName(of.trace->outcome));
  });
  bind("assertions", [](const OperationContext&, const ToldPolicy& of) {
    Resolved::List list;
    for (const auto& trace : of.trace->assertions)
      list.push_back(Answer(ToldAssertion{of.told, &trace}));
    return Resolved(std::move(list));
  });
}

void BindAssertionTrace(graphql::EngineBuilder& builder) {
  const auto bind = [&](std::string_view name, Read<ToldAssertion> read) {
    Bind<ToldAssertion>(builder, "AssertionTrace", name, read);
  };
  bind("name", [](const OperationContext&, const ToldAssertion& of) {
    return Resolved(std::string_view(of.trace->name));
  });
  bind("expression", [](const OperationContext&, const ToldAssertion& of) {
    return Resolved(std::string_view(of.trace->expression));
  });
  bind("outcome", [](const OperationContext&, const ToldAssertion& of) {
    return Resolved(authz::AssertionOutcomeName(of.trace->outcome));
  });
  bind("error", [](const OperationContext& context, const ToldAssertion& of) {
    if (of.trace->error.empty()) return Resolved();
    if (MasksError(context, *of.told, *of.trace)) return Resolved("masked: it may quote a value");
    return Resolved(std::string_view(of.trace->error));
  });
  bind("seen", [](const OperationContext& context, const ToldAssertion& of) {
    Resolved::List list;
    for (const auto& seen : of.trace->seen)
      list.push_back(Answer(ToldValue{of.told, &seen, Masked(context, *of.told, seen)}));
    return Resolved(std::move(list));
  });
  Bind<ToldValue>(builder, "SeenValue", "path", [](const OperationContext&, const ToldValue& of) {
    return Resolved(std::string_view(of.seen->path));
  });
  Bind<ToldValue>(builder, "SeenValue", "value", [](const OperationContext&, const ToldValue& of) {
    const bool shown = !of.masked && !of.seen->value.empty();
    return shown ? Resolved(std::string_view(of.seen->value)) : Resolved();
  });
  Bind<ToldValue>(builder, "SeenValue", "masked",
                  [](const OperationContext&, const ToldValue& of) { return Resolved(of.masked); });
}

// ---- explain, simulate

base::Status RequireExplain(const OperationContext& context) {
  constexpr std::string_view kRight = "system.Decision.document.decision_id";
  STRONGROOM_ASSIGN(const bool allowed,
                    context.permit->AllowsWithoutDocument(Action::kSelect, kRight));
  if (allowed) return {};
  return ledger::AccessDenied(*context.permit, Action::kSelect, kRight, nullptr);
}

Resolved AnswerDecision(authz::Decision decision, bool own) {
  std::string summary = authz::Summary(decision);
  return Answer(std::make_shared<const Told>(Told{std::move(decision), own, std::move(summary)}));
}

base::Result<Resolved> Explain(const FieldContext& field) {
  const OperationContext& context = Caller(field);
  STRONGROOM_TRY(RequireExplain(context));
  const auto id = base::ParseUuid(TextArgument(field.arguments, "decisionId"));
  if (!id.ok()) {
    return base::MakeError(ErrorCode::kBadRequest, "the decisionId is not one",
                           "pass what an error holds in `extensions.decisionId`");
  }
  STRONGROOM_ASSIGN(const auto found, context.decisions->Find(context.access->tenant, *id));
  if (found != nullptr) return AnswerDecision(*found, false);
  STRONGROOM_ASSIGN(
      auto told, ledger::audit::FindDecision(context.scope->reader, context.access->tenant, *id));
  return told ? AnswerDecision(*std::move(told), false) : Resolved();
}

// GraphQL's spelling of policies, as files have them.
json::array PoliciesOf(json::value policies) {
  json::array list;
  for (json::value& policy : policies.as_array()) {
    if (policy.is_null()) continue;
    json::object& members = policy.as_object();
    json::array actions;
    for (const json::value& name : members.at("actions").as_array()) {
      const auto action = authz::ActionFromGraphqlName(name.as_string());
      STRONGROOM_CHECK(action.has_value());
      actions.emplace_back(authz::ActionName(*action));
    }
    members["actions"] = std::move(actions);
    if (const auto* none = members.if_contains("assertions"); none != nullptr && none->is_null())
      members.erase("assertions");
    list.push_back(std::move(policy));
  }
  return list;
}

base::Result<Resolved> Simulate(const FieldContext& field) {
  const OperationContext& context = Caller(field);
  STRONGROOM_TRY(RequireExplain(context));
  const graphql::InputObject& input = field.arguments.Find("input")->AsObject();
  json::object sent = InputArgument(field.arguments);
  const std::string& resource = input.Find("resource")->AsString();
  STRONGROOM_TRY(ledger::LedgerOfResource(context.scope->catalog(), resource));
  STRONGROOM_ASSIGN(const auto document, DocumentOf(context, resource, input.Find("document")));
  const json::value& claims = input.Find("claims")->AsJson();
  if (!claims.is_object())
    return base::MakeError(ErrorCode::kBadRequest, "`claims` has to be an object");

  STRONGROOM_ASSIGN(auto policies, authz::PoliciesFromJson(PoliciesOf(sent.at("policies"))));
  for (authz::Policy& policy : policies) policy.origin = "the simulation";
  STRONGROOM_ASSIGN(
      auto set, authz::PolicySet::Compile(std::move(policies), context.scope->catalog().rights()));
  authz::TokenContext token{std::make_shared<const json::object>(claims.get_object()),
                            context.claims->principal(), context.access->account_id};
  const graphql::Input* principal = input.Find("principal");
  if (principal != nullptr && !principal->IsNull()) token.principal = principal->AsString();
  STRONGROOM_ASSIGN(auto folded, authz::FoldedPolicies::Fold(std::move(set), std::move(token)));
  const auto permit = authz::Permit::Grant(std::move(folded), context.permit->now());
  STRONGROOM_ASSIGN(auto decision, permit.Explain({}, ActionOf(*input.Find("action")), resource,
                                                  document ? &*document : nullptr));
  return AnswerDecision(std::move(decision), true);
}

}  // namespace

void BindDecisions(graphql::EngineBuilder& builder) {
  builder.Bind("AuthQuery", "can", CanI);
  builder.Bind("AuthQuery", "explain", Explain);
  builder.Bind("AuthQuery", "simulate", Simulate);
  builder.Bind("Can", "verdict", [](const FieldContext& field) -> base::Result<Resolved> {
    return Resolved(authz::VerdictName(field.parent.As<Asked>().verdict));
  });
  builder.Bind("Can", "decisionId", DecisionIdOfCan);
  BindDecision(builder);
  BindPolicyTrace(builder);
  BindAssertionTrace(builder);
  // Few policies match, and few of those say much: an estimate, as of every list without a bound.
  builder.SetListSize("PolicyTrace", "assertions", 4);
  builder.SetListSize("AssertionTrace", "seen", 4);
}

}  // namespace strongroom::api
