#include "cel/parser.h"

#include <array>
#include <string>

#include "cel/literal.h"
#include "cel/token_reader.h"
#include "cel/tree.h"

namespace strongroom::cel {
namespace {

using enum TokenKind;

// Words that can't be names (they can be fields and methods).
constexpr auto kReserved = std::to_array<std::string_view>(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
     "package", "namespace", "return", "var", "void", "while"});

bool IsNumberToken(TokenKind kind) { return kind == kInteger || kind == kFloat; }

struct Binary {
  Op op = Op::kFunction;
  int strength = 0;  // 0: no operator
};
Binary BinaryOf(TokenKind kind) {
  switch (kind) {
    case kLessSign: return {Op::kBelow, 1};
    case kLessEqualsSign: return {Op::kAtMost, 1};
    case kGreaterSign: return {Op::kAbove, 1};
    case kGreaterEqualsSign: return {Op::kAtLeast, 1};
    case kEqualsSign: return {Op::kSame, 1};
    case kNotEqualsSign: return {Op::kDifferent, 1};
    case kInWord: return {Op::kWithin, 1};
    case kPlusSign: return {Op::kPlus, 2};
    case kMinusSign: return {Op::kMinus, 2};
    case kStar: return {Op::kTimes, 3};
    case kSlash: return {Op::kQuotient, 3};
    case kPercent: return {Op::kRemainder, 3};
    default: return {};
  }
}

// Recursive descent; every way down passes Enter, so the stack is as deep as depth_max allows.
class Parser : private TokenReader {
 public:
  Parser(std::vector<Token> tokens, const ParseOptions& options, Arena& arena,
         std::vector<Issue>& issues)
      : TokenReader(std::move(tokens), TreeMaker(arena, issues, options.depth_max)),
        options_(options) {}

  Expr* Run() {
    Expr* expr = Expression();
    return expr != nullptr && Match(kEnd) ? expr : nullptr;
  }

 private:
  // ---- Depth. What is open in the text can be no deeper than a tree may be.

  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) { ++parser_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --parser_.level_; }
    bool TooDeep() const { return parser_.level_ > parser_.options_.depth_max; }

