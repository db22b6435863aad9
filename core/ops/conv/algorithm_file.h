#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace weft {

/// An algorithm of cuDNN and how it may round, as cuDNN numbers them.
struct MeasuredAlgorithm {
    int algorithm = 0;
    int math = 0;
};

/// Which algorithms have been measured to be the fastest: a text file of lines KEY, tab, two numbers, that several processes may
/// read and append to. Keys name card, library, pass and sizes. Who deletes the file has it measured again.
class AlgorithmFile {
public:
    explicit AlgorithmFile(std::filesystem::path path = pathOfUser()) : m_path(std::move(path)) {}

    /// The last one noted for `key`; lines that cannot be read are passed over.
    std::optional<MeasuredAlgorithm> find(const std::string& key) const;
    /// A file that cannot be written is not: then it is measured again next time.
    void add(const std::string& key, const MeasuredAlgorithm& algorithm) const;

    /// weft/convolutions.txt in the user's cache folder.
    static std::filesystem::path pathOfUser();

private:
    std::filesystem::path m_path;
};

} // namespace weft
