// Documents as an attacker sends them: parsed, judged, planned and executed without a crash; the
// answer is JSON. The text is tried as a schema too, which then reads back as it prints.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>

#include "base/encoding.h"
#include "base/json.h"
#include "graphql/fuzz_engine.h"
#include "graphql/parser.h"

namespace {

using namespace strongroom::graphql;
namespace base = strongroom::base;

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireJson(const std::string& answer) {
  Require(base::ParseJson(answer, {64, std::size_t{64} << 20}).ok());
}

void Execute(const Engine& engine, const Operation& operation) {
  std::size_t turn = 0;
  auto bound = engine.BindVariables(operation, nullptr, &turn);
  if (const auto* refused = std::get_if<RequestErrors>(&bound))
    return RequireJson(RefusalText(*refused, true));
  const auto& variables = std::get<Variables>(bound);
  Require(engine.Cost(operation, variables) <= engine.options().limits.cost_max);
  RequireJson(engine.Execute(operation, variables, {&turn, {}}).Finish());
}

void TrySchema(std::string_view text) {
  const auto schema = BuildSchema(std::string(text));
  if (!schema.ok()) return;
  const std::string printed = PrintSchema(**schema);
  const auto again = BuildSchema(printed);
  Require(again.ok() && PrintSchema(**again) == printed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto engine = FuzzEngine();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto prepared = engine->Prepare(text, "");
  if (const auto* refused = std::get_if<RequestErrors>(&prepared)) {
    Require(!refused->empty());
    if (base::IsUtf8(text)) RequireJson(RefusalText(*refused, false));
  } else {
    Execute(*engine, std::get<Operation>(prepared));
  }
  TrySchema(text);
  return 0;
}
