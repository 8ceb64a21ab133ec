// The process around a Service: what it keeps to itself, and its signals.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/log.h"
#include "server/service.h"

namespace strongroom::server {

namespace {

sigset_t WaitedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

void HardenProcess() {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  ::umask(0077);
}

void BlockSignals() {
  const sigset_t signals = WaitedSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a failed write
}

void WaitForSignal(Service& service) {
  const sigset_t signals = WaitedSignals();
  while (true) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) return;
    if (signal == SIGUSR1) {
      service.FlushKeys();
      base::Log(base::LogLevel::kWarning, "the keys of all issuers were forgotten", {});
      continue;
    }
    if (signal != SIGHUP) return;
    if (const auto status = service.ReloadCertificate(); !status.ok()) {
      base::Log(base::LogLevel::kError, "the certificate was not reloaded",
                {{"reason", status.error().message}});
    }
  }
}

}  // namespace strongroom::server
