// What is wrong with an expression's text, for the person who wrote it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::cel {

enum class IssueKind { kSyntax, kType, kLimit };

struct Issue {
  IssueKind kind = IssueKind::kSyntax;
  std::uint32_t offset = 0;  // bytes
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in code points
  std::string message;       // "undeclared reference to 'contxt' (in container '')"
  std::string hint;          // "did you mean `context`?"; may be empty
};

// As existing clients know it, one issue below the other:
//   ERROR: <input>:1:12: Syntax error: mismatched input '}' expecting ':'
//    | {time.Now()}
//    | ...........^
std::string FormatIssues(std::string_view source, const std::vector<Issue>& issues);

}  // namespace strongroom::cel
