#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace weft {

/// Which of cuDNN's proposals was the fastest, and the engine that it is for.
struct MeasuredPlan {
    int proposal = 0;
    int engine = 0;
};

/// Which of cuDNN's proposals have been measured to be the fastest: a text file of lines KEY, tab, two numbers, that several
/// processes may read and append to. Keys name card, library and what is to be run. Who deletes the file has it measured again.
class PlanFile {
public:
    explicit PlanFile(std::filesystem::path path = pathOfUser()) : m_path(std::move(path)) {}

    /// The last one noted for `key`; lines that cannot be read are passed over.
    std::optional<MeasuredPlan> find(const std::string& key) const;
    /// A file that cannot be written is not: then it is measured again next time.
    void add(const std::string& key, const MeasuredPlan& plan) const;

    /// weft/cudnn-plans.txt in the user's cache folder.
    static std::filesystem::path pathOfUser();

private:
    std::filesystem::path m_path;
};

} // namespace weft
