#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include <QDir>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/data/fingerprint.h"
#include "core/data/idx_file.h"
#include "core/data/sources.h"
#include "core/data/split_dataset.h"

namespace weft {

namespace {

struct IdxPair {
    std::string images;
    std::string labels;
};

/// What a folder or a file name leads to.
struct IdxFiles {
    IdxPair train;
    IdxPair test; ///< empty paths: the test split is drawn from the training files
};

QString dataRoot()
{
    const QString chosen = qEnvironmentVariable("WEFT_DATA_DIR");
    return chosen.isEmpty() ? QStringLiteral("/usr/share/datasets") : chosen;
}

bool isIdxName(const QString& name, const char* what)
{
    return name.contains(QLatin1String(what)) && name.contains(QLatin1String("idx"));
}

std::string labelsBeside(const QString& images)
{
    const QFileInfo info(images);
    QString name = info.fileName();
    name.replace(QStringLiteral("images"), QStringLiteral("labels"));
    name.replace(QStringLiteral("idx3"), QStringLiteral("idx1")).replace(QStringLiteral("idx4"), QStringLiteral("idx1"));
    const QDir folder = info.dir();
    QStringList candidates{name, name + QStringLiteral(".gz")};
    if (name.endsWith(QStringLiteral(".gz")))
        candidates << name.chopped(3);
    for (const QString& candidate : std::as_const(candidates)) {
        if (candidate != info.fileName() && folder.exists(candidate))
            return folder.filePath(candidate).toStdString();
    }
    throw Error(WEFT_TEXT("Data", "%1 has no labels beside it: %2 is missing."), images.toStdString(), folder.filePath(name).toStdString());
}

IdxFiles filesInFolder(const QString& path)
{
    IdxFiles files;
    const QDir folder(path);
    const QStringList names = folder.entryList(QDir::Files, QDir::Name);
    for (const QString& name : names) {
        if (!isIdxName(name, "images"))
            continue;
        const bool isTest = name.contains(QStringLiteral("t10k")) || name.contains(QStringLiteral("test"));
        IdxPair& pair = isTest ? files.test : files.train;
        // The same file may lie there both plain and gzipped; the plain one sorts first.
        if (!pair.images.empty() && folder.filePath(name).toStdString() == pair.images + ".gz")
            continue;
        if (!pair.images.empty())
            throw Error(WEFT_TEXT("Data", "%1 holds several sets of images (%2, %3). Name the file of the training images instead."),
                        path.toStdString(), QFileInfo(QString::fromStdString(pair.images)).fileName().toStdString(), name.toStdString());
        const QString images = folder.filePath(name);
        pair = {images.toStdString(), labelsBeside(images)};
    }
    if (files.train.images.empty())
        throw Error(WEFT_TEXT("Data", "%1 holds no IDX images: a file such as train-images-idx3-ubyte.gz is expected."), path.toStdString());
    return files;
}

IdxFiles findFiles(const std::string& path)
{
    const QString text = QString::fromStdString(path);
    const QFileInfo info(text);
    if (!info.exists())
        throw Error(WEFT_TEXT("Data", "%1 is not there."), path);
    if (info.isDir())
        return filesInFolder(text);
    if (!isIdxName(info.fileName(), "images"))
        throw Error(WEFT_TEXT("Data", "%1 does not look like IDX images: the name should hold \"images\" and \"idx\"."), path);
    return {{path, labelsBeside(text)}, {}};
}

/// One file of images, read on first use: evaluating needs no training images and the reverse.
class IdxImages {
public:
    explicit IdxImages(const std::string& path) : m_header(readIdxHeader(path))
    {
        if (m_header.type != 0x08 || (m_header.extents.size() != 3 && m_header.extents.size() != 4))
            throw Error(WEFT_TEXT("Data", "%1 does not hold images: unsigned bytes [samples, height, width] are expected, it has %2."), path,
                        toString(m_header.extents));
    }

    const IdxHeader& header() const { return m_header; }
    std::int64_t count() const { return m_header.extents[0]; }
    Extents sampleShape() const
    {
        Extents shape(m_header.extents.begin() + 1, m_header.extents.end());
        if (shape.size() == 2)
            shape.insert(shape.begin(), 1);
        return shape;
    }

    void copySample(std::int64_t index, void* to) const
    {
        if (!m_isLoaded.load(std::memory_order_acquire))
            load();
        const auto bytes = static_cast<std::size_t>(m_header.dataBytes() / count());
        std::memcpy(to, m_pixels.get() + static_cast<std::size_t>(index) * bytes, bytes);
    }

private:
    void load() const
    {
        const std::lock_guard lock(m_mutex);
        if (m_isLoaded.load(std::memory_order_relaxed))
            return;
        const auto bytes = static_cast<std::size_t>(m_header.dataBytes());
        auto pixels = std::make_unique_for_overwrite<std::byte[]>(bytes);
        readIdxData(m_header, {pixels.get(), bytes});
        m_pixels = std::move(pixels);
        m_isLoaded.store(true, std::memory_order_release);
    }

