#include "core/project/journal.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/project/project.h"

namespace weft {

Tree toTree(const Edits& edits)
{
    Tree::List list;
    for (const Edit& edit : edits)
        list.push_back(Tree::List{edit.path, edit.before, edit.after});
    return list;
}

std::optional<Edits> editsFrom(const Tree& tree)
{
    if (!tree.isList())
        return std::nullopt;
    Edits edits;
    for (const Tree& edit : tree.list()) {
        if (!edit.isList() || edit.list().size() != 3 || !edit.list()[0].isText())
            return std::nullopt;
        edits.push_back({edit.list()[0].text(), edit.list()[1], edit.list()[2]});
    }
    return edits;
}

namespace {

QString journalFolder()
{
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    return (state.isEmpty() ? QDir::homePath() + QStringLiteral("/.local/state") : state) + QStringLiteral("/weft/journal");
}

std::string journalPath(const std::string& projectId, const std::string& fileHash)
{
    return (journalFolder() + QStringLiteral("/%1-%2.jsonl").arg(QString::fromStdString(projectId), QString::fromStdString(fileHash))).toStdString();
}

Tree toTree(const JournalStep& step)
{
    return Tree::Map{{"step", step.name}, {"edits", toTree(step.edits)}};
}

/// False when the line is no step.
bool readStep(const Tree& line, JournalStep& step)
{
    const Tree* name = line.find("step");
    const Tree* edits = line.find("edits");
    auto read = edits ? editsFrom(*edits) : std::nullopt;
    if (!name || !name->isText() || !read)
        return false;
    step.name = name->text();
    step.edits = std::move(*read);
    return true;
}

/// Follows the lines of a journal. Each returns false for a line that does not fit.
class Replay {
public:
    JournalContents contents;

    bool take(const Tree& line)
    {
        if (line.find("undo"))
            return back();
        if (line.find("redo"))
            return forth();
        if (line.find("saved")) {
            contents.unsaved.clear();
            return true;
        }
        JournalStep step;
        return readStep(line, step) && append(std::move(step), line.find("merge") != nullptr);
    }

private:
    bool append(JournalStep step, bool merges)
    {
        contents.steps.resize(contents.done);
        contents.unsaved.push_back(step.edits);
        if (merges && !contents.steps.empty()) {
            Edits& edits = contents.steps.back().edits;
            edits.insert(edits.end(), step.edits.begin(), step.edits.end());
            return true;
        }
        contents.steps.push_back(std::move(step));
        ++contents.done;
        return true;
    }

    bool back()
    {
        if (contents.done == 0)
            return false;
        contents.unsaved.push_back(reversed(contents.steps[--contents.done].edits));
        return true;
    }

    bool forth()
    {
        if (contents.done == contents.steps.size())
            return false;
        contents.unsaved.push_back(contents.steps[contents.done++].edits);
        return true;
    }
};

} // namespace

std::string contentHash(const std::string& text)
{
    return QString::number(fnv1a64(text), 16).rightJustified(16, QLatin1Char('0')).toStdString();
}

Journal::Journal(std::string projectId, std::string fileHash) : m_projectId(std::move(projectId)), m_path(journalPath(m_projectId, fileHash)) {}

void Journal::appendLine(const Tree& line)
{
    QDir().mkpath(journalFolder());
    QFile file(QString::fromStdString(m_path));
    const QByteArray bytes = QByteArray::fromStdString(toJson(line) + "\n");
    // Unbuffered: one write for one line, so that a crash tears at most the last.
    if (!file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered) || file.write(bytes) != bytes.size())
        throw Error(WEFT_TEXT("Journal", "The journal %1 cannot be written: %2. Edits are kept in memory only; save the project soon."), m_path,
                    file.errorString().toStdString());
}

void Journal::append(const JournalStep& step, bool mergesWithLast)
{
    Tree line = toTree(step);
    if (mergesWithLast)
        line["merge"] = true;
    appendLine(line);
}

void Journal::undo()
{
    appendLine(Tree::Map{{"undo", true}});
}

void Journal::redo()
{
    appendLine(Tree::Map{{"redo", true}});
}

void Journal::saved(const std::string& fileHash)
{
    const JournalContents contents = read();
    const std::string old = std::exchange(m_path, journalPath(m_projectId, fileHash));
    std::string text;
    const std::size_t first = contents.done > keptSteps ? contents.done - keptSteps : 0;
    for (std::size_t i = first; i < contents.steps.size(); ++i)
        text += toJson(toTree(contents.steps[i])) + "\n";
    for (std::size_t i = contents.done; i < contents.steps.size(); ++i)
        text += toJson(Tree::Map{{"undo", true}}) + "\n";
    text += toJson(Tree::Map{{"saved", true}}) + "\n";
    if (contents.steps.empty()) {
        QFile::remove(QString::fromStdString(m_path));
    } else {
        QSaveFile file(QString::fromStdString(m_path));
        if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) < 0 || !file.commit())
            throw Error(WEFT_TEXT("Journal", "The journal %1 cannot be written: %2."), m_path, file.errorString().toStdString());
    }
    if (old != m_path)
        QFile::remove(QString::fromStdString(old));
}

void Journal::discard()
{
    QFile::remove(QString::fromStdString(m_path));
}

JournalContents Journal::read() const
{
    QFile file(QString::fromStdString(m_path));
    Replay replay;
    if (!file.open(QIODevice::ReadOnly))
        return replay.contents;
    const QList<QByteArray> lines = file.readAll().split('\n');
    // What follows a damaged line builds on edits that are lost, so reading ends there.
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].isEmpty())
            continue;
        bool isGood = i + 1 < lines.size();
        try {
            isGood = isGood && replay.take(fromJson(lines[i].toStdString(), m_path));
        } catch (const Error&) {
            isGood = false;
        }
        if (!isGood) {
            replay.contents.damagedLines = lines.size() - i - (lines.last().isEmpty() ? 1 : 0);
            break;
        }
    }
    return replay.contents;
}

} // namespace weft
