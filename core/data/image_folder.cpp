#include "core/data/image_folder.h"

#include <algorithm>
#include <map>

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/data/split_dataset.h"

namespace weft {

namespace {

QStringList patterns()
{
    QStringList list;
    for (const std::string& pattern : imagePatterns())
        list << QString::fromStdString(pattern);
    return list;
}

/// Folders that may be classes; archives made on a Mac bring one of the system's own.
QStringList foldersIn(const QString& path)
{
    QStringList folders = QDir(path).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    folders.removeAll(QStringLiteral("__MACOSX"));
    return folders;
}

/// The subfolder that a split goes by, or an empty string.
QString splitFolder(const QString& root, const QStringList& names)
{
    for (const QString& name : names) {
        if (QFileInfo(root + QLatin1Char('/') + name).isDir())
            return name;
    }
    return {};
}

/// The files of one class, also from folders inside it.
std::vector<ImageFile> filesOfClass(const QString& root, const QString& folder, Split split)
{
    std::vector<ImageFile> files;
    QDirIterator it(root + QLatin1Char('/') + folder, patterns(), QDir::Files, QDirIterator::Subdirectories | QDirIterator::FollowSymlinks);
    while (it.hasNext()) {
        const QString path = it.next();
        files.push_back({QDir(root).relativeFilePath(path).toStdString(), 0, it.fileInfo().size(), split});
    }
    std::sort(files.begin(), files.end(), [](const ImageFile& a, const ImageFile& b) { return a.name < b.name; });
    return files;
}

using ClassFiles = std::map<std::string, std::vector<ImageFile>>;

ClassFiles classesIn(const QString& root, const QString& splitName, Split split)
{
    ClassFiles classes;
    const QString prefix = splitName.isEmpty() ? QString() : splitName + QLatin1Char('/');
    const QStringList names = foldersIn(root + QLatin1Char('/') + splitName);
    for (const QString& name : names)
        classes[name.toStdString()] = filesOfClass(root, prefix + name, split);
    return classes;
}

void addFiles(ImageFolder& folder, ClassFiles& classes)
{
    for (auto& [name, files] : classes) {
        const auto known = std::find(folder.classNames.begin(), folder.classNames.end(), name);
        if (files.empty())
            continue;
        if (known == folder.classNames.end())
            throw Error(WEFT_TEXT("Data", "%1 holds pictures of the class \"%2\", which the training folder lacks."), folder.path(files.front()),
                        name);
        for (ImageFile& file : files)
            file.label = static_cast<std::int32_t>(known - folder.classNames.begin());
    }
    // In the order of the class names, which is not always that of the map.
    for (const std::string& name : folder.classNames) {
        const auto found = classes.find(name);
        if (found != classes.end())
            folder.files.insert(folder.files.end(), std::make_move_iterator(found->second.begin()), std::make_move_iterator(found->second.end()));
    }
}

} // namespace

std::vector<std::string> imagePatterns()
{
    return {"*.png", "*.jpg", "*.jpeg", "*.bmp", "*.webp", "*.gif", "*.pgm", "*.ppm"};
}

ImageFolder listImageFolder(const std::string& rootPath)
{
    const QString root = QString::fromStdString(rootPath);
    if (!QFileInfo::exists(root))
        throw Error(WEFT_TEXT("Data", "%1 is not there."), rootPath);
    if (!QFileInfo(root).isDir())
        throw Error(WEFT_TEXT("Data", "%1 is a file. Choose the folder that holds one folder of pictures for each class."), rootPath);
    const QString train = splitFolder(root, {QStringLiteral("train"), QStringLiteral("training")});
    const QString test = splitFolder(root, {QStringLiteral("test"), QStringLiteral("testing")});
    const QString validation = splitFolder(root, {QStringLiteral("validation"), QStringLiteral("valid"), QStringLiteral("val")});

    ImageFolder folder;
    folder.root = rootPath;
    ClassFiles classes = classesIn(root, train, Split::Train);
    for (const auto& [name, files] : classes)
        (files.empty() ? folder.emptyClasses : folder.classNames).push_back(name);
    sortClassNames(folder.classNames);
    if (folder.classNames.empty())
        throw Error(WEFT_TEXT("Data", "%1 holds no pictures. One folder for each class is expected, with png, jpg, bmp or webp files in it."),
                    rootPath);
    addFiles(folder, classes);
    // Without a train folder, "test" is a class like any other.
    folder.hasTest = !train.isEmpty() && !test.isEmpty();
    folder.hasValidation = !train.isEmpty() && !validation.isEmpty();
    if (folder.hasValidation) {
        ClassFiles own = classesIn(root, validation, Split::Validation);
        addFiles(folder, own);
    }
    if (folder.hasTest) {
        ClassFiles own = classesIn(root, test, Split::Test);
        addFiles(folder, own);
    }
    return folder;
}

} // namespace weft
