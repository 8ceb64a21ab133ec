#include "graphql/validate.h"

#include <tuple>

#include "graphql/rules/context.h"
#include "graphql/rules/table.h"
#include "graphql/rules/walk.h"

namespace strongroom::graphql {

namespace {

// Rules follow spreads by recursion. Far more than a document within the default limits can hold.
constexpr std::size_t kFragmentsMax = 2000;

// Hands every node to every rule that is about such nodes, in the order of the table.
class Rules {
 public:
  explicit Rules(rules::Context& context) : context_(context) {}

  template <typename Node>
  void Enter(const Node& node) {
    std::apply([&](auto&... rule) { (Enter(rule, node), ...); }, table_);
  }
  template <typename Node>
  void Leave(const Node& node) {
    std::apply([&](auto&... rule) { (Leave(rule, node), ...); }, table_);
  }
  bool Stopped() const { return context_.aborted(); }

 private:
  template <typename Rule, typename Node>
  void Enter(Rule& rule, const Node& node) {
    if constexpr (requires { rule.Enter(context_, node); }) rule.Enter(context_, node);
  }
  template <typename Rule, typename Node>
  void Leave(Rule& rule, const Node& node) {
    if constexpr (requires { rule.Leave(context_, node); }) rule.Leave(context_, node);
  }

  rules::Context& context_;
  rules::Table table_;
};

}  // namespace

std::vector<RequestError> Validate(const Schema& schema, const Document& document,
                                   const ValidationOptions& options) {
  rules::Context context(schema, document, options);
  Rules all(context);
  if (context.fragments().size() > kFragmentsMax) {
    context.Abort("Too many fragments. Validation aborted.");
  } else {
    rules::Walker<Rules>(context, all).Walk(document);
  }
  return context.Take();
}

}  // namespace strongroom::graphql
