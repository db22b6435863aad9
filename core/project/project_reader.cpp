#include <algorithm>
#include <cmath>
#include <set>

#include <QFile>

#include "core/base/nearest.h"
#include "core/project/json.h"
#include "core/project/project.h"
#include "core/project/setting_keys.h"

namespace weft {

namespace {

std::string listed(const std::vector<std::string>& words)
{
    std::string list;
    for (const std::string& word : words)
        list += (list.empty() ? "" : ", ") + word;
    return list;
}

/// Turns a JSON document into a Project; every fault names the line.
class Reader {
public:
    Reader(JsonDocument document, Reading reading) : m_document(std::move(document)), m_reading(reading) {}

    Project read();

private:
    template <class... Args> [[noreturn]] void refuse(const std::string& path, Text text, Args&&... args) const
    {
        throw Error(text, m_document.name, m_document.lineOf(path), std::forward<Args>(args)...);
    }

    void checkKeys(const Tree& map, const std::string& path, const std::vector<std::string>& known) const;
    void readFormat(Project& project) const;
    void checkSettings(const Tree& tree, const std::string& path) const;
    void checkView(const Tree& view) const;
    std::string textAt(const Tree& map, const std::string& path, const char* key, const char* fallback) const;
    Node readNode(const Tree& tree, const std::string& path) const;
    Wire readWire(const Tree& tree, const std::string& path) const;
    bool isTolerant() const { return m_reading == Reading::Tolerant; }

