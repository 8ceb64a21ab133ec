// What both halves of the parser stand on: the current token, expectations, lists in the arena.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "graphql/ast.h"
#include "graphql/lexer.h"

namespace strongroom::graphql {

// The first fault is kept, and from then on every token reads as kFault, so that all loops end.
// INVARIANT: what is parsed after a fault is never used.
class TokenReader {
 public:
  TokenReader(TokenList tokens, Document& document);

  bool failed() const { return failed_; }
  const RequestError& error() const { return error_; }
  std::pmr::memory_resource& arena() { return *document_.arena(); }

  const Token& Current() const { return failed_ ? fault_ : list_.tokens[at_]; }
  bool Peek(TokenKind kind) const { return Current().kind == kind; }
  bool PeekKeyword(std::string_view word) const {
    return Peek(TokenKind::kName) && Current().text == word;
  }
  bool PeekDescription() const { return Peek(TokenKind::kString) || Peek(TokenKind::kBlockString); }
  // The token after the current one. A fault there counts as met.
  const Token& Ahead();
  void Advance();

  Token Expect(TokenKind kind);
  bool Skip(TokenKind kind);
  void ExpectKeyword(std::string_view word);
  bool SkipKeyword(std::string_view word);
  void Unexpected(const Token& token);
  void Fail(std::uint32_t offset, std::string message);

  Name ReadName() {
    const Token token = Expect(TokenKind::kName);
    return {token.text, token.offset};
  }
  std::string_view ReadDescription();

  template <typename T>
  const T* Keep(T node) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (arena().allocate(sizeof(T), alignof(T))) T(std::move(node));
  }
  template <typename T>
  std::span<const T> KeepAll(const std::vector<T>& nodes) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (nodes.empty()) return {};
    T* copy = std::pmr::polymorphic_allocator<T>(&arena()).allocate(nodes.size());
    std::uninitialized_copy(nodes.begin(), nodes.end(), copy);
    return {copy, nodes.size()};
  }

  // open item* close
  template <typename Read>
  auto Any(TokenKind open, TokenKind close, Read read) {
    std::vector<decltype(read())> nodes;
    Expect(open);
    while (!failed_ && !Skip(close)) nodes.push_back(read());
    return KeepAll(nodes);
  }
  // open item+ close
  template <typename Read>
  auto Many(TokenKind open, TokenKind close, Read read) {
    std::vector<decltype(read())> nodes;
    Expect(open);
    if (!failed_) do
        nodes.push_back(read());
      while (!failed_ && !Skip(close));
    return KeepAll(nodes);
  }
  template <typename Read>
  auto OptionalMany(TokenKind open, TokenKind close, Read read) {
    using Span = decltype(Many(open, close, read));
    return Peek(open) ? Many(open, close, read) : Span();
  }
  // delimiter? item (delimiter item)*
  template <typename Read>
  auto Delimited(TokenKind delimiter, Read read) {
    std::vector<decltype(read())> nodes;
    Skip(delimiter);
    do nodes.push_back(read());
    while (!failed_ && Skip(delimiter));
    return KeepAll(nodes);
  }

 private:
  TokenList list_;
  Document& document_;
  std::size_t at_ = 0;
  bool failed_ = false;
  RequestError error_;
  Token fault_{TokenKind::kFault, 0, {}};
};

}  // namespace strongroom::graphql
