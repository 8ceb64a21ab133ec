// Fuzzes HTTP/1 in both directions. What a request reader makes of bytes must not depend on how
// they are cut into pieces: the first byte of the input says how.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "net/http1_reader.h"
#include "net/response_reader.h"

namespace {

using namespace strongroom::net;

std::string Summary(std::string_view bytes, std::size_t piece) {
  static const ServerLimits kLimits;
  Http1Reader reader(kLimits);
  std::string summary;
  while (!bytes.empty()) {
    std::string_view input = bytes.substr(0, piece);
    bytes.remove_prefix(input.size());
    while (!input.empty()) {
      const Http1Reader::Step step = reader.Read(input);
      if (step == Http1Reader::Step::kRefused)
        return summary + std::to_string(reader.refusal().status);
      if (step != Http1Reader::Step::kRequest) continue;
      const Request request = reader.Take(nullptr);
      STRONGROOM_CHECK(request.target().starts_with('/') || request.target() == "*");
      for (std::size_t i = 0; i < request.header_count(); ++i) {
        const HeaderView header = request.header(i);
        STRONGROOM_CHECK(header.value.find_first_of("\r\n") == header.value.npos);
        summary.append(header.name).append(":").append(header.value).append(";");
      }
      summary.append(request.method()).append(request.target()).append(request.body());
    }
  }
  return summary;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  STRONGROOM_CHECK(Summary(bytes, bytes.size() + 1) == Summary(bytes, 1 + data[0] % 16));

  ResponseReader response(1 << 16, data[0] % 2 == 1);
  if (response.Read(bytes) == ResponseReader::Step::kMore) response.ReadEnd();
  return 0;
}
