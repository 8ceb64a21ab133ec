#include "cel/lexer.h"

#include <array>

#include "base/check.h"

namespace strongroom::cel {
namespace {

constexpr std::array<std::string_view, 36> kTokenNames = {
    "'=='",      "'!='",    "'in'",     "'<'",    "'<='",   "'>='",       "'>'",
    "'&&'",      "'||'",    "'['",      "']'",    "'{'",    "'}'",        "'('",
    "')'",       "'.'",     "','",      "'-'",    "'!'",    "'?'",        "':'",
    "'+'",       "'*'",     "'/'",      "'%'",    "'true'", "'false'",    "'null'",
    "NUM_FLOAT", "NUM_INT", "NUM_UINT", "STRING", "BYTES",  "IDENTIFIER", "ESC_IDENTIFIER",
    "<EOF>"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOctal(char c) { return c >= '0' && c <= '7'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  Lexer(std::string_view source, std::vector<Issue>& issues) : source_(source), issues_(issues) {}

  std::vector<Token> Run() {
    tokens_.reserve(source_.size() / 4 + 2);
    for (SkipBlank(); at_ < source_.size(); SkipBlank()) {
      start_ = at_;
      if (!Next()) Refuse();
    }
    start_ = at_;
    Add(TokenKind::kEnd);
    return std::move(tokens_);
  }

 private:
  // The character `ahead` of the current one; NUL at the end, which starts no token.
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void SkipBlank() {
    for (; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '/' && Peek(1) == '/') {
        while (at_ < source_.size() && source_[at_] != '\n') ++at_;
        --at_;
      } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') {
        return;
      }
    }
  }

  bool Add(TokenKind kind) {
    tokens_.push_back(
        {kind, static_cast<std::uint32_t>(start_), source_.substr(start_, at_ - start_)});
    return true;
  }
  bool Add(TokenKind kind, std::size_t length) {
    at_ += length;
    return Add(kind);
  }

  // at_ is the character that can't be: the reference lexer names the text up to it, and goes on
  // behind it.
  void Refuse() {
    if (at_ < source_.size()) {
      ++at_;
      while (at_ < source_.size() && (source_[at_] & 0xC0) == 0x80) ++at_;
    }
    Issue issue;
    issue.offset = static_cast<std::uint32_t>(start_);
    issue.message = "Syntax error: token recognition error at: '" +
                    std::string(source_.substr(start_, at_ - start_)) + "'";
    issues_.push_back(std::move(issue));
  }

  bool Next() {
    const char c = Peek();
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    if (c == '\'' || c == '"') return Text(TokenKind::kText, false);
    if (IsLetter(c)) return PrefixedTextOrWord();
    if (c == '`') return QuotedIdentifier();
    return Sign(c);
  }

  bool Sign(char c) {
    switch (c) {
      case '[': return Add(TokenKind::kLeftBracket, 1);
      case ']': return Add(TokenKind::kRightBracket, 1);
      case '{': return Add(TokenKind::kLeftBrace, 1);
      case '}': return Add(TokenKind::kRightBrace, 1);
      case '(': return Add(TokenKind::kLeftParen, 1);
      case ')': return Add(TokenKind::kRightParen, 1);
      case '.': return Add(TokenKind::kDot, 1);
      case ',': return Add(TokenKind::kComma, 1);
      case '-': return Add(TokenKind::kMinusSign, 1);
      case '?': return Add(TokenKind::kQuestionMark, 1);
      case ':': return Add(TokenKind::kColon, 1);
      case '+': return Add(TokenKind::kPlusSign, 1);
      case '*': return Add(TokenKind::kStar, 1);
      case '/': return Add(TokenKind::kSlash, 1);
      case '%': return Add(TokenKind::kPercent, 1);
      case '!': return Pair('=', TokenKind::kNotEqualsSign, TokenKind::kExclamation);
      case '<': return Pair('=', TokenKind::kLessEqualsSign, TokenKind::kLessSign);
      case '>': return Pair('=', TokenKind::kGreaterEqualsSign, TokenKind::kGreaterSign);
      case '=': return Pair('=', TokenKind::kEqualsSign, TokenKind::kEnd);
      case '&': return Pair('&', TokenKind::kAndSign, TokenKind::kEnd);
      case '|': return Pair('|', TokenKind::kOrSign, TokenKind::kEnd);
      default: return false;
    }
  }

