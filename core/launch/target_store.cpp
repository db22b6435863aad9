#include "core/launch/target_store.h"

#include <algorithm>
#include <filesystem>

#include <QFile>
#include <QLockFile>
#include <QStandardPaths>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/project/json.h"
#include "core/training/safe_file.h"

namespace weft {

namespace fs = std::filesystem;

namespace {

constexpr int storeFormat = 1;

/// Held while the file is read, changed and written, so that two programs lose nothing of each other's.
class StoreLock {
public:
    explicit StoreLock(const std::string& path) : m_file(QString::fromStdString(path + ".lock"))
    {
        std::error_code fault;
        fs::create_directories(fs::path(path).parent_path(), fault);
        if (!m_file.tryLock(10000))
            throw Error(WEFT_TEXT("Target", "%1 could not be changed: its folder cannot be written, or another program holds it."), path);
    }

private:
    QLockFile m_file;
};

bool isCalled(const Target& target, const std::string& name)
{
    return target.name == name;
}

} // namespace

Tree targetTree(const Target& target)
{
    Tree::Map fields;
    for (const auto& [key, value] : target.fields)
        fields.emplace_back(key, value);
    return Tree::Map{{"name", target.name}, {"kind", nameOf(target.kind)}, {"fields", std::move(fields)}};
}

Target targetFromTree(const Tree& tree, const std::string& place)
{
    const Tree* name = tree.find("name");
    const Tree* kind = tree.find("kind");
    const Tree* fields = tree.find("fields");
    if (!name || !name->isText() || !kind || !kind->isText() || !fields || !fields->isMap())
        throw Error(WEFT_TEXT("Target", "%1: a target needs name, kind and fields. Mend the file, or move it away to begin anew."), place);
    Target target{name->text(), targetKind(kind->text()), {}};
    for (const auto& [key, value] : fields->map()) {
        if (!value.isText())
            throw Error(WEFT_TEXT("Target", "%1: the field %2 is no text. Mend the file, or move it away to begin anew."), place, key);
        setField(target, key, value.text());
    }
    checkTarget(target);
    return target;
}

std::string TargetStore::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation).toStdString() + "/weft/targets.json";
}

std::vector<Target> TargetStore::all() const
{
    std::vector<Target> targets;
    QFile file(QString::fromStdString(m_path));
    if (file.exists()) {
        if (!file.open(QIODevice::ReadOnly))
            throw Error(WEFT_TEXT("Target", "%1 could not be read: %2."), m_path, file.errorString().toStdString());
        const JsonDocument document = parseJson(file.readAll().toStdString(), m_path, false);
        const Tree* format = document.root.find("weft");
        const Tree* list = document.root.find("targets");
        if (!format || !format->isInt() || !list || !list->isList())
            throw Error(WEFT_TEXT("Target", "%1 is no list of targets. Mend the file, or move it away to begin anew."), m_path);
        if (format->integer() > storeFormat)
            throw Error(WEFT_TEXT("Target", "%1 was written by a newer version of Weft. Use that version, or move the file away to begin anew."), m_path);
        for (const Tree& entry : list->list())
            targets.push_back(targetFromTree(entry, m_path));
    }
    if (std::none_of(targets.begin(), targets.end(), [](const Target& t) { return isCalled(t, "local"); }))
        targets.push_back({"local", TargetKind::Local, {}});
    std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) { return a.name < b.name; });
    return targets;
}

Target TargetStore::find(const std::string& name) const
{
    std::vector<std::string> names;
    for (Target& target : all()) {
        if (isCalled(target, name))
            return std::move(target);
        names.push_back(target.name);
    }
    const std::string near = nearest(name, names);
    if (!near.empty())
        throw Error(WEFT_TEXT("Target", "There is no target %1. Did you mean %2?"), name, near);
    throw Error(WEFT_TEXT("Target", "There is no target %1. weft target list shows those there are, weft target add makes one."), name);
}

void TargetStore::put(const Target& target)
{
    checkTarget(target);
    const StoreLock lock(m_path);
    std::vector<Target> targets = all();
    std::erase_if(targets, [&](const Target& t) { return isCalled(t, target.name); });
    targets.push_back(target);
    write(targets);
}

void TargetStore::remove(const std::string& name)
{
    const StoreLock lock(m_path);
    if (find(name) == Target{"local", TargetKind::Local, {}})
        throw Error(WEFT_TEXT("Target", "The target local is this machine and always there."));
    std::vector<Target> targets = all();
    std::erase_if(targets, [&](const Target& t) { return isCalled(t, name); });
    write(targets);
}

void TargetStore::write(const std::vector<Target>& targets) const
{
    std::string text = "{\"weft\": " + std::to_string(storeFormat) + ",\n \"targets\": [";
    bool isFirst = true;
    for (const Target& target : targets) {
        if (target == Target{"local", TargetKind::Local, {}})
            continue;
        text += (isFirst ? "\n  " : ",\n  ") + jsonLine(targetTree(target));
        isFirst = false;
    }
    writeTextSafely(m_path, text + "\n]}\n");
}

} // namespace weft
