// Named expressions, nested as deep as one likes, that may use each other's values in any order:
// `vars` of a tran code (behaviour §9) and the argument of `evaluate` (behaviour §12).
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cel/program.h"

namespace strongroom::ledger {

// "[effective]: `{time.Now()}`, ERROR: <input>:1:12: Syntax error: …": what existing clients know
// (behaviour §9). The error has `code`; its message is cel::FormatIssues' after the field.
base::Result<cel::Program> CompileField(const std::shared_ptr<const cel::Env>& env,
                                        std::string_view field, std::string_view source,
                                        base::ErrorCode code);

// The text of an Expression, which comes as a string, a bare name, a number or null (behaviour §4).
base::Result<std::string> ExpressionText(const boost::json::value& expression);

// What evaluating came to: a value, or the path of the member that failed and why.
struct MemberFailure {
  std::string path;  // "rates.usd"
  std::string reason;
};

// Immutable and thread-safe.
class ExpressionTree {
 public:
  // `tree` maps names to expressions or to further such maps; `root` is the variable by which they
  // call each other, "vars" or "this". Fails with `code` for a member that does not compile, for
  // members that need each other in a circle, and with kLimitExceeded over limits::kListItemsMax.
  static base::Result<ExpressionTree> Compile(const std::shared_ptr<const cel::Env>& env,
                                              std::string_view root,
                                              const boost::json::object& tree,
                                              base::ErrorCode code);
  ExpressionTree() = default;

  // Binds variable `root_number` to a map of the tree's shape, in `arena`, that holds the values.
  // Fills `failure` and stops at the first member whose value is an error. The Status is a failure
  // of the engine: kLimitExceeded.
  base::Status Evaluate(cel::Activation& activation, std::size_t root_number, cel::Budget& budget,
                        cel::Arena& arena, MemberFailure& failure) const;

  // What `program` reads, by itself and through the members that it uses, without the members:
  // "params.amount".
  std::set<std::string> PathsBehind(const cel::Program& program) const;

 private:
  struct Member {
    std::string path;  // with the root: "vars.rates.usd"
    cel::Program program;
  };
  struct Node {
    std::string name;
    std::size_t member = kNone;  // kNone: it has children
    std::vector<Node> children;
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Builder;

  base::Status Order(base::ErrorCode code);
  // The members that lie on a path such as "vars.rates.usd" or below it.
  std::vector<std::size_t> MembersOf(std::string_view path) const;
  static cel::Value MakeMap(const std::vector<Node>& nodes, std::vector<cel::Value*>& slots,
                            cel::Arena& arena);

  std::string root_;
  std::vector<Node> nodes_;
  std::vector<Member> members_;
  std::vector<std::size_t> by_path_;  // members, sorted
  std::vector<std::size_t> order_;    // in which they are evaluated
};

}  // namespace strongroom::ledger
