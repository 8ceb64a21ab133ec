#include "cel/checker.h"

#include <algorithm>
#include <string>

#include "cel/suggestions.h"
#include "cel/type_judge.h"

namespace strongroom::cel {
namespace {

const Term* Dyn() { return SimpleTerm(TypeKind::kDyn); }
const Term* Bool() { return SimpleTerm(TypeKind::kBool); }

class Checker : private TypeJudge {
 public:
  Checker(const EnvTables& tables, const CheckOptions& options, Arena& arena,
          std::vector<Issue>& issues)
      : TypeJudge(tables, options.types, arena, issues), options_(options) {}

  Checked Run(Expr* root) {
    Visit(root);
    if (types_ && options_.expected != nullptr && issues_.empty()) {
      std::vector<std::string_view> names;
      const Term* expected = ToTerm(*options_.expected, names, arena_);
      if (names.empty() && !unifier_.Assignable(root->term, expected))
        Report(root->offset, "expected type '" + options_.expected->ToString() + "' but found '" +
                                 Shown(root->term) + "'");
    }
    if (unifier_.exhausted()) {
      Report(root->offset, "the types of the expression are too complex");
      issues_.back().kind = IssueKind::kLimit;
    }
    return {types_ ? unifier_.Substitute(root->term) : Dyn(), slots_};
  }

 private:
  void Visit(Expr* expr) {
    const Term* term = Dispatch(expr);
    expr->term = types_ ? term : Dyn();
  }

  const Term* Dispatch(Expr* expr) {
    switch (expr->kind) {
      case ExprKind::kConstant: return TermOf(expr->value);
      case ExprKind::kName: return Name(expr);
      case ExprKind::kSelect: return Select(expr);
      case ExprKind::kCall: return Call(expr);
      case ExprKind::kAnd:
      case ExprKind::kOr: return Junction(expr);
      case ExprKind::kConditional: return Conditional(expr);
      case ExprKind::kList: return List(expr);
      case ExprKind::kMap: return Map(expr);
      case ExprKind::kLoop: return Loop(expr);
      case ExprKind::kBind: return Bind(expr);
      case ExprKind::kOptionalMap: return OptionalMap(expr);
      case ExprKind::kVariable:
      case ExprKind::kLocal: break;
    }
    return Dyn();
  }

  // ---- Names

  struct Local {
    std::string_view name;
    const Term* term;
  };

  const Local* FindLocal(std::string_view name) const {
    for (std::size_t i = locals_.size(); i-- > 0;)
      if (locals_[i].name == name) return &locals_[i];
    return nullptr;
  }

  // Looks `name` up in the container, its parents, and without one, by `find`.
  template <typename Find>
  auto InContainers(std::string_view name, bool absolute, const Find& find)
      -> decltype(find(name)) {
    for (std::string_view container = absolute ? std::string_view() : tables_.container;
         !container.empty();) {
      const auto found = find(std::string(container) + '.' + std::string(name));
      if (found) return found;
      const std::size_t dot = container.rfind('.');
      container = dot == std::string_view::npos ? std::string_view() : container.substr(0, dot);
    }
    return find(name);
  }

  // Makes `expr` the variable or constant of that name; null when there is none.
  const Term* Refer(Expr* expr, std::string_view name, bool absolute) {
    const bool before = std::exchange(expr->absolute, absolute);
    const auto* variable = InContainers(
        name, absolute, [&](std::string_view one) { return tables_.FindVariable(one); });
    if (variable != nullptr) {
      expr->kind = ExprKind::kVariable;
      expr->name = variable->name;
      expr->number = static_cast<std::uint32_t>(variable - tables_.variables.data());
      expr->operands = {};
      return variable->term;
    }
    const auto* constant = InContainers(
        name, absolute, [&](std::string_view one) { return tables_.FindConstant(one); });
    if (constant == nullptr) {
      expr->absolute = before;
      return nullptr;
    }
    expr->kind = ExprKind::kConstant;
    expr->name = arena_.Copy(name);
    expr->value = constant->value;
    expr->operands = {};
    return constant->term;
  }

