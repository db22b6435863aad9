#include "core/data/idx_file.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <QFile>
#include <zlib.h>

#include "core/base/error.h"
#include "core/data/fingerprint.h"

namespace weft {

namespace {

/// Nobody's data set has more; a larger product means a damaged head.
constexpr std::int64_t largestCount = std::int64_t{1} << 40;

/// A file read through zlib, which passes plain files through.
class GzReader {
public:
    explicit GzReader(const std::string& path) : m_path(path)
    {
        if (!QFile::exists(QString::fromStdString(path)))
            throw Error(WEFT_TEXT("Data", "%1 is not there."), path);
        m_file = gzopen(QFile::encodeName(QString::fromStdString(path)).constData(), "rb");
        if (!m_file)
            throw Error(WEFT_TEXT("Data", "%1 cannot be opened: %2."), path, std::string(std::strerror(errno)));
        gzbuffer(m_file, 1 << 17);
    }
    ~GzReader() { gzclose(m_file); }
    GzReader(const GzReader&) = delete;
    GzReader& operator=(const GzReader&) = delete;

    /// As many bytes as there are, at most `to`.
    std::size_t read(std::span<std::byte> to)
    {
        std::size_t done = 0;
        while (done < to.size()) {
            const auto chunk = static_cast<unsigned>(std::min<std::size_t>(to.size() - done, 1u << 30));
            const int got = gzread(m_file, to.data() + done, chunk);
            if (got < 0)
                throwDamage();
            if (got == 0)
                break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    /// Throws unless the file ends here, with the checksum that gzip promised.
    void expectEnd()
    {
        std::byte extra;
        if (read(std::span(&extra, 1)) != 0)
            throw Error(WEFT_TEXT("Data", "%1 is longer than its head says: it is no IDX file or damaged. Get it again."), m_path);
        int code = Z_OK;
        gzerror(m_file, &code);
        if (code != Z_OK)
            throwDamage();
    }

    [[noreturn]] void throwTruncated(std::int64_t have, std::int64_t want)
    {
        throw Error(WEFT_TEXT("Data", "%1 ends early: it holds %2 of %3 bytes. Get it again."), m_path, have, want);
    }

private:
    [[noreturn]] void throwDamage()
    {
        int code = Z_OK;
        const std::string reason = gzerror(m_file, &code);
        if (code == Z_BUF_ERROR)
            throw Error(WEFT_TEXT("Data", "%1 ends early: the compressed data is cut off. Get it again."), m_path);
        // zlib begins its reasons with the path.
        const std::string own = reason.rfind(m_path + ": ", 0) == 0 ? reason.substr(m_path.size() + 2) : reason;
        throw Error(WEFT_TEXT("Data", "%1 is damaged (%2). Get it again."), m_path, code == Z_ERRNO ? std::string(std::strerror(errno)) : own);
    }

    std::string m_path;
    gzFile m_file = nullptr;
};

std::uint32_t bigEndian32(const std::byte* bytes)
{
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    return value;
}

std::uint32_t littleEndian32(const unsigned char* bytes)
{
    return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 | static_cast<std::uint32_t>(bytes[2]) << 16
        | static_cast<std::uint32_t>(bytes[3]) << 24;
}

/// The last eight bytes of a gzip file: checksum and length of what it holds.
struct GzTrailer {
    bool isGzip = false;
    std::uint32_t crc = 0;
    std::uint32_t length = 0;
    std::int64_t fileBytes = 0;
};

GzTrailer readTrailer(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Data", "%1 cannot be opened: %2."), path, file.errorString().toStdString());
    GzTrailer trailer;
    trailer.fileBytes = file.size();
    const QByteArray head = file.read(2);
    trailer.isGzip = head == QByteArray("\x1f\x8b", 2) && file.size() >= 18;
    if (trailer.isGzip) {
        file.seek(file.size() - 8);
        const QByteArray tail = file.read(8);
        const auto* bytes = reinterpret_cast<const unsigned char*>(tail.constData());
        trailer.crc = littleEndian32(bytes);
        trailer.length = littleEndian32(bytes + 4);
    }
    return trailer;
}

/// Reads a whole file for its faults only.
void checkWhole(const IdxHeader& header)
{
    GzReader reader(header.path);
    std::vector<std::byte> buffer(1 << 18);
    const std::int64_t want = header.offset + header.dataBytes();
    std::int64_t have = 0;
    while (have < want) {
        const auto chunk = static_cast<std::size_t>(std::min<std::int64_t>(want - have, static_cast<std::int64_t>(buffer.size())));
        const std::size_t got = reader.read(std::span(buffer).first(chunk));
        if (got == 0)
            reader.throwTruncated(have, want);
        have += static_cast<std::int64_t>(got);
    }
    reader.expectEnd();
}

[[noreturn]] void throwNotIdx(const std::string& path)
{
    throw Error(WEFT_TEXT("Data", "%1 is not an IDX file: its first four bytes are wrong. Get it again or choose another file."), path);
}

} // namespace

std::size_t IdxHeader::elementBytes() const
{
    switch (type) {
    case 0x08:
    case 0x09: return 1;
    case 0x0B: return 2;
    case 0x0C:
    case 0x0D: return 4;
    case 0x0E: return 8;
    default: return 0;
    }
}

IdxHeader readIdxHeader(const std::string& path)
{
    GzReader reader(path);
    IdxHeader header;
    header.path = path;
    std::array<std::byte, 4> magic{};
    if (reader.read(magic) < magic.size())
        throw Error(WEFT_TEXT("Data", "%1 ends early: it has no complete head. Get it again."), path);
    header.type = std::to_integer<std::uint8_t>(magic[2]);
    const auto rank = std::to_integer<std::size_t>(magic[3]);
    if (magic[0] != std::byte{0} || magic[1] != std::byte{0} || header.elementBytes() == 0 || rank == 0 || rank > 6)
        throwNotIdx(path);
    std::array<std::byte, 24> sizes{};
    if (reader.read(std::span(sizes).first(4 * rank)) < 4 * rank)
        throw Error(WEFT_TEXT("Data", "%1 ends early: it has no complete head. Get it again."), path);
    header.offset = static_cast<std::int64_t>(4 + 4 * rank);
    std::int64_t count = 1;
    for (std::size_t axis = 0; axis < rank; ++axis) {
        const std::int64_t extent = bigEndian32(sizes.data() + 4 * axis);
        if (extent == 0)
            throw Error(WEFT_TEXT("Data", "%1 is empty: its head names a size of 0."), path);
        if (extent > largestCount / count)
            throwNotIdx(path);
        count *= extent;
        header.extents.push_back(extent);
    }

    const GzTrailer trailer = readTrailer(path);
    const std::int64_t want = header.offset + header.dataBytes();
    const bool fits = trailer.isGzip ? trailer.length == static_cast<std::uint32_t>(want) : trailer.fileBytes == want;
    if (!fits)
        checkWhole(header); // says what is wrong, or that it is several gzip members in a row
    return header;
}

void readIdxData(const IdxHeader& header, std::span<std::byte> to)
{
    GzReader reader(header.path);
    std::array<std::byte, 28> head{};
    reader.read(std::span(head).first(static_cast<std::size_t>(header.offset)));
    const std::size_t got = reader.read(to);
    if (got < to.size())
        reader.throwTruncated(header.offset + static_cast<std::int64_t>(got), header.offset + header.dataBytes());
    reader.expectEnd();
}

std::vector<std::int32_t> readIdxLabels(const IdxHeader& header)
{
    if (header.extents.size() != 1 || (header.type != 0x08 && header.type != 0x0C))
        throw Error(WEFT_TEXT("Data", "%1 does not hold labels: a list of unsigned bytes or 32-bit integers is expected."), header.path);
    std::vector<std::byte> bytes(static_cast<std::size_t>(header.dataBytes()));
    readIdxData(header, bytes);
    std::vector<std::int32_t> labels(static_cast<std::size_t>(header.extents[0]));
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i] = header.type == 0x08 ? std::to_integer<std::int32_t>(bytes[i]) : static_cast<std::int32_t>(bigEndian32(bytes.data() + 4 * i));
    return labels;
}

std::uint32_t idxChecksum(const std::string& path)
{
    const GzTrailer trailer = readTrailer(path);
    return trailer.isGzip ? trailer.crc : fileChecksum(path);
}

} // namespace weft