  // One sign if `second` follows, another (or, for kEnd, none) if not.
  bool Pair(char second, TokenKind both, TokenKind alone) {
    if (Peek(1) == second) return Add(both, 2);
    if (alone != TokenKind::kEnd) return Add(alone, 1);
    ++at_;
    return false;
  }

  void SkipDigits() {
    while (IsDigit(Peek())) ++at_;
  }

  bool Number() {
    if (Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && IsHex(Peek(2))) {
      for (at_ += 2; IsHex(Peek());) ++at_;
      return IntegerEnd();
    }
    bool whole = true;
    SkipDigits();
    if (Peek() == '.' && IsDigit(Peek(1))) {
      whole = false;
      ++at_;
      SkipDigits();
    }
    if (Peek() == 'e' || Peek() == 'E') {
      const std::size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (IsDigit(Peek(1 + sign))) {
        whole = false;
        at_ += 1 + sign;
        SkipDigits();
      }
    }
    return whole ? IntegerEnd() : Add(TokenKind::kFloat);
  }

  bool IntegerEnd() {
    if (Peek() == 'u' || Peek() == 'U') return Add(TokenKind::kUnsigned, 1);
    return Add(TokenKind::kInteger);
  }

  // `r`, `b` and `br` before a quote belong to the text.
  bool PrefixedTextOrWord() {
    const auto lower = [](char c) { return static_cast<char>(c | 0x20); };
    const auto quote = [](char c) { return c == '\'' || c == '"'; };
    const char first = lower(Peek());
    if ((first == 'r' || first == 'b') && quote(Peek(1))) {
      ++at_;
      return Text(first == 'b' ? TokenKind::kBytesText : TokenKind::kText, first == 'r');
    }
    if (first == 'b' && lower(Peek(1)) == 'r' && quote(Peek(2))) {
      at_ += 2;
      return Text(TokenKind::kBytesText, true);
    }
    while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
    const std::string_view word = source_.substr(start_, at_ - start_);
    if (word == "in") return Add(TokenKind::kInWord);
    if (word == "true") return Add(TokenKind::kTrue);
    if (word == "false") return Add(TokenKind::kFalse);
    if (word == "null") return Add(TokenKind::kNullWord);
    return Add(TokenKind::kIdentifier);
  }

  bool QuotedIdentifier() {
    for (++at_; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '`' && at_ > start_ + 1) return Add(TokenKind::kQuotedIdentifier, 1);
      if (!IsLetter(c) && !IsDigit(c) && c != '.' && c != '-' && c != '/' && c != ' ') return false;
    }
    return false;
  }

  bool Text(TokenKind kind, bool raw) {
    const char quote = Peek();
    const bool triple = Peek(1) == quote && Peek(2) == quote;
    const std::size_t width = triple ? 3 : 1;
    at_ += width;
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == quote && (!triple || (Peek(1) == quote && Peek(2) == quote)))
        return Add(kind, width);
      if (!triple && (c == '\n' || c == '\r')) return false;
      if (c == '\\' && !raw) {
        if (!Escape()) return false;
      } else {
        ++at_;
      }
    }
    return false;
  }

  // cel-spec: ESCAPE
  bool Escape() {
    ++at_;
    const char c = Peek();
    if (std::string_view("abfnrtv\"'\\?`").find(c) != std::string_view::npos && c != '\0') {
      ++at_;
      return true;
    }
    if (c == 'x' || c == 'X') return Digits(1, 2, IsHex);
    if (c == 'u') return Digits(1, 4, IsHex);
    if (c == 'U') return Digits(1, 8, IsHex);
    if (c >= '0' && c <= '3') return Digits(0, 3, IsOctal);
    return false;
  }
  bool Digits(std::size_t skip, std::size_t count, bool (*is)(char)) {
    for (at_ += skip; count > 0; --count, ++at_)
      if (!is(Peek())) return false;
    return true;
  }

  const std::string_view source_;
  std::vector<Issue>& issues_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

}  // namespace

std::string_view TokenName(TokenKind kind) { return kTokenNames[static_cast<std::size_t>(kind)]; }

std::vector<Token> Tokenize(std::string_view source, std::vector<Issue>& issues) {
  return Lexer(source, issues).Run();
}

}  // namespace strongroom::cel
