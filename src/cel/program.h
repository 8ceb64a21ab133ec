// Compile once, evaluate many times.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "cel/activation.h"
#include "cel/arena.h"
#include "cel/budget.h"
#include "cel/env.h"
#include "cel/issue.h"
#include "cel/type.h"
#include "cel/value.h"

namespace strongroom::cel {

struct ProgramParts;  // program_parts.h: the engine's own view

// A compiled expression. Immutable and thread-safe; a copy shares.
class Program {
 public:
  // The value of the expression. An expression's own error (a missing key, 1/0) is a value of kind
  // kError; a failure of the engine is the Status: kLimitExceeded when `budget` was spent, the
  // arena grew over its bytes, or the result is too large to be written out. The value lives as
  // long as `arena` (until Reset), this program, and what `activation` points to.
  base::Result<Value> Evaluate(const Activation& activation, Budget& budget, Arena& arena) const;

  // Partial evaluation. Known is what `known` binds, except the paths in `unknown` ("context.now",
  // "context.document": everything below them too; unbound variables are unknown by themselves).
  // What depends on known values alone is computed now; the result is a program over the rest that
  // gives, for every value of the unknown, what this one gives (an error may carry another
  // message, and the cost is no higher). Functions declared impure are left to the residual.
  // The result keeps nothing of `known`, except that a subexpression whose value is an object, or
  // is large (kCelFolded…), is read again: bind the same variables when evaluating the residual.
  base::Result<Program> Specialize(const Activation& known, std::span<const std::string> unknown,
                                   Budget& budget) const;

  // True when nothing is left to compute: `constant()` is the value or the error, and lives as
  // long as the program.
  bool is_constant() const;
  const Value& constant() const;

  const Type& result_type() const;
  // The expression's text as it was compiled; printed from the syntax tree for a residual.
  const std::string& source() const;
  // The syntax tree as text again; parsing that gives the same tree.
  std::string Print() const;
  // What it reads from variables, longest paths: "context.document.external_id". An index by a
  // constant string counts as a field; a computed one ends the path.
  std::set<std::string> Paths() const;
  // The most that one evaluation can cost, where that doesn't depend on data (no loops, no text of
  // unknown length); nothing otherwise.
  std::optional<std::uint64_t> CostBound() const;

  explicit Program(std::shared_ptr<const ProgramParts> parts) : parts_(std::move(parts)) {}
  const ProgramParts& parts() const { return *parts_; }

 private:
  std::shared_ptr<const ProgramParts> parts_;
};

struct CompileOptions {
  // What the expression must give; dyn takes all. A dyn result passes too, unless strict.
  Type expected = Type::Dyn();
  std::size_t source_bytes_max = base::limits::kCelSourceBytesMax;
  std::size_t depth_max = base::limits::kCelDepthMax;
  // A program whose bound on costs is known and above this is refused.
  std::uint64_t cost_max = base::limits::kCelCostMax;
  bool check = true;   // false: types are not checked, only when evaluating
  bool macros = true;  // false: has(), all(), … are calls of functions
  bool fold = true;    // evaluate constant parts when compiling
};

// A program, or what is wrong with the text (then at least one issue).
class Compilation {
 public:
  Compilation(Program program) : program_(std::move(program)) {}  // NOLINT
  Compilation(std::string_view source, std::vector<Issue> issues)
      : source_(source), issues_(std::move(issues)) {}

  bool ok() const { return program_.has_value(); }
  const Program& program() const {
    STRONGROOM_CHECK(ok());
    return *program_;
  }
  const std::vector<Issue>& issues() const { return issues_; }
  // FormatIssues of all, without the hints.
  std::string ToText() const { return FormatIssues(source_, issues_); }
  // The error carries ToText() as its message, and the first hint.
  base::Result<Program> ToResult(base::ErrorCode code = base::ErrorCode::kCelEvaluationError) const;

 private:
  std::optional<Program> program_;
  std::string source_;
  std::vector<Issue> issues_;
};

// Parses, checks and compiles `source`. Never recurses deeper than options.depth_max.
Compilation Compile(std::shared_ptr<const Env> env, std::string_view source,
                    const CompileOptions& options = {});

}  // namespace strongroom::cel
