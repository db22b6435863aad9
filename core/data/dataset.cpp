#include "core/data/dataset.h"

#include <algorithm>

#include <QDir>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/data/data_settings.h"
#include "core/data/sources.h"

namespace weft {

const char* nameOf(Split split)
{
    switch (split) {
    case Split::Train: return "train";
    case Split::Validation: return "validation";
    case Split::Test: return "test";
    }
    return "";
}

const Column* Dataset::findColumn(const std::string& name) const
{
    const int index = columnIndex(name);
    return index < 0 ? nullptr : &columns()[static_cast<std::size_t>(index)];
}

int Dataset::columnIndex(const std::string& name) const
{
    const std::vector<Column>& all = columns();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name == name)
            return static_cast<int>(i);
    }
    return -1;
}

std::unique_ptr<Dataset> openDataset(const Tree& data, const std::string& baseDir, const DataProgress& progress)
{
    const DataSettings settings = dataSettings(data, baseDir);
    if (settings.source == "fashion-mnist")
        return openFashionMnist(settings);
    if (settings.source == "idx")
        return openIdx(settings);
    if (settings.source == "images")
        return openImages(settings, progress);
    return openCsv(settings, progress);
}

Tree describeData(const std::string& name)
{
    const QFileInfo info(QString::fromStdString(name));
    if (!info.exists()) {
        std::vector<std::string> sources;
        for (const CatalogueEntry& entry : dataCatalogue()) {
            if (entry.source == name)
                return Tree::Map{{"source", name}};
            sources.push_back(entry.source);
        }
        const std::string near = nearest(name, sources);
        if (near.empty())
            throw Error(WEFT_TEXT("Data", "%1 is not there, and no data set is called so. weft data list shows the data sets."), name);
        throw Error(WEFT_TEXT("Data", "%1 is not there. Did you mean the data set %2?"), name, near);
    }
    const auto isIdx = [](const QString& file) { return file.contains(QLatin1String("idx")); };
    bool holdsIdx = isIdx(info.fileName());
    if (info.isDir()) {
        const QStringList files = QDir(info.filePath()).entryList(QDir::Files);
        holdsIdx = std::any_of(files.begin(), files.end(), isIdx);
    }
    const char* source = holdsIdx ? "idx" : info.isDir() ? "images" : "csv";
    return Tree::Map{{"source", source}, {"path", QDir::cleanPath(info.absoluteFilePath()).toStdString()}};
}

std::vector<CatalogueEntry> dataCatalogue()
{
    return {{"fashion-mnist", WEFT_TEXT("Data", "Fashion-MNIST"), WEFT_TEXT("Data", "70,000 grey pictures of clothes, 28 x 28, in 10 classes."),
             !findFashionMnist().empty(), message(WEFT_TEXT("Data", "Install the package: sudo apt install dataset-fashion-mnist"))}};
}

} // namespace weft
