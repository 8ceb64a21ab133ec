// Texts as an attacker writes them: reading them never crashes or recurses deep, a refusal points
// into the text, and what was read prints to what reads as the same.
#include "cel/fuzzing.h"

using namespace strongroom::cel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzCase input(data, size);
  input.options.check = false;
  const Compilation compilation = Compile(FuzzEnv(), input.source, input.options);
  if (!compilation.ok()) {
    RequireUsable(compilation, input.source);
    return 0;
  }
  input.options.source_bytes_max = 1 << 20;
  const std::string printed = compilation.program().Print();
  const Compilation again = Compile(FuzzEnv(), printed, input.options);
  Require(again.ok() && again.program().Print() == printed);
  return 0;
}
