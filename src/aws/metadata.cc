// The plain HTTP of metadata services: the only requests that leave without TLS. They go to
// addresses that no router passes on, or to this machine.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "aws/limits.h"
#include "aws/surroundings.h"
#include "net/descriptor.h"
#include "net/fetch_url.h"
#include "net/field_line.h"
#include "net/response_reader.h"
#include "net/socket_address.h"

namespace strongroom::aws {
namespace {

using base::ErrorCode;
using base::MakeError;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::string_view kScheme = "http://";
// Of instances, of tasks of ECS, of pods of EKS.
constexpr std::string_view kServices[] = {"169.254.169.254", "fd00:ec2::254", "169.254.170.2",
                                          "169.254.170.23", "fd00:ec2::23"};

base::Error Unavailable() {
  base::Error error =
      MakeError(ErrorCode::kUnavailable, "the metadata service of AWS does not answer");
  error.retriable = true;
  return error;
}

struct Destination {
  net::Endpoint endpoint;
  net::FetchUrl url;
};

base::Result<Destination> DestinationOf(const std::string& url) {
  const auto refused = [] {
    return MakeError(ErrorCode::kBadRequest, "this address may not be asked for credentials",
                     "only AWS's metadata services and loopback are asked over plain HTTP");
  };
  if (!url.starts_with(kScheme)) return refused();
  const std::string rest = url.substr(kScheme.size());
  const std::string authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  Destination to;
  STRONGROOM_ASSIGN(to.url, net::FetchUrl::Parse("https://" + rest));
  if (to.url.host == "localhost") to.url.address = net::IpAddress::V4({127, 0, 0, 1});
  if (!to.url.address) return refused();
  to.endpoint = {*to.url.address, has_port ? to.url.port : std::uint16_t{80}};
  const bool known = std::find(std::begin(kServices), std::end(kServices),
                               to.url.address->ToString()) != std::end(kServices);
  if (!known && !net::IsLoopback(*to.url.address)) return refused();
  return to;
}

base::Result<std::string> TextOf(const MetadataRequest& request, const net::FetchUrl& url,
                                 const std::string& authority) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
                                 request.method, url.target, authority);
  for (const net::Header& header : request.headers) {
    if (!net::IsToken(header.name) || !net::IsFieldValue(header.value))
      return MakeError(ErrorCode::kBadRequest, "a header for the metadata service is malformed");
    text += header.name + ": " + header.value + "\r\n";
  }
  if (request.method != "GET") text += "content-length: 0\r\n";
  return text + "\r\n";
}

// False when the time is over.
bool Await(int fd, short events, SteadyTime until) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd watched{fd, events, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

base::Result<net::Descriptor> Connect(const net::Endpoint& endpoint, SteadyTime until) {
  socklen_t size = 0;
  const sockaddr_storage address = net::ToSocketAddress(endpoint, size);
  net::Descriptor socket(
      ::socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return Unavailable();
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0)
    return socket;
  if (errno != EINPROGRESS || !Await(socket.get(), POLLOUT, until)) return Unavailable();
  int error = 0;
  socklen_t error_size = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &error_size);
  if (error != 0) return Unavailable();
  return socket;
}

base::Status Send(int fd, std::string_view text, SteadyTime until) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR) || !Await(fd, POLLOUT, until)) {
      return Unavailable();
    }
  }
  return {};
}

base::Result<net::FetchResponse> Receive(int fd, SteadyTime until) {
  using Step = net::ResponseReader::Step;
  net::ResponseReader reader(limits::kAnswerBytesMax, false);
  std::array<char, 4096> scratch;
  while (true) {
    if (!Await(fd, POLLIN, until)) return Unavailable();
    const ssize_t got = ::recv(fd, scratch.data(), scratch.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got < 0) return Unavailable();
    const Step step =
        got == 0 ? reader.ReadEnd() : reader.Read({scratch.data(), static_cast<std::size_t>(got)});
    if (step == Step::kDone) return reader.Take();
    if (step == Step::kMore && got != 0) continue;
    return MakeError(ErrorCode::kDependencyError,
                     "the metadata service of AWS sent a malformed answer");
  }
}

}  // namespace

base::Result<net::FetchResponse> AskMetadata(const MetadataRequest& request) {
  const SteadyTime until = std::chrono::steady_clock::now() + limits::kMetadataTimeout;
  STRONGROOM_ASSIGN(const Destination to, DestinationOf(request.url));
  STRONGROOM_ASSIGN(const std::string text, TextOf(request, to.url, to.url.authority));
  STRONGROOM_ASSIGN(const net::Descriptor socket, Connect(to.endpoint, until));
  STRONGROOM_TRY(Send(socket.get(), text, until));
  return Receive(socket.get(), until);
}

}  // namespace strongroom::aws
