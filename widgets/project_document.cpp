#include "widgets/project_document.h"

#include <QDir>
#include <QFileInfo>
#include <QTimer>
#include <QUndoCommand>

#include "core/base/error.h"

namespace weft
{

struct ProjectDocument::State {
    Project project;
    mutable Analysis analysis;
    mutable bool isAnalysisStale = true;
    QString path;
    QUndoStack undo;
    QTimer analysisTimer; ///< coalesces the edits of one event-loop turn into one analysis

    void applyAll(const Edits& edits);
};

namespace
{

/// Joins edits of the same place: the first `before`, the last `after`.
Edits joined(Edits first, const Edits& second)
{
    for (const Edit& edit : second) {
        if (!first.empty() && first.back().path == edit.path)
            first.back().after = edit.after;
        else
            first.push_back(edit);
    }
    std::erase_if(first, [](const Edit& edit) { return edit.before == edit.after; });
    return first;
}

/// One undo step. `perform` has applied it already when it is pushed, so the first redo does nothing.
class EditCommand : public QUndoCommand
{
public:
    using Apply = std::function<void(const Edits&)>;

    EditCommand(const QString& name, Edits edits, QString mergeKey, Apply apply) :
        QUndoCommand(name), m_edits(std::move(edits)), m_mergeKey(std::move(mergeKey)), m_apply(std::move(apply))
    {
    }

    void undo() override { m_apply(reversed(m_edits)); }
    void redo() override
    {
        if (m_isApplied)
            m_apply(m_edits);
        m_isApplied = true;
    }
    int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* next = static_cast<const EditCommand*>(other);
        if (next->m_mergeKey != m_mergeKey)
            return false;
        m_edits = joined(std::move(m_edits), next->m_edits);
        setObsolete(m_edits.empty());
        return true;
    }

private:
    Edits m_edits;
    QString m_mergeKey;
    Apply m_apply;
    bool m_isApplied = false;
};

} // namespace

/// Applies all edits or, when one does not fit, none.
void ProjectDocument::State::applyAll(const Edits& edits)
{
    Edits done;
    try {
        for (const Edit& edit : edits) {
            apply(project, edit);
            done.push_back(edit);
        }
    } catch (const Error&) {
        for (const Edit& edit : reversed(done))
            apply(project, edit);
        throw;
    }
}

ProjectDocument::ProjectDocument(QObject* parent) : QObject(parent), m_state(std::make_unique<State>())
{
    m_state->analysisTimer.setSingleShot(true);
    m_state->analysisTimer.setInterval(0);
    connect(&m_state->analysisTimer, &QTimer::timeout, this, &ProjectDocument::analysisChanged);
    connect(&m_state->undo, &QUndoStack::cleanChanged, this, [this](bool isClean) { Q_EMIT modifiedChanged(!isClean); });
}

ProjectDocument::~ProjectDocument()
{
    m_state->undo.disconnect(this);
}

const Project& ProjectDocument::project() const
{
    return m_state->project;
}

const Analysis& ProjectDocument::analysis() const
{
    if (m_state->isAnalysisStale) {
        m_state->analysis = analyze(m_state->project.network);
        m_state->isAnalysisStale = false;
    }
    return m_state->analysis;
}

QString ProjectDocument::path() const
{
    return m_state->path;
}

QString ProjectDocument::baseDir() const
{
    return m_state->path.isEmpty() ? QDir::currentPath() : QFileInfo(m_state->path).absolutePath();
}

QString ProjectDocument::displayName() const
{
    return m_state->path.isEmpty() ? tr("untitled") : QFileInfo(m_state->path).completeBaseName();
}

bool ProjectDocument::isModified() const
{
    return !m_state->undo.isClean();
}

QUndoStack* ProjectDocument::undoStack()
{
    return &m_state->undo;
}

void ProjectDocument::perform(const QString& name, const Edits& edits, const QString& mergeKey)
{
    Edits effective;
    for (const Edit& edit : edits) {
        if (!(edit.before == edit.after))
            effective.push_back(edit);
    }
    if (effective.empty())
        return;
    const auto applyAndTell = [this](const Edits& applied) {
        m_state->applyAll(applied);
        m_state->isAnalysisStale = true;
        m_state->analysisTimer.start();
        Q_EMIT edited(applied);
    };
    applyAndTell(effective);
    m_state->undo.push(new EditCommand(name, effective, mergeKey, applyAndTell));
}

void ProjectDocument::open(const QString& path)
{
    setProject(readProject(path.toStdString()), QFileInfo(path).absoluteFilePath());
}

void ProjectDocument::setProject(const Project& project, const QString& path)
{
    m_state->project = project;
    if (m_state->project.id.empty())
        m_state->project.id = newProjectId();
    m_state->path = path;
    m_state->isAnalysisStale = true;
    m_state->undo.clear();
    Q_EMIT pathChanged();
    Q_EMIT reset();
    Q_EMIT modifiedChanged(false);
    m_state->analysisTimer.start();
}

void ProjectDocument::save(const QString& path)
{
    writeProject(m_state->project, path.toStdString());
    m_state->path = QFileInfo(path).absoluteFilePath();
    m_state->undo.setClean();
    Q_EMIT pathChanged();
}

} // namespace weft
