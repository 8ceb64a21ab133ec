// Bodies of calls, in pieces: messages stay within their limit, whatever gzip makes of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "grpc/framing.h"
#include "grpc/limits.h"

using namespace strongroom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool gzip = size > 0 && data[0] % 2 == 1;
  const std::size_t step = size > 1 ? data[1] + std::size_t{1} : 1;
  grpc::Deframer deframer;
  grpc::Status refused;
  for (std::size_t at = std::min<std::size_t>(size, 2); at < size && refused.ok(); at += step) {
    deframer.Append(bytes.substr(at, step));
    while (const auto message = deframer.Next(gzip, refused))
      STRONGROOM_CHECK(message->size() <= grpc::limits::kMessageBytesMax);
    STRONGROOM_CHECK(deframer.size() <= size);
  }
  (void)grpc::ParseTimeout(bytes.substr(0, 12));
  return 0;
}