  std::string Undeclared(std::string_view name) const {
    return "undeclared reference to '" + std::string(name) + "' (in container '" +
           tables_.container + "')";
  }

  const Term* Name(Expr* expr) {
    if (!expr->absolute)
      if (const Local* local = FindLocal(expr->name)) {
        expr->kind = ExprKind::kLocal;
        expr->number = static_cast<std::uint32_t>(local - locals_.data());
        return local->term;
      }
    if (const Term* term = Refer(expr, expr->name, expr->absolute)) return term;
    const std::string message = Undeclared(expr->name);
    if (types_) {
      Report(expr->offset, message, SuggestName(tables_, expr->name));
    } else {
      expr->kind = ExprKind::kConstant;
      expr->value = Value::Error(arena_.New<EvaluationError>(EvaluationError{
          EvaluationErrorCode::kNoSuchVariable, arena_.Copy(message), expr->offset}));
    }
    return Dyn();
  }

  // `a.b.c` when that is all names, and `a` is no local; empty otherwise.
  std::string QualifiedName(const Expr& expr, bool& absolute) const {
    if (expr.is(ExprKind::kName)) {
      absolute = expr.absolute;
      return absolute || FindLocal(expr.name) == nullptr ? std::string(expr.name) : std::string();
    }
    if (!expr.is(ExprKind::kSelect) || expr.test || expr.optional) return {};
    std::string name = QualifiedName(expr[0], absolute);
    if (!name.empty()) (name += '.') += expr.name;
    return name;
  }

  // ---- Fields

  const Term* Select(Expr* expr) {
    bool absolute = false;
    const std::string name = QualifiedName(*expr, absolute);
    if (!name.empty())
      if (const Term* term = Refer(expr, name, absolute)) return term;

    Visit(expr->operands[0]);
    const Term* from = Plain(expr->operands[0]->term);
    bool optional = expr->optional;
    if (from->kind == TypeKind::kOptional) {
      optional = true;
      from = Plain((*from)[0]);
    }
    const Term* field = Field(expr, from);
    if (expr->test) return Bool();
    return optional ? MakeTerm(arena_, TypeKind::kOptional, field) : field;
  }

  const Term* Field(Expr* expr, const Term* from) {
    switch (from->kind) {
      case TypeKind::kDyn:
      case TypeKind::kParam: return Dyn();
      case TypeKind::kMap: return (*from)[1];
      case TypeKind::kStruct: break;
      default:
        Report(expr->offset, "type '" + Shown(from) + "' does not support field selection");
        return Dyn();
    }
    const StructDecl* record = tables_.FindStruct(from->name);
    const std::size_t field =
        record == nullptr ? StructType::kNoField : record->type->FindField(expr->name);
    if (field == StructType::kNoField) {
      Report(expr->offset, "undefined field '" + std::string(expr->name) + "'",
             record == nullptr ? std::string() : SuggestField(*record->type, expr->name));
      return Dyn();
    }
    expr->record = record->type.get();
    expr->number = static_cast<std::uint32_t>(field);
    return record->fields[field];
  }

  // ---- Calls

  const Term* Call(Expr* expr) {
    if (expr->op != Op::kFunction) {
      for (Expr* operand : expr->operands) Visit(operand);
      return ResolveOverloads(expr, tables_.FindFunction(expr->name));
    }
    const FunctionDecl* function = expr->member ? Namespaced(expr) : nullptr;
    if (function == nullptr)
      function = InContainers(expr->name, expr->absolute || expr->member,
                              [&](std::string_view one) { return tables_.FindFunction(one); });
    bool absolute = false;
    std::string qualified = expr->member ? QualifiedName((*expr)[0], absolute) : std::string();
    const std::size_t issues_before = issues_.size();
    for (Expr* operand : expr->operands) Visit(operand);
    if (function != nullptr) {
      if (!expr->member) expr->name = function->name;
      return ResolveOverloads(expr, function);
    }
    if (!types_) return Dyn();
    if (!qualified.empty() && issues_.size() > issues_before)
      issues_[issues_before].hint = SuggestFunction(tables_, (qualified += '.') += expr->name);
    Report(expr->offset, Undeclared(expr->name), SuggestFunction(tables_, expr->name));
    return Dyn();
  }

