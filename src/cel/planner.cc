#include "cel/planner.h"

#include <algorithm>

#include "cel/nodes.h"

namespace strongroom::cel {
namespace {

class Planner {
 public:
  Planner(const EnvTables& tables, Arena& arena) : tables_(tables), arena_(arena) {}

  const Node* Build(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kConstant: return MakeConstant(arena_, expr.value);
      case ExprKind::kVariable:
      case ExprKind::kSelect: return Path(expr);
      case ExprKind::kLocal: return MakeLocal(arena_, expr.number);
      case ExprKind::kCall: return Call(expr);
      case ExprKind::kAnd:
      case ExprKind::kOr: return MakeJunction(arena_, expr, Operands(expr));
      case ExprKind::kConditional: return MakeConditional(arena_, expr, Operands(expr));
      case ExprKind::kList: return MakeList(arena_, expr, Operands(expr));
      case ExprKind::kMap: return MakeMap(arena_, expr, Operands(expr));
      case ExprKind::kLoop: return MakeLoop(arena_, expr, Operands(expr));
      case ExprKind::kBind: return MakeBind(arena_, expr, Build(expr[0]), Build(expr[1]));
      case ExprKind::kOptionalMap:
        return MakeOptionalMap(arena_, expr, Build(expr[0]), Build(expr[1]));
      case ExprKind::kName: break;
    }
    STRONGROOM_CHECK(false);  // the checker resolves every name
    return nullptr;
  }

 private:
  std::span<const Node* const> Operands(const Expr& expr) {
    const auto nodes = arena_.NewArray<const Node*>(expr.operands.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] = Build(expr[i]);
    return nodes;
  }

  // Steps that follow each other are one node.
  const Node* Path(const Expr& expr) {
    std::vector<PathStep> steps;
    PathSpec spec;
    spec.test = expr.test;
    const Expr* at = &expr;
    while ((at->is(ExprKind::kSelect) && (at == &expr || !at->test)) || IsFieldIndex(*at)) {
      steps.push_back(StepOf(*at));
      at = &(*at)[0];
    }
    std::ranges::reverse(steps);
    const auto kept = arena_.NewArray<PathStep>(steps.size());
    std::ranges::copy(steps, kept.begin());
    spec.steps = kept;
    if (at->is(ExprKind::kVariable)) {
      spec.variable = at->number;
      spec.variable_name = at->name;
      spec.offset = at->offset;
    } else {
      spec.root = Build(*at);
    }
    return MakePath(arena_, spec);
  }

  static PathStep StepOf(const Expr& expr) {
    PathStep step;
    step.offset = expr.offset;
    if (expr.is(ExprKind::kSelect)) {
      step.name = expr.name;
      step.record = expr.record;
      step.field = expr.number;
      step.optional = expr.optional;
    } else {
      step.name = expr[1].value.AsString();
      step.index = true;
      step.optional = expr.op == Op::kOptionalAt;
    }
    return step;
  }

  const Node* Call(const Expr& expr) {
    if (IsFieldIndex(expr)) return Path(expr);
    if (expr.regex != nullptr) return MakeMatches(arena_, expr, Build(expr[0]));
    switch (expr.op) {
      case Op::kFunction: break;
      case Op::kOpposite: return MakeOpposite(arena_, expr, Build(expr[0]));
      case Op::kInverse: return MakeInverse(arena_, expr, Build(expr[0]));
      case Op::kAt:
      case Op::kOptionalAt: return MakeIndex(arena_, expr, Build(expr[0]), Build(expr[1]));
      default: return MakeBinary(arena_, expr, Build(expr[0]), Build(expr[1]));
    }
    if (IsTypeOf(expr)) return MakeTypeOf(arena_, tables_, Build(expr[0]));
    if (IsLazyOr(expr)) return MakeLazyOr(arena_, expr, Build(expr[0]), Build(expr[1]));
    return MakeCall(arena_, expr, Operands(expr));
  }

  const EnvTables& tables_;
  Arena& arena_;
};

}  // namespace

bool IsTypeOf(const Expr& call) {
  return call.op == Op::kFunction && call.name == "type" && call.operands.size() == 1 &&
         !call.overloads.empty() && !call.overloads[0]->overload.callback;
}

bool IsLazyOr(const Expr& call) {
  // Where a method of another type may be meant, all operands are.
  if (!call.is(ExprKind::kCall) || call.overloads.size() != 1) return false;
  const std::string_view id = call.overloads[0]->overload.id;
  return id == "optional_or_optional" || id == "optional_orValue_value";
}

bool IsFieldIndex(const Expr& call) {
  if (!call.is(ExprKind::kCall) || (call.op != Op::kAt && call.op != Op::kOptionalAt)) return false;
  if (!call[1].is(ExprKind::kConstant) || !call[1].value.is(Kind::kString)) return false;
  // Not where an overload from outside may be meant.
  return std::ranges::none_of(call.overloads, [](const OverloadEntry* entry) {
    return static_cast<bool>(entry->overload.callback);
  });
}

const Expr* ReadPath(const Expr& expr, std::string& path) {
  if (expr.is(ExprKind::kVariable)) {
    path = expr.name;
    return &expr;
  }
  const bool index = IsFieldIndex(expr);
  if (!index && !expr.is(ExprKind::kSelect)) return nullptr;
  if (expr[0].is(ExprKind::kSelect) && expr[0].test) return nullptr;
  const Expr* root = ReadPath(expr[0], path);
  if (root != nullptr) (path += '.') += index ? expr[1].value.AsString() : expr.name;
  return root;
}

void CollectPaths(const Expr& root, std::set<std::string>& paths) {
  std::string path;
  if (ReadPath(root, path) != nullptr) {
    paths.insert(std::move(path));
    return;
  }
  for (const Expr* operand : root.operands) CollectPaths(*operand, paths);
}

const Node* Plan(const Expr& root, const EnvTables& tables, Arena& arena) {
  return Planner(tables, arena).Build(root);
}

}  // namespace strongroom::cel
