// The words of a policy: what is done (Action), to which kind of part of a ledger, and with which
// effect. SPEC 4.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace strongroom::authz {

enum class Action : std::uint8_t { kSelect, kInsert, kUpdate, kDelete };
inline constexpr std::array kActions = {Action::kSelect, Action::kInsert, Action::kUpdate,
                                        Action::kDelete};

// `db:Select`: the spelling in JSON policies, in context.action and in explanations.
std::string_view ActionName(Action action);
// `SELECT`: the spelling in GraphQL.
std::string_view ActionGraphqlName(Action action);
// From `db:Select`, exactly.
std::optional<Action> ActionFromName(std::string_view name);
// From `SELECT`, exactly.
std::optional<Action> ActionFromGraphqlName(std::string_view name);

// A set of actions; the empty set never occurs in a policy.
class ActionSet {
 public:
  constexpr ActionSet() = default;
  constexpr bool Has(Action action) const { return (bits_ & Bit(action)) != 0; }
  constexpr void Add(Action action) { bits_ = static_cast<std::uint8_t>(bits_ | Bit(action)); }
  constexpr bool Empty() const { return bits_ == 0; }
  friend constexpr bool operator==(ActionSet, ActionSet) = default;
  static constexpr ActionSet All() {
    ActionSet all;
    for (const Action action : kActions) all.Add(action);
    return all;
  }

 private:
  static constexpr std::uint8_t Bit(Action action) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(action));
  }
  std::uint8_t bits_ = 0;
};

enum class Effect : std::uint8_t { kAllow, kDeny };
// `ALLOW`, `DENY`.
std::string_view EffectName(Effect effect);
std::optional<Effect> EffectFromName(std::string_view name);

// The third part of a resource identifier.
enum class ResourceKind : std::uint8_t { kDocument, kIndexes, kJoins, kReferences };
inline constexpr std::array kResourceKinds = {ResourceKind::kDocument, ResourceKind::kIndexes,
                                              ResourceKind::kJoins, ResourceKind::kReferences};
// `document`, `indexes`, `joins`, `references`.
std::string_view ResourceKindName(ResourceKind kind);

}  // namespace strongroom::authz
