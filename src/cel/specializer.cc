#include "cel/specializer.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "base/limits.h"
#include "cel/planner.h"
#include "cel/value_size.h"

namespace strongroom::cel {
namespace {

// What is known of a part without computing it.
struct Knowledge {
  static constexpr std::uint32_t kNoSlot = std::numeric_limits<std::uint32_t>::max();
  bool known = true;
  // The outermost slot that it reads and that has no value yet (a variable of a loop around it).
  std::uint32_t open = kNoSlot;
  bool local = false;  // whether it depends on what is known of locals

  bool Computable() const { return known && open == kNoSlot; }
  void Add(const Knowledge& other) {
    known = known && other.known;
    open = std::min(open, other.open);
    local = local || other.local;
  }
};

enum class Slot : std::uint8_t { kUnknown, kInner, kKnown };

bool IsError(const Expr& expr) { return expr.is(ExprKind::kConstant) && expr.value.is_error(); }
bool IsConstant(const Expr* expr) { return expr->is(ExprKind::kConstant); }

// Whether the expression gives a boolean or an error, never anything else.
bool GivesBool(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kConstant: return expr.value.is(Kind::kBool) || expr.value.is_error();
    case ExprKind::kAnd:
    case ExprKind::kOr: return true;
    case ExprKind::kSelect: return expr.test;
    case ExprKind::kLoop:
      return expr.loop == LoopKind::kAll || expr.loop == LoopKind::kExists ||
             expr.loop == LoopKind::kExistsOne;
    case ExprKind::kCall: break;
    default: return false;
  }
  switch (expr.op) {
    case Op::kSame:
    case Op::kDifferent: return true;
    case Op::kInverse:
    case Op::kBelow:
    case Op::kAtMost:
    case Op::kAbove:
    case Op::kAtLeast:
    case Op::kWithin:
    case Op::kFunction:
      return std::ranges::all_of(expr.overloads, [](const OverloadEntry* entry) {
        return entry->result->kind == TypeKind::kBool;
      });
    default: return false;
  }
}

class Specializer {
 public:
  Specializer(const Specialization& with, Budget& budget, bool lenient, Arena& arena)
      : with_(with),
        budget_(budget),
        lenient_(lenient),
        arena_(arena),
        states_(with.slots, Slot::kUnknown),
        locals_(with.slots) {
    for (std::size_t i = 0; i < with.known.size(); ++i)
      anything_bound_ = anything_bound_ || !with.known.Get(i).absent();
  }

  const Expr* Run(const Expr& root) {
    const Expr* result = Transform(&root);
    return stopped_ ? nullptr : result;
  }

 private:
  // ---- What is known.

  bool IsKnownPath(const Expr& variable, std::string_view path) const {
    if (with_.known.Get(variable.number).absent()) return false;
    return std::ranges::none_of(with_.unknown, [&](std::string_view unknown) {
      const bool under = path.starts_with(unknown) &&
                         (path.size() == unknown.size() || path[unknown.size()] == '.');
      const bool over =
          unknown.size() > path.size() && unknown.starts_with(path) && unknown[path.size()] == '.';
      return under || over;
    });
  }

  // Deep trees are asked again and again on the way down: the answers are kept.
  Knowledge Analyze(const Expr& expr) {
    constexpr std::uint16_t kShallow = 8;
    if (expr.depth <= kShallow) return Inspect(expr);
    if (const auto at = analyzed_.find(&expr); at != analyzed_.end()) return at->second;
    const Knowledge knowledge = Inspect(expr);
    if (!knowledge.local) analyzed_.emplace(&expr, knowledge);
    return knowledge;
  }

  Knowledge Inspect(const Expr& expr) {
    if (expr.is(ExprKind::kConstant)) return {};
    if (expr.is(ExprKind::kLocal)) return OfLocal(expr);
    std::string path;
    if (anything_bound_ || expr.is(ExprKind::kVariable))
      if (const Expr* variable = ReadPath(expr, path)) return {IsKnownPath(*variable, path)};
    if (expr.is(ExprKind::kLoop) || expr.is(ExprKind::kBind) || expr.is(ExprKind::kOptionalMap))
      return OfScope(expr);
    Knowledge all{IsPure(expr)};
    for (std::size_t i = 0; i < expr.operands.size() && all.known; ++i) all.Add(Analyze(expr[i]));
    return all;
  }

