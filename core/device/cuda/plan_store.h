#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace weft {

/// Plans of cuDNN that took long to find or to compile, as it writes them down itself: a file each, in the user's cache folder, that
/// several processes may read and write. Keys name card, library and what is to be run. Who deletes a file has it made again.
class PlanStore {
public:
    explicit PlanStore(std::filesystem::path folder = folderOfUser()) : m_folder(std::move(folder)) {}

    /// Nothing where there is none for `key`, or not a whole one.
    std::optional<std::string> find(const std::string& key) const;
    /// What cannot be written is not: then it is made again next time.
    void keep(const std::string& key, const std::string& plan) const;

    /// weft/cudnn-plans in the user's cache folder.
    static std::filesystem::path folderOfUser();

private:
    std::filesystem::path fileOf(const std::string& key) const;

    std::filesystem::path m_folder;
};

} // namespace weft
