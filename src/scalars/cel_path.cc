// path.*: paths with slashes, by their text alone.
#include <algorithm>
#include <string>
#include <vector>

#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

// Without empty parts, `.`, and `..` after a name.
std::string Clean(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part.empty() || part == ".") continue;
    const bool name_before = !kept.empty() && kept.back() != "..";
    if (part != ".." || (!name_before && !rooted)) {
      kept.push_back(part);
    } else if (name_before) {
      kept.pop_back();
    }
  }
  std::string clean = rooted ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i) clean.append(i == 0 ? "" : "/").append(kept[i]);
  return clean.empty() ? "." : clean;
}

std::string Base(std::string_view path) {
  if (path.empty()) return ".";
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return "/";
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string Dir(std::string_view path) { return Clean(path.substr(0, path.rfind('/') + 1)); }

std::string Ext(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t point = name.rfind('.');
  return point == name.npos ? "" : std::string(name.substr(point));
}

template <std::string (*kFunction)(std::string_view)>
Value Of(const Call& call) {
  const std::string_view path = call[0].AsString();
  return call.budget.ChargeBytes(path.size()) ? call.MakeString(kFunction(path)) : Value::Null();
}

}  // namespace

void AddPathFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"path.Base(string): string", Of<Base>, "the last part", "path.Base('/a/b') == 'b'"},
       {"path.Clean(string): string", Of<Clean>, "the shortest path that means the same",
        "path.Clean('/a/./b//../c') == '/a/c' && path.Clean('../a/..') == '..'"},
       {"path.Dir(string): string", Of<Dir>, "all but the last part", "path.Dir('/a/b') == '/a'"},
       {"path.Ext(string): string", Of<Ext>, "the end of the last part from its last point on",
        "path.Ext('/a/b.tar.gz') == '.gz'"},
       {"path.IsAbs(string): bool",
        [](const Call& c) { return Value::Bool(c[0].AsString().starts_with('/')); },
        "whether it starts with a slash", "path.IsAbs('/a') && !path.IsAbs('a')"}});
}

}  // namespace strongroom::scalars
