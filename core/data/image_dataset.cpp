#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <optional>

#include <QFileInfo>

#include "core/base/error.h"
#include "core/data/fingerprint.h"
#include "core/data/image_decoding.h"
#include "core/data/image_folder.h"
#include "core/data/image_part.h"
#include "core/data/parallel_work.h"
#include "core/data/sources.h"
#include "core/data/split_dataset.h"

namespace weft {

namespace {

/// Up to so many pictures are decoded when a folder is opened, which finds every broken one; of larger
/// folders heads and tails are looked at.
constexpr std::size_t fullCheckLimit = 5000;
/// Pictures that decide whether a larger folder is grey.
constexpr std::size_t greySample = 256;
/// Memory for decoded pictures. What comes first stays: with every picture read once an epoch, evicting
/// would gain nothing.
constexpr std::size_t cacheLimit = std::size_t{192} << 20;
constexpr int largestDefaultSide = 64;

/// A decoded picture at the size of the column, with one channel when it is grey.
struct CachedImage {
    std::unique_ptr<std::uint8_t[]> pixels;
    std::int64_t channels = 0;
};

class ImageDataset : public SplitDataset {
public:
    ImageDataset(const DataSettings& settings, const DataProgress& progress)
    {
        if (const std::optional<ImagePart> part = readImagePart(settings.path))
            openPart(*part);
        else
            openWhole(settings, progress);
        divide(settings);
        addColumn("image", DType::UInt8, {m_channels, m_height, m_width});
        addColumn("label", DType::Int32, {}, true);
        if (!m_folder.emptyClasses.empty())
            m_warnings.push_back({message(WEFT_TEXT("Data", "Folders without pictures are no classes: %1."), firstNames(m_folder.emptyClasses)),
                                  static_cast<std::int64_t>(m_folder.emptyClasses.size())});
    }

    void read(Split split, std::int64_t index, int column, void* to) const override
    {
        if (column == 1) {
            std::memcpy(to, &labels(split)[static_cast<std::size_t>(index)], sizeof(std::int32_t));
            return;
        }
        const auto file = static_cast<std::size_t>(indexOf(split, index));
        if (const CachedImage* cached = findCached(file)) {
            copyChannels(*cached, static_cast<std::uint8_t*>(to));
            return;
        }
        const DecodedImage decoded = decodeImageFile(m_folder.path(m_folder.files[file]));
        if (!decoded.problem.empty() && m_isPart && !QFileInfo::exists(QString::fromStdString(m_folder.path(m_folder.files[file]))))
            throw Error(WEFT_TEXT("Data", "The picture %1 is not in the part of the data that lies here: they were cut for other ranks, batches or hosts."),
                        m_folder.path(m_folder.files[file]));
        if (!decoded.problem.empty())
            throw Error(WEFT_TEXT("Data", "The picture %1 cannot be read: %2. Mend or remove it."), m_folder.path(m_folder.files[file]),
                        decoded.problem);
        writePixels(decoded.image, {m_channels, m_height, m_width}, static_cast<std::uint8_t*>(to));
        keep(file, static_cast<const std::uint8_t*>(to), m_channels);
    }

    std::string sampleName(Split split, std::int64_t index) const override
    {
        return m_folder.files[static_cast<std::size_t>(indexOf(split, index))].name;
    }

    std::string partIndex() const override { return formatImagePart({m_folder, m_channels, m_height, m_width}); }

    std::string fingerprint() const override
    {
        Fingerprint print;
        for (const ImageFile& file : m_folder.files) {
            print.add(file.name);
            print.add(static_cast<std::uint64_t>(file.bytes));
        }
        return print.text("images");
    }

private:
    void openWhole(const DataSettings& settings, const DataProgress& progress)
    {
        m_folder = listImageFolder(settings.path);
        m_classNames = m_folder.classNames;
        checkClasses(settings.path);
        chooseSize(settings);
        m_cache.resize(m_folder.files.size());
        checkFiles(settings, progress);
    }

