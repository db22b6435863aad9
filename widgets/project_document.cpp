#include "widgets/project_document.h"

#include <algorithm>
#include <functional>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QTimer>
#include <QUndoCommand>

#include "core/base/error.h"
#include "core/project/journal.h"
#include "widgets/text.h"

namespace weft {

struct ProjectDocument::State {
    Project project;
    mutable Analysis analysis;
    mutable bool isAnalysisStale = true;
    std::vector<Diagnostic> dataProblems;
    QString path;
    QUndoStack undo;
    QTimer analysisTimer; ///< coalesces the edits of one event-loop turn into one analysis
    std::unique_ptr<Journal> journal;
    std::unique_ptr<QLockFile> lock; ///< held while the project is open here
    QString readOnlyReason;
    bool isOpenElsewhere = false;
    bool isKept = false; ///< a project without a file lies among the unsaved ones as it was at first
    bool isReplaying = false; ///< the undo stack is filled from the journal: commands do nothing

    void applyAll(const Edits& edits);
};

namespace {

QString stateFolder(const QString& name)
{
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    return (state.isEmpty() ? QDir::homePath() + QStringLiteral("/.local/state") : state) + QStringLiteral("/weft/") + name;
}

/// The lock of a project: by its file, or by its id while it has none.
QString lockPath(const QString& path, const std::string& id)
{
    const std::string key = path.isEmpty() ? id : QFileInfo(path).canonicalFilePath().toStdString();
    return stateFolder(QStringLiteral("locks")) + QLatin1Char('/') + QString::fromStdString(contentHash(key)) + QStringLiteral(".lock");
}

QString unsavedPath(const std::string& id)
{
    return stateFolder(QStringLiteral("unsaved")) + QLatin1Char('/') + QString::fromStdString(id) + QStringLiteral(".weft");
}

/// Takes a lock; nullptr when a living process has it. A process that is gone holds nothing.
std::unique_ptr<QLockFile> lockedFile(const QString& path)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    auto file = std::make_unique<QLockFile>(path);
    file->setStaleLockTime(0);
    return file->tryLock(0) ? std::move(file) : nullptr;
}

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
class EditCommand : public QUndoCommand {
public:
    using Apply = std::function<void(const Edits&, bool isBack)>;

    EditCommand(const QString& name, Edits edits, QString mergeKey, Apply apply) :
        QUndoCommand(name), m_edits(std::move(edits)), m_mergeKey(std::move(mergeKey)), m_apply(std::move(apply))
    {
    }

