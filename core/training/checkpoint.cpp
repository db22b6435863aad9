#include "core/training/checkpoint.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/base/error.h"
#include "core/training/safe_file.h"

namespace weft {

namespace {

constexpr std::uint64_t largestHeader = 100u << 20; ///< the limit of the reference implementation
constexpr std::size_t alignment = 8;

struct TypeName {
    DType dtype;
    const char* name;
};
constexpr TypeName typeNames[] = {{DType::Float32, "F32"}, {DType::Float64, "F64"}, {DType::BFloat16, "BF16"}, {DType::Float16, "F16"},
                                  {DType::Int32, "I32"},   {DType::Int64, "I64"},   {DType::UInt8, "U8"}};

const char* savedName(DType dtype)
{
    return std::find_if(std::begin(typeNames), std::end(typeNames), [&](const TypeName& t) { return t.dtype == dtype; })->name;
}

/// A tensor as the header describes it.
struct Entry {
    std::string name;
    DType dtype = DType::Float32;
    Extents extents;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Reads one file; keeps the path for messages.
class Reader {
public:
    explicit Reader(const std::string& path) : m_path(path), m_file(path, std::ios::binary)
    {
        if (!m_file)
            throw Error(WEFT_TEXT("Checkpoint", "%1 could not be opened: %2."), path, std::string(std::strerror(errno)));
        m_file.seekg(0, std::ios::end);
        m_size = static_cast<std::uint64_t>(std::max<std::streamoff>(m_file.tellg(), 0));
    }

    TensorFile read()
    {
        const QJsonObject header = readHeader();
        TensorFile file;
        std::vector<Entry> entries;
        for (auto it = header.begin(); it != header.end(); ++it) {
            if (it.key() == QLatin1String("__metadata__"))
                file.metadata = readMetadata(it.value());
            else
                entries.push_back(readEntry(it.key().toStdString(), it.value()));
        }
        checkCoverage(entries);
        for (const Entry& entry : entries)
            file.tensors.emplace(entry.name, readTensor(entry));
        return file;
    }

private:
    [[noreturn]] void damaged(const Text& reason, const std::string& argument = {}) const
    {
        throw Error(WEFT_TEXT("Checkpoint", "%1 is not a usable safetensors file: %2"), m_path, substitute(reason.source, {argument}));
    }

    QJsonObject readHeader()
    {
        std::array<unsigned char, 8> prefix{};
        if (m_size < prefix.size())
            damaged(WEFT_TEXT("Checkpoint", "it is shorter than its 8 byte prefix."));
        readBytes(0, prefix.data(), prefix.size());
        std::uint64_t length = 0;
        for (std::size_t i = 0; i < prefix.size(); ++i)
            length |= static_cast<std::uint64_t>(prefix[i]) << (8 * i);
        if (length > largestHeader || length > m_size - prefix.size())
            damaged(WEFT_TEXT("Checkpoint", "its header should have %1 bytes, more than the file holds."), std::to_string(length));
        m_dataBegin = prefix.size() + length;
        QByteArray text(static_cast<qsizetype>(length), Qt::Uninitialized);
        readBytes(prefix.size(), text.data(), length);
        QJsonParseError fault;
        const QJsonDocument document = QJsonDocument::fromJson(text, &fault);
        if (!document.isObject())
            damaged(WEFT_TEXT("Checkpoint", "its header is not a JSON object (%1)."), fault.errorString().toStdString());
        return document.object();
    }

    std::map<std::string, std::string> readMetadata(const QJsonValue& value) const
    {
        if (!value.isObject())
            damaged(WEFT_TEXT("Checkpoint", "__metadata__ is not an object."));
        std::map<std::string, std::string> metadata;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (!it.value().isString())
                damaged(WEFT_TEXT("Checkpoint", "the metadata entry %1 is not a text."), it.key().toStdString());
            metadata[it.key().toStdString()] = it.value().toString().toStdString();
        }
        return metadata;
    }

    /// A JSON number as a count; nullopt when it is no whole number ≥ 0 that a double holds exactly.
    static std::optional<std::uint64_t> readCount(const QJsonValue& value)
    {
        const double number = value.toDouble(-1);
        if (!value.isDouble() || number < 0 || number > 9007199254740992.0 || number != static_cast<double>(static_cast<std::uint64_t>(number)))
            return std::nullopt;
        return static_cast<std::uint64_t>(number);
    }

