#include "crypto/memory.h"
#include "server/cli/commands.h"

int main(int argc, char** argv) {
  strongroom::crypto::KeepOpenSslSecret();
  return strongroom::server::cli::Main(argc, argv);
}