    /// The whole was checked before it was cut.
    void openPart(const ImagePart& part)
    {
        m_folder = part.folder;
        m_classNames = m_folder.classNames;
        m_channels = part.channels;
        m_height = part.height;
        m_width = part.width;
        m_cache.resize(m_folder.files.size());
        m_isPart = true;
    }

    /// The first three and, when there are more, how many there are.
    static std::string firstNames(const std::vector<std::string>& names)
    {
        std::string text;
        for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 3); ++i)
            text += (i ? ", " : "") + names[i];
        return names.size() > 3 ? text + ", … (" + std::to_string(names.size()) + ")" : text;
    }

    void chooseSize(const DataSettings& settings)
    {
        for (const ImageFile& file : m_folder.files) {
            m_commonSize = imageSize(m_folder.path(file));
            if (m_commonSize.isValid() && !m_commonSize.isEmpty())
                break;
        }
        m_height = settings.height;
        m_width = settings.width;
        if (m_height > 0)
            return;
        QSize size = m_commonSize.isEmpty() ? QSize(1, 1) : m_commonSize;
        if (std::max(size.width(), size.height()) > largestDefaultSide)
            size = size.scaled(largestDefaultSide, largestDefaultSide, Qt::KeepAspectRatio).expandedTo(QSize(1, 1));
        m_height = size.height();
        m_width = size.width();
    }

    /// Decodes or looks at every file; leaves out what is broken; settles the channels.
    void checkFiles(const DataSettings& settings, const DataProgress& progress)
    {
        const std::size_t count = m_folder.files.size();
        const bool isFull = count <= fullCheckLimit;
        const std::size_t stride = isFull ? 1 : count / greySample;
        std::vector<char> isBroken(count, 0), isOdd(count, 0);
        std::atomic<bool> hasColour = false;
        workInParallel(
            static_cast<std::int64_t>(count),
            [&](std::int64_t item) {
                const auto i = static_cast<std::size_t>(item);
                const std::string path = m_folder.path(m_folder.files[i]);
                if (i % stride != 0) {
                    isBroken[i] = !looksWhole(path);
                    isOdd[i] = imageSize(path) != m_commonSize;
                    return;
                }
                const DecodedImage decoded = decodeImageFile(path);
                isBroken[i] = !decoded.problem.empty();
                if (isBroken[i])
                    return;
                isOdd[i] = decoded.image.size() != m_commonSize;
                const std::int64_t channels = settings.channels > 0 ? settings.channels : decoded.image.allGray() ? 1 : 3;
                if (channels == 3)
                    hasColour = true;
                std::vector<std::uint8_t> pixels(static_cast<std::size_t>(channels * m_height * m_width));
                writePixels(decoded.image, {channels, m_height, m_width}, pixels.data());
                keep(i, pixels.data(), channels);
            },
            progress);
        m_channels = settings.channels > 0 ? settings.channels : hasColour ? 3 : 1;
        leaveOutBroken(isBroken, isOdd);
    }

