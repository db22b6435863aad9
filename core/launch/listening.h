#pragma once

#include <string>
#include <utility>
#include <vector>

namespace weft {

/// The variables of the environment that have the ports of Open MPI listen on `networks` alone, which are written as its own
/// if_include takes them (preloaded/listening.cpp). None where networks is empty, which is everywhere; where the library is not
/// built, as in builds with sanitizers; and where a shell would take the values for more than words, since Open MPI hands them
/// to those of other hosts as they are.
std::vector<std::pair<std::string, std::string>> listeningVariables(const std::string& networks);
/// The same for a program on this host: what the user has loaded before programs stays.
std::vector<std::pair<std::string, std::string>> besideOwn(std::vector<std::pair<std::string, std::string>> variables);

} // namespace weft