  Knowledge OfLocal(const Expr& local) const {
    switch (states_[local.number]) {
      case Slot::kUnknown: return {false, Knowledge::kNoSlot, true};
      case Slot::kInner: return {true, local.number, true};
      case Slot::kKnown: break;
    }
    return {true, Knowledge::kNoSlot, true};
  }

  // What a scope's own variables stand for is known if what they range over is.
  Knowledge OfScope(const Expr& expr) {
    Knowledge outer = Analyze(expr[0]);
    if (!outer.known) return outer;
    const SavedSlots saved(*this, expr, Slot::kInner);
    Knowledge inner;
    for (std::size_t i = 1; i < expr.operands.size() && inner.known; ++i)
      inner.Add(Analyze(expr[i]));
    if (inner.open >= expr.number) inner.open = Knowledge::kNoSlot;
    outer.Add(inner);
    return outer;
  }

  static bool IsPure(const Expr& expr) {
    return std::ranges::all_of(expr.overloads,
                               [](const OverloadEntry* entry) { return entry->overload.pure; });
  }

  static std::uint32_t SlotsOf(const Expr& expr) { return expr.second.empty() ? 1 : 2; }

  // Gives the slots of a scope a state, and puts back the former at its end.
  class SavedSlots {
   public:
    SavedSlots(Specializer& owner, const Expr& scope, Slot state)
        : owner_(owner), first_(scope.number), count_(SlotsOf(scope)) {
      for (std::uint32_t i = 0; i < count_; ++i)
        before_[i] = std::exchange(owner.states_[first_ + i], state);
    }
    SavedSlots(const SavedSlots&) = delete;
    SavedSlots& operator=(const SavedSlots&) = delete;
    ~SavedSlots() {
      for (std::uint32_t i = 0; i < count_; ++i) owner_.states_[first_ + i] = before_[i];
    }

   private:
    Specializer& owner_;
    const std::uint32_t first_;
    const std::uint32_t count_;
    std::array<Slot, 2> before_ = {};
  };

  // ---- Computing.

  const Expr* Transform(const Expr* expr) {
    if (stopped_ || IsConstant(expr)) return expr;
    return Analyze(*expr).Computable() ? Compute(expr) : Remake(expr);
  }

  const Expr* Compute(const Expr* expr) {
    scratch_.Reset();
    const Node* plan = Plan(*expr, with_.tables, scratch_);
    Frame frame{with_.known, budget_, scratch_, locals_, scratch_.used() + budget_.bytes_max()};
    const Value value = plan->Eval(frame);
    if (value.absent()) {
      stopped_ = !lenient_;
      return expr;
    }
    // What is large stays an expression, and so does what can't be paid for.
    constexpr SizeLimit kLimit{base::limits::kCelFoldedElementsMax,
                               base::limits::kCelFoldedBytesMax};
    if (!IsWithin(value, kLimit)) return expr;
    const std::size_t before = arena_.used();
    const Value copy = DeepCopy(value, arena_);
    if (!budget_.Charge((arena_.used() - before) / 64)) {
      stopped_ = !lenient_;
      return expr;
    }
    // An object can't be copied: it is read again, and so is what holds one.
    return copy.absent() ? expr : Constant(*expr, copy);
  }

  const Expr* Constant(const Expr& in_place_of, const Value& value) {
    Expr* constant = arena_.New<Expr>();
    constant->offset = in_place_of.offset;
    constant->term = in_place_of.term;
    constant->value = value;
    return constant;
  }

  // ---- Parts that stay, with what can be computed inside them.

  const Expr* Remake(const Expr* expr) {
    switch (expr->kind) {
      case ExprKind::kAnd:
      case ExprKind::kOr: return Junction(expr);
      case ExprKind::kConditional: return Conditional(expr);
      case ExprKind::kLoop:
      case ExprKind::kBind:
      case ExprKind::kOptionalMap: return Scope(expr);
      default: return Strict(expr);
    }
  }

