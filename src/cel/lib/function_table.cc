#include "cel/lib/function_table.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "base/check.h"

namespace strongroom::cel {
namespace {

struct NamedType {
  std::string_view name;
  Type (*make)();
};
constexpr NamedType kTypes[] = {
    {"bool", Type::Bool},
    {"int", Type::Int},
    {"uint", Type::Uint},
    {"double", Type::Double},
    {"string", Type::String},
    {"bytes", Type::Bytes},
    {"timestamp", Type::Timestamp},
    {"duration", Type::Duration},
    {"null", Type::Null},
    {"dyn", Type::Dyn},
    {"type", [] { return Type::TypeType(); }},
};

// Reads a signature from left to right.
class Signature {
 public:
  explicit Signature(std::string_view text) : rest_(text) {}

  Overload Read(std::string& function) {
    Overload overload;
    if (Take("(")) {
      overload.member = true;
      overload.parameters.push_back(ReadType());
      Expect(").");
    }
    function = Until('(');  // operators are functions too: `_+_`
    Expect("(");
    if (!Take(")")) {
      do overload.parameters.push_back(ReadType());
      while (Take(", "));
      Expect(")");
    }
    Expect(": ");
    overload.result = ReadType();
    STRONGROOM_CHECK(rest_.empty());
    return overload;
  }

 private:
  bool Take(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }
  void Expect(std::string_view wanted) { STRONGROOM_CHECK(Take(wanted)); }

  std::string_view Take(std::size_t length) {
    STRONGROOM_CHECK(length > 0 && length <= rest_.size());
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::string_view Until(char end) { return Take(rest_.find(end)); }
  std::string_view Name() {
    const auto end = std::ranges::find_if_not(
        rest_, [](unsigned char c) { return std::isalnum(c) != 0 || c == '.'; });
    return Take(static_cast<std::size_t>(end - rest_.begin()));
  }

  Type ReadType() {
    const std::string_view name = Name();
    for (const NamedType& type : kTypes)
      if (type.name == name) return type.make();
    if (name.size() == 1 && std::isupper(static_cast<unsigned char>(name[0])) != 0)
      return Type::Param(name);
    if (name != "list" && name != "map" && name != "optional") return Type::Opaque(name);
    Expect("(");
    const Type first = ReadType();
    if (name == "map") Expect(", ");
    const Type whole = name == "list"  ? Type::List(first)
                       : name == "map" ? Type::Map(first, ReadType())
                                       : Type::Optional(first);
    Expect(")");
    return whole;
  }

  std::string_view rest_;
};

// `string_charAt_int` of `(string).charAt(int): string`.
std::string IdOf(std::string_view signature) {
  std::string id;
  for (const char c : signature.substr(0, signature.rfind(": "))) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (word) {
      id += c;
    } else if (!id.empty() && id.back() != '_') {
      id += '_';
    }
  }
  if (id.ends_with('_')) id.pop_back();
  return id;
}

}  // namespace

void AddFunctions(EnvBuilder& builder, std::initializer_list<FunctionRow> rows) {
  for (const FunctionRow& row : rows) {
    std::string name;
    Overload overload = Signature(row.signature).Read(name);
    overload.id = IdOf(row.signature);
    overload.callback = row.callback;
    overload.pure = row.pure;
    overload.description = row.description;
    overload.example = row.example;
    builder.Function(name, std::move(overload));
  }
}

}  // namespace strongroom::cel
