#include "widgets/problems/data_check.h"

#include <algorithm>

#include <QJsonArray>

#include "core/project/journal.h"
#include "core/project/project.h"
#include "widgets/canvas/network_insight.h"
#include "widgets/project_document.h"
#include "widgets/worker_client.h"

namespace weft {
namespace {

constexpr int behindEditMs = 200;

std::string textOf(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toString().toStdString();
}

/// The worker speaks the Studio's language: its sentences are ready to be read.
Message readyMessage(const std::string& text)
{
    return {{"", "%1"}, {text}};
}

Severity severityNamed(const std::string& name)
{
    return name == "error" ? Severity::Error : name == "warning" ? Severity::Warning : Severity::Hint;
}

/// A remedy travels as the text of its edits: JSON itself does not tell 1 from 1.0, which edits do.
Fix fixFrom(const QJsonObject& object)
{
    Fix fix{readyMessage(textOf(object, "label")), {}};
    const Tree edits = fromJson(textOf(object, "edits"), "edits");
    if (auto read = editsFrom(edits))
        fix.edits = std::move(*read);
    return fix;
}

std::vector<Diagnostic> diagnosticsFrom(const QJsonArray& problems)
{
    std::vector<Diagnostic> found;
    for (const QJsonValue& value : problems) {
        const QJsonObject object = value.toObject();
        Diagnostic diagnostic{textOf(object, "code"), severityNamed(textOf(object, "severity")), textOf(object, "node"),
                              readyMessage(textOf(object, "message")), {}, textOf(object, "inner")};
        for (const QJsonValue& fix : object.value(QStringLiteral("fixes")).toArray())
            diagnostic.fixes.push_back(fixFrom(fix.toObject()));
        found.push_back(std::move(diagnostic));
    }
    return found;
}

} // namespace

DataCheck::DataCheck(ProjectDocument* document, WorkerClient* worker, NetworkInsight* insight, QObject* parent) :
    QObject(parent), m_document(document), m_worker(worker), m_insight(insight)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(behindEditMs);
    connect(&m_timer, &QTimer::timeout, this, &DataCheck::check);
    connect(document, &ProjectDocument::reset, this, &DataCheck::restart);
    connect(document, &ProjectDocument::pathChanged, this, &DataCheck::restart); // relative paths lead elsewhere
    connect(document, &ProjectDocument::edited, this, [this](const Edits& edits) {
        const auto begins = [](const char* with) { return [with](const Edit& edit) { return edit.path.starts_with(with); }; };
        if (std::all_of(edits.begin(), edits.end(), begins("view")))
            return;
        if (std::any_of(edits.begin(), edits.end(), begins("data")))
            m_document->setDataProblems({}); // they were those of other data
        restart();
    });
    restart();
}

void DataCheck::restart()
{
    if (m_request != 0)
        m_worker->cancel(m_request);
    m_request = 0;
    m_timer.start();
}

void DataCheck::check()
{
    if (!m_document->project().data.find("source") || m_document->project().network.nodes.empty()) {
        m_document->setDataProblems({});
        return;
    }
    m_request = m_worker->request(QStringLiteral("project.check"), m_insight->network(), this, [this](const QJsonObject& answer, const QString& error) {
        m_request = 0;
        if (error.isEmpty())
            m_document->setDataProblems(diagnosticsFrom(answer.value(QStringLiteral("problems")).toArray()));
        else // they are not on this machine, or damaged
            m_document->setDataProblems({{"data.missing", Severity::Warning, {}, readyMessage(error.toStdString()), {}}});
    });
}

} // namespace weft
