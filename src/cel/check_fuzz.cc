// Expressions against the checker: it never crashes; what passes keeps its type when it is printed,
// and compiles unchecked too.
#include "cel/fuzzing.h"

using namespace strongroom::cel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzCase input(data, size);
  input.options.check = true;
  const Compilation compilation = Compile(FuzzEnv(), input.source, input.options);
  if (!compilation.ok()) {
    RequireUsable(compilation, input.source);
    return 0;
  }
  const Program& program = compilation.program();
  input.options.source_bytes_max = 1 << 20;
  const Compilation again = Compile(FuzzEnv(), program.Print(), input.options);
  Require(again.ok() && again.program().result_type() == program.result_type());
  input.options.check = false;
  Require(Compile(FuzzEnv(), program.Print(), input.options).ok());
  return 0;
}
