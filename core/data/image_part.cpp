#include "core/data/image_part.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/base/error.h"

namespace weft {

namespace {

QJsonArray toJson(const std::vector<std::string>& texts)
{
    QJsonArray array;
    for (const std::string& text : texts)
        array.append(QString::fromStdString(text));
    return array;
}

/// Throws Error for what is no entry of the list.
ImageFile fileOf(const QJsonArray& entry, std::size_t classes, const std::string& path)
{
    const ImageFile file{entry.at(0).toString().toStdString(), entry.at(1).toInt(-1), entry.at(2).toInteger(-1), static_cast<Split>(entry.at(3).toInt(-1))};
    const auto split = static_cast<int>(file.split);
    if (file.name.empty() || file.label < 0 || static_cast<std::size_t>(file.label) >= classes || file.bytes < 0 || split < 0 || split > 2)
        throw Error(WEFT_TEXT("Data", "%1 is damaged. Have the data cut and sent again."), path);
    return file;
}

} // namespace

std::string formatImagePart(const ImagePart& part)
{
    QJsonArray files;
    for (const ImageFile& file : part.folder.files)
        files.append(QJsonArray{QString::fromStdString(file.name), file.label, static_cast<qint64>(file.bytes), static_cast<int>(file.split)});
    const QJsonObject object{{QStringLiteral("size"), QJsonArray{qint64{part.channels}, qint64{part.height}, qint64{part.width}}},
                             {QStringLiteral("classes"), toJson(part.folder.classNames)},
                             {QStringLiteral("validation"), part.folder.hasValidation},
                             {QStringLiteral("test"), part.folder.hasTest},
                             {QStringLiteral("files"), files}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::optional<ImagePart> readImagePart(const std::string& root)
{
    const std::string path = root + "/" + partIndexName;
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonArray size = object.value(QStringLiteral("size")).toArray();
    ImagePart part;
    part.channels = size.at(0).toInteger();
    part.height = size.at(1).toInteger();
    part.width = size.at(2).toInteger();
    part.folder.root = root;
    part.folder.hasValidation = object.value(QStringLiteral("validation")).toBool();
    part.folder.hasTest = object.value(QStringLiteral("test")).toBool();
    for (const QJsonValue& name : object.value(QStringLiteral("classes")).toArray())
        part.folder.classNames.push_back(name.toString().toStdString());
    for (const QJsonValue& entry : object.value(QStringLiteral("files")).toArray()) {
        part.folder.files.push_back(fileOf(entry.toArray(), part.folder.classNames.size(), path));
        const ImageFile& known = part.folder.files.back();
        const QFileInfo here(QString::fromStdString(part.folder.path(known)));
        if (here.exists() && here.size() != known.bytes)
            throw Error(WEFT_TEXT("Data", "The picture %1 is not the one that the data were cut from: it has another size. Remove the folder %2, so that it is sent again."),
                        part.folder.path(known), root);
    }
    if (part.folder.files.empty() || (part.channels != 1 && part.channels != 3) || part.height < 1 || part.width < 1)
        throw Error(WEFT_TEXT("Data", "%1 is damaged. Have the data cut and sent again."), path);
    return part;
}

} // namespace weft
