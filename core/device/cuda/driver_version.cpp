#include "core/device/cuda/driver_version.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace weft {

namespace {

/// Numbers with points between them.
bool isVersion(const std::string& word)
{
    const auto isPart = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.'; };
    return std::isdigit(static_cast<unsigned char>(word.front())) != 0 && word.find('.') != std::string::npos && std::all_of(word.begin(), word.end(), isPart);
}

} // namespace

std::string driverVersionIn(const std::string& text)
{
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (isVersion(word))
            return word;
    }
    return {};
}

std::string driverVersion()
{
    std::ifstream file("/proc/driver/nvidia/version");
    std::string line;
    std::getline(file, line);
    return driverVersionIn(line);
}

} // namespace weft
