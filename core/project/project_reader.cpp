#include <algorithm>
#include <cmath>
#include <set>

#include <QFile>
#include <QFileInfo>

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
    void checkPositions(const Tree& positions, const std::string& path) const;
    void checkView(const Tree& view) const;
    std::string textAt(const Tree& map, const std::string& path, const char* key, const char* fallback) const;
    Node readNode(const Tree& tree, const std::string& path) const;
    Wire readWire(const Tree& tree, const std::string& path) const;
    void readSheet(Sheet& sheet, const Tree& tree, const std::string& path) const;
    Block readBlock(const Tree& tree, const std::string& path) const;
    BlockParam readBlockParam(const std::string& key, const Tree& tree, const std::string& path) const;
    Tree::List listAt(const Tree& map, const std::string& path, const char* key) const;
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
    checkKeys(tree, path, {"id", "name", "type", "params", "sharesWith", "learningRateFactor", "bypassed"});
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
    if (const Tree* bypassed = tree.find("bypassed")) {
        if (!bypassed->isBool())
            refuse(path + "/bypassed", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be true or false."), "bypassed");
        node.isBypassed = bypassed->boolean();
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

Tree::List Reader::listAt(const Tree& map, const std::string& path, const char* key) const
{
    const Tree* tree = map.find(key);
    if (tree && !tree->isList())
        refuse(path.empty() ? key : path + "/" + key, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a list in brackets."), key);
    return tree ? tree->list() : Tree::List{};
}

/// Reads the lists "nodes" and "wires" of the map at `path`.
void Reader::readSheet(Sheet& sheet, const Tree& tree, const std::string& path) const
{
    const std::string prefix = path.empty() ? path : path + "/";
    std::set<std::string> ids;
    for (const Tree& entry : listAt(tree, path, "nodes")) {
        const std::string place = prefix + "nodes/" + std::to_string(sheet.nodes.size());
        sheet.nodes.push_back(readNode(entry, place));
        if (!ids.insert(sheet.nodes.back().id).second)
            refuse(place, WEFT_TEXT("Project", "%1, line %2: a node with the id \"%3\" is there already; each needs its own."),
                   sheet.nodes.back().id);
    }
    for (const Tree& entry : listAt(tree, path, "wires"))
        sheet.wires.push_back(readWire(entry, prefix + "wires/" + std::to_string(sheet.wires.size())));
}

BlockParam Reader::readBlockParam(const std::string& key, const Tree& tree, const std::string& path) const
{
    if (!tree.isMap())
        refuse(path, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), key);
    checkKeys(tree, path, {"default", "minimum", "maximum", "help"});
    if (!isValidName(key))
        refuse(path,
               WEFT_TEXT("Project",
                         "%1, line %2: the parameter \"%3\" of a block may hold only letters, digits and _, and must not begin with a digit, so that "
                         "expressions can name it."),
               key);
    BlockParam param{key, 1, 0, 1 << 20, textAt(tree, path, "help", "")};
    const auto read = [&](const char* name, std::int64_t& number) {
        const Tree* value = tree.find(name);
        if (value && !value->isInt())
            refuse(path + "/" + name, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be %4."), name, describe(SettingKind::Integer));
        number = value ? value->integer() : number;
    };
    read("default", param.defaultValue);
    read("minimum", param.minimum);
    read("maximum", param.maximum);
    if (param.defaultValue < param.minimum || param.defaultValue > param.maximum)
        refuse(path, WEFT_TEXT("Project", "%1, line %2: the default of \"%3\" is %4, but must lie between %5 and %6."), key, param.defaultValue,
               param.minimum, param.maximum);
    return param;
}

Block Reader::readBlock(const Tree& tree, const std::string& path) const
{
    if (!tree.isMap())
        refuse(path, WEFT_TEXT("Project", "%1, line %2: a block must be a map in braces."));
    checkKeys(tree, path, {"id", "name", "summary", "params", "nodes", "wires"});
    Block block;
    block.id = textAt(tree, path, "id", nullptr);
    block.name = textAt(tree, path, "name", block.id.c_str());
    block.summary = textAt(tree, path, "summary", "");
    if (!isValidId(block.id))
        refuse(path, WEFT_TEXT("Project", "%1, line %2: the id \"%3\" may hold only letters, digits, - and _."), block.id);
    if (const Tree* params = tree.find("params")) {
        if (!params->isMap())
            refuse(path + "/params", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), "params");
        for (const auto& [key, param] : params->map())
            block.params.push_back(readBlockParam(key, param, path + "/params/" + key));
    }
    readSheet(block, tree, path);
    return block;
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

void Reader::checkPositions(const Tree& positions, const std::string& path) const
{
    if (!positions.isMap())
        refuse(path, WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), path.substr(path.rfind('/') + 1));
    for (const auto& [id, position] : positions.map()) {
        const auto isCoordinate = [](const Tree& number) { return number.isNumber() && std::abs(number.number()) < 1e7; };
        if (!position.isList() || position.list().size() != 2 || !isCoordinate(position.list()[0]) || !isCoordinate(position.list()[1]))
            refuse(path + "/" + id, WEFT_TEXT("Project", "%1, line %2: the position of \"%3\" must be two numbers, such as [120, 80]."), id);
    }
}

void Reader::checkView(const Tree& view) const
{
    if (!view.isMap())
        refuse("view", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), "view");
    if (const Tree* positions = view.find("positions"))
        checkPositions(*positions, "view/positions");
    const Tree* blocks = view.find("blocks");
    if (!blocks)
        return;
    if (!blocks->isMap())
        refuse("view/blocks", WEFT_TEXT("Project", "%1, line %2: \"%3\" must be a map in braces."), "blocks");
    for (const auto& [id, positions] : blocks->map())
        checkPositions(positions, "view/blocks/" + id);
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
    section("data", project.data);
    section("training", project.training);
    section("view", project.view);
    checkSettings(project.data, "data");
    checkSettings(project.training, "training");
    checkView(project.view);

    for (const Tree& tree : listAt(root, {}, "blocks")) {
        const std::string path = "blocks/" + std::to_string(project.network.blocks.size());
        Block block = readBlock(tree, path);
        if (project.network.findBlock(block.id))
            refuse(path, WEFT_TEXT("Project", "%1, line %2: a block with the id \"%3\" is there already; each needs its own."), block.id);
        project.network.blocks.push_back(std::move(block));
    }
    readSheet(project.network, root, {});
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
    if (QFileInfo(file).isDir())
        throw Error(QFileInfo::exists(file.fileName() + QStringLiteral("/project.weft"))
                        ? WEFT_TEXT("Project", "%1 is the folder of a run, not a project. What it trains is %1/project.weft.")
                        : WEFT_TEXT("Project", "%1 is a folder, not a project. Name a file such as lenet.weft."),
                    path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Project", "%1 cannot be opened: %2."), path, file.errorString().toStdString());
    constexpr qint64 largest = 64 << 20;
    const QByteArray bytes = file.read(largest + 1);
    if (file.error() != QFileDevice::NoError)
        throw Error(WEFT_TEXT("Project", "%1 cannot be read: %2."), path, file.errorString().toStdString());
    if (bytes.size() > largest)
        throw Error(WEFT_TEXT("Project", "%1 is larger than 64 MB and so is no Weft project."), path);
    const QByteArray text = bytes.trimmed();
    if (!text.isEmpty() && !text.startsWith('{') && !text.startsWith("\xEF\xBB\xBF"))
        throw Error(WEFT_TEXT("Project", "%1 is no Weft project: a project is a text that begins with \"{\"."), path);
    return parseProject(bytes.toStdString(), path, reading);
}

} // namespace weft