    Entry readEntry(const std::string& name, const QJsonValue& value) const
    {
        Entry entry;
        entry.name = name;
        const QJsonObject object = value.toObject();
        const QString type = object.value(QStringLiteral("dtype")).toString();
        const auto known = std::find_if(std::begin(typeNames), std::end(typeNames), [&](const TypeName& t) { return type == QLatin1String(t.name); });
        if (known == std::end(typeNames))
            damaged(WEFT_TEXT("Checkpoint", "the element type of %1 is unknown."), name);
        entry.dtype = known->dtype;

        std::uint64_t bytes = sizeOf(entry.dtype);
        const QJsonValue shape = object.value(QStringLiteral("shape"));
        if (!shape.isArray())
            damaged(WEFT_TEXT("Checkpoint", "%1 has no shape."), name);
        const QJsonArray extents = shape.toArray();
        for (const QJsonValue& extent : extents) {
            const std::optional<std::uint64_t> count = readCount(extent);
            if (!count || __builtin_mul_overflow(bytes, *count, &bytes))
                damaged(WEFT_TEXT("Checkpoint", "the shape of %1 is impossible."), name);
            entry.extents.push_back(static_cast<std::int64_t>(*count));
        }

        const QJsonArray offsets = object.value(QStringLiteral("data_offsets")).toArray();
        constexpr std::uint64_t none = ~std::uint64_t(0);
        entry.begin = readCount(offsets.at(0)).value_or(none);
        entry.end = readCount(offsets.at(1)).value_or(none);
        if (offsets.size() != 2 || entry.begin == none || entry.end == none || entry.begin > entry.end)
            damaged(WEFT_TEXT("Checkpoint", "the data offsets of %1 are no pair of positions."), name);
        if (entry.end > m_size - m_dataBegin)
            damaged(WEFT_TEXT("Checkpoint", "the data of %1 lie behind the end of the file: it was cut off."), name);
        if (entry.end - entry.begin != bytes)
            damaged(WEFT_TEXT("Checkpoint", "the data of %1 do not have the size of its shape."), name);
        return entry;
    }

    /// The format allows neither overlapping data nor holes, which could hide something.
    void checkCoverage(std::vector<Entry>& entries) const
    {
        std::sort(entries.begin(), entries.end(),
                  [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
        std::uint64_t position = 0;
        for (const Entry& entry : entries) {
            if (entry.begin != position)
                damaged(WEFT_TEXT("Checkpoint", "the data before %1 overlap or have a hole."), entry.name);
            position = entry.end;
        }
        if (position != m_size - m_dataBegin)
            damaged(WEFT_TEXT("Checkpoint", "it has bytes that belong to no array."));
    }

    SavedTensor readTensor(const Entry& entry)
    {
        SavedTensor tensor{entry.dtype, entry.extents, std::vector<std::byte>(entry.end - entry.begin)};
        readBytes(m_dataBegin + entry.begin, tensor.bytes.data(), tensor.bytes.size());
        return tensor;
    }

    void readBytes(std::uint64_t position, void* to, std::uint64_t count)
    {
        m_file.seekg(static_cast<std::streamoff>(position));
        m_file.read(static_cast<char*>(to), static_cast<std::streamsize>(count));
        if (!m_file)
            damaged(WEFT_TEXT("Checkpoint", "reading it failed; the disk or the connection may be faulty."));
    }

    std::string m_path;
    std::ifstream m_file;
    std::uint64_t m_size = 0;
    std::uint64_t m_dataBegin = 0;
};

/// Larger element types come first, then names, as the reference implementation writes: all data are aligned.
std::vector<std::map<std::string, SavedTensor>::const_iterator> writingOrder(const TensorFile& file)
{
    std::vector<std::map<std::string, SavedTensor>::const_iterator> order;
    for (auto it = file.tensors.begin(); it != file.tensors.end(); ++it)
        order.push_back(it);
    std::stable_sort(order.begin(), order.end(), [](auto a, auto b) { return sizeOf(a->second.dtype) > sizeOf(b->second.dtype); });
    return order;
}

} // namespace

TensorFile readTensorFile(const std::string& path)
{
    return Reader(path).read();
}

void writeTensorFile(const TensorFile& file, const std::string& path)
{
    QJsonObject header;
    QJsonObject metadata;
    for (const auto& [key, value] : file.metadata)
        metadata.insert(QString::fromStdString(key), QString::fromStdString(value));
    if (!metadata.isEmpty())
        header.insert(QStringLiteral("__metadata__"), metadata);

    const auto order = writingOrder(file);
    qint64 position = 0;
    for (const auto& it : order) {
        QJsonArray shape;
        for (const std::int64_t extent : it->second.extents)
            shape.append(static_cast<qint64>(extent));
        const qint64 end = position + static_cast<qint64>(it->second.bytes.size());
        header.insert(QString::fromStdString(it->first),
                      QJsonObject{{QStringLiteral("dtype"), QString::fromLatin1(savedName(it->second.dtype))},
                                  {QStringLiteral("shape"), shape},
                                  {QStringLiteral("data_offsets"), QJsonArray{position, end}}});
        position = end;
    }
    QByteArray text = QJsonDocument(header).toJson(QJsonDocument::Compact);
    while (static_cast<std::size_t>(text.size()) % alignment != 0)
        text.append(' ');

    std::array<std::byte, 8> prefix{};
    for (std::size_t i = 0; i < prefix.size(); ++i)
        prefix[i] = static_cast<std::byte>(static_cast<std::uint64_t>(text.size()) >> (8 * i));
    SafeFile out(path);
    out.write(prefix);
    out.write(std::as_bytes(std::span(text.constData(), static_cast<std::size_t>(text.size()))));
    for (const auto& it : order)
        out.write(it->second.bytes);
    out.commit();
}

} // namespace weft