  // An unknown path has nothing inside; everything else fails with any of its operands.
  const Expr* Strict(const Expr* expr) {
    std::string path;
    if (ReadPath(*expr, path) != nullptr) return expr;
    std::vector<const Expr*> operands;
    for (const Expr* operand : expr->operands) {
      operands.push_back(Transform(operand));
      const bool lazy = operands.size() == 2 && IsLazyOr(*expr);
      if (IsError(*operands.back()) && !lazy) return operands.back();
    }
    return With(expr, operands);
  }

  const Expr* With(const Expr* expr, const std::vector<const Expr*>& operands) {
    if (std::ranges::equal(operands, expr->operands)) return expr;
    Expr* copy = Copy(*expr, operands);
    return std::ranges::all_of(operands, IsConstant) ? Transform(copy) : copy;
  }

  Expr* Copy(const Expr& expr, const std::vector<const Expr*>& operands) {
    Expr* copy = arena_.New<Expr>(expr);
    copy->operands = arena_.NewArray<Expr*>(operands.size());
    // Nobody changes a tree after the checker: that operands are not const serves only it.
    for (std::size_t i = 0; i < operands.size(); ++i)
      copy->operands[i] = const_cast<Expr*>(operands[i]);
    return copy;
  }

  // An operand that decides does so alone; one that never can is left out.
  const Expr* Junction(const Expr* expr) {
    const bool decisive = expr->is(ExprKind::kOr);
    std::vector<const Expr*> operands;
    for (const Expr* one : expr->operands) {
      const Expr* operand = Transform(one);
      if (IsConstant(operand) && operand->value.is(Kind::kBool)) {
        if (operand->value.AsBool() == decisive) return Constant(*expr, operand->value);
        continue;
      }
      operands.push_back(operand);
    }
    if (operands.empty()) return Constant(*expr, Value::Bool(!decisive));
    if (operands.size() == 1 && GivesBool(*operands[0])) return operands[0];
    if (std::ranges::equal(operands, expr->operands)) return expr;
    const Expr* copy = Copy(*expr, operands);
    return std::ranges::all_of(operands, IsConstant) ? Compute(copy) : copy;
  }

  const Expr* Conditional(const Expr* expr) {
    const Expr* condition = Transform(expr->operands[0]);
    if (IsError(*condition)) return condition;
    if (IsConstant(condition) && condition->value.is(Kind::kBool))
      return Transform(expr->operands[condition->value.AsBool() ? 1 : 2]);
    const std::vector<const Expr*> operands = {condition, Transform(expr->operands[1]),
                                               Transform(expr->operands[2])};
    return std::ranges::equal(operands, expr->operands) ? expr : Copy(*expr, operands);
  }

  const Expr* Scope(const Expr* expr) {
    std::vector<const Expr*> operands = {Transform(expr->operands[0])};
    const Expr& outer = *operands[0];
    // What cel.bind names may be an error that is never read.
    if (IsError(outer) && !expr->is(ExprKind::kBind)) return &outer;
    const bool bound = expr->is(ExprKind::kBind) && IsConstant(&outer);
    const SavedSlots saved(*this, *expr, bound ? Slot::kKnown : Slot::kUnknown);
    if (bound) locals_[expr->number] = outer.value;
    for (std::size_t i = 1; i < expr->operands.size(); ++i)
      operands.push_back(Transform(expr->operands[i]));
    if (bound && IsConstant(operands[1])) return operands[1];
    return std::ranges::equal(operands, expr->operands) ? expr : Copy(*expr, operands);
  }

  const Specialization& with_;
  Budget& budget_;
  const bool lenient_;
  Arena& arena_;
  Arena scratch_;
  std::unordered_map<const Expr*, Knowledge> analyzed_;
  std::vector<Slot> states_;
  std::vector<Value> locals_;
  bool anything_bound_ = false;
  bool stopped_ = false;
};

}  // namespace

const Expr* Specialize(const Expr& root, const Specialization& with, Budget& budget, bool lenient,
                       Arena& arena) {
  return Specializer(with, budget, lenient, arena).Run(root);
}

}  // namespace strongroom::cel
