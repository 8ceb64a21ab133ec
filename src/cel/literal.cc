#include "cel/literal.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace strongroom::cel {
namespace {

constexpr std::uint64_t kIntMax =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

bool ReadDigits(std::string_view text, std::uint64_t& number) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

Value ReadInteger(std::string_view text, bool negative, std::string_view& problem) {
  std::uint64_t number = 0;
  if (ReadDigits(text, number) && number <= kIntMax + (negative ? 1 : 0))
    return Value::Int(static_cast<std::int64_t>(negative ? ~number + 1 : number));
  problem = "invalid int literal";
  return {};
}

Value ReadUnsigned(std::string_view text, std::string_view& problem) {
  std::uint64_t number = 0;
  if (ReadDigits(text.substr(0, text.size() - 1), number)) return Value::Uint(number);
  problem = "invalid uint literal";
  return {};
}

Value ReadDouble(std::string_view text, bool negative, std::string_view& problem) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) {
    // Too small is zero, too large is no number.
    number = std::strtod(std::string(text).c_str(), nullptr);
    if (std::abs(number) < 1) return Value::Double(negative ? -number : number);
  } else if (error == std::errc()) {
    return Value::Double(negative ? -number : number);
  }
  problem = "invalid double literal";
  return {};
}

void AppendCodePoint(std::uint32_t code, std::string& text) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

char SimpleEscape(char c) {
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return c;
  }
}

// INVARIANT: `body` passed the lexer, so every escape is complete.
class Unescaper {
 public:
  Unescaper(std::string_view body, bool bytes) : body_(body), bytes_(bytes) {}

  bool Run(std::string& text) {
    while (at_ < body_.size()) {
      const char c = body_[at_++];
      if (c != '\\')
        text += c;
      else if (!Escape(text))
        return false;
    }
    return true;
  }

 private:
  bool Escape(std::string& text) {
    const char c = body_[at_++];
    switch (c) {
      case 'x':
      case 'X': return Code(2, 16, text);
      case 'u': return Code(4, 16, text);
      case 'U': return Code(8, 16, text);
      case '0':
      case '1':
      case '2':
      case '3': --at_; return Code(3, 8, text);
      default: text += SimpleEscape(c); return true;
    }
  }

  // In bytes, two and three digits mean a byte; code points have no place there.
  bool Code(std::size_t digits, int base, std::string& text) {
    std::uint32_t code = 0;
    std::from_chars(body_.data() + at_, body_.data() + at_ + digits, code, base);
    at_ += digits;
    if (bytes_) {
      if (digits > 3) return false;
      text += static_cast<char>(code);
      return true;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    AppendCodePoint(code, text);
    return true;
  }

  const std::string_view body_;
  const bool bytes_;
  std::size_t at_ = 0;
};

Value ReadText(const Token& token, Arena& arena, std::string_view& problem) {
  const bool bytes = token.kind == TokenKind::kBytesText;
  const std::size_t quote = token.text.find_first_of("'\"");
  const bool raw = token.text.substr(0, quote).find_first_of("rR") != std::string_view::npos;
  std::string_view body = token.text.substr(quote);
  const char mark = body.front();
  const bool triple = body.size() >= 6 && body[1] == mark && body[2] == mark;
  const std::size_t width = triple ? 3 : 1;
  body = body.substr(width, body.size() - 2 * width);
  const auto make = [&](std::string_view text) {
    return bytes ? Value::Bytes(text) : Value::String(text);
  };
  // The source outlives the tree, so plain text is read where it is.
  if (raw || body.find('\\') == std::string_view::npos) return make(body);
  std::string text;
  if (!Unescaper(body, bytes).Run(text)) {
    problem = bytes ? "invalid bytes literal" : "invalid string literal";
    return {};
  }
  return make(arena.Copy(text));
}

}  // namespace

Value ReadLiteral(const Token& token, bool negative, Arena& arena, std::string_view& problem) {
  switch (token.kind) {
    case TokenKind::kInteger: return ReadInteger(token.text, negative, problem);
    case TokenKind::kUnsigned: return ReadUnsigned(token.text, problem);
    case TokenKind::kFloat: return ReadDouble(token.text, negative, problem);
    case TokenKind::kTrue: return Value::Bool(true);
    case TokenKind::kFalse: return Value::Bool(false);
    case TokenKind::kNullWord: return Value::Null();
    default: return ReadText(token, arena, problem);
  }
}

}  // namespace strongroom::cel
