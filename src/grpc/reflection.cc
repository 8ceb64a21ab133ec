#include "grpc/reflection.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <grpc/reflection/v1/reflection.pb.h>
#include <grpc/reflection/v1alpha/reflection.pb.h>

#include <set>

#include "grpc/message.h"

namespace strongroom::grpc {
namespace {

namespace protobuf = google::protobuf;
// The two versions differ in the name of their package alone, so one pair of messages serves both.
using ::grpc::reflection::v1::ServerReflectionRequest;
using ::grpc::reflection::v1::ServerReflectionResponse;
using Names = std::shared_ptr<const std::vector<std::string>>;

void AddWithImports(const protobuf::FileDescriptor& file, std::set<std::string>& added,
                    ::grpc::reflection::v1::FileDescriptorResponse& out) {
  if (!added.insert(file.name()).second) return;
  protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  out.add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) AddWithImports(*file.dependency(i), added, out);
}

void AnswerFile(const protobuf::FileDescriptor* file, ServerReflectionResponse& response) {
  if (file == nullptr) {
    response.mutable_error_response()->set_error_code(static_cast<int>(Code::kNotFound));
    response.mutable_error_response()->set_error_message("there is no such name");
    return;
  }
  std::set<std::string> added;
  AddWithImports(*file, added, *response.mutable_file_descriptor_response());
}

void AnswerInto(const ServerReflectionRequest& request, const std::vector<std::string>& services,
                ServerReflectionResponse& response) {
  const protobuf::DescriptorPool& pool = *protobuf::DescriptorPool::generated_pool();
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kFileByFilename:
      return AnswerFile(pool.FindFileByName(request.file_by_filename()), response);
    case ServerReflectionRequest::kFileContainingSymbol:
      return AnswerFile(pool.FindFileContainingSymbol(request.file_containing_symbol()), response);
    case ServerReflectionRequest::kListServices:
      for (const std::string& name : services)
        response.mutable_list_services_response()->add_service()->set_name(name);
      return;
    case ServerReflectionRequest::kAllExtensionNumbersOfType: {
      auto& numbers = *response.mutable_all_extension_numbers_response();
      numbers.set_base_type_name(request.all_extension_numbers_of_type());  // proto3 has none
      return;
    }
    default: return AnswerFile(nullptr, response);
  }
}

class Reflection final : public CallHandler {
 public:
  Reflection(Names services, CallPtr call)
      : services_(std::move(services)), call_(std::move(call)) {}
  void OnMessage(std::string message) override {
    ServerReflectionRequest request;
    if (!Parse(message, request)) return call_->Finish(Unparsable());
    ServerReflectionResponse response;
    AnswerInto(request, *services_, response);
    call_->Send(response.SerializeAsString());
    waits_ = true;  // one answer at a time, however fast questions come
  }
  void OnEnd() override { call_->Finish({}); }
  void OnWritable() override {
    if (std::exchange(waits_, false)) call_->Next();
  }
  void OnDrain() override { call_->Finish({Code::kUnavailable, "the server is stopping", {}}); }

 private:
  const Names services_;
  const CallPtr call_;
  bool waits_ = false;
};

}  // namespace

std::vector<Method> ReflectionMethods(std::vector<std::string> services) {
  // Also so that the linker keeps its descriptors.
  ::grpc::reflection::v1alpha::ServerReflectionRequest::descriptor();
  const Names names = std::make_shared<const std::vector<std::string>>(std::move(services));
  const auto start = [names](const CallPtr& call) {
    return std::make_shared<Reflection>(names, call);
  };
  return {
      {"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", true, true, false, start},
      {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", true, true, false, start}};
}

}  // namespace strongroom::grpc
