#include "server/cli/commands.h"

int main(int argc, char** argv) { return strongroom::server::cli::Main(argc, argv); }
