// ChunkedBody: decodes the chunked transfer coding (rfc9112 7.1), strictly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace strongroom::net {

class ChunkedBody {
 public:
  enum class Step {
    kMore,  // all of the input is taken, more is needed
    kData,  // `data` holds a piece of the body
    kEnd,   // the body and its trailers are complete; the input goes on behind them
    kMalformed,
  };

  // Takes bytes from the front of `input`. Trailers are checked and dropped.
  Step Read(std::string_view& input, std::string_view& data);

 private:
  enum class State { kSize, kData, kDataEnd, kTrailer };

  // Takes a line without its end into line_; false if it is not complete yet, or malformed_.
  bool TakeLine(std::string_view& input);
  bool ParseSize();

  State state_ = State::kSize;
  std::uint64_t left_ = 0;  // of the current chunk
  std::string line_;
  std::size_t line_bytes_ = 0;  // of extensions and trailers so far
  bool malformed_ = false;
};

}  // namespace strongroom::net
