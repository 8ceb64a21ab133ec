#include "server/control.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/json.h"
#include "base/log.h"
#include "net/descriptor.h"

namespace strongroom::server {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;
using net::Descriptor;

constexpr std::size_t kCommandBytesMax = std::size_t{64} << 10;
constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20;
constexpr int kReadSeconds = 5;
constexpr const char* kName = "CONTROL";

// Through the directory's descriptor: the paths of sockets have at most 107 bytes.
struct Place {
  Descriptor directory;
  sockaddr_un address{};
};

base::Result<Place> PlaceIn(const std::string& directory) {
  Place place;
  place.directory = Descriptor(open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place.directory)
    return MakeError(ErrorCode::kDependencyError, "the data directory can't be opened",
                     "check --data, and that you are the user of the server");
  const std::string path = "/proc/self/fd/" + std::to_string(place.directory.get()) + "/" + kName;
  place.address.sun_family = AF_UNIX;
  std::memcpy(place.address.sun_path, path.c_str(), path.size() + 1);
  return place;
}

const sockaddr* AddressOf(const Place& place) {
  return reinterpret_cast<const sockaddr*>(&place.address);
}

bool PeerIsOwner(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == geteuid() || peer.uid == 0);
}

// Up to the newline or the end; false when it is longer than `bytes_max` or fails.
bool ReadLine(int socket, std::size_t bytes_max, std::string& line) {
  char buffer[4096];
  while (line.size() <= bytes_max) {
    const ssize_t got = recv(socket, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    line.append(buffer, static_cast<std::size_t>(got));
    if (got == 0 || line.ends_with('\n')) return true;
  }
  return false;
}

bool SendAll(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

json::object ErrorJson(const base::Error& error) {
  return {{"error",
           {{"code", base::ErrorCodeName(error.code)},
            {"message", error.message},
            {"hint", error.hint}}}};
}

}  // namespace

class Control::State {
 public:
  State(Descriptor directory, Descriptor listener, Descriptor stop, Answer answer)
      : directory_(std::move(directory)),
        listener_(std::move(listener)),
        stop_(std::move(stop)),
        answer_(std::move(answer)),
        thread_([this] { Run(); }) {}
  ~State() {
    const std::uint64_t one = 1;
    while (write(stop_.get(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread_.join();
    unlinkat(directory_.get(), kName, 0);
  }

 private:
  void Run() {
    while (true) {
      pollfd waited[2] = {{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
      if (poll(waited, 2, -1) < 0 && errno != EINTR) return;
      if (waited[1].revents != 0) return;
      if ((waited[0].revents & POLLIN) == 0) continue;
      const Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (client) Serve(client.get());
      // Out of descriptors: the caller waits in the queue meanwhile.
      if (!client) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  void Serve(int client) {
    const timeval patience{kReadSeconds, 0};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    std::string line;
    if (!PeerIsOwner(client) || !ReadLine(client, kCommandBytesMax, line)) return;
    SendAll(client, json::serialize(AnswerTo(line)) + "\n");
  }

  json::object AnswerTo(const std::string& line) {
    const auto command = base::ParseJson(line);
    if (!command.ok() || !command->is_object())
      return ErrorJson(MakeError(ErrorCode::kBadRequest, "the command is no JSON object"));
    auto answer = answer_(command->as_object());
    return answer.ok() ? std::move(answer).value() : ErrorJson(answer.error());
  }

  const Descriptor directory_;
  const Descriptor listener_;
  const Descriptor stop_;
  const Answer answer_;
  std::thread thread_;  // last: it uses the others
};

Control::Control(std::unique_ptr<State> state) : state_(std::move(state)) {}
Control::~Control() = default;

base::Result<std::unique_ptr<Control>> Control::Start(const std::string& directory, Answer answer) {
  STRONGROOM_ASSIGN(Place place, PlaceIn(directory));
  // Of a server that was killed: the directory is ours alone now.
  unlinkat(place.directory.get(), kName, 0);
  Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  Descriptor stop(eventfd(0, EFD_CLOEXEC));
  const bool listens = listener && stop &&
                       bind(listener.get(), AddressOf(place), sizeof place.address) == 0 &&
                       listen(listener.get(), 8) == 0;
  if (!listens)
    return MakeError(ErrorCode::kUnavailable,
                     "the socket for commands on the host can't be made in the data directory",
                     "check that its file system has sockets");
  return std::unique_ptr<Control>(new Control(std::make_unique<State>(
      std::move(place.directory), std::move(listener), std::move(stop), std::move(answer))));
}

base::Result<std::optional<json::object>> AskControl(const std::string& directory,
                                                     const json::object& command) {
  STRONGROOM_ASSIGN(const Place place, PlaceIn(directory));
  const Descriptor server(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!server || connect(server.get(), AddressOf(place), sizeof place.address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::optional<json::object>();
    return MakeError(ErrorCode::kUnavailable, "the running server can't be asked",
                     "run this as the user of the server");
  }
  std::string line;
  if (!PeerIsOwner(server.get()) || !SendAll(server.get(), json::serialize(command) + "\n") ||
      !ReadLine(server.get(), kAnswerBytesMax, line) || line.empty())
    return MakeError(ErrorCode::kUnavailable, "the running server did not answer",
                     "run this as the user of the server, and look at its log");
  STRONGROOM_ASSIGN(auto parsed, base::ParseJson(line, {32, kAnswerBytesMax}));
  if (!parsed.is_object())
    return MakeError(ErrorCode::kDependencyError, "the running server answered something else");
  json::object answer = std::move(parsed.as_object());
  const auto* error = answer.if_contains("error");
  if (error == nullptr) return std::optional(std::move(answer));
  const json::object& about = error->as_object();
  return MakeError(about.at("code").as_string() == "NOT_FOUND" ? ErrorCode::kNotFound
                                                               : ErrorCode::kDependencyError,
                   std::string(about.at("message").as_string()),
                   std::string(about.at("hint").as_string()));
}

}  // namespace strongroom::server