    void leaveOutBroken(const std::vector<char>& isBroken, const std::vector<char>& isOdd)
    {
        std::vector<std::string> broken, odd;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_folder.files.size(); ++i) {
            if (isBroken[i])
                broken.push_back(m_folder.files[i].name);
            else if (isOdd[i])
                odd.push_back(m_folder.files[i].name);
            if (isBroken[i])
                continue;
            if (kept != i) {
                m_folder.files[kept] = std::move(m_folder.files[i]);
                m_cache[kept] = std::move(m_cache[i]);
            }
            ++kept;
        }
        m_folder.files.resize(kept);
        m_cache.resize(kept);
        if (kept == 0)
            throw Error(WEFT_TEXT("Data", "None of the %1 pictures in %2 can be read. The first is %3."), broken.size(), m_folder.root,
                        broken.front());
        // A class of broken pictures is none: what is left must still be worth telling apart.
        const std::int32_t first = m_folder.files.front().label;
        if (std::all_of(m_folder.files.begin(), m_folder.files.end(), [&](const ImageFile& file) { return file.label == first; }))
            throw Error(WEFT_TEXT("Data", "%1 has readable pictures of a single class, \"%2\"; %3 of the others are broken, such as %4. Mend them."),
                        m_folder.root, m_classNames[static_cast<std::size_t>(first)], broken.size(), broken.front());
        if (!broken.empty())
            m_warnings.push_back(
                {message(WEFT_TEXT("Data", "Broken pictures are left out: %1."), firstNames(broken)), static_cast<std::int64_t>(broken.size())});
        if (!odd.empty())
            m_warnings.push_back({message(WEFT_TEXT("Data", "Pictures of another size than %1 x %2 are rescaled: %3."), m_commonSize.width(),
                                          m_commonSize.height(), firstNames(odd)),
                                  static_cast<std::int64_t>(odd.size())});
    }

    /// Own folders where they are there, else drawn from the training pictures.
    void divide(const DataSettings& settings)
    {
        std::array<std::vector<std::int64_t>, 3> own;
        for (std::size_t i = 0; i < m_folder.files.size(); ++i)
            own[static_cast<std::size_t>(m_folder.files[i].split)].push_back(static_cast<std::int64_t>(i));
        const SplitRule none, tenth{0, 0.1, false};
        const SplitRule validation = m_folder.hasValidation ? none : settings.validation.value_or(tenth);
        const SplitRule test = m_folder.hasTest ? none : settings.test.value_or(tenth);
        std::vector<std::int32_t> labels;
        for (const std::int64_t file : own[0])
            labels.push_back(m_folder.files[static_cast<std::size_t>(file)].label);
        m_indices = splitSamples(static_cast<std::int64_t>(own[0].size()), validation, test, settings.seed, labels);
        for (std::vector<std::int64_t>& split : m_indices) {
            for (std::int64_t& index : split)
                index = own[0][static_cast<std::size_t>(index)];
        }
        for (const std::size_t split : {std::size_t{1}, std::size_t{2}})
            m_indices[split].insert(m_indices[split].end(), own[split].begin(), own[split].end());
        for (std::size_t split = 0; split < 3; ++split) {
            for (const std::int64_t index : m_indices[split])
                m_labels[split].push_back(m_folder.files[static_cast<std::size_t>(index)].label);
        }
    }

    /// The pointer stays good: entries are never taken out.
    const CachedImage* findCached(std::size_t file) const
    {
        const std::lock_guard lock(m_mutex);
        return m_cache[file].channels > 0 ? &m_cache[file] : nullptr;
    }

    void keep(std::size_t file, const std::uint8_t* pixels, std::int64_t channels) const
    {
        const auto bytes = static_cast<std::size_t>(channels * m_height * m_width);
        const std::lock_guard lock(m_mutex);
        if (m_cache[file].channels > 0 || m_cachedBytes + bytes > cacheLimit)
            return;
        m_cache[file].pixels = std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
        std::memcpy(m_cache[file].pixels.get(), pixels, bytes);
        m_cache[file].channels = channels;
        m_cachedBytes += bytes;
    }

    void copyChannels(const CachedImage& cached, std::uint8_t* to) const
    {
        const auto plane = static_cast<std::size_t>(m_height * m_width);
        for (std::int64_t c = 0; c < m_channels; ++c)
            std::memcpy(to + static_cast<std::size_t>(c) * plane, cached.pixels.get() + static_cast<std::size_t>(c % cached.channels) * plane, plane);
    }

    ImageFolder m_folder;
    bool m_isPart = false;
    QSize m_commonSize;
    std::int64_t m_channels = 1, m_height = 1, m_width = 1;
    mutable std::mutex m_mutex;
    mutable std::vector<CachedImage> m_cache;
    mutable std::size_t m_cachedBytes = 0;
};

} // namespace

std::unique_ptr<Dataset> openImages(const DataSettings& settings, const DataProgress& progress)
{
    return std::make_unique<ImageDataset>(settings, progress);
}

} // namespace weft
