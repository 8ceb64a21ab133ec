#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "net/server.h"

namespace strongroom::net {

std::string DefaultErrorBody(int, const base::Error& error) {
  return boost::json::serialize(boost::json::object{
      {"errors",
       {{{"message", error.message},
         {"extensions", {{"code", std::string(base::ErrorCodeName(error.code))}}}}}}});
}

}  // namespace strongroom::net
