#include "core/data/fingerprint.h"

#include <cstdio>
#include <vector>

#include <QFile>
#include <zlib.h>

#include "core/base/error.h"

namespace weft {

void Fingerprint::add(std::string_view text)
{
    add(static_cast<std::uint64_t>(text.size()));
    for (const char c : text)
        m_hash = (m_hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
}

void Fingerprint::add(std::uint64_t number)
{
    for (int byte = 0; byte < 8; ++byte)
        m_hash = (m_hash ^ (number >> (8 * byte) & 0xff)) * 0x100000001b3ull;
}

std::string Fingerprint::text(const std::string& kind) const
{
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(m_hash));
    return kind + "-" + digits;
}

std::uint32_t fileChecksum(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        throw Error(WEFT_TEXT("Data", "%1 cannot be read: %2."), path, file.errorString().toStdString());
    std::vector<char> buffer(1 << 18);
    uLong sum = crc32(0, nullptr, 0);
    for (;;) {
        const qint64 got = file.read(buffer.data(), static_cast<qint64>(buffer.size()));
        if (got < 0)
            throw Error(WEFT_TEXT("Data", "%1 cannot be read: %2."), path, file.errorString().toStdString());
        if (got == 0)
            return static_cast<std::uint32_t>(sum);
        sum = crc32(sum, reinterpret_cast<const Bytef*>(buffer.data()), static_cast<uInt>(got));
    }
}

} // namespace weft
