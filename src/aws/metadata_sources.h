// The credentials that a machine in AWS has by itself: of a container (ECS, EKS Pod Identity), of
// an EC2 instance.
#pragma once

#include <optional>

#include "aws/credentials.h"

namespace strongroom::aws {

// Nothing when the container's variables are not set.
base::Result<std::optional<Credentials>> ContainerCredentials(const Surroundings& surroundings,
                                                              net::HttpFetcher& fetcher);

// IMDSv2, and nothing but it: a service that gives no session token is not asked any further
// (security 7.24). Nothing when AWS_EC2_METADATA_DISABLED is true, nobody answers, or the instance
// has no role.
base::Result<std::optional<Credentials>> InstanceCredentials(const Surroundings& surroundings);

// The region that the instance is in; "" if there is no instance.
std::string InstanceRegion(const Surroundings& surroundings);

}  // namespace strongroom::aws
