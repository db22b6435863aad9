#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace weft {

/// A file that appears whole or not at all: written under a temporary name beside `path`, synced,
/// renamed. Without `commit` nothing remains and an older file of that name stays as it was.
class SafeFile {
public:
    /// Throws Error with the path and the system's reason when the folder cannot be written.
    explicit SafeFile(std::string path);
    ~SafeFile();
    SafeFile(const SafeFile&) = delete;
    SafeFile& operator=(const SafeFile&) = delete;

    /// Appends. Throws Error with the reason (full disk, …).
    void write(std::span<const std::byte> bytes);
    void write(const std::string& text) { write(std::as_bytes(std::span(text))); }
    /// Syncs the contents, gives the file its name and syncs the folder. Throws Error.
    void commit();

private:
    [[noreturn]] void fail(int code) const;

    std::string m_path;
    std::string m_temporary;
    int m_file = -1;
};

/// The whole of a small text file in one step.
void writeTextSafely(const std::string& path, const std::string& text);

} // namespace weft
