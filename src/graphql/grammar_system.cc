#include <algorithm>

#include "graphql/grammar.h"

namespace strongroom::graphql {
namespace {

using Kind = SystemDefinition::Kind;

constexpr std::string_view kKeywords[] = {"schema", "scalar", "type",  "interface",
                                          "union",  "enum",   "input", "directive"};

constexpr std::string_view kLocations[] = {"QUERY",
                                           "MUTATION",
                                           "SUBSCRIPTION",
                                           "FIELD",
                                           "FRAGMENT_DEFINITION",
                                           "FRAGMENT_SPREAD",
                                           "INLINE_FRAGMENT",
                                           "VARIABLE_DEFINITION",
                                           "SCHEMA",
                                           "SCALAR",
                                           "OBJECT",
                                           "FIELD_DEFINITION",
                                           "ARGUMENT_DEFINITION",
                                           "INTERFACE",
                                           "UNION",
                                           "ENUM",
                                           "ENUM_VALUE",
                                           "INPUT_OBJECT",
                                           "INPUT_FIELD_DEFINITION"};

template <typename Names>
bool Contains(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

InputValueDefinition ReadInputValue(TokenReader& in) {
  InputValueDefinition input;
  input.offset = in.Current().offset;
  input.description = in.ReadDescription();
  input.name = in.ReadName();
  in.Expect(TokenKind::kColon);
  input.type = ReadType(in);
  if (in.Skip(TokenKind::kEquals)) input.default_value = ReadValue(in, true);
  input.directives = ReadDirectives(in, true);
  return input;
}

std::span<const InputValueDefinition> ReadInputs(TokenReader& in, TokenKind open, TokenKind close) {
  return in.OptionalMany(open, close, [&] { return ReadInputValue(in); });
}

std::span<const FieldDefinition> ReadFields(TokenReader& in) {
  return in.OptionalMany(TokenKind::kBraceL, TokenKind::kBraceR, [&] {
    FieldDefinition field;
    field.offset = in.Current().offset;
    field.description = in.ReadDescription();
    field.name = in.ReadName();
    field.arguments = ReadInputs(in, TokenKind::kParenL, TokenKind::kParenR);
    in.Expect(TokenKind::kColon);
    field.type = ReadType(in);
    field.directives = ReadDirectives(in, true);
    return field;
  });
}

std::span<const EnumValueDefinition> ReadEnumValues(TokenReader& in) {
  return in.OptionalMany(TokenKind::kBraceL, TokenKind::kBraceR, [&] {
    EnumValueDefinition value;
    value.offset = in.Current().offset;
    value.description = in.ReadDescription();
    for (const std::string_view reserved : {"true", "false", "null"})
      if (in.PeekKeyword(reserved))
        in.Fail(in.Current().offset, "Name is reserved and cannot be used for an enum value");
    value.name = in.ReadName();
    value.directives = ReadDirectives(in, true);
    return value;
  });
}

std::span<const RootOperation> ReadRoots(TokenReader& in) {
  return in.Many(TokenKind::kBraceL, TokenKind::kBraceR, [&] {
    RootOperation root;
    root.kind = ReadOperationKind(in);
    in.Expect(TokenKind::kColon);
    root.type = in.ReadName();
    return root;
  });
}

std::span<const Name> ReadInterfaces(TokenReader& in) {
  if (!in.SkipKeyword("implements")) return {};
  return in.Delimited(TokenKind::kAmp, [&] { return in.ReadName(); });
}

void ReadDirectiveDefinition(TokenReader& in, SystemDefinition& out) {
  in.Expect(TokenKind::kAt);
  out.name = in.ReadName();
  out.inputs = ReadInputs(in, TokenKind::kParenL, TokenKind::kParenR);
  out.repeatable = in.SkipKeyword("repeatable");
  in.ExpectKeyword("on");
  out.names = in.Delimited(TokenKind::kPipe, [&] {
    const Token token = in.Expect(TokenKind::kName);
    if (!Contains(kLocations, token.text)) in.Unexpected(token);
    return Name{token.text, token.offset};
  });
}

void ReadSchemaDefinition(TokenReader& in, SystemDefinition& out) {
  out.directives = ReadDirectives(in, true);
  if (!out.extension || in.Peek(TokenKind::kBraceL)) out.roots = ReadRoots(in);
}

void ReadTypeDefinition(TokenReader& in, SystemDefinition& out) {
  out.name = in.ReadName();
  if (out.kind == Kind::kObject || out.kind == Kind::kInterface)
    out.interfaces = ReadInterfaces(in);
  out.directives = ReadDirectives(in, true);
  switch (out.kind) {
    case Kind::kObject:
    case Kind::kInterface: out.fields = ReadFields(in); return;
    case Kind::kEnum: out.values = ReadEnumValues(in); return;
    case Kind::kInput: out.inputs = ReadInputs(in, TokenKind::kBraceL, TokenKind::kBraceR); return;
    case Kind::kUnion:
      if (in.Skip(TokenKind::kEquals))
        out.names = in.Delimited(TokenKind::kPipe, [&] { return in.ReadName(); });
      return;
    case Kind::kSchema:
    case Kind::kScalar:
    case Kind::kDirective: return;
  }
}

bool AddsNothing(const SystemDefinition& out) {
  return out.directives.empty() && out.interfaces.empty() && out.fields.empty() &&
         out.inputs.empty() && out.values.empty() && out.names.empty() && out.roots.empty();
}

}  // namespace

bool IsSystemKeyword(std::string_view word) { return Contains(kKeywords, word); }

SystemDefinition ReadSystemDefinition(TokenReader& in) {
  SystemDefinition out;
  out.offset = in.Current().offset;
  out.description = in.ReadDescription();
  if (in.PeekKeyword("extend")) {
    out.extension = true;
    const Token next = in.Ahead();
    if (!IsSystemKeyword(next.text) || next.text == "directive") in.Unexpected(next);
    in.Advance();
  }
  const Token keyword = in.Expect(TokenKind::kName);
  const auto* which = std::find(std::begin(kKeywords), std::end(kKeywords), keyword.text);
  if (in.failed() || which == std::end(kKeywords)) return out;
  out.kind = static_cast<Kind>(which - std::begin(kKeywords));
  if (out.kind == Kind::kSchema)
    ReadSchemaDefinition(in, out);
  else if (out.kind == Kind::kDirective)
    ReadDirectiveDefinition(in, out);
  else
    ReadTypeDefinition(in, out);
  if (out.extension && AddsNothing(out)) in.Unexpected(in.Current());
  return out;
}

}  // namespace strongroom::graphql
