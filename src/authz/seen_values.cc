#include "authz/seen_values.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/limits.h"

namespace strongroom::authz {
namespace {

constexpr std::string_view kRoot = "context.";
constexpr std::string_view kDocument = "context.document.";

cel::Value Member(const cel::Value& of, std::string_view name, cel::Arena& arena) {
  if (of.is(cel::Kind::kMap)) return of.Find(name, arena);
  if (!of.is(cel::Kind::kObject)) return {};
  const std::size_t field = of.AsObject().type().FindField(name);
  return field == cel::StructType::kNoField ? cel::Value() : of.AsObject().Get(field, arena);
}

}  // namespace

std::vector<SeenValue> SeenValues(const CompiledAssertion& assertion, const ContextView& context) {
  std::vector<SeenValue> seen;
  std::size_t bytes = 0;  // above the limit, whoever asks charges for more than there can be
  for (const std::string& path : assertion.program.Paths()) {
    if (bytes > base::limits::kDecisionTraceBytesMax) break;
    if (path == "context") seen.push_back({path, {}, {}});
    if (!path.starts_with(kRoot)) continue;
    SeenValue one{path, {}, {}};
    if (path.starts_with(kDocument)) {
      const std::string rest = path.substr(kDocument.size());
      one.property = rest.substr(0, rest.find('.'));
    }
    cel::Arena arena;
    cel::Value value = cel::Value::Object(&context);
    for (std::size_t at = kRoot.size(); at <= path.size() && !value.absent();) {
      const std::size_t dot = std::min(path.find('.', at), path.size());
      value = Member(value, std::string_view(path).substr(at, dot - at), arena);
      at = dot + 1;
    }
    if (!value.absent() && !value.is(cel::Kind::kObject)) one.value = cel::ToText(value);
    bytes += one.value.size();
    seen.push_back(std::move(one));
  }
  return seen;
}

}  // namespace strongroom::authz
