#include <algorithm>

#include "base/encoding.h"
#include "cel/checker.h"
#include "cel/parser.h"
#include "cel/planner.h"
#include "cel/program.h"
#include "cel/program_parts.h"
#include "cel/regex.h"
#include "cel/specializer.h"

namespace strongroom::cel {
namespace {

// Fills in lines and columns, and puts the issues in the order of the text.
void Locate(std::string_view source, std::vector<Issue>& issues) {
  for (Issue& issue : issues) {
    const std::string_view before = source.substr(0, issue.offset);
    const std::size_t newline = before.rfind('\n');
    const std::string_view line =
        newline == std::string_view::npos ? before : before.substr(newline + 1);
    issue.line = 1 + static_cast<std::uint32_t>(std::ranges::count(before, '\n'));
    issue.column = 1 + static_cast<std::uint32_t>(
                           std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
  }
  std::ranges::stable_sort(issues, {}, &Issue::offset);
}

class Compiler {
 public:
  Compiler(std::shared_ptr<const Env> env, std::string_view source, const CompileOptions& options)
      : options_(options), parts_(std::make_shared<ProgramParts>()) {
    parts_->env = std::move(env);
    parts_->source = source;
  }

  Compilation Run() {
    if (!Acceptable()) return Refused();
    const ParseOptions parse{std::min<std::size_t>(options_.depth_max, kDepthMax), options_.macros};
    Expr* tree = Parse(parts_->source, parse, parts_->arena, issues_);
    if (tree == nullptr) return Refused();
    const CheckOptions check{options_.check, &options_.expected};
    const Checked checked = Check(tree, tables(), check, parts_->arena, issues_);
    if (issues_.empty()) PrepareRegexes(*tree);
    if (!issues_.empty()) return Refused();
    parts_->tree = tree;
    parts_->slots = checked.slots;
    parts_->result_type = ToType(*checked.type);
    parts_->folded = options_.fold ? Fold() : tree;
    if (!Affordable()) return Refused();
    parts_->plan = Plan(*parts_->folded, tables(), parts_->arena);
    return Program(std::move(parts_));
  }

 private:
  static constexpr std::size_t kDepthMax = 10000;  // of what Expr::depth can count

  const EnvTables& tables() const { return parts_->env->tables(); }

  void Report(IssueKind kind, std::uint32_t offset, std::string message, std::string hint = {}) {
    issues_.push_back({kind, offset, 1, 1, std::move(message), std::move(hint)});
  }

  bool Acceptable() {
    const std::string& source = parts_->source;
    if (source.size() > options_.source_bytes_max)
      Report(IssueKind::kLimit, 0,
             "expression size exceeds limit: size: " + std::to_string(source.size()) +
                 ", limit: " + std::to_string(options_.source_bytes_max));
    else if (!base::IsUtf8(source))
      Report(IssueKind::kSyntax, 0, "Syntax error: the text is not valid UTF-8");
    return issues_.empty();
  }

  // Too long a text is not shown back.
  Compilation Refused() {
    if (parts_->source.size() > options_.source_bytes_max) parts_->source.clear();
    Locate(parts_->source, issues_);
    return {parts_->source, std::move(issues_)};
  }

  // Regular expressions that are literals are compiled once, and wrong ones refused.
  void PrepareRegexes(Expr& expr) {
    for (Expr* operand : expr.operands) PrepareRegexes(*operand);
    if (!expr.is(ExprKind::kCall) || expr.name != "matches" || expr.operands.size() != 2) return;
    if (expr.overloads.empty() || !expr.overloads[0]->overload.id.starts_with("matches")) return;
    const Expr& pattern = expr[1];
    if (!pattern.is(ExprKind::kConstant) || !pattern.value.is(Kind::kString)) return;
    if (!issues_.empty()) return;
    if (parts_->regexes.size() == base::limits::kCelRegexesMax)
      return Report(
          IssueKind::kLimit, pattern.offset,
          "more than " + std::to_string(base::limits::kCelRegexesMax) + " regular expressions");
    std::string problem;
    auto regex = CompileRegex(pattern.value.AsString(), problem);
    if (regex != nullptr) {
      expr.regex = regex.get();
      parts_->regexes.push_back(std::move(regex));
    } else if (options_.check) {
      Report(IssueKind::kType, pattern.offset, problem);
    }
  }

  const Expr* Fold() {
    const Activation nothing(*parts_->env);
    const Specialization with{tables(), nothing, {}, parts_->slots};
    Budget budget(options_.cost_max);
    return Specialize(*parts_->tree, with, budget, true, parts_->arena);
  }

  bool Affordable() {
    const auto bound = BoundCost(*parts_->folded);
    if (bound && *bound > options_.cost_max)
      Report(IssueKind::kLimit, 0,
             "expression costs too much: " + std::to_string(*bound) +
                 ", limit: " + std::to_string(options_.cost_max));
    return issues_.empty();
  }

  const CompileOptions& options_;
  std::shared_ptr<ProgramParts> parts_;
  std::vector<Issue> issues_;
};

}  // namespace

base::Result<Program> Compilation::ToResult(base::ErrorCode code) const {
  if (ok()) return *program_;
  return base::MakeError(code, ToText(), issues_.front().hint);
}

Compilation Compile(std::shared_ptr<const Env> env, std::string_view source,
                    const CompileOptions& options) {
  return Compiler(std::move(env), source, options).Run();
}

}  // namespace strongroom::cel
