#include "core/device/cuda/plan_file.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace weft {

namespace fs = std::filesystem;

fs::path PlanFile::pathOfUser()
{
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path folder = cache && *cache ? fs::path(cache) : fs::path(home ? home : ".") / ".cache";
    return folder / "weft" / "cudnn-plans.txt";
}

std::optional<MeasuredPlan> PlanFile::find(const std::string& key) const
{
    std::optional<MeasuredPlan> found;
    std::ifstream file(m_path);
    for (std::string line; std::getline(file, line);) {
        if (line.size() <= key.size() || line.compare(0, key.size(), key) != 0 || line[key.size()] != '\t')
            continue;
        std::istringstream numbers(line.substr(key.size() + 1));
        MeasuredPlan plan;
        if (numbers >> plan.proposal >> plan.engine)
            found = plan;
    }
    return found;
}

void PlanFile::add(const std::string& key, const MeasuredPlan& plan) const
{
    std::error_code ignored;
    fs::create_directories(m_path.parent_path(), ignored);
    const std::string line = key + "\t" + std::to_string(plan.proposal) + " " + std::to_string(plan.engine) + "\n";
    // In one write behind what is there, so that lines of several ranks do not mix.
    std::ofstream(m_path, std::ios::app).write(line.data(), static_cast<std::streamsize>(line.size())).flush();
}

} // namespace weft
