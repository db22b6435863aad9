#pragma once

#include <string>
#include <vector>

#include "core/launch/program.h"

namespace weft {

/// "REGISTRY/weft:TAG", the image that packaging/Containerfile makes. Without a registry it is called localhost/weft, a name that
/// no cluster ever fetches from a stranger; without a tag it has this version's. Throws Error for what no registry takes.
std::string engineImage(const std::string& registry = {}, const std::string& tag = {});

/// What makes the image in the folder of Weft's sources and brings it to its registry, if it has one.
std::vector<CommandLine> engineImageCommands(const std::string& builder, const std::string& image);

/// The first that is installed of docker, podman and buildah, which take the same words; docker where none is.
std::string imageBuilder();

} // namespace weft
