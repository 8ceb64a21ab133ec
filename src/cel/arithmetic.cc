// + - * / % of numbers, text, lists and times.
#include <limits>

#include "cel/lib/time.h"
#include "cel/node.h"

namespace strongroom::cel {
namespace {

using Code = EvaluationErrorCode;

class Sum {
 public:
  Sum(Frame& frame, Op op, std::uint32_t offset) : frame_(frame), op_(op), offset_(offset) {}

  Value Run(const Value& a, const Value& b) const {
    if (a.kind() == b.kind()) switch (a.kind()) {
        case Kind::kInt: return Ints(a.AsInt(), b.AsInt());
        case Kind::kUint: return Uints(a.AsUint(), b.AsUint());
        case Kind::kDouble: return Doubles(a.AsDouble(), b.AsDouble());
        case Kind::kString: return Text(a, b, a.AsString(), b.AsString());
        case Kind::kBytes: return Text(a, b, a.AsBytes(), b.AsBytes());
        case Kind::kList: return Lists(a, b);
        default: break;
      }
    return Times(a, b);
  }

 private:
  Value Overflow(std::string_view what) const {
    return Fail(frame_, Code::kOverflow, what, offset_);
  }
  Value ByZero() const {
    return Fail(frame_, Code::kDivideByZero,
                op_ == Op::kRemainder ? "modulus by zero" : "division by zero", offset_);
  }

  Value Ints(std::int64_t a, std::int64_t b) const {
    std::int64_t result = 0;
    bool overflow = false;
    switch (op_) {
      case Op::kPlus: overflow = __builtin_add_overflow(a, b, &result); break;
      case Op::kMinus: overflow = __builtin_sub_overflow(a, b, &result); break;
      case Op::kTimes: overflow = __builtin_mul_overflow(a, b, &result); break;
      default:
        if (b == 0) return ByZero();
        overflow = b == -1 && a == std::numeric_limits<std::int64_t>::min();
        if (!overflow) result = op_ == Op::kQuotient ? a / b : a % b;
    }
    return overflow ? Overflow("integer overflow") : Value::Int(result);
  }

  Value Uints(std::uint64_t a, std::uint64_t b) const {
    std::uint64_t result = 0;
    bool overflow = false;
    switch (op_) {
      case Op::kPlus: overflow = __builtin_add_overflow(a, b, &result); break;
      case Op::kMinus: overflow = __builtin_sub_overflow(a, b, &result); break;
      case Op::kTimes: overflow = __builtin_mul_overflow(a, b, &result); break;
      default:
        if (b == 0) return ByZero();
        result = op_ == Op::kQuotient ? a / b : a % b;
    }
    return overflow ? Overflow("unsigned integer overflow") : Value::Uint(result);
  }

  // cel-spec: ieee 754, so nothing overflows and 1.0 / 0.0 is infinite; there is no %.
  Value Doubles(double a, double b) const {
    switch (op_) {
      case Op::kPlus: return Value::Double(a + b);
      case Op::kMinus: return Value::Double(a - b);
      case Op::kTimes: return Value::Double(a * b);
      case Op::kQuotient: return Value::Double(a / b);
      default: return {};
    }
  }

  Value Text(const Value& a, const Value& b, std::string_view left, std::string_view right) const {
    if (op_ != Op::kPlus) return {};
    if (left.empty()) return b;
    if (right.empty()) return a;
    const std::size_t size = left.size() + right.size();
    if (!frame_.budget.ChargeBytes(size)) return {};
    char* text = static_cast<char*>(frame_.arena.Allocate(size, 1));
    left.copy(text, left.size());
    right.copy(text + left.size(), right.size());
    const std::string_view joined(text, size);
    return a.is(Kind::kString) ? Value::String(joined) : Value::Bytes(joined);
  }

  Value Lists(const Value& a, const Value& b) const {
    if (op_ != Op::kPlus) return {};
    const std::size_t size = a.Size() + b.Size();
    if (!frame_.budget.Charge(size)) return {};
    const auto elements = frame_.arena.NewArray<Value>(size);
    std::size_t at = 0;
    for (const Value* list : {&a, &b})
      for (std::size_t i = 0, count = list->Size(); i < count; ++i)
        elements[at++] = list->At(i, frame_.arena);
    return Value::List(elements);
  }

  template <typename Time>
  Value Give(const std::optional<Time>& time) const {
    if (!time) return Fail(frame_, Code::kOutOfRange, "out of range of times", offset_);
    if constexpr (std::is_same_v<Time, TimestampValue>)
      return Value::Timestamp(*time);
    else
      return Value::Duration(*time);
  }

  Value Times(const Value& a, const Value& b) const {
    const bool plus = op_ == Op::kPlus;
    if (!plus && op_ != Op::kMinus) return {};
    if (a.is(Kind::kDuration) && b.is(Kind::kDuration))
      return Give(plus ? Plus(a.AsDuration(), b.AsDuration())
                       : Minus(a.AsDuration(), b.AsDuration()));
    if (a.is(Kind::kTimestamp) && b.is(Kind::kDuration))
      return Give(plus ? Plus(a.AsTimestamp(), b.AsDuration())
                       : Minus(a.AsTimestamp(), b.AsDuration()));
    if (plus && a.is(Kind::kDuration) && b.is(Kind::kTimestamp))
      return Give(Plus(b.AsTimestamp(), a.AsDuration()));
    if (!plus && a.is(Kind::kTimestamp) && b.is(Kind::kTimestamp))
      return Give(Minus(a.AsTimestamp(), b.AsTimestamp()));
    return {};
  }

  Frame& frame_;
  const Op op_;
  const std::uint32_t offset_;
};

}  // namespace

Value Arithmetic(Frame& frame, Op op, const Value& a, const Value& b, std::uint32_t offset) {
  return Sum(frame, op, offset).Run(a, b);
}

Value Opposite(Frame& frame, const Value& a, std::uint32_t offset) {
  if (a.is(Kind::kDouble)) return Value::Double(-a.AsDouble());
  if (!a.is(Kind::kInt)) return {};
  if (a.AsInt() == std::numeric_limits<std::int64_t>::min())
    return Fail(frame, Code::kOverflow, "integer overflow", offset);
  return Value::Int(-a.AsInt());
}

}  // namespace strongroom::cel
