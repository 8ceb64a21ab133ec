// Text to tokens. Internal.
#pragma once

#include <string_view>
#include <vector>

#include "cel/issue.h"

namespace strongroom::cel {

// In the order in which the reference grammar declares them: lists of what was expected follow it.
enum class TokenKind : std::uint8_t {
  kEqualsSign,
  kNotEqualsSign,
  kInWord,
  kLessSign,
  kLessEqualsSign,
  kGreaterEqualsSign,
  kGreaterSign,
  kAndSign,
  kOrSign,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kLeftParen,
  kRightParen,
  kDot,
  kComma,
  kMinusSign,
  kExclamation,
  kQuestionMark,
  kColon,
  kPlusSign,
  kStar,
  kSlash,
  kPercent,
  kTrue,
  kFalse,
  kNullWord,
  kFloat,
  kInteger,
  kUnsigned,
  kText,
  kBytesText,
  kIdentifier,
  kQuotedIdentifier,
  kEnd,
};

// As error messages name it: `']'`, IDENTIFIER, <EOF>.
std::string_view TokenName(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t offset = 0;
  std::string_view text;
};

// The tokens, ending with kEnd. What is no token is left out and noted as an issue (its line and
// column are for the caller to fill in).
std::vector<Token> Tokenize(std::string_view source, std::vector<Issue>& issues);

}  // namespace strongroom::cel
