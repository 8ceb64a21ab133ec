// cel_reference [--check FILE]: prints docs/reference/cel-functions.md from the functions that are
// there; with --check, says whether FILE is that page. Exit status: 0 yes, 1 no, 2 usage.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cel/env.h"
#include "scalars/cel_env.h"

namespace strongroom::tools {
namespace {

constexpr std::string_view kHead =
    "# Functions of CEL\n\n"
    "Every function that an expression may call, with the types it takes and gives. This page is\n"
    "made from the code by `cel_reference`, and each example is run as a test: it is `true`.\n\n"
    "`T`, `K` and `V` stand for any type. Cost is what one call takes at least of an expression's\n"
    "budget; functions that walk over texts or lists take more as these grow (one unit per ten\n"
    "bytes, one per element). Functions marked *impure* answer differently from call to call, and\n"
    "are never evaluated ahead.\n";

// Chapters in the order of the page: operators, functions of the language, then by prefix.
std::string ChapterOf(std::string_view name) {
  const bool word = std::isalpha(static_cast<unsigned char>(name.front())) != 0;
  if (!word) return "1Operators";
  const std::size_t point = name.rfind('.');
  return point == name.npos ? "2Conversions and methods" : "3" + std::string(name.substr(0, point));
}

// `_+_` with its operands in their places.
std::string OperatorText(std::string_view name, const cel::Overload& overload) {
  std::string text;
  std::size_t next = 0;
  const auto operand = [&] { return overload.parameters[next++].ToString(); };
  if (name.starts_with('@')) {
    text = operand();
    return text + " " + std::string(name.substr(1)) + " " + operand();
  }
  const bool infix = name.starts_with('_') && name.ends_with('_');
  for (const char c : name) {
    const bool hole = c == '_' && next < overload.parameters.size();
    if (hole && infix && next > 0) text += ' ';
    text += hole ? operand() : std::string(1, c);
    if (hole && infix && next == 1) text += ' ';
  }
  return text;
}

std::string CallText(std::string_view name, const cel::Overload& overload) {
  if (std::isalpha(static_cast<unsigned char>(name.front())) == 0)
    return OperatorText(name, overload);
  std::string text;
  std::size_t first = 0;
  if (overload.member) text = overload.parameters[first++].ToString() + ".";
  text.append(name).append("(");
  for (std::size_t i = first; i < overload.parameters.size(); ++i)
    text.append(i == first ? "" : ", ").append(overload.parameters[i].ToString());
  return text + ")";
}

// In a cell of a table.
std::string Code(std::string_view text) {
  std::string code;
  for (const char c : text) code.append(c == '|' ? "\\|" : std::string(1, c));
  const std::string fence = code.find('`') == code.npos ? "`" : "``";
  return fence + code + fence;
}

std::string Page(const cel::Env& env) {
  std::map<std::string, std::vector<std::string>> chapters;
  for (const cel::Env::FunctionInfo& function : env.Functions())
    for (const cel::Overload* overload : function.overloads)
      chapters[ChapterOf(function.name)].push_back(
          "| " + Code(CallText(function.name, *overload)) + " | " +
          Code(overload->result.ToString()) + " | " + overload->description +
          (overload->pure ? "" : " (*impure*)") + " | " + std::to_string(overload->cost) + " | " +
          Code(overload->example) + " |\n");
  std::string page(kHead);
  for (const auto& [chapter, rows] : chapters) {
    page += "\n## " + chapter.substr(1) +
            "\n\n| call | gives | what | cost | example |\n|---|---|---|---|---|\n";
    for (const std::string& row : rows) page += row;
  }
  return page;
}

int Main(int argc, char** argv) {
  const bool check = argc == 3 && std::string_view(argv[1]) == "--check";
  if (argc != 1 && !check) {
    std::fputs("usage: cel_reference [--check FILE]\n", stderr);
    return 2;
  }
  cel::EnvBuilder builder(*cel::StandardEnv());
  scalars::AddScalarTypes(builder);
  scalars::AddLedgerFunctions(builder);
  const std::string page = Page(*std::move(builder).Build());
  if (!check) {
    std::fwrite(page.data(), 1, page.size(), stdout);
    return 0;
  }
  std::ifstream in(argv[2], std::ios::binary);
  const std::string written((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (written == page) return 0;
  std::fprintf(stderr, "error: `%s` is not current\nhint: cel_reference > %s\n", argv[2], argv[2]);
  return 1;
}

}  // namespace
}  // namespace strongroom::tools

int main(int argc, char** argv) { return strongroom::tools::Main(argc, argv); }
