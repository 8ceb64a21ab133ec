#include "storage/rocksdb/status.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;

}  // namespace

base::Error EngineError(const rocksdb::Status& status) {
  if (status.IsCorruption())
    return MakeError(ErrorCode::kInternalServerError,
                     "a file of the store failed its integrity check",
                     "the data directory was damaged or changed from outside: stop the server and "
                     "restore a backup");
  base::Error error =
      status.IsNoSpace()
          ? MakeError(ErrorCode::kUnavailable, "the disk of the store is full",
                      "free space on the volume of the data directory and restart the server")
          : MakeError(ErrorCode::kUnavailable, "the disk of the store failed",
                      "check the volume of the data directory and restart the server");
  error.retriable = true;
  return error;
}

}  // namespace strongroom::storage
