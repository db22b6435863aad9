#include <QRandomGenerator>
#include <QSaveFile>

#include "core/base/error.h"
#include "core/project/json.h"
#include "core/project/project.h"

namespace weft {

namespace {

/// Keys or items one a line, indented by their depth: `"nodes": [\n    a,\n    b\n  ]`.
class Lines {
public:
    /// `key` is empty for an item of a list. `depth`: how deep the thing itself is indented, in steps of two spaces.
    Lines(const std::string& key, char open, int depth) :
        m_text((key.empty() ? std::string() : jsonText(key) + ": ") + open), m_close(open == '[' ? ']' : '}'),
        m_indent("\n" + std::string(2 * static_cast<std::size_t>(depth), ' '))
    {
    }
    void add(const std::string& line)
    {
        m_text += (m_isEmpty ? "" : ",") + m_indent + "  " + line;
        m_isEmpty = false;
    }
    void add(const std::string& key, const Tree& value) { add(jsonText(key) + ": " + jsonLine(value)); }
    std::string text() const { return m_text + (m_isEmpty ? "" : m_indent) + m_close; }

private:
    std::string m_text;
    char m_close;
    std::string m_indent;
    bool m_isEmpty = true;
};

std::string mapText(const std::string& name, const Tree& map, int depth)
{
    Lines lines(name, '{', depth);
    for (const auto& [key, value] : map.map())
        lines.add(key, value);
    return lines.text();
}

void addSheet(Lines& lines, const Sheet& sheet, int depth)
{
    Lines nodes("nodes", '[', depth);
    for (const Node& node : sheet.nodes)
        nodes.add(jsonLine(toTree(node)));
    lines.add(nodes.text());
    Lines wires("wires", '[', depth);
    for (const Wire& wire : sheet.wires)
        wires.add(jsonLine(Tree::List{toString(wire.from), toString(wire.to)}));
    lines.add(wires.text());
}

std::string blocksText(const std::vector<Block>& blocks)
{
    Lines list("blocks", '[', 1);
    for (const Block& block : blocks) {
        Lines lines("", '{', 2);
        lines.add("id", block.id);
        lines.add("name", block.name);
        lines.add("summary", block.summary);
        lines.add(mapText("params", toTree(block.params), 3));
        addSheet(lines, block, 3);
        list.add(lines.text());
    }
    return list.text();
}

/// Positions stand one a line, those of nodes inside blocks by block; whatever else the view holds follows on a line each.
std::string viewText(const Tree& view)
{
    Lines lines("view", '{', 1);
    for (const auto& [key, value] : view.map()) {
        if (key == "positions" && value.isMap()) {
            lines.add(mapText(key, value, 2));
        } else if (key == "blocks" && value.isMap()) {
            Lines blocks(key, '{', 2);
            for (const auto& [block, positions] : value.map())
                blocks.add(positions.isMap() ? mapText(block, positions, 3) : jsonText(block) + ": " + jsonLine(positions));
            lines.add(blocks.text());
        } else {
            lines.add(key, value);
        }
    }
    return lines.text();
}

} // namespace

std::string formatProject(const Project& project)
{
    Lines lines("", '{', 0);
    lines.add("weft", project.format);
    lines.add("id", project.id);
    lines.add(mapText("data", project.data, 1));
    if (!project.network.blocks.empty())
        lines.add(blocksText(project.network.blocks));
    addSheet(lines, project.network, 1);
    lines.add(mapText("training", project.training, 1));
    lines.add(viewText(project.view));
    return lines.text() + "\n";
}

void writeProject(const Project& project, const std::string& path)
{
    if (project.format > projectFormat)
        throw Error(WEFT_TEXT("Project", "%1 is not written: the project comes from a newer version of Weft, and this one would lose parts of it."),
                    path);
    const std::string text = formatProject(project);
    // QSaveFile writes to a temporary name beside it, syncs and renames.
    QSaveFile file(QString::fromStdString(path));
    const bool isWritten = file.open(QIODevice::WriteOnly)
        && file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) && file.commit();
    if (!isWritten)
        throw Error(WEFT_TEXT("Project", "%1 cannot be written: %2. What was there before is unchanged."), path, file.errorString().toStdString());
}

std::string newProjectId()
{
    const quint64 number = QRandomGenerator::system()->generate64();
    return QString::number(number, 16).rightJustified(16, QLatin1Char('0')).toStdString();
}

} // namespace weft