  // `math.abs(x)` looks like a method of `math` until its name is known.
  const FunctionDecl* Namespaced(Expr* expr) {
    bool absolute = false;
    std::string name = QualifiedName((*expr)[0], absolute);
    if (name.empty()) return nullptr;
    (name += '.') += expr->name;
    const FunctionDecl* function = InContainers(
        name, absolute, [&](std::string_view one) { return tables_.FindFunction(one); });
    if (function == nullptr) return nullptr;
    expr->member = false;
    expr->absolute = absolute;
    expr->name = function->name;
    expr->operands = expr->operands.subspan(1);
    return function;
  }

  const Term* Junction(Expr* expr) {
    const std::string_view name = expr->is(ExprKind::kAnd) ? "_&&_" : "_||_";
    for (Expr* operand : expr->operands) Visit(operand);
    for (std::size_t i = 0; i < expr->operands.size(); ++i)
      if (!Fits((*expr)[i].term, TypeKind::kBool))
        NoOverload(expr->offset, name, expr->operands.subspan(i == 0 ? 0 : i - 1, 2), false);
    return Bool();
  }

  const Term* Conditional(Expr* expr) {
    for (Expr* operand : expr->operands) Visit(operand);
    if (!types_) return Dyn();
    const std::size_t mark = unifier_.Mark();
    if (Fits((*expr)[0].term, TypeKind::kBool) &&
        unifier_.Assignable((*expr)[2].term, (*expr)[1].term))
      return unifier_.Join((*expr)[1].term, (*expr)[2].term);
    unifier_.Undo(mark);
    NoOverload(expr->offset, "_?_:_", expr->operands, false);
    return Dyn();
  }

  // ---- Lists and maps

  // The type of an element, or of what an optional one may hold.
  const Term* Element(Expr* element, bool optional) {
    Visit(element);
    if (!optional || !types_) return element->term;
    const Term* type = Plain(element->term);
    if (type->kind == TypeKind::kOptional) return (*type)[0];
    if (type->kind == TypeKind::kDyn || type->kind == TypeKind::kParam) return Dyn();
    Report(element->offset,
           "expected type 'optional_type(" + Shown(type) + ")' but found '" + Shown(type) + "'");
    return Dyn();
  }
  const Term* Joined(const Term* all, const Term* one) {
    return all == nullptr ? one : unifier_.Join(all, one);
  }

  const Term* List(Expr* expr) {
    const Term* all = nullptr;
    for (std::size_t i = 0; i < expr->operands.size(); ++i)
      all = Joined(all, Element(expr->operands[i], HasOptional(*expr, i)));
    return MakeTerm(arena_, TypeKind::kList, all == nullptr ? unifier_.Fresh() : all);
  }

  const Term* Map(Expr* expr) {
    const Term* keys = nullptr;
    const Term* values = nullptr;
    for (std::size_t i = 0; i < expr->operands.size(); i += 2) {
      keys = Joined(keys, Element(expr->operands[i], false));
      values = Joined(values, Element(expr->operands[i + 1], HasOptional(*expr, i / 2)));
    }
    if (keys == nullptr) keys = unifier_.Fresh();
    if (values == nullptr) values = unifier_.Fresh();
    return MakeTerm(arena_, TypeKind::kMap, keys, values);
  }

  // ---- Macros

  void Push(std::string_view name, const Term* term) {
    locals_.push_back({name, types_ ? term : Dyn()});
    slots_ = std::max(slots_, static_cast<std::uint32_t>(locals_.size()));
  }