    void undo() override { m_apply(reversed(m_edits), true); }
    void redo() override
    {
        if (m_isApplied)
            m_apply(m_edits, false);
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
    m_state->undo.disconnect(); // a stack that goes away still tells of its index
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

std::vector<Diagnostic> ProjectDocument::problems() const
{
    std::vector<Diagnostic> all = analysis().diagnostics;
    all.insert(all.end(), m_state->dataProblems.begin(), m_state->dataProblems.end());
    return all;
}

void ProjectDocument::setDataProblems(std::vector<Diagnostic> problems)
{
    if (problems.empty() && m_state->dataProblems.empty())
        return;
    m_state->dataProblems = std::move(problems);
    Q_EMIT dataProblemsChanged();
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

void ProjectDocument::applied(const Edits& edits)
{
    // Moving a layer or choosing other data changes nothing that the analysis sees.
    if (std::any_of(edits.begin(), edits.end(), [](const Edit& edit) { return isNetworkPath(edit.path); })) {
        m_state->isAnalysisStale = true;
        m_state->analysisTimer.start();
    }
    Q_EMIT edited(edits);
}

/// Takes a step back or makes it again, for the undo stack.
void ProjectDocument::step(const Edits& edits, bool isBack)
{
    if (m_state->isReplaying)
        return;
    m_state->applyAll(edits);
    applied(edits);
    note([isBack](Journal& journal) { isBack ? journal.undo() : journal.redo(); });
    Q_EMIT stepped(edits);
}

/// Writes to the journal. Work goes on without one, but the user should know.
void ProjectDocument::note(const std::function<void(Journal&)>& entry)
{
    if (!m_state->journal)
        return;
    try {
        entry(*m_state->journal);
    } catch (const Error& error) {
        m_state->journal.reset();
        Q_EMIT warning(tr("Edits are not kept for recovery: %1").arg(translated(error.message())));
    }
}

void ProjectDocument::perform(const QString& name, const Edits& edits, const QString& mergeKey)
{
    if (!m_state->readOnlyReason.isEmpty()) {
        Q_EMIT warning(m_state->readOnlyReason);
        return;
    }
    Edits effective;
    for (const Edit& edit : edits) {
        if (!(edit.before == edit.after))
            effective.push_back(edit);
    }
    if (effective.empty())
        return;
    keepUnsaved();
    m_state->applyAll(effective);
    const int before = m_state->undo.index();
    m_state->undo.push(new EditCommand(name, effective, mergeKey, [this](const Edits& steps, bool isBack) { step(steps, isBack); }));
    const int added = m_state->undo.index() - before;
    note([&](Journal& journal) {
        journal.append({name.toStdString(), effective}, added < 1);
        if (added < 0) // the steps merged into one that changes nothing and is gone
            journal.undo();
    });
    applied(effective);
}

void ProjectDocument::open(const QString& path)
{
    QString reason;
    Project project;
    try {
        project = readProject(path.toStdString());
    } catch (const ProjectVersionError& error) {
        project = readProject(path.toStdString(), Reading::Tolerant);
        reason = tr("%1 It can be looked at here, but not changed.").arg(translated(error.message()));
    }
    QFile file(path);
    const std::string text = file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    replace(std::move(project), QFileInfo(path).absoluteFilePath(), contentHash(text), reason);
}

QString ProjectDocument::readOnlyReason() const
{
    return m_state->readOnlyReason;
}

void ProjectDocument::setReadOnly(const QString& reason)
{
    m_state->readOnlyReason = reason;
    m_state->undo.clear();
    m_state->journal.reset();
    Q_EMIT readOnlyChanged();
}

bool ProjectDocument::isOpenElsewhere() const
{
    return m_state->isOpenElsewhere;
}

void ProjectDocument::lock()
{
    m_state->lock.reset();
    m_state->lock = lockedFile(lockPath(m_state->path, m_state->project.id));
    m_state->isOpenElsewhere = !m_state->lock;
}

/// Before its first edit a project without a file is written down, so that a crash loses nothing: the journal
/// holds the edits, this what they begin with.
void ProjectDocument::keepUnsaved()
{
    if (!m_state->path.isEmpty() || m_state->isKept || !m_state->journal)
        return;
    m_state->isKept = true;
    try {
        const QString file = unsavedPath(m_state->project.id);
        QDir().mkpath(QFileInfo(file).absolutePath());
        writeProject(m_state->project, file.toStdString());
    } catch (const Error& error) {
        Q_EMIT warning(tr("Edits are not kept for recovery: %1").arg(translated(error.message())));
    }
}

void ProjectDocument::forgetUnsaved()
{
    if (m_state->isKept)
        QFile::remove(unsavedPath(m_state->project.id));
    m_state->isKept = false;
}

QStringList ProjectDocument::leftBehind()
{
    QStringList found;
    const QDir dir(stateFolder(QStringLiteral("unsaved")));
    for (const QFileInfo& file : dir.entryInfoList({QStringLiteral("*.weft")}, QDir::Files, QDir::Time)) {
        if (lockedFile(lockPath({}, file.completeBaseName().toStdString()))) // nobody has it
            found << file.absoluteFilePath();
    }
    return found;
}

void ProjectDocument::recover(const QString& file)
{
    Project project = readProject(file.toStdString());
    replace(std::move(project), {}, contentHash({}));
    m_state->isKept = true;
    const Project start = m_state->project;
    restoreFromJournal();
    if (m_state->project == start && !isModified()) {
        forgetUnsaved(); // everything was undone, or the journal is lost
        return;
    }
    m_state->isAnalysisStale = true;
    Q_EMIT reset();
    Q_EMIT modifiedChanged(isModified());
}

void ProjectDocument::setProject(const Project& project, const QString& path)
{
    replace(project, path, contentHash(path.isEmpty() ? std::string() : formatProject(project)));
}

void ProjectDocument::replace(Project project, const QString& path, const std::string& fileHash, const QString& readOnlyReason)
{
    if (m_state->undo.isClean())
        forgetUnsaved(); // undone to its beginning
    m_state->isKept = false;
    m_state->readOnlyReason = readOnlyReason;
    m_state->project = std::move(project);
    if (m_state->project.id.empty())
        m_state->project.id = newProjectId();
    m_state->path = path;
    m_state->isAnalysisStale = true;
    m_state->dataProblems.clear();
    m_state->undo.clear();
    m_state->journal = readOnlyReason.isEmpty() ? std::make_unique<Journal>(m_state->project.id, fileHash) : nullptr;
    lock();
    if (!path.isEmpty() && m_state->journal && !m_state->isOpenElsewhere)
        restoreFromJournal();
    Q_EMIT reset(); // first: until then views hold on to what was in the old project
    Q_EMIT pathChanged();
    Q_EMIT modifiedChanged(isModified());
    Q_EMIT readOnlyChanged();
    m_state->analysisTimer.start();
}

/// Brings back the undo steps of earlier sessions, and edits that a crash left unsaved.
void ProjectDocument::restoreFromJournal()
{
    const JournalContents contents = m_state->journal->read();
    const Project saved = m_state->project;
    try {
        for (const Edits& edits : contents.unsaved)
            m_state->applyAll(edits);
    } catch (const Error&) {
        m_state->project = saved; // the journal belongs to another state of the file
        m_state->journal->discard();
        return;
    }
    m_state->isReplaying = true;
    for (const JournalStep& entry : contents.steps) {
        m_state->undo.push(
            new EditCommand(QString::fromStdString(entry.name), entry.edits, {}, [this](const Edits& steps, bool isBack) { step(steps, isBack); }));
    }
    // The step at which the project is as the file has it counts as saved.
    const std::string wanted = formatProject(saved);
    Project past = m_state->project;
    std::size_t clean = contents.done;
    while (clean > 0 && formatProject(past) != wanted) {
        for (const Edit& edit : reversed(contents.steps[--clean].edits))
            apply(past, edit);
    }
    if (formatProject(past) == wanted) {
        m_state->undo.setIndex(static_cast<int>(clean));
        m_state->undo.setClean();
    } else {
        m_state->undo.resetClean();
    }
    m_state->undo.setIndex(static_cast<int>(contents.done));
    m_state->isReplaying = false;
}

void ProjectDocument::save(const QString& path)
{
    if (m_state->project.format > projectFormat)
        throw Error(WEFT_TEXT("Studio", "A project of a newer version cannot be saved by this one: what it does not know would be lost."));
    writeProject(m_state->project, path.toStdString());
    forgetUnsaved();
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (absolute != m_state->path) {
        m_state->path = absolute;
        lock();
        m_state->readOnlyReason.clear(); // the copy is one's own
        Q_EMIT readOnlyChanged();
    }
    m_state->undo.setClean();
    note([this](Journal& journal) { journal.saved(contentHash(formatProject(m_state->project))); });
    Q_EMIT pathChanged();
}

void ProjectDocument::discardChanges()
{
    note([](Journal& journal) { journal.discard(); });
    forgetUnsaved();
}

} // namespace weft