    IdxHeader m_header;
    mutable std::mutex m_mutex;
    mutable std::atomic<bool> m_isLoaded = false;
    mutable std::unique_ptr<std::byte[]> m_pixels;
};

class IdxDataset : public SplitDataset {
public:
    IdxDataset(const IdxFiles& files, const DataSettings& settings) : m_trainImages(files.train.images)
    {
        const std::vector<std::int32_t> trainLabels = pairedLabels(m_trainImages, files.train);
        m_classNames = settings.classNames;
        if (m_classNames.empty())
            nameClasses(*std::max_element(trainLabels.begin(), trainLabels.end()));
        checkLabels(trainLabels, files.train.labels);
        checkClasses(files.train.labels);

        const bool hasTest = !files.test.images.empty() && !settings.test;
        const SplitRule testRule = hasTest ? SplitRule{} : settings.test.value_or(SplitRule{0, 0.1, false});
        m_indices = splitSamples(m_trainImages.count(), settings.validation.value_or(SplitRule{0, 0.1, false}), testRule, settings.seed, trainLabels);
        for (std::size_t split = 0; split < m_indices.size(); ++split) {
            for (const std::int64_t index : m_indices[split])
                m_labels[split].push_back(trainLabels[static_cast<std::size_t>(index)]);
        }
        if (hasTest)
            openTest(files.test);
        addColumn("image", DType::UInt8, m_trainImages.sampleShape());
        addColumn("label", DType::Int32, {}, true);
        m_paths = {files.train.images, files.train.labels};
        if (hasTest)
            m_paths.insert(m_paths.end(), {files.test.images, files.test.labels});
    }

    void read(Split split, std::int64_t index, int column, void* to) const override
    {
        if (column == 0)
            imagesOf(split).copySample(indexOf(split, index), to);
        else
            std::memcpy(to, &labels(split)[static_cast<std::size_t>(index)], sizeof(std::int32_t));
    }

    std::string sampleName(Split split, std::int64_t index) const override { return std::string(nameOf(split)) + " " + std::to_string(index); }

    std::string fingerprint() const override
    {
        Fingerprint print;
        for (const std::string& path : m_paths)
            print.add(idxChecksum(path));
        for (const std::int64_t extent : m_trainImages.header().extents)
            print.add(static_cast<std::uint64_t>(extent));
        return print.text("idx");
    }

private:
    const IdxImages& imagesOf(Split split) const { return split == Split::Test && m_testImages ? *m_testImages : m_trainImages; }

    static std::vector<std::int32_t> pairedLabels(const IdxImages& images, const IdxPair& files)
    {
        std::vector<std::int32_t> labels = readIdxLabels(readIdxHeader(files.labels));
        if (static_cast<std::int64_t>(labels.size()) != images.count())
            throw Error(WEFT_TEXT("Data", "%1 holds %2 images but %3 holds %4 labels: they do not belong together."), files.images, images.count(),
                        files.labels, labels.size());
        return labels;
    }

    void nameClasses(std::int32_t largest)
    {
        for (std::int32_t label = 0; label <= std::min(largest, 65535); ++label)
            m_classNames.push_back(std::to_string(label));
    }

    void checkLabels(const std::vector<std::int32_t>& labels, const std::string& path) const
    {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] < 0 || labels[i] >= static_cast<std::int32_t>(m_classNames.size()))
                throw Error(WEFT_TEXT("Data", "%1 has label %2 at sample %3, but there are %4 classes (0 to %5)."), path, labels[i], i,
                            m_classNames.size(), m_classNames.size() - 1);
        }
    }

    void openTest(const IdxPair& files)
    {
        m_testImages = std::make_unique<IdxImages>(files.images);
        if (m_testImages->sampleShape() != m_trainImages.sampleShape())
            throw Error(WEFT_TEXT("Data", "%1 holds samples of shape %2, the training images have %3: they do not belong together."), files.images,
                        toString(m_testImages->sampleShape()), toString(m_trainImages.sampleShape()));
        const auto test = static_cast<std::size_t>(Split::Test);
        m_labels[test] = pairedLabels(*m_testImages, files);
        checkLabels(m_labels[test], files.labels);
        m_indices[test].resize(m_labels[test].size());
        for (std::size_t i = 0; i < m_indices[test].size(); ++i)
            m_indices[test][i] = static_cast<std::int64_t>(i);
    }

    IdxImages m_trainImages;
    std::unique_ptr<IdxImages> m_testImages;
    std::vector<std::string> m_paths;
};

} // namespace

std::string findFashionMnist()
{
    const QString folder = QDir(dataRoot()).filePath(QStringLiteral("fashion-mnist"));
    const bool isThere = QFileInfo::exists(folder + QStringLiteral("/train-images-idx3-ubyte.gz"))
        || QFileInfo::exists(folder + QStringLiteral("/train-images-idx3-ubyte"));
    return isThere ? folder.toStdString() : std::string();
}

std::unique_ptr<Dataset> openFashionMnist(const DataSettings& settings)
{
    const std::string folder = settings.path.empty() ? findFashionMnist() : settings.path;
    if (folder.empty())
        throw Error(
            WEFT_TEXT("Data", "Fashion-MNIST is not on this machine (looked in %1). Install the package: sudo apt install dataset-fashion-mnist"),
            dataRoot().toStdString());
    DataSettings own = settings;
    own.classNames = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
    if (!own.validation)
        own.validation = SplitRule{5000, 0, true};
    return std::make_unique<IdxDataset>(findFiles(folder), own);
}

std::unique_ptr<Dataset> openIdx(const DataSettings& settings)
{
    return std::make_unique<IdxDataset>(findFiles(settings.path), settings);
}

} // namespace weft
