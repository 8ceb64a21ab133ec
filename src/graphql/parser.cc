#include "graphql/parser.h"

#include "graphql/grammar.h"
#include "graphql/lexer.h"
#include "graphql/token_reader.h"

namespace strongroom::graphql {
namespace {

// INVARIANT: recursion is bounded by NestingMax, which the lexer has checked.
const SelectionSet* ReadSelectionSet(TokenReader& in);

Selection ReadField(TokenReader& in) {
  Selection field;
  field.offset = in.Current().offset;
  field.name = in.ReadName();
  if (in.Skip(TokenKind::kColon)) {
    field.alias = field.name;
    field.name = in.ReadName();
  }
  field.arguments = ReadArguments(in, false);
  field.directives = ReadDirectives(in, false);
  if (in.Peek(TokenKind::kBraceL)) field.selection_set = ReadSelectionSet(in);
  return field;
}

Selection ReadFragment(TokenReader& in) {
  Selection fragment;
  fragment.offset = in.Current().offset;
  in.Advance();
  const bool conditional = in.SkipKeyword("on");
  if (!conditional && in.Peek(TokenKind::kName)) {
    fragment.kind = Selection::Kind::kSpread;
    fragment.name = in.ReadName();
    fragment.directives = ReadDirectives(in, false);
    return fragment;
  }
  fragment.kind = Selection::Kind::kInline;
  if (conditional) fragment.type_condition = in.ReadName();
  fragment.directives = ReadDirectives(in, false);
  fragment.selection_set = ReadSelectionSet(in);
  return fragment;
}

const SelectionSet* ReadSelectionSet(TokenReader& in) {
  SelectionSet set;
  set.offset = in.Current().offset;
  set.selections = in.Many(TokenKind::kBraceL, TokenKind::kBraceR, [&] {
    return in.Peek(TokenKind::kSpread) ? ReadFragment(in) : ReadField(in);
  });
  return in.Keep(set);
}

VariableDefinition ReadVariableDefinition(TokenReader& in) {
  VariableDefinition variable;
  variable.offset = in.Current().offset;
  in.ReadDescription();
  variable.name_offset = in.Expect(TokenKind::kDollar).offset;
  variable.name = in.ReadName();
  in.Expect(TokenKind::kColon);
  variable.type = ReadType(in);
  if (in.Skip(TokenKind::kEquals)) variable.default_value = ReadValue(in, true);
  variable.directives = ReadDirectives(in, true);
  return variable;
}

OperationDefinition ReadOperation(TokenReader& in) {
  OperationDefinition operation;
  operation.offset = in.Current().offset;
  if (!in.Peek(TokenKind::kBraceL)) {
    in.ReadDescription();
    operation.kind = ReadOperationKind(in);
    if (in.Peek(TokenKind::kName)) operation.name = in.ReadName();
    operation.variables = in.OptionalMany(TokenKind::kParenL, TokenKind::kParenR,
                                          [&] { return ReadVariableDefinition(in); });
    operation.directives = ReadDirectives(in, false);
  }
  operation.selection_set = ReadSelectionSet(in);
  return operation;
}

FragmentDefinition ReadFragmentDefinition(TokenReader& in) {
  FragmentDefinition fragment;
  fragment.offset = in.Current().offset;
  in.ReadDescription();
  in.ExpectKeyword("fragment");
  if (in.PeekKeyword("on")) in.Unexpected(in.Current());
  fragment.name = in.ReadName();
  in.ExpectKeyword("on");
  fragment.type_condition = in.ReadName();
  fragment.directives = ReadDirectives(in, false);
  fragment.selection_set = ReadSelectionSet(in);
  return fragment;
}

Definition ReadDefinition(TokenReader& in) {
  Definition definition;
  const bool described = in.PeekDescription();
  const Token keyword = described ? in.Ahead() : in.Current();
  const std::string_view word = keyword.kind == TokenKind::kName ? keyword.text : "";
  const bool system = IsSystemKeyword(word) || (word == "extend" && !described);
  const bool operation = keyword.kind == TokenKind::kBraceL || word == "query" ||
                         word == "mutation" || word == "subscription";
  // graphql-js 16 takes descriptions on operations and fragments too, but not on a bare `{`.
  const bool bare = keyword.kind == TokenKind::kBraceL || !(system || operation || word.empty());
  if (described && bare && word != "fragment")
    in.Fail(in.Current().offset, "Unexpected description");
  else if (operation)
    definition.operation = in.Keep(ReadOperation(in));
  else if (word == "fragment")
    definition.fragment = in.Keep(ReadFragmentDefinition(in));
  else if (system)
    definition.system = in.Keep(ReadSystemDefinition(in));
  else
    in.Unexpected(keyword);
  return definition;
}

}  // namespace

ParseResult Parse(std::string text, const Limits& limits) {
  auto document = std::make_shared<Document>(std::move(text));
  auto lexed = Lex(document->text(), limits, *document->arena());
  if (auto* passed = std::get_if<RequestError>(&lexed)) return std::move(*passed);
  TokenReader in(std::get<TokenList>(std::move(lexed)), *document);
  std::vector<Definition> definitions;
  do definitions.push_back(ReadDefinition(in));
  while (!in.failed() && !in.Peek(TokenKind::kEnd));
  if (in.failed()) return in.error();
  document->set_definitions(in.KeepAll(definitions));
  return std::shared_ptr<const Document>(std::move(document));
}

}  // namespace strongroom::graphql
