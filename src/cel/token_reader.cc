#include "cel/token_reader.h"

#include <algorithm>

namespace strongroom::cel {
namespace {

using enum TokenKind;

std::string Shown(const Token& token) {
  return token.kind == kEnd ? "'<EOF>'" : "'" + std::string(token.text) + "'";
}

}  // namespace

bool StartsExpression(TokenKind kind) {
  switch (kind) {
    case kLeftBracket:
    case kLeftBrace:
    case kLeftParen:
    case kDot:
    case kMinusSign:
    case kExclamation:
    case kTrue:
    case kFalse:
    case kNullWord:
    case kFloat:
    case kInteger:
    case kUnsigned:
    case kText:
    case kBytesText:
    case kIdentifier: return true;
    default: return false;
  }
}

TokenKind TokenReader::After() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)].kind; }

Expr* TokenReader::Refuse(const std::string& message) {
  return make_.Refuse(Now().offset, "Syntax error: " + message);
}

Expr* TokenReader::Unexpected(std::string_view expected, bool extra) {
  return Refuse((extra ? "extraneous input " : "mismatched input ") + Shown(Now()) + " expecting " +
                std::string(expected));
}

Expr* TokenReader::NoExpression(std::string_view signs) {
  const std::string expected =
      "{" + std::string(signs) +
      "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
  return Unexpected(expected, !Is(kEnd) && StartsExpression(After()));
}

bool TokenReader::Match(TokenKind kind) {
  if (Take(kind)) return true;
  if (!ComesNext(kind) && Follows(kind))
    Refuse("missing " + std::string(TokenName(kind)) + " at " + Shown(Now()));
  else
    Unexpected(TokenName(kind), ComesNext(kind));
  return false;
}

// Whether the current token could stand behind `missing`.
bool TokenReader::Follows(TokenKind missing) const {
  if (missing == kEnd) return false;
  if (missing == kColon) return StartsExpression(Now().kind);
  const TokenKind outer = closers_.size() < 2 ? kEnd : closers_[closers_.size() - 2];
  return Is(outer) || (Is(kComma) && outer != kEnd);
}

bool TokenReader::Close(TokenKind closer) {
  if (!Match(closer)) return false;
  closers_.pop_back();
  return true;
}

bool TokenReader::CloseList(TokenKind closer) {
  if (!Take(closer)) {
    Unexpected('{' + std::string(TokenName(closer)) + ", ','}",
               ComesNext(closer) || ComesNext(kComma));
    return false;
  }
  closers_.pop_back();
  return true;
}

}  // namespace strongroom::cel
