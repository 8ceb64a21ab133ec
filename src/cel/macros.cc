// The macros of the language: has, all, exists, exists_one, map, filter; those over two variables;
// cel.bind; optMap and optFlatMap. They stay nodes of their own, as they were written.
#include <array>

#include "cel/tree.h"

namespace strongroom::cel {
namespace {

struct LoopMacro {
  std::string_view name;
  std::size_t variables;
  std::size_t expressions;  // the last is the body, one before it the condition
  LoopKind kind;
};
constexpr auto kLoopMacros = std::to_array<LoopMacro>({
    {"all", 1, 1, LoopKind::kAll},
    {"exists", 1, 1, LoopKind::kExists},
    {"exists_one", 1, 1, LoopKind::kExistsOne},
    {"existsOne", 1, 1, LoopKind::kExistsOne},
    {"map", 1, 1, LoopKind::kMap},
    {"map", 1, 2, LoopKind::kMap},
    {"filter", 1, 1, LoopKind::kFilter},
    {"all", 2, 1, LoopKind::kAll},
    {"exists", 2, 1, LoopKind::kExists},
    {"exists_one", 2, 1, LoopKind::kExistsOne},
    {"existsOne", 2, 1, LoopKind::kExistsOne},
    {"transformList", 2, 1, LoopKind::kTransformList},
    {"transformList", 2, 2, LoopKind::kTransformList},
    {"transformMap", 2, 1, LoopKind::kTransformMap},
    {"transformMap", 2, 2, LoopKind::kTransformMap},
    {"transformMapEntry", 2, 1, LoopKind::kTransformMapEntry},
    {"transformMapEntry", 2, 2, LoopKind::kTransformMapEntry},
});

bool IsSimpleName(const Expr& expr) { return expr.is(ExprKind::kName) && !expr.absolute; }

class Expander {
 public:
  Expander(TreeMaker& make, Expr* call) : make_(make), call_(call) {}

  Expr* Run() {
    if (call_->op != Op::kFunction) return call_;
    if (!call_->member) return call_->name == "has" && Arguments() == 1 ? Has() : call_;
    const Expr& target = (*call_)[0];
    if (call_->name == "bind" && Arguments() == 4 && IsSimpleName(target) && target.name == "cel")
      return Bind();
    if ((call_->name == "optMap" || call_->name == "optFlatMap") && Arguments() == 3)
      return OptionalMap();
    for (const LoopMacro& macro : kLoopMacros)
      if (macro.name == call_->name && Arguments() == 1 + macro.variables + macro.expressions)
        return Loop(macro);
    return call_;
  }

 private:
  // With the target of a member call.
  std::size_t Arguments() const { return call_->operands.size(); }

  Expr* Has() {
    Expr* argument = call_->operands[0];
    if (!argument->is(ExprKind::kSelect) || argument->test || argument->optional)
      return make_.Refuse(argument->offset, "invalid argument to has() macro");
    argument->test = true;
    return argument;
  }

  // The variable that operand `index` names; empty after a refusal.
  std::string_view Variable(std::size_t index) {
    const Expr& name = (*call_)[index];
    if (IsSimpleName(name)) return name.name;
    make_.Refuse(name.offset, "argument must be a simple name");
    return {};
  }

  Expr* Bind() {
    Expr* bind = make_.New(ExprKind::kBind, call_->offset);
    bind->name = Variable(1);
    if (bind->name.empty()) return nullptr;
    const std::array operands = {call_->operands[2], call_->operands[3]};
    return make_.Give(bind, operands);
  }

  Expr* OptionalMap() {
    Expr* map = make_.New(ExprKind::kOptionalMap, call_->offset);
    map->flat = call_->name == "optFlatMap";
    map->name = Variable(1);
    if (map->name.empty()) return nullptr;
    const std::array operands = {call_->operands[0], call_->operands[2]};
    return make_.Give(map, operands);
  }

  Expr* Loop(const LoopMacro& macro) {
    Expr* loop = make_.New(ExprKind::kLoop, call_->offset);
    loop->loop = macro.kind;
    loop->condition = macro.expressions == 2;
    loop->name = Variable(1);
    if (loop->name.empty()) return nullptr;
    if (macro.variables == 2) {
      loop->second = Variable(2);
      if (loop->second.empty()) return nullptr;
      if (loop->second == loop->name)
        return make_.Refuse((*call_)[2].offset,
                            "duplicate variable name: " + std::string(loop->name));
    }
    std::vector<Expr*> operands = {call_->operands[0]};
    for (std::size_t i = 1 + macro.variables; i < Arguments(); ++i)
      operands.push_back(call_->operands[i]);
    return make_.Give(loop, operands);
  }

  TreeMaker& make_;
  Expr* const call_;
};

}  // namespace

std::string_view LoopName(LoopKind kind) {
  switch (kind) {
    case LoopKind::kAll: return "all";
    case LoopKind::kExists: return "exists";
    case LoopKind::kExistsOne: return "exists_one";
    case LoopKind::kMap: return "map";
    case LoopKind::kFilter: return "filter";
    case LoopKind::kTransformList: return "transformList";
    case LoopKind::kTransformMap: return "transformMap";
    case LoopKind::kTransformMapEntry: return "transformMapEntry";
  }
  return {};
}

Expr* ExpandMacro(TreeMaker& make, Expr* call) { return Expander(make, call).Run(); }

}  // namespace strongroom::cel
