#include "services/prepared_method.h"

#include <strongroom/type/v1/problem.pb.h>

#include "base/check.h"
#include "base/log.h"
#include "grpc/message.h"
#include "services/error_status.h"
#include "services/variables.h"

namespace strongroom::services {
namespace {

namespace json = boost::json;
namespace protobuf = google::protobuf;

constexpr int kProblems = 15;
constexpr std::string_view kPage = "{ pageInfo { hasNextPage } edges { cursor node % } }";

const protobuf::MethodDescriptor& Describe(const MethodSpec& spec) {
  const auto* service =
      protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(spec.service));
  STRONGROOM_CHECK(service != nullptr);
  const auto* method = service->FindMethodByName(std::string(spec.name));
  STRONGROOM_CHECK(method != nullptr);
  return *method;
}

const protobuf::Message& Prototype(const protobuf::Descriptor& type) {
  const auto* prototype = protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
  STRONGROOM_CHECK(prototype != nullptr);
  return *prototype;
}

// What is selected: the documents of a list, which stand in its first field.
Shape ShapeOf(const MethodSpec& spec, const protobuf::MethodDescriptor& described) {
  const auto& output = *described.output_type();
  return Shape(spec.kind == MethodKind::kList ? *output.field(0)->message_type() : output);
}

void Replace(std::string& text, std::string_view mark, std::string_view by) {
  if (const std::size_t at = text.find(mark); at != text.npos) text.replace(at, mark.size(), by);
}

std::vector<std::string> Split(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    parts.emplace_back(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return parts;
}

std::string PathText(const json::object& error) {
  std::string text;
  const json::value* path = error.if_contains("path");
  if (path == nullptr || !path->is_array()) return text;
  for (const json::value& part : path->get_array()) {
    if (!text.empty()) text += '.';
    text += part.is_string() ? std::string(part.get_string()) : json::serialize(part);
  }
  return text;
}

bool AllNull(const json::object& data) {
  for (const auto& member : data)
    if (!member.value().is_null()) return false;
  return true;
}

}  // namespace

PreparedMethod::PreparedMethod(const MethodSpec& method_spec, OperationRunner& operation_runner)
    : spec(method_spec),
      runner(operation_runner),
      described(Describe(method_spec)),
      request(Prototype(*described.input_type())),
      shape(ShapeOf(method_spec, described)),
      root(Split(method_spec.root)),
      document(method_spec.document),
      mutates(method_spec.document.starts_with("mutation")) {
  Replace(document, "@", kPage);
  const auto* answered = described.output_type()->field(0)->message_type();
  if (document.find('%') != document.npos) Replace(document, "%", Shape(*answered).Selection());
  // The audit log and metrics see which method it was.
  document.insert(document.find_first_of("({ "), " " + std::string(spec.name));
}

std::variant<Taken, grpc::Status> Take(const PreparedMethod& method, const grpc::CallPtr& call,
                                       const api::OperationAnswer& answer) {
  const std::string& id = OperationRunner::CallerOf(call).request_id;
  if (answer.status != 200) return StatusOfRefusal(answer.status, answer.body, id);
  boost::system::error_code broken;
  // Read once and thrown away whole. INVARIANT: what is moved keeps its memory, so pointers into it
  // stay valid.
  Taken taken{json::parse(answer.body, broken,
                          json::make_shared_resource<json::monotonic_resource>())};
  STRONGROOM_CHECK(!broken && taken.whole.is_object());
  const json::object& members = taken.whole.get_object();
  const json::value* errors = members.if_contains("errors");
  if (errors != nullptr) taken.errors = &errors->get_array();
  const json::value* at = members.if_contains("data");
  for (const std::string& name : method.root) {
    if (at == nullptr || !at->is_object()) break;
    at = at->get_object().if_contains(name);
  }
  if (at != nullptr && at->is_object()) taken.data = &at->get_object();
  const bool nothing = taken.data == nullptr || AllNull(*taken.data);
  if (taken.errors != nullptr && !taken.errors->empty() && (method.mutates || nothing)) {
    const std::size_t skip = method.spec.kind == MethodKind::kList ? 1 : method.root.size() + 1;
    return StatusOf(taken.errors->front().get_object(), id, nullptr, skip);
  }
  return taken;
}

grpc::Status BadVariables(const base::Error& error, std::string_view request_id) {
  json::array path{""};
  for (const std::string& part : error.argument_path) path.emplace_back(part);
  json::object extensions{{"code", base::ErrorCodeName(error.code)}, {"retriableError", false}};
  if (!error.hint.empty()) extensions["hint"] = error.hint;
  return StatusOf(json::object{{"message", error.message},
                               {"path", std::move(path)},
                               {"extensions", std::move(extensions)}},
                  request_id);
}

std::optional<json::object> ReadVariables(const PreparedMethod& method, const grpc::CallPtr& call,
                                          const std::string& message,
                                          const std::vector<std::string_view>& except) {
  const std::unique_ptr<protobuf::Message> parsed(method.request.New());
  if (!grpc::Parse(message, *parsed)) {
    call->Finish(grpc::Unparsable());
    return std::nullopt;
  }
  auto variables = VariablesOf(*parsed, except);
  if (variables.ok()) return std::move(variables).value();
  Caller& caller = OperationRunner::CallerOf(call);
  caller.codes = {variables.error().code};
  call->Finish(BadVariables(variables.error(), caller.request_id));
  return std::nullopt;
}

void AppendProblems(const json::array* errors, std::string_view prefix, std::string& wire) {
  if (errors == nullptr) return;
  for (const json::value& item : *errors) {
    const json::object& error = item.get_object();
    const std::string path = PathText(error);
    if (!path.starts_with(prefix)) continue;
    strongroom::type::v1::Problem problem;
    problem.set_path(path.substr(prefix.size()));
    problem.set_message(std::string(error.at("message").get_string()));
    for (const auto& member : error.at("extensions").get_object()) {
      const json::value& value = member.value();
      const std::string text =
          value.is_string() ? std::string(value.get_string()) : json::serialize(value);
      if (member.key() == "code")
        problem.set_code(text);
      else
        (*problem.mutable_details())[std::string(member.key())] = text;
    }
    AppendBytes(kProblems, problem.SerializeAsString(), wire);
  }
}

}  // namespace strongroom::services
