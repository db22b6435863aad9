#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weft {

/// Gathers what identifies data (names, sizes, checksums) into one 64-bit hash, FNV-1a.
class Fingerprint {
public:
    void add(std::string_view text);
    void add(std::uint64_t number);
    /// "idx-0123456789abcdef"
    std::string text(const std::string& kind) const;

private:
    std::uint64_t m_hash = 0xcbf29ce484222325ull;
};

/// CRC-32 (as in gzip) of a file's contents. Throws Error when it cannot be read.
std::uint32_t fileChecksum(const std::string& path);

} // namespace weft
