#include <QRandomGenerator>
#include <QSaveFile>

#include "core/base/error.h"
#include "core/project/json.h"
#include "core/project/project.h"

namespace weft {

namespace {

/// A list of one item a line: `"nodes": [\n    a,\n    b\n  ]`.
class Lines {
public:
    Lines(std::string& out, const char* key, char open, char close) : m_out(out), m_close(close) { m_out += "  " + jsonText(key) + ": " + open; }
    ~Lines() { m_out += (m_isEmpty ? "" : "\n  ") + std::string(1, m_close); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    void add(const std::string& line)
    {
        m_out += (m_isEmpty ? "\n    " : ",\n    ") + line;
        m_isEmpty = false;
    }

private:
    std::string& m_out;
    char m_close;
    bool m_isEmpty = true;
};

void appendMap(std::string& out, const char* name, const Tree& map)
{
    Lines lines(out, name, '{', '}');
    for (const auto& [key, value] : map.map())
        lines.add(jsonText(key) + ": " + jsonLine(value));
}

void appendNetwork(std::string& out, const Network& network)
{
    {
        Lines nodes(out, "nodes", '[', ']');
        for (const Node& node : network.nodes)
            nodes.add(jsonLine(toTree(node)));
    }
    out += ",\n";
    Lines wires(out, "wires", '[', ']');
    for (const Wire& wire : network.wires)
        wires.add(jsonLine(Tree::List{toString(wire.from), toString(wire.to)}));
}

/// Positions stand one a line, whatever else the view holds follows on a line each.
void appendView(std::string& out, const Tree& view)
{
    Lines lines(out, "view", '{', '}');
    for (const auto& [key, value] : view.map()) {
        if (key != "positions" || !value.isMap()) {
            lines.add(jsonText(key) + ": " + jsonLine(value));
            continue;
        }
        std::string text = jsonText(key) + ": {";
        bool isFirst = true;
        for (const auto& [id, position] : value.map()) {
            text += (isFirst ? "\n      " : ",\n      ") + jsonText(id) + ": " + jsonLine(position);
            isFirst = false;
        }
        lines.add(text + (isFirst ? "}" : "\n    }"));
    }
}

} // namespace

std::string formatProject(const Project& project)
{
    std::string out = "{\n  \"weft\": " + std::to_string(project.format) + ",\n  \"id\": " + jsonText(project.id) + ",\n";
    appendMap(out, "data", project.data);
    out += ",\n";
    if (!project.network.blocks.map().empty()) {
        appendMap(out, "blocks", project.network.blocks);
        out += ",\n";
    }
    appendNetwork(out, project.network);
    out += ",\n";
    appendMap(out, "training", project.training);
    out += ",\n";
    appendView(out, project.view);
    out += "\n}\n";
    return out;
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
