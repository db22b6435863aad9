#include "core/device/cuda/plan_store.h"

#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <sstream>

#include <unistd.h>

#include "core/base/random.h"

namespace weft {

namespace fs = std::filesystem;

namespace {

std::string checksum(const std::string& text)
{
    std::ostringstream digits;
    digits << std::hex << std::setw(16) << std::setfill('0') << fnv1a64(text);
    return digits.str();
}

} // namespace

fs::path PlanStore::folderOfUser()
{
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path folder = cache && *cache ? fs::path(cache) : fs::path(home ? home : ".") / ".cache";
    return folder / "weft" / "cudnn-plans";
}

fs::path PlanStore::fileOf(const std::string& key) const
{
    return m_folder / (checksum(key) + ".plan");
}

// A file: the key, the plan's checksum, the plan.

std::optional<std::string> PlanStore::find(const std::string& key) const
{
    std::ifstream file(fileOf(key), std::ios::binary);
    std::string ofKey, sum;
    if (!std::getline(file, ofKey) || ofKey != key || !std::getline(file, sum))
        return {};
    std::ostringstream rest;
    rest << file.rdbuf();
    std::string plan = rest.str();
    return checksum(plan) == sum ? std::optional(std::move(plan)) : std::nullopt;
}

void PlanStore::keep(const std::string& key, const std::string& plan) const
{
    std::error_code ignored;
    fs::create_directories(m_folder, ignored);
    const fs::path file = fileOf(key), written = file.string() + '.' + std::to_string(getpid());
    std::ofstream(written, std::ios::binary) << key << '\n' << checksum(plan) << '\n' << plan;
    fs::rename(written, file, ignored); // A part of a disk that is full is found by its checksum.
}

} // namespace weft
