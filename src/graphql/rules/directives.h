// Directives are known, stand where they may, and not twice (§5.7).
#pragma once

#include <string_view>
#include <unordered_map>

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

struct KnownDirectives {
  void Enter(Context& context, const DirectiveVisit& visit);
};

class UniqueDirectivesPerLocation {
 public:
  void Enter(Context& context, const SystemDefinition& definition);
  template <typename Node>
  void Enter(Context& context, const Node& node) requires requires {
    node.directives;
  }
  {
    Seen seen;
    Check(context, node.directives, seen);
  }
  template <typename Visit>
  void Enter(Context& context, const Visit& visit) requires requires {
    visit.node.directives;
  }
  {
    Seen seen;
    Check(context, visit.node.directives, seen);
  }

 private:
  using Seen = std::unordered_map<std::string_view, const Directive*>;
  void Check(Context& context, std::span<const Directive> directives, Seen& seen);

  // A definition and its extensions are one location.
  Seen on_schema_;
  std::unordered_map<std::string_view, Seen> on_types_;
  std::unordered_map<std::string_view, Seen> on_directives_;
};

}  // namespace strongroom::graphql::rules
