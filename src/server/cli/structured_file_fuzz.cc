// Files that people write: whatever stands in them, reading ends, and what is read can be written
// as YAML and read back as the same.
#include <boost/json/serialize.hpp>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "server/cli/structured_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace strongroom;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = server::cli::ParseStructured("fuzz.yaml", text);
  if (!file.ok()) return 0;
  const auto again = server::cli::ParseStructured("fuzz.yaml", server::cli::ToYaml(file->value));
  STRONGROOM_CHECK(again.ok());
  STRONGROOM_CHECK(boost::json::serialize(again->value) == boost::json::serialize(file->value));
  return 0;
}
