#include "core/ops/conv/algorithm_file.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace weft {

namespace fs = std::filesystem;

fs::path AlgorithmFile::pathOfUser()
{
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path folder = cache && *cache ? fs::path(cache) : fs::path(home ? home : ".") / ".cache";
    return folder / "weft" / "convolutions.txt";
}

std::optional<MeasuredAlgorithm> AlgorithmFile::find(const std::string& key) const
{
    std::optional<MeasuredAlgorithm> found;
    std::ifstream file(m_path);
    for (std::string line; std::getline(file, line);) {
        if (line.size() <= key.size() || line.compare(0, key.size(), key) != 0 || line[key.size()] != '\t')
            continue;
        std::istringstream numbers(line.substr(key.size() + 1));
        MeasuredAlgorithm algorithm;
        if (numbers >> algorithm.algorithm >> algorithm.math)
            found = algorithm;
    }
    return found;
}

void AlgorithmFile::add(const std::string& key, const MeasuredAlgorithm& algorithm) const
{
    std::error_code ignored;
    fs::create_directories(m_path.parent_path(), ignored);
    const std::string line = key + "\t" + std::to_string(algorithm.algorithm) + " " + std::to_string(algorithm.math) + "\n";
    // In one write behind what is there, so that lines of several ranks do not mix.
    std::ofstream(m_path, std::ios::app).write(line.data(), static_cast<std::streamsize>(line.size())).flush();
}

} // namespace weft