    JsonDocument m_document;
    Reading m_reading;
};

void Reader::checkKeys(const Tree& map, const std::string& path, const std::vector<std::string>& known) const
{
    if (isTolerant())
        return;
    for (const auto& [key, value] : map.map()) {
        if (std::find(known.begin(), known.end(), key) != known.end())
            continue;
        const std::string place = path.empty() ? key : path + "/" + key;
        const std::string near = nearest(key, known);
        if (near.empty() && known.empty())
            refuse(place, WEFT_TEXT("Project", "%1, line %2: the key \"%3\" is unknown here."), key);
        if (near.empty())
            refuse(place, WEFT_TEXT("Project", "%1, line %2: the key \"%3\" is unknown here. There are: %4."), key, listed(known));
        refuse(place, WEFT_TEXT("Project", "%1, line %2: the key \"%3\" is unknown here. Did you mean \"%4\"?"), key, near);
    }
}

void Reader::readFormat(Project& project) const
{
    const Tree& root = m_document.root;
    const Tree* format = root.find("weft");
    if (!format)
        throw Error(WEFT_TEXT("Project", "%1 is not a Weft project: it is not a map with the key \"weft\"."), m_document.name);
    if (!format->isInt() || format->integer() < 1)
        refuse("weft", WEFT_TEXT("Project", "%1, line %2: the value of \"weft\" must be the number of the project format, such as %3."),
               projectFormat);
    project.format = static_cast<int>(std::min<std::int64_t>(format->integer(), 1 << 30));
    if (project.format > projectFormat && !isTolerant())
        throw ProjectVersionError(
            message(WEFT_TEXT("Project",
                              "%1 was written by a newer version of Weft (project format %2; this one reads up to %3). Update Weft to use it."),
                    m_document.name, project.format, projectFormat),
            project.format);
}

std::string Reader::textAt(const Tree& map, const std::string& path, const char* key, const char* fallback) const
{
    const Tree* value = map.find(key);
    if (!value && fallback)
        return fallback;
    if (!value)
        refuse(path, WEFT_TEXT("Project", "%1, line %2: the key \"%3\" is missing."), key);
    if (!value->isText())
        refuse(path + "/" + key, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a text in quotes."), key);
    return value->text();
}

Node Reader::readNode(const Tree& tree, const std::string& path) const
{
    if (!tree.isMap())
        refuse(path, WEFT_TEXT("Project", "%1, line %2: a node must be a map in braces."));
    checkKeys(tree, path, {"id", "name", "type", "params", "sharesWith", "learningRateFactor"});
    Node node;
    node.id = textAt(tree, path, "id", nullptr);
    node.type = textAt(tree, path, "type", nullptr);
    node.name = textAt(tree, path, "name", node.id.c_str());
    node.sharesWith = textAt(tree, path, "sharesWith", "");
    if (const Tree* factor = tree.find("learningRateFactor")) {
        if (!isRateFactor(*factor))
            refuse(path + "/learningRateFactor", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a number of at least 0; 0 freezes the layer."),
                   "learningRateFactor");
        node.learningRateFactor = factor->number();
    }
    if (!isValidId(node.id))
        refuse(path, WEFT_TEXT("Project", "%1, line %2: the id \"%3\" may hold only letters, digits, - and _."), node.id);
    if (const Tree* params = tree.find("params")) {
        if (!params->isMap())
            refuse(path + "/params", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), "params");
        node.params = *params;
    }
    sortParams(node);
    return node;
}

Wire Reader::readWire(const Tree& tree, const std::string& path) const
{
    const bool isPair = tree.isList() && tree.list().size() == 2 && tree.list()[0].isText() && tree.list()[1].isText();
    const auto from = isPair ? parsePortRef(tree.list()[0].text()) : std::nullopt;
    const auto to = isPair ? parsePortRef(tree.list()[1].text()) : std::nullopt;
    if (!from || !to)
        refuse(path, WEFT_TEXT("Project", "%1, line %2: a wire must be two ports, such as [\"conv1.y\", \"pool1.x\"]."));
    return {*from, *to};
}

void Reader::checkSettings(const Tree& tree, const std::string& path) const
{
    if (isTolerant())
        return;
    const SettingKey* key = findSettingKey(path);
    if (key && !hasKind(tree, key->kind))
        refuse(path, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be %4."), path.substr(path.rfind('/') + 1), describe(key->kind));
    if (!tree.isMap())
        return;
    checkKeys(tree, path, settingKeysIn(path));
    for (const auto& [name, value] : tree.map())
        checkSettings(value, path + "/" + name);
}

void Reader::checkView(const Tree& view) const
{
    if (!view.isMap())
        refuse("view", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), "view");
    const Tree* positions = view.find("positions");
    if (!positions)
        return;
    if (!positions->isMap())
        refuse("view/positions", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), "positions");
    for (const auto& [id, position] : positions->map()) {
        const auto isCoordinate = [](const Tree& number) { return number.isNumber() && std::abs(number.number()) < 1e7; };
        if (!position.isList() || position.list().size() != 2 || !isCoordinate(position.list()[0]) || !isCoordinate(position.list()[1]))
            refuse("view/positions/" + id, WEFT_TEXT("Project", "%1, line %2: the position of \"%3\" must be two numbers, such as [120, 80]."), id);
    }
}

Project Reader::read()
{
    const Tree& root = m_document.root;
    Project project;
    readFormat(project);
    checkKeys(root, {}, {"weft", "id", "data", "blocks", "nodes", "wires", "training", "view"});
    project.id = textAt(root, {}, "id", nullptr);
    // The id names folders of runs and journals.
    if (!isValidId(project.id))
        refuse("id", WEFT_TEXT("Project", "%1, line %2: the id \"%3\" may hold only letters, digits, - and _."), project.id);
    const auto section = [&](const char* key, Tree& to) {
        if (const Tree* tree = root.find(key); tree && !tree->isMap())
            refuse(key, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), key);
        else if (tree)
            to = *tree;
        sortSettings(to, key);
    };
    const auto listOf = [&](const char* key) {
        const Tree* tree = root.find(key);
        if (tree && !tree->isList())
            refuse(key, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a list in brackets."), key);
        return tree ? tree->list() : Tree::List{};
    };
    section("data", project.data);
    section("blocks", project.network.blocks);
    section("training", project.training);
    section("view", project.view);
    checkSettings(project.data, "data");
    checkSettings(project.training, "training");
    checkView(project.view);

    std::set<std::string> ids;
    for (const Tree& tree : listOf("nodes")) {
        const std::string path = "nodes/" + std::to_string(project.network.nodes.size());
        project.network.nodes.push_back(readNode(tree, path));
        if (!ids.insert(project.network.nodes.back().id).second)
            refuse(path, WEFT_TEXT("Project", "%1, line %2: a node with the id \"%3\" is there already; each needs its own."),
                   project.network.nodes.back().id);
    }
    for (const Tree& tree : listOf("wires"))
        project.network.wires.push_back(readWire(tree, "wires/" + std::to_string(project.network.wires.size())));
    return project;
}

} // namespace

Project parseProject(const std::string& text, const std::string& name, Reading reading)
{
    // Some editors put a byte order mark before UTF-8 text.
    static const std::string mark = "\xef\xbb\xbf";
    return Reader(parseJson(text.starts_with(mark) ? text.substr(mark.size()) : text, name, true), reading).read();
}

Project readProject(const std::string& path, Reading reading)
{
    QFile file(QString::fromStdString(path));
    if (!file.exists())
        throw Error(WEFT_TEXT("Project", "There is no file %1."), path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Project", "%1 cannot be opened: %2."), path, file.errorString().toStdString());
    constexpr qint64 largest = 64 << 20;
    const QByteArray bytes = file.read(largest + 1);
    if (file.error() != QFileDevice::NoError)
        throw Error(WEFT_TEXT("Project", "%1 cannot be read: %2."), path, file.errorString().toStdString());
    if (bytes.size() > largest)
        throw Error(WEFT_TEXT("Project", "%1 is larger than 64 MB and so is no Weft project."), path);
    return parseProject(bytes.toStdString(), path, reading);
}

} // namespace weft