  const Term* Loop(Expr* expr) {
    Visit(expr->operands[0]);
    const Term* range = Plain(expr->operands[0]->term);
    const Term* key = Dyn();
    const Term* value = Dyn();
    if (range->kind == TypeKind::kList) {
      key = SimpleTerm(TypeKind::kInt);
      value = (*range)[0];
    } else if (range->kind == TypeKind::kMap) {
      key = (*range)[0];
      value = (*range)[1];
    } else if (range->kind != TypeKind::kDyn && range->kind != TypeKind::kParam) {
      Report(expr->operands[0]->offset,
             "expression of type '" + Shown(range) +
                 "' cannot be range of a comprehension (must be list, map, or dynamic)");
    }
    const std::size_t outer = locals_.size();
    expr->number = static_cast<std::uint32_t>(outer);
    if (expr->second.empty()) {
      Push(expr->name, range->kind == TypeKind::kList ? value : key);
    } else {
      Push(expr->name, key);
      Push(expr->second, value);
    }
    const Term* element = locals_[outer].term;
    for (Expr* operand : expr->operands.subspan(1)) Visit(operand);
    locals_.resize(outer);
    if (expr->condition) RequireBool((*expr)[1]);
    return LoopResult(*expr, key, element);
  }

  void RequireBool(const Expr& expr) {
    if (!Fits(expr.term, TypeKind::kBool))
      Report(expr.offset, "expected type 'bool' but found '" + Shown(expr.term) + "'");
  }

  const Term* LoopResult(const Expr& expr, const Term* key, const Term* element) {
    const Term* body = expr.body().term;
    switch (expr.loop) {
      case LoopKind::kAll:
      case LoopKind::kExists:
      case LoopKind::kExistsOne: RequireBool(expr.body()); return Bool();
      case LoopKind::kFilter:
        RequireBool(expr.body());
        return MakeTerm(arena_, TypeKind::kList, element);
      case LoopKind::kMap:
      case LoopKind::kTransformList: return MakeTerm(arena_, TypeKind::kList, body);
      case LoopKind::kTransformMap: return MakeTerm(arena_, TypeKind::kMap, key, body);
      case LoopKind::kTransformMapEntry: break;
    }
    if (Plain(body)->kind == TypeKind::kMap) return body;
    if (!MayBe(body, TypeKind::kMap))
      Report(expr.body().offset, "expected type 'map' but found '" + Shown(body) + "'");
    return SimpleTerm(TypeKind::kMap);
  }

  const Term* Bind(Expr* expr) {
    Visit(expr->operands[0]);
    return Inner(expr, expr->operands[0]->term);
  }
  // The type of the body, with the macro's variable of type `term`.
  const Term* Inner(Expr* expr, const Term* term) {
    expr->number = static_cast<std::uint32_t>(locals_.size());
    Push(expr->name, term);
    Visit(expr->operands[1]);
    locals_.pop_back();
    return expr->operands[1]->term;
  }

  const Term* OptionalMap(Expr* expr) {
    Visit(expr->operands[0]);
    const Term* target = Plain(expr->operands[0]->term);
    const Term* inner = Dyn();
    if (target->kind == TypeKind::kOptional)
      inner = (*target)[0];
    else if (!MayBe(target, TypeKind::kOptional))
      Report(expr->offset, "expected type 'optional_type(dyn)' but found '" + Shown(target) + "'");
    const Term* body = Inner(expr, inner);
    if (!expr->flat) return MakeTerm(arena_, TypeKind::kOptional, body);
    if (!MayBe(body, TypeKind::kOptional))
      Report(expr->body().offset,
             "expected type 'optional_type(dyn)' but found '" + Shown(body) + "'");
    return body;
  }

  const CheckOptions& options_;
  std::vector<Local> locals_;
  std::uint32_t slots_ = 0;
};

}  // namespace

Checked Check(Expr* root, const EnvTables& tables, const CheckOptions& options, Arena& arena,
              std::vector<Issue>& issues) {
  return Checker(tables, options, arena, issues).Run(root);
}

}  // namespace strongroom::cel
