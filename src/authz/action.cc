#include "authz/action.h"

#include <utility>

namespace strongroom::authz {
namespace {

struct ActionSpelling {
  Action action;
  std::string_view name;
  std::string_view graphql;
};
constexpr std::array kSpellings = {
    ActionSpelling{Action::kSelect, "db:Select", "SELECT"},
    ActionSpelling{Action::kInsert, "db:Insert", "INSERT"},
    ActionSpelling{Action::kUpdate, "db:Update", "UPDATE"},
    ActionSpelling{Action::kDelete, "db:Delete", "DELETE"},
};

}  // namespace

std::string_view ActionName(Action action) {
  return kSpellings[static_cast<std::size_t>(action)].name;
}

std::string_view ActionGraphqlName(Action action) {
  return kSpellings[static_cast<std::size_t>(action)].graphql;
}

std::optional<Action> ActionFromName(std::string_view name) {
  for (const auto& spelling : kSpellings)
    if (spelling.name == name) return spelling.action;
  return std::nullopt;
}

std::optional<Action> ActionFromGraphqlName(std::string_view name) {
  for (const auto& spelling : kSpellings)
    if (spelling.graphql == name) return spelling.action;
  return std::nullopt;
}

std::string_view EffectName(Effect effect) { return effect == Effect::kAllow ? "ALLOW" : "DENY"; }

std::optional<Effect> EffectFromName(std::string_view name) {
  if (name == "ALLOW") return Effect::kAllow;
  if (name == "DENY") return Effect::kDeny;
  return std::nullopt;
}

std::string_view ResourceKindName(ResourceKind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"document", "indexes", "joins", "references"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace strongroom::authz
