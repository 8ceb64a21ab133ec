#include "base/encoding.h"
#include "cel/lib/function_table.h"
#include "cel/lib/libraries.h"

namespace strongroom::cel {
namespace {

Value Encode(const Call& call) {
  const std::string_view bytes = call[0].AsBytes();
  if (!call.budget.ChargeBytes(bytes.size() + bytes.size() / 3)) return Value::Null();
  return call.MakeString(base::EncodeBase64(bytes));
}

Value Decode(const Call& call) {
  if (!call.budget.ChargeBytes(call[0].AsString().size())) return Value::Null();
  std::string text(call[0].AsString());
  // Padding may be missing, but not be wrong.
  if (!text.ends_with('=')) text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = base::DecodeBase64(text);
  return bytes.ok() ? call.MakeBytes(*bytes) : call.Invalid("the text is not base64");
}

}  // namespace

void AddEncoders(EnvBuilder& builder) {
  AddFunctions(builder,
               {{"base64.encode(bytes): string", Encode, "the bytes in base64, with padding",
                 "base64.encode(b'hello') == 'aGVsbG8='"},
                {"base64.decode(string): bytes", Decode, "the bytes of a text in base64",
                 "base64.decode('aGVsbG8') == b'hello'"}});
}

}  // namespace strongroom::cel
