#include "core/data/dataset.h"

#include <algorithm>

#include <QDir>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/data/data_settings.h"
#include "core/data/image_folder.h"
#include "core/data/sources.h"
#include "core/data/text_files.h"

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
    if (settings.source == "text")
        return openText(settings, progress);
    if (settings.source == "fortunes" || settings.source == "fortunes-zh")
        return openFortunes(settings, progress);
    return openCsv(settings, progress);
}

namespace {

bool isIdxName(const QString& file)
{
    return file.contains(QLatin1String("idx"));
}

bool holdsPictures(const QDir& folder)
{
    QStringList patterns;
    for (const std::string& pattern : imagePatterns())
        patterns << QString::fromStdString(pattern);
    for (const QString& inner : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (!QDir(folder.filePath(inner)).entryList(patterns, QDir::Files).isEmpty())
            return true;
    }
    return false;
}

const char* folderSource(const QString& path)
{
    const QStringList files = QDir(path).entryList(QDir::Files);
    if (std::any_of(files.begin(), files.end(), isIdxName))
        return "idx";
    return !holdsPictures(QDir(path)) && isFolderOfTexts(path.toStdString()) ? "text" : "images";
}

const char* fileSource(const QFileInfo& info)
{
    if (isIdxName(info.fileName()))
        return "idx";
    const std::string path = info.filePath().toStdString();
    return isTable(path) && isTableOfTexts(path) ? "text" : "csv";
}

} // namespace

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
    const char* source = info.isDir() ? folderSource(info.filePath()) : fileSource(info);
    return Tree::Map{{"source", source}, {"path", QDir::cleanPath(info.absoluteFilePath()).toStdString()}};
}

std::vector<CatalogueEntry> dataCatalogue()
{
    return {{"fashion-mnist", WEFT_TEXT("Data", "Fashion-MNIST"), WEFT_TEXT("Data", "70,000 grey pictures of clothes, 28 x 28, in 10 classes."),
             !findFashionMnist().empty(), message(WEFT_TEXT("Data", "Install the package: sudo apt install dataset-fashion-mnist"))},
            {"fortunes", WEFT_TEXT("Data", "Fortunes: sports or art"),
             WEFT_TEXT("Data", "612 English quotations on sports or art; data.files chooses other topics."), !findFortunes("fortunes").empty(),
             message(WEFT_TEXT("Data", "Install the package: sudo apt install fortunes"))},
            {"fortunes-zh", WEFT_TEXT("Data", "Fortunes: Tang poems"),
             WEFT_TEXT("Data", "313 poems of the Tang dynasty and 5,361 other Chinese texts."), !findFortunes("fortunes-zh").empty(),
             message(WEFT_TEXT("Data", "Install the package: sudo apt install fortunes-zh"))}};
}

} // namespace weft
