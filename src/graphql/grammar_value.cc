#include "graphql/grammar.h"

namespace strongroom::graphql {
namespace {

Value ReadNameValue(const Token& token) {
  Value value;
  value.offset = token.offset;
  if (token.text == "true" || token.text == "false") {
    value.kind = Value::Kind::kBoolean;
    value.boolean = token.text == "true";
  } else if (token.text != "null") {
    value.kind = Value::Kind::kEnum;
    value.text = token.text;
  }
  return value;
}

Value ReadVariable(TokenReader& in, bool constant) {
  const Token dollar = in.Expect(TokenKind::kDollar);
  if (constant) in.Unexpected(dollar);
  Value value;
  value.kind = Value::Kind::kVariable;
  value.offset = dollar.offset;
  value.text = in.ReadName().text;
  return value;
}

Value ReadList(TokenReader& in, bool constant) {
  Value value;
  value.kind = Value::Kind::kList;
  value.offset = in.Current().offset;
  value.items =
      in.Any(TokenKind::kBracketL, TokenKind::kBracketR, [&] { return ReadValue(in, constant); });
  return value;
}

Value ReadObject(TokenReader& in, bool constant) {
  Value value;
  value.kind = Value::Kind::kObject;
  value.offset = in.Current().offset;
  value.fields = in.Any(TokenKind::kBraceL, TokenKind::kBraceR, [&] {
    const Name name = in.ReadName();
    in.Expect(TokenKind::kColon);
    return ObjectField{name, ReadValue(in, constant)};
  });
  return value;
}

Value ReadScalar(TokenReader& in, Value::Kind kind) {
  Value value;
  value.kind = kind;
  value.block = in.Peek(TokenKind::kBlockString);
  value.offset = in.Current().offset;
  value.text = in.Current().text;
  in.Advance();
  return value;
}

Value ReadAnyValue(TokenReader& in, bool constant) {
  const Token token = in.Current();
  switch (token.kind) {
    case TokenKind::kBracketL: return ReadList(in, constant);
    case TokenKind::kBraceL: return ReadObject(in, constant);
    case TokenKind::kInt: return ReadScalar(in, Value::Kind::kInt);
    case TokenKind::kFloat: return ReadScalar(in, Value::Kind::kFloat);
    case TokenKind::kString:
    case TokenKind::kBlockString: return ReadScalar(in, Value::Kind::kString);
    case TokenKind::kName: in.Advance(); return ReadNameValue(token);
    case TokenKind::kDollar: return ReadVariable(in, constant);
    default: in.Unexpected(token); return {};
  }
}

}  // namespace

const Value* ReadValue(TokenReader& in, bool constant) {
  return in.Keep(ReadAnyValue(in, constant));
}

std::span<const Argument> ReadArguments(TokenReader& in, bool constant) {
  return in.OptionalMany(TokenKind::kParenL, TokenKind::kParenR, [&] {
    const Name name = in.ReadName();
    in.Expect(TokenKind::kColon);
    return Argument{name, ReadValue(in, constant)};
  });
}

std::span<const Directive> ReadDirectives(TokenReader& in, bool constant) {
  std::vector<Directive> directives;
  while (in.Peek(TokenKind::kAt)) {
    Directive directive;
    directive.offset = in.Current().offset;
    in.Advance();
    directive.name = in.ReadName();
    directive.arguments = ReadArguments(in, constant);
    directives.push_back(directive);
  }
  return in.KeepAll(directives);
}

const TypeNode* ReadType(TokenReader& in) {
  TypeNode type;
  type.offset = in.Current().offset;
  if (in.Skip(TokenKind::kBracketL)) {
    type.kind = TypeNode::Kind::kList;
    type.inner = ReadType(in);
    in.Expect(TokenKind::kBracketR);
  } else {
    type.name = in.ReadName();
  }
  const TypeNode* kept = in.Keep(type);
  if (!in.Skip(TokenKind::kBang)) return kept;
  return in.Keep(TypeNode{TypeNode::Kind::kNonNull, type.offset, {}, kept});
}

OperationKind ReadOperationKind(TokenReader& in) {
  const Token token = in.Expect(TokenKind::kName);
  if (token.text == "mutation") return OperationKind::kMutation;
  if (token.text == "subscription") return OperationKind::kSubscription;
  if (token.text != "query") in.Unexpected(token);
  return OperationKind::kQuery;
}

}  // namespace strongroom::graphql
