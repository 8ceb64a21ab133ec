#include "graphql/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "graphql/string_token.h"

namespace strongroom::graphql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

RequestError Passed(std::string_view text, std::size_t at, std::string message) {
  return {base::ErrorCode::kLimitExceeded, std::move(message), "", {LocationAt(text, at)}};
}

class Lexer {
 public:
  Lexer(std::string_view text, const Limits& limits, std::pmr::memory_resource& arena)
      : text_(text), limits_(limits), nesting_max_(NestingMax(limits)), arena_(arena) {}

  std::variant<TokenList, RequestError> Run() {
    while (true) {
      SkipIgnored();
      if (at_ == text_.size()) break;
      if (list_.tokens.size() >= limits_.tokens_max)
        return Passed(text_, at_,
                      fmt::format("document has more than {} tokens", limits_.tokens_max));
      if (!Next()) return std::move(list_);
      if (nesting_ > nesting_max_)
        return Passed(text_, list_.tokens.back().offset,
                      fmt::format("document nests deeper than {} levels", nesting_max_));
    }
    Add(TokenKind::kEnd, at_, at_);
    list_.tokens.back().text = {};
    return std::move(list_);
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void SkipIgnored() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',') {
        ++at_;
      } else if (text_.substr(at_, 3) == "\xEF\xBB\xBF") {  // a byte-order mark, anywhere
        at_ += 3;
      } else if (c == '#') {
        SkipComment();
      } else {
        return;
      }
    }
  }

  // A comment ends at the first byte that is no source character: what follows is then a fault.
  void SkipComment() {
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
      const std::size_t bytes = CodePointBytes(text_, at_);
      if (bytes == 0) return;
      at_ += bytes;
    }
  }

  void Add(TokenKind kind, std::size_t start, std::size_t end) {
    list_.tokens.push_back(
        {kind, static_cast<std::uint32_t>(start), text_.substr(start, end - start)});
    at_ = end;
  }

  bool Fail(std::size_t at, std::string message) {
    list_.fault = {
        base::ErrorCode::kGraphqlParseFailed, std::move(message), "", {LocationAt(text_, at)}};
    Add(TokenKind::kFault, at, at);
    return false;
  }

  bool Next() {
    const char c = text_[at_];
    if (IsNameStart(c)) return ReadName();
    if (c == '-' || IsDigit(c)) return ReadNumber();
    if (c == '"') return ReadText();
    if (c == '.' && Peek(1) == '.' && Peek(2) == '.') return Punctuate(TokenKind::kSpread, 3);
    static constexpr std::string_view kPunctuators = "!$&():=@[]{|}";
    static constexpr TokenKind kKinds[] = {
        TokenKind::kBang,     TokenKind::kDollar,   TokenKind::kAmp,    TokenKind::kParenL,
        TokenKind::kParenR,   TokenKind::kColon,    TokenKind::kEquals, TokenKind::kAt,
        TokenKind::kBracketL, TokenKind::kBracketR, TokenKind::kBraceL, TokenKind::kPipe,
        TokenKind::kBraceR};
    const std::size_t which = kPunctuators.find(c);
    if (which != std::string_view::npos) return Punctuate(kKinds[which], 1);
    if (c == '\'') return Fail(at_, "Unexpected single quote character");
    return Fail(at_, CodePointBytes(text_, at_) > 0 ? "Unexpected character" : "Invalid character");
  }

  bool Punctuate(TokenKind kind, std::size_t bytes) {
    if (kind == TokenKind::kBraceL || kind == TokenKind::kBracketL || kind == TokenKind::kParenL)
      ++nesting_;
    if (kind == TokenKind::kBraceR || kind == TokenKind::kBracketR || kind == TokenKind::kParenR)
      nesting_ -= nesting_ > 0 ? 1 : 0;
    Add(kind, at_, at_ + bytes);
    return true;
  }

  bool ReadName() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (IsNameStart(text_[end]) || IsDigit(text_[end]))) ++end;
    Add(TokenKind::kName, at_, end);
    return true;
  }

  bool ReadText() {
    const std::size_t start = at_;
    const bool block = Peek(1) == '"' && Peek(2) == '"';
    const StringToken token =
        block ? ReadBlockString(text_, start, arena_) : ReadString(text_, start, arena_);
    if (!token.ok) return Fail(token.end, token.fault);
    Add(block ? TokenKind::kBlockString : TokenKind::kString, start, token.end);
    list_.tokens.back().text = token.value;
    return true;
  }

  // Moves `end` over digits; false when there is none.
  bool ReadDigits(std::size_t& end) const {
    const std::size_t start = end;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
    return end > start;
  }

  bool ReadNumber() {
    static constexpr const char* kNoDigit = "Invalid number, expected digit";
    const auto peek = [this](std::size_t at) { return at < text_.size() ? text_[at] : '\0'; };
    std::size_t end = at_ + (text_[at_] == '-' ? 1 : 0);
    TokenKind kind = TokenKind::kInt;
    if (peek(end) == '0') {
      if (IsDigit(peek(++end))) return Fail(end, "Invalid number, unexpected digit after 0");
    } else if (!ReadDigits(end)) {
      return Fail(end, kNoDigit);
    }
    if (peek(end) == '.') {
      kind = TokenKind::kFloat;
      if (!ReadDigits(++end)) return Fail(end, kNoDigit);
    }
    if (peek(end) == 'e' || peek(end) == 'E') {
      kind = TokenKind::kFloat;
      ++end;
      if (peek(end) == '+' || peek(end) == '-') ++end;
      if (!ReadDigits(end)) return Fail(end, kNoDigit);
    }
    if (peek(end) == '.' || IsNameStart(peek(end))) return Fail(end, kNoDigit);
    Add(kind, at_, end);
    return true;
  }

  const std::string_view text_;
  const Limits& limits_;
  const std::size_t nesting_max_;
  std::pmr::memory_resource& arena_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  TokenList list_;
};

}  // namespace

std::string_view TokenKindName(TokenKind kind) {
  static constexpr std::string_view kNames[] = {
      "!", "$", "&", "(",    ")",   "...",   ":",      "=",           "@",     "[",        "]",
      "{", "|", "}", "Name", "Int", "Float", "String", "BlockString", "<EOF>", "<Invalid>"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::size_t NestingMax(const Limits& limits) {
  static constexpr std::size_t kCeiling = 250;
  // Every field may sit in an inline fragment; arguments add their parenthesis.
  const std::size_t levels =
      std::min(limits.depth_max, kCeiling) + std::min(limits.input_depth_max, kCeiling);
  return std::min(2 * levels, kCeiling);
}

std::variant<TokenList, RequestError> Lex(std::string_view text, const Limits& limits,
                                          std::pmr::memory_resource& arena) {
  const std::size_t bytes_max =
      std::min<std::size_t>(limits.document_bytes_max, std::numeric_limits<std::uint32_t>::max());
  if (text.size() > bytes_max)
    return Passed(text, bytes_max, fmt::format("document is larger than {} bytes", bytes_max));
  return Lexer(text, limits, arena).Run();
}

}  // namespace strongroom::graphql
