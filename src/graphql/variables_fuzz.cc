// Bodies of requests as an attacker sends them: the variables of an operation with every kind of
// type are coerced and used without a crash.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>

#include "base/json.h"
#include "graphql/fuzz_engine.h"
#include "graphql/http_request.h"

namespace {

using namespace strongroom::graphql;

void Require(bool condition) {
  if (!condition) std::abort();
}

constexpr const char* kOperation = R"(
query($i:Int $f:Float $s:String $b:Boolean=true $d:ID $k:Kind! $ks:[Kind] $j:Json $e:Even $in:In
  $ins:[[In!]] $n:Int=2) {
  node(id:$d){id} any(in:$in ins:$ins){...on Leaf{text}} kind(k:$k ks:$ks) json(j:$j)
  list(first:$n last:$i){id} leaf(i:$i f:$f s:$s b:$b e:$e)
  nested:any(in:{i:1 f:$f in:$in j:{a:$in b:[$e $ks] c:$j} e:$e}){__typename}
  skipped:query@skip(if:$b){id}
})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto engine = FuzzEngine();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  HttpInput input{HttpMethod::kPost, "application/json", "", "", text};
  auto read = ReadHttpRequest(input);
  input.method = HttpMethod::kGet;
  input.query_string = text;
  (void)ReadHttpRequest(input);
  const auto* request = std::get_if<HttpGraphqlRequest>(&read);
  if (request == nullptr) return 0;
  const auto operation = std::get<Operation>(engine->Prepare(kOperation, ""));
  std::size_t turn = 0;
  auto bound = engine->BindVariables(operation, request->variables.get(), &turn);
  if (const auto* refused = std::get_if<RequestErrors>(&bound)) {
    Require(strongroom::base::ParseJson(RefusalText(*refused, true)).ok());
    return 0;
  }
  const std::string answer =
      engine->Execute(operation, std::get<Variables>(bound), {&turn, {}}).Finish();
  Require(strongroom::base::ParseJson(answer, {64, std::size_t{64} << 20}).ok());
  return 0;
}
