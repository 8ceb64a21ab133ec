// The cel suite: expressions through the real compiler and evaluator, with all limits on.
#include "conformance_cel.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <exception>
#include <map>
#include <vector>

#include "cel/program.h"
#include "conformance_json.h"

namespace strongroom::tools {
namespace {

namespace json = boost::json;
using cel::Type;
using cel::Value;

bool IsTrue(const json::value& test, std::string_view name) {
  const json::value* found = test.as_object().if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::vector<Type> ReadTypes(const json::value& list, CelStore& store) {
  std::vector<Type> types;
  for (const json::value& type : list.as_array())
    types.push_back(ReadCelType(json::value_to<std::string>(type), store));
  return types;
}

// Functions are declared for the checker; no case calls one that the language does not have.
void DeclareFunction(cel::EnvBuilder& builder, const json::value& declaration, CelStore& store) {
  for (const json::value& overload : declaration.at("overloads").as_array())
    builder.Function(Text(declaration, "name"),
                     {.id = Text(overload, "id"),
                      .parameters = ReadTypes(overload.at("params"), store),
                      .result = ReadCelType(Text(overload, "result"), store),
                      .callback =
                          [](const cel::Call& call) {
                            return call.Fail(cel::EvaluationErrorCode::kNoSuchOverload,
                                             "the function is declared only");
                          },
                      .member = IsTrue(overload, "member"),
                      .pure = false});
}

std::shared_ptr<const cel::Env> MakeEnv(const json::value& test, CelStore& store) {
  static const std::shared_ptr<const cel::Env> standard = cel::StandardEnv();
  const json::object& object = test.as_object();
  cel::EnvBuilder builder(*standard);
  bool own = false;
  if (const json::value* type_env = object.if_contains("type_env"))
    for (const json::value& declaration : type_env->as_array()) {
      own = true;
      if (declaration.as_object().contains("overloads")) {
        DeclareFunction(builder, declaration, store);
      } else {
        builder.Variable(Text(declaration, "name"), ReadCelType(Text(declaration, "type"), store));
      }
    }
  // Values without a declaration can be seen by expressions that nobody checks.
  if (const json::value* bindings = object.if_contains("bindings");
      bindings != nullptr && !object.contains("type_env"))
    for (const auto& [name, value] : bindings->as_object()) {
      own = true;
      builder.Variable(name, Type::Dyn());
    }
  if (const std::string container = Text(test, "container"); !container.empty()) {
    own = true;
    builder.Container(container);
  }
  for (const cel::OpaqueType& type : store.opaque_types) builder.Opaque(&type);
  return own ? std::move(builder).Build() : standard;
}

void Bind(const cel::Env& env, const json::value& test, cel::Activation& activation,
          CelStore& store) {
  const json::value* bindings = test.as_object().if_contains("bindings");
  if (bindings == nullptr) return;
  for (const auto& [name, value] : bindings->as_object())
    activation.Set(env, std::string_view(name), ReadCelValue(value, store));
}

// What is wrong with the deduced type; empty when nothing is.
std::string JudgeType(const json::value& test, const cel::Program& program, CelStore& store) {
  const json::value* typed = test.at("expect").as_object().if_contains("typed_result");
  if (typed == nullptr || IsTrue(test, "disable_check")) return "";
  const Type wanted = ReadCelType(Text(*typed, "deduced_type"), store);
  if (program.result_type() == wanted) return "";
  return "deduced " + program.result_type().ToString() + ", expected " + wanted.ToString();
}

// What is wrong with the value; empty when nothing is.
std::string JudgeValue(const json::value& test, const Value& got, CelStore& store) {
  const json::object& expect = test.at("expect").as_object();
  if (expect.contains("eval_error"))
    return got.is_error() ? "" : "gave " + cel::ToText(got) + ", expected an error";
  if (got.is_error()) return "gave the error: " + std::string(got.AsError().message);
  const json::value* typed = expect.if_contains("typed_result");
  const json::value& holder = typed == nullptr ? test.at("expect") : *typed;
  const json::value* wanted = holder.as_object().if_contains("value");
  if (wanted == nullptr ? typed != nullptr : MatchesCelValue(*wanted, got, store)) return "";
  return "gave " + cel::ToText(got) + ", expected " + json::serialize(holder);
}

struct Outcome {
  std::string wrong;           // empty when nothing is
  bool when_checking = false;  // the error that the case expects was found before evaluating
};

bool AreTypeErrors(const cel::Compilation& compilation) {
  return std::ranges::all_of(compilation.issues(), [](const cel::Issue& issue) {
    return issue.kind == cel::IssueKind::kType;
  });
}

Outcome RunCase(const json::value& test) {
  CelStore store;
  const auto env = MakeEnv(test, store);
  cel::CompileOptions options;
  options.check = !IsTrue(test, "disable_check");
  options.macros = !IsTrue(test, "disable_macros");
  const cel::Compilation compilation = cel::Compile(env, Text(test, "expr"), options);
  if (!compilation.ok()) {
    if (test.at("expect").as_object().contains("eval_error") && AreTypeErrors(compilation))
      return {"", true};
    return {"does not compile: " + compilation.ToText()};
  }
  const cel::Program& program = compilation.program();

  std::string wrong = JudgeType(test, program, store);
  if (!wrong.empty() || IsTrue(test, "check_only")) return {wrong};

  cel::Activation activation(*env);
  Bind(*env, test, activation, store);
  cel::Budget budget;
  const auto got = program.Evaluate(activation, budget, store.arena);
  return {got.ok() ? JudgeValue(test, *got, store) : "failed: " + got.error().message};
}

// Why a file's cases are left out; empty when they are not.
std::string_view LeftOut(const json::value& test) {
  if (IsTrue(test, "needs_protobuf")) return "need protobuf messages, which are out of scope";
  if (Text(test, "id").starts_with("block_ext/"))
    return "are of cel.block, an optimizer's internal form that the engine does not have";
  return {};
}

void RunFile(Tally& tally, const std::filesystem::path& path) {
  const json::object root = ReadJsonObject(path);
  std::map<std::string_view, int> left_out;
  const json::value* tests = root.if_contains("tests");
  if (tests == nullptr || !tests->is_array()) {
    tally.Fail(path.filename().string(), "is not a file of the suite");
    return;
  }
  for (const json::value& test : tests->get_array()) {
    const std::string id = Text(test, "id");
    if (IsDisputed(tally, id, test)) continue;
    if (const std::string_view why = LeftOut(test); !why.empty()) {
      ++left_out[why];
      continue;
    }
    Outcome outcome;
    try {
      outcome = RunCase(test);
    } catch (const std::exception& error) {  // a case that is not of the form of the corpus
      outcome.wrong = std::string("can't be read: ") + error.what();
    }
    if (outcome.when_checking) tally.Note(id + ": the error was found when checking");
    tally.Check(outcome.wrong.empty(), id, "`" + Text(test, "expr") + "` " + outcome.wrong);
  }
  for (const auto& [why, count] : left_out)
    tally.Note(path.filename().string() + ": " + std::to_string(count) + " cases " +
               std::string(why));
}

}  // namespace

int RunCel(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::ranges::sort(files);
  Tally tally;
  for (const auto& file : files) RunFile(tally, file);
  if (!files.empty()) return tally.Finish();
  tally.Note("the folder holds no file of this suite");
  return 2;
}

}  // namespace strongroom::tools