   private:
    Parser& parser_;
  };

  // ---- The grammar, a function per rule.

  // a ? b : c
  Expr* Expression() {
    const Level level(*this);
    if (level.TooDeep()) return make_.RefuseDepth(Now().offset);
    Expr* condition = Junction(kOrSign);
    if (condition == nullptr || !Is(kQuestionMark)) return condition;
    const std::uint32_t offset = Now().offset;
    Advance();
    Expr* yes = Junction(kOrSign);
    if (yes == nullptr || !Match(kColon)) return nullptr;
    Expr* no = Expression();
    if (no == nullptr) return nullptr;
    const std::array operands = {condition, yes, no};
    return make_.Give(make_.New(ExprKind::kConditional, offset), operands);
  }

  // a || b || c, each of them a && b && c: one node, however many.
  Expr* Junction(TokenKind sign) {
    const bool outer = sign == kOrSign;
    Expr* first = outer ? Junction(kAndSign) : Operators(1);
    if (first == nullptr || !Is(sign)) return first;
    Expr* junction = make_.New(outer ? ExprKind::kOr : ExprKind::kAnd, Now().offset);
    std::vector<Expr*> operands = {first};
    while (Take(sign)) {
      operands.push_back(outer ? Junction(kAndSign) : Operators(1));
      if (operands.back() == nullptr) return nullptr;
    }
    return make_.Give(junction, operands);
  }

  // Comparisons, sums, products: those that bind at least as strongly.
  Expr* Operators(int strength) {
    Expr* left = Unary();
    while (left != nullptr) {
      const Binary binary = BinaryOf(Now().kind);
      if (binary.strength < strength || binary.strength == 0) return left;
      const std::uint32_t offset = Now().offset;
      Advance();
      Expr* right = Operators(binary.strength + 1);
      if (right == nullptr) return nullptr;
      const std::array operands = {left, right};
      left = make_.Call(OpName(binary.op), binary.op, offset, operands);
    }
    return nullptr;
  }

  // !a, -a: two of the same are none.
  Expr* Unary() {
    const TokenKind sign = Now().kind;
    if (sign != kExclamation && sign != kMinusSign) return Member();
    const std::uint32_t offset = Now().offset;
    std::size_t count = 0;
    for (; Is(sign); Advance()) ++count;
    Expr* operand = nullptr;
    if (sign == kMinusSign && IsNumberToken(Now().kind)) {
      // The last minus is the number's own.
      --count;
      negative_ = true;
    }
    operand = Member();
    if (operand == nullptr || count % 2 == 0) return operand;
    const Op op = sign == kExclamation ? Op::kInverse : Op::kOpposite;
    const std::array operands = {operand};
    return make_.Call(OpName(op), op, offset, operands);
  }

  // a.b, a.?b, a.f(x), a[i], a[?i]
  Expr* Member() {
    Expr* expr = Primary();
    while (expr != nullptr) {
      if (Is(kDot))
        expr = Select(expr);
      else if (Is(kLeftBracket))
        expr = Index(expr);
      else
        return expr;
    }
    return nullptr;
  }

  Expr* Select(Expr* target) {
    const Token dot = Now();
    Advance();
    const bool optional = Take(kQuestionMark);
    const Token name = Now();
    if (!Is(kIdentifier) && !Is(kQuotedIdentifier))
      return Refuse("no viable alternative at input '." + std::string(name.text) + "'");
    Advance();
    if (!optional && Is(kLeftParen) && name.kind == kIdentifier) {
      const std::uint32_t offset = Now().offset;
      std::vector<Expr*> operands = {target};
      return Arguments(operands) ? Call(name.text, offset, operands, true) : nullptr;
    }
    Expr* select = make_.New(ExprKind::kSelect, dot.offset);
    select->name = name.text;
    if (name.kind == kQuotedIdentifier) select->name = name.text.substr(1, name.text.size() - 2);
    select->optional = optional;
    const std::array operands = {target};
    return make_.Give(select, operands);
  }

  Expr* Index(Expr* target) {
    const std::uint32_t offset = Now().offset;
    Advance();
    const Op op = Take(kQuestionMark) ? Op::kOptionalAt : Op::kAt;
    Open(kRightBracket);
    Expr* index = Expression();
    if (index == nullptr || !Close(kRightBracket)) return nullptr;
    const std::array operands = {target, index};
    return make_.Call(OpName(op), op, offset, operands);
  }

  // (a, b, c); the current token is the parenthesis.
  bool Arguments(std::vector<Expr*>& operands) {
    Advance();
    Open(kRightParen);
    if (!Is(kRightParen)) {
      if (!StartsExpression(Now().kind)) {
        NoExpression("'[', '{', '(', ')', '.', '-', '!', ");
        return false;
      }
      do {
        operands.push_back(Expression());
        if (operands.back() == nullptr) return false;
      } while (Take(kComma));
    }
    return Close(kRightParen);
  }
  Expr* Call(std::string_view name, std::uint32_t offset, std::span<Expr* const> operands,
             bool member, bool absolute = false) {
    Expr* call = make_.Call(name, Op::kFunction, offset, operands);
    if (call == nullptr) return nullptr;
    call->member = member;
    call->absolute = absolute;
    return options_.macros && !absolute ? ExpandMacro(make_, call) : call;
  }

  Expr* Primary() {
    switch (Now().kind) {
      case kLeftParen: {
        Advance();
        Open(kRightParen);
        Expr* inner = Expression();
        return inner != nullptr && Close(kRightParen) ? inner : nullptr;
      }
      case kLeftBracket: return List();
      case kLeftBrace: return Map();
      case kDot:
      case kIdentifier: return Name();
      case kTrue:
      case kFalse:
      case kNullWord:
      case kFloat:
      case kInteger:
      case kUnsigned:
      case kText:
      case kBytesText: return Literal();
      default: return NoExpression();
    }
  }

  Expr* Literal() {
    const bool negative = std::exchange(negative_, false);
    std::string_view problem;
    const Value value = ReadLiteral(Now(), negative, make_.arena(), problem);
    if (value.absent()) return make_.Refuse(Now().offset, std::string(problem));
    return make_.Constant(value, Advance().offset);
  }

  Expr* Name() {
    const std::uint32_t start = Now().offset;
    const bool absolute = Take(kDot);
    if (!Is(kIdentifier)) return Unexpected("IDENTIFIER", ComesNext(kIdentifier));
    const Token name = Now();
    Advance();
    if (std::ranges::find(kReserved, name.text) != kReserved.end())
      return make_.Refuse(name.offset, "reserved identifier: " + std::string(name.text));
    if (Is(kLeftParen)) {
      const std::uint32_t offset = Now().offset;
      std::vector<Expr*> operands;
      return Arguments(operands) ? Call(name.text, offset, operands, false, absolute) : nullptr;
    }
    if (Is(kLeftBrace)) return make_.Refuse(Now().offset, "message literals are not supported");
    Expr* expr = make_.New(ExprKind::kName, start);
    expr->name = name.text;
    expr->absolute = absolute;
    return expr;
  }

  // [a, ?b, c,]
  Expr* List() {
    Expr* list = make_.New(ExprKind::kList, Now().offset);
    Advance();
    std::vector<Expr*> operands;
    std::vector<bool> optionals;
    Open(kRightBracket);
    while (!Is(kRightBracket)) {
      if (Is(kComma) && operands.empty()) {
        Advance();
        break;
      }
      if (operands.empty() && !Is(kQuestionMark) && !StartsExpression(Now().kind))
        return NoExpression("'[', ']', '{', '(', '.', ',', '-', '!', '?', ");
      optionals.push_back(Take(kQuestionMark));
      operands.push_back(Expression());
      if (operands.back() == nullptr) return nullptr;
      if (!Take(kComma)) break;
    }
    if (!CloseList(kRightBracket)) return nullptr;
    return Collection(list, operands, optionals);
  }

  // {a: b, ?c: d,}
  Expr* Map() {
    Expr* map = make_.New(ExprKind::kMap, Now().offset);
    Advance();
    std::vector<Expr*> operands;
    std::vector<bool> optionals;
    Open(kRightBrace);
    while (!Is(kRightBrace)) {
      if (Is(kComma) && operands.empty()) {
        Advance();
        break;
      }
      if (operands.empty() && !Is(kQuestionMark) && !StartsExpression(Now().kind))
        return NoExpression("'[', '{', '}', '(', '.', ',', '-', '!', '?', ");
      optionals.push_back(Take(kQuestionMark));
      operands.push_back(Expression());
      if (operands.back() == nullptr || !Match(kColon)) return nullptr;
      operands.push_back(Expression());
      if (operands.back() == nullptr) return nullptr;
      if (!Take(kComma)) break;
    }
    if (!CloseList(kRightBrace)) return nullptr;
    return Collection(map, operands, optionals);
  }

  Expr* Collection(Expr* expr, const std::vector<Expr*>& operands,
                   const std::vector<bool>& optionals) {
    if (std::ranges::find(optionals, true) != optionals.end()) {
      expr->optionals = make_.arena().NewArray<bool>(optionals.size());
      std::ranges::copy(optionals, expr->optionals.begin());
    }
    return make_.Give(expr, operands);
  }

  const ParseOptions& options_;
  std::size_t level_ = 0;
  bool negative_ = false;  // a minus waits for the number that follows
};

}  // namespace

Expr* Parse(std::string_view source, const ParseOptions& options, Arena& arena,
            std::vector<Issue>& issues) {
  std::vector<Token> tokens = Tokenize(source, issues);
  Expr* expr = Parser(std::move(tokens), options, arena, issues).Run();
  return issues.empty() ? expr : nullptr;
}

}  // namespace strongroom::cel
