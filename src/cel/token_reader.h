// Tokens one after the other, and what is wrong with them in the words of the reference parser
// (behaviour §9). Internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cel/lexer.h"
#include "cel/tree.h"

namespace strongroom::cel {

// Whether an expression can begin so.
bool StartsExpression(TokenKind kind);

// The signs that may stand where an expression begins: kExpressionSigns, or more of them.
inline constexpr std::string_view kExpressionSigns = "'[', '{', '(', '.', '-', '!', ";

class TokenReader {
 protected:
  TokenReader(std::vector<Token> tokens, const TreeMaker& make)
      : make_(make), tokens_(std::move(tokens)) {}

  const Token& Now() const { return tokens_[at_]; }
  bool Is(TokenKind kind) const { return Now().kind == kind; }
  // The current token; the next one becomes current.
  const Token& Advance() { return tokens_[at_++]; }
  bool Take(TokenKind kind) {
    if (!Is(kind)) return false;
    ++at_;
    return true;
  }

  // Takes the token, or reports that it is missing or something else in its place.
  bool Match(TokenKind kind);
  // Brackets: what is open decides what may follow.
  void Open(TokenKind closer) { closers_.push_back(closer); }
  bool Close(TokenKind closer);
  // … at the end of a list, where a comma would do as well.
  bool CloseList(TokenKind closer);

  Expr* Refuse(const std::string& message);
  // The current token is none of what was expected; it may only have been one too many.
  Expr* Unexpected(std::string_view expected, bool extra);
  Expr* NoExpression(std::string_view signs = kExpressionSigns);
  bool ComesNext(TokenKind kind) const { return !Is(TokenKind::kEnd) && After() == kind; }

  TreeMaker make_;

 private:
  TokenKind After() const;
  bool Follows(TokenKind missing) const;

  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<TokenKind> closers_;  // outermost first
};

}  // namespace strongroom::cel
