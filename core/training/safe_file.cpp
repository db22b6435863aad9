#include "core/training/safe_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"

namespace weft {

namespace {

/// Makes the new name of a file survive a power cut. Not every file system can; that is no fault.
void syncFolder(const std::string& path)
{
    std::string folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty())
        folder = ".";
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return;
    ::fsync(file);
    ::close(file);
}

} // namespace

SafeFile::SafeFile(std::string path) : m_path(std::move(path)), m_temporary(m_path + ".tmp" + std::to_string(::getpid()))
{
    m_file = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (m_file < 0)
        fail(errno);
}

SafeFile::~SafeFile()
{
    if (m_file >= 0)
        ::close(m_file);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

void SafeFile::fail(int code) const
{
    if (code == ENOSPC || code == EDQUOT)
        throw Error(WEFT_TEXT("Files", "%1 could not be written: the disk is full. Make room and try again."), m_path);
    throw Error(WEFT_TEXT("Files", "%1 could not be written: %2."), m_path, std::string(std::strerror(code)));
}

void SafeFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail(errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void SafeFile::commit()
{
    if (::fsync(m_file) != 0)
        fail(errno);
    const int file = m_file;
    m_file = -1;
    if (::close(file) != 0)
        fail(errno);
    if (::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        fail(errno);
    m_temporary.clear();
    syncFolder(m_path);
}

void writeTextSafely(const std::string& path, const std::string& text)
{
    SafeFile file(path);
    file.write(text);
    file.commit();
}

} // namespace weft
