#include "conformance_json.h"

#include <boost/json/value_to.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/json.h"

namespace strongroom::tools {

namespace json = boost::json;

json::object ReadJsonObject(const std::filesystem::path& path) {
  auto parsed = base::ParseJson(ReadFile(path), {64, std::size_t{64} << 20});
  if (parsed.ok() && parsed->is_object()) return std::move(parsed->get_object());
  std::fprintf(stderr, "error: `%s` is not a JSON object%s%s\n", path.c_str(),
               parsed.ok() ? "" : ": ", parsed.ok() ? "" : parsed.error().message.c_str());
  std::exit(2);
}

std::string Text(const json::value& object, std::string_view name) {
  const json::value* found = object.as_object().if_contains(name);
  if (found == nullptr || !found->is_string()) return {};
  return {found->get_string().data(), found->get_string().size()};
}

bool IsDisputed(Tally& tally, const std::string& id, const json::value& test) {
  const json::value* disputed = test.as_object().if_contains("disputed");
  if (disputed == nullptr || (disputed->is_bool() && !disputed->get_bool())) return false;
  tally.Disputed(id, disputed->is_string() ? json::value_to<std::string>(*disputed)
                                           : std::string("not counted"));
  return true;
}

}  // namespace strongroom::tools
