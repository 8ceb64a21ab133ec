// Text to tokens, all at once: bytes, tokens and nesting are counted here, before any tree.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <variant>
#include <vector>

#include "graphql/limits.h"
#include "graphql/source.h"

namespace strongroom::graphql {

enum class TokenKind : std::uint8_t {
  kBang,
  kDollar,
  kAmp,
  kParenL,
  kParenR,
  kSpread,
  kColon,
  kEquals,
  kAt,
  kBracketL,
  kBracketR,
  kBraceL,
  kPipe,
  kBraceR,
  kName,
  kInt,
  kFloat,
  kString,
  kBlockString,
  kEnd,
  kFault,  // no token can be read here; TokenList::fault says why
};

// As an error message names it: `{`, `Name`, `<EOF>`.
std::string_view TokenKindName(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t offset = 0;
  std::string_view text;  // names and numbers as written, strings decoded; else empty
};

struct TokenList {
  std::vector<Token> tokens;  // the last one is kEnd or kFault
  RequestError fault;
};

// A fault of the text is no failure of Lex: the parser reports whichever comes first. Fails with
// kLimitExceeded only. Decoded strings live in `arena`, everything else in `text`.
std::variant<TokenList, RequestError> Lex(std::string_view text, const Limits& limits,
                                          std::pmr::memory_resource& arena);

// How deep brackets of any kind may nest; the parser's stack is bounded by it.
std::size_t NestingMax(const Limits& limits);

}  // namespace strongroom::graphql
