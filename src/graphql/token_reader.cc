#include "graphql/token_reader.h"

#include <fmt/format.h>

namespace strongroom::graphql {

TokenReader::TokenReader(TokenList tokens, Document& document)
    : list_(std::move(tokens)), document_(document) {
  if (Current().kind != TokenKind::kFault) return;
  error_ = list_.fault;
  failed_ = true;
}

void TokenReader::Advance() {
  if (failed_ || Current().kind == TokenKind::kEnd) return;
  if (list_.tokens[++at_].kind != TokenKind::kFault) return;
  error_ = list_.fault;
  failed_ = true;
}

const Token& TokenReader::Ahead() {
  if (failed_ || Current().kind == TokenKind::kEnd) return Current();
  const Token& next = list_.tokens[at_ + 1];
  if (next.kind == TokenKind::kFault) {
    error_ = list_.fault;
    failed_ = true;
  }
  return next;
}

Token TokenReader::Expect(TokenKind kind) {
  const Token token = Current();
  if (token.kind == kind) {
    Advance();
  } else {
    Fail(token.offset,
         fmt::format("Expected {}, found {}", TokenKindName(kind), TokenKindName(token.kind)));
  }
  return token;
}

bool TokenReader::Skip(TokenKind kind) {
  if (!Peek(kind)) return false;
  Advance();
  return true;
}

void TokenReader::ExpectKeyword(std::string_view word) {
  if (SkipKeyword(word)) return;
  Fail(Current().offset, fmt::format("Expected {}, found {}", word, TokenKindName(Current().kind)));
}

bool TokenReader::SkipKeyword(std::string_view word) {
  if (!PeekKeyword(word)) return false;
  Advance();
  return true;
}

void TokenReader::Unexpected(const Token& token) {
  Fail(token.offset, fmt::format("Unexpected {}", TokenKindName(token.kind)));
}

void TokenReader::Fail(std::uint32_t offset, std::string message) {
  if (failed_) return;
  error_ = {base::ErrorCode::kGraphqlParseFailed,
            std::move(message),
            "",
            {LocationAt(document_.text(), offset)}};
  failed_ = true;
}

std::string_view TokenReader::ReadDescription() {
  if (!PeekDescription()) return {};
  const std::string_view text = Current().text;
  Advance();
  return text;
}

}  // namespace strongroom::graphql
